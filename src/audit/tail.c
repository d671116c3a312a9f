/* SPDX-License-Identifier: EUPL-1.2
 *
 * The check of the tail at each opening: the signed head, the stored frontier
 * and the last entries' own bytes must say the same.
 */
#include "config.h"

#include "audit/internal.h"

#include "base/i18n.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

enum { LONGEST = 1 << 16 }; /* entries hashed at most at an opening */

/* The signed head, and that it is of the stored size. */
static enum err_code
read_head(struct ledger *l, struct merkle *tree, char note[NOTE_MAX],
          struct err *e)
{
    struct checkpoint c;
    uint8_t root[HASH_SIZE];
    size_t n;
    enum err_code code = store_get(l->store, ST_STATE_GET, e, NULL);
    if (code)
        return code;
    uint64_t size = (uint64_t)store_int(l->store, ST_STATE_GET, 0);
    const void *p = store_blob(l->store, ST_STATE_GET, 1, &n);
    bool ok = merkle_load(tree, size, p, n) && size > 0;
    store_reset(l->store, ST_STATE_GET);
    code = store_get(l->store, ST_CHECKPOINT_LAST, e, NULL);
    if (code == ERR_NOT_FOUND)
        return err_set(e, ERR_LOG_BROKEN, _("there is no signed head"));
    if (code)
        return code;
    const char *text = store_text(l->store, ST_CHECKPOINT_LAST, 1);
    snprintf(note, NOTE_MAX, "%s", text ? text : "");
    store_reset(l->store, ST_CHECKPOINT_LAST);
    code = note_verify(note, strlen(note), &l->log_vkey, &c, e);
    if (code)
        return err_add(e, ERR_LOG_BROKEN, "%s", _("the last signed head"));
    if (ok)
        merkle_root(tree, root);
    if (!ok || c.size != size || memcmp(c.root, root, HASH_SIZE) != 0)
        return err_set(e, ERR_LOG_BROKEN,
                       _("the last signed head counts %" PRIu64
                         " entries, the log %" PRIu64),
                       c.size, size);
    return ERR_OK;
}

/* Where to begin, such that what lies below is the frontier's first nodes. A
 * head of whole tiles is one or more large subtrees, and the last of them is
 * hashed anew unless it is too long; then *linked is false, and the last
 * entries are held against their own hashes alone. */
static uint64_t
tail_start(uint64_t size, bool *linked)
{
    uint64_t from = size / THIN * THIN, low = size & -size;
    *linked = true;
    if (from != size)
        return from;
    *linked = low <= LONGEST;
    return size - (*linked ? low : THIN);
}

/* One row of the tail; its hash in *hash. */
static bool
row_holds(struct ledger *l, uint64_t seq, const void **hash)
{
    uint8_t made[HASH_SIZE];
    size_t hash_len, leaf_len;
    *hash = store_blob(l->store, ST_ENTRY_RANGE, 1, &hash_len);
    const void *leaf = store_blob(l->store, ST_ENTRY_RANGE, 2, &leaf_len);
    if (store_int(l->store, ST_ENTRY_RANGE, 0) != (int64_t)seq ||
        hash_len != HASH_SIZE)
        return false;
    if (!leaf)
        return true; /* erased; only `verify` judges by whose decision */
    entry_leaf_hash(made, leaf, leaf_len);
    return memcmp(made, *hash, HASH_SIZE) == 0;
}

/* Appends the rows from m->size on to m. */
static enum err_code
hash_rows(struct ledger *l, struct merkle *m, uint64_t size, struct err *e)
{
    enum err_code code;
    bool row;
    const void *hash;
    store_bind(l->store, ST_ENTRY_RANGE, "ii", (int64_t)m->size, INT64_MAX);
    while (!(code = store_next(l->store, ST_ENTRY_RANGE, &row, e)) && row) {
        if (m->size >= size || !row_holds(l, m->size, &hash)) {
            store_reset(l->store, ST_ENTRY_RANGE);
            return err_set(e, ERR_LOG_BROKEN,
                           _("entry %" PRIu64 " has been changed"), m->size);
        }
        merkle_append(m, hash);
    }
    if (!code && m->size != size)
        code = err_set(e, ERR_LOG_BROKEN, _("entry %" PRIu64 " is missing"),
                       m->size);
    return code;
}

enum err_code
ledger_tail(struct ledger *l, struct err *e)
{
    struct merkle tree, again;
    char note[NOTE_MAX];
    uint8_t a[HASH_SIZE], b[HASH_SIZE];
    bool linked;
    enum err_code code = read_head(l, &tree, note, e);
    if (code)
        return code;
    again.size = tail_start(tree.size, &linked);
    again.count = (unsigned)__builtin_popcountll(again.size);
    uint64_t from = again.size;
    if (linked)
        memcpy(again.node, tree.node, (size_t)again.count * HASH_SIZE);
    else
        memset(again.node, 0, sizeof again.node);
    code = hash_rows(l, &again, tree.size, e);
    if (code)
        return code;
    merkle_root(&tree, a);
    merkle_root(&again, b);
    if (linked && memcmp(a, b, HASH_SIZE) != 0)
        return err_set(e, ERR_LOG_BROKEN,
                       _("an entry from %" PRIu64 " on has been changed"),
                       from);
    ledger_head_set(l, &tree, note);
    return ERR_OK;
}
