"""contrib/github and contrib/cron: tickets and mails, with a gh and a mail that only write down what they were told."""
import json
import os
import shutil
import subprocess
import tempfile
import unittest
from pathlib import Path

import strangers
from support import AHDIAG, FOUNDING, SOURCE, report_on

# Keeps issues in a file, as the real one does on GitHub; what it cannot do fails.
GH = r'''#!/usr/bin/python3
import json, os, sys
state = os.environ["FAKE_STATE"]
issues = json.load(open(state)) if os.path.exists(state) else []
words = sys.argv[1:]
option = lambda name: words[words.index(name) + 1]
assert words[0] == "issue" and option("--repo") == "example/ops", words
if os.environ.get("FAKE_FAILS") == words[1]:
    sys.exit("gh: no")
if words[1] == "list":
    assert option("--state") == "all" and option("--json") == "number,state,title", words
    found, place = option("--search").rsplit(" ", 1)
    assert place == "in:title"
    print(json.dumps([{k: one[k] for k in ("number", "state", "title")} for one in issues if found in one["title"]]))
elif words[1] == "create":
    assert option("--body-file") == "-", words
    issues.append({"number": len(issues) + 7, "state": "OPEN", "title": option("--title"), "body": sys.stdin.read(), "comments": [],
                   "label": option("--label") if "--label" in words else None})
else:
    one, = [one for one in issues if one["number"] == int(words[2])]
    if words[1] == "comment":
        one["comments"].append(sys.stdin.read())
    elif words[1] == "reopen":
        assert one["state"] == "CLOSED"
        one["state"] = "OPEN"
    else:
        sys.exit("unknown: " + words[1])
json.dump(issues, open(state, "w"))
'''
MAIL = r'''#!/bin/sh
{ printf '%s\n' "$#" "$@"; cat; } >"$FAKE_STATE"
'''


class Fake(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory(prefix="tickets-test-")
        self.addCleanup(folder.cleanup)
        self.folder = Path(folder.name)
        for name, text in {"gh": GH, "mail": MAIL}.items():
            (self.folder / name).write_text(text)
            (self.folder / name).chmod(0o755)
        (self.folder / "ahdiag").symlink_to(Path(AHDIAG).resolve())
        self.state = self.folder / "state"

    def call(self, script, *args, **more):
        env = {**os.environ, "PATH": f"{self.folder}:{os.environ['PATH']}", "FAKE_STATE": str(self.state), **more}
        return subprocess.run([SOURCE / "contrib" / script, *map(str, args)], env=env, capture_output=True, text=True, timeout=120, stdin=subprocess.DEVNULL)


@unittest.skipIf(shutil.which("jq") is None, "no jq here")
class Issues(Fake):
    def issues(self):
        return json.loads(self.state.read_text()) if self.state.exists() else []

    def tell(self, *args, **more):
        done = self.call("github/ahdiag-issues", "example/ops", *args, **more)
        self.assertEqual((done.returncode, done.stderr), (0, ""))

    def test_the_second_time_comments(self):
        known = report_on(FOUNDING.read_text())["incidents"][0]["id"]
        self.tell(FOUNDING, LABEL="httpd")
        one, = self.issues()
        self.assertTrue(one["title"].startswith("httpd: mod_auth_digest cannot"), one["title"])
        self.assertTrue(one["title"].endswith(f"({known})"))
        self.assertEqual(one["label"], "httpd")
        self.assertIn("install -d -o root -g apache -m 0710 -- /run/httpd", one["body"])
        self.tell(FOUNDING)
        one, = self.issues()
        self.assertEqual(len(one["comments"]), 1)
        self.assertIn(f"`{known}`", one["comments"][0])

    def test_a_closed_one_is_opened_again(self):
        self.tell(FOUNDING)
        closed = [{**one, "state": "CLOSED"} for one in self.issues()]
        self.state.write_text(json.dumps(closed))
        self.tell(FOUNDING)
        one, = self.issues()
        self.assertEqual((one["state"], len(one["comments"])), ("OPEN", 1))

    def test_one_issue_an_incident_and_nothing_of_the_log_is_run(self):
        log = self.folder / "error log"
        names = ("$(touch ran)", "`touch ran`", "'; touch ran; '", "-R other/repo", "a\\nb", "@octocat", "%s%n")
        log.write_text(strangers.log(names))
        self.tell(log)
        issues = self.issues()
        self.assertEqual(len(issues), len(report_on(log.read_text())["incidents"]))
        self.assertGreater(len(issues), 4)
        for one in issues:
            self.assertEqual(one["body"].count("**Incident:**"), 1)
            self.assertNotIn("203.0.113.9", one["body"])
        self.assertFalse((self.folder / "ran").exists() or Path("ran").exists())
        self.tell(log, AHDIAG_REDACT="")
        self.assertTrue(any("203.0.113.9" in one["comments"][0] for one in self.issues()))

    def test_what_goes_wrong_is_told(self):
        self.assertEqual(self.call("github/ahdiag-issues").returncode, 2)
        self.assertEqual(self.call("github/ahdiag-issues", "example/ops", "--no-such-option").returncode, 2)
        for step in ("list", "create"):
            self.assertEqual(self.call("github/ahdiag-issues", "example/ops", FOUNDING, FAKE_FAILS=step).returncode, 1, step)
        self.assertEqual(self.issues(), [])


class Mails(Fake):
    def mail(self, *args, **more):
        return self.call("cron/ahdiag-mail", "ops@example.com", *args, **{"SINCE": "2000-01-01", **more})

    def test_it_mails_what_is_wrong(self):
        done = self.mail(FOUNDING)
        self.assertEqual((done.returncode, done.stdout, done.stderr), (0, "", ""))
        count, dash_s, subject, to, text = self.state.read_text().split("\n", 4)
        self.assertEqual((count, dash_s, to), ("3", "-s", "ops@example.com"))
        self.assertRegex(subject, r"^httpd on \S+: critical$")
        self.assertIn("## critical: `mod_auth_digest`", text)

    def test_it_is_silent_where_nothing_is(self):
        empty = self.folder / "empty.log"
        empty.write_text("")
        done = self.mail(empty)
        self.assertEqual((done.returncode, done.stdout, done.stderr), (0, "", ""))
        self.assertFalse(self.state.exists())

    def test_what_goes_wrong_is_told(self):
        done = self.mail("--no-such-option", FOUNDING)
        self.assertEqual(done.returncode, 2)
        self.assertIn("ahdiag: ", done.stderr)
        self.assertIn("cannot open", self.mail(self.folder / "missing").stderr)


if __name__ == "__main__":
    unittest.main()
