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
SCRIPT, UNIT = "/usr/local/sbin/httpd-run-directory", UNIT_PATHS + "httpd-run-directory.service"
LOGS_MISSING = "(2)No such file or directory: AH02291: Cannot access directory '/run/log/httpd/' for main error log\n"


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
        scripts = {path: self.script(path, text) for path, text in files.items() if not path.startswith(UNIT_PATHS)}
        for path, text in {UNIT_PATHS + "httpd.service": "[Service]\nExecStart=/bin/true\n", **files}.items():
            if path in scripts:
                continue
            for script, here in scripts.items():
                text = text.replace(script, str(here))
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

    def script(self, path, text):
        here = self.root / Path(path).name
        here.write_text(text)
        here.chmod(0o755)
        return here

    def test_the_script_and_the_unit(self):
        for name in ODD_NAMES:
            with self.subTest(name=name):
                files = files_of(persisted(name, "unit"))
                self.assertEqual(set(files), {SCRIPT, UNIT})
                self.assertEqual(self.verify(files, "httpd-run-directory.service"), "")
                self.assertEqual(self.calls(files[SCRIPT]), [["-d", "-o", "root", "-g", "www-data", "-m", "0710", "--", name]])

    def calls(self, text, *words):
        """The words that the script gives to install, which is another program here."""
        here, said = self.script(SCRIPT, text), self.root / "said"
        self.script("install", f"#!/bin/sh\nprintf '%s\\0' \"$@\" >> {said}\nprintf '\\n' >> {said}\n")
        self.script("restorecon", "#!/bin/sh\n")
        said.write_text("")
        subprocess.run([here, *words], check=True, env={"PATH": f"{self.root}:/usr/bin:/bin"})
        return [line.split("\0")[:-1] for line in said.read_text().split("\n")[:-1]]

    def test_the_unit_runs_before_the_server(self):
        content = files_of(persisted("/run/httpd", "unit"))[UNIT]
        for line in ("Before=httpd.service", "WantedBy=httpd.service", "Type=oneshot", "RemainAfterExit=yes", f"ExecStart={SCRIPT}"):
            self.assertIn(f"\n{line}\n", content)

    def test_the_order_of_the_steps(self):
        steps = [step["argv"] if step["kind"] == "command" else step["path"] for step in persisted("/run/httpd", "unit")]
        self.assertEqual(steps, [SCRIPT, UNIT, ["systemd-analyze", "verify", "--man=no", UNIT], ["systemctl", "daemon-reload"],
                                 ["systemctl", "enable", "--now", "httpd-run-directory.service"]])

    def test_a_broken_unit_is_noticed(self):
        files = files_of(persisted("/run/50%h x", "unit"))
        self.assertEqual(self.verify(files, "httpd-run-directory.service"), "")
        content = files[UNIT]
        for broken in (content.replace("%%", "%0"), content.replace("ExecStart=", "ExecStrat="), content.replace("oneshot", "one shot"),
                       content.replace("ExecStart=/", "ExecStart=")):
            self.assertNotEqual(broken, content)
            self.assertNotEqual(self.verify({**files, UNIT: broken}, "httpd-run-directory.service"), "", broken)

    def test_work_at_shutdown(self):
        def files_for(*options):
            report = report_on(LOGS_MISSING, "--platform", "rhel", "--persist", "unit", *options)
            return files_of([step for step in report["incidents"][0]["plan"]["steps"] if step["phase"] == "persist"])
        unit = UNIT_PATHS + "httpd-log-directory.service"
        for options in ([], ["--on", "start"], ["--on", "stop"]):
            files = files_for(*options)
            self.assertEqual(self.verify(files, "httpd-log-directory.service"), "")
            self.assertEqual("ExecStop=" in files[unit], options == ["--on", "stop"])
            for path in files:
                if path != unit and shutil.which("shellcheck"):
                    done = subprocess.run(["shellcheck", self.root / Path(path).name], capture_output=True, text=True)
                    self.assertEqual((done.returncode, done.stdout), (0, ""))


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
