#!/usr/bin/python3 -B
"""quick: the lab without a booted system. Seconds, not minutes; what needs systemd running is left to lab.py.

    sudo tests/live/quick.py [--ahdiag BIN] [--only NAME ...] [--list]

Per fault, in a sandbox (sandbox.py): break httpd as `capture` does, run ahdiag on what it said, carry out inspect,
repair and the parts of persist and verify that do not ask a running systemd, start httpd, ask for a page. Where the
plan writes a tmpfiles.d file: empty the run directory away, let the real systemd-tmpfiles make it as at boot, compare
owner and mode. Units and drop-ins that it writes are read by the real systemd-analyze verify.

Exit status 0 only if every fault passed; one line per fault, which names the step that failed.
Needs: what `capture` needs, and systemd's tools.
"""
import argparse
import os
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import sandbox
from box import Box
from cases import CASES
from faults import QUICK_FAULTS
from machine import Here
from plan import Failed, carry_out, check_units, diagnose, first_incident, steps_of

BINARY = Path(__file__).resolve().parents[2] / "build/release/ahdiag"
FAULT_SECONDS = 120
INSIDE = "--inside"
SERVICE_TOOLS = ("systemctl", "service", "journalctl", "apachectl", "apache2ctl")


def main():
    if sys.argv[1:2] == [INSIDE]:
        return play(sys.argv[2], Path(sys.argv[3]))
    options = read_options()
    if options.list:
        print("\n".join(QUICK_FAULTS))
        return 0
    return run_all(options.only or list(QUICK_FAULTS), options.ahdiag.resolve())


def read_options():
    parser = argparse.ArgumentParser(description="Carry out plans on a broken httpd, without a booted system.")
    parser.add_argument("--ahdiag", type=Path, default=BINARY, metavar="BIN", help="the binary (default: %(default)s)")
    parser.add_argument("--only", action="append", choices=QUICK_FAULTS, metavar="NAME", help="this fault; may be repeated")
    parser.add_argument("--list", action="store_true", help="print the names of the faults")
    return parser.parse_args()


def run_all(names, binary):
    """Plays the faults, one a processor at a time; 0 if all passed."""
    with ThreadPoolExecutor(os.cpu_count()) as pool:
        failed = sum(pool.map(lambda name: play_one(name, binary), names))
    print(f"{len(names) - failed} passed, {failed} failed")
    return 1 if failed else 0


def play_one(name, binary):
    """Tells how it went, and returns whether it failed."""
    begin = time.monotonic()
    problem = run_one(name, binary)
    print(f"{'ok  ' if problem is None else 'FAIL'} quick/{name} ({time.monotonic() - begin:.1f} s)"
          + (f": {problem}" if problem else ""), flush=True)
    return problem is not None


def run_one(name, binary):
    try:
        done = sandbox.run(Path(__file__).resolve(), [INSIDE, name, str(binary)], FAULT_SECONDS)
    except subprocess.TimeoutExpired:
        return f"no end after {FAULT_SECONDS} seconds"
    return None if done.returncode == 0 else (done.stdout.strip() or done.stderr.strip()[-1500:] or f"exit {done.returncode}")


def play(name, binary):
    """Inside the sandbox. Prints the failing step and returns 1, or returns 0."""
    sandbox.furnish()
    try:
        mend(QUICK_FAULTS[name], binary)
    except Failed as problem:
        print(problem)
        return 1
    return 0


def mend(fault, binary):
    case = CASES[fault.case]
    box, here = Box(case.layout), Here()
    if fault.again:
        box.remove(fault.again)
    case.act(box)
    if box.status is None:
        raise Failed("break: httpd serves all the same")
    report = diagnose(binary, case.layout, fault.options, captured(box))
    incident = first_incident(report, fault.expected)
    for phase in ("inspect", "repair"):
        carry_out(incident, phase, here, skip=asks_systemd)
    serve(box, fault, "after repair")
    for phase in ("persist", "verify", "repair", "persist"):  # and once more: nothing may fail the second time
        carry_out(incident, phase, here, skip=asks_systemd)
    check_units(incident, here)
    box.stop()
    if any(step["kind"] == "file" and step["path"].startswith("/etc/tmpfiles.d/") for step in steps_of(incident, "persist")):
        play_boot(box, here, fault)
        serve(box, fault, "after boot")
        box.stop()


def captured(box):
    """The two things an operator has: what the terminal or journal got, and the error log."""
    logs = []
    for name, text in (("journal.txt", box.said), ("error_log", box.error_log())):
        path = Path("/tmp") / name
        path.write_bytes(text.encode("utf-8", "surrogateescape"))
        logs.append(path)
    return logs


def asks_systemd(step):
    return step["kind"] == "command" and Path(step["argv"][0]).name in SERVICE_TOOLS


def serve(box, fault, when):
    box.said = ""
    if not fault.same_pid:
        box.pid += 97
    if box.start() is not None:
        raise Failed(f"start {when}: {(box.said + box.error_log()).strip().splitlines()[-1:]}")
    if box.request() not in fault.answers:
        raise Failed(f"request {when}: {box.request()}")


def play_boot(box, here, fault):
    """What a boot does with the run directory: it is gone with the tmpfs, and systemd-tmpfiles reads all its files."""
    box.remove(box.layout.run_dir)
    made = here.run(["systemd-tmpfiles", "--create", "--remove", "--boot", f"--prefix={box.layout.run_dir}"])
    found = here.run(["stat", "--format", "%U:%G %a", box.layout.run_dir])
    if made.status != 0 or found.status != 0:
        raise Failed(f"boot: systemd-tmpfiles {made.words()}; {found.words()}")
    if fault.state and found.out.strip() != fault.state:
        raise Failed(f"boot: {box.layout.run_dir} is {found.out.strip()}, not {fault.state}")


if __name__ == "__main__":
    sys.exit(main())
