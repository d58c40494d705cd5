"""Who calls ahdiag watch, for real: httpd with its piped log, rsyslogd, syslog-ng, logrotate, with the files of contrib/.

What is not installed is left out, and said. AHDIAG_CALLERS_REQUESTS=50000 for the long form.
"""
import glob
import http.client
import json
import os
import re
import shutil
import signal
import socket
import subprocess
import tempfile
import threading
import time
import unittest
from pathlib import Path

from support import AHDIAG, FOUNDING, SOURCE, events_in

REQUESTS = int(os.environ.get("AHDIAG_CALLERS_REQUESTS", "4000"))
LONG = 30  # seconds
HTTPD = shutil.which("apache2") or shutil.which("httpd", path="/usr/sbin:/usr/bin:/sbin")
RSYSLOGD = shutil.which("rsyslogd", path="/usr/sbin:/sbin:/usr/bin")
SYSLOG_NG = os.environ.get("AHDIAG_SYSLOG_NG") or shutil.which("syslog-ng", path="/usr/sbin:/sbin:/usr/bin")
LOGROTATE = shutil.which("logrotate", path="/usr/sbin:/sbin:/usr/bin")
MODULES = next(iter(glob.glob("/usr/lib/apache2/modules") + glob.glob("/usr/lib*/httpd/modules")), "")
WORDS = ("[auth_digest:error] [pid {}] (2)No such file or directory: AH01762: Failed to create shared memory segment on file "
         "/run/httpd/authdigest_shm.{}")
CONFIG = """
ServerRoot {folder}
PidFile {folder}/pid
DefaultRuntimeDir {folder}
ServerName localhost
Listen 127.0.0.1:{port}
LoadModule mpm_{mpm}_module {modules}/mod_mpm_{mpm}.so
LoadModule authz_core_module {modules}/mod_authz_core.so
LoadModule alias_module {modules}/mod_alias.so
{cgi}
{user}
StartServers 4
MaxRequestWorkers 24
GracefulShutdownTimeout 20
DocumentRoot {folder}/htdocs
ScriptAlias /late {folder}/late
<Directory {folder}/htdocs>
Require all denied
</Directory>
<Location /late>
Require all granted
</Location>
{log}
{more}
"""
CGI = {"prefork": "LoadModule cgi_module {modules}/mod_cgi.so",
       "event": "LoadModule cgid_module {modules}/mod_cgid.so\nScriptSock {folder}/cgid"}
LATE = """#!/bin/sh
sleep 4
echo "late $QUERY_STRING" >&2
printf 'Content-Type: text/plain\\n\\nfine'
"""


def until(holds, what, seconds=LONG):
    last = time.monotonic() + seconds
    while not holds():
        if time.monotonic() > last:
            raise AssertionError(f"waited in vain for {what}")
        time.sleep(0.05)


def free_port():
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return one.getsockname()[1]


def watches_of(path):
    """The watches that were given this path."""
    found = []
    for folder in Path("/proc").iterdir():
        try:
            words = (folder / "cmdline").read_text().split("\0") if folder.name.isdigit() else []
        except OSError:
            continue
        if len(words) > 1 and words[0] == AHDIAG and words[1] == "watch" and any(str(path) in word for word in words):
            found.append(int(folder.name))
    return found


