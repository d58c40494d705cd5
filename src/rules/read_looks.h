#pragma once

#include <string>
#include <vector>

#include "rules/look.h"
#include "rules/node.h"

namespace ahdiag {

// The looks in the list that the member `name` holds.
std::vector<Look> read_looks(const Node& node, const std::string& name);

}  // namespace ahdiag
