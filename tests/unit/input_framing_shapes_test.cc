#include <string>
#include <string_view>
#include <vector>

#include "catch.h"
#include "input/unframer.h"

using namespace ahdiag;
using std::string_view;

namespace {

struct Got {
  std::string text, lead, program, host, unit, time, frame;
  std::int64_t pid = 0;
  std::uint64_t line = 0;
};

std::vector<Got> unframe_all(const std::vector<std::string>& lines) {
  std::vector<Got> all;
  Unframer unframer([&](const Line& line, const Framed& framed) {
    Got got;
    got.text = framed.text;
    got.lead = framed.lead;
    got.program = framed.program;
    got.host = framed.host;
    got.unit = framed.unit;
    got.time = framed.time ? to_rfc3339(*framed.time) : "";
    got.frame = frame_name(framed.frame);
    got.pid = framed.pid.value_or(0);
    got.line = line.number;
    all.push_back(got);
  });
  std::uint64_t number = 0;
  for (const auto& line : lines) {
    const std::string copy = line;  // gone after the call
    unframer.line({copy, ++number, 0});
  }
  unframer.finish();
  return all;
}

std::vector<std::string> texts(const std::vector<std::string>& lines) {
  std::vector<std::string> all;
  for (const auto& got : unframe_all(lines)) all.push_back(got.text);
  return all;
}

using Texts = std::vector<std::string>;
const std::string kWords = "AH00015: Unable to open logs";
const std::string kStamped = "[Sun Nov 22 15:20:05.469310 2026] [core:error] [pid 1] AH00132: x";

}  // namespace

TEST_CASE("each frame hands on what it says of the line", "[input][framing]") {
  struct Row {
    string_view lead, frame, program, host, unit, time;
    std::int64_t pid;
  };
  const std::vector<Row> rows = {
      // RFC 5424, with structured data that holds what looks like its end
      {"<139>1 2026-11-22T15:14:47.003Z web1 httpd 812 - - ", "syslog", "httpd", "web1", "", "2026-11-22T15:14:47.003Z",
       812},
      {"<139>1 2026-11-22T15:14:47Z web1 httpd 812 ID7 [a@1 b=\"]\\\"\"][c d=\"x\"] ", "syslog", "httpd", "web1", "",
       "2026-11-22T15:14:47Z", 812},
      {"<139>1 - - httpd - - - \xEF\xBB\xBF", "syslog", "httpd", "", "", "", 0},
      // journalctl's short forms
      {"Nov 22 15:14:47 web1 httpd[812]: ", "syslog", "httpd", "web1", "", "", 812},
      {"Nov 22 15:14:47.123456 web1 httpd[812]: ", "syslog", "httpd", "web1", "", "", 812},
      {"2026-11-22T15:14:47+0100 web1 httpd[812]: ", "syslog", "httpd", "web1", "", "2026-11-22T15:14:47+01:00", 812},
      {"2026-11-22T15:14:47.123456+0100 web1 httpd[812]: ", "syslog", "httpd", "web1", "",
       "2026-11-22T15:14:47.123456+01:00", 812},
      {"Sun 2026-11-22 15:14:47 CET web1 httpd[812]: ", "syslog", "httpd", "web1", "", "2026-11-22T15:14:47", 812},
      {"Sun 2026-11-22 15:14:47 CET web1 httpd.service[812]: ", "syslog", "httpd", "web1", "httpd.service",
       "2026-11-22T15:14:47", 812},
      {"1795356887.123456 web1 httpd[812]: ", "syslog", "httpd", "web1", "", "2026-11-22T14:14:47.123456Z", 812},
      {"[ 4711.123456] web1 httpd[812]: ", "syslog", "httpd", "web1", "", "", 812},
      // rsyslog without a host, Heroku's drain
      {"Nov 22 15:14:47 httpd: ", "syslog", "httpd", "", "", "", 0},
      {"2026-11-22T15:14:47.092309+00:00 app[web.1]: ", "syslog", "app", "", "", "2026-11-22T15:14:47.092309Z", 0},
      // containers
      {"web-1  | ", "compose", "", "web-1", "", "", 0},
      {"\x1b[36mweb-1  | \x1b[0m", "compose", "", "web-1", "", "", 0},
      {"2026-11-22T15:14:47.000000001Z stderr F ", "cri", "", "", "", "2026-11-22T15:14:47.000000Z", 0},
      {"2026-11-22T15:14:47.123456789Z ", "cri", "", "", "", "2026-11-22T15:14:47.123456Z", 0},
      {"[pod/web-5c9d/httpd] ", "kubernetes", "httpd", "web-5c9d", "", "", 0},
      // supervisors
      {"httpd stderr | ", "supervisor", "httpd", "", "", "", 0},
      {"15:14:47 ", "supervisor", "", "", "", "", 0},
      {"15:14:47 22/11/26 ", "supervisor", "", "", "", "", 0},
      {"@4000000067405b9f12345678 ", "supervisor", "", "", "", "", 0},
      // build servers
      {"2026-11-22T15:14:47.1234567Z ", "cri", "", "", "", "2026-11-22T15:14:47.123456Z", 0},
      {"2026-11-22T15:14:47.1234567Z ##[error]", "ci", "", "", "", "2026-11-22T15:14:47.123456Z", 0},
      {"test\tRun tests\t2026-11-22T15:14:47.1234567Z ", "ci", "", "", "", "2026-11-22T15:14:47.123456Z", 0},
      {"2026-11-22T15:14:47.123456Z 01E ", "ci", "", "", "", "2026-11-22T15:14:47.123456Z", 0},
      {"[2026-11-22T15:14:47.123Z] ", "ci", "", "", "", "2026-11-22T15:14:47.123Z", 0},
      // mails, provisioners, the event log
      {"> > ", "quoted", "", "", "", "", 0},
      {"==> default: ", "quoted", "", "default", "", "", 0},
      {">>> ", "event-log", "", "", "", "", 0},
      // grep and editors
      {"12: ", "numbered", "", "", "", "", 0},
      {"   12\t", "numbered", "", "", "", "", 0},
      {"error.log:12:", "numbered", "", "", "", "", 0},
      {"/var/log/httpd/error_log:", "numbered", "", "", "", "", 0},
  };
  for (const auto& row : rows) {
    CAPTURE(row.lead);
    for (const auto& words : {kWords, kStamped}) {
      const auto all = unframe_all({std::string(row.lead) + words});
      REQUIRE(all.size() == 1);
      CHECK(all[0].text == words);
      CHECK(all[0].frame == row.frame);
      CHECK(all[0].program == row.program);
      CHECK(all[0].host == row.host);
      CHECK(all[0].unit == row.unit);
      CHECK(all[0].time == row.time);
      CHECK(all[0].pid == row.pid);
    }
  }
}

