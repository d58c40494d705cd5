"""Faults between httpd and the system: systemd's sandbox and limits, hand-made units, run time files, logs."""
from fault import Fault

def drop_in(service, *lines):
    """A drop-in of the service, as somebody wrote it by hand."""
    text = "\\n".join(("[Service]", *lines))
    return f"mkdir -p /etc/systemd/system/{service}.service.d\nprintf '{text}\\n' > /etc/systemd/system/{service}.service.d/local.conf\nsystemctl daemon-reload\n"


REMOVE_DROP_IN = "rm /etc/systemd/system/{0}.service.d/local.conf; systemctl daemon-reload"

SYSTEM_FAULTS = (
    Fault("rhel-sandbox-path-missing", "rhel", "ReadWritePaths= of a drop-in names a path that does not exist (226/NAMESPACE)",
          drop_in("httpd", "ReadWritePaths=/srv/shop/uploads"), {}, by_hand=REMOVE_DROP_IN.format("httpd"), undo=False),
    Fault("debian-sandbox-path-missing", "debian", "BindPaths= of a drop-in names a path that does not exist (226/NAMESPACE)",
          drop_in("apache2", "BindPaths=/srv/shop"), {}, by_hand=REMOVE_DROP_IN.format("apache2"), undo=False),
    Fault("rhel-unit-program-not-executable", "rhel", "ExecStart= of a drop-in names a script without the x bit (203/EXEC)",
          "printf '#!/bin/sh\\nexec /usr/sbin/httpd -DFOREGROUND\\n' > /usr/local/sbin/start-httpd\nchmod 0644 /usr/local/sbin/start-httpd\n"
          + drop_in("httpd", "ExecStart=", "ExecStart=/usr/local/sbin/start-httpd"), {}),
    Fault("rhel-unit-program-without-interpreter", "rhel", "ExecStart= of a drop-in names a script whose interpreter does not exist (203/EXEC)",
          "printf '#!/usr/local/bin/bash\\nexec /usr/sbin/httpd -DFOREGROUND\\n' > /usr/local/sbin/start-httpd\nchmod 0755 /usr/local/sbin/start-httpd\n"
          + drop_in("httpd", "ExecStart=", "ExecStart=/usr/local/sbin/start-httpd"), {},
          by_hand="sed -i 1s,/usr/local/bin/bash,/bin/bash, /usr/local/sbin/start-httpd", undo=False),
    Fault("debian-unit-user-unknown", "debian", "User= of a drop-in names nobody known (217/USER)",
          drop_in("apache2", "User=webuser"), {}, by_hand=REMOVE_DROP_IN.format("apache2"), undo=False),
    Fault("rhel-unit-working-directory-missing", "rhel", "WorkingDirectory= of a drop-in does not exist (200/CHDIR)",
          drop_in("httpd", "WorkingDirectory=/srv/www"), {}, by_hand="mkdir -p /srv/www"),
    Fault("rhel-run-directory-read-only", "rhel", "ReadOnlyPaths= of a drop-in covers the run directory",
          drop_in("httpd", "ReadOnlyPaths=/run/httpd"), {}, by_hand=REMOVE_DROP_IN.format("httpd"), undo=False),
    Fault("rhel-logs-read-only", "rhel", "ProtectSystem=strict of a drop-in without ReadWritePaths= for the logs",
          drop_in("httpd", "ProtectSystem=strict", "ReadWritePaths=/run"), {}, by_hand=REMOVE_DROP_IN.format("httpd"), undo=False),
    Fault("debian-logs-read-only", "debian", "ReadOnlyPaths= of a drop-in covers the logs",
          drop_in("apache2", "ReadOnlyPaths=/var/log/apache2"), {}, by_hand=REMOVE_DROP_IN.format("apache2"), undo=False),
    Fault("rhel-open-files", "rhel", "LimitNOFILE= of a drop-in is too low for the logs of the virtual hosts",
          drop_in("httpd", "LimitNOFILE=64")
          + "for n in $(seq 60); do printf '<VirtualHost *:80>\\nServerName h%s.example.com\\nErrorLog logs/h%s_error\\nCustomLog logs/h%s_access common\\n</VirtualHost>\\n'"
            " $n $n $n; done > /etc/httpd/conf.d/hosts.conf", {}),
    Fault("rhel-tasks-max", "rhel", "TasksMax= of a drop-in is too low", drop_in("httpd", "TasksMax=4"), {}),
    Fault("rhel-run-directory-is-a-file", "rhel", "a plain file stands where the run directory should be",
          "systemctl stop httpd; rm -rf /run/httpd; touch /run/httpd", {}),
    Fault("rhel-log-directory-is-a-file", "rhel", "a plain file stands where the log directory should be",
          "systemctl stop httpd; rm -rf /var/log/httpd; touch /var/log/httpd", {}),
    Fault("rhel-mutex-directory-missing", "rhel", "Mutex names a directory below /run that does not exist",
          "echo 'Mutex file:/run/lock/httpd default' > /etc/httpd/conf.d/mutex.conf", {}),
    Fault("debian-vhost-error-log-directory-missing", "debian", "the directory of a virtual host's ErrorLog does not exist",
          "printf '<VirtualHost *:80>\\n\\tServerName shop.example.com\\n\\tErrorLog /srv/shop/logs/error.log\\n</VirtualHost>\\n'"
          " > /etc/apache2/sites-available/shop.conf\na2ensite -q shop", {}),
    Fault("rhel-error-log-pipe-missing", "rhel", "ErrorLog pipes to a program that does not exist",
          "sed -i 's@^ErrorLog.*@ErrorLog \"|/usr/local/sbin/ship-log\"@' /etc/httpd/conf/httpd.conf", {},
          by_hand="sed -i 's@^ErrorLog.*@ErrorLog \"logs/error_log\"@' /etc/httpd/conf/httpd.conf", undo=False),
    Fault("rhel-semaphores-exhausted", "rhel", "kernel.sem allows no semaphore array",
          "sysctl -qw kernel.sem='32 32 32 0'; printf 'Mutex sysvsem default\\nRewriteEngine on\\nRewriteMap pages \"prg:/bin/cat\"\\n' > /etc/httpd/conf.d/map.conf", {}),
)
