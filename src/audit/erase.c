/* SPDX-License-Identifier: EUPL-1.2
 *
 * Gallring (AUDIT 12): what a range holds, and whether a step may be taken.
 * The erasing is in erase_run.c.
 */
#include "config.h"

#include "audit/erase.h"

#include "audit/batch.h"

#include "base/clock.h"
#include "base/i18n.h"

#include <stdlib.h>
#include <string.h>

/* One row of the range into the plan; false: it has been erased before. */
static bool
plan_row(struct ledger *l, struct ledger_plan *p)
{
    static const uint8_t none[HASH_SIZE];
    struct entry_leaf leaf;
    struct entry_host h;
    size_t n;
    const void *data = store_blob(l->store, ST_ERASE_RANGE, 1, &n);
    if (!data || entry_leaf_split(data, n, &leaf, NULL) ||
        entry_host_decode(leaf.host, leaf.host_len, &h, NULL))
        return false;
    p->entries++;
    if (h.log_time_ms > p->newest_ms)
        p->newest_ms = h.log_time_ms;
    if (p->oldest_ms == 0 || h.log_time_ms < p->oldest_ms)
        p->oldest_ms = h.log_time_ms;
    if (memcmp(h.box_sha256, none, HASH_SIZE) != 0)
        erasure_digest_add(p->digest, h.seq, h.box_sha256);
    return true;
}

/* Rows of a kind, and their bytes, that would go. */
static enum err_code
add_sum(struct ledger *l, int statement, uint64_t first, uint64_t end,
        uint64_t *rows, struct erasure_amount *a, struct err *e)
{
    enum err_code code =
        store_get(l->store, statement, e, "ii", (int64_t)first, (int64_t)end);
    if (code)
        return code;
    *rows = (uint64_t)store_int(l->store, statement, 0);
    a->bytes += (uint64_t)store_int(l->store, statement, 1);
    store_reset(l->store, statement);
    return ERR_OK;
}

static enum err_code
plan_amount(struct ledger *l, uint64_t first, uint64_t end, bool leaves,
            struct erasure_amount *a, struct err *e)
{
    enum err_code code =
        add_sum(l, ST_ERASE_BOX_SUM, first, end, &a->boxes, a, e);
    if (!code)
        code = add_sum(l, ST_ERASE_DAY_SUM, first, end, &a->days, a, e);
    if (!code && leaves)
        code = add_sum(l, ST_ERASE_LEAF_SUM, first, end, &a->leaves, a, e);
    return code;
}

enum err_code
ledger_erasure_plan(struct ledger *l, uint64_t first, uint64_t end, bool leaves,
                    struct ledger_plan *p, struct err *e)
{
    bool row, whole = true;
    enum err_code code;
    memset(p, 0, sizeof *p);
    if (ledger_is_broken(l))
        return err_set(e, ERR_IO, "%s", _("the log is closed after an error"));
    if (first >= end || end > l->tree.size)
        return err_set(e, ERR_BAD_INPUT, "%s", _("not a range of this log"));
    erasure_digest_start(p->digest);
    store_bind(l->store, ST_ERASE_RANGE, "ii", (int64_t)first, (int64_t)end);
    while (!(code = store_next(l->store, ST_ERASE_RANGE, &row, e)) && row)
        whole = plan_row(l, p) && whole;
    if (code)
        return code;
    if (!whole)
        return err_set(e, ERR_BAD_INPUT, "%s",
                       _("a part of the range has been erased before"));
    code = store_get(l->store, ST_ERASE_OPEN, e, "ii", (int64_t)first,
                     (int64_t)end);
    store_reset(l->store, ST_ERASE_OPEN);
    if (code == ERR_NOT_FOUND)
        return plan_amount(l, first, end, leaves, &p->amount, e);
    return code ? code
                : err_set(e, ERR_BAD_INPUT, "%s",
                          _("a question of the range has no outcome yet"));
}

static const struct erasing *
find_step(const struct ledger_erasings *all, uint64_t seq,
          enum erasure_step step)
{
    for (size_t i = 0; i < all->n; i++)
        if (all->step[i].e.step == step && all->step[i].seq == seq)
            return &all->step[i];
    return NULL;
}

static enum err_code
refuse(enum erasure_verdict how, struct err *e)
{
    switch (how) {
    case ERASURE_ALLOWED:
        return ERR_OK;
    case ERASURE_HALTED:
        return err_set(e, ERR_ERASE_STOPPED, "%s",
                       _("the gallring is stopped"));
    case ERASURE_EARLY:
        return err_set(e, ERR_ERASE_EARLY, "%s",
                       _("it is too early: the time since the approval, or the "
                         "age of the entries, is too short"));
    default:
        return err_set(e, ERR_ROLE, "%s",
                       _("two persons must have decided the same gallring"));
    }
}

static enum err_code
oneself(struct err *e)
{
    return err_set(e, ERR_ROLE, "%s",
                   _("a second person approves, not oneself"));
}

/* What it erases is what there is: the same digest, and for a carrying out
 * the same amount. */
