// Thresholds as monitoring plug-ins have them.
#pragma once

#include <limits>
#include <optional>
#include <string>
#include <string_view>

#include "rules/rule.h"

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

struct Thresholds {
  Severity warning_on = Severity::warning, critical_on = Severity::critical;
  Range warning{0, 0, false, "0"}, critical{0, 0, false, "0"};  // of the number of problems that are so severe
};

}  // namespace ahdiag
