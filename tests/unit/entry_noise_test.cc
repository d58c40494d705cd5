#include <string>
#include <string_view>
#include <vector>

#include "catch.h"
#include "entry/noise.h"
#include "entry/speech.h"

using namespace ahdiag;
using std::string_view;

TEST_CASE("lines of others are named", "[entry][noise]") {
  struct Row {
    string_view name, text;
  };
  const std::vector<Row> rows = {
      {"mark", "```"},
      {"mark", "--"},
      {"mark", "[...]"},
      {"pager", "lines 1-17/17 (END)"},
      {"pager", "Press [Enter] to continue:"},
      {"pager", "Hint: Some lines were ellipsized, use -l to show in full."},
      {"prompt", "root@web:~# systemctl status httpd"},
      {"prompt", "[admin@web1 ~]$ sudo apachectl configtest"},
      {"prompt", "$ tail -f /var/log/apache2/error.log"},
      {"prompt", "bash-5.1# httpd -t"},
      {"prompt", "C:\\Apache24\\bin>httpd.exe -t"},
      {"prompt", "sudo service apache2 start"},
      {"script", "* Restarting Apache httpd web server apache2                [fail]"},
      {"script", "Starting httpd:                                            [FAILED]"},
      {"script", "[FAILED]"},
      {"script", "Output of config test was:"},
      {"script", "The Apache service named  reported the following error:"},
      {"script", "Level\tDate and Time\tSource\tEvent ID\tTask Category"},
      {"script",
       "Error\t3/13/2024 7:02:11 AM\tApache Service\t3299\tNone\t\"The Apache service named  reported the "
       "following error:"},
      {"supervisor", "web-1 exited with code 1"},
      {"trace", "#1 {main}"},
      {"trace", "#12 /srv/b.php(3): f()"},
      {"module", "[ 2024-03-13 07:02:11.1234 812/7f01 age/Cor/App/Implementation.cpp:221 ]: Could not spawn process"},
      {"module", "[Wed Mar 13 07:02:11.123 2024] [812:140] [error] ajp_service::jk_ajp_common.c (2796): x"},
      {"supervisor", "Attaching to web-1, db-1"},
      {"service", "\xE2\x97\x8F httpd.service - The Apache HTTP Server"},
      {"service", "* apache2.service - The Apache HTTP Server"},
      {"service", "CGroup: /system.slice/httpd.service"},
      {"service", "\xE2\x94\x9C\xE2\x94\x80 812 /usr/sbin/httpd -DFOREGROUND"},
      {"service", "Drop-In: /usr/lib/systemd/system/httpd.service.d"},
      {"service", "-- Subject: Unit httpd.service has failed"},
      {"service", "-- Logs begin at Sun 2026-11-22 15:14:47 CET. --"},
      {"source", "==> /var/log/httpd/error_log <=="},
      {"access", "203.0.113.9 - - [22/Nov/2026:15:20:05 +0000] \"GET / HTTP/1.1\" 200 45 \"-\" \"x\""},
      {"access", "www.example.com:80 203.0.113.9 - bob [22/Nov/2026:15:20:05 +0000] \"GET / HTTP/1.1\" 200 45"},
      {"object", "{\"level\":\"info\",\"msg\":\"using provided configuration\"}"},
      {"php", "PHP Warning:  foo() in /srv/x.php on line 3"},
      {"php", "[22-Nov-2026 15:20:05 UTC] PHP Fatal error:  x in /srv/x.php on line 3"},
      {"php", "[22-Nov-2026 15:20:05] WARNING: [pool www] child 46 exited on signal 11 (SIGSEGV)"},
      {"module", "[Sun Nov 22 15:20:05 2026][812:140] [error] ajp_service::jk_ajp_common.c (2799): (w1) x"},
      {"module", "[2026-11-22 15:20:05]: uid: (108/svc) gid: (113/svc) cmd: x.cgi"},
      {"module", "[ N 2026-11-22 15:20:05.1234 812/T1 age/Cor/CoreMain.cpp:1117 ]: Checking"},
      {"module", "Apache-Error: [file \"apache2_util.c\"] [line 273] [level 3] x"},
      {"output", "App 4711 output: words"},
      {"output", "mod_fcgid: stderr: words"},
      {"trace", "Traceback (most recent call last):"},
      {"trace", "File \"/srv/x.py\", line 3, in <module>"},
      {"trace", "at org.example.Main.run(Main.java:3)"},
      {"trace", "Caused by: java.io.IOException: x"},
      {"linker", "httpd: error while loading shared libraries: libssl.so.1.1: cannot open shared object file"},
      {"linker", "/usr/sbin/httpd: symbol lookup error: /usr/lib64/x.so: undefined symbol: y"},
      {"linker", "Error loading shared library libssl.so.1.1: No such file or directory (needed by x)"},
      {"runtime", "*** stack smashing detected ***: terminated"},
      {"runtime", "libgcc_s.so.1 must be installed for pthread_cancel to work"},
      {"runtime", "apache2: ../sysdeps/posix/getaddrinfo.c:2603: getaddrinfo: Assertion `x' failed."},
      {"audit", "type=AVC msg=audit(1795356887.123:4711): avc:  denied  { open } for  pid=812 comm=\"httpd\""},
      {"audit", "audit: type=1400 audit(1795356887.123:4711): avc:  denied  { open } for  pid=812"},
      {"audit", "SELinux is preventing /usr/sbin/httpd from name_connect access on the tcp_socket port 9000."},
      {"kernel", "Out of memory: Killed process 812 (httpd) total-vm:1kB"},
      {"kernel", "httpd invoked oom-killer: gfp_mask=0x100cca"},
      {"supervisor", "2026-11-22 15:20:05,381 INFO spawned: 'httpd' with pid 812"},
      {"program", "sed: couldn't open temporary file /x: Permission denied"},
      {"program", "sh: 1: foo: not found"},
      {"bare", "client denied by server configuration: /srv/x"},
      {"bare", "End of script output before headers: x.cgi"},
      {"none", "words of nobody"},
      {"none", "httpd: words that no table knows"},
      {"none", "Application failed"},
  };
  for (const auto& row : rows) {
    CAPTURE(row.text);
    CHECK(noise_name(noise_of(row.text)) == row.name);
  }
}

