"""lint-unit: the mistakes of copied unit files, by the command line, and beside what systemd says of the same files."""
import json
import re
import shutil
import subprocess
import tempfile
import unittest
from pathlib import Path

import jsonschema

from support import SOURCE, run, strict

# A unit as tutorials have it, with nearly everything wrong that can be.
TUTORIAL = """[Unit]
Description=Prepare httpd
Wants=network-online.target
[Service]
Type=oneshot # run once
Environment="MSG=hello
ExecStart=./prepare.sh >> > /var/log/prepare.log
Typo=1
[Instal]
WantedBy=multi-user.target
"""
SCRIPT = "echo prepared >> > /tmp/prepared\nsystemctl enable prepare\nsystemctl daemon-reload\n"
WELL = """[Unit]
Description=Prepare httpd
Before=httpd.service
[Service]
Type=oneshot
RemainAfterExit=yes
ExecStart=/bin/true
[Install]
WantedBy=multi-user.target
"""


class Folder(unittest.TestCase):
    def setUp(self):
        temporary = tempfile.TemporaryDirectory()
        self.addCleanup(temporary.cleanup)
        self.folder = Path(temporary.name).resolve()

    def file(self, name, text):
        path = self.folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
        return path


class Lint(Folder):
    def findings(self, *args):
        done = run("lint-unit", "--format", "json", *args)
        document = json.loads(done.out)
        schema = json.loads((SOURCE / "schema/lint.schema.json").read_text())
        jsonschema.Draft7Validator(strict(schema)).validate(document)
        return done.status, document["findings"]

    def test_a_tutorial(self):
        status, found = self.findings(self.file("prepare.service", TUTORIAL), self.file("prepare.sh", SCRIPT))
        self.assertEqual(status, 1)
        lines = {(Path(one["file"]).name, one["line"], one["id"]): one["corrected"] for one in found}
        self.assertEqual(lines["prepare.service", 3, "wants-without-after"], "Wants=network-online.target\nAfter=network-online.target")
        self.assertEqual(lines["prepare.service", 5, "trailing-text"], "# run once\nType=oneshot")
        self.assertEqual(lines["prepare.service", 6, "unbalanced-quote"], 'Environment="MSG=hello"')
        self.assertEqual(lines["prepare.service", 7, "no-shell"], "ExecStart=/bin/sh -c './prepare.sh >> /var/log/prepare.log'")
        self.assertEqual(lines["prepare.service", 8, "unknown-key"], "Type=1")
        self.assertEqual(lines["prepare.service", 9, "unknown-section"], "[Install]")
        self.assertEqual(lines["prepare.sh", 1, "no-interpreter-line"], "#!/bin/sh\necho prepared >> > /tmp/prepared")
        self.assertEqual(lines["prepare.sh", 1, "double-redirection"], "echo prepared >> /tmp/prepared")
        self.assertEqual(lines["prepare.sh", 2, "enable-before-reload"], "systemctl daemon-reload\nsystemctl enable prepare")

    def test_a_unit_that_is_well(self):
        done = run("lint-unit", self.file("a.service", WELL))
        self.assertEqual((done.status, done.err), (0, ""))
        self.assertEqual(done.text, "1 file: 0 errors, 0 warnings, 0 notices.\n")

    def test_the_units_of_plans_are_well(self):
        from support import FOUNDING, all_steps
        report = run("--format", "json", "--persist", "unit", FOUNDING).report()
        units = [step for step in all_steps(report) if step["kind"] == "file" and step["path"].endswith(".service")]
        self.assertTrue(units)
        for number, step in enumerate(units):
            self.assertEqual(self.findings(self.file(f"{number}.service", step["content"])), (0, []))

    def test_text(self):
        done = run("lint-unit", self.file("a.service", WELL.replace("RemainAfterExit=yes", "RemainAfterExit=yes # keep")))
        self.assertEqual(done.status, 1)
        self.assertRegex(done.text, r"a\.service:6: error: [^\n]+ \[trailing-text\]\n    # keep\n    RemainAfterExit=yes\n")

    def test_the_script_of_a_tree(self):
        unit = self.file("tree/etc/systemd/system/a.service", WELL.replace("/bin/true", "/usr/local/sbin/a.sh"))
        status, found = self.findings("--root", self.folder / "tree", unit)
        self.assertEqual((status, [one["id"] for one in found]), (1, ["program-missing"]))
        self.file("tree/usr/local/sbin/a.sh", "echo x\n")
        _, found = self.findings("--root", self.folder / "tree", unit)
        self.assertEqual([(one["file"], one["id"]) for one in found],
                         [("/usr/local/sbin/a.sh", "not-executable"), ("/usr/local/sbin/a.sh", "no-interpreter-line")])

    def test_usage(self):
        done = run("lint-unit")
        self.assertEqual((done.status, done.out), (2, b""))
        done = run("lint-unit", self.folder / "none.service")
        self.assertEqual(done.status, 3)
        self.assertTrue(done.err.startswith("ahdiag: "))

    def test_hostile_files(self):
        for text in ("", "\x00" * 1000, "[" * 100000, "=\n" * 10000, "\\\n" * 10000, "[Service]\nExecStart=" + '"' * 9999, "\x1b[31m=\x1b\n" * 50,
                     "[Unit]\n" + "After=" + "a " * 20000 + "\n", "[Service]\nType=\x1b[2J\n"):
            for form in ("text", "json"):
                done = run("lint-unit", "--format", form, self.file("x.service", text))
                self.assertIn(done.status, (0, 1))
                self.assertNotIn(b"\x1b", done.out)


