/* SPDX-License-Identifier: EUPL-1.2 */
#include "config.h"

#include "ask/run.h"

#include "base/clock.h"
#include "base/i18n.h"
#include "base/log.h"
#include "base/mem.h"

#include <event2/event.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct leg { /* one request under way */
    struct run *run;
    const struct request *request;
    source_set asked; /* with PM where it was asked for */
    struct fetch *fetch;
    struct event *again;             /* the second try, while it waits */
    struct ssbtek_reader *composite; /* one of the two */
    struct bastjanst_reader *direct;
    struct buf raw; /* of SSBTEK's envelope, where it is kept */
    bool retried;
    bool admitted; /* by the breaker, which is to be told */
    bool stopped;  /* by us: what came was refused */
    bool whole;    /* all of it came and was read */
};

struct run {
    struct answer *answer;
    struct event_base *base;
    struct fetcher *fetcher;
    const struct upstream *up;
    struct run_ops ops;
    void *arg;
    struct event *begin; /* legs that could not start end from the loop */
    int64_t started_us;
    int64_t read_us; /* spent on reading, all legs */
    int n, left;
    struct leg leg[SOURCE_COUNT];
};

enum {
    CPU_LIMIT_US = 2000000, /* reading what answers one question (DESIGN 5) */
    AGAIN_MS = 250,         /* before a connection is tried again */
};

/* The source that a leg asks; the first of them where it asks several. */
static enum source_id
leg_source(const struct leg *l)
{
    enum source_id s = 0;
    while (!(l->request->sources & SOURCE_BIT(s)))
        s++;
    return s;
}

/* A question that waits has no readers: they come with what is to be read. */
static void
reader_open(struct leg *l)
{
    if (l->direct || l->composite)
        return;
    if (l->run->up->direct)
        l->direct = bastjanst_reader_new(l->run->answer, leg_source(l));
    if (l->direct && l->run->ops.raw)
        bastjanst_keep(l->direct);
    if (!l->direct)
        l->composite = ssbtek_reader_new(l->run->answer, l->asked);
}

static enum err_code
reader_feed(struct leg *l, const void *p, size_t n, struct err *e)
{
    reader_open(l);
    return l->direct ? bastjanst_feed(l->direct, p, n, e)
                     : ssbtek_feed(l->composite, p, n, e);
}

static void
reader_finish(struct leg *l, int status, const char *type)
{
    struct err why = {0};
    reader_open(l);
    if (l->direct)
        bastjanst_finish(l->direct, status, type, &why);
    else
        ssbtek_finish(l->composite, status, type, &why);
    if (why.code)
        log_warn("upstream: %s", why.text);
}

/* A reader whose answer came whole may be kept. */
static void
leg_close(struct leg *l, bool keep)
{
    fetch_cancel(l->fetch);
    l->fetch = NULL;
    if (l->again)
        event_free(l->again);
    l->again = NULL;
    ssbtek_reader_free(&l->composite);
    if (keep && l->whole)
        return;
    bastjanst_reader_free(&l->direct);
    buf_done(&l->raw);
}

/* The breaker of the one source that a leg asks; NULL where there is none. */
static struct breaker *
leg_breaker(const struct leg *l)
{
    const struct upstream *u = l->run->up;
    return u->direct && u->breakers ? &u->breakers[leg_source(l)] : NULL;
}

static int64_t
now_ms(void)
{
    return clock_mono_us() / 1000;
}

static void
set_time(struct run *r, source_set set)
{
    int ms = (int)((clock_mono_us() - r->started_us) / 1000);
    for (int i = 0; i < SOURCE_COUNT; i++)
        if (set & SOURCE_BIT(i))
            r->answer->of[i].time_ms = ms;
}

/* What a failed transfer means for the sources that it carried. */
static void
fail(struct leg *l, enum err_code code, const struct err *e)
{
    static const struct {
        enum err_code code;
        enum source_state state;
        const char *felkod;
        const char *text;
    } rows[] = {
        {ERR_TIMEOUT, STATE_TIDSGRANS, "tidsgrans",
         N_("The answer did not come within enfraga's limit.")},
        {ERR_TLS, STATE_FEL, "certifikat",
         N_("The certificates were not accepted. No answer was taken.")},
        {ERR_TOO_BIG, STATE_FEL, "for_stort",
         N_("The answer was larger than enfraga takes.")},
        {ERR_PROTOCOL, STATE_OLASLIGT, "avbrutet_svar",
         N_("The answer did not come whole and cannot be read.")},
        {ERR_NET, STATE_FEL, "nat", N_("SSBTEK could not be reached.")},
        {ERR_NET, STATE_FEL, "nat", N_("The authority could not be reached.")},
    };
    size_t i = 0, n = sizeof rows / sizeof rows[0];
    while (i + 2 < n && rows[i].code != code)
        i++;
    i += i + 2 == n && l->run->up->direct;
    log_warn("upstream: %s", e->text);
    ssbtek_failed(l->run->answer, l->asked, rows[i].state, rows[i].felkod,
                  _(rows[i].text));
}

