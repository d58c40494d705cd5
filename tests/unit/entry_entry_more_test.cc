// Shapes of records beyond httpd's present default: old and new levels, ids, times, peers and statuses, other systems.
#include <string>
#include <string_view>
#include <vector>

#include "catch.h"
#include "entry/entry.h"
#include "shown.h"

using namespace ahdiag;
using std::string_view;

namespace {

struct Row {
  string_view line, shown;
};

void check(const std::vector<Row>& rows) {
  for (const auto& row : rows) {
    CAPTURE(row.line);
    CHECK(shown(parse_entry(row.line)) == row.shown);
  }
}

}  // namespace

TEST_CASE("trace levels keep their number", "[entry]") {
  for (int i = 1; i <= 8; ++i) {
    const std::string level = "trace" + std::to_string(i);
    const auto entry = parse_entry("[http2:" + level + "] [pid 1] x");
    CHECK(entry.level == Level::trace);
    CHECK(entry.trace == i);
    CHECK(level_name(entry) == level);
  }
  CHECK(parse_entry("[core:debug] [pid 1] x").trace == 0);
}

TEST_CASE("ids of processes and threads in their forms", "[entry]") {
  check({
      {"[Sun Nov 22 15:20:05.1 2026] [core:error] [pid 7:tid 140185286481792] x",
       "time=2026-11-22T15:20:05.1 level=error module=core pid=7 tid=140185286481792 message=x"},
      {"[Sun Nov 22 15:20:05.1 2026] [core:error] [pid 7:tid -1225340016] x",
       "time=2026-11-22T15:20:05.1 level=error module=core pid=7 tid=-1225340016 message=x"},
      {"[Sun Nov 22 15:20:05.1 2026] [core:error] [pid 7] [tid 9] x",
       "time=2026-11-22T15:20:05.1 level=error module=core pid=7 tid=9 message=x"},
      {"[Sun Nov 22 15:20:05.1 2026] [core:error] [client 10.0.0.7:51] x",
       "time=2026-11-22T15:20:05.1 level=error module=core client=10.0.0.7:51 message=x"},
      {"[Sun Nov 22 15:20:05 2026] [error] [pid 1000] [client 10.0.0.7] x",
       "time=2026-11-22T15:20:05 level=error pid=1000 client=10.0.0.7 message=x"},
      {"[core:error] [pid ***] AH00132: x", "level=error module=core code=AH00132 message=x"},
      // mod_jk's own log
      {"[Sun Nov 22 15:20:05.1 2026] [812:140] [error] ajp_service::jk_ajp_common.c (2796): x",
       "time=2026-11-22T15:20:05.1 level=error pid=812 tid=140 message=ajp_service::jk_ajp_common.c (2796): x"},
      // A page took the brackets away, and with them the number of the status.
      {"[Sun Nov 22 15:20:05.1 2026] [proxy:error] pid 7:tid 2936474688Permission denied: AH00952: FCGI: x",
       "time=2026-11-22T15:20:05.1 level=error module=proxy pid=7 tid=2936474688 status=13/Permission denied "
       "code=AH00952 message=FCGI: x"},
      {"[Sun Nov 22 15:20:05.1 2026] [core:notice] pid 7:tid 9] AH00094: x",
       "time=2026-11-22T15:20:05.1 level=notice module=core pid=7 tid=9 code=AH00094 message=x"},
      {"[Sun Nov 22 15:20:05.1 2026] [core:notice] pid 7:tid 9words of somebody: AH00094: x",
       "time=2026-11-22T15:20:05.1 level=notice module=core pid=7 tid=9 message=words of somebody: AH00094: x"},
      {"[Sun Nov 22 15:20:05.1 2026] [core:error] [client 1.2.3.4:5] pid 7:tid 9Permission denied: AH00952: x",
       "time=2026-11-22T15:20:05.1 level=error module=core client=1.2.3.4:5 message=pid 7:tid 9Permission denied: "
       "AH00952: x"},
      // The manual's format for threaded servers, on one that is not.
      {"[Sun Nov 22 15:20:05.1 2026] [core:notice] [pid 7:tid AH00094: Command line: 'httpd'",
       "time=2026-11-22T15:20:05.1 level=notice module=core pid=7 code=AH00094 message=Command line: 'httpd'"},
  });
}

