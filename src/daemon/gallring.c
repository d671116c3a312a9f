/* SPDX-License-Identifier: EUPL-1.2
 *
 * Gallring (AUDIT 12) while enfragad serves: who may take which step, what a
 * range holds (a dry run), and where each gallring stands. Whether a step
 * follows from those before it the ledger judges; the erasing is in erasing.c.
 */
#include "config.h"

#include "daemon/erasing.h"

#include "base/clock.h"
#include "base/i18n.h"
#include "base/text.h"
#include "daemon/push.h"

#include <string.h>

enum { REASON_MAX = 500 };

/* The terms that the municipality has set. */
static enum err_code
check_decision(struct task *t, const struct entry_erasure *x)
{
    const struct config *c = t->d->in->config;
    const char *number = config_text(c, "gallring.beslut");
    if (t->d->in->mode == MODE_SKARP && !*number)
        return err_set(&t->err, ERR_CONFIG, "%s",
                       _("gallring.beslut is not set: the number of the "
                         "municipality's gallringsbeslut is needed"));
    if (t->d->in->mode == MODE_SKARP && strcmp(number, x->id) != 0)
        return err_set(&t->err, ERR_BAD_INPUT,
                       _("the gallringsbeslut in force is %s"), number);
    if (x->wait_days < (uint64_t)config_number(c, "gallring.vanta_dagar") ||
        x->age_days < (uint64_t)config_number(c, "gallring.alder_dagar"))
        return err_set(&t->err, ERR_BAD_INPUT, "%s",
                       _("the age or the delay is shorter than what is set"));
    return ERR_OK;
}

static enum err_code
check_reason(struct task *t)
{
    const char *why = message_text(t->payload, "skal");
    if (why && why[strspn(why, " \t\n")] && strlen(why) <= REASON_MAX)
        return ERR_OK;
    return err_set(&t->err, ERR_REASON, "%s",
                   _("say why, in at most 500 characters"));
}

enum err_code
gallring_check(struct task *t)
{
    const struct entry_erasure *x = &t->author.erasure;
    switch (x->step) {
    case ERASURE_DECIDED:
        return check_decision(t, x);
    case ERASURE_APPROVED:
        return t->account.roles & ROLE_CHEF
                   ? ERR_OK
                   : err_set(&t->err, ERR_ROLE, "%s", _("a chef approves"));
    case ERASURE_STOPPED:
    case ERASURE_LIFTED:
        return check_reason(t);
    case ERASURE_REGISTERED:
        return config_bool(t->d->in->config, "vittne.papper")
                   ? ERR_OK
                   : err_set(&t->err, ERR_BAD_INPUT, "%s",
                             _("the log has no witness on paper"));
    default:
        return ERR_OK;
    }
}

void
gallring_act(struct task *t)
{
    erasing_sweep(t->d, t->receipt.size);
    entries_seq_act(t);
}

/* The dry run. */

/* {"fran","till"} days or {"poster":[first, last]} into entries. */
static enum err_code
read_range(struct task *t, bool leaves, uint64_t *first, uint64_t *end)
{
    const cJSON *list = cJSON_GetObjectItemCaseSensitive(t->body, "poster");
    const char *from = message_text(t->body, "fran");
    const char *till = message_text(t->body, "till");
    struct date last;
    char next[11];
    int64_t a, b;
    if (list) {
        const cJSON *x = cJSON_GetArrayItem(list, 0);
        const cJSON *y = cJSON_GetArrayItem(list, 1);
        if (!cJSON_IsNumber(x) || !cJSON_IsNumber(y) || x->valuedouble < 0 ||
            y->valuedouble < x->valuedouble || y->valuedouble > 1e15)
            return err_set(&t->err, ERR_BAD_INPUT, "poster");
        *first = (uint64_t)x->valuedouble;
        *end = (uint64_t)y->valuedouble + 1;
        return ERR_OK;
    }
    if (!till || !date_read(&last, till))
        return err_set(&t->err, ERR_PERIOD, "till");
    date_text(date_of_days(date_days(last) + 1), next);
    a = from && *from ? clock_midnight(from) : 0;
    b = clock_midnight(next);
    if (a < 0 || b < 0)
        return err_set(&t->err, ERR_PERIOD, "fran");
    enum err_code code = ledger_erasure_range(t->d->in->ledger, a, b, leaves,
                                              first, end, &t->err);
    return !code && *first == *end
               ? err_set(&t->err, ERR_NOT_FOUND, "%s",
                         _("nothing of that time is left to erase"))
               : code;
}

