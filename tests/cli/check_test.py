"""`ahdiag check`: what is new, through every rotation; thresholds, statuses, forms; nothing unreadable is ever OK."""
import fcntl
import json
import os
import shutil
import subprocess
import time
import unittest
from pathlib import Path

from checks import CRITICAL, OK, UNKNOWN, WARNING, Answer, CheckTest, copytruncate, failure, numbers_in, pack, rename
from support import AHDIAG, validate

SERVER_NAME = ("AH00558: httpd: Could not reliably determine the server's fully qualified domain name, using 127.0.1.1. "
               "Set the 'ServerName' directive globally to suppress this message\n")
REFUSED = ("[Wed Mar 13 07:02:11.000001 2024] [proxy:error] [pid 22] (111)Connection refused: AH00957: http: attempt to connect to "
           "127.0.0.1:8080 (localhost:8080) failed\n")


class OnlyWhatIsNew(CheckTest):
    def test_the_first_call_begins_at_the_end(self):
        self.write(2)
        self.assertIn("--from start", self.tells([]).text)
        self.tells([])
        self.tells(self.write())

    def test_from_start(self):
        self.tells(self.write(3), "--from", "start")
        self.tells([], "--from", "start")

    def test_each_entry_once(self):
        self.begin()
        for count in (1, 3, 0, 2):
            self.tells(self.write(count) if count else [])
        self.assertEqual(self.kept()["sums"]["lines"], 6)

    def test_a_line_that_is_not_finished_waits(self):
        self.begin()
        self.append(failure(7)[:60])
        self.tells([])
        self.append(failure(7)[60:-1])
        self.tells([])
        self.append("\n")
        self.tells([7])

    def test_line_numbers_are_those_of_the_file(self):
        self.append("a line\n" * 10)
        self.check()
        self.write()
        self.assertIn("error.log:11)", self.check().text)

    def test_a_line_without_an_end(self):
        self.begin()
        self.append("x" * (3 << 20))
        self.tells([])
        self.assertGreater(self.kept()["logs"][0]["files"][0]["offset"], 2 << 20)
        self.append("\n")
        self.tells(self.write())

    def test_several_logs(self):
        other = self.folder / "ssl_error.log"
        self.begin()
        other.touch()
        self.check(other)
        numbers = self.write() + self.write(log=other)
        self.tells(numbers, other)
        self.assertEqual(len(self.kept()["logs"]), 2)

    def test_a_log_that_is_named_twice(self):
        self.begin()
        link = self.folder / "link"
        link.symlink_to(self.folder)
        self.tells(self.write(), self.folder / "." / "error.log", link / "error.log")

    def test_checks_that_share_a_state_leave_each_others_problems(self):
        other = self.folder / "ssl_error.log"
        self.begin()
        other.touch()
        self.tells([], log=other)
        mine = self.write()
        self.tells(self.write(log=other), "--hold", "1h", log=other)
        self.tells(mine)

    def test_a_log_that_comes_later_is_read_whole(self):
        answer = self.check()
        self.assertEqual(answer.status, UNKNOWN)
        self.assertIn("No such file", answer.text)
        self.tells(self.write(2))


