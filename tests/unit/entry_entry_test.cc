#include "entry/entry.h"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "catch.h"

using namespace ahdiag;
using std::string_view;

namespace {

std::string time_of(const Entry& entry) { return entry.time ? to_rfc3339(*entry.time) : ""; }

std::int64_t pid_of(const Entry& entry) { return entry.pid.value_or(-1); }
std::int64_t tid_of(const Entry& entry) { return entry.tid.value_or(-1); }

std::string status_of(const Entry& entry) {
  return entry.status ? std::to_string(entry.status->number) + " " + std::string(entry.status->text) : "";
}

}  // namespace

TEST_CASE("a full record of 2.4 has each of its fields", "[entry]") {
  const auto entry = parse_entry(
      "[Sun Nov 22 15:20:05.469310 2026] [core:error] [pid 26342:tid 26359] (13)Permission denied: "
      "[client 127.0.0.1:50660] AH00132: file permissions deny server access: /srv/x/priv.html, referer: http://a/");
  CHECK(time_of(entry) == "2026-11-22T15:20:05.469310");
  CHECK(entry.module == "core");
  CHECK(entry.level == Level::error);
  CHECK(pid_of(entry) == 26342);
  CHECK(tid_of(entry) == 26359);
  CHECK(entry.where.empty());
  CHECK(status_of(entry) == "13 Permission denied");
  CHECK(entry.speaker == Speaker::client);
  CHECK(entry.peer == "127.0.0.1:50660");
  CHECK(entry.code == "AH00132");
  CHECK(entry.message == "file permissions deny server access: /srv/x/priv.html");
  CHECK(entry.referer == "http://a/");
  CHECK(entry.header);
  CHECK_FALSE(entry.config.has_value());
}

TEST_CASE("each part of a header may be missing", "[entry]") {
  struct Row {
    string_view line, time, module;
    Level level;
    std::int64_t pid, tid;
    bool header;
  };
  const std::string message = "AH00491: caught SIGTERM, shutting down";
  const std::vector<Row> rows = {
      {"[Sun Nov 22 15:20:05.469310 2026] [mpm_event:notice] [pid 6788:tid 6788] ", "2026-11-22T15:20:05.469310",
       "mpm_event", Level::notice, 6788, 6788, true},
      {"[Sun Nov 22 15:20:05.469310 2026] [mpm_event:notice] [pid 6788:tid 140185286481792] ",
       "2026-11-22T15:20:05.469310", "mpm_event", Level::notice, 6788, 140185286481792, true},
      {"[Sun Nov 22 15:20:05.469310 2026] [mpm_prefork:notice] [pid 1234] ", "2026-11-22T15:20:05.469310",
       "mpm_prefork", Level::notice, 1234, -1, true},
      {"[Sun Nov 22 15:20:05.469310 2026] [mpm_winnt:notice] [pid 4:tid 572] ", "2026-11-22T15:20:05.469310",
       "mpm_winnt", Level::notice, 4, 572, true},
      {"[Sun Nov 22 15:20:05.469310 2026] [:emerg] [pid 8] ", "2026-11-22T15:20:05.469310", "", Level::emerg, 8, -1,
       true},
      {"[authz_core:error] [pid 1902:tid 1910] ", "", "authz_core", Level::error, 1902, 1910, true},  // syslog
      {"[2026-11-22 15:22:11.481162] [core:notice] [pid 3] ", "2026-11-22T15:22:11.481162", "core", Level::notice, 3,
       -1, true},
      {"[Sun Nov 22 15:20:05 2026] [notice] ", "2026-11-22T15:20:05", "", Level::notice, -1, -1, true},  // 2.2
      {"", "", "", Level::none, -1, -1, false},  // start-up form
  };
  for (const auto& row : rows) {
    CAPTURE(row.line);
    const std::string line = std::string(row.line) + message;
    const auto entry = parse_entry(line);
    CHECK(time_of(entry) == row.time);
    CHECK(entry.module == row.module);
    CHECK(entry.level == row.level);
    CHECK(pid_of(entry) == row.pid);
    CHECK(tid_of(entry) == row.tid);
    CHECK(entry.header == row.header);
    CHECK(entry.code == "AH00491");
    CHECK(entry.message == "caught SIGTERM, shutting down");
    CHECK(entry.speaker == Speaker::server);
    CHECK(entry.text == line);
  }
}

