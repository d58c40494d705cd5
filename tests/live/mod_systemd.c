/*
 * mod_systemd: a stand-in for the module of that name, which Debian does not build.
 *
 * The RHEL family runs httpd with Type=notify: `systemctl start httpd` fails when httpd dies while it starts, and
 * returns only once it serves. Without this module the unit would have to be Type=simple, whose start always succeeds,
 * and a test of a plan's verify steps would prove nothing.
 *
 * Build: cc -shared -fPIC -o mod_systemd.so mod_systemd.c
 * Use:   LoadModule systemd_module modules/mod_systemd.so
 * Needs: nothing but a C compiler; the module record of httpd 2.4 (magic number 20120211) is declared here.
 */
#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

typedef struct apr_pool_t apr_pool_t;
enum { SCOREBOARD_SHARED = 2, OK = 0, HOOK_LAST = 20 };
extern void ap_hook_pre_mpm(int (*)(apr_pool_t *, int), const char *const *, const char *const *, int);

static void notify(const char *state)
{
    const char *path = getenv("NOTIFY_SOCKET");
    struct sockaddr_un address = {.sun_family = AF_UNIX};
    if (path == NULL || strlen(path) >= sizeof address.sun_path)
        return;
    strcpy(address.sun_path, path);
    if (path[0] == '@')
        address.sun_path[0] = '\0'; /* the abstract name space */
    int channel = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);
    socklen_t length = (socklen_t)(offsetof(struct sockaddr_un, sun_path) + strlen(path));
    if (channel >= 0) {
        (void)!sendto(channel, state, strlen(state), 0, (struct sockaddr *)&address, length);
        close(channel);
    }
}

static int say_ready(apr_pool_t *pool, int kind)
{
    (void)pool;
    if (kind == SCOREBOARD_SHARED)
        notify("READY=1\nSTATUS=Processing requests...");
    return OK;
}

static void register_hooks(apr_pool_t *pool)
{
    (void)pool;
    ap_hook_pre_mpm(say_ready, NULL, NULL, HOOK_LAST);
}

struct module_record {
    int version, minor_version, module_index;
    const char *name;
    void *dynamic_load_handle, *next;
    unsigned long magic;
    void *rewrite_args, *create_dir_config, *merge_dir_config, *create_server_config, *merge_server_config;
    const void *commands;
    void (*register_hooks)(apr_pool_t *);
    int flags;
};

struct module_record systemd_module = {
    .version = 20120211, .minor_version = 0, .module_index = -1, .name = "mod_systemd.c",
    .magic = 0x41503234UL, /* "AP24" */
    .register_hooks = register_hooks,
};
