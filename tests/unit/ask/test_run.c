/* SPDX-License-Identifier: EUPL-1.2
 *
 * Proves, of authorities asked by themselves: a connection that failed before
 * the first byte had left is tried once more and the question put once; one
 * that failed after is not; each source has its own limit and the whole
 * question its; a source without address or agreement in force gets no byte
 * and has its own word; a breaker opens, refuses in a stated state, and closes
 * by an answer; what came is kept where asked for. Leaves out what an answer
 * says (wire) and TLS (test_bastjanster.py).
 */
#include "config.h"

#include "ask/run.h"
#include "base/clock.h"
#include "base/log.h"
#include "base/loop.h"

#include <event2/event.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <cmocka.h>

#define TODAY ((struct date){2026, 11, 24})

static const char fault[] =
    "HTTP/1.1 500 x\r\nContent-Type: text/xml\r\nContent-Length: 202\r\n\r\n"
    "<soap:Envelope xmlns:soap=\"http://schemas.xmlsoap.org/soap/envelope/\">"
    "<soap:Body><soap:Fault><faultcode>soap:Server</faultcode><faultstring>"
    "Ett fel</faultstring></soap:Fault></soap:Body></soap:Envelope>";

enum manner { FAULT, HANG, LEAVE };

/* The authorities behind one socket, each connection treated alike. */
struct world {
    struct event_base *base;
    struct fetcher *fetcher;
    struct event *listening, *later;
    char path[96];
    int fd, peers[16], n;
    struct event *readers[16];
    int requests; /* whose bytes have been seen */
    enum manner manner;
    struct upstream up;
    struct breaker breakers[SOURCE_COUNT];
    struct question q;
    struct plan plan;
    struct run *run;
    int parts;
};

static void
on_request(evutil_socket_t fd, short what, void *arg)
{
    (void)what;
    struct world *w = arg;
    char b[16384];
    ssize_t n = read((int)fd, b, sizeof b);
    if (n <= 0)
        return;
    if (n > 5 && !memcmp(b, "POST ", 5))
        w->requests++;
    b[n < (ssize_t)sizeof b ? n : n - 1] = '\0';
    if (w->manner == LEAVE)
        shutdown((int)fd, SHUT_RDWR);
    if (w->manner == FAULT && strstr(b, "Envelope>"))
        assert_true(write((int)fd, fault, sizeof fault - 1) > 0);
}

static void
on_peer(evutil_socket_t fd, short what, void *arg)
{
    (void)what;
    struct world *w = arg;
    int peer = accept((int)fd, NULL, NULL);
    assert_true(peer >= 0 && w->n < 16);
    w->peers[w->n] = peer;
    w->readers[w->n] =
        event_new(w->base, peer, EV_READ | EV_PERSIST, on_request, w);
    event_add(w->readers[w->n++], NULL);
}

static void
open_door(struct world *w)
{
    struct sockaddr_un a = {.sun_family = AF_UNIX};
    snprintf(a.sun_path, sizeof a.sun_path, "%s", w->path);
    w->fd = socket(AF_UNIX, SOCK_STREAM, 0);
    assert_int_equal(bind(w->fd, (struct sockaddr *)&a, sizeof a), 0);
    assert_int_equal(listen(w->fd, 16), 0);
    w->listening = event_new(w->base, w->fd, EV_READ | EV_PERSIST, on_peer, w);
    event_add(w->listening, NULL);
}

static void
open_later(evutil_socket_t fd, short what, void *arg)
{
    (void)fd;
    (void)what;
    open_door(arg);
}

static int
setup(void **state)
{
    struct world *w = calloc(1, sizeof *w);
    snprintf(w->path, sizeof w->path, "/tmp/enfraga-run-%d.sock", getpid());
    unlink(w->path);
    w->base = loop_new();
    w->fetcher = fetcher_new(w->base);
    w->up = (struct upstream){.kind = UPSTREAM_BASTJANSTER,
                              .unix_socket = w->path,
                              .split = true,
                              .direct = true,
                              .connect_s = 2,
                              .total_s = 20,
                              .breakers = w->breakers,
                              .rule = {.after = 2, .hold_ms = 300},
                              .asker = {.orgnr = "162120000001",
                                        .namn = "Sundby kommun",
                                        .aktorsid = "999-01",
                                        .syfte = "Ekonomiskt bistånd",
                                        .lagtext = "15 kap. SoL"}};
    for (int s = 0; s < SOURCE_COUNT; s++)
        w->up.of[s] =
            (struct endpoint){.url = "http://x/x", .avtal = "", .limit_s = 20};
    w->q = (struct question){.syfte = SYFTE_FORTSATT,
                             .period = {{2026, 9, 1}, {2026, 11, 30}},
                             .sources = SOURCE_BIT(SOURCE_SO),
                             .handlaggare = "hl0142",
                             .asked_ms = 1};
    snprintf(w->q.id, sizeof w->q.id, "6f1c2a34-0000-4000-8000-000000000001");
    snprintf(w->q.arende, sizeof w->q.arende, "EK-1");
    snprintf(w->q.person.digits, sizeof w->q.person.digits, "197905179839");
    *state = w;
    return 0;
}

