"""ahdiag explain, rules new and rules why by their command lines."""
import json
import os
import tempfile
import unittest
from pathlib import Path

import jsonschema
from support import FOUNDING, SOURCE, run

SCHEMA = json.loads((SOURCE / "schema/explain.schema.json").read_text())
PLATFORMS = [one["id"] for one in json.loads((SOURCE / "rules/platforms.json").read_text())["platforms"]]
CATALOG = [row.split("\t") for row in (SOURCE / "rules/catalog.tsv").read_text().splitlines() if not row.startswith("#")]


def topics(*args):
    done = run("explain", "--format", "json", *args)
    found = json.loads(done.text)
    jsonschema.validate(found, SCHEMA)
    return found["topics"]


class Explain(unittest.TestCase):
    def test_an_id_with_a_rule(self):
        one, = topics("AH01762", "--platform", "rhel")
        self.assertEqual((one["kind"], one["topic"]), ("id", "AH01762"))
        self.assertIn({"name": "Level", "text": "error"}, one["facts"])
        steps = [step["text"] for cause in one["rules"][0]["causes"] for step in cause["steps"]]
        self.assertTrue(any(step.startswith("install -d -o root -g apache -m 0710") for step in steps), steps)
        self.assertTrue(any(cause["other_steps_on"] for cause in one["rules"][0]["causes"]))

    def test_spellings(self):
        for spelled in ("AH01762", "ah01762", "AH1762", "AH01762:"):
            self.assertEqual(topics(spelled)[0]["topic"], "AH01762", spelled)
        for spelled, name in {"28": "ENOSPC", "(28)": "ENOSPC", "enospc": "ENOSPC", "(28)No space left on device": "ENOSPC",
                              "20014": "APR_EGENERAL", "(70007)": "APR_TIMEUP", "(EAI 2)": "EAI_NONAME", "670002": "EAI_NONAME",
                              "(OS 10048)": "EADDRINUSE", "720005": "EACCES", "120006": "120006"}.items():
            self.assertIn(name, [one["topic"] for one in topics(spelled)], spelled)
        self.assertEqual({one["topic"] for one in topics("35")}, {"EDEADLK", "EAGAIN"}, "another number on another system")

    def test_kinds(self):
        for topic, kind in {"disk-full": "class", "listen": "directive", "<VirtualHost>": "directive", "php-fatal": "rule",
                            "ENOENT": "status", "AH00558": "id"}.items():
            self.assertIn(kind, [one["kind"] for one in topics(topic)], topic)

    def test_a_directive_is_loaded_as_the_platform_does_it(self):
        steps = lambda platform: json.dumps(topics("RewriteEngine", "--platform", platform))
        self.assertIn("a2enmod rewrite", steps("debian"))
        self.assertIn("LoadModule rewrite_module", steps("rhel"))

    def test_nothing_is_called_so(self):
        for spelled, near in {"ENOSPK": "ENOSPC", "rewriteengin": "RewriteEngine",
                              "disk-ful": "disk-full"}.items():
            done = run("explain", spelled)
            self.assertEqual((done.status, done.out), (2, b""), spelled)
            self.assertIn("did you mean " + near, done.err)
        both = run("explain", "ENOSPC", "zzzzzzzzzz")
        self.assertEqual(both.status, 2)
        self.assertIn("No space left", both.text, "what is known is told all the same")
        self.assertEqual(run("explain").status, 2)
        self.assertEqual(run("explain", "ENOSPC", "--platform", "beos").status, 2)

    def test_every_id_of_the_catalogue(self):
        ids = [row[0] for row in CATALOG]
        self.assertGreater(len(ids), 3800)
        for begin in range(0, len(ids), 500):
            found = topics(*ids[begin:begin + 500])
            self.assertEqual([one["topic"] for one in found], ids[begin:begin + 500])
            for one in found:
                self.assertTrue(one["title"])
                self.assertTrue(any(fact["name"] == "Logged by" for fact in one["facts"]))

    def test_forms(self):
        wide = run("explain", "AH00072", "--width", "60", "--color", "never").text
        prose = [row for row in wide.splitlines() if not row.startswith("         ")]
        self.assertLessEqual(max(map(len, (row for row in prose if " " in row.strip()))), 75)
        self.assertNotIn("\x1b", wide)
        self.assertIn("\x1b[1m", run("explain", "AH00072", "--color", "always").text)
        marked = run("explain", "AH00072", "--format", "markdown").text
        self.assertTrue(marked.startswith("## AH00072: "))
        self.assertIn("### See also", run("explain", "disk-full", "--format", "markdown").text)


class NewAndWhy(unittest.TestCase):
    def test_a_new_rule_lacks_only_what_has_to_be_written(self):
        ids = ["AH00547", "AH02659", "AH10504", "AH00900", "of-my-own"]
        with tempfile.TemporaryDirectory() as folder:
            for one in ids:
                done = run("rules", "new", one)
                if done.status == 2:
                    continue  # there is a rule by now
                Path(folder, one + ".json").write_bytes(done.out)
            checked = run("rules", "check", folder)
            told = checked.err.splitlines()
            self.assertEqual(checked.status, 1)
            self.assertEqual([row for row in told if "has still to be written" not in row], [])
        self.assertEqual(run("rules", "new", "AH01762").status, 2)
        self.assertEqual(run("rules", "new", "AH99999").status, 2)

    def test_why(self):
        done = run("rules", "why", f"{FOUNDING}:1")
        self.assertEqual(done.status, 0)
        self.assertRegex(done.text, r"AH01762 +speaks")
        self.assertIn("=> an incident of AH01762", done.text)
        self.assertIn("=> a consequence of AH01762", run("rules", "why", str(FOUNDING)).text)
        log = ("[Wed Mar 13 07:02:11.000001 2024] [auth_digest:error] [pid 9] (2)No such file or directory: "
               "AH01762: Failed to create shared memory in a new way\n")
        stopped = run("rules", "why", "-", log=log).text
        self.assertIn("stops: expression, which agrees up to", stopped)
        visitor = log.replace("AH01762", "[client 203.0.113.9:4711] AH01762")
        self.assertIn("stops: origin", run("rules", "why", "-", log=visitor).text)
        self.assertEqual(run("rules", "why", "/nonexistent/x.log").status, 3)


class Generic(unittest.TestCase):
    LINE = "[Wed Mar 13 07:02:11.000001 2024] [heartmonitor:error] [pid 9] AH10561: words\n"

    def test_an_id_without_rule_is_named(self):
        done = run("--format", "json", log=self.LINE)
        only, = done.report()["unmatched"]
        self.assertEqual((only["code"], only["module"], only["area"]),
                         ("AH10561", "heartmonitor", "heartbeats of a cluster, the receiver"))
        text = run(log=self.LINE).text
        self.assertIn("AH10561, mod_heartmonitor", text)
        self.assertIn("ahdiag explain AH10561", text)

    def test_a_strangers_words_enter_no_command(self):
        line = ("[Wed Mar 13 07:02:11.000001 2024] [asis:error] [pid 9] (13)Permission denied: [client 203.0.113.9:4711] "
                "AH01234: file permissions deny server access: /srv/x/MARK\n")
        report = run("--format", "json", "--platform", "rhel", log=line).report()
        for incident in report["incidents"]:
            for step in incident["plan"]["steps"]:
                if step["kind"] == "command":
                    self.assertNotIn("MARK", step["shell"])


if __name__ == "__main__":
    unittest.main()
