"""The captured failures: each function breaks a Box in one way, starts httpd and leaves its words to be read.

A case names its layout, what an operator would paste (the terminal or journal, "stderr"; the error log, "error.log";
or "both", the log first) and what was broken. The function's name, with dashes, is the sample's folder.
"""
import os
import shutil
import time
from dataclasses import dataclass
from pathlib import Path

CASES = {}
NO_CAPABILITY = "-dac_override,-dac_read_search"  # root as a container with dropped capabilities knows it


@dataclass(frozen=True)
class Case:
    name: str
    layout: str
    source: str
    broken: str
    act: object


def case(layout, source, broken):
    def register(act):
        name = act.__name__.replace("_", "-")
        CASES[name] = Case(name, layout, source, broken, act)
        return act
    return register


def run_as_user(box):
    """An ordinary user's httpd: a port and a log directory of its own."""
    box.port = 8080
    box.replace(box.layout.config, "Listen 80", "Listen 8080")
    shutil.chown(box.layout.log_dir, box.layout.user, box.layout.user)


# -- mod_auth_digest's shared memory ---------------------------------------------------------------------------------

@case("rhel", "error.log", "/run/httpd does not exist: nothing made it after the boot")
def rhel_digest_run_directory_missing(box):
    box.remove("/run/httpd")
    box.start()


@case("rhel", "both", "/run/httpd does not exist; log of two starts, standard error below the error log")
def rhel_digest_run_directory_missing_twice(box):
    box.remove("/run/httpd")
    box.start()
    box.pid = 2304
    box.start()


@case("rhel", "error.log", "httpd served, /run/httpd was removed under it, then it was restarted gracefully")
def rhel_digest_lost_at_graceful_restart(box):
    box.start()
    box.remove("/run/httpd")
    box.servers[0].send_signal(10)
    box.servers[0].wait(timeout=10)


@case("rhel", "error.log", "a segment file of the same process number was left behind by a killed server")
def rhel_digest_stale_segment(box):
    box.write(f"/run/httpd/authdigest_shm.{box.pid}", "")
    box.start()


@case("rhel", "error.log", "httpd started by an ordinary user who may not write in /run/httpd")
def rhel_digest_run_directory_denied(box):
    run_as_user(box)
    box.start(user="apache")


@case("rhel", "stderr", "root without CAP_DAC_OVERRIDE, /run/httpd belongs to apache alone")
def rhel_pid_file_denied_to_confined_root(box):
    os.chmod("/run/httpd", 0o700)
    shutil.chown("/run/httpd", "apache", "apache")
    box.start(capabilities=NO_CAPABILITY)


@case("rhel", "error.log", "no inode left on the file system of /run/httpd")
def rhel_digest_run_directory_full(box):
    box.no_inodes_left("/run/httpd")
    box.start()


@case("rhel", "error.log", "/run/httpd is mounted read-only")
def rhel_digest_run_directory_read_only(box):
    box.read_only("/run/httpd")
    box.start()


@case("rhel", "stderr", "/run/httpd is a plain file")
def rhel_run_directory_is_a_file(box):
    box.remove("/run/httpd")
    box.write("/run/httpd", "")
    box.start()


@case("debian", "error.log", "apache2 run in the foreground, DefaultRuntimeDir not set, /var/run/apache2 does not exist")
def debian_digest_run_directory_missing(box):
    box.load("auth_digest")
    box.replace(box.layout.config, "DefaultRuntimeDir ${APACHE_RUN_DIR}\n", "")
    box.replace("/etc/apache2/envvars", "export LANG\n", "export LANG\nexport LD_PRELOAD=/usr/lib/apache2/shm_shim.so\n")
    box.remove("/run/apache2")
    box.start(["/bin/sh", "-c", ". /etc/apache2/envvars; exec /usr/sbin/apache2 -D FOREGROUND"])


# -- listening --------------------------------------------------------------------------------------------------------

@case("rhel", "stderr", "another process listens on port 80")
def rhel_port_in_use(box):
    box.occupy("0.0.0.0", 80)
    box.occupy("::", 80)
    box.start()


@case("debian", "stderr", "another process listens on port 80; apache2ctl start")
def debian_port_in_use(box):
    box.occupy("0.0.0.0", 80)
    box.occupy("::", 80)
    box.start()


@case("rhel", "stderr", "port 80 is named by two Listen lines")
def rhel_port_listed_twice(box):
    box.configure("Listen 80\n")
    box.start()


