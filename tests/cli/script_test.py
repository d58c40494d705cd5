"""--format sh: what the script says, what it does, and that the real ShellCheck has nothing to say about it."""
import os
import pty
import re
import shlex
import shutil
import stat
import subprocess
import tempfile
import unittest
from pathlib import Path

from carried import SAMPLES, InFolder, tool
from support import FOUNDING, read_all, run, steps_of

SHELLS = [["sh"]] + ([["busybox", "sh"]] if shutil.which("busybox") else []) + ([["bash", "--posix"]] if shutil.which("bash") else [])
AS_NOBODY = ["setpriv", "--reuid=65534", "--regid=65534", "--clear-groups"] if os.geteuid() == 0 else []


class Scripts(unittest.TestCase):
    """The scripts of all samples."""

    @classmethod
    def setUpClass(cls):
        folder = tempfile.TemporaryDirectory(prefix="ahdiag-test-")
        cls.addClassCleanup(folder.cleanup)
        cls.scripts = {}
        for log in SAMPLES:
            script = Path(folder.name, f"{log.parent.name}.sh")
            script.write_bytes(run("--format", "sh", log).out)
            cls.scripts[log] = script

    @unittest.skipUnless(shutil.which("shellcheck"), "needs shellcheck")
    def test_shellcheck_has_nothing_to_say(self):
        done = tool("shellcheck", "--shell=sh", *self.scripts.values())
        self.assertEqual((done.returncode, done.stdout[:2000]), (0, ""))

    def test_they_are_printable(self):
        for script in self.scripts.values():
            self.assertNotRegex(script.read_text(), "[\x00-\x08\x0b-\x1f\x7f]", script.name)

    def test_each_command_is_the_plans_argv(self):
        for log, script in self.scripts.items():
            lines = [line for line in script.read_text().splitlines() if line.startswith("  run ")]
            wanted = [step["argv"] for incident in run("--format", "json", log).report()["incidents"] for step in incident["plan"]["steps"]
                      if step["kind"] == "command" and not (step["phase"] == "undo" and step["argv"][:3] == ["rm", "-f", "--"])]
            found = [shlex.split(line)[1:] for line in lines]
            self.assertEqual([argv for argv in found if argv[:3] != ["rm", "-f", "--"]], [argv for argv in wanted if argv[:3] != ["rm", "-f", "--"]], log)

    def test_without_a_word_it_shows_every_step_and_does_nothing(self):
        for log, script in self.scripts.items():
            done = tool("sh", script)
            self.assertEqual((done.returncode, done.stderr), (0, ""), log)
            self.assertRegex(done.stdout, r"Nothing was done\.|Nothing to do")
            numbers = re.findall(r"^  step (\S+)", script.read_text(), re.M)
            self.assertEqual(re.findall(r"^  (\d+\.\d+) ", done.stdout, re.M), numbers, log)


