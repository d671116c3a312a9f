/* SPDX-License-Identifier: EUPL-1.2
 *
 * Gallring (AUDIT 12) as the log has it: a decision over a range of entries, a
 * second person's approval, perhaps a stop, and the carrying out. What an
 * entry of type gallring says, and whether a carrying out was allowed; the
 * ledger asks before it erases, the verifier asks again.
 */
#ifndef ENFRAGA_PROOF_ERASURE_H
#define ENFRAGA_PROOF_ERASURE_H

#include "base/buf.h"
#include "seal/hash.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum erasure_step {
    ERASURE_DECIDED = 1,
    ERASURE_APPROVED,
    ERASURE_STOPPED,
    ERASURE_DONE
};

enum {
    ERASURE_ID_MAX = 63,
    ERASURE_DAY_MS = 86400000,
    ERASURE_DAYS_MAX = 36500,
    ERASURE_WAIT_LEAST = 30 /* days, in skarp */
};

/* A stop has its step alone; id is the decision's alone. */
struct entry_erasure {
    enum erasure_step step;
    bool leaves;         /* the entries' own bytes too, not their boxes alone */
    uint64_t first, end; /* entries first to end - 1 */
    uint64_t wait_days;  /* between approval and carrying out */
    uint64_t age_days;   /* of the newest of them when it is carried out */
    uint8_t digest[HASH_SIZE];   /* erasure_digest over their boxes */
    char id[ERASURE_ID_MAX + 1]; /* the decision's number */
};

void erasure_put(struct buf *out, uint8_t tag, const struct entry_erasure *x);
/* false: not canonical. The id's text is judged by the caller. */
bool erasure_take(struct entry_erasure *x, const uint8_t *p, size_t n);
bool erasure_ok(const struct entry_erasure *x);

/* SHA-256 over "enfraga/gallring/1", then for each entry of the range that has
 * a box, rising: its number (8 bytes, big endian) and its box_sha256. The sum
 * so far is folded with each, so that it needs no list. */
void erasure_digest_start(uint8_t sum[HASH_SIZE]);
void erasure_digest_add(uint8_t sum[HASH_SIZE], uint64_t seq,
                        const uint8_t box[HASH_SIZE]);

/* An entry of type gallring among the others. */
struct erasing {
    uint64_t seq, time_ms, ref_seq;
    bool has_ref;
    uint8_t person[HASH_SIZE]; /* who: a hash of the account */
    struct entry_erasure e;
};

enum erasure_verdict {
    ERASURE_ALLOWED,
    ERASURE_UNDECIDED, /* no decision over that range, or not by two */
    ERASURE_HALTED,
    ERASURE_EARLY
};

/* May x (approved or carried out) stand, after the n others (rising)?
 * newest_ms is the log time of the newest entry of the range, 0: not known. */
enum erasure_verdict erasure_judge(const struct erasing *all, size_t n,
                                   const struct erasing *x, uint64_t newest_ms);

#endif
