/* SPDX-License-Identifier: EUPL-1.2 */
#include "config.h"

#include "proof/erasure.h"

#include "base/tlv.h"

#include <string.h>

enum { FIXED = 2 + 4 * 8 + HASH_SIZE, BOXES = 1, LEAVES = 3 };

static const char domain[] = "enfraga/gallring/1";

void
erasure_put(struct buf *out, uint8_t tag, const struct entry_erasure *x)
{
    uint8_t b[FIXED + ERASURE_ID_MAX] = {(uint8_t)x->step};
    size_t n = 1;
    if (x->step != ERASURE_STOPPED) {
        b[1] = x->leaves ? LEAVES : BOXES;
        tlv_be64(b + 2, x->first);
        tlv_be64(b + 10, x->end);
        tlv_be64(b + 18, x->wait_days);
        tlv_be64(b + 26, x->age_days);
        memcpy(b + 34, x->digest, HASH_SIZE);
        n = FIXED;
    }
    if (x->step == ERASURE_DECIDED) {
        size_t id = strnlen(x->id, ERASURE_ID_MAX);
        memcpy(b + n, x->id, id);
        n += id;
    }
    tlv_put(out, tag, b, n);
}

bool
erasure_take(struct entry_erasure *x, const uint8_t *p, size_t n)
{
    if (n == 0 || p[0] < ERASURE_DECIDED || p[0] > ERASURE_DONE)
        return false;
    x->step = (enum erasure_step)p[0];
    if (x->step == ERASURE_STOPPED)
        return n == 1;
    if (n < FIXED || n > FIXED + ERASURE_ID_MAX ||
        (p[1] != BOXES && p[1] != LEAVES) || memchr(p + FIXED, 0, n - FIXED) ||
        (n > FIXED) != (x->step == ERASURE_DECIDED))
        return false;
    x->leaves = p[1] == LEAVES;
    x->first = tlv_rd64(p + 2);
    x->end = tlv_rd64(p + 10);
    x->wait_days = tlv_rd64(p + 18);
    x->age_days = tlv_rd64(p + 26);
    memcpy(x->digest, p + 34, HASH_SIZE);
    memcpy(x->id, p + FIXED, n - FIXED);
    x->id[n - FIXED] = '\0';
    return erasure_ok(x);
}

bool
erasure_ok(const struct entry_erasure *x)
{
    return x->step == ERASURE_STOPPED ||
           (x->step >= ERASURE_DECIDED && x->step <= ERASURE_DONE &&
            x->first < x->end && x->end <= INT64_MAX &&
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

/* The approval by another person than the one who decided. */
static const struct erasing *
approval_of(const struct erasing *all, size_t n, const struct erasing *d,
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

static bool
is_stopped(const struct erasing *all, size_t n, const struct erasing *d,
           uint64_t before)
{
    for (size_t i = 0; i < n; i++)
        if (all[i].e.step == ERASURE_STOPPED && all[i].has_ref &&
            all[i].ref_seq == d->seq && all[i].seq < before)
            return true;
    return false;
}

enum erasure_verdict
erasure_judge(const struct erasing *all, size_t n, const struct erasing *x,
              uint64_t newest_ms)
{
    const struct erasing *d = decision_of(all, n, x);
    if (!d || x->e.end > d->seq)
        return ERASURE_UNDECIDED;
    if (is_stopped(all, n, d, x->seq))
        return ERASURE_HALTED;
    if (x->e.step == ERASURE_APPROVED)
        return memcmp(x->person, d->person, HASH_SIZE) != 0 ? ERASURE_ALLOWED
                                                            : ERASURE_UNDECIDED;
    const struct erasing *b = approval_of(all, n, d, x->seq);
    if (!b)
        return ERASURE_UNDECIDED;
    uint64_t from = b->time_ms + x->e.wait_days * ERASURE_DAY_MS;
    uint64_t old = newest_ms + x->e.age_days * ERASURE_DAY_MS;
    return x->time_ms < from || (newest_ms && x->time_ms < old)
               ? ERASURE_EARLY
               : ERASURE_ALLOWED;
}
