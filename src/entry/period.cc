#include "entry/period.h"

#include <array>

#include "text/ascii.h"

namespace ahdiag {
namespace {

constexpr std::int64_t kSecond = 1'000'000;
constexpr std::int64_t kDay = 24 * 60 * 60 * kSecond;

struct Unit {
  std::string_view name;
  std::int64_t micros;
};
constexpr std::array<Unit, 13> kUnits = {{{"s", kSecond},
                                          {"sec", kSecond},
                                          {"seconds", kSecond},
                                          {"m", 60 * kSecond},
                                          {"min", 60 * kSecond},
                                          {"minutes", 60 * kSecond},
                                          {"h", 60 * 60 * kSecond},
                                          {"hour", 60 * 60 * kSecond},
                                          {"hours", 60 * 60 * kSecond},
                                          {"d", kDay},
                                          {"day", kDay},
                                          {"days", kDay},
                                          {"w", 7 * kDay}}};

// From one moment to the last that is written the same way: "07:02:11" is a whole second.
struct Moments {
  std::int64_t first, last;
};

std::optional<Moments> one_moment(std::int64_t micros) { return Moments{micros, micros}; }

// Begin of the day of `utc`, plus `days`, on the clock of a zone.
std::int64_t midnight(std::int64_t utc, std::int64_t days, const TimeZone& zone) {
  const std::int64_t local = zone.to_local(utc);
  const std::int64_t since_midnight = ((local % kDay) + kDay) % kDay;
  return zone.to_utc({local - since_midnight + days * kDay, 0, std::nullopt});
}

std::optional<Moments> read_date(std::string_view text, const TimeZone& zone) {
  std::string with_clock(text);
  if (text.size() == 10) with_clock += "T00:00:00";  // "2024-03-13"
  if (text.size() == 16) with_clock += ":00";        // "2024-03-13 07:02"
  std::string_view rest = with_clock;
  const auto stamp = consume_iso_time(rest);
  if (!stamp || !rest.empty()) return std::nullopt;
  const std::int64_t micros = zone.to_utc(*stamp);
  std::int64_t rest_of_unit = 0;
  if (text.size() > 16) {
    rest_of_unit = kSecond;
    for (int i = 0; i < stamp->digits; ++i) rest_of_unit /= 10;
    --rest_of_unit;
  }
  return Moments{micros, micros + rest_of_unit};
}

std::optional<Moments> read_moments(std::string_view text, const TimeZone& zone, std::int64_t now) {
  if (text == "now") return one_moment(now);
  if (text == "today") return one_moment(midnight(now, 0, zone));
  if (text == "yesterday") return one_moment(midnight(now, -1, zone));
  if (const auto ago = read_span(text)) return one_moment(now - *ago);
  return read_date(text, zone);
}

Problem wrong_time(const std::string& text, const std::string& option) {
  return {"'" + text + "' is no time", option, "",
          "2024-03-13, 2024-03-13T07:02:11+01:00, 2h, 90m, 7d, today, yesterday or now"};
}

}  // namespace

std::optional<std::int64_t> read_span(std::string_view text) {
  constexpr std::int64_t kMost = 1'000'000;
  const auto count = consume_number(text);
  if (!count || *count > kMost) return std::nullopt;
  text = trim(text);
  if (text.ends_with(" ago")) text = trim(text.substr(0, text.size() - 4));
  for (const auto& unit : kUnits) {
    if (unit.name == text) return *count * unit.micros;
  }
  return std::nullopt;
}

std::variant<Period, Problem> Period::make(const PeriodOptions& options) {
  Period period;
  if (!options.zone.empty()) {
    auto zone = TimeZone::named(options.zone);
    if (!zone) return Problem{"there is no zone '" + options.zone + "'", "--tz", "", "such as Europe/Berlin or +01:00"};
    period.zone_ = *zone;
  }
  const std::int64_t now = now_micros();
  if (!options.since.empty()) {
    const auto moments = read_moments(trim(options.since), period.zone_, now);
    if (!moments) return wrong_time(options.since, "--since");
    period.since_ = moments->first;
  }
  if (!options.until.empty()) {
    const auto moments = read_moments(trim(options.until), period.zone_, now);
    if (!moments) return wrong_time(options.until, "--until");
    period.until_ = moments->last;
  }
  if (period.since_ && period.until_ && *period.since_ > *period.until_)
    return Problem{"--since is later than --until", "", "", ""};
  return period;
}

bool Period::holds(const Stamp& stamp) const {
  const std::int64_t micros = zone_.to_utc(stamp);
  return (!since_ || micros >= *since_) && (!until_ || micros <= *until_);
}

bool PeriodFilter::passes(const std::optional<Stamp>& time) {
  if (!period_->is_bounded()) return true;
  if (time) inside_ = period_->holds(*time);
  return inside_;
}

}  // namespace ahdiag