TEST_CASE("times with a zone, and in the order of other formats", "[entry]") {
  check({
      {"[2026-11-22 15:22:11.481162 +0200] [core:notice] [pid 1:tid 1] AH00094: x",
       "time=2026-11-22T15:22:11.481162+02:00 level=notice module=core pid=1 tid=1 code=AH00094 message=x"},
      {"[2026-11-22T15:22:11Z] [core:notice] AH00094: x",
       "time=2026-11-22T15:22:11Z level=notice module=core code=AH00094 message=x"},
      {"[Sun Nov 22 15:20:05.123456 2026 -0330] [core:notice] AH00094: x",
       "time=2026-11-22T15:20:05.123456-03:30 level=notice module=core code=AH00094 message=x"},
      {"[22/Nov/2026:15:20:05 +0100] [core:notice] AH00094: x",
       "time=2026-11-22T15:20:05+01:00 level=notice module=core code=AH00094 message=x"},
      {"[2026/11/22 15:20:05] [core:notice] AH00094: x",
       "time=2026-11-22T15:20:05 level=notice module=core code=AH00094 message=x"},
      {"[Sun Nov  2 15:20:05 2025] [core:notice] AH00094: x",
       "time=2025-11-02T15:20:05 level=notice module=core code=AH00094 message=x"},
      {"[Sun Nov 22 15:20:05.469 2026] [core:notice] AH00094: x",
       "time=2026-11-22T15:20:05.469 level=notice module=core code=AH00094 message=x"},
  });
}

TEST_CASE("a status is read before the peer, behind it only in 2.2, and glued", "[entry]") {
  check({
      {"[core:error] [pid 7] (13)Permission denied: [client 10.0.0.7:51] AH00132: x",
       "level=error module=core pid=7 status=13/Permission denied client=10.0.0.7:51 code=AH00132 message=x"},
      {"[core:error] [pid 7] (13)Permission denied:[client 10.0.0.7:51]AH00132: x",
       "level=error module=core pid=7 status=13/Permission denied client=10.0.0.7:51 code=AH00132 message=x"},
      {"[core:error] [pid 7] (13)Keine Berechtigung:[client 10.0.0.7:51] AH00132: x",
       "level=error module=core pid=7 status=13/Keine Berechtigung client=10.0.0.7:51 code=AH00132 message=x"},
      {"[Sun Nov 22 15:20:05 2026] [error] [client 10.0.0.7] (13)Permission denied: access to /x denied",
       "time=2026-11-22T15:20:05 level=error status=13/Permission denied client=10.0.0.7 message=access to /x denied"},
      {"[proxy:error] [pid 7] (EAI 2)Name or service not known: [client 10.0.0.7:51] AH00898: DNS lookup failure",
       "level=error module=proxy pid=7 status=2/Name or service not known client=10.0.0.7:51 code=AH00898 message=DNS "
       "lookup failure"},
      {"[core:error] [pid 7] (os 0x80070005)Access is denied.  : AH00132: x",
       "level=error module=core pid=7 status=2147942405/Access is denied. code=AH00132 message=x"},
      {"[proxy:error] [pid 7] (70007)Timeout", "level=error module=proxy pid=7 message=(70007)Timeout"},
  });
}

TEST_CASE("statuses have the names of APR and of Windows", "[entry][errno]") {
  struct Named {
    string_view line, name;
  };
  for (const auto& row : std::vector<Named>{
           {"(20014)Internal error (specific information not available): x", "APR_EGENERAL"},
           {"(70007)The timeout specified has expired: x", "APR_TIMEUP"},
           {"(70014)End of file found: x", "APR_EOF"},
           {"(70023)This function has not been implemented on this platform: x", "APR_ENOTIMPL"},
           {"(EAI 2)Name or service not known: x", "EAI_NONAME"},
           {"(120006)APR does not understand this error code: x", ""},
           {"(404)Unknown error 404: x", ""},
           {"(48)Address already in use: x", "EADDRINUSE"},
           {"(98)Die Adresse wird bereits verwendet: x", "EADDRINUSE"},
       }) {
    CAPTURE(row.line);
    const auto entry = parse_entry(row.line);
    REQUIRE(entry.status.has_value());
    CHECK(status_name(*entry.status, Abi::linux_) == row.name);
  }
  const auto hresult = parse_entry("(os 0x80070005)Access is denied.  : x");
  const auto plain = parse_entry("(OS 5)Access is denied.  : x");
  REQUIRE((hresult.status && plain.status));
  CHECK(status_name(*hresult.status, Abi::windows) == status_name(*plain.status, Abi::windows));
}

