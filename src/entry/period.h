// --since and --until: which entries are asked for.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <variant>

#include "entry/entry.h"
#include "input/clock.h"
#include "text/problem.h"

namespace ahdiag {

// What was typed: "2024-03-13", "2024-03-13T07:02:11+01:00", "2h", "90m ago", "today", "yesterday", "now".
struct PeriodOptions {
  std::string since, until, zone;
};

// Microseconds of "2h", "90m ago".
std::optional<std::int64_t> read_span(std::string_view text);

class Period {
 public:
  static std::variant<Period, Problem> make(const PeriodOptions& options);

  // All of time.
  Period() : zone_(TimeZone::of_machine()) {}

  [[nodiscard]] bool is_bounded() const { return since_ || until_; }
  [[nodiscard]] bool holds(const Stamp& stamp) const;
  [[nodiscard]] const TimeZone& zone() const { return zone_; }

 private:
  TimeZone zone_;
  std::optional<std::int64_t> since_, until_;  // microseconds since 1970, UTC, both included
};

// Passes the entries of one source that belong to a period. An entry without a time has that of the one before it; one
// before any time is passed.
class PeriodFilter {
 public:
  explicit PeriodFilter(const Period& period) : period_(&period) {}
  bool passes(const std::optional<Stamp>& time);

 private:
  const Period* period_;
  bool inside_ = true;
};

}  // namespace ahdiag
