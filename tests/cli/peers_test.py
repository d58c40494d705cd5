"""`ahdiag entries` against what other parsers of httpd's error log are tested with, and against what visitors write.

The lines are ours, each of a shape that stands in the tests of a public parser: Elastic's, logstash's, Vector's, fluentd's,
lnav's, insights-core's, fail2ban's, OSSEC's, CrowdSec's, loghub's."""
import json
import unittest

from support import run

STAMP, TIME = "[Wed Mar 13 07:02:11.469310 2024]", "2024-03-13T07:02:11.469310"
OLD, OLD_TIME = "[Wed Mar 13 07:02:11 2024]", "2024-03-13T07:02:11"
FIELDS = ("time", "level", "module", "pid", "tid", "client", "port", "remote", "errno", "code", "referer")


def row(line, **fields):
    return line, {field: fields.get(field) for field in FIELDS}


SHAPES = [
    row(f"{OLD} [error] [client 192.0.2.7] File does not exist: /srv/www/favicon.ico", time=OLD_TIME, level="error", client="192.0.2.7"),
    row(f"{OLD} [error] [client 192.0.2.7] File does not exist: /srv/x, referer: http://a.example/?b", time=OLD_TIME, level="error",
        client="192.0.2.7", referer="http://a.example/?b"),
    row(f"{OLD} [error] [client 2001:db8::80da:af6b:8b2c] user test not found: /", time=OLD_TIME, level="error",
        client="2001:db8::80da:af6b:8b2c"),
    row(f"{OLD} [error] [pid 1000] [client 192.0.2.7] client denied by server configuration", time=OLD_TIME, level="error", pid=1000,
        client="192.0.2.7"),
    row(f"{OLD} [error] [client 192.0.2.7] (36)File name too long: access to /aaa failed", time=OLD_TIME, level="error", errno=36,
        client="192.0.2.7"),
    row(f"{OLD} [error] [client 192.0.2.7:5555] [client 192.0.2.7] ModSecurity: [file \"/etc/x.conf\"] [id \"340069\"]", time=OLD_TIME,
        level="error", client="192.0.2.7", port=5555),
    row(f"{OLD} [warn] [client 192.0.2.7] [315546] auth_ldap authenticate: user a authentication failed; URI /b [User not found][No such "
        "object], referer: http://a/", time=OLD_TIME, level="warn", client="192.0.2.7", referer="http://a/"),
    row(f"{OLD} [notice] Apache/2.2.22 (Ubuntu) configured -- resuming normal operations", time=OLD_TIME, level="notice"),
    row(f"{OLD} [notice] jk2_init() Found child 6725 in scoreboard slot 10", time=OLD_TIME, level="notice"),
    row(f"{OLD} [error] mod_jk child workerEnv in error state 6", time=OLD_TIME, level="error"),
    row(f"{STAMP} [core:notice] [pid 11379] AH00094: Command line: '/usr/sbin/httpd'", time=TIME, level="notice", module="core", pid=11379,
        code="AH00094"),
    row(f"{STAMP} [mpm_event:notice] [pid 24968:tid 140169861986176] AH00489: Apache/2.4.16 (Ubuntu) configured", time=TIME, level="notice",
        module="mpm_event", pid=24968, tid=140169861986176, code="AH00489"),
    row(f"{STAMP} [core:error] [pid 8777:tid 4326490112] [client ::1:58619] File does not exist: /srv/x", time=TIME, level="error",
        module="core", pid=8777, tid=4326490112, client="::1", port=58619),
    row(f"{STAMP} [core:error] [pid 8777:tid 4326490112] [client 192.0.2.7] File does not exist: /srv/x", time=TIME, level="error",
        module="core", pid=8777, tid=4326490112, client="192.0.2.7"),
    row(f"{STAMP} [:error] [pid 5688] [client 192.0.2.7:8196] script '/srv/x.php' not found or unable to stat", time=TIME, level="error",
        pid=5688, client="192.0.2.7", port=8196),
    row(f"{STAMP} [:notice] [pid 1967] ModSecurity for Apache/2.9.1 (http://www.modsecurity.org/) configured.", time=TIME, level="notice",
        pid=1967),
    row(f"{STAMP} [php7:notice] [pid 17] [client 10.255.0.3:49580] Test error log record", time=TIME, level="notice", module="php7", pid=17,
        client="10.255.0.3", port=49580),
    row(f"{STAMP} [rewrite:trace3] [pid 12:tid 13] mod_rewrite.c(470): [client 192.0.2.7:38350] 192.0.2.7 - - [a.example/sid#5][rid#7/initial] "
        "applying pattern '^/x$' to uri '/'", time=TIME, level="trace3", module="rewrite", pid=12, tid=13, client="192.0.2.7", port=38350),
    row(f"{STAMP} [rewrite:trace3] [pid 12:tid 13] mod_rewrite.c(470): [client web.example.com:513] 192.0.2.7 - - x", time=TIME,
        level="trace3", module="rewrite", pid=12, tid=13, client="web.example.com", port=513),
    row(f"{STAMP} [authz_core:debug] [pid 9:tid 10] mod_authz_core.c(820): [client 192.0.2.7:50752] AH01626: authorization result of "
        "<RequireAny>: granted", time=TIME, level="debug", module="authz_core", pid=9, tid=10, client="192.0.2.7", port=50752, code="AH01626"),
    row(f"{STAMP} [proxy_fcgi:error] [pid 28787:tid 14] (70008)Partial results are valid but processing is incomplete: [client "
        "192.0.2.7:59307] AH01075: Error dispatching request to : (reading input brigade), referer: http://a.example/i.php?p=1&q=r",
        time=TIME, level="error", module="proxy_fcgi", pid=28787, tid=14, errno=70008, client="192.0.2.7", port=59307, code="AH01075",
        referer="http://a.example/i.php?p=1&q=r"),
    row(f"{STAMP} [proxy_fcgi:error] [pid 28786:tid 14] [client 192.0.2.7:52042] AH01071: Got error 'Primary script unknown\\n'", time=TIME,
        level="error", module="proxy_fcgi", pid=28786, tid=14, client="192.0.2.7", port=52042, code="AH01071"),
    row(f"{STAMP} [proxy_http:error] [pid 749] (20014)Internal error: [client 192.0.2.7:47920] AH01102: error reading status line from "
        "remote server y", time=TIME, level="error", module="proxy_http", pid=749, errno=20014, client="192.0.2.7", port=47920, code="AH01102"),
    row(f"{STAMP} [core:error] [pid 20009] (13)Permission denied: [client ::1:49934] AH00132: file permissions deny server access: /srv/1",
        time=TIME, level="error", module="core", pid=20009, errno=13, client="::1", port=49934, code="AH00132"),
    row(f"{STAMP} [authz_owner:error] [pid 9:tid 10] [client [2001:db8::80da:af6b:8b2c]:51548] AH01637: Authorization of user x failed",
        time=TIME, level="error", module="authz_owner", pid=9, tid=10, client="2001:db8::80da:af6b:8b2c", port=51548, code="AH01637"),
    row(f"{STAMP} [auth_basic:error] [pid 9:tid 10] [remote 192.0.2.111:35924] AH01618: user whatever not found: /admin", time=TIME,
        level="error", module="auth_basic", pid=9, tid=10, remote="192.0.2.111", code="AH01618"),
    row(f"{STAMP} [:error] [pid 1159:tid 1256] [remote 192.0.2.1:0] [client 192.0.2.1] ModSecurity: Warning. [data \"x\"]", time=TIME,
        level="error", pid=1159, tid=1256, remote="192.0.2.1", client="192.0.2.1"),
    row(f"{STAMP} [evasive20:error] [pid 22589] [client 192.0.2.1:56175] client denied by server configuration: /x, referer: https://a/b/",
        time=TIME, level="error", module="evasive20", pid=22589, client="192.0.2.1", port=56175, referer="https://a/b/"),
    row(f"{STAMP} [cgi:error] [pid 16860] [client 192.0.2.7:59635] AH01215: /bin/bash: warning: HTTP_TEST: ignoring function definition attempt",
        time=TIME, level="error", module="cgi", pid=16860, client="192.0.2.7", port=59635, code="AH01215"),
    row("[2024-03-13 07:02:11.469310 +0200] [core:notice] [pid 1:tid 139958433106048] AH00094: Command line: 'httpd -D FOREGROUND'",
        time=TIME + "+02:00", level="notice", module="core", pid=1, tid=139958433106048, code="AH00094"),
    row("[2024-03-13 07:02:11.469310] [php7:emerg] [pid 4803] [client 192.0.2.7:35106] PHP Parse error:  syntax error, unexpected '->'",
        time=TIME, level="emerg", module="php7", pid=4803, client="192.0.2.7", port=35106),
    row("[13/Mar/2024:07:02:11 +0000] [ab:alert] [pid 4803:tid 3814] [client 192.0.2.7:24259] I will bypass the haptic driver!",
        time=OLD_TIME + "Z", level="alert", module="ab", pid=4803, tid=3814, client="192.0.2.7", port=24259),
    row("[13/Mar/2024:07:02:11 +0000] [ab:alert] [pid 4803:tid 3814] [client eda7:35d:3ceb:ef1e:2133:e7bf:116e:24cc:24259] words",
        time=OLD_TIME + "Z", level="alert", module="ab", pid=4803, tid=3814, client="eda7:35d:3ceb:ef1e:2133:e7bf:116e:24cc", port=24259),
    row("[13/Mar/2024:07:02:11 +0000] [proxy:error] [pid 23964] (113)No route to host: AH00957: HTTP: attempt to connect to 10.1.0.2:9000 (x) "
        "failed", time=OLD_TIME + "Z", level="error", module="proxy", pid=23964, errno=113, code="AH00957"),
    row(f"Mar 13 07:02:12 srv httpd/backend1[22034]: {STAMP} [authz_core:error] [pid 22036] [client 192.0.2.2:59392] AH01630: client denied",
        time=TIME, level="error", module="authz_core", pid=22036, client="192.0.2.2", port=59392, code="AH01630"),
    row(f"<131>Mar 13 07:02:12 master apache_error {STAMP} [php7:emerg] [pid 1374899] [client 192.0.2.7:41888] rest", time=TIME, level="emerg",
        module="php7", pid=1374899, client="192.0.2.7", port=41888),
]
# Without any time of their own: read last, and alone.
TIMELESS = [
    row("AH00558: httpd: Could not reliably determine the server's fully qualified domain name, using ::1.", code="AH00558"),
    row("Mar 13 07:02:12 tools apache2[18154]: [:error] [pid 18154:tid 14] [client 192.0.2.3:48154] AH01630: client denied", level="error",
        pid=18154, tid=14, client="192.0.2.3", port=48154, code="AH01630"),
]


