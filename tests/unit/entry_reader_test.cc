#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "catch.h"
#include "entry/reader.h"

using namespace ahdiag;
using std::string_view;

namespace {

// What an entry holds, on its own: the views are gone after the call.
struct Kept {
  std::string text, code, message, around, time, config_file, config_body, peer;
  std::uint64_t line = 0;
  std::int64_t status = 0;
  bool header = false;
};

struct All {
  std::vector<Kept> entries;
  std::string format, first, last;
  std::uint64_t count = 0, unparsed = 0;
};

std::string rfc(const std::optional<Stamp>& stamp) { return stamp ? to_rfc3339(*stamp) : ""; }

All read(const std::vector<std::string>& lines, std::uint32_t source = 0) {
  All all;
  EntryReader reader(source, [&](const Entry& entry, string_view around) {
    REQUIRE(entry.place.source == source);
    Kept kept;
    kept.text = entry.text;
    kept.code = entry.code;
    kept.message = entry.message;
    kept.around = around;
    kept.time = rfc(entry.time);
    kept.peer = entry.peer;
    if (entry.config) kept.config_file = entry.config->file;
    if (entry.config) kept.config_body = entry.config->body;
    kept.line = entry.place.line;
    if (entry.status) kept.status = entry.status->number;
    kept.header = entry.header;
    all.entries.push_back(std::move(kept));
  });
  std::uint64_t number = 0;
  for (const auto& line : lines) {
    // A copy that is gone after the call, so that a view that is kept too long is seen.
    const std::string copy = line;
    reader.line({copy, ++number, 0});
  }
  reader.finish();
  all.format = reader.format();
  all.count = reader.entries();
  all.unparsed = reader.unparsed();
  all.first = rfc(reader.first());
  all.last = rfc(reader.last());
  return all;
}

std::vector<std::string> messages(const All& all) {
  std::vector<std::string> texts;
  for (const auto& entry : all.entries) texts.push_back(entry.message);
  return texts;
}

std::vector<std::string> codes(const All& all) {
  std::vector<std::string> texts;
  for (const auto& entry : all.entries) texts.push_back(entry.code);
  return texts;
}

using Texts = std::vector<std::string>;

}  // namespace

TEST_CASE("each line of a log is an entry with its number", "[entry][reader]") {
  const auto all =
      read({"[Sun Nov 22 15:20:05.000001 2026] [core:error] [pid 1] AH00132: a",
            "[Sun Nov 22 15:20:06.000001 2026] [core:error] [pid 1] AH00132: b", "AH00015: Unable to open logs"},
           7);
  CHECK(messages(all) == Texts{"a", "b", "Unable to open logs"});
  CHECK(all.entries[0].line == 1);
  CHECK(all.entries[2].line == 3);
  CHECK(all.count == 3);
  CHECK(all.unparsed == 0);
  CHECK(all.format == "httpd-2.4");
  CHECK(all.first == "2026-11-22T15:20:05.000001");
  CHECK(all.last == "2026-11-22T15:20:06.000001");
}

TEST_CASE("nothing at all is an empty log", "[entry][reader]") {
  CHECK(read({}).format == "empty");
  CHECK(read({"", "  ", "\r"}).entries.empty());
  CHECK(read({"", ""}).unparsed == 0);
}

TEST_CASE("a log's format is that of most of its entries", "[entry][reader]") {
  CHECK(read({"[Sun Nov 22 15:20:05 2026] [error] x", "[Sun Nov 22 15:20:05 2026] [notice] y"}).format == "httpd-2.2");
  CHECK(read({"AH00015: Unable to open logs"}).format == "start-up");
  CHECK(read({"Nov 22 15:14:47 host httpd[1]: AH00558: x", "Nov 22 15:14:47 host httpd[1]: AH00015: y"}).format ==
        "syslog");
  CHECK(read({"web-1  | AH00558: x"}).format == "compose");
}