static int
teardown(void **state)
{
    struct world *w = *state;
    run_free(&w->run);
    plan_done(&w->plan);
    fetcher_free(&w->fetcher);
    for (int i = 0; i < w->n; i++) {
        event_free(w->readers[i]);
        close(w->peers[i]);
    }
    if (w->listening) {
        event_free(w->listening);
        close(w->fd);
    }
    if (w->later)
        event_free(w->later);
    event_base_free(w->base);
    unlink(w->path);
    free(w);
    return 0;
}

static void
on_part(void *arg, source_set sources)
{
    (void)sources;
    ((struct world *)arg)->parts++;
}

static void
on_done(void *arg)
{
    event_base_loopbreak(((struct world *)arg)->base);
}

/* Asks, and waits until all has come. ms that it took. */
static int
ask(struct world *w)
{
    static const struct run_ops ops = {
        .part = on_part, .done = on_done, .raw = true};
    struct err e = {0};
    run_free(&w->run);
    plan_done(&w->plan);
    w->parts = 0;
    if (plan_make(&w->plan, &w->q, &w->up, TODAY, &e))
        fail_msg("%s", e.text);
    int64_t t = clock_mono_us();
    w->run = run_start(w->base, w->fetcher, &w->q, &w->plan, &w->up, &ops, w);
    event_base_dispatch(w->base);
    return (int)((clock_mono_us() - t) / 1000);
}

static void
expect(struct world *w, enum source_id s, enum source_state state,
       const char *felkod)
{
    const struct source_answer *of = &run_answer(w->run)->of[s];
    assert_string_equal(state_row(of->state)->word, state_row(state)->word);
    assert_non_null(of->fault);
    assert_string_equal(of->fault->felkod, felkod);
    assert_non_null(of->fault->texts);
}

static void
test_unsent_is_tried_once_more(void **state)
{
    struct world *w = *state;
    size_t n;
    w->later = evtimer_new(w->base, open_later, w);
    evtimer_add(w->later, &(struct timeval){.tv_usec = 100000});
    int ms = ask(w);
    expect(w, SOURCE_SO, STATE_FEL, "Server");
    assert_int_equal(w->requests, 1); /* one intent, one disclosure */
    assert_int_equal(w->n, 1);
    assert_true(ms >= 240); /* the loop counts from its own turn */
    assert_int_equal(w->breakers[SOURCE_SO].failures, 0);
    assert_non_null(run_reader(w->run, SOURCE_SO));
    assert_null(run_raw(w->run, SOURCE_SO, &n));
    assert_null(run_reader(w->run, SOURCE_AF)); /* not asked */
}

static void
test_unsent_twice_is_an_end(void **state)
{
    struct world *w = *state;
    int ms = ask(w); /* nobody there at all */
    expect(w, SOURCE_SO, STATE_FEL, "nat");
    assert_true(ms >= 250 && ms < 2000);
    assert_int_equal(w->parts, 1);
    assert_int_equal(w->breakers[SOURCE_SO].failures, 1);
    assert_null(run_reader(w->run, SOURCE_SO));
}

static void
test_sent_is_never_tried_again(void **state)
{
    struct world *w = *state;
    open_door(w);
    w->manner = LEAVE;
    ask(w);
    assert_int_equal(w->requests, 1);
    assert_int_equal(w->n, 1);
    expect(w, SOURCE_SO, STATE_OLASLIGT, "avbrutet_svar");
    assert_int_equal(w->breakers[SOURCE_SO].failures, 1);
}

