/* SPDX-License-Identifier: EUPL-1.2
 *
 * Proves: fetch and serve talk over a Unix socket, whole and streamed; the
 * peer's uid is known; a ceiling, a time limit, a peer that leaves and a
 * socket that is in use are each told apart; a fetch that is cancelled or
 * outlived by its fetcher is dropped; a failure before the first byte had left
 * is told apart, and a connection alone sends none; plain http is refused off
 * loopback; the ceiling of open files is raised. Leaves out: TLS (contract
 * tests with a server of its own).
 */
#include "config.h"

#include "base/buf.h"
#include "base/loop.h"
#include "net/fetch.h"
#include "net/serve.h"

#include <event2/event.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <cmocka.h>

struct world {
    struct event_base *base;
    struct fetcher *fetcher;
    struct server *server;
    char path[64];
    /* what the client saw */
    struct buf got;
    int done, status;
    enum err_code code;
    /* what the server saw */
    struct exchange *held;
    int gone, dropped, unsent;
    uid_t uid;
};

static void
on_gone(void *arg)
{
    ((struct world *)arg)->gone++;
}

static void
handle(void *arg, struct exchange *x)
{
    struct world *w = arg;
    w->uid = exchange_peer(x)->uid;
    size_t n;
    const char *body = exchange_body(x, &n);
    const char *path = exchange_path(x);
    if (!strcmp(path, "/echo")) {
        exchange_reply(x, 200, "text/plain", body, n);
    } else if (!strcmp(path, "/stream")) {
        exchange_stream(x, 200, "application/x-ndjson");
        exchange_chunk(x, "a\n", 2);
        exchange_chunk(x, "b\n", 2);
        exchange_end(x);
    } else { /* never answers by itself */
        w->held = x;
        exchange_on_gone(x, on_gone, w);
    }
}

static enum err_code
on_data(void *arg, const void *p, size_t n, struct err *e)
{
    (void)e;
    return buf_add(&((struct world *)arg)->got, p, n);
}

static void
on_done(void *arg, enum err_code code, int status, const char *type,
        const struct err *e)
{
    (void)type;
    (void)e;
    struct world *w = arg;
    w->code = code;
    w->status = status;
    w->done++;
    event_base_loopbreak(w->base);
}

static void
on_drop(void *arg)
{
    ((struct world *)arg)->dropped++;
}

static const struct fetch_ops ops = {
    .data = on_data, .done = on_done, .drop = on_drop};

static struct fetch *
ask(struct world *w, const char *path, const char *body, size_t max,
    long total_s)
{
    char url[64];
    snprintf(url, sizeof url, "http://enfraga%s", path);
    buf_clear(&w->got);
    struct err e = {0};
    struct fetch *f =
        fetch_start(w->fetcher,
                    &(struct fetch_options){.url = url,
                                            .unix_socket = w->path,
                                            .body = body,
                                            .body_len = strlen(body),
                                            .max = max,
                                            .connect_s = 2,
                                            .total_s = total_s},
                    &ops, w, &e);
    assert_non_null(f);
    return f;
}

static int
setup(void **state)
{
    struct world *w = calloc(1, sizeof *w);
    w->got = BUF_INIT(1 << 20);
    w->base = loop_new();
    w->fetcher = fetcher_new(w->base);
    snprintf(w->path, sizeof w->path, "/tmp/enfraga-net-%d.sock", getpid());
    struct err e = {0};
    w->server = server_new(w->base,
                           &(struct serve_options){.path = w->path,
                                                   .mode = 0600,
                                                   .max_body = 1000,
                                                   .max_headers = 8192,
                                                   .idle_s = 60},
                           handle, w, &e);
    assert_non_null(w->server);
    *state = w;
    return 0;
}

static int
teardown(void **state)
{
    struct world *w = *state;
    fetcher_free(&w->fetcher);
    server_free(&w->server);
    assert_int_equal(access(w->path, F_OK), -1);
    event_base_free(w->base);
    buf_done(&w->got);
    free(w);
    return 0;
}

static void
test_whole_and_streamed(void **state)
{
    struct world *w = *state;
    ask(w, "/echo", "hej", 100, 5);
    event_base_dispatch(w->base);
    assert_int_equal(w->status, 200);
    assert_string_equal(buf_str(&w->got), "hej");
    assert_int_equal(w->uid, getuid());
    ask(w, "/stream", "", 100, 5);
    event_base_dispatch(w->base);
    assert_string_equal(buf_str(&w->got), "a\nb\n");
    assert_int_equal(w->done, 2);
}

static void
test_ceiling_and_time_limit(void **state)
{
    struct world *w = *state;
    ask(w, "/echo", "hejsan", 3, 5);
    event_base_dispatch(w->base);
    assert_int_equal(w->code, ERR_TOO_BIG);
    ask(w, "/hang", "", 100, 1);
    event_base_dispatch(w->base);
    assert_int_equal(w->code, ERR_TIMEOUT);
    /* the server sees that the peer left */
    for (int i = 0; i < 50 && !w->gone; i++)
        event_base_loop(w->base, EVLOOP_ONCE);
    assert_int_equal(w->gone, 1);
    exchange_reply(w->held, 200, "text/plain", "", 0); /* finds nobody */
}

