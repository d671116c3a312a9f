/* SPDX-License-Identifier: EUPL-1.2
 *
 * The addresses that read the log: own rows, the newest head, proofs, export.
 */
#include "config.h"

#include "daemon/routes.h"

#include "base/clock.h"
#include "base/mem.h"
#include "base/text.h"
#include "daemon/push.h"

#include <stdlib.h>
#include <string.h>

/* Own rows: the open part of the user's own log (AUDIT, decided questions). */
struct rows {
    struct task *t;
    cJSON *list;
};

static void
take_row(void *ctx, const struct ledger_row *r)
{
    struct rows *rows = ctx;
    const struct entry_kind_row *k = entry_kind_row(r->author.type);
    cJSON *o = cJSON_CreateObject();
    cJSON_AddNumberToObject(o, "seq", (double)r->seq);
    routes_time(o, "tid", (int64_t)r->time_ms);
    cJSON_AddStringToObject(o, "typ", k ? k->word : "");
    cJSON_AddStringToObject(o, "arende", "");
    if (r->author.has_named)
        cJSON_AddStringToObject(o, "system", r->author.named_by);
    cJSON *list = cJSON_AddArrayToObject(o, "kallor");
    for (int s = 0; s < SOURCE_COUNT; s++)
        if (r->author.authorities & SOURCE_BIT(s))
            cJSON_AddItemToArray(list, cJSON_CreateString(source_row(s)->code));
    cJSON_AddItemToArray(rows->list, o);
}

static void
rows_run(void *arg)
{
    struct task *t = arg;
    cJSON *o = cJSON_CreateObject();
    struct rows rows = {.t = t, .list = cJSON_AddArrayToObject(o, "poster")};
    struct ledger_query q = {.account = t->account.konto, .limit = 500};
    t->code = ledger_rows(t->d->in->ledger, &q, take_row, &rows, &t->err);
    t->payload = o;
}

/* The case of a question asked since enfragad started; the log itself has it
 * only in the secret part. */
static void
rows_done(void *arg)
{
    struct task *t = arg;
    cJSON *row, *list = cJSON_GetObjectItemCaseSensitive(t->payload, "poster");
    cJSON_ArrayForEach(row, list)
    {
        int64_t seq;
        const char *arende =
            message_number(row, "seq", &seq)
                ? recent_case(t->d, (uint64_t)seq, t->account.konto)
                : NULL;
        if (arende)
            cJSON_ReplaceItemInObjectCaseSensitive(row, "arende",
                                                   cJSON_CreateString(arende));
    }
    routes_put(t, t->payload);
    t->payload = NULL;
    task_ended(t);
}

void
log_rows_act(struct task *t)
{
    worker_run(t->d->log_worker, rows_run, rows_done, t);
}

static void
checkpoint_run(void *arg)
{
    struct task *t = arg;
    buf_adds(&t->out, ledger_note(t->d->in->ledger));
}

static void
checkpoint_done(void *arg)
{
    struct task *t = arg;
    task_reply(t, 200, "text/plain; charset=utf-8", t->out.data, t->out.len);
}

void
log_checkpoint_act(struct task *t)
{
    worker_run(t->d->log_worker, checkpoint_run, checkpoint_done, t);
}

/* The number that the address ends with. */
static bool
word_number(const struct task *t, uint64_t *out)
{
    const char *word = task_word(t);
    size_t n = strlen(word);
    *out = strtoull(word, NULL, 10);
    return n > 0 && n < 20 && strspn(word, "0123456789") == n;
}

/* That the present head extends the one of a size that the client has seen:
 * the head, signed, and the proof (AUDIT 6). */
static void
consistency_run(void *arg)
{
    struct task *t = arg;
    struct ledger *l = t->d->in->ledger;
    struct merkle_proof p;
    uint64_t old;
    if (!word_number(t, &old))
        t->code = err_set(&t->err, ERR_BAD_INPUT, "not a size of a log");
    else
        t->code = ledger_consistency(l, old, &p, &t->err);
    if (t->code)
        return;
    cJSON *o = cJSON_CreateObject();
    cJSON_AddStringToObject(o, "huvud", ledger_note(l));
    cJSON *list = cJSON_AddArrayToObject(o, "bevis");
    for (unsigned i = 0; i < p.count; i++) {
        AUTO_BUF(b, 64);
        text_base64_encode(&b, p.hash[i], HASH_SIZE);
        cJSON_AddItemToArray(list, cJSON_CreateString(buf_str(&b)));
    }
    routes_put(t, o);
}

void
log_consistency_act(struct task *t)
{
    worker_run(t->d->log_worker, consistency_run, task_ended, t);
}

enum { WITNESSES = 8 }; /* that one proof names */

/* One entry's proof; no payload is in it. */
static void
bevis_run(void *arg)
{
    struct task *t = arg;
    uint64_t seq;
    struct vkey w[WITNESSES];
    size_t n = push_witnesses(t->d->push, w, WITNESSES);
    if (!word_number(t, &seq))
        t->code = err_set(&t->err, ERR_BAD_INPUT, "not an entry's number");
    else
        t->code = ledger_bevis(t->d->in->ledger, seq, w, n, &t->out, &t->err);
}

static void
bevis_read(void *arg)
{
    struct task *t = arg;
    if (t->code)
        task_problem(t, t->code, &t->err);
    else
        task_reply(t, 200, "application/octet-stream", t->out.data, t->out.len);
}

void
log_bevis_act(struct task *t)
{
    worker_run(t->d->log_worker, bevis_run, bevis_read, t);
}

/* The export streams: one piece on the log's worker, one chunk, and the next
 * piece when that has left, so that a reader who does not read holds one. */

static void export_done(void *arg);

static void
export_run(void *arg)
{
    struct task *t = arg;
    t->code = ledger_export(t->d->in->ledger, &t->export, &t->out, &t->err);
}

static void
export_next(void *arg)
{
    struct task *t = arg;
    t->export_runs = true;
    worker_run(t->d->log_worker, export_run, export_done, t);
}

static void
export_end(struct task *t)
{
    exchange_end(t->x);
    task_free(t);
}

/* What the worker is at, it ends first. */
static void
export_gone(void *arg)
{
    struct task *t = arg;
    t->export_left = true;
    if (!t->export_runs)
        export_end(t);
}

static void
export_done(void *arg)
{
    struct task *t = arg;
    t->export_runs = false;
    /* The JSON ends unfinished, so no reader takes it for whole. */
    if (t->code || t->export_left || t->d->stopping) {
        export_end(t);
        return;
    }
    if (t->export.done) {
        exchange_chunk(t->x, t->out.data, t->out.len);
        export_end(t);
        return;
    }
    exchange_chunk_then(t->x, t->out.data, t->out.len, export_next, t);
    buf_done(&t->out);
}

void
log_export_act(struct task *t)
{
    t->export.policy = push_policy(t->d->push);
    exchange_stream(t->x, 200, "application/json");
    export_next(t);
    exchange_on_gone(t->x, export_gone, t); /* may be called at once */
}