TEST_CASE("the founding log is four entries: what was wrapped is joined", "[entry][reader]") {
  const auto all = read({
      "[auth_digest:error] [pid 11716] (2)No such file or directory:",
      "   AH01762: Failed to create shared memory segment on file /run/httpd/authdigest_shm.11716",
      "[auth_digest:error] [pid 11716] (2)No such file or directory:",
      "   AH01760: failed to initialize shm - all nonce-count checking, one-time nonces,",
      "   and MD5-sess algorithm disabled",
      "",
      "# systemctl status -l httpd.service",
      "httpd.service - The Apache HTTP Server",
  });
  REQUIRE(all.entries.size() >= 2);
  CHECK(all.entries[0].line == 1);
  CHECK(all.entries[0].code == "AH01762");
  CHECK(all.entries[0].status == 2);
  CHECK(all.entries[0].message == "Failed to create shared memory segment on file /run/httpd/authdigest_shm.11716");
  CHECK(all.entries[1].line == 3);
  CHECK(all.entries[1].code == "AH01760");
  CHECK(all.entries[1].message ==
        "failed to initialize shm - all nonce-count checking, one-time nonces, and MD5-sess algorithm disabled");
  for (std::size_t i = 2; i < all.entries.size(); ++i) CHECK(all.entries[i].code.empty());
}

TEST_CASE("AH00526's reason stands on the next line", "[entry][reader]") {
  const auto all = read({"AH00526: Syntax error on line 11 of /etc/httpd/conf/httpd.conf:",
                         "Invalid command 'Foo', perhaps misspelled or defined by a module not included in the server "
                         "configuration",
                         "AH00558: httpd: x"});
  REQUIRE(all.entries.size() == 2);
  CHECK(all.entries[0].line == 1);
  CHECK(all.entries[0].config_file == "/etc/httpd/conf/httpd.conf");
  CHECK(all.entries[0].config_body ==
        "Invalid command 'Foo', perhaps misspelled or defined by a module not included in the server configuration");
  CHECK(all.entries[1].code == "AH00558");
}

TEST_CASE("the reason may begin with anything", "[entry][reader]") {
  for (const std::string reason :
       {"</VirtualHost> without matching <VirtualHost> section", "DocumentRoot must be a directory",
        "/etc/x must be a file", "Include/IncludeOptional: Could not open x"}) {
    CAPTURE(reason);
    const auto all = read({"AH00526: Syntax error on line 11 of /etc/x.conf:", reason});
    REQUIRE(all.entries.size() == 1);
    CHECK(all.entries[0].config_body == reason);
  }
}

TEST_CASE("a reason that never came leaves the next entry alone", "[entry][reader]") {
  const auto id = read({"AH00526: Syntax error on line 11 of /etc/x.conf:", "AH00558: httpd: x"});
  CHECK(codes(id) == Texts{"AH00526", "AH00558"});
  const auto stamped = read({"AH00526: Syntax error on line 11 of /etc/x.conf:",
                             "[Sun Nov 22 15:20:05.000001 2026] [core:error] [pid 1] AH00132: a"});
  CHECK(codes(stamped) == Texts{"AH00526", "AH00132"});
  const auto end = read({"AH00526: Syntax error on line 11 of /etc/x.conf:"});
  CHECK(codes(end) == Texts{"AH00526"});
}

TEST_CASE("another program's words are not the reason", "[entry][reader]") {
  const auto all =
      read({"Nov 22 15:14:47 host httpd[12]: AH00526: Syntax error on line 11 of /etc/x.conf:",
            "Nov 22 15:14:47 host systemd[1]: httpd.service: Main process exited, code=exited, status=1/FAILURE"});
  REQUIRE(all.entries.size() == 2);
  CHECK(all.entries[0].config_body.empty());
  CHECK(all.entries[1].message == "httpd.service: Main process exited, code=exited, status=1/FAILURE");
}

