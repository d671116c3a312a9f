/* SPDX-License-Identifier: EUPL-1.2
 *
 * Reviews (AUDIT 13): the granskning entry first, then sealed rows a page at a
 * time, then the verdict. A period takes a second chef's entry; some named
 * entries do not. What was granted is remembered until a stop, at most a day:
 * the log's own copy of it is sealed. Checks run on the register's worker and
 * pages on the log's, so the list has a lock.
 */
#include "config.h"

#include "daemon/routes.h"

#include "base/clock.h"
#include "base/i18n.h"
#include "base/mem.h"
#include "base/text.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>

enum { SEQS_MAX = 100, DAY_MS = 24 * 60 * 60 * 1000, SKAL_MAX = 256 };

struct range {
    uint64_t first, last;
};

struct review {
    struct review *next;
    uint64_t seq;
    uint8_t hash[HASH_SIZE]; /* of its entry, for those that refer to it */
    char konto[64], second[64], skal[SKAL_MAX], person[13];
    char fran[11], till[11];
    int64_t from_ms, to_ms, made_ms;
    uint64_t seqs[SEQS_MAX];
    size_t n_seqs;
    struct range *shown; /* whose boxes have left */
    size_t n_shown, room;
};

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;

static void
review_drop(struct review **at)
{
    struct review *r = *at;
    *at = r->next;
    free(r->shown);
    mem_wipe(r, sizeof *r);
    free(r);
}

void
reviews_free(struct daemon *d)
{
    while (d->reviews)
        review_drop(&d->reviews);
}

/* The review of that number, no older than a day; under the lock. */
static struct review *
find(struct daemon *d, uint64_t seq)
{
    int64_t now = clock_boot_ms();
    for (struct review **at = &d->reviews; *at;) {
        if (now - (*at)->made_ms > DAY_MS)
            review_drop(at);
        else if ((*at)->seq == seq)
            return *at;
        else
            at = &(*at)->next;
    }
    return NULL;
}

static enum err_code
none_such(struct task *t)
{
    return err_set(&t->err, ERR_NOT_FOUND, "%s",
                   _("no such review is under way; begin a new one"));
}

static enum err_code
read_period(struct task *t, struct review *r)
{
    const char *from = message_text(t->payload, "fran");
    const char *to = message_text(t->payload, "till");
    const char *person = message_text(t->payload, "person");
    struct date day;
    if (!from || !to || !date_read(&day, from) || !date_read(&day, to) ||
        strcmp(from, to) > 0)
        return err_set(&t->err, ERR_PERIOD, "fran and till");
    if (person && *person && !personnummer_ok(person))
        return err_set(&t->err, ERR_PERSONNUMMER, "person");
    snprintf(r->fran, sizeof r->fran, "%s", from);
    snprintf(r->till, sizeof r->till, "%s", to);
    snprintf(r->person, sizeof r->person, "%s", person ? person : "");
    char next[11];
    date_text(date_of_days(date_days(day) + 1), next);
    r->from_ms = clock_midnight(from);
    r->to_ms = clock_midnight(next);
    return r->from_ms < 0 || r->to_ms < 0
               ? err_set(&t->err, ERR_PERIOD, "fran and till")
               : ERR_OK;
}

static enum err_code
read_seqs(struct task *t, uint64_t seqs[SEQS_MAX], size_t *n)
{
    const cJSON *list = cJSON_GetObjectItemCaseSensitive(t->payload, "poster");
    const cJSON *o;
    *n = 0;
    cJSON_ArrayForEach(o, list)
    {
        if (*n == SEQS_MAX || !cJSON_IsNumber(o) || o->valuedouble < 0 ||
            o->valuedouble > 9007199254740992.0)
            return err_set(&t->err, ERR_BAD_INPUT, "poster: at most %d numbers",
                           SEQS_MAX);
        seqs[(*n)++] = (uint64_t)o->valuedouble;
    }
    return *n ? ERR_OK : err_set(&t->err, ERR_BAD_INPUT, "poster is missing");
}

