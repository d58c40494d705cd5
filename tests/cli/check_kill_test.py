"""`ahdiag check` killed at any moment: no entry is lost, none is counted twice.

All that others can see of a process it does by system calls, so a kill before each of them is a kill at every moment.
A first call is traced; then, call after call, another one is killed by strace before its n-th system call, while the log
grows and is rotated. AHDIAG_LONG=1 kills 10,000 times so, and 5,000 times at a moment of chance.
"""
import itertools
import os
import random
import re
import shutil
import signal
import subprocess
import threading
import time
import unittest
from collections import Counter

from checks import CRITICAL, OK, UNKNOWN, Answer, CheckTest, copytruncate, numbers_in, pack, rename

LONG = os.environ.get("AHDIAG_LONG") == "1"
KILLS = 10000 if LONG else 100
NUMBER_OF_CALL = re.compile(r"^(?:\d+ +)?(\w+)\(")


class Killed(CheckTest):
    """What each call told and what the state counts, beside what was written."""

    def setUp(self):
        super().setUp()
        self.random = random.Random(os.environ.get("AHDIAG_SEED", "20240313"))
        self.begin()
        self.finished, self.killed = Counter(), Counter()  # how often each failure was told
        self.cut = ""  # the rest of a line whose begin was written
        self.kills = 0
        self.answered = 0  # how many were written when a call last ended

    # ---- what happens to the log

    def grow(self):
        self.append(self.cut)
        self.cut = ""
        numbers = self.write(self.random.randint(1, 2))
        if self.random.random() < 0.2:
            whole = self.log.read_bytes()
            at = len(whole) - self.random.randint(1, 100)
            self.cut = whole[at:].decode()
            os.truncate(self.log, at)
        return numbers

    def rotate(self):
        """Only between whole lines: what a writer does to a file that was moved is another test's."""
        self.append(self.cut)
        self.cut = ""
        for age in range(6, 0, -1):
            for end in ("", ".gz"):
                old = self.folder / f"error.log.{age}{end}"
                if old.exists():
                    old.rename(self.folder / f"error.log.{age + 1}{end}")
        first = self.folder / "error.log.1"
        self.random.choice((rename, copytruncate))(self.log, first)
        if self.random.random() < 0.6:
            pack(first)

    def step(self):
        """Something happens; more than one thing at times. What waits to be told has to find room in an answer."""
        if self.written - self.answered > 1:
            self.whole_call()
        for _ in range(self.random.choice((1, 1, 2))):
            self.grow()
            if self.random.random() < 0.3:
                self.rotate()

    # ---- calls

    def call(self, *wrapper):
        """A call that is killed, or ends all the same."""
        done = subprocess.run([*wrapper, *self.args()], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, timeout=60)
        if done.returncode in (OK, CRITICAL):
            self.count(self.finished, Answer(done.returncode, done.stdout).check(self).text)
        else:
            self.assertIn(done.returncode, (-signal.SIGKILL, 128 + signal.SIGKILL), done.stdout)
            self.kills += 1
            self.count(self.killed, done.stdout.decode())

    def count(self, counter, text):
        if counter is self.finished:
            self.answered = self.written - bool(self.cut)
        self.assertNotIn("tells the rest", text)
        counter.update(numbers_in(text))

    def whole_call(self):
        answer = self.check()
        self.assertIn(answer.status, (OK, CRITICAL))
        self.count(self.finished, answer.text)

    def settle(self):
        self.append(self.cut)
        self.cut = ""
        self.whole_call()
        sums = self.kept()["sums"]
        self.assertEqual(sums["lines"], self.written)
        self.assertEqual(sum(one["entries"] for one in sums["problems"]), self.written)
        self.assertEqual(sums["gaps"], 0)
        for number in range(self.written):
            self.assertLessEqual(self.finished[number], 1, f"failure {number} was told twice")
            self.assertGreaterEqual(self.finished[number] + self.killed[number], 1, f"failure {number} was never told")

    # ---- the tests

    @unittest.skipUnless(shutil.which("strace"), "no strace")
    def test_before_each_system_call(self):
        points = self.points_of_a_call()
        self.assertGreater(len(points), 40)
        self.random.shuffle(points)
        for tried, (name, time_of_it) in enumerate(itertools.cycle(points)):
            if self.kills >= KILLS or tried >= 2 * KILLS:  # a call may end before its n-th of a kind
                break
            self.step()
            self.call("strace", "-f", "-qq", "-o", "/dev/null", "-e", f"trace={name}", "-e", f"inject={name}:signal=KILL:when={time_of_it}")
            if self.random.random() < 0.7:
                self.whole_call()
        self.assertEqual(self.kills, KILLS)
        self.settle()

    def points_of_a_call(self):
        """(system call, how manieth) of all that a call does from the lock on; with something new in two files."""
        self.grow()
        self.rotate()
        self.grow()
        trace = self.folder / "trace"
        self.call("strace", "-f", "-qq", "-o", trace)
        names = [found[1] for line in trace.read_text().splitlines() if (found := NUMBER_OF_CALL.match(line))]
        seen, points, locked = Counter(), [], False
        for name in names:
            seen[name] += 1
            locked = locked or name == "flock"
            if locked:
                points.append((name, seen[name]))
        return points

    def test_at_any_moment(self):
        begin = time.monotonic()
        self.call()
        whole = time.monotonic() - begin
        for _ in range(KILLS // 2):
            self.step()
            process = subprocess.Popen(self.args(), stdout=subprocess.PIPE)
            time.sleep(self.random.random() * whole * 1.2)
            process.kill()
            out = process.stdout.read()
            process.stdout.close()
            if process.wait(timeout=60) == -signal.SIGKILL:
                self.kills += 1
                self.count(self.killed, out.decode())
            else:
                self.count(self.finished, out.decode())
            if self.random.random() < 0.5:
                self.whole_call()
        self.assertGreater(self.kills, 0)
        self.settle()


class Rotated(CheckTest):
    """While calls run, a server writes, the log is rotated and packed, and children of before still write to the old file."""

    SECONDS = 60 if LONG else 4

    def setUp(self):
        super().setUp()
        self.random = random.Random(os.environ.get("AHDIAG_SEED", "20240313"))
        self.lines, self.done = 0, threading.Event()

    def serve(self):
        current, before = self.log.open("ab", buffering=0), None
        while not self.done.is_set():
            for _ in range(self.random.randint(1, 20)):
                (before if before and self.random.random() < 0.1 else current).write(b"[Wed Mar 13 07:02:11 2024] [notice] line %d\n" % self.lines)
                self.lines += 1
            if self.random.random() < 0.03:
                if before:
                    before.close()
                self.shift()
                self.log.rename(self.folder / "error.log.1")
                before, current = current, self.log.open("ab", buffering=0)
            time.sleep(0.001)
        for file in filter(None, (before, current)):
            file.close()

    def shift(self):
        for age in range(20, 1, -1):
            old = self.folder / f"error.log.{age}.gz"
            if old.exists():
                old.rename(self.folder / f"error.log.{age + 1}.gz")
        first = self.folder / "error.log.1"
        if first.exists():
            first.rename(self.folder / "error.log.2")
            pack(self.folder / "error.log.2")

    def test_while_it_is_rotated(self):
        self.begin()
        server = threading.Thread(target=self.serve)
        server.start()
        try:
            calls, end = 0, time.monotonic() + self.SECONDS
            while time.monotonic() < end:
                self.assertIn(self.check().status, (OK, UNKNOWN))  # unknown: between two names
                calls += 1
                time.sleep(self.random.random() * 0.05)
        finally:
            self.done.set()
            server.join()
        self.assertEqual(self.check().status, OK)
        self.assertGreater(calls, 10)
        sums = self.kept()["sums"]
        self.assertEqual((sums["lines"], sums["gaps"]), (self.lines, 0))


if __name__ == "__main__":
    unittest.main()
