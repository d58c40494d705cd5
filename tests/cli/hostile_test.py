"""Logs are written by strangers: what they put into one may be shown, but reaches no command, no file and no terminal."""
import random
import re
import resource
import shlex
import subprocess
import tempfile
import unittest
from pathlib import Path

from support import AHDIAG, FOUNDING, MISSING_DIRECTORY, all_steps, report_on, run, to_bytes, words_of

MARK = "EVIL7"
HEADER = "[Wed Mar 13 07:02:11.000001 2024] "
FAKE = f"(2)No such file or directory: AH01762: Failed to create shared memory segment on file /run/{MARK}/authdigest_shm.1"
FAKE_ENTRY = f"{HEADER}[auth_digest:error] [pid 1] {FAKE}"

# What a visitor may choose, and where httpd logs it.
PAYLOADS = (
    f"/{MARK}", f"$(touch {MARK})", f"`touch {MARK}`", f"'; touch {MARK}; '", f'"; touch {MARK}; "', f"| touch {MARK} #", f"&& {MARK}",
    FAKE, FAKE_ENTRY, f"\\n{FAKE_ENTRY}", f", referer: {FAKE}", f"] {FAKE}", f"AH01762: {MARK}", f"AH00020: Configuration Failed, exiting {MARK}",
    f"-rf /{MARK}", f"--{MARK}", f"{{dir}}{MARK}", f"{{service}} {MARK}", f"%s%n%x{MARK}", f"../../{MARK}", f"/{MARK}" * 3000,
    f"Syntax error on line 1 of /etc/httpd/conf/{MARK}.conf: Invalid command '{MARK}'",
)
CLIENT = "[pid 9:tid 9] [client 203.0.113.9:4711] "
PLACES = (
    "[core:error] " + CLIENT + "AH00126: Invalid URI in request GET {} HTTP/1.1",
    "[core:error] " + CLIENT + "AH00127: Cannot map GET {} HTTP/1.1 to file",
    "[core:error] " + CLIENT + "(36)File name too long: AH00127: Cannot map GET {} HTTP/1.1 to file",
    "[authz_core:error] " + CLIENT + "AH01630: client denied by server configuration: /var/www/html/{}",
    "[authz_core:error] " + CLIENT + "AH01630: client denied by server configuration: /var/www/html/x, referer: {}",
    "[auth_basic:error] " + CLIENT + "AH01618: user {} not found: /private",
    "[cgi:error] " + CLIENT + "AH01215: {}: /var/www/cgi-bin/env.sh",
    "[cgid:error] " + CLIENT + "{}",
    "[:error] " + CLIENT + "{}",
    "[php:error] " + CLIENT + "PHP Warning:  {} in /var/www/html/index.php on line 7",
    "[proxy_fcgi:error] " + CLIENT + "AH01071: Got error '{}'",
    "[security2:error] " + CLIENT + "[client 203.0.113.9] ModSecurity: Access denied with code 403 (phase 2). {} [id \"1\"]",
)
NEVER_SHOWN = re.compile("[\x00-\x09\x0b-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ufeff]")


class Hostile(unittest.TestCase):
    maxDiff = 4000

    def check(self, log, *args):
        """What must hold whatever the log says; returns the report."""
        report = report_on(log, *args)
        for incident in report["incidents"]:
            self.check_incident(incident)
        text = run("--color", "never", *args, log=log).text
        self.assertIsNone(NEVER_SHOWN.search(text), repr(text[:3000]))
        return report

    def check_incident(self, incident):
        refused = {one["name"] for one in incident["refused"]}
        accepted = {value.replace("\\\\", "\\") for name, value in incident["captures"].items() if name not in refused}
        for step in all_steps({"incidents": [incident]}):
            if step["kind"] == "command":
                self.assertEqual(shlex.split(step["shell"]), step["argv"])
                for word in step["argv"]:
                    self.assertIsNone(NEVER_SHOWN.search(word), repr(word))
                    if MARK in word:
                        self.assertIn(word, accepted)
                        self.assertFalse(word.startswith("-"))
            if step["kind"] == "file":
                self.assertIsNone(NEVER_SHOWN.search(step["path"]), repr(step["path"]))
                self.assertIsNone(NEVER_SHOWN.search(step["content"]), repr(step["content"]))

    def bound(self, report):
        """The commands and files that carry the mark."""
        return [words_of(step) for step in all_steps(report) if step["kind"] != "manual" and MARK in words_of(step)]


