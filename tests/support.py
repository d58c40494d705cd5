"""What the Python tests share: the binary, the schema, a terminal. AHDIAG and AHDIAG_SOURCE come from ctest."""
import copy
import fcntl
import json
import os
import pty
import struct
import subprocess
import termios
from pathlib import Path

import jsonschema

SOURCE = Path(os.environ.get("AHDIAG_SOURCE", Path(__file__).resolve().parents[1]))
AHDIAG = os.environ.get("AHDIAG", str(SOURCE / "build/dev/ahdiag"))
FOUNDING = SOURCE / "samples/founding/error.log"
MISSING_DIRECTORY = ("[Wed Mar 13 07:02:11.000001 2024] [auth_digest:error] [pid 22] (2)No such file or directory: "
                     "AH01762: Failed to create shared memory segment on file {}/authdigest_shm.22\n")


class Run:
    """One finished run of the binary."""

    def __init__(self, args, log=None, **more):
        done = subprocess.run([AHDIAG, *map(str, args)], input=to_bytes(log or ""), capture_output=True, timeout=120, **more)
        self.status, self.out, self.err = done.returncode, done.stdout, done.stderr.decode()

    @property
    def text(self):
        return self.out.decode()

    def report(self):
        """The JSON report; it must keep to the schema, and to the letter: no member may be unknown."""
        report = json.loads(self.out.decode())
        validate(report)
        return report


def run(*args, log=None, **more):
    return Run(args, log, **more)


def report_on(log, *args):
    return run("--format", "json", *args, log=log).report()


def to_bytes(text):
    return text if isinstance(text, bytes) else text.encode()


def events_in(path):
    """The events of a file that may still be written: what has no end yet is none."""
    if not path.exists():
        return []
    return [json.loads(line) for line in path.read_bytes().splitlines(keepends=True) if line.endswith(b"\n")]


# ---- the schema

def read_schema():
    return json.loads((SOURCE / "schema/report.schema.json").read_text())


def strict(schema):
    """The schema where an object has the members that are named, and no others."""
    schema = copy.deepcopy(schema)
    stack = [schema]
    while stack:
        part = stack.pop()
        if isinstance(part, dict):
            if "properties" in part and "type" in part:
                part["additionalProperties"] = False
            stack.extend(part.values())
        elif isinstance(part, list):
            stack.extend(part)
    return schema


VALIDATOR = jsonschema.Draft7Validator(strict(read_schema()))


def validate(report):
    for error in VALIDATOR.iter_errors(report):
        where = "/".join(map(str, error.absolute_path))
        raise AssertionError(f"{where}: {error.message[:500]} {[one.message[:200] for one in error.context or []]}")


# ---- parts of a report

def all_steps(report):
    """Every step of a report, those of the alternatives too."""
    for incident in report["incidents"]:
        yield from incident["plan"]["steps"]
        for alternative in incident["plan"]["alternatives"]:
            yield from alternative["steps"]


def steps_of(incident, *phases):
    return [step for step in incident["plan"]["steps"] if step["phase"] in phases]


def words_of(step):
    """What a step does, as one text."""
    return step.get("shell") or step.get("text") or f"{step['path']}: {step['content']}"


# ---- a terminal

def run_on_terminal(*args, log=None, columns=100, stdin_too=False, environment=None):
    """The binary with standard output (and input) on a pseudo-terminal: (exit status, what it shows, stderr)."""
    ours, theirs = pty.openpty()
    fcntl.ioctl(theirs, termios.TIOCSWINSZ, struct.pack("HHHH", 24, columns, 0, 0))
    settings = {name: value for name, value in os.environ.items() if name not in ("NO_COLOR", "TERM")}
    settings.update({"TERM": "xterm"} if environment is None else environment)
    process = subprocess.Popen([AHDIAG, *map(str, args)], stdin=theirs if stdin_too else subprocess.PIPE, stdout=theirs,
                               stderr=subprocess.PIPE, env=settings)
    os.close(theirs)
    if not stdin_too:
        process.stdin.write(to_bytes(log or ""))
        process.stdin.close()
    shown = read_all(ours)
    error = process.stderr.read().decode()
    process.stderr.close()
    return process.wait(timeout=60), shown, error


def read_all(fd):
    shown = b""
    try:
        while piece := os.read(fd, 65536):
            shown += piece
    except OSError:  # Linux says EIO when the other side is closed
        pass
    os.close(fd)
    return shown.decode().replace("\r\n", "\n")
