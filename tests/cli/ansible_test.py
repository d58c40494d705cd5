"""--format ansible: the real ansible-playbook takes every playbook, and carries one out; no text of a log is a template."""
import os
import shutil
import stat
import tempfile
import unittest
from pathlib import Path

import carried
from carried import SAMPLES, tool
from support import FOUNDING, run

try:
    import yaml
except ImportError:  # comes with ansible
    yaml = None

KEYWORDS = {"name", "tags", "register", "changed_when", "failed_when", "check_mode", "vars", "when"}
HERE = ["-i", "localhost,", "-c", "local"]


def plays_of(text):
    class Loader(yaml.SafeLoader):
        pass
    Loader.add_constructor("!unsafe", lambda loader, node: loader.construct_scalar(node))
    return yaml.load(text, Loader)


def module_of(task):
    (name,) = set(task) - KEYWORDS
    return name, task[name]


@unittest.skipUnless(shutil.which("ansible-playbook") and yaml, "needs ansible")
class Playbooks(unittest.TestCase):
    def test_ansible_takes_those_of_all_samples(self):
        with tempfile.TemporaryDirectory(prefix="ahdiag-test-") as folder:
            books = [Path(folder, "nothing.yml")]
            books[0].write_bytes(run("--format", "ansible", log=b"").out)
            for log in SAMPLES:
                books.append(Path(folder, f"{log.parent.name}.yml"))
                books[-1].write_bytes(run("--format", "ansible", log).out)
            done = tool("ansible-playbook", "-i", "localhost,", "--syntax-check", *books)
            self.assertEqual((done.returncode, done.stderr), (0, ""))

    def test_builtin_modules_and_known_tags_only(self):
        for log in SAMPLES:
            for play in plays_of(run("--format", "ansible", log).text):
                self.assertEqual((play["hosts"], play["gather_facts"]), ("all", False))
                for task in play["tasks"]:
                    self.assertTrue(module_of(task)[0].startswith("ansible.builtin."), task)
                    # A task tagged "never" runs if any of its other tags is asked for: none of them may be a finding's.
                    undo = "never" in task["tags"]
                    self.assertEqual(undo, "undo" in task["tags"])
                    self.assertEqual(undo, not any(tag.startswith("finding_") for tag in task["tags"]), task)

    def test_the_plan_of_the_founding_log(self):
        (play,) = plays_of(run("--format", "ansible", FOUNDING).text)
        tasks = [module_of(task) for task in play["tasks"]]
        self.assertIn(("ansible.builtin.file", {"path": "/run/httpd", "state": "directory", "owner": "root", "group": "apache", "mode": "0710"}), tasks)
        self.assertIn(("ansible.builtin.copy", {"dest": "/etc/tmpfiles.d/00-httpd-run.conf", "content": "d /run/httpd 0710 root apache -\n", "owner": "root",
                                                "group": "root", "mode": "0644", "backup": True}), tasks)
        self.assertIn(("ansible.builtin.systemd", {"name": "httpd", "state": "restarted"}), tasks)
        self.assertIn(("ansible.builtin.command", {"argv": ["stat", "--", "/run/httpd"]}), tasks)


@unittest.skipUnless(shutil.which("ansible-playbook") and yaml and os.geteuid() == 0, "needs ansible and root")
class CarriedOut(carried.InFolder):
    def play(self, book, *options):
        done = tool("ansible-playbook", *HERE, *options, book)
        self.check_not_owned()
        return done

    def test_every_word_arrives_as_it_is(self):
        book = self.make("ansible")
        (self.folder / "go").touch()
        done = self.play(book, "--check", "--diff")
        self.assertEqual(done.returncode, 0, done.stdout)
        self.assertFalse(self.file.parent.exists())
        done = self.play(book)
        self.assertEqual(done.returncode, 0, done.stdout)
        found = self.file.stat()
        self.assertEqual((self.file.read_text(), stat.S_IMODE(found.st_mode), found.st_uid), (self.content, 0o640, 0))
        self.assertEqual(stat.S_IMODE(self.file.parent.stat().st_mode), 0o750)
        self.assertEqual(self.play(book, "--tags", "repair_1,persist_1").returncode, 0)
        self.assertEqual([one.name for one in self.file.parent.iterdir()], [self.file.name])
        done = self.play(book, "--tags", "undo")
        self.assertEqual(done.returncode, 0, done.stdout)
        self.assertFalse(self.file.parent.exists())

    def test_it_stops_at_the_first_failure(self):
        done = self.play(self.make("ansible"))
        self.assertEqual(done.returncode, 2)
        self.assertIn("1.3 A person has allowed it.", done.stdout)
        self.assertTrue(self.file.parent.is_dir())
        self.assertFalse(self.file.exists())

    def test_what_a_person_has_to_do_stops_it(self):
        def by_hand(case):
            case["repair"][1] = {"why": "Somebody decides.", "do": "Ask somebody."}
        book = self.make("ansible", change=by_hand)
        done = self.play(book, "--tags", "repair")
        self.assertEqual(done.returncode, 2)
        self.assertIn("By hand: Ask somebody.", done.stdout)
        self.assertFalse(self.file.exists())
        self.assertEqual(self.play(book, "--tags", "repair,persist", "-e", "by_hand_done=true").returncode, 0)
        self.assertTrue(self.file.exists())


if __name__ == "__main__":
    unittest.main()