class Visitors(Hostile):
    def test_their_words_reach_no_command(self):
        for place in PLACES:
            log = "".join(HEADER + place.format(payload) + "\n" for payload in PAYLOADS)
            with self.subTest(place=place):
                report = self.check(log)
                self.assertEqual(self.bound(report), [])
                self.assertNotIn("AH01762", [incident["rule"] for incident in report["incidents"]])

    def test_one_by_one(self):
        """Not only as one of many."""
        for payload in PAYLOADS[:-2]:
            for place in PLACES[::3]:
                with self.subTest(place=place, payload=payload):
                    self.assertEqual(self.bound(report_on(HEADER + place.format(payload) + "\n")), [])

    def test_they_do_not_choose_the_platform(self):
        words = "/etc/apache2/apache2.conf /usr/sbin/apache2 Debian apache2.service /var/log/apache2/error.log /usr/local/apache2 C:/Apache24"
        log = FOUNDING.read_text() + "".join(HEADER + place.format(words) + "\n" for place in PLACES) * 20
        self.assertEqual(self.check(log)["platform"]["id"], "rhel")

    def test_they_do_not_name_the_service(self):
        words = f"Loaded: loaded (/usr/lib/systemd/system/{MARK}.service; enabled) {MARK}.service: Main process exited"
        for log in (FOUNDING.read_text() + "".join(HEADER + place.format(words) + "\n" for place in PLACES),
                    "".join(HEADER + place.format(words) + "\n" for place in PLACES) + FAKE_ENTRY.replace(MARK, "httpd") + "\n"):
            report = self.check(log)
            self.assertNotIn(MARK, report["platform"]["facts"]["service"])
            self.assertEqual(self.bound(report), [])

    def test_they_do_not_end_an_incident_of_the_server(self):
        """Their entries between the lines of a failure change nothing of it."""
        entry = HEADER + PLACES[0].format(FAKE) + "\n"
        lines = [FAKE_ENTRY.replace(MARK, "httpd") + "\n", HEADER + "[:emerg] [pid 1] AH00020: Configuration Failed, exiting\n"]
        alone, among = report_on("".join(lines)), report_on(entry + lines[0] + entry + lines[1] + entry)
        self.assertEqual([one["id"] for one in alone["incidents"]], [one["id"] for one in among["incidents"] if one["rule"] == "AH01762"])