/* The leg's sources have their states: tell, and forget the leg. */
static void
leg_end(struct leg *l)
{
    struct run *r = l->run;
    leg_close(l, r->ops.raw);
    set_time(r, l->asked);
    r->left--;
    r->ops.part(r->arg, l->asked);
    if (r->left == 0)
        r->ops.done(r->arg);
}

/* A source that answers, whatever it says, is there. A gateway that says that
 * what is behind it is not there is no answer. */
static void
tell_breaker(struct leg *l, enum err_code code, int status)
{
    bool away = status >= 502 && status <= 504;
    bool answered = (!code || l->stopped) && !away;
    if (l->admitted)
        breaker_report(leg_breaker(l), &l->run->up->rule, answered, now_ms());
    l->admitted = false;
}

static void
leg_done(void *arg, enum err_code code, int status, const char *type,
         const struct err *e)
{
    struct leg *l = arg;
    l->fetch = NULL;
    l->whole = !code;
    tell_breaker(l, code, status);
    /* What the reader refused it explains best; a cut transfer is an
     * envelope that is not whole. */
    if (code == ERR_OK || (code == ERR_PROTOCOL && status))
        reader_finish(l, status, type);
    if (code)
        fail(l, code, e); /* only what still waits */
    leg_end(l);
}

static enum err_code
leg_data(void *arg, const void *p, size_t n, struct err *e)
{
    struct leg *l = arg;
    int64_t t = clock_mono_us();
    enum err_code code = reader_feed(l, p, n, e);
    l->run->read_us += clock_mono_us() - t;
    if (!code && l->run->read_us > CPU_LIMIT_US)
        code = err_set(e, ERR_TOO_BIG, "the answer takes too long to read");
    if (!code && !l->direct && l->run->ops.raw && buf_add(&l->raw, p, n))
        code = err_set(e, ERR_TOO_BIG, "the answer is too large");
    l->stopped = l->stopped || code;
    return code;
}

static void leg_unsent(void *arg, enum err_code code, const struct err *e);

static const struct fetch_ops leg_ops = {
    .data = leg_data, .done = leg_done, .unsent = leg_unsent};

/* What is left of the leg's own limit and of the whole question's, ms. */
static int64_t
leg_left_ms(const struct leg *l)
{
    const struct upstream *u = l->run->up;
    long limit_s = u->total_s, own_s = u->of[leg_source(l)].limit_s;
    if (u->split && own_s < limit_s)
        limit_s = own_s;
    return limit_s * 1000 - (clock_mono_us() - l->run->started_us) / 1000;
}

static enum err_code
leg_send(struct leg *l, struct err *e)
{
    const struct upstream *u = l->run->up;
    const struct request *q = l->request;
    const struct endpoint *o = &u->of[leg_source(l)];
    const struct fetch_options options = {.url = buf_str(&q->url),
                                          .unix_socket = u->unix_socket,
                                          .headers = q->headers,
                                          .body = q->body.data,
                                          .body_len = q->body.len,
                                          .ca = u->direct ? o->ca : u->ca,
                                          .cert = u->direct ? o->cert : u->cert,
                                          .key = u->direct ? o->key : u->key,
                                          .proxy = u->proxy,
                                          .plain = u->plain,
                                          .connect_s = u->connect_s,
                                          .total_ms = (long)leg_left_ms(l),
                                          .max = SSBTEK_ANSWER_MAX};
    if (options.total_ms <= 0)
        return err_set(e, ERR_TIMEOUT, "no time is left");
    l->fetch = fetch_start(l->run->fetcher, &options, &leg_ops, l, e);
    return l->fetch ? ERR_OK : e->code;
}

static void
on_again(evutil_socket_t fd, short what, void *arg)
{
    (void)fd;
    (void)what;
    struct leg *l = arg;
    struct err e = {0};
    enum err_code code = leg_send(l, &e);
    if (code)
        leg_done(l, code, 0, "", &e);
}

/* Nobody has seen the question, so asking once more is still one disclosure. A
 * time limit is not tried again: the user has waited enough. */
static void
leg_unsent(void *arg, enum err_code code, const struct err *e)
{
    struct leg *l = arg;
    l->fetch = NULL;
    if (l->retried || code == ERR_TIMEOUT || leg_left_ms(l) <= AGAIN_MS) {
        leg_done(l, code, 0, "", e);
        return;
    }
    l->retried = true;
    log_warn("upstream: %s: nothing was sent, trying once more", e->text);
    l->again = evtimer_new(l->run->base, on_again, l);
    evtimer_add(l->again, &(struct timeval){.tv_usec = AGAIN_MS * 1000});
}

