#include <string>
#include <string_view>
#include <vector>

#include "catch.h"
#include "entry/reader.h"

using namespace ahdiag;
using std::string_view;

namespace {

struct Kept {
  std::string text, code, module, message, config_file, config_body, peer, time, unit, program;
  std::uint64_t line = 0;
  std::int64_t status = 0;
  bool stranger = false;
};

using Texts = std::vector<std::string>;

std::vector<Kept> read(const Texts& lines, std::uint64_t* unparsed = nullptr) {
  std::vector<Kept> all;
  EntryReader* self = nullptr;
  EntryReader reader(0, [&](const Entry& entry, string_view) {
    Kept kept;
    kept.text = entry.text;
    kept.code = entry.code;
    kept.module = entry.module;
    kept.message = entry.message;
    if (entry.config) kept.config_file = entry.config->file;
    if (entry.config) kept.config_body = entry.config->body;
    kept.peer = entry.peer;
    kept.time = entry.time ? to_rfc3339(*entry.time) : "";
    kept.line = entry.place.line;
    if (entry.status) kept.status = entry.status->number;
    kept.stranger = entry.speaker != Speaker::server;
    kept.unit = self->origin().unit;
    kept.program = self->origin().program;
    all.push_back(std::move(kept));
  });
  self = &reader;
  std::uint64_t number = 0;
  for (const auto& line : lines) {
    const std::string copy = line;
    reader.line({copy, ++number, 0});
  }
  reader.finish();
  if (unparsed != nullptr) *unparsed = reader.unparsed();
  return all;
}

Texts messages(const Texts& lines) {
  Texts all;
  for (const auto& kept : read(lines)) all.push_back(kept.message);
  return all;
}

const std::string kStamp = "[Sun Nov 22 15:20:05.469310 2026] ";
const std::string kWsgi = kStamp + "[wsgi:error] [pid 12:tid 13] [client 1.2.3.4:5] ";

Texts prefixed(const std::string& prefix, const Texts& lines) {
  Texts all;
  for (const auto& line : lines) all.push_back(prefix + line);
  return all;
}

}  // namespace

TEST_CASE("a configuration error's reason is joined in every frame", "[entry][shapes]") {
  const std::string first = "AH00526: Syntax error on line 11 of /etc/x.conf:", reason = "Invalid command 'Foo'";
  const std::vector<Texts> logs = {
      {first, reason},
      {first + "$", reason + "$", "$"},
      {first + "^M$", reason + "^M$"},
      {first + "\r", reason + "\r"},
      {"```", first, reason, "```"},
      {"> " + first, "> " + reason},
      {"Nov 22 15:14:47 web1 httpd[812]: " + first, "Nov 22 15:14:47 web1 httpd[812]: " + reason},
      {"2026-11-22T15:14:47.1Z stderr P AH00526: Syntax error on line 11 of ",
       "2026-11-22T15:14:47.1Z stderr F /etc/x.conf:", "2026-11-22T15:14:47.1Z stderr F " + reason},
      {R"({"MESSAGE":")" + first + R"(","_PID":"812","SYSLOG_IDENTIFIER":"httpd"})",
       R"({"MESSAGE":")" + reason + R"(","_PID":"812","SYSLOG_IDENTIFIER":"httpd"})"},
      {R"({"log":")" + first + R"(\n","stream":"stderr","time":"2026-11-22T15:14:47Z"})",
       R"({"log":")" + reason + R"(\n","stream":"stderr","time":"2026-11-22T15:14:47Z"})"},
      {"\x1b[33mweb-1  |\x1b[0m " + first, "\x1b[33mweb-1  |\x1b[0m " + reason},
      {"[pod/web-5c9d/httpd] " + first, "[pod/web-5c9d/httpd] " + reason},
      {"    default: " + first, "    default: " + reason},
      {"Starting httpd: " + first, reason, "                                           [FAILED]"},
      {"11: " + first, "12: " + reason},
      {"AH00526: Syntax error on line 11 of", "/etc/x.conf:", reason},
      {"__CURSOR=s=1", "MESSAGE=" + first, "", "__CURSOR=s=2", "MESSAGE=" + reason, ""},
      {">>> " + first, ">>> " + reason},
  };
  for (const auto& log : logs) {
    CAPTURE(log[0]);
    std::uint64_t unparsed = 0;
    bool found = false;
    for (const auto& kept : read(log, &unparsed)) {
      if (kept.code.empty()) continue;
      found = true;
      CHECK(kept.config_file == "/etc/x.conf");
      CHECK(kept.config_body == reason);
    }
    CHECK(found);
    CHECK(unparsed == 0);
  }
}

