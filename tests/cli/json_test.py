"""The JSON contract: every report keeps to the schema, says the same twice, and the schema can refuse."""
import copy
import json
import re
import shlex
import unittest

import jsonschema

from support import FOUNDING, SOURCE, all_steps, report_on, run, validate, words_of

EXAMPLES = [(path.stem, example["name"], example) for path in sorted(SOURCE.glob("rules/*/*.json")) if path.parent.name != "remedies"
            for example in json.loads(path.read_text()).get("examples", [])]


NEVER = re.compile(r"\b0?777\b|setenforce|^(sudo|su|sh|bash|eval|dd|mkfs)\b|^rm -\S*[rR]|^chmod -R|^chown -R")
DOWNLOAD = re.compile(r"^(curl|wget)\b")
PLACEHOLDER = re.compile(r"<[a-z][a-z _-]*>|\{[a-z_]+\}|\bYOUR_|\.\.\.")


def options_of(example):
    platform = ["--platform", example["platform"]] if "platform" in example else []
    return platform + [word for name, value in example.get("facts", {}).items() for word in ("--fact", f"{name}={value}")]


class Schema(unittest.TestCase):
    def test_it_is_a_schema(self):
        jsonschema.Draft7Validator.check_schema(json.loads((SOURCE / "schema/report.schema.json").read_text()))

    def test_the_examples_of_the_rules_keep_to_it(self):
        self.assertGreater(len(EXAMPLES), 50)
        for rule, name, example in EXAMPLES:
            with self.subTest(rule=rule, name=name):
                report = report_on("".join(line + "\n" for line in example["log"]), *options_of(example))
                check_spans(self, report)
                check_steps(self, report)

    def test_empty_input_keeps_to_it(self):
        self.assertEqual(report_on("")["status"], "ok")

    def test_it_refuses(self):
        good = run("--format", "json", FOUNDING).report()
        for name, spoil in SPOILERS.items():
            with self.subTest(spoiler=name):
                bad = copy.deepcopy(good)
                spoil(bad)
                with self.assertRaises(AssertionError):
                    validate(bad)


def incident(report):
    return report["incidents"][0]


SPOILERS = {
    "a member is missing": lambda report: report.pop("unmatched"),
    "a member of an incident is missing": lambda report: incident(report).pop("errno"),
    "an unknown member": lambda report: report.update(extra=1),
    "an unknown member, deep inside": lambda report: incident(report)["evidence"][0].update(extra=1),
    "another severity": lambda report: incident(report).update(severity="fatal"),
    "another phase": lambda report: incident(report)["plan"]["steps"][0].update(phase="later"),
    "a command without argv": lambda report: incident(report)["plan"]["steps"][0].pop("argv"),
    "a newline in an argv": lambda report: incident(report)["plan"]["steps"][0]["argv"].append("a\nb"),
    "a time that is none": lambda report: report["input"][0].update(first="yesterday"),
    "a number as text": lambda report: incident(report).update(count="1"),
    "no candidates": lambda report: incident(report).update(candidates=[]),
}


def check_spans(test, report):
    for one in report["incidents"]:
        for evidence in one["evidence"]:
            length = len(evidence["text"].encode())
            for span in evidence["spans"]:
                test.assertLess(span["start"], span["end"])
                test.assertLessEqual(span["end"], length)


def check_steps(test, report):
    """What no plan may do, and what each step owes."""
    for step in all_steps(report):
        words = words_of(step)
        if step["kind"] == "command":
            test.assertIsNone(NEVER.search(words), words)
            test.assertEqual(shlex.split(step["shell"]), step["argv"])
            test.assertIsNone(PLACEHOLDER.search(str((step["expect"] or {}).get("output"))), step["expect"])
        if step["kind"] != "manual":
            test.assertIsNone(PLACEHOLDER.search(words), words)
        if step["phase"] == "inspect":
            test.assertEqual(step["risk"], "none", words)
        if step["phase"] in ("repair", "persist") and step["kind"] != "manual":
            test.assertNotEqual(step["risk"], "none", words)
            test.assertIsNone(DOWNLOAD.search(words), words)


class Contract(unittest.TestCase):
    def test_the_first_candidate_is_the_cause(self):
        for _, _, example in EXAMPLES[:60]:
            for one in report_on("\n".join(example["log"]) + "\n", *options_of(example))["incidents"]:
                first = one["candidates"][0]
                self.assertEqual((first["case"], first["class"], first["confidence"]), (one["case"], one["cause"]["class"], one["confidence"]))

    def test_two_runs_are_the_same_bytes(self):
        for form in ("text", "json"):
            self.assertEqual(run("--format", form, FOUNDING).out, run("--format", form, FOUNDING).out)

    def test_a_pipe_says_what_a_file_says(self):
        piped = report_on(FOUNDING.read_bytes())
        named = json.loads(json.dumps(run("--format", "json", FOUNDING).report()).replace(json.dumps(str(FOUNDING)), '"-"'))
        self.assertEqual(piped, named)

    def test_worst_first(self):
        report = report_on("AH00558: httpd: Could not reliably determine the server's fully qualified domain name, using ::1. "
                           "Set the 'ServerName' directive globally to suppress this message\n" + FOUNDING.read_text())
        ranks = [("critical", "error", "warning", "notice").index(one["severity"]) for one in report["incidents"]]
        self.assertEqual(ranks, sorted(ranks))
        self.assertEqual(report["status"], "critical")

    def test_repeats_are_counted(self):
        report = report_on(FOUNDING.read_text() * 5)
        self.assertEqual([one["count"] for one in report["incidents"]], [5])
        self.assertLessEqual(len(report["incidents"][0]["evidence"]), 5)

    def test_what_nobody_knows_is_counted(self):
        report = report_on("[Wed Mar 13 07:02:11.000001 2024] [core:error] [pid 1] AH99999: the moon is in the way\n" * 3)
        self.assertEqual(report["incidents"], [])
        self.assertEqual([(row["code"], row["count"]) for row in report["unmatched"]], [("AH99999", 3)])


if __name__ == "__main__":
    unittest.main()
