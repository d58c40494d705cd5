#include <string>
#include <string_view>
#include <vector>

#include "catch.h"
#include "entry/log_format.h"
#include "shown.h"

using namespace ahdiag;
using std::string_view;

namespace {

LogFormat format_of(string_view text) {
  auto compiled = LogFormat::compile(text);
  if (auto* problem = std::get_if<Problem>(&compiled)) FAIL(to_line(*problem));
  return std::get<LogFormat>(std::move(compiled));
}

std::string match(const LogFormat& format, string_view line) {
  const auto entry = format.match(line);
  return entry ? shown(*entry) : "none";
}

struct Row {
  string_view line, shown;
};

void check(string_view text, const std::vector<Row>& rows) {
  const auto format = format_of(text);
  for (const auto& row : rows) {
    CAPTURE(text, row.line);
    CHECK(match(format, row.line) == row.shown);
  }
}

constexpr string_view kThreaded =
    R"([%{u}t] [%-m:%l] [pid %P:tid %T] %7F: %E: [client\ %a] %M% ,\ referer\ %{Referer}i)";

}  // namespace

TEST_CASE("the manual's format for threaded MPMs is read back", "[entry][log-format]") {
  check(
      kThreaded,
      {{"[Sun Nov 22 15:20:05.469310 2026] [core:error] [pid 8777:tid 4326490112] [client ::1:58619] AH00128: File "
        "does not exist: /srv/x, referer http://a/?b, c",
        "time=2026-11-22T15:20:05.469310 level=error module=core pid=8777 tid=4326490112 client=::1:58619 code=AH00128 "
        "referer=http://a/?b, c message=File does not exist: /srv/x"},
       {"[Sun Nov 22 15:20:05.469310 2026] [core:error] [pid 8:tid 9] (13)Permission denied: [client 10.0.0.7:1] "
        "AH00132: file permissions deny server access: /srv/x",
        "time=2026-11-22T15:20:05.469310 level=error module=core pid=8 tid=9 status=13/Permission denied "
        "client=10.0.0.7:1 code=AH00132 message=file permissions deny server access: /srv/x"},
       {"[Sun Nov 22 15:20:05.469310 2026] [proxy:debug] [pid 8:tid 9] mod_proxy.c(1467): [client 10.0.0.7:1] AH01143: "
        "Running scheme http handler (attempt 0)",
        "time=2026-11-22T15:20:05.469310 level=debug module=proxy pid=8 tid=9 where=mod_proxy.c(1467) "
        "client=10.0.0.7:1 code=AH01143 message=Running scheme http handler (attempt 0)"},
       {"[Sun Nov 22 15:20:05.469310 2026] [core:trace4] [pid 8:tid 9] protocol.c(1118): (28)No space left on device: "
        "[client 10.0.0.7:1] Failed to read request header line x",
        "time=2026-11-22T15:20:05.469310 level=trace4 module=core pid=8 tid=9 where=protocol.c(1118) status=28/No "
        "space left on device client=10.0.0.7:1 message=Failed to read request header line x"},
       {"[Sun Nov 22 15:20:05.469310 2026] [-:emerg] [pid 8:tid 9] AH00020: Configuration Failed, exiting",
        "time=2026-11-22T15:20:05.469310 level=emerg pid=8 tid=9 code=AH00020 message=Configuration Failed, exiting"},
       // prefork: no thread, and so no end of the bracket
       {"[Sun Nov 22 15:20:05.469310 2026] [mpm_prefork:notice] [pid 8:tid AH00163: Apache/2.4.68 (Unix) configured",
        "time=2026-11-22T15:20:05.469310 level=notice module=mpm_prefork pid=8 code=AH00163 message=Apache/2.4.68 "
        "(Unix) "
        "configured"}});
}