static void
test_what_never_ends_is_dropped(void **state)
{
    struct world *w = *state;
    struct fetch *f = ask(w, "/hang", "", 100, 5);
    ask(w, "/hang", "", 100, 5);
    fetch_cancel(f);
    assert_int_equal(w->dropped, 1);
    fetcher_free(&w->fetcher);
    assert_int_equal(w->dropped, 2);
    assert_int_equal(w->done, 0);
    w->fetcher = fetcher_new(w->base);
    ask(w, "/echo", "a", 100, 5); /* one that ends is not */
    event_base_dispatch(w->base);
    assert_int_equal(w->done, 1);
    assert_int_equal(w->dropped, 2);
}

static void
on_unsent(void *arg, enum err_code code, const struct err *e)
{
    (void)e;
    struct world *w = arg;
    w->unsent++;
    w->code = code;
    event_base_loopbreak(w->base);
}

static const struct fetch_ops telling = {
    .data = on_data, .done = on_done, .unsent = on_unsent};

static void
tell(struct world *w, const char *url, const char *path, bool connect_only)
{
    struct err e = {0};
    w->done = w->unsent = 0;
    assert_non_null(
        fetch_start(w->fetcher,
                    &(struct fetch_options){.url = url,
                                            .unix_socket = path,
                                            .body = "x",
                                            .body_len = 1,
                                            .plain = true,
                                            .max = 100,
                                            .connect_only = connect_only,
                                            .connect_s = 2,
                                            .total_ms = 700},
                    &telling, w, &e));
    event_base_dispatch(w->base);
    assert_int_equal(w->done + w->unsent, 1);
}

/* Nobody there; there, and gone before or after the request was read. */
static void
test_what_had_left_is_told(void **state)
{
    struct world *w = *state;
    struct sockaddr_un a = {.sun_family = AF_UNIX};
    snprintf(a.sun_path, sizeof a.sun_path, "%s.mute", w->path);
    tell(w, "http://x/", a.sun_path, false); /* no such socket */
    assert_int_equal(w->unsent, 1);
    assert_int_equal(w->code, ERR_NET);
    int fd = socket(AF_UNIX, SOCK_STREAM, 0);
    assert_int_equal(bind(fd, (struct sockaddr *)&a, sizeof a), 0);
    tell(w, "http://x/", a.sun_path, false); /* refused */
    assert_int_equal(w->unsent, 1);
    assert_int_equal(listen(fd, 8), 0);
    tell(w, "http://x/", a.sun_path, true);
    assert_int_equal(w->done, 1);
    assert_int_equal(w->code, ERR_OK);
    int peer = accept(fd, NULL, NULL);
    char c;
    assert_int_equal(recv(peer, &c, 1, 0), 0); /* came and sent nothing */
    close(peer);
    tell(w, "http://x/", a.sun_path, false); /* the request lies unread */
    assert_int_equal(w->done, 1);
    assert_int_equal(w->code, ERR_TIMEOUT);
    close(fd);
    unlink(a.sun_path);
}

static void
test_socket_in_use_is_refused(void **state)
{
    struct world *w = *state;
    struct err e = {0};
    /* A second server must not take the socket from one that answers. */
    struct server *s = server_new(
        w->base, &(struct serve_options){.path = w->path, .mode = 0600}, handle,
        w, &e);
    assert_null(s);
    assert_int_equal(e.code, ERR_CONFIG);
}

static void
test_plain_http_only_on_loopback(void **state)
{
    struct world *w = *state;
    static const struct {
        const char *url;
        bool plain;
    } bad[] = {{"http://127.0.0.1:1/x", false},
               {"http://ssbtek.invalid/x", true},
               {"http://127.0.0.1.invalid/x", true},
               {"http://127.0.0.1:1@ssbtek.invalid/x", true},
               {"ftp://127.0.0.1/x", true},
               {"file:///etc/passwd", true}};
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        struct err e = {0};
        assert_null(fetch_start(
            w->fetcher,
            &(struct fetch_options){.url = bad[i].url, .plain = bad[i].plain},
            &ops, w, &e));
        assert_int_equal(e.code, ERR_CONFIG);
    }
}

static void
test_raise_files(void **state)
{
    (void)state;
    struct rlimit old, low;
    getrlimit(RLIMIT_NOFILE, &old);
    low = old;
    low.rlim_cur = 100;
    setrlimit(RLIMIT_NOFILE, &low);
    long n = server_raise_files();
    getrlimit(RLIMIT_NOFILE, &low);
    setrlimit(RLIMIT_NOFILE, &old);
    assert_true(n == (long)low.rlim_cur);
    assert_true(n > 100);
    assert_true(low.rlim_max == old.rlim_max);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_whole_and_streamed, setup,
                                        teardown),
        cmocka_unit_test_setup_teardown(test_ceiling_and_time_limit, setup,
                                        teardown),
        cmocka_unit_test_setup_teardown(test_what_never_ends_is_dropped, setup,
                                        teardown),
        cmocka_unit_test_setup_teardown(test_what_had_left_is_told, setup,
                                        teardown),
        cmocka_unit_test_setup_teardown(test_socket_in_use_is_refused, setup,
                                        teardown),
        cmocka_unit_test_setup_teardown(test_plain_http_only_on_loopback, setup,
                                        teardown),
        cmocka_unit_test(test_raise_files),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