@case("rhel", "stderr", "httpd started by an ordinary user on port 80")
def rhel_port_80_as_user(box):
    shutil.chown("/var/log/httpd", "apache", "apache")
    box.start(user="apache")


@case("rhel", "stderr", "Listen names an address that no interface carries")
def rhel_listen_address_not_available(box):
    box.replace(box.layout.config, "Listen 80", "Listen 192.0.2.17:80")
    box.start()


@case("rhel", "stderr", "Listen names a host that does not resolve")
def rhel_listen_host_unknown(box):
    box.replace(box.layout.config, "Listen 80", "Listen web.invalid:80")
    box.start()


@case("rhel", "stderr", "no Listen line at all")
def rhel_no_listen(box):
    box.replace(box.layout.config, "Listen 80\n", "")
    box.start()


@case("debian", "stderr", "ports.conf is empty: no Listen line")
def debian_no_listen(box):
    box.write("/etc/apache2/ports.conf", "")
    box.start()


@case("rhel", "stderr", "Listen with a word for a port")
def rhel_listen_port_not_a_number(box):
    box.replace(box.layout.config, "Listen 80", "Listen http")
    box.start()


# -- pid file ----------------------------------------------------------------------------------------------------------

@case("rhel", "error.log", "the directory of PidFile does not exist")
def rhel_pid_directory_missing(box):
    box.replace(box.layout.config, "PidFile /run/httpd/httpd.pid", "PidFile /run/httpd-www/httpd.pid")
    box.start()


@case("rhel", "error.log", "httpd started by an ordinary user who may not write in the directory of PidFile")
def rhel_pid_directory_denied(box):
    run_as_user(box)
    box.unload("auth_digest")
    box.start(user="apache")


@case("rhel", "error.log", "the directory of PidFile is mounted read-only")
def rhel_pid_directory_read_only(box):
    box.unload("auth_digest")
    box.read_only("/run/httpd")
    box.start()


@case("rhel", "error.log", "no inode left on the file system of PidFile")
def rhel_pid_no_inode_left(box):
    box.unload("auth_digest")
    box.no_inodes_left("/run/httpd")
    box.start()


@case("rhel", "error.log", "no block left on the file system of PidFile")
def rhel_pid_no_space_left(box):
    box.unload("auth_digest")
    box.no_blocks_left("/run/httpd")
    box.start()


@case("rhel", "stderr", "the pid file holds words instead of a number")
def rhel_pid_file_corrupt(box):
    box.write("/run/httpd/httpd.pid", "not a number\n")
    box.start()


@case("debian", "stderr", "the pid file is empty, as after a power cut")
def debian_pid_file_empty(box):
    box.write("/run/apache2/apache2.pid", "")
    box.start()


@case("rhel", "stderr", "the pid file of a dead server names a process that now is another's")
def rhel_pid_file_names_another_process(box):
    box.write("/run/httpd/httpd.pid", "1\n")
    box.start(["/usr/sbin/httpd", "-k", "start"])


@case("debian", "stderr", "the pid file of a dead server names a process that now is another's; apache2ctl start")
def debian_pid_file_names_another_process(box):
    box.write("/run/apache2/apache2.pid", "1\n")
    box.start()


@case("rhel", "error.log", "the server was killed and started again: its pid file was still there")
def rhel_pid_file_overwritten(box):
    box.start()
    box.kill()
    box.pid = 2304
    box.start()


# -- log files ----------------------------------------------------------------------------------------------------------

@case("rhel", "stderr", "root without CAP_DAC_OVERRIDE, the log directory belongs to apache alone")
def rhel_error_log_denied(box):
    box.unload("auth_digest")
    os.chmod("/var/log/httpd", 0o755)
    box.write("/var/log/httpd/error_log", "")
    os.chmod("/var/log/httpd/error_log", 0o400)
    shutil.chown("/var/log/httpd/error_log", "apache", "apache")
    box.start(capabilities=NO_CAPABILITY)


@case("debian", "stderr", "apache2 started by an ordinary user")
def debian_started_as_user(box):
    box.replace("/etc/apache2/ports.conf", "Listen 80", "Listen 8080")
    box.start(["/bin/sh", "-c", ". /etc/apache2/envvars; exec /usr/sbin/apache2 -k start"], user="www-data")


