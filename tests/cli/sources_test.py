"""What the names on the command line may stand for: packed logs, directories, archives, pipes, and what is no log."""
import bz2
import fcntl
import gzip
import io
import json
import lzma
import os
import pty
import random
import re
import resource
import shutil
import signal
import struct
import subprocess
import tarfile
import tempfile
import termios
import threading
import time
import unittest
from pathlib import Path

from support import AHDIAG, FOUNDING, MISSING_DIRECTORY, run

CRITICAL = MISSING_DIRECTORY.format("/run/httpd").encode()
ENTRY = b"[Wed Mar 13 07:02:11.%06d 2024] [core:error] [pid 22] AH00037: Symbolic link not allowed: /var/www/%d\n"
INCOMPLETE = 3
LONG = os.environ.get("AHDIAG_LONG") == "1"
MIB = 1024 * 1024


def zstd(data, *options):
    return subprocess.run(["zstd", "-q", "-c", *options], input=data, stdout=subprocess.PIPE, check=True).stdout


PACKERS = {"gz": gzip.compress, "bz2": bz2.compress, "xz": lzma.compress}
if shutil.which("zstd"):
    PACKERS["zst"] = zstd
NAMES = {"gz": "gzip", "bz2": "bzip2", "xz": "xz", "zst": "zstd"}


def entries(count, first=0):
    return b"".join(ENTRY % (i, i) for i in range(first, first + count))


def noisy(count):
    """Entries that hardly shrink, so that a cut or a flipped bit hits somewhere within them."""
    draw = random.Random(7)
    return b"".join((ENTRY % (i, i))[:-1] + b" %032x\n" % draw.getrandbits(128) for i in range(count))


def tar(members, mode="w", form=tarfile.GNU_FORMAT):
    """A tar of (name, bytes) and of TarInfo."""
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode=mode, format=form) as archive:
        for member in members:
            if isinstance(member, tarfile.TarInfo):
                archive.addfile(member)
            else:
                info = tarfile.TarInfo(member[0])
                info.size = len(member[1])
                archive.addfile(info, io.BytesIO(member[1]))
    return out.getvalue()


def special(name, kind, target=""):
    info = tarfile.TarInfo(name)
    info.type, info.linkname = kind, target
    return info


class Sources(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = Path(folder.name)

    def file(self, name, data=CRITICAL):
        path = self.folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)
        return path

    def rows(self, *names, log=None, **more):
        """The rows of the report's input, and the run. What is told on stderr is in the rows, line by line."""
        done = run("--format", "json", *names, log=log, **more)
        rows = done.report()["input"]
        self.assertEqual(done.err.count("\n"), sum(row["error"] is not None for row in rows), done.err)
        self.assertEqual(done.status == INCOMPLETE, any(row["error"] for row in rows), done.err)
        return rows, done

    def one(self, *names, **more):
        rows, done = self.rows(*names, **more)
        self.assertEqual(len(rows), 1, rows)
        return rows[0], done


