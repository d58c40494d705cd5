"""Faults of the configuration: words, files, modules, addresses, certificates."""
from fault import ALL_WAYS, Fault

HTTPD_CONF = "/etc/httpd/conf/httpd.conf"


def site(text, file="site.conf"):
    """A file of the RHEL-like layout's configuration."""
    return f"cat > /etc/httpd/conf.d/{file} <<'END'\n{text}\nEND\n"


def debian_site(text, file="shop"):
    return f"cat > /etc/apache2/sites-available/{file}.conf <<'END'\n{text}\nEND\na2ensite -q {file}\n"


def certificate(cert, key, *options, name="www.example.com"):
    options = " ".join(options or ("-days 30",))
    return (f"mkdir -p $(dirname {cert}) $(dirname {key})\n"
            f"openssl req -x509 -newkey rsa:2048 -nodes -subj /CN={name} {options} -out {cert} -keyout {key} 2>/dev/null\n")


CERT, KEY = "/etc/pki/tls/certs/www.crt", "/etc/pki/tls/private/www.key"
TLS = "echo 'LoadModule ssl_module modules/mod_ssl.so' > /etc/httpd/conf.modules.d/01-ssl.conf\n" + site(
    f"Listen 443\n<VirtualHost *:443>\n    ServerName www.example.com\n    SSLEngine on\n    SSLCertificateFile {CERT}\n    SSLCertificateKeyFile {KEY}\n</VirtualHost>", "ssl.conf")
HTTPS = ("https://127.0.0.1/",)

