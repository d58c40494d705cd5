"""ahdiag entries, --log-format, --since and --until."""
import json
import os
import subprocess
import tempfile
import unittest
from pathlib import Path

AHDIAG = os.environ.get("AHDIAG", str(Path(__file__).resolve().parents[2] / "build/dev/ahdiag"))
USAGE, INCOMPLETE = 2, 3
NOON = "1795348800"  # 2026-11-22T12:00:00Z

FULL = ("[Sun Nov 22 15:20:05.469310 2026] [core:error] [pid 26342:tid 26359] (13)Permission denied: "
        "[client 2001:db8::7:50660] AH00132: file permissions deny server access: /srv/x, referer: http://a/\n")
STAMPED = "[Sun Nov 22 {} 2026] [core:notice] [pid 1] AH00094: {}\n"


def run(*args, log="", zone="UTC", **environment):
    settings = {**os.environ, "TZ": zone, "SOURCE_DATE_EPOCH": NOON, **environment}
    log = log if isinstance(log, bytes) else log.encode()
    return subprocess.run([AHDIAG, *map(str, args)], input=log, capture_output=True, timeout=60, env=settings)


def entries(log, *args, **more):
    done = run("entries", *args, log=log, **more)
    if done.returncode != 0 or done.stderr:
        raise AssertionError((done.returncode, done.stderr))
    return [json.loads(line) for line in done.stdout.decode().splitlines()]


def messages(log, *args, **more):
    return [one["message"] for one in entries(log, *args, **more)]


class Fields(unittest.TestCase):
    maxDiff = None

    def test_every_member_is_there(self):
        self.assertEqual(entries(FULL), [{
            "time": "2026-11-22T15:20:05.469310", "level": "error", "module": "core", "pid": 26342, "tid": 26359,
            "client": {"address": "2001:db8::7", "port": 50660}, "remote": None,
            "status": {"number": 13, "name": "EACCES", "text": "Permission denied", "kind": "os"},
            "code": "AH00132", "codes": None, "message": "file permissions deny server access: /srv/x",
            "referer": "http://a/", "source_file": None, "about": "message", "request_id": None, "connection_id": None,
            "virtual_host": None, "source": "-", "line": 1, "continuation": 1, "format": "httpd-2.4", "noise": None, "frame": None,
            "host": None, "program": None, "truncated": False}])

    def test_members_do_not_depend_on_the_entry(self):
        log = FULL + "raw words\nAH00015: Unable to open logs\n[Sun Nov 22 15:20:05 2026] [error] [client 1.2.3.4] x\n"
        lines = entries(log)
        self.assertEqual(len({tuple(one) for one in lines}), 1)
        self.assertEqual([one["format"] for one in lines], ["httpd-2.4", "unknown", "start-up", "httpd-2.2"])
        self.assertEqual(lines[3]["client"], {"address": "1.2.3.4", "port": None})

    def test_two_codes_and_a_source_file(self):
        one, = entries("[Sun Nov 22 15:20:05.1 2026] [charset_lite:trace3] [pid 1] mod_charset_lite.c(77): AH02997: AH02198: x\n")
        self.assertEqual(one["codes"], ["AH02997", "AH02198"])
        self.assertEqual(one["source_file"], {"file": "mod_charset_lite.c", "line": 77})
        self.assertEqual(one["level"], "trace3")

    def test_a_frame(self):
        one, = entries("Nov 22 15:31:10 web7 httpd[1902]: [ssl:warn] [pid 1902] [remote 10.0.0.5:443] AH02411: x\n")
        self.assertEqual((one["frame"], one["host"], one["program"]), ("syslog", "web7", "httpd"))
        self.assertEqual((one["client"], one["remote"]), (None, {"address": "10.0.0.5", "port": 443}))

    def test_joined_lines_are_counted(self):
        one, = entries("AH00526: Syntax error on line 11 of /etc/x.conf:\nInvalid command 'Foo'\n")
        self.assertEqual((one["line"], one["continuation"]), (1, 2))

    def test_a_record_as_long_as_httpd_lets_it_be(self):
        head = "[Sun Nov 22 15:20:05.1 2026] [php:error] [pid 1] [client 1.2.3.4:5] "
        self.assertTrue(entries(head.ljust(8190, "x"))[0]["truncated"])
        self.assertFalse(entries(head.ljust(8000, "x"))[0]["truncated"])

    def test_every_byte_gives_valid_json(self):
        for byte in range(256):
            if byte in b"\n\r\0\x1b":  # ESC begins a terminal's sequence, which is taken out
                continue
            line = b"[Sun Nov 22 15:20:05 2026] [error] a" + bytes([byte]) + b"b\xff\xc3\xa9"
            with self.subTest(byte=byte):
                one, = entries(line)
                self.assertTrue(one["message"].startswith("a") and one["message"].endswith("b\\xff\u00e9"))

    def test_several_files_in_their_order(self):
        with tempfile.TemporaryDirectory() as folder:
            paths = [Path(folder, name) for name in ("b.log", "a.log")]
            for path in paths:
                path.write_text(FULL)
            lines = entries("", *paths)
            self.assertEqual([one["source"] for one in lines], [str(path) for path in paths])
            done = run("entries", Path(folder, "absent.log"), *paths)
            self.assertEqual(done.returncode, INCOMPLETE)
            self.assertEqual(len(done.stdout.splitlines()), 2)
            self.assertIn(b"absent.log", done.stderr)