TEST_CASE("Windows: its paths, its two blanks, its languages", "[entry]") {
  check({
      {"(OS 10048)Normalerweise darf jede Socketadresse (Protokoll, Netzwerkadresse oder Anschluss) nur jeweils einmal "
       "verwendet werden.  : AH00072: make_sock: could not bind to address [::]:80",
       "status=10048/Normalerweise darf jede Socketadresse (Protokoll, Netzwerkadresse oder Anschluss) nur jeweils "
       "einmal verwendet werden. code=AH00072 message=make_sock: could not bind to address [::]:80"},
      {"[Sun Nov 22 15:20:05.1 2026] [mpm_winnt:error] [pid 4:tid 572] (OS 6)Das Handle ist ung\xC3\xBCltig: bitte.  : "
       "child terminated",
       "time=2026-11-22T15:20:05.1 level=error module=mpm_winnt pid=4 tid=572 status=6/Das Handle ist ung\xC3\xBCltig: "
       "bitte. message=child terminated"},
      {"[core:error] [pid 4:tid 9] [client 10.0.0.7:51] AH00128: File does not exist: C:\\\\Apache24\\\\htdocs\\\\x",
       "level=error module=core pid=4 tid=9 client=10.0.0.7:51 code=AH00128 message=File does not exist: "
       "C:\\\\Apache24\\\\htdocs\\\\x"},
  });
  const auto htaccess = parse_entry(
      "[core:alert] [pid 4:tid 9] [client 10.0.0.7:51] C:/Apache24/htdocs/.htaccess: Invalid command 'Foo', perhaps "
      "misspelled");
  REQUIRE(htaccess.config.has_value());
  CHECK(htaccess.config->file == "C:/Apache24/htdocs/.htaccess");
}

TEST_CASE("peers: without a port, anonymous, in brackets, two of them", "[entry]") {
  check({
      {"[core:error] [pid 7] [client 2001:db8::1:51234] x",
       "level=error module=core pid=7 client=2001:db8::1:51234 message=x"},
      {"[core:error] [pid 7] [client [2001:db8::1]:51234] x",
       "level=error module=core pid=7 client=[2001:db8::1]:51234 message=x"},
      {"[core:error] [pid 7] [client xx.xx.xx.xx:80] x",
       "level=error module=core pid=7 client=xx.xx.xx.xx:80 message=x"},
      {"[core:error] [pid 7] [client MY IP] x", "level=error module=core pid=7 client=MY IP message=x"},
      {"[proxy:error] [pid 7] [remote 10.0.0.5:443] [client 203.0.113.9:4711] AH01114: x",
       "level=error module=proxy pid=7 client=203.0.113.9:4711 remote=10.0.0.5:443 code=AH01114 message=x"},
      {"[security2:error] [pid 7] [client 10.0.0.7:51] [client 10.0.0.7] ModSecurity: Warning. [id \"920350\"]",
       "level=error module=security2 pid=7 client=10.0.0.7:51 message=[client 10.0.0.7] ModSecurity: Warning. [id "
       "\"920350\"]"},
      // What mod_wsgi's script prints behind its peer is the script's.
      {"[wsgi:error] [pid 7] [remote 10.0.0.5:443] [client 6.6.6.6:6] x",
       "level=error module=wsgi pid=7 remote=10.0.0.5:443 message=[client 6.6.6.6:6] x"},
      {"[php:error] [pid 7] [client 10.0.0.7:51] [remote 6.6.6.6:6] x",
       "level=error module=php pid=7 client=10.0.0.7:51 message=[remote 6.6.6.6:6] x"},
  });
}

TEST_CASE("a second id that httpd itself put behind the first is kept", "[entry]") {
  check({
      {"[charset_lite:error] [pid 1] [client 10.0.0.7:51] AH02997: AH02198: xlate filter - x",
       "level=error module=charset_lite pid=1 client=10.0.0.7:51 code=AH02997 second=AH02198 message=AH02198: xlate "
       "filter - x"},
      {"[ssl:debug] [pid 1] AH02277: Proxy client certificate callback: (host:443) AH02278: entered",
       "level=debug module=ssl pid=1 code=AH02277 second=AH02278 message=Proxy client certificate callback: (host:443) "
       "AH02278: entered"},
      // A script's and a visitor's words.
      {"[cgi:error] [pid 1] [client 10.0.0.7:51] AH01215: AH00072: make_sock: x",
       "level=error module=cgi pid=1 client=10.0.0.7:51 code=AH01215 message=AH00072: make_sock: x"},
      {"[core:error] [pid 1] [client 10.0.0.7:51] AH00128: File does not exist: /x AH00072: make_sock",
       "level=error module=core pid=1 client=10.0.0.7:51 code=AH00128 message=File does not exist: /x AH00072: "
       "make_sock"},
  });
}

