"""Faults between httpd and the system: systemd's sandbox and limits, hand-made units, run time files, logs."""
from fault import ALL_WAYS, Fault

def drop_in(service, *lines):
    """A drop-in of the service, as somebody wrote it by hand."""
    text = "\\n".join(("[Service]", *lines))
    return f"mkdir -p /etc/systemd/system/{service}.service.d\nprintf '{text}\\n' > /etc/systemd/system/{service}.service.d/local.conf\nsystemctl daemon-reload\n"


REMOVE_DROP_IN = "rm /etc/systemd/system/{0}.service.d/local.conf; systemctl daemon-reload"

LOGS_IN_MEMORY = "sed -i 's|^ErrorLog.*|ErrorLog \"/run/log/httpd/error_log\"|' /etc/httpd/conf/httpd.conf"

SYSTEM_FAULTS = (
    Fault("rhel-sandbox-path-missing", "rhel", "ReadWritePaths= of a drop-in names a path that does not exist (226/NAMESPACE)",
          drop_in("httpd", "ReadWritePaths=/srv/shop/uploads"), {"rule": "sandbox-path-missing", "case": "missing", "cause.class": "missing-directory", "subject.value": "/srv/shop/uploads"}, whole_journal=True, ways=("argv", "sh")),
    Fault("debian-sandbox-path-missing", "debian", "BindPaths= of a drop-in names a path that does not exist (226/NAMESPACE)",
          drop_in("apache2", "BindPaths=/srv/shop"), {"rule": "sandbox-path-missing", "case": "missing", "cause.class": "missing-directory", "subject.value": "/srv/shop"}, whole_journal=True),
    Fault("rhel-unit-program-not-executable", "rhel", "ExecStart= of a drop-in names a script without the x bit (203/EXEC)",
          "printf '#!/bin/sh\\nexec /usr/sbin/httpd -DFOREGROUND\\n' > /usr/local/sbin/start-httpd\nchmod 0644 /usr/local/sbin/start-httpd\n"
          + drop_in("httpd", "ExecStart=", "ExecStart=/usr/local/sbin/start-httpd"), {"rule": "unit-prepare-failed", "case": "refused"}, by_hand="chmod 0755 /usr/local/sbin/start-httpd", whole_journal=True),
    Fault("rhel-unit-program-without-interpreter", "rhel", "ExecStart= of a drop-in names a script whose interpreter does not exist (203/EXEC)",
          "printf '#!/usr/local/bin/bash\\nexec /usr/sbin/httpd -DFOREGROUND\\n' > /usr/local/sbin/start-httpd\nchmod 0755 /usr/local/sbin/start-httpd\n"
          + drop_in("httpd", "ExecStart=", "ExecStart=/usr/local/sbin/start-httpd"), {"rule": "unit-prepare-failed", "case": "program"}, whole_journal=True,
          by_hand="sed -i 1s,/usr/local/bin/bash,/bin/bash, /usr/local/sbin/start-httpd"),
    Fault("debian-unit-user-unknown", "debian", "User= of a drop-in names nobody known (217/USER)",
          drop_in("apache2", "User=webuser"), {"rule": "unit-prepare-failed", "case": "account"}, whole_journal=True, ways=ALL_WAYS),
    Fault("rhel-unit-working-directory-missing", "rhel", "WorkingDirectory= of a drop-in does not exist (200/CHDIR)",
          drop_in("httpd", "WorkingDirectory=/srv/www"), {"rule": "unit-prepare-failed", "case": "directory"}, whole_journal=True, by_hand="mkdir -p /srv/www"),
    Fault("rhel-run-directory-read-only", "rhel", "ReadOnlyPaths= of a drop-in covers the run directory",
          drop_in("httpd", "ReadOnlyPaths=/run/httpd"), {"rule": "AH01762", "case": "read-only", "cause.class": "read-only-fs", "subject.value": "/run/httpd"}, by_hand=REMOVE_DROP_IN.format("httpd")),
    Fault("rhel-logs-read-only", "rhel", "ProtectSystem=strict of a drop-in without ReadWritePaths= for the logs",
          drop_in("httpd", "ProtectSystem=strict", "ReadWritePaths=/run"), {"rule": "AH00091", "case": "read-only", "cause.class": "read-only-fs", "subject.value": "/etc/httpd/logs/error_log"}, by_hand=REMOVE_DROP_IN.format("httpd")),
    Fault("debian-logs-read-only", "debian", "ReadOnlyPaths= of a drop-in covers the logs",
          drop_in("apache2", "ReadOnlyPaths=/var/log/apache2"), {"rule": "AH00091", "case": "read-only", "cause.class": "read-only-fs", "subject.value": "/var/log/apache2/error.log"}, by_hand=REMOVE_DROP_IN.format("apache2")),
    Fault("rhel-open-files", "rhel", "LimitNOFILE= of a drop-in is too low for the logs of the virtual hosts",
          drop_in("httpd", "LimitNOFILE=64")
          + "for n in $(seq 60); do printf '<VirtualHost *:80>\\nServerName h%s.example.com\\nErrorLog logs/h%s_error\\nCustomLog logs/h%s_access common\\n</VirtualHost>\\n'"
            " $n $n $n; done > /etc/httpd/conf.d/hosts.conf", {"rule": "AH00091", "case": "descriptors", "cause.class": "too-many-files", "subject.value": "/etc/httpd/logs/h3_error"}, ways=ALL_WAYS),
    Fault("rhel-run-directory-is-a-file", "rhel", "a plain file stands where the run directory should be",
          "systemctl stop httpd; rm -rf /run/httpd; touch /run/httpd", {"rule": "AH00058", "case": "not-a-directory", "cause.class": "not-a-directory", "subject.value": "/run/httpd/httpd.pid"}),
    Fault("rhel-log-directory-is-a-file", "rhel", "a plain file stands where the log directory should be",
          "systemctl stop httpd; rm -rf /var/log/httpd; touch /var/log/httpd", {"rule": "AH02291", "case": "not-a-directory", "cause.class": "not-a-directory", "subject.value": "/etc/httpd/logs"}),
    Fault("rhel-mutex-directory-missing-unit", "rhel", "Mutex names a directory below /run that does not exist; a unit of its own makes it",
          "echo 'Mutex file:/run/lock/httpd default' > /etc/httpd/conf.d/mutex.conf", {"rule": "mutex-directory", "case": "missing", "subject.value": "/run/lock/httpd"},
          options=("--persist", "unit")),
    Fault("rhel-logs-in-memory", "rhel", "the logs lie below /run, which a boot empties; a unit of its own makes the directory",
          LOGS_IN_MEMORY, {"rule": "AH02291", "subject.value": "/run/log/httpd"}, options=("--persist", "unit"), then="reboot",
          after_reboot={"/run/log/httpd": "root:root 700"}),
    Fault("rhel-logs-in-memory-kept", "rhel", "the logs lie below /run, which a boot empties; a unit of its own makes the directory, and keeps the logs at shutdown",
          LOGS_IN_MEMORY, {"rule": "AH02291", "subject.value": "/run/log/httpd"}, options=("--persist", "unit", "--on", "stop"), then="reboot",
          mark="/run/log/httpd/kept", after_reboot={"/run/log/httpd": "root:root 700", "/run/log/httpd/kept": "root:root 644"}, ways=ALL_WAYS),
    Fault("rhel-semaphores-exhausted", "rhel", "killed programs left their semaphores behind until the kernel has none",
          "mount -o remount,rw,bind /proc/sys; sysctl -q -w 'kernel.sem=32000 1024000000 500 8'; perl -e 'semget(0, 1, 0600) for 1..8'\n"
          "echo 'Mutex sysvsem default' > /etc/httpd/conf.d/mutex.conf", {"rule": "AH00023", "case": "semaphores", "cause.class": "semaphores-exhausted"}, by_hand="ipcs -s"),
    Fault("rhel-mutex-directory-missing", "rhel", "Mutex names a directory below /run that does not exist",
          "echo 'Mutex file:/run/lock/httpd default' > /etc/httpd/conf.d/mutex.conf", {"rule": "mutex-directory", "case": "missing", "cause.class": "missing-directory", "subject.value": "/run/lock/httpd"}),
    Fault("debian-vhost-error-log-directory-missing", "debian", "the directory of a virtual host's ErrorLog does not exist",
          "printf '<VirtualHost *:80>\\n\\tServerName shop.example.com\\n\\tErrorLog /srv/shop/logs/error.log\\n</VirtualHost>\\n'"
          " > /etc/apache2/sites-available/shop.conf\na2ensite -q shop", {"rule": "AH02291", "case": "directory-missing", "cause.class": "missing-directory", "subject.value": "/srv/shop/logs"}),
    Fault("rhel-error-log-pipe-missing", "rhel", "ErrorLog pipes to a program that does not exist",
          "sed -i 's@^ErrorLog.*@ErrorLog \"|/usr/local/sbin/ship-log\"@' /etc/httpd/conf/httpd.conf", {"rule": "AH00089", "case": "missing", "cause.class": "missing-file", "subject.value": "/usr/local/sbin/ship-log"},
          by_hand="sed -i 's@^ErrorLog.*@ErrorLog \"logs/error_log\"@' /etc/httpd/conf/httpd.conf"),
)
