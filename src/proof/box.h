/* SPDX-License-Identifier: EUPL-1.2
 *
 * A sealed box (AUDIT 8, doc/FORMATS.md "Box"): salt and payload of an entry
 * under a key of its own, and that key under the day key of the entry's unit.
 * Whoever has the day key opens it; how day keys are sealed is seal/envelope.
 */
#ifndef ENFRAGA_PROOF_BOX_H
#define ENFRAGA_PROOF_BOX_H

#include "base/buf.h"
#include "proof/entry.h"
#include "seal/aead.h"

/* 1 || wrapped key || nonce || ciphertext || tag */
#define BOX_HEAD (1 + AEAD_WRAPPED + AEAD_NONCE)
#define BOX_SEALED_MIN (BOX_HEAD + ENTRY_SALT + AEAD_TAG)
#define BOX_MAX (BOX_SEALED_MIN + ENTRY_PAYLOAD_MAX)

/* Appends the sealed box; ERR_TOO_BIG past out's ceiling. */
enum err_code box_seal(struct buf *out, struct aead *a,
                       const uint8_t day_key[AEAD_KEY], const char *origin,
                       const uint8_t commit[HASH_SIZE],
                       const uint8_t salt[ENTRY_SALT], const void *payload,
                       size_t n, struct err *e);

/* The salt (ENTRY_SALT bytes) and payload of a box of either kind, appended
 * to out; a clear one needs no key (a and day_key may be NULL then).
 * ERR_BAD_INPUT where it is no box, ERR_SIGNATURE where the day key is another
 * one or the box was changed, ERR_COMMIT where it opens to something that the
 * entry did not commit to. */
enum err_code box_open(struct buf *out, struct aead *a,
                       const uint8_t day_key[AEAD_KEY], const char *origin,
                       const uint8_t commit[HASH_SIZE], const void *box,
                       size_t n, struct err *e);

#endif
