/* SPDX-License-Identifier: EUPL-1.2
 *
 * What the cosignatures are worth now: how much of the log the quorum vouches
 * for, for how long the rest has waited, and what follows from that.
 */
#include "config.h"

#include "daemon/push_own.h"

#include "base/clock.h"
#include "base/i18n.h"
#include "base/mem.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#define MINUTE_MS INT64_C(60000)

/* Without a quorum there is nothing to wait for. */
bool
push_counts(const struct push *p)
{
    return p && p->policy.quorum >= 0;
}

/* What has waited, since when; an extension begins anew. */
static uint64_t
behind(const struct push *p, int64_t *since_ms)
{
    uint64_t size = p->d ? p->d->log_size : ledger_size(p->in->ledger);
    *since_ms = p->behind_ms;
    return size > p->safe ? size - p->safe : 0;
}

static bool
past_hard(const struct push *p, uint64_t n, int64_t since)
{
    const struct config *c = p->in->config;
    uint64_t size = p->safe + n;
    if (p->extended_seq >= p->safe && size > p->extended_seq)
        n = size - p->extended_seq;
    if (p->extended_ms > since)
        since = p->extended_ms;
    return n > (uint64_t)config_number(c, "vittne.hard_poster") ||
           clock_now_ms() - since >
               config_number(c, "vittne.hard_min") * MINUTE_MS;
}

enum push_state
push_state(const struct push *p)
{
    int64_t since;
    if (!push_counts(p))
        return p && p->paper ? PUSH_PAPER : PUSH_NONE;
    uint64_t n = behind(p, &since);
    if (n == 0)
        return PUSH_FRESH;
    if (past_hard(p, n, since))
        return PUSH_HARD;
    return clock_now_ms() - since >
                   config_number(p->in->config, "vittne.mjuk_min") * MINUTE_MS
               ? PUSH_SOFT
               : PUSH_FRESH;
}

uint64_t
push_passed(const struct push *p)
{
    uint64_t passed = push_counts(p) ? p->safe : UINT64_MAX;
    for (int i = 0; p && i < p->targets; i++)
        if (p->target[i].collector && p->target[i].size < passed)
            passed = p->target[i].size;
    return passed;
}

bool
push_strict(const struct push *p)
{
    return p && p->strict;
}

void
push_extend(struct push *p, uint64_t seq, int64_t time_ms)
{
    if (!p)
        return;
    p->extended_seq = seq;
    p->extended_ms = time_ms;
}

/* The first entry that is not vouched for, on the log's worker. */
struct look {
    struct push *p;
    uint64_t seq;
    int64_t ms;
};

static void
look_run(void *arg)
{
    struct look *l = arg;
    l->ms = ledger_time(l->p->in->ledger, l->seq);
}

static void
look_done(void *arg)
{
    struct look *l = arg;
    struct push *p = l->p;
    if (l->seq == p->safe && p->d && p->d->log_size > p->safe && l->ms)
        p->behind_ms = l->ms;
    free(l);
}

void
push_vouched(struct push *p, int witness, uint64_t size)
{
    if (size > p->cosigned[witness])
        p->cosigned[witness] = size;
    uint64_t safe = policy_size(&p->policy, p->cosigned);
    if (safe <= p->safe)
        return;
    p->safe = safe;
    p->behind_ms = 0;
    if (p->d && p->d->log_size > safe) {
        p->behind_ms = clock_now_ms();
        struct look *l = mem_alloc(sizeof *l);
        *l = (struct look){.p = p, .seq = safe};
        push_job(p, look_run, look_done, l);
    }
    push_wake(p);
}

/* Waiting. */

void
push_wait(struct push *p, uint64_t size,
          void (*done)(void *arg, enum err_code code, const struct err *e),
          void *arg)
{
    struct waiter *w = mem_alloc(sizeof *w);
    *w = (struct waiter){.next = p->waiters,
                         .size = size,
                         .until_ms = clock_boot_ms() + WAIT_S * 1000,
                         .done = done,
                         .arg = arg};
    p->waiters = w;
    push_grown(p);
    push_wake(p);
}

void
push_wake(struct push *p)
{
    int64_t now = clock_boot_ms();
    for (struct waiter **at = &p->waiters; *at;) {
        struct waiter *w = *at;
        struct err e = {0};
        bool over = p->d->stopping || p->conflict[0] || now >= w->until_ms;
        if (w->size > p->safe && !over) {
            at = &w->next;
            continue;
        }
        *at = w->next;
        enum err_code code = ERR_OK;
        if (w->size > p->safe)
            code = err_set(&e, p->d->stopping ? ERR_STOPPING : ERR_WITNESS,
                           "%s", _("the entry was not cosigned in time"));
        w->done(w->arg, code, &e);
        free(w);
        at = &p->waiters; /* done may have added or ended others */
    }
}

/* In words, for status. */

static void
first_fault(const struct push *p, char out[300])
{
    out[0] = '\0';
    for (int i = 0; i < p->targets && !out[0]; i++)
        if (p->target[i].fault[0])
            snprintf(out, 300, "%s: %s", p->target[i].name, p->target[i].fault);
}

void
push_describe(const struct push *p, cJSON *o)
{
    static const char *const words[] = {[PUSH_NONE] = "inget",
                                        [PUSH_PAPER] = "papper",
                                        [PUSH_FRESH] = "farskt",
                                        [PUSH_SOFT] = "mjuk",
                                        [PUSH_HARD] = "hard"};
    char fault[300];
    int64_t since = 0;
    enum push_state s = push_state(p);
    uint64_t n = push_counts(p) ? behind(p, &since) : 0;
    first_fault(p, fault);
    cJSON_AddStringToObject(o, "lage", words[s]);
    cJSON_AddBoolToObject(o, "strikt", push_strict(p));
    cJSON_AddNumberToObject(o, "storlek", (double)p->safe);
    cJSON_AddNumberToObject(o, "oskyddade", (double)n);
    cJSON_AddNumberToObject(
        o, "alder_s",
        n && since ? (double)((clock_now_ms() - since) / 1000) : 0);
    cJSON_AddStringToObject(o, "text", p->conflict[0] ? p->conflict : fault);
}
