/* SPDX-License-Identifier: EUPL-1.2
 *
 * Proves: the published codes, numbers and state words are the ones of DESIGN
 * 4, and lists of codes are read whole or not at all. Leaves out: which state
 * when (test_zero).
 */
#include "config.h"

#include "domain/source.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static void
test_order_and_words(void **state)
{
    (void)state;
    static const char *const code[] = {"AF",  "CSN", "FK",  "PM",
                                       "SKV", "SO",  "TNS", "MIV"};
    assert_int_equal(SOURCE_COUNT, 8);
    for (int i = 0; i < SOURCE_COUNT; i++) {
        assert_string_equal(source_row(i)->code, code[i]);
        assert_int_equal(source_by_code(code[i]), i);
    }
    assert_int_equal(source_by_code("af"), SOURCE_COUNT);
    static const char *const word[] = {
        "ej_tillfragad", "vantar",       "svar",         "inga_uppgifter",
        "delsvar",       "fel",          "tidsgrans",    "saknas",
        "olasligt",      "okand_person", "otillganglig", "ej_behorig",
        "avbruten"};
    static const char symbol[] = ".:+0%!/_#?=^<";
    assert_int_equal(STATE_COUNT, 13);
    for (int i = 0; i < STATE_COUNT; i++) {
        assert_int_equal(state_by_word(word[i]), i);
        assert_int_equal(state_row(i)->symbol, symbol[i]);
        assert_int_equal(state_row(i)->whole,
                         i == STATE_SVAR || i == STATE_INGA_UPPGIFTER);
    }
    assert_int_equal(state_by_word(""), STATE_COUNT);
}

static void
test_sets(void **state)
{
    (void)state;
    source_set set = 7;
    char bad[16] = "", out[64];
    assert_true(source_set_read(&set, "MIV, AF,SO", bad));
    source_set_text(set, ' ', out);
    assert_string_equal(out, "AF SO MIV");
    assert_false(source_set_read(&set, "AF,XX", bad));
    assert_string_equal(bad, "XX");
    assert_false(source_set_read(&set, "AFAFAFAFAFAFAFAFAFAFAF", bad));
    assert_int_equal(strlen(bad), 15);
    assert_true(source_set_read(&set, "", bad));
    assert_int_equal(set, 0);
    source_set_text(0xff, ',', out);
    assert_string_equal(out, "AF,CSN,FK,PM,SKV,SO,TNS,MIV");
    assert_false(SOURCE_ASKABLE & SOURCE_BIT(SOURCE_PM));
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_order_and_words),
        cmocka_unit_test(test_sets),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