@case("rhel", "stderr", "the log directory is mounted read-only")
def rhel_error_log_read_only(box):
    box.read_only("/var/log/httpd")
    box.start()


@case("rhel", "stderr", "ErrorLog names a directory")
def rhel_error_log_is_a_directory(box):
    box.replace(box.layout.config, 'ErrorLog "logs/error_log"', 'ErrorLog "/var/log/httpd"')
    box.start()


@case("rhel", "stderr", "no inode left on the file system of ErrorLog")
def rhel_error_log_no_inode_left(box):
    box.no_inodes_left("/var/log/httpd")
    box.start()


@case("rhel", "stderr", "the log directory does not exist")
def rhel_log_directory_missing(box):
    box.remove("/var/log/httpd")
    box.start()


@case("debian", "stderr", "the log directory does not exist (a /var/log in memory); apache2ctl start")
def debian_log_directory_missing(box):
    box.remove("/var/log/apache2")
    box.start()


@case("rhel", "stderr", "the directory of a virtual host's CustomLog does not exist")
def rhel_vhost_custom_log_directory_missing(box):
    box.configure('<VirtualHost *:80>\n    ServerName shop.example.com\n    DocumentRoot /var/www/html\n'
                  '    CustomLog /var/log/shop/access_log common\n</VirtualHost>\n', "shop.conf")
    box.start()


@case("debian", "stderr", "the directory of a virtual host's ErrorLog does not exist; apache2ctl start")
def debian_vhost_error_log_directory_missing(box):
    box.configure("<VirtualHost *:80>\n\tServerName shop.example.com\n\tDocumentRoot /var/www/html\n"
                  "\tErrorLog /srv/shop/logs/error.log\n</VirtualHost>\n", "shop.conf")
    box.start()


@case("rhel", "both", "CustomLog names a directory; the log has the cause, standard error the end")
def rhel_custom_log_is_a_directory(box):
    os.makedirs("/var/log/httpd/access_log")
    box.start()


@case("rhel", "stderr", "ErrorLog pipes to a program that does not exist")
def rhel_error_log_pipe_missing(box):
    box.replace(box.layout.config, 'ErrorLog "logs/error_log"',
                'ErrorLog "|/usr/local/sbin/rotatelogs /var/log/httpd/error_log.%Y 86400"')
    box.start()


@case("rhel", "both", "CustomLog pipes to a program that is not executable")
def rhel_custom_log_pipe_not_executable(box):
    box.write("/usr/local/sbin/ship-log", "#!/bin/sh\nexec cat >> /var/log/shipped\n", 0o644)
    box.configure('CustomLog "|/usr/local/sbin/ship-log" common\n')
    box.start()


@case("rhel", "error.log", "the program CustomLog pipes to exits at once, again and again")
def rhel_custom_log_pipe_dies(box):
    box.configure('CustomLog "|/bin/false" common\n')
    box.start()
    time.sleep(2.5)


# -- mutexes -------------------------------------------------------------------------------------------------------------

def map_by_program(box, mutex):
    """A RewriteMap of type prg: the one feature of mod_rewrite that needs a mutex."""
    box.unload("auth_digest")
    box.configure(f'{mutex}\nRewriteEngine on\nRewriteMap pages "prg:/bin/cat"\n')


@case("rhel", "both", "Mutex fcntl in the run directory, which does not exist")
def rhel_mutex_directory_missing(box):
    map_by_program(box, "Mutex fcntl rewrite-map")
    box.remove("/run/httpd")
    box.start()


@case("rhel", "stderr", "Mutex names a directory that does not exist")
def rhel_mutex_directory_not_valid(box):
    box.configure("Mutex file:/run/lock/httpd default\n")
    box.start()


@case("debian", "stderr", "the lock directory of Mutex file: does not exist, apache2 run without apache2ctl's preparation")
def debian_lock_directory_missing(box):
    box.configure("Mutex file:${APACHE_LOCK_DIR} default\n")
    box.start(["/bin/sh", "-c", ". /etc/apache2/envvars; exec /usr/sbin/apache2 -D FOREGROUND"])


@case("rhel", "both", "httpd started by an ordinary user who may not write in Mutex's directory")
def rhel_mutex_denied(box):
    run_as_user(box)
    os.makedirs("/var/lib/httpd-locks")
    map_by_program(box, "Mutex file:/var/lib/httpd-locks rewrite-map")
    box.start(user="apache")


