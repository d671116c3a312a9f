/* SPDX-License-Identifier: EUPL-1.2 */
#include "config.h"

#include "daemon/erasing.h"

#include "base/clock.h"
#include "base/log.h"
#include "base/loop.h"
#include "base/mem.h"
#include "daemon/push.h"

#include <inttypes.h>
#include <stdlib.h>

struct erasing_wait
erasing_wait(const struct daemon *d)
{
    return (struct erasing_wait){
        .passed = push_passed(d->push),
        .cosigned = push_counts(d->push),
        .paper = config_bool(d->in->config, "vittne.papper")};
}

/* Of a gallring carried out, with something left: may it be erased now? */
static const char *
waits_for(const struct ledger_erasings *all, const struct erasing *done,
          const struct erasing_wait *w)
{
    const struct erasing decision = {.seq = done->ref_seq};
    if (erasure_stop(all->step, all->n, &decision, UINT64_MAX))
        return "stoppad";
    if (done->seq >= w->passed)
        return "vantar_vittne";
    if (w->paper &&
        !erasure_about(all->step, all->n, done->seq, ERASURE_REGISTERED))
        return "vantar_papper";
    return NULL;
}

const char *
erasing_state(const struct ledger_erasings *all, const struct erasing *d,
              const struct erasing_wait *w)
{
    const struct erasing *done =
        erasure_about(all->step, all->n, d->seq, ERASURE_DONE);
    const struct erasing *ok =
        erasure_approval(all->step, all->n, d, UINT64_MAX);
    if (done && !all->who[done - all->step].left)
        return "raderad";
    if (done) {
        const char *word = waits_for(all, done, w);
        return word ? word : "raderas";
    }
    if (erasure_stop(all->step, all->n, d, UINT64_MAX))
        return "stoppad";
    if (!ok)
        return "foreslagen";
    uint64_t newest = all->who[d - all->step].newest_ms;
    return erasure_earliest(&d->e, ok->time_ms, newest) >
                   (uint64_t)clock_now_ms()
               ? "vantar"
               : "mogen";
}

struct sweep {
    struct daemon *d;
    struct erasing_wait wait;
    bool first;
    size_t left;
    struct err err;
};

/* One gallring: *left is raised where it must wait. */
static enum err_code
sweep_one(struct sweep *s, const struct ledger_erasings *all, size_t i)
{
    const struct erasing *x = &all->step[i];
    struct erasure_amount done;
    if (x->e.step != ERASURE_DONE || !all->who[i].left)
        return ERR_OK;
    s->left++;
    if (waits_for(all, x, &s->wait))
        return ERR_OK;
    enum err_code code = ledger_erase(s->d->in->ledger, x->seq,
                                      s->wait.cosigned, &done, &s->err);
    if (code)
        return code;
    s->left--;
    log_info("gallring, entry %" PRIu64 ": %" PRIu64 " boxes, %" PRIu64
             " day keys and %" PRIu64 " whole entries are erased",
             x->seq, done.boxes, done.days, done.leaves);
    return ERR_OK;
}

static void
sweep_run(void *arg)
{
    struct sweep *s = arg;
    struct ledger_erasings all;
    bool some = false;
    enum err_code code = ledger_erasings(s->d->in->ledger, &all, &s->err);
    for (size_t i = 0; i < all.n && !code; i++) {
        some = some || all.step[i].e.step == ERASURE_DONE;
        code = sweep_one(s, &all, i);
    }
    ledger_erasings_done(&all);
    if (!code && s->first && some)
        code = ledger_compact(s->d->in->ledger, &s->err);
    s->left += code != ERR_OK; /* tried again */
}

static void
sweep_done(void *arg)
{
    struct sweep *s = arg;
    if (s->err.code)
        log_error("gallring: %s", s->err.text);
    s->d->erasures_left = s->left + s->d->erase_again;
    s->d->erasing = s->d->erase_again = false;
    free(s);
}

static void
sweep(struct daemon *d, bool first)
{
    if (d->erasing) {
        d->erase_again = true; /* at the next tick */
        return;
    }
    struct sweep *s = mem_alloc(sizeof *s);
    *s = (struct sweep){.d = d, .wait = erasing_wait(d), .first = first};
    d->erasing = true;
    worker_run(d->log_worker, sweep_run, sweep_done, s);
}

static void
seen(void *arg, enum err_code code, const struct err *e)
{
    (void)code;
    (void)e;
    struct daemon *d = arg;
    if (!d->stopping)
        sweep(d, false);
}

void
erasing_sweep(struct daemon *d, uint64_t size)
{
    if (size && push_counts(d->push))
        push_wait(d->push, size, seen, d);
    else
        sweep(d, false);
}

void
erasing_start(struct daemon *d)
{
    sweep(d, true);
}

void
erasing_tick(struct daemon *d)
{
    if (d->erasures_left && !d->erasing)
        sweep(d, false);
}