TEST_CASE("a module is named as LoadModule names it", "[entry]") {
  for (const string_view module : {"core", "php7", "php", "security2", "proxy_fcgi", "auth_openidc", "PerlX9", "my-mod",
                                   "mod.x", "wsgi", "a+b", "caf\xC3\xA9"}) {
    CAPTURE(module);
    const std::string line = "[Sun Nov 22 15:20:05.469310 2026] [" + std::string(module) + ":error] [pid 1] x";
    const auto entry = parse_entry(line);
    CHECK(entry.module == module);
    CHECK(entry.level == Level::error);
    CHECK(pid_of(entry) == 1);
    CHECK(entry.message == "x");
  }
}

TEST_CASE("levels have httpd's names and no others", "[entry]") {
  struct Row {
    string_view name;
    Level level;
  };
  for (const auto& row : std::vector<Row>{{"emerg", Level::emerg},
                                          {"alert", Level::alert},
                                          {"crit", Level::crit},
                                          {"error", Level::error},
                                          {"warn", Level::warn},
                                          {"notice", Level::notice},
                                          {"info", Level::info},
                                          {"debug", Level::debug},
                                          {"trace1", Level::trace},
                                          {"trace8", Level::trace}}) {
    CAPTURE(row.name);
    const std::string line = "[core:" + std::string(row.name) + "] [pid 1] x";
    CHECK(parse_entry(line).level == row.level);
  }
  for (const string_view name : {"err", "warning", "ERROR", "trace9", "trace0", "trace10", "none", ""}) {
    CAPTURE(name);
    const std::string line = "[core:" + std::string(name) + "] x";
    const auto entry = parse_entry(line);
    CHECK(entry.level == Level::none);
    CHECK(entry.message == line);
  }
  CHECK(level_name(Level::warn) == "warn");
  CHECK(level_name(Level::trace) == "trace");
  CHECK(level_name(Level::none).empty());
}

TEST_CASE("the source file and line stand before the message at debug and finer", "[entry]") {
  const auto proxy = parse_entry(
      "[Sun Nov 22 15:20:59.615469 2026] [proxy:debug] [pid 27863:tid 27863] mod_proxy.c(1467): "
      "[client 127.0.0.1:39398] AH01143: Running scheme http handler (attempt 0)");
  CHECK(proxy.where == "mod_proxy.c(1467)");
  CHECK(proxy.peer == "127.0.0.1:39398");
  CHECK(proxy.code == "AH01143");
  CHECK(proxy.message == "Running scheme http handler (attempt 0)");

  const auto both = parse_entry(
      "[Sun Nov 22 15:21:00.629948 2026] [core:debug] [pid 27862:tid 27862] protocol.c(1118): "
      "(28)No space left on device: [client 127.0.0.1:39408] Failed to read request header line x");
  CHECK(both.where == "protocol.c(1118)");
  CHECK(status_of(both) == "28 No space left on device");
  CHECK(both.code.empty());
  CHECK(both.message == "Failed to read request header line x");

  const auto deep = parse_entry("[core:trace3] [pid 1] ../server/core.c(12): x");
  CHECK(deep.where == "../server/core.c(12)");
  CHECK(deep.message == "x");

  const auto none = parse_entry("[core:error] [pid 1] cannot find x.c(12): y");
  CHECK(none.where.empty());
  CHECK(none.message == "cannot find x.c(12): y");
}