TEST_CASE("lines of other forms are left to the default parser", "[entry][log-format]") {
  const auto format = format_of(kThreaded);
  for (const string_view line :
       {"", "AH00015: Unable to open logs", "no listening sockets available, shutting down",
        "(98)Address already in use: AH00072: make_sock: could not bind to address [::]:80",
        "[Sun Nov 22 15:20:05 2026] words of a script", "[Sun Nov 22 15:20:05.469310 2026] [core:loud] [pid 8:tid 9] x",
        "Traceback (most recent call last):"}) {
    CAPTURE(line);
    CHECK(match(format, line) == "none");
  }
  LogFormats formats;
  formats.add(format);
  const string_view startup = "(98)Address already in use: AH00072: make_sock: could not bind to address [::]:80";
  CHECK(shown(formats.parse(startup)) ==
        "status=98/Address already in use code=AH00072 message=make_sock: could not bind to address [::]:80");
  CHECK_FALSE(formats.parse(startup).own_format);
}

TEST_CASE("the manual's simple example leaves an open bracket without a client", "[entry][log-format]") {
  check("[%t] [%l] [pid %P] %F: %E: [client %a] %M",
        {{"[Sun Nov 22 15:20:05 2026] [notice] [pid 5] event.c(3143): [client AH00489: Apache configured",
          "time=2026-11-22T15:20:05 level=notice pid=5 where=event.c(3143) code=AH00489 message=Apache configured"},
         {"[Sun Nov 22 15:20:05 2026] [error] [pid 5] core.c(9): (2)No such file or directory: [client 10.0.0.7:51] "
          "AH00132: x",
          "time=2026-11-22T15:20:05 level=error pid=5 where=core.c(9) status=2/No such file or directory "
          "client=10.0.0.7:51 code=AH00132 message=x"}});
}

TEST_CASE("the manual's format in the manner of 2.2", "[entry][log-format]") {
  check(
      R"([%t] [%l] %7F: %E: [client\ %a] %M% ,\ referer\ %{Referer}i)",
      {{"[Sun Nov 22 15:20:05 2026] [error] (70007)The timeout specified has expired: [client 10.0.0.7:51] AH01110: x",
        "time=2026-11-22T15:20:05 level=error status=70007/The timeout specified has expired client=10.0.0.7:51 "
        "code=AH01110 message=x"},
       {"[Sun Nov 22 15:20:05 2026] [crit] AH00052: child pid 9 exit signal Abort (6)",
        "time=2026-11-22T15:20:05 level=crit code=AH00052 message=child pid 9 exit signal Abort (6)"}});
}

TEST_CASE("the manual's formats with log ids: messages, requests and connections", "[entry][log-format]") {
  check("[%{uc}t] [%-m:%-l] [R:%L] [C:%{C}L] %7F: %E: %M",
        {{"[2026-11-22 15:22:11.481236] [authz_core:error] [R:0oWQCnekd2Y] AH01630: client denied: /h/missing",
          "time=2026-11-22T15:22:11.481236 level=error module=authz_core request=0oWQCnekd2Y code=AH01630 "
          "message=client denied: /h/missing"},
         {"[2026-11-22 15:22:11.481236] [ssl:info] [C:P4aQCnekd2Y] AH01964: Connection to child 0 established",
          "time=2026-11-22T15:22:11.481236 level=info module=ssl connection=P4aQCnekd2Y code=AH01964 "
          "message=Connection to child 0 established"},
         {"[2026-11-22 15:22:11.481236] [mpm_event:notice] AH00489: x",
          "time=2026-11-22T15:22:11.481236 level=notice module=mpm_event code=AH00489 message=x"}});
  const string_view request = "[2026-11-22 15:22:11.481225] [R:0oWQCnekd2Y] Request 0 on C:P4aQCnekd2Y pid:3959 tid:14";
  check("ErrorLogFormat request \"[%{uc}t] [R:%L] Request %k on C:%{c}L pid:%P tid:%T\"",
        {{request,
          "time=2026-11-22T15:22:11.481225 pid=3959 tid=14 request=0oWQCnekd2Y connection=P4aQCnekd2Y "
          "about=request message=[2026-11-22 15:22:11.481225] [R:0oWQCnekd2Y] Request 0 on C:P4aQCnekd2Y "
          "pid:3959 tid:14"}});
  const string_view agent = "[2026-11-22 15:22:11.481230] [R:0oWQCnekd2Y] UA:'it's [core:emerg] AH00072: x'";
  check("request [%{uc}t] [R:%L] UA:'%+{User-Agent}i'",
        {{agent,
          "time=2026-11-22T15:22:11.481230 request=0oWQCnekd2Y about=request message=[2026-11-22 "
          "15:22:11.481230] [R:0oWQCnekd2Y] UA:'it's [core:emerg] AH00072: x'"},
         {"[2026-11-22 15:22:11.481230] [R:0oWQCnekd2Y] Referer:'x'", "none"}});
  const string_view connection = "[2026-11-22 15:22:11.481162] [C:P4aQCnekd2Y] remote 127.0.0.1:50496 local ::1:18080";
  check(R"(connection "[%{uc}t] [C:%{c}L] remote\ %a local\ %A")",
        {{connection,
          "time=2026-11-22T15:22:11.481162 client=127.0.0.1:50496 connection=P4aQCnekd2Y about=connection "
          "message=[2026-11-22 15:22:11.481162] [C:P4aQCnekd2Y] remote 127.0.0.1:50496 local ::1:18080"}});
}

