"""Each samples/*/error.log gives exactly expected.txt and expected.json; README.md shows what is true.

UPDATE_EXPECTED=1 writes the expected files anew: read the difference before it is committed.
"""
import json
import os
import re
import unittest
from pathlib import Path

from support import SOURCE, run, validate

SAMPLES = sorted(path.parent for path in (SOURCE / "samples").glob("*/error.log"))
UPDATE = os.environ.get("UPDATE_EXPECTED") == "1"
LEFT_OUT = "[...]"  # a line of README's block that stands for lines left out


def as_text(folder):
    return run("--width", "80", "--color", "never", "error.log", cwd=folder).text


def as_json(folder):
    """The report as the file keeps it: another version or number of rules is no difference."""
    report = json.loads(run("--format", "json", "error.log", cwd=folder).out.decode())
    validate(report)
    report["tool"].update(version="0.0.0", rules=0)
    return json.dumps(report, indent=2, ensure_ascii=False) + "\n"


class Samples(unittest.TestCase):
    maxDiff = 6000

    def test_there_are_samples(self):
        self.assertIn("founding", [folder.name for folder in SAMPLES])

    def test_each_gives_what_is_expected(self):
        for folder in SAMPLES:
            for name, form in {"expected.txt": as_text, "expected.json": as_json}.items():
                with self.subTest(sample=folder.name, file=name):
                    self.compare(folder / name, form(folder))

    def compare(self, path, found):
        if UPDATE:
            path.write_text(found)
        self.assertTrue(path.exists(), f"{path} is missing; UPDATE_EXPECTED=1 writes it")
        self.assertEqual(path.read_text(), found)

    def test_no_expected_file_has_lost_its_log(self):
        lost = [str(path) for path in (SOURCE / "samples").glob("*/expected.*") if not (path.parent / "error.log").exists()]
        self.assertEqual(lost, [])


class Readme(unittest.TestCase):
    def test_its_output_is_real(self):
        blocks = re.findall(r"<!-- real output -->\n```[a-z]*\n\$ ahdiag ([^\n]+)\n(.*?)```\n<!-- end -->", (SOURCE / "README.md").read_text(), re.DOTALL)
        self.assertTrue(blocks)
        for words, shown in blocks:
            self.check(run(*words.split(), cwd=SOURCE).text, shown)

    def check(self, real, shown):
        """The parts between lines left out stand in the real output, in their order; first and last at its ends."""
        parts = re.split(rf"(?m)^\s*{re.escape(LEFT_OUT)}\n", shown)
        self.assertTrue(real.startswith(parts[0]), f"not the begin of the output:\n{parts[0]}")
        self.assertTrue(real.endswith(parts[-1]), f"not the end of the output:\n{parts[-1]}")
        rest = real
        for part in parts:
            self.assertIn("\n" + part, "\n" + rest)
            rest = ("\n" + rest).partition("\n" + part)[2]

    def test_its_folders_and_words_exist(self):
        text = (SOURCE / "README.md").read_text() + (SOURCE / "CONTRIBUTING.md").read_text()
        usage = (SOURCE / "dev").read_text()
        for word in set(re.findall(r"\./dev ([a-z]+)", text)):
            self.assertIn(f"\n  {word} ", usage)
        for path in set(re.findall(r"\]\(([^)#:]+)\)", text)):
            self.assertTrue(Path(SOURCE, path).exists(), path)


if __name__ == "__main__":
    unittest.main()
