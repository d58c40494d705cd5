"""Carries out the plan of a report, step by step, as it stands.

A command is executed by its argv, with no shell; a file is written with exactly its content, mode and owner, and its
folder has to be there. A manual step fails the phase, unless a fault supplies the hand that does it.
"""
import json
import shlex
import subprocess

PHASES = ("inspect", "repair", "persist", "verify")
UNIT_FOLDER = "/etc/systemd/system/"
CANNOT_EXECUTE = (124, 126, 127)
DIAGNOSE_SECONDS = 30


class Failed(Exception):
    """What went wrong, in one line that names the step."""


def ahdiag(form, binary, platform, options, logs):
    """Runs ahdiag on the captured logs and returns what it printed."""
    argv = [str(binary), "--format", form, "--platform", platform, *options, *map(str, logs)]
    try:
        done = subprocess.run(argv, stdin=subprocess.DEVNULL, capture_output=True, timeout=DIAGNOSE_SECONDS, check=False)
    except (OSError, subprocess.TimeoutExpired) as problem:
        raise Failed(f"diagnose: {problem}") from None
    if done.returncode not in (0, 1):
        raise Failed(f"diagnose: exit {done.returncode}: {done.stderr.decode(errors='replace').strip()[-300:]}")
    return done.stdout.decode()


def diagnose(*request):
    """The report on the captured logs."""
    try:
        return json.loads(ahdiag("json", *request))
    except ValueError as problem:
        raise Failed(f"diagnose: not JSON: {problem}") from None


def first_incident(report, expected):
    """The worst incident, which has to be the one the fault expects; `expected` maps dotted names to values."""
    if not report.get("incidents"):
        raise Failed("diagnose: no incident")
    incident = report["incidents"][0]
    for name, value in expected.items():
        found = incident
        for part in name.split("."):
            found = (found or {}).get(part)
        if found != value:
            raise Failed(f"diagnose: {name} is {found!r}, not {value!r}")
    return incident


def steps_of(incident, phase):
    return [step for step in incident["plan"]["steps"] if step["phase"] == phase]


def carry_out(incident, phase, machine, manual=None, skip=lambda step: False):
    """Carries out one phase; raises Failed at the first step that fails.

    `manual` does what a person would do at a manual step. `skip` leaves out steps a machine cannot do.
    """
    for number, step in enumerate(steps_of(incident, phase), 1):
        if skip(step):
            continue
        result = do(step, machine, manual)
        if result is not None and not fine(step, result):
            raise Failed(f"{phase} step {number} [{title(step)}]: {result.words()}")


def do(step, machine, manual):
    check_form(step)
    if step["kind"] == "command":
        return machine.run(step["argv"])
    if step["kind"] == "file":
        return machine.write(step["path"], step["content"], step["mode"], step["owner"], step["group"])
    if step["phase"] in ("inspect", "verify"):
        return None  # to look at something by hand changes nothing; whether it serves is what the lab itself asks
    if manual is None:
        raise Failed(f"{step['phase']}: a manual step: {step['text']}")
    return manual(step)  # raises Failed, or returns None


def check_form(step):
    """What every step promises: an argv of words, and a shell form that means just that argv."""
    if step["kind"] != "command":
        return
    argv = step["argv"]
    if not argv or not all(isinstance(word, str) for word in argv):
        raise Failed(f"{step['phase']}: argv is not a list of words: {argv!r}")
    if shlex.split(step["shell"]) != argv:
        raise Failed(f"{step['phase']}: the shell form [{step['shell']}] is another command than {argv}")


def fine(step, result):
    """A step may say which statuses are its good ones; an inspection's status is else its finding, whatever it is."""
    good = (step.get("expect") or {}).get("exit")
    if good is not None:
        return result.status in (good if isinstance(good, list) else [good])
    if step["phase"] == "inspect":
        return result.status not in CANNOT_EXECUTE
    return result.status == 0


def title(step):
    return {"command": step.get("shell"), "file": f"write {step.get('path')}", "manual": step.get("text")}[step["kind"]]


def check_units(incident, machine):
    """Each unit or drop-in the plan wrote is read by systemd without a word about it."""
    for step in incident["plan"]["steps"]:
        if step["kind"] != "file" or not step["path"].startswith(UNIT_FOLDER):
            continue
        unit = unit_of(step["path"], machine)
        said = machine.run(["systemd-analyze", "verify", "--man=no", "--recursive-errors=no", unit])
        about = [line for line in said.err.splitlines() if step["path"] in line]
        if said.status != 0 or about:
            raise Failed(f"systemd-analyze verify {unit}: {about[0] if about else said.words()}")


def unit_of(path, machine):
    """The unit file that a unit file is, or that a drop-in belongs to."""
    first, _, rest = path.removeprefix(UNIT_FOLDER).partition("/")
    if not rest:
        return path
    unit = first.removesuffix(".d")
    places = [folder + unit for folder in (UNIT_FOLDER, "/usr/lib/systemd/system/")]
    return next((place for place in places if machine.run(["test", "-e", place]).status == 0), unit)