class Ecs(unittest.TestCase):
    def test_names(self):
        one, = entries(FULL, "--ecs", "--tz", "Europe/Berlin")
        for name, value in {
                "@timestamp": "2026-11-22T15:20:05.469310+01:00", "event.timezone": "Europe/Berlin", "log.level": "error",
                "error.code": "AH00132", "event.code": "AH00132", "error.type": "EACCES", "httpd.errno.code": 13,
                "process.pid": 26342, "process.thread.id": 26359, "source.address": "2001:db8::7",
                "source.ip": "2001:db8::7", "source.port": 50660, "http.request.referrer": "http://a/",
                "log.logger": "core", "event.category": ["web"], "event.type": ["error"], "event.original": FULL.rstrip("\n"),
                "message": "file permissions deny server access: /srv/x", "event.severity": 3, "event.kind": "event"}.items():
            self.assertEqual(one[name], value, name)
        self.assertNotIn("destination.address", one)
        self.assertNotIn(None, one.values())

    def test_a_backend_is_the_destination(self):
        one, = entries("[Sun Nov 22 15:20:05.1 2026] [ssl:info] [pid 1] [remote 10.0.0.5:443] AH02411: x\n", "--ecs")
        self.assertEqual((one["destination.ip"], one["destination.port"], one["event.type"]), ("10.0.0.5", 443, ["info"]))
        self.assertNotIn("source.address", one)

    def test_a_time_with_a_zone_keeps_it(self):
        one, = entries("[2026-11-22 15:20:05.1 +0530] [core:notice] [pid 1] AH00094: x\n", "--ecs", "--tz", "Europe/Berlin")
        self.assertEqual(one["@timestamp"], "2026-11-22T15:20:05.1+05:30")
        self.assertNotIn("event.timezone", one)

    def test_the_zone_of_the_machine_is_told_as_an_offset(self):
        one, = entries(FULL, "--ecs", zone="America/New_York")
        self.assertEqual((one["@timestamp"], one["event.timezone"]), ("2026-11-22T15:20:05.469310-05:00", "-05:00"))

    def test_no_ip_where_there_is_none(self):
        one, = entries("[Sun Nov 22 15:20:05 2026] [error] [client xx.xx.xx.xx:80] x\n", "--ecs")
        self.assertEqual(one["source.address"], "xx.xx.xx.xx")
        self.assertNotIn("source.ip", one)


