"""The same report, however the log comes: from a file or a pipe, packed or not, in pieces of any size, read by one thread or several."""
import ctypes
import gzip
import json
import platform
import struct
import subprocess
import sys
import tempfile
import unittest
from pathlib import Path

from support import AHDIAG, SOURCE

sys.path.insert(0, str(SOURCE / "tests/bench"))
import logs  # noqa: E402

SAMPLES = sorted(path for path in (SOURCE / "samples").glob("*/error.log"))
BLOCK = 256 * 1024  # what is read at once


def report(log, *options, piece=None):
    """The JSON of a log that comes through a pipe, in pieces of so many bytes or at once."""
    with subprocess.Popen([AHDIAG, "--format", "json", "--platform", "debian", "--threads", *options], stdin=subprocess.PIPE, stdout=subprocess.PIPE) as process:
        if piece is None:
            output, _ = process.communicate(log)
        else:
            for start in range(0, len(log), piece):
                process.stdin.write(log[start:start + piece])
                process.stdin.flush()
            process.stdin.close()
            output = process.stdout.read()
    return json.loads(output)


ASKS_FOR_A_PROCESSOR = {"x86_64": 203, "aarch64": 122}.get(platform.machine())  # sched_setaffinity


def kill_who_asks_for_a_processor():
    """As systemd's SystemCallFilter=~@resources does."""
    load, equals, answer, kill, allow = 0x20, 0x15, 0x06, 0x80000000, 0x7FFF0000
    code = ctypes.create_string_buffer(b"".join(struct.pack("HBBI", *one) for one in (
        (load, 0, 0, 0), (equals, 0, 1, ASKS_FOR_A_PROCESSOR), (answer, 0, 0, kill), (answer, 0, 0, allow))))
    program = ctypes.create_string_buffer(struct.pack("HL", 4, ctypes.addressof(code)))
    libc = ctypes.CDLL(None, use_errno=True)
    no_new_privileges, set_filter, by_program = 38, 22, 2
    if libc.prctl(no_new_privileges, 1, 0, 0, 0) != 0 or libc.prctl(set_filter, by_program, program) != 0:
        raise OSError(ctypes.get_errno(), "no filter")


class Same(unittest.TestCase):
    def test_all_samples_by_one_thread_and_two(self):
        self.assertGreater(len(SAMPLES), 50)
        for path in SAMPLES:
            log = path.read_bytes()
            self.assertEqual(report(log, "1"), report(log, "2"), path)

    def test_what_grep_coloured_is_read_as_if_it_had_not(self):
        for word in (b"error", b"emerg", b"AH0", b"denied", b"pid ", b"2024", b"2026", b"client", b"referer", b"tid"):
            for path in SAMPLES:
                log = path.read_bytes()
                if word not in log:
                    continue
                coloured = report(log.replace(word, b"\x1b[01;31m\x1b[K" + word + b"\x1b[m\x1b[K"), "1")
                self.assertEqual(coloured["incidents"], report(log, "1")["incidents"], (word, path))

    def test_all_samples_in_one_run(self):
        """Many times over, so that both threads work and what was said before is known again."""
        log = b"".join(path.read_bytes() for path in SAMPLES) * 40
        one = report(log, "1")
        self.assertEqual(one, report(log, "2"))
        self.assertEqual(one, report(log, "2", piece=65_537))
        self.assertGreater(len(one["incidents"]), 20)

    def test_pieces_of_any_size(self):
        log = b"".join(path.read_bytes() for path in SAMPLES[:20])
        whole = report(log, "1")
        for piece in (1_000, 997, 61):
            self.assertEqual(whole, report(log, "2", piece=piece), piece)

    def test_block_boundaries_anywhere_in_a_line(self):
        """A line of so many bytes in front moves all others over the boundary."""
        log = "".join(logs.lines("busy", 3 * BLOCK)).encode()
        line = log.index(b"\n") + 1
        whole = report(b"x" * 7 + b"\n" + log, "1")
        for shift in range(8, 8 + line, 17):
            moved = report(b"x" * shift + b"\n" + log, "2")
            self.assertEqual(moved["incidents"], whole["incidents"], shift)

    def test_hundreds_of_blocks_again_and_again(self):
        """Which thread takes a block is left to chance; no block may be lost, read twice or out of turn."""
        log = "".join(logs.lines("busy", 24 * BLOCK)).encode() * 6
        one = report(log, "1")
        self.assertEqual(one["input"][0]["lines"], log.count(b"\n"))
        for threads in ("2", "2", "2", "3", "4", "7"):
            self.assertEqual(report(log, threads), one, threads)
        for suffix, pack in (("", bytes), (".gz", gzip.compress), (".16", lambda text: text.decode().encode("utf-16")), (".8", lambda text: b"\xef\xbb\xbf" + text)):
            with tempfile.NamedTemporaryFile(suffix=suffix) as file:
                file.write(pack(log))
                file.flush()
                found = report(b"", "3", file.name)
                self.assertEqual(found["incidents"], json.loads(json.dumps(one["incidents"]).replace('"source": "-"', json.dumps({"source": file.name})[1:-1])), suffix)
                self.assertEqual(found["input"][0]["lines"], one["input"][0]["lines"], suffix)

    @unittest.skipUnless(ASKS_FOR_A_PROCESSOR, "the number of the call is not known here")
    def test_no_thread_asks_for_a_processor_where_that_is_the_end(self):
        """More threads than processors: some stand beside each other."""
        log = "".join(logs.lines("busy", 24 * BLOCK)).encode()
        command = [AHDIAG, "--format", "json", "--platform", "debian", "--threads", "16"]
        filtered = subprocess.run(command, input=log, stdout=subprocess.PIPE, check=False, preexec_fn=kill_who_asks_for_a_processor)
        self.assertEqual(filtered.returncode, 1)
        self.assertEqual(json.loads(filtered.stdout), report(log, "1"))

    def test_every_shape_from_a_file_and_a_pipe(self):
        for shape in logs.SHAPES:
            log = "".join(logs.lines(shape, 700_000 if shape != "tiny" else 40_000)).encode()
            with tempfile.NamedTemporaryFile() as file:
                file.write(log)
                file.flush()
                direct = subprocess.run([AHDIAG, "--format", "json", "--platform", "debian", "--threads", "1", file.name], stdout=subprocess.PIPE, check=False)
                expected = direct.stdout.decode().replace(file.name, "-")
            piped = subprocess.run([AHDIAG, "--format", "json", "--platform", "debian", "--threads", "2"], input=log, stdout=subprocess.PIPE, check=False)
            self.assertEqual(piped.stdout.decode(), expected, shape)
            self.assertEqual(piped.returncode, direct.returncode, shape)

    def test_bounds_are_kept_and_told(self):
        """A million different failures are a hundred incidents, and the rest is counted."""
        log = "".join(logs.lines("incidents", 2_000_000)).encode()
        document = report(log, "2")
        self.assertLessEqual(len(document["incidents"]), 101)
        counted = sum(incident["count"] for incident in document["incidents"]) + document["suppressed"]["over_limits"]
        self.assertEqual(counted, log.count(b"\n"))


if __name__ == "__main__":
    unittest.main()
