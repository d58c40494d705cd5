"""--host and --root: the machine itself settles which cause it is. Real sockets, files, certificates and users."""
import json
import os
import pwd
import re
import shutil
import socket
import struct
import subprocess
import tempfile
import time
import unittest
from pathlib import Path

from support import AHDIAG, MISSING_DIRECTORY, run, to_bytes, validate

ROOT = os.geteuid() == 0
NOBODY = ["setpriv", "--reuid=65534", "--regid=65534", "--clear-groups"]
HEAD = "[Wed Mar 13 07:02:11.000001 2024] "
IN_USE = HEAD + "[core:crit] [pid 9] (98)Address already in use: AH00072: make_sock: could not bind to address 127.0.0.1:{}\n"
SEARCH = (HEAD + "[core:error] [pid 9] (13)Permission denied: [client 203.0.113.9:4711] AH00035: access to /x denied (filesystem path '{}') "
          "because search permissions are missing on a component of the path\n")
MISMATCH = HEAD + "[ssl:emerg] [pid 9] AH02565: Certificate and private key www.example.org:443:0 from {} and {} do not match\n"
EXPIRED = HEAD + "[ssl:info] [pid 9] [client 203.0.113.9:4711] SSL Library Error: error:0A000415:SSL routines::sslv3 alert certificate expired\n"


def incident_of(log, *args, user=None):
    """The first incident of a log, looked at by this user or by nobody."""
    command = [AHDIAG, "--format", "json", *(args or ["--host"])]
    if user == "nobody":
        return nobody_says(log, *command[1:])["incidents"][0]
    return run(*command[1:], log=log).report()["incidents"][0]


def nobody_says(log, *args):
    """A report by an ordinary user, who may not even enter the folder of this build."""
    with tempfile.TemporaryDirectory() as folder:
        os.chmod(folder, 0o755)
        binary = shutil.copy(AHDIAG, folder)
        done = subprocess.run([*NOBODY, binary, *args], input=to_bytes(log), capture_output=True, timeout=120)
    report = json.loads(done.stdout)
    validate(report)
    return report


def acl(*entries):
    """A POSIX ACL as Linux stores it: (tag, permissions[, user])."""
    return struct.pack("<I", 2) + b"".join(struct.pack("<HHI", tag, bits, *(who or [0xffffffff])) for tag, bits, *who in entries)


def verdicts(incident):
    return {one["case"]: one["verdict"] for one in incident["candidates"]}


def seen(incident):
    return " | ".join(sighting["text"] for one in incident["candidates"] for sighting in one["sightings"])


class Folder(unittest.TestCase):
    def setUp(self):
        temporary = tempfile.TemporaryDirectory()
        self.addCleanup(temporary.cleanup)
        self.folder = Path(temporary.name).resolve()


class Ports(unittest.TestCase):
    def setUp(self):
        self.socket = socket.create_server(("127.0.0.1", 0))
        self.addCleanup(self.socket.close)
        self.port = self.socket.getsockname()[1]

    def test_a_held_port(self):
        incident = incident_of(IN_USE.format(self.port))
        self.assertEqual((incident["case"], incident["confidence"], verdicts(incident)["in-use"]), ("in-use", "certain", "confirmed"))
        self.assertIn(f"(process {os.getpid()}, user ", seen(incident))
        self.assertIn(f"holds 127.0.0.1:{self.port}", seen(incident))

    def test_a_port_that_is_free_again(self):
        self.socket.close()
        incident = incident_of(IN_USE.format(self.port))
        self.assertEqual(verdicts(incident)["in-use"], "refuted")
        self.assertIn(f"nobody listens on port {self.port}", seen(incident))

    @unittest.skipUnless(ROOT and shutil.which("setpriv"), "needs root and setpriv")
    def test_an_ordinary_user_says_what_it_does_not_see(self):
        incident = incident_of(IN_USE.format(self.port), "--host", user="nobody")
        self.assertEqual(verdicts(incident)["in-use"], "confirmed")
        self.assertIn("a process of root that only root may see", seen(incident))
        self.assertNotIn(str(os.getpid()), seen(incident))


