/* SPDX-License-Identifier: EUPL-1.2
 *
 * Preloaded into enfragad by tests/faults/rig.py: what the disk, a peer, the
 * clock and the system's ceilings say can be changed while it runs. A page
 * shared with the test (the file SHIM_PAGE) says which calls are counted and
 * what happens at the n-th: an errno, once or from then on; half a read or
 * write; or SIGKILL before it. For tests only; nothing of it is installed.
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <sys/uio.h>
#include <time.h>
#include <unistd.h>

/* Kinds of calls, as rig.py has them. */
enum {
    OPEN = 1,
    CREATE = 1 << 1, /* an open for writing */
    READ = 1 << 2,
    WRITE = 1 << 3,
    SYNC = 1 << 4,
    SIZE = 1 << 5, /* ftruncate */
    NAME = 1 << 6, /* unlink, rename */
    ROOM = 1 << 7, /* posix_fallocate */
    MAP = 1 << 8,
    LOCK = 1 << 9,
    CONNECT = 1 << 10,
    SEND = 1 << 11, /* to a peer */
    RECV = 1 << 12,
    CLIENT = 1 << 13, /* to and from a Unix socket */
    FD = 1 << 14,     /* whatever makes a descriptor */
    THREAD = 1 << 15, /* a thread or a process */
};
enum { SHORT = 0, KILL = -1 };

struct page {
    int64_t armed, kinds, at, what, from_then;
    int64_t calls, came;
    int64_t shift_ms;   /* of the clock */
    int64_t free_bytes; /* said of any disk; -1: the truth */
    int64_t read_only;
    int64_t ballast; /* its unlinking gives room: nothing fails any more */
    char first[160]; /* the call that was struck first */
};

static volatile struct page *page;

