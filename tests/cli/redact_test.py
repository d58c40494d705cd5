"""--redact: nobody whom a log names is named by a report, in whatever form; and what has to stay stays."""
import json
import os
import re
import unittest

from support import SOURCE, run, validate

FORMATS = ("text", "json", "markdown", "sh", "ansible")
SAMPLES = sorted((SOURCE / "samples").glob("*/error.log"))
HEADER = "[Wed Mar 13 07:02:11.000001 2024] "
CLIENT = "[pid 9:tid 9] [client 203.0.113.9:4711] "
LOG = "".join(HEADER + line + "\n" for line in (
    f"[auth_basic:error] {CLIENT}AH01618: user alice not found: /private/alice?token=abc123",
    "[auth_basic:error] [pid 9:tid 9] [client 2001:db8::7:4711] AH01617: user alice: authentication failure for \"/x\": Password Mismatch, "
    "referer: https://bob:pw77@www.example.com/x?sid=99",
    f"[core:error] [pid 9:tid 9] (13)Permission denied: [client 203.0.113.9:4712] AH00035: access to /~carol/x denied "
    "(filesystem path '/home/carol/public_html/x') because search permissions are missing on a component of the path",
    "[proxy:error] [pid 9:tid 9] (111)Connection refused: AH00957: HTTP: attempt to connect to 10.1.2.3:8080 (backend7.corp.example.com) failed",
    f"[php:error] {CLIENT}PHP Fatal error:  Access denied for user 'dora'@'localhost' in /var/www/shop.example.com/db.php, mail ermina@example.com",
    f"[nobody_knows:error] {CLIENT}session=4711abcd fritz@example.net 0123456789abcdef0123456789abcdef",
))
NAMED = ("203.0.113.9", "2001:db8", "10.1.2.3", "alice", "bob", "carol", "dora", "ermina", "fritz", "example.com", "example.net", "backend7", "abc123",
         "pw77", "sid=", "4711abcd", "0123456789abcdef")
# Found here without the program's own finder.
ADDRESS = re.compile(r"(?<![\w.])(?:\d{1,3}\.){3}\d{1,3}(?![\w.])|\b[0-9a-f]{1,4}:[0-9a-f:]*::[0-9a-f:]*")
MAIL = re.compile(r"\b[\w.+-]+@[\w-]+\.[a-z]{2,}\b(?<!\.service)")
USER = re.compile(r"\buser '?([\w.-]+)'?(?: not found|: authentication failure|: password mismatch)|/home/([\w.-]+)|for user '([\w.-]+)'")
QUERY = re.compile(r"(?:GET|POST|HEAD) [^ ?]*\?([^ ]{4,})|https?://[^\s?]*\?([^\s,]{4,})")
OF_NO_ONE = re.compile(r"127\.\d+\.\d+\.\d+|0\.0\.0\.0|::1?")
LONG = os.environ.get("AHDIAG_LONG") == "1"  # every rule's examples: a minute
RULES = [json.loads(path.read_text()) for path in sorted((SOURCE / "rules").glob("*/*.json"))]
EXAMPLES = {rule["id"]: "\n".join(line for one in rule["examples"] for line in one["log"]) + "\n" for rule in RULES if rule.get("examples")}
# What rules say themselves may name 192.0.2.0/24.
OWN_WORDS = json.dumps([{**rule, "examples": []} for rule in RULES]) + (SOURCE / "rules/platforms.json").read_text()


def named_by(log):
    """The people and machines of a log."""
    found = set(ADDRESS.findall(log)) | set(MAIL.findall(log))
    for groups in USER.findall(log) + QUERY.findall(log):
        found |= {one for one in groups if one}
    return {one for one in found if not OF_NO_ONE.fullmatch(one) and one not in ("root", "apache", "www-data")}


def reports(*args, forms=FORMATS, **more):
    for form in forms:
        yield form, run("--redact", "--format", form, *args, **more).text


