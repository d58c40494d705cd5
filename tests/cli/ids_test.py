"""An incident's id finds its ticket again: it changes neither over runs and hosts nor over versions.

tests/ids.tsv holds ids that tickets carry. One that changes there breaks somebody's search: give the rule its old "same" back.
"""
import json
import re
import unittest

from support import SOURCE, report_on, run

SAMPLES = {path.parent.name: path for path in sorted((SOURCE / "samples").glob("*/error.log"))}
STORED = [tuple(row.split("\t")) for row in (SOURCE / "tests/ids.tsv").read_text().splitlines() if not row.startswith("#")]


def ids(log, *args):
    return sorted(one["id"] for one in report_on(log, "--fail-on", "never", *args)["incidents"])


def elsewhere(log):
    """The same log of another run, on another host: other times, processes, clients, and names of machines."""
    log = re.sub(r"\b(\w{3} \w{3} +\d+) (\d\d):(\d\d:\d\d)(?:\.\d+)? (\d{4})\]", r"\1 \2:\3.000042 2031]", log)
    pids = {}
    other = lambda found: found[1] + str(pids.setdefault(found[2], 90000 + len(pids)))
    log = re.sub(r"(\[pid |:tid |\[|process |PID |\(pid )(\d{2,7})(?=[:\])., ])", other, log)
    log = re.sub(r"(client [\d.]+):\d+", r"\1:59999", log)
    return re.sub(r"(?m)^(\w{3} +\d+ [\d:]{8}) \S+ ", r"\1 other-host ", log)


class Ids(unittest.TestCase):
    def test_they_are_those_that_tickets_carry(self):
        found = []
        for name, path in SAMPLES.items():
            for one in run("--format", "json", path).report()["incidents"]:
                found.append((name, one["rule"], one["id"]))
        self.assertEqual(sorted(set(STORED) - set(found)), [], "ids that have changed, or incidents that are gone")
        self.assertGreater(len(STORED), 150)

    def test_no_two_of_a_report_are_equal(self):
        for name in SAMPLES:
            of_sample = [one[2] for one in STORED if one[0] == name]
            self.assertEqual(len(of_sample), len(set(of_sample)), name)

    def test_other_run_other_host(self):
        for name, path in SAMPLES.items():
            log = path.read_text(errors="surrogateescape").encode("utf-8", "surrogateescape").decode("utf-8", "replace")
            self.assertNotEqual(elsewhere(log), log, name) if "[pid " in log else None
            self.assertEqual(ids(elsewhere(log)), ids(log), name)

    def test_other_options(self):
        """Neither the platform, nor what is told of the machine, nor the form in which a report is written changes them."""
        for name in list(SAMPLES)[::3]:
            log = SAMPLES[name].read_bytes().decode("utf-8", "replace")
            was = ids(log)
            for args in (("--platform", "freebsd"), ("--platform", "debian"), ("--host", "--root", SOURCE / "samples"), ("--redact",), ("--threads", "1")):
                self.assertEqual(ids(log, *args), was, (name, args))

    def test_order_and_company(self):
        """Two failures in either order, or each alone, have the same ids."""
        one, other = (SAMPLES[name].read_text() for name in ("debian-backend-refused", "rhel-key-mismatch"))
        both = sorted({*ids(one), *ids(other)})
        self.assertEqual(ids(one + other), both)
        self.assertEqual(ids(other + one), both)
        self.assertEqual(ids(one + one), ids(one))

    def test_another_subject_is_another_incident(self):
        line = "(13)Permission denied: AH00091: httpd: could not open error log file {}.\n"
        self.assertNotEqual(ids(line.format("/var/log/httpd/a")), ids(line.format("/var/log/httpd/b")))
        self.assertNotEqual(ids(line.format("/var/log/httpd/a")), ids(line.format("/var/log/httpd/a").replace("(13)Permission denied", "(2)No such file or directory")))
        self.assertEqual(ids(line.format("/var/log/httpd/a")), ids("x\n" * 5 + line.format("/var/log/httpd/a") * 3))

    def test_the_words_of_a_status_decide(self):
        """The same status has another number on another system."""
        line = "({})Address already in use: AH00072: make_sock: could not bind to address [::]:80\n"
        self.assertEqual(ids(line.format(98)), ids(line.format(48)))


if __name__ == "__main__":
    unittest.main()
