"""The two ways httpd is laid out in this lab: like the RHEL family, and Debian's own.

install(name, root) furnishes a tree that already holds Debian's apache2 package: a container's tree, or "/" of a
private mount namespace (sandbox.py). It writes below `root` only.

The RHEL-like layout runs a copy of Debian's binary in which the packager's strings (ServerRoot, run directory, vendor)
are replaced, as another config.layout would have compiled them; the vendor becomes upstream's neutral "(Unix)".

Needs: a C compiler (cc) on the machine that builds the layout.
"""
import os
import re
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path

HERE = Path(__file__).resolve().parent


@dataclass(frozen=True)
class Layout:
    """Where things lie, in the words of the platform."""
    name: str
    service: str
    user: str
    config: str
    error_log: str
    run_dir: str
    log_dir: str
    document_root: str
    start: tuple        # how an operator starts it without a service manager
    page: str = "It works!\n"


RHEL = Layout("rhel", "httpd", "apache", "/etc/httpd/conf/httpd.conf", "/var/log/httpd/error_log", "/run/httpd",
              "/var/log/httpd", "/var/www/html", ("/usr/sbin/httpd", "-D", "FOREGROUND"))
DEBIAN = Layout("debian", "apache2", "www-data", "/etc/apache2/apache2.conf", "/var/log/apache2/error.log",
                "/run/apache2", "/var/log/apache2", "/var/www/html", ("/usr/sbin/apache2ctl", "start"))
LAYOUTS = {layout.name: layout for layout in (RHEL, DEBIAN)}

RHEL_CONFIG = """\
ServerRoot "/etc/httpd"
PidFile /run/httpd/httpd.pid
Listen 80
Include conf.modules.d/*.conf
User apache
Group apache
ServerAdmin root@localhost

<Directory />
    AllowOverride none
    Require all denied
</Directory>

DocumentRoot "/var/www/html"
<Directory "/var/www">
    AllowOverride None
    Require all granted
</Directory>

DirectoryIndex index.html
<Files ".ht*">
    Require all denied
</Files>

ErrorLog "logs/error_log"
LogLevel warn
LogFormat "%h %l %u %t \\"%r\\" %>s %b" common
CustomLog "logs/access_log" common

TypesConfig /etc/mime.types
AddDefaultCharset UTF-8
IncludeOptional conf.d/*.conf
"""

# The same few files, in the same order, as the package of the RHEL family loads them.
RHEL_MODULES = {
    "00-base.conf": ("access_compat", "alias", "auth_basic", "auth_digest", "authn_core", "authn_file", "authz_core",
                     "authz_host", "authz_user", "autoindex", "dir", "env", "filter", "headers", "mime",
                     "negotiation", "rewrite", "setenvif", "slotmem_shm", "socache_shmcb", "status"),
    "00-systemd.conf": ("systemd",),
}

# As the package ships it: the others stand there as comments.
RHEL_MPM = """\
#LoadModule mpm_prefork_module modules/mod_mpm_prefork.so
#LoadModule mpm_worker_module modules/mod_mpm_worker.so
LoadModule mpm_event_module modules/mod_mpm_event.so
"""

# Such a system has it; of the packages in here it knows nothing.
RPM = """\
#!/bin/sh
echo "file is not owned by any package"
exit 1
"""

RHEL_UNIT = """\
[Unit]
Description=The Apache HTTP Server
After=network.target remote-fs.target nss-lookup.target
Documentation=man:httpd.service(8)

[Service]
Type=notify
Environment=LANG=C
ExecStart=/usr/sbin/httpd $OPTIONS -DFOREGROUND
ExecReload=/usr/sbin/httpd $OPTIONS -k graceful
KillSignal=SIGWINCH
KillMode=mixed
PrivateTmp=true

[Install]
WantedBy=multi-user.target
"""

RHEL_APACHECTL = """\
#!/bin/sh
case "$1" in
start|stop|restart|status) exec systemctl --no-pager "$1" httpd.service ;;
graceful) exec systemctl reload httpd.service ;;
configtest) exec /usr/sbin/httpd -t ;;
*) exec /usr/sbin/httpd "$@" ;;
esac
"""

RHEL_TMPFILES = "d /run/httpd   710 root apache\nd /run/httpd/htcacheclean   700 apache apache\n"


def install(name, root):
    """Furnishes the tree below root with the layout of that name and returns the Layout."""
    {"rhel": install_rhel, "debian": install_debian}[name](Path(root))
    return LAYOUTS[name]


