"""A booted container: systemd as its process 1, a throw-away overlay over the tree, its own network and cgroup.

To be used in a mount and process namespace of its own (lab.py makes one per fault): then no mount and no process
outlives that namespace, however the run ends. Only the cgroups are left, for remove_cgroups().

Two containers in one cgroup kill each other's processes, so each gets its own, named as the machine.
Needs: root, systemd-nspawn (systemd-container), nsenter (util-linux), overlayfs.
"""
import os
import subprocess
import time
from pathlib import Path

from machine import COMMAND_SECONDS, Machine, MachineError
from sandbox import ENVIRONMENT, HOST_NAME, mount

CGROUPS = Path("/sys/fs/cgroup")
BOOT_SECONDS = 60
STOP_SECONDS = 40


def cgroup_roots():
    """One hierarchy (unified), or systemd's two where the old ones are mounted beside it."""
    if (CGROUPS / "cgroup.controllers").exists():
        return [CGROUPS]
    return [root for root in (CGROUPS / "systemd", CGROUPS / "unified") if root.is_dir()]


def remove_cgroups(name):
    for root in cgroup_roots():
        for folder, _, _ in os.walk(root / name, topdown=False):
            try:
                os.rmdir(folder)
            except OSError:
                pass  # a process is just ending in it; the folder is empty of sense and costs nothing


class Container(Machine):
    def __init__(self, tree, work, name):
        self.name = name
        self.root = work / "root"
        self.console = work / "console"
        self.supervisor = None
        self.leader = None
        for folder in ("root", "upper", "work"):
            (work / folder).mkdir(parents=True, exist_ok=True)
        mount("-t", "overlay", "-o", f"lowerdir={tree},upperdir={work}/upper,workdir={work}/work", "overlay", str(self.root))
        # debootstrap copies this machine's name into the tree.
        (self.root / "etc/hostname").write_text(f"{HOST_NAME}\n", encoding="ascii")
        (self.root / "etc/hosts").write_text(f"127.0.0.1 localhost\n127.0.1.1 {HOST_NAME}\n", encoding="ascii")

    # -- life --------------------------------------------------------------------------------------------------------

    def boot(self):
        """Boots, and waits until systemd has done what it does at boot; returns the seconds that took."""
        begin = time.monotonic()
        with open(self.console, "ab") as console:
            self.supervisor = subprocess.Popen(
                ["systemd-nspawn", "--quiet", f"--directory={self.root}", f"--machine={self.name}", f"--hostname={HOST_NAME}",
                 "--boot", "--private-network", "--register=no", "--keep-unit", "--link-journal=no",
                 "--resolv-conf=off", "--timezone=off", "--console=pipe"],
                env={**ENVIRONMENT, "UNIFIED_CGROUP_HIERARCHY": "1"}, stdin=subprocess.DEVNULL, stdout=console, stderr=console,
                preexec_fn=self._enter_cgroups)
        self._wait_for("no process 1", self._find_leader, begin + BOOT_SECONDS)
        self._wait_for("the boot does not end", self._booted, begin + BOOT_SECONDS)
        return time.monotonic() - begin

    def _enter_cgroups(self):
        for root in cgroup_roots():
            folder = root / self.name
            folder.mkdir(exist_ok=True)
            (folder / "cgroup.procs").write_text(str(os.getpid()), encoding="ascii")

    def _find_leader(self):
        """systemd moves itself into init.scope once it runs."""
        scope = cgroup_roots()[-1] / self.name / "payload/init.scope/cgroup.procs"
        numbers = scope.read_text(encoding="ascii").split() if scope.exists() else []
        self.leader = numbers[0] if numbers else None
        return self.leader is not None

    def _booted(self):
        return self.run(["systemctl", "is-system-running"], 10).out.strip() in ("running", "degraded")

    def _wait_for(self, what, done, end):
        while not done():
            if self.supervisor.poll() is not None:
                raise MachineError(f"the container ended while it booted: {self.last_words()}")
            if time.monotonic() > end:
                raise MachineError(f"{what}: {self.last_words()}")
            time.sleep(0.1)

    def last_words(self):
        return self.console.read_text(encoding="utf-8", errors="replace")[-500:] if self.console.exists() else ""

    def power_off(self):
        self.run(["systemctl", "--no-block", "poweroff"], 15)
        try:
            self.supervisor.wait(timeout=STOP_SECONDS)
        except subprocess.TimeoutExpired:
            self.kill()
            raise MachineError(f"the container does not stop: {self.last_words()}") from None
        self.leader = None

    def reboot(self):
        self.power_off()
        return self.boot()

    def kill(self):
        if self.supervisor and self.supervisor.poll() is None:
            self.supervisor.kill()
            self.supervisor.wait(timeout=10)

    # -- Machine -----------------------------------------------------------------------------------------------------

    def run(self, argv, seconds=COMMAND_SECONDS, given=None):
        """Executes argv inside, as root's login would, with no shell between."""
        inside = ["nsenter", "--target", self.leader, "--mount", "--uts", "--ipc", "--net", "--pid", "--cgroup", "--root", "--wd", "--"]
        return self.execute([*inside, *argv], seconds, given)
