/* SPDX-License-Identifier: EUPL-1.2
 *
 * Proves: both tables of codes are sorted, so that a lookup halves them; every
 * row is found by its own key; a code that means different things in two
 * benefits is told apart by the member, and has no words where the member is
 * not known. Leaves out: that each code of the contract has words
 * (tests/contract/count_fields.py).
 */
#include "config.h"

#include "domain/answer.h"
#include "domain/code.h"

#include <setjmp.h>
#include <stdarg.h>
#include <string.h>

#include <cmocka.h>

static void
test_tables_are_sorted(void **state)
{
    (void)state;
    size_t n;
    const struct code *c = code_rows(&n);
    assert_true(n > 200);
    for (size_t i = 1; i < n; i++) {
        int d = strcmp(c[i - 1].field, c[i].field);
        d = d ? d : strcmp(c[i - 1].code, c[i].code);
        d = d ? d : strcmp(c[i - 1].member, c[i].member);
        if (d >= 0)
            fail_msg("%s %s %s", c[i].field, c[i].code, c[i].member);
    }
    const struct deduction *k = deduction_rows(&n);
    assert_true(n > 30);
    for (size_t i = 1; i < n; i++)
        if (strcmp(k[i - 1].kod, k[i].kod) >= 0)
            fail_msg("%s", k[i].kod);
}

static void
test_each_row_is_found(void **state)
{
    (void)state;
    size_t n;
    const struct code *c = code_rows(&n);
    for (size_t i = 0; i < n; i++) {
        assert_true(*c[i].words);
        assert_string_equal(code_words(c[i].member, c[i].field, c[i].code),
                            c[i].words);
    }
    const struct deduction *k = deduction_rows(&n);
    for (size_t i = 0; i < n; i++) {
        assert_ptr_equal(deduction_by_code(k[i].kod), &k[i]);
        assert_string_equal(code_words(NULL, "beloppstyp", k[i].kod),
                            k[i].namn);
    }
}

static void
test_the_member_decides(void **state)
{
    (void)state;
    static const char omv[] = "omvardnadsbidragsarende";
    static const char mek[] = "merkostnadsersattningsarende";
    assert_string_equal(code_words(omv, "beslutsutfall", "5"), "avvisat");
    assert_string_equal(code_words(mek, "beslutsutfall", "5"), "avslag");
    assert_null(code_words(NULL, "beslutsutfall", "5"));
    assert_null(code_words("sjukpenningarende", "beslutsutfall", "5"));
    assert_string_equal(code_words("underhallsstodsmottag", "ersattning", "1"),
                        code_words("underhallsstodskrav", "ersattning", "1"));
    assert_string_equal(code_words(omv, "periodicitet", "1"), "månad");
    assert_string_equal(code_words(NULL, "civilstand", "5"), "skild");
    assert_null(code_words(NULL, "civilstand", "8"));
    assert_null(code_words(NULL, "civilstand", NULL));
    assert_null(code_words(NULL, "land", "INF"));
    assert_int_equal(deduction_by_code("SOC")->mark, MARK_SOCIALAVDRAG);
    assert_true(deduction_by_code("PM:SST")->tax);
    assert_null(deduction_by_code("SJP"));
    assert_null(deduction_by_code(NULL));
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_tables_are_sorted),
        cmocka_unit_test(test_each_row_is_found),
        cmocka_unit_test(test_the_member_decides),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