@case("rhel", "both", "no System V semaphore left: kernel.sem allows no further array")
def rhel_mutex_semaphores_exhausted(box):
    map_by_program(box, "Mutex sysvsem default")
    Path("/proc/sys/kernel/sem").write_text("32 32 32 0", encoding="ascii")
    box.start()


@case("rhel", "both", "prefork with two Listen lines, no System V semaphore left")
def rhel_prefork_accept_mutex_exhausted(box):
    box.unload("auth_digest")
    box.unload("rewrite")
    box.write("/etc/httpd/conf.modules.d/00-mpm.conf", "LoadModule mpm_prefork_module modules/mod_mpm_prefork.so\n")
    box.configure("Mutex sysvsem default\nListen 8080\n")
    Path("/proc/sys/kernel/sem").write_text("32 32 32 0", encoding="ascii")
    box.start()


@case("rhel", "both", "no inode left on the file system of Mutex's directory")
def rhel_mutex_no_inode_left(box):
    os.makedirs("/var/lib/httpd-locks")
    box.no_inodes_left("/var/lib/httpd-locks")
    map_by_program(box, "Mutex file:/var/lib/httpd-locks rewrite-map")
    box.start()


# -- user, group, names ---------------------------------------------------------------------------------------------------

@case("rhel", "stderr", "User names nobody known")
def rhel_unknown_user(box):
    box.replace(box.layout.config, "User apache", "User webuser")
    box.start()


@case("rhel", "stderr", "Group names no known group")
def rhel_unknown_group(box):
    box.replace(box.layout.config, "Group apache", "Group webgroup")
    box.start()


@case("debian", "stderr", "User names nobody known; apache2ctl start")
def debian_unknown_user(box):
    box.replace(box.layout.config, "User ${APACHE_RUN_USER}", "User deploy")
    box.start()


@case("rhel", "both", "nothing but a missing ServerName: the server runs")
def rhel_server_name_missing(box):
    box.start()
    box.stop()


@case("debian", "both", "nothing is broken: start, two requests, graceful restart, stop; ServerName is missing")
def debian_healthy(box):
    box.start()
    box.request()
    box.command("apache2ctl", "graceful")
    time.sleep(1)
    box.request("/missing.html")
    box.command("apache2ctl", "stop")
    time.sleep(1)


# -- DocumentRoot ----------------------------------------------------------------------------------------------------------

@case("rhel", "stderr", "the DocumentRoot of the main server does not exist")
def rhel_document_root_missing(box):
    box.replace(box.layout.config, 'DocumentRoot "/var/www/html"', 'DocumentRoot "/srv/www/htdocs"')
    box.start()


@case("debian", "stderr", "the DocumentRoot of a virtual host does not exist: the server runs, that host answers 404")
def debian_vhost_document_root_missing(box):
    box.configure("<VirtualHost *:80>\n\tServerName shop.example.com\n\tDocumentRoot /var/www/shop\n</VirtualHost>\n", "shop.conf")
    box.start()


# -- Debian's environment ----------------------------------------------------------------------------------------------------

@case("debian", "stderr", "apache2 called directly, without the variables of envvars")
def debian_envvars_not_read(box):
    box.start(["/usr/sbin/apache2", "-t"])


@case("debian", "stderr", "a variable that nobody defines in a virtual host")
def debian_variable_undefined(box):
    box.configure("<VirtualHost *:80>\n\tServerName shop.example.com\n\tDocumentRoot ${SHOP_ROOT}/htdocs\n</VirtualHost>\n", "shop.conf")
    box.start()


@case("rhel", "stderr", "DefaultRuntimeDir names a directory that does not exist")
def rhel_default_runtime_dir_missing(box):
    box.replace(box.layout.config, "Listen 80", "DefaultRuntimeDir /run/httpd-www\nListen 80")
    box.start()


@case("rhel", "stderr", "ServerRoot names a directory that does not exist")
def rhel_server_root_missing(box):
    box.replace(box.layout.config, 'ServerRoot "/etc/httpd"', 'ServerRoot "/opt/httpd"')
    box.start()


@case("rhel", "error.log", "TypesConfig names a file that does not exist")
def rhel_mime_types_missing(box):
    box.replace(box.layout.config, "TypesConfig /etc/mime.types", "TypesConfig conf/mime.types")
    box.start()


# -- configuration text --------------------------------------------------------------------------------------------------------

