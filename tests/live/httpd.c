/*
 * httpd: starts Debian's httpd binary as the RHEL family's, under the name it was called by.
 *
 * That binary's compiled configuration file is apache2.conf; this launcher names conf/httpd.conf instead and
 * preloads shm_shim. It replaces itself, so the process number is the server's.
 *
 * Build: cc -o httpd httpd.c            (layout.py does it)
 * Needs: /usr/lib64/httpd/{httpd,shm_shim.so}, put there by layout.py
 */
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

int main(int argc, char **argv)
{
    char **arguments = calloc((size_t)argc + 3, sizeof *arguments);
    if (arguments == NULL)
        return 1;
    arguments[0] = argv[0];
    arguments[1] = "-f";
    arguments[2] = "conf/httpd.conf";
    for (int i = 1; i < argc; i++)
        arguments[i + 2] = argv[i];
    setenv("LD_PRELOAD", "/usr/lib64/httpd/shm_shim.so", 1);
    execv("/usr/lib64/httpd/httpd", arguments);
    perror("httpd");
    return 127;
}