static void
put_amount(cJSON *o, const struct erasure_amount *a)
{
    cJSON_AddNumberToObject(o, "lador", (double)a->boxes);
    cJSON_AddNumberToObject(o, "dagnycklar", (double)a->days);
    cJSON_AddNumberToObject(o, "hela_poster", (double)a->leaves);
    cJSON_AddNumberToObject(o, "byte", (double)a->bytes);
}

static void
put_range(cJSON *o, const struct entry_erasure *x)
{
    char hex[2 * HASH_SIZE + 1];
    text_hex(x->digest, HASH_SIZE, hex);
    cJSON_AddNumberToObject(o, "fran", (double)x->first);
    cJSON_AddNumberToObject(o, "till", (double)(x->end - 1));
    cJSON_AddStringToObject(o, "omfattning",
                            x->leaves ? "hela_poster" : "innehall");
    cJSON_AddNumberToObject(o, "vanta_dagar", (double)x->wait_days);
    cJSON_AddNumberToObject(o, "alder_dagar", (double)x->age_days);
    cJSON_AddStringToObject(o, "digest", hex);
}

static void
plan_run(void *arg)
{
    struct task *t = arg;
    const struct config *c = t->d->in->config;
    struct ledger_plan p;
    struct entry_erasure x = {
        .leaves = message_bool(t->body, "hela_poster"),
        .wait_days = (uint64_t)config_number(c, "gallring.vanta_dagar"),
        .age_days = (uint64_t)config_number(c, "gallring.alder_dagar")};
    t->code = read_range(t, x.leaves, &x.first, &x.end);
    if (!t->code)
        t->code = ledger_erasure_plan(t->d->in->ledger, x.first, x.end,
                                      x.leaves, &p, &t->err);
    if (t->code)
        return;
    memcpy(x.digest, p.digest, HASH_SIZE);
    cJSON *o = cJSON_CreateObject();
    put_range(o, &x);
    put_amount(o, &p.amount);
    cJSON_AddNumberToObject(o, "poster", (double)p.entries);
    routes_time(o, "aldst", (int64_t)p.oldest_ms);
    routes_time(o, "yngst", (int64_t)p.newest_ms);
    routes_time(
        o, "tidigast",
        (int64_t)erasure_earliest(&x, (uint64_t)clock_now_ms(), p.newest_ms));
    cJSON_AddStringToObject(o, "beslut", config_text(c, "gallring.beslut"));
    cJSON_AddStringToObject(o, "grund", config_text(c, "gallring.grund"));
    routes_put(t, o);
}

void
gallring_plan_act(struct task *t)
{
    worker_run(t->d->log_worker, plan_run, task_ended, t);
}

/* The list. */

static void
put_who(cJSON *o, const char *name, const struct ledger_erasings *all,
        const struct erasing *x)
{
    if (!x) {
        cJSON_AddNullToObject(o, name);
        return;
    }
    cJSON *k = cJSON_AddObjectToObject(o, name);
    cJSON_AddNumberToObject(k, "loggpost", (double)x->seq);
    cJSON_AddStringToObject(k, "konto", all->who[x - all->step].account);
    routes_time(k, "tid", (int64_t)x->time_ms);
}