class Paths(Hostile):
    """What stands where httpd itself names a path: one whole word of an argv, or nothing."""
    REFUSED = ("/run/../etc/EVIL7", "/run/EVIL7/..", "/run//EVIL7", "run/EVIL7", "./EVIL7", "/run/./EVIL7", "/home/EVIL7", "/etc/EVIL7", "-EVIL7", "EVIL7",
               "/run/EVIL7\x07x", "/run/EVIL7\\n", "/run/EVIL7\\x1b[2J", "/run/EVIL7\x00x", "/run/EVIL7\u202e", "/run/EVIL7" + "/x" * 3000)
    ACCEPTED = ("/run/EVIL7", "/run/EVIL7 x", "/run/$(touch EVIL7)", "/run/`EVIL7`", "/run/EVIL7;reboot", "/run/EVIL7'", '/run/EVIL7"', "/run/EVIL7\\\\x",
                "/run/-EVIL7", "/run/EVIL7*", "/run/EVIL7%h", "/run/$EVIL7", "/run/EVIL7|x", "/run/~EVIL7", "/run/EVIL7&", "/run/EVIL7>x", "/run/#EVIL7",
                "/run/{dir}EVIL7", "/run/EVIL7{service}", "/run/EVIL7é")
    WAYS = ("tmpfiles", "runtime-directory", "unit", "none")

    def test_refused(self):
        for path in self.REFUSED:
            for way in self.WAYS[::2]:
                with self.subTest(path=path, way=way):
                    report = self.check(MISSING_DIRECTORY.format(path), "--platform", "rhel", "--persist", way)
                    self.assertEqual(self.bound(report), [])

    def test_no_directory_of_the_system_is_changed(self):
        """It exists, whatever the log says; its owner and mode are not ours to set."""
        for directory in ("", "/run", "/etc", "/tmp", "/var/tmp", "/var/run", "/usr/local", "/opt", "/var/log", "/dev/shm"):
            with self.subTest(directory=directory or "/"):
                report = self.check(MISSING_DIRECTORY.format(directory), "--platform", "rhel")
                changes = [step for step in all_steps(report) if step["phase"] in ("repair", "persist", "undo")]
                self.assertEqual([words_of(step) for step in changes if (directory or "/") in step.get("argv", [])], [])
                self.assertEqual([words_of(step) for step in changes if f"d {directory or '/'} " in step.get("content", "")], [])

    def test_what_is_refused_says_so(self):
        for path in ("/run/../etc/EVIL7", "/home/EVIL7"):
            incident = self.check(MISSING_DIRECTORY.format(path), "--platform", "rhel")["incidents"][0]
            self.assertIn("segment", [one["name"] for one in incident["refused"]])
            repairs = [step for step in incident["plan"]["steps"] if step["phase"] == "repair" and MARK in words_of(step)]
            self.assertEqual({step["kind"] for step in repairs}, {"manual"})
            self.assertTrue(incident["plan"]["missing"])

    def test_accepted_as_one_word(self):
        for path in self.ACCEPTED:
            for way in self.WAYS:
                with self.subTest(path=path, way=way):
                    report = self.check(MISSING_DIRECTORY.format(path), "--platform", "rhel", "--persist", way)
                    install = next(step["argv"] for step in all_steps(report) if step.get("argv", [""])[0] == "install" and "--" in step["argv"])
                    self.assertEqual(install[-2:], ["--", path.replace("\\\\", "\\")])

    def test_a_shell_hands_the_words_over_unchanged(self):
        for path in self.ACCEPTED:
            for step in all_steps(report_on(MISSING_DIRECTORY.format(path), "--platform", "rhel")):
                if step["kind"] == "command" and MARK in step["shell"]:
                    script = "printf '%s\\0' " + step["shell"]
                    done = subprocess.run(["sh", "-c", script], capture_output=True, cwd="/", check=True)
                    self.assertEqual(done.stdout.decode().split("\0")[:-1], step["argv"])

    def test_a_file_is_pasted_unchanged(self):
        """The here-document of the text form carries exactly the content of the JSON form."""
        for path in self.ACCEPTED:
            for way in ("tmpfiles", "unit"):
                args = ("--platform", "rhel", "--persist", way)
                file = next(step for step in all_steps(report_on(MISSING_DIRECTORY.format(path), *args)) if step["kind"] == "file")
                text = run(*args, log=MISSING_DIRECTORY.format(path)).text
                pasted = re.search(r"^ +install [^\n]*<<'(\w+)'\n.*?^\1$", text, re.MULTILINE | re.DOTALL)[0]
                done = subprocess.run(["bash", "-c", 'install() { printf "%s\\n" "${@: -1}"; cat; }\n' + pasted], capture_output=True, text=True, check=True)
                self.assertEqual(done.stdout, f"{file['path']}\n{file['content']}")

    def test_units_that_the_log_names(self):
        for unit in (f"$({MARK})", f"-{MARK}", f"{MARK} x", f"../{MARK}", f"{MARK};x", f"{MARK}\x1b[1m", f"{MARK}\u202e", f"{MARK}/x"):
            with self.subTest(unit=unit):
                log = FAKE_ENTRY.replace(MARK, "httpd") + f"\n   Loaded: loaded (/usr/lib/systemd/system/{unit}.service; enabled)\n"
                self.assertEqual(self.bound(self.check(log)), [])


