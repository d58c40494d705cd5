"""ahdiag merge: any tree over any order gives the same bytes; a log cut into shards gives what the whole log gives.

AHDIAG_LONG=1: every sample at every line border, in two and in many shards; more trees.
"""
import collections
import copy
import json
import os
import random
import tempfile
import unittest
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from support import FOUNDING, SOURCE, run, validate

LONG = os.environ.get("AHDIAG_LONG") == "1"
SAMPLES = sorted(SOURCE.glob("samples/*/error.log"))
REFUSED = "[Sun Nov 22 16:48:{:02}.000001 2026] [proxy:error] [pid 7:tid 7] (111)Connection refused: AH00957: http: attempt to connect to 127.0.0.1:{} (*:80) failed\n"


def report(log, *options):
    """The map step: one report on one line."""
    done = run("--format", "json", "--compact", "--fail-on", "never", *options, log=log)
    assert done.status == 0 and done.out.count(b"\n") == 1, done.err
    return done.out


def merge(reports, *options):
    done = run("merge", "--fail-on", "never", "--compact", *options, log=b"".join(reports))
    assert done.status == 0, done.err
    return done.out


def report_id(path):
    return json.loads(report(path.read_bytes()))["incidents"][0]["id"]


def by_any_tree(reports, dice):
    """Merges a few at a time, until one is left."""
    while True:
        dice.shuffle(reports)
        size = dice.randint(2, 5)
        reports = [merge(reports[:size]), *reports[size:]]
        if len(reports) == 1:
            return reports[0]


def several(count, log_of=lambda i: FOUNDING.read_bytes()):
    return [report(log_of(i), "--label", f"web{i}") for i in range(count)]


