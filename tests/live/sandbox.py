"""A private copy of this machine for one process: own mounts, processes, network, host name and semaphores.

run(script, arguments) starts the Python script again inside; furnish() is what that script calls first there. /etc,
/usr, /var, /srv and /tmp are overlays whose changes live in memory, /run is empty: whatever is broken, written or left
behind inside vanishes with the last process, and none outlives run().

Needs: root, unshare (util-linux), ip (iproute2), overlayfs.
"""
import ctypes
import os
import signal
import socket
import subprocess
from pathlib import Path

HOST_NAME = "web1"
SCRATCH = Path("/run")
CHANGED = ("/etc", "/usr", "/var", "/srv", "/tmp")
ENVIRONMENT = {"PATH": "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin", "HOME": "/root", "LANG": "C",
               "TERM": "dumb", "USER": "root", "LOGNAME": "root"}
PYTHON = "/usr/bin/python3"


def run(script, arguments, timeout):
    """Runs the script inside a sandbox; the kernel ends all that it started when it ends or the time is up."""
    return subprocess.run(
        ["unshare", "--mount", "--pid", "--net", "--uts", "--ipc", "--fork", "--mount-proc", "--kill-child",
         "--", PYTHON, "-B", str(script), *arguments],
        env=ENVIRONMENT, stdin=subprocess.DEVNULL, capture_output=True, text=True, errors="surrogateescape",
        timeout=timeout, check=False, preexec_fn=die_with_parent)


def die_with_parent():
    """Before exec: the kernel kills this process when its parent dies, even where that one was killed itself."""
    ctypes.CDLL(None).prctl(1, signal.SIGKILL)  # PR_SET_PDEATHSIG


def furnish():
    """Makes the inside: to be called once, first, by the script that run() started."""
    mount("-t", "tmpfs", "-o", "mode=755", "scratch", str(SCRATCH))
    for tree in CHANGED:
        overlay(tree)
    # The overlays hold on to the scratch space; a second mount hides it from what runs inside.
    mount("-t", "tmpfs", "-o", "mode=755", "empty", "/run")
    os.makedirs("/run/lock", exist_ok=True)
    os.chmod("/run/lock", 0o1777)
    socket.sethostname(HOST_NAME)
    Path("/etc/hosts").write_text(f"127.0.0.1 localhost\n127.0.1.1 {HOST_NAME}\n", encoding="ascii")
    subprocess.run(["ip", "link", "set", "lo", "up"], check=True, timeout=10)


def mount(*arguments):
    subprocess.run(["mount", *arguments], check=True, timeout=10)


def overlay(tree):
    upper, work = SCRATCH / f"upper{tree}", SCRATCH / f"work{tree}"
    upper.mkdir(parents=True)
    upper.chmod(os.stat(tree).st_mode & 0o7777)
    work.mkdir(parents=True)
    mount("-t", "overlay", "-o", f"lowerdir={tree},upperdir={upper},workdir={work}", "overlay", tree)


def next_pid(number):
    """The next process started in here gets that number: a log then does not tell how it was made."""
    Path("/proc/sys/kernel/ns_last_pid").write_text(str(number - 1), encoding="ascii")
