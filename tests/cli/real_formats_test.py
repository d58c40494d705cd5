"""A real httpd writes with many an ErrorLogFormat, and what is read back is what happened."""
import json
import os
import re
import socket
import subprocess
import tempfile
import time
import unittest
from pathlib import Path

from support import run

APACHE = Path("/usr/sbin/apache2")
MODULES = Path("/usr/lib/apache2/modules")
AGENT = 'x] [client 6.6.6.6:6] AH00072: make_sock: "y"'  # what a visitor may send
REFERER = "http://a.example/?b=c"

# Formats, and the fields that an entry read back must have; "request" and "connection" introduce others.
FORMATS = {
    "default": ([], "time level module pid tid client status code message referer"),
    "manual-simple": ([r"[%t] [%l] [pid %P] %F: %E: [client %a] %M"], "time level pid client status code source_file message"),
    "manual-threaded": ([r"[%{u}t] [%-m:%l] [pid %P:tid %T] %7F: %E: [client\ %a] %M% ,\ referer\ %{Referer}i"],
                        "time level module pid tid client status code message referer"),
    "manual-2.2": ([r"[%t] [%l] %7F: %E: [client\ %a] %M% ,\ referer\ %{Referer}i"], "time level client status code message referer"),
    "manual-ids": ([r"[%{uc}t] [%-m:%-l] [R:%L] [C:%{C}L] %7F: %E: %M", r"request [%{uc}t] [R:%L] Request %k on C:%{c}L pid:%P tid:%T",
                    r"request [%{uc}t] [R:%L] UA:'%+{User-Agent}i'", r"request [%{uc}t] [R:%L] Referer:'%+{Referer}i'",
                    r"connection [%{uc}t] [C:%{c}L] local\ %a remote\ %A"], "time level module status code message request_id"),
    "guides": (["[%{cu}t] [%-m:%-l] %-a %-L %M"], "time level module client code message request_id"),
    "all-in-brackets": ([r"[%{cuz}t] [%m:%l] [pid %P:tid %{g}T] [vhost\ %v] [host\ %V] [local\ %A] [keep\ %k] %E: [remote\ %{c}a] [client\ %a] %M"],
                        "time level module pid tid client status code message virtual_host"),
    "strftime": (["%{%Y-%m-%dT%H:%M:%S%z}t %l %m %P %E: %-a %M"], "time level module pid client status code message"),
    "milliseconds": ([r"[%{m}t] [%l] %E: [client\ %a] %M"], "time level client status code message"),
    "pipes": (["%{cu}t|%-m|%-l|%P|%-E|%-a|%v|%M"], "time level module pid client status code message virtual_host"),
    "json": ([r'{"time":"%{cu}t",\ "level":"%l",\ "module":"%-m",\ "pid":"%P",\ "client":"%-a",\ "status":"%-E",\ "message":"%M"}'],
             "time level module pid client status code message"),
    "message-first": ([r"%M [%l] [%m] [pid\ %P] [client\ %a] [%{cu}t]"], "time level module pid client code message"),
    "percent": (["100%% [%{u}t] [%l]% [pid %P]% %E: %M"], "time level pid status code message"),
    "header-last": ([r"[%{u}t] [%m:%l] [client\ %a] %M [%{User-Agent}i]"], "time level module client"),
    "note-and-variable": ([r"[%{u}t] [%m:%l] [%-{UNIQUE_ID}e] [client\ %a] %-E %M"], "time level module client status code message"),
}

CONFIG = """
ServerRoot {root}
ServerName web.example
DefaultRuntimeDir {root}
PidFile {root}/pid
{modules}
{user}
LogLevel debug
ErrorLog {root}/main.log
DocumentRoot {root}/www
<Directory {root}>
    Require all granted
</Directory>
<Location /denied>
    Require all denied
</Location>
ProxyPass /backend http://127.0.0.1:1/
"""
VHOST = """
Listen 127.0.0.1:{port}
<VirtualHost 127.0.0.1:{port}>
    ServerName {name}.example
    ErrorLog {root}/{name}.log
{formats}
</VirtualHost>
"""


def quoted(text):
    """As the configuration file wants it: a backslash stands for itself but before a quotation mark."""
    return text.replace('"', r'\"')


def directive(text):
    kind = re.match("(request|connection) ", text)
    return "    ErrorLogFormat " + (kind.group() if kind else "") + f'"{quoted(text[kind.end() if kind else 0:])}"'


def free_ports(count):
    sockets = [socket.socket() for _ in range(count)]
    for one in sockets:
        one.bind(("127.0.0.1", 0))
    ports = [one.getsockname()[1] for one in sockets]
    for one in sockets:
        one.close()
    return ports


