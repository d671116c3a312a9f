/* SPDX-License-Identifier: EUPL-1.2
 *
 * Gallring (AUDIT 12) as the log has it: a decision over a range of entries, a
 * second person's approval, perhaps a stop, which two persons lift, and the
 * carrying out. What an entry of type gallring says, and whether a carrying
 * out was allowed; the ledger asks before it erases, the verifier asks again.
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
    ERASURE_STOPPED,    /* of the decision referred to; of none: of all */
    ERASURE_DONE,       /* may be erased now */
    ERASURE_LIFTED,     /* one person's word that a stop may end */
    ERASURE_REGISTERED, /* a head that counts it stands on paper elsewhere */
    ERASURE_STEPS
};

enum {
    ERASURE_ID_MAX = 63,
    ERASURE_DAY_MS = 86400000,
    ERASURE_DAYS_MAX = 36500,
    ERASURE_WAIT_LEAST = 30 /* days, in skarp */
};

/* What there was to erase when it was carried out. */
struct erasure_amount {
    uint64_t boxes, days, leaves, bytes;
};

/* id is the decision's alone, amount a carrying out's, size and root those of
 * a registered head. A stop, and the lifting of one, has its step alone. */
struct entry_erasure {
    enum erasure_step step;
    bool leaves;         /* the entries' own bytes too, not their boxes alone */
    uint64_t first, end; /* entries first to end - 1 */
    uint64_t wait_days;  /* between approval and carrying out */
    uint64_t age_days;   /* of the newest of them when it is carried out */
    uint8_t digest[HASH_SIZE];   /* erasure_digest over their boxes */
    char id[ERASURE_ID_MAX + 1]; /* the decision's number */
    struct erasure_amount amount;
    uint64_t size;
    uint8_t root[HASH_SIZE];
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

/* Is the stop in force just before entry `before`: not lifted by two? */
bool erasure_in_force(const struct erasing *all, size_t n,
                      const struct erasing *stop, uint64_t before);

/* The stop in force that halts decision d, or NULL. */
const struct erasing *erasure_stop(const struct erasing *all, size_t n,
                                   const struct erasing *d, uint64_t before);

/* The approval of decision d by another person, or NULL. */
const struct erasing *erasure_approval(const struct erasing *all, size_t n,
                                       const struct erasing *d,
                                       uint64_t before);

/* The first step of that kind about entry seq, or NULL. */
const struct erasing *erasure_about(const struct erasing *all, size_t n,
                                    uint64_t seq, enum erasure_step step);

/* When it may be carried out at the earliest, ms; newest_ms as below. */
uint64_t erasure_earliest(const struct entry_erasure *x, uint64_t approved_ms,
                          uint64_t newest_ms);

/* May x (approved or carried out) stand, after the n others (rising)?
 * newest_ms is the log time of the newest entry of the range, 0: not known. */
enum erasure_verdict erasure_judge(const struct erasing *all, size_t n,
                                   const struct erasing *x, uint64_t newest_ms);

#endif