class LogFormats(unittest.TestCase):
    FORMAT = "[%{cu}t] [%-m:%-l] %-a %-L %M"
    LINE = "[2026-11-22 15:22:11.481236] [authz_core:error] 10.0.0.7:51 0oWQCnekd2Y AH01630: client denied: /srv/x\n"

    def test_a_format_is_used(self):
        one, = entries(self.LINE, "--log-format", self.FORMAT)
        self.assertEqual((one["client"], one["request_id"]), ({"address": "10.0.0.7", "port": 51}, "0oWQCnekd2Y"))
        self.assertEqual((one["code"], one["format"]), ("AH01630", "log-format"))

    def test_a_format_in_brackets_is_no_list(self):
        one, = entries("[a, AH00132: x]\n", "--log-format", "[%v, %M]")
        self.assertEqual((one["virtual_host"], one["code"], one["message"]), ("a", "AH00132", "x"))

    def test_other_lines_are_read_all_the_same(self):
        lines = entries(self.LINE + "AH00015: Unable to open logs\n" + FULL, "--log-format", self.FORMAT)
        self.assertEqual([one["code"] for one in lines], ["AH01630", "AH00015", "AH00132"])
        self.assertEqual([one["format"] for one in lines], ["log-format", "start-up", "httpd-2.4"])

    def test_several_formats(self):
        log = ("[2026-11-22 15:22:11.1] [R:0oWQCnekd2Y] UA:'AH00072: make_sock: could not bind to address [::]:80'\n"
               "[2026-11-22 15:22:11.1] [authz_core:error] [R:0oWQCnekd2Y] AH01630: client denied: /srv/x\n")
        formats = ("--log-format", "[%{uc}t] [%-m:%-l] [R:%L] [C:%{C}L] %7F: %E: %M",
                   "--log-format", "request [%{uc}t] [R:%L] UA:'%+{User-Agent}i'")
        for more in ((), formats):  # the manual's formats are known unasked
            lines = entries(log, *more)
            self.assertEqual([one["about"] for one in lines], ["request", "message"])
            self.assertEqual({one["request_id"] for one in lines}, {"0oWQCnekd2Y"})
            self.assertEqual([one["code"] for one in lines], [None, "AH01630"])
            done = run("--format", "json", *more, log=log)
            self.assertEqual([one["code"] for one in json.loads(done.stdout)["incidents"] if one["code"] == "AH00072"], [])

    def test_a_diagnosis_uses_it(self):
        line = "2026-11-22 15:22:11.1|auth_digest|error|(2)No such file or directory|AH01762: Failed to create shared " \
               "memory segment on file /run/httpd/authdigest_shm.1\n"
        done = run("--format", "json", "--log-format", "%{cu}t|%m|%l|%E|%M", log=line)
        incident, = json.loads(done.stdout)["incidents"]
        self.assertEqual((incident["code"], incident["errno"]["name"]), ("AH01762", "ENOENT"))

    def test_a_wrong_format_is_one_line(self):
        for text in ("", "[%t]", "%M %q", "%M %{Referer", "request %M", "%M\n%q"):
            for words in ((), ("entries",)):
                done = run(*words, "--log-format", text, log=FULL)
                self.assertEqual((done.returncode, done.stdout), (USAGE, b""), text)
                self.assertRegex(done.stderr.decode(), r"\Aahdiag: --log-format: [^\n]+\n\Z")


