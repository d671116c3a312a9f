/* SPDX-License-Identifier: EUPL-1.2
 *
 * Cosignatures of a checkpoint, C2SP tlog-cosignature v1 with Ed25519 (type
 * 0x04): that, as of a time, this is the largest consistent head its maker has
 * seen of the log. Who is trusted to make them is the policy's to say.
 */
#ifndef ENFRAGA_PROOF_COSIGN_H
#define ENFRAGA_PROOF_COSIGN_H

#include "base/buf.h"
#include "base/err.h"
#include "seal/key.h"
#include "seal/vkey.h"

#include <stddef.h>
#include <stdint.h>

/* Appends one signature line, newline included, by k (the key of v, a
 * cosigner's) over the note's text at that time. */
enum err_code cosign_make(struct buf *out, const char *note, size_t n,
                          const struct vkey *v, const struct key *k,
                          uint64_t time_s, struct err *e);

/* Has v cosigned the note? ERR_NOT_FOUND when its line is not there,
 * ERR_SIGNATURE when it does not hold. *time_s is what it says; may be NULL. */
enum err_code cosign_verify(const char *note, size_t n, const struct vkey *v,
                            uint64_t *time_s, struct err *e);

/* Appends to *note (a buffer with a whole note) v's line out of `lines`, an
 * answer of add-checkpoint, if it holds over that note; an older line of v's
 * goes. Lines of unknown keys are passed over. Codes as cosign_verify. */
enum err_code cosign_take(struct buf *note, const char *lines, size_t n,
                          const struct vkey *v, uint64_t *time_s,
                          struct err *e);

#endif
