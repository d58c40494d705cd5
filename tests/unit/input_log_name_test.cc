#include <algorithm>
#include <string>
#include <vector>

#include "catch.h"
#include "input/log_name.h"

using namespace ahdiag;

namespace {

// The names that are logs, in the order in which they are read.
std::vector<std::string> in_order(const std::vector<std::string>& names) {
  std::vector<std::pair<LogName, std::string>> logs;
  for (const auto& name : names) {
    if (const auto log = error_log_name(name)) logs.emplace_back(*log, name);
  }
  std::sort(logs.begin(), logs.end());
  std::vector<std::string> sorted;
  for (auto& [log, name] : logs) sorted.push_back(std::move(name));
  return sorted;
}

using Names = std::vector<std::string>;

}  // namespace

TEST_CASE("error logs are known by their names", "[input][log_name]") {
  for (const std::string name : {"error.log",
                                 "error_log",
                                 "ssl_error_log",
                                 "www.example.com-error.log",
                                 "example_error.log",
                                 "Error.log",
                                 "errors.log",
                                 "httpd-error.log",
                                 "error-log",
                                 "errorlog",
                                 "other_vhosts_error.log",
                                 "error.log.1",
                                 "error.log.2.gz",
                                 "error_log-20240313",
                                 "error_log-20240313.gz",
                                 "error.log.2024-03-13.xz",
                                 "error.log-20240313-1710288000.zst",
                                 "error_log.1710288000",
                                 "error.log.old",
                                 "error.2024-03-13.log",
                                 "error_20240313.log",
                                 "error.log.txt",
                                 "var.log.httpd.error_log.tailed",
                                 "error.log.1.bz2"}) {
    CAPTURE(name);
    CHECK(error_log_name(name).has_value());
  }
}

TEST_CASE("other names are not error logs", "[input][log_name]") {
  for (const std::string name :
       {"access.log", "access_log-20240313", "error", "log", "", "error.html", "error_log.conf", "errorlog.py",
        "error.log.swp", "error.log~", "error_logger.txt", "error_catalog", "error.log.d", "error..log.", "suexec.log",
        "modsec_audit.log", "error.log.1.lock"}) {
    CAPTURE(name);
    CHECK_FALSE(error_log_name(name).has_value());
  }
}

TEST_CASE("the oldest is read first", "[input][log_name]") {
  CHECK(in_order({"error.log", "error.log.1", "error.log.10.gz", "error.log.2.gz"}) ==
        Names{"error.log.10.gz", "error.log.2.gz", "error.log.1", "error.log"});
  CHECK(in_order({"error_log", "error_log-20240313", "error_log-20231231.gz", "error_log-20240301"}) ==
        Names{"error_log-20231231.gz", "error_log-20240301", "error_log-20240313", "error_log"});
  CHECK(in_order({"error.log.2024-03-13", "error.log", "error.log.2024-02-29"}) ==
        Names{"error.log.2024-02-29", "error.log.2024-03-13", "error.log"});
  CHECK(in_order({"error.2024-03-13.log", "error.2023-12-31.log", "error.log"}) ==
        Names{"error.2023-12-31.log", "error.2024-03-13.log", "error.log"});
  CHECK(in_order({"error_log", "error_log.old"}) == Names{"error_log.old", "error_log"});
  CHECK(in_order({"error_log.1710288000", "error_log.1710201600"}) ==
        Names{"error_log.1710201600", "error_log.1710288000"});
}

TEST_CASE("families stay together", "[input][log_name]") {
  CHECK(in_order({"ssl_error_log", "error_log", "ssl_error_log.1", "error_log.1"}) ==
        Names{"error_log.1", "error_log", "ssl_error_log.1", "ssl_error_log"});
}

TEST_CASE("a support bundle holds more than error logs", "[input][log_name]") {
  for (const std::string path :
       {"var/log/httpd/error_log", "sos/var/log/httpd/ssl_error_log-20240313.gz", "var/log/messages",
        "var/log/messages-20240310", "var/log/syslog.2.gz", "journal.txt",
        "sos_commands/logs/journalctl_--no-pager_--boot", "sos_commands/systemd/systemctl_status_--all",
        "sos_commands/apache/apachectl_-S", "case/Error.log"}) {
    CAPTURE(path);
    CHECK(bundle_log_name(path).has_value());
  }
  for (const std::string path :
       {"var/log/httpd/access_log", "var/log/cups/error_log", "var/log/nginx/error.log", "var/log/mysql/error.log",
        "etc/httpd/conf/httpd.conf", "var/log/journal/0123/system.journal", "var/log/journal/0123/user-1000@0.journal~",
        "etc/systemd/journald.conf", "etc/rsyslog.conf", "usr/lib/systemd/system/systemd-journald.service",
        "var/log/messages.d/", ""}) {
    CAPTURE(path);
    CHECK_FALSE(bundle_log_name(path).has_value());
  }
}

TEST_CASE("logs of the same name in two folders are two families", "[input][log_name]") {
  CHECK(bundle_log_name("a/error_log.1")->family == bundle_log_name("a/error_log")->family);
  CHECK(bundle_log_name("a/error_log")->family != bundle_log_name("b/error_log")->family);
}

TEST_CASE("a log of any name knows its rotated predecessors", "[input][log_name]") {
  for (const std::string name : {"web.txt.1", "web.txt.2.gz", "web.txt-20240313", "web.txt.old"}) {
    CAPTURE(name);
    CHECK(rotation_age(name, "web.txt").has_value());
  }
  for (const std::string name :
       {"web.txt", "web.txt.gz", "web.txt.conf", "web.text.1", "other.1", "web.txt.lock", ""}) {
    CAPTURE(name);
    CHECK_FALSE(rotation_age(name, "web.txt").has_value());
  }
  CHECK(rotation_age("error-20240313.log", "error.log").has_value());
  CHECK_FALSE(rotation_age("ssl_error.log.1", "error.log").has_value());
  CHECK(*rotation_age("web.txt.10", "web.txt") < *rotation_age("web.txt.2.xz", "web.txt"));
  CHECK(*rotation_age("web.txt-20240312.gz", "web.txt") < *rotation_age("web.txt-20240313", "web.txt"));
}
