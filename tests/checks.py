"""What the tests of `ahdiag check` share: a log that is written and rotated as httpd and logrotate do, and its plug-in."""
import gzip
import json
import os
import re
import shutil
import subprocess
import tempfile
import unittest
from pathlib import Path

from support import AHDIAG

OK, WARNING, CRITICAL, UNKNOWN = range(4)
FAILURE = ("[Wed Mar 13 07:02:{:02}.{:06} 2024] [auth_digest:error] [pid {}] (2)No such file or directory: AH01762: "
           "Failed to create shared memory segment on file /run/httpd-{}/authdigest_shm.{}\n")
# What monitoring-plugins.org asks of the first line and of perfdata.
PERFDATUM = r"(?:'[^'=|]+'|[^ '=|]+)=(?:-?\d+(?:\.\d+)?|U)(?:s|us|ms|%|[KMGT]?B|c)?(?:;[^;| ]*){0,4}"
FIRST_LINE = re.compile(rf"HTTPD (OK|WARNING|CRITICAL|UNKNOWN): [^|\x00-\x1f\x7f]+?(?: \| ({PERFDATUM}(?: {PERFDATUM})*))?")
HOUR = 3600


def failure(number):
    """A failure of its own: one entry, one incident, on a directory that only it names."""
    return FAILURE.format(number // 1000 % 60, number, 1000 + number % 9000, number, 1000 + number % 9000)


def numbers_in(text):
    """Of the failures that a text tells."""
    return [int(number) for number in re.findall(r"entry: .*?/run/httpd-(\d+)/", text)]


class Answer:
    """One finished call; what a plug-in may print at all is looked at in each."""

    def __init__(self, status, out, err=b""):
        self.status, self.text, self.err = status, out.decode(), err.decode()
        self.first = self.text.split("\n")[0]

    def check(self, test):
        test.assertLessEqual(len(self.text.encode()), 4096)
        shown = FIRST_LINE.fullmatch(self.first)
        test.assertIsNotNone(shown, self.first)
        test.assertEqual(("OK", "WARNING", "CRITICAL", "UNKNOWN").index(shown[1]), self.status, self.text)
        test.assertLess(len(self.first.split(" | ")[0].encode()), 80)
        test.assertNotIn("|", self.text[len(self.first):])
        test.assertNotRegex(self.text, r"[\x00-\x09\x0b-\x1f\x7f]")
        return self

    @property
    def perfdata(self):
        pairs = (one.split("=", 1) for one in self.first.split(" | ")[1].split())
        return {label: re.match(r"-?[\d.]+", value)[0] for label, value in pairs}


class CheckTest(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory(prefix="check")
        self.addCleanup(folder.cleanup)
        self.folder = Path(folder.name)
        self.log = self.folder / "error.log"
        self.state = self.folder / "state.json"
        self.written = 0

    def args(self, *more, log=None):
        return [AHDIAG, "check", "-vv", "--state", str(self.state), *map(str, more), str(log or self.log)]

    def check(self, *more, now=None, log=None, **settings):
        environment = dict(os.environ, **({"SOURCE_DATE_EPOCH": str(now)} if now is not None else {}))
        done = subprocess.run(self.args(*more, log=log), capture_output=True, timeout=60, env=environment, **settings)
        return Answer(done.returncode, done.stdout, done.stderr).check(self)

    def write(self, count=1, log=None):
        """The next failures, one after another; their numbers."""
        numbers = list(range(self.written, self.written + count))
        self.written += count
        self.append("".join(map(failure, numbers)), log)
        return numbers

    def append(self, text, log=None):
        with (log or self.log).open("ab") as file:
            file.write(text.encode())

    def begin(self):
        """An empty log that the state knows."""
        self.log.touch()
        self.assertEqual(self.check().status, OK)

    def tells(self, numbers, *more, **settings):
        answer = self.check(*more, **settings)
        self.assertEqual(sorted(numbers_in(answer.text)), sorted(numbers), answer.text)
        self.assertEqual(answer.status, CRITICAL if numbers else OK, answer.text)
        return answer

    def kept(self):
        return json.loads(self.state.read_text())["state"]

    def rest(self, path):
        """Nobody has written to it for some time."""
        long_ago = path.stat().st_mtime - HOUR
        os.utime(path, (long_ago, long_ago))


# ---- what logrotate does

def rename(log, to):
    log.rename(to)
    log.touch()


def copytruncate(log, to):
    to.write_bytes(log.read_bytes())
    with log.open("r+b") as file:
        file.truncate(0)


def pack(path):
    packed = Path(f"{path}.gz")
    times = path.stat()
    with path.open("rb") as source, gzip.open(packed, "wb") as target:
        shutil.copyfileobj(source, target)
    os.utime(packed, ns=(times.st_atime_ns, times.st_mtime_ns))
    path.unlink()
    return packed