TEST_CASE("a syslog line's moment lacks only the year", "[input][framing]") {
  const auto framed = unframe("Nov 22 15:14:47.5 web1 httpd[812]: x");
  REQUIRE(framed.yearless);
  CHECK(framed.yearless->month == 11);
  CHECK(framed.yearless->day == 22);
  CHECK(framed.yearless->micros == 54'887'500'000);
  CHECK_FALSE(unframe("nov. 22 15:14:47 web1 httpd[812]: x").yearless);  // in a language that is not read
}

TEST_CASE("what looks like a frame and is none stays", "[input][framing]") {
  for (const std::string line : {
           "2026-11-22T15:14:47.123456789Z",
           "2026-11-22 15:14:47,381 INFO spawned: 'httpd' with pid 812",
           "[2026-11-22 15:22:11.481162] [authz_core:error] [R:0oWQCnekd2Y] AH01630: x",
           "[2026-11-22T15:22:11.481Z] [authz_core:error] [R:0oWQCnekd2Y] AH01630: x",
           "[pod/web] x",
           "12: words of nobody",
           "httpd: Syntax error on line 1 of /etc/httpd/conf/httpd.conf: x",
           "AH00526: Syntax error on line 1 of /etc/httpd/conf/httpd.conf:",
           "<139>1 2026-11-22T15:14:47Z web1 httpd 812 - [open",
           "{\"level\":\"info\",\"msg\":\"using provided configuration\"}",
           "{\"MESSAGE\":\"cut",
       }) {
    CAPTURE(line);
    CHECK(texts({line}) == Texts{line});
  }
}

TEST_CASE("httpd's own words behind a container's time are no tag", "[input][framing]") {
  const std::string time = "2026-11-22T15:14:47.123456789Z ";
  for (const std::string words :
       {"httpd: Syntax error on line 1 of /etc/x.conf: y",
        "AH00526: Syntax error on line 1 of /x:", "AH00558: httpd: Could not reliably determine"}) {
    CAPTURE(words);
    CHECK(texts({time + words}) == Texts{words});
  }
}

TEST_CASE("journalctl -o json is one message a line", "[input][framing]") {
  struct Row {
    string_view object, text;
  };
  const std::vector<Row> rows = {
      {R"({"MESSAGE":"AH00015: Unable to open logs"})", "AH00015: Unable to open logs"},
      {R"({ "MESSAGE" : "AH00015: Unable to open logs" })", "AH00015: Unable to open logs"},
      {R"({"MESSAGE":[65,72,48,48,48,49,53,58,32,120]})", "AH00015: x"},
      {R"({"MESSAGE":"caf\u00e9 \ud83d\ude00 \"q\" a\\b\/"})", "caf\xC3\xA9 \xF0\x9F\x98\x80 \"q\" a\\b/"},
      {R"({"nested":{"MESSAGE":"no"},"list":[[1],{"a":"]"}],"MESSAGE":"yes"})", "yes"},
  };
  for (const auto& row : rows) {
    CAPTURE(row.object);
    CHECK(texts({std::string(row.object)}) == Texts{std::string(row.text)});
  }
  const auto all = unframe_all(
      {R"({"__REALTIME_TIMESTAMP":"1795356887123456","_PID":"812","_HOSTNAME":"web1","_SYSTEMD_UNIT":"httpd.service",)"
       R"("SYSLOG_IDENTIFIER":"httpd","MESSAGE":"x"})"});
  REQUIRE(all.size() == 1);
  CHECK(all[0].frame == "journal");
  CHECK(all[0].program == "httpd");
  CHECK(all[0].host == "web1");
  CHECK(all[0].unit == "httpd.service");
  CHECK(all[0].pid == 812);
  CHECK(all[0].time == "2026-11-22T14:14:47.123456Z");
  CHECK(all[0].lead == "web1 httpd.service httpd[812]: ");
}

