"""A Box: httpd in one layout inside a sandbox, with the few verbs by which a capture breaks, starts and reads it.

Used by `capture` and by quick.py, only inside a sandbox (sandbox.py).
"""
import http.client
import os
import shutil
import signal
import socket
import subprocess
import time
from pathlib import Path

import layout
import sandbox

FIRST_PID = 1180
START_SECONDS = 15
BACKGROUND_SECONDS = 3


class Box:
    def __init__(self, name):
        self.layout = layout.install(name, "/")
        self.said = ""       # all that httpd wrote to standard error, as a terminal or the journal got it
        self.status = None   # exit status of the last start
        self.servers = []
        self.sockets = []    # kept open, so that their addresses stay taken
        self.pid = FIRST_PID
        self.port = 80
        self.make_run_dir()

    # -- break it ---------------------------------------------------------------------------------------------------

    def make_run_dir(self):
        os.makedirs(self.layout.run_dir, exist_ok=True)
        if self.layout is layout.RHEL:
            shutil.chown(self.layout.run_dir, "root", self.layout.user)
            os.chmod(self.layout.run_dir, 0o710)

    def remove(self, path):
        target = Path(path)
        if target.is_dir() and not target.is_symlink():
            shutil.rmtree(target)
        else:
            target.unlink()

    def write(self, path, text, mode=0o644):
        layout.write("/", path, text, mode)

    def replace(self, path, old, new):
        text = Path(path).read_text(encoding="utf-8")
        if old not in text:
            raise ValueError(f"{path} does not hold {old!r}")
        self.write(path, text.replace(old, new, 1))

    def configure(self, text, file="site.conf"):
        """Adds a file that the main configuration includes; returns its path."""
        folder = "/etc/httpd/conf.d" if self.layout is layout.RHEL else "/etc/apache2/sites-enabled"
        self.write(f"{folder}/{file}", text)
        return f"{folder}/{file}"

    def load(self, *modules):
        if self.layout is layout.RHEL:
            self.write("/etc/httpd/conf.modules.d/10-more.conf", "".join(
                f"LoadModule {module}_module modules/mod_{module}.so\n" for module in modules))
        else:
            self.command("a2enmod", "-q", *modules)

    def unload(self, module):
        if self.layout is layout.RHEL:
            self.replace("/etc/httpd/conf.modules.d/00-base.conf", f"LoadModule {module}_module modules/mod_{module}.so\n", "")
        else:
            self.command("a2dismod", "-q", "-f", module)

    def name_server(self, name="www.example.com"):
        """Silences AH00558, for a case where that line would be one too many."""
        self.replace(self.layout.config, "LogLevel warn", f"ServerName {name}\nLogLevel warn")

    def command(self, *argv):
        subprocess.run(argv, check=True, timeout=60, env=sandbox.ENVIRONMENT, stdout=subprocess.DEVNULL)

    def read_only(self, path):
        sandbox.mount("--bind", path, path)
        sandbox.mount("-o", "remount,bind,ro", path)

    def no_inodes_left(self, path):
        """An own file system there, on which no further file can be made."""
        self._cover(path, "nr_inodes=3")
        for name in ("a", "b"):
            Path(path, name).touch()

    def no_blocks_left(self, path):
        self._cover(path, "size=16k")
        with open(Path(path, "full"), "wb", buffering=0) as file:
            try:
                while True:
                    file.write(b"x" * 4096)
            except OSError:
                pass

    def _cover(self, path, option):
        there = os.stat(path)
        sandbox.mount("-t", "tmpfs", "-o", f"{option},mode={there.st_mode & 0o7777:o}", "small", path)
        os.chown(path, there.st_uid, there.st_gid)

    def occupy(self, address, port):
        """Another process listens there, as a forgotten server does."""
        family = socket.AF_INET6 if ":" in address else socket.AF_INET
        server = socket.socket(family)
        if family == socket.AF_INET6:
            server.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 1)
        server.bind((address, port))
        server.listen()
        self.sockets.append(server)

    def certificate(self, path, key, *protection):
        """A self-signed certificate and its key, in the clear unless the options of openssl say otherwise."""
        for file in (path, key):
            os.makedirs(os.path.dirname(file), exist_ok=True)
        subprocess.run(["openssl", "req", "-x509", "-newkey", "rsa:2048", "-subj", "/CN=www.example.com", "-days", "30",
                        *(protection or ["-nodes"]), "-out", path, "-keyout", key],
                       check=True, timeout=60, stderr=subprocess.DEVNULL)

    def compile_module(self, name, source, *flags):
        """A shared object of our own under modules/, built from C text."""
        self.write(f"/tmp/{name}.c", source)
        folder = "/usr/lib64/httpd/modules" if self.layout is layout.RHEL else "/usr/lib/apache2/modules"
        self.command("cc", "-shared", "-fPIC", "-o", f"{folder}/{name}.so", f"/tmp/{name}.c", *flags)

    # -- start it ---------------------------------------------------------------------------------------------------

    def start(self, argv=None, user=None, environment=None, capabilities=None):
        """Starts httpd and waits until it has exited or serves; what it says is kept."""
        argv = list(argv or self.layout.start)
        if user:
            argv = ["setpriv", "--reuid", user, "--regid", user, "--init-groups", "--", *argv]
        if capabilities:
            argv = ["setpriv", "--bounding-set", capabilities, "--", *argv]
        with open("/tmp/stderr", "wb") as said:
            sandbox.next_pid(self.pid)
            server = subprocess.Popen(argv, env=environment or sandbox.ENVIRONMENT, stdin=subprocess.DEVNULL,
                                      stdout=said, stderr=said, cwd="/", start_new_session=True)
        self.servers.append(server)
        self.status = self._settle(server)
        self.said += Path("/tmp/stderr").read_text(encoding="utf-8", errors="surrogateescape")
        return self.status

    def _settle(self, server):
        end = time.monotonic() + START_SECONDS
        exited = time.monotonic()  # a control script ends well while the server goes on in the background
        while time.monotonic() < end:
            if not self.sockets and self.request() is not None:
                return None
            status = server.poll()
            if status is None:
                exited = time.monotonic()
            elif status != 0 or time.monotonic() > exited + BACKGROUND_SECONDS:
                return status
            time.sleep(0.05)
        raise TimeoutError("httpd neither serves nor exits")

    def request(self, path="/"):
        """Status of one request, or None where nobody answers."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=5)
        try:
            connection.request("GET", path, headers={"Host": "www.example.com"})
            return connection.getresponse().status
        except OSError:
            return None
        finally:
            connection.close()

    def stop(self):
        for server in self.servers:
            if server.poll() is None:
                server.send_signal(signal.SIGTERM)
                server.wait(timeout=START_SECONDS)

    def kill(self):
        """Kills the server with its children, as the kernel does when memory runs out: nothing is tidied up."""
        for server in self.servers:
            os.killpg(server.pid, signal.SIGKILL)
            server.wait(timeout=START_SECONDS)
        self.servers.clear()

    # -- read it ----------------------------------------------------------------------------------------------------

    def error_log(self):
        path = Path(self.layout.error_log)
        return path.read_text(encoding="utf-8", errors="surrogateescape") if path.is_file() else ""
