"""What the lab breaks, and what it expects of the plan."""
from dataclasses import dataclass

from fault import ALL_WAYS, Fault
from faults_config import CONFIG_FAULTS
from faults_request import REQUEST_FAULTS
from faults_system import SYSTEM_FAULTS

DIGEST_ON_DEBIAN = """\
mkdir -p /etc/systemd/system/apache2.service.d
cat > /etc/systemd/system/apache2.service.d/foreground.conf <<'END'
[Service]
Type=simple
Environment=APACHE_RUN_USER=www-data APACHE_RUN_GROUP=www-data APACHE_PID_FILE=/run/apache2.pid
Environment=APACHE_RUN_DIR=/var/run/apache2 APACHE_LOCK_DIR=/var/lock APACHE_LOG_DIR=/var/log/apache2
Environment=LD_PRELOAD=/usr/lib/apache2/shm_shim.so
ExecStart=
ExecStart=/usr/sbin/apache2 -D FOREGROUND
END
sed -i '/^DefaultRuntimeDir/d' /etc/apache2/apache2.conf
a2enmod -q auth_digest
"""
# A socket of another unit takes the port; `cat` never gets to run.
SQUATTER = """\
cat > /run/systemd/system/squatter.service <<'END'
[Service]
ExecStart=/usr/bin/systemd-socket-activate -l 80 /usr/bin/cat
END
systemctl daemon-reload
systemctl stop {service}
systemctl start squatter
until ss -ltnH 'sport = :80' | grep -q .; do sleep 0.1; done
"""
VHOST_WITH_LOG = """\
cat > /etc/httpd/conf.d/shop.conf <<'END'
<VirtualHost *:80>
    ServerName shop.example.com
    DocumentRoot /var/www/html
    CustomLog /var/log/shop/access_log common
</VirtualHost>
END
"""


MISSING_RUN_DIR = {"code": "AH01762", "errno.name": "ENOENT", "cause.class": "missing-directory", "subject.value": "/run/httpd"}


def run_directory_missing(name, persist, state):
    return Fault(name, "rhel", "nothing makes /run/httpd at boot", "rm /usr/lib/tmpfiles.d/httpd.conf", MISSING_RUN_DIR,
                 options=("--persist", persist) if persist else (), then="reboot", after_reboot=state, ways=ALL_WAYS)


