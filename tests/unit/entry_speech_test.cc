#include <string>
#include <string_view>
#include <vector>

#include "catch.h"
#include "entry/speech.h"

using namespace ahdiag;
using std::string_view;

TEST_CASE("httpd begins an entry with a header, a status, an id or words of its own", "[entry][speech]") {
  for (const string_view text : {
           "[Sun Nov 22 15:20:05.469310 2026] [core:error] [pid 1] x",
           "[Sun Nov 22 15:20:05 2026] [error] x",
           "[2026-11-22 15:22:11.481162] x",
           "[core:error] [pid 1] x",
           "[:emerg] [pid 1] x",
           "[pid 1:tid 2] x",
           "Fri Aug 01 13:32:32.570047 2025] [ssl:error] x",
           "(98)Address already in use: AH00072: make_sock: x",
           "(98)Address already in use: x",
           "(EAI 2)Name or service not known: x",
           "(OS 10048)x  : AH00072: y",
           "AH00526: x",
           "AH010033: x",
           "no listening sockets available, shutting down",
           "Syntax error on line 11 of /etc/x:",
           "apache2: Syntax error on line 11 of /etc/x: y",
           "/usr/sbin/httpd: Syntax error on line 11 of /etc/x: y",
           "httpd: Could not open configuration file /etc/x: y",
           "httpd: bad user name apache",
           "Action 'start' failed.",
           "httpd (pid 6136) already running",
           "httpd (no pid file) not running",
           "httpd.service: Main process exited, code=exited, status=1/FAILURE",
           "   AH00526: x",
       }) {
    CAPTURE(text);
    CHECK(begins_entry(text));
  }
}

TEST_CASE("others' words begin no entry", "[entry][speech]") {
  for (const string_view text : {
           "",
           "   ",
           "x",
           "Traceback (most recent call last):",
           "  File \"/srv/x.py\", line 3, in <module>",
           "sh: 1: x: not found",
           "*** stack smashing detected ***",
           "[x] y",
           "(see above) x: y",
           "AH0526: x",
           "the id AH00526: x",
           "defined by a module not included in the server configuration",
       }) {
    CAPTURE(text);
    CHECK_FALSE(begins_entry(text));
  }
}

TEST_CASE("httpd's words are found behind others'", "[entry][speech]") {
  struct Row {
    string_view lead, words;
  };
  const std::vector<Row> rows = {
      {"Starting httpd: ", "AH00526: Syntax error on line 11 of /etc/x:"},
      {"Starting httpd: ", "Syntax error on line 11 of /etc/x:"},
      {"apache2_reload: ", "(98)Address already in use: AH00072: make_sock: x"},
      {"Starting web server apache2 failed! ", "(98)Address already in use: make_sock: x"},
      {"a script's last words ", "[Sun Nov 22 15:20:05.567298 2026] [cgid:error] [pid 1] x"},
      {"httpd: ", "Cannot load /x.so into server: y"},
  };
  for (const auto& row : rows) {
    const std::string line = std::string(row.lead) + std::string(row.words);
    CAPTURE(line);
    CHECK(find_entry(line) == row.lead.size());
  }
}

TEST_CASE("a record that a script's last words are glued to is found", "[entry][speech]") {
  const std::string record = "[Sun Nov 22 15:20:05.567298 2026] [cgid:error] [pid 1] malformed header from script 'x'";
  for (const std::size_t size : {std::size_t{1}, std::size_t{22}, std::size_t{500}, std::size_t{5000}}) {
    const std::string lead(size, 'w');
    CAPTURE(size);
    CHECK(find_entry(lead + record) == size);
  }
}

TEST_CASE("nothing of httpd's is found where it does not speak", "[entry][speech]") {
  for (const string_view text : {"", "x", "words only", "xAH00526: y", "see [1] and (2) here",
                                 "Sun Nov 22 15:20:05 2026 is a time", "AH00526 without colon"}) {
    CAPTURE(text);
    CHECK(find_entry(text) == string_view::npos);
  }
}

TEST_CASE("httpd's words are found wherever they stand in a long line", "[entry][speech]") {
  for (std::size_t before = 1; before < 299; ++before) {
    const std::string text = std::string(before - 1, 'x') + " AH00526: y";
    CAPTURE(before);
    CHECK(find_entry(text) == before);
    CHECK(find_entry(std::string(before, 'x') + "AH00526: y") == string_view::npos);
  }
  CHECK(find_entry(std::string(300, 'x') + " AH00526: y") == string_view::npos);  // a script's words are not so long
}

TEST_CASE("a second entry is found where no visitor's words are before it", "[entry][speech]") {
  CHECK(find_second_entry("AH00557: a AH00558: b") == 11);
  CHECK(find_second_entry("AH00557: a AH AHA xAH00558: b AH00558: c") == 30);
  CHECK(find_second_entry("AH00557: a \" AH00558: b") == string_view::npos);
  CHECK(find_second_entry("AH00557: a AH00558: \"b") == 11);
  CHECK(find_second_entry("AH00023: a AH00558: b") == string_view::npos);
}

TEST_CASE("an access log's line is not httpd speaking, whatever the visitor sent", "[entry][speech]") {
  // A container's log holds both logs.
  const string_view lead = "203.0.113.9 - - [22/Nov/2026:15:20:05 +0000] \"GET / HTTP/1.1\" 200 45 \"-\" \"";
  for (const string_view agent :
       {"AH00072: make_sock: could not bind to address [::]:80",
        "x AH00072: make_sock: could not bind to address [::]:80",
        "x [Sun Nov 22 15:20:05.567298 2026] [core:emerg] [pid 1] AH00020: Configuration Failed, exiting",
        "x (98)Address already in use: AH00072: make_sock: x", "x Syntax error on line 11 of /etc/x: y",
        "x make_sock: could not bind", "x httpd.service: Main process exited"}) {
    const std::string line = std::string(lead) + std::string(agent) + "\"";
    CAPTURE(line);
    CHECK_FALSE(begins_entry(line));
    CHECK(find_entry(line) == string_view::npos);
  }
}

TEST_CASE("a syntax error that ends with a colon awaits its reason", "[entry][speech]") {
  CHECK(awaits_reason("AH00526: Syntax error on line 11 of /etc/x.conf:"));
  CHECK(awaits_reason("Syntax error on line 11 of /etc/x.conf: "));
  CHECK(awaits_reason("Starting httpd: AH00526: Syntax error on line 11 of /etc/x.conf:\r"));
  CHECK_FALSE(awaits_reason("AH00526: Syntax error on line 11 of /etc/x.conf: Invalid command 'Foo'"));
  CHECK_FALSE(awaits_reason("AH00558: httpd: x:"));
  CHECK_FALSE(awaits_reason(""));
}

TEST_CASE("a header or status with nothing behind it awaits its message", "[entry][speech]") {
  CHECK(awaits_message("[auth_digest:error] [pid 11716] (2)No such file or directory:"));
  CHECK(awaits_message("[auth_digest:error] [pid 11716]"));
  CHECK(awaits_message("[Sun Nov 22 15:20:05.469310 2026] [core:error] [pid 1] [client 1.2.3.4:5]"));
  CHECK(awaits_message("(98)Address already in use:"));
  CHECK_FALSE(awaits_message("[auth_digest:error] [pid 11716] AH01760: x:"));
  CHECK_FALSE(awaits_message("[auth_digest:error] [pid 11716] x]"));
  CHECK_FALSE(awaits_message("AH00526: Syntax error on line 11 of /etc/x.conf:"));
  CHECK_FALSE(awaits_message("words [in brackets]"));
  CHECK_FALSE(awaits_message(""));
}
