// Now, and the zone of stamps that state none. The only place that asks the machine for either.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "text/stamp.h"

namespace ahdiag {

// Microseconds since 1970, UTC: SOURCE_DATE_EPOCH (seconds) where it is set, so that a run can be repeated.
std::int64_t now_micros();

// The C library keeps one zone a process: a program that needs two at a time needs another class.
class TimeZone {
 public:
  // "Europe/Berlin", "UTC", "+05:30"; nothing for a name that this machine's zone files do not hold.
  static std::optional<TimeZone> named(std::string_view name);
  static TimeZone of_machine();

  // Microseconds since 1970, UTC, of a stamp; of the two meanings that a local time has in the hour when clocks go
  // back, the first.
  [[nodiscard]] std::int64_t to_utc(const Stamp& stamp) const;

  // The stamp with its offset.
  [[nodiscard]] Stamp with_offset(Stamp stamp) const;

  // The clock on the wall at a moment.
  [[nodiscard]] std::int64_t to_local(std::int64_t utc) const;

  // "Europe/Berlin", "+05:30"; empty for that of the machine.
  [[nodiscard]] const std::string& name() const { return name_; }
  [[nodiscard]] bool is_of_machine() const { return name_.empty(); }

 private:
  explicit TimeZone(std::string name, std::optional<int> fixed) : name_(std::move(name)), fixed_(fixed) {}
  [[nodiscard]] std::int64_t offset_at(std::int64_t utc) const;
  [[nodiscard]] std::int64_t offset_of_local(std::int64_t local) const;

  std::string name_;
  std::optional<int> fixed_;                     // minutes east
  mutable std::int64_t slot_ = -1, offset_ = 0;  // of the last quarter of an hour that was asked for
};

}  // namespace ahdiag
