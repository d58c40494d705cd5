#include "input/clock.h"

#include <sys/stat.h>

#include <algorithm>
#include <chrono>
#include <cstdlib>
#include <ctime>

#include "text/ascii.h"

namespace ahdiag {
namespace {

constexpr std::int64_t kSecond = 1'000'000;
constexpr std::int64_t kMinute = 60 * kSecond;
constexpr std::int64_t kDay = 24 * 60 * kMinute;
constexpr std::int64_t kQuarter = 15 * kMinute;  // no zone changes its offset at any other moment

std::int64_t floor_div(std::int64_t a, std::int64_t b) { return a / b - (a % b < 0 ? 1 : 0); }

bool is_zone_name(std::string_view name) {
  const auto fits = [](char c) { return is_alnum(c) || c == '_' || c == '-' || c == '+' || c == '/'; };
  return !name.empty() && name.front() != '/' && std::ranges::all_of(name, fits);
}

bool has_zone_file(std::string_view name) {
  const char* directory = std::getenv("TZDIR");
  const std::string folder = directory == nullptr ? "/usr/share/zoneinfo" : directory;
  struct stat status {};
  return ::stat((folder + "/" + std::string(name)).c_str(), &status) == 0 && S_ISREG(status.st_mode);
}

}  // namespace

std::int64_t now_micros() {
  if (const char* epoch = std::getenv("SOURCE_DATE_EPOCH"); epoch != nullptr) {
    constexpr std::int64_t kLatest = 253402300799;  // the last second of the year 9999
    const auto seconds = to_number(epoch);
    if (seconds && *seconds >= 0 && *seconds <= kLatest) return *seconds * kSecond;
  }
  const auto now = std::chrono::system_clock::now().time_since_epoch();
  return std::chrono::duration_cast<std::chrono::microseconds>(now).count();
}

std::optional<TimeZone> TimeZone::named(std::string_view name) {
  std::string_view rest = name;
  if (const auto minutes = consume_zone(rest); minutes && rest.empty()) return TimeZone(std::string(name), minutes);
  if (name == "UTC") return TimeZone("UTC", 0);
  if (!is_zone_name(name) || !has_zone_file(name)) return std::nullopt;
  const std::string value(name);
  ::setenv("TZ", value.c_str(), 1);
  ::tzset();
  return TimeZone(value, std::nullopt);
}

TimeZone TimeZone::of_machine() {
  ::tzset();
  return TimeZone("", std::nullopt);
}

std::int64_t TimeZone::offset_at(std::int64_t utc) const {
  if (fixed_) return *fixed_ * kMinute;
  const std::int64_t slot = floor_div(utc, kQuarter);
  if (slot == slot_) return offset_;
  const std::time_t seconds = floor_div(utc, kSecond);
  std::tm parts{};
  slot_ = slot;
  offset_ = ::localtime_r(&seconds, &parts) == nullptr ? 0 : parts.tm_gmtoff * kSecond;
  return offset_;
}

std::int64_t TimeZone::offset_of_local(std::int64_t local) const {
  const std::int64_t before = offset_at(local - kDay);
  if (offset_at(local - before) == before) return before;
  return offset_at(local - offset_at(local + kDay));
}

std::int64_t TimeZone::to_utc(const Stamp& stamp) const {
  if (stamp.offset) return stamp.micros - *stamp.offset * kMinute;
  return stamp.micros - offset_of_local(stamp.micros);
}

Stamp TimeZone::with_offset(Stamp stamp) const {
  if (!stamp.offset) stamp.offset = static_cast<int>(offset_of_local(stamp.micros) / kMinute);
  return stamp;
}

std::int64_t TimeZone::to_local(std::int64_t utc) const { return utc + offset_at(utc); }

}  // namespace ahdiag
