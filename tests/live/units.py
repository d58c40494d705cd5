#!/usr/bin/python3 -B
"""units: the systemd units of contrib/systemd, installed in a booted container, where httpd is broken and killed.

    sudo tests/live/units.py [--build DIR] [--cache DIR] [--only NAME]

Per scenario, in a fresh container (container.py): install as README says; see that systemd-analyze has nothing to say
against the units; break the server, or kill it; find the report, and one message in the journal.
Exit status 0 only if all passed, 2 where this machine cannot run it. Needs what lab.py needs, and CMake.
"""
import argparse
import json
import os
import re
import shutil
import subprocess
import sys
import time
from pathlib import Path

import layout
import sandbox
import tree
from container import Container, remove_cgroups
from machine import MachineError

TOP = Path(__file__).resolve().parents[2]
INSIDE = "--inside"
NAME = "ahdiag-units-"  # of the machine, its folder and cgroup; process number and scenario follow
SECONDS = 180
WORST_EXPOSURE = 2.0  # of 10, as systemd-analyze security counts
UNITS = ("ahdiag-onfailure@.service", "ahdiag-check.service", "ahdiag-check.timer")


class Failed(Exception):
    """What was to be tested went wrong."""


def main():
    if sys.argv[1:2] == [INSIDE]:
        return play(*sys.argv[2:])
    parser = argparse.ArgumentParser(description="Install the units in a container, break httpd, find the report.")
    parser.add_argument("--build", type=Path, default=TOP / "build/release", metavar="DIR", help="a build (default: %(default)s)")
    parser.add_argument("--cache", type=Path, default=Path(os.environ.get("AHDIAG_LIVE_CACHE", TOP / "build/live")), metavar="DIR",
                        help="where the containers' tree is kept (default: %(default)s)")
    parser.add_argument("--only", choices=tuple(SCENARIOS), action="append", metavar="NAME", help="this scenario; may be repeated")
    options = parser.parse_args()
    missing = next((tool for tool in ("unshare", "nsenter", "systemd-nspawn", "debootstrap", "cmake") if shutil.which(tool) is None), None)
    if os.geteuid() != 0 or missing:
        print(f"units: cannot run here: {f'no {missing}' if missing else 'not root'}", file=sys.stderr)
        return 2
    base = tree.ready(options.cache.resolve())
    failed = sum(not run(name, options, base) for name in options.only or SCENARIOS)
    return 1 if failed else 0


def run(name, options, base):
    """One scenario in a namespace of its own: when its first process ends, all others and all mounts are gone."""
    machine = f"{NAME}{os.getpid()}-{name}"
    work = options.cache.resolve() / machine
    work.mkdir()
    begin = time.monotonic()
    argv = ["unshare", "--mount", "--pid", "--fork", "--mount-proc", "--kill-child", "--", sandbox.PYTHON, "-B", __file__,
            INSIDE, name, machine, str(options.build.resolve()), str(base), str(work)]
    try:
        done = subprocess.run(argv, stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=SECONDS, check=False,
                              preexec_fn=sandbox.die_with_parent)
        said = (done.stdout + done.stderr).strip()
        passed = done.returncode == 0
    except subprocess.TimeoutExpired:
        passed, said = False, f"no end after {SECONDS} seconds"
    finally:
        remove_cgroups(machine)
        shutil.rmtree(work, ignore_errors=True)
    print(f"{'ok  ' if passed else 'FAIL'} {name} ({time.monotonic() - begin:.1f} s){': ' if said else ''}{said}", flush=True)
    return passed


def play(name, machine, build, base, work):
    sandbox.mount("-t", "tmpfs", "-o", "mode=755", "run", "/run")  # systemd-nspawn's own files
    box = Container(Path(base), Path(work), machine)
    place = layout.install("rhel" if name.startswith("rhel") else "debian", box.root)
    install(Path(build), box.root)
    try:
        box.boot()
        SCENARIOS[name](box, place)
    except (Failed, MachineError) as problem:
        print(f"{problem}\n{box.run(['journalctl', '--no-pager', '-n', '40']).out}")
        return 1
    finally:
        box.kill()
    return 0