def install_rhel(root):
    add_account(root, "apache", 48, "/usr/share/httpd")
    install_rhel_programs(root)
    for folder, mode in (("/etc/httpd/conf", 0o755), ("/etc/httpd/conf.d", 0o755),
                         ("/etc/httpd/conf.modules.d", 0o755), ("/var/log/httpd", 0o700), ("/var/www/html", 0o755)):
        make_folder(root, folder, mode)
    for link, target in (("/etc/httpd/logs", "../../var/log/httpd"), ("/etc/httpd/run", "/run/httpd"),
                         ("/etc/httpd/modules", "../../usr/lib64/httpd/modules")):
        write_link(root, link, target)
    write(root, RHEL.config, RHEL_CONFIG)
    for file, modules in RHEL_MODULES.items():
        write(root, f"/etc/httpd/conf.modules.d/{file}", "".join(
            f"LoadModule {module}_module modules/mod_{module}.so\n" for module in modules))
    write(root, "/etc/httpd/conf.modules.d/00-mpm.conf", RHEL_MPM)
    write(root, "/usr/bin/rpm", RPM, 0o755)
    write(root, "/var/www/html/index.html", RHEL.page)
    write(root, "/usr/lib/systemd/system/httpd.service", RHEL_UNIT)
    write(root, "/usr/lib/tmpfiles.d/httpd.conf", RHEL_TMPFILES)
    wanted = "/etc/systemd/system/multi-user.target.wants"
    write_link(root, f"{wanted}/httpd.service", "/usr/lib/systemd/system/httpd.service")
    for unit in ("apache2.service", "apache-htcacheclean.service"):
        below(root, f"{wanted}/{unit}").unlink(missing_ok=True)
    # Nothing of Debian's layout is left to read: a plan that uses it by mistake has to fail.
    shutil.rmtree(below(root, "/etc/apache2"), ignore_errors=True)


def install_rhel_programs(root):
    modules = make_folder(root, "/usr/lib64/httpd/modules", 0o755)
    for module in below(root, "/usr/lib/apache2/modules").glob("mod_*.so"):
        write_link(root, f"/usr/lib64/httpd/modules/{module.name}", f"../../../lib/apache2/modules/{module.name}")
    compile_c("shm_shim.c", below(root, "/usr/lib64/httpd/shm_shim.so"), shared=True)
    compile_c("mod_systemd.c", modules / "mod_systemd.so", shared=True)
    compile_c("httpd.c", below(root, "/usr/sbin/httpd"))
    relaid = below(root, "/usr/lib64/httpd/httpd")
    relaid.write_bytes(relay(below(root, "/usr/sbin/apache2").read_bytes()))
    relaid.chmod(0o755)
    write(root, "/usr/sbin/apachectl", RHEL_APACHECTL, 0o755)


def relay(binary):
    """Replaces the layout strings of Debian's binary; each has to be there once, whole, and long enough."""
    banner = re.search(rb"\0Apache/[0-9.]+ \(Debian\)\0", binary).group().strip(b"\0")
    for old, new in ((b"/etc/apache2", b"/etc/httpd"), (b"/var/run/apache2", b"/run/httpd"),
                     (banner, banner.replace(b"(Debian)", b"(Unix)"))):
        whole = b"\0" + old + b"\0"
        if binary.count(whole) != 1:
            raise ValueError(f"layout string {old!r} is there {binary.count(whole)} times")
        binary = binary.replace(whole, b"\0" + new.ljust(len(old), b"\0") + b"\0")
    return binary


def install_debian(root):
    compile_c("shm_shim.c", make_folder(root, "/usr/lib/apache2", 0o755) / "shm_shim.so", shared=True)
    write(root, "/var/www/html/index.html", DEBIAN.page)


def compile_c(source, target, shared=False):
    flags = ["-shared", "-fPIC"] if shared else []
    target.unlink(missing_ok=True)
    subprocess.run(["cc", "-O1", *flags, "-o", str(target), str(HERE / source)], check=True, timeout=60)


def add_account(root, name, number, home):
    for file, line in (("/etc/passwd", f"{name}:x:{number}:{number}:Apache:{home}:/usr/sbin/nologin"),
                       ("/etc/group", f"{name}:x:{number}:"), ("/etc/shadow", f"{name}:!:19000::::::")):
        path = below(root, file)
        if not re.search(rf"^{name}:", path.read_text(), re.M):
            path.write_text(path.read_text() + line + "\n")


def below(root, path):
    """The place in the tree; a link on the way that is absolute would lead out of the tree, so none is followed."""
    return Path(root) / path.lstrip("/")


def make_folder(root, path, mode):
    folder = below(root, path)
    folder.mkdir(parents=True, exist_ok=True)
    folder.chmod(mode)
    return folder


def write_link(root, path, target):
    link = below(root, path)
    link.parent.mkdir(parents=True, exist_ok=True)
    if link.is_symlink() or link.exists():
        link.unlink()
    os.symlink(target, link)


def write(root, path, text, mode=0o644):
    file = below(root, path)
    file.parent.mkdir(parents=True, exist_ok=True)
    if file.is_symlink():  # /usr/sbin/apachectl is a link to another program on Debian
        file.unlink()
    file.write_text(text)
    file.chmod(mode)