@case("rhel", "stderr", "ProxyPass without mod_proxy")
def rhel_command_of_missing_module(box):
    box.configure('ProxyPass "/app" "http://127.0.0.1:9000/"\n', "app.conf")
    box.start()


@case("debian", "stderr", "RewriteEngine while mod_rewrite is not enabled; apache2ctl start")
def debian_rewrite_not_enabled(box):
    box.replace("/etc/apache2/sites-enabled/000-default.conf", "DocumentRoot /var/www/html",
                "DocumentRoot /var/www/html\n\tRewriteEngine On\n\tRewriteRule ^/old$ /new")
    box.start()


@case("debian", "stderr", "SSLEngine while mod_ssl is not enabled; apache2ctl configtest")
def debian_ssl_not_enabled(box):
    box.configure("<VirtualHost *:443>\n\tServerName www.example.com\n\tSSLEngine on\n</VirtualHost>\n", "www-ssl.conf")
    box.start(["/usr/sbin/apache2ctl", "configtest"])


@case("rhel", "stderr", "a misspelt directive")
def rhel_directive_misspelt(box):
    box.configure("<VirtualHost *:80>\n    ServerNmae shop.example.com\n</VirtualHost>\n", "shop.conf")
    box.start()


@case("rhel", "stderr", "a 2.2 leftover: Order without mod_access_compat")
def rhel_order_without_access_compat(box):
    box.unload("access_compat")
    box.configure('<Directory "/var/www/html">\n    Order allow,deny\n    Allow from all\n</Directory>\n')
    box.start()


@case("rhel", "stderr", "SSLCertificateFile does not exist")
def rhel_certificate_missing(box):
    tls_host(box, "/etc/pki/tls/certs/www.crt", "/etc/pki/tls/private/www.key")
    box.start()


@case("debian", "stderr", "the file of SSLCertificateFile is empty")
def debian_certificate_empty(box):
    tls_host(box, "/etc/ssl/certs/www.pem", "/etc/ssl/private/www.key")
    box.write("/etc/ssl/certs/www.pem", "")
    box.start()


@case("rhel", "error.log", "the private key belongs to another certificate")
def rhel_key_mismatch(box):
    tls_host(box, "/etc/pki/tls/certs/www.crt", "/etc/pki/tls/private/www.key")
    box.certificate("/etc/pki/tls/certs/www.crt", "/tmp/other.key")
    box.certificate("/tmp/other.crt", "/etc/pki/tls/private/www.key")
    box.start()


@case("rhel", "error.log", "the private key is encrypted and no terminal is there to ask at")
def rhel_key_with_passphrase(box):
    tls_host(box, "/etc/pki/tls/certs/www.crt", "/etc/pki/tls/private/www.key")
    box.certificate("/etc/pki/tls/certs/www.crt", "/etc/pki/tls/private/www.key", "-passout", "pass:example")
    box.start()


@case("rhel", "error.log", "SSLCertificateFile holds something else than a certificate")
def rhel_certificate_not_pem(box):
    tls_host(box, "/etc/pki/tls/certs/www.crt", "/etc/pki/tls/private/www.key")
    box.certificate("/tmp/other.crt", "/etc/pki/tls/private/www.key")
    box.write("/etc/pki/tls/certs/www.crt", "this is no certificate\n")
    box.start()


def tls_host(box, certificate, key):
    box.load("ssl")
    listen = "" if box.layout.name == "debian" else "Listen 443\n"
    box.configure(f"{listen}<VirtualHost *:443>\n    ServerName www.example.com\n    SSLEngine on\n"
                  f"    SSLCertificateFile {certificate}\n    SSLCertificateKeyFile {key}\n</VirtualHost>\n", "www-ssl.conf")


@case("rhel", "stderr", "Listen inside a virtual host")
def rhel_directive_not_allowed_here(box):
    box.configure("<VirtualHost *:80>\n    Listen 8080\n</VirtualHost>\n", "shop.conf")
    box.start()


@case("rhel", "stderr", "ServerName with two arguments")
def rhel_wrong_number_of_arguments(box):
    box.configure("<VirtualHost *:80>\n    ServerName shop.example.com www.shop.example.com\n</VirtualHost>\n", "shop.conf")
    box.start()


@case("rhel", "stderr", "Options mixes words with and without a sign")
def rhel_options_sign_mixed(box):
    box.configure('<Directory "/var/www/html">\n    Options Indexes +FollowSymLinks\n</Directory>\n')
    box.start()


