/* SPDX-License-Identifier: EUPL-1.2
 *
 * One entry's proof (bevis) that can be handed to the one it concerns: the
 * leaf, the way to a signed head, the keys, and the payload with its salt
 * where it is disclosed (doc/FORMATS.md, "Proof of one entry"). It is checked
 * without the log and without enfragad.
 */
#ifndef ENFRAGA_PROOF_BEVIS_H
#define ENFRAGA_PROOF_BEVIS_H

#include "base/buf.h"
#include "base/err.h"
#include "proof/entry.h"
#include "proof/receipt.h"
#include "seal/vkey.h"

#include <stdbool.h>
#include <stddef.h>

enum { BEVIS_MAX = 64 << 10, BEVIS_WITNESSES = 8 };

/* Borrowed from the bytes that were decoded, where it is a pointer. */
struct bevis {
    struct receipt receipt;
    const uint8_t *leaf;
    size_t leaf_len;
    struct vkey log_key;
    struct vkey witness[BEVIS_WITNESSES]; /* each has cosigned the head */
    unsigned witnesses;
    bool has_payload;
    const uint8_t *salt; /* ENTRY_SALT bytes */
    const uint8_t *payload;
    size_t payload_len;
    bool has_author;
    struct vkey author; /* the key that signed the entry */
};

/* Fields 01 to 04 and 07; a payload is put in by bevis_disclose. */
enum err_code bevis_encode(struct buf *out, const struct bevis *b,
                           struct err *e);

/* Fills *b; nothing is judged. ERR_BAD_INPUT. */
enum err_code bevis_decode(struct bevis *b, const void *p, size_t n,
                           struct err *e);

/* `box` is an opened box (00, salt, payload): *out gets the proof with its
 * payload. ERR_COMMIT when the entry has not committed to it. */
enum err_code bevis_disclose(struct buf *out, const struct bevis *b,
                             const void *box, size_t n, struct err *e);

/* Is everything so, each witness's cosignature with it? `pinned` is the log's
 * key as it is known from elsewhere; NULL: the proof's own word. The decoded
 * entry comes in *a and *h. ERR_SIGNATURE, ERR_LOG_BROKEN, ERR_COMMIT,
 * ERR_BAD_INPUT. */
enum err_code bevis_check(const struct bevis *b, const struct vkey *pinned,
                          struct entry_author *a, struct entry_host *h,
                          struct err *e);

/* Between lines of its own in a text, in base64; read: the first such block,
 * ERR_BAD_INPUT where there is none. */
void bevis_armor(struct buf *out, const void *p, size_t n);
enum err_code bevis_unarmor(struct buf *out, const char *text, struct err *e);

#endif
