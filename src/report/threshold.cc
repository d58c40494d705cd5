#include "report/threshold.h"

#include <charconv>

#include "text/ascii.h"

namespace ahdiag {
namespace {

// Digits, with a sign and a fraction where they are wanted: what perfdata takes, too.
std::optional<double> read_value(std::string_view text) {
  double value = 0;
  const bool plain = text.find_first_not_of("0123456789.-") == std::string_view::npos;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (!plain || error != std::errc() || end != text.data() + text.size()) return std::nullopt;
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
