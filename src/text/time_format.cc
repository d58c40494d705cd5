#include "text/time_format.h"

#include <algorithm>
#include <array>

#include "text/ascii.h"

namespace ahdiag {
namespace {

constexpr std::int64_t kSecond = 1'000'000;
constexpr std::int64_t kLastSecond = 253'402'300'799;  // of the year 9999

constexpr std::array<std::string_view, 12> kMonths = {"January",   "February", "March",    "April",
                                                      "May",       "June",     "July",     "August",
                                                      "September", "October",  "November", "December"};
constexpr std::array<std::string_view, 7> kDays = {"Sunday",   "Monday", "Tuesday", "Wednesday",
                                                   "Thursday", "Friday", "Saturday"};

struct Shorthand {
  char conversion;
  std::string_view format;
};
constexpr std::array<Shorthand, 7> kShorthands = {{{'c', "%a %b %e %H:%M:%S %Y"},
                                                   {'D', "%m/%d/%y"},
                                                   {'x', "%m/%d/%y"},
                                                   {'F', "%Y-%m-%d"},
                                                   {'T', "%H:%M:%S"},
                                                   {'X', "%H:%M:%S"},
                                                   {'R', "%H:%M"}}};

constexpr std::string_view kConversions = "YymdeHkIlMSpbhBaAjzZsnt%";

// The index of the name at the front of `text`, whole or as its first three letters.
template <std::size_t N>
std::optional<int> consume_name(std::string_view& text, const std::array<std::string_view, N>& names) {
  constexpr std::size_t kAbbreviation = 3;
  for (std::size_t i = 0; i < N; ++i) {
    if (consume(text, names.at(i)) || consume(text, names.at(i).substr(0, kAbbreviation))) return static_cast<int>(i);
  }
  return std::nullopt;
}

// Up to `most` digits, a blank in place of a leading zero.
std::optional<int> consume_digits(std::string_view& text, std::size_t most) {
  std::string_view rest = text;
  if (most > 1 && consume(rest, " ")) --most;
  int number = 0;
  std::size_t count = 0;
  for (; count < most && count < rest.size() && is_digit(rest[count]); ++count)
    number = number * 10 + (rest[count] - '0');
  if (count == 0) return std::nullopt;
  text = rest.substr(count);
  return number;
}

// What a format has told so far.
class Moment {
 public:
  bool take(std::string_view& text, std::string_view format) {
    while (!format.empty()) {
      const char c = format.front();
      format.remove_prefix(1);
      if (c == '%' && !format.empty()) {
        if (!convert(text, format.front())) return false;
        format.remove_prefix(1);
      } else if (!consume(text, {&c, 1})) {
        return false;
      }
    }
    return true;
  }

  [[nodiscard]] std::optional<Stamp> stamp() const {
    if (epoch_ && *epoch_ > kLastSecond) return std::nullopt;
    if (epoch_) return Stamp{*epoch_ * kSecond, 0, 0};
    if (!year_) return std::nullopt;
    const auto day = day_of_year_ ? day_micros(*year_, 1, 1) : day_micros(*year_, month_, day_);
    if (!day || hour_ > 23 || minute_ > 59 || second_ > 60) return std::nullopt;
    const std::int64_t days = day_of_year_ ? *day_of_year_ - 1 : 0;
    const int hour = afternoon_ ? hour_ % 12 + (*afternoon_ ? 12 : 0) : hour_;
    return Stamp{*day + (((days * 24 + hour) * 60 + minute_) * 60 + second_) * kSecond, 0, offset_};
  }

