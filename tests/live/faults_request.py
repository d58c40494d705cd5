"""Faults that httpd survives: it runs, and requests fail."""
from fault import ALL_WAYS, Fault
from faults_config import certificate, debian_site, site

APP = ("http://127.0.0.1/app/",)
PAGE = "echo ok > /var/www/html/page.html\n"


def modules(*names):
    """Loads further modules in the RHEL-like layout."""
    return "".join(f"echo 'LoadModule {name}_module modules/mod_{name}.so'\n" for name in names).join(("{\n", "} > /etc/httpd/conf.modules.d/10-more.conf\n"))


def backend(address):
    """A unit that answers every request; it is made, not started."""
    return ("cat > /usr/local/bin/backend <<'END'\n#!/usr/bin/perl\nuse IO::Socket::INET; use IO::Socket::UNIX;\nmy $at = shift;\n"
            "my $server = $at =~ m{^/} ? do { unlink $at; IO::Socket::UNIX->new(Local => $at, Listen => 5) } : IO::Socket::INET->new(LocalAddr => $at, Listen => 5, ReuseAddr => 1);\n"
            "while (my $c = $server->accept) { sysread $c, my $asked, 65536; print $c \"HTTP/1.0 200 OK\\r\\nContent-Type: text/plain\\r\\n\\r\\nok\\n\"; close $c }\nEND\n"
            "chmod 0755 /usr/local/bin/backend\n"
            f"printf '[Service]\\nExecStart=/usr/local/bin/backend {address}\\n[Install]\\nWantedBy=multi-user.target\\n' > /etc/systemd/system/shop-app.service\n"
            "systemctl daemon-reload\n")


RESTART_RHEL, RESTART_DEBIAN = "systemctl restart httpd\n", "systemctl restart apache2\n"
START_BACKEND = "systemctl enable --now shop-app; sleep 1"
HTML = '<Directory "/var/www/html">\n'


def request(name, layout, what, broken, expected, **more):
    """The service is restarted with the configuration as broken, and serves; the requests tell."""
    return Fault(name, layout, what, broken + {"rhel": RESTART_RHEL, "debian": RESTART_DEBIAN}[layout], expected, then="request", **more)