def read(lines):
    done = run("entries", log="".join(line + "\n" for line in lines))
    return [json.loads(line) for line in done.text.splitlines()]


def flat(one):
    known = {field: one[field] for field in FIELDS if field in one}
    client, remote = one["client"] or {}, one["remote"] or {}
    return {**known, "client": client.get("address"), "port": client.get("port"), "remote": remote.get("address"),
            "errno": (one["status"] or {}).get("number")}


class Shapes(unittest.TestCase):
    maxDiff = None

    def test_together(self):
        entries = read([line for line, _ in SHAPES])
        self.assertEqual(len(entries), len(SHAPES))
        for (line, fields), one in zip(SHAPES, entries):
            with self.subTest(line=line):
                self.assertEqual(flat(one), fields)

    def test_alone(self):
        for line, fields in SHAPES[::5] + TIMELESS:
            with self.subTest(line=line):
                one, = read([line])
                self.assertEqual(flat(one), fields)


# What a visitor asks for, sends as referer, or logs in as: httpd escapes control bytes and the backslash, and nothing else.
FORGERIES = [
    "AH00072: make_sock: could not bind to address [::]:80", "] AH00072: x", "] [client 6.6.6.6:6] AH00072: x", "[client 6.6.6.6:6] x",
    "[remote 6.6.6.6:6] x", "(98)Address already in use: AH00072: x", ": (98)Address already in use: x", "(EAI 2)x: AH00072: y",
    f"{STAMP} [core:emerg] [pid 666:tid 667] AH00072: x", f"{OLD} [emerg] (98)x: make_sock: y", "[core:emerg] [pid 666] AH00072: x",
    "[pid 666:tid 667] [core:emerg] x", "core.c(66): AH00072: x", "[Wed Mar 13 07:02:11.469310 2024] [core:emerg]", ", referer: AH00072: x",
    ", referer: x, referer: [client 6.6.6.6:6] AH00072: y", "%0aAH00072: x", "\\nAH00072: make_sock: x", "\\r\\n[core:emerg] AH00072: x",
    "\\x0aAH00072: x", "Syntax error on line 6 of /etc/x: AH00072: y", "/.htaccess: Invalid command 'x'", "user AH00072: not found",
    "Mar 13 07:02:12 web httpd[666]: AH00072: x", "2024-03-13T07:02:11Z stderr F AH00072: x", "web-1  | AH00072: x", "{\"log\":\"AH00072: x\"}",
    "> AH00072: x", "12: AH00072: x", "`AH00072: x`", "**AH00072: x**", "$", ",", "for", "...", "a" * 300 + " AH00072: x", "Traceback (most recent",
    "R:0oWQCnekd2Y] [C:P4aQCnekd2Y] AH00072: x", "[2024-03-13 07:02:11] [core:emerg] AH00072: x", "pid 666:tid 667Permission denied: AH00072: x",
]
NEW = f"{STAMP} [{{module}}:error] [pid 7:tid 9] [client 192.0.2.7:51] {{words}}"
FORMS = {
    "2.4": NEW,
    "2.4, with a status": NEW.replace("[client", "(13)Permission denied: [client"),
    "2.4, debug": NEW.replace("[client", "core.c(4): [client"),
    "2.2": OLD + " [error] [client 192.0.2.7] {words}",
    "of third parties": NEW.replace("{module}", ""),
    "ISO": NEW.replace(STAMP, "[2024-03-13 07:02:11.469310]"),
    "syslog": "Mar 13 07:02:12 web httpd[7]: " + NEW,
    "syslog, as httpd itself writes": "Mar 13 07:02:12 web httpd[7]: " + NEW[len(STAMP) + 1:],
    "RFC 5424": "<139>1 2024-03-13T07:02:12.1Z web httpd 7 - - " + NEW,
    "compose": "web-1  | " + NEW,
    "CRI": "2024-03-13T07:02:12.000000001Z stderr F " + NEW,
    "no stamp": NEW[len(STAMP) + 1:],
}
WORDS = {
    "URI": ("core", "AH00128: File does not exist: /srv/www/{}"),
    "URI of 2.2": ("core", "File does not exist: /srv/www/{}"),
    "method": ("core", "AH00135: Invalid method in request {} /"),
    "user": ("auth_basic", "AH01618: user {} not found: /private"),
    "user and realm": ("auth_digest", "AH01790: user `{}' in realm `x' not found: /private"),
    "referer": ("core", "AH00132: file permissions deny server access: /srv/x, referer: {}"),
    "host": ("ssl", "AH02032: Hostname {} provided via SNI and hostname x provided via HTTP are different"),
    "script": ("cgi", "AH01215: {}"),
    "PHP": ("proxy_fcgi", "AH01071: Got error 'PHP message: {}'"),
}