class Redact(unittest.TestCase):
    def test_nobody_is_named(self):
        for form, text in reports("--platform", "rhel", log=LOG):
            for name in NAMED:
                self.assertNotIn(name.lower(), text.lower(), (form, name))

    def check(self, log, what, forms):
        names = {name for name in named_by(log) if name not in OWN_WORDS}
        for form, text in reports(log=log, forms=forms) if names else ():
            for name in names:
                left = re.findall(r"[^\n]*(?<![\w])" + re.escape(name) + r"(?![\w])[^\n]*", text)
                self.assertEqual(left, [], (what, form, name))
        return len(names)

    def test_no_sample_names_anybody(self):
        self.assertGreater(len(SAMPLES), 50)
        for path in SAMPLES:
            self.check(path.read_text(errors="replace"), path.parent.name, FORMATS)

    def test_no_example_names_anybody(self):
        """What each rule reads, in the form that shows most."""
        count = sum(self.check(EXAMPLES[rule], rule, FORMATS if LONG else ("json",)) for rule in list(EXAMPLES)[:: 1 if LONG else 3])
        self.assertGreater(count, 100)

    def test_equal_stays_equal(self):
        report = run("--redact", "--format", "json", log=LOG).report()
        texts = {one["rule"]: one["evidence"][0]["text"] for one in report["incidents"]}
        user, = set(re.findall(r"user-\d+", texts["AH01618"]))
        self.assertIn(f"user {user}: authentication failure", texts["AH01617"])
        client, = set(re.findall(r"client (address-\d+)", texts["AH01618"]))
        self.assertIn(f"client {client}]", texts["AH00035"])
        self.assertNotIn(client, texts["AH01617"])

    def test_ids_and_causes_stay(self):
        for path in SAMPLES[::4]:
            plain, hidden = (json.loads(run("--format", "json", *more, "error.log", cwd=path.parent).text) for more in ((), ("--redact",)))
            self.assertEqual(self.same(plain), self.same(hidden), path.parent.name)
        plain, hidden = (run("--format", "json", *more, log=LOG).report() for more in ((), ("--redact",)))
        self.assertEqual(self.same(plain), self.same(hidden))

    def same(self, report):
        validate(report)
        return [(one["id"], one["rule"], one["case"], one["severity"], one["count"], one["errno"]) for one in report["incidents"]], report["platform"]

    def test_a_step_that_needs_it_says_so(self):
        plain, hidden = (run("--platform", "rhel", "--format", "json", *more, log=LOG).report() for more in ((), ("--redact",)))
        refused = 0
        for before, after in zip(plain["incidents"], hidden["incidents"]):
            self.assertEqual([step["phase"] for step in before["plan"]["steps"] if step["phase"] != "undo"],
                             [step["phase"] for step in after["plan"]["steps"] if step["phase"] != "undo"], before["rule"])
            for step in after["plan"]["steps"]:
                if step["kind"] == "command":
                    self.assertIsNone(re.search(r"(?:address|host|user|mail|query|secret)-\d", step["shell"]), step)
                refused += step["kind"] == "manual" and "redacted" in step["text"]
        self.assertGreater(refused, 0)

    def test_what_the_server_is_stays(self):
        """A plan of a path under /run is the same."""
        folder = SOURCE / "samples/founding"
        plain, hidden = (json.loads(run("--format", "json", *more, "error.log", cwd=folder).text) for more in ((), ("--redact",)))
        self.assertEqual(plain["incidents"][0]["plan"], hidden["incidents"][0]["plan"])

    def test_marks_stand_where_they_stood(self):
        report = run("--redact", "--format", "json", log=LOG).report()
        for one in report["incidents"]:
            for evidence in one["evidence"]:
                text = evidence["text"].encode()
                for span in evidence["spans"]:
                    part = text[span["start"]:span["end"]].decode()
                    if span["what"] == "code":
                        self.assertEqual(part, one["code"])
                    if span["what"] == "errno":
                        self.assertTrue(part.startswith(f"({one['errno']['number']})"), part)
                    if span["what"] == "path":
                        self.assertEqual(part, one["path"])

    def test_it_is_refused_where_it_would_hide_nothing(self):
        for words in (("entries",), ("merge", "-"), ("rules", "why", "-")):
            done = run("--redact", *words, log=LOG)
            self.assertEqual((done.status, done.out), (2, b""), words)
            self.assertIn("--redact", done.err)

    def test_names_of_files(self):
        import tempfile
        from pathlib import Path
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder, "home/gerda/www.example.com-error.log")
            path.parent.mkdir(parents=True)
            path.write_text(LOG)
            for form, text in reports(path):
                self.assertNotIn("gerda", text, form)
                self.assertNotIn("example.com", text, form)


if __name__ == "__main__":
    unittest.main()