TEST_CASE("a line break in a message makes no line", "[input][framing]") {
  CHECK(texts({R"({"MESSAGE":"x\nAH00072: make_sock: y"})"}) == Texts{"x\\nAH00072: make_sock: y"});
  CHECK(texts({R"({"MESSAGE":[120,10,65,72,48,48,48,55,50,58]})"}) == Texts{"x\\nAH00072:"});
  CHECK(texts({R"({"log":"x\nAH00072: y\n","stream":"stderr","time":"2026-11-22T15:14:47Z"})"}) ==
        Texts{"x\\nAH00072: y"});
}

TEST_CASE("docker's files are objects, and a long line is several", "[input][framing]") {
  const auto all =
      unframe_all({R"({"log":"AH00015: Unable \u003cx\u003e\n","stream":"stderr","time":"2026-11-22T15:14:47.5Z"})"});
  REQUIRE(all.size() == 1);
  CHECK(all[0].text == "AH00015: Unable <x>");
  CHECK(all[0].frame == "docker-json");
  CHECK(all[0].time == "2026-11-22T15:14:47.5Z");
  CHECK(texts({R"({"log":"AH00015: Una","stream":"stderr","time":"2026-11-22T15:14:47Z"})",
               R"({"log":"other\n","stream":"stdout","time":"2026-11-22T15:14:47Z"})",
               R"({"log":"ble\n","stream":"stderr","time":"2026-11-22T15:14:47Z"})"}) ==
        Texts{"other", "AH00015: Unable"});
}

TEST_CASE("what a shipper made of a line holds it raw", "[input][framing]") {
  CHECK(texts({R"({"@timestamp":"2026-11-22T15:14:47.5Z","log":{"offset":1},"message":"AH00015: x"})"}) ==
        Texts{"AH00015: x"});
  CHECK(texts({R"({"textPayload":"AH00015: x\n","timestamp":"2026-11-22T15:14:47.5Z"})"}) == Texts{"AH00015: x"});
  CHECK(texts({R"({"time":"Jan 18 12:17:52.452415 2022","level":"core:error","message":"AH00015: x"})"}) ==
        Texts{"AH00015: x"});
  CHECK(texts({R"({"timestamp":"2026-11-22T15:14:47Z","msg":"AH00015: x","message":"y"})"}) == Texts{"AH00015: x"});
  const std::string timeless = R"({"runtime":"x","message":"AH00015: x"})";
  CHECK(texts({timeless}) == Texts{timeless});
}

TEST_CASE("Kubernetes' parts are one line", "[input][framing]") {
  const std::string out = "2026-11-22T15:14:47.1Z stdout ", err = "2026-11-22T15:14:47.1Z stderr ";
  const auto all = unframe_all(
      {err + "P AH00015: ", out + "P a", err + "P Unable", out + "F b", err + "F  to open logs", err + "F x"});
  REQUIRE(all.size() == 3);
  CHECK(all[0].text == "ab");
  CHECK(all[0].line == 2);
  CHECK(all[1].text == kWords);
  CHECK(all[1].line == 1);
  CHECK(all[2].text == "x");
  CHECK(texts({err + "P cut at the end"}) == Texts{"cut at the end"});
}