FAULTS = (
    run_directory_missing("rhel-run-directory-missing", None, {"/run/httpd": "root:apache 710"}),
    run_directory_missing("rhel-run-directory-missing-tmpfiles", "tmpfiles", {"/run/httpd": "root:apache 710"}),
    # No group can be named there: systemd gives the directory to the unit's user.
    run_directory_missing("rhel-run-directory-missing-runtime-directory", "runtime-directory", {}),
    run_directory_missing("rhel-run-directory-missing-unit", "unit", {"/run/httpd": "root:apache 710"}),
    Fault("debian-run-directory-missing", "debian", "apache2 in the foreground, nothing makes /run/apache2 at boot", DIGEST_ON_DEBIAN,
          {"code": "AH01762", "errno.name": "ENOENT", "cause.class": "missing-directory"}, then="reboot", ways=("argv", "sh")),
    Fault("rhel-pid-directory-missing", "rhel", "the directory of PidFile does not exist",
          "sed -i 's|^PidFile .*|PidFile /run/httpd-www/httpd.pid|' /etc/httpd/conf/httpd.conf",
          {"code": "AH00099", "errno.name": "ENOENT", "cause.class": "missing-directory"}),
    Fault("rhel-log-directory-missing", "rhel", "the log directory does not exist", "rm -r /var/log/httpd",
          {"code": "AH02291", "errno.name": "ENOENT", "cause.class": "missing-directory"}),
    Fault("debian-log-directory-missing", "debian", "the log directory does not exist", "rm -r /var/log/apache2",
          {"code": "AH02291", "errno.name": "ENOENT", "cause.class": "missing-directory"}),
    Fault("rhel-port-in-use", "rhel", "another process listens on port 80", SQUATTER.format(service="httpd"),
          {"code": "AH00072", "errno.name": "EADDRINUSE", "cause.class": "address-in-use"},
          by_hand="systemctl stop squatter", ways=("argv", "sh")),
    Fault("debian-port-in-use", "debian", "another process listens on port 80", SQUATTER.format(service="apache2"),
          {"code": "AH00072", "errno.name": "EADDRINUSE", "cause.class": "address-in-use"},
          by_hand="systemctl stop squatter"),
    # A new, empty document root has no index: 403 is then the right answer.
    Fault("rhel-document-root-missing", "rhel", "the DocumentRoot of the main server does not exist",
          "sed -i 's|^DocumentRoot .*|DocumentRoot \"/srv/www/htdocs\"|' /etc/httpd/conf/httpd.conf",
          {"code": "AH00526", "subject.value": "/srv/www/htdocs"}, answers=(200, 403, 404),
          by_hand="mkdir -p /srv/www/htdocs", ways=("argv", "sh")),
    Fault("rhel-unknown-user", "rhel", "User names nobody known", "sed -i 's/^User apache/User webuser/' /etc/httpd/conf/httpd.conf",
          {"code": "AH00543", "cause.class": "unknown-user"},
          by_hand="sed -i 's/^User webuser/User apache/' /etc/httpd/conf/httpd.conf", left=(".ahdiag-bak",), ways=("argv", "sh")),
    Fault("debian-rewrite-not-enabled", "debian", "RewriteEngine while mod_rewrite is not enabled",
          "sed -i 's|DocumentRoot.*|&\\n\\tRewriteEngine On|' /etc/apache2/sites-available/000-default.conf",
          {"code": "AH00526", "cause.class": "missing-module"}, ways=ALL_WAYS),
    Fault("rhel-pid-file-corrupt", "rhel", "the pid file holds a word", "systemctl stop httpd; echo nonsense > /run/httpd/httpd.pid",
          {"code": "AH00058", "cause.class": "stale-pid-file"}),
    Fault("debian-pid-file-corrupt", "debian", "the pid file is empty", "systemctl stop apache2; : > /run/apache2/apache2.pid",
          {"code": "AH00058", "cause.class": "stale-pid-file"}),
    Fault("rhel-vhost-log-directory-missing", "rhel", "the directory of a virtual host's CustomLog does not exist", VHOST_WITH_LOG,
          {"code": "AH02297", "errno.name": "ENOENT", "cause.class": "missing-directory"}, ways=ALL_WAYS),
    Fault("rhel-rewrite-not-loaded", "rhel", "RewriteEngine while mod_rewrite is not loaded",
          "sed -i '/rewrite_module/d' /etc/httpd/conf.modules.d/00-base.conf; echo 'RewriteEngine On' > /etc/httpd/conf.d/site.conf",
          {"code": "AH00526", "cause.class": "missing-module"}, ways=("argv", "sh")),
    Fault("debian-ssl-not-enabled", "debian", "SSLEngine while mod_ssl is not enabled", "a2ensite -q default-ssl",
          {"code": "AH00526", "cause.class": "missing-module"}, left=("socache_shmcb",), ways=ALL_WAYS),
    Fault("rhel-unknown-group", "rhel", "Group names no known group", "sed -i 's/^Group apache/Group webgroup/' /etc/httpd/conf/httpd.conf",
          {"code": "AH00544", "cause.class": "unknown-user"},
          by_hand="sed -i 's/^Group webgroup/Group apache/' /etc/httpd/conf/httpd.conf", left=(".ahdiag-bak",)),
    Fault("debian-no-mpm", "debian", "no MPM is enabled", "a2dismod -q -f mpm_event",
          {"code": "AH00534", "cause.class": "mpm-conflict"}, ways=("argv", "sh")),
    Fault("debian-document-root-denied", "debian", "a component of the document root may not be searched", "chmod 0700 /var/www",
          {"code": "AH00035", "errno.name": "EACCES", "cause.class": "permission-denied"}, then="request", ways=("argv", "sh")),
    *SYSTEM_FAULTS,
    *CONFIG_FAULTS,
    *REQUEST_FAULTS,
)


