"""The failure that the project was written for: after a reboot /run/httpd is gone and httpd 2.4 does not start."""
import unittest

from support import FOUNDING, report_on, run, steps_of

LOG = FOUNDING.read_text()
DROP_IN = "/etc/systemd/system/httpd.service.d/50-run-directory.conf"
REMOVED_IF_EMPTY = ["rmdir", "--ignore-fail-on-non-empty", "--", "/run/httpd"]
SCRIPT = "/usr/local/sbin/httpd-run-directory"
UNIT = "/etc/systemd/system/httpd-run-directory.service"


def done_by(incident, phase):
    """The steps of one phase, each as argv or as (path, mode, owner, group, content)."""
    return [step["argv"] if step["kind"] == "command" else tuple(step[name] for name in ("path", "mode", "owner", "group", "content"))
            for step in steps_of(incident, phase)]


class Diagnosis(unittest.TestCase):
    def setUp(self):
        self.report = run("--format", "json", FOUNDING).report()
        self.incident = self.report["incidents"][0]

    def test_there_is_one_incident(self):
        self.assertEqual(len(self.report["incidents"]), 1)
        self.assertEqual(self.report["unmatched"], [])
        self.assertEqual(self.report["status"], "critical")

    def test_the_root(self):
        for name, value in {"rule": "AH01762", "code": "AH01762", "case": "directory-missing", "severity": "critical", "confidence": "certain",
                            "module": "auth_digest", "level": "error", "path": "/run/httpd/authdigest_shm.11716", "refused": []}.items():
            self.assertEqual(self.incident[name], value, name)
        self.assertEqual(self.incident["errno"], {"number": 2, "name": "ENOENT", "text": "No such file or directory", "kind": "os"})
        self.assertEqual(self.incident["subject"], {"kind": "path", "value": "/run/httpd"})
        self.assertEqual(self.incident["cause"]["class"], "missing-directory")

    def test_the_wrapped_entry_is_whole(self):
        evidence = self.incident["evidence"][0]
        self.assertEqual((evidence["line"], evidence["pid"]), (1, 11716))
        self.assertTrue(evidence["text"].endswith("segment on file /run/httpd/authdigest_shm.11716"))
        spans = {span["what"]: evidence["text"].encode()[span["start"]:span["end"]] for span in evidence["spans"]}
        self.assertEqual(spans, {"errno": b"(2)No such file or directory", "code": b"AH01762", "path": b"/run/httpd/authdigest_shm.11716"})

    def test_the_rest_are_consequences(self):
        self.assertEqual(self.incident["consequences"][0]["code"], "AH01760")
        self.assertIn("MD5-sess algorithm disabled", self.incident["consequences"][0]["evidence"][0]["text"])

    def test_the_platform_is_read_off_the_log(self):
        self.assertEqual((self.report["platform"]["id"], self.report["platform"]["source"]), ("rhel", "log"))
        self.assertEqual(self.report["platform"]["facts"]["service"], "httpd")

    def test_the_id_is_stable(self):
        moved = LOG.replace("11716", "4711").replace("[auth_digest:error]", "[Wed Mar 13 07:02:11.000001 2024] [auth_digest:error]")
        self.assertEqual(report_on(moved)["incidents"][0]["id"], self.incident["id"])


class ThePlan(unittest.TestCase):
    def setUp(self):
        self.incident = run("--format", "json", FOUNDING).report()["incidents"][0]

    def test_inspect(self):
        self.assertEqual(done_by(self.incident, "inspect"), [
            ["stat", "--", "/run/httpd"],
            ["grep", "-rnF", "--", "/run/httpd", "/etc/tmpfiles.d", "/run/tmpfiles.d", "/usr/lib/tmpfiles.d"],
            ["journalctl", "-b", "-t", "systemd-tmpfiles", "--no-pager"],
        ])
        self.assertEqual(steps_of(self.incident, "inspect")[0]["expect"], {"exit": [1], "output": None})

    def test_repair(self):
        self.assertEqual(done_by(self.incident, "repair"), [
            ["install", "-d", "-o", "root", "-g", "apache", "-m", "0710", "--", "/run/httpd"],
            ["restorecon", "-v", "--", "/run/httpd"],
            ["systemctl", "reset-failed", "httpd"],
        ])

    def test_persist(self):
        self.assertEqual(done_by(self.incident, "persist"), [
            ("/etc/tmpfiles.d/00-httpd-run.conf", "0644", "root", "root", "d /run/httpd 0710 root apache -\n"),
            ["systemd-tmpfiles", "--create", "/etc/tmpfiles.d/00-httpd-run.conf"],
        ])

    def test_verify(self):
        self.assertEqual(done_by(self.incident, "verify"), [
            ["/usr/sbin/httpd", "-t"],
            ["systemctl", "restart", "httpd"],
            ["sleep", "3"],
            ["systemctl", "is-active", "httpd"],
        ])

    def test_undo_is_persist_and_repair_in_reverse(self):
        self.assertEqual(done_by(self.incident, "undo"), [["rm", "-f", "--", "/etc/tmpfiles.d/00-httpd-run.conf"], REMOVED_IF_EMPTY])

    def test_nothing_is_manual_or_missing(self):
        self.assertEqual([step for step in self.incident["plan"]["steps"] if step["kind"] == "manual"], [])
        self.assertEqual(self.incident["plan"]["missing"], [])

    def test_what_changes_can_be_taken_back_or_says_why_not(self):
        changes = steps_of(self.incident, "repair", "persist")
        unexplained = [step for step in changes if step["undo_note"] is None]
        self.assertEqual(len(unexplained), len(steps_of(self.incident, "undo")))

    def test_only_the_start_interrupts(self):
        risky = [step["argv"] for step in self.incident["plan"]["steps"] if step["risk"] not in ("none", "low")]
        self.assertEqual(risky, [["systemctl", "restart", "httpd"]])

    def test_the_other_ways_to_make_it_last(self):
        ways = [[step["path"] for step in way["steps"] if step["kind"] == "file"] for way in self.incident["plan"]["alternatives"]]
        self.assertEqual(ways, [[DROP_IN], [SCRIPT, UNIT]])