def install(build, root):
    """As an administrator does, with the binary's libraries where the tree has none of them."""
    subprocess.run(["cmake", "--install", str(build), "--prefix", "/usr"], env={**os.environ, "DESTDIR": str(root)}, check=True,
                   stdout=subprocess.DEVNULL, timeout=60)
    listed = subprocess.run(["ldd", str(root / "usr/bin/ahdiag")], capture_output=True, text=True, check=True, timeout=20).stdout
    for path in re.findall(r"=> (/\S+)", listed):
        target = root / "usr/lib" / Path(path).name
        if not any((root / folder / Path(path).name).exists() for folder in ("usr/lib", "usr/lib/x86_64-linux-gnu", "usr/lib/aarch64-linux-gnu")):
            shutil.copy(path, target)


def enable(box, place):
    """The lines that contrib/README.md gives."""
    must(box, f"install -D -m 0644 /usr/share/ahdiag/contrib/systemd/onfailure.conf /etc/systemd/system/{place.service}.service.d/ahdiag.conf\n"
              "systemctl daemon-reload")
    must(box, f"systemctl restart {place.service}")
    wait(lambda: box.get("http://127.0.0.1/") == 200, "the healthy server does not serve")


def must(box, script):
    done = box.shell(script)
    if done.status != 0:
        raise Failed(f"{script}: {done.words()}")
    return done.out


def wait(holds, what, seconds=20):
    end = time.monotonic() + seconds
    while not holds():
        if time.monotonic() > end:
            raise Failed(what)
        time.sleep(0.2)


def reports(box, unit):
    """The reports of the unit, oldest first."""
    folder = box.root / "var/lib/private/ahdiag/onfailure"
    return [json.loads(path.read_text()) for path in sorted(folder.glob(f"{unit}.*.json"))] if folder.is_dir() else []


def messages(box):
    """What ahdiag said in the journal."""
    said = box.run(["journalctl", "--output=json", "--no-pager", "--identifier=ahdiag"]).out
    return [json.loads(line) for line in said.splitlines()]


def settle(box, place):
    """Waits until the diagnosis is over."""
    unit = f"ahdiag-onfailure@{place.service}.service.service"
    time.sleep(0.3)
    wait(lambda: box.run(["systemctl", "is-active", unit]).out.strip() in ("inactive", "failed"), "the diagnosis does not end")


def expect_diagnosis(box, place, code, rule, priority):
    unit = f"{place.service}.service"
    wait(lambda: messages(box), "nothing in the journal")
    settle(box, place)
    said = messages(box)
    found = reports(box, unit)
    if len(said) != 1 or len(found) != 1:
        raise Failed(f"{len(said)} messages, {len(found)} reports: {[one['MESSAGE'] for one in said]}")
    first = found[0]["incidents"][0]
    if (first["code"], first["rule"]) != (code, rule):
        raise Failed(f"the report says {first['code']} {first['rule']} {first['title']}")
    if first["title"] not in said[0]["MESSAGE"] or said[0]["PRIORITY"] != priority:
        raise Failed(f"the journal says {said[0]['PRIORITY']} {said[0]['MESSAGE']}")
    path = re.search(r"\(plan: (\S+)\)$", said[0]["MESSAGE"])
    if not path or first["title"][:40] not in box.read(path[1]):
        raise Failed(f"no text at {path and path[1]}")
    if found[0]["label"] != sandbox.HOST_NAME:
        raise Failed(f"the label is {found[0]['label']}")


def debian_broken(box, place):
    """A directive misspelt: the start fails; the error log says nothing, the journal all."""
    judge_units(box)
    must(box, "mkdir -p /etc/systemd/system/ahdiag-onfailure@.service.d\n"
              "printf '[Service]\\nEnvironment=AHDIAG_KEEP=3\\n' > /etc/systemd/system/ahdiag-onfailure@.service.d/keep.conf")
    enable(box, place)
    must(box, "systemctl stop apache2\necho 'DocumentRot /srv' > /etc/apache2/conf-enabled/site.conf")
    if box.shell("systemctl start apache2").status == 0:
        raise Failed("httpd starts all the same")
    expect_diagnosis(box, place, "AH00526", "unknown-directive", "2")
    expect_few(box, place)