TEST_CASE("a peer is the last thing before the id, and an address may hold colons", "[entry]") {
  struct Row {
    string_view bracket, peer;
    Speaker speaker;
  };
  const std::vector<Row> rows = {
      {"[client 127.0.0.1:50660] ", "127.0.0.1:50660", Speaker::client},
      {"[client 2001:db8::1:51234] ", "2001:db8::1:51234", Speaker::client},
      {"[client ::1:0] ", "::1:0", Speaker::client},
      {"[remote 127.0.0.1:18443] ", "127.0.0.1:18443", Speaker::remote},
      {"", "", Speaker::server},
  };
  for (const auto& row : rows) {
    CAPTURE(row.bracket);
    const std::string line = "[Sun Nov 22 15:20:05.469310 2026] [ssl:error] [pid 1:tid 2] " + std::string(row.bracket) +
                             "AH02411: SSL Proxy: Peer certificate does not match";
    const auto entry = parse_entry(line);
    CHECK(entry.peer == row.peer);
    CHECK(entry.speaker == row.speaker);
    CHECK(entry.code == "AH02411");
    CHECK(entry.message == "SSL Proxy: Peer certificate does not match");
  }
}

TEST_CASE("a status stands before the peer, whatever its form", "[entry]") {
  struct Row {
    string_view status, shown;
  };
  const std::vector<Row> rows = {
      {"(2)No such file or directory: ", "2 No such file or directory"},
      {"(-1)Unknown error -1: ", "-1 Unknown error -1"},
      {"(13)Keine Berechtigung: ", "13 Keine Berechtigung"},
      {"(70007)The timeout specified has expired: ", "70007 The timeout specified has expired"},
      {"(20014)Internal error (specific information not available): ",
       "20014 Internal error (specific information not available)"},
      {"(20019)/x.so: cannot open shared object file: No such file or directory: ",
       "20019 /x.so: cannot open shared object file: No such file or directory"},
      {"(EAI 2)Name or service not known: ", "2 Name or service not known"},
      {"(OS 10060)A connection attempt failed.  : ", "10060 A connection attempt failed."},
      {"(os 0x80070005)Access is denied.  : ", "2147942405 Access is denied."},
      {"", ""},
  };
  for (const auto& row : rows) {
    for (const string_view peer : {"[client 1.2.3.4:5] ", "[remote 1.2.3.4:5] ", ""}) {
      const std::string line = "[Sun Nov 22 15:20:05.469310 2026] [proxy:error] [pid 1] " + std::string(row.status) +
                               std::string(peer) + "AH00957: HTTP: attempt to connect to 1.2.3.4:80 failed: x";
      CAPTURE(line);
      const auto entry = parse_entry(line);
      CHECK(status_of(entry) == row.shown);
      CHECK(entry.peer == (peer.empty() ? "" : "1.2.3.4:5"));
      CHECK(entry.code == "AH00957");
      CHECK(entry.message == "HTTP: attempt to connect to 1.2.3.4:80 failed: x");
    }
  }
}

TEST_CASE("2.2 writes the peer before the status", "[entry]") {
  const auto entry = parse_entry(
      "[Sun Nov 22 15:20:05 2026] [error] [client 1.2.3.4] (13)Permission denied: file permissions deny access, "
      "referer: http://a/");
  CHECK(time_of(entry) == "2026-11-22T15:20:05");
  CHECK(entry.level == Level::error);
  CHECK(entry.module.empty());
  CHECK(entry.peer == "1.2.3.4");
  CHECK(status_of(entry) == "13 Permission denied");
  CHECK(entry.message == "file permissions deny access");
  CHECK(entry.referer == "http://a/");

  const auto server = parse_entry("[Sun Nov 22 15:20:05 2026] [crit] (98)Address already in use: make_sock: x");
  CHECK(server.level == Level::crit);
  CHECK(status_of(server) == "98 Address already in use");
  CHECK(server.message == "make_sock: x");

  const auto debug = parse_entry("[Sun Nov 22 15:20:05 2026] [debug] mod_proxy.c(12): [client 1.2.3.4] x");
  CHECK(debug.where == "mod_proxy.c(12)");
  CHECK(debug.peer == "1.2.3.4");
  CHECK(debug.message == "x");
}

