"""The files of contrib/ in the programs that they are for: Icinga 2, Nagios, node_exporter, Prometheus.

Each runs as it does elsewhere, reads the file as it stands but for the places of the binary, the log and the state, and
calls the plug-in itself; what it made of the answer is looked at. Needs root (they start programs as users of their own);
./dev monitors installs what is missing.
"""
import os
import re
import shutil
import signal
import subprocess
import sys
import time
import unittest
import urllib.request
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
from checks import CheckTest  # noqa: E402
from support import AHDIAG, SOURCE  # noqa: E402

CONTRIB = SOURCE / "contrib"
PATIENCE = 60  # seconds


def wait_for(what, seconds=PATIENCE):
    """What comes, as soon as it is true."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        found = what()
        if found:
            return found
        time.sleep(0.2)
    raise AssertionError(f"not within {seconds} s")


class MonitorTest(CheckTest):
    program = None

    def setUp(self):
        if not (shutil.which(self.program) or Path("/usr/sbin", self.program).exists()):
            self.skipTest(f"no {self.program}")
        super().setUp()
        self.log = self.folder / "error_log"
        self.log.touch()
        self.folder.chmod(0o755)
        self.binary = shutil.copy(AHDIAG, self.folder / "ahdiag")  # others may not read our tree

    def give_to_nagios(self):
        """Debian's Icinga runs as that user, too."""
        subprocess.run(["chown", "-R", "nagios:nagios", self.folder], check=True)

    def example(self, name):
        """The file, with our places for its own; nothing else is changed."""
        text = (CONTRIB / name).read_text()
        for place, ours in {"/usr/bin/ahdiag": self.binary, "/var/log/httpd/error_log": self.log, "/var/lib/ahdiag": self.folder,
                            "/var/lib/prometheus/node-exporter": self.folder}.items():
            text = text.replace(place, str(ours))
        return text

    def start(self, *command):
        with (self.folder / "output").open("ab") as output:
            process = subprocess.Popen([str(word) for word in command], stdout=output, stderr=output, start_new_session=True)
        self.addCleanup(self.stop, process)
        return process

    @staticmethod
    def stop(process):
        try:
            os.killpg(process.pid, signal.SIGTERM)
            process.wait(timeout=20)
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)
            process.wait()
        except ProcessLookupError:
            process.wait()


@unittest.skipUnless(os.geteuid() == 0, "needs root")
class Icinga(MonitorTest):
    program = "icinga2"

    def test_state_text_and_perfdata_as_icinga_parsed_them(self):
        for name in ("etc", "lib", "log", "spool", "cache", "perfdata"):
            (self.folder / name).mkdir()
        host = (f'object Host "web" {{\n  check_command = "dummy"\n  vars.ahdiag_logs = [ "{self.log}", "{self.folder}/ssl_error_log" ]\n}}\n')
        (self.folder / "ssl_error_log").touch()
        written = self.folder / "perfdata/service"
        configuration = self.folder / "etc/icinga2.conf"
        perfdata = (f'object PerfdataWriter "p" {{\n  service_perfdata_path = "{written}"\n  service_temp_path = "{written}.tmp"\n'
                    f'  host_perfdata_path = "{written}.host"\n  host_temp_path = "{written}.host.tmp"\n  rotation_interval = 1s\n'
                    '  service_format_template = "$service.state$\\t$service.output$\\t$service.perfdata$\\t$service.check_command$"\n}\n')
        text = (f'include <itl>\nconst PluginDir = "/usr/lib/nagios/plugins"\nconst NodeName = "test"\nobject CheckerComponent "checker" {{}}\n'
                + perfdata + host + self.example("icinga/ahdiag.conf").replace("check_interval = 1m", "check_interval = 1s").replace("retry_interval = 1m", "retry_interval = 1s"))
        configuration.write_text(text)
        places = [f"-D{name}={self.folder}/{folder}" for name, folder in {"ConfigDir": "etc", "DataDir": "lib", "LogDir": "log", "SpoolDir": "spool",
                                                                     "CacheDir": "cache"}.items()]
        self.give_to_nagios()
        command = ["icinga2", *places, "daemon", "-c", configuration]
        checked = subprocess.run([*map(str, command), "-C"], capture_output=True, text=True)
        self.assertEqual(checked.returncode, 0, checked.stdout + checked.stderr)
        own_run = 'mount -t tmpfs none /run && install -d -o nagios -g nagios /run/icinga2 && exec "$@"'  # its pid file has a fixed place
        self.start("unshare", "--mount", "sh", "-c", own_run, "sh", *command)

        def rows(state):
            found = []
            for path in sorted((self.folder / "perfdata").glob("service*")):
                if ".host" not in path.name:
                    found += [one.split("\t") for one in re.split(r"(?m)^(?=(?:OK|WARNING|CRITICAL|UNKNOWN)\t)", path.read_text()) if one]
            return [row for row in found if row[0] == state]
        self.assertTrue(wait_for(lambda: rows("OK")))
        self.write(2)
        row = wait_for(lambda: rows("CRITICAL"))[0]
        self.assertTrue(row[1].startswith("HTTPD CRITICAL: AH01762"), row)
        labels = [pair.split("=")[0] for pair in row[2].split()]
        self.assertEqual(labels[:3], ["problems", "severe", "critical"])
        self.assertIn("problems=2;0;;0", row[2])
        self.assertIn("lines=2c", row[2])


