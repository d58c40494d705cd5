"""ahdiag watch: what it tells of logs that grow, and how it behaves as somebody's child."""
import json
import os
import re
import signal
import subprocess
import tempfile
import threading
import time
import unittest
from pathlib import Path

import jsonschema

from support import AHDIAG, SOURCE, events_in, run, run_on_terminal

USAGE, INCOMPLETE = 2, 3
QUICK = ("--settle", "0.2")
LONG = 20  # seconds: no test waits for as long unless it fails
PID = 4000
SCHEMAS = (SOURCE / "schema").as_uri() + "/"
EVENT = json.loads((SOURCE / "schema/event.schema.json").read_text())
VALIDATOR = jsonschema.Draft7Validator(EVENT, resolver=jsonschema.RefResolver(SCHEMAS, EVENT))


def missing(directory, second=11):
    return (f"[Wed Mar 13 07:02:{second:02}.000001 2024] [auth_digest:error] [pid 22] (2)No such file or directory: "
            f"AH01762: Failed to create shared memory segment on file {directory}/authdigest_shm.22\n")


FOLLOWS = "[Wed Mar 13 07:02:12.000001 2024] [:emerg] [pid 22] AH00020: Configuration Failed, exiting\n"
DENIED = "[Wed Mar 13 07:02:12.000001 2024] [core:error] [pid 9] (13)Permission denied: [client 192.0.2.1:5] AH00132: file permissions deny server access: /srv/{}\n"
NOISE = "[Wed Mar 13 07:02:11.000001 2024] [core:info] [pid 9] AH99999: nothing that matters {}\n"
RUN, VAR = missing("/run/httpd"), missing("/var/run/other")


class Watching:
    """A watch that runs; its events as they come."""

    def __init__(self, *args, stdin=subprocess.DEVNULL, **more):
        self.process = subprocess.Popen([AHDIAG, "watch", *map(str, args)], stdin=stdin, stdout=subprocess.PIPE, stderr=subprocess.PIPE, **more)
        self.lines, self.complaints = [], []
        self.readers = [threading.Thread(target=self.read, args=pair, daemon=True)
                        for pair in ((self.process.stdout, self.lines), (self.process.stderr, self.complaints))]
        for reader in self.readers:
            reader.start()

    @staticmethod
    def read(stream, lines):
        for line in stream:
            lines.append(line.decode())
        stream.close()

    @property
    def events(self):
        return [json.loads(line) for line in self.lines if line.startswith("{")]

    def says(self, event, count=1):
        """Waits until so many events of a kind were told; returns the last."""
        until(lambda: len([one for one in self.events if one["event"] == event]) >= count, f"{count} {event} in {self.lines} {self.complaints}")
        return [one for one in self.events if one["event"] == event][count - 1]

    def complains(self, words):
        until(lambda: any(words in line for line in self.complaints), f"{words!r} in {self.complaints}")

    def write(self, text):
        self.process.stdin.write(text.encode())
        self.process.stdin.flush()

    def send(self, number=signal.SIGTERM):
        self.process.send_signal(number)

    def end(self, number=signal.SIGTERM):
        if number:
            self.send(number)
        status = self.process.wait(LONG)
        for reader in self.readers:
            reader.join(LONG)
        if self.process.stdin:
            self.process.stdin.close()
        return status


def until(holds, what):
    last = time.monotonic() + LONG
    while not holds():
        if time.monotonic() > last:
            raise AssertionError(f"waited in vain for {what}")
        time.sleep(0.02)


def settled(watching, log):
    """Waits until it has the log open: what comes from then on is new."""
    until(lambda: str(log) in open_files(watching.process.pid), "the watch to begin")
    time.sleep(0.2)


def open_files(pid):
    found = []
    for one in Path(f"/proc/{pid}/fd").iterdir():
        try:
            found.append(os.readlink(one))
        except OSError:  # closed meanwhile
            pass
    return found


