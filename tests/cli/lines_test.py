"""No line of a real log is left over: each is an entry, part of one, or has a name.

All samples, and what AHDIAG_CORPUS names: files with one JSON object a line, whose member "log" is a log."""
import functools
import json
import os
import re
import unittest
from pathlib import Path

from support import SOURCE, run

# What `entries` leaves out: an access log's lines, other programs' JSON, a pager's words inside an entry.
LEFT_OUT = re.compile(r'\[\d\d/[A-Z][a-z]{2}/\d{4}:|^\s*\{.*\}\s*$|^Press \[Enter\]|^--\s?More|^lines \d|\(END\)$')
# What a script said on its standard error, in a word.
NOBODY = {"debian-cgi-broken-scripts": ["oops"]}
# What httpd writes in front of its words, found without regard to anything else.
CODE = re.compile(r"(?:^|[\s\]:])(AH\d{5,6}): ")
PEER = re.compile(r"^(?!Apache-Error: ).*\] \[(?:client|remote) ")  # an audit log repeats a record
PID = re.compile(r"\[pid (\d+)")


def logs():
    for path in sorted(SOURCE.glob("samples/*/error.log")):
        yield path.parent.name, path.read_text(errors="surrogateescape")
    for name in filter(None, os.environ.get("AHDIAG_CORPUS", "").split(os.pathsep)):
        for line in Path(name).read_text().splitlines():
            case = json.loads(line)
            yield case["id"], case["log"]


@functools.cache
def read(log):
    done = run("entries", log=log.encode(errors="surrogateescape"))
    return [json.loads(line) for line in done.text.splitlines()]


def covered(entries):
    return {number for one in entries for number in range(one["line"], one["line"] + one["continuation"])}


class Lines(unittest.TestCase):
    def test_none_is_left_over(self):
        for name, log in logs():
            with self.subTest(log=name):
                entries = read(log)
                self.assertEqual([one["message"] for one in entries if one["format"] == "unknown" and not one["noise"]], NOBODY.get(name, []))
                lines = log.split("\n")
                # A pager's line inside an entry moves the entry's end by one.
                skipped = sum(bool(re.match("Press|--|lines ", line)) for line in lines)
                left = [line for number, line in enumerate(lines, 1)
                        if number not in covered(entries) and line.strip(" $\r") and not LEFT_OUT.search(line)]
                self.assertLessEqual(len(left), skipped, left)

    def test_every_field_in_front_is_read(self):
        for name, log in logs():
            with self.subTest(log=name):
                entries = read(log)
                found = {code for one in entries for code in (one["codes"] or [one["code"]])}
                spoken = " ".join(one["message"] for one in entries)
                for code in CODE.findall(log):
                    self.assertTrue(code in found or code in spoken, code)
                self.assertEqual({int(pid) for pid in PID.findall(log)} - {one["pid"] for one in entries}, set())
                peers = sum(len(PEER.findall(line)) > 0 for line in log.split("\n"))
                self.assertGreaterEqual(sum(one["continuation"] for one in entries if one["client"] or one["remote"]), peers)


if __name__ == "__main__":
    unittest.main()
