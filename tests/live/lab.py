#!/usr/bin/python3 -B
"""lab: breaks a real httpd on a booted system, asks ahdiag, and carries out its plan word for word.

    sudo tests/live/lab.py [--ahdiag BIN] [--only NAME ...] [--list] [--cache DIR] [--keep-logs DIR]
    sudo tests/live/lab.py --quick       without a booted system: quick.py
    sudo tests/live/lab.py --capture     only break, and keep the journal of each fault as a sample

Per fault (faults.py), in a fresh container (container.py): boot and see it serve; break it; see it fail; capture
journal and error log; run ahdiag (on this side); carry out inspect, repair, persist, verify, each command by its argv,
each file as it stands; ask for a page; carry out repair and persist again and see that nothing changes; reboot and ask
again; stop the service, carry out undo and see that /etc is as it was, but for what a hand changed. Some faults are mended once more by the shell
script or the playbook that ahdiag makes of the same plan (ways.py).

--table writes what happened as a page: docs/live.md, if all faults are played.

The first run makes the containers' tree with debootstrap (a minute or two) in the cache folder: --cache, else
$AHDIAG_LIVE_CACHE, else build/live. Every fault runs on a throw-away overlay of it.
Exit status 0 only if every fault passed, 2 where this machine cannot run the lab.
Needs: root, Debian 12 with apache2, gcc, debootstrap, systemd-container, iproute2, util-linux.
"""
import argparse
import json
import os
import shutil
import signal
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import layout
import quick
import sandbox
import table
import tree
from container import Container, remove_cgroups
from faults import FAULTS
from machine import MachineError
from plan import Failed, check_units, diagnose, first_incident
from ways import WAYS

TOP = Path(__file__).resolve().parents[2]
FAULT_SECONDS = 300
PATIENCE_SECONDS = 10
INSIDE = "--inside"
RUN = "ahdiag-live-"  # of a run's folder, machine and cgroup; its process number follows
TOOLS = ("unshare", "nsenter", "systemd-nspawn", "debootstrap", "mount", "cc")


def main():
    if sys.argv[1:2] == [INSIDE]:
        return play(*sys.argv[2:])
    options = read_options()
    if options.quick:
        return quick.run_all(list(quick.QUICK_FAULTS), options.ahdiag.resolve())
    if options.list:
        print("\n".join(fault.name for fault in FAULTS))
        return 0
    missing = what_is_missing(options)
    if missing:
        print(f"lab: cannot run here: {missing}", file=sys.stderr)
        return 2
    return run_all(options)


def read_options():
    names = [fault.name for fault in FAULTS]
    parser = argparse.ArgumentParser(description="Break a real httpd, carry out the plan, see that it serves.")
    parser.add_argument("--ahdiag", type=Path, default=TOP / "build/release/ahdiag", metavar="BIN", help="the binary (default: %(default)s)")
    parser.add_argument("--only", action="append", choices=names, metavar="NAME", help="this fault; may be repeated")
    parser.add_argument("--way", action="append", choices=tuple(WAYS), metavar="WAY", help="only this way of carrying out; may be repeated")
    parser.add_argument("--jobs", type=int, default=1, metavar="N", help="so many containers at a time (default: %(default)s)")
    parser.add_argument("--table", type=Path, metavar="FILE", help="write what happened there, as docs/live.md")
    parser.add_argument("--list", action="store_true", help="print the names of the faults")
    parser.add_argument("--quick", action="store_true", help="no booted system: run quick.py's faults instead")
    parser.add_argument("--cache", type=Path, default=Path(os.environ.get("AHDIAG_LIVE_CACHE", TOP / "build/live")), metavar="DIR",
                        help="where the containers' tree is kept (default: %(default)s)")
    parser.add_argument("--keep-logs", type=Path, metavar="DIR", help="keep the captured logs and the report of each fault there")
    parser.add_argument("--capture", nargs="?", type=Path, const=TOP / "samples", metavar="DIR",
                        help="only break; keep the journal as a sample in DIR (default: %(const)s)")
    return parser.parse_args()