TEST_CASE("frames are peeled off each line of an entry", "[entry][reader]") {
  struct Row {
    std::string lead, time;
  };
  const std::vector<Row> rows = {
      {"Nov 22 15:14:47 host apachectl[1234]: ", ""},
      {"Nov 22 15:14:47.123456 host apachectl[1234]: ", ""},
      {"2026-11-22T15:14:47+0100 host apachectl[1234]: ", "2026-11-22T15:14:47+01:00"},
      {"web_1  | ", ""},
      {"2026-11-22T15:14:47.5Z stderr F ", "2026-11-22T15:14:47.5Z"},
      {"> ", ""},
      {"==> default: ", ""},
  };
  for (const auto& row : rows) {
    CAPTURE(row.lead);
    const auto all =
        read({row.lead + "AH00526: Syntax error on line 11 of /etc/x.conf:", row.lead + "Invalid command 'Foo'",
              row.lead + "AH00558: httpd: x"});
    REQUIRE(all.entries.size() == 2);
    CHECK(all.entries[0].config_body == "Invalid command 'Foo'");
    CHECK(all.entries[0].around == row.lead);
    CHECK(all.entries[0].time == row.time);
    CHECK(all.entries[1].message == "httpd: x");
  }
}

TEST_CASE("httpd's own time goes before the frame's", "[entry][reader]") {
  const auto all =
      read({"2026-11-22T15:14:47.5Z stderr F [Sun Nov 22 15:20:05.000001 2026] [core:error] [pid 1] AH00132: a"});
  REQUIRE(all.entries.size() == 1);
  CHECK(all.entries[0].time == "2026-11-22T15:20:05.000001");
}

TEST_CASE("a bare line has the time of the stamped one before it", "[entry][reader]") {
  const auto all = read({"[Sun Nov 22 15:20:05.000001 2026] [mpm_event:notice] [pid 1] AH00489: a",
                         "AH00106: piped log program '/bin/false' failed unexpectedly"});
  REQUIRE(all.entries.size() == 2);
  CHECK(all.entries[1].code == "AH00106");
  CHECK(all.entries[1].time == "2026-11-22T15:20:05.000001");
}

TEST_CASE("what an init script says before httpd's words is none of them", "[entry][reader]") {
  const auto all =
      read({"Starting httpd: AH00526: Syntax error on line 11 of /etc/x.conf:", "Invalid command 'Foo'", "[FAILED]"});
  REQUIRE_FALSE(all.entries.empty());
  CHECK(all.entries[0].code == "AH00526");
  CHECK(all.entries[0].config_body == "Invalid command 'Foo'");
  CHECK(all.entries[0].around == "Starting httpd: ");
}

TEST_CASE("an init script's words hide no status and no id", "[entry][reader]") {
  for (const std::string lead : {"Starting httpd: ", "Starting web server: apache2 failed! ", "apache2_reload: "}) {
    CAPTURE(lead);
    const auto all = read({lead + "(98)Address already in use: AH00072: make_sock: could not bind to address [::]:80"});
    REQUIRE(all.entries.size() == 1);
    CHECK(all.entries[0].status == 98);
    CHECK(all.entries[0].code == "AH00072");
    CHECK(all.entries[0].message == "make_sock: could not bind to address [::]:80");
    CHECK(all.entries[0].around == lead);
  }
}

TEST_CASE("a terminal of eighty columns cuts anywhere", "[entry][reader]") {
  const std::string whole =
      "AH00072: make_sock: could not bind to address [::]:80 because something else has taken the port before";
  REQUIRE(whole.size() > 80);
  const auto all = read({whole.substr(0, 80), whole.substr(80), "AH00015: Unable to open logs"});
  CHECK(codes(all) == Texts{"AH00072", "AH00015"});
  REQUIRE_FALSE(all.entries.empty());
  CHECK("AH00072: " + all.entries[0].message == whole);
}

