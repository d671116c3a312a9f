/* SPDX-License-Identifier: EUPL-1.2
 *
 * Preloaded into enfragad by test_kill.py: kills the process (SIGKILL) just
 * before its n-th call that touches the disk or a peer, n from SHIM_AT. With
 * SHIM_COUNT a file gets the number of calls at the end instead. For tests
 * only; nothing of it is installed.
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <sys/uio.h>
#include <unistd.h>

static atomic_long calls;

static void
step(void)
{
    static atomic_long at = -1;
    if (at < 0) {
        const char *s = getenv("SHIM_AT");
        at = s ? strtol(s, NULL, 10) : 0;
    }
    long n = atomic_fetch_add(&calls, 1) + 1;
    if (at > 0 && n == at)
        kill(getpid(), SIGKILL);
}

__attribute__((destructor)) static void
tell(void)
{
    const char *path = getenv("SHIM_COUNT");
    FILE *f = path ? fopen(path, "w") : NULL;
    if (!f)
        return;
    fprintf(f, "%ld\n", (long)calls);
    fclose(f);
}

#define WRAP(ret, name, params, args)                                          \
    ret name params;                                                           \
    ret name params                                                            \
    {                                                                          \
        static ret(*real) params;                                              \
        if (!real)                                                             \
            real = (ret(*) params)dlsym(RTLD_NEXT, #name);                     \
        step();                                                                \
        return real args;                                                      \
    }

WRAP(ssize_t, pwrite64, (int fd, const void *p, size_t n, off64_t at),
     (fd, p, n, at))
WRAP(ssize_t, pwrite, (int fd, const void *p, size_t n, off_t at),
     (fd, p, n, at))
WRAP(int, fsync, (int fd), (fd))
WRAP(int, fdatasync, (int fd), (fd))
WRAP(ssize_t, send, (int fd, const void *p, size_t n, int f), (fd, p, n, f))
WRAP(ssize_t, writev, (int fd, const struct iovec *v, int n), (fd, v, n))
