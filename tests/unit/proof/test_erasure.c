/* SPDX-License-Identifier: EUPL-1.2
 *
 * Proves: each step of a gallring has one encoding and no other bytes are
 * taken for one; the digest is the one of doc/FORMATS.md; a carrying out is
 * allowed after two persons and its time alone, a stop of it or of all halts
 * it, and two different persons lift a stop. Leaves out: the ledger
 * (tests/faults/test_erase.c).
 */
#include "config.h"

#include "proof/erasure.h"

#include "base/tlv.h"

#include <setjmp.h>
#include <stdarg.h>
#include <string.h>

#include <cmocka.h>

static const struct entry_erasure terms = {.step = ERASURE_APPROVED,
                                           .leaves = true,
                                           .first = 3,
                                           .end = 12,
                                           .wait_days = 30,
                                           .age_days = 90,
                                           .digest = {7, 8, 9}};

/* The value of the field, as it stands in an author part. */
static size_t
encode(const struct entry_erasure *x, uint8_t out[256])
{
    AUTO_BUF(b, 512);
    erasure_put(&b, 0x19, x);
    assert_true(b.len > 5 && b.len - 5 <= 256);
    memcpy(out, b.data + 5, b.len - 5);
    return b.len - 5;
}

static struct entry_erasure
of_step(enum erasure_step step)
{
    struct entry_erasure x = {.step = step};
    if (step == ERASURE_REGISTERED) {
        x.size = 40;
        x.root[31] = 1;
    } else if (step != ERASURE_STOPPED && step != ERASURE_LIFTED) {
        x = terms;
        x.step = step;
    }
    if (step == ERASURE_DECIDED)
        memcpy(x.id, "Gb 2026:17", 11);
    if (step == ERASURE_DONE)
        x.amount = (struct erasure_amount){5, 1, 9, 4711};
    return x;
}

static void
test_one_encoding_each(void **state)
{
    static const size_t size[ERASURE_STEPS] = {0, 76, 66, 1, 98, 1, 41};
    (void)state;
    for (int step = ERASURE_DECIDED; step < ERASURE_STEPS; step++) {
        struct entry_erasure in = of_step((enum erasure_step)step), out;
        uint8_t a[256], b[256];
        size_t n = encode(&in, a);
        assert_int_equal(n, size[step]);
        assert_true(erasure_take(&out, a, n));
        assert_int_equal(encode(&out, b), n);
        assert_memory_equal(a, b, n);
        assert_memory_equal(&in.amount, &out.amount, sizeof in.amount);
        assert_string_equal(in.id, out.id);
        /* longer by a byte: only a decision's number may be */
        a[n] = 'x';
        assert_int_equal(erasure_take(&out, a, n + 1), step == ERASURE_DECIDED);
        for (size_t k = 0; k < n; k++) /* cut */
            if (step != ERASURE_DECIDED || k <= 66)
                assert_false(erasure_take(&out, a, k));
    }
}

static void
test_no_other_bytes(void **state)
{
    struct entry_erasure x = of_step(ERASURE_DECIDED), out;
    uint8_t b[256];
    size_t n = encode(&x, b);
    (void)state;
    b[0] = 0;
    assert_false(erasure_take(&out, b, n));
    b[0] = ERASURE_STEPS;
    assert_false(erasure_take(&out, b, n));
    b[0] = ERASURE_DECIDED;
    b[1] = 2; /* neither the boxes nor all */
    assert_false(erasure_take(&out, b, n));
    b[1] = 3;
    b[n - 1] = 0; /* in the number */
    assert_false(erasure_take(&out, b, n));
    b[n - 1] = '7';
    assert_true(erasure_take(&out, b, n));
    tlv_be64(b + 10, 3); /* an empty range */
    assert_false(erasure_take(&out, b, n));
    tlv_be64(b + 10, 12);
    tlv_be64(b + 18, ERASURE_DAYS_MAX + 1);
    assert_false(erasure_take(&out, b, n));
}

static void
test_digest(void **state)
{
    uint8_t sum[HASH_SIZE], want[HASH_SIZE], box[HASH_SIZE] = {1}, seq[8];
    (void)state;
    erasure_digest_start(sum);
    sha256(want, "enfraga/gallring/1", 18);
    assert_memory_equal(sum, want, HASH_SIZE);
    erasure_digest_add(sum, 258, box);
    tlv_be64(seq, 258);
    SHA256_OF(want, {want, HASH_SIZE}, {seq, sizeof seq}, {box, HASH_SIZE});
    assert_memory_equal(sum, want, HASH_SIZE);
}

