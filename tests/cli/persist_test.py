"""The files of each way to make a repair last, judged by the programs that will read them: systemd-tmpfiles, systemd-analyze."""
import os
import shutil
import stat
import subprocess
import tempfile
import unittest
from pathlib import Path

from support import MISSING_DIRECTORY, report_on

ODD_NAMES = ("/run/httpd", "/run/a b", "/run/50%h", "/run/$HOME", "/run/it's", '/run/say "so"', "/run/back\\slash", "/run/#1;x", "/run/*[a]?", "/run/é",
             "/run/%%$$", "/run/a/b")
PASSWD = "root:x:0:0::/:/bin/sh\nwww-data:x:33:33::/:/bin/sh\n"
GROUP = "root:x:0:\nwww-data:x:33:\n"
GROUP_ID = 33
FACTS = ("--fact", "group=www-data", "--fact", "run_dir_group=www-data")
UNIT_PATHS = "/etc/systemd/system/"


def persisted(directory, way):
    """The persist steps on a machine where only the group differs from RHEL's."""
    report = report_on(MISSING_DIRECTORY.format(directory), "--platform", "rhel", "--persist", way, *FACTS)
    return [step for step in report["incidents"][0]["plan"]["steps"] if step["phase"] == "persist"]


def files_of(steps):
    return {step["path"]: step["content"] for step in steps if step["kind"] == "file"}


class InFolder(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.root = Path(folder.name)


@unittest.skipUnless(shutil.which("systemd-tmpfiles") and os.geteuid() == 0, "needs systemd-tmpfiles and root")
class Tmpfiles(InFolder):
    def create(self, content):
        """What the real program says of the file, on a root folder of its own: its exit status."""
        for name, text in {"etc/passwd": PASSWD, "etc/group": GROUP, "etc/tmpfiles.d/00-httpd-run.conf": content}.items():
            path = self.root / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text)
        (self.root / "run").mkdir(exist_ok=True)
        command = ["systemd-tmpfiles", f"--root={self.root}", "--create", self.root / "etc/tmpfiles.d/00-httpd-run.conf"]
        return subprocess.run(command, capture_output=True).returncode

    def made(self):
        return sorted("/" + str(path.relative_to(self.root)) for path in self.root.glob("run/**/*"))

    def test_it_makes_exactly_the_directory(self):
        for name in ODD_NAMES:
            with self.subTest(name=name):
                content = files_of(persisted(name, "tmpfiles"))["/etc/tmpfiles.d/00-httpd-run.conf"]
                self.assertEqual(self.create(content), 0)
                parents = [str(one) for one in Path(name).parents if str(one) not in ("/", "/run")]
                self.assertEqual(self.made(), sorted([*parents, name]))
                found = (self.root / name.lstrip("/")).stat()
                self.assertEqual((found.st_uid, found.st_gid, stat.S_IMODE(found.st_mode)), (0, GROUP_ID, 0o710))
                shutil.rmtree(self.root / "run")

    def test_the_step_after_it_reads_that_file(self):
        file, command = persisted("/run/httpd", "tmpfiles")
        self.assertEqual(command["argv"], ["systemd-tmpfiles", "--create", file["path"]])

    def test_a_broken_file_is_noticed(self):
        content = files_of(persisted("/run/50%h", "tmpfiles"))["/etc/tmpfiles.d/00-httpd-run.conf"]
        self.assertEqual(self.create(content), 0)
        for broken in (content.replace("%%", "%Q"), content.replace("0710", "0999"), content.replace("www-data", "nosuch"), content.replace("/run", "run")):
            self.assertNotEqual(broken, content)
            self.assertNotEqual(self.create(broken), 0, broken)


