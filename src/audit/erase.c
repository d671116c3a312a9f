/* SPDX-License-Identifier: EUPL-1.2
 *
 * Gallring (AUDIT 12): what a range holds, whether a step may be taken, and
 * the erasing itself once the step that carries it out is committed, and
 * cosigned where that is asked. The guards against deletion are lifted and put
 * back in the erasing transaction.
 */
#include "config.h"

#include "audit/batch.h"

#include "base/clock.h"
#include "base/i18n.h"
#include "base/mem.h"

#include <inttypes.h>
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
    if (memcmp(h.box_sha256, none, HASH_SIZE) == 0)
        return true;
    p->boxes++;
    erasure_digest_add(p->digest, h.seq, h.box_sha256);
    return true;
}

enum err_code
ledger_erasure_plan(struct ledger *l, uint64_t first, uint64_t end,
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
        return ERR_OK;
    return code ? code
                : err_set(e, ERR_BAD_INPUT, "%s",
                          _("a question of the range has no outcome yet"));
}

/* One row of type gallring. */
static enum err_code
take_erasing(struct ledger *l, struct erasing *x, struct err *e)
{
    struct entry_leaf leaf;
    struct entry_author a;
    struct entry_host h;
    size_t n;
    const void *p = store_blob(l->store, ST_GALLRING_ALL, 0, &n);
    const char *account = store_text(l->store, ST_GALLRING_ALL, 1);
    enum err_code code = p ? entry_leaf_split(p, n, &leaf, e) : ERR_LOG_BROKEN;
    if (!code)
        code = entry_author_decode(leaf.author, leaf.author_len, &a, e);
    if (!code)
        code = entry_host_decode(leaf.host, leaf.host_len, &h, e);
    if (code)
        return err_add(e, ERR_LOG_BROKEN, "%s", _("a gallring on file"));
    *x = (struct erasing){.seq = h.seq,
                          .time_ms = h.log_time_ms,
                          .has_ref = a.has_ref,
                          .ref_seq = a.ref_seq,
                          .e = a.erasure};
    sha256(x->person, account ? account : "", account ? strlen(account) : 0);
    return ERR_OK;
}

/* All of them, rising; the caller frees. */
static enum err_code
load(struct ledger *l, struct erasing **list, size_t *n, struct err *e)
{
    size_t room = 0;
    bool row;
    enum err_code code = ERR_OK, read;
    *list = NULL;
    *n = 0;
    store_bind(l->store, ST_GALLRING_ALL, NULL);
    while (!(read = store_next(l->store, ST_GALLRING_ALL, &row, e)) && row &&
           !code) {
        if (*n == room) {
            room = room ? 2 * room : 16;
            *list = mem_grow(*list, room, sizeof **list);
        }
        code = take_erasing(l, &(*list)[(*n)++], e);
    }
    store_reset(l->store, ST_GALLRING_ALL);
    return code ? code : read;
}

/* Is there such a step about the decision `seq`? */
static bool
has_step(const struct erasing *list, size_t n, uint64_t seq,
         enum erasure_step step)
{
    for (size_t i = 0; i < n; i++)
        if (list[i].e.step == step &&
            (step == ERASURE_DECIDED
                 ? list[i].seq == seq
                 : list[i].has_ref && list[i].ref_seq == seq))
            return true;
    return false;
}

static enum err_code
refuse(enum erasure_verdict how, struct err *e)
{
    switch (how) {
    case ERASURE_ALLOWED:
        return ERR_OK;
    case ERASURE_HALTED:
        return err_set(e, ERR_BAD_INPUT, "%s", _("the gallring is stopped"));
    case ERASURE_EARLY:
        return err_set(e, ERR_BAD_INPUT, "%s",
                       _("it is too early: the time since the approval, or the "
                         "age of the entries, is too short"));
    default:
        return err_set(e, ERR_BAD_INPUT, "%s",
                       _("two persons must have decided the same gallring"));
    }
}

