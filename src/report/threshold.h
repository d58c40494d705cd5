// Thresholds as monitoring plug-ins have them.
#pragma once

#include <limits>
#include <optional>
#include <string>
#include <string_view>

namespace ahdiag {

// "10": below 0 or above 10 is alarming. "10:": below 10. "~:10": above 10. "10:20": outside. "@10:20": inside, ends
// included. Source: monitoring-plugins.org, guidelines, "Threshold and Ranges".
struct Range {
  double start = 0, end = std::numeric_limits<double>::infinity();
  bool inside = false;
  std::string text;  // as it was given

  // Nothing for what is no range, or begins after its end.
  static std::optional<Range> read(std::string_view text);

  [[nodiscard]] bool alarms(double value) const { return (value >= start && value <= end) == inside; }
};

}  // namespace ahdiag