class Options(unittest.TestCase):
    def persist(self, *args):
        return done_by(report_on(LOG, *args)["incidents"][0], "persist")

    def test_persist_as_a_drop_in(self):
        folder, drop_in, reload_ = self.persist("--persist", "runtime-directory")
        self.assertEqual(folder, ["install", "-d", "-m", "0755", "--", "/etc/systemd/system/httpd.service.d"])
        self.assertEqual(drop_in, (DROP_IN, "0644", "root", "root",
                                   "[Service]\nRuntimeDirectory=httpd\nRuntimeDirectoryMode=0711\nRuntimeDirectoryPreserve=yes\n"))
        self.assertEqual(reload_, ["systemctl", "daemon-reload"])

    def test_persist_as_a_unit(self):
        script, unit, *commands = self.persist("--persist", "unit")
        self.assertEqual((script[:4], unit[:4]), ((SCRIPT, "0755", "root", "root"), (UNIT, "0644", "root", "root")))
        self.assertTrue(script[4].startswith("#!/bin/sh\n"))
        self.assertIn("\ninstall -d -o root -g apache -m 0710 -- /run/httpd\n", script[4])
        for line in ("Before=httpd.service", "Type=oneshot", "RemainAfterExit=yes", f"ExecStart={SCRIPT}", "WantedBy=httpd.service"):
            self.assertIn(line + "\n", unit[4])
        self.assertEqual(commands, [["systemd-analyze", "verify", "--man=no", UNIT], ["systemctl", "daemon-reload"],
                                    ["systemctl", "enable", "--now", "httpd-run-directory.service"]])

    def test_persist_not_at_all(self):
        incident = report_on(LOG, "--persist", "none")["incidents"][0]
        self.assertEqual(done_by(incident, "persist"), [])
        self.assertEqual(done_by(incident, "undo"), [REMOVED_IF_EMPTY])
        self.assertEqual(len(incident["plan"]["alternatives"]), 3)

    def test_persist_may_be_given_as_a_fact(self):
        self.assertEqual(self.persist("--fact", "persist=unit"), self.persist("--persist", "unit"))

    def test_a_group_of_its_own(self):
        incident = report_on(LOG, "--fact", "group=httpd")["incidents"][0]
        self.assertIn(["install", "-d", "-o", "root", "-g", "httpd", "-m", "0710", "--", "/run/httpd"], done_by(incident, "repair"))
        self.assertEqual(done_by(incident, "persist")[0][4], "d /run/httpd 0710 root httpd -\n")
        self.assertNotIn("apache", str(done_by(incident, "repair") + done_by(incident, "persist")))

    def test_a_service_of_another_name(self):
        incident = report_on(LOG, "--fact", "service=httpd24")["incidents"][0]
        self.assertIn(["systemctl", "reset-failed", "httpd24"], done_by(incident, "repair"))
        self.assertIn(["systemctl", "restart", "httpd24"], done_by(incident, "verify"))

    def test_another_platform(self):
        report = report_on(LOG, "--platform", "debian")
        self.assertEqual((report["platform"]["id"], report["platform"]["source"]), ("debian", "option"))
        words = str(report["incidents"][0]["plan"]["steps"])
        self.assertNotIn("apache'", words)
        self.assertNotIn("restorecon", words)

    def test_no_platform_is_invented(self):
        report = report_on("[auth_digest:error] [pid 1] (2)No such file or directory: AH01762: Failed to create shared memory segment on file "
                           "/opt/www/logs/authdigest_shm.1\n")
        self.assertEqual((report["platform"]["id"], report["platform"]["source"]), ("generic", "default"))
        self.assertEqual([step["argv"] for step in report["incidents"][0]["plan"]["steps"] if "apache" in step.get("argv", [])], [])

    def test_facts_that_are_refused(self):
        for fact in ("group=a b", "group=-x", "group=$(id)", "group=a;b", "service=../x", "service=a b", "run_dir_mode=rwx", "run_dir_mode=99",
                     "config_dir=etc", "config_dir=/etc/../x", "config_dir=/a\nb", "persist=hope", "nosuch=1", "restart=rm -rf /", "group="):
            with self.subTest(fact=fact):
                done = run("--fact", fact, log=LOG)
                self.assertEqual((done.status, done.out), (2, b""))
                self.assertRegex(done.err, r"\Aahdiag: [^\n]+\n\Z")


if __name__ == "__main__":
    unittest.main()
