/* SPDX-License-Identifier: EUPL-1.2
 *
 * The body of C2SP tlog-witness add-checkpoint: "old N", the lines of a
 * consistency proof, an empty line, a checkpoint. Both ends, and what a
 * witness must say of one. What the witness remembers is for those who call.
 */
#ifndef ENFRAGA_PROOF_SUBMISSION_H
#define ENFRAGA_PROOF_SUBMISSION_H

#include "base/buf.h"
#include "base/err.h"
#include "proof/merkle.h"
#include "proof/note.h"

#include <stddef.h>
#include <stdint.h>

#define SUBMISSION_MAX (16 << 10) /* bytes of a body */
#define SUBMISSION_PROOF 63       /* lines of a proof */

struct submission {
    uint64_t old;
    struct merkle_proof proof;
    const char *note; /* borrowed from the body; not terminated */
    size_t note_len;
    struct checkpoint c; /* what the note says, nothing verified */
};

/* ERR_BAD_INPUT (400) for what is not such a body in every byte. */
enum err_code submission_read(struct submission *s, const void *p, size_t n,
                              struct err *e);

/* Appends the body. ERR_TOO_BIG past the buffer's ceiling. */
enum err_code submission_write(struct buf *out, uint64_t old,
                               const struct merkle_proof *proof,
                               const char *note, size_t n, struct err *e);

/* What the witness last cosigned of a log; size 0: nothing yet. */
struct witnessed {
    uint64_t size;
    uint8_t root[HASH_SIZE];
};

/* The rules of tlog-witness for a log it knows, in their order: 200 it may be
 * cosigned, 403, 400, 409, 422 with the reason in *e. */
int submission_judge(const struct submission *s, const struct vkey *log,
                     const struct witnessed *last, struct err *e);

#endif