class Periods(unittest.TestCase):
    LOG = ("AH00558: before any time\n" + STAMPED.format("10:00:00.5", "ten") + "AH00015: after ten\n" +
           STAMPED.format("11:30:00.5", "half past eleven") + STAMPED.format("11:59:59.5", "noon"))

    def check(self, expected, *args, **more):
        with self.subTest(args=args):
            self.assertEqual([one.split(" ")[0] for one in messages(self.LOG, *args, **more)], expected.split())

    def test_since_and_until(self):
        self.check("before ten after half noon")
        self.check("before half noon", "--since", "2026-11-22T11:00:00Z")
        self.check("before ten after", "--until", "2026-11-22T11:00:00Z")
        self.check("before half", "--since", "2026-11-22 11:00", "--until", "2026-11-22 11:45")
        self.check("before half noon", "--since", "1h")
        self.check("before half noon", "--since", "45m ago")
        self.check("before noon", "--since", "5m")
        self.check("before ten after half noon", "--since", "7d")
        self.check("before ten after half noon", "--since", "today", "--until", "now")
        self.check("before ten after half noon", "--since", "yesterday")
        self.check("before", "--until", "today")
        self.check("before", "--since", "2026-11-23")
        self.check("before ten after half noon", "--since", "2026-11-22")

    def test_a_second_is_whole(self):
        self.check("before ten after half", "--until", "2026-11-22T11:30:00")
        self.check("before ten after", "--until", "2026-11-22T11:30:00.4")
        self.check("before ten after half", "--until", "2026-11-22T11:30:00.5")

    def test_zones(self):
        self.check("before half noon", "--since", "2026-11-22T10:00:00Z", "--tz", "Europe/Berlin")
        self.check("before half noon", "--since", "2026-11-22T10:00:00Z", zone="Europe/Berlin")
        self.check("before half noon", "--since", "2026-11-22T16:31:00+05:30", "--tz", "+00:00")
        self.check("before ten after half noon", "--since", "2h", "--tz", "UTC")
        self.check("before", "--since", "1h", "--tz", "+05:30")
        # The hour that comes twice when summer time ends: its first meaning.
        log = STAMPED.format("02:30:00", "x").replace("Sun Nov 22", "Sun Oct 25")
        self.assertEqual(messages(log, "--since", "2026-10-25T01:00:00Z", "--tz", "Europe/Berlin"), [])
        self.assertEqual(messages(log, "--until", "2026-10-25T01:00:00Z", "--tz", "Europe/Berlin"), ["x"])

    def test_diagnoses_too(self):
        log = FULL.replace("15:20", "11:20").replace("AH00132: file permissions deny server access: /srv/x", "AH00035: access to / denied "
                           "(filesystem path '/srv/x') because search permissions are missing on a component of the path")
        both = log + log.replace("11:20", "09:20")
        rows = json.loads(run("--format", "json", "--since", "1h", log=both).stdout)
        count = sum(one["count"] for one in rows["incidents"]) + sum(one["count"] for one in rows["unmatched"])
        self.assertEqual(count, 1)

    def test_wrong_times_are_usage_errors(self):
        for args in (("--since", "soon"), ("--until", "2026-13-01"), ("--since", "2h3"), ("--since", "99999999999999999999d"),
                     ("--tz", "Mars/Base"), ("--tz", "../etc/passwd"), ("--tz", "Europe"), ("--tz", "/etc/localtime"),
                     ("--since", "now", "--until", "yesterday"), ("--since", "\x1b[31m")):
            for words in ((), ("entries",)):
                done = run(*words, *args, log=FULL)
                self.assertEqual((done.returncode, done.stdout), (USAGE, b""), args)
                self.assertRegex(done.stderr.decode(), r"\Aahdiag: [^\n\x1b]+\n\Z")


class Streams(unittest.TestCase):
    def test_a_closed_pipe_is_silent_and_ends(self):
        source = subprocess.Popen(["yes", FULL.strip()], stdout=subprocess.PIPE)
        done = subprocess.Popen([AHDIAG, "entries"], stdin=source.stdout, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
        source.stdout.close()
        self.assertEqual(json.loads(done.stdout.readline())["code"], "AH00132")
        done.stdout.close()
        self.assertEqual(done.stderr.read(), b"")
        done.stderr.close()
        self.assertEqual(done.wait(timeout=30), 0)
        source.kill()
        source.wait()

    def test_an_entry_is_printed_when_the_next_begins(self):
        done = subprocess.Popen([AHDIAG, "entries"], stdin=subprocess.PIPE, stdout=subprocess.PIPE)
        done.stdin.write(FULL.encode() * 2)
        done.stdin.flush()
        self.assertEqual(json.loads(done.stdout.readline())["line"], 1)
        done.communicate(timeout=30)

    @unittest.skipUnless(Path("/dev/full").exists(), "no /dev/full")
    def test_a_full_disk_is_told(self):
        with open("/dev/full", "wb") as full:
            done = subprocess.run([AHDIAG, "entries"], input=FULL.encode(), stdout=full, stderr=subprocess.PIPE)
        self.assertEqual(done.returncode, INCOMPLETE)
        self.assertRegex(done.stderr.decode(), r"\Aahdiag: [^\n]*No space left[^\n]*\n\Z")


if __name__ == "__main__":
    unittest.main()
