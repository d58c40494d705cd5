"""Machine: where a plan is carried out. Runs one argv, writes one file, asks for one page."""
import subprocess
import tempfile
from dataclasses import dataclass

from sandbox import ENVIRONMENT

COMMAND_SECONDS = 90
# An empty folder says nothing to anybody, so it does not count as a change.
LOOK_AT_ETC = """\
cd /etc
find . \\( ! -type d -o ! -empty \\) -printf '%p %y %m %U:%G %l\\n' | sort
find . -type f -print0 | sort -z | xargs -0 sha256sum
"""


class MachineError(Exception):
    """The machine itself failed, not what was to be tested on it."""


@dataclass(frozen=True)
class Result:
    status: int
    out: str
    err: str

    def words(self):
        """The last line said, for a one-line message."""
        lines = (self.err.strip() or self.out.strip()).splitlines()
        return f"exit {self.status}" + (f": {lines[-1]}" if lines else "")


class Machine:
    def run(self, argv, seconds=COMMAND_SECONDS, given=None):
        """To be supplied: executes argv there; `given` is its standard input."""
        raise NotImplementedError

    def execute(self, argv, seconds, given=None):
        """Runs argv on this side. A program that is not there or takes too long is a failure like any other.

        Files, not pipes, take what it says: a daemon that it leaves behind would hold a pipe open for ever.
        """
        with tempfile.TemporaryFile() as out, tempfile.TemporaryFile() as err:
            try:
                done = subprocess.run(argv, env=ENVIRONMENT, input=(given or "").encode(), stdout=out, stderr=err,
                                      timeout=seconds, check=False)
            except subprocess.TimeoutExpired:
                return Result(124, "", f"no end after {seconds} seconds")
            except OSError as problem:
                return Result(127, "", str(problem))
            return Result(done.returncode, told(out), told(err))

    def shell(self, text):
        """For the lab's own hands only (to break, to look); never for a step of a plan."""
        return self.run(["/bin/sh", "-ec", text])

    def write(self, path, content, mode, owner, group):
        """Writes a file exactly so; its folder has to be there."""
        return self.run(["install", "-m", mode, "-o", owner, "-g", group, "--", "/dev/stdin", path], given=content)

    def etc(self):
        """Each file below /etc: its mode and owner, its contents."""
        return set(self.shell(LOOK_AT_ETC).out.splitlines())

    def read(self, path):
        return self.run(["cat", "--", path]).out

    def get(self, *request):
        """HTTP status of one request (a URL, curl's options before it), 0 where nobody answers."""
        said = self.run(["curl", "--silent", "--insecure", "--output", "/dev/null", "--max-time", "5", "--write-out", "%{http_code}", *request], 15)
        return int(said.out) if said.out.isdigit() else 0


def told(file):
    file.seek(0)
    return file.read().decode("utf-8", "surrogateescape")


class Here(Machine):
    """This very process's surroundings: the sandbox it runs in."""

    def run(self, argv, seconds=COMMAND_SECONDS, given=None):
        return self.execute(list(argv), seconds, given)
