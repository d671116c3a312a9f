/* SPDX-License-Identifier: EUPL-1.2
 *
 * Proves, on raw sockets: a request whose peer leaves is freed and readable
 * until then, whichever way it left (the leak checker judges); no files, too
 * many connections and too large bodies are each met without the handler; a
 * stop lets nobody new in; a stream waits for its reader; a socket is only
 * taken over from the dead. Leaves out: more than one uid.
 */
#include "config.h"

#include "base/loop.h"
#include "net/serve.h"

#include <event2/event.h>
#include <fcntl.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <time.h>
#include <unistd.h>

#include <cmocka.h>

enum { SMALL = 1000, LARGE = 5000, PIECE = 64 << 10, PIECES = 100 };

struct world {
    struct event_base *base;
    struct server *server;
    char path[64];
    struct exchange *held;
    int calls, gone, made, empty;
    char got[8192];
};

static void
on_gone(void *arg)
{
    ((struct world *)arg)->gone++;
}

static void
next_piece(void *arg)
{
    struct world *w = arg;
    static const char piece[PIECE];
    if (w->made == PIECES) {
        struct exchange *x = w->held;
        w->held = NULL;
        exchange_end(x);
        return;
    }
    w->made++;
    exchange_chunk_then(w->held, piece, sizeof piece, next_piece, w);
}

static void
on_empty(void *arg)
{
    ((struct world *)arg)->empty++;
}

static void
handle(void *arg, struct exchange *x)
{
    struct world *w = arg;
    size_t n;
    const char *body = exchange_body(x, &n);
    const char *path = exchange_path(x);
    w->calls++;
    if (strcmp(path, "/hold") && strcmp(path, "/stream") &&
        strcmp(path, "/pieces")) {
        exchange_reply(x, 200, "text/plain", body, n);
        return;
    }
    w->held = x;
    exchange_on_gone(x, on_gone, w);
    if (strcmp(path, "/hold"))
        exchange_stream(x, 200, "text/plain");
    if (!strcmp(path, "/pieces"))
        exchange_chunk_then(x, NULL, 0, next_piece, w);
}

static size_t
body_limit(void *arg, const char *path)
{
    (void)arg;
    return strcmp(path, "/large") ? 0 : LARGE;
}

static void
spin(struct world *w, int ms)
{
    struct timeval t = {.tv_sec = ms / 1000, .tv_usec = ms % 1000 * 1000};
    event_base_loopexit(w->base, &t);
    event_base_dispatch(w->base);
}

static void
serve(struct world *w, struct serve_options o)
{
    struct err e = {0};
    o.path = w->path;
    o.mode = 0600;
    o.max_body = SMALL;
    o.max_headers = 8192;
    o.body_limit = body_limit;
    o.idle_s = o.idle_s ? o.idle_s : 60;
    server_free(&w->server);
    w->server = server_new(w->base, &o, handle, w, &e);
    if (!w->server)
        fail_msg("%s", e.text);
}

static int
client(struct world *w)
{
    struct sockaddr_un a = {.sun_family = AF_UNIX};
    memcpy(a.sun_path, w->path, strlen(w->path) + 1);
    int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK, 0);
    assert_true(fd >= 0);
    assert_int_equal(connect(fd, (struct sockaddr *)&a, sizeof a), 0);
    return fd;
}

static void
put(int fd, const char *s)
{
    assert_int_equal(send(fd, s, strlen(s), MSG_NOSIGNAL), strlen(s));
}

static void
post(int fd, const char *path, size_t n)
{
    char head[200], body[LARGE + 100];
    snprintf(head, sizeof head,
             "POST %s HTTP/1.1\r\nHost: x\r\nMark: y\r\n"
             "Content-Length: %zu\r\n\r\n",
             path, n);
    memset(body, 'b', n);
    body[n] = '\0';
    put(fd, head);
    put(fd, body);
}

/* What has come within 100 ms, in w->got; its HTTP status, 0 for nothing. */
static int
status(struct world *w, int fd)
{
    spin(w, 100);
    ssize_t n = recv(fd, w->got, sizeof w->got - 1, 0);
    w->got[n > 0 ? n : 0] = '\0';
    return n > 12 ? (int)strtol(w->got + 9, NULL, 10) : 0;
}

static int
setup(void **state)
{
    struct world *w = calloc(1, sizeof *w);
    w->base = loop_new();
    snprintf(w->path, sizeof w->path, "/tmp/enfraga-serve-%d.sock", getpid());
    serve(w, (struct serve_options){0});
    *state = w;
    return 0;
}

static int
teardown(void **state)
{
    struct world *w = *state;
    server_free(&w->server);
    event_base_free(w->base);
    free(w);
    return 0;
}

static void
assert_readable(struct exchange *x)
{
    size_t n;
    const char *body = exchange_body(x, &n);
    assert_int_equal(n, 10);
    assert_string_equal(body, "bbbbbbbbbb");
    assert_string_equal(exchange_method(x), "POST");
    assert_string_equal(exchange_header(x, "Mark"), "y");
    assert_int_equal(exchange_peer(x)->uid, getuid());
}