class Rotations(CheckTest):
    """After each, the rest of the old file is read, then the new one."""

    def turn(self, rotate, *more):
        self.begin()
        self.tells(self.write(3))
        rest = self.write(2)
        rotate()
        self.tells(rest + self.write(), *more)
        self.tells([])
        self.tells(self.write())
        self.assertEqual(self.kept()["sums"]["lines"], self.written)
        self.assertEqual(self.kept()["sums"]["gaps"], 0)

    def old(self, name):
        return self.folder / name

    def test_by_name(self):
        for name in ("error.log.1", "error.log-20240313", "error-20240313.log", "error.log.2024-03-13", "error.log.old", "error.log-2024031307",
                     "error.log.1710288000"):
            with self.subTest(name=name):
                self.setUp()
                self.turn(lambda name=name: rename(self.log, self.old(name)))

    def test_copytruncate(self):
        self.turn(lambda: copytruncate(self.log, self.old("error.log.1")))

    def test_packed_at_once(self):
        def rotate():
            rename(self.log, self.old("error.log.1"))
            pack(self.old("error.log.1"))
        self.turn(rotate)

    def test_copied_and_packed(self):
        def rotate():
            copytruncate(self.log, self.old("error.log-20240313"))
            pack(self.old("error.log-20240313"))
        self.turn(rotate)

    def test_packed_by_others(self):
        for program, end in {"bzip2": ".bz2", "xz": ".xz", "zstd": ".zst"}.items():
            if not shutil.which(program):
                continue
            with self.subTest(program=program):
                self.setUp()

                def rotate():
                    rename(self.log, self.old("error.log.1"))
                    flags = ["-q", "--rm"] if program == "zstd" else []
                    subprocess.run([program, *flags, self.old("error.log.1")], check=True)
                self.turn(rotate)

    def test_any_name(self):
        self.log = self.folder / "web.txt"
        self.turn(lambda: rename(self.log, self.old("web.txt.1")))

    def test_a_file_of_the_same_length(self):
        self.begin()
        self.tells(self.write(3))
        size = self.log.stat().st_size
        rename(self.log, self.old("error.log.1"))
        numbers = self.write(3)
        self.assertEqual(self.log.stat().st_size, size)
        self.tells(numbers)

    def test_replaced_in_place_by_the_same_length(self):
        self.begin()
        self.tells(self.write(3))
        inode, numbers = self.log.stat().st_ino, [3, 4, 5]
        with self.log.open("r+b") as file:
            file.truncate(0)
            file.write("".join(map(failure, numbers)).encode())
        self.assertEqual(self.log.stat().st_ino, inode)
        self.assertIn("is gone", self.tells(numbers).text)
        self.assertEqual(self.kept()["sums"]["gaps"], 1)

    def test_an_inode_that_is_used_again(self):
        """What a reboot or a file system does: the number is the old one, the text is not."""
        self.begin()
        self.tells(self.write(3))
        rest = self.write()
        copytruncate(self.log, self.old("error.log.1"))
        self.tells(rest + self.write(5))

    def test_the_same_text_behind_another_inode(self):
        self.begin()
        self.tells(self.write(3))
        copy = self.folder / "copy"
        shutil.copyfile(self.log, copy)
        copy.rename(self.log)
        self.tells(self.write())

    def test_another_device_number_after_a_boot(self):
        self.begin()
        self.tells(self.write(3))
        self.change_state(lambda state: state["logs"][0]["files"][0].update(device=4711, inode=4711))
        self.tells(self.write())

    def change_state(self, change):
        whole = json.loads(self.state.read_text())
        change(whole["state"])
        digest = 0xcbf29ce484222325
        for byte in json.dumps(whole["state"], separators=(",", ":"), ensure_ascii=False).encode():
            digest = (digest ^ byte) * 0x100000001b3 % 2**64
        whole["digest"] = f"{digest:016x}"
        self.state.write_text(json.dumps(whole))

    def test_several_between_two_calls(self):
        self.begin()
        self.tells(self.write(2))
        numbers = []
        for _ in range(4):
            numbers += self.write()
            for age in range(8, 0, -1):
                old = self.old(f"error.log.{age}.gz")
                if old.exists():
                    old.rename(self.old(f"error.log.{age + 1}.gz"))
            rename(self.log, self.old("error.log.1"))
            pack(self.old("error.log.1"))
        self.tells(numbers + self.write())
        self.tells([])

    def test_several_by_date(self):
        self.begin()
        self.tells(self.write(2))
        numbers = []
        for day in range(10, 14):
            numbers += self.write()
            rename(self.log, self.old(f"error.log-202403{day}"))
        self.tells(numbers + self.write())

    def test_older_ones_are_not_read(self):
        for name in ("error.log.1", "error.log.2.gz", "error.log-20200101"):
            self.append(failure(77), self.old(name))
            self.rest(self.old(name))
        self.turn(lambda: rename(self.log, self.old("error.log.1")))

    def test_stale_files_of_another_naming_are_not_read(self):
        stale = self.old("error.log-20200101")
        self.append(failure(77), stale)
        os.utime(stale, (0, 0))
        self.turn(lambda: rename(self.log, self.old("error.log.1")))

    def test_children_that_still_finish_write_to_the_old_file(self):
        self.begin()
        self.tells(self.write())
        rename(self.log, self.old("error.log.1"))
        self.tells([])
        late = self.write(2, self.old("error.log.1"))
        self.tells(late + self.write())
        late = self.write(1, self.old("error.log.1"))
        self.tells(late)
        pack(self.old("error.log.1")).rename(self.old("error.log.2.gz"))
        self.tells([])

    def test_an_empty_log_is_rotated(self):
        self.begin()
        rename(self.log, self.old("error.log.1"))
        self.append(failure(50), self.old("error.log.1"))
        self.tells([50] + self.write())

    def test_an_unfinished_line_in_a_rotated_file(self):
        self.begin()
        self.append(failure(50)[:-1])
        rename(self.log, self.old("error.log.1"))
        self.tells([])
        self.rest(self.old("error.log.1"))
        self.tells([50])
        self.tells([])

    def test_a_hard_link_to_the_log(self):
        """What rotatelogs -L makes."""
        dated = self.old("error.log.20240313")
        self.log.touch()
        os.link(self.log, dated)
        self.check()
        self.tells(self.write(2))
        rest, dated = self.write(), self.old("error.log.20240314")
        dated.touch()
        self.log.unlink()
        os.link(dated, self.log)
        self.tells(rest + self.write())

    def test_a_symbolic_link_to_the_log(self):
        dated = self.old("error.log.20240313")
        dated.touch()
        self.log.symlink_to(dated.name)
        self.check()
        self.tells(self.write(2))
        rest = self.write()
        self.log.unlink()
        self.log.symlink_to("error.log.20240314")
        self.tells(rest + self.write())

    def test_truncated(self):
        self.begin()
        self.tells(self.write(3))
        os.truncate(self.log, 0)
        numbers = self.write()
        self.assertIn("note:", self.tells(numbers).text)

    def test_while_it_is_copied(self):
        self.begin()
        self.tells(self.write(3))
        shutil.copyfile(self.log, self.old("error.log.1"))
        self.tells(self.write())
        copytruncate(self.log, self.old("error.log.1"))
        self.tells([])
        self.tells(self.write())

    def test_while_it_is_packed(self):
        self.begin()
        self.tells(self.write(3))
        rest = self.write()
        rename(self.log, self.old("error.log.1"))
        self.old("error.log.1.gz").write_bytes(b"\x1f\x8b\x08\x00")
        self.tells(rest)

    def test_a_log_that_was_removed(self):
        self.begin()
        self.tells(self.write())
        rest = self.write()
        self.log.rename(self.old("error.log.1"))
        self.assertEqual(self.check().status, UNKNOWN)
        self.tells(rest + self.write())

    @unittest.skipUnless(shutil.which("logrotate") or Path("/usr/sbin/logrotate").exists(), "no logrotate")
    def test_by_logrotate(self):
        self.folder.chmod(0o755)
        for words in ("create", "copytruncate", "create compress", "copytruncate compress", "create compress delaycompress", "create dateext dateformat -%Y%m%d-%s",
                      "create dateext compress dateformat -%s extension .log"):
            with self.subTest(words=words):
                self.setUp()
                self.folder.chmod(0o755)
                configuration = self.folder / "logrotate.conf"
                configuration.write_text(f"{self.log} {{\n rotate 4\n missingok\n {chr(10).join(' ' + one for one in self.directives(words))}\n}}\n")
                configuration.chmod(0o644)
                self.begin()
                for _ in range(3):
                    self.tells(self.write(2))
                    rest = self.write()
                    subprocess.run(["/usr/sbin/logrotate", "-f", "-s", self.folder / "rotated", configuration], check=True, capture_output=True)
                    self.tells(rest + self.write())
                    time.sleep(1.1 if "%s" in words else 0)
                self.assertEqual(self.kept()["sums"]["lines"], self.written)

    @staticmethod
    def directives(words):
        """Words that take one stay with it."""
        lines = []
        for word in words.split():
            if lines and lines[-1] in ("dateformat", "extension"):
                lines[-1] += " " + word
            else:
                lines.append(word)
        return lines