TEST_CASE("the manual's other formats are known unasked", "[entry]") {
  check({
      {"[www.example.com] [Sun Nov 22 15:20:05 2026] [core:error] [pid 7] AH00132: x",
       "time=2026-11-22T15:20:05 level=error module=core pid=7 vhost=www.example.com code=AH00132 message=x"},
      {"[Sun Nov 22 15:20:05 2026] [www.example.com:443] [core:error] [pid 7] AH00132: x",
       "time=2026-11-22T15:20:05 level=error module=core pid=7 vhost=www.example.com:443 code=AH00132 message=x"},
      {"[Sun Nov 22 15:20:05 2026] [notice] [pid 5] event.c(3143): [client AH00489: Apache configured",
       "time=2026-11-22T15:20:05 level=notice pid=5 where=event.c(3143) code=AH00489 message=Apache configured"},
      {"[Sun Nov 22 15:20:05 2026] [notice] [client server seems busy, (you may need more)",
       "time=2026-11-22T15:20:05 level=notice message=server seems busy, (you may need more)"},
      {"[2026-11-22 15:22:11.481236] [core:info] [R:0oWQCnekd2Y] [C:P4aQCnekd2Y] AH00132: x",
       "time=2026-11-22T15:22:11.481236 level=info module=core request=0oWQCnekd2Y connection=P4aQCnekd2Y code=AH00132 "
       "message=x"},
      {"[2026-11-22 15:22:11.481162] [C:P4aQCnekd2Y] remote 127.0.0.1:50496 local 127.0.0.1:18080",
       "time=2026-11-22T15:22:11.481162 connection=P4aQCnekd2Y about=connection message=remote 127.0.0.1:50496 local "
       "127.0.0.1:18080"},
      {"[2026-11-22 15:22:11.481225] [R:0oWQCnekd2Y] Request 0 on C:P4aQCnekd2Y pid:3959 tid:140283782076096",
       "time=2026-11-22T15:22:11.481225 request=0oWQCnekd2Y about=request message=Request 0 on C:P4aQCnekd2Y pid:3959 "
       "tid:140283782076096"},
      {"[2026-11-22 15:22:11.481230] [R:0oWQCnekd2Y] UA:'AH00072: make_sock: could not bind to address [::]:80'",
       "time=2026-11-22T15:22:11.481230 request=0oWQCnekd2Y about=request message=UA:'AH00072: make_sock: could not "
       "bind to address [::]:80'"},
      {"[2026-11-22 15:22:11.481236] [authz_core:error] 127.0.0.1:50496 0oWQCnekd2Y AH01630: x",
       "time=2026-11-22T15:22:11.481236 level=error module=authz_core client=127.0.0.1:50496 request=0oWQCnekd2Y "
       "code=AH01630 message=x"},
      {"[2026-11-22 15:22:11.481236] [core:notice] - - AH00094: x",
       "time=2026-11-22T15:22:11.481236 level=notice module=core code=AH00094 message=x"},
  });
}

TEST_CASE("brackets that are none of the header's begin the message", "[entry]") {
  check({
      {"[rewrite:trace3] [pid 7] mod_rewrite.c(470): [client 10.0.0.7:51] 10.0.0.7 - - "
       "[a.example/sid#5][rid#7/initial] x",
       "level=trace3 module=rewrite pid=7 where=mod_rewrite.c(470) client=10.0.0.7:51 message=10.0.0.7 - - "
       "[a.example/sid#5][rid#7/initial] x"},
      {"[core:error] [pid 7] [a.example.com] [core:emerg] x",
       "level=error module=core pid=7 message=[a.example.com] [core:emerg] x"},
      {"[passenger:error] [pid 7] [ pid=9 thr=9 file=ext/apache2/Hooks.cpp:12 ]: x",
       "level=error module=passenger pid=7 message=[ pid=9 thr=9 file=ext/apache2/Hooks.cpp:12 ]: x"},
      {"[a.b.c] words", "message=[a.b.c] words"},
      {"[error]ish words", "message=[error]ish words"},
  });
}

TEST_CASE("a record as long as httpd lets it be was cut", "[entry]") {
  const std::string head = "[Sun Nov 22 15:20:05.1 2026] [php:error] [pid 1] [client 10.0.0.7:51] ";
  struct Length {
    std::size_t size;
    bool truncated;
  };
  for (const auto& row :
       std::vector<Length>{{100, false}, {8185, false}, {8187, true}, {8189, true}, {8190, true}, {8191, false}}) {
    std::string line = head;
    line.resize(row.size, 'x');
    CAPTURE(row.size);
    CHECK(parse_entry(line).truncated == row.truncated);
  }
  CHECK_FALSE(parse_entry(std::string(8190, 'x')).truncated);
}

TEST_CASE("escapes stay as they are logged", "[entry]") {
  const auto entry =
      parse_entry("[core:error] [pid 1] [client 10.0.0.7:51] AH00128: File does not exist: /srv/caf\\xc3\\xa9\\n");
  CHECK(entry.message == "File does not exist: /srv/caf\\xc3\\xa9\\n");
}