/* SO has a second of its own; TNS has more than the question. */
static void
test_each_limit_holds(void **state)
{
    struct world *w = *state;
    open_door(w);
    w->manner = HANG;
    w->up.of[SOURCE_SO].limit_s = 1;
    w->up.total_s = 2;
    w->q.sources |= SOURCE_BIT(SOURCE_TNS);
    int ms = ask(w);
    expect(w, SOURCE_SO, STATE_TIDSGRANS, "tidsgrans");
    expect(w, SOURCE_TNS, STATE_TIDSGRANS, "tidsgrans");
    const struct answer *a = run_answer(w->run);
    assert_true(a->of[SOURCE_SO].time_ms >= 1000);
    assert_true(a->of[SOURCE_SO].time_ms < 1800);
    assert_true(a->of[SOURCE_TNS].time_ms >= 2000 && ms < 3000);
    assert_int_equal(w->requests, 2);
}

static void
test_refused_gets_no_byte(void **state)
{
    struct world *w = *state;
    open_door(w);
    struct endpoint *of = w->up.of;
    w->up.agreements = true;
    w->q.sources = SOURCE_BIT(SOURCE_AF) | SOURCE_BIT(SOURCE_CSN) |
                   SOURCE_BIT(SOURCE_SO) | SOURCE_BIT(SOURCE_TNS) |
                   SOURCE_BIT(SOURCE_MIV);
    of[SOURCE_AF].url = "";
    of[SOURCE_SO].avtal = of[SOURCE_TNS].avtal = of[SOURCE_MIV].avtal = "A 1";
    of[SOURCE_SO].in_force = (struct period){{2025, 1, 1}, {2026, 11, 23}};
    of[SOURCE_MIV].in_force = (struct period){{2026, 11, 24}, {2026, 11, 24}};
    ask(w);
    expect(w, SOURCE_AF, STATE_OTILLGANGLIG, "adress_saknas");
    expect(w, SOURCE_CSN, STATE_EJ_BEHORIG, "avtal_saknas");
    expect(w, SOURCE_SO, STATE_EJ_BEHORIG, "avtal_ej_i_kraft");
    expect(w, SOURCE_TNS, STATE_EJ_BEHORIG, "avtal_saknas"); /* no days */
    expect(w, SOURCE_MIV, STATE_FEL, "Server");              /* its only day */
    assert_int_equal(w->requests, 1);
    assert_int_equal(w->n, 1);
    assert_int_equal(w->parts, 5);
}

static void
test_breaker_opens_and_closes(void **state)
{
    struct world *w = *state;
    struct breaker *b = &w->breakers[SOURCE_SO];
    ask(w);
    ask(w);
    assert_true(b->open);
    open_door(w); /* it is there again, and left alone */
    int ms = ask(w);
    expect(w, SOURCE_SO, STATE_OTILLGANGLIG, "brytare");
    assert_true(ms < 200);
    assert_int_equal(w->n, 0);
    assert_int_equal(w->parts, 1);
    assert_non_null(
        strstr(run_answer(w->run)->of[SOURCE_SO].fault->texts->text, "2"));
    usleep(300000);
    ask(w); /* the try: a fault is an answer */
    expect(w, SOURCE_SO, STATE_FEL, "Server");
    assert_false(b->open);
    assert_int_equal(b->failures, 0);
    ask(w);
    assert_int_equal(w->requests, 2);
}

/* The try is interrupted: the next question tries. */
static void
test_an_abort_frees_the_try(void **state)
{
    struct world *w = *state;
    struct breaker *b = &w->breakers[SOURCE_SO];
    static const struct run_ops ops = {.part = on_part, .done = on_done};
    b->open = true;
    open_door(w);
    w->manner = HANG;
    w->run = NULL;
    struct err e = {0};
    assert_int_equal(plan_make(&w->plan, &w->q, &w->up, TODAY, &e), ERR_OK);
    w->run = run_start(w->base, w->fetcher, &w->q, &w->plan, &w->up, &ops, w);
    for (int i = 0; i < 20 && !w->requests; i++)
        event_base_loop(w->base, EVLOOP_ONCE);
    assert_true(b->trying);
    run_cancel(w->run);
    expect(w, SOURCE_SO, STATE_AVBRUTEN, "avbruten");
    assert_true(b->open && !b->trying);
}

#define T(f) cmocka_unit_test_setup_teardown(f, setup, teardown)

int
main(void)
{
    const struct CMUnitTest tests[] = {
        T(test_unsent_is_tried_once_more), T(test_unsent_twice_is_an_end),
        T(test_sent_is_never_tried_again), T(test_each_limit_holds),
        T(test_refused_gets_no_byte),      T(test_breaker_opens_and_closes),
        T(test_an_abort_frees_the_try),
    };
    signal(SIGPIPE, SIG_IGN);
    return cmocka_run_group_tests(tests, NULL, NULL);
}
