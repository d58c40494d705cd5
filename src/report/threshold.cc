#include "report/threshold.h"

#include <cerrno>
#include <cmath>
#include <cstdlib>
#include <string>

#include "text/ascii.h"

namespace ahdiag {
namespace {

// Digits, with a sign and a fraction where they are wanted: what perfdata takes, too. By strtod, because
// std::from_chars for fractions makes every run load libm.
std::optional<double> read_value(std::string_view text) {
  const std::string digits(text);
  const bool plain = !digits.empty() && digits.find_first_not_of("0123456789.-") == std::string::npos;
  char* end = nullptr;
  errno = 0;
  const double value = std::strtod(digits.c_str(), &end);
  const bool too_small = errno == ERANGE && value == 0;
  if (!plain || end != digits.c_str() + digits.size() || std::isinf(value) || too_small) return std::nullopt;
  return value;
}

}  // namespace

std::optional<Range> Range::read(std::string_view text) {
  Range range;
  range.text = text;
  range.inside = consume(text, "@");
  const auto colon = text.find(':');
  const auto start = colon == std::string_view::npos ? "" : text.substr(0, colon);
  const auto end = colon == std::string_view::npos ? text : text.substr(colon + 1);
  if (text.empty() || text == ":") return std::nullopt;
  if (start == "~") range.start = -std::numeric_limits<double>::infinity();
  for (const auto& [part, bound] : {std::pair(start, &range.start), std::pair(end, &range.end)}) {
    if (part.empty() || (part == "~" && bound == &range.start)) continue;
    const auto value = read_value(part);
    if (!value) return std::nullopt;
    *bound = *value;
  }
  if (range.start > range.end) return std::nullopt;
  return range;
}

}  // namespace ahdiag