@unittest.skipUnless(os.geteuid() == 0, "needs root")
class Nagios(MonitorTest):
    program = "nagios4"

    def test_state_text_and_perfdata_as_nagios_parsed_them(self):
        for name in ("spool", "var"):
            (self.folder / name).mkdir()
        (self.folder / "ahdiag.cfg").write_text(self.example("nagios/ahdiag.cfg"))
        (self.folder / "site.cfg").write_text(
            "define timeperiod {\n timeperiod_name 24x7\n alias always\n" + "".join(f" {day} 00:00-24:00\n" for day in (
                "sunday", "monday", "tuesday", "wednesday", "thursday", "friday", "saturday")) + "}\n"
            "define command {\n command_name none\n command_line /bin/true\n}\n"
            "define contact {\n contact_name root\n service_notification_commands none\n host_notification_commands none\n"
            " service_notification_period 24x7\n host_notification_period 24x7\n}\n"
            "define contactgroup {\n contactgroup_name admins\n alias a\n members root\n}\n"
            "define host {\n host_name localhost\n address 127.0.0.1\n max_check_attempts 1\n check_period 24x7\n contact_groups admins\n notification_period 24x7\n}\n")
        var = self.folder / "var"
        (self.folder / "nagios.cfg").write_text(
            f"log_file={var}/log\ncfg_file={self.folder}/site.cfg\ncfg_file={self.folder}/ahdiag.cfg\nobject_cache_file={var}/objects\nstatus_file={var}/status\n"
            f"status_update_interval=1\ntemp_file={var}/tmp\ntemp_path={var}\ncheck_result_path={self.folder}/spool\nlock_file={var}/lock\nstate_retention_file={var}/retention\n"
            f"nagios_user=nagios\nnagios_group=nagios\ninterval_length=1\ncommand_file={var}/command\nquery_socket={var}/query\nexecute_service_checks=1\nuse_syslog=0\n")
        self.give_to_nagios()
        verified = subprocess.run(["nagios4", "-v", self.folder / "nagios.cfg"], capture_output=True, text=True)
        self.assertEqual(verified.returncode, 0, verified.stdout)
        self.start("nagios4", self.folder / "nagios.cfg")

        def service():
            status = var / "status"
            block = re.search(r"servicestatus \{(.*?)\}", status.read_text(), re.DOTALL) if status.exists() else None
            return dict(line.strip().split("=", 1) for line in block[1].splitlines() if "=" in line) if block else {}
        wait_for(lambda: service().get("has_been_checked") == "1")
        self.assertEqual(service()["current_state"], "0", service())
        self.write(2)
        wait_for(lambda: service()["current_state"] == "2")
        found = service()
        self.assertTrue(found["plugin_output"].startswith("HTTPD CRITICAL: AH01762"), found)
        self.assertNotIn("|", found["plugin_output"])
        self.assertIn("repair: install -d", found["long_plugin_output"])
        self.assertTrue(found["performance_data"].startswith("problems=2;0;;0 severe=2;;0;0 "), found)
        time.sleep(2)
        self.assertEqual(service()["current_state"], "2", "--hold keeps it")