class Trouble(CheckTest):
    """Unreadable, unwritable, damaged, too slow: UNKNOWN, and what was found is told when it can be."""

    def unknown(self, *more, says, **settings):
        answer = self.check(*more, **settings)
        self.assertEqual(answer.status, UNKNOWN, answer.text)
        self.assertIn(says, answer.text)
        return answer

    def test_a_log_that_is_none(self):
        for name, make, says in (("folder", Path.mkdir, "is no file"), ("pipe", os.mkfifo, "is no file"), ("absent", lambda path: None, "No such file")):
            make(self.folder / name)
            self.unknown(log=self.folder / name, says=says)

    @unittest.skipUnless(os.geteuid() == 0 and shutil.which("setpriv"), "needs root, to be somebody else")
    def test_what_this_user_may_not(self):
        self.folder.chmod(0o777)
        binary = shutil.copy(AHDIAG, self.folder / "ahdiag")
        nobody = ["setpriv", "--reuid=65534", "--regid=65534", "--clear-groups", binary, "check", "-vv", "--state", self.state, self.log]

        def unknown(says):
            done = subprocess.run(nobody, capture_output=True)
            answer = Answer(done.returncode, done.stdout).check(self)
            self.assertEqual((answer.status, "Permission denied" in answer.text, says in answer.text), (UNKNOWN, True, True), answer.text)
        self.log.touch()
        self.log.chmod(0)
        unknown("error.log")
        self.log.chmod(0o644)
        self.assertEqual(subprocess.run(nobody, capture_output=True).returncode, OK)
        numbers = self.write()
        self.state.chmod(0)
        os.chown(self.state, 0, 0)
        unknown("state.json")
        self.folder.chmod(0o755)
        self.state.chmod(0o644)
        unknown("state.json")
        self.folder.chmod(0o777)
        done = subprocess.run(nobody, capture_output=True)
        self.assertEqual(numbers_in(done.stdout.decode()), numbers)

    @unittest.skipUnless(os.geteuid() == 0 and shutil.which("setpriv"), "needs root, to be somebody else")
    def test_a_rotated_log_that_this_user_may_not_read(self):
        """What was read may lie in it: UNKNOWN until it can be read, and then nothing is lost. An older one does not matter."""
        self.folder.chmod(0o777)
        binary = shutil.copy(AHDIAG, self.folder / "ahdiag")
        nobody = ["setpriv", "--reuid=65534", "--regid=65534", "--clear-groups", binary, "check", "-vv", "--state", self.state, self.log]

        def call():
            done = subprocess.run(nobody, capture_output=True)
            return Answer(done.returncode, done.stdout).check(self)
        self.log.touch()
        older = self.folder / "error.log.2.gz"
        older.touch(mode=0o000)
        os.utime(older, (0, 0))
        call()
        self.write()
        self.assertEqual(call().status, CRITICAL)
        rest = self.write()
        rename(self.log, self.folder / "error.log.1")
        packed = pack(self.folder / "error.log.1")
        packed.chmod(0)
        self.log.chmod(0o644)
        numbers = self.write()
        for _ in range(2):
            answer = call()
            self.assertEqual((answer.status, "error.log.1.gz" in answer.text), (UNKNOWN, True), answer.text)
        packed.chmod(0o644)
        self.assertEqual(numbers_in(call().text), rest + numbers)
        os.truncate(self.log, 0)
        self.assertEqual(call().status, OK)

    def test_a_packed_log(self):
        self.write()
        self.unknown(log=pack(self.log), says="is packed")

    def test_a_binary_file(self):
        self.unknown(log=AHDIAG, says="ahdiag")

    def test_what_is_found_beside_an_unreadable_log_is_told_again(self):
        self.begin()
        absent = self.folder / "absent.log"
        numbers = self.write()
        answer = self.unknown(absent, says="No such file")
        self.assertEqual(numbers_in(answer.text), numbers)
        self.assertEqual(numbers_in(self.unknown(absent, says="No such file").text), numbers)
        self.tells(numbers)
        self.tells([])

    def test_a_state_that_cannot_be_written(self):
        self.begin()
        numbers = self.write()
        beside = Path(f"{self.state}.new")
        beside.mkdir()
        self.unknown(says="state.json.new")
        beside.rmdir()
        self.tells(numbers)

    def test_a_state_in_a_missing_folder(self):
        self.log.touch()
        self.state = self.folder / "missing" / "state.json"
        self.unknown(says="missing")

    @unittest.skipUnless(os.geteuid() == 0 and shutil.which("mount") and shutil.which("unshare"), "needs root to mount a small disk")
    def test_a_full_disk(self):
        self.write(300)
        small = self.folder / "small"
        small.mkdir()
        script = ("mount -t tmpfs -o size=64k,nr_inodes=20 none small && cd small && "
                  "$AHDIAG check --from end --state state.json ../error.log && cat ../more >> ../error.log && "
                  "{ dd if=/dev/zero of=filler bs=1k count=60 2>/dev/null; $AHDIAG check --state state.json ../error.log; echo status $?; rm filler; "
                  "$AHDIAG check -vv --state state.json ../error.log; echo status $?; }")
        (self.folder / "more").write_text("".join(failure(number) for number in range(500, 540)))
        done = subprocess.run(["unshare", "--mount", "sh", "-c", script], cwd=self.folder, capture_output=True, text=True, timeout=60,
                              env=dict(os.environ, AHDIAG=str(Path(AHDIAG).resolve())))
        if "status" not in done.stdout:
            self.skipTest(f"no small disk here: {done.stderr}")
        self.assertIn("No space left", done.stdout)
        self.assertIn("status 3", done.stdout)
        self.assertIn("problems=40;", done.stdout)
        self.assertTrue(done.stdout.endswith("status 2\n"), done.stdout)

    def test_an_answer_that_nobody_can_read_counts_as_not_told(self):
        self.begin()
        numbers = self.write()
        with open("/dev/full", "wb") as full:
            self.assertEqual(subprocess.run(self.args(), stdout=full, stderr=subprocess.DEVNULL).returncode, UNKNOWN)
        self.tells(numbers)
        self.assertEqual(self.kept()["sums"]["lines"], 1)

    def test_a_damaged_state(self):
        self.write()
        self.check()
        whole = self.state.read_text()
        for damage in ("", whole[:100], whole[:-40], whole.replace('"offset": ', '"offset": 1'), whole.replace('"version": 1', '"version": 2'), "[]", "null",
                       whole.replace('"digest": "', '"digest": "0', 1), "\0" * 500, whole.replace("files", "flies"), "{}"):
            with self.subTest(damage=damage[:120]):
                self.state.write_text(damage)
                self.unknown(says="remove it")
                self.assertEqual(self.state.read_text(), damage)  # for who wants to look at it

    def test_a_state_that_is_no_file(self):
        self.log.touch()
        self.state.mkdir()
        self.unknown(says="state.json")

    def test_usage(self):
        for words in (["-w", "x"], ["-w", "9:5"], ["-c", ""], ["-t", "0"], ["-t", "x"], ["--nonsense"], ["--format", "yaml"], ["--from", "middle"], ["--hold", "soon"],
                      ["--critical-on", "bad"], ["-"], ["--platform", "vms"], ["--fact", "x"], ["--rules", "/nonexistent"]):
            with self.subTest(words=words):
                self.log.touch()
                self.unknown(*words, says="")
        done = subprocess.run([AHDIAG, "check"], capture_output=True)
        self.assertIn("no log was named", Answer(done.returncode, done.stdout).check(self).text)

    def test_two_at_once(self):
        self.begin()
        numbers = self.write(20)
        running = [subprocess.Popen(self.args(), stdout=subprocess.PIPE) for _ in range(6)]
        answers = [Answer(one.wait(timeout=60), one.stdout.read()).check(self) for one in running]
        for one in running:
            one.stdout.close()
        self.assertEqual(sorted(answer.status for answer in answers), [OK] * 5 + [CRITICAL])
        self.assertEqual(self.kept()["sums"]["lines"], len(numbers))

    def test_one_that_waits_too_long(self):
        self.begin()
        with open(f"{self.state}.lock", "wb") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            begin = time.monotonic()
            self.unknown("-t", "1", says="another check")
            self.assertLess(time.monotonic() - begin, 3)
        self.tells(self.write())

    def test_no_answer_in_time(self):
        """Whatever hangs: here a rule that is a pipe without a writer."""
        self.begin()
        numbers = self.write()
        rules = self.folder / "rules"
        rules.mkdir()
        os.mkfifo(rules / "pipe.json")
        self.unknown("-t", "1", "--rules", rules, says="no answer within 1 s")
        self.tells(numbers)

    def test_a_log_too_long_for_its_time_is_read_in_parts(self):
        self.begin()
        with self.log.open("wb") as file:
            for _ in range(15):
                file.write(b"".join(b"[Wed Mar 13 07:02:11.%06d 2024] [core:error] [pid %d] AH00036: access to /%d failed\n" % (i % 1000000, i, i * 7919)
                                    for i in range(100000)))
        lines = 1500000
        answers = []
        for _ in range(60):
            answers.append(self.check("-t", "1"))
            if answers[-1].status != UNKNOWN:
                break
            self.assertIn("the next call goes on", answers[-1].text)
        self.assertNotEqual(answers[-1].status, UNKNOWN)
        self.assertEqual(self.kept()["sums"]["lines"], lines)


