/* SPDX-License-Identifier: EUPL-1.2 */
#include "config.h"

#include "proof/receipt.h"

#include "base/tlv.h"

#include <string.h>

enum { TAG_SEQ = 1, TAG_LEAF, TAG_NOTE, TAG_PROOF, TAG_HOST };

enum err_code
receipt_encode(struct buf *out, const struct receipt *r)
{
    tlv_put_u64(out, TAG_SEQ, r->seq);
    tlv_put(out, TAG_LEAF, r->leaf_hash, HASH_SIZE);
    tlv_put_str(out, TAG_NOTE, r->note);
    tlv_put(out, TAG_PROOF, r->proof.hash, (size_t)r->proof.count * HASH_SIZE);
    if (r->host_len)
        tlv_put(out, TAG_HOST, r->host, r->host_len);
    return out->full ? ERR_TOO_BIG : ERR_OK;
}

/* One field into r; false when it does not fit. */
static bool
take(struct receipt *r, const struct tlv *t)
{
    switch (t->tag) {
    case TAG_SEQ:
        return tlv_u64(t, &r->seq);
    case TAG_LEAF:
        if (t->len != HASH_SIZE)
            return false;
        memcpy(r->leaf_hash, t->value, HASH_SIZE);
        return true;
    case TAG_NOTE:
        if (t->len >= sizeof r->note || memchr(t->value, 0, t->len))
            return false;
        memcpy(r->note, t->value, t->len);
        return true;
    case TAG_PROOF:
        if (t->len % HASH_SIZE || t->len > sizeof r->proof.hash)
            return false;
        r->proof.count = (unsigned)(t->len / HASH_SIZE);
        memcpy(r->proof.hash, t->value, t->len);
        return true;
    case TAG_HOST:
        if (t->len == 0 || t->len > sizeof r->host)
            return false;
        r->host_len = t->len;
        memcpy(r->host, t->value, t->len);
        return true;
    default:
        return false;
    }
}

enum err_code
receipt_decode(struct receipt *r, const void *p, size_t n, struct err *e)
{
    memset(r, 0, sizeof *r);
    struct tlv_reader in = {.p = p, .left = n};
    struct tlv t;
    int got, seen = 0;
    while ((got = tlv_next(&in, &t)) > 0 && take(r, &t))
        seen++;
    struct checkpoint c;
    if (got != 0 || seen != TAG_PROOF + (r->host_len != 0) ||
        note_parse(r->note, strlen(r->note), &c, NULL))
        return err_set(e, ERR_BAD_INPUT, "the receipt cannot be read");
    r->size = c.size;
    memcpy(r->root, c.root, HASH_SIZE);
    return ERR_OK;
}