__attribute__((constructor)) static void
start(void)
{
    const char *path = getenv("SHIM_PAGE");
    int fd = path ? (int)syscall(SYS_openat, AT_FDCWD, path, O_RDWR) : -1;
    if (fd < 0)
        return;
    void *p = (void *)syscall(SYS_mmap, NULL, sizeof(struct page),
                              PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
    syscall(SYS_close, fd);
    if (p != MAP_FAILED)
        page = p;
}

static void
tell(const char *name, int fd, const char *path)
{
    char link[32], to[100] = "";
    snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
    if (fd >= 0)
        syscall(SYS_readlink, link, to, sizeof to - 1);
    snprintf((char *)page->first, sizeof page->first, "%s %s", name,
             path ? path : to);
}

/* Counts a call; true where it is to fail, errno set or, for SHORT, 0. */
static int
strike(int kind, const char *name, int fd, const char *path)
{
    if (!page || !page->armed || !(page->kinds & kind))
        return 0;
    int64_t n = __atomic_add_fetch(&page->calls, 1, __ATOMIC_SEQ_CST);
    if (!page->at || n < page->at || (n > page->at && !page->from_then))
        return 0;
    if (__atomic_add_fetch(&page->came, 1, __ATOMIC_SEQ_CST) == 1)
        tell(name, fd, path);
    if (page->what == KILL)
        kill(getpid(), SIGKILL);
    errno = (int)page->what;
    return 1;
}

/* What stands behind a descriptor: the disk, a peer, a client; else 0, as for
 * what wakes our own threads. */
static int
kind_of(int fd, int disk, int peer)
{
    struct stat st;
    struct sockaddr_storage a;
    socklen_t n = sizeof a;
    int was = errno, kind = 0;
    if (!page || !page->armed || fd <= STDERR_FILENO)
        return 0;
    if (syscall(SYS_fstat, fd, &st) == 0 && S_ISREG(st.st_mode))
        kind = disk;
    else if (S_ISSOCK(st.st_mode) && syscall(SYS_getsockname, fd, &a, &n) == 0)
        kind = a.ss_family == AF_UNIX ? CLIENT : peer;
    errno = was;
    return kind;
}

#define REAL(name) ((__typeof__(&name))real(#name))
static void *
real(const char *name)
{
    return dlsym(RTLD_NEXT, name);
}

/* Calls that carry bytes: all, or half of them, or none. `half` is the call
 * with half the bytes. */
#define CARRIES(name, disk, peer, params, all, half)                           \
    ssize_t name params;                                                       \
    ssize_t name params                                                        \
    {                                                                          \
        static __typeof__(&name) next;                                         \
        if (!next)                                                             \
            next = REAL(name);                                                 \
        int kind = kind_of(fd, disk, peer);                                    \
        if (!kind || !strike(kind, #name, fd, NULL))                           \
            return next all;                                                   \
        return errno == SHORT ? next half : -1;                                \
    }

CARRIES(read, READ, RECV, (int fd, void *p, size_t n), (fd, p, n),
        (fd, p, n > 1 ? n / 2 : n))
CARRIES(readv, READ, RECV, (int fd, const struct iovec *v, int n), (fd, v, n),
        (fd, v, 1))
CARRIES(pread, READ, 0, (int fd, void *p, size_t n, off_t at), (fd, p, n, at),
        (fd, p, n / 2, at))
CARRIES(pread64, READ, 0, (int fd, void *p, size_t n, off64_t at),
        (fd, p, n, at), (fd, p, n / 2, at))
CARRIES(write, WRITE, SEND, (int fd, const void *p, size_t n), (fd, p, n),
        (fd, p, n > 1 ? n / 2 : n))
CARRIES(writev, WRITE, SEND, (int fd, const struct iovec *v, int n), (fd, v, n),
        (fd, v, 1))
CARRIES(pwrite, WRITE, 0, (int fd, const void *p, size_t n, off_t at),
        (fd, p, n, at), (fd, p, n / 2, at))
CARRIES(pwrite64, WRITE, 0, (int fd, const void *p, size_t n, off64_t at),
        (fd, p, n, at), (fd, p, n / 2, at))
CARRIES(send, 0, SEND, (int fd, const void *p, size_t n, int f), (fd, p, n, f),
        (fd, p, n > 1 ? n / 2 : n, f))
CARRIES(sendmsg, 0, SEND, (int fd, const struct msghdr *m, int f), (fd, m, f),
        (fd, m, f))
CARRIES(recv, 0, RECV, (int fd, void *p, size_t n, int f), (fd, p, n, f),
        (fd, p, n > 1 ? n / 2 : n, f))

/* Calls that succeed or fail; a short one is one that fails with EINTR. */
#define DOES(ret, name, kind, fd, path, params, all)                           \
    ret name params;                                                           \
    ret name params                                                            \
    {                                                                          \
        static __typeof__(&name) next;                                         \
        if (!next)                                                             \
            next = REAL(name);                                                 \
        if (!(kind) || !strike(kind, #name, fd, path))                         \
            return next all;                                                   \
        if (errno == SHORT)                                                    \
            errno = EINTR;                                                     \
        return (ret)-1;                                                        \
    }

DOES(int, fsync, kind_of(f, SYNC, 0), f, NULL, (int f), (f))
DOES(int, fdatasync, kind_of(f, SYNC, 0), f, NULL, (int f), (f))
DOES(int, ftruncate, kind_of(f, SIZE, 0), f, NULL, (int f, off_t n), (f, n))
DOES(int, ftruncate64, kind_of(f, SIZE, 0), f, NULL, (int f, off64_t n), (f, n))
DOES(int, rename, NAME, -1, a, (const char *a, const char *b), (a, b))
DOES(int, connect, kind_of(f, 0, CONNECT), f, NULL,
     (int f, const struct sockaddr *a, socklen_t n), (f, a, n))
DOES(void *, mmap, f < 0 ? 0 : kind_of(f, MAP, 0), f, NULL,
     (void *p, size_t n, int prot, int flags, int f, off_t at),
     (p, n, prot, flags, f, at))
DOES(void *, mmap64, f < 0 ? 0 : kind_of(f, MAP, 0), f, NULL,
     (void *p, size_t n, int prot, int flags, int f, off64_t at),
     (p, n, prot, flags, f, at))
DOES(int, socket, FD, -1, NULL, (int d, int t, int p), (d, t, p))
DOES(int, accept4, FD, f, NULL,
     (int f, struct sockaddr *a, socklen_t *n, int flags), (f, a, n, flags))
DOES(int, eventfd, FD, -1, NULL, (unsigned n, int flags), (n, flags))
DOES(pid_t, fork, THREAD, -1, NULL, (void), ())

int
unlink(const char *path)
{
    if (strike(NAME, __func__, -1, path)) {
        if (errno == SHORT)
            errno = EINTR;
        return -1;
    }
    const char *end = strstr(path, "-ballast");
    int rc = REAL(unlink)(path);
    if (!rc && end && page && page->ballast)
        page->armed = 0;
    return rc;
}

/* These give the reason instead of setting it. */
int
posix_fallocate(int fd, off_t at, off_t n)
{
    if (strike(ROOM, __func__, fd, NULL))
        return errno == SHORT ? EINTR : errno;
    return REAL(posix_fallocate)(fd, at, n);
}

int
posix_fallocate64(int fd, off64_t at, off64_t n)
{
    if (strike(ROOM, __func__, fd, NULL))
        return errno == SHORT ? EINTR : errno;
    return REAL(posix_fallocate64)(fd, at, n);
}

int
pthread_create(pthread_t *t, const pthread_attr_t *a, void *(*run)(void *),
               void *arg)
{
    if (strike(THREAD, __func__, -1, NULL))
        return errno == SHORT ? EAGAIN : errno;
    return REAL(pthread_create)(t, a, run, arg);
}

static int
open_fails(const char *name, const char *path, int flags)
{
    int writes = (flags & O_ACCMODE) != O_RDONLY || flags & O_CREAT;
    if (!strike(writes ? OPEN | CREATE | FD : OPEN | FD, name, -1, path))
        return 0;
    if (errno == SHORT)
        errno = EINTR;
    return 1;
}

#define OPENS(name)                                                            \
    int name(const char *path, int flags, ...)                                 \
    {                                                                          \
        va_list ap;                                                            \
        va_start(ap, flags);                                                   \
        mode_t mode =                                                          \
            (mode_t)(flags & (O_CREAT | O_TMPFILE) ? va_arg(ap, int) : 0);     \
        va_end(ap);                                                            \
        return open_fails(#name, path, flags) ? -1                             \
                                              : REAL(name)(path, flags, mode); \
    }
OPENS(open)
OPENS(open64)

int
fcntl64(int fd, int cmd, ...)
{
    static int (*next)(int, int, ...);
    va_list ap;
    va_start(ap, cmd);
    void *arg = va_arg(ap, void *);
    va_end(ap);
    if (!next)
        next = REAL(fcntl64);
    /* giving a lock back cannot fail on a local disk */
    if (cmd == F_SETLK && ((struct flock *)arg)->l_type != F_UNLCK &&
        kind_of(fd, LOCK, 0) && strike(LOCK, __func__, fd, NULL)) {
        if (errno == SHORT)
            errno = EINTR;
        return -1;
    }
    return next(fd, cmd, arg);
}

/* What the clock says, and the disk of its room. */

int
clock_gettime(clockid_t id, struct timespec *t)
{
    static __typeof__(&clock_gettime) next;
    if (!next)
        next = REAL(clock_gettime);
    int rc = next(id, t);
    if (!rc && id == CLOCK_REALTIME && page)
        t->tv_sec += page->shift_ms / 1000;
    return rc;
}

time_t
time(time_t *out)
{
    struct timespec t;
    clock_gettime(CLOCK_REALTIME, &t);
    if (out)
        *out = t.tv_sec;
    return t.tv_sec;
}

int
gettimeofday(struct timeval *restrict tv, void *restrict zone)
{
    struct timespec t;
    (void)zone;
    clock_gettime(CLOCK_REALTIME, &t);
    tv->tv_sec = t.tv_sec;
    tv->tv_usec = t.tv_nsec / 1000;
    return 0;
}

static void
say_room(struct statvfs *v)
{
    if (!page)
        return;
    if (page->free_bytes >= 0)
        v->f_bavail = v->f_bfree = (uint64_t)page->free_bytes / v->f_frsize;
    if (page->read_only)
        v->f_flag |= ST_RDONLY;
}

int
statvfs(const char *path, struct statvfs *v)
{
    int rc = REAL(statvfs)(path, v);
    if (!rc)
        say_room(v);
    return rc;
}
