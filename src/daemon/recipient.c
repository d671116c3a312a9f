/* SPDX-License-Identifier: EUPL-1.2
 *
 * Recipients of the log's boxes: one chef proposes a certificate, or that one
 * is taken away, and another decides so (AUDIT 13). The ledger judges both by
 * the entries, and what waits is read from them too: a stop forgets nothing.
 */
#include "config.h"

#include "daemon/routes.h"

#include "base/clock.h"
#include "base/mem.h"
#include "base/text.h"
#include "seal/envelope.h"

#include <stdlib.h>
#include <string.h>

enum { DAY_MS = 24 * 60 * 60 * 1000, WAITS_DAYS = 30, PAGE = 1000 };

enum err_code
recipient_check(struct task *t)
{
    const char *b64 = message_text(t->body, "certifikat");
    if (!t->author.has_recipients || t->author.has_day ||
        t->author.n_recipients != 1)
        return err_set(&t->err, ERR_BAD_INPUT, "not one recipient");
    if (t->author.has_away)
        return ERR_OK;
    if (!b64 || text_base64_decode(&t->forsakran_cms, b64, strlen(b64)))
        return err_set(&t->err, ERR_BAD_INPUT, "certifikat");
    enum err_code code = envelope_recipient(t->forsakran_cms.data,
                                            t->forsakran_cms.len, &t->err);
    t->recipient = (struct ledger_recipient){
        t->author.recipient[0].name, code ? NULL : t->forsakran_cms.data,
        t->forsakran_cms.len};
    return code;
}

void
recipient_act(struct task *t)
{
    bool decided = t->author.has_ref, away = t->author.has_away;
    if (decided && !away)
        t->d->seals = true;
    cJSON *o = cJSON_CreateObject();
    routes_receipt(o, t);
    cJSON_AddBoolToObject(o, "intagen", decided && !away);
    cJSON_AddBoolToObject(o, "borttagen", decided && away);
    routes_put(t, o);
    task_reply_json(t);
}

/* The list is made of what the log says now and of its entries, the newest
 * first: a proposal waits for 30 days, if no later entry refers to it. */
struct listing {
    cJSON *here, *proposals;
    uint64_t *decided, last; /* seqs that are referred to; the last one seen */
    size_t n_decided, room;
    unsigned rows;
    int64_t since_ms;
    bool old;
};

static cJSON *
put_one(cJSON *list, uint64_t seq, const uint8_t cert[HASH_SIZE],
        const char *name, const char *unit)
{
    char hex[2 * HASH_SIZE + 1];
    cJSON *k = cJSON_CreateObject();
    cJSON_AddNumberToObject(k, "loggpost", (double)seq);
    text_hex(cert, HASH_SIZE, hex);
    cJSON_AddStringToObject(k, "certifikat_sha256", hex);
    cJSON_AddStringToObject(k, "namn", name);
    cJSON_AddStringToObject(k, "enhet", unit);
    cJSON_AddItemToArray(list, k);
    return k;
}

static void
take_here(void *ctx, const struct ledger_sealed_to *r)
{
    struct listing *l = ctx;
    put_one(l->here, r->seq, r->cert, r->name, r->unit);
}

static bool
is_decided(const struct listing *l, uint64_t seq)
{
    for (size_t i = 0; i < l->n_decided; i++)
        if (l->decided[i] == seq)
            return true;
    return false;
}

static void
take_entry(void *ctx, const struct ledger_row *r)
{
    struct listing *l = ctx;
    const struct entry_author *a = &r->author;
    l->rows++;
    l->last = r->seq;
    l->old = (int64_t)r->time_ms < l->since_ms;
    if (l->old || r->erased || !r->account[0] || !a->has_recipients)
        return;
    if (a->has_ref) {
        if (l->n_decided == l->room) {
            l->room = l->room ? 2 * l->room : 16;
            l->decided = mem_grow(l->decided, l->room, sizeof *l->decided);
        }
        l->decided[l->n_decided++] = a->ref_seq;
    } else if (!is_decided(l, r->seq)) {
        cJSON *k = put_one(l->proposals, r->seq, a->recipient[0].cert,
                           a->recipient[0].name, a->unit);
        cJSON_AddStringToObject(k, "konto", r->account);
        if (a->has_away)
            cJSON_AddNumberToObject(k, "tar_bort", (double)a->away);
    }
}

/* The second person's entry refers to a leaf by its hash. */
static enum err_code
put_hashes(struct ledger *ledger, cJSON *proposals, struct err *e)
{
    cJSON *k;
    enum err_code code = ERR_OK;
    cJSON_ArrayForEach(k, proposals)
    {
        AUTO_BUF(leaf, ENTRY_LEAF_MAX);
        uint8_t hash[HASH_SIZE];
        char hex[2 * HASH_SIZE + 1];
        int64_t seq = 0;
        message_number(k, "loggpost", &seq);
        code = code ? code : ledger_leaf(ledger, (uint64_t)seq, &leaf, e);
        entry_leaf_hash(hash, leaf.data, leaf.len);
        text_hex(hash, HASH_SIZE, hex);
        cJSON_AddStringToObject(k, "hash", hex);
    }
    return code;
}

static void
list_run(void *arg)
{
    struct task *t = arg;
    struct ledger *ledger = t->d->in->ledger;
    cJSON *o = cJSON_CreateObject();
    struct listing l = {.here = cJSON_AddArrayToObject(o, "mottagare"),
                        .proposals = cJSON_AddArrayToObject(o, "forslag"),
                        .since_ms =
                            clock_now_ms() - WAITS_DAYS * (int64_t)DAY_MS};
    struct ledger_query q = {.type = KIND_NYCKEL, .limit = PAGE};
    t->payload = o;
    t->code = ledger_recipient_rows(ledger, take_here, &l, &t->err);
    do {
        l.rows = 0;
        t->code = t->code ? t->code
                          : ledger_rows(ledger, &q, take_entry, &l, &t->err);
        q.before = l.last;
    } while (!t->code && l.rows == PAGE && !l.old && l.last);
    if (!t->code)
        t->code = put_hashes(ledger, l.proposals, &t->err);
    free(l.decided);
}

static void
list_done(void *arg)
{
    struct task *t = arg;
    routes_put(t, t->payload);
    t->payload = NULL;
    if (t->code)
        task_problem(t, t->code, &t->err);
    else
        task_reply_json(t);
}

/* On the register's worker: which of them an account has that is blocked. */
static void
mark_blocked(void *arg)
{
    struct task *t = arg;
    cJSON *k, *list = cJSON_GetObjectItemCaseSensitive(t->payload, "mottagare");
    cJSON_ArrayForEach(k, list)
    {
        struct account a = {0};
        struct err none = {0};
        const char *name = message_text(k, "namn");
        bool blocked = name &&
                       !register_account(t->d->in->reg, name, &a, &none) &&
                       a.blocked;
        cJSON_AddBoolToObject(k, "sparrad", blocked);
    }
}

static void
listed(void *arg)
{
    struct task *t = arg;
    worker_run(t->d->reg_worker, t->code ? NULL : mark_blocked, list_done, t);
}

void
recipient_list_act(struct task *t)
{
    worker_run(t->d->log_worker, list_run, listed, t);
}