static struct exchange *
leave(struct world *w, const char *path)
{
    int fd = client(w);
    post(fd, path, 10);
    spin(w, 50);
    assert_non_null(w->held);
    close(fd);
    spin(w, 50);
    assert_int_equal(w->gone, 1);
    return w->held;
}

static void
test_left_while_streaming(void **state)
{
    struct world *w = *state;
    struct exchange *x = leave(w, "/stream"); /* the connection is closed */
    assert_readable(x);
    exchange_chunk(x, "c", 1);
    exchange_chunk_then(x, "c", 1, on_empty, w);
    exchange_chunk_then(x, NULL, 0, on_empty, w);
    spin(w, 20);
    assert_int_equal(w->empty, 0);
    exchange_end(x);
    x = (w->gone = 0, leave(w, "/stream"));
    exchange_reply(x, 200, "text/plain", "", 0);
    assert_int_equal(w->gone, 1);
}

static void
test_left_before_the_answer(void **state)
{
    struct world *w = *state;
    struct exchange *x = leave(w, "/hold"); /* a hup; the connection stays */
    assert_readable(x);
    exchange_reply(x, 200, "text/plain", "a", 1);
    spin(w, 50);
    /* a hup, and the connection is closed by what is written to it */
    x = (w->gone = 0, leave(w, "/hold"));
    exchange_stream(x, 200, "text/plain");
    spin(w, 50);
    assert_readable(x);
    exchange_end(x);
    assert_int_equal(w->gone, 1);
}

static void
test_time_limit_while_streaming(void **state)
{
    struct world *w = *state;
    serve(w, (struct serve_options){.idle_s = 1});
    int fd = client(w);
    post(fd, "/stream", 10);
    spin(w, 1300);
    assert_int_equal(w->gone, 1);
    assert_readable(w->held);
    exchange_end(w->held);
    close(fd);
}

static void
test_server_ends_with_exchanges_under_way(void **state)
{
    struct world *w = *state;
    leave(w, "/hold");
    w->gone = 0;
    leave(w, "/stream");
    int fd = client(w), waiting = client(w);
    post(fd, "/stream", 10);
    spin(w, 50);
    w->gone = 0;
    server_free(&w->server);
    assert_int_equal(w->gone, 0);
    close(fd);
    close(waiting);
}

static long
lines_of(FILE *f)
{
    long n = 0;
    rewind(f);
    for (int c; (c = fgetc(f)) != EOF;)
        n += c == '\n';
    return n;
}

static void
test_no_files_left(void **state)
{
    struct world *w = *state;
    FILE *said = tmpfile();
    int err = dup(STDERR_FILENO), fd = client(w);
    int extra = open("/dev/null", O_RDONLY);
    close(extra);
    struct rlimit old, low;
    getrlimit(RLIMIT_NOFILE, &old);
    low = old;
    low.rlim_cur = (rlim_t)extra;
    setrlimit(RLIMIT_NOFILE, &low);
    dup2(fileno(said), STDERR_FILENO);
    clock_t cpu = clock();
    post(fd, "/x", 3);
    spin(w, 500);
    cpu = clock() - cpu;
    setrlimit(RLIMIT_NOFILE, &old);
    spin(w, 1000);
    dup2(err, STDERR_FILENO);
    close(err);
    assert_int_equal(lines_of(said), 1);
    assert_true(cpu < CLOCKS_PER_SEC / 5);
    fclose(said);
    assert_int_equal(status(w, fd), 200);
    close(fd);
}

static void
test_caps(void **state)
{
    struct world *w = *state;
    static const struct serve_options caps[] = {{.max_conns_per_peer = 2},
                                                {.max_conns = 2}};
    for (int i = 0; i < 2; i++) {
        serve(w, caps[i]);
        int a = client(w), b = client(w), c = client(w);
        assert_int_equal(status(w, c), 503);
        assert_non_null(strstr(w->got, "\"kod\":\"nat\""));
        assert_int_equal(recv(c, w->got, 1, 0), 0); /* closed */
        post(a, "/x", 3);
        assert_int_equal(status(w, a), 200);
        close(b);
        spin(w, 20);
        int d = client(w);
        post(d, "/x", 3);
        assert_int_equal(status(w, d), 200);
        close(a);
        close(c);
        close(d);
        spin(w, 20);
    }
}

