/* SPDX-License-Identifier: EUPL-1.2
 *
 * A receipt (kvitto): this entry stands at this place in the log whose head
 * this key has signed. It can be checked by anyone who holds the log's vkey.
 */
#ifndef ENFRAGA_PROOF_RECEIPT_H
#define ENFRAGA_PROOF_RECEIPT_H

#include "base/err.h"
#include "proof/merkle.h"
#include "proof/note.h"
#include "seal/vkey.h"

#include <stdint.h>

#define RECEIPT_HOST 512

struct receipt {
    uint64_t seq;
    uint8_t leaf_hash[HASH_SIZE];
    uint64_t size; /* of the tree that the note signs */
    uint8_t root[HASH_SIZE];
    char note[NOTE_MAX]; /* NUL-terminated */
    struct merkle_proof proof;
    /* enfragad's part of the leaf, so that the author can make the leaf of its
     * own part and signature; host_len 0: not there */
    uint8_t host[RECEIPT_HOST];
    size_t host_len;
};

/* Makes a receipt of the entry seq in the tree that `note` signs (not
 * verified here). ERR_BAD_INPUT when the parts do not fit together. */
enum err_code receipt_make(struct receipt *r, uint64_t seq, const char *note,
                           const struct merkle_source *src, struct err *e);

/* Does the log key `v` vouch for the entry? ERR_SIGNATURE for the note,
 * ERR_LOG_BROKEN for the path. */
enum err_code receipt_verify(const struct receipt *r, const struct vkey *v,
                             struct err *e);

/* The same for the leaf's own bytes. */
enum err_code receipt_verify_leaf(const struct receipt *r, const void *leaf,
                                  size_t n, const struct vkey *v,
                                  struct err *e);

/* Is the entry this author part with this signature? ERR_LOG_BROKEN when the
 * leaf is another's, or enfragad's part is missing or says another number. */
enum err_code receipt_is_of(const struct receipt *r, const void *author,
                            size_t n, const uint8_t sig[KEY_SIG],
                            struct err *e);

/* The receipt as bytes for the way to the client (FORMATS.md, Receipt): TLV
 * 1 seq, 2 leaf hash, 3 note, 4 proof hashes one after the other, 5 enfragad's
 * part (optional). Size and root are the note's. decode: ERR_BAD_INPUT; nothing
 * is verified. */
enum err_code receipt_encode(struct buf *out, const struct receipt *r);
enum err_code receipt_decode(struct receipt *r, const void *p, size_t n,
                             struct err *e);

#endif
