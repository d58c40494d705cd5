"""--format sarif against what SARIF 2.1.0 asks for. AHDIAG_SARIF_SCHEMA may name a copy of OASIS' own schema."""
import json
import os
import re
import tempfile
import unittest
from pathlib import Path
from urllib.parse import unquote, urlsplit

import jsonschema
import strangers
from support import FOUNDING, SOURCE, run

SCHEMA = os.environ.get("AHDIAG_SARIF_SCHEMA")
# The members that are written here, of those that the standard names (3.13 to 3.52): a misspelt one would be refused.
MEMBERS = {
    "log": {"$schema", "version", "runs"}, "run": {"tool", "invocations", "columnKind", "results"}, "driver": {"name", "version", "rules"},
    "rule": {"id", "shortDescription", "fullDescription", "defaultConfiguration", "help", "helpUri"},
    "result": {"ruleId", "ruleIndex", "kind", "level", "message", "locations", "relatedLocations", "occurrenceCount", "partialFingerprints", "properties"},
    "location": {"id", "message", "physicalLocation"}, "physicalLocation": {"artifactLocation", "region"}, "region": {"startLine", "snippet"},
}
URI = re.compile(r"(?:[a-z]+://)?(?:[A-Za-z0-9._~/!$&'()*+,;=@-]|%[0-9A-F]{2})*")  # RFC 3986, without ':' in a relative path


class Sarif(unittest.TestCase):
    def known(self, what, found):
        self.assertEqual(set(found) - MEMBERS[what], set(), what)

    def check(self, *args, **more):
        log = json.loads(run("--format", "sarif", *args, **more).text)
        if SCHEMA:
            jsonschema.validate(log, json.loads(Path(SCHEMA).read_text()))
        self.known("log", log)
        self.assertEqual(log["version"], "2.1.0")
        only, = log["runs"]
        self.known("run", only)
        driver = only["tool"]["driver"]
        self.known("driver", driver)
        self.assertEqual(driver["name"], "ahdiag")
        for rule in driver["rules"]:
            self.known("rule", rule)
            self.assertIn(rule["defaultConfiguration"]["level"], ("error", "warning", "note"))
            self.assertTrue(rule["shortDescription"]["text"] and rule["help"]["text"])
        self.assertEqual(len({rule["id"] for rule in driver["rules"]}), len(driver["rules"]))
        for result in only["results"]:
            self.check_result(result, driver["rules"])
        return only

    def check_result(self, result, rules):
        self.known("result", result)
        self.assertEqual(rules[result["ruleIndex"]]["id"], result["ruleId"])
        self.assertIn(result["level"], ("error", "warning", "note"))
        self.assertGreaterEqual(result["occurrenceCount"], 1)
        self.assertTrue(result["message"]["text"])
        self.assertEqual([location["id"] for location in result["relatedLocations"]], list(range(1, len(result["relatedLocations"]) + 1)))
        for location in result["locations"] + result["relatedLocations"]:
            self.known("location", location)
            self.known("physicalLocation", location["physicalLocation"])
            self.known("region", location["physicalLocation"]["region"])
            self.assertGreaterEqual(location["physicalLocation"]["region"]["startLine"], 1)
            self.assertIsNotNone(URI.fullmatch(location["physicalLocation"]["artifactLocation"]["uri"]), location)

    def test_it_says_what_the_report_says(self):
        for path in sorted((SOURCE / "samples").glob("*/error.log"))[::3]:
            report = run("--format", "json", path).report()
            results = self.check(path)["results"]
            self.assertEqual([one["partialFingerprints"]["ahdiagIncident/v1"] for one in results], [one["id"] for one in report["incidents"]])
            for result, one in zip(results, report["incidents"]):
                self.assertEqual(result["level"], {"critical": "error", "notice": "note"}.get(one["severity"], one["severity"]))
                self.assertEqual(result["locations"][0]["physicalLocation"]["region"]["startLine"], one["evidence"][0]["line"])
                self.assertEqual(len(result["relatedLocations"]), sum(bool(each["evidence"]) for each in one["consequences"]))
                self.assertIn(one["cause"]["text"], result["message"]["text"])

    def test_addresses_of_files(self):
        with tempfile.TemporaryDirectory() as folder:
            for name in ("a b#c?d%e:f.log", "é[1].log", "x\\y^`{}|.log"):
                path = Path(folder, name)
                path.write_bytes(FOUNDING.read_bytes())
                for given, scheme in ((path, "file"), (name, "")):
                    result, = self.check(given, cwd=folder)["results"]
                    uri = result["locations"][0]["physicalLocation"]["artifactLocation"]["uri"]
                    self.assertEqual((urlsplit(uri).scheme, unquote(urlsplit(uri).path)), (scheme, str(given)))

    def test_strangers(self):
        results = self.check("--platform", "rhel", log=strangers.log(strangers.WORDS))["results"]
        self.assertGreater(len(results), 20)

    def test_bytes_that_are_no_text(self):
        self.check(log=b"[Wed Mar 13 07:02:11.000001 2024] [core:error] [pid 9] (13)Permission denied: AH00091: httpd: could not open error log file /x/\xff\x00\x1b.\n")

    def test_what_could_not_be_read(self):
        only = self.check(FOUNDING, "/no/such/file")
        invocation, = only["invocations"]
        self.assertFalse(invocation["executionSuccessful"])
        self.assertIn("/no/such/file", invocation["toolExecutionNotifications"][0]["message"]["text"])
        self.assertTrue(self.check(log="")["invocations"][0]["executionSuccessful"])


class OneIncident(unittest.TestCase):
    def test_others_are_left_out(self):
        log = strangers.log(["a", "b"])
        report = run("--format", "json", log=log).report()
        first, second = report["incidents"][:2]
        only = run("--format", "json", "--incident", second["id"], log=log)
        self.assertEqual([one["id"] for one in only.report()["incidents"]], [second["id"]])
        self.assertEqual((only.report()["status"], only.report()["unmatched"]), (second["severity"], []))
        both = run("--format", "json", "--incident", second["id"], "--incident", first["id"], log=log).report()
        self.assertEqual([one["id"] for one in both["incidents"]], [first["id"], second["id"]])
        none = run("--incident", "0" * 16, log=log)
        self.assertEqual(none.status, 0)
        self.assertIn("Nothing to diagnose", none.text)


if __name__ == "__main__":
    unittest.main()