def expect_few(box, place):
    """A server that fails again and again: diagnosed five times in ten minutes, and no more reports kept than asked for."""
    for _ in range(6):
        box.shell(f"systemctl reset-failed {place.service}; systemctl start {place.service}")
        settle(box, place)
    found, said = reports(box, f"{place.service}.service"), messages(box)
    if len(found) != 3 or len(said) != 5:
        raise Failed(f"after seven failures {len(found)} reports and {len(said)} messages")
    left = must(box, "ls -A /var/lib/private/ahdiag/onfailure | grep -c work || true").strip()
    if left != "0":
        raise Failed("work is left behind")


def rhel_killed(box, place):
    """The main process is killed: systemd's own words are all there is. The log directory is root's alone."""
    must(box, "chmod 0700 /var/log/httpd")
    enable(box, place)
    must(box, "kill -9 $(systemctl show --property=MainPID --value httpd)")
    expect_diagnosis(box, place, None, "unit-failed", "2")


def rhel_log(box, place):
    """What went wrong stands in the error log alone, which nobody but root may reach."""
    must(box, "chmod 0700 /var/log/httpd")
    enable(box, place)
    must(box, "systemctl stop httpd\nprintf 'AuthDigestShmemSize 1M\\n' > /etc/httpd/conf.d/a.conf\nrm -rf /run/httpd && touch /run/httpd")
    box.shell("systemctl start httpd")
    unit = "httpd.service"
    wait(lambda: reports(box, unit), "no report")
    incidents = reports(box, unit)[0]["incidents"]
    sources = {one["source"] for incident in incidents for one in incident["evidence"]}
    if "/var/log/httpd/error_log" not in sources or incidents[0]["severity"] != "critical":
        raise Failed(f"{[incident['title'] for incident in incidents]} from {sources}")


def judge_units(box):
    """systemd-analyze has nothing to say, and sees little that an intruder would gain."""
    paths = [f"/usr/lib/systemd/system/{unit}" for unit in UNITS]
    done = box.run(["systemd-analyze", "verify", "--man=no", *[path.replace("@.", "@apache2.service.") for path in paths]])
    if done.status != 0 or "ahdiag" in done.out + done.err:
        raise Failed(f"systemd-analyze verify: {done.out}{done.err}")
    for unit in ("ahdiag-onfailure@apache2.service.service", "ahdiag-check.service"):
        said = box.run(["systemd-analyze", "security", "--no-pager", unit]).out
        exposure = re.search(r"Overall exposure level for \S+: ([0-9.]+)", said)
        if not exposure or float(exposure[1]) > WORST_EXPOSURE:
            raise Failed(f"{unit}: exposure {exposure and exposure[1]}\n{said}")
        print(f"{unit}: exposure {exposure[1]}", end="; ")


def debian_check(box, place):
    """The timer tells once what is new, and nothing where that is nothing."""
    must(box, "mkdir -p /etc/systemd/system/ahdiag-check.timer.d\n"
              "printf '[Timer]\\nOnActiveSec=\\nOnUnitActiveSec=\\nOnActiveSec=100ms\\nOnUnitActiveSec=1s\\nRandomizedDelaySec=0\\nAccuracySec=100ms\\n' "
              "> /etc/systemd/system/ahdiag-check.timer.d/often.conf\n"
              "systemctl daemon-reload\nsystemctl enable --now ahdiag-check.timer")
    wait(lambda: (box.root / "var/lib/private/ahdiag/check/check.state").exists(), "no state")
    if messages(box):
        raise Failed(f"of a healthy server the journal says {messages(box)[0]['MESSAGE']}")
    must(box, "chmod 0700 /var/www")
    if box.get("http://127.0.0.1/") != 403:
        raise Failed("the page is there all the same")
    wait(lambda: messages(box), "nothing in the journal")
    time.sleep(3)
    said = [one["MESSAGE"] for one in messages(box)]
    if sum("AH00035" in line for line in said if line.startswith("HTTPD")) != 1 or box.run(["systemctl", "is-failed", "ahdiag-check.service"]).status == 0:
        raise Failed(f"the journal says {said}")


SCENARIOS = {"debian-check": debian_check, "debian-broken": debian_broken, "rhel-killed": rhel_killed, "rhel-log": rhel_log}

if __name__ == "__main__":
    sys.exit(main())