TEST_CASE("other processes' words are not joined", "[entry][shapes]") {
  const auto all = read({"Nov 22 15:14:47 web1 httpd[812]: AH00526: Syntax error on line 11 of /etc/x.conf:",
                         "Nov 22 15:14:47 web1 httpd[813]: Invalid command 'Foo'"});
  REQUIRE(all.size() == 2);
  CHECK(all[0].config_body.empty());
}

TEST_CASE("pages of any width are put together", "[entry][shapes]") {
  const std::string whole =
      kStamp +
      "[ssl:emerg] [pid 5646:tid 140015002063122] AH02572: Failed to configure at least one certificate and key "
      "for www.example.com:443 at /opt/x/apache/conf/bitnami/certs/server.key";
  for (const std::size_t width : {79U, 80U}) {
    CAPTURE(width);
    Texts page;
    for (std::size_t at = 0; at < whole.size(); at += width) page.push_back(whole.substr(at, width));
    page.push_back("AH00016: Configuration Failed");
    const auto all = read(page);
    REQUIRE(all.size() == 2);
    CHECK(all[0].text == whole);
  }
  // between words, the blank kept at the end
  CHECK(messages({kStamp + "[ssl:emerg] [pid 5646:tid 1400] ",
                  "AH02572: Failed to configure at least one certificate and key for ", "www.example.com:443"}) ==
        Texts{"Failed to configure at least one certificate and key for www.example.com:443"});
}

TEST_CASE("journal lines are put together from pages of any width", "[entry][shapes]") {
  const std::string tag = "Nov 22 15:14:47 web1 httpd[812]: ";
  const std::string name = "AH00558: httpd: Could not reliably determine the server's fully qualified domain name,";
  CHECK(messages({tag + name, "using 127.0.1.1. Set the 'ServerName' directive globally to suppress this message",
                  tag + "AH00015: Unable to open logs"}) ==
        Texts{name.substr(9) + " using 127.0.1.1. Set the 'ServerName' directive globally to suppress this message",
              "Unable to open logs"});
  CHECK(messages({tag + "AH00112: Warning: DocumentRoot [x] does not exist, see the file /etc/httpd/conf.d/custo",
                  "mers/a.conf"}) ==
        Texts{"Warning: DocumentRoot [x] does not exist, see the file /etc/httpd/conf.d/customers/a.conf"});
  // A whole sentence, a short line and a line of another kind do not go on.
  CHECK(messages({tag + "AH00015: Unable to open logs, and some more words of httpd's, up to here.", "What now?"}) ==
        Texts{"Unable to open logs, and some more words of httpd's, up to here.", "What now?"});
  CHECK(messages({tag + "AH00015: Unable to open", "What now?"}) == Texts{"Unable to open", "What now?"});
  CHECK(messages({tag + "AH00015: Unable to open logs, and some more words of httpd's", "root@web1:~# exit"}) ==
        Texts{"Unable to open logs, and some more words of httpd's", "root@web1:~# exit"});
}

TEST_CASE("a page's width is learnt from its lines", "[entry][shapes]") {
  const std::string whole =
      "AH00112: Warning: DocumentRoot "
      "[/srv/a/very/long/path/that/some/body/made/for/the/sake/of/the/test/of/wraps/site1] does not exist";
  Texts page;
  for (int entry = 0; entry < 3; ++entry) {
    page.push_back(whole.substr(0, 70));
    page.push_back(whole.substr(70));
  }
  const auto all = read(page);
  REQUIRE(all.size() >= 3);
  CHECK(all.back().text == whole);
}

TEST_CASE("an id, a status and the words may stand on lines of their own", "[entry][shapes]") {
  const auto all = read({"No such file or directory: AH02291:", "Cannot access directory",
                         "'/var/log/x/' for main error log", "AH00014: Configuration check failed"});
  REQUIRE(all.size() == 2);
  CHECK(all[0].code == "AH02291");
  CHECK(all[0].status == 2);
  CHECK(all[0].message == "Cannot access directory '/var/log/x/' for main error log");
}