def ask(port, path):
    """Asks for a page; the address that the server sees."""
    with socket.create_connection(("127.0.0.1", port), timeout=20) as line:
        mine = line.getsockname()
        line.sendall(f"GET {path} HTTP/1.1\r\nHost: asked.example\r\nUser-Agent: {AGENT}\r\nReferer: {REFERER}\r\n"
                     "Connection: close\r\n\r\n".encode())
        while line.recv(65536):
            pass
    return {"address": mine[0], "port": mine[1]}


@unittest.skipUnless(APACHE.exists() and MODULES.is_dir(), "no apache2")
class Formats(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.folder = tempfile.TemporaryDirectory(dir="/tmp")
        cls.addClassCleanup(cls.folder.cleanup)
        cls.root = Path(cls.folder.name)
        cls.root.chmod(0o755)
        (cls.root / "www").mkdir()
        cls.ports = dict(zip(FORMATS, free_ports(len(FORMATS))))
        (cls.root / "httpd.conf").write_text(cls.configuration())
        cls.begin = time.time()
        cls.server = subprocess.Popen([APACHE, "-D", "FOREGROUND", "-f", cls.root / "httpd.conf"], stderr=subprocess.PIPE)
        cls.addClassCleanup(cls.stop)
        cls.wait()
        cls.peers = {name: {path: ask(port, path) for path in ("/denied", "/backend")} for name, port in cls.ports.items()}

    @classmethod
    def configuration(cls):
        names = [name for name in ("mpm_event", "authz_core", "authz_host", "unixd", "proxy", "proxy_http", "unique_id")
                 if (MODULES / f"mod_{name}.so").exists()]
        text = CONFIG.format(root=cls.root, modules="\n".join(f"LoadModule {name}_module {MODULES}/mod_{name}.so" for name in names),
                             user="User www-data\nGroup www-data" if os.geteuid() == 0 else "")
        for name, (formats, _) in FORMATS.items():
            text += VHOST.format(port=cls.ports[name], name=name, root=cls.root, formats="\n".join(map(directive, formats)))
        return text

    @classmethod
    def wait(cls):
        for _ in range(200):
            try:
                return socket.create_connection(("127.0.0.1", cls.ports["default"]), timeout=1).close()
            except OSError:
                if cls.server.poll() is not None:
                    raise AssertionError(cls.server.stderr.read().decode()) from None
                time.sleep(0.05)
        raise AssertionError("httpd does not answer")

    @classmethod
    def stop(cls):
        cls.server.terminate()
        cls.server.wait(timeout=30)
        cls.server.stderr.close()

    def read(self, name):
        options = [word for text in FORMATS[name][0] for word in ("--log-format", text)]
        done = run("entries", *options, self.root / f"{name}.log")
        self.assertEqual((done.status, done.err), (0, ""))
        return [json.loads(line) for line in done.text.splitlines()]

    def test_what_happened_is_read_back(self):
        for name, (_, fields) in FORMATS.items():
            with self.subTest(format=name):
                entries = self.read(name)
                self.assertEqual([one["message"] for one in entries if one["format"] == "unknown"], [])
                self.assertEqual([one for one in entries if one["code"] == "AH00072"], [])
                self.check(entries, fields.split(), "AH01630", "/denied", name)
                self.check(entries, fields.split(), "AH00957", "/backend", name)

    def check(self, entries, fields, code, path, name):
        if "code" not in fields:
            return self.assertTrue([one for one in entries if one["client"] == self.peers[name][path]])
        found = [one for one in entries if one["code"] == code]
        self.assertEqual(len(found), 1, [one["message"] for one in entries])
        one = found[0]
        denied = code == "AH01630"
        expected = {"level": "error", "module": "authz_core" if denied else "proxy", "virtual_host": f"{name}.example"}
        for field in set(fields) & set(expected):
            self.assertEqual(one[field], expected[field], (name, field))
        if "client" in fields and denied:
            self.assertEqual(one["client"], self.peers[name][path])
        if "status" in fields:
            self.assertEqual((one["status"] or {}).get("name"), None if denied else "ECONNREFUSED", name)
        if "referer" in fields and denied:
            self.assertEqual(one["referer"], REFERER)
        for field in set(fields) & {"pid", "tid", "time", "request_id" if denied else "time"}:
            self.assertIsNotNone(one[field], (name, field))
        words = "client denied by server configuration" if denied else "attempt to connect to 127.0.0.1:1"
        self.assertIn(words, one["message"])


if __name__ == "__main__":
    unittest.main()
