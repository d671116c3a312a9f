/* SPDX-License-Identifier: EUPL-1.2 */
#include "config.h"

#include "proof/erasure.h"

#include "base/tlv.h"

#include <string.h>

enum {
    FIXED = 2 + 4 * 8 + HASH_SIZE,
    AMOUNT = 4 * 8,
    HEAD = 1 + 8 + HASH_SIZE,
    BOXES = 1,
    LEAVES = 3
};

static const char domain[] = "enfraga/gallring/1";

/* Has the step terms: a range, and what of it? */
static bool
has_terms(enum erasure_step step)
{
    return step == ERASURE_DECIDED || step == ERASURE_APPROVED ||
           step == ERASURE_DONE;
}

static size_t
put_terms(uint8_t *b, const struct entry_erasure *x)
{
    size_t id = strnlen(x->id, ERASURE_ID_MAX);
    b[1] = x->leaves ? LEAVES : BOXES;
    tlv_be64(b + 2, x->first);
    tlv_be64(b + 10, x->end);
    tlv_be64(b + 18, x->wait_days);
    tlv_be64(b + 26, x->age_days);
    memcpy(b + 34, x->digest, HASH_SIZE);
    if (x->step == ERASURE_DECIDED) {
        memcpy(b + FIXED, x->id, id);
        return FIXED + id;
    }
    if (x->step != ERASURE_DONE)
        return FIXED;
    tlv_be64(b + FIXED, x->amount.boxes);
    tlv_be64(b + FIXED + 8, x->amount.days);
    tlv_be64(b + FIXED + 16, x->amount.leaves);
    tlv_be64(b + FIXED + 24, x->amount.bytes);
    return FIXED + AMOUNT;
}

void
erasure_put(struct buf *out, uint8_t tag, const struct entry_erasure *x)
{
    uint8_t b[FIXED + ERASURE_ID_MAX] = {(uint8_t)x->step};
    size_t n = 1;
    if (has_terms(x->step)) {
        n = put_terms(b, x);
    } else if (x->step == ERASURE_REGISTERED) {
        tlv_be64(b + 1, x->size);
        memcpy(b + 9, x->root, HASH_SIZE);
        n = HEAD;
    }
    tlv_put(out, tag, b, n);
}

static bool
take_terms(struct entry_erasure *x, const uint8_t *p, size_t n)
{
    const uint8_t *rest = p + FIXED;
    if (n < FIXED || n > FIXED + ERASURE_ID_MAX ||
        (p[1] != BOXES && p[1] != LEAVES))
        return false;
    x->leaves = p[1] == LEAVES;
    x->first = tlv_rd64(p + 2);
    x->end = tlv_rd64(p + 10);
    x->wait_days = tlv_rd64(p + 18);
    x->age_days = tlv_rd64(p + 26);
    memcpy(x->digest, p + 34, HASH_SIZE);
    n -= FIXED;
    if (x->step == ERASURE_DONE) {
        if (n != AMOUNT)
            return false;
        x->amount =
            (struct erasure_amount){tlv_rd64(rest), tlv_rd64(rest + 8),
                                    tlv_rd64(rest + 16), tlv_rd64(rest + 24)};
        return true;
    }
    if ((n > 0) != (x->step == ERASURE_DECIDED) || memchr(rest, 0, n))
        return false;
    memcpy(x->id, rest, n);
    x->id[n] = '\0';
    return true;
}

bool
erasure_take(struct entry_erasure *x, const uint8_t *p, size_t n)
{
    *x = (struct entry_erasure){0};
    if (n == 0 || p[0] < ERASURE_DECIDED || p[0] >= ERASURE_STEPS)
        return false;
    x->step = (enum erasure_step)p[0];
    if (has_terms(x->step))
        return take_terms(x, p, n) && erasure_ok(x);
    if (x->step != ERASURE_REGISTERED)
        return n == 1;
    if (n != HEAD)
        return false;
    x->size = tlv_rd64(p + 1);
    memcpy(x->root, p + 9, HASH_SIZE);
    return erasure_ok(x);
}

bool
erasure_ok(const struct entry_erasure *x)
{
    if (x->step < ERASURE_DECIDED || x->step >= ERASURE_STEPS)
        return false;
    if (x->step == ERASURE_REGISTERED)
        return x->size > 0 && x->size <= INT64_MAX;
    return !has_terms(x->step) ||
           (x->first < x->end && x->end <= INT64_MAX &&
            x->wait_days <= ERASURE_DAYS_MAX &&
            x->age_days <= ERASURE_DAYS_MAX &&
            (x->step == ERASURE_DECIDED) == (x->id[0] != '\0'));
}

