/* SPDX-License-Identifier: EUPL-1.2
 *
 * Proves: the simulated Skatteverket says in v11, part by part, what it says
 * in v10, as read by the very reader that enfragad uses. Leaves out: schemas
 * (test_contract), and what near misses become (wire's test_skv_parts).
 */
#include "config.h"

#include "ask.h"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

#define TODAY ((struct date){2026, 11, 24})

/* v11's SKV: every person has in v11 what the same person has in v10, part by
 * part, and no part comes that was not asked for. */
static void
test_parts_of_skv(void **state)
{
    (void)state;
    int with = 0;
    for (int i = 0; i < CAST_COUNT; i++) {
        struct question v10 =
            question_of(cast_person((enum cast_id)i)->number, "EK-1");
        struct question v11 = v10;
        question_set(&v11, KONTRAKT_V11);
        struct answer *a = answer_new(&v10), *b = answer_new(&v11);
        ask_into(a, &v10, SOURCE_SKV, FAULT_NONE, "", TODAY);
        ask_into(b, &v11, SOURCE_SKV, FAULT_NONE, "", TODAY);
        const struct source_answer *x = &a->of[SOURCE_SKV],
                                   *y = &b->of[SOURCE_SKV];
        assert_int_equal(x->state, y->state);
        assert_string_equal(y->kontrakt, "v11");
        assert_null(y->remarks);
        with += y->state == STATE_SVAR;
        answer_free(&a);
        answer_free(&b);
        b = answer_new(&v11);
        ask_into(b, &v11, SOURCE_SKV, FAULT_PARTIAL, "", TODAY);
        assert_int_equal(b->of[SOURCE_SKV].state, STATE_DELSVAR);
        assert_string_equal(b->of[SOURCE_SKV].missing->kod,
                            "foretagsinformation");
        answer_free(&b);
        v11.skv = SKV_BIT(SKV_SKATTEKONTO);
        b = answer_new(&v11);
        ask_into(b, &v11, SOURCE_SKV, FAULT_NONE, "", TODAY);
        assert_false(b->of[SOURCE_SKV].state == STATE_SVAR);
        assert_null(b->of[SOURCE_SKV].remarks);
        answer_free(&b);
    }
    assert_true(with > 3);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_parts_of_skv),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