class Case(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = Path(folder.name)
        self.log = self.folder / "error.log"
        self.output = self.folder / "events.json"
        self.started = []
        self.addCleanup(self.kill_all)

    def kill_all(self):
        for one in self.started:
            if one.process.poll() is None:
                one.process.kill()
                one.end(None)

    def watch(self, *args, **more):
        watching = Watching(*args, **more)
        self.started.append(watching)
        return watching

    def follow(self, *args, text="", settle=0.2):
        """A watch of self.log, which is there and holds `text` before."""
        self.log.write_text(text)
        watching = self.watch("--settle", settle, *args, self.log)
        settled(watching, self.log)
        return watching

    def add(self, text, path=None):
        with open(path or self.log, "a") as file:
            file.write(text)

    def written(self):
        return events_in(self.output)

    def pipe(self, text, *args, **more):
        done = run("watch", *args, "-", log=text, **more)
        return done.status, [json.loads(line) for line in done.text.splitlines()], done.err


class Events(Case):
    def test_open_holds_the_incident_of_a_report(self):
        status, events, error = self.pipe(RUN + FOLLOWS)
        self.assertEqual((status, error), (0, ""))
        self.assertEqual([one["event"] for one in events], ["open"])
        report = run("--format", "json", log=RUN + FOLLOWS).report()
        self.assertEqual(events[0]["incident"], report["incidents"][0])
        self.assertEqual(events[0]["incident"]["consequences"][0]["code"], "AH00020")
        for member in ("id", "rule", "case", "code", "severity", "title", "count", "first_seen", "last_seen"):
            self.assertEqual(events[0][member], report["incidents"][0][member], member)

    def test_events_keep_to_the_schema(self):
        watching = self.follow("--end-after", "0.5")
        self.add(RUN * 12)
        watching.says("end")
        watching.end()
        for event in watching.events:
            self.assertEqual([one.message for one in VALIDATOR.iter_errors(event)], [])
            self.assertEqual(set(event), set(EVENT["required"]))

    def test_repeats_are_told_at_powers_of_ten_and_after_a_time(self):
        watching = self.follow("--repeat-every", "3600")
        self.add(RUN)
        self.assertEqual(watching.says("open")["count"], 1)
        self.add(RUN)
        time.sleep(0.6)
        self.assertEqual(len(watching.events), 1)
        self.add(RUN * 8)
        self.assertEqual(watching.says("repeat")["count"], 10)
        self.add(RUN * 95)
        again = watching.says("repeat", 2)
        self.assertEqual((again["count"], again["incident"]), (105, None))
        self.assertEqual(again["id"], watching.events[0]["id"])
        watching.end()

    def test_repeats_are_told_every_now_and_then(self):
        watching = self.follow("--repeat-every", "0.1")
        self.add(RUN)
        watching.says("open")
        time.sleep(0.2)
        self.add(RUN)
        self.assertEqual(watching.says("repeat")["count"], 2)
        watching.end()

    def test_what_ended_opens_again(self):
        watching = self.follow("--end-after", "0.6")
        self.add(RUN)
        opened = watching.says("open")
        self.assertEqual(watching.says("end")["id"], opened["id"])
        self.add(RUN)
        self.assertEqual(watching.says("open", 2)["id"], opened["id"])
        watching.end()

    def test_consequences_wait_for_their_root(self):
        watching = self.follow(settle=1.5)
        self.add(FOLLOWS)
        time.sleep(0.3)
        self.add(RUN)
        self.assertEqual(watching.says("open")["rule"], "AH01762")
        time.sleep(1)
        watching.end()
        self.assertEqual(len(watching.events), 1)

    def test_late_consequences_are_no_incident_of_their_own(self):
        watching = self.follow()
        self.add(RUN)
        watching.says("open")
        self.add(FOLLOWS)
        time.sleep(0.6)
        watching.end()
        self.assertEqual(len(watching.events), 1)

    def test_a_server_that_is_never_silent_is_told_of(self):
        watching = self.follow(settle=0.3)
        self.add(RUN)
        for i in range(100):
            self.add(NOISE.format(i))
            time.sleep(0.1)
            if watching.events:
                break
        self.assertEqual(watching.says("open")["rule"], "AH01762")
        self.assertLess(i, 99)
        watching.end()

    def test_min_severity(self):
        log = RUN + DENIED.format("x")
        self.assertEqual(len(self.pipe(log)[1]), 2)
        self.assertEqual([one["severity"] for one in self.pipe(log, "--min-severity", "critical")[1]], ["critical"])

    def test_one_incident_only(self):
        wanted = self.pipe(RUN)[1][0]["id"]
        self.assertEqual([one["id"] for one in self.pipe(VAR + RUN, "--incident", wanted)[1]], [wanted])

    def test_names_of_the_log_can_be_kept_back(self):
        log = DENIED.format("x")
        self.assertIn("192.0.2.1", json.dumps(self.pipe(log)[1]))
        events = self.pipe(log, "--redact")[1]
        self.assertEqual(events[0]["rule"], self.pipe(log)[1][0]["rule"])
        self.assertNotIn("192.0.2.1", json.dumps(events))

    def test_a_flood_of_different_incidents_is_counted(self):
        status, events, _ = self.pipe("".join(missing(f"/run/{i}") for i in range(500)) + RUN)
        self.assertEqual((status, len(events)), (0, 20))
        watching = self.watch(*QUICK, "-", stdin=subprocess.PIPE)
        watching.write("".join(missing(f"/run/{i}") for i in range(500)))
        watching.says("open", 20)
        watching.write(DENIED.format("x"))
        self.assertEqual(watching.says("open", 21)["missed"]["entries"], 480)
        watching.end()

    def test_what_no_rule_knows_is_counted(self):
        unknown = "[Wed Mar 13 07:02:12.000001 2024] [zzz:error] [pid 9] something that nobody has heard of\n"
        self.assertEqual(self.pipe(unknown * 3 + RUN)[1][0]["missed"]["unmatched"], 3)

    def test_text(self):
        done = run("watch", "--format", "text", "-", log=RUN)
        self.assertRegex(done.text, r"\A\d{4}-\d\d-\d\dT[\d:]{8}Z new [0-9a-f]+\ncritical: mod_auth_digest ")
        self.assertIn("install -d", done.text)
        watching = self.follow("--format", "text", "--end-after", "0.5")
        self.add(RUN * 2)
        until(lambda: any(" over " in line for line in watching.lines), "the end")
        watching.end()
        self.assertRegex(watching.lines[-1], r"Z over [0-9a-f]+: critical: mod_auth_digest .* \[AH01762\], 2 times, first 2024-03-13T07:02:11")

    def test_a_terminal_gets_text(self):
        self.assertIn(" new ", run_on_terminal("watch", "-", log=RUN)[1])

    def test_no_control_byte_reaches_anybody(self):
        for form in ("text", "json"):
            done = run("watch", "--format", form, "-", log=RUN.replace("authdigest", "\x1b[31m\x07"))
            self.assertEqual(re.findall(rb"[\x00-\x09\x0b-\x1f\x7f]", done.out), [])
            self.assertIn(b"AH01762", done.out)

    def test_journal_in_json(self):
        journal = json.dumps({"MESSAGE": RUN.rstrip(), "_PID": "22", "_COMM": "httpd", "_SYSTEMD_UNIT": "httpd.service", "__REALTIME_TIMESTAMP": "1710313331000001"})
        self.assertEqual([one["rule"] for one in self.pipe(journal + "\n")[1]], ["AH01762"])

    def test_since(self):
        old, new = missing("/run/old", 11), missing("/run/new", 13)
        events = self.pipe(old + new, "--since", "2024-03-13T07:02:12")[1]
        self.assertEqual([one["incident"]["evidence"][0]["text"] for one in events], [new.rstrip()])

    def test_host(self):
        self.assertEqual(self.pipe(missing("/run/nobody-made-this"))[1][0]["incident"]["candidates"][0]["sightings"], [])
        incident = self.pipe(missing("/run/nobody-made-this"), "--host", "--fact", "run_dir=/run/nobody-made-this")[1][0]["incident"]
        self.assertIn("nobody-made-this", json.dumps(incident["candidates"][0]["sightings"] + incident["sightings"]))

    def test_log_format(self):
        line = "2024-03-13 07:02:11 | error | (2)No such file or directory: AH01762: Failed to create shared memory segment on file /run/httpd/authdigest_shm.22\n"
        events = self.pipe(line, "--log-format", "%{cu}t | %l | %E: %M")[1]
        self.assertEqual(events[0]["rule"], "AH01762")


class Following(Case):
    def test_what_is_there_already_is_left_out_unless_asked_for(self):
        watching = self.follow(text=RUN)
        self.add(VAR)
        self.assertIn("/var/run/other", json.dumps(watching.says("open")["incident"]))
        watching.end()
        self.assertEqual(len(watching.events), 1)
        watching = self.follow("--from-start", text=RUN)
        watching.says("open")
        watching.end()

    def test_lines_are_numbered_as_in_the_file(self):
        watching = self.follow(text=NOISE.format(1) * 7)
        self.add(NOISE.format(2) + RUN)
        evidence = watching.says("open")["incident"]["evidence"][0]
        self.assertEqual((evidence["line"], evidence["source"]), (9, str(self.log)))
        watching.end()

    def test_a_line_that_comes_in_parts(self):
        watching = self.follow(text=NOISE.format(1) + RUN[:40])
        self.add(RUN[40:90])
        time.sleep(0.5)
        self.add(RUN[90:])
        evidence = watching.says("open")["incident"]["evidence"][0]
        self.assertEqual((evidence["line"], evidence["text"]), (2, RUN.rstrip()))
        watching.end()

    def test_rotation_by_rename(self):
        watching = self.follow()
        self.add(RUN)
        watching.says("open")
        old = self.folder / "error.log.1"
        self.log.rename(old)
        self.add(VAR, old)  # the server has it open still
        watching.says("open", 2)
        self.log.write_text(missing("/run/third"))
        watching.says("open", 3)
        self.add(missing("/run/fourth"), old)
        self.add(missing("/run/fifth"))
        watching.says("open", 5)
        watching.end()
        self.assertEqual([one["count"] for one in watching.events], [1] * 5)

    def test_rotation_twice_at_once(self):
        watching = self.follow()
        for i in range(6):
            self.add(missing(f"/run/{i}"))
            time.sleep(0.15)
            self.log.rename(self.folder / f"error.log.{i}")
        self.log.write_text("")
        self.add(missing("/run/last"))
        watching.says("open", 7)
        watching.end()

    def test_copy_and_truncate(self):
        watching = self.follow()
        self.add(NOISE.format(1) * 20 + RUN)
        watching.says("open")
        os.truncate(self.log, 0)
        time.sleep(0.2)
        self.add(VAR)
        self.assertEqual(watching.says("open", 2)["incident"]["evidence"][0]["line"], 1)
        watching.end()

    def test_truncated_and_longer_than_before(self):
        watching = self.follow()
        self.add(RUN)
        watching.says("open")
        watching.send(signal.SIGSTOP)
        os.truncate(self.log, 0)
        self.add(VAR + NOISE.format(1) * 20)
        watching.send(signal.SIGCONT)
        self.assertEqual(watching.says("open", 2)["incident"]["evidence"][0]["line"], 1)
        watching.end()

    def test_a_file_that_comes_later(self):
        watching = self.watch(*QUICK, self.log)
        watching.complains("it is waited for")
        self.log.write_text(RUN)
        self.assertEqual(watching.says("open")["incident"]["evidence"][0]["line"], 1)
        self.assertEqual(watching.end(), 0)

    def test_a_folder_that_comes_later(self):
        log = self.folder / "later/error.log"
        watching = self.watch(*QUICK, log)
        watching.complains("it is waited for")
        log.parent.mkdir()
        log.write_text(RUN)
        watching.says("open")
        self.add(VAR, log)
        watching.says("open", 2)
        watching.end()

    def test_a_file_that_never_comes(self):
        watching = self.watch(self.log)
        watching.complains("it is waited for")
        self.assertEqual(watching.end(), INCOMPLETE)

    def test_what_is_no_file(self):
        for path in (self.folder, "/dev/null"):
            watching = self.watch(path)
            watching.complains("this is no file")
            self.assertEqual(watching.end(), INCOMPLETE)

    def test_a_link_to_elsewhere(self):
        """Its directory tells nothing: it is looked at all the same."""
        other = self.folder / "data"
        other.mkdir()
        (other / "log").write_text("")
        link = self.folder / "link.log"
        link.symlink_to(other / "log")
        watching = self.watch(*QUICK, link)
        settled(watching, other / "log")
        self.add(RUN, other / "log")
        watching.says("open")
        watching.end()

    def test_several(self):
        second = self.folder / "ssl_error.log"
        self.log.write_text("")
        watching = self.watch(*QUICK, self.log, second, "-", stdin=subprocess.PIPE)
        settled(watching, self.log)
        self.add(RUN)
        self.add(VAR, second)
        watching.write(missing("/run/third"))
        sources = {watching.says("open", i)["incident"]["evidence"][0]["source"] for i in (1, 2, 3)}
        self.assertEqual(sources, {str(self.log), str(second), "-"})
        watching.process.stdin.close()
        self.add(missing("/run/fourth"))
        watching.says("open", 4)
        watching.end()


class Ending(Case):
    def test_the_end_of_the_input_tells_what_is_pending(self):
        started = time.monotonic()
        status, events, _ = self.pipe(RUN.rstrip(), "--settle", "60")
        self.assertEqual((status, len(events)), (0, 1))
        self.assertLess(time.monotonic() - started, 10)

    def test_sigterm_tells_what_is_pending(self):
        watching = self.follow(settle=60)
        self.add(RUN + VAR.rstrip())
        self.assertEqual(watching.end(), 0)
        self.assertEqual([one["event"] for one in watching.events], ["open", "open"])

    def test_sigint(self):
        watching = self.follow(settle=60)
        self.add(RUN)
        self.assertEqual(watching.end(signal.SIGINT), 130)
        self.assertEqual(len(watching.events), 1)

    def test_sigterm_reads_what_is_in_the_pipe(self):
        ours, theirs = os.pipe()
        os.write(theirs, (missing("/run/a") * 100).encode())
        watching = self.watch("--settle", "60", "-", stdin=ours)
        time.sleep(0.5)
        watching.send(signal.SIGSTOP)
        os.write(theirs, (missing("/run/b") * 50 + missing("/run/c").rstrip()).encode())
        watching.send()
        watching.send(signal.SIGCONT)
        self.assertEqual(watching.end(None), 0)
        self.assertEqual(sorted(one["count"] for one in watching.events), [1, 50, 100])
        os.close(ours)
        os.close(theirs)

    def test_a_reader_that_goes_away_ends_it(self):
        self.log.write_text("")
        process = subprocess.Popen([AHDIAG, "watch", *QUICK, str(self.log)], stdout=subprocess.PIPE, stderr=subprocess.PIPE)
        time.sleep(0.3)
        process.stdout.close()
        self.assertEqual(process.wait(LONG), 0)
        self.assertEqual(process.stderr.read(), b"")
        process.stderr.close()

    def test_a_full_disk_is_told(self):
        done = run("watch", "--output", "/dev/full", "-", log=RUN)
        self.assertEqual(done.status, INCOMPLETE)
        self.assertRegex(done.err, r"\Aahdiag: /dev/full: cannot write: No space left on device\n\Z")

    def test_usage(self):
        for args in (["--piped", "--output", "x", "error.log"], ["--confirm", "-"], ["--piped", "-"], ["--raw", "x", "error.log"], ["--settle", "-1", "-"],
                     ["--exec", "", "-"], ["--exec", "logger", "-"], ["--exec", "/no/such", "-"], ["--exec", "/bin/true 'x", "-"],
                     ["--format", "sh", "-"], ["--platform", "none", "-"]):
            with self.subTest(args=args):
                done = run("watch", *args)
                self.assertEqual((done.status, done.out), (USAGE, b""))
                self.assertRegex(done.err, r"\Aahdiag: [^\n]+\n\Z")

    def test_the_man_page_tells_every_option(self):
        page = (SOURCE / "docs/ahdiag.1").read_text().replace("Fl \\-", "Fl -")
        help_text = run("watch", "--help").text
        options = set(re.findall(r"--([a-z][a-z-]+)", help_text))
        self.assertLessEqual({"piped", "raw", "exec", "settle"}, options)
        self.assertEqual([name for name in options if f"Fl -{name}" not in page], [])

    def test_nobody_waits_for_a_terminal(self):
        self.assertEqual(run_on_terminal("watch", stdin_too=True)[0], USAGE)


class Output(Case):
    def test_it_is_appended_to_and_not_for_everyone(self):
        for _ in range(2):
            self.assertEqual(run("watch", "--output", self.output, "-", log=RUN).out, b"")
        self.assertEqual(len(self.written()), 2)
        self.assertEqual(self.output.stat().st_mode & 0o007, 0)

    def test_it_may_be_rotated(self):
        watching = self.follow("--output", self.output)
        self.add(RUN)
        until(lambda: len(self.written()) == 1, "the first event")
        self.output.rename(self.folder / "events.1")
        time.sleep(0.3)
        self.add(VAR)
        until(lambda: len(self.written()) == 1, "the second event in a new file")
        watching.end()
        self.assertEqual(len(events_in(self.folder / "events.1")), 1)

    def test_sighup_opens_it_anew(self):
        watching = self.follow("--output", self.output)
        self.add(RUN)
        until(lambda: len(self.written()) == 1, "the first event")
        self.output.rename(self.folder / "events.1")
        watching.send(signal.SIGHUP)
        self.add(VAR)
        until(lambda: len(self.written()) == 1, "the second event in a new file")
        watching.end()

    def test_a_folder_that_is_missing_is_told_and_waited_for(self):
        output = self.folder / "later/events"
        watching = self.follow("--output", output)
        self.add(RUN)
        watching.complains("cannot open the file for writing")
        output.parent.mkdir()
        time.sleep(1.1)
        self.add(VAR)
        until(lambda: len(events_in(output)) == 1, "the event after the folder")
        self.assertEqual(watching.end(), INCOMPLETE)


class Reload(Case):
    RULE = {"id": "local-word", "title": "the word was said", "severity": "error", "effect": "none",
            "match": {"contains": "the magic word", "message": "the magic word"},
            "cases": [{"id": "said", "class": "unknown-error", "cause": "Somebody said it."}]}
    SAID = "[Wed Mar 13 07:02:12.000001 2024] [core:error] [pid 9] the magic word\n"

    def rules(self, **more):
        rules = self.folder / "rules/test"
        rules.mkdir(parents=True, exist_ok=True)
        (rules / "local-word.json").write_text(json.dumps({**self.RULE, **more}))
        return rules.parent

    def test_sighup_reads_the_rules_anew(self):
        rules = self.folder / "rules"
        rules.mkdir()
        watching = self.follow("--rules", rules)
        self.add(self.SAID)
        time.sleep(0.5)
        self.rules()
        watching.send(signal.SIGHUP)
        self.add(self.SAID)
        self.assertEqual(watching.says("open")["rule"], "local-word")
        watching.end()
        self.assertEqual(watching.complaints, [])

    def test_rules_with_a_mistake_leave_the_old_ones(self):
        watching = self.follow("--rules", self.rules())
        self.rules(severity="dreadful")
        watching.send(signal.SIGHUP)
        watching.complains("severity")
        self.add(self.SAID)
        self.assertEqual(watching.says("open")["rule"], "local-word")
        self.assertEqual(watching.end(), 0)

    def test_many_reloads_amid_lines(self):
        watching = self.follow("--rules", self.rules())
        for i in range(20):
            self.add(self.SAID + missing(f"/run/{i % 5}"))
            watching.send(signal.SIGHUP)
            time.sleep(0.02)
        watching.says("open", 6)
        self.assertEqual(watching.end(), 0)
        self.assertEqual(watching.complaints, [])


class Raw(Case):
    def test_every_byte_is_kept(self):
        raw = self.folder / "raw"
        text = (RUN + "\x00\xff half".encode("latin-1").decode("latin-1")).encode("latin-1")
        done = run("watch", "--raw", raw, "-", log=text)
        self.assertEqual((done.status, raw.read_bytes()), (0, text))

    def test_lines_stay_whole_where_two_write(self):
        raw = self.folder / "raw"
        both = [self.watch(*QUICK, "--piped", "--raw", raw, "--output", self.output, "-", stdin=subprocess.PIPE) for _ in range(2)]
        for i in range(200):
            for one in both:
                one.write(NOISE.format(i)[:50])
                one.write(NOISE.format(i)[50:])
        for one in both:
            one.process.stdin.close()
            self.assertEqual(one.end(None), 0)
        self.assertEqual(sorted(raw.read_text().splitlines()), sorted([NOISE.format(i).rstrip() for i in range(200)] * 2))

    def test_it_may_be_rotated(self):
        raw = self.folder / "raw"
        watching = self.watch("--piped", "--raw", raw, "--output", self.output, "-", stdin=subprocess.PIPE)
        watching.write(NOISE.format(1))
        until(lambda: raw.exists(), "the raw log")
        raw.rename(self.folder / "raw.1")
        time.sleep(0.3)
        watching.write(NOISE.format(2))
        until(lambda: raw.exists(), "the new raw log")
        watching.process.stdin.close()
        self.assertEqual(watching.end(None), 0)

    def test_a_raw_log_that_cannot_be_written_stops_nothing(self):
        watching = self.watch(*QUICK, "--piped", "--raw", "/dev/full", "--output", self.output, "-", stdin=subprocess.PIPE)
        watching.write(RUN)
        watching.complains("No space left")
        until(lambda: len(self.written()) == 1, "the event")
        watching.process.stdin.close()
        self.assertEqual(watching.end(None), INCOMPLETE)


class Piped(Case):
    """As httpd calls it, without httpd: tests/cli/callers_test.py has the real one."""

    def piped(self, *more):
        ours, theirs = os.pipe()
        self.addCleanup(lambda: [os.close(fd) for fd in (theirs,) if fd in self.fds])
        self.fds = {theirs}
        watching = self.watch(*QUICK, "--piped", "--raw", self.folder / "raw", "--output", self.output, *more, "-", stdin=ours)
        os.close(ours)
        return watching, theirs

    def close(self, fd):
        self.fds.discard(fd)
        os.close(fd)

    def test_sigterm_is_obeyed_at_once_and_later_lines_are_kept(self):
        watching, writer = self.piped()
        os.write(writer, RUN.encode())
        time.sleep(0.3)
        started = time.monotonic()
        watching.send()
        watching.process.wait(LONG)
        self.assertEqual(watching.process.returncode, 0)
        self.assertLess(time.monotonic() - started, 2)
        self.assertEqual(len(self.written()), 1)
        os.write(writer, (VAR + RUN * 9).encode())
        time.sleep(0.3)
        os.write(writer, b"last")
        self.close(writer)
        until(lambda: (self.folder / "raw").read_text() == RUN + VAR + RUN * 9 + "last", "all lines in the raw log")
        until(lambda: len(self.written()) == 3, "what was said afterwards")
        self.assertEqual([one["event"] for one in self.written()].count("repeat"), 1)  # it remembers what was open
        until(lambda: not of_output(self.output), "the copy to end")

    def test_without_writers_nothing_stays(self):
        watching, writer = self.piped()
        os.write(writer, RUN.encode())
        self.close(writer)
        self.assertEqual(watching.end(None), 0)
        self.assertEqual(of_output(self.output), [])

    def test_mistakes_in_rules_do_not_take_the_log_away(self):
        rules = self.folder / "rules"
        rules.mkdir()
        (rules / "x.json").write_text("{")
        watching, writer = self.piped("--rules", rules)
        os.write(writer, RUN.encode())
        self.close(writer)
        self.assertEqual(watching.end(None), 0)
        self.assertEqual((self.folder / "raw").read_text(), RUN)
        self.assertEqual(len(self.written()), 1)
        self.assertIn("x.json", "".join(watching.complaints))

    def test_a_writer_never_waits_for_a_diagnosis(self):
        """The events go to a pipe that nobody reads: what diagnoses is stuck, what reads is not."""
        stuck = self.folder / "fifo"
        os.mkfifo(stuck)
        reader = os.open(stuck, os.O_RDWR)
        ours, theirs = os.pipe()
        raw = self.folder / "raw"
        watching = self.watch("--settle", "0.05", "--piped", "--raw", raw, "--output", stuck, "-", stdin=ours)
        os.close(ours)
        block = "".join(DENIED.format(f"{i:04}") for i in range(400))
        lines = 0
        until_time = time.monotonic() + 60
        while raw.stat().st_size < 20_000_000 if raw.exists() else True:
            self.assertLess(time.monotonic(), until_time)
            os.write(theirs, block.encode())
            lines += 400
        os.close(theirs)
        until(lambda: raw.stat().st_size == lines * len(DENIED.format("0000")), "all in the raw log")
        os.read(reader, 65536)
        watching.process.kill()
        watching.end(None)
        os.close(reader)


def of_output(path):
    """Processes that were given this file."""
    found = []
    for folder in Path("/proc").iterdir():
        try:
            if folder.name.isdigit() and str(path) in (folder / "cmdline").read_text() and "ahdiag" in (folder / "comm").read_text():
                found.append(int(folder.name))
        except OSError:
            pass
    return found


class Confirm(Case):
    def confirm(self, *args):
        process = subprocess.Popen([AHDIAG, "watch", *QUICK, "--confirm", "--output", str(self.output), *args, "-"], stdin=subprocess.PIPE, stdout=subprocess.PIPE)
        self.addCleanup(lambda: [process.kill(), process.wait(), process.stdin.close(), process.stdout.close()])
        return process

    def test_each_line_is_answered(self):
        process = self.confirm()
        self.assertEqual(process.stdout.readline(), b"OK\n")
        for line in (RUN, NOISE.format(1), "\n", VAR):
            process.stdin.write(line.encode())
            process.stdin.flush()
            self.assertEqual(process.stdout.readline(), b"OK\n")
        process.stdin.close()
        self.assertEqual(process.stdout.read(), b"")
        self.assertEqual(process.wait(LONG), 0)
        self.assertEqual(len(self.written()), 2)

    def test_half_a_line_is_not(self):
        process = self.confirm()
        process.stdout.readline()
        process.stdin.write(RUN[:50].encode())
        process.stdin.flush()
        time.sleep(0.3)
        os.set_blocking(process.stdout.fileno(), False)
        self.assertIsNone(process.stdout.read())
        os.set_blocking(process.stdout.fileno(), True)
        process.stdin.write(RUN[50:].encode())
        process.stdin.flush()
        self.assertEqual(process.stdout.readline(), b"OK\n")

    def test_a_hook_says_nothing_to_rsyslog(self):
        process = self.confirm("--exec", "/bin/echo spoken")
        process.stdin.write(RUN.encode())
        process.stdin.close()
        self.assertEqual(process.stdout.read(), b"OK\nOK\n")


class Hooks(Case):
    def hook(self, text):
        script = self.folder / "hook"
        script.write_text("#!/bin/sh\n" + text)
        script.chmod(0o755)
        return script

    def test_it_gets_the_event(self):
        script = self.hook('cat >> "$1"\necho "$#" >> "$1.count"\necho heard\n')
        status, events, error = self.pipe(RUN + VAR, "--exec", f"{script} {self.folder}/got 'two words' $HOME ;true")
        got = [json.loads(line) for line in (self.folder / "got").read_text().splitlines()]
        self.assertEqual(status, 0)
        self.assertEqual(sorted(one["id"] for one in got), sorted(one["id"] for one in events))
        self.assertEqual(sorted(map(str, got)), sorted(map(str, events)))
        self.assertEqual((self.folder / "got.count").read_text(), "4\n4\n")  # no shell: the words are what they are
        self.assertEqual(error, "heard\nheard\n")

    def test_it_is_called_for_the_end_too(self):
        script = self.hook(f"cat >> {self.folder}/got\n")
        watching = self.follow("--end-after", "0.5", "--exec", script)
        self.add(RUN)
        watching.says("end")
        watching.end()
        self.assertEqual([json.loads(line)["event"] for line in (self.folder / "got").read_text().splitlines()], ["open", "end"])

    def test_one_that_takes_too_long_is_ended_with_its_children(self):
        script = self.hook(f"sleep 1000 &\necho $! > {self.folder}/child\nsleep 1000\n")
        watching = self.follow("--exec", script, "--exec-timeout", "0.5")
        self.add(RUN)
        watching.complains("took too long and was ended")
        child = int((self.folder / "child").read_text())
        until(lambda: not is_alive(child), "its child to end")
        until(lambda: children(watching.process.pid) == [], "it to be taken leave of")
        self.assertEqual(watching.end(), 0)

    def test_four_at_a_time_and_thirty_a_minute(self):
        script = self.hook(f"echo begin >> {self.folder}/got\nsleep 0.5\necho end >> {self.folder}/got\n")
        got = self.folder / "got"
        watching = self.watch(*QUICK, "--exec", script, "-", stdin=subprocess.PIPE)
        for rule in (missing, lambda name: DENIED.format(name)):
            watching.write("".join(rule(f"/run/{i}") for i in range(20)))
        until(lambda: got.exists() and got.read_text().count("end") == 30, "thirty calls")
        time.sleep(1)
        words = got.read_text().split()
        running = [words[:i].count("begin") - words[:i].count("end") for i in range(len(words) + 1)]
        self.assertEqual(words.count("begin"), 30)
        self.assertIn(max(running), (2, 3, 4))
        self.assertEqual(children(watching.process.pid), [])
        started = time.monotonic()
        watching.end()
        self.assertLess(time.monotonic() - started, 10)

    def test_the_end_waits_for_it_but_not_for_ever(self):
        script = self.hook(f"sleep 0.5\ncat >> {self.folder}/got\n")
        self.pipe(RUN, "--exec", str(script))
        self.assertTrue((self.folder / "got").exists())
        script = self.hook(f"echo $$ > {self.folder}/pid\nsleep 1000\n")
        started = time.monotonic()
        self.pipe(RUN, "--exec", str(script), "--exec-timeout", "500")
        self.assertLess(time.monotonic() - started, 12)
        self.assertFalse(is_alive(int((self.folder / "pid").read_text())))

    def test_one_that_reads_nothing_or_fails_or_is_gone(self):
        for text, words in (("exit 0\n", ""), ("exit 7\n", "exit status 7"), ("kill -9 $$\n", "signal 9")):
            script = self.hook(text)
            status, events, error = self.pipe("".join(missing(f"/run/{i}") for i in range(20)), "--exec", str(script))
            self.assertEqual((status, len(events)), (0, 20))
            self.assertIn(words, error)
            self.assertLessEqual(error.count("\n"), 1)  # once a minute
        watching = self.follow("--exec", script)
        script.unlink()
        self.add(RUN)
        watching.complains("cannot start")
        self.add(VAR)
        self.assertEqual(watching.says("open", 2)["missed"]["hooks"], 1)
        watching.end()

    def test_it_starts_as_programs_do(self):
        """No signal blocked or ignored, no file of ours open."""
        files = run("watch", "--exec", "/bin/ls /proc/self/fd", "-", log=RUN).err.split()
        self.assertEqual(files, ["0", "1", "2", "3"])  # 3: the directory that ls reads
        signals = run("watch", "--exec", "/bin/grep -E '^Sig(Blk|Ign)' /proc/self/status", "-", log=RUN).err.split()
        of_glibc = 0x180000000
        self.assertEqual([int(mask, 16) & ~of_glibc for mask in signals[1::2]], [0, 0])


def is_alive(pid):
    try:
        return Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[0] != "Z"
    except OSError:
        return False


def children(pid):
    found = []
    for task in Path(f"/proc/{pid}/task").iterdir():
        found += (task / "children").read_text().split()
    return found


class Months(Case):
    """Short by default; AHDIAG_WATCH_LINES=3000000 for the long form."""

    LINES = int(os.environ.get("AHDIAG_WATCH_LINES", "300000"))

    def test_memory_stays_the_same(self):
        watching = self.watch("--settle", "0.1", "--end-after", "0.5", "--output", self.output, "-", stdin=subprocess.PIPE)
        sizes = []
        for part in range(6):
            lines = []
            for i in range(self.LINES // 6):
                n = part * self.LINES + i
                lines.append(missing(f"/run/{n}") if i % 3 == 0 else DENIED.format(n) if i % 3 == 1 else f"[Wed Mar 13 07:02:12.000001 2024] [m{n}:error] [pid {n}] unheard of {n:x}\n")
            watching.write("".join(lines))
            time.sleep(0.7)
            sizes.append(peak(watching.process.pid))
        watching.process.stdin.close()
        self.assertEqual(watching.end(None), 0)
        print("peak KiB:", sizes)
        self.assertLess(max(sizes[2:]), sizes[1] * 1.1 + 2000)
        self.assertLess(max(sizes), 80_000)
        self.assertGreater(len(self.written()), 50)


def peak(pid):
    """What it ever took: what it has at a moment depends on what the C library has just given back."""
    return int(re.search(r"VmHWM:\s*(\d+)", Path(f"/proc/{pid}/status").read_text())[1])


if __name__ == "__main__":
    unittest.main()