static void
put_hash(cJSON *o, const struct ledger_erasings *all, const struct erasing *x)
{
    char hex[2 * HASH_SIZE + 1];
    text_hex(all->who[x - all->step].hash, HASH_SIZE, hex);
    cJSON_AddNumberToObject(o, "loggpost", (double)x->seq);
    cJSON_AddStringToObject(o, "hash", hex);
}

static void
put_decision(cJSON *list, const struct task *t,
             const struct ledger_erasings *all, const struct erasing *d)
{
    const struct erasing *ok =
        erasure_approval(all->step, all->n, d, UINT64_MAX);
    const struct erasing *done =
        erasure_about(all->step, all->n, d->seq, ERASURE_DONE);
    const struct erasing *paper =
        done ? erasure_about(all->step, all->n, done->seq, ERASURE_REGISTERED)
             : NULL;
    uint64_t newest = all->who[d - all->step].newest_ms;
    cJSON *o = cJSON_CreateObject();
    put_hash(o, all, d);
    put_range(o, &d->e);
    cJSON_AddStringToObject(o, "beslut", d->e.id);
    cJSON_AddStringToObject(o, "grund", all->who[d - all->step].legal);
    cJSON_AddStringToObject(o, "lage", erasing_state(all, d, &t->held_back));
    put_who(o, "foreslagen", all, d);
    put_who(o, "bekraftad", all, ok);
    routes_time(o, "tidigast",
                ok ? (int64_t)erasure_earliest(&d->e, ok->time_ms, newest) : 0);
    put_who(o, "utford", all, done);
    if (done) {
        cJSON *k = cJSON_GetObjectItemCaseSensitive(o, "utford");
        char hex[2 * HASH_SIZE + 1];
        text_hex(all->who[done - all->step].hash, HASH_SIZE, hex);
        cJSON_AddStringToObject(k, "hash", hex);
        put_amount(k, &done->e.amount);
    }
    put_who(o, "registrerad", all, paper);
    cJSON_AddItemToArray(list, o);
}

static void
put_stop(cJSON *list, const struct ledger_erasings *all,
         const struct erasing *stop)
{
    cJSON *o = cJSON_CreateObject();
    put_hash(o, all, stop);
    if (stop->has_ref)
        cJSON_AddNumberToObject(o, "galler", (double)stop->ref_seq);
    else
        cJSON_AddNullToObject(o, "galler");
    cJSON_AddStringToObject(o, "konto", all->who[stop - all->step].account);
    routes_time(o, "tid", (int64_t)stop->time_ms);
    cJSON_AddBoolToObject(
        o, "i_kraft", erasure_in_force(all->step, all->n, stop, UINT64_MAX));
    cJSON *lifts = cJSON_AddArrayToObject(o, "havs_av");
    for (size_t i = 0; i < all->n; i++)
        if (all->step[i].e.step == ERASURE_LIFTED &&
            all->step[i].ref_seq == stop->seq)
            cJSON_AddItemToArray(lifts,
                                 cJSON_CreateString(all->who[i].account));
    cJSON_AddItemToArray(list, o);
}

static void
list_run(void *arg)
{
    struct task *t = arg;
    struct ledger_erasings all;
    t->code = ledger_erasings(t->d->in->ledger, &all, &t->err);
    cJSON *o = cJSON_CreateObject();
    cJSON *list = cJSON_AddArrayToObject(o, "gallringar");
    cJSON *stops = cJSON_AddArrayToObject(o, "stopp");
    for (size_t i = 0; i < all.n; i++) {
        if (all.step[i].e.step == ERASURE_DECIDED)
            put_decision(list, t, &all, &all.step[i]);
        else if (all.step[i].e.step == ERASURE_STOPPED)
            put_stop(stops, &all, &all.step[i]);
    }
    ledger_erasings_done(&all);
    routes_put(t, o);
}

void
gallring_list_act(struct task *t)
{
    t->held_back = erasing_wait(t->d);
    worker_run(t->d->log_worker, list_run, task_ended, t);
}