class Paths(Folder):
    def test_a_missing_directory(self):
        incident = incident_of(MISSING_DIRECTORY.format("/run/ahdiag-test-absent"))
        self.assertEqual((incident["case"], incident["confidence"]), ("directory-missing", "certain"))
        self.assertEqual(incident["candidates"][0]["sightings"], [
            {"holds": True, "text": "/run/ahdiag-test-absent does not exist"},
            {"holds": None, "text": "no tmpfiles.d line creates /run/ahdiag-test-absent"}])

    def test_a_directory_that_is_there_now(self):
        incident = incident_of(MISSING_DIRECTORY.format(self.folder))
        self.assertEqual((incident["confidence"], verdicts(incident)), ("possible", {"directory-missing": "refuted"}))
        self.assertIn("exists: directory, drwx------ ", seen(incident))
        text = run("--host", log=MISSING_DIRECTORY.format(self.folder)).text
        self.assertIn("So it is not so now", text)

    @unittest.skipUnless(ROOT, "needs an account that is refused")
    def test_a_refused_parent_directory(self):
        page = self.folder / "private/www/index.html"
        page.parent.mkdir(parents=True)
        page.write_text("x")
        self.folder.chmod(0o755)
        (self.folder / "private").chmod(0o700)
        incident = incident_of(SEARCH.format(page), "--host", "--fact", "user=nobody", "--fact", f"document_root={self.folder}")
        self.assertEqual((incident["case"], incident["confidence"]), ("search-permission", "certain"))
        self.assertIn(f"nobody may not pass through {self.folder}/private (drwx------ root:root)", seen(incident))
        (self.folder / "private").chmod(0o711)
        incident = incident_of(SEARCH.format(page), "--host", "--fact", "user=nobody", "--fact", f"document_root={self.folder}")
        self.assertEqual(verdicts(incident)["search-permission"], "refuted")

    @unittest.skipUnless(ROOT, "needs an account that is refused")
    def test_an_acl_grants_and_its_mask_takes(self):
        folder = self.folder / "acl"
        folder.mkdir(mode=0o700)
        self.folder.chmod(0o755)
        nobody = pwd.getpwnam("nobody").pw_uid
        for mask, verdict in ((5, "refuted"), (0, "confirmed")):
            try:
                os.setxattr(folder, "system.posix_acl_access", acl((1, 7), (2, 5, nobody), (4, 0), (16, mask), (32, 0)))
            except OSError as error:
                self.skipTest(f"no ACL here: {error}")
            incident = incident_of(SEARCH.format(folder), "--host", "--fact", "user=nobody", "--fact", f"document_root={self.folder}")
            self.assertEqual(verdicts(incident)["search-permission"], verdict, seen(incident))

    @unittest.skipUnless(ROOT and shutil.which("setpriv"), "needs root and setpriv")
    def test_an_ordinary_user_says_what_it_cannot_enter(self):
        hidden = self.folder / "hidden"
        hidden.mkdir(mode=0o700)
        self.folder.chmod(0o755)
        incident = incident_of(MISSING_DIRECTORY.format(f"{hidden}/gone"), "--host", user="nobody")
        self.assertEqual(verdicts(incident)["directory-missing"], "open")
        self.assertIn(f"{hidden}/gone could not be looked at: Permission denied", seen(incident))

    def test_a_pipe_is_not_opened(self):
        pipe = self.folder / "pipe"
        os.mkfifo(pipe)
        begin = time.monotonic()
        for log in (SEARCH.format(pipe), MISMATCH.format(pipe, pipe)):
            incident_of(log)
        self.assertLess(time.monotonic() - begin, 20)

    def test_nothing_is_touched(self):
        page = self.folder / "page"
        page.write_text("x")
        os.utime(page, (1, 1))
        before = os.stat(page)
        incident_of(SEARCH.format(page))
        after = os.stat(page)
        self.assertEqual((before.st_atime, before.st_mtime, before.st_ctime), (after.st_atime, after.st_mtime, after.st_ctime))

    def test_thousands_of_paths_end(self):
        log = "".join(SEARCH.format(f"/srv/{n}" + "/x" * 50) for n in range(3000))
        begin = time.monotonic()
        report = run("--host", "--format", "json", log=log).report()
        self.assertLess(time.monotonic() - begin, 60)
        self.assertGreaterEqual(len(report["incidents"]), 100)