static enum err_code
judge_range(struct batch *b, const struct erasing *x, uint64_t *newest,
            struct err *e)
{
    struct ledger_plan p;
    const struct erasure_amount *a = &x->e.amount;
    enum err_code code =
        ledger_erasure_plan(b->l, x->e.first, x->e.end, x->e.leaves, &p, e);
    if (code)
        return code;
    *newest = p.newest_ms;
    if (memcmp(p.digest, x->e.digest, HASH_SIZE) != 0 ||
        (x->e.step == ERASURE_DONE &&
         (a->boxes != p.amount.boxes || a->days != p.amount.days ||
          a->leaves != p.amount.leaves || a->bytes != p.amount.bytes)))
        return err_set(e, ERR_BAD_INPUT, "%s",
                       _("the range does not hold what was decided about"));
    if (p.amount.boxes + p.amount.days + p.amount.leaves == 0)
        return err_set(e, ERR_BAD_INPUT, "%s",
                       _("nothing of the range is left to erase"));
    if (!strcmp(b->l->mode, "skarp") && x->e.wait_days < ERASURE_WAIT_LEAST)
        return err_set(e, ERR_BAD_INPUT,
                       _("at least %d days must pass before it is erased"),
                       ERASURE_WAIT_LEAST);
    return ERR_OK;
}

/* The approval of a decision, or the carrying out. */
static enum err_code
judge_decided(const struct ledger_erasings *all, const struct erasing *x,
              uint64_t newest, struct err *e)
{
    const struct erasing *d =
        x->has_ref ? find_step(all, x->ref_seq, ERASURE_DECIDED) : NULL;
    if (!d)
        return refuse(ERASURE_UNDECIDED, e);
    if (erasure_about(all->step, all->n, d->seq, ERASURE_DONE))
        return err_set(e, ERR_BAD_INPUT, "%s", _("it is carried out already"));
    if (x->e.step == ERASURE_APPROVED &&
        memcmp(d->person, x->person, HASH_SIZE) == 0)
        return oneself(e);
    if (x->e.step == ERASURE_APPROVED &&
        erasure_approval(all->step, all->n, d, x->seq))
        return err_set(e, ERR_BAD_INPUT, "%s", _("it is approved already"));
    return refuse(erasure_judge(all->step, all->n, x, newest), e);
}

static enum err_code
judge_stop(const struct ledger_erasings *all, const struct erasing *x,
           struct err *e)
{
    if (!x->has_ref)
        return ERR_OK; /* of every gallring */
    if (!find_step(all, x->ref_seq, ERASURE_DECIDED))
        return err_set(e, ERR_BAD_INPUT, "%s", _("there is no such gallring"));
    const struct erasing *done =
        erasure_about(all->step, all->n, x->ref_seq, ERASURE_DONE);
    return done && !all->who[done - all->step].left
               ? err_set(e, ERR_BAD_INPUT, "%s", _("it is carried out already"))
               : ERR_OK;
}

/* A stop ends when two persons have said so. */
static enum err_code
judge_lift(const struct ledger_erasings *all, const struct erasing *x,
           struct err *e)
{
    const struct erasing *stop =
        x->has_ref ? find_step(all, x->ref_seq, ERASURE_STOPPED) : NULL;
    if (!stop || !erasure_in_force(all->step, all->n, stop, x->seq))
        return err_set(e, ERR_BAD_INPUT, "%s",
                       _("there is no such stop in force"));
    const struct erasing *first =
        erasure_about(all->step, all->n, stop->seq, ERASURE_LIFTED);
    return first && memcmp(first->person, x->person, HASH_SIZE) == 0
               ? oneself(e)
               : ERR_OK;
}

/* The paper has a head of this log that counts the carrying out. */
static enum err_code
judge_registered(struct batch *b, const struct ledger_erasings *all,
                 const struct erasing *x, struct err *e)
{
    uint8_t root[HASH_SIZE];
    struct merkle_source src = ledger_source(b->l);
    if (!x->has_ref || !find_step(all, x->ref_seq, ERASURE_DONE))
        return err_set(e, ERR_BAD_INPUT, "%s",
                       _("no gallring has been carried out there"));
    if (x->e.size <= x->ref_seq || x->e.size > b->l->tree.size ||
        !merkle_range_root(&src, x->e.size, root) ||
        memcmp(root, x->e.root, HASH_SIZE) != 0)
        return err_set(e, ERR_BAD_INPUT, "%s",
                       _("the line is not of this log, or is older than the "
                         "gallring"));
    return ERR_OK;
}

static enum err_code
judge_step(struct batch *b, const struct erasing *x, struct err *e)
{
    struct ledger_erasings all;
    uint64_t newest = 0;
    if (x->e.step == ERASURE_DECIDED)
        return judge_range(b, x, &newest, e);
    enum err_code code = ledger_erasings(b->l, &all, e);
    if (!code)
        switch (x->e.step) {
        case ERASURE_STOPPED:
            code = judge_stop(&all, x, e);
            break;
        case ERASURE_LIFTED:
            code = judge_lift(&all, x, e);
            break;
        case ERASURE_REGISTERED:
            code = judge_registered(b, &all, x, e);
            break;
        default:
            code = judge_range(b, x, &newest, e);
            if (!code)
                code = judge_decided(&all, x, newest, e);
        }
    ledger_erasings_done(&all);
    return code;
}

enum err_code
judge_erasure(struct batch *b, struct item *it, struct err *e)
{
    struct store *s = b->l->store;
    if (!it->a.has_erasure)
        return ERR_OK;
    struct erasing x = {.seq = b->tree.size,
                        .time_ms = (uint64_t)clock_now_ms(),
                        .has_ref = it->a.has_ref,
                        .ref_seq = it->a.ref_seq,
                        .e = it->a.erasure};
    enum err_code code = store_get(s, ST_FORSAKRAN_ID, e, "i", it->author);
    if (code)
        return code;
    const char *account = store_text(s, ST_FORSAKRAN_ID, 0);
    sha256(x.person, account ? account : "", account ? strlen(account) : 0);
    store_reset(s, ST_FORSAKRAN_ID);
    return judge_step(b, &x, e);
}