class Trees(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        with ThreadPoolExecutor() as pool:
            plain = list(pool.map(lambda path: report(path.read_bytes()), SAMPLES))
            labelled = list(pool.map(lambda path: report(path.read_bytes(), "--label", path.parent.name.split("-")[0]), SAMPLES[::3]))
        cls.reports = plain + labelled + plain[::4] + plain[::7]  # the same one again is another one

    def test_any_order_in_any_tree_gives_the_same_bytes(self):
        whole = merge(self.reports)
        validate(json.loads(whole))
        seeds = range(12 if LONG else 3)
        with ThreadPoolExecutor() as pool:
            for seed, out in zip(seeds, pool.map(lambda seed: by_any_tree(list(self.reports), random.Random(seed)), seeds)):
                self.assertEqual(out, whole, f"seed {seed}")

    def test_small_groups_too(self):
        """Of few reports every grouping: what a large sum might hide."""
        dice = random.Random(1)
        for _ in range(150 if LONG else 25):
            a, b, c = dice.sample(self.reports, 3)
            whole = merge([a, b, c])
            validate(json.loads(whole))
            self.assertEqual(merge([merge([a, b]), c]), whole)
            self.assertEqual(merge([a, merge([c, b])]), whole)
            self.assertEqual(merge([whole]), whole)

    def test_nothing_is_lost(self):
        merged = json.loads(merge(self.reports))
        singles = [json.loads(one) for one in self.reports]
        counts = collections.Counter()
        for one in singles:
            for incident in one["incidents"]:
                counts[incident["id"]] += incident["count"]
        found = collections.Counter()  # one host's may be folded, and another's stand by itself
        for one in merged["incidents"] + merged["fleet"]["folded"]:
            found[one["id"]] += one["count"]
        self.assertEqual(found, counts)
        self.assertEqual(merged["fleet"]["reports"], len(singles))
        self.assertEqual(sum(row["lines"] for row in merged["input"]), sum(row["lines"] for one in singles for row in one["input"]))
        self.assertEqual(merged["status"], "critical")
        for incident in merged["incidents"]:
            self.assertEqual(sum(host["count"] for host in incident["hosts"]), incident["count"])

    def test_a_report_merged_alone_says_the_same(self):
        for one in self.reports[:40]:
            self.assertEqual(said(json.loads(merge([one]))), said(json.loads(one)))


def said(one, times=True):
    """What merging shards has to keep, in a form that can be compared."""
    def consequences(incident):
        counts = collections.Counter()
        for row in incident["consequences"]:
            counts[str((row["code"], row["rule"]))] += row["count"]
        return dict(counts)

    def period(incident):
        return (incident["first_seen"], incident["last_seen"]) if times else ()

    return {"status": one["status"],
            "incidents": {incident["id"]: (incident["case"], incident["severity"], incident["count"], period(incident), consequences(incident))
                          for incident in one["incidents"]},
            "unmatched": sorted((str(row["code"]), row["count"]) for row in one["unmatched"])}


# Logs whose lines somebody wrapped: the reader joins them by what stands around, which a cut takes away.
WRAPPED = {"founding"}
# Rules that choose a case by what else the log shows.
ASKING = {path.stem for path in SOURCE.glob("rules/*/*.json") if '"seen"' in path.read_text()}


class Shards(unittest.TestCase):
    """Between two entries, a cut changes neither incidents nor counts, severity, roots or what follows from them.

    A rule that chooses its case by other lines of the log needs them in its shard. An entry may have several lines, and an id's first line may say too little alone: inside of one a cut costs it. A
    line without a header takes its time from its neighbours: of those only the time may be lost.
    """

    def test_cut_at_line_borders(self):
        cuts = 0
        with ThreadPoolExecutor() as pool:
            for count in pool.map(self.cut, SAMPLES if LONG else SAMPLES[::4]):
                cuts += count
        self.assertGreater(cuts, 300 if LONG else 60)

    def cut(self, path):
        log = path.read_bytes()
        lines = log.splitlines(keepends=True)
        entries = [json.loads(line) for line in run("entries", log=log).text.splitlines()]
        inside = {number for one in entries for number in range(one["line"], one["line"] + one["continuation"] - 1)}
        timed = all("[" in line.decode(errors="replace")[:1] for line in lines)
        whole = said(json.loads(report(log)), timed)
        if path.parent.name in WRAPPED or {one["rule"] for one in json.loads(report(log))["incidents"]} & ASKING:
            return 0
        between = [at for at in range(1, len(lines)) if at not in inside]
        for at in between:
            parts = [report(b"".join(lines[:at])), report(b"".join(lines[at:]))]
            with self.subTest(sample=path.parent.name, cut=at):
                self.assertEqual(said(json.loads(merge(parts)), timed), whole)
        return len(between)

    def test_one_line_a_shard(self):
        """The founding failure's own lines, each alone on its way, in whatever order."""
        lines = [line for line in (SOURCE / "samples/rhel-digest-run-directory-missing/error.log").read_bytes().splitlines(keepends=True)]
        parts = [report(line, "--platform", "rhel") for line in lines]
        whole = said(json.loads(report(b"".join(lines), "--platform", "rhel")), False)
        self.assertEqual(said(json.loads(merge(parts)), False), whole)
        self.assertEqual(merge(parts[::-1]), merge(parts))

    def test_a_consequence_keeps_to_its_host(self):
        log = (SOURCE / "samples/rhel-digest-run-directory-missing/error.log").read_bytes().splitlines(keepends=True)
        at = next(i for i, line in enumerate(log) if b"AH01760" in line)
        parts = [report(b"".join(log[:at]), "--label", "web1"), report(b"".join(log[at:at + 1]), "--label", "web2")]
        codes = {one["code"] for one in json.loads(merge(parts))["incidents"]}
        self.assertIn("AH01762", codes)
        self.assertIn("AH01760", codes)

    def test_a_root_that_comes_later_takes_what_was_folded(self):
        """Folding is a view: a tree in which the root comes last is no other."""
        log = (SOURCE / "samples/rhel-digest-run-directory-missing/error.log").read_bytes().splitlines(keepends=True)
        parts = [report(line, "--platform", "rhel") for line in log]
        self.assertEqual(merge([parts[0], merge(parts[1:])]), merge(parts))
        self.assertEqual(merge([merge(parts[1:]), parts[0]]), merge(parts))


class Bounds(unittest.TestCase):
    def test_hosts_are_counted_when_they_are_too_many_to_name(self):
        reports = several(130)
        merged = json.loads(merge(reports))
        incident = merged["incidents"][0]
        self.assertEqual(len(incident["hosts"]), 100)
        self.assertEqual((incident["count"], incident["hosts_beyond"]), (130, 30))
        self.assertEqual((len(merged["fleet"]["hosts"]), merged["fleet"]["hosts_beyond"]), (100, 30))
        self.assertEqual(len(incident["evidence"]), 5)
        halves = [merge(reports[::2]), merge(reports[1::2])]
        self.assertEqual(json.loads(merge(halves)), merged)

    def test_inputs_are_summed_up(self):
        reports = several(230, lambda i: b"")
        merged = json.loads(merge(reports))
        self.assertEqual((len(merged["input"]), merged["fleet"]["inputs_beyond"]["reports"]), (200, 30))
        self.assertEqual(merge([merge(reports[:100]), merge(reports[100:])]), merge(reports))

    def test_incidents_beyond_the_limit_are_counted_and_the_worst_are_kept(self):
        """2,400 of an id of its own each, in reports of few; one critical among them."""
        base = json.loads(report(REFUSED.format(1, 8001)))
        critical = json.loads(report(FOUNDING.read_bytes()))
        reports = [json.dumps(critical).encode() + b"\n"]
        for number in range(24):
            one = copy.deepcopy(base)
            one["incidents"] = [{**base["incidents"][0], "id": f"{number * 100 + i:016x}", "count": 3} for i in range(100)]
            reports.append(json.dumps(one).encode() + b"\n")
        merged = json.loads(merge(reports))
        self.assertEqual(len(merged["incidents"]), 2000)
        self.assertEqual(merged["incidents"][0]["id"], critical["incidents"][0]["id"])
        self.assertEqual(merged["suppressed"]["over_limits"], 401 * 3)
        random.Random(3).shuffle(reports)
        self.assertEqual(json.loads(merge([merge(reports[:9]), merge([merge(reports[9:11]), *reports[11:]])])), merged)

    def test_sums_stop_where_doubles_end(self):
        one = json.loads(report(FOUNDING.read_bytes()))
        one["incidents"][0]["count"] = 2**64 - 1
        text = json.dumps(one).encode() + b"\n"
        self.assertEqual(json.loads(merge([text, text]))["incidents"][0]["count"], 2**53 - 1)

    def test_what_was_hidden_still_counts(self):
        hidden = report(REFUSED.format(1, 8001), "--min-severity", "critical")
        merged = json.loads(merge([hidden, hidden]))
        self.assertEqual((merged["status"], merged["incidents"], merged["suppressed"]["notices"]), ("error", [], 2))
        self.assertEqual(merge([merge([hidden]), hidden]), merge([hidden, hidden]))


class Hosts(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = Path(folder.name)

    def write(self, name, content):
        path = self.folder / name
        path.write_bytes(content)
        return path

    def test_names_from_the_report_and_from_the_call(self):
        one = self.write("a.json", report(FOUNDING.read_bytes(), "--label", "web1"))
        two = self.write("b.json", report(FOUNDING.read_bytes()))
        done = run("merge", one, f"web2={two}", f"web3={one}", two)
        self.assertEqual(done.status, 1)
        hosts = done.report()["incidents"][0]["hosts"]
        self.assertEqual([(host["name"], host["count"]) for host in hosts], [(None, 1), ("web1", 2), ("web2", 1)])

    def test_a_directory_and_a_stream_and_any_layout(self):
        reports = several(3)
        for i, one in enumerate(reports):
            self.write(f"{i}.json", json.dumps(json.loads(one), indent=i + 1).encode())
        self.write("notes.txt", b"not a report")
        from_folder = run("merge", "--compact", self.folder).out
        self.assertEqual(from_folder, merge(reports))
        pretty = b"".join(run("--format", "json", "--label", f"web{i}", FOUNDING).out for i in range(3))
        self.assertEqual(run("merge", "-", log=pretty).report()["incidents"][0]["count"], 3)

    def test_first_and_last(self):
        logs = [REFUSED.format(second, 8001) for second in (5, 9, 2)]
        incident = json.loads(merge([report(log, "--label", f"web{i}") for i, log in enumerate(logs)]))["incidents"][0]
        self.assertEqual((incident["first_seen"], incident["last_seen"]), ("2026-11-22T16:48:02.000001", "2026-11-22T16:48:09.000001"))
        self.assertEqual([host["first"][17:19] for host in incident["hosts"]], ["05", "09", "02"])
        self.assertEqual(incident["shown"]["host"], "web2")

    def test_each_platform_has_its_plan(self):
        one = json.loads(merge([report(FOUNDING.read_bytes(), "--platform", platform, "--label", platform) for platform in ("rhel", "debian")]))
        same = [incident for incident in one["incidents"] if incident["variants"]]
        for incident in same:
            platforms = {incident["shown"]["platform"], *(variant["shown"]["platform"] for variant in incident["variants"])}
            self.assertEqual(platforms, {"rhel", "debian"})
        self.assertTrue(same)
        self.assertIn("the plan is for", run("merge", "--format", "text", log=json.dumps(one)).text)

    def test_text(self):
        shown = run("merge", "--format", "text", "--color", "never", "--width", "80", log=b"".join(several(12))).text
        identity = report_id(FOUNDING)
        for words in ("critical: mod_auth_digest cannot create", f"12 times, incident {identity}", "web0, web1, web10", "and 4 more",
                      "install -d -o root -g apache -m 0710 -- /run/httpd", "12 reports of 168 lines from 12 hosts."):
            self.assertIn(words, shown)


class Refused(unittest.TestCase):
    def check(self, bad, *words):
        """One line that says why, status 3, and the good ones merged as if it were not there."""
        good = [report(FOUNDING.read_bytes()), report(REFUSED.format(1, 8001))]
        done = run("merge", "--compact", log=good[0] + bad + b"\n" + good[1])
        self.assertEqual(done.status, 3, done.err)
        self.assertEqual(done.out, merge(good))
        self.assertEqual(done.err.count("\n"), 1, done.err)
        for word in words:
            self.assertIn(word, done.err)

    def test_bad_reports(self):
        good = report(FOUNDING.read_bytes())
        of = lambda change: json.dumps({**json.loads(good), **change}).encode()
        self.check(good[:5000], "standard input:2:", "cut")
        self.check(b"{]", "standard input:2:", "no JSON")
        self.check(b"{}", "schema_version")
        self.check(of({"schema_version": "2.0"}), "schema_version", "1.x")
        self.check(of({"incidents": 7}), "report.incidents", "list")
        self.check(of({"input": [{}]}), "report.input[0]", "missing")
        self.check(b'{"a":' * 100000, "deep")
        self.check(b'{"schema_version": "1.0", "label": "\xff"}', "no JSON")

    def test_bad_members_of_an_incident(self):
        good = json.loads(report(FOUNDING.read_bytes()))
        for change, word in (({"count": -1}, "count"), ({"count": "1"}, "count"), ({"count": 1.5}, "count"), ({"id": "../../etc"}, "id"),
                             ({"severity": "fatal"}, "severity"), ({"first_seen": "yesterday"}, "first_seen"), ({"plan": None}, "plan"),
                             ({"evidence": []}, "evidence"), ({"hosts": [{}], "hosts_beyond": 0}, "hosts[0]")):
            with self.subTest(change=change):
                bad = copy.deepcopy(good)
                bad["incidents"][0].update(change)
                self.check(json.dumps(bad).encode(), word)

    def test_nothing_to_merge(self):
        done = run("merge", log=b"")
        self.assertEqual((done.status, done.out), (3, b""))
        self.assertIn("standard input", done.err)
        missing = run("merge", "/nonexistent/report.json")
        self.assertEqual((missing.status, missing.out), (3, b""))
        self.assertIn("/nonexistent/report.json", missing.err)

    def test_hostile_words_stay_words(self):
        bad = json.loads(report(FOUNDING.read_bytes()))
        bad["label"] = "web\x1b[2J\u202e1"
        bad["incidents"][0]["title"] = "\x1b]0;owned\x07"
        text = json.dumps(bad).encode()
        self.assertNotIn(b"\x1b", run("merge", "--format", "text", "--color", "never", log=text).out)
        validate(json.loads(merge([text])))

    def test_labels_are_checked(self):
        for label in ("", "a\nb", "x" * 256):
            self.assertEqual(run("--label", label, FOUNDING).status, 2, label)


class Status(unittest.TestCase):
    def test_as_without_merge(self):
        self.assertEqual(run("merge", log=report(FOUNDING.read_bytes())).status, 1)
        self.assertEqual(run("merge", "--fail-on", "never", log=report(FOUNDING.read_bytes())).status, 0)
        self.assertEqual(run("merge", log=report(b"")).status, 0)
        self.assertEqual(run("merge", "--format", "sh", log=report(b"")).status, 2)


if __name__ == "__main__":
    unittest.main()