@unittest.skipUnless(shutil.which("openssl"), "no openssl")
class Certificates(Folder):
    def make(self, name, days=30):
        key, request, cert = (self.folder / (name + end) for end in (".key", ".csr", ".pem"))
        subprocess.run(["openssl", "req", "-new", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-subj", f"/CN={name}.example",
                        "-keyout", key, "-out", request], check=True, capture_output=True)
        subprocess.run(["openssl", "x509", "-req", "-in", request, "-signkey", key, "-days", str(days), "-out", cert], check=True, capture_output=True)
        return cert, key

    def test_a_key_of_another_certificate(self):
        cert, _ = self.make("one")
        _, other = self.make("two")
        done = run("--host", "--format", "json", log=MISMATCH.format(cert, other))
        incident = done.report()["incidents"][0]
        self.assertEqual((incident["case"], incident["confidence"]), ("mismatch", "certain"))
        self.assertIn(f"the key in {other} is not the one of the certificate in {cert}", seen(incident))
        secret = "".join(other.read_text().splitlines()[1:-1])
        self.assertNotIn(secret[:20], done.text)

    def test_a_pair_that_matches_now(self):
        cert, key = self.make("one")
        self.assertEqual(verdicts(incident_of(MISMATCH.format(cert, key)))["mismatch"], "refuted")

    def test_a_locked_key_is_not_asked_for(self):
        cert, key = self.make("one")
        locked = self.folder / "locked.key"
        subprocess.run(["openssl", "pkey", "-in", key, "-aes256", "-passout", "pass:secret", "-out", locked], check=True, capture_output=True)
        incident = incident_of(MISMATCH.format(cert, locked))
        self.assertEqual(verdicts(incident)["mismatch"], "open")
        self.assertIn("is locked by a pass phrase", seen(incident))

    def test_an_expired_certificate(self):
        for days, verdict in ((-1, "confirmed"), (30, "refuted")):
            cert, _ = self.make("old", days)
            incident = incident_of(EXPIRED, "--host", "--fact", f"tls_cert={cert}")
            self.assertEqual(verdicts(incident)["own-certificate-expired"], verdict, seen(incident))
        self.assertIn("is valid from ", seen(incident))

    def test_a_certificate_that_expires_by_the_moment_the_report_stands_for(self):
        cert, _ = self.make("new", 30)
        for days, verdict in ((29, "refuted"), (31, "confirmed")):
            env = {**os.environ, "SOURCE_DATE_EPOCH": str(int(time.time()) + days * 24 * 3600)}
            report = run("--format", "json", "--host", "--fact", f"tls_cert={cert}", log=EXPIRED, env=env).report()
            self.assertEqual(verdicts(report["incidents"][0])["own-certificate-expired"], verdict)


@unittest.skipUnless(shutil.which("strace"), "no strace")
class Quiet(Folder):
    def test_no_program_is_started_nothing_is_written_nobody_is_called(self):
        log = self.folder / "log"
        log.write_text(MISSING_DIRECTORY.format("/run/ahdiag-test-absent") + IN_USE.format(80))
        trace = self.folder / "trace"
        done = subprocess.run(["strace", "-f", "-o", trace, AHDIAG, "--host", log], capture_output=True, timeout=120)
        if not trace.exists() or not trace.read_text():
            self.skipTest("strace may not trace here: " + done.stderr.decode())
        calls = trace.read_text()
        self.assertEqual(len(re.findall(r"execve\(", calls)), 1)
        self.assertEqual(re.findall(r"^\d+ +(?:fork|vfork|clone3?|bind|sendto|mount|chmod|chown|unlink\w*|rename\w*|mkdir\w*)\(.*", calls, re.MULTILINE), [])
        self.assertEqual([line for line in calls.splitlines() if re.search(r"O_(WRONLY|RDWR|CREAT)", line) and "/dev/" not in line], [])
        connected = [line for line in calls.splitlines() if "connect(" in line and "nscd" not in line]
        self.assertEqual(connected, [])


