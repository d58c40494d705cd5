"""The tree of the lab's containers: a minimal Debian with systemd and httpd, made once and kept in a cache folder.

Needs: root, debootstrap, Debian's packages (through the machine's own sources), some 400 MB.
"""
import re
import shutil
import subprocess
from pathlib import Path

PACKAGES = ("systemd-sysv", "apache2", "ssl-cert", "policycoreutils", "psmisc", "iproute2", "procps", "curl", "python3-cffi-backend", "ansible-core",
            "php8.2-fpm", "apache2-suexec-pristine")
SUITE = "bookworm"
BUILD_SECONDS = 1500
# A tree made for other packages is made anew.
RECIPE = f"{SUITE}: {' '.join(PACKAGES)}\n"


def ready(cache):
    """Returns the path of the tree below the cache folder, making it where it is not there yet."""
    tree, mark = cache / "tree", cache / "tree.recipe"
    if not (mark.is_file() and mark.read_text(encoding="ascii") == RECIPE):
        mark.unlink(missing_ok=True)
        make(tree)
        mark.write_text(RECIPE, encoding="ascii")
    return tree


def make(tree):
    shutil.rmtree(tree, ignore_errors=True)
    tree.mkdir(parents=True)
    log = tree.parent / "debootstrap.log"
    with open(log, "wb") as said:
        done = subprocess.run(["debootstrap", "--variant=minbase", f"--include={','.join(PACKAGES)}", SUITE, str(tree), *mirror()],
                              stdin=subprocess.DEVNULL, stdout=said, stderr=said, timeout=BUILD_SECONDS, check=False)
    if done.returncode != 0:
        raise RuntimeError(f"debootstrap failed, see {log}")
    for package in (tree / "var/cache/apt/archives").glob("*.deb"):
        package.unlink()


def mirror():
    """The mirror that this machine's apt uses, as debootstrap's last argument; else debootstrap's own choice."""
    for file in (Path("/etc/apt/sources.list"), *sorted(Path("/etc/apt/sources.list.d").glob("*"))):
        if file.is_file():
            found = re.search(r"^(?:URIs:|deb(?: \[.*?\])?)\s+(\S+/debian/?)(?=\s)", file.read_text(encoding="utf-8"), re.M)
            if found:
                return [found.group(1)]
    return []