TEST_CASE("an id has five or six digits and a colon", "[entry]") {
  struct Row {
    string_view text, code;
  };
  const std::vector<Row> rows = {
      {"AH00526: x", "AH00526"},
      {"AH010033: x", "AH010033"},
      {"AH10497: x", "AH10497"},
      {"AH00526:", "AH00526"},
      {"AH0526: x", ""},
      {"AH0100331: x", ""},
      {"AH00526 x", ""},
      {"AH00526", ""},
      {"ah00526: x", ""},
      {" AH00526: x", ""},
      {"xAH00526: x", ""},
      {"AHx0526: x", ""},
      {"urn:AH10108:", ""},
      {"", ""},
      {"AH", ""},
  };
  for (const auto& row : rows) {
    CAPTURE(row.text);
    CHECK(code_at(row.text) == row.code);
  }
  const auto six = parse_entry("[Sun Nov 22 15:20:05.1 2026] [watchdog:debug] [pid 1] AH010033: Watchdog: x");
  CHECK(six.code == "AH010033");
  CHECK(six.message == "Watchdog: x");
}

TEST_CASE("of two ids the first is the record's", "[entry]") {
  const auto charset = parse_entry("[charset_lite:error] [pid 1] AH02997: AH02198: xlate filter - x");
  CHECK(charset.code == "AH02997");
  CHECK(charset.message == "AH02198: xlate filter - x");
  const auto md = parse_entry("[md:error] [pid 1] md result: urn:org:apache:httpd:log:AH10108: x");
  CHECK(md.code.empty());
}

TEST_CASE("a status inside the message stays there", "[entry]") {
  const auto cgi = parse_entry(
      "[cgi:error] [pid 1] [client 1.2.3.4:5] AH01215: stderr from /c/x.cgi: (2)No such file or directory: exec of "
      "'/c/x.cgi' failed");
  CHECK_FALSE(cgi.status.has_value());
  CHECK(cgi.code == "AH01215");
  CHECK(cgi.message == "stderr from /c/x.cgi: (2)No such file or directory: exec of '/c/x.cgi' failed");
  const auto after = parse_entry("[ssl:error] [pid 1] AH02286: Failed to open ticket key file F: (2) No such file");
  CHECK_FALSE(after.status.has_value());
  CHECK(after.message == "Failed to open ticket key file F: (2) No such file");
}

TEST_CASE("a start-up line has neither time nor level", "[entry]") {
  const auto bind =
      parse_entry("(98)Address already in use: AH00072: make_sock: could not bind to address 127.0.0.1:18081");
  CHECK_FALSE(bind.header);
  CHECK(bind.level == Level::none);
  CHECK(status_of(bind) == "98 Address already in use");
  CHECK(bind.code == "AH00072");
  CHECK(bind.message == "make_sock: could not bind to address 127.0.0.1:18081");
  CHECK(bind.speaker == Speaker::server);

  const auto windows = parse_entry(
      "(OS 10048)Only one usage of each socket address (protocol/network address/port) is normally permitted.  : "
      "AH00072: make_sock: could not bind to address [::]:80");
  CHECK(windows.code == "AH00072");
  CHECK(windows.message == "make_sock: could not bind to address [::]:80");
  REQUIRE(windows.status.has_value());
  CHECK(windows.status->kind == Status::Kind::win);

  const auto name = parse_entry("AH00558: httpd: Could not reliably determine the server's name");
  CHECK(name.code == "AH00558");
  CHECK(name.message == "httpd: Could not reliably determine the server's name");

  const auto bare = parse_entry("no listening sockets available, shutting down");
  CHECK(bare.code.empty());
  CHECK(bare.message == "no listening sockets available, shutting down");
  CHECK_FALSE(bare.header);
}