def what_is_missing(options):
    if os.geteuid() != 0:
        return "not root"
    for tool in TOOLS:
        if shutil.which(tool) is None:
            return f"no {tool}"
    if options.capture or os.access(options.ahdiag, os.X_OK):
        return ""
    return f"no binary {options.ahdiag}"


def run_all(options):
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))  # so that run_one() still tidies up
    sweep(options.cache)
    base = tree.ready(options.cache.resolve())
    plays = chosen(options)
    with ThreadPoolExecutor(options.jobs) as pool:
        results = [tell(result) for result in pool.map(lambda play: run_one(*play, options, base), plays)]
    failed = sum(result["problem"] is not None for result in results)
    print(f"{len(plays) - failed} passed, {failed} failed")
    if options.table:
        options.table.write_text(table.page(results), encoding="utf-8")
    return 1 if failed else 0


def chosen(options):
    """(name of the fault, way) of each play."""
    faults = [fault for fault in FAULTS if fault.name in (options.only or [fault.name])]
    if options.capture:
        return [(fault.name, "argv") for fault in faults if options.only or not (fault.options or fault.then == "request")]
    return [(fault.name, way) for fault in faults for way in fault.ways if way in (options.way or WAYS)]


def tell(result):
    problem = result["problem"]
    print(f"{'ok  ' if problem is None else 'FAIL'} {result['name']}, {result['way']} ({result['seconds']:.1f} s)"
          + (f": {problem}" if problem else ""), flush=True)
    return result


def sweep(cache):
    """Removes what a killed run left: its folder and its cgroup (its processes and mounts ended with it)."""
    for folder in cache.glob(f"{RUN}*"):
        owner = folder.name.removeprefix(RUN).split("-")[0]
        if not Path("/proc", owner).exists():
            remove_cgroups(folder.name)
            shutil.rmtree(folder, ignore_errors=True)


def run_one(name, way, options, base):
    """One play in a namespace of its own: when its first process ends, all others and all mounts are gone."""
    begin = time.monotonic()
    machine = f"{RUN}{os.getpid()}-{way}-{name}"[:60].rstrip("-")
    work = options.cache.resolve() / machine
    work.mkdir()
    keep = options.keep_logs.resolve() / f"{name}-{way}" if options.keep_logs else work / "logs"
    argv = ["unshare", "--mount", "--pid", "--fork", "--mount-proc", "--kill-child", "--", sandbox.PYTHON, "-B", __file__,
            INSIDE, name, way, machine, str(options.ahdiag.resolve()), str(base), str(work), str(keep), str(options.capture or "")]
    result = {"name": name, "way": way}
    try:
        done = subprocess.run(argv, stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=FAULT_SECONDS,
                              check=False, preexec_fn=sandbox.die_with_parent)
        if (work / "result.json").exists():
            result |= json.loads((work / "result.json").read_text(encoding="utf-8"))
        problem = None if done.returncode == 0 else (done.stdout.strip() or done.stderr.strip()[-1500:] or f"exit {done.returncode}")
    except subprocess.TimeoutExpired:
        problem = f"no end after {FAULT_SECONDS} seconds"
    finally:
        remove_cgroups(machine)
        shutil.rmtree(work, ignore_errors=True)
    return result | {"problem": problem, "seconds": time.monotonic() - begin}


def play(name, way, machine, binary, base, work, keep, samples):
    """Inside the namespace. Prints the failing step and returns 1, or returns 0; what was seen is in result.json."""
    fault = next(fault for fault in FAULTS if fault.name == name)
    sandbox.mount("-t", "tmpfs", "-o", "mode=755", "run", "/run")  # systemd-nspawn's own files
    box = Container(Path(base), Path(work), machine)
    place = layout.install(fault.layout, box.root)
    seen = {}
    try:
        logs = fail(fault, box, place, Path(keep))
        if samples:
            keep_sample(fault, logs, Path(samples))
        else:
            report = diagnose(binary, fault.layout, fault.options, logs)
            (Path(keep) / "report.json").write_text(json.dumps(report, indent=1), encoding="utf-8")
            incident = first_incident(report, fault.expected)
            seen |= table.said(fault, incident)
            mend(fault, box, place, WAYS[way](fault, box, incident, [binary, fault.layout, fault.options, logs]), incident, seen)
    except (Failed, MachineError) as problem:
        print(problem)
        return 1
    finally:
        Path(work, "result.json").write_text(json.dumps(seen), encoding="utf-8")
        box.kill()
    return 0