static enum err_code
judge_step(struct batch *b, const struct erasing *x, struct err *e)
{
    struct ledger_plan plan = {0};
    struct erasing *list;
    size_t n;
    bool stop = x->e.step == ERASURE_STOPPED;
    enum err_code code =
        stop ? ERR_OK
             : ledger_erasure_plan(b->l, x->e.first, x->e.end, &plan, e);
    if (!code && !stop && memcmp(plan.digest, x->e.digest, HASH_SIZE) != 0)
        code = err_set(e, ERR_BAD_INPUT, "%s",
                       _("the range does not hold what was decided about"));
    if (!code && !stop && !strcmp(b->l->mode, "skarp") &&
        x->e.wait_days < ERASURE_WAIT_LEAST)
        code = err_set(e, ERR_BAD_INPUT,
                       _("at least %d days must pass before it is erased"),
                       ERASURE_WAIT_LEAST);
    if (code || x->e.step == ERASURE_DECIDED)
        return code;
    code = load(b->l, &list, &n, e);
    if (!code &&
        (!has_step(list, n, x->ref_seq, ERASURE_DECIDED) || !x->has_ref))
        code = refuse(ERASURE_UNDECIDED, e);
    if (!code && has_step(list, n, x->ref_seq, ERASURE_DONE))
        code = err_set(e, ERR_BAD_INPUT, "%s", _("it is carried out already"));
    if (!code && !stop)
        code = refuse(erasure_judge(list, n, x, plan.newest_ms), e);
    free(list);
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

/* In one transaction: guards off, rows gone, guards on. */
static enum err_code
erase(struct ledger *l, const struct entry_erasure *x,
      struct ledger_erased *done, struct err *e)
{
    static const int off[] = {ST_GUARD_BOX_OFF, ST_GUARD_DAY_OFF,
                              ST_GUARD_ENTRY_OFF};
    static const int on[] = {ST_GUARD_BOX, ST_GUARD_DAY, ST_GUARD_ENTRY};
    struct store *s = l->store;
    int64_t first = (int64_t)x->first, end = (int64_t)x->end;
    enum err_code code = store_begin(s, e);
    for (int i = 0; i < 3 && !code; i++)
        code = store_run(s, off[i], e, NULL);
    if (!code)
        code = store_run(s, ST_ERASE_BOXES, e, "ii", first, end);
    done->boxes = code ? 0 : (uint64_t)store_changes(s);
    if (!code)
        code = store_run(s, ST_ERASE_DAYS, e, "ii", first, end);
    done->days = code ? 0 : (uint64_t)store_changes(s);
    if (!code && x->leaves) {
        code = store_run(s, ST_ERASE_LEAVES, e, "ii", first, end);
        done->leaves = code ? 0 : (uint64_t)store_changes(s);
    }
    for (int i = 0; i < 3 && !code; i++)
        code = store_run(s, on[i], e, NULL);
    if (code) {
        store_rollback(s);
        return code;
    }
    return store_commit(s, e);
}

enum err_code
ledger_erase(struct ledger *l, uint64_t seq, bool cosigned,
             struct ledger_erased *done, struct err *e)
{
    struct erasing *list;
    size_t n;
    const struct erasing *x = NULL;
    memset(done, 0, sizeof *done);
    if (ledger_is_broken(l))
        return err_set(e, ERR_IO, "%s", _("the log is closed after an error"));
    if (cosigned) {
        enum err_code covered =
            store_get(l->store, ST_CHECKPOINT_COSIGNED, e, "i", (int64_t)seq);
        store_reset(l->store, ST_CHECKPOINT_COSIGNED);
        if (covered)
            return err_set(e, ERR_LOG, "%s",
                           _("no witness has seen the gallring yet"));
    }
    enum err_code code = load(l, &list, &n, e);
    for (size_t i = 0; i < n && !code; i++)
        if (list[i].seq == seq && list[i].e.step == ERASURE_DONE)
            x = &list[i];
    if (!code && !x)
        code = err_set(e, ERR_NOT_FOUND, _("entry %" PRIu64 " erases nothing"),
                       seq);
    if (!code)
        code = erase(l, &x->e, done, e);
    free(list);
    if (code)
        return code;
    days_forget(l); /* a key that is erased is not used again */
    return store_checkpoint(l->store, e);
}
