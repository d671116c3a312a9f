/* SPDX-License-Identifier: EUPL-1.2
 *
 * Proves, with the time told by the test: a breaker opens after so many
 * failures in a row and not before, refuses for its time, lets one question
 * try, and closes by an answer alone; an interrupted try leaves the next one
 * free. Leaves out which failures count and what a refused source becomes
 * (test_run, test_bastjanster.py).
 */
#include "config.h"

#include "ask/breaker.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

static const struct breaker_rule rule = {.after = 3, .hold_ms = 1000};

static void
fail_times(struct breaker *b, int n, int64_t now)
{
    for (int i = 0; i < n; i++) {
        assert_true(breaker_admits(b, now));
        breaker_report(b, &rule, false, now);
    }
}

static void
test_opens_after_failures_in_a_row(void **state)
{
    (void)state;
    struct breaker b = {0};
    fail_times(&b, 2, 10);
    breaker_report(&b, &rule, true, 11); /* an answer: from the beginning */
    fail_times(&b, 2, 12);
    assert_true(breaker_admits(&b, 13));
    breaker_report(&b, &rule, false, 13);
    assert_true(b.open);
    assert_false(breaker_admits(&b, 14));
    assert_false(breaker_admits(&b, 1012));
}

static void
test_one_question_tries(void **state)
{
    (void)state;
    struct breaker b = {0};
    fail_times(&b, 3, 0);
    assert_true(breaker_admits(&b, 1000));
    assert_false(breaker_admits(&b, 1000)); /* one is enough */
    assert_false(breaker_admits(&b, 9000));
    breaker_report(&b, &rule, false, 1500);
    assert_false(breaker_admits(&b, 2499)); /* the time anew */
    assert_true(breaker_admits(&b, 2500));
    breaker_report(&b, &rule, true, 2600);
    assert_false(b.open);
    assert_true(breaker_admits(&b, 2600));
    assert_true(breaker_admits(&b, 2600));
}

static void
test_an_interrupted_try_says_nothing(void **state)
{
    (void)state;
    struct breaker b = {0};
    fail_times(&b, 3, 0);
    assert_true(breaker_admits(&b, 1000));
    breaker_release(&b);
    assert_true(b.open);
    assert_true(breaker_admits(&b, 1001));
    breaker_report(&b, &rule, true, 1002);
    assert_true(breaker_admits(&b, 1003));
}

/* Ten questions at once against a source that is gone: each reports. */
static void
test_late_failures_do_not_prolong(void **state)
{
    (void)state;
    struct breaker b = {0};
    for (int i = 0; i < 10; i++)
        assert_true(breaker_admits(&b, 0));
    for (int i = 0; i < 10; i++)
        breaker_report(&b, &rule, false, i * 100);
    assert_int_equal(b.until_ms, 1200); /* by the third */
    assert_true(breaker_admits(&b, 1200));
    breaker_report(&b, &rule, true, 1201);
    assert_false(b.open);
}

static void
test_zero_never_opens(void **state)
{
    (void)state;
    static const struct breaker_rule never = {.after = 0, .hold_ms = 1000};
    struct breaker b = {0};
    for (int i = 0; i < 1000; i++) {
        assert_true(breaker_admits(&b, i));
        breaker_report(&b, &never, false, i);
    }
    assert_false(b.open);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_opens_after_failures_in_a_row),
        cmocka_unit_test(test_one_question_tries),
        cmocka_unit_test(test_an_interrupted_try_says_nothing),
        cmocka_unit_test(test_late_failures_do_not_prolong),
        cmocka_unit_test(test_zero_never_opens),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