TEST_CASE("some early messages are stamped and have no id", "[entry]") {
  const auto entry = parse_entry(
      "[Sun Nov 22 14:28:21.165518 2026] [core:warn] [pid 6788:tid 6788] AH00111: Config variable ${X} is "
      "not defined");
  CHECK(entry.code == "AH00111");
  CHECK(entry.message == "Config variable ${X} is not defined");
}

TEST_CASE("line ends, NULs and blanks around an entry are none of it", "[entry]") {
  const auto entry = parse_entry("  [core:error] [pid 1] AH00132: x \r\n");
  CHECK(entry.text == "[core:error] [pid 1] AH00132: x");
  CHECK(entry.message == "x");
  for (const string_view text : {"", " ", "\r\n"}) {
    const auto empty = parse_entry(text);
    CHECK(empty.text.empty());
    CHECK(empty.message.empty());
    CHECK_FALSE(empty.header);
  }
}

TEST_CASE("the referer is what stands behind the last mark, and only a request has one", "[entry]") {
  const auto client =
      parse_entry("[core:error] [pid 1] [client 1.2.3.4:5] AH00126: a, referer: x, b, referer: http://c/");
  CHECK(client.message == "a, referer: x, b");
  CHECK(client.referer == "http://c/");
  const auto server = parse_entry("[core:error] [pid 1] AH00126: a, referer: http://c/");
  CHECK(server.message == "a, referer: http://c/");
  CHECK(server.referer.empty());
  const auto cut = parse_entry("[core:error] [pid 1] [client 1.2.3.4:5] AH00126: a, referer");
  CHECK(cut.message == "a, referer");
  CHECK(cut.referer.empty());
}

TEST_CASE("a request that a daemon process handles has a referer too", "[entry]") {
  const auto entry = parse_entry(
      "[wsgi:error] [pid 1] [remote 203.0.113.9:4711] mod_wsgi (pid=1): Exception occurred, referer: "
      "http://a/?AH00072:");
  CHECK(entry.speaker == Speaker::remote);
  CHECK(entry.message == "mod_wsgi (pid=1): Exception occurred");
  CHECK(entry.referer == "http://a/?AH00072:");
}

// ---- what a visitor writes

TEST_CASE("what a visitor sends is never a header, a client or an id", "[entry]") {
  const string_view forged =
      "[Mon Jan 01 00:00:00.000000 2001] [core:emerg] [pid 666:tid 667] (2)No such file or directory: "
      "[client 6.6.6.6:6] AH01762: Failed to create shared memory segment on file /etc/passwd";
  const std::vector<std::string> heads = {
      "AH01630: client denied by server configuration: /srv/www/",
      "AH00128: File does not exist: /srv/www/",
      "AH01617: user bob: authentication failure for \"/\": Password Mismatch ",
      "AH01618: user ",
      "AH00126: Invalid URI in request GET ",
      "AH01071: Got error 'PHP message: ",
      "AH01215: stderr from /c/x.cgi: ",
      "AH01797: x, referer: ",
      "File does not exist: /srv/www/",
      "script said ",
  };
  for (const auto& head : heads) {
    const std::string line =
        "[Sun Nov 22 15:20:05.469310 2026] [authz_core:error] [pid 1902:tid 1910] "
        "[client 203.0.113.9:4711] " +
        head + std::string(forged);
    CAPTURE(line);
    const auto entry = parse_entry(line);
    CHECK(time_of(entry) == "2026-11-22T15:20:05.469310");
    CHECK(entry.level == Level::error);
    CHECK(entry.module == "authz_core");
    CHECK(pid_of(entry) == 1902);
    CHECK(tid_of(entry) == 1910);
    CHECK(entry.speaker == Speaker::client);
    CHECK(entry.peer == "203.0.113.9:4711");
    CHECK(entry.code == code_at(head));
    CHECK_FALSE(entry.status.has_value());
    CHECK_FALSE(entry.config.has_value());
  }
}