TEST_CASE("a stamped line that ends in the middle of a sentence goes on", "[entry][shapes]") {
  CHECK(messages({kStamp + "[ssl:emerg] [pid 5646:tid 1400] AH02572: Failed to configure at least one certificate and",
                  "key for", "www.example.com:443", "AH00016: Configuration Failed"}) ==
        Texts{"Failed to configure at least one certificate and key for www.example.com:443", "Configuration Failed"});
  CHECK(messages({kStamp + "[mpm_prefork:error] [pid 5646] AH00161: server reached MaxRequestWorkers setting,",
                  "consider raising the MaxRequestWorkers setting"}) ==
        Texts{"server reached MaxRequestWorkers setting, consider raising the MaxRequestWorkers setting"});
  // Where a visitor is named, the words are perhaps the visitor's, and the next line a script's.
  CHECK(messages({kStamp + "[core:error] [pid 5646] [client 1.2.3.4:5] AH00128: File does not exist: /srv/what for",
                  "www.example.com:443"}) == Texts{"File does not exist: /srv/what for", "www.example.com:443"});
  // Nor is a line that begins for itself the rest of another.
  CHECK(messages({kStamp + "[core:notice] [pid 5646] AH00094: Command line: 'httpd', for", "PHP Warning:  x in y"}) ==
        Texts{"Command line: 'httpd', for", "PHP Warning:  x in y"});
}

TEST_CASE("journalctl's further lines of another program's text belong to it", "[entry][shapes]") {
  std::uint64_t unparsed = 0;
  const auto all =
      read({"Nov 22 15:14:47 web1 kernel: sh (1): drop_caches: 3", "                              Please wait.",
            "Nov 22 15:14:47 web1 httpd[812]: AH00015: Unable to open logs"},
           &unparsed);
  REQUIRE(all.size() == 2);
  CHECK(all[0].status == 0);
  CHECK(all[0].text == "sh (1): drop_caches: 3\\nPlease wait.");
  CHECK(all[1].code == "AH00015");
  CHECK(unparsed == 0);
}

TEST_CASE("what a pager adds is skipped", "[entry][shapes]") {
  CHECK(messages({kStamp + "[ssl:emerg] [pid 5646:tid 1400] ",
                  "Press [Enter] to continue:", "AH02312: Fatal error initialising mod_ssl, exiting."}) ==
        Texts{"Fatal error initialising mod_ssl, exiting."});
}

TEST_CASE("an editor's signs at the ends of lines", "[entry][shapes]") {
  // nano cuts at its width: the lines with the sign are equally long
  CHECK(messages({kWsgi + "mod_wsgi (pid=1): Target '/srv/wor$", kWsgi + "mod_wsgi (pid=1): Failed '/srv/wor$",
                  kWsgi + "short"}) ==
        Texts{"mod_wsgi (pid=1): Target '/srv/wor...", "mod_wsgi (pid=1): Failed '/srv/wor...", "short"});
  // cat -A has it everywhere
  CHECK(messages({"AH00015: Unable to open logs$", "AH00014: Configuration check failed$"}) ==
        Texts{"Unable to open logs", "Configuration check failed"});
  // alone it belongs to the log
  CHECK(messages({"AH00015: a price in $", "AH00014: x"}) == Texts{"a price in $", "x"});
}

TEST_CASE("a Python traceback is one entry, and its last exception is the message", "[entry][shapes]") {
  const Texts trace = {"Traceback (most recent call last):", "  File \"/srv/a.py\", line 3, in <module>",
                       "    import x", "ModuleNotFoundError: No module named 'x'"};
  const Texts chained = {"",
                         "During handling of the above exception, another exception occurred:",
                         "",
                         "Traceback (most recent call last):",
                         "  File \"/srv/a.py\", line 5, in <module>",
                         "    y()",
                         "django.core.exceptions.ImproperlyConfigured: z"};
  Texts both = trace;
  both.insert(both.end(), chained.begin(), chained.end());
  for (const std::string& prefix :
       {kWsgi, kStamp + "[cgi:error] [pid 12] [client 1.2.3.4:5] AH01215: ", std::string()}) {
    CAPTURE(prefix);
    const std::string next = (prefix.empty() ? kWsgi : prefix) + "mod_wsgi (pid=12): x";
    auto log = prefixed(prefix, trace);
    log.push_back(next);
    auto all = read(log);
    REQUIRE(all.size() == 2);
    CHECK(all[0].message == trace[3]);
    CHECK(all[0].line == 1);
    CHECK(all[0].stranger);
    CHECK(all[1].message == "mod_wsgi (pid=12): x");
    log = prefixed(prefix, both);
    log.push_back(next);
    all = read(log);
    REQUIRE(all.size() == 2);
    CHECK(all[0].message == both.back());
  }
}

TEST_CASE("two processes' traces do not mix", "[entry][shapes]") {
  const std::string other = kStamp + "[wsgi:error] [pid 99:tid 13] [client 6.7.8.9:5] ";
  const auto all = read({kWsgi + "Traceback (most recent call last):", other + "Traceback (most recent call last):",
                         kWsgi + "  File \"/srv/a.py\", line 3", other + "  File \"/srv/b.py\", line 3",
                         other + "ValueError: b", kWsgi + "KeyError: 'a'"});
  REQUIRE(all.size() == 2);
  CHECK(all[0].message == "KeyError: 'a'");
  CHECK(all[1].message == "ValueError: b");
  CHECK(all[1].peer == "6.7.8.9:5");
}