 private:
  bool convert(std::string_view& text, char conversion) {
    for (const auto& row : kShorthands) {
      if (row.conversion == conversion) return take(text, row.format);
    }
    switch (conversion) {
      case 'Y': return set(year_, consume_digits(text, 4));
      case 'y': return set_short_year(consume_digits(text, 2));
      case 'm': return set(month_, consume_digits(text, 2));
      case 'd':
      case 'e': return set(day_, consume_digits(text, 2));
      case 'H':
      case 'k':
      case 'I':
      case 'l': return set(hour_, consume_digits(text, 2));
      case 'M': return set(minute_, consume_digits(text, 2));
      case 'S': return set(second_, consume_digits(text, 2));
      case 'j': return set(day_of_year_, consume_digits(text, 3));
      default: return convert_words(text, conversion);
    }
  }

  bool convert_words(std::string_view& text, char conversion) {
    switch (conversion) {
      case 'b':
      case 'h':
      case 'B': return set_month(consume_name(text, kMonths));
      case 'a':
      case 'A': return consume_name(text, kDays).has_value();
      case 'p': return set_half(text);
      case 's': return set(epoch_, consume_number(text));
      case 'z': return set(offset_, consume_zone(text));
      case 'Z': return consume_zone_name(text);
      case 'n': return consume(text, "\n");
      case 't': return consume(text, "\t");
      case '%': return consume(text, "%");
      default: return false;
    }
  }

  template <typename To, typename From>
  static bool set(To& to, const std::optional<From>& from) {
    if (from) to = *from;
    return from.has_value();
  }

  bool set_short_year(std::optional<int> year) {
    constexpr int kPivot = 69;  // POSIX: 69 to 99 are of the last century
    if (year) year_ = *year + (*year < kPivot ? 2000 : 1900);
    return year.has_value();
  }

  bool set_month(std::optional<int> month) {
    if (month) month_ = *month + 1;
    return month.has_value();
  }

  bool set_half(std::string_view& text) {
    afternoon_ = consume(text, "PM");
    return *afternoon_ || consume(text, "AM");
  }

  // "CET" tells no offset: names are not unique.
  bool consume_zone_name(std::string_view& text) {
    const auto name = text.substr(0, static_cast<std::size_t>(std::ranges::find_if_not(text, is_alpha) - text.begin()));
    if (name == "UTC" || name == "GMT") offset_ = 0;
    text.remove_prefix(name.size());
    return !name.empty() || consume_zone(text).has_value();
  }

  std::optional<int> year_, day_of_year_, offset_;
  std::optional<std::int64_t> epoch_;
  std::optional<bool> afternoon_;
  int month_ = 1, day_ = 1, hour_ = 0, minute_ = 0, second_ = 0;
};

}  // namespace

std::optional<Stamp> consume_time(std::string_view& text, std::string_view format) {
  std::string_view rest = text;
  Moment moment;
  if (!moment.take(rest, format)) return std::nullopt;
  auto stamp = moment.stamp();
  if (stamp) text = rest;
  return stamp;
}

bool is_time_format(std::string_view format) {
  for (auto at = format.find('%'); at != std::string_view::npos; at = format.find('%', at + 2)) {
    if (at + 1 == format.size()) return false;
    const char conversion = format[at + 1];
    const bool shorthand = std::ranges::find(kShorthands, conversion, &Shorthand::conversion) != kShorthands.end();
    if (!shorthand && !contains(kConversions, {&conversion, 1})) return false;
  }
  return true;
}

std::optional<Stamp> consume_log_time(std::string_view& text) {
  std::string_view rest = text;
  if (rest.empty()) return std::nullopt;
  if (is_alpha(rest.front())) {
    auto time = consume_ctime(rest);
    if (!time) return std::nullopt;
    std::string_view zone = trim_left(rest);
    time->offset = consume_zone(zone);
    text = time->offset ? zone : rest;
    return time;
  }
  if (!is_digit(rest.front()) && rest.front() != ' ') return std::nullopt;
  if (auto time = consume_iso_time(text)) return time;
  if (auto time = consume_time(rest, "%d/%b/%Y:%H:%M:%S %z")) {
    text = rest;
    return time;
  }
  return consume_time(text, "%Y/%m/%d %H:%M:%S");
}

}  // namespace ahdiag