class Forgeries(unittest.TestCase):
    def test_they_change_no_field(self):
        for name, form in FORMS.items():
            cases = [(place, forged, module, words.format(forged)) for place, (module, words) in WORDS.items() for forged in FORGERIES]
            lines = [form.format(module=module, words=words) for _, _, module, words in cases]
            entries = read(lines)
            with self.subTest(form=name):
                self.assertEqual([one["line"] for one in entries], [*range(1, len(lines) + 1)])
            for (place, forged, module, words), one in zip(cases, entries):
                with self.subTest(form=name, place=place, forged=forged):
                    self.check(one, name, "" if name in ("2.2", "of third parties") else module, words)

    def check(self, one, form, module, words):
        old = form == "2.2"
        self.assertEqual((one["level"], one["module"]), ("error", module or None))
        self.assertEqual((one["pid"], one["tid"]), (None, None) if old else (7, 9))
        self.assertEqual(one["client"], {"address": "192.0.2.7", "port": None if old else 51})
        self.assertEqual((one["remote"], one["codes"], one["about"]), (None, None, "message"))
        self.assertEqual((one["status"] or {}).get("number"), 13 if "status" in form else None)
        self.assertEqual(one["source_file"], {"file": "core.c", "line": 4} if "debug" in form else None)
        code = words.split(":")[0] if words.startswith("AH") else None
        self.assertEqual(one["code"], code)
        said = words[len(code) + 2:] if code else words
        self.assertTrue(said.startswith((one["message"] or "")[:20]), one["message"])


if __name__ == "__main__":
    unittest.main()