TEST_CASE("the journal's export is a record of lines", "[input][framing]") {
  const std::string size("\x0A\0\0\0\0\0\0\0", 8);  // its own first byte is a line break
  const auto all = unframe_all({"__CURSOR=s=1;i=2", "__REALTIME_TIMESTAMP=1795356887123456", "PRIORITY=3", "_PID=812",
                                "SYSLOG_IDENTIFIER=httpd", "MESSAGE=" + kWords, "", "__CURSOR=s=1;i=3", "MESSAGE", "",
                                size.substr(1) + "first", "four", "_PID=813", "", kWords});
  REQUIRE(all.size() == 3);
  CHECK(all[0].text == kWords);
  CHECK(all[0].line == 6);
  CHECK(all[0].pid == 812);
  CHECK(all[0].program == "httpd");
  CHECK(all[0].frame == "journal");
  CHECK(all[1].text == "first\\nfour");
  CHECK(all[1].pid == 813);
  CHECK(all[2].frame == "none");
}

TEST_CASE("an event's places for words that were not given are no words", "[input][framing]") {
  CHECK(texts({">>> " + kWords + "     .", ">>> " + kWords + "     .\"", ">>> a sentence.", ">>> no end"}) ==
        Texts{kWords, kWords, "a sentence.", "no end"});
}

TEST_CASE("the journal's other long forms", "[input][framing]") {
  const auto pretty = unframe_all({"{", "\t\"_PID\" : \"812\",", "\t\"MESSAGE\" : \"AH00015: \\\"x\\\"\",", "}", "{",
                                   "\t\"MESSAGE\" : [", "\t\t65,", "\t\t72", "\t],", "\t\"_PID\" : \"9\"", "}"});
  REQUIRE(pretty.size() == 2);
  CHECK(pretty[0].text == "AH00015: \"x\"");
  CHECK(pretty[0].line == 3);
  CHECK(pretty[1].text == "AH");
  CHECK(pretty[1].pid == 9);
  const auto verbose = unframe_all({"Sun 2026-11-22 15:14:47.123456 CET [s=1;i=2;b=3;m=4;t=660e32bc1cdb1;x=6]",
                                    "    _PID=812", "    MESSAGE=" + kWords,
                                    "Sun 2026-11-22 15:14:48.123456 CET [s=1;i=3;b=3;m=4;t=5;x=6]", "    MESSAGE=x"});
  REQUIRE(verbose.size() == 2);
  CHECK(verbose[0].text == kWords);
  CHECK(verbose[0].pid == 812);
  CHECK(verbose[0].time == "2026-11-22T20:17:48.228017Z");
  CHECK(verbose[1].text == "x");
}

TEST_CASE("what begins like a record and is none loses no line of httpd's", "[input][framing]") {
  CHECK(texts({"{", kWords}) == Texts{kWords});
  CHECK(texts({"__CURSOR=x", kWords}) == Texts{kWords});
}

TEST_CASE("Ansible shows a command's output as JSON", "[input][framing]") {
  CHECK(
      texts(
          {R"(fatal: [web1]: FAILED! => {"changed": false, "rc": 1, "stderr": "AH00526: Syntax error on line 3 of /x:\nInvalid command 'Foo'"})"}) ==
      Texts{"AH00526: Syntax error on line 3 of /x:", "Invalid command 'Foo'"});
  CHECK(texts({R"(    "stderr": "AH00015: x\nAH00014: y",)", R"(    "stderr_lines": [)", R"(        "AH00015: x",)",
               R"(        "Invalid command 'Foo'")", R"(    ],)"}) ==
        Texts{"AH00015: x", "AH00014: y", "AH00015: x", "Invalid command 'Foo'", "    ],"});
}

TEST_CASE("numbers in front are believed on the lines that follow httpd's", "[input][framing]") {
  CHECK(texts({"error.log:11:AH00526: Syntax error on line 3 of /x:", "error.log:12:Invalid command 'Foo'",
               "error.log-13-y", "other.log:14:z"}) ==
        Texts{"AH00526: Syntax error on line 3 of /x:", "Invalid command 'Foo'", "y", "other.log:14:z"});
  CHECK(texts({"11: AH00526: Syntax error on line 3 of /x:", "12: Invalid command 'Foo'"}) ==
        Texts{"AH00526: Syntax error on line 3 of /x:", "Invalid command 'Foo'"});
}