class NodeExporter(MonitorTest):
    program = "prometheus-node-exporter"

    def test_the_textfile_is_read_without_an_error(self):
        words = re.search(r"^ExecStart=(.*)", self.example("prometheus/ahdiag-textfile.service"), re.MULTILINE)[1].split()
        cron = re.search(r"^\* \* \* \* \* root (.*)", self.example("prometheus/ahdiag.cron"), re.MULTILINE)[1]
        subprocess.run(words, check=True)
        self.write(3)
        done = subprocess.run(["sh", "-c", cron], capture_output=True)
        self.assertEqual((done.returncode, done.stdout), (0, b""))
        address = "127.0.0.1:19123"
        self.start(self.program, f"--web.listen-address={address}", "--collector.disable-defaults", "--collector.textfile", f"--collector.textfile.directory={self.folder}")

        def scrape():
            try:
                return urllib.request.urlopen(f"http://{address}/metrics", timeout=5).read().decode()
            except OSError:
                return None
        text = wait_for(scrape)
        self.assertIn("\nnode_textfile_scrape_error 0\n", text)
        self.assertIn(f'node_textfile_mtime_seconds{{file="{self.folder}/ahdiag.prom"}}', text)
        self.assertIn('\nahdiag_problem_entries_total{code="AH01762",module="auth_digest",rule="AH01762",severity="critical"} 3\n', text)
        self.assertIn("\n# TYPE ahdiag_problem_entries_total counter\n", text)
        self.assertIn("\nahdiag_check_status 2\n", text)


class Units(MonitorTest):
    program = "systemd-analyze"

    def test_the_units_are_sound(self):
        for name in ("ahdiag-textfile.service", "ahdiag-textfile.timer"):
            (self.folder / name).write_text(self.example(f"prometheus/{name}").replace("Documentation=man:ahdiag(1)\n", ""))
            done = subprocess.run(["systemd-analyze", "verify", self.folder / name], capture_output=True, text=True)
            self.assertEqual((done.returncode, done.stderr), (0, ""))


class Prometheus(MonitorTest):
    program = "promtool"

    RULES = "ahdiag.rules.yml"
    SERIES = ('ahdiag_problem_entries_total{instance="web", rule="AH01762", module="auth_digest", code="AH01762", severity="critical"}')

    def test_the_rules_are_sound(self):
        done = subprocess.run(["promtool", "check", "rules", CONTRIB / "prometheus" / self.RULES], capture_output=True, text=True)
        self.assertEqual(done.returncode, 0, done.stdout + done.stderr)

    def test_the_alerts_fire_when_they_should(self):
        """A series that begins, one that grows, a check that stopped, a gap; and nothing where all is well."""
        cases = [(f"'{self.SERIES}'", "'_x20 1x20'", "22m", "HttpdProblem", True), (f"'{self.SERIES}'", "'1x20 4x20'", "23m", "HttpdProblem", True),
                 (f"'{self.SERIES}'", "'4x60'", "50m", "HttpdProblem", False),
                 ("'ahdiag_last_run_timestamp_seconds{instance=\"web\"}'", "'0x60'", "30m", "HttpdLogNotChecked", True),
                 ("'ahdiag_last_run_timestamp_seconds{instance=\"web\"}'", "'0+60x60'", "30m", "HttpdLogNotChecked", False),
                 ("'ahdiag_check_status{instance=\"web\"}'", "'3x60'", "30m", "HttpdLogNotChecked", True),
                 ("'ahdiag_gaps_total{instance=\"web\"}'", "'0x20 1x20'", "30m", "HttpdLogGap", True)]
        for series, values, when, alert, fires in cases:
            with self.subTest(alert=alert, values=values):
                self.assertEqual(self.fires(series, values, when, alert), fires)

    def fires(self, series, values, when, alert):
        """promtool says what it found where it expected nothing."""
        test = self.folder / "test.yml"
        test.write_text(f"rule_files: [{CONTRIB}/prometheus/{self.RULES}]\nevaluation_interval: 1m\ntests:\n- interval: 1m\n  input_series:\n  - series: {series}\n"
                        f"    values: {values}\n  alert_rule_test:\n  - eval_time: {when}\n    alertname: {alert}\n    exp_alerts: []\n")
        done = subprocess.run(["promtool", "test", "rules", test], capture_output=True, text=True)
        said = done.stdout + done.stderr
        self.assertTrue(done.returncode == 0 or "got:" in said, said)
        return done.returncode != 0


if __name__ == "__main__":
    unittest.main()