class Bytes(Hostile):
    ODD = (b"\x1b[31mred\x1b[0m", b"\x1b]0;title\x07", b"\x1b[2J\x1b[H", b"\x00\x00", b"\x9b31m", b"\xc2\x9b31m", b"\x7f\x08\x08", "\u202e\u2066x\u2069".encode(),
           "\u2028\u2029\ufeff\u200f".encode(), b"\xff\xfe\x00", b"\xc0\xaf", b"\xed\xa0\x80", b"\xf4\x90\x80\x80", b"\xe2\x82", b"\r\x0b\x0c", b"\t\t")

    def test_odd_bytes_everywhere(self):
        for odd in self.ODD:
            for line in (b"%s", b"[core:error] [pid 1] AH99999: %s", b"[core:error] [pid 1] AH00016: Configuration Failed %s", b"[%s:error] [pid 1] AH99998: x",
                         to_bytes(HEADER) + b"[auth_digest:error] [pid 1] (2)No such file or directory%s: AH01762: Failed to create shared memory segment on "
                         b"file /run/httpd/a", to_bytes(MISSING_DIRECTORY.format("/run/%s")).rstrip(b"\n"),
                         b"AH00526: Syntax error on line 1 of /etc/httpd/conf/%s: Invalid command '%s', perhaps misspelled"):
                with self.subTest(odd=odd, line=line):
                    self.check(line.replace(b"%s", odd) + b"\n")

    def test_odd_names_of_files(self):
        with tempfile.TemporaryDirectory() as folder:
            for name in ("a\x1b[31mb", "a\nb", "a\u202eb", b"a\xffb".decode("utf-8", "surrogateescape")):
                path = Path(folder, name)
                path.write_bytes(FOUNDING.read_bytes())
                self.assertIsNone(NEVER_SHOWN.search(run("--color", "never", path).text), name)
                self.assertEqual(len(run("--format", "json", path).report()["incidents"]), 1)
                absent = run(Path(folder, "absent" + name))
                self.assertIsNone(NEVER_SHOWN.search(absent.err), name)
                self.assertEqual(absent.err.count("\n"), 1)

    def test_noise(self):
        draw = random.Random(1762)
        for size in (1, 100, 10_000, 2_000_000):
            self.check(draw.randbytes(size))

    def test_a_damaged_log(self):
        """Bytes changed, dropped and doubled anywhere."""
        draw, whole = random.Random(2), FOUNDING.read_bytes()
        for _ in range(60):
            log = bytearray(whole)
            for _ in range(draw.randint(1, 12)):
                at = draw.randrange(len(log))
                log[at:at + draw.randint(0, 2)] = draw.choice((b"", b"\x00", b"\n", b"'", b"]", b"[", b"(", b"/", b"\xff", bytes([draw.randrange(256)])))
            self.check(bytes(log))

    def test_a_log_cut_anywhere(self):
        whole = FOUNDING.read_bytes()
        for end in range(0, len(whole), 23):
            self.check(whole[:end])


class Size(Hostile):
    MEGABYTE = 1 << 20
    ALLOWED = 192 * MEGABYTE

    def bounded(self, log):
        """The report of a run that may not take more memory than ALLOWED."""
        if b"__asan_init" in Path(AHDIAG).read_bytes():
            self.skipTest("the sanitizer takes memory of its own")
        done = run("--format", "json", log=log, preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_DATA, (self.ALLOWED, self.ALLOWED)))
        self.assertIn(done.status, (0, 1), done.err)
        return done.report()

    def test_long_lines(self):
        for line in (MISSING_DIRECTORY.format("/run/" + "x" * self.MEGABYTE), HEADER + PLACES[0].format("A" * self.MEGABYTE) + "\n", "[" * self.MEGABYTE,
                     FAKE_ENTRY + " " * self.MEGABYTE, "AH01762: " * 100_000, "\\x1b" * 200_000, ": " * 500_000, "(2)" * 300_000, "/" * self.MEGABYTE,
                     "Mar 13 07:02:11 host httpd[1]: " * 30_000):
            with self.subTest(line=line[:60]):
                self.check(line)

    def test_a_long_line_hides_nothing_after_it(self):
        report = self.check("x" * self.MEGABYTE + "\n" + FOUNDING.read_text())
        self.assertEqual([one["rule"] for one in report["incidents"]], ["AH01762"])

    def test_one_line_of_a_hundred_megabytes(self):
        report = self.bounded(b"x" * (100 * self.MEGABYTE))
        self.assertEqual(report["input"][0]["bytes"], 100 * self.MEGABYTE)

    def test_an_entry_of_a_hundred_megabytes(self):
        self.bounded(to_bytes(FAKE_ENTRY) + b"x" * (100 * self.MEGABYTE))

    def test_a_wrapped_entry_without_end(self):
        self.bounded(to_bytes(FAKE_ENTRY) + b"\n   and so on" * 1_000_000)

    def test_more_failures_than_anybody_reads(self):
        report = self.bounded("".join(MISSING_DIRECTORY.format(f"/run/{i}") for i in range(100_000)))
        self.assertGreater(report["suppressed"]["over_limits"], 0)

    def test_more_unknown_codes_than_anybody_reads(self):
        report = self.bounded("".join(f"{HEADER}[m{i}:error] [pid 1] AH{i:05}: unknown {i}\n" for i in range(10_000, 99_999)))
        self.assertLess(len(report["unmatched"]), 5000)


if __name__ == "__main__":
    unittest.main()
