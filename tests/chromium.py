"""A page in a real Chromium: what it becomes, what it says, and what it looks like."""
import os
import shutil
import subprocess
import tempfile
from pathlib import Path

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")


def show(page, *words, width=1200, height=1600):
    """Runs Chromium on a file; (stdout, stderr). It has no way to any network, and a profile of its own."""
    with tempfile.TemporaryDirectory(prefix="page-") as profile:
        args = [CHROMIUM, "--headless=new", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--no-first-run", "--disable-extensions",
                "--proxy-server=127.0.0.1:9", "--proxy-bypass-list=<-loopback>", "--enable-logging=stderr", "--v=0", f"--user-data-dir={profile}",
                f"--window-size={width},{height}", "--hide-scrollbars", "--virtual-time-budget=3000", *words, Path(page).resolve().as_uri()]
        done = subprocess.run(args, capture_output=True, timeout=180, env={**os.environ, "HOME": profile})
    return done.stdout.decode(errors="replace"), done.stderr.decode(errors="replace")


def console(stderr):
    """What the page itself said: [pid:…:INFO:CONSOLE:1] "…"."""
    return [line for line in stderr.splitlines() if "CONSOLE" in line]
