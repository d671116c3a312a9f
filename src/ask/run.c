/* SPDX-License-Identifier: EUPL-1.2 */
#include "config.h"

#include "ask/run.h"

#include "base/clock.h"
#include "base/log.h"
#include "base/mem.h"

#include <event2/event.h>
#include <stdlib.h>
#include <string.h>

static const char *const soap_headers[] = {
    "Content-Type: text/xml; charset=UTF-8", "SOAPAction: \"\"",
    "Accept: text/xml", NULL};

struct leg { /* one request under way */
    struct run *run;
    source_set asked; /* with PM where it was asked for */
    struct fetch *fetch;
    struct ssbtek_reader *reader;
};

struct run {
    struct answer *answer;
    const struct upstream *up;
    struct run_ops ops;
    void *arg;
    struct event *begin; /* legs that could not start end from the loop */
    int64_t started_us;
    int64_t read_us; /* spent on reading, all legs */
    int n, left;
    struct leg leg[SOURCE_COUNT];
};

/* Reading what answers one question may cost this much time (DESIGN 5). */
enum { CPU_LIMIT_US = 2000000 };

static enum err_code
leg_data(void *arg, const void *p, size_t n, struct err *e)
{
    struct leg *l = arg;
    int64_t t = clock_mono_us();
    enum err_code code = ssbtek_feed(l->reader, p, n, e);
    l->run->read_us += clock_mono_us() - t;
    if (!code && l->run->read_us > CPU_LIMIT_US)
        code = err_set(e, ERR_TOO_BIG, "the answer takes too long to read");
    return code;
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
         "Svaret kom inte inom enfragas gräns."},
        {ERR_TLS, STATE_FEL, "certifikat",
         "Certifikaten godtogs inte. Inget svar togs emot."},
        {ERR_TOO_BIG, STATE_FEL, "for_stort",
         "Svaret var större än enfraga tar emot."},
        {ERR_PROTOCOL, STATE_OLASLIGT, "avbrutet_svar",
         "Svaret kom inte helt och kan inte läsas."},
        {ERR_NET, STATE_FEL, "nat", "Ingen kontakt med SSBTEK."},
    };
    size_t i = 0;
    while (i + 1 < sizeof rows / sizeof rows[0] && rows[i].code != code)
        i++;
    log_warn("upstream: %s", e->text);
    ssbtek_failed(l->run->answer, l->asked, rows[i].state, rows[i].felkod,
                  rows[i].text);
}

static void
leg_done(void *arg, enum err_code code, int status, const char *type,
         const struct err *e)
{
    struct leg *l = arg;
    struct run *r = l->run;
    l->fetch = NULL;
    if (code == ERR_OK || code == ERR_PROTOCOL) {
        /* What the reader refused it explains best; a cut transfer is an
         * envelope that is not whole. */
        struct err why = {0};
        ssbtek_finish(l->reader, status, type, &why);
        if (why.code)
            log_warn("upstream: %s", why.text);
    }
    if (code)
        fail(l, code, e); /* only what still waits */
    ssbtek_reader_free(&l->reader);
    set_time(r, l->asked);
    r->left--;
    r->ops.part(r->arg, l->asked);
    if (r->left == 0)
        r->ops.done(r->arg);
}

static const struct fetch_ops leg_ops = {.data = leg_data, .done = leg_done};

static void
set_request(struct fetch_options *o, const struct upstream *u)
{
    *o = (struct fetch_options){.url = u->url,
                                .unix_socket = u->unix_socket,
                                .headers = soap_headers,
                                .ca = u->ca,
                                .cert = u->cert,
                                .key = u->key,
                                .proxy = u->proxy,
                                .plain = u->plain,
                                .connect_s = u->connect_s,
                                .total_s = u->split ? u->source_s : u->total_s,
                                .max = SSBTEK_ANSWER_MAX};
}

/* From the loop: sends, so that no callback comes before run_start returns. */
struct sender {
    struct run *run;
    struct fetcher *fetcher;
    const struct plan *plan;
};

static void
send_all(evutil_socket_t fd, short what, void *arg)
{
    (void)fd;
    (void)what;
    struct sender s = *(struct sender *)arg;
    free(arg);
    struct run *r = s.run;
    event_free(r->begin);
    r->begin = NULL;
    struct err e[SOURCE_COUNT] = {0};
    for (int i = 0; i < r->n; i++) {
        struct fetch_options o;
        set_request(&o, r->up);
        o.body = s.plan->request[i].body.data;
        o.body_len = s.plan->request[i].body.len;
        r->leg[i].fetch =
            fetch_start(s.fetcher, &o, &leg_ops, &r->leg[i], &e[i]);
    }
    /* `done` may free the run, so the last leg that failed comes last. */
    int failed[SOURCE_COUNT], n = 0;
    for (int i = 0; i < r->n; i++)
        if (!r->leg[i].fetch)
            failed[n++] = i;
    for (int i = 0; i < n; i++)
        leg_done(&r->leg[failed[i]], e[failed[i]].code, 0, "", &e[failed[i]]);
}