TEST_CASE("formats that people use", "[entry][log-format]") {
  check("[%{cu}t] [%-m:%-l] %-a %-L %M",
        {{"[2026-11-22 15:22:11.481236] [authz_core:error] 127.0.0.1:50496 0oWQCnekd2Y AH01630: client denied: /x",
          "time=2026-11-22T15:22:11.481236 level=error module=authz_core client=127.0.0.1:50496 request=0oWQCnekd2Y "
          "code=AH01630 message=client denied: /x"},
         {"[2026-11-22 15:22:11.481236] [core:notice] - - AH00094: Command line: 'httpd'",
          "time=2026-11-22T15:22:11.481236 level=notice module=core code=AH00094 message=Command line: 'httpd'"},
         {"[2026-11-22 15:22:11.481236] [ssl:info] ::1:50496 - AH01964: x",
          "time=2026-11-22T15:22:11.481236 level=info module=ssl client=::1:50496 code=AH01964 message=x"}});
  check("[%v] [%{cuz}t] [%m:%l] [pid %P:tid %{g}T] %E: [remote\\ %{c}a] [client\\ %a] %M",
        {{"[www.example.com] [2026-11-22 15:22:11.481236 +0100] [proxy:error] [pid 7:tid 8] (111)Connection refused: "
          "[remote 10.0.0.1:44] [client 203.0.113.9:4711] AH00957: HTTP: x",
          "time=2026-11-22T15:22:11.481236+01:00 level=error module=proxy pid=7 tid=8 status=111/Connection refused "
          "client=203.0.113.9:4711 remote=10.0.0.1:44 vhost=www.example.com code=AH00957 message=HTTP: x"},
         {"[[2001:db8::1]] [2026-11-22 15:22:11.481236 +0100] [core:notice] [pid 7:tid 7] AH00094: x",
          "time=2026-11-22T15:22:11.481236+01:00 level=notice module=core pid=7 tid=7 vhost=[2001:db8::1] code=AH00094 "
          "message=x"}});
  check("%{%Y-%m-%dT%H:%M:%S%z}t %l %m %P %M",
        {{"2026-11-22T15:22:11+0100 warn ssl 77 AH01909: x y",
          "time=2026-11-22T15:22:11+01:00 level=warn module=ssl pid=77 code=AH01909 message=x y"}});
  check("%{%d/%b/%Y:%H:%M:%S %z}t|%-m|%l|%P|%M|%v",
        {{"22/Nov/2026:15:22:11 -0530|core|error|9|AH00124: a|b|c|www.example.com",
          "time=2026-11-22T15:22:11-05:30 level=error module=core pid=9 vhost=www.example.com code=AH00124 "
          "message=a|b|c"}});
  check("[%{%s}t] [%l] %M",
        {{"[1795360931] [error] AH00124: x", "time=2026-11-22T15:22:11Z level=error code=AH00124 message=x"}});
  check("[%{m}t] [%l] [%{UNIQUE_ID}e] [client\\ %a] %M",
        {{"[Sun Nov 22 15:20:05.469 2026] [error] [Z0Cxv@wAAQEAAF-x1234AAAA] [client 10.0.0.7:51] AH00124: x",
          "time=2026-11-22T15:20:05.469 level=error client=10.0.0.7:51 code=AH00124 message=x"}});
}

