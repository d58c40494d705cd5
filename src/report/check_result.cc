#include "report/check_result.h"

#include <algorithm>

namespace ahdiag {

std::size_t CheckResult::at_least(Severity severity) const {
  return static_cast<std::size_t>(
      std::ranges::count_if(problems, [&](const RaisedProblem& one) { return one.severity >= severity; }));
}

ServiceState state_of(const CheckResult& result) {
  const Thresholds& thresholds = result.thresholds;
  const auto alarms = [&](const Range& range, Severity severity) {
    return range.alarms(static_cast<double>(result.at_least(severity)));
  };
  if (!result.troubles.empty()) return ServiceState::unknown;
  if (alarms(thresholds.critical, thresholds.critical_on)) return ServiceState::critical;
  if (alarms(thresholds.warning, thresholds.warning_on)) return ServiceState::warning;
  return ServiceState::ok;
}

}  // namespace ahdiag
