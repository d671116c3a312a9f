/* SPDX-License-Identifier: EUPL-1.2
 *
 * The head in memory, the tree below it, and proofs from both.
 */
#include "config.h"

#include "audit/internal.h"

#include "base/i18n.h"
#include "base/mem.h"

#include <inttypes.h>
#include <string.h>

uint64_t
ledger_size(const struct ledger *l)
{
    return l->tree.size;
}

const uint8_t *
ledger_root(const struct ledger *l)
{
    return l->root;
}

const char *
ledger_note(const struct ledger *l)
{
    return l->note;
}

const char *
ledger_origin(const struct ledger *l)
{
    return l->origin;
}

const char *
ledger_mode(const struct ledger *l)
{
    return l->mode;
}

const struct vkey *
ledger_log_vkey(const struct ledger *l)
{
    return &l->log_vkey;
}

const struct vkey *
ledger_own_vkey(const struct ledger *l)
{
    return &l->own_vkey;
}

bool
ledger_is_broken(const struct ledger *l)
{
    return store_is_broken(l->store);
}

void
ledger_head_set(struct ledger *l, const struct merkle *tree, const char *note)
{
    size_t n = strlen(note);
    l->tree = *tree;
    merkle_root(&l->tree, l->root);
    memcpy(l->note, note, n + 1);
    struct head *h = &l->heads[tree->size % HEADS];
    h->size = tree->size;
    memcpy(h->root, l->root, HASH_SIZE);
}

/* The leaf hashes [from, from + n) appended to m. */
static bool
read_hashes(struct ledger *l, uint64_t from, uint64_t n, struct merkle *m)
{
    bool row;
    size_t len;
    enum err_code code;
    merkle_init(m);
    store_bind(l->store, ST_HASH_RANGE, "ii", (int64_t)from,
               (int64_t)(from + n));
    while (!(code = store_next(l->store, ST_HASH_RANGE, &row, NULL)) && row) {
        const void *hash = store_blob(l->store, ST_HASH_RANGE, 0, &len);
        if (len == HASH_SIZE)
            merkle_append(m, hash);
    }
    return !code && m->size == n;
}

/* Tiles are made in order and kept: the log only grows. */
static bool
tile(struct ledger *l, uint64_t index, uint8_t out[HASH_SIZE])
{
    struct merkle m;
    if ((index + 1) << TILE_LEVEL > l->tree.size)
        return false;
    while (l->tiles <= index) {
        if (l->tiles == l->tile_room) {
            l->tile_room = l->tile_room ? 2 * l->tile_room : 64;
            l->tile = mem_grow(l->tile, l->tile_room, sizeof *l->tile);
        }
        if (!read_hashes(l, (uint64_t)l->tiles << TILE_LEVEL, 1u << TILE_LEVEL,
                         &m))
            return false;
        memcpy(l->tile[l->tiles++], m.node[0], HASH_SIZE);
    }
    memcpy(out, l->tile[index], HASH_SIZE);
    return true;
}

static bool
ledger_node(void *ctx, uint64_t index, unsigned level, uint8_t out[HASH_SIZE])
{
    struct ledger *l = ctx;
    struct merkle m;
    if (level == TILE_LEVEL)
        return tile(l, index, out);
    if (level > TILE_LEVEL || (index + 1) << level > l->tree.size ||
        !read_hashes(l, index << level, 1ull << level, &m))
        return false;
    memcpy(out, m.node[0], HASH_SIZE);
    return true;
}

struct merkle_source
ledger_source(struct ledger *l)
{
    return (struct merkle_source){.node = ledger_node, .ctx = l};
}

enum err_code
ledger_receipt(struct ledger *l, uint64_t seq, struct receipt *r, struct err *e)
{
    struct merkle_source src = ledger_source(l);
    if (ledger_is_broken(l))
        return err_set(e, ERR_IO, "%s", _("the log is closed after an error"));
    if (seq >= l->tree.size)
        return err_set(e, ERR_NOT_FOUND, _("there is no entry %" PRIu64), seq);
    return receipt_make(r, seq, l->note, &src, e);
}

enum err_code
ledger_consistency(struct ledger *l, uint64_t old, struct merkle_proof *p,
                   struct err *e)
{
    struct merkle_source src = ledger_source(l);
    if (ledger_is_broken(l))
        return err_set(e, ERR_IO, "%s", _("the log is closed after an error"));
    if (old > l->tree.size)
        return err_set(e, ERR_NOT_FOUND,
                       _("the log has %" PRIu64 " entries only"), l->tree.size);
    return merkle_consistency(&src, old, l->tree.size, p)
               ? ERR_OK
               : err_set(e, ERR_IO, "%s", _("the tree cannot be read"));
}
