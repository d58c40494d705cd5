// What no command of a plan may be: a shell line, a gift of access, a loss of data that nobody was told of.
#pragma once

#include <string>
#include <vector>

#include "rules/rule.h"

namespace ahdiag {

// Each fault as a sentence; none: the command may stand.
std::vector<std::string> faults_of(const Argv& argv, Risk risk);

// "0646" lets everybody write; "1777" does so in a directory where only owners may delete.
bool lets_everybody_write(std::string_view mode);

}  // namespace ahdiag