class Judgement(CheckTest):
    def status(self, *more):
        self.begin()
        self.write(3)
        self.append(REFUSED)
        return self.check(*more).status

    def test_thresholds(self):
        for words, status in {("-c", "2"): CRITICAL, ("-c", "3"): WARNING, ("-c", "3", "-w", "4"): OK, ("-c", "3", "-w", "3"): WARNING,
                              ("-c", "@3:3"): CRITICAL, ("-c", "5:"): CRITICAL, ("-c", "~:3", "-w", "~:9"): OK,
                              ("-c", "3", "--critical-on", "warning"): CRITICAL, ("-c", "9", "-w", "3", "--warning-on", "critical"): OK,
                              ("--warning-on", "notice", "--critical-on", "notice"): CRITICAL}.items():
            with self.subTest(words=words):
                self.setUp()
                self.assertEqual(self.status(*words), status)

    def test_severities(self):
        self.begin()
        self.append(SERVER_NAME)
        answer = self.check()
        severity = answer.text.split("\n")[1].split(":")[0]
        self.assertIn(severity, ("notice", "warning"))
        self.assertEqual(answer.status, OK if severity == "notice" else WARNING)
        self.append(REFUSED)
        self.assertEqual(self.check().status, WARNING)

    def test_perfdata(self):
        self.begin()
        self.write(2)
        data = self.check("-w", "5", "-c", "@1:2").perfdata
        self.assertEqual((data["problems"], data["severe"], data["critical"], data["error"], data["entries"], data["lines"]), ("2", "2", "2", "0", "2", "2"))
        self.assertLess(float(data["time"]), 10)

    def test_the_cause_stands_in_the_first_line(self):
        self.begin()
        self.write()
        self.assertIn("AH01762", self.check().first)

    def test_verbosity(self):
        self.begin()
        sizes = []
        for words in ([], ["-v"], ["-v", "-v"], ["-vvv"]):
            self.write()
            done = subprocess.run([AHDIAG, "check", *words, "--state", self.state, self.log], capture_output=True, text=True)
            sizes.append(len(done.stdout.splitlines()))
        self.assertEqual(sizes, sorted(set(sizes)))
        self.assertEqual(sizes[0], 2)

    def test_much_is_cut_at_four_kilobytes(self):
        self.begin()
        self.write(90)
        answer = self.check("-vvv")
        self.assertIn("(+89 more)", answer.first)
        self.assertTrue(answer.text.endswith("tells the rest\n"))

    def test_words_of_strangers(self):
        self.begin()
        self.append("[Wed Mar 13 07:02:11.000001 2024] [cgi:error] [pid 22] [client 10.0.0.1:5] AH01215: a|b=1;2 \x1b[31m\x07\u202e: /var/www/x.cgi\n" * 3)
        self.append(failure(3).replace("httpd-3", "a|b 'c'=\x1b[2J\u2028\xff"))
        for words in ([], ["-vvv"]):
            self.check("--hold", "1h", *words)


