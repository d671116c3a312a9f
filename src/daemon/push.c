/* SPDX-License-Identifier: EUPL-1.2
 *
 * Targets and rounds: who is sent what, and when.
 */
#include "config.h"

#include "daemon/push_own.h"

#include "base/clock.h"
#include "base/i18n.h"
#include "base/log.h"
#include "base/loop.h"
#include "base/mem.h"
#include "base/text.h"
#include "proof/submission.h"

#include <event2/event.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

void
push_job(struct push *p, void (*run)(void *arg), void (*done)(void *arg),
         void *arg)
{
    if (p->d && p->d->log_worker) {
        worker_run(p->d->log_worker, run, done, arg);
        return;
    }
    run(arg);
    done(arg);
}

/* Requests. */

static enum err_code
on_data(void *arg, const void *data, size_t n, struct err *e)
{
    struct target *t = arg;
    return buf_add(&t->got, data, n)
               ? err_set(e, ERR_TOO_BIG, "the witness's answer")
               : ERR_OK;
}

static void
on_done(void *arg, enum err_code code, int status, const char *type,
        const struct err *e)
{
    struct target *t = arg;
    (void)type;
    t->fetch = NULL;
    target_answer(t, code, status, e);
}

static void
request(struct target *t, const char *url, bool post, long seconds)
{
    static const struct fetch_ops ops = {.data = on_data, .done = on_done};
    static const char *const headers[] = {
        "Content-Type: application/octet-stream", "Expect:", NULL};
    struct push *p = t->p;
    char ca[600], cert[600], key[600];
    struct err e = {0};
    instance_file(p->in, "vittne.ca", ca, sizeof ca);
    instance_file(p->in, "vittne.certifikat", cert, sizeof cert);
    instance_file(p->in, "vittne.nyckel", key, sizeof key);
    buf_clear(&t->got);
    struct fetch_options o = {.url = url,
                              .unix_socket = t->socket[0] ? t->socket : NULL,
                              .body = post ? t->body.data : NULL,
                              .body_len = post ? t->body.len : 0,
                              .headers = post ? headers : NULL,
                              .ca = ca,
                              .cert = cert,
                              .key = key,
                              .plain =
                                  p->in->mode != MODE_SKARP || t->socket[0],
                              .connect_s = seconds < 5 ? seconds : 5,
                              .total_s = seconds,
                              .max = ANSWER};
    t->fetch = fetch_start(p->fetcher, &o, &ops, t, &e);
    if (!t->fetch)
        target_answer(t, e.code ? e.code : ERR_INTERNAL, 0, &e);
}

/* The bodies are made where the log is. */
static void
make_body(void *arg)
{
    struct target *t = arg;
    struct ledger *l = t->p->in->ledger;
    uint64_t size = t->size;
    t->err = (struct err){0};
    t->body = BUF_INIT(t->collector ? BATCH_MAX : SUBMISSION_MAX);
    if (t->feed) { /* the witness's own signature, which outranks its file */
        const struct vkey *v = &t->p->policy.witness[t->witness].vkey;
        struct merkle_proof none = {0};
        t->code = ledger_witnessed(l, v, &size, t->note, &t->err);
        if (!t->code && size)
            t->code = submission_write(&t->body, size, &none, t->note,
                                       strlen(t->note), &t->err);
    } else if (t->collector) {
        t->code = ledger_batch(l, size, &t->body, t->note, &t->err);
    } else {
        t->code = ledger_submission(l, size, &t->body, t->note, &t->err);
    }
}

static void
body_made(void *arg)
{
    struct target *t = arg;
    if (t->code) {
        target_end(t, t->err.text);
        return;
    }
    char url[POLICY_URL + 32];
    snprintf(url, sizeof url, "%s%s", t->url,
             t->collector ? "" : "/add-checkpoint");
    request(t, url, true, t->p->stopped ? LAST_S : ROUND_S);
    buf_done(&t->body);
}

void
target_send(struct target *t)
{
    t->busy = true;
    t->looking = t->now = false;
    t->tried_ms = clock_boot_ms();
    push_job(t->p, make_body, body_made, t);
}

