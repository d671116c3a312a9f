/* SPDX-License-Identifier: EUPL-1.2 */
#include "config.h"

#include "proof/receipt.h"

#include "proof/entry.h"

#include <string.h>

enum err_code
receipt_make(struct receipt *r, uint64_t seq, const char *note,
             const struct merkle_source *src, struct err *e)
{
    struct checkpoint c;
    size_t n = strlen(note);
    enum err_code code = note_parse(note, n, &c, e);
    if (code)
        return code;
    r->seq = seq;
    r->size = c.size;
    memcpy(r->root, c.root, HASH_SIZE);
    memcpy(r->note, note, n + 1);
    if (!src->node(src->ctx, seq, 0, r->leaf_hash) ||
        !merkle_inclusion(src, seq, c.size, &r->proof))
        return err_set(e, ERR_BAD_INPUT, "the entry is not in the head");
    return ERR_OK;
}

enum err_code
receipt_verify(const struct receipt *r, const struct vkey *v, struct err *e)
{
    struct checkpoint c;
    size_t n = strnlen(r->note, NOTE_MAX);
    if (n == NOTE_MAX)
        return err_set(e, ERR_BAD_INPUT, "not a signed checkpoint");
    enum err_code code = note_verify(r->note, n, v, &c, e);
    if (code)
        return code;
    if (c.size != r->size || memcmp(c.root, r->root, HASH_SIZE) != 0 ||
        !merkle_inclusion_holds(r->seq, r->size, r->leaf_hash, r->root,
                                &r->proof))
        return err_set(e, ERR_LOG_BROKEN, "the path does not lead to the head");
    return ERR_OK;
}

enum err_code
receipt_verify_leaf(const struct receipt *r, const void *leaf, size_t n,
                    const struct vkey *v, struct err *e)
{
    uint8_t h[HASH_SIZE];
    entry_leaf_hash(h, leaf, n);
    if (memcmp(h, r->leaf_hash, HASH_SIZE) != 0)
        return err_set(e, ERR_LOG_BROKEN, "the receipt is for another entry");
    return receipt_verify(r, v, e);
}

enum err_code
receipt_is_of(const struct receipt *r, const void *author, size_t n,
              const uint8_t sig[KEY_SIG], struct err *e)
{
    AUTO_BUF(leaf, ENTRY_LEAF_MAX);
    struct entry_host h;
    uint8_t hash[HASH_SIZE];
    enum err_code code = entry_host_decode(r->host, r->host_len, &h, e);
    if (!code)
        code = entry_leaf_encode(&leaf, author, n, sig, &h, e);
    if (code)
        return err_add(e, ERR_LOG_BROKEN, "the receipt");
    entry_leaf_hash(hash, leaf.data, leaf.len);
    if (h.seq != r->seq || memcmp(hash, r->leaf_hash, HASH_SIZE) != 0)
        return err_set(e, ERR_LOG_BROKEN, "the receipt is for another entry");
    return ERR_OK;
}