TEST_CASE("a referer is no part of the message", "[entry]") {
  const auto entry = parse_entry(
      "[Sun Nov 22 15:20:05.469310 2026] [core:error] [pid 1] [client 1.2.3.4:5] AH00124: Request exceeded the limit, "
      "referer: [Mon Jan 01 00:00:00 2001] [emerg] AH00072: make_sock: could not bind to address [::]:80");
  CHECK(entry.code == "AH00124");
  CHECK(entry.message == "Request exceeded the limit");
  CHECK(entry.speaker == Speaker::client);
}

TEST_CASE("a second client in the message is the message's", "[entry]") {
  const auto entry = parse_entry(
      "[Sun Nov 22 15:20:05.469310 2026] [security2:error] [pid 1] [client 1.2.3.4:5] [client 1.2.3.4] ModSecurity: "
      "Warning. x [file \"F\"] [line \"12\"] [id \"920350\"]");
  CHECK(entry.peer == "1.2.3.4:5");
  CHECK(entry.module == "security2");
  CHECK(entry.message == "[client 1.2.3.4] ModSecurity: Warning. x [file \"F\"] [line \"12\"] [id \"920350\"]");
}

TEST_CASE("2.4 has no header field behind the peer: what stands there is the message", "[entry]") {
  // A script's own words, logged as they are: its first words may be a visitor's.
  for (const string_view words : {"(28)No space left on device: AH01762: x", "[pid 666:tid 7] x",
                                  "[Mon Jan 01 00:00:00 2001] x", "[core:emerg] x"}) {
    for (const string_view head : {"[Sun Nov 22 15:20:05.469310 2026] [wsgi:error] [pid 12:tid 13] [client 1.2.3.4:5] ",
                                   "[Sun Nov 22 15:20:05.469310 2026] [wsgi:error] [pid 12:tid 13] [remote 1.2.3.4:5] ",
                                   "[wsgi:error] [pid 12:tid 13] [client 1.2.3.4:5] "}) {
      const std::string line = std::string(head) + std::string(words);
      CAPTURE(line);
      const auto entry = parse_entry(line);
      CHECK(pid_of(entry) == 12);
      CHECK(entry.level == Level::error);
      CHECK_FALSE(entry.status.has_value());
      CHECK(entry.code.empty());
      CHECK(entry.message == words);
    }
  }
}

TEST_CASE("2.2 has nothing but a status behind the peer", "[entry]") {
  for (const string_view words : {"[pid 666:tid 7] x", "[Mon Jan 01 00:00:00 2001] x", "[core:emerg] x"}) {
    const std::string line = "[Sun Nov 22 15:20:05 2026] [error] [client 1.2.3.4] " + std::string(words);
    CAPTURE(line);
    const auto entry = parse_entry(line);
    CHECK_FALSE(entry.pid.has_value());
    CHECK(time_of(entry) == "2026-11-22T15:20:05");
    CHECK(entry.module.empty());
    CHECK(entry.message == words);
  }
}

// ---- records that were cut, or written with a format of one's own

TEST_CASE("a cut record gives what is left of it", "[entry]") {
  const string_view whole =
      "[Sun Nov 22 15:20:05.469310 2026] [core:error] [pid 26342:tid 26359] (13)Permission denied: "
      "[client 127.0.0.1:50660] AH00132: file permissions deny server access: /srv/x, referer: http://a/";
  for (std::size_t size = 0; size <= whole.size(); ++size) {
    const auto entry = parse_entry(whole.substr(0, size));
    CAPTURE(size);
    CHECK((entry.code.empty() || entry.code == "AH00132"));
    CHECK((!entry.pid || *entry.pid == 26342));
    CHECK((entry.peer.empty() || entry.peer == "127.0.0.1:50660"));
    CHECK((!entry.time || time_of(entry) == "2026-11-22T15:20:05.469310"));
    CHECK((!entry.status || entry.status->number == 13));
  }
}