@case("rhel", "stderr", "a word of Require that no module knows")
def rhel_require_unknown_provider(box):
    box.configure('<Directory "/var/www/html">\n    Require al granted\n</Directory>\n')
    box.start()


@case("rhel", "stderr", "a section is never closed")
def rhel_section_not_closed(box):
    box.configure('<VirtualHost *:80>\n    ServerName shop.example.com\n    <Directory "/var/www/shop">\n'
                  "        Require all granted\n</VirtualHost>\n", "shop.conf")
    box.start()


@case("debian", "stderr", "the last section of a file is never closed; apache2ctl start")
def debian_section_not_closed(box):
    box.configure("<VirtualHost *:80>\n\tServerName shop.example.com\n\tDocumentRoot /var/www/html\n", "shop.conf")
    box.start()


@case("rhel", "stderr", "Include names a file that does not exist, two files deep")
def rhel_include_missing(box):
    box.configure("Include conf/vhosts.conf\n", "vhosts.conf")
    box.start()


@case("rhel", "stderr", "Include with a wildcard in a directory that does not exist")
def rhel_include_wildcard_without_match(box):
    box.configure("Include vhosts.d/*.conf\n")
    box.start()


@case("rhel", "stderr", "the main configuration file does not exist")
def rhel_main_configuration_missing(box):
    box.remove("/etc/httpd/conf/httpd.conf")
    box.start()


@case("rhel", "error.log", ".htaccess holds a directive of a module that is not loaded: requests get 500")
def rhel_htaccess_unknown_directive(box):
    box.replace(box.layout.config, "AllowOverride None", "AllowOverride All")
    box.write("/var/www/html/.htaccess", "php_value upload_max_filesize 20M\n")
    box.start()
    box.request()
    box.stop()


# -- modules --------------------------------------------------------------------------------------------------------------------

@case("rhel", "stderr", "LoadModule of a file that does not exist")
def rhel_module_file_missing(box):
    box.load("wsgi")
    box.start()


@case("debian", "stderr", "a .load file of a package that was removed; apache2ctl start")
def debian_module_file_missing(box):
    box.write("/etc/apache2/mods-enabled/php8.2.load", "LoadModule php_module /usr/lib/apache2/modules/libphp8.2.so\n")
    box.start()


@case("rhel", "stderr", "LoadModule of a text file")
def rhel_module_not_a_library(box):
    box.load("shop")
    box.write("/usr/lib64/httpd/modules/mod_shop.so", "This is not a shared object, but a note of some length.\n" * 4)
    box.start()


@case("rhel", "stderr", "LoadModule of an empty file")
def rhel_module_file_empty(box):
    box.load("shop")
    box.write("/usr/lib64/httpd/modules/mod_shop.so", "")
    box.start()


@case("rhel", "stderr", "LoadModule under a wrong module name")
def rhel_module_name_wrong(box):
    box.write("/etc/httpd/conf.modules.d/10-more.conf", "LoadModule php5_module modules/mod_status.so\n")
    box.start()


@case("rhel", "stderr", "a module whose symbol no loaded module provides: mod_dav_fs without mod_dav")
def rhel_module_undefined_symbol(box):
    box.load("dav_fs")
    box.start()


@case("rhel", "stderr", "a module needs a shared library that is not installed")
def rhel_module_library_missing(box):
    box.load("shop")
    box.command("sh", "-c", "echo 'int shop(void){return 1;}' > /tmp/shop.c; cc -shared -fPIC -o /tmp/libshop.so -Wl,-soname,libshop.so.3 /tmp/shop.c")
    box.compile_module("mod_shop", "extern int shop(void); int use(void) { return shop(); }\n", "-L/tmp", "-lshop")
    box.start()


@case("rhel", "stderr", "a module built for httpd 2.2")
def rhel_module_of_another_httpd(box):
    box.load("shop")
    box.compile_module("mod_shop", "struct { int version, minor, index; const char *name; void *handle, *next; unsigned long magic;"
                       " void *rest[12]; } shop_module = { 20051115, 40, -1, \"mod_shop.c\", 0, 0, 0x41503232UL };\n")
    box.start()