REQUEST_FAULTS = (
    request("rhel-document-root-denied", "rhel", "a component of the document root may not be searched", "chmod 0700 /var/www\n", {"rule": "AH00035", "case": "search-permission", "cause.class": "permission-denied", "subject.value": "/var/www/html"}),
    request("debian-page-unreadable", "debian", "the page may not be read by the server's user", "echo x > /var/www/html/index.html; chmod 0600 /var/www/html/index.html\n", {"rule": "AH00132", "case": "unreadable", "cause.class": "permission-denied", "subject.value": "/var/www/html/index.html"},
            by_hand="chmod a+r /var/www/html/index.html"),
    request("rhel-home-protected", "rhel", "ProtectHome= hides the document root of a user",
            "mkdir -p /home/anna/www; echo ok > /home/anna/www/index.html; mkdir -p /etc/systemd/system/httpd.service.d\n"
            "printf '[Service]\\nProtectHome=yes\\n' > /etc/systemd/system/httpd.service.d/local.conf; systemctl daemon-reload\n"
            + site('Alias /app /home/anna/www\n<Directory /home/anna/www>\n    Require all granted\n</Directory>'), {"rule": "AH00035", "case": "search-permission", "cause.class": "permission-denied", "subject.value": "/home/anna"}, request=APP,
            by_hand="rm /etc/systemd/system/httpd.service.d/local.conf; systemctl daemon-reload; systemctl restart httpd"),
    request("debian-denied-by-configuration", "debian", "no section grants access to a directory outside of /var/www",
            "mkdir -p /opt/shop; echo ok > /opt/shop/index.html\n" + debian_site("Alias /app /opt/shop"), {"rule": "AH01630", "case": "denied", "cause.class": "access-denied-by-config", "subject.value": "/opt/shop"}, request=APP,
            by_hand="printf '<Directory /opt/shop>\\n\\tRequire all granted\\n</Directory>\\n' >> /etc/apache2/sites-available/shop.conf"),
    request("rhel-link-not-followed", "rhel", "a symbolic link where Options has no FollowSymLinks",
            "mkdir -p /srv/app; echo ok > /srv/app/index.html; ln -s /srv/app /var/www/html/app\n" + site(HTML + "    Options None\n</Directory>\n<Directory /srv/app>\n    Require all granted\n</Directory>"), {"rule": "AH00037", "case": "only", "cause.class": "symlink-not-permitted", "subject.value": "/var/www/html/app"}, request=APP,
            by_hand="sed -i 's/Options None/Options SymLinksIfOwnerMatch/' /etc/httpd/conf.d/site.conf"),
    request("rhel-htaccess-unknown-directive", "rhel", ".htaccess holds a directive of a module that is not loaded",
            site(HTML + "    AllowOverride All\n</Directory>") + "echo 'ExpiresActive On' > /var/www/html/.htaccess\n", {"rule": "unknown-directive", "case": "module-off", "cause.class": "missing-module", "subject.value": "ExpiresActive"}),
    request("debian-htaccess-not-allowed", "debian", ".htaccess holds what AllowOverride does not allow",
            debian_site(HTML + "\tAllowOverride Indexes\n</Directory>") + "printf 'AddType text/x-shop .shop\\n' > /var/www/html/.htaccess\n", {"rule": "directive-not-allowed", "case": "override", "cause.class": "override-not-allowed", "subject.value": "AddType"},
            by_hand="sed -i 's/AllowOverride Indexes/AllowOverride Indexes FileInfo/' /etc/apache2/sites-available/shop.conf; systemctl reload apache2"),
    request("debian-htaccess-redirect", "debian", ".htaccess redirects to a host without its scheme",
            debian_site(HTML + "\tAllowOverride All\n</Directory>") + "echo 'Redirect 301 /old www.example.com/new' > /var/www/html/.htaccess\n", {"rule": "redirect-line", "case": "target", "cause.class": "bad-argument", "subject.value": "/var/www/html/.htaccess"},
            by_hand="sed -i 's,www.example,https://&,' /var/www/html/.htaccess"),
    request("debian-htaccess-section-open", "debian", "a section of .htaccess is never closed",
            debian_site(HTML + "\tAllowOverride All\n</Directory>") + "echo '<Files x>' > /var/www/html/.htaccess\n", {"rule": "section-not-closed", "cause.class": "syntax-error", "subject.value": "/var/www/html/.htaccess"},
            by_hand="echo '</Files>' >> /var/www/html/.htaccess"),
    request("debian-backend-certificate-expired", "debian", "the certificate of a TLS backend is expired",
            "a2enmod -q ssl proxy_http; mkdir -p /srv/tls; cd /srv/tls; : > index.txt\n"
            "printf '[ca]\\ndefault_ca=d\\n[d]\\nnew_certs_dir=.\\ndatabase=index.txt\\nrand_serial=yes\\ndefault_md=sha256\\npolicy=p\\n[p]\\ncommonName=supplied\\n' > ca.cnf\n"
            "openssl req -newkey rsa:2048 -nodes -subj /CN=localhost -keyout key.pem -out request.pem 2>/dev/null\n"
            "openssl ca -batch -config ca.cnf -selfsign -keyfile key.pem -in request.pem -startdate 20200101000000Z -enddate 20210101000000Z -notext -out cert.pem 2>/dev/null\n"
            + debian_site("Listen 8443\n<VirtualHost *:8443>\n\tServerName localhost\n\tDocumentRoot /var/www/html\n\tSSLEngine on\n\tSSLCertificateFile /srv/tls/cert.pem\n\tSSLCertificateKeyFile /srv/tls/key.pem\n</VirtualHost>\n"
                          "<VirtualHost *:80>\n\tServerName front.example.com\n\tSSLProxyEngine on\n\tProxyPass /app/ https://localhost:8443/\n</VirtualHost>"), {"rule": "AH01084", "case": "tls", "cause.class": "peer-verification-failed", "subject.value": "127.0.0.1:8443"},
            request=("--header", "Host: front.example.com", "http://127.0.0.1/app/"),
            by_hand="cd /srv/tls; openssl req -x509 -key key.pem -subj /CN=localhost -days 30 -out cert.pem; systemctl reload apache2"),
    request("debian-htaccess-unreadable", "debian", ".htaccess may not be read by the server's user",
            debian_site(HTML + "\tAllowOverride All\n</Directory>") + "echo 'Options -Indexes' > /var/www/html/.htaccess; chmod 0600 /var/www/html/.htaccess\n", {"rule": "AH00529", "case": "unreadable", "cause.class": "htaccess-unreadable", "subject.value": "/var/www/html/.htaccess"}, by_hand="chmod a+r /var/www/html/.htaccess"),
    request("debian-no-index", "debian", "a directory without index page that may not be listed",
            "mkdir /var/www/html/app\n" + debian_site("<Directory /var/www/html/app>\n\tOptions -Indexes\n</Directory>"), {"rule": "AH01276", "case": "no-index", "cause.class": "no-index", "subject.value": "/var/www/html/app/"}, request=APP,
            by_hand="echo ok > /var/www/html/app/index.html"),
    request("rhel-password-file-missing", "rhel", "AuthUserFile does not exist",
            site(HTML + '    AuthType Basic\n    AuthName x\n    AuthUserFile /etc/httpd/passwd\n    Require valid-user\n</Directory>'), {"rule": "AH01620", "case": "missing", "cause.class": "missing-file", "subject.value": "/etc/httpd/passwd"},
            request=("--user", "anna:secret", "http://127.0.0.1/"), by_hand="htpasswd -bc /etc/httpd/passwd anna secret"),
    request("debian-password-file-unreadable", "debian", "AuthUserFile may not be read by the server's user",
            "htpasswd -bc /etc/apache2/passwd anna secret; chmod 0600 /etc/apache2/passwd\n"
            + debian_site(HTML + '\tAuthType Basic\n\tAuthName x\n\tAuthUserFile /etc/apache2/passwd\n\tRequire valid-user\n</Directory>'), {"rule": "AH01620", "case": "refused", "cause.class": "permission-denied", "subject.value": "/etc/apache2/passwd"},
            request=("--user", "anna:secret", "http://127.0.0.1/"), by_hand="chgrp www-data /etc/apache2/passwd; chmod 0640 /etc/apache2/passwd"),
    request("debian-auth-type-without-module", "debian", "AuthType Digest while mod_auth_digest is not enabled",
            "printf 'anna:x:%s\\n' $(printf 'anna:x:secret' | md5sum | cut -d' ' -f1) > /etc/apache2/digest\n"
            + debian_site(HTML + '\tAuthType Digest\n\tAuthName x\n\tAuthUserFile /etc/apache2/digest\n\tRequire valid-user\n</Directory>'), {"rule": "AH01796", "case": "digest", "cause.class": "missing-module", "subject.value": "Digest"},
            request=("--digest", "--user", "anna:secret", "http://127.0.0.1/"), ways=("argv", "sh")),
    request("rhel-dbm-file-missing", "rhel", "AuthDBMUserFile does not exist",
            modules("authn_dbm") + site(HTML + '    AuthType Basic\n    AuthName x\n    AuthBasicProvider dbm\n    AuthDBMUserFile /etc/httpd/passwd.dbm\n    Require valid-user\n</Directory>'), {"rule": "AH10285", "case": "refused", "cause.class": "permission-denied", "subject.value": "/etc/httpd/passwd.dbm"},
            request=("--user", "anna:secret", "http://127.0.0.1/"), by_hand="htdbm -bc /etc/httpd/passwd.dbm anna secret"),
    request("debian-script-not-executable", "debian", "a CGI script without the x bit",
            "a2enmod -q cgid; printf '#!/bin/sh\\nprintf \"Content-Type: text/plain\\\\n\\\\nok\"\\n' > /usr/lib/cgi-bin/app; a2enconf -q serve-cgi-bin\n", {"rule": "AH01241", "case": "not-executable", "cause.class": "script-not-executable", "subject.value": "/usr/lib/cgi-bin/app"}, request=("http://127.0.0.1/cgi-bin/app",),
            by_hand="chmod 0755 /usr/lib/cgi-bin/app"),
    request("debian-script-interpreter-missing", "debian", "a CGI script whose interpreter does not exist",
            "a2enmod -q cgid; printf '#!/usr/bin/perl6\\nprintf \"Content-Type: text/plain\\\\n\\\\nok\"\\n' > /usr/lib/cgi-bin/app; chmod 0755 /usr/lib/cgi-bin/app\n", {"rule": "AH01241", "case": "no-interpreter", "cause.class": "script-not-executable", "subject.value": "/usr/lib/cgi-bin/app"},
            request=("http://127.0.0.1/cgi-bin/app",), by_hand="sed -i 1s,perl6,env\\ sh, /usr/lib/cgi-bin/app"),
    request("rhel-exec-cgi-off", "rhel", "a CGI script where Options has no ExecCGI",
            modules("cgid") + "mkdir -p /var/www/html/app; printf '#!/bin/sh\\nprintf \"Content-Type: text/plain\\\\n\\\\nok\"\\n' > /var/www/html/app/run.cgi; chmod 0755 /var/www/html/app/run.cgi\n"
            + site("AddHandler cgi-script .cgi"), {"rule": "AH02809", "case": "option", "cause.class": "option-not-enabled", "subject.value": "/var/www/html/app/run.cgi"}, request=("http://127.0.0.1/app/run.cgi",),
            by_hand="printf '<Directory /var/www/html/app>\\nOptions ExecCGI\\n</Directory>\\n' >> /etc/httpd/conf.d/site.conf"),
    request("debian-php-fpm-stopped", "debian", "php-fpm does not run: its socket does not exist",
            "a2enmod -q proxy_fcgi; a2enconf -q php8.2-fpm; echo '<?php echo 1;' > /var/www/html/page.php; systemctl disable --now php8.2-fpm\n", {"rule": "AH02454", "case": "fpm-socket-missing", "cause.class": "backend-socket-missing", "subject.value": "/run/php/php8.2-fpm.sock"},
            request=("http://127.0.0.1/page.php",), ways=ALL_WAYS),
    request("debian-php-fpm-socket-denied", "debian", "php-fpm's socket belongs to another group",
            "a2enmod -q proxy_fcgi; a2enconf -q php8.2-fpm; echo '<?php echo 1;' > /var/www/html/page.php\n"
            "sed -i 's/^listen.owner = .*/listen.owner = root/; s/^listen.group = .*/listen.group = root/' /etc/php/8.2/fpm/pool.d/www.conf; systemctl restart php8.2-fpm\n", {"rule": "AH02454", "case": "fpm-permission", "cause.class": "backend-permission", "subject.value": "/run/php/php8.2-fpm.sock"},
            request=("http://127.0.0.1/page.php",), by_hand="sed -i 's/^listen.owner = .*/listen.owner = www-data/; s/^listen.group = .*/listen.group = www-data/' /etc/php/8.2/fpm/pool.d/www.conf; systemctl restart php8.2-fpm"),
    request("rhel-backend-refused", "rhel", "the backend of ProxyPass does not run",
            modules("proxy", "proxy_http") + backend("127.0.0.1:9000") + site("ProxyPass /app http://127.0.0.1:9000"), {"rule": "AH00957", "case": "local-refused", "cause.class": "backend-refused", "subject.value": "127.0.0.1:9000"}, request=APP, by_hand=START_BACKEND),
    request("debian-backend-refused", "debian", "the backend of ProxyPass does not run",
            "a2enmod -q proxy_http\n" + backend("127.0.0.1:9000") + debian_site("ProxyPass /app http://127.0.0.1:9000"), {"rule": "AH00957", "case": "local-refused", "cause.class": "backend-refused", "subject.value": "127.0.0.1:9000"}, request=APP, by_hand=START_BACKEND),
    request("debian-backend-socket-missing", "debian", "the Unix socket of a backend does not exist",
            "a2enmod -q proxy_http\n" + backend("/run/shop-app.sock").replace("ExecStart=", "UMask=0000\\nExecStart=") + debian_site("ProxyPass /app unix:/run/shop-app.sock|http://shop"), {"rule": "AH02454", "case": "socket-missing", "cause.class": "backend-socket-missing", "subject.value": "/run/shop-app.sock"}, request=APP, by_hand=START_BACKEND),
    request("rhel-backend-unresolvable", "rhel", "the backend's host name does not resolve",
            modules("proxy", "proxy_http") + backend("127.0.0.1:9000") + START_BACKEND + "\n" + site("ProxyPass /app http://app.invalid:9000"), {"rule": "AH00898", "case": "name", "cause.class": "backend-unresolvable", "subject.value": "app.invalid"}, request=APP,
            by_hand="echo '127.0.0.1 app.invalid' >> /etc/hosts"),
    request("debian-proxy-scheme-without-module", "debian", "ProxyPass to a scheme whose module is not enabled",
            "a2enmod -q proxy\n" + backend("127.0.0.1:9000") + START_BACKEND + "\n" + debian_site("ProxyPass /app http://127.0.0.1:9000"), {"rule": "AH01144", "case": "http", "cause.class": "protocol-handler-missing", "subject.value": "/app/"}, request=APP),
    request("debian-uwsgi-refused", "debian", "the uwsgi backend does not run",
            "a2enmod -q proxy_uwsgi\n" + backend("127.0.0.1:9001") + debian_site("ProxyPass /app uwsgi://127.0.0.1:9001"), {"rule": "AH00957", "case": "local-refused", "cause.class": "backend-refused", "subject.value": "127.0.0.1:9001"}, request=APP, by_hand=START_BACKEND),
    request("debian-dav-lock-directory", "debian", "the directory of DavLockDB may not be written",
            "a2enmod -q dav_fs; mkdir -p /var/lib/dav /var/www/html/app; chown www-data: /var/www/html/app; chmod 0755 /var/lib/dav\n"
            + debian_site("DavLockDB /var/lib/dav/lockdb\n<Directory /var/www/html/app>\n\tDav On\n</Directory>"), {"rule": "dav-lock-database", "case": "damaged", "cause.class": "dav-lock-unusable"},
            request=("--upload-file", "/etc/hostname", "http://127.0.0.1/app/x"), answers=(200, 201, 204), by_hand="chown www-data: /var/lib/dav"),
    request("debian-suexec-refused", "debian", "suexec refuses a script that others may write to",
            "a2enmod -q suexec cgid; useradd -m anna; mkdir -p /var/www/app; printf '#!/bin/sh\\nprintf \"Content-Type: text/plain\\\\n\\\\nok\"\\n' > /var/www/app/run.cgi\n"
            "chown -R anna:anna /var/www/app; chmod 0755 /var/www/app; chmod 0777 /var/www/app/run.cgi\n"
            + debian_site("<VirtualHost *:80>\n\tServerName shop.example.com\n\tSuexecUserGroup anna anna\n\tScriptAlias /app /var/www/app/run.cgi\n</VirtualHost>"), {},
            request=("--header", "Host: shop.example.com", "http://127.0.0.1/app"), by_hand="chmod 0755 /var/www/app/run.cgi"),
    request("debian-rewrite-loop", "debian", "a rule that rewrites its own result",
            "a2enmod -q rewrite\n" + debian_site("<Directory /var/www/html>\n\tRewriteEngine On\n\tRewriteRule ^(.*)$ /app/$1\n</Directory>"), {"rule": "AH00124", "case": "only", "cause.class": "redirect-loop"},
            by_hand="sed -i '/RewriteRule/s|^|#|' /etc/apache2/sites-available/shop.conf"),
)
