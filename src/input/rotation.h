// The files that a log was before it was rotated.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "text/problem.h"

namespace ahdiag {

// The rotated predecessors of a log in its directory, oldest first. Of one that is there packed and not, as while it is
// being packed, the one that is not.
std::vector<std::string> predecessors_of(const std::string& path, std::optional<Problem>& problem);

}  // namespace ahdiag