class Case(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = Path(folder.name)
        self.folder.chmod(0o755)
        self.events_file = self.folder / "ahdiag.json"
        self.started = []
        self.addCleanup(self.stop_all)

    def start(self, *argv, **more):
        process = subprocess.Popen(list(map(str, argv)), **more)
        self.started.append(process)
        return process

    def stop_all(self):
        for one in self.started:
            if one.poll() is None:
                one.terminate()
            try:
                one.wait(LONG)
            except subprocess.TimeoutExpired:
                one.kill()
                one.wait()
        for pid in watches_of(self.folder):
            os.kill(pid, signal.SIGKILL)

    def events(self):
        return events_in(self.events_file)

    def contrib(self, name, **more):
        """A file of contrib/ as it stands, but for where things are here."""
        text = (SOURCE / "contrib" / name).read_text()
        self.assertIn("/var/log/ahdiag.json", text)
        text = text.replace("/usr/bin/ahdiag", AHDIAG).replace("/var/log/ahdiag.json", str(self.events_file))
        return text.replace("/var/log/apache2/", f"{self.folder}/").replace(" watch ", " watch --settle 0.3 ")


@unittest.skipUnless(HTTPD and MODULES, "no httpd is installed")
class Httpd(Case):
    def serve(self, log=None, more="", mpm="prefork"):
        for name in ("htdocs", "htdocs/x"):
            (self.folder / name).mkdir()
        script = self.folder / "late"
        script.write_text(LATE)
        script.chmod(0o755)
        self.port, self.raw = free_port(), self.folder / "error.log"
        user = "User nobody\nGroup #65534" if os.geteuid() == 0 else ""
        config = self.folder / "httpd.conf"
        config.write_text(CONFIG.format(folder=self.folder, port=self.port, modules=MODULES, user=user, more=more, mpm=mpm,
                                        cgi=CGI[mpm].format(folder=self.folder, modules=MODULES), log=log or self.contrib("httpd/piped-log.conf")))
        # A session of its own: prefork signals its whole process group.
        self.server = self.start(HTTPD, "-DFOREGROUND", "-f", config, start_new_session=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        until(lambda: self.ask("/x/first")[0] == 403, "httpd to answer")

    def ask(self, path):
        """Status, 0 where no answer came, and how long it took."""
        begin = time.monotonic()
        try:
            connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=LONG)
            connection.request("GET", path)
            status = connection.getresponse().status
            connection.close()
        except (OSError, http.client.HTTPException):
            status = 0
        return status, time.monotonic() - begin

    def load(self, count, threads=8):
        """Asks for /x/NUMBER; the numbers that were answered, and the longest time that one took."""
        answered, longest, numbers, lock = set(), [0.0], iter(range(count)), threading.Lock()

        def work():
            while True:
                with lock:
                    number = next(numbers, None)
                if number is None:
                    return
                status, seconds = self.ask(f"/x/n{number}n")
                with lock:
                    longest[0] = max(longest[0], seconds)
                    if status == 403:
                        answered.add(number)

        workers = [threading.Thread(target=work) for _ in range(threads)]
        for one in workers:
            one.start()
        return workers, answered, longest

    def logged(self):
        return set(map(int, re.findall(r"AH01630: client denied by server configuration: \S*/x/n(\d+)n", self.raw.read_text())))

    def stop(self):
        self.server.terminate()
        self.assertEqual(self.server.wait(LONG), 0)
        until(lambda: watches_of(self.folder) == [], "the log programs to end")

    def test_nothing_is_lost_under_load_and_graceful_restarts(self):
        self.check_graceful_restarts("prefork")

    def test_nothing_is_lost_by_threads_either(self):
        self.check_graceful_restarts("event")

    def check_graceful_restarts(self, mpm):
        self.serve(mpm=mpm)
        late = threading.Thread(target=self.ask, args=("/late?first",))
        late.start()
        workers, answered, longest = self.load(REQUESTS)
        for _ in range(4):
            time.sleep(0.7)
            self.server.send_signal(signal.SIGUSR1)
        late.join()
        for one in workers:
            one.join()
        until(lambda: len(watches_of(self.folder)) == 1, "the log programs of before to end with their last child")
        self.stop()
        self.assertGreater(len(answered), REQUESTS * 0.9)
        self.assertEqual(answered - self.logged(), set())
        self.assertLess(longest[0], 10)
        self.assertIn("late first", self.raw.read_text())  # by a child that lived on after its log program was told to end
        for line in self.raw.read_text().splitlines():
            self.assertRegex(line, r"\A(late first\Z|\[\w{3} \w{3} \d\d [\d:.]+ \d{4}\] \[\S+:\w+\] \[pid \d+)")  # none was torn
        self.assertIn("AH01630", {one["code"] for one in self.events()})

    def test_a_hard_restart_and_a_stop(self):
        self.serve()
        for i in range(3):
            self.assertEqual(self.ask(f"/x/n{i}n")[0], 403)
            self.server.send_signal(signal.SIGHUP)
            time.sleep(0.5)
            until(lambda: self.ask("/x/again")[0] == 403, "httpd to answer again")
        until(lambda: len(watches_of(self.folder)) == 1, "one log program")
        self.stop()
        self.assertEqual(self.logged(), {0, 1, 2})
        self.assertEqual(self.raw.read_text().count("AH00169: caught SIGTERM"), 1)  # the very last line

    def test_httpd_does_not_wait_for_events_that_nobody_takes(self):
        stuck = self.folder / "fifo"
        os.mkfifo(stuck)
        self.addCleanup(os.close, os.open(stuck, os.O_RDWR))
        log = self.contrib("httpd/piped-log.conf").replace(str(self.events_file), str(stuck)).replace("--settle 0.3", "--settle 0.01 --repeat-every 0.01")
        self.serve(log=log)
        workers, answered, longest = self.load(REQUESTS // 2)
        for one in workers:
            one.join()
        until(lambda: len(self.logged()) == REQUESTS // 2, "the raw log")
        self.assertEqual(len(answered), REQUESTS // 2)
        self.assertLess(longest[0], 10)

    def test_one_process_for_each_virtual_host(self):
        host = f'<VirtualHost *:{{port}}>\nServerName second\n{self.contrib("httpd/piped-log.conf")}\n</VirtualHost>'
        self.serve(more=host.replace("{port}", "1").replace("error.log", "second.log"))
        until(lambda: len(watches_of(self.folder)) == 2, "two log programs")
        self.stop()

    def test_events_are_rotated_by_logrotate(self):
        self.serve()
        self.ask("/x/n1n")
        until(self.events, "the first event")
        self.events_file.rename(self.folder / "ahdiag.json.1")
        self.raw.rename(self.folder / "error.log.1")
        time.sleep(0.5)
        self.ask("/late?x")
        until(self.events, "an event in the new file")
        until(lambda: self.raw.exists() and "late x" in self.raw.read_text(), "the new raw log")
        self.stop()


@unittest.skipUnless(RSYSLOGD, "no rsyslogd is installed")
class Rsyslog(Case):
    def serve(self):
        self.socket = self.folder / "log"
        config = self.folder / "rsyslog.conf"
        config.write_text(f'global(workDirectory="{self.folder}")\nmodule(load="imuxsock" SysSock.Use="off")\n'
                          f'input(type="imuxsock" Socket="{self.socket}")\n' + self.contrib("rsyslog/ahdiag.conf"))
        checked = subprocess.run([RSYSLOGD, "-N1", "-f", config], capture_output=True, text=True)
        self.assertEqual(checked.returncode, 0, checked.stderr)
        self.assertNotIn("error", checked.stderr.replace("errors", ""))
        server = self.start(RSYSLOGD, "-n", "-f", config, "-i", self.folder / "pid", stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        until(self.socket.exists, "rsyslogd's socket")
        return server

    def log(self, text, tag="apache2[22]"):
        with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as one:
            one.connect(str(self.socket))
            one.send(f"<139>{time.strftime('%b %e %H:%M:%S')} {tag}: {text}".encode())

    def test_lines_are_confirmed_and_diagnosed(self):
        server = self.serve()
        for i in range(50):
            self.log(WORDS.format(i, i))
            self.log("AH01762: not of httpd", tag="cron[1]")
        until(lambda: sum(one["count"] for one in self.events() if one["event"] != "repeat") > 0, "the event")
        opened = self.events()[0]
        self.assertEqual((opened["event"], opened["rule"]), ("open", "AH01762"))
        until(lambda: max(one["count"] for one in self.events()) == 50 or self.flush(server), "all fifty")
        server.terminate()
        server.wait(LONG)
        until(lambda: watches_of(self.folder) == [], "the watch to end with rsyslogd")

    def flush(self, _server):
        return len(self.events()) > 1  # a repeat says that ten were heard

    def test_one_that_was_killed_is_started_again(self):
        self.serve()
        self.log(WORDS.format(1, 1))
        until(lambda: len(self.events()) == 1, "the first event")
        os.kill(watches_of(self.folder)[0], signal.SIGKILL)
        for i in range(3):
            self.log(WORDS.format(i, i).replace("/run/httpd", "/run/other"))
        until(lambda: len(self.events()) >= 2, "an event of the next process")
        self.assertIn("/run/other", json.dumps(self.events()[-1]["incident"]))

    def test_a_hup_of_rsyslogd_opens_outputs_anew(self):
        server = self.serve()
        self.log(WORDS.format(1, 1))
        until(lambda: len(self.events()) == 1, "the first event")
        before = watches_of(self.folder)
        self.events_file.rename(self.folder / "ahdiag.json.1")
        server.send_signal(signal.SIGHUP)
        time.sleep(0.3)
        self.log(WORDS.format(1, 1).replace("/run/httpd", "/run/other"))
        until(lambda: len(self.events()) == 1, "an event in a new file")
        self.assertEqual(watches_of(self.folder), before)


@unittest.skipUnless(SYSLOG_NG, "no syslog-ng is installed")
class SyslogNg(Case):
    def test_lines_are_diagnosed(self):
        config = self.folder / "syslog-ng.conf"
        sock = self.folder / "log"
        config.write_text(f'@version: 3.38\nsource s_src {{ unix-dgram("{sock}"); }};\n' + self.contrib("syslog-ng/ahdiag.conf"))
        more = os.environ.get("AHDIAG_SYSLOG_NG_OPTIONS", "").split()
        server = self.start(SYSLOG_NG, "-F", "--no-caps", "-f", config, "-p", self.folder / "pid", "-R", self.folder / "persist",
                            "-c", self.folder / "control", *more)
        until(sock.exists, "syslog-ng's socket")
        with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as one:
            one.connect(str(sock))
            one.send(f"<139>{time.strftime('%b %e %H:%M:%S')} apache2[22]: {WORDS.format(1, 1)}".encode())
            one.send(f"<139>{time.strftime('%b %e %H:%M:%S')} cron[22]: AH00016: not of httpd".encode())
        until(self.events, "the event")
        self.assertEqual([one["rule"] for one in self.events()], ["AH01762"])
        server.terminate()
        server.wait(LONG)
        until(lambda: watches_of(self.folder) == [], "the watch to end with syslog-ng")


@unittest.skipUnless(LOGROTATE, "no logrotate is installed")
class Logrotate(Case):
    def test_the_events_are_rotated(self):
        log = self.folder / "error.log"
        log.write_text("")
        self.start(AHDIAG, "watch", "--settle", "0.2", "--output", self.events_file, log)
        time.sleep(0.5)
        with open(log, "a") as file:
            file.write(FOUNDING.read_text())
        until(self.events, "the first event")
        config = self.folder / "logrotate.conf"
        config.write_text(self.contrib("logrotate/ahdiag"))
        os.chmod(config, 0o644)
        for _ in range(2):
            done = subprocess.run([LOGROTATE, "-f", "-s", self.folder / "state", config], capture_output=True, text=True)
            self.assertEqual((done.returncode, done.stderr), (0, ""))
            time.sleep(0.5)
            with open(log, "a") as file:
                file.write(WORDS.format(1, 1).replace("/run/httpd", f"/run/{time.time()}") + "\n")
            until(self.events, "an event in the new file")
        rotated = sorted(one.name for one in self.folder.glob("ahdiag.json*"))
        self.assertEqual(rotated, ["ahdiag.json", "ahdiag.json.1", "ahdiag.json.2.gz"])


if __name__ == "__main__":
    unittest.main()