class Trees(Folder):
    def write(self, path, text, mode=0o644):
        file = self.folder / path.lstrip("/")
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text)
        file.chmod(mode)

    def setUp(self):
        super().setUp()
        self.write("/etc/os-release", 'NAME="Rocky Linux"\nPRETTY_NAME="Rocky Linux 9.4 (Blue Onyx)"\nID="rocky"\nID_LIKE="rhel centos fedora"\n')
        self.write("/etc/passwd", "root:x:0:0::/:/bin/sh\nweb:x:4711:4711::/:/sbin/nologin\n")
        self.write("/etc/group", "root:x:0:\nweb:x:4711:\n")
        self.write("/etc/httpd/conf/httpd.conf", 'ServerRoot "/etc/httpd"\nListen 80\nUser web\nGroup web\nDocumentRoot "/srv/site"\n')
        self.write("/usr/lib/tmpfiles.d/httpd.conf", "d /run/httpd 0711 root web -\n")

    def report(self, log, *more):
        return run("--root", self.folder, "--format", "json", *more, log=log).report()

    def test_the_tree_says_what_it_is(self):
        report = self.report(MISSING_DIRECTORY.format("/run/httpd"))
        self.assertEqual((report["platform"]["id"], report["platform"]["source"]), ("rhel", "host"))
        self.assertEqual(report["host"]["root"], str(self.folder))
        self.assertEqual(report["host"]["system"], "Rocky Linux 9.4 (Blue Onyx)")
        facts = report["platform"]["facts"]
        self.assertEqual((facts["user"], facts["document_root"], facts["run_dir_mode"], facts["run_dir_group"]), ("web", "/srv/site", "0711", "web"))
        sources = {one["name"]: one["source"] for one in report["host"]["facts"]}
        self.assertEqual(sources["user"], "/etc/httpd/conf/httpd.conf line 3")
        self.assertEqual(sources["run_dir_mode"], "/usr/lib/tmpfiles.d/httpd.conf line 1")
        steps = [step.get("argv") for step in report["incidents"][0]["plan"]["steps"]]
        self.assertIn(["install", "-d", "-o", "root", "-g", "web", "-m", "0711", "--", "/run/httpd"], steps)

    def test_options_go_before_what_is_seen(self):
        report = self.report(MISSING_DIRECTORY.format("/run/httpd"), "--platform", "debian", "--fact", "user=me")
        self.assertEqual((report["platform"]["id"], report["platform"]["source"], report["platform"]["facts"]["user"]), ("debian", "option", "me"))

    def test_links_do_not_lead_out(self):
        (self.folder / "run").mkdir()
        (self.folder / "run/httpd").symlink_to("/tmp")  # the tree has no /tmp
        incident = self.report(MISSING_DIRECTORY.format("/run/httpd"))["incidents"][0]
        self.assertEqual(incident["candidates"][0]["verdict"], "confirmed")
        self.assertIn("/tmp is missing", seen(incident))

    def test_no_control_byte_of_the_tree_is_shown(self):
        self.write("/etc/os-release", 'PRETTY_NAME="\x1b[31mred"\nID=rocky\n')
        (self.folder / "run").mkdir()
        (self.folder / "run/httpd").symlink_to("/a\x1b[2Jb")
        for form in ("text", "json"):
            self.assertNotIn(b"\x1b", run("--root", self.folder, "--format", form, log=MISSING_DIRECTORY.format("/run/httpd")).out)

    def test_a_configuration_cannot_make_commands(self):
        self.write("/etc/httpd/conf/httpd.conf", 'User "x;reboot"\nGroup "-rf"\nDefaultRuntimeDir "/run/../etc"\n')
        report = self.report(MISSING_DIRECTORY.format("/run/httpd"))
        self.assertEqual(report["platform"]["facts"]["user"], "apache")
        self.assertNotIn("reboot", json.dumps(report["incidents"]))

    def test_an_unknown_tree(self):
        done = run("--root", self.folder / "none", log="")
        self.assertEqual((done.status, done.out), (2, b""))
        self.assertRegex(done.err, r"\Aahdiag: [^\n]+\n\Z")

    def test_text(self):
        text = run("--root", self.folder, log=MISSING_DIRECTORY.format("/run/httpd")).text
        self.assertIn("Seen      /run/httpd does not exist: /run is missing", text)
        self.assertIn("Rocky Linux 9.4 (Blue Onyx)", text)


class WithoutHost(unittest.TestCase):
    def test_nothing_is_looked_at(self):
        report = run("--format", "json", log=MISSING_DIRECTORY.format("/run/ahdiag-test-absent")).report()
        self.assertIsNone(report["host"])
        for incident in report["incidents"]:
            self.assertEqual([(one["verdict"], one["sightings"]) for one in incident["candidates"]], [("open", [])])


if __name__ == "__main__":
    unittest.main()
