#include "input/log_name.h"

#include <algorithm>
#include <array>

#include "text/ascii.h"

namespace ahdiag {
namespace {

using namespace std::string_view_literals;

constexpr std::size_t kDigitsOfDate = 8;  // 20240313; of less it is a count: .1, .12

bool is_separator(char c) { return c == '.' || c == '-' || c == '_'; }

std::string_view without_compression(std::string_view name) {
  for (const auto end : {".gz"sv, ".bz2"sv, ".xz"sv, ".zst"sv}) {
    if (name.ends_with(end)) return name.substr(0, name.size() - end.size());
  }
  return name;
}

// What stands behind a separator in a rotated log's name; those that say no more than "older" count as the first.
bool is_word_of_rotation(std::string_view word) {
  return word == "old" || word == "bak" || word == "prev" || word == "tailed" || word == "txt";
}

// The digits of ".1", "-20240313", ".2024-03-13", ".old" (a 1); nothing where `suffix` is not of a rotation.
std::optional<std::string> rotation(std::string_view suffix) {
  std::string digits;
  while (!suffix.empty()) {
    if (!is_separator(suffix.front())) return std::nullopt;
    suffix.remove_prefix(1);
    std::size_t length = 0;
    while (length < suffix.size() && !is_separator(suffix[length])) ++length;
    const auto word = suffix.substr(0, length);
    const bool number = !word.empty() && std::all_of(word.begin(), word.end(), is_digit);
    if (!number && !is_word_of_rotation(word)) return std::nullopt;
    if (number) digits += word;
    if (!number && digits.empty() && word != "txt" && word != "tailed") digits = "1";
    suffix.remove_prefix(length);
  }
  return digits;
}

// Counted ones first, the highest the oldest; then those with a date; the one that is being written last.
std::string age_of(const std::string& digits) {
  if (digits.empty()) return "2";
  if (digits.size() >= kDigitsOfDate) return "1" + digits;
  std::string age = "0";
  age.append(kDigitsOfDate - digits.size(), '9');
  for (const char c : digits) age += static_cast<char>('9' - (c - '0'));
  return age;
}

// "", "s", ".2024-03-13": what may stand between "error" and "log", without the separator before "log".
std::optional<std::string> date_inside(std::string_view between) {
  consume(between, "s");
  if (!between.empty() && is_separator(between.back())) between.remove_suffix(1);
  return rotation(between);
}

// A name that begins with `stem` and goes on as a rotated log does.
std::optional<LogName> rotated_from(std::string_view name, std::string_view stem) {
  if (!name.starts_with(stem)) return std::nullopt;
  const auto digits = rotation(name.substr(stem.size()));
  if (!digits) return std::nullopt;
  return LogName{std::string(stem), age_of(*digits)};
}

std::optional<LogName> error_log(std::string_view name) {
  const auto error = name.rfind("error");
  if (error == std::string_view::npos) return std::nullopt;
  const auto log = name.find("log", error);
  if (log == std::string_view::npos) return std::nullopt;
  const auto inside = date_inside(name.substr(error + 5, log - error - 5));
  const auto behind = rotation(name.substr(log + 3));
  if (!inside || !behind) return std::nullopt;
  // error.2024-03-13.log is of the family error.log.
  std::string family(name.substr(0, error + 5));
  const auto between = name.substr(error + 5, log - error - 5);
  if (inside->empty()) {
    family += between;
  } else if (is_separator(between.back())) {
    family += between.back();
  }
  return LogName{family + "log", age_of(*inside + *behind)};
}

// Texts of the system in which httpd's words stand, too. What is binary there is told apart by its content.
std::optional<LogName> system_log(std::string_view name) {
  for (const auto stem : {"messages"sv, "syslog"sv, "daemon.log"sv}) {
    if (auto log = rotated_from(name, stem)) return log;
  }
  const bool journal = name.starts_with("journal") && !name.ends_with(".journal") && !name.ends_with(".journal~") &&
                       !name.ends_with(".conf") && !name.ends_with(".service");
  const bool status = name.starts_with("systemctl") && contains(name, "status");
  const bool control = name.starts_with("apachectl") || name.starts_with("apache2ctl") || name.starts_with("httpd_-");
  if (journal || status || control) return LogName{std::string(name), age_of("")};
  return std::nullopt;
}

// Programs whose logs have such names and which are no httpd.
bool is_of_others(std::string_view name) {
  static constexpr std::array others = {"cups"sv,    "nginx"sv,    "lighttpd"sv, "mysql"sv,
                                        "mariadb"sv, "postgres"sv, "tomcat"sv};
  return std::ranges::any_of(others, [&](std::string_view other) { return contains(name, other); });
}

}  // namespace

std::optional<LogName> error_log_name(std::string_view name) {
  const std::string low = lower(name);
  return error_log(without_compression(low));
}

std::optional<std::string> rotation_age(std::string_view name, std::string_view current) {
  const std::string low = lower(name), low_current = lower(current);
  const auto plain = without_compression(low);
  auto found = error_log(plain);
  const auto own = error_log(low_current);
  if (!own || !found || found->family != own->family) found = rotated_from(plain, low_current);
  if (!found || found->age == age_of("")) return std::nullopt;
  return std::move(found->age);
}

std::optional<LogName> bundle_log_name(std::string_view path) {
  const std::string low = lower(path);
  if (is_of_others(low)) return std::nullopt;
  const auto slash = low.rfind('/');
  const std::size_t begin = slash == std::string::npos ? 0 : slash + 1;
  const auto name = without_compression(std::string_view(low).substr(begin));
  auto log = error_log(name);
  if (!log) log = system_log(name);
  if (log) log->family.insert(0, low, 0, begin);
  return log;
}

}  // namespace ahdiag
