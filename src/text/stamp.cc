#include "text/stamp.h"

#include <fmt/compile.h>
#include <fmt/format.h>

#include <chrono>

#include "text/ascii.h"

namespace ahdiag {
namespace {

using namespace std::chrono;

constexpr std::string_view kMonths = "JanFebMarAprMayJunJulAugSepOctNovDec";
constexpr std::string_view kDays = "SunMonTueWedThuFriSat";

// The index of the name of three letters at the front of `text`.
std::optional<int> consume_name(std::string_view& text, std::string_view names) {
  constexpr std::size_t kLetters = 3;
  if (text.size() < kLetters) return std::nullopt;
  for (std::size_t at = 0; at < names.size(); at += kLetters) {
    if (text[0] != names[at] || text[1] != names[at + 1] || text[2] != names[at + 2]) continue;
    text.remove_prefix(kLetters);
    return static_cast<int>(at / kLetters);
  }
  return std::nullopt;
}

std::optional<int> consume_digits(std::string_view& text, std::size_t count) {
  if (text.size() < count) return std::nullopt;
  int number = 0;
  for (const char c : text.substr(0, count)) {
    if (!is_digit(c)) return std::nullopt;
    number = number * 10 + (c - '0');
  }
  text.remove_prefix(count);
  return number;
}

struct Clock {
  std::int64_t micros;
  int digits;
};

std::optional<Clock> consume_clock(std::string_view& text) {
  const auto hour = consume_digits(text, 2);
  if (!hour || !consume(text, ":")) return std::nullopt;
  const auto minute = consume_digits(text, 2);
  if (!minute || !consume(text, ":")) return std::nullopt;
  const auto second = consume_digits(text, 2);
  if (!second || *hour > 23 || *minute > 59 || *second > 60) return std::nullopt;
  Clock clock{((*hour * 60LL + *minute) * 60 + *second) * 1'000'000, 0};
  if (text.size() < 2 || (text[0] != '.' && text[0] != ',') || !is_digit(text[1])) return clock;
  text.remove_prefix(1);
  std::int64_t unit = 100'000;
  for (; !text.empty() && is_digit(text.front()); text.remove_prefix(1), unit /= 10) {
    if (clock.digits < 6) ++clock.digits;
    clock.micros += (text.front() - '0') * unit;
  }
  return clock;
}

}  // namespace

std::optional<std::int64_t> day_micros(int y, int m, int d) {
  const year_month_day date{year(y), month(static_cast<unsigned>(m)), day(static_cast<unsigned>(d))};
  if (!date.ok()) return std::nullopt;
  return duration_cast<microseconds>(sys_days(date).time_since_epoch()).count();
}

std::optional<int> consume_zone(std::string_view& text) {
  constexpr int kFarthest = 14 * 60;  // Kiribati
  const auto ends = [](std::string_view rest) { return rest.empty() || !is_alnum(rest.front()); };
  std::string_view rest = text;
  if (consume(rest, "Z")) {
    if (!ends(rest)) return std::nullopt;
    text = rest;
    return 0;
  }
  const bool west = rest.starts_with('-');
  if (!west && !rest.starts_with('+')) return std::nullopt;
  rest.remove_prefix(1);
  const auto hours = consume_digits(rest, 2);
  consume(rest, ":");
  const auto minutes = consume_digits(rest, 2);
  if (!hours || !minutes || *minutes > 59 || *hours * 60 + *minutes > kFarthest || !ends(rest)) return std::nullopt;
  text = rest;
  return west ? -(*hours * 60 + *minutes) : *hours * 60 + *minutes;
}

std::optional<Stamp> consume_ctime(std::string_view& text) {
  constexpr std::size_t kShortest = 23;  // "Wed Mar 3 07:02:11 2024"
  if (text.size() < kShortest || text[3] != ' ' || text[7] != ' ') return std::nullopt;
  std::string_view rest = text;
  if (!consume_name(rest, kDays) || !consume(rest, " ")) return std::nullopt;
  const auto month = consume_name(rest, kMonths);
  if (!month || !consume(rest, " ")) return std::nullopt;
  consume(rest, " ");
  const auto day = consume_number(rest);
  if (!day || *day > 31 || !consume(rest, " ")) return std::nullopt;
  const auto clock = consume_clock(rest);
  if (!clock || !consume(rest, " ")) return std::nullopt;
  const auto year = consume_digits(rest, 4);
  if (!year) return std::nullopt;
  const auto date = day_micros(*year, *month + 1, static_cast<int>(*day));
  if (!date) return std::nullopt;
  text = rest;
  return Stamp{*date + clock->micros, clock->digits, std::nullopt};
}

std::optional<Stamp> consume_iso_time(std::string_view& text) {
  std::string_view rest = text;
  const auto year = consume_digits(rest, 4);
  if (!year || !consume(rest, "-")) return std::nullopt;
  const auto month = consume_digits(rest, 2);
  if (!month || !consume(rest, "-")) return std::nullopt;
  const auto day = consume_digits(rest, 2);
  if (!day || rest.empty() || (rest.front() != 'T' && rest.front() != ' ')) return std::nullopt;
  rest.remove_prefix(1);
  const auto clock = consume_clock(rest);
  if (!clock) return std::nullopt;
  const auto date = day_micros(*year, *month, *day);
  if (!date) return std::nullopt;
  Stamp stamp{*date + clock->micros, clock->digits, std::nullopt};
  std::string_view zone = trim_left(rest);
  stamp.offset = consume_zone(zone);
  text = stamp.offset ? zone : rest;
  return stamp;
}

std::optional<Stamp> stamp_in_year(int year, int month, int day, std::int64_t micros) {
  const auto date = day_micros(year, month, day);
  if (!date) return std::nullopt;
  return Stamp{*date + micros, micros % 1'000'000 == 0 ? 0 : 6, std::nullopt};
}

int year_of(const Stamp& stamp) {
  const sys_time<microseconds> point{microseconds(stamp.micros)};
  return static_cast<int>(year_month_day(floor<days>(point)).year());
}

std::string to_rfc3339(const Stamp& stamp) {
  const sys_time<microseconds> point{microseconds(stamp.micros)};
  const auto midnight = floor<days>(point);
  const year_month_day date(midnight);
  const hh_mm_ss clock(point - midnight);
  auto text = fmt::format(FMT_COMPILE("{:04}-{:02}-{:02}T{:02}:{:02}:{:02}"), static_cast<int>(date.year()),
                          static_cast<unsigned>(date.month()), static_cast<unsigned>(date.day()), clock.hours().count(),
                          clock.minutes().count(), clock.seconds().count());
  if (stamp.digits > 0) {
    const auto fraction = fmt::format(FMT_COMPILE("{:06}"), clock.subseconds().count());
    text += "." + fraction.substr(0, static_cast<std::size_t>(stamp.digits));
  }
  if (!stamp.offset) return text;
  if (*stamp.offset == 0) return text + "Z";
  const int minutes = *stamp.offset < 0 ? -*stamp.offset : *stamp.offset;
  return text + fmt::format("{}{:02}:{:02}", *stamp.offset < 0 ? '-' : '+', minutes / 60, minutes % 60);
}

}  // namespace ahdiag