class Words(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory(prefix="ahdiag-test-")
        self.addCleanup(folder.cleanup)
        os.chmod(folder.name, 0o755)
        self.script = Path(folder.name, "plan.sh")
        self.script.write_bytes(run("--format", "sh", FOUNDING).out)

    def sh(self, *words, prefix=()):
        return tool(*prefix, "sh", self.script, *words)

    def test_it_shows_what_it_would_do(self):
        shown = self.sh().stdout
        for step in steps_of(run("--format", "json", FOUNDING).report()["incidents"][0], "inspect", "repair", "persist", "verify", "undo"):
            for line in [step["shell"]] if step["kind"] == "command" else step["content"].splitlines():
                self.assertIn(line, shown)

    def test_help(self):
        for word in ("help", "-h", "--help"):
            done = self.sh(word)
            self.assertEqual(done.returncode, 0)
            self.assertIn(f"usage: sh {self.script}", done.stdout)

    def test_wrong_words_do_nothing(self):
        for words in (["repare"], ["repair", "2"], ["repair", "0"], ["repair", "x"], ["repair", "99999999999999999999"], ["repair", "1;id"], ["-y", "nothing"]):
            done = self.sh(*words)
            self.assertEqual((done.returncode, done.stdout), (2, ""), words)
            self.assertNotEqual(done.stderr, "")

    def test_only_root_repairs(self):
        for word in ("repair", "persist", "verify", "undo", "all"):
            done = self.sh(word, prefix=AS_NOBODY)
            self.assertEqual((done.returncode, done.stdout), (2, ""), word)
            self.assertIn("only root can do that; nothing was done", done.stderr)

    def test_anybody_may_look(self):
        done = self.sh("inspect", prefix=AS_NOBODY)
        self.assertIn(done.returncode, (0, 1))
        self.assertIn("only root sees everything", done.stderr)
        self.assertIn("stat -- /run/httpd", done.stdout)

    def test_half_a_script_does_nothing(self):
        text = self.script.read_text()
        self.script.write_text(text[:text.index('\nmain "$@"')])
        self.assertEqual((self.sh("all").returncode, self.sh("all").stdout), (0, ""))

    def test_no_finding(self):
        self.script.write_bytes(run("--format", "sh", log=b"").out)
        self.assertIn("Nothing to do", self.sh("show").stdout)


@unittest.skipUnless(os.geteuid() == 0, "needs root")
class CarriedOut(InFolder):
    def sh(self, script, *words, shell=("sh",)):
        done = tool(*shell, script, *words)
        self.check_not_owned()
        return done

    def look(self):
        found = self.file.stat()
        return self.file.read_text(), stat.S_IMODE(found.st_mode), found.st_uid, found.st_gid

    def test_it_stops_at_the_first_failure_and_says_where(self):
        script = self.make("sh")
        done = self.sh(script, "all")
        self.assertEqual(done.returncode, 1)
        self.assertIn("stopped at step 1.3 (repair): exit status 1\n  A person has allowed it.\n  test -e", done.stderr)
        self.assertIn(f"Done before it: 1.2. To take that back: sh {script} undo 1", done.stderr)
        self.assertTrue(self.file.parent.is_dir())
        self.assertFalse(self.file.exists())

    def test_it_does_what_it_says_in_every_shell(self):
        for shell in SHELLS:
            with self.subTest(shell=shell):
                script = self.make("sh")
                (self.folder / "go").touch()
                done = self.sh(script, "all", shell=shell)
                self.assertEqual((done.returncode, done.stderr), (0, ""))
                self.assertEqual(self.look(), (self.content, 0o640, 0, 0))
                self.assertEqual(self.sh(script, "undo", shell=shell).returncode, 0)
                self.assertFalse(self.file.parent.exists())

    def test_a_second_run_changes_nothing(self):
        script = self.make("sh")
        (self.folder / "go").touch()
        self.sh(script, "all")
        before = self.file.stat()
        done = self.sh(script, "all")
        self.assertEqual(done.returncode, 0)
        self.assertIn("(it is so already)", done.stdout)
        self.assertEqual((self.file.stat().st_ino, self.file.stat().st_mtime_ns), (before.st_ino, before.st_mtime_ns))
        self.assertEqual([one.name for one in self.file.parent.iterdir()], [self.file.name])

    def test_a_changed_mode_is_set_right(self):
        script = self.make("sh")
        (self.folder / "go").touch()
        self.sh(script, "all")
        self.file.chmod(0o666)
        self.sh(script, "all")
        self.assertEqual(self.look()[1], 0o640)

    def test_undo_brings_back_the_file_that_was_there(self):
        script = self.make("sh")
        (self.folder / "go").touch()
        self.file.parent.mkdir()
        self.file.write_text("mine\n")
        self.file.chmod(0o604)
        for _ in range(2):
            self.assertEqual(self.sh(script, "all").returncode, 0)
        self.assertEqual(self.look()[0], self.content)
        self.assertEqual(self.sh(script, "undo").returncode, 0)
        self.assertEqual(self.look()[:2], ("mine\n", 0o604))
        self.assertEqual([one.name for one in self.file.parent.iterdir()], [self.file.name])

    def test_a_directory_in_the_way_is_not_filled(self):
        script = self.make("sh")
        (self.folder / "go").touch()
        self.file.mkdir(parents=True)
        done = self.sh(script, "all")
        self.assertEqual(done.returncode, 1)
        self.assertIn("stopped at step 1.4 (persist): a directory stands there", done.stderr)
        self.assertEqual(list(self.file.iterdir()), [])

    def test_an_inspection_that_finds_otherwise_says_so(self):
        script = self.make("sh")
        self.assertEqual(self.sh(script, "inspect").returncode, 0)
        self.file.parent.mkdir()
        done = self.sh(script, "inspect")
        self.assertEqual(done.returncode, 1)
        self.assertIn("(exit status 0; the plan expects 1:", done.stdout)

    def test_a_word_that_the_output_lacks(self):
        script = self.make("sh", change=lambda case: case["verify"][0]["expect"].update(output="nowhere"))
        (self.folder / "go").touch()
        done = self.sh(script, "all")
        self.assertEqual(done.returncode, 1)
        self.assertIn("(verify): exit status 0 without 'nowhere'", done.stderr)

    def test_what_a_person_has_to_do_ends_the_finding(self):
        script = self.make("sh", change=by_hand)
        done = self.sh(script, "all")
        self.assertEqual(done.returncode, 3)
        self.assertIn("By hand: Ask somebody.", done.stdout)
        self.assertIn("Left to a person: 1.3.", done.stdout)
        self.assertFalse(self.file.exists())
        self.assertEqual(self.sh(script, "-y", "all").returncode, 0)
        self.assertTrue(self.file.exists())

    def test_on_a_terminal_it_asks(self):
        for answer, status in (("y", 0), ("n", 3)):
            script = self.make("sh", change=by_hand)
            ours, theirs = pty.openpty()
            os.write(ours, f"{answer}\n".encode())
            done = subprocess.run(["sh", script, "all"], stdin=theirs, stdout=theirs, stderr=theirs, timeout=60, check=False)
            os.close(theirs)
            self.assertIn("Done? [y/N]", read_all(ours))
            self.assertEqual((done.returncode, self.file.exists()), (status, status == 0))
            shutil.rmtree(self.file.parent)

    def test_several_findings(self):
        second = self.folder / "second"
        script = self.make("sh", self.folder, second)
        (second / "go").touch()
        self.assertIn("2 findings", self.sh(script, "repair", "3").stderr)
        self.assertEqual(self.sh(script, "all", "2").returncode, 0)
        self.assertFalse(self.file.exists())
        self.assertTrue((second / "made" / self.file.name).exists())
        (self.folder / "go").touch()
        self.assertEqual(self.sh(script, "all").returncode, 0)
        self.assertTrue(self.file.exists())
        self.assertEqual(self.sh(script, "undo").returncode, 0)
        self.assertFalse(self.file.exists() or (second / "made").exists())

    def test_the_rest_goes_on_past_what_is_left_to_a_person(self):
        script = self.make("sh", self.folder, self.folder / "second", change=by_hand)
        self.assertEqual(self.sh(script, "all").returncode, 3)
        self.assertTrue((self.folder / "second/made").is_dir())

    def test_from_a_pipe(self):
        script = self.make("sh")
        (self.folder / "go").touch()
        with open(script, "rb") as text:
            done = tool("sh", "-s", "all", stdin=text)
        self.assertEqual(done.returncode, 0)
        self.assertTrue(self.file.exists())

    @unittest.skipUnless(shutil.which("shellcheck"), "needs shellcheck")
    def test_shellcheck_on_hostile_words(self):
        done = tool("shellcheck", "--shell=sh", self.make("sh"))
        self.assertEqual((done.returncode, done.stdout[:2000]), (0, ""))


def by_hand(case):
    case["repair"][1] = {"why": "Somebody decides.", "do": "Ask somebody."}


if __name__ == "__main__":
    unittest.main()