void
target_look(struct target *t)
{
    char url[POLICY_URL + 128], hex[2 * HASH_SIZE + 1];
    uint8_t hash[HASH_SIZE];
    const char *origin = ledger_origin(t->p->in->ledger);
    sha256(hash, origin, strlen(origin));
    text_hex(hash, HASH_SIZE, hex);
    t->busy = t->looking = true;
    snprintf(url, sizeof url, "%s/%s/checkpoint", t->url, hex);
    request(t, url, false, t->p->d ? ROUND_S : FACE_S);
}

void
target_end(struct target *t, const char *fault)
{
    t->busy = t->looking = t->feed = false;
    t->again = 0;
    if (strcmp(t->fault, fault))
        log_warn("%s: %s", t->name, *fault ? fault : "it answers again");
    snprintf(t->fault, sizeof t->fault, "%s", fault);
    if (!t->p->d)
        event_base_loopbreak(t->p->base);
}

/* Rounds. */

static bool
due(const struct push *p, const struct target *t)
{
    const struct config *c = p->in->config;
    int64_t ms = clock_boot_ms() - t->tried_ms;
    uint64_t behind = p->d->log_size - t->size;
    if (t->busy || behind == 0 || p->conflict[0])
        return false;
    if ((p->waiters || t->now) && !t->fault[0])
        return true;
    return ms >= config_number(c, "vittne.sekunder") * 1000 ||
           (!t->fault[0] &&
            behind >= (uint64_t)config_number(c, "vittne.poster"));
}

static void
send_due(struct push *p)
{
    for (int i = 0; p->d && i < p->targets; i++)
        if (due(p, &p->target[i]))
            target_send(&p->target[i]);
}

static void
on_tick(evutil_socket_t fd, short what, void *arg)
{
    (void)fd;
    (void)what;
    push_wake(arg);
    send_due(arg);
}

void
push_grown(struct push *p)
{
    if (!p)
        return;
    if (!p->behind_ms && p->d->log_size > p->safe)
        p->behind_ms = clock_now_ms();
    send_due(p);
}

void
push_now(struct push *p)
{
    if (!p || !p->d)
        return;
    for (int i = 0; i < p->targets; i++)
        p->target[i].now = true;
    send_due(p);
}

void
push_start(struct push *p, struct daemon *d)
{
    p->d = d;
    if (p->own_fetcher)
        fetcher_free(&p->fetcher);
    p->own_fetcher = false;
    p->fetcher = d->fetcher;
    if (!p->behind_ms && d->log_size > p->safe)
        p->behind_ms = clock_now_ms(); /* the start itself */
    p->tick = event_new(p->base, -1, EV_PERSIST, on_tick, p);
    event_add(p->tick, &(struct timeval){.tv_sec = 1});
    send_due(p);
}

/* Opening. */

static void
add_target(struct push *p, const char *name, const char *url, bool collector,
           int witness)
{
    struct target *t = &p->target[p->targets++];
    *t = (struct target){.p = p, .collector = collector, .witness = witness};
    t->got = BUF_INIT(ANSWER);
    t->tried_ms = -(INT64_C(1) << 40);
    snprintf(t->name, sizeof t->name, "%s", name);
    if (strncmp(url, "unix:", 5)) {
        snprintf(t->url, sizeof t->url, "%s", url);
        return;
    }
    snprintf(t->socket, sizeof t->socket, "%s", url + 5);
    snprintf(t->url, sizeof t->url, "http://localhost/v1/%s",
             collector ? "insamling" : "vittne");
}

static enum err_code
read_kept(struct push *p, struct err *e)
{
    char note[NOTE_MAX];
    struct ledger *l = p->in->ledger;
    enum err_code code = ERR_OK;
    for (int i = 0; !code && i < p->policy.witnesses; i++)
        code = ledger_witnessed(l, &p->policy.witness[i].vkey, &p->cosigned[i],
                                note, e);
    for (int i = 0; i < p->targets; i++)
        if (p->target[i].witness >= 0)
            p->target[i].size = p->cosigned[p->target[i].witness];
    p->safe = policy_size(&p->policy, p->cosigned);
    if (!code && p->safe < ledger_size(l))
        p->behind_ms = ledger_time(l, p->safe);
    return code;
}

