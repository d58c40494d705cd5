/*
 * shm_shim: lets a current httpd fail at AH01762 as httpd 2.4.3 to 2.4.25 do.
 *
 * Those releases asked for name-based shared memory, and APR up to 1.7.0 made it with a file:
 * open(name, O_CREAT | O_EXCL), then shmget. So a missing run directory, a left-over file or a full
 * file system stopped the start. Later releases take anonymous memory first, where none of this can happen.
 * This library, preloaded, answers mod_auth_digest (nobody else) as an APR without anonymous memory
 * does, opens the file as the old APR did, hands its errno on, and on success gives real anonymous memory.
 *
 * Build: cc -shared -fPIC -o shm_shim.so shm_shim.c
 * Use:   LD_PRELOAD=/path/shm_shim.so httpd -D FOREGROUND
 * Needs: nothing but a C compiler; the few APR names it uses are declared here.
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <stddef.h>
#include <string.h>
#include <unistd.h>

typedef int apr_status_t;
typedef struct apr_pool_t apr_pool_t;
typedef struct apr_shm_t apr_shm_t;
typedef apr_status_t cleanup_fn(void *);
typedef apr_status_t create_fn(apr_shm_t **, size_t, const char *, apr_pool_t *);
typedef apr_status_t remove_fn(const char *, apr_pool_t *);

/* Weak: a program without APR (a shell on the way, a piped logger) must still be able to load this library. */
extern char *apr_pstrdup(apr_pool_t *, const char *) __attribute__((weak));
extern void apr_pool_cleanup_register(apr_pool_t *, const void *, cleanup_fn *, cleanup_fn *) __attribute__((weak));
extern apr_status_t apr_pool_cleanup_null(void *) __attribute__((weak));

enum { APR_SUCCESS = 0, APR_ENOTIMPL = 70023 };

/* The scoreboard and the session caches keep the memory they always had: only mod_auth_digest is answered otherwise. */
static int called_by_digest(const void *caller)
{
    Dl_info where;
    return dladdr(caller, &where) != 0 && where.dli_fname != NULL && strstr(where.dli_fname, "mod_auth_digest") != NULL;
}

static apr_status_t remove_segment_file(void *name)
{
    unlink(name);
    return APR_SUCCESS;
}

static apr_status_t create_segment_file(const char *name, apr_pool_t *pool)
{
    int file = open(name, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0644);
    if (file < 0)
        return errno;
    close(file);
    /* A forked child must not remove what the parent still owns, hence the null cleanup for children. */
    apr_pool_cleanup_register(pool, apr_pstrdup(pool, name), remove_segment_file, apr_pool_cleanup_null);
    return APR_SUCCESS;
}

apr_status_t apr_shm_create(apr_shm_t **segment, size_t size, const char *name, apr_pool_t *pool)
{
    create_fn *real = (create_fn *)dlsym(RTLD_NEXT, "apr_shm_create");
    if (!called_by_digest(__builtin_return_address(0)))
        return real(segment, size, name, pool);
    if (name == NULL)
        return APR_ENOTIMPL;
    apr_status_t status = create_segment_file(name, pool);
    return status == APR_SUCCESS ? real(segment, size, NULL, pool) : status;
}

/* The old releases did not remove a left-over segment before they created theirs: so EEXIST could happen. */
apr_status_t apr_shm_remove(const char *name, apr_pool_t *pool)
{
    if (called_by_digest(__builtin_return_address(0)))
        return APR_SUCCESS;
    return ((remove_fn *)dlsym(RTLD_NEXT, "apr_shm_remove"))(name, pool);
}
