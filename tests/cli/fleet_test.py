"""The runners of contrib/: ahdiag as map and reduce step of engines that exist.

Dask: a real scheduler with several workers on this machine, one of which is killed while it works. Skipped where
distributed (Debian: python3-distributed) is missing. Spark and Hadoop: what they do with a partition, done by xargs.
"""
import importlib.util
import json
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
import unittest
from pathlib import Path

from support import AHDIAG, FOUNDING, SOURCE, run, validate

ENVIRONMENT = {**os.environ, "PATH": f"{Path(AHDIAG).resolve().parent}:{os.environ['PATH']}"}
RUNNER = SOURCE / "contrib/dask/ahdiag-dask"
WORKERS = 3
SECONDS = 60
REFUSED = ("[Sun Nov 22 16:{:02}:{:02}.000001 2026] [proxy:error] [pid 7:tid 7] (111)Connection refused: AH00957: http: "
           "attempt to connect to 127.0.0.1:{} (*:80) failed\n")


class Case(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = Path(folder.name)

    def log(self, lines=4000):
        """A log of one entry a line, so that any cut is between two."""
        path = self.folder / "error_log"
        path.write_text("".join(REFUSED.format(i // 60 % 60, i % 60, 8000 + i % 7) for i in range(lines)))
        return path


def found(report):
    return {one["id"]: (one["count"], one["first_seen"], one["last_seen"], one["severity"]) for one in report["incidents"]}


@unittest.skipUnless(importlib.util.find_spec("distributed"), "no distributed here (Debian: python3-distributed)")
class Dask(Case):
    def setUp(self):
        super().setUp()
        self.started = []
        self.addCleanup(self.stop)

    def start(self, *words):
        process = subprocess.Popen([*words], env=ENVIRONMENT, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, cwd=self.folder)
        self.started.append(process)
        return process

    def stop(self):
        for process in self.started:
            process.kill()
            process.wait()

    def cluster(self):
        """Address of a scheduler, and its workers."""
        told = self.folder / "scheduler.json"
        self.start(sys.executable, "-m", "distributed.cli.dask_scheduler", "--host", "127.0.0.1", "--port", "0", "--no-dashboard",
                   "--scheduler-file", str(told))
        wait(lambda: told.exists() and told.read_text().endswith("}"))
        address = json.loads(told.read_text())["address"]
        workers = [self.start(sys.executable, "-m", "distributed.cli.dask_worker", address, "--no-nanny", "--nthreads", "1",
                              "--no-dashboard", "--local-directory", str(self.folder)) for _ in range(WORKERS)]
        return address, workers

    def slow_ahdiag(self):
        """Takes its time, and tells when it is called."""
        path = self.folder / "slow-ahdiag"
        path.write_text(f'#!/bin/sh\necho "$PPID" >> {self.folder}/calls\nsleep 0.2\nexec {AHDIAG} "$@"\n')
        path.chmod(0o755)
        return path

    def calls(self):
        path = self.folder / "calls"
        return path.read_text().split() if path.exists() else []

    def dask(self, *words):
        return subprocess.Popen([sys.executable, "-B", str(RUNNER), "--fail-on", "never", *map(str, words)], env=ENVIRONMENT,
                                stdout=subprocess.PIPE, stderr=subprocess.PIPE)

    def test_a_lost_worker_changes_nothing(self):
        logs = [f"web{i}={path}" for i, path in enumerate(sorted(SOURCE.glob("samples/*/error.log"))[:40])]
        alone = self.folder / "alone"
        alone.mkdir()
        for i, word in enumerate(logs):
            host, path = word.split("=")
            (alone / f"{i}.json").write_bytes(run("--format", "json", "--label", host, path).out)
        address, workers = self.cluster()
        runner = self.dask("--scheduler", address, "--ahdiag", self.slow_ahdiag(), *logs)
        wait(lambda: any(str(workers[0].pid) == pid for pid in self.calls()))
        os.kill(workers[0].pid, signal.SIGKILL)
        at_the_kill = len(self.calls())
        out, err = runner.communicate(timeout=SECONDS)
        self.assertEqual(runner.returncode, 0, err.decode())
        self.assertLess(at_the_kill, len(logs), "it was over when the worker was killed")
        self.assertEqual(out, run("merge", alone, "--fail-on", "never").out)
        validate(json.loads(out))

    def test_shards_say_what_the_whole_says(self):
        log = self.log(30000)
        address, _ = self.cluster()
        runner = self.dask("--scheduler", address, "--ahdiag", AHDIAG, "--shard-size", "1", f"web1={log}")
        out, err = runner.communicate(timeout=SECONDS)
        self.assertEqual(runner.returncode, 0, err.decode())
        merged = json.loads(out)
        self.assertGreater(merged["fleet"]["reports"], 3)
        self.assertEqual(found(merged), found(run("--format", "json", log).report()))
        self.assertEqual(sum(row["lines"] for row in merged["input"]), 30000)


def wait(holds):
    end = time.monotonic() + SECONDS
    while not holds():
        if time.monotonic() > end:
            raise AssertionError("nothing happens")
        time.sleep(0.02)


class Shards(Case):
    MAP = "ahdiag --format json --compact --fail-on never"
    REDUCE = "ahdiag merge --compact --fail-on never"

    def shell(self, text):
        done = subprocess.run(["/bin/sh", "-ec", text], env=ENVIRONMENT, cwd=self.folder, capture_output=True, timeout=SECONDS, check=False)
        self.assertEqual(done.returncode, 0, done.stderr)
        return done.stdout

    def test_xargs(self):
        log = self.log()
        self.shell("split -n l/8 error_log shard.")
        out = self.shell(f"printf '%s\\n' shard.* | xargs -P 4 -I F sh -c '{self.MAP} < F > F.json'; cat shard.*.json | {self.REDUCE}")
        self.assertEqual(found(json.loads(out)), found(run("--format", "json", log).report()))
        again = self.shell(f"{self.REDUCE} shard.[a-z]?.json")
        self.assertEqual(again, out)

    def test_one_line_a_report(self):
        """What Hadoop and Spark take for a record; Hadoop puts a tab behind a key without a value."""
        self.log()
        record = self.shell(f"{self.MAP} < error_log")
        self.assertEqual((record.count(b"\n"), record.count(b"\t")), (1, 0))
        (self.folder / "records").write_bytes(record.replace(b"\n", b"\t\n") * 2)
        self.assertEqual(json.loads(self.shell(f"{self.REDUCE} < records"))["fleet"]["reports"], 2)

    def test_an_empty_partition_is_a_report(self):
        self.assertEqual(json.loads(self.shell(f"{self.MAP} < /dev/null | {self.REDUCE}"))["incidents"], [])

    def test_spark(self):
        """The runner's own steps, with lists for partitions."""
        spec = importlib.util.spec_from_file_location("ahdiag_spark", SOURCE / "contrib/spark/ahdiag_spark.py")
        runner = importlib.util.module_from_spec(spec)
        spec.loader.exec_module(runner)
        lines = self.log().read_text().splitlines()
        partitions = [lines[at:at + 100] for at in range(0, len(lines), 100)] + [[]]
        merged = runner.merged(Partitions(partitions)).partitions
        self.assertEqual([len(one) for one in merged], [1])
        self.assertEqual(found(json.loads(merged[0][0])), found(run("--format", "json", self.folder / "error_log").report()))


class Partitions:
    """As much of Spark's RDD as pipes need."""

    def __init__(self, partitions):
        self.partitions = partitions

    def getNumPartitions(self):
        return len(self.partitions)

    def coalesce(self, number):
        return Partitions([sum(self.partitions[at::number], []) for at in range(number)])

    def pipe(self, command, checkCode):
        assert checkCode
        return Partitions([subprocess.run(command.split(), input="".join(f"{line}\n" for line in one), env=ENVIRONMENT, check=True, text=True,
                                          capture_output=True).stdout.splitlines() for one in self.partitions])


class Cron(Case):
    def test_mail_where_something_is_new(self):
        """The line of the crontab, with paths of this test: what it prints is what cron mails."""
        log = self.log(1)
        line = (SOURCE / "contrib/cron/ahdiag").read_text().splitlines()[-1]
        schedule, command = line.split(" root ", 1)
        self.assertEqual(schedule, "*/10 * * * *")
        self.assertNotIn("%", command, "cron makes line breaks of it")
        command = command.replace("/var/log/httpd/error_log", str(log)).replace("/var/lib/ahdiag-cron.state", str(self.folder / "state"))
        call = lambda: subprocess.run(["/bin/sh", "-c", command], env=ENVIRONMENT, capture_output=True, timeout=SECONDS, check=False).stdout.decode()
        self.assertEqual(call(), "", "what was there before is not new")
        with log.open("a") as out:
            out.write(REFUSED.format(1, 1, 8001))
        self.assertIn("AH00957", call())
        self.assertEqual(call(), "")


class Scripts(Case):
    def test_they_are_clean(self):
        if not shutil.which("shellcheck"):
            self.skipTest("no shellcheck here")
        scripts = [path for path in (SOURCE / "contrib").rglob("*") if path.is_file() and path.read_bytes().startswith(b"#!/bin/sh")]
        self.assertGreater(len(scripts), 2)
        done = subprocess.run(["shellcheck", *map(str, scripts)], capture_output=True, text=True, check=False)
        self.assertEqual(done.stdout, "")


if __name__ == "__main__":
    unittest.main()
