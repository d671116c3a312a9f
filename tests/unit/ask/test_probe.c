/* SPDX-License-Identifier: EUPL-1.2
 *
 * Proves: a probe that is under way when its fetcher goes is freed without a
 * call (the leak checker judges), and one that gets no answer says why. Leaves
 * out what an answer says (contract tests) and runs of questions (e2e).
 */
#include "config.h"

#include "ask/run.h"
#include "base/loop.h"

#include <event2/event.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <cmocka.h>

struct seen {
    struct event_base *base;
    int calls;
    enum err_code code;
};

static void
on_probed(void *arg, enum err_code code,
          const enum probe_state of[SOURCE_COUNT], const struct err *e)
{
    (void)of;
    (void)e;
    struct seen *s = arg;
    s->calls++;
    s->code = code;
    event_base_loopbreak(s->base);
}

/* An upstream that accepts in its queue and never answers. */
static int
silent(char *path, size_t n)
{
    struct sockaddr_un a = {.sun_family = AF_UNIX};
    snprintf(path, n, "/tmp/enfraga-probe-%d.sock", getpid());
    snprintf(a.sun_path, sizeof a.sun_path, "%s", path);
    int fd = socket(AF_UNIX, SOCK_STREAM, 0);
    assert_int_equal(bind(fd, (struct sockaddr *)&a, sizeof a), 0);
    assert_int_equal(listen(fd, 8), 0);
    return fd;
}

static void
test_dropped_and_timed_out(void **state)
{
    (void)state;
    char path[64];
    int fd = silent(path, sizeof path);
    struct seen s = {.base = loop_new()};
    struct fetcher *f = fetcher_new(s.base);
    struct upstream u = {.url = "http://ssbtek/",
                         .unix_socket = path,
                         .connect_s = 1,
                         .total_s = 1,
                         .kontrakt = KONTRAKT_V10};
    struct err e = {0};
    assert_int_equal(probe_start(f, &u, on_probed, &s, &e), ERR_OK);
    event_base_loop(s.base, EVLOOP_ONCE); /* it is on its way */
    fetcher_free(&f);
    assert_int_equal(s.calls, 0);
    f = fetcher_new(s.base);
    assert_int_equal(probe_start(f, &u, on_probed, &s, &e), ERR_OK);
    event_base_dispatch(s.base);
    assert_int_equal(s.calls, 1);
    assert_int_equal(s.code, ERR_TIMEOUT);
    fetcher_free(&f);
    event_base_free(s.base);
    close(fd);
    unlink(path);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_dropped_and_timed_out),
    };
    signal(SIGPIPE, SIG_IGN);
    return cmocka_run_group_tests(tests, NULL, NULL);
}