class Hold(CheckTest):
    NOW = 1_800_000_000

    def test_held_for_its_time(self):
        self.begin()
        numbers = self.write()
        self.tells(numbers, "--hold", "30m", now=self.NOW)
        answer = self.tells(numbers, "--hold", "30m", now=self.NOW + 600)
        self.assertIn("10 min ago", answer.text)
        self.tells(numbers, "--hold", "30m", now=self.NOW + 1799)
        self.tells([], "--hold", "30m", now=self.NOW + 1800)
        self.assertEqual(self.kept()["problems"], [])

    def test_more_of_it_holds_it_longer(self):
        self.begin()
        numbers = self.write()
        self.tells(numbers, "--hold", "30m", now=self.NOW)
        self.append(failure(0))
        answer = self.tells(numbers, "--hold", "30m", now=self.NOW + 1200)
        self.assertIn("2 entries", answer.text)
        self.tells(numbers, "--hold", "30m", now=self.NOW + 2400)

    def test_forever_until_it_is_settled(self):
        self.begin()
        numbers = self.write(2)
        for later in (0, 10**8):
            self.tells(numbers, "--hold", "forever", now=self.NOW + later)
        self.assertIn("2 problems settled", self.check("--reset").text)
        self.tells([], "--hold", "forever", now=self.NOW)

    def test_a_clock_that_is_set_back(self):
        self.begin()
        numbers = self.write()
        self.tells(numbers, "--hold", "1h", now=self.NOW)
        self.tells(numbers, "--hold", "1h", now=self.NOW - 10**6)

    def test_reset_reads_nothing(self):
        self.begin()
        numbers = self.write()
        self.check("--reset")
        self.tells(numbers)