TEST_CASE("PHP's and Java's raw traces belong to their first line", "[entry][shapes]") {
  const auto php =
      read({"PHP Fatal error:  Uncaught Exception: x in /srv/x.php:3", "Stack trace:", "#0 /srv/y.php(7): f()",
            "#1 {main}", "  thrown in /srv/x.php on line 3", "AH00015: y"});
  REQUIRE(php.size() == 2);
  CHECK(php[0].message ==
        "PHP Fatal error:  Uncaught Exception: x in /srv/x.php:3\\nStack trace:\\n#0 /srv/y.php(7): f()\\n#1 "
        "{main}\\nthrown in "
        "/srv/x.php on line 3");
  CHECK(php[0].stranger);
  const auto java = read({"Exception in thread \"main\" java.lang.Error: x", "\tat a.B.c(B.java:3)",
                          "Caused by: java.io.IOException: y", "\t... 5 more", "AH00015: z"});
  CHECK(java.size() == 2);
}

TEST_CASE("systemctl status gives its lines a year and hands the unit on", "[entry][shapes]") {
  const auto all = read({"\xE2\x97\x8F httpd.service - The Apache HTTP Server",
                         "   Loaded: loaded (/usr/lib/systemd/system/httpd.service; enabled)",
                         "   Active: failed (Result: exit-code) since Sun 2026-11-22 15:14:47 CET; 3s ago",
                         "  Process: 812 ExecStart=/usr/sbin/httpd (code=exited, status=1/FAILURE)", "",
                         "Nov 22 15:14:47 web1 httpd[812]: AH00015: Unable to open logs"});
  REQUIRE(all.size() == 5);
  CHECK(all[4].time == "2026-11-22T15:14:47");
  CHECK(all[4].program == "httpd");
  const auto unit = read({R"({"MESSAGE":"x","_SYSTEMD_UNIT":"httpd.service"})"});
  REQUIRE(unit.size() == 1);
  CHECK(unit[0].unit == "httpd.service");
}

TEST_CASE("every line of a paste has a name", "[entry][shapes]") {
  std::uint64_t unparsed = 0;
  read({"root@web:~# systemctl status apache2",
        "\xC3\x97 apache2.service - The Apache HTTP Server",
        "     Loaded: loaded (/lib/systemd/system/apache2.service; enabled; vendor preset: enabled)",
        "     Active: failed (Result: exit-code) since Sun 2026-11-22 15:14:47 UTC; 3s ago",
        "       Docs: https://httpd.apache.org/docs/2.4/",
        "    Process: 812 ExecStart=/usr/sbin/apachectl start (code=exited, status=1/FAILURE)",
        "        CPU: 27ms",
        "     CGroup: /system.slice/apache2.service",
        "             \xE2\x94\x94\xE2\x94\x80"
        "812 /usr/sbin/apache2 -k start",
        "",
        "Nov 22 15:14:47 web systemd[1]: Starting The Apache HTTP Server...",
        "Hint: Some lines were ellipsized, use -l to show in full.",
        "lines 1-17/17 (END)",
        "root@web:~# journalctl -xe",
        "-- Subject: A start job for unit apache2.service has failed",
        "-- ",
        "-- The job identifier is 4711.",
        "==> /var/log/apache2/error.log <==",
        kStamp + "[core:error] [pid 1] AH00132: x",
        "Action 'start' failed.",
        "The Apache error log may have more information.",
        "type=AVC msg=audit(1795356887.123:4711): avc:  denied  { open } for  pid=812 comm=\"httpd\"",
        "kernel: Out of memory: Killed process 812 (httpd)",
        "[12345.678901] httpd[812]: segfault at 0 ip 0 sp 0 error 4 in x.so",
        "httpd: error while loading shared libraries: libx.so: cannot open shared object file: No such file or "
        "directory",
        "exit"},
       &unparsed);
  CHECK(unparsed == 1);  // "exit"
}

TEST_CASE("what only looks like a stamp is no trouble", "[entry][shapes]") {
  for (const std::string line : {"[Sun Nov 22 15:20:05 cut before its end", "[Abc Def 99 99:99:99.000000 2026] x",
                                 "[Sun Nov 22 15:20:05 2026]["}) {
    CAPTURE(line);
    CHECK(read({line, line}).size() == 2);
  }
}