TEST_CASE("a header that lost its first bracket is a header", "[entry]") {
  const auto entry = parse_entry("Fri Aug 01 13:32:32.570047 2025] [ssl:error] [pid 1] AH02577: x");
  CHECK(time_of(entry) == "2025-08-01T13:32:32.570047");
  CHECK(entry.module == "ssl");
  CHECK(entry.code == "AH02577");
}

TEST_CASE("log ids of a format of one's own stand before the id", "[entry]") {
  const auto entry = parse_entry(
      "[2026-11-22 15:22:11.481236] [authz_core:error] [R:0oWQCnekd2Y] AH01630: client denied by server configuration: "
      "/h/missing");
  CHECK(time_of(entry) == "2026-11-22T15:22:11.481236");
  CHECK(entry.module == "authz_core");
  CHECK(entry.code == "AH01630");
  CHECK(entry.message == "client denied by server configuration: /h/missing");
}

TEST_CASE("the manual's own format leaves an open bracket where there is no client", "[entry]") {
  const auto entry = parse_entry(
      "[Sun Nov 22 15:20:05 2026] [notice] [client AH00489: Apache/2.4.68 (Unix) configured -- resuming normal "
      "operations");
  CHECK(entry.code == "AH00489");
  CHECK(entry.speaker == Speaker::server);
  CHECK(entry.message == "Apache/2.4.68 (Unix) configured -- resuming normal operations");
}

// ---- configuration errors

TEST_CASE("the inside of a configuration error is that of its innermost file", "[entry][config]") {
  struct Row {
    string_view text, file;
    std::int64_t line;
    string_view body;
  };
  const std::vector<Row> rows = {
      {"AH00526: Syntax error on line 11 of /etc/x.conf: Invalid command 'Foo', perhaps misspelled", "/etc/x.conf", 11,
       "Invalid command 'Foo', perhaps misspelled"},
      {"AH00526: Syntax error on line 11 of /etc/x.conf:", "/etc/x.conf", 11, ""},
      {"AH00526: Syntax error on line 11 of      /etc/x.conf: Foo", "/etc/x.conf", 11, "Foo"},
      {"Syntax error on line 11 of /etc/x.conf: Invalid command 'Foo'", "/etc/x.conf", 11, "Invalid command 'Foo'"},
      {"apache2: Syntax error on line 11 of F: Cannot load /x/libphp.so into server: /x/libphp.so: cannot open shared "
       "object file: No such file or directory",
       "F", 11,
       "Cannot load /x/libphp.so into server: /x/libphp.so: cannot open shared object file: No such file or directory"},
      {"httpd: Syntax error on line 1 of /etc/a: Syntax error on line 9 of /etc/b: Could not open configuration file "
       "/c: Permission denied",
       "/etc/b", 9, "Could not open configuration file /c: Permission denied"},
      {"Syntax error on line 1 of A: Syntax error on line 9 of B: Syntax error on line 3 of /etc/C: x", "/etc/C", 3,
       "x"},
      {"httpd: Syntax error on line 5 of /etc/x.conf: /etc/y.conf:12: <VirtualHost> was not closed.", "/etc/y.conf", 12,
       "<VirtualHost> was not closed."},
      {"Syntax error on line 5 of C:/Apache24/conf/httpd.conf: Invalid command 'Foo'", "C:/Apache24/conf/httpd.conf", 5,
       "Invalid command 'Foo'"},
      {"Starting httpd: AH00526: Syntax error on line 2 of /etc/x: y", "/etc/x", 2, "y"},
      {"[Sun Nov 22 15:20:05.469310 2026] [core:emerg] [pid 1] AH00526: Syntax error on line 2 of /etc/x: y", "/etc/x",
       2, "y"},
      {"httpd: Could not open configuration file /etc/httpd.conf: No such file or directory", "", 0,
       "Could not open configuration file /etc/httpd.conf: No such file or directory"},
      {"Cannot load modules/mod_x.so into server: y", "", 0, "Cannot load modules/mod_x.so into server: y"},
  };
  for (const auto& row : rows) {
    CAPTURE(row.text);
    const auto entry = parse_entry(row.text);
    CHECK(entry.config.has_value());
    if (!entry.config) continue;
    CHECK(entry.config->file == row.file);
    CHECK(entry.config->line == row.line);
    CHECK(entry.config->body == row.body);
  }
}

