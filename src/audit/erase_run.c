/* SPDX-License-Identifier: EUPL-1.2
 *
 * The steps of gallring that the log holds, and the erasing itself once the
 * one that carries it out is committed, and cosigned where that is asked. The
 * guards against deletion are lifted and put back in the erasing transaction,
 * so that a kill leaves all of it or nothing.
 */
#include "config.h"

#include "audit/erase.h"
#include "audit/internal.h"

#include "base/i18n.h"
#include "base/mem.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* A quarter of the file: then it is worth writing it anew. */
enum { FREE_SHARE = 4 };

/* One row of type gallring. */
static enum err_code
take_erasing(struct ledger *l, struct erasing *x, struct ledger_eraser *who,
             struct err *e)
{
    struct entry_leaf leaf;
    struct entry_author a;
    struct entry_host h;
    size_t n, hash_len;
    const void *p = store_blob(l->store, ST_GALLRING_ALL, 0, &n);
    const char *account = store_text(l->store, ST_GALLRING_ALL, 1);
    const void *hash = store_blob(l->store, ST_GALLRING_ALL, 2, &hash_len);
    enum err_code code =
        p && hash_len == HASH_SIZE
            ? entry_leaf_split(p, n, &leaf, e)
            : err_set(e, ERR_LOG_BROKEN, "%s", _("its bytes are not there"));
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
    *who = (struct ledger_eraser){0};
    snprintf(who->account, sizeof who->account, "%s", account ? account : "");
    snprintf(who->legal, sizeof who->legal, "%s", a.legal);
    memcpy(who->hash, hash, HASH_SIZE);
    sha256(x->person, account ? account : "", account ? strlen(account) : 0);
    return ERR_OK;
}

void
ledger_erasings_done(struct ledger_erasings *x)
{
    free(x->step);
    free(x->who);
    *x = (struct ledger_erasings){0};
}

static void
make_room(struct ledger_erasings *x)
{
    if (x->n < x->room)
        return;
    x->room = x->room ? 2 * x->room : 16;
    x->step = mem_grow(x->step, x->room, sizeof *x->step);
    x->who = mem_grow(x->who, x->room, sizeof *x->who);
}

/* What the rows say of the range. */
static enum err_code
look_at(struct ledger *l, const struct erasing *x, struct ledger_eraser *who,
        struct err *e)
{
    const struct entry_erasure *r = &x->e;
    if (r->end == 0)
        return ERR_OK;
    enum err_code code =
        store_get(l->store, ST_ENTRY_TIME, e, "i", (int64_t)r->end - 1);
    who->newest_ms = code ? 0 : (uint64_t)store_int(l->store, ST_ENTRY_TIME, 0);
    store_reset(l->store, ST_ENTRY_TIME);
    if (!code && r->step == ERASURE_DONE) {
        code = store_get(l->store, ST_ERASE_LEFT, e, "iii", (int64_t)r->first,
                         (int64_t)r->end, (int64_t)r->leaves);
        who->left = !code && store_int(l->store, ST_ERASE_LEFT, 0) != 0;
        store_reset(l->store, ST_ERASE_LEFT);
    }
    return code == ERR_NOT_FOUND ? ERR_LOG_BROKEN : code;
}

enum err_code
ledger_erasings(struct ledger *l, struct ledger_erasings *x, struct err *e)
{
    bool row;
    enum err_code code = ERR_OK, read;
    *x = (struct ledger_erasings){0};
    if (ledger_is_broken(l))
        return err_set(e, ERR_IO, "%s", _("the log is closed after an error"));
    store_bind(l->store, ST_GALLRING_ALL, NULL);
    while (!(read = store_next(l->store, ST_GALLRING_ALL, &row, e)) && row &&
           !code) {
        make_room(x);
        code = take_erasing(l, &x->step[x->n], &x->who[x->n], e);
        x->n += !code;
    }
    store_reset(l->store, ST_GALLRING_ALL);
    code = code ? code : read;
    for (size_t i = 0; i < x->n && !code; i++)
        code = look_at(l, &x->step[i], &x->who[i], e);
    return code;
}

static enum err_code
since(struct ledger *l, int64_t ms, uint64_t *seq, struct err *e)
{
    enum err_code code = store_get(l->store, ST_ERASE_SINCE, e, "i", ms);
    if (!code)
        *seq = store_null(l->store, ST_ERASE_SINCE, 0)
                   ? l->tree.size
                   : (uint64_t)store_int(l->store, ST_ERASE_SINCE, 0);
    store_reset(l->store, ST_ERASE_SINCE);
    return code;
}