static void
take_extension(void *ctx, const struct ledger_row *r)
{
    push_extend(ctx, r->seq, (int64_t)r->time_ms);
}

/* Who answers with a head that our key signed and that is not of this log? */
static enum err_code
face_all(struct push *p, struct err *e)
{
    bool left = p->targets > 0;
    int64_t until = clock_boot_ms() + (FACE_S + 1) * 1000;
    for (int i = 0; i < p->targets; i++)
        target_look(&p->target[i]);
    while (left && clock_boot_ms() < until) {
        left = false;
        for (int i = 0; i < p->targets; i++)
            left = left || p->target[i].fetch;
        if (left)
            event_base_loop(p->base, EVLOOP_ONCE);
    }
    for (int i = 0; i < p->targets; i++)
        if (p->target[i].fetch) {
            fetch_cancel(p->target[i].fetch);
            p->target[i].fetch = NULL;
            target_end(&p->target[i], "no answer");
        }
    return p->conflict[0] ? err_set(e, ERR_LOG_BROKEN, "%s", p->conflict)
                          : ERR_OK;
}

enum err_code
push_open(struct instance *in, struct event_base *base, struct push **out,
          struct err *e)
{
    const struct config *c = in->config;
    const char *collector = config_text(c, "insamling.url");
    char path[600];
    struct push *p = mem_alloc(sizeof *p);
    *out = p;
    p->in = in;
    p->base = base;
    p->paper = config_bool(c, "vittne.papper");
    p->strict = config_bool(c, "vittne.strikt");
    p->policy.quorum = -1;
    p->target = mem_alloc((POLICY_MAX + 1) * sizeof *p->target);
    p->fetcher = fetcher_new(base);
    p->own_fetcher = true;
    instance_file(in, "vittne.policy", path, sizeof path);
    enum err_code code = ERR_OK;
    if (*path)
        code = policy_load(&p->policy, path, ledger_log_vkey(in->ledger), e);
    if (!code && p->strict && p->policy.quorum < 0)
        code = err_set(e, ERR_CONFIG,
                       "vittne.strikt needs a policy with a "
                       "quorum");
    for (int i = 0; !code && i < p->policy.witnesses; i++)
        if (p->policy.witness[i].url[0])
            add_target(p, p->policy.witness[i].name, p->policy.witness[i].url,
                       false, i);
    if (!code && *collector)
        add_target(p, "insamling", collector, true, -1);
    if (!code)
        code = read_kept(p, e);
    struct ledger_query last = {.type = KIND_FORLANGNING, .limit = 1};
    if (!code)
        code = ledger_rows(in->ledger, &last, take_extension, p, e);
    return code ? code : face_all(p, e);
}

void
push_last(struct push *p)
{
    if (!p || !p->d || p->conflict[0])
        return;
    int64_t until = clock_boot_ms() + LAST_S * 1000;
    bool left = true;
    p->stopped = true;
    p->d->log_size = ledger_size(p->in->ledger);
    for (int i = 0; i < p->targets; i++)
        if (!p->target[i].busy && p->target[i].size < p->d->log_size)
            target_send(&p->target[i]);
    while (left && clock_boot_ms() < until) {
        left = false;
        for (int i = 0; i < p->targets; i++)
            left = left || p->target[i].fetch;
        if (left)
            event_base_loop(p->base, EVLOOP_ONCE);
    }
}

void
push_free(struct push **pp)
{
    struct push *p = *pp;
    if (!p)
        return;
    for (int i = 0; i < p->targets; i++) {
        if (p->target[i].fetch)
            fetch_cancel(p->target[i].fetch);
        buf_done(&p->target[i].body);
        buf_done(&p->target[i].got);
    }
    if (p->own_fetcher)
        fetcher_free(&p->fetcher);
    if (p->tick)
        event_free(p->tick);
    free(p->target);
    free(p);
    *pp = NULL;
}

const struct policy *
push_policy(const struct push *p)
{
    return p && p->policy.witnesses ? &p->policy : NULL;
}

size_t
push_witnesses(const struct push *p, struct vkey *out, size_t room)
{
    size_t n = 0;
    for (int i = 0; p && i < p->policy.witnesses && n < room; i++)
        out[n++] = p->policy.witness[i].vkey;
    return n;
}