@unittest.skipUnless(shutil.which("systemd-analyze"), "needs systemd-analyze")
class Units(InFolder):
    def verify(self, files, unit):
        """What systemd says of our units, of which httpd.service is one; nothing where all is well."""
        for path, text in {UNIT_PATHS + "httpd.service": "[Service]\nExecStart=/bin/true\n", **files}.items():
            here = self.root / path.removeprefix(UNIT_PATHS)
            here.parent.mkdir(exist_ok=True)
            here.write_text(text)
        done = subprocess.run(["systemd-analyze", "verify", "--man=no", "--recursive-errors=no", self.root / unit], capture_output=True, text=True,
                              env={**os.environ, "SYSTEMD_UNIT_PATH": f"{self.root}:"})
        said = [line for line in done.stderr.splitlines() if str(self.root) in line or "httpd" in line]
        return "\n".join(said) or ("" if done.returncode == 0 else done.stderr)

    def test_the_drop_in(self):
        self.assertEqual(self.verify(files_of(persisted("/run/httpd", "runtime-directory")), "httpd.service"), "")

    def test_the_folder_of_the_drop_in_is_made_first(self):
        folder, file, reload_ = persisted("/run/httpd", "runtime-directory")
        self.assertEqual(folder["argv"][-1], str(Path(file["path"]).parent))
        self.assertEqual(reload_["argv"], ["systemctl", "daemon-reload"])

    def test_a_broken_drop_in_is_noticed(self):
        (path, content), = files_of(persisted("/run/httpd", "runtime-directory")).items()
        for broken in (content.replace("=httpd", "=/run/httpd"), content.replace("Mode=", "Mood="), content.replace("0711", "rwx")):
            self.assertNotEqual(broken, content)
            self.assertNotEqual(self.verify({path: broken}, "httpd.service"), "", broken)

    def test_the_unit(self):
        for name in ODD_NAMES:
            with self.subTest(name=name):
                files = files_of(persisted(name, "unit"))
                self.assertEqual(self.verify(files, "httpd-run-directory.service"), "")
                (content,) = files.values()
                self.assertEqual(argv_of(content, "ExecStart"),
                                 ["/usr/bin/install", "-d", "-o", "root", "-g", "www-data", "-m", "0710", "--", name])

    def test_the_unit_runs_before_the_server(self):
        (content,) = files_of(persisted("/run/httpd", "unit")).values()
        for line in ("Before=httpd.service", "WantedBy=httpd.service", "Type=oneshot", "RemainAfterExit=yes"):
            self.assertIn(f"\n{line}\n", content)

    def test_a_broken_unit_is_noticed(self):
        (path, content), = files_of(persisted("/run/50%h x", "unit")).items()
        self.assertEqual(self.verify({path: content}, "httpd-run-directory.service"), "")
        for broken in (content.replace("%%", "%0"), content.replace("ExecStart=", "ExecStrat="), content.replace("oneshot", "one shot"),
                       content.replace('x"', "x")):
            self.assertNotEqual(broken, content)
            self.assertNotEqual(self.verify({path: broken}, "httpd-run-directory.service"), "", broken)


def argv_of(unit, key):
    """The words that systemd makes of a command line. Source: systemd.service(5), COMMAND LINES; systemd.unit(5), SPECIFIERS."""
    line = next(line for line in unit.splitlines() if line.startswith(key + "=")).partition("=")[2]
    words, word, quoted, escaped = [], None, False, False
    for c in line:
        if escaped:
            word, escaped = (word or "") + c, False
        elif c == "\\":
            escaped = True
        elif c == '"':
            quoted, word = not quoted, word or ""
        elif c == " " and not quoted:
            words, word = words + [word] if word is not None else words, None
        else:
            word = (word or "") + c
    words += [word] if word is not None else []
    return [word.replace("%%", "%").replace("$$", "$") for word in words]


class WaysOut(unittest.TestCase):
    def test_a_name_that_runtime_directory_cannot_take_is_left_to_a_person(self):
        for name in ("/run/a b", "/run/$HOME", "/run/a/b"):
            steps = persisted(name, "runtime-directory")
            self.assertEqual(files_of(steps), {}, name)
            self.assertIn("manual", [step["kind"] for step in steps], name)

    def test_a_directory_that_a_boot_keeps_needs_nothing(self):
        for way in ("tmpfiles", "runtime-directory", "unit"):
            self.assertEqual(persisted("/usr/local/apache2/logs", way), [])

    def test_nothing_is_persisted_on_request(self):
        self.assertEqual(persisted("/run/httpd", "none"), [])


if __name__ == "__main__":
    unittest.main()