enum err_code
ledger_erasure_range(struct ledger *l, int64_t from_ms, int64_t till_ms,
                     bool leaves, uint64_t *first, uint64_t *end, struct err *e)
{
    struct ledger_erasings all;
    enum err_code code = ledger_erasings(l, &all, e);
    *first = 0;
    if (!code && from_ms)
        code = since(l, from_ms, first, e);
    if (!code)
        code = since(l, till_ms, end, e);
    for (size_t i = 0; i < all.n && !code; i++) {
        const struct entry_erasure *x = &all.step[i].e;
        if (x->step != ERASURE_DONE || (leaves && !x->leaves) ||
            x->first > *first || x->end <= *first)
            continue;
        *first = x->end;
        i = (size_t)-1; /* one that came before may go on from there */
    }
    ledger_erasings_done(&all);
    if (!code && *end < *first)
        *end = *first;
    return code;
}

/* Day keys of a range that open nothing more: of this gallring, and of those
 * before it, whose last boxes may lie in this one. */
static enum err_code
erase_days(struct ledger *l, const struct ledger_erasings *all, uint64_t seq,
           uint64_t *days, struct err *e)
{
    enum err_code code = ERR_OK;
    for (size_t i = 0; i < all->n && !code; i++) {
        const struct erasing *x = &all->step[i];
        if (x->e.step != ERASURE_DONE || x->seq > seq)
            continue;
        code = store_run(l->store, ST_ERASE_DAYS, e, "ii", (int64_t)x->e.first,
                         (int64_t)x->e.end);
        *days += code ? 0 : (uint64_t)store_changes(l->store);
    }
    return code;
}

/* In one transaction: guards off, rows gone, guards on. */
static enum err_code
erase(struct ledger *l, const struct ledger_erasings *all,
      const struct erasing *of, struct erasure_amount *done, struct err *e)
{
    static const int off[] = {ST_GUARD_BOX_OFF, ST_GUARD_DAY_OFF,
                              ST_GUARD_ENTRY_OFF};
    static const int on[] = {ST_GUARD_BOX, ST_GUARD_DAY, ST_GUARD_ENTRY};
    struct store *s = l->store;
    const struct entry_erasure *x = &of->e;
    int64_t first = (int64_t)x->first, end = (int64_t)x->end;
    enum err_code code = store_begin(s, e);
    for (int i = 0; i < 3 && !code; i++)
        code = store_run(s, off[i], e, NULL);
    if (!code)
        code = store_run(s, ST_ERASE_BOXES, e, "ii", first, end);
    done->boxes = code ? 0 : (uint64_t)store_changes(s);
    if (!code)
        code = erase_days(l, all, of->seq, &done->days, e);
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
             struct erasure_amount *done, struct err *e)
{
    struct ledger_erasings all;
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
    enum err_code code = ledger_erasings(l, &all, e);
    for (size_t i = 0; i < all.n && !code; i++)
        if (all.step[i].seq == seq && all.step[i].e.step == ERASURE_DONE)
            x = &all.step[i];
    if (!code && !x)
        code = err_set(e, ERR_NOT_FOUND, _("entry %" PRIu64 " erases nothing"),
                       seq);
    if (!code)
        code = erase(l, &all, x, done, e);
    ledger_erasings_done(&all);
    if (code)
        return code;
    days_forget(l); /* a key that is erased is not used again */
    return ledger_compact(l, e);
}

static int64_t
pragma(struct ledger *l, int statement)
{
    int64_t n = store_get(l->store, statement, NULL, NULL)
                    ? 0
                    : store_int(l->store, statement, 0);
    store_reset(l->store, statement);
    return n;
}

enum err_code
ledger_compact(struct ledger *l, struct err *e)
{
    enum err_code code = store_checkpoint(l->store, e);
    if (code)
        return code;
    int64_t pages = pragma(l, ST_PAGES), unused = pragma(l, ST_PAGES_FREE);
    uint64_t bytes = (uint64_t)(pages * pragma(l, ST_PAGE_SIZE));
    /* a copy beside, and the WAL */
    if (unused * FREE_SHARE <= pages ||
        store_free_space(l->path) < 2 * bytes + SPACE_FLOOR)
        return ERR_OK;
    code = store_run(l->store, ST_COMPACT, e, NULL);
    return code ? code : store_checkpoint(l->store, e);
}
