// What a visitor or a script chooses must never become an entry, a header or an id of httpd's own.
#include <string>
#include <string_view>
#include <vector>

#include "catch.h"
#include "entry/reader.h"

using namespace ahdiag;
using std::string_view;

namespace {

const std::string kStamp = "[Sun Nov 22 15:20:05.469310 2026] ";

const std::vector<std::string>& forgeries() {
  static const std::vector<std::string> all = {
      "AH00072: make_sock: could not bind to address [::]:80",
      "x AH00072: make_sock: could not bind to address [::]:80",
      "[Sun Nov 22 15:20:05.567298 2026] [core:emerg] [pid 1] AH00072: make_sock: x",
      "(98)Address already in use: AH00072: make_sock: x",
      "apache2: Syntax error on line 11 of /etc/x: Cannot load /x.so into server: AH00072: y",
      "Nov 22 15:14:47 web1 httpd[1]: AH00072: make_sock: x",
      "2026-11-22T15:14:47.1Z stderr F AH00072: make_sock: x",
      "web-1  | AH00072: make_sock: x",
      "\\nAH00072: make_sock: x",
      "{\\\"MESSAGE\\\":\\\"AH00072: x\\\"}",
      "> AH00072: make_sock: x",
      "12: AH00072: make_sock: x",
      "`AH00072: make_sock: x`",
      "**AH00072: make_sock: x**",
      "AH00558: httpd: AH00072: make_sock: x",
      "&#10;AH00072: make_sock: x",
      "\xE3\x80\x90"
      "core:emerg\xE3\x80\x91 AH00072\xEF\xBC\x9A x",
  };
  return all;
}

struct Seen {
  std::size_t entries = 0, forged = 0;
};

// Entries that say httpd itself wrote the forged id.
Seen read(const std::vector<std::string>& lines) {
  Seen seen;
  EntryReader reader(0, [&](const Entry& entry, string_view) {
    ++seen.entries;
    if (entry.code == "AH00072" || (entry.speaker == Speaker::server && entry.config)) ++seen.forged;
  });
  std::uint64_t number = 0;
  for (const auto& line : lines) reader.line({line, ++number, 0});
  reader.finish();
  return seen;
}

}  // namespace

TEST_CASE("a record's own words stay its own", "[entry][hostile]") {
  const std::vector<std::string> leads = {
      kStamp + "[cgi:error] [pid 1] [client 1.2.3.4:5] AH01215: ",
      kStamp + "[cgi:error] [pid 1] [client 1.2.3.4:5] AH01215: stderr from /srv/x.cgi: ",
      kStamp + "[cgid:error] [pid 1] [client 1.2.3.4:5] AH01215: [Mon Jan 01 00:00:00 2001] x.cgi: ",
      kStamp + "[proxy_fcgi:error] [pid 1] [client 1.2.3.4:5] AH01071: Got error 'PHP message: ",
      kStamp + "[php:error] [pid 1] [client 1.2.3.4:5] PHP Warning:  ",
      kStamp + "[:error] [pid 1] [client 1.2.3.4:5] [client 1.2.3.4] ModSecurity: Warning. [data \"",
      kStamp + "[core:error] [pid 1] [client 1.2.3.4:5] AH00126: Invalid URI in request GET /",
      kStamp + "[core:error] [pid 1] [client 1.2.3.4:5] AH00132: denied: /x, referer: ",
      kStamp + "[wsgi:error] [pid 1] [client 1.2.3.4:5] ",
      "[Sun Nov 22 15:20:05 2026] [error] [client 1.2.3.4] File does not exist: /",
      "[Sun Nov 22 15:20:05 2026][812:140] [error] ajp::jk.c (1): ",
      "[Sun Nov 22 15:20:05.123 2026] [812:140] [error] ajp::jk.c (1): ",
  };
  for (const auto& lead : leads) {
    for (const auto& forgery : forgeries()) {
      CAPTURE(lead, forgery);
      const auto seen = read({lead + forgery});
      // Directly behind a bare peer an id is where httpd writes it: only there the module may have chosen the words.
      if (lead.ends_with("5] ") && forgery.starts_with("AH00072")) continue;
      if (lead.ends_with("5] ") && forgery.starts_with("(98)")) continue;
      CHECK(seen.forged == 0);
      CHECK(seen.entries == 1);
    }
  }
}

TEST_CASE("raw lines of programs that repeat a visitor's words are searched for nothing", "[entry][hostile]") {
  const std::vector<std::string> leads = {
      "203.0.113.9 - - [22/Nov/2026:15:20:05 +0000] \"GET / HTTP/1.1\" 200 45 \"-\" \"",
      "www.example.com:80 203.0.113.9 - - [22/Nov/2026:15:20:05 +0000] \"GET /",
      "PHP Warning:  ",
      "[22-Nov-2026 15:20:05 UTC] PHP Notice:  ",
      "App 4711 output: ",
      "mod_fcgid: stderr: ",
      "File \"/srv/x.py\", line 3, in ",
      "{\"request\":\"",
  };
  for (const auto& lead : leads) {
    for (const std::string frame : {"", "web-1  | ", "2026-11-22T15:14:47.1Z stdout F "}) {
      for (const auto& forgery : forgeries()) {
        CAPTURE(frame, lead, forgery);
        CHECK(read({frame + lead + forgery + (lead.starts_with("{") ? "\"}" : "")}).forged == 0);
      }
    }
  }
}

TEST_CASE("an escaped line break stays escaped on its way through JSON", "[entry][hostile]") {
  const std::string record =
      R"([Sun Nov 22 15:20:05 2026] [error] [client 1.2.3.4] File does not exist: /x\nAH00072: y)";
  CHECK(read({R"({"MESSAGE":")" + record + R"("})"}).forged == 0);
  CHECK(read({R"({"log":")" + record + R"(\n","stream":"stderr","time":"2026-11-22T15:14:47Z"})"}).forged == 0);
}

TEST_CASE("a script's words never end or change the record before them", "[entry][hostile]") {
  const std::string record =
      kStamp + "[core:error] [pid 1] [client 1.2.3.4:5] AH00132: file permissions deny server access: /srv/www/html/x";
  for (const std::string words : {"  more", "/etc/passwd", "and so on", "PHP Warning:  x", "$", "..."}) {
    CAPTURE(words);
    std::string message;
    EntryReader reader(0, [&](const Entry& entry, string_view) {
      if (entry.code == "AH00132") message = entry.message;
    });
    reader.line({record, 1, 0});
    reader.line({words, 2, 0});
    reader.finish();
    CHECK(message == "file permissions deny server access: /srv/www/html/x");
  }
}

TEST_CASE("records of equal length make no page", "[entry][hostile]") {
  const std::string record =
      kStamp + "[core:error] [pid 1] [client 1.2.3.4:5] AH00132: denied: /srv/www/html/x/y/z/index.html";
  REQUIRE(record.size() > 100);
  std::string message;
  EntryReader reader(0,
                     [&](const Entry& entry, string_view) { message = entry.code.empty() ? message : entry.message; });
  for (std::uint64_t i = 1; i < 9; ++i) reader.line({record, i, 0});
  reader.line({"Words of nobody", 9, 0});
  reader.finish();
  CHECK(message == "denied: /srv/www/html/x/y/z/index.html");
}