TEST_CASE("lines of a real log are never joined", "[entry][reader]") {
  const auto all =
      read({"[Sun Nov 22 15:20:05.000001 2026] [core:error] [pid 1] AH00132: denied: /srv/www/a/long/path",
            "/srv/www/x.cgi: line 3: foo: command not found", "lower case words of a script that stand alone here",
            "[Sun Nov 22 15:20:06.000001 2026] [core:error] [pid 1] AH00132: b"});
  REQUIRE(all.entries.size() == 4);
  CHECK(all.entries[0].message == "denied: /srv/www/a/long/path");
  CHECK(all.entries[3].message == "b");
  CHECK(all.unparsed == 1);  // the shell's complaint has a known shape
}

TEST_CASE("a blank line ends an entry", "[entry][reader]") {
  const auto all = read({"[auth_digest:error] [pid 11716] (2)No such file or directory:", "", "   AH01762: x"});
  REQUIRE(all.entries.size() == 2);
  CHECK(all.entries[0].code.empty());
  CHECK(all.entries[1].code == "AH01762");
}

TEST_CASE("what is joined has an end", "[entry][reader]") {
  Texts lines = {"[auth_digest:error] [pid 1] AH01760: x"};
  for (int i = 0; i < 200; ++i) lines.push_back("    more and more words of one entry that never ends");
  const auto all = read(lines);
  CHECK(all.entries.size() > 1);
  for (const auto& entry : all.entries) CHECK(entry.text.size() < 64 * 1024 + 100);
}

TEST_CASE("words that a script left without a newline do not swallow the record behind them", "[entry][reader]") {
  const auto all =
      read({"no newline at end[Sun Nov 22 15:20:05.567298 2026] [cgid:error] [pid 1:tid 2] [client 1.2.3.4:5] "
            "malformed header from script 'x': Bad header: y"});
  REQUIRE(all.entries.size() == 1);
  CHECK(all.entries[0].header);
  CHECK(all.entries[0].peer == "1.2.3.4:5");
  CHECK(all.entries[0].message == "malformed header from script 'x': Bad header: y");
  CHECK(all.entries[0].around == "no newline at end");
}

TEST_CASE("a record's own text never becomes a second record", "[entry][reader]") {
  const auto all =
      read({"[Sun Nov 22 15:20:05.000001 2026] [php:error] [pid 1] [client 1.2.3.4:5] PHP said [Mon Jan 01 00:00:00 "
            "2001] [core:emerg] AH00072: make_sock: could not bind, referer: AH00015: Unable to open logs"});
  REQUIRE(all.entries.size() == 1);
  CHECK(all.entries[0].code.empty());
  CHECK(all.entries[0].peer == "1.2.3.4:5");
}

TEST_CASE("a visitor's words in an access log become no entry of httpd's", "[entry][reader]") {
  for (const std::string lead : {"", "web-1  | ", "2026-11-22T15:14:47.5Z stdout F "}) {
    const auto all =
        read({lead + "203.0.113.9 - - [22/Nov/2026:15:20:05 +0000] \"GET / HTTP/1.1\" 200 45 \"-\" \"x AH00072: "
                     "make_sock: could not bind to address [::]:80\""});
    CAPTURE(lead);
    CHECK(all.entries.empty());
    CHECK(all.unparsed == 0);
  }
}

TEST_CASE("lines of no known shape are counted", "[entry][reader]") {
  const auto all =
      read({"words of nobody", "Some more of them", "sh: 1: x: not found", "AH00015: Unable to open logs"});
  CHECK(all.unparsed == 2);
}

TEST_CASE("the first and last time do not depend on the order of the lines", "[entry][reader]") {
  const auto all = read({"[Sun Nov 22 15:20:06 2026] [error] a", "[Sun Nov 22 15:20:05 2026] [error] b",
                         "[Sun Nov 22 15:20:07 2026] [error] c", "[Sun Nov 22 15:20:06 2026] [error] d"});
  CHECK(all.first == "2026-11-22T15:20:05");
  CHECK(all.last == "2026-11-22T15:20:07");
}