struct run *
run_start(struct event_base *base, struct fetcher *f, const struct question *q,
          const struct plan *p, const struct upstream *u,
          const struct run_ops *ops, void *arg)
{
    struct run *r = mem_alloc(sizeof *r);
    r->answer = answer_new(q);
    r->up = u;
    r->ops = *ops;
    r->arg = arg;
    r->started_us = clock_mono_us();
    r->n = r->left = p->n;
    source_set asked = answer_asked(q);
    for (int i = 0; i < p->n; i++) {
        struct leg *l = &r->leg[i];
        l->run = r;
        l->asked = p->request[i].sources;
        if (l->asked & SOURCE_BIT(SOURCE_FK))
            l->asked |= asked & SOURCE_BIT(SOURCE_PM);
        l->reader = ssbtek_reader_new(r->answer, l->asked);
    }
    struct sender *s = mem_alloc(sizeof *s);
    *s = (struct sender){.run = r, .fetcher = f, .plan = p};
    r->begin = evtimer_new(base, send_all, s);
    struct timeval now = {0};
    evtimer_add(r->begin, &now);
    return r;
}

struct answer *
run_answer(struct run *r)
{
    return r->answer;
}

static void
drop_begin(struct run *r)
{
    if (!r->begin)
        return;
    free(event_get_callback_arg(r->begin));
    event_free(r->begin);
    r->begin = NULL;
}

void
run_cancel(struct run *r)
{
    drop_begin(r);
    for (int i = 0; i < r->n; i++) {
        struct leg *l = &r->leg[i];
        fetch_cancel(l->fetch);
        l->fetch = NULL;
        ssbtek_reader_free(&l->reader);
        source_set waiting = 0;
        for (int s = 0; s < SOURCE_COUNT; s++)
            if (l->asked & SOURCE_BIT(s) &&
                r->answer->of[s].state == STATE_VANTAR)
                waiting |= SOURCE_BIT(s);
        set_time(r, waiting);
        ssbtek_failed(r->answer, waiting, STATE_AVBRUTEN, "avbruten",
                      "Frågan avbröts innan svaret kom.");
    }
}

void
run_free(struct run **rp)
{
    struct run *r = *rp;
    if (!r)
        return;
    for (int i = 0; i < r->n; i++) {
        fetch_cancel(r->leg[i].fetch);
        ssbtek_reader_free(&r->leg[i].reader);
    }
    drop_begin(r);
    answer_free(&r->answer);
    free(r);
    *rp = NULL;
}

/* Probing. */

enum { PROBE_MAX = 64 * 1024 };

struct probe {
    struct buf got;
    probe_done *done;
    void *arg;
};

static enum err_code
probe_data(void *arg, const void *p, size_t n, struct err *e)
{
    struct probe *b = arg;
    return buf_add(&b->got, p, n) == ERR_OK
               ? ERR_OK
               : err_set(e, ERR_TOO_BIG, "the answer is too large");
}

static void
probe_free(void *arg)
{
    struct probe *b = arg;
    buf_done(&b->got);
    free(b);
}

static void
probe_end(void *arg, enum err_code code, int status, const char *type,
          const struct err *e)
{
    (void)type;
    struct probe *b = arg;
    enum probe_state of[SOURCE_COUNT];
    for (int i = 0; i < SOURCE_COUNT; i++)
        of[i] = PROBE_OKAND;
    struct err why = *e;
    if (!code && status != 200)
        code = err_set(&why, ERR_PROTOCOL, "HTTP %d", status);
    if (!code)
        code = ssbtek_probe_read(of, buf_str(&b->got), b->got.len, &why);
    b->done(b->arg, code, of, &why);
    probe_free(b);
}

enum err_code
probe_start(struct fetcher *f, const struct upstream *u, probe_done *done,
            void *arg, struct err *e)
{
    static const struct fetch_ops ops = {
        .data = probe_data, .done = probe_end, .drop = probe_free};
    AUTO_BUF(body, PROBE_MAX);
    enum err_code code = ssbtek_probe(&body, u->kontrakt);
    if (code)
        return code;
    struct probe *b = mem_alloc(sizeof *b);
    b->got = BUF_INIT(PROBE_MAX);
    b->done = done;
    b->arg = arg;
    struct fetch_options o;
    set_request(&o, u);
    o.body = body.data;
    o.body_len = body.len;
    o.max = PROBE_MAX;
    if (fetch_start(f, &o, &ops, b, e))
        return ERR_OK;
    probe_free(b);
    return e->code ? e->code : ERR_NET;
}
