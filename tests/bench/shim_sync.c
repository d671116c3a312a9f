/* SPDX-License-Identifier: EUPL-1.2
 *
 * A disk whose syncs take ENFRAGA_SYNC_US longer (AUDIT 18, A2).
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <stdlib.h>
#include <time.h>

static int
later(const char *name, int fd)
{
    int (*real)(int) = (int (*)(int))dlsym(RTLD_NEXT, name);
    const char *us = getenv("ENFRAGA_SYNC_US");
    struct timespec t = {.tv_nsec = us ? 1000 * atol(us) : 0};
    nanosleep(&t, NULL);
    return real(fd);
}

int fsync(int fd);
int fdatasync(int fd);

int
fsync(int fd)
{
    return later("fsync", fd);
}

int
fdatasync(int fd)
{
    return later("fdatasync", fd);
}