def fail(fault, box, place, keep):
    """A healthy server, then a broken one; returns its logs."""
    start(box)
    break_it(fault, box, place)
    return capture(fault, box, place, keep)


def mend(fault, box, place, way, incident, seen):
    before = box.etc()
    way.mend()
    expect_page(fault, box, "after the plan")
    seen["repaired"] = True
    check_units(incident, box)
    repeat(fault, box, way)
    if fault.mark:
        box.run(["touch", fault.mark])
    box.reboot()
    expect_page(fault, box, "after the reboot")
    expect_state(fault, box)
    seen["rebooted"] = True
    box.run(["systemctl", "stop", place.service])  # nobody takes the ground from under a running server
    way.undo()
    changed = difference(before, box.etc(), (*fault.left, *way.by_hand))
    if changed:
        raise Failed(f"undo: not as before: {changed}")
    seen["undone"] = True


def start(box):
    box.boot()
    if not patient(lambda: box.get("http://127.0.0.1/") == 200):
        raise Failed(f"boot: the healthy server does not serve: {box.shell('systemctl --no-pager --failed').out.strip()}")


def break_it(fault, box, place):
    done = box.shell(fault.broken)
    if done.status != 0:
        raise Failed(f"break: {done.words()}")
    if fault.then == "reboot":
        box.reboot()
    elif fault.then == "restart":
        box.run(["systemctl", "restart", place.service])
    # A daemon may answer for a moment before it dies, so once is not enough.
    if not patient(lambda: box.get(*fault.request) not in fault.answers):
        raise Failed("break: httpd serves all the same")


def capture(fault, box, place, keep):
    """Journal and error log, as files; they are what an operator has."""
    keep.mkdir(parents=True, exist_ok=True)
    logs = []
    of_unit = [] if fault.whole_journal else ["--unit", place.service]
    for name, text in (("journal.txt", box.run(["journalctl", "--boot", "--no-pager", *of_unit]).out),
                       ("error_log", box.read(place.error_log))):
        (keep / name).write_bytes(text.encode("utf-8", "surrogateescape"))
        logs.append(keep / name)
    return logs


def keep_sample(fault, logs, samples):
    folder = samples / f"{fault.name}-journal"
    folder.mkdir(parents=True, exist_ok=True)
    shutil.copyfile(logs[0], folder / "error.log")
    elsewhere = "" if fault.expected["code"] in logs[0].read_text(errors="replace") else " (the cause stands in the error log alone)"
    (folder / "about").write_text(f"layout: {fault.layout}; text: journal of the unit{elsewhere}; broken: {fault.what}\n", encoding="ascii")


def expect_page(fault, box, when):
    if not patient(lambda: box.get(*fault.request) in fault.answers):
        raise Failed(f"request {when}: status {box.get(*fault.request)}")


def expect_state(fault, box):
    for path, state in fault.after_reboot.items():
        found = box.run(["stat", "--format", "%U:%G %a", path]).out.strip()
        if found != state:
            raise Failed(f"after the reboot: {path} is {found or 'missing'}, not {state}")


def repeat(fault, box, way):
    """A step may be repeated without harm: the second time nothing fails, and /etc stays as it is."""
    before = box.etc()
    try:
        way.again()
    except Failed as problem:
        raise Failed(f"second time: {problem}") from None
    changed = difference(before, box.etc(), fault.again)
    if changed:
        raise Failed(f"second time: changes {changed}")
    expect_page(fault, box, "after the second time")


def difference(before, after, left=()):
    lines = {line for line in before ^ after if not any(word in line for word in left)}
    return ", ".join(sorted(lines)[:3])


def patient(holds):
    end = time.monotonic() + PATIENCE_SECONDS
    while not holds():
        if time.monotonic() > end:
            return False
        time.sleep(0.2)
    return True


if __name__ == "__main__":
    sys.exit(main())