static enum err_code
read_reason(struct task *t, struct review *r)
{
    const char *why = message_text(t->payload, "skal");
    if (!why || !why[strspn(why, " \t\n")])
        return err_set(&t->err, ERR_REASON, "skal is missing");
    if (strlen(why) >= sizeof r->skal)
        return err_set(&t->err, ERR_TOO_BIG, "skal");
    snprintf(r->skal, sizeof r->skal, "%s", why);
    return ERR_OK;
}

/* What the payload asks for, into a review of its own. */
static enum err_code
read_review(struct task *t, struct review *r, bool *approves)
{
    const char *kind = message_text(t->payload, "slag");
    *approves = kind && !strcmp(kind, "godkann");
    enum err_code code = read_reason(t, r);
    if (code)
        return code;
    if (kind && !strcmp(kind, "sok"))
        return read_period(t, r);
    if (kind && !strcmp(kind, "visa"))
        return read_seqs(t, r->seqs, &r->n_seqs);
    return *approves ? ERR_OK
                     : err_set(&t->err, ERR_BAD_INPUT,
                               "slag must be sok, visa or godkann");
}

enum err_code
review_check(struct task *t)
{
    struct review r = {0};
    bool approves;
    enum err_code code = read_review(t, &r, &approves);
    mem_wipe(&r, sizeof r);
    if (code || !approves)
        return code;
    pthread_mutex_lock(&lock);
    struct review *of = find(t->d, t->author.ref_seq);
    if (!t->author.has_ref || !of || of->n_seqs || of->second[0])
        code = none_such(t);
    else if (!strcmp(of->konto, t->account.konto))
        code = err_set(&t->err, ERR_ROLE, "%s",
                       _("a second person approves, not oneself"));
    pthread_mutex_unlock(&lock);
    return code;
}

static void
reply(struct task *t, const struct review *r)
{
    cJSON *o = cJSON_CreateObject();
    char hex[2 * HASH_SIZE + 1];
    routes_receipt(o, t);
    text_hex(r->hash, HASH_SIZE, hex);
    cJSON_AddNumberToObject(o, "granskning", (double)r->seq);
    cJSON_AddStringToObject(o, "hash", hex);
    cJSON_AddBoolToObject(o, "oppen", r->n_seqs || r->second[0]);
    routes_put(t, o);
}

void
review_act(struct task *t)
{
    struct review *r = mem_alloc(sizeof *r);
    bool approves;
    read_review(t, r, &approves); /* it was checked before the entry */
    r->seq = t->receipt.seq;
    memcpy(r->hash, t->receipt.leaf_hash, HASH_SIZE);
    snprintf(r->konto, sizeof r->konto, "%s", t->account.konto);
    r->made_ms = clock_boot_ms();
    pthread_mutex_lock(&lock);
    struct review *of = approves ? find(t->d, t->author.ref_seq) : r;
    if (approves) {
        if (of)
            snprintf(of->second, sizeof of->second, "%s", t->account.konto);
        review_drop(&r);
    } else {
        r->next = t->d->reviews;
        t->d->reviews = r;
    }
    if (of)
        reply(t, of);
    pthread_mutex_unlock(&lock);
    if (of)
        task_reply_json(t);
    else
        task_problem(t, none_such(t), &t->err);
}

/* Those under way, for a chef who is to approve one. */
void
review_list_act(struct task *t)
{
    cJSON *o = cJSON_CreateObject();
    cJSON *list = cJSON_AddArrayToObject(o, "granskningar");
    pthread_mutex_lock(&lock);
    find(t->d, UINT64_MAX); /* the old ones go */
    for (const struct review *r = t->d->reviews; r; r = r->next) {
        cJSON *k = cJSON_CreateObject();
        char hex[2 * HASH_SIZE + 1];
        text_hex(r->hash, HASH_SIZE, hex);
        cJSON_AddNumberToObject(k, "granskning", (double)r->seq);
        cJSON_AddStringToObject(k, "hash", hex);
        cJSON_AddStringToObject(k, "konto", r->konto);
        cJSON_AddStringToObject(k, "godkand_av", r->second);
        cJSON_AddStringToObject(k, "fran", r->fran);
        cJSON_AddStringToObject(k, "till", r->till);
        cJSON_AddStringToObject(k, "person", r->person);
        cJSON_AddStringToObject(k, "skal", r->skal);
        cJSON_AddNumberToObject(k, "poster", (double)r->n_seqs);
        cJSON_AddItemToArray(list, k);
    }
    pthread_mutex_unlock(&lock);
    routes_put(t, o);
    task_reply_json(t);
}