TEST_CASE("a format in the manner of JSON", "[entry][log-format]") {
  check(
      R"({"time":"%{cu}t", "level":"%l", "module":"%-m", "status":"%E", "client":"%a", "message":"%M"})",
      {{R"({"time":"2026-11-22 15:22:11.481236", "level":"error", "module":"core", "status":"(2)No such file or directory", "client":"10.0.0.7:51", "message":"AH00132: "quoted", "level":"emerg"x"})",
        "time=2026-11-22T15:22:11.481236 level=error module=core status=2/No such file or directory client=10.0.0.7:51 "
        "code=AH00132 message=\"quoted\", \"level\":\"emerg\"x"},
       {R"({"time":"2026-11-22 15:22:11.481236", "level":"notice", "module":"core", "message":"AH00094: x"})",
        "time=2026-11-22T15:22:11.481236 level=notice module=core code=AH00094 message=x"}});
}

TEST_CASE("one empty item empties its whole group, but never the message", "[entry][log-format]") {
  const string_view format = "%t|%a|%M|%E";
  check(format, {{"Sun Nov 22 15:20:05 2026|10.0.0.7:51|AH00132: x|(13)Permission denied",
                  "time=2026-11-22T15:20:05 status=13/Permission denied client=10.0.0.7:51 code=AH00132 message=x"},
                 {"AH00489: x", "none"}});
  LogFormats formats;
  formats.add(format_of(format));
  CHECK(shown(formats.parse("AH00489: x")) == "code=AH00489 message=x");
  check("%t %l:%a:%M", {{"Sun Nov 22 15:20:05 2026AH00489: x", "time=2026-11-22T15:20:05 code=AH00489 message=x"},
                        {"Sun Nov 22 15:20:05 2026 error:10.0.0.7:51:AH00132: x",
                         "time=2026-11-22T15:20:05 level=error client=10.0.0.7:51 code=AH00132 message=x"},
                        {"Sun Nov 22 15:20:05 2026 error:2001:db8::7:51:AH00132: x",
                         "time=2026-11-22T15:20:05 level=error client=2001:db8::7:51 code=AH00132 message=x"}});
}

TEST_CASE("fields behind the message are read from the end", "[entry][log-format]") {
  check("[%l] %M [pid %P] [client\\ %a]",
        {{"[error] AH00132: x [pid 666] [client 6.6.6.6:6] y [pid 7] [client 10.0.0.7:51]",
          "level=error pid=7 client=10.0.0.7:51 code=AH00132 message=x [pid 666] [client 6.6.6.6:6] y"},
         {"[notice] AH00094: x [pid 7]", "level=notice pid=7 code=AH00094 message=x"},
         {"[notice] AH00094: x", "none"}});
  // Behind a visitor's message, a status that may be missing may be the visitor's words.
  check("[%l] [%a] %M %E", {{"[error] [10.0.0.7:51] AH00128: no such file: /srv/x (13)Permission denied",
                             "level=error client=10.0.0.7:51 code=AH00128 message=no such file: /srv/x (13)Permission "
                             "denied"},
                            {"[error] AH00099: cannot write (13)Permission denied",
                             "level=error status=13/Permission denied code=AH00099 message=cannot write"}});
}

// ---- what a visitor writes

