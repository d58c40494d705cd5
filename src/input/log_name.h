// Which names are those of httpd's error logs, and which of two is the older.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <tuple>

namespace ahdiag {

// Sorted: family by family, oldest first.
struct LogName {
  std::string family;  // what its rotated predecessors are called too: "ssl_error_log"
  std::string age;
  bool operator<(const LogName& other) const { return std::tie(family, age) < std::tie(other.family, other.age); }
};

// error.log, ssl_error_log, www.example.com-error.log, errors.log, their rotated forms (.1, .2.gz, -20240313,
// .2024-03-13.xz, .1710288000, .old) and those with the date inside (error.2024-03-13.log). Nothing for other names.
std::optional<LogName> error_log_name(std::string_view name);

// The same for a path in a support bundle, where the system's and the service manager's texts are read as well:
// messages, syslog, journalctl's and systemctl status's output. Logs named alike by others (cups, nginx) are left out.
std::optional<LogName> bundle_log_name(std::string_view path);

// Whether `name` is a rotated predecessor of the log that is called `current` in the same directory, and its age,
// which sorts the oldest first. For logs of any name.
std::optional<std::string> rotation_age(std::string_view name, std::string_view current);

}  // namespace ahdiag
