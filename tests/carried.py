"""A rule of the tests' own, whose plan can be carried out in a folder: what --format sh and --format ansible are tried with."""
import json
import subprocess
import tempfile
import unittest
from pathlib import Path

from support import SOURCE, run

SAMPLES = sorted((SOURCE / "samples").glob("*/error.log"))
HOSTILE = """$(touch {0}/owned) `touch {0}/owned` '; touch {0}/owned; ' {{{{ lookup('pipe', 'touch {0}/owned') }}}} {{% x %}} EOF # "q" \\ \x1b[2J\u202e"""
LINE = "[Wed Mar 13 07:02:11.000001 2024] [core:error] [pid 9] {}\n"

RULE = {
    "id": "test-carry-out", "title": "to be carried out in {dir}: {words}", "severity": "error", "effect": "None.",
    "match": {"contains": "to be carried out in ", "message": "to be carried out in (?P<dir>/\\S+) (?P<words>.*)"},
    "slots": {"dir": {"type": "path"}, "words": {"type": "text"}}, "path": "dir", "subject": {"kind": "path", "value": "dir"},
    "cases": [{
        "id": "only", "class": "missing-directory", "certainty": "certain", "cause": "A test: {words}", "summary": "Carry it out: {words}",
        "inspect": [{"why": "It is absent.", "run": ["stat", "--", "{dir}/made"], "expect": {"exit": 1}}],
        "repair": [
            {"why": "The directory: {words}", "run": ["install", "-d", "-o", "root", "-g", "root", "-m", "0750", "--", "{dir}/made"],
             "undo": ["rmdir", "--ignore-fail-on-non-empty", "--", "{dir}/made"]},
            {"why": "A person has allowed it.", "run": ["test", "-e", "{dir}/go"], "undo": "It looks only."}],
        "persist": [{"why": "The file.", "write": {"path": "{dir}/made/a $HOME ~.conf", "mode": "0640", "owner": "root", "group": "root", "format": "plain",
                                                  "content": ["in {dir}", "  EOF", "EOF", "$HOME `id` \\ 'q' \"q\""]}}],
        "verify": [{"why": "It is so.", "run": ["cat", "--", "{dir}/made/a $HOME ~.conf"], "expect": {"exit": 0, "output": "$HOME"}, "risk": "none"}]}],
    "examples": [
        {"name": "it", "log": [LINE.format("to be carried out in /srv/x a")], "expect": [{"case": "only", "lines": [1]}]},
        {"name": "not it", "log": [LINE.format("to be carried out nowhere")], "expect": []}]}
CONTENT = "in {0}\n  EOF\nEOF\n$HOME `id` \\ 'q' \"q\"\n"


class InFolder(unittest.TestCase):
    """self.make(form, ...) writes a plan for self.folder; self.file is what the plan writes."""

    def setUp(self):
        folder = tempfile.TemporaryDirectory(prefix="ahdiag-test-")
        self.addCleanup(folder.cleanup)
        self.root = Path(folder.name)
        self.folder, self.rules = self.root / "folder", self.root / "rules"
        for one in (self.folder, self.folder / "second", self.rules):
            one.mkdir()
        self.file = self.folder / "made/a $HOME ~.conf"
        self.content = CONTENT.format(self.folder)

    def make(self, form, *folders, change=lambda case: None):
        rule = json.loads(json.dumps(RULE))
        change(rule["cases"][0])
        (self.rules / "test-carry-out.json").write_text(json.dumps(rule))
        log = "".join(LINE.format(f"to be carried out in {folder} {HOSTILE.format(self.root)}") for folder in folders or (self.folder,))
        done = run("--rules", self.rules, "--format", form, log=log.encode())
        self.assertEqual((done.status, done.err), (1, ""))
        plan = self.root / f"plan.{form}"
        plan.write_bytes(done.out)
        return plan

    def check_not_owned(self):
        self.assertFalse((self.root / "owned").exists(), "a text of the log was carried out")


def tool(*argv, stdin=subprocess.DEVNULL):
    return subprocess.run([*map(str, argv)], capture_output=True, text=True, timeout=300, stdin=stdin, check=False)
