/* SPDX-License-Identifier: EUPL-1.2
 *
 * Entries that a collector has and a restored log lacks, put back (AUDIT 15):
 * checked as the collector checks, then all in one transaction.
 */
#include "config.h"

#include "audit/internal.h"
#include "audit/witness.h"

#include "base/i18n.h"
#include "proof/batch.h"

#include <stdio.h>
#include <string.h>

static int
known_signer(void *ctx, const uint8_t sha[HASH_SIZE],
             const uint8_t kid[KID_SIZE], struct batch_signer *out,
             struct err *e)
{
    static const uint8_t own[HASH_SIZE];
    struct ledger *l = ctx;
    const struct author *a;
    *out = (struct batch_signer){0};
    if (memcmp(sha, own, HASH_SIZE) == 0) {
        memcpy(out->pub, l->own_vkey.pub, KEY_RAW);
        return memcmp(kid, l->own_kid, KID_SIZE) == 0;
    }
    enum err_code code = ledger_author(l, sha, &a, e);
    if (code)
        return code == ERR_FORSAKRAN ? 0 : -1;
    out->id = a->id;
    return (!kid || memcmp(kid, a->kid, KID_SIZE) == 0) &&
           key_public_raw(a->key, out->pub);
}

static int
known_entry(void *ctx, uint64_t seq, uint8_t hash[HASH_SIZE], uint64_t *type,
            struct err *e)
{
    struct ledger *l = ctx;
    size_t n;
    enum err_code code =
        store_get(l->store, ST_ENTRY_REF, e, "i", (int64_t)seq);
    if (code)
        return code == ERR_NOT_FOUND ? 0 : -1;
    const void *p = store_blob(l->store, ST_ENTRY_REF, 0, &n);
    if (n == HASH_SIZE)
        memcpy(hash, p, n);
    *type = (uint64_t)store_int(l->store, ST_ENTRY_REF, 1);
    store_reset(l->store, ST_ENTRY_REF);
    return n == HASH_SIZE;
}

/* A day key, or recipients taken in; their enhet and names are the entry's. */
static enum err_code
put_keys(struct ledger *l, const struct batch_entry *it, struct err *e)
{
    struct entry_leaf leaf;
    struct entry_author a;
    uint8_t sha[HASH_SIZE];
    enum err_code code = entry_leaf_split(it->leaf, it->leaf_len, &leaf, e);
    if (!code)
        code = entry_author_decode(leaf.author, leaf.author_len, &a, e);
    if (!code && it->daykey.p)
        code = store_run(l->store, ST_DAY_PUT, e, "ibit", it->daykey.day,
                         it->daykey.p, it->daykey.n, (int64_t)it->seq, a.unit);
    if (!code && a.has_away && a.has_ref)
        code =
            store_run(l->store, ST_RECIPIENT_GONE, e, "bi", a.recipient[0].cert,
                      (size_t)HASH_SIZE, (int64_t)it->seq);
    for (unsigned i = 0; !code && i < it->certs; i++) {
        sha256(sha, it->cert[i].p, it->cert[i].n);
        code = store_run(l->store, ST_RECIPIENT_PUT, e, "bttbi", sha,
                         (size_t)HASH_SIZE, a.recipient[i].name, a.unit,
                         it->cert[i].p, it->cert[i].n, (int64_t)it->seq);
    }
    return code;
}

static enum err_code
put_beside(struct ledger *l, const struct batch_entry *it, struct err *e)
{
    struct store *s = l->store;
    const struct entry_kind_row *row = entry_kind_row(it->type);
    int64_t seq = (int64_t)it->seq;
    enum err_code code = ERR_OK;
    if (it->has_forsakran)
        code = store_run(s, ST_FORSAKRAN_PUT, e, "ibbbtti", it->brought.id,
                         it->sha256, (size_t)HASH_SIZE, it->forsakran.cms,
                         it->forsakran.cms_len, it->forsakran.text,
                         it->forsakran.text_len, it->forsakran.vkey,
                         it->forsakran.account, seq);
    if (!code && it->box.p)
        code = store_run(s, ST_BOX_PUT, e, "iib", seq, it->box.day, it->box.p,
                         it->box.n);
    if (!code && (it->daykey.p || it->certs))
        code = put_keys(l, it, e);
    if (!code && row->open == OPEN_OPENS)
        code = store_run(s, ST_PENDING_PUT, e, "i", seq);
    if (!code && row->open == OPEN_CLOSES)
        code = store_run(s, ST_PENDING_GONE, e, "i", it->ref);
    return code;
}

static enum err_code
put(struct ledger *l, const struct batch_entry *it, struct err *e)
{
    struct store *s = l->store;
    int64_t seq = (int64_t)it->seq;
    enum err_code code = store_run(s, ST_NONCE_PUT, e, "bi", it->nonce,
                                   (size_t)ENTRY_NONCE, seq);
    if (!code && it->ref >= 0)
        code = store_run(s, ST_ENTRY_PUT, e, "ibbiiii", seq, it->hash,
                         (size_t)HASH_SIZE, it->leaf, it->leaf_len,
                         (int64_t)it->type, it->author, it->time_ms, it->ref);
    else if (!code)
        code = store_run(s, ST_ENTRY_PUT, e, "ibbiiin", seq, it->hash,
                         (size_t)HASH_SIZE, it->leaf, it->leaf_len,
                         (int64_t)it->type, it->author, it->time_ms);
    return code ? code : put_beside(l, it, e);
}

static enum err_code
put_all(struct ledger *l, const struct batch *b, const struct merkle *tree,
        struct err *e)
{
    uint8_t packed[MERKLE_LEVELS * HASH_SIZE];
    size_t n = merkle_pack(tree, packed);
    enum err_code code = store_begin(l->store, e);
    for (size_t i = 0; !code && i < b->count; i++)
        code = put(l, &b->entry[i], e);
    if (!code)
        code = store_run(l->store, ST_STATE_PUT, e, "ib", (int64_t)tree->size,
                         packed, n);
    if (!code)
        code = store_run(l->store, ST_CHECKPOINT_KEEP, e, "it",
                         (int64_t)tree->size, b->note);
    if (!code)
        return store_commit(l->store, e);
    store_rollback(l->store);
    return code;
}

enum err_code
ledger_restore(struct ledger *l, const void *bytes, size_t n, struct err *e)
{
    struct batch b;
    struct batch_known k = {.log = &l->log_vkey,
                            .tree = l->tree,
                            .box_may_miss = true,
                            .ctx = l,
                            .signer = known_signer,
                            .entry = known_entry};
    snprintf(k.mode, sizeof k.mode, "%s", l->mode);
    enum err_code code = batch_read(&b, bytes, n, e);
    if (code)
        return code;
    if (b.old != l->tree.size || b.count == 0)
        code = err_set(e, ERR_BAD_INPUT, "%s",
                       _("the batch does not go on from where the log ends"));
    if (!code)
        code = store_get(l->store, ST_FORSAKRAN_NEXT, e, NULL);
    if (!code) {
        k.forsakringar = store_int(l->store, ST_FORSAKRAN_NEXT, 0) - 1;
        store_reset(l->store, ST_FORSAKRAN_NEXT);
        code = batch_check(&b, &k, e);
    }
    if (!code)
        code = put_all(l, &b, &k.tree, e);
    if (!code) {
        ledger_head_set(l, &k.tree, b.note);
        l->stale = true; /* recipients may have been taken in */
    }
    batch_done(&b);
    return code;
}