@dataclass(frozen=True)
class QuickFault:
    """A captured case (cases.py) whose plan is carried out without systemd."""
    case: str
    expected: dict
    options: tuple = ()
    again: str = ""      # further breaking before the case, as path to remove
    state: str = ""      # "owner:group mode" of the run directory after the boot that is played
    answers: tuple = (200,)
    same_pid: bool = False  # httpd gets the same process number at every start, as in a container


def quick_run_directory(persist, state):
    return QuickFault("rhel-digest-run-directory-missing", MISSING_RUN_DIR, options=("--persist", persist),
                      again="/usr/lib/tmpfiles.d/httpd.conf", state=state)


QUICK_FAULTS = {
    "digest-run-directory-missing-tmpfiles": quick_run_directory("tmpfiles", "root:apache 710"),
    "digest-run-directory-missing-runtime-directory": quick_run_directory("runtime-directory", ""),
    "digest-run-directory-missing-unit": quick_run_directory("unit", ""),
    "digest-stale-segment": QuickFault("rhel-digest-stale-segment", {
        "code": "AH01762", "errno.name": "EEXIST", "cause.class": "file-exists"}, same_pid=True),
    "pid-directory-missing": QuickFault("rhel-pid-directory-missing", {
        "code": "AH00099", "errno.name": "ENOENT", "cause.class": "missing-directory"}),
    "pid-file-corrupt": QuickFault("rhel-pid-file-corrupt", {"code": "AH00058", "cause.class": "stale-pid-file"}),
    "log-directory-missing": QuickFault("rhel-log-directory-missing", {
        "code": "AH02291", "errno.name": "ENOENT", "cause.class": "missing-directory"}),
    "mutex-directory-missing": QuickFault("rhel-mutex-directory-missing", {
        "code": "AH00023", "errno.name": "ENOENT", "cause.class": "missing-directory"}),
    "mutex-directory-not-valid": QuickFault("rhel-mutex-directory-not-valid", {
        "code": "AH00526", "cause.class": "missing-directory", "subject.value": "/run/lock/httpd"}),
    "run-directory-is-a-file": QuickFault("rhel-run-directory-is-a-file", {
        "code": "AH00058", "errno.name": "ENOTDIR", "cause.class": "not-a-directory"}),
    "vhost-log-directory-missing": QuickFault("rhel-vhost-custom-log-directory-missing", {
        "code": "AH02297", "errno.name": "ENOENT", "cause.class": "missing-directory"}),
    "command-of-missing-module": QuickFault("rhel-command-of-missing-module", {
        "code": "AH00526", "cause.class": "missing-module"}),
    "rhel-no-listen": QuickFault("rhel-no-listen", {"rule": "no-listening-sockets"}),
    "debian-no-listen": QuickFault("debian-no-listen", {"rule": "no-listening-sockets"}),
    "debian-log-directory-missing": QuickFault("debian-log-directory-missing", {"code": "AH02291", "cause.class": "missing-directory"}),
    "debian-vhost-error-log-directory-missing": QuickFault("debian-vhost-error-log-directory-missing", {"code": "AH02291", "cause.class": "missing-directory"}),
    "debian-pid-file-empty": QuickFault("debian-pid-file-empty", {"code": "AH00058", "cause.class": "stale-pid-file"}),
    "debian-rewrite-not-enabled": QuickFault("debian-rewrite-not-enabled", {"code": "AH00526", "cause.class": "missing-module"}),
    "debian-no-mpm": QuickFault("debian-no-mpm", {"code": "AH00534", "cause.class": "mpm-conflict"}),
    "rhel-directive-misspelt": QuickFault("rhel-directive-misspelt", {"code": "AH00526", "cause.class": "unknown-directive"}),
    "rhel-balancer-without-lbmethod": QuickFault("rhel-balancer-without-lbmethod", {"cause.class": "missing-module"}),
    "rhel-balancer-without-slotmem": QuickFault("rhel-balancer-without-slotmem", {"cause.class": "missing-module"}),
}