static void
test_body_limits(void **state)
{
    struct world *w = *state;
    int fd = client(w);
    post(fd, "/large", LARGE);
    assert_int_equal(status(w, fd), 200);
    post(fd, "/x", SMALL); /* the same connection */
    assert_int_equal(status(w, fd), 200);
    w->calls = 0;
    post(fd, "/x", SMALL + 1); /* the large path's ceiling has not stayed */
    assert_int_equal(status(w, fd), 413);
    close(fd);
    fd = client(w);
    post(fd, "/large", LARGE + 1);
    assert_int_equal(status(w, fd), 413);
    close(fd);
    fd = client(w);
    put(fd, "POST /x HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n3e9\r\n");
    assert_int_equal(status(w, fd), 413);
    close(fd);
    assert_int_equal(w->calls, 0);
    fd = client(w); /* one behind the other, the line in two parts */
    put(fd, "GET /x HTTP/1.1\r\nHost: x\r\n\r\nPOST /lar");
    spin(w, 20);
    put(fd, "ge HTTP/1.1\r\nContent-Length: 1001\r\n\r\n");
    char body[SMALL + 2] = "";
    memset(body, 'b', SMALL + 1);
    put(fd, body);
    status(w, fd);
    assert_int_equal(w->calls, 2);
    close(fd);
}

static void
test_pause(void **state)
{
    struct world *w = *state;
    int open = client(w), held = client(w);
    post(open, "/x", 3);
    assert_int_equal(status(w, open), 200);
    post(held, "/hold", 10);
    spin(w, 20);
    server_pause(w->server);
    w->calls = 0;
    post(open, "/x", 3);
    assert_int_equal(status(w, open), 503);
    assert_non_null(strstr(w->got, "application/problem+json"));
    int late = client(w);
    post(late, "/x", 3);
    assert_int_equal(status(w, late), 0);
    assert_int_equal(w->calls, 0);
    exchange_reply(w->held, 200, "text/plain", "a", 1);
    assert_int_equal(status(w, held), 200);
    close(open);
    close(held);
    close(late);
}

static void
test_stream_waits_for_its_reader(void **state)
{
    struct world *w = *state;
    int fd = client(w);
    post(fd, "/pieces", 10);
    spin(w, 200);
    /* What the kernel holds for a reader, and one piece of ours. */
    assert_in_range(w->made, 1, PIECES / 2);
    size_t total = 0;
    static char sink[1 << 20];
    for (int i = 0; i < 1000 && w->held; i++) {
        spin(w, 1);
        for (ssize_t n; (n = recv(fd, sink, sizeof sink, 0)) > 0;)
            total += (size_t)n;
    }
    assert_int_equal(w->made, PIECES);
    spin(w, 20);
    for (ssize_t n; (n = recv(fd, sink, sizeof sink, 0)) > 0;)
        total += (size_t)n;
    assert_in_range(total, PIECE * PIECES, PIECE * PIECES + 4096);
    close(fd);
}

static void
test_stream_whose_reader_leaves(void **state)
{
    struct world *w = *state;
    int fd = client(w);
    post(fd, "/pieces", 10);
    spin(w, 100);
    int made = w->made;
    close(fd);
    spin(w, 50);
    assert_int_equal(w->gone, 1);
    assert_int_equal(w->made, made);
    exchange_end(w->held);
}

static void
test_only_the_dead_are_replaced(void **state)
{
    struct world *w = *state;
    struct err e = {0};
    struct sockaddr_un a = {.sun_family = AF_UNIX};
    struct serve_options o = {.path = w->path, .mode = 0600};
    int extra = open("/dev/null", O_RDONLY);
    close(extra);
    struct rlimit old, low;
    getrlimit(RLIMIT_NOFILE, &old);
    low = old;
    low.rlim_cur = (rlim_t)extra;
    setrlimit(RLIMIT_NOFILE, &low); /* socket() fails */
    assert_null(server_new(w->base, &o, handle, w, &e));
    setrlimit(RLIMIT_NOFILE, &old);
    assert_int_equal(access(w->path, F_OK), 0);
    server_free(&w->server);
    memcpy(a.sun_path, w->path, strlen(w->path) + 1);
    int fd = socket(AF_UNIX, SOCK_STREAM, 0);
    assert_int_equal(bind(fd, (struct sockaddr *)&a, sizeof a), 0);
    assert_int_equal(listen(fd, 0), 0);
    int in_queue = client(w); /* its queue is full now */
    assert_null(server_new(w->base, &o, handle, w, &e));
    assert_int_equal(access(w->path, F_OK), 0);
    close(in_queue);
    close(fd);
    serve(w, (struct serve_options){0}); /* nobody listens any more */
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, setup, teardown)

int
main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(test_left_while_streaming),
        TEST(test_left_before_the_answer),
        TEST(test_time_limit_while_streaming),
        TEST(test_server_ends_with_exchanges_under_way),
        TEST(test_no_files_left),
        TEST(test_caps),
        TEST(test_body_limits),
        TEST(test_pause),
        TEST(test_stream_waits_for_its_reader),
        TEST(test_stream_whose_reader_leaves),
        TEST(test_only_the_dead_are_replaced),
    };
    signal(SIGPIPE, SIG_IGN);
    return cmocka_run_group_tests(tests, NULL, NULL);
}
