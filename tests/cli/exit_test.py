"""Exit statuses, usage errors, and where the words go."""
import os
import re
import subprocess
import tempfile
import unittest
from pathlib import Path

from support import AHDIAG, FOUNDING, MISSING_DIRECTORY, SOURCE, run, run_on_terminal

WARNING = "AH00558: httpd: Could not reliably determine the server's fully qualified domain name, using 127.0.1.1. " \
          "Set the 'ServerName' directive globally to suppress this message\n"
CRITICAL = MISSING_DIRECTORY.format("/run/httpd")
USAGE = 2
INCOMPLETE = 3


class Folder(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = Path(folder.name)

    def file(self, name, text=CRITICAL):
        path = self.folder / name
        path.write_text(text)
        return path


class Statuses(Folder):
    def test_found(self):
        self.assertEqual(run(log=CRITICAL).status, 1)

    def test_nothing_found(self):
        for log in ("", "\n", "hello\n", "[Wed Mar 13 07:02:11.000001 2024] [core:notice] [pid 1] AH00094: Command line: 'httpd'\n"):
            with self.subTest(log=log):
                done = run(log=log)
                self.assertEqual((done.status, done.err), (0, ""))
                self.assertIn("Nothing to diagnose", done.text)

    def test_fail_on(self):
        for level, status in {"critical": 1, "error": 1, "warning": 1, "notice": 1, "never": 0}.items():
            with self.subTest(level=level):
                self.assertEqual(run("--fail-on", level, log=CRITICAL).status, status)

    def test_fail_on_compares_severities(self):
        severity = run("--format", "json", log=WARNING).report()["incidents"][0]["severity"]
        self.assertIn(severity, ("notice", "warning"))
        self.assertEqual(run(log=WARNING).status, 0)
        self.assertEqual(run("--fail-on", severity, log=WARNING).status, 1)

    def test_min_severity_hides_but_counts(self):
        done = run("--format", "json", "--min-severity", "critical", log=WARNING)
        self.assertEqual(done.report()["incidents"], [])
        self.assertEqual(done.report()["suppressed"]["notices"], 1)
        self.assertIn("not shown", run("--min-severity", "critical", log=WARNING).text)

    def test_min_severity_does_not_change_the_status(self):
        severity = run("--format", "json", log=WARNING).report()["incidents"][0]["severity"]
        self.assertEqual(run("--fail-on", severity, "--min-severity", "critical", log=WARNING).status, 1)


class Inputs(Folder):
    def test_several_files_are_reported_in_their_order(self):
        first, second = self.file("first.log"), self.file("second.log", WARNING)
        done = run("--format", "json", second, first)
        self.assertEqual([row["name"] for row in done.report()["input"]], [str(second), str(first)])
        self.assertEqual(done.status, 1)

    def test_a_missing_file_among_readable_ones(self):
        done = run("--format", "json", self.folder / "absent.log", self.file("error.log"))
        self.assertEqual(done.status, INCOMPLETE)
        self.assertEqual(done.err.count("\n"), 1)
        self.assertIn("absent.log", done.err)
        self.assertIn("No such file", done.err)
        report = done.report()
        self.assertEqual([row["error"] is None for row in report["input"]], [False, True])
        self.assertEqual(report["incidents"][0]["rule"], "AH01762")

    def test_a_folder(self):
        done = run(self.folder)
        self.assertEqual(done.status, INCOMPLETE)
        self.assertRegex(done.err, r"\Aahdiag: .*directory.*\n\Z")

    @unittest.skipIf(os.geteuid() == 0 and not Path("/usr/bin/setpriv").exists(), "as root, and no setpriv")
    def test_an_unreadable_file(self):
        self.folder.chmod(0o755)
        path = self.file("error.log")
        path.chmod(0)
        drop = ["/usr/bin/setpriv", "--reuid=65534", "--regid=65534", "--clear-groups"] if os.geteuid() == 0 else []
        readable = Path(self.folder, "ahdiag")
        readable.write_bytes(Path(AHDIAG).read_bytes())
        readable.chmod(0o755)
        done = subprocess.run([*drop, readable, path], capture_output=True, text=True)
        self.assertEqual(done.returncode, INCOMPLETE)
        self.assertRegex(done.stderr, r"\Aahdiag: .*Permission denied.*\n\Z")

    def test_an_empty_file_is_no_failure(self):
        done = run("--format", "json", self.file("empty.log", ""))
        self.assertEqual((done.status, done.report()["input"][0]["bytes"]), (0, 0))

    def test_a_dash_is_standard_input(self):
        done = run("--format", "json", "-", log=CRITICAL)
        self.assertEqual(done.report()["input"][0]["name"], "-")
        self.assertEqual(done.report()["incidents"][0]["rule"], "AH01762")

    def test_after_two_dashes_comes_a_name(self):
        self.file("--help", CRITICAL)
        done = run("--", "--help", cwd=self.folder)
        self.assertEqual(done.status, 1)
        self.assertIn("AH01762", done.text)

    def test_the_last_line_may_lack_its_newline(self):
        self.assertIn("AH01762", run(log=CRITICAL.rstrip("\n")).text)

    def test_lines_may_end_as_on_windows(self):
        report = run("--format", "json", log=CRITICAL.replace("\n", "\r\n")).report()
        self.assertEqual(report["incidents"][0]["subject"]["value"], "/run/httpd")


class Usage(Folder):
    WRONG = (["--nonsense"], ["--format", "yaml"], ["--format"], ["--fact", "group"], ["--fact", "=x"], ["--width", "7"], ["--width", "many"],
             ["--fail-on", "sometimes"], ["--min-severity", "never"], ["--color", "blue"], ["--persist", "hope"], ["--platform", "vms"],
             ["--rules", "/nonexistent"], ["rules"], ["rules", "show"], ["rules", "show", "AH99999"], ["rules", "nonsense"])

    def test_wrong_words_give_one_line(self):
        for args in self.WRONG:
            with self.subTest(args=args):
                done = run(*args, log=CRITICAL)
                self.assertEqual((done.status, done.out), (USAGE, b""))
                self.assertRegex(done.err, r"\Aahdiag: [^\n]+\n\Z")

    def test_no_control_byte_of_an_argument_is_shown(self):
        for args in (["--fact", "user=\x1b[31mroot"], ["--fact", "\x1b[31m=x"], ["--platform", "\x1b[31m"], ["--\x1b[31m"],
                     ["--format", "\x1b[2J"], [self.folder / "\x1b[31m"], ["rules", "show", "\x1b[31m"]):
            with self.subTest(args=args):
                self.assertNotIn("\x1b", run(*args, log=CRITICAL).err)

    def test_help(self):
        for args in (["--help"], ["-h"]):
            done = run(*args)
            self.assertEqual((done.status, done.err), (0, ""))
            for word in ("--format", "--platform", "--fact", "--persist", "--fail-on", "Exit status"):
                self.assertIn(word, done.text)

    def test_the_man_page_tells_every_option(self):
        page = (SOURCE / "docs/ahdiag.1").read_text().replace("Fl \\-", "Fl -")
        options = set(re.findall(r"--([a-z][a-z-]+)", run("--help").text))
        self.assertGreater(len(options), 8)
        self.assertEqual([name for name in options if f"Fl -{name}" not in page], [])

    def test_help_of_a_word(self):
        for words in (["rules"], ["rules", "check"], ["platforms"]):
            done = run(*words, "--help")
            self.assertEqual((done.status, done.err), (0, ""), words)
            self.assertIn(words[-1], done.text)

    def test_version(self):
        for args in (["--version"], ["-V"]):
            done = run(*args)
            self.assertEqual((done.status, done.err), (0, ""))
            self.assertRegex(done.text, r"\Aahdiag \d+\.\d+\.\d+\n\d+ rules, \d+ platforms\n\Z")

    def test_version_counts_the_rules(self):
        counted = int(re.search(r"(\d+) rules", run("--version").text)[1])
        self.assertEqual(counted, len(run("rules", "list").text.splitlines()))
        self.assertEqual(counted, run("--format", "json").report()["tool"]["rules"])

    def test_no_file_on_a_terminal(self):
        status, shown, error = run_on_terminal(stdin_too=True)
        self.assertEqual((status, shown), (USAGE, ""))
        self.assertTrue(error.startswith("usage: ahdiag"), error)

    def test_platforms(self):
        done = run("platforms")
        self.assertEqual((done.status, done.err), (0, ""))
        for word in ("rhel", "debian", "docker", "run_dir", "persist"):
            self.assertIn(word, done.text)


class Output(Folder):
    def test_a_reader_that_goes_away_is_no_failure(self):
        for form in ("text", "json"):
            reading, writing = os.pipe()
            os.close(reading)
            with os.fdopen(writing, "wb") as pipe:
                done = subprocess.run([AHDIAG, "--format", form, FOUNDING], stdout=pipe, stderr=subprocess.PIPE, timeout=60)
            self.assertEqual(done.stderr, b"")
            self.assertGreaterEqual(done.returncode, 0, "killed by a signal")

    @unittest.skipUnless(Path("/dev/full").exists(), "no /dev/full")
    def test_a_full_disk_is_told(self):
        for args in ([FOUNDING], ["--format", "json", FOUNDING], ["rules", "list"], ["platforms"], ["--help"], ["--version"]):
            with self.subTest(args=args), open("/dev/full", "wb") as full:
                done = subprocess.run([AHDIAG, *map(str, args)], stdout=full, stderr=subprocess.PIPE, text=True, timeout=60)
                self.assertNotEqual(done.returncode, 0)
                self.assertRegex(done.stderr, r"\Aahdiag: [^\n]*No space left[^\n]*\n\Z")

    def test_a_closed_standard_output_is_told(self):
        done = subprocess.run([AHDIAG, FOUNDING], preexec_fn=lambda: os.close(1), stderr=subprocess.PIPE, text=True, timeout=60)
        self.assertNotEqual(done.returncode, 0)
        self.assertRegex(done.stderr, r"\Aahdiag: [^\n]+\n\Z")

    def test_errors_go_to_stderr_only(self):
        done = run(self.folder / "absent.log", "--format", "json")
        self.assertEqual(done.report()["incidents"], [])
        self.assertTrue(done.err.startswith("ahdiag: "))


if __name__ == "__main__":
    unittest.main()