enum { ANN = 1, BO = 2, EVA = 3 };

static struct erasing
step_by(enum erasure_step step, uint64_t seq, uint8_t who, uint64_t ref,
        uint64_t day)
{
    return (struct erasing){.seq = seq,
                            .time_ms = day * ERASURE_DAY_MS,
                            .has_ref = ref != 0,
                            .ref_seq = ref,
                            .person = {who},
                            .e = of_step(step)};
}

static void
test_two_persons_and_time(void **state)
{
    struct erasing all[] = {step_by(ERASURE_DECIDED, 20, ANN, 0, 100),
                            step_by(ERASURE_APPROVED, 21, BO, 20, 110)};
    struct erasing x = step_by(ERASURE_DONE, 30, ANN, 20, 140);
    uint64_t newest = 50 * (uint64_t)ERASURE_DAY_MS;
    (void)state;
    assert_int_equal(erasure_judge(all, 2, &x, newest), ERASURE_ALLOWED);
    assert_int_equal(erasure_judge(all, 1, &x, newest), ERASURE_UNDECIDED);
    x.time_ms--; /* a millisecond too early */
    assert_int_equal(erasure_judge(all, 2, &x, newest), ERASURE_EARLY);
    x.time_ms++;
    assert_int_equal(erasure_judge(all, 2, &x, newest + 1), ERASURE_EARLY);
    assert_int_equal(erasure_judge(all, 2, &x, 0), ERASURE_ALLOWED);
    assert_int_equal(erasure_earliest(&x.e, all[1].time_ms, newest),
                     140 * (uint64_t)ERASURE_DAY_MS);
    x.e.end++; /* other terms */
    assert_int_equal(erasure_judge(all, 2, &x, newest), ERASURE_UNDECIDED);
    x.e.end--;
    all[1].person[0] = ANN; /* oneself */
    assert_int_equal(erasure_judge(all, 2, &x, newest), ERASURE_UNDECIDED);
    all[1] = step_by(ERASURE_APPROVED, 31, BO, 20, 110); /* after it */
    assert_int_equal(erasure_judge(all, 2, &x, newest), ERASURE_UNDECIDED);
    all[0].seq = x.ref_seq = 11; /* the range goes beyond the decision */
    assert_int_equal(erasure_judge(all, 1, &x, newest), ERASURE_UNDECIDED);
}

static void
test_a_stop_and_its_end(void **state)
{
    struct erasing all[] = {step_by(ERASURE_DECIDED, 20, ANN, 0, 100),
                            step_by(ERASURE_APPROVED, 21, BO, 20, 100),
                            step_by(ERASURE_STOPPED, 22, BO, 20, 101),
                            step_by(ERASURE_LIFTED, 23, BO, 22, 102),
                            step_by(ERASURE_LIFTED, 24, BO, 22, 103),
                            step_by(ERASURE_LIFTED, 25, EVA, 22, 104)};
    struct erasing x = step_by(ERASURE_DONE, 30, ANN, 20, 200);
    (void)state;
    assert_int_equal(erasure_judge(all, 3, &x, 0), ERASURE_HALTED);
    assert_int_equal(erasure_judge(all, 5, &x, 0), ERASURE_HALTED);
    assert_int_equal(erasure_judge(all, 6, &x, 0), ERASURE_ALLOWED);
    /* as of entry 25 it was not lifted yet */
    assert_true(erasure_in_force(all, 6, &all[2], 25));
    assert_false(erasure_in_force(all, 6, &all[2], 26));
    assert_ptr_equal(erasure_stop(all, 5, &all[0], 30), &all[2]);
    all[2].ref_seq = 19; /* of another gallring */
    assert_int_equal(erasure_judge(all, 3, &x, 0), ERASURE_ALLOWED);
    all[2].has_ref = false; /* of every one */
    assert_int_equal(erasure_judge(all, 3, &x, 0), ERASURE_HALTED);
    assert_int_equal(erasure_judge(all, 6, &x, 0), ERASURE_ALLOWED);
    all[2].seq = 31; /* after it */
    assert_int_equal(erasure_judge(all, 3, &x, 0), ERASURE_ALLOWED);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_one_encoding_each),
        cmocka_unit_test(test_no_other_bytes),
        cmocka_unit_test(test_digest),
        cmocka_unit_test(test_two_persons_and_time),
        cmocka_unit_test(test_a_stop_and_its_end),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
