// What ahdiag says about its own trouble: one line, what, where, why, what to do.
#pragma once

#include <string>
#include <vector>

namespace ahdiag {

struct Problem {
  std::string what;   // "cannot open the file"
  std::string where;  // "error.log" or "rules/core/AH00023.json:12:5"; may be empty
  std::string why;    // "Permission denied"; may be empty
  std::string help;   // "run as root, or …"; may be empty
};

// "where: what: why (help)", printable, without a newline.
std::string to_line(const Problem& problem);

using Problems = std::vector<Problem>;

}  // namespace ahdiag