void
erasure_digest_start(uint8_t sum[HASH_SIZE])
{
    sha256(sum, domain, sizeof domain - 1);
}

void
erasure_digest_add(uint8_t sum[HASH_SIZE], uint64_t seq,
                   const uint8_t box[HASH_SIZE])
{
    uint8_t be[8];
    tlv_be64(be, seq);
    SHA256_OF(sum, {sum, HASH_SIZE}, {be, sizeof be}, {box, HASH_SIZE});
}

/* Do both speak of the same bytes, on the same terms? */
static bool
same(const struct entry_erasure *a, const struct entry_erasure *b)
{
    return a->leaves == b->leaves && a->first == b->first && a->end == b->end &&
           a->wait_days == b->wait_days && a->age_days == b->age_days &&
           memcmp(a->digest, b->digest, HASH_SIZE) == 0;
}

static const struct erasing *
decision_of(const struct erasing *all, size_t n, const struct erasing *x)
{
    for (size_t i = 0; i < n && x->has_ref; i++)
        if (all[i].seq == x->ref_seq && all[i].seq < x->seq &&
            all[i].e.step == ERASURE_DECIDED && same(&all[i].e, &x->e))
            return &all[i];
    return NULL;
}

const struct erasing *
erasure_approval(const struct erasing *all, size_t n, const struct erasing *d,
                 uint64_t before)
{
    for (size_t i = 0; i < n; i++)
        if (all[i].e.step == ERASURE_APPROVED && all[i].has_ref &&
            all[i].ref_seq == d->seq && all[i].seq < before &&
            same(&all[i].e, &d->e) &&
            memcmp(all[i].person, d->person, HASH_SIZE) != 0)
            return &all[i];
    return NULL;
}

const struct erasing *
erasure_about(const struct erasing *all, size_t n, uint64_t seq,
              enum erasure_step step)
{
    for (size_t i = 0; i < n; i++)
        if (all[i].e.step == step && all[i].has_ref && all[i].ref_seq == seq)
            return &all[i];
    return NULL;
}

bool
erasure_in_force(const struct erasing *all, size_t n,
                 const struct erasing *stop, uint64_t before)
{
    const struct erasing *first = NULL;
    if (stop->e.step != ERASURE_STOPPED || stop->seq >= before)
        return false;
    for (size_t i = 0; i < n; i++) {
        const struct erasing *x = &all[i];
        if (x->e.step != ERASURE_LIFTED || !x->has_ref ||
            x->ref_seq != stop->seq || x->seq <= stop->seq || x->seq >= before)
            continue;
        if (first && memcmp(first->person, x->person, HASH_SIZE) != 0)
            return false;
        if (!first)
            first = x;
    }
    return true;
}

const struct erasing *
erasure_stop(const struct erasing *all, size_t n, const struct erasing *d,
             uint64_t before)
{
    for (size_t i = 0; i < n; i++)
        if ((!all[i].has_ref || all[i].ref_seq == d->seq) &&
            erasure_in_force(all, n, &all[i], before))
            return &all[i];
    return NULL;
}

uint64_t
erasure_earliest(const struct entry_erasure *x, uint64_t approved_ms,
                 uint64_t newest_ms)
{
    uint64_t waited = approved_ms + x->wait_days * ERASURE_DAY_MS;
    uint64_t old = newest_ms ? newest_ms + x->age_days * ERASURE_DAY_MS : 0;
    return waited > old ? waited : old;
}

enum erasure_verdict
erasure_judge(const struct erasing *all, size_t n, const struct erasing *x,
              uint64_t newest_ms)
{
    const struct erasing *d = decision_of(all, n, x);
    if (!d || x->e.end > d->seq)
        return ERASURE_UNDECIDED;
    if (erasure_stop(all, n, d, x->seq))
        return ERASURE_HALTED;
    if (x->e.step == ERASURE_APPROVED)
        return memcmp(x->person, d->person, HASH_SIZE) != 0 ? ERASURE_ALLOWED
                                                            : ERASURE_UNDECIDED;
    const struct erasing *b = erasure_approval(all, n, d, x->seq);
    if (!b)
        return ERASURE_UNDECIDED;
    return x->time_ms < erasure_earliest(&x->e, b->time_ms, newest_ms)
               ? ERASURE_EARLY
               : ERASURE_ALLOWED;
}
