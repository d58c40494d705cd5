// A point in time as a log states it: mostly local, without a zone.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace ahdiag {

struct Stamp {
  std::int64_t micros = 0;    // since 1970-01-01T00:00:00 of the log's own clock
  int digits = 0;             // digits of the fraction that the log states
  std::optional<int> offset;  // minutes east of UTC, where the log states it

  auto operator<=>(const Stamp& other) const { return micros <=> other.micros; }
  bool operator==(const Stamp& other) const { return micros == other.micros; }
};

// "Wed Mar 13 07:02:11.000001 2024" (httpd's own) at the front of `text`, removed from it.
std::optional<Stamp> consume_ctime(std::string_view& text);

// "2024-03-13 07:02:11.000001+01:00", with T or a blank, with or without fraction and zone, at the front of `text`,
// removed from it.
std::optional<Stamp> consume_iso_time(std::string_view& text);

// "Z", "+01:00", "+0100" in front of anything but a word, removed from `text`: minutes east of UTC.
std::optional<int> consume_zone(std::string_view& text);

// Microseconds from 1970 to the begin of a day; nothing for a day that no calendar has.
std::optional<std::int64_t> day_micros(int year, int month, int day);

// A moment of a day that the log states without its year.
std::optional<Stamp> stamp_in_year(int year, int month, int day, std::int64_t micros);
int year_of(const Stamp& stamp);

// RFC 3339; without an offset where the log states none.
std::string to_rfc3339(const Stamp& stamp);

}  // namespace ahdiag