TEST_CASE("what a visitor sends in a header is no field", "[entry][log-format]") {
  const auto format = format_of("[%{cu}t] [%-m:%l] [%{User-Agent}i] [client\\ %a] %M");
  const std::string head = "[2026-11-22 15:22:11.481236] [core:error] ";
  CHECK(match(format, head + "[curl/8] [client 10.0.0.7:51] AH00132: x") ==
        "time=2026-11-22T15:22:11.481236 level=error module=core client=10.0.0.7:51 code=AH00132 message=x");
  CHECK(match(format, "[2026-11-22 15:22:11.481236] [core:notice] AH00094: x") ==
        "time=2026-11-22T15:22:11.481236 level=notice module=core code=AH00094 message=x");
  // The agent ends the bracket itself: there are two ways to read the line, and so nothing behind it is believed.
  const std::string forged = head + "[x] [client 6.6.6.6:6] AH00072: make_sock: y] [client 10.0.0.7:51] AH00132: x";
  const auto entry = format.match(forged);
  REQUIRE(entry.has_value());
  CHECK(shown(*entry) ==
        "time=2026-11-22T15:22:11.481236 level=error module=core message=x] [client 6.6.6.6:6] AH00072: make_sock: y] "
        "[client 10.0.0.7:51] AH00132: x");
  CHECK(entry->speaker == Speaker::client);
}

TEST_CASE("a message that looks like the rest of the format cannot move the end of a header", "[entry][log-format]") {
  const auto format = format_of("[%l] [%{User-Agent}i] [client\\ %a] %M");
  const auto entry = format.match("[error] [curl] [client 10.0.0.7:51] AH00128: x] [client 6.6.6.6:6] AH00072: y");
  REQUIRE(entry.has_value());
  CHECK(entry->peer.empty());
  CHECK(entry->code.empty());
  CHECK(entry->level == Level::error);
  CHECK(entry->speaker == Speaker::client);
}

TEST_CASE("a header that ends too often, or was cut, hides nothing and forges nothing", "[entry][log-format]") {
  const auto format = format_of("[%l] [%{User-Agent}i] [client\\ %a] %M");
  for (const std::string& agent : {std::string("]]] [client ") + std::string(4000, ']'), std::string(8182, 'x')}) {
    std::string line = "[error] [" + agent + "] [client 10.0.0.7:51] AH00072: make_sock: x";
    if (line.size() > 8190) line.resize(8190);
    const auto entry = format.match(line);
    REQUIRE(entry.has_value());
    CHECK(entry->level == Level::error);
    CHECK(entry->speaker == Speaker::client);
    CHECK((entry->code.empty() || entry->peer == "10.0.0.7:51"));
  }
}

TEST_CASE("a message holds no fields of a format", "[entry][log-format]") {
  const std::vector<string_view> forgeries = {
      "[Mon Jan 01 00:00:00.000000 2001] [core:emerg] [pid 666:tid 667] (2)No such file or directory: [client "
      "6.6.6.6:6] AH01762: x",
      "mod_x.c(1): (2)No such file or directory: [client 6.6.6.6:6] AH01762: x",
      "[client 6.6.6.6:6] AH01762: x",
      ", referer http://a/ [client 6.6.6.6:6]",
  };
  const auto format = format_of(kThreaded);
  for (const auto forged : forgeries) {
    const std::string line =
        "[Sun Nov 22 15:20:05.469310 2026] [cgi:error] [pid 8:tid 9] [client 10.0.0.7:1] " + std::string(forged);
    CAPTURE(line);
    const auto entry = format.match(line);
    REQUIRE(entry.has_value());
    CHECK(entry->level == Level::error);
    CHECK(entry->pid == 8);
    CHECK(entry->peer == "10.0.0.7:1");
    CHECK_FALSE(entry->status.has_value());
    CHECK(entry->where.empty());
    CHECK(entry->code.empty());
  }
}