@unittest.skipUnless(shutil.which("systemd-analyze"), "no systemd-analyze")
class BesideSystemd(Folder):
    """Each line that systemd complains of is among those that lint-unit names; what systemd accepts has no error."""
    LINES = ("Environment=\"A=1", "Environment=OPTS=-D FOO", "PrivateTmp=yes # why", "Restart=sometimes", "KillMode=proces", "Typo=1",
             "After=network.target", "ExecStop=./s.sh", "ExecStop=/bin/sh -c \"echo hi", "[Servcie]", "no assignment", "Environment=A=\"b c\"",
             "ExecStop=/bin/true", "Environment='B=1 2' C=3", "User=root", "RuntimeDirectory=x", "ExecStop=-/bin/echo a\\tb")

    def test_line_by_line(self):
        for line in self.LINES:
            with self.subTest(line=line):
                unit = self.file("check.service", WELL.replace("ExecStart=/bin/true\n", f"ExecStart=/bin/true\n{line}\n"))
                said = subprocess.run(["systemd-analyze", "verify", unit], capture_output=True, text=True, timeout=60).stderr
                theirs = {int(number) for number in re.findall(re.escape(str(unit)) + r":(\d+): ", said)}
                ours = {one["line"] for one in json.loads(run("lint-unit", "--format", "json", unit).out)["findings"] if one["severity"] == "error"}
                self.assertLessEqual(theirs, ours, said)
                if not said.strip():
                    self.assertEqual(ours, set())

    def test_no_section_at_all(self):
        unit = self.file("check.service", "Description=x\nExecStart=/bin/true\n")
        said = subprocess.run(["systemd-analyze", "verify", unit], capture_output=True, text=True, timeout=60).stderr
        self.assertIn("Assignment outside of section", said)
        self.assertEqual(run("lint-unit", unit).status, 1)

    def test_the_corrected_lines_satisfy_systemd(self):
        for line in self.LINES:
            unit = self.file("check.service", WELL.replace("ExecStart=/bin/true\n", f"ExecStart=/bin/true\n{line}\n"))
            for one in json.loads(run("lint-unit", "--format", "json", unit).out)["findings"]:
                if one["corrected"] is None or one["line"] != 8 or one["id"] in ("unknown-section", "wrong-section", "relative-program"):
                    continue
                mended = self.file("mended.service", WELL.replace("ExecStart=/bin/true\n", f"ExecStart=/bin/true\n{one['corrected']}\n"))
                said = subprocess.run(["systemd-analyze", "verify", mended], capture_output=True, text=True, timeout=60).stderr
                if one["id"] != "unknown-key":
                    self.assertNotIn("mended.service:", said, one)


if __name__ == "__main__":
    unittest.main()