@case("rhel", "stderr", "a module of right mark but older interface version")
def rhel_module_older_interface(box):
    box.load("shop")
    box.compile_module("mod_shop", "struct { int version, minor, index; const char *name; void *handle, *next; unsigned long magic;"
                       " void *rest[12]; } shop_module = { 20100606, 0, -1, \"mod_shop.c\", 0, 0, 0x41503234UL };\n")
    box.start()


@case("rhel", "stderr", "a module is loaded twice: a warning only")
def rhel_module_loaded_twice(box):
    box.load("status")
    box.start()
    box.stop()


@case("rhel", "stderr", "no MPM is loaded")
def rhel_no_mpm(box):
    box.write("/etc/httpd/conf.modules.d/00-mpm.conf", "#LoadModule mpm_event_module modules/mod_mpm_event.so\n")
    box.start()


@case("debian", "stderr", "no MPM is enabled; apache2ctl start")
def debian_no_mpm(box):
    box.unload("mpm_event")
    box.start()


@case("rhel", "stderr", "two MPMs are loaded")
def rhel_two_mpms(box):
    box.load("mpm_prefork")
    box.start()


@case("rhel", "error.log", "a balancer without mod_slotmem_shm")
def rhel_balancer_without_slotmem(box):
    box.unload("slotmem_shm")
    box.load("proxy", "proxy_http", "proxy_balancer", "lbmethod_byrequests")
    box.configure(BALANCER, "app.conf")
    box.start()


@case("rhel", "error.log", "a balancer without its lbmethod module")
def rhel_balancer_without_lbmethod(box):
    box.load("proxy", "proxy_http", "proxy_balancer")
    box.configure(BALANCER, "app.conf")
    box.start()


BALANCER = ('<Proxy "balancer://app">\n    BalancerMember "http://127.0.0.1:9001"\n    BalancerMember "http://127.0.0.1:9002"\n'
            '</Proxy>\nProxyPass "/app" "balancer://app"\n')


# -- requests ---------------------------------------------------------------------------------------------------------------------

@case("debian", "error.log", "the backend of ProxyPass is not running: requests get 503")
def debian_backend_refused(box):
    box.load("proxy", "proxy_http")
    box.configure('ProxyPass "/app" "http://127.0.0.1:9000/"\n', "app.conf")
    box.start()
    box.request("/app/cart")
    box.request("/app/cart")
    box.command("apache2ctl", "stop")


@case("debian", "error.log", "the socket of php-fpm does not exist: requests get 503")
def debian_php_fpm_socket_missing(box):
    box.load("proxy", "proxy_fcgi")
    box.configure('<FilesMatch "\\.php$">\n\tSetHandler "proxy:unix:/run/php/php8.2-fpm.sock|fcgi://localhost"\n</FilesMatch>\n', "php.conf")
    box.write("/var/www/html/index.php", "<?php phpinfo();\n")
    box.start()
    box.request("/index.php")
    box.command("apache2ctl", "stop")


@case("debian", "error.log", "a component of the document root may not be searched: requests get 403")
def debian_document_root_denied(box):
    os.chmod("/var/www", 0o700)
    box.start()
    box.request("/index.html")
    box.command("apache2ctl", "stop")


@case("debian", "error.log", "Require all denied stands where visitors should come in: requests get 403")
def debian_denied_by_configuration(box):
    box.replace("/etc/apache2/sites-enabled/000-default.conf", "DocumentRoot /var/www/html", "DocumentRoot /srv/shop")
    os.makedirs("/srv/shop")
    box.write("/srv/shop/index.html", "shop\n")
    box.start()
    box.request("/index.html")
    box.command("apache2ctl", "stop")


@case("debian", "error.log", "CGI scripts: a bad interpreter, no x bit, no header; requests get 500")
def debian_cgi_broken_scripts(box):
    box.load("cgid")
    box.configure('ScriptAlias "/cgi-bin/" "/usr/lib/cgi-bin/"\n', "cgi.conf")
    for name, text, mode in (("interpreter.cgi", "#!/usr/bin/perl6\nprint 1;\n", 0o755),
                             ("denied.cgi", "#!/bin/sh\necho 1\n", 0o644),
                             ("headers.cgi", "#!/bin/sh\necho oops >&2\necho no header\n", 0o755)):
        box.write(f"/usr/lib/cgi-bin/{name}", text, mode)
    box.start()
    for name in ("interpreter", "denied", "headers"):
        box.request(f"/cgi-bin/{name}.cgi")
    box.command("apache2ctl", "stop")