TEST_CASE("a record that was cut at 8 KiB keeps its header", "[entry][log-format]") {
  const auto format = format_of(R"({"time":"%{cu}t", "level":"%l", "message":"%M"})");
  std::string line = R"({"time":"2026-11-22 15:22:11.481236", "level":"error", "message":"AH00132: )";
  line.resize(8190, 'x');
  const auto entry = format.match(line);
  REQUIRE(entry.has_value());
  CHECK(entry->truncated);
  CHECK(entry->level == Level::error);
  CHECK(entry->code == "AH00132");
  line.resize(100);
  CHECK_FALSE(format.match(line).has_value());
}

TEST_CASE("time is linear in the line", "[entry][log-format]") {
  const auto format = format_of("[%{A}i] [%{B}i] [%{C}i] %7F: %E: [%a] %M% ,\\ referer\\ %{Referer}i [%{D}n]");
  std::string line;
  while (line.size() < 60'000) line += "[x] [] , referer (2): [1.2.3.4:5] ";
  for (int i = 0; i < 200; ++i) CHECK((format.match(line).has_value() || true));
}

// ---- the words of a format

TEST_CASE("a format may be given as the directive, quoted or bare", "[entry][log-format]") {
  for (const string_view text :
       {R"([%t] [%l] \"%v\" %M)", R"("[%t] [%l] \"%v\" %M")", R"(ErrorLogFormat "[%t] [%l] \"%v\" %M")",
        R"(  errorlogformat   '[%t] [%l] "%v" %M' )", R"([%t] [%l] "%v" %M)"}) {
    CAPTURE(text);
    CHECK(match(format_of(text), "[Sun Nov 22 15:20:05 2026] [error] \"a.example\" AH00132: x") ==
          "time=2026-11-22T15:20:05 level=error vhost=a.example code=AH00132 message=x");
  }
}

TEST_CASE("escapes, per cents and separators of a format", "[entry][log-format]") {
  check(R"(100%% [%l]\t\\\\%P\  %M)", {{"100% [error]\t\\7  AH00132: x", "level=error pid=7 code=AH00132 message=x"}});
  check("[%l]% (%a)% -%M",
        {{"[error](10.0.0.7:51)-AH00132: x", "level=error client=10.0.0.7:51 code=AH00132 message=x"},
         {"[error]-AH00132: x", "level=error code=AH00132 message=x"}});
  check("%l   %M", {{"error   AH00132: x", "level=error code=AH00132 message=x"}});
}

TEST_CASE("a wrong format gives one clear problem", "[entry][log-format]") {
  struct Wrong {
    string_view format, why;
  };
  for (const auto& row : std::vector<Wrong>{
           {"", "it is empty"},
           {"   ", "it is empty"},
           {"[%t] [%l]", "%M"},
           {"%M %q", "no item '%q'"},
           {"%M %", "inside of an item"},
           {"%M %{Referer", "inside of an item"},
           {"%M %-", "inside of an item"},
           {"%M %7", "inside of an item"},
           {"%M %i", "needs a name"},
           {"%M %e", "needs a name"},
           {"%M and %M", "twice"},
           {"request %M", "not allowed"},
           {"connection \"%M\"", "not allowed"},
           {"%{%Q}t %M", "cannot be read back"},
       }) {
    CAPTURE(row.format);
    const auto compiled = LogFormat::compile(row.format);
    const auto* problem = std::get_if<Problem>(&compiled);
    REQUIRE(problem != nullptr);
    const std::string line = to_line(*problem);
    CAPTURE(line);
    CHECK(line.find(row.why) != std::string::npos);
    CHECK(line.find('\n') == std::string::npos);
  }
  std::string many = "%M";
  for (int i = 0; i < 100; ++i) many += " %v";
  CHECK(std::holds_alternative<Problem>(LogFormat::compile(many)));
  std::string separators = "%M";
  for (int i = 0; i < 100; ++i) separators += "% ";
  CHECK(std::holds_alternative<LogFormat>(LogFormat::compile(separators)));
}