CONFIG_FAULTS = (
    Fault("rhel-directive-misspelt", "rhel", "a misspelt directive", site("<VirtualHost *:80>\n    ServerNmae shop.example.com\n</VirtualHost>"), {"rule": "unknown-directive", "case": "misspelt", "cause.class": "unknown-directive", "subject.value": "ServerNmae"}, left=(".ahdiag-bak",), ways=("argv", "sh")),
    Fault("rhel-include-missing", "rhel", "Include names a file that does not exist", site("Include conf/vhosts.conf"), {"rule": "include-missing", "case": "missing", "cause.class": "include-missing", "subject.value": "/etc/httpd/conf/vhosts.conf"},
          by_hand="echo '# none' > /etc/httpd/conf/vhosts.conf"),
    Fault("rhel-include-without-match", "rhel", "Include with a wildcard that nothing matches", site("Include vhosts.d/*.conf"), {"rule": "include-missing", "case": "missing", "cause.class": "include-missing", "subject.value": "/etc/httpd/vhosts.d"},
          by_hand="rm /etc/httpd/conf.d/site.conf"),
    Fault("debian-section-not-closed", "debian", "a section is never closed",
          debian_site("<VirtualHost *:80>\n\tServerName shop.example.com\n\t<Directory /srv/shop>\n\t\tRequire all granted\n</VirtualHost>"), {"rule": "section-not-closed", "case": "crossed", "cause.class": "syntax-error", "subject.value": "/etc/apache2/sites-enabled/shop.conf"},
          by_hand="sed -i 's|^</VirtualHost>|\\t</Directory>\\n&|' /etc/apache2/sites-available/shop.conf"),
    Fault("rhel-access-compat-missing", "rhel", "Order while mod_access_compat is not loaded",
          "sed -i '/access_compat_module/d' /etc/httpd/conf.modules.d/00-base.conf\n" + site('<Directory "/var/www/html">\n    Order allow,deny\n    Allow from all\n</Directory>'), {"rule": "unknown-directive", "case": "access-2.2", "cause.class": "missing-module", "subject.value": "Order"},
          by_hand="sed -i '/Order allow,deny/d; s/Allow from all/Require all granted/' /etc/httpd/conf.d/site.conf"),
    Fault("debian-variable-undefined", "debian", "a variable that nobody defines",
          debian_site("Listen ${SHOP_PORT}"), {"rule": "port-number", "case": "words", "cause.class": "bad-argument", "subject.value": "/etc/apache2/sites-enabled/shop.conf"},
          by_hand="sed -i '1i Define SHOP_PORT 8080' /etc/apache2/sites-available/shop.conf"),
    Fault("rhel-no-listen", "rhel", "no Listen line", f"sed -i '/^Listen/d' {HTTPD_CONF}", {"rule": "no-listening-sockets", "case": "no-listen", "cause.class": "bad-argument"}),
    Fault("debian-no-listen", "debian", "ports.conf is empty: no Listen line", ": > /etc/apache2/ports.conf", {"rule": "no-listening-sockets", "case": "no-listen", "cause.class": "bad-argument"}, ways=("argv", "sh")),
    Fault("rhel-listen-address-not-available", "rhel", "Listen names an address that no interface carries",
          f"sed -i 's/^Listen 80/Listen 192.0.2.17:80/' {HTTPD_CONF}", {"rule": "AH00072", "case": "not-local", "cause.class": "address-not-available", "subject.value": "192.0.2.17:80"}, by_hand=f"sed -i 's/^Listen .*/Listen 80/' {HTTPD_CONF}"),
    Fault("rhel-port-listed-twice", "rhel", "port 80 is named by two Listen lines", site("Listen 80"), {"rule": "address-twice", "case": "twice", "cause.class": "duplicate-listener", "subject.value": "/etc/httpd/conf.d/site.conf"},
          by_hand="rm /etc/httpd/conf.d/site.conf"),
    Fault("rhel-listen-host-unknown", "rhel", "Listen names a host that does not resolve",
          f"sed -i 's/^Listen 80/Listen web.invalid:80/' {HTTPD_CONF}", {"rule": "AH00077", "case": "resolver-down", "cause.class": "name-resolution", "subject.value": "web.invalid"}, by_hand=f"sed -i 's/^Listen .*/Listen 80/' {HTTPD_CONF}"),
    Fault("rhel-server-root-missing", "rhel", "ServerRoot names a directory that does not exist",
          f"sed -i 's|^ServerRoot.*|ServerRoot \"/opt/httpd\"|' {HTTPD_CONF}", {"rule": "server-root", "case": "missing", "cause.class": "wrong-server-root", "subject.value": "ServerRoot"}, by_hand=f"sed -i 's|^ServerRoot.*|ServerRoot \"/etc/httpd\"|' {HTTPD_CONF}"),
    Fault("rhel-no-mpm", "rhel", "no MPM is loaded", "sed -i 's/^Load/#&/' /etc/httpd/conf.modules.d/00-mpm.conf", {"rule": "AH00534", "case": "none", "cause.class": "mpm-conflict"}, by_hand=":", left=(".ahdiag-bak",)),
    Fault("rhel-two-mpms", "rhel", "two MPMs are loaded",
          "echo 'LoadModule mpm_prefork_module modules/mod_mpm_prefork.so' >> /etc/httpd/conf.modules.d/00-mpm.conf", {"rule": "AH00534", "case": "many", "cause.class": "mpm-conflict"},
          by_hand="sed -i '$d' /etc/httpd/conf.modules.d/00-mpm.conf"),
    Fault("rhel-module-file-missing", "rhel", "LoadModule of a file that does not exist",
          "echo 'LoadModule shop_module modules/mod_shop.so' > /etc/httpd/conf.modules.d/10-shop.conf", {"rule": "cannot-load-module", "case": "own-file-missing-named", "cause.class": "module-not-loadable", "subject.value": "/etc/httpd/modules/mod_shop.so"},
          by_hand="rm /etc/httpd/conf.modules.d/10-shop.conf"),
    Fault("rhel-module-undefined-symbol", "rhel", "mod_dav_fs without mod_dav",
          "echo 'LoadModule dav_fs_module modules/mod_dav_fs.so' > /etc/httpd/conf.modules.d/10-dav.conf", {"rule": "cannot-load-module", "case": "base-dav", "cause.class": "missing-module", "subject.value": "/etc/httpd/modules/mod_dav_fs.so"},
          by_hand="sed -i '1i LoadModule dav_module modules/mod_dav.so' /etc/httpd/conf.modules.d/10-dav.conf"),
    Fault("debian-balancer-without-lbmethod", "debian", "a balancer without its lbmethod module",
          "a2enmod -q proxy_http proxy_balancer\n" + debian_site("<Proxy balancer://app>\n\tBalancerMember http://127.0.0.1:9001\n</Proxy>\nProxyPass /app balancer://app"), {"rule": "AH02432", "case": "module-off", "cause.class": "missing-module", "subject.value": "byrequests"}),
    Fault("rhel-escaped-configuration", "rhel", "a configuration that was copied out of a web page", site("&lt;VirtualHost *:80&gt;\n    ServerName shop.example.com\n&lt;/VirtualHost&gt;"), {"rule": "unknown-directive", "case": "html-escaped", "cause.class": "syntax-error", "subject.value": "&lt;VirtualHost"}, left=(".ahdiag-bak",)),
    Fault("rhel-default-runtime-directory-missing", "rhel", "nothing makes the directory of DefaultRuntimeDir at boot",
          f"sed -i 's|^Listen 80|DefaultRuntimeDir /run/httpd\\n&|' {HTTPD_CONF}; rm /usr/lib/tmpfiles.d/httpd.conf", {"rule": "default-runtime-dir", "case": "missing", "cause.class": "missing-directory", "subject.value": "DefaultRuntimeDir"}, then="reboot"),
    Fault("rhel-certificate-missing", "rhel", "certificate and key do not exist", TLS, {"rule": "file-missing-or-empty", "case": "tls-file-missing", "cause.class": "certificate-missing", "subject.value": "/etc/pki/tls/certs/www.crt"},
          by_hand=certificate(CERT, KEY)),
    Fault("debian-snakeoil-missing", "debian", "the certificate of the shipped TLS site was removed",
          "a2enmod -q ssl\na2ensite -q default-ssl\nrm /etc/ssl/certs/ssl-cert-snakeoil.pem\n", {"rule": "file-missing-or-empty", "case": "debian-snakeoil", "cause.class": "certificate-missing", "subject.value": "/etc/ssl/certs/ssl-cert-snakeoil.pem"}, request=HTTPS, again=("ssl-cert-snakeoil",), left=("ssl-cert-snakeoil",)),
    Fault("rhel-key-mismatch", "rhel", "the private key belongs to another certificate",
          TLS + certificate("/root/other.crt", KEY) + certificate(CERT, "/root/other.key"), {"rule": "AH02565", "case": "mismatch", "cause.class": "key-mismatch", "subject.value": "/etc/pki/tls/private/www.key"}, by_hand=f"cp /root/other.key {KEY}"),
    Fault("rhel-key-with-pass-phrase", "rhel", "the private key is encrypted, and nobody is there to ask",
          TLS + certificate(CERT, KEY) + f"openssl pkey -aes256 -passout pass:x -in {KEY} -out {KEY}.new; mv {KEY}.new {KEY}", {"rule": "AH02578", "case": "only", "cause.class": "key-passphrase"},
          by_hand=f"openssl pkey -passin pass:x -in {KEY} -out {KEY}.new; mv {KEY}.new {KEY}"),
    Fault("rhel-certificate-not-pem", "rhel", "SSLCertificateFile holds something else than a certificate",
          TLS + certificate("/root/good.crt", KEY) + f"mkdir -p $(dirname {CERT}); echo nonsense > {CERT}", {"rule": "AH02562", "case": "not-pem", "cause.class": "wrong-pem-file", "subject.value": "/etc/pki/tls/certs/www.crt"}, by_hand=f"cp /root/good.crt {CERT}"),
    Fault("rhel-weak-key", "rhel", "a certificate with a key of 1024 bits",
          TLS + certificate(CERT, KEY, "-days 30").replace("rsa:2048", "rsa:1024"), {"rule": "AH02562", "case": "weak-key", "cause.class": "weak-key", "subject.value": "/etc/pki/tls/certs/www.crt"}, by_hand=certificate(CERT, KEY)),
)