/* A source that its breaker holds back: a part-outcome like any other. */
static void
refuse_broken(struct leg *l, const struct breaker *b)
{
    struct answer *a = l->run->answer;
    char at[32];
    int64_t wait = b->trying ? 0 : b->until_ms - now_ms();
    clock_iso(clock_now_ms() + (wait > 0 ? wait : 0), at);
    const char *text = arena_printf(
        a->arena,
        _("Not asked: the source has failed to answer %d times in a row. It "
          "is tried again from %.8s."),
        b->failures, at + strlen("2026-11-24T"));
    ssbtek_failed(a, l->asked, STATE_OTILLGANGLIG, "brytare", text);
}

/* True: the request is on its way. */
static bool
leg_begin(struct leg *l, struct err *e)
{
    struct breaker *b = leg_breaker(l);
    if (l->request->refused) {
        ssbtek_failed(l->run->answer, l->asked, l->request->state,
                      l->request->refused, l->request->text);
        return false;
    }
    if (b && !breaker_admits(b, now_ms())) {
        refuse_broken(l, b);
        return false;
    }
    l->admitted = b != NULL;
    return leg_send(l, e) == ERR_OK;
}

/* From the loop, so that no callback comes before run_start returns. */
static void
send_all(evutil_socket_t fd, short what, void *arg)
{
    (void)fd;
    (void)what;
    struct run *r = arg;
    struct err e[SOURCE_COUNT] = {0};
    bool sent[SOURCE_COUNT];
    int n = r->n;
    for (int i = 0; i < n; i++)
        sent[i] = leg_begin(&r->leg[i], &e[i]);
    /* `done` may free the run, after the last leg and not before. */
    for (int i = 0; i < n; i++) {
        if (!sent[i] && e[i].code)
            leg_done(&r->leg[i], e[i].code, 0, "", &e[i]);
        else if (!sent[i])
            leg_end(&r->leg[i]);
    }
}

struct run *
run_start(struct event_base *base, struct fetcher *f, const struct question *q,
          const struct plan *p, const struct upstream *u,
          const struct run_ops *ops, void *arg)
{
    struct run *r = mem_alloc(sizeof *r);
    r->answer = answer_new(q);
    r->base = base;
    r->fetcher = f;
    r->up = u;
    r->ops = *ops;
    r->arg = arg;
    r->started_us = clock_mono_us();
    r->n = r->left = p->n;
    source_set asked = answer_asked(q);
    for (int i = 0; i < p->n; i++) {
        struct leg *l = &r->leg[i];
        l->run = r;
        l->request = &p->request[i];
        l->asked = p->request[i].sources;
        if (l->asked & SOURCE_BIT(SOURCE_FK))
            l->asked |= asked & SOURCE_BIT(SOURCE_PM);
        buf_init(&l->raw, SSBTEK_ANSWER_MAX);
    }
    r->begin = evtimer_new(base, send_all, r);
    evtimer_add(r->begin, &(struct timeval){0});
    return r;
}

struct answer *
run_answer(struct run *r)
{
    return r->answer;
}

static const struct leg *
kept(const struct run *r, enum source_id s)
{
    for (int i = 0; r->ops.raw && i < r->n; i++)
        if (r->leg[i].asked & SOURCE_BIT(s) && r->leg[i].whole)
            return &r->leg[i];
    return NULL;
}

const char *
run_raw(const struct run *r, enum source_id s, size_t *n)
{
    const struct leg *l = kept(r, s);
    *n = l ? l->raw.len : 0;
    return *n ? buf_str(&l->raw) : NULL;
}

const struct bastjanst_reader *
run_reader(const struct run *r, enum source_id s)
{
    const struct leg *l = kept(r, s);
    return l ? l->direct : NULL;
}

void
run_cancel(struct run *r)
{
    event_del(r->begin);
    for (int i = 0; i < r->n; i++) {
        struct leg *l = &r->leg[i];
        source_set waiting = 0;
        for (int s = 0; s < SOURCE_COUNT; s++)
            if (l->asked & SOURCE_BIT(s) &&
                r->answer->of[s].state == STATE_VANTAR)
                waiting |= SOURCE_BIT(s);
        if (l->admitted)
            breaker_release(leg_breaker(l));
        l->admitted = false;
        leg_close(l, r->ops.raw);
        set_time(r, waiting);
        ssbtek_failed(r->answer, waiting, STATE_AVBRUTEN, "avbruten",
                      _("The question was interrupted before the answer "
                        "came."));
    }
}

void
run_free(struct run **rp)
{
    struct run *r = *rp;
    if (!r)
        return;
    for (int i = 0; i < r->n; i++) {
        if (r->leg[i].admitted)
            breaker_release(leg_breaker(&r->leg[i]));
        leg_close(&r->leg[i], false);
    }
    event_free(r->begin);
    answer_free(&r->answer);
    free(r);
    *rp = NULL;
}
