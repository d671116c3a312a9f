/* SPDX-License-Identifier: EUPL-1.2 */
#include "config.h"

#include "ask/run.h"

#include "base/i18n.h"
#include "base/mem.h"
#include "wire/bastjanst.h"

#include <stdlib.h>
#include <string.h>

enum { PROBE_MAX = 64 * 1024 };

struct probe;

/* One call of a probe; `left` of them are under way. */
struct call {
    struct probe *probe;
    source_set sources;
    struct buf got;
    bool connect_only;
};

struct probe {
    probe_done *done;
    void *arg;
    int n, left;
    enum probe_state of[SOURCE_COUNT];
    enum err_code code; /* of the only call, SSBTEK's */
    struct err err;
    struct call call[SOURCE_COUNT];
};

static enum err_code
call_data(void *arg, const void *p, size_t n, struct err *e)
{
    struct call *c = arg;
    return buf_add(&c->got, p, n) == ERR_OK
               ? ERR_OK
               : err_set(e, ERR_TOO_BIG, "the answer is too large");
}

/* True: it was the last, and the probe may end. */
static bool
call_over(struct call *c)
{
    buf_done(&c->got);
    return --c->probe->left == 0;
}

static void
call_drop(void *arg)
{
    struct call *c = arg;
    struct probe *b = c->probe;
    if (call_over(c))
        free(b);
}

/* SSBTEK tells of every source at once; an authority of its own. */
static enum err_code
read_answer(struct call *c, int status, struct err *e)
{
    struct probe *b = c->probe;
    if (c->connect_only) {
        for (int s = 0; s < SOURCE_COUNT; s++)
            if (c->sources & SOURCE_BIT(s))
                b->of[s] = PROBE_KLAR;
        return ERR_OK;
    }
    if (status != 200)
        return err_set(e, ERR_PROTOCOL, "HTTP %d", status);
    if (c->sources == SOURCE_ASKABLE)
        return ssbtek_probe_read(b->of, buf_str(&c->got), c->got.len, e);
    return lefi_probe_read(b->of, buf_str(&c->got), c->got.len, e);
}

static void
call_done(void *arg, enum err_code code, int status, const char *type,
          const struct err *e)
{
    (void)type;
    struct call *c = arg;
    struct probe *b = c->probe;
    struct err why = *e;
    if (!code)
        code = read_answer(c, status, &why);
    if (code && c->sources == SOURCE_ASKABLE) {
        b->code = code;
        b->err = why;
    }
    for (int s = 0; code && s < SOURCE_COUNT; s++)
        if (c->sources & SOURCE_BIT(s) && c->sources != SOURCE_ASKABLE)
            b->of[s] = PROBE_FEL;
    if (!call_over(c))
        return;
    b->done(b->arg, b->code, b->of, &b->err);
    free(b);
}

static const struct fetch_ops call_ops = {
    .data = call_data, .done = call_done, .drop = call_drop};

static struct call *
new_call(struct probe *b, source_set sources)
{
    struct call *c = &b->call[b->n++];
    *c = (struct call){
        .probe = b, .sources = sources, .got = BUF_INIT(PROBE_MAX)};
    b->left++;
    return c;
}

static struct fetch_options
options_of(const struct upstream *u, const struct endpoint *o)
{
    return (struct fetch_options){.url = o ? o->url : u->url,
                                  .unix_socket = u->unix_socket,
                                  .ca = o ? o->ca : u->ca,
                                  .cert = o ? o->cert : u->cert,
                                  .key = o ? o->key : u->key,
                                  .proxy = u->proxy,
                                  .plain = u->plain,
                                  .connect_s = u->connect_s,
                                  .total_s = u->total_s,
                                  .max = PROBE_MAX};
}

static enum err_code
probe_ssbtek(struct probe *b, struct fetcher *f, const struct upstream *u,
             struct err *e)
{
    static const char *const headers[] = {
        "Content-Type: text/xml; charset=UTF-8", "SOAPAction: \"\"",
        "Accept: text/xml", NULL};
    AUTO_BUF(body, PROBE_MAX);
    enum err_code code = ssbtek_probe(&body, u->kontrakt);
    if (code)
        return code;
    struct fetch_options o = options_of(u, NULL);
    o.headers = headers;
    o.body = body.data;
    o.body_len = body.len;
    if (fetch_start(f, &o, &call_ops, new_call(b, SOURCE_ASKABLE), e))
        return ERR_OK;
    return e->code ? e->code : ERR_NET;
}

/* One that has no address is neither ready nor failing. */
static void
probe_authority(struct probe *b, struct fetcher *f, const struct upstream *u,
                enum source_id s)
{
    static const char *const headers[] = {"Accept: application/json", NULL};
    struct err e = {0};
    AUTO_BUF(url, REQUEST_URL_MAX);
    struct fetch_options o = options_of(u, &u->of[s]);
    source_set sources = SOURCE_BIT(s);
    bool lefi = s == SOURCE_FK;
    if (!*u->of[s].url)
        return;
    if (lefi) {
        sources |= SOURCE_BIT(SOURCE_PM);
        buf_adds(&url, o.url);
        if (bastjanst_kinds_path(&url, &u->asker, &e))
            return;
        o.url = buf_str(&url);
        o.headers = headers;
    }
    o.connect_only = !lefi;
    struct call *c = new_call(b, sources);
    c->connect_only = o.connect_only;
    if (!fetch_start(f, &o, &call_ops, c, &e)) {
        b->left--;
        for (int i = 0; i < SOURCE_COUNT; i++)
            if (sources & SOURCE_BIT(i))
                b->of[i] = PROBE_FEL;
    }
}

enum err_code
probe_start(struct fetcher *f, const struct upstream *u, probe_done *done,
            void *arg, struct err *e)
{
    struct probe *b = mem_alloc(sizeof *b);
    b->done = done;
    b->arg = arg;
    for (int s = 0; s < SOURCE_COUNT; s++)
        b->of[s] = PROBE_OKAND;
    enum err_code code = ERR_OK;
    if (u->kind != UPSTREAM_BASTJANSTER)
        code = probe_ssbtek(b, f, u, e);
    else
        for (int s = 0; s < SOURCE_COUNT; s++)
            if (SOURCE_ASKABLE & SOURCE_BIT(s))
                probe_authority(b, f, u, s);
    if (!code && b->left == 0)
        code = err_set(e, ERR_CONFIG, "%s", _("no authority has an address"));
    if (code)
        free(b);
    return code;
}