TEST_CASE("of several things that a line tells, the strongest is believed", "[entry][noise]") {
  const auto name = [](string_view text) { return noise_name(noise_of(text)); };
  CHECK(name("a b: symbol lookup error: c") == "linker");
  CHECK(name("a b avc:  denied c: symbol lookup error: d") == "linker");
  CHECK(name("a b avc:  denied c invoked oom-killer") == "kernel");
  CHECK(name("a b[1]: segfault at 7 ==ERROR: x") == "kernel");
  CHECK(name("a b==ERROR: avc:  denied") == "runtime");
  CHECK(name("a b: Assertion `x' avc:  denied") == "runtime");
  CHECK(name("a b avc:  denied") == "audit");
  CHECK(name("a b==ERROR: ") == "runtime");
  CHECK(name("a \"b avc:  denied") == "none");
  CHECK(name(std::string(190, 'x') + " avc:  denied") == "none");
}

TEST_CASE("httpd's words are nobody's noise", "[entry][noise]") {
  for (const string_view text : {"AH00015: Unable to open logs", "(98)Address already in use: AH00072: make_sock: x",
                                 "no listening sockets available, shutting down", "[core:error] [pid 1] x"}) {
    CAPTURE(text);
    CHECK(begins_entry(text));
    CHECK(noise_of(text) == Noise::none);
  }
}

TEST_CASE("each kind has a name", "[entry][noise]") {
  std::vector<string_view> names;
  for (int kind = 0; kind < static_cast<int>(Noise::kNoises); ++kind) {
    names.push_back(noise_name(static_cast<Noise>(kind)));
    CHECK_FALSE(names.back().empty());
  }
  CHECK(names.front() == "none");
  CHECK(names.back() == "bare");
}
