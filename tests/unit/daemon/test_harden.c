/* SPDX-License-Identifier: EUPL-1.2
 *
 * Each system call of harden.def is refused with EPERM once harden_calls has
 * been, also in a thread that was there before, and what the service needs
 * still works. Leaves out what the unit file takes away.
 */
#include "config.h"

#include "base/err.h"
#include "daemon/harden.h"

#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

static const struct {
    long number;
    const char *name;
} denied[] = {
#define DENY(call) {SYS_##call, #call},
#define DENY_TRACE(call)
#include "daemon/harden.def"
#undef DENY
#undef DENY_TRACE
};

enum { N = sizeof denied / sizeof *denied };

/* All arguments are bad on purpose: only a filter answers EPERM to each, and
 * nothing happens where one is let through. */
static int
refused_calls(void)
{
    int wrong = 0;
    for (int i = 0; i < N; i++) {
        errno = 0;
        long rc = syscall(denied[i].number, -1L, -1L, -1L, -1L, -1L, -1L);
        if (rc != -1 || errno != EPERM) {
            fprintf(stderr, "%s: %ld, errno %d\n", denied[i].name, rc, errno);
            wrong++;
        }
    }
    return wrong;
}

static atomic_int go;

static void *
in_thread(void *arg)
{
    (void)arg;
    while (!atomic_load(&go))
        usleep(1000);
    return (void *)(long)refused_calls();
}

/* In a process of its own, since there is no way back. */
static int
in_child(int (*f)(void))
{
    pid_t pid = fork();
    if (pid == 0)
        _exit(f());
    int status = 0;
    assert_int_equal(waitpid(pid, &status, 0), pid);
    return WIFEXITED(status) ? WEXITSTATUS(status) : 100;
}

static int
calls(void)
{
    struct err e = {0};
    pthread_t t;
    void *wrong = NULL;
    if (pthread_create(&t, NULL, in_thread, NULL))
        return 90;
    if (harden_calls(&e))
        return 91;
    atomic_store(&go, 1);
    pthread_join(t, &wrong);
    return refused_calls() + (int)(long)wrong;
}

static int
work(void)
{
    struct err e = {0};
    pthread_t t;
    if (harden_calls(&e))
        return 91;
    int fd = open("/dev/null", O_WRONLY);
    int s = socket(AF_INET, SOCK_STREAM, 0);
    atomic_store(&go, 1);
    if (fd < 0 || s < 0 || write(fd, "x", 1) != 1 || fdatasync(fd) == 0)
        return 92; /* /dev/null cannot be synced: EINVAL */
    return pthread_create(&t, NULL, in_thread, NULL) || pthread_join(t, NULL)
               ? 93
               : 0;
}

static int
early(void)
{
    struct rlimit core = {1, 1};
    harden_early();
    if (getrlimit(RLIMIT_CORE, &core) || core.rlim_cur || core.rlim_max)
        return 94;
    int fd = open("harden.made", O_CREAT | O_WRONLY, 0666);
    int bad = fd < 0 || faccessat(AT_FDCWD, "harden.made", F_OK, 0);
    unlink("harden.made");
    return bad ? 95 : 0;
}

static void
test_denied_calls_fail_in_every_thread(void **state)
{
    (void)state;
    assert_true(N > 50);
    assert_int_equal(in_child(calls), 0);
}

static void
test_the_service_still_works(void **state)
{
    (void)state;
    assert_int_equal(in_child(work), 0);
}

static void
test_early_takes_cores_away(void **state)
{
    (void)state;
    assert_int_equal(in_child(early), 0);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_denied_calls_fail_in_every_thread),
        cmocka_unit_test(test_the_service_still_works),
        cmocka_unit_test(test_early_takes_cores_away),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