class Packed(Sources):
    def test_by_their_content_not_by_their_name(self):
        for end, pack in PACKERS.items():
            for name in ("error.log", "error.log." + end, "x.txt"):
                with self.subTest(end=end, name=name):
                    row, done = self.one(self.file(name, pack(CRITICAL)))
                    self.assertEqual((row["bytes"], row["lines"], row["error"]), (len(CRITICAL), 1, None))
                    self.assertEqual(done.report()["incidents"][0]["rule"], "AH01762")

    def test_text_with_a_packed_name(self):
        self.assertIsNone(self.one(self.file("error.log.gz", CRITICAL))[0]["error"])

    def test_on_standard_input(self):
        for end, pack in PACKERS.items():
            with self.subTest(end=end):
                row, done = self.one("-", log=pack(CRITICAL))
                self.assertEqual((row["name"], row["lines"], done.status), ("-", 1, 1))

    def test_same_report_as_unpacked(self):
        data = FOUNDING.read_bytes()
        plain = run("--format", "json", self.file("error.log", data)).report()
        for pack in PACKERS.values():
            self.assertEqual(run("--format", "json", self.file("error.log", pack(data))).report(), plain)

    def test_members_that_follow_one_another(self):
        for end, pack in PACKERS.items():
            for parts in ((CRITICAL, CRITICAL), (CRITICAL[:30], CRITICAL[30:]), (b"", CRITICAL, b""), [CRITICAL] * 500, [entries(3000)] * 3):
                with self.subTest(end=end, parts=len(parts)):
                    row, _ = self.one(self.file("error.log", b"".join(map(pack, parts))))
                    self.assertEqual((row["bytes"], row["error"]), (sum(map(len, parts)), None))

    def test_padding(self):
        for end in ("gz", "xz"):
            row, _ = self.one(self.file("error.log", PACKERS[end](CRITICAL) + bytes(2_000_000)))
            self.assertEqual((row["lines"], row["error"]), (1, None))

    def test_bytes_behind_are_told(self):
        for end, pack in PACKERS.items():
            with self.subTest(end=end):
                row, _ = self.one(self.file("error.log", pack(CRITICAL) + CRITICAL))
                self.assertEqual(row["lines"], 1)
                self.assertRegex(row["error"], "followed by other bytes|damaged")

    def test_empty_inside(self):
        for pack in PACKERS.values():
            row, done = self.one(self.file("error.log", pack(b"")))
            self.assertEqual((row["bytes"], row["lines"], done.status), (0, 0, 0))

    def test_packed_twice_and_too_often(self):
        data = CRITICAL
        for times in range(1, 6):
            data = gzip.compress(data)
            row, _ = self.one(self.file("error.log", data))
            self.assertEqual(row["lines"], 1 if times <= 3 else 0)
            if times > 3:
                self.assertIn("packed too often", row["error"])

    def test_gzip_with_all_its_header_fields(self):
        body = gzip.compress(CRITICAL)[10:]
        header = b"\x1f\x8b\x08\x1c" + bytes(6) + struct.pack("<H", 4) + b"ab\0\0" + b"name\0" + b"comment\0"
        self.assertEqual(self.one(self.file("error.log", header + body))[0]["lines"], 1)

    @unittest.skipUnless("zst" in PACKERS, "no zstd")
    def test_zstd_with_a_skippable_frame_and_large_windows(self):
        skippable = b"\x50\x2a\x4d\x18" + struct.pack("<I", 4) + b"abcd"
        self.assertEqual(self.one(self.file("error.log", skippable + zstd(CRITICAL)))[0]["lines"], 1)
        data = entries(3000)
        self.assertEqual(self.one(self.file("error.log", zstd(data, "--ultra", "-22")))[0]["lines"], 3000)
        with self.file("large", b"").open("wb") as out:
            subprocess.run(["zstd", "-q", "-c", "--long=30"], input=data, stdout=out, check=True)
        row, _ = self.one(self.folder / "large")
        self.assertRegex(row["error"], "too much memory.*--long=31")

    def test_xz_that_asks_for_gigabytes(self):
        data = lzma.compress(CRITICAL, filters=[{"id": lzma.FILTER_LZMA2, "dict_size": 1024 * MIB}])
        row, _ = self.one(self.file("error.log", data))
        self.assertRegex(row["error"], "too much memory.*xz -dc FILE")


