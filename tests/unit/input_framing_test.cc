#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "catch.h"
#include "input/framing.h"

using namespace ahdiag;
using std::string_view;

namespace {

constexpr string_view kEntry = "[authz_core:error] [pid 1902:tid 1910] [client 127.0.0.1:43134] AH01630: client denied";

std::string time_of(const Framed& framed) { return framed.time ? to_rfc3339(*framed.time) : ""; }

}  // namespace

TEST_CASE("httpd's own lines are in no frame", "[input][framing]") {
  const std::vector<string_view> lines = {
      "",
      "[Sun Nov 22 15:20:05.469310 2026] [core:error] [pid 26342:tid 26359] AH00132: x",
      "(98)Address already in use: AH00072: make_sock: could not bind to address 127.0.0.1:18081",
      "AH00015: Unable to open logs",
      "no listening sockets available, shutting down",
      "apache2: Syntax error on line 11 of /etc/apache2/apache2.conf: Cannot load x into server",
      "AH00526: Syntax error on line 11 of /etc/httpd/conf/httpd.conf:",
      "Invalid command 'Foo', perhaps misspelled or defined by a module not included in the server configuration",
      "httpd (pid 6136) already running",
      "Traceback (most recent call last):",
      "May contain words",
      "12 34",
      "<html>",
      "<12",
      ">",
      "==> no colon",
  };
  for (const auto line : lines) {
    CAPTURE(line);
    const auto framed = unframe(line);
    CHECK(framed.frame == Frame::none);
    CHECK(framed.text == line);
    CHECK(framed.program.empty());
    CHECK_FALSE(framed.time.has_value());
  }
}

TEST_CASE("a syslog file's time, host and tag are peeled off", "[input][framing]") {
  struct Row {
    string_view lead, program, time;
  };
  const std::vector<Row> rows = {
      {"Nov 22 15:31:10 host webtag[1902]: ", "webtag", ""},
      {"Nov 22 15:14:47 host httpd[1234]: ", "httpd", ""},
      {"Nov  2 15:14:47 host apachectl[1234]: ", "apachectl", ""},
      {"Nov 22 15:14:47 host systemd[1]: ", "systemd", ""},
      {"Nov 22 15:14:47 web-1.example.com httpd: ", "httpd", ""},
      {"Nov 22 15:14:47.123456 host httpd[1234]: ", "httpd", ""},
      {"<139>Nov 22 15:31:10 host webtag[1902]: ", "webtag", ""},
      {"janv. 22 15:14:47 host httpd[1]: ", "httpd", ""},
      {"M\xC3\xA4r 22 15:14:47 host httpd[1]: ", "httpd", ""},
      {"2026-11-22T15:14:47+01:00 host httpd[1]: ", "httpd", "2026-11-22T15:14:47+01:00"},
      {"2026-11-22T15:14:47.123456+01:00 host httpd[1]: ", "httpd", "2026-11-22T15:14:47.123456+01:00"},
      {"2026-11-22T15:14:47+0100 host apachectl[22]: ", "apachectl", "2026-11-22T15:14:47+01:00"},
  };
  for (const auto& row : rows) {
    CAPTURE(row.lead);
    const std::string line = std::string(row.lead) + std::string(kEntry);
    const auto framed = unframe(line);
    CHECK(framed.frame == Frame::syslog);
    CHECK(framed.text == kEntry);
    CHECK(framed.program == row.program);
    CHECK(time_of(framed) == row.time);
  }
}

TEST_CASE("a datagram to syslog has no host", "[input][framing]") {
  const std::string line = "<139>Nov 22 15:31:10 webtag[1902]: " + std::string(kEntry);
  const auto framed = unframe(line);
  CHECK(framed.frame == Frame::syslog);
  CHECK(framed.program == "webtag");
  CHECK(framed.text == kEntry);
}

TEST_CASE("systemd's child that has not become the program yet has its tag in parentheses", "[input][framing]") {
  const auto framed =
      unframe("Nov 22 15:14:47 host (httpd)[812]: httpd.service: Failed at step EXEC spawning /x: No such file");
  CHECK(framed.frame == Frame::syslog);
  CHECK(framed.text == "httpd.service: Failed at step EXEC spawning /x: No such file");
}

TEST_CASE("a log line after the tag keeps its own indentation and text", "[input][framing]") {
  CHECK(unframe("Nov 22 15:14:47 host httpd[1]:   indented").text == "  indented");
  CHECK(unframe("Nov 22 15:14:47 host httpd[1]:").text.empty());
  CHECK(unframe("Nov 22 15:14:47 host httpd[1]: ").text.empty());
}

TEST_CASE("compose puts the container's name and a bar before the line", "[input][framing]") {
  for (const string_view lead : {"web_1    | ", "web-1  | ", "my.app-web-1 | ", "| ", "  | "}) {
    CAPTURE(lead);
    const std::string line = std::string(lead) + std::string(kEntry);
    const auto framed = unframe(line);
    CHECK(framed.frame == Frame::compose);
    CHECK(framed.text == kEntry);
  }
}

TEST_CASE("a container's runtime puts the time and the stream before the line", "[input][framing]") {
  struct Row {
    string_view lead, time;
  };
  const std::vector<Row> rows = {
      {"2024-03-13T07:02:11.000000001Z stderr F ", "2024-03-13T07:02:11.000000Z"},
      {"2024-03-13T07:02:11.5+01:00 stdout F ", "2024-03-13T07:02:11.5+01:00"},
      {"2024-03-13T07:02:11.000000001Z stderr P ", "2024-03-13T07:02:11.000000Z"},
      {"2024-03-13T07:02:11.123456789Z ", "2024-03-13T07:02:11.123456Z"},
  };
  for (const auto& row : rows) {
    CAPTURE(row.lead);
    const std::string line = std::string(row.lead) + std::string(kEntry);
    const auto framed = unframe(line);
    CHECK(framed.frame == Frame::cri);
    CHECK(framed.text == kEntry);
    CHECK(time_of(framed) == row.time);
  }
}

TEST_CASE("vagrant and mail put marks before the line", "[input][framing]") {
  CHECK(unframe("==> default: AH00526: x").text == "AH00526: x");
  CHECK(unframe("> AH00526: x").text == "AH00526: x");
  CHECK(unframe("> > AH00526: x").text == "AH00526: x");
  CHECK(unframe("> AH00526: x").frame == Frame::prompt);
}

TEST_CASE("frames nest", "[input][framing]") {
  const std::string line = "web-1  | 2024-03-13T07:02:11.5Z Nov 22 15:14:47 host httpd[1]: " + std::string(kEntry);
  const auto framed = unframe(line);
  CHECK(framed.text == kEntry);
  CHECK(framed.program == "httpd");
  CHECK(time_of(framed) == "2024-03-13T07:02:11.5Z");
}

TEST_CASE("what a message says is no frame", "[input][framing]") {
  const std::string forged =
      "[Sun Nov 22 15:20:05 2026] [error] [client 1.2.3.4] x | Nov 22 15:14:47 host httpd[1]: AH00072: y";
  CHECK(unframe(forged).text == forged);
  const std::string start_up = "AH00526: Nov 22 15:14:47 host httpd[1]: AH00072: y";
  CHECK(unframe(start_up).text == start_up);
}

TEST_CASE("each frame has a name", "[input][framing]") {
  CHECK(frame_name(Frame::none) == "none");
  CHECK(frame_name(Frame::syslog) == "syslog");
  CHECK(frame_name(Frame::compose) == "compose");
  CHECK(frame_name(Frame::cri) == "cri");
  CHECK(frame_name(Frame::prompt) == "quoted");
}