/* On the log's worker, under the lock. */
static void
note_shown(void *ctx, const struct review_row *row)
{
    struct review *r = ctx;
    struct range *last = r->n_shown ? &r->shown[r->n_shown - 1] : NULL;
    if (!row->shown)
        return;
    if (last && last->last + 1 == row->seq) {
        last->last = row->seq;
        return;
    }
    if (r->n_shown == r->room) {
        r->room = r->room ? 2 * r->room : 16;
        r->shown = mem_grow(r->shown, r->room, sizeof *r->shown);
    }
    r->shown[r->n_shown++] = (struct range){row->seq, row->seq};
}

static void
page_run(void *arg)
{
    struct task *t = arg;
    int64_t seq = -1, after_ms = 0, after = 0;
    message_number(t->body, "granskning", &seq);
    message_number(t->body, "efter_ms", &after_ms);
    message_number(t->body, "efter", &after);
    pthread_mutex_lock(&lock);
    struct review *r = seq < 0 ? NULL : find(t->d, (uint64_t)seq);
    if (!r || strcmp(r->konto, t->account.konto) != 0) {
        t->code = none_such(t);
    } else if (!r->n_seqs && !r->second[0]) {
        t->code = err_set(&t->err, ERR_ROLE, "%s",
                          _("a second chef must approve the review first"));
    } else {
        /* never before its own period, whatever the client says */
        bool begins = after_ms < r->from_ms;
        struct review_query q = {.reviewer = r->konto,
                                 .seqs = r->seqs,
                                 .n_seqs = r->n_seqs,
                                 .after_ms = begins ? r->from_ms - 1 : after_ms,
                                 .after = begins ? INT64_MAX : (uint64_t)after,
                                 .to_ms = r->to_ms};
        t->code = ledger_review(t->d->in->ledger, &q, &t->out, note_shown, r,
                                &t->err);
    }
    pthread_mutex_unlock(&lock);
}

static void
page_done(void *arg)
{
    struct task *t = arg;
    if (t->code)
        task_problem(t, t->code, &t->err);
    else
        task_reply(t, 200, "application/octet-stream", t->out.data, t->out.len);
}

void
review_page_act(struct task *t)
{
    worker_run(t->d->log_worker, page_run, page_done, t);
}

static bool
was_shown(const struct review *r, uint64_t seq)
{
    for (size_t i = 0; i < r->n_shown; i++)
        if (r->shown[i].first <= seq && seq <= r->shown[i].last)
            return true;
    return false;
}

/* A verdict is on what was shown in that review; own entries never were. */
enum err_code
review_verdict_check(struct task *t)
{
    static const char *const words[] = {"utan_anmarkning", "fraga",
                                        "avvikelse"};
    const char *verdict = message_text(t->payload, "bedomning");
    const char *note = message_text(t->payload, "text");
    uint64_t seqs[SEQS_MAX];
    size_t n;
    bool known = false;
    for (int i = 0; i < 3; i++)
        known |= verdict && !strcmp(verdict, words[i]);
    if (!known || (note && strlen(note) > 4096))
        return err_set(&t->err, ERR_BAD_INPUT,
                       "bedomning must be utan_anmarkning, fraga or avvikelse");
    enum err_code code = read_seqs(t, seqs, &n);
    if (code)
        return code;
    pthread_mutex_lock(&lock);
    struct review *r =
        t->author.has_ref ? find(t->d, t->author.ref_seq) : NULL;
    if (!r || strcmp(r->konto, t->account.konto) != 0)
        code = none_such(t);
    for (size_t i = 0; i < n && !code; i++)
        if (!was_shown(r, seqs[i]))
            code = err_set(&t->err, ERR_BAD_INPUT, "%s",
                           _("an entry that was not shown in the review, or "
                             "is your own"));
    pthread_mutex_unlock(&lock);
    return code;
}