class Damaged(Sources):
    def test_a_small_log_cut_anywhere(self):
        for end, pack in PACKERS.items():
            data = pack(CRITICAL)
            for size in [*range(2, 20), *range(20, len(data) - 10, 5), *range(len(data) - 10, len(data))]:
                with self.subTest(end=end, size=size):
                    row, _ = self.one("-", log=data[:size])
                    self.assertIn(f"the {NAMES[end]} data end too early", str(row["error"]))

    def test_a_small_log_without_its_last_bytes_is_all_there(self):
        for end in set(PACKERS) - {"bz2"}:  # of bzip2's blocks nothing is known before their end
            with self.subTest(end=end):
                row, done = self.one("-", log=PACKERS[end](CRITICAL * 2)[:-4])
                self.assertEqual((row["lines"], row["bytes"]), (2, 2 * len(CRITICAL)))
                self.assertEqual(done.report()["incidents"][0]["rule"], "AH01762")

    def test_what_came_before_a_cut_is_read(self):
        data = noisy(40_000)
        blocks = {"bz2": 1_000_000, "zst": 140_000}  # what is lost at most beside what is missing
        for end, pack in PACKERS.items():
            packed = pack(data)
            for tenths in (3, 5, 9):
                with self.subTest(end=end, tenths=tenths):
                    row, _ = self.one(self.file("error.log", packed[:len(packed) * tenths // 10]))
                    self.assertGreater(row["bytes"], len(data) * tenths // 10 - blocks.get(end, 70_000) - len(data) // 50)
                    self.assertGreater(row["entries"], row["bytes"] // 200)

    def test_a_flipped_bit_is_told(self):
        data = noisy(3000)
        draw = random.Random(3)
        for end, pack in PACKERS.items():
            packed = pack(data) if end != "zst" else zstd(data, "--check")
            begin = 12 if end == "gz" else 4
            for at in [draw.randrange(begin, len(packed)) for _ in range(200 if LONG else 25)] + [len(packed) - 2, len(packed) - 5]:
                with self.subTest(end=end, at=at):
                    broken = bytearray(packed)
                    broken[at] ^= 1 << draw.randrange(8)
                    done = run("-", log=bytes(broken))
                    self.assertEqual(done.status, INCOMPLETE)
                    self.assertRegex(done.err, rf"\Aahdiag: -: the {NAMES[end]} data [^\n]*\n\Z")

    def test_random_bytes_after_each_magic(self):
        draw = random.Random(5)
        for magic in (b"\x1f\x8b\x08\x00", b"BZh91AY&SY", b"\xfd7zXZ\0", b"\x28\xb5\x2f\xfd"):
            for size in (0, 1, 10, 100, 10_000):
                row, _ = self.one("-", log=magic + draw.randbytes(size))
                self.assertIsNotNone(row["error"])

    def test_others_are_read_all_the_same(self):
        broken = self.file("a.gz", gzip.compress(entries(1000))[:200])
        rows, done = self.rows(broken, self.file("b.log"))
        self.assertEqual([row["error"] is None for row in rows], [False, True])
        self.assertEqual(done.report()["incidents"][0]["rule"], "AH01762")


class Bombs(Sources):
    def bomb(self, gigabytes):
        """Zeros in gzip, made from one compressed piece: a full flush lets pieces follow one another."""
        import zlib
        packer = zlib.compressobj(9, zlib.DEFLATED, -15)
        piece = packer.compress(bytes(64 * MIB)) + packer.flush(zlib.Z_FULL_FLUSH)
        path = self.file("error.log.gz", b"")
        with path.open("wb") as out:
            out.write(b"\x1f\x8b\x08\0\0\0\0\0\0\x03")
            for _ in range(gigabytes * 16):
                out.write(piece)
        return path

    def test_ten_gigabytes_of_zeros(self):
        path = self.bomb(10)
        began = time.monotonic()
        row, _ = self.one(path)
        self.assertRegex(row["error"], r"unpack to over 500 times their size.*gzip -dc FILE \| ahdiag")
        self.assertLess(row["bytes"], 400 * MIB)
        self.assertLess(time.monotonic() - began, 60)

    def test_one_of_newlines_and_one_in_another(self):
        data = gzip.compress((b"\n" if LONG else b"\0") * (64 * MIB), 9)  # a line break each byte takes a minute
        row, _ = self.one(self.file("error.log", data * 10))
        self.assertIn("500 times", row["error"])
        row, _ = self.one(self.file("error.log", gzip.compress(data * 10, 9)))
        self.assertIn("500 times", row["error"])
        rows, _ = self.rows(self.file("x.tar.gz", gzip.compress(tar([("error.log", data * 10), ("error.log.1", data)]))))
        self.assertEqual([bool(row["error"]) for row in rows], [False, True, True])

    def test_a_log_of_one_line_again_and_again_is_no_bomb(self):
        count = 5_000_000 if LONG else 400_000
        path = self.file("error.log.gz", gzip.compress(entries(1) * count, 6))
        row, _ = self.one(path)
        self.assertEqual((row["lines"], row["error"]), (count, None))


class Collected(Sources):
    def names(self, *names):
        return [row["name"] for row in self.rows(*names)[0]]

    def test_error_logs_oldest_first(self):
        for name in ("error.log", "error.log.1", "access.log", "ssl_error_log", "ssl_error_log-20240101", "notes.txt", "sub/error.log"):
            self.file("logs/" + name)
        self.file("logs/error.log.2.gz", gzip.compress(CRITICAL))
        folder = self.folder / "logs"
        wanted = ["error.log.2.gz", "error.log.1", "error.log", "ssl_error_log-20240101", "ssl_error_log"]
        self.assertEqual(self.names(folder), [f"{folder}/{name}" for name in wanted])

    def test_links_and_devices(self):
        self.file("logs/error_log.1710288000")
        folder = self.folder / "logs"
        (folder / "error_log").symlink_to("error_log.1710288000")
        (folder / "a_error_log").symlink_to("/dev/stderr")
        (folder / "b_error_log").symlink_to("absent")
        os.mkfifo(folder / "c_error_log")
        (folder / "d_error_log").mkdir()
        (folder / "e_error_log").symlink_to(self.file("elsewhere.log"))
        self.assertEqual(self.names(folder), [f"{folder}/e_error_log", f"{folder}/error_log.1710288000"])

    def test_none(self):
        self.file("logs/access.log")
        row, done = self.one(self.folder / "logs")
        self.assertIn("no error log in this directory", row["error"])

    @unittest.skipUnless(os.geteuid() == 0 and Path("/usr/bin/setpriv").exists(), "not as root, or no setpriv")
    def test_an_unreadable_directory_among_others(self):
        self.folder.chmod(0o755)
        self.file("logs/error.log").parent.chmod(0)
        log = self.file("error.log")
        binary = self.file("ahdiag", Path(AHDIAG).read_bytes())
        binary.chmod(0o755)
        done = subprocess.run(["/usr/bin/setpriv", "--reuid=65534", "--regid=65534", "--clear-groups", binary, "--format", "json",
                               self.folder / "logs", log], capture_output=True, text=True)
        self.assertEqual(done.returncode, INCOMPLETE)
        self.assertRegex(done.stderr, r"\Aahdiag: [^\n]*/logs: cannot read the directory: Permission denied \([^\n]*\n\Z")
        self.assertEqual([row["lines"] for row in json.loads(done.stdout)["input"]], [0, 1])


class Archives(Sources):
    MEMBERS = [("var/log/httpd/error_log", entries(3)), ("var/log/httpd/access_log", b"GET\n"), ("var/log/httpd/error_log-20240301", entries(1)),
               ("etc/httpd/conf/httpd.conf", b"Listen 80\n"), ("var/log/httpd/error_log-20240310.gz", gzip.compress(entries(2))),
               ("var/log/messages", CRITICAL)]
    WANTED = [("var/log/httpd/error_log-20240301", 1), ("var/log/httpd/error_log-20240310.gz", 2), ("var/log/httpd/error_log", 3),
              ("var/log/messages", 1)]

    def check(self, path, wanted, **more):
        rows, done = self.rows(path, **more)
        self.assertEqual([(row["name"], row["lines"]) for row in rows], [(f"{path}:{name}", lines) for name, lines in wanted])
        return done

    def test_each_log_is_a_row_oldest_first(self):
        for form in (tarfile.GNU_FORMAT, tarfile.USTAR_FORMAT, tarfile.PAX_FORMAT):
            data = tar(self.MEMBERS, form=form)
            for pack in (lambda data: data, *PACKERS.values()):
                path = self.file("bundle", pack(data))
                self.check(path, self.WANTED)

    def test_from_a_pipe_as_they_come(self):
        in_order = [("error_log", 3), ("error_log-20240301", 1), ("error_log-20240310.gz", 2)]
        wanted = [("var/log/httpd/" + name, lines) for name, lines in in_order] + [("var/log/messages", 1)]
        for pack in (lambda data: data, gzip.compress):
            self.check("-", wanted, log=pack(tar(self.MEMBERS)))

    def test_from_a_file_as_standard_input(self):
        path = self.file("bundle.tar", b"12345" + tar(self.MEMBERS))
        with path.open("rb") as bundle:
            bundle.seek(5)
            os.lseek(bundle.fileno(), 5, os.SEEK_SET)
            done = subprocess.run([AHDIAG, "--format", "json", "-"], stdin=bundle, capture_output=True)
        self.assertEqual([row["lines"] for row in json.loads(done.stdout)["input"]], [1, 2, 3, 1])

    def test_evidence_names_the_member(self):
        path = self.file("bundle.tar.gz", tar(self.MEMBERS, "w:gz"))
        self.assertIn("bundle.tar.gz:var/log/messages, line 1", run(path).text)

    def test_long_names_and_other_ways_to_write_headers(self):
        long = "a" * 90 + "/" + "b" * 120 + "/error.log"
        for form in (tarfile.GNU_FORMAT, tarfile.PAX_FORMAT):
            self.check(self.file("x.tar", tar([(long, CRITICAL), ("z/error.log", CRITICAL)], form=form)), [(long, 1), ("z/error.log", 1)])
        short = "a" * 90 + "/" + "b" * 50 + "/error.log"
        self.check(self.file("x.tar", tar([(short, CRITICAL)], form=tarfile.USTAR_FORMAT)), [(short, 1)])
        self.check(self.file("x.tar", tar([("f\u00fcr/error.log", CRITICAL)], form=tarfile.PAX_FORMAT)), [("f\u00fcr/error.log", 1)])
        self.check(self.file("x.tar", tar([("./logs/error.log", CRITICAL)])), [("logs/error.log", 1)])

    def test_as_the_systems_tar_writes_them(self):
        logs = self.folder / "logs"
        for name, data in self.MEMBERS:
            self.file("logs/" + name, data)
        with (logs / "hole_error.log").open("wb") as log:  # a log that was truncated while httpd wrote on
            log.seek(5_000_000)
            log.write(CRITICAL)
        for options in ((), ("--sparse",), ("--sparse", "--format=gnu"), ("--sparse", "--format=pax"), ("--format=v7",), ("-z",), ("-J",)):
            with self.subTest(options=options):
                subprocess.run(["tar", "-C", logs, "-c", "-f", self.folder / "x.tar", *options, "."], check=True)
                rows, _ = self.rows(self.folder / "x.tar")
                found = {row["name"].split(":")[1].rsplit("/")[-1]: row["entries"] for row in rows}
                self.assertEqual(found["error_log-20240310.gz"], 2)
                self.assertEqual(found["error_log"], 3)
                self.assertGreaterEqual(found[[name for name in found if "hole" in name][0]], 1)

    def test_nothing_in_it_is_followed(self):
        secret = self.file("secret", CRITICAL)
        hard = special("b/error.log", tarfile.LNKTYPE, str(secret))
        members = [special("error.log", tarfile.SYMTYPE, str(secret)), hard, special("c/error.log", tarfile.CHRTYPE),
                   special("d/error.log", tarfile.FIFOTYPE), special("e/error.log", tarfile.DIRTYPE), ("../../f/error.log", CRITICAL),
                   (f"{self.folder}/g/error.log", CRITICAL)]
        before = sorted(self.folder.rglob("*"))
        rows, _ = self.rows(self.file("x.tar", tar(members)))
        self.assertEqual([row["name"].split(":", 1)[1] for row in rows], ["../../f/error.log", f"{self.folder}/g/error.log"])
        self.assertEqual(sorted([*before, self.folder / "x.tar"]), sorted(self.folder.rglob("*")))

    def test_journals_are_left_out_with_a_note(self):
        members = [("j/system.journal", b"LPKSHHRH" + bytes(500)), ("j/user@1.journal~", b"LPKSHHRH"), ("error.log", CRITICAL)]
        done = run("--format", "json", self.file("x.tar", tar(members)))
        self.assertEqual(done.status, 1)
        self.assertRegex(done.err, r"\Aahdiag: [^\n]*x.tar: 2 systemd journals in it left out \([^\n]*journalctl[^\n]*\n\Z")

    def test_no_log_in_it(self):
        for members in ([], [("etc/hosts", b"x\n")]):
            data = tar(members) if members else tar([("x", b"")])
            row, _ = self.one(self.file("x.tar", data))
            self.assertIn("no error log in this archive", row["error"])

    def test_control_bytes_in_names(self):
        done = run(self.file("x.tar", tar([("\x1b[31m/error.log", CRITICAL[:-1] + b"\n"), ("a\nb/error.log", gzip.compress(CRITICAL)[:30])])))
        self.assertNotIn("\x1b", done.text + done.err)
        self.assertEqual(done.err.count("\n"), 1)

    def test_a_damaged_member_does_not_hide_the_others(self):
        members = [("a/error.log", gzip.compress(entries(1000))[:100]), ("b/error.log", b"\x89PNG\r\n\x1a\n" + bytes(100)), ("c/error.log", CRITICAL)]
        for args, log in (((self.file("x.tar", tar(members)),), None), (("-",), tar(members))):
            rows, done = self.rows(*args, log=log)
            self.assertEqual([bool(row["error"]) for row in rows], [True, True, False])
            self.assertEqual(done.report()["incidents"][0]["rule"], "AH01762")

    def test_cut_anywhere(self):
        data = tar([("a/error.log", entries(30)), ("b/other", bytes(3000)), ("c/error.log.1", entries(30)), ("c/error.log", CRITICAL)])
        end = len(data.rstrip(b"\0"))
        for size in [*range(512, end, 257), *range(512, end + 512, 512)]:
            for args, log in (((self.file("x.tar", data[:size]),), None), (("-",), data[:size])):
                with self.subTest(size=size, args=args):
                    rows, _ = self.rows(*args, log=log)
                    self.assertEqual(sum(bool(row["error"]) for row in rows), 1, rows)
                    self.assertIn("ends too early", str(rows))

    def test_a_packed_one_cut_anywhere(self):
        data = gzip.compress(tar([("a/error.log", noisy(300)), ("c/error.log.1", noisy(300)), ("c/error.log", CRITICAL)]))
        for size in range(600, len(data) - 1, len(data) // 40):
            for args, log in (((self.file("x.tar", data[:size]),), None), (("-",), data[:size])):
                with self.subTest(size=size, args=args):
                    rows, _ = self.rows(*args, log=log)
                    self.assertEqual(sum(bool(row["error"]) for row in rows), 1, rows)

    def test_a_damaged_header(self):
        data = bytearray(tar([("a/error.log", entries(3)), ("b/error.log", entries(3))]))
        data[1024 + 5] ^= 1
        rows, _ = self.rows(self.file("x.tar", data))
        self.assertEqual([(bool(row["error"]), row["lines"]) for row in rows], [(False, 3), (True, 0)])
        self.assertIn("damaged", rows[1]["error"])

    def test_sizes_that_lie(self):
        for field in (b"77777777777\0", b"\x80" + b"\x7f" * 11, b"\xff" * 12, b"\x80" + bytes(3) + b"\xff" * 8, b"zzzz", b"-1\0"):
            data = bytearray(tar([("a/error.log", entries(3))]))
            data[124:124 + len(field)] = field
            data[148:156] = b" " * 8
            data[148:156] = b"%06o\0 " % sum(data[:512])
            with self.subTest(field=field):
                self.assertTrue(any(row["error"] for row in self.rows(self.file("x.tar", bytes(data)))[0]))

    def test_very_many(self):
        data = tar([(f"{i}/error.log", b"x\n") for i in range(1203)])
        for args, log in (((self.file("x.tar", data),), None), (("-",), data)):
            rows, _ = self.rows(*args, log=log)
            self.assertEqual(len(rows), 1001)
            self.assertIn("203 of the 1203 logs", rows[-1]["error"])

    def test_broken_anywhere_it_ends(self):
        """Never a crash, never a hang, never a report that is no report."""
        data = tar(self.MEMBERS, form=tarfile.PAX_FORMAT)
        draw = random.Random(11)
        for _ in range(300 if LONG else 60):
            broken = bytearray(data)
            for _ in range(draw.randrange(1, 6)):
                broken[draw.randrange(len(broken))] = draw.randrange(256)
            run("--format", "json", self.file("x.tar", bytes(broken))).report()


class Bytes(Sources):
    def same(self, data, **more):
        row, done = self.one(self.file("error.log", data))
        incidents = done.report()["incidents"]
        self.assertEqual([incident["rule"] for incident in incidents], ["AH01762"])
        self.assertEqual(incidents[0]["subject"]["value"], "/run/httpd")
        for name, value in more.items():
            self.assertEqual(row[name], value)

    def test_utf16(self):
        text = CRITICAL.decode()
        for data in (b"\xff\xfe" + text.encode("utf-16-le"), b"\xfe\xff" + text.encode("utf-16-be"), text.encode("utf-16-le"),
                     b"\xff\xfe" + text.replace("\n", "\r\n").encode("utf-16-le"), b"\xff\xfe" + text.strip().encode("utf-16-le")):
            self.same(data, lines=1, bytes=len(data))
            self.same(gzip.compress(data))

    def test_marks_line_ends_and_holes(self):
        line = CRITICAL.strip()
        for data in (b"\xef\xbb\xbf" + CRITICAL, line, line + b"\r\n", line + b"\r", line + b"\r" + b"x\r" * 3, bytes(100_000) + CRITICAL,
                     b"x\n" + bytes(100_000) + CRITICAL, CRITICAL + bytes(5000), b"\xff\xfe\xfd caf\xe9\n" + CRITICAL, b"a\0b\0c\n" + CRITICAL):
            with self.subTest(data=data[:40]):
                self.same(data)

    def test_empty(self):
        row, done = self.one(self.file("error.log", b""))
        self.assertEqual((row["bytes"], row["lines"], row["format"], done.status), (0, 0, "empty", 0))
        self.assertIn("Nothing to diagnose", run(self.folder / "error.log").text)

    def test_no_logs(self):
        binaries = {"httpd": (Path(AHDIAG).read_bytes()[:300_000], "program"), "shot.png": (b"\x89PNG\r\n\x1a\n" + bytes(99), "image"),
                    "random": (random.Random(1).randbytes(100_000), "binary data"), "x.zip": (b"PK\x03\x04" + bytes(99), "ZIP"),
                    "system.journal": (b"LPKSHHRH" + bytes(10_000) + CRITICAL, "systemd journal.*journalctl --file /.*/system.journal -o short-iso . ahdiag")}
        for name, (data, words) in binaries.items():
            for packed in (data, gzip.compress(data)):
                with self.subTest(name=name):
                    row, done = self.one(self.file(name, packed))
                    self.assertRegex(row["error"], words)
                    self.assertEqual((row["lines"], row["entries"]), (0, 0))
                    report = done.report()
                    self.assertEqual((report["incidents"], report["unmatched"]), ([], []))
        rows, done = self.rows(self.folder / "shot.png", self.file("error.log"))
        self.assertEqual(done.report()["incidents"][0]["rule"], "AH01762")


class Streams(Sources):
    def test_the_same_file_twice(self):
        path = self.file("error.log", entries(2))
        rows, done = self.rows(path, path)
        self.assertEqual([row["lines"] for row in rows], [2, 2])
        self.assertEqual(sum(one["count"] for one in done.report()["incidents"] + done.report()["unmatched"]), 4)

    def test_a_named_pipe_and_the_inputs_device(self):
        pipe = self.folder / "pipe"
        os.mkfifo(pipe)
        writer = threading.Thread(target=pipe.write_bytes, args=(gzip.compress(CRITICAL),))
        writer.start()
        row, done = self.one(pipe)
        writer.join()
        self.assertEqual((row["name"], row["lines"]), (str(pipe), 1))
        self.assertEqual(self.one("/dev/stdin", log=CRITICAL)[0]["lines"], 1)

    def test_a_pipe_in_small_pieces(self):
        for data in (CRITICAL * 3, gzip.compress(CRITICAL * 3), b"\xff\xfe" + (CRITICAL * 3).decode().encode("utf-16-le"),
                     tar([("error.log", CRITICAL * 3)])):
            process = subprocess.Popen([AHDIAG, "--format", "json"], stdin=subprocess.PIPE, stdout=subprocess.PIPE)
            pieces = [data[i:i + 1] for i in range(30)] + [data[i:i + 997] for i in range(30, len(data), 997)]
            for piece in pieces:
                process.stdin.write(piece)
                process.stdin.flush()
            out, _ = process.communicate()
            self.assertEqual([row["lines"] for row in json.loads(out)["input"]], [3])

    def test_a_log_that_grows(self):
        path = self.file("error.log", entries(200_000))
        stop = threading.Event()

        def grow():
            with path.open("ab", buffering=0) as log:
                while not stop.wait(0.005):
                    log.write(CRITICAL)
        writer = threading.Thread(target=grow)
        self.addCleanup(writer.join)
        self.addCleanup(stop.set)
        writer.start()
        row, _ = self.one(path)
        self.assertGreaterEqual(row["lines"], 200_000)


SANITIZED = b"__asan_init" in Path(AHDIAG).read_bytes()


def limited(mebibytes):
    def limit():
        os.environ["MALLOC_ARENA_MAX"] = "1"  # else each thread reserves 64 MiB of addresses that it never touches
        resource.setrlimit(resource.RLIMIT_AS, (mebibytes * MIB, mebibytes * MIB))
    return limit


@unittest.skipIf(SANITIZED, "the sanitizer takes memory of its own")
class Memory(Sources):
    """A gigabyte (fifty megabytes unless AHDIAG_LONG=1) in the memory of a small file."""
    SIZE = 1_000_000_000 if LONG else 50_000_000

    def generate(self, out):
        piece = entries(10_000)
        for _ in range(self.SIZE // len(piece)):
            out.write(piece)
        return self.SIZE // len(piece) * 10_000

    def test_through_each_packer(self):
        for command in (["gzip", "-1"], ["bzip2", "-1"], ["xz", "-1"], ["zstd", "-q", "-1"]):
            if not shutil.which(command[0]) or (LONG and command[0] == "bzip2"):
                continue
            path = self.file("error.log", b"")
            with path.open("wb") as out:
                packer = subprocess.Popen([*command, "-c"], stdin=subprocess.PIPE, stdout=out)
                count = self.generate(packer.stdin)
                packer.communicate()
            with self.subTest(command=command):
                row, _ = self.one(path, preexec_fn=limited(96))
                self.assertEqual(row["lines"], count)

    def test_through_a_pipe(self):
        process = subprocess.Popen([AHDIAG, "--format", "json"], stdin=subprocess.PIPE, stdout=subprocess.PIPE, preexec_fn=limited(96))
        count = self.generate(process.stdin)
        process.stdin.close()
        self.assertEqual(json.loads(process.stdout.read())["input"][0]["lines"], count)
        process.stdout.close()
        process.wait()

    def test_one_line_without_an_end(self):
        piece = random.Random(1).randbytes(10_000).hex().encode() * 50
        with gzip.open(self.folder / "x.gz", "wb", 1) as out:
            for _ in range(self.SIZE // len(piece)):
                out.write(piece)
        self.assertEqual(self.one(self.folder / "x.gz", preexec_fn=limited(96))[0]["lines"], 1)

    def test_the_largest_windows(self):
        data = entries(100_000)
        for pack in (lambda data: lzma.compress(data, preset=9), *([lambda data: zstd(data, "--ultra", "-22")] if "zst" in PACKERS else [])):
            row, _ = self.one(self.file("error.log", pack(data[:2_000_000])), preexec_fn=limited(288))
            self.assertGreater(row["lines"], 10_000)


class Progress(Sources):
    def on_terminal(self, *args, seconds=1.6, environment=(), foreground=True, pause=0):
        """With stderr and its control on a new terminal, and standard input a pipe that ends late: what the terminal shows."""
        reading, writing = os.pipe()
        pid, terminal = pty.fork()
        if pid == 0:
            os.environ.update({"TERM": "xterm", **dict(environment)})
            os.close(writing)
            os.dup2(reading, 0)
            os.dup2(os.open("/dev/null", os.O_WRONLY), 1)
            if not foreground and (child := os.fork()):
                os._exit(os.waitpid(child, 0)[1] >> 8)
            if not foreground:
                os.setpgid(0, 0)
            os.execv(AHDIAG, [AHDIAG, *map(str, args)])
        fcntl.ioctl(terminal, termios.TIOCSWINSZ, struct.pack("HHHH", 24, 80, 0, 0))
        os.close(reading)
        with os.fdopen(writing, "wb", buffering=0) as pipe:
            end = time.monotonic() + seconds
            while time.monotonic() < end:
                pipe.write(entries(50))
                time.sleep(0.05)
        if pause:
            time.sleep(pause)
            os.kill(pid, signal.SIGSTOP)
            time.sleep(1.2)
            os.kill(pid, signal.SIGCONT)
        shown = b""
        try:
            while piece := os.read(terminal, 65536):
                shown += piece
        except OSError:
            pass
        os.close(terminal)
        os.waitpid(pid, 0)
        return shown.decode()

    def test_on_a_terminal_after_a_second_and_erased(self):
        shown = self.on_terminal()
        self.assertRegex(shown, r"\r\x1b\[K[0-9.]+ kB read  [0-9.]+ kB/s")
        self.assertTrue(shown.endswith("\r\x1b[K"), shown)

    def test_never_otherwise(self):
        self.assertEqual(self.on_terminal(seconds=0.3), "")
        self.assertEqual(self.on_terminal("--no-progress"), "")
        self.assertEqual(self.on_terminal(environment={"TERM": "dumb"}), "")
        self.assertEqual(self.on_terminal(foreground=False), "")

    def test_percentage_of_packed_bytes(self):
        path = self.file("error.log.gz", gzip.compress("".join(f"the words of script {n}, which take their time\n" for n in range(300_000)).encode(), 0))
        shown = self.on_terminal(path, path, seconds=0, pause=0.2)
        self.assertRegex(shown, r"\r\x1b\[K +\d+ %  \[=* *\]  [0-9.]+ [kM]B of [0-9.]+ MB  [0-9.]+ [kM]B/s")
        self.assertTrue(shown.endswith("\r\x1b[K"), shown)


if __name__ == "__main__":
    unittest.main()