class Forms(CheckTest):
    def form(self, *more):
        done = subprocess.run([AHDIAG, "check", "--state", self.state, *map(str, more), self.log], capture_output=True, timeout=60)
        return done.returncode, done.stdout.decode()

    def test_json_is_the_report_of_what_is_new(self):
        self.begin()
        for _ in range(2):
            self.write(2)
            status, out = self.form("--format", "json")
            report = json.loads(out)
            validate(report)
            self.assertEqual((status, len(report["incidents"]), report["input"][0]["lines"]), (CRITICAL, 2, 2))
        status, out = self.form("--format", "json")
        self.assertEqual((status, json.loads(out)["incidents"]), (OK, []))

    def test_a_document_that_was_not_written_comes_again(self):
        self.begin()
        self.write()
        with open("/dev/full", "wb") as full:
            done = subprocess.run([AHDIAG, "check", "--format", "json", "--state", self.state, self.log], stdout=full, stderr=subprocess.DEVNULL)
        self.assertEqual(done.returncode, UNKNOWN)
        self.assertEqual(len(json.loads(self.form("--format", "json")[1])["incidents"]), 1)
        self.assertEqual(self.kept()["sums"]["lines"], 1)

    def test_prometheus(self):
        self.begin()
        target = self.folder / "ahdiag.prom"
        for total in (2, 4):
            self.write(2)
            self.assertEqual(self.form("--format", "prometheus", "--output", target), (OK, ""))
            text = target.read_text()
            self.assertTrue(text.endswith("\n"))
            self.assertIn(f'ahdiag_problem_entries_total{{rule="AH01762",severity="critical",module="auth_digest",code="AH01762"}} {total}\n', text)
            self.assertIn(f"\nahdiag_lines_total {total}\n", text)
            self.assertIn('\nahdiag_problems{severity="critical"} 2\n', text)
            self.assertIn("\nahdiag_check_status 2\n", text)
        self.assertEqual(target.stat().st_mode & 0o777, 0o644)
        self.assertEqual(sorted(path.name for path in self.folder.glob("*.prom*")), ["ahdiag.prom"])
        for line in text.splitlines():
            self.assertRegex(line, r'\A(# (HELP|TYPE) ahdiag_\w+ .+|ahdiag_\w+(\{(\w+="[^"]*",?)+\})? [-+.\d]+)\Z')
        if shutil.which("promtool"):
            done = subprocess.run(["promtool", "check", "metrics"], input=text, capture_output=True, text=True)
            self.assertEqual((done.returncode, done.stderr, done.stdout), (0, "", ""))

    def test_metrics_that_cannot_be_written(self):
        self.begin()
        self.write()
        status, out = self.form("--format", "prometheus", "--output", self.folder / "missing" / "a.prom")
        self.assertEqual(status, UNKNOWN)
        self.assertIn("HTTPD UNKNOWN", out)

    def test_the_default_state(self):
        self.log.touch()
        environment = dict(os.environ, XDG_STATE_HOME=str(self.folder))
        subprocess.run([AHDIAG, "check", self.log], env=environment, check=True, capture_output=True)
        self.assertTrue((self.folder / "ahdiag/check.state").exists())
        self.assertEqual((self.folder / "ahdiag/check.state").stat().st_mode & 0o777, 0o600)


if __name__ == "__main__":
    unittest.main()