TEST_CASE("a configuration error whose reason is spelled out has that status", "[entry][config]") {
  const auto entry = parse_entry("httpd: Could not open configuration file /etc/httpd.conf: Permission denied");
  REQUIRE(entry.status.has_value());
  CHECK(entry.status->text == "Permission denied");
  const auto other = parse_entry("AH00526: Syntax error on line 2 of /etc/x: Invalid command 'Permission denied'");
  CHECK_FALSE(other.status.has_value());
}

TEST_CASE("a .htaccess error is a configuration error that one client met", "[entry][config]") {
  const auto entry = parse_entry(
      "[Sun Nov 22 15:20:05.469310 2026] [core:alert] [pid 1:tid 2] [client 1.2.3.4:5] /srv/www/.htaccess: Invalid "
      "command 'Foo', perhaps misspelled, referer: http://a/: b");
  REQUIRE(entry.config.has_value());
  CHECK(entry.config->file == "/srv/www/.htaccess");
  CHECK(entry.config->line == 0);
  CHECK(entry.config->body == "Invalid command 'Foo', perhaps misspelled");
}

TEST_CASE("a .htaccess error is known without what stood before it", "[entry][config]") {
  const auto entry = parse_entry("/srv/www/.htaccess: Options not allowed here");
  REQUIRE(entry.config.has_value());
  CHECK(entry.config->file == "/srv/www/.htaccess");
  CHECK(entry.config->body == "Options not allowed here");
  CHECK(entry.config->in_htaccess);
  CHECK_FALSE(parse_entry("/srv/www/notes: Options not allowed here").config.has_value());
  CHECK_FALSE(parse_entry("[core:error] [pid 1] /srv/www/.htaccess: Options not allowed here").config.has_value());
}

TEST_CASE("a section of .htaccess that was not closed says its line", "[entry][config]") {
  const auto entry = parse_entry(
      "[core:alert] [pid 1] [client 1.2.3.4:5] /srv/www/.htaccess: /srv/www/.htaccess:3: <Files> was not closed.");
  REQUIRE(entry.config.has_value());
  CHECK(entry.config->file == "/srv/www/.htaccess");
  CHECK(entry.config->line == 3);
  CHECK(entry.config->body == "<Files> was not closed.");
  CHECK(entry.config->in_htaccess);
}

TEST_CASE("a visitor's words are no configuration error", "[entry][config]") {
  const std::vector<string_view> lines = {
      "[core:error] [pid 1] [client 1.2.3.4:5] /srv/www/.htaccess: Invalid command 'Foo'",
      "[core:alert] [pid 1] [client 1.2.3.4:5] AH01234: /srv/www/.htaccess: Invalid command 'Foo'",
      "[core:error] [pid 1] [client 1.2.3.4:5] AH00128: File does not exist: Syntax error on line 1 of /etc/x: y",
      "[core:error] [pid 1] [client 1.2.3.4:5] Syntax error on line 1 of /etc/x: y",
      "[php:error] [pid 1] [client 1.2.3.4:5] PHP Parse error:  Syntax error on line 1 of /x: y",
      "[wsgi:error] [pid 1] [remote 1.2.3.4:5] Syntax error on line 1 of /etc/x: y",
      "[core:alert] [pid 1] [client 1.2.3.4:5] words: /srv/www/.htaccess: Invalid command 'Foo'",
  };
  for (const auto line : lines) {
    CAPTURE(line);
    CHECK_FALSE(parse_entry(line).config.has_value());
  }
  const auto id = parse_entry("AH00558: httpd: Syntax error on line 1 of /etc/x: y");
  CHECK_FALSE(id.config.has_value());
}
