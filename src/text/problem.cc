#include "text/problem.h"

#include "text/utf8.h"

namespace ahdiag {

std::string to_line(const Problem& problem) {
  std::string line;
  if (!problem.where.empty()) line += problem.where + ": ";
  line += problem.what;
  if (!problem.why.empty()) line += ": " + problem.why;
  if (!problem.help.empty()) line += " (" + problem.help + ")";
  return printable(line);
}

}  // namespace ahdiag
