/* SPDX-License-Identifier: EUPL-1.2
 *
 * Proves: decimal text is read to the öre or refused, a double counts only
 * where it stands for two decimals, unknown spoils a sum, kronor are rounded
 * half away from zero once. Leaves out: what is summed (test_overview).
 */
#include "config.h"

#include "domain/money.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static void
test_text_is_read_to_the_ore(void **state)
{
    (void)state;
    static const struct {
        const char *in;
        int64_t ore;
    } good[] = {{"0", 0},
                {"-123", -12300},
                {"123.4", 12340},
                {"123,45", 12345},
                {" 1690.00 ", 169000},
                {"-0.05", -5},
                {"+7", 700},
                {"1.5000", 150},
                {".5", 50},
                {"0007", 700},
                {"1000000000000", INT64_C(100000000000000)},
                {"-1000000000000.00", -INT64_C(100000000000000)}};
    for (size_t i = 0; i < sizeof good / sizeof *good; i++) {
        struct money m = MONEY_NONE;
        assert_true(money_read(&m, good[i].in));
        assert_true(m.given);
        assert_int_equal(m.ore, good[i].ore);
    }
    static const char *const bad[] = {"",
                                      " ",
                                      "-",
                                      ".",
                                      "1.234",
                                      "1e3",
                                      "1 185",
                                      "1..2",
                                      "1.2.3",
                                      "kr",
                                      "1000000000000.01",
                                      "--1",
                                      "1-",
                                      "0x10",
                                      "Infinity",
                                      "99999999999999999999"};
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        struct money m = {.ore = 77, .given = true};
        assert_false(money_read(&m, bad[i]));
        assert_int_equal(m.ore, 77);
    }
}

static void
test_double_only_with_two_decimals(void **state)
{
    (void)state;
    struct money m;
    assert_true(money_of_double(&m, 1185));
    assert_int_equal(m.ore, 118500);
    assert_true(money_of_double(&m, 0.1));
    assert_int_equal(m.ore, 10);
    assert_true(money_of_double(&m, -739.5));
    assert_int_equal(m.ore, -73950);
    assert_true(money_of_double(&m, 999999999999.99));
    assert_int_equal(m.ore, INT64_C(99999999999999));
    assert_false(money_of_double(&m, 0.125));
    assert_false(money_of_double(&m, 0.1 + 0.2)); /* not the double of 0.30 */
    assert_false(money_of_double(&m, 1e12 + 1));
    assert_false(money_of_double(&m, NAN));
    assert_false(money_of_double(&m, INFINITY));
    /* every öre up to 200 kronor, both signs, as the text would be read */
    for (int ore = -20000; ore <= 20000; ore++) {
        char text[32];
        snprintf(text, sizeof text, "%s%d.%02d", ore < 0 ? "-" : "",
                 abs(ore) / 100, abs(ore) % 100);
        assert_true(money_of_double(&m, strtod(text, NULL)));
        assert_int_equal(m.ore, ore);
    }
}

static void
test_unknown_spoils_a_sum(void **state)
{
    (void)state;
    assert_false(money_add(money_kronor(1), MONEY_NONE).given);
    assert_false(money_sub(MONEY_NONE, money_kronor(1)).given);
    assert_int_equal(money_sub(money_kronor(1), money_kronor(3)).ore, -200);
    struct money most = {.ore = INT64_MAX, .given = true};
    assert_false(money_add(most, money_kronor(1)).given);
}

static void
test_texts(void **state)
{
    (void)state;
    static const struct {
        int64_t ore;
        const char *exact, *kronor;
    } row[] = {
        {118500, "1185.00", "1 185"},
        {49, "0.49", "0"},
        {50, "0.50", "1"},
        {-49, "-0.49", "0"},
        {-50, "-0.50", "-1"},
        {-150, "-1.50", "-2"},
        {100000, "1000.00", "1 000"},
        {99949, "999.49", "999"},
        {99950, "999.50", "1 000"},
        {INT64_C(100000000000000), "1000000000000.00", "1 000 000 000 000"},
        {INT64_MIN, "-92233720368547758.08", "-92 233 720 368 547 758"}};
    for (size_t i = 0; i < sizeof row / sizeof *row; i++) {
        char exact[24], kronor[32];
        struct money m = {.ore = row[i].ore, .given = true};
        money_text(m, exact);
        money_kronor_text(m, kronor);
        assert_string_equal(exact, row[i].exact);
        assert_string_equal(kronor, row[i].kronor);
    }
    char out[32];
    money_text(MONEY_NONE, out);
    assert_string_equal(out, "");
    money_kronor_text(MONEY_NONE, out);
    assert_string_equal(out, "?");
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_text_is_read_to_the_ore),
        cmocka_unit_test(test_double_only_with_two_decimals),
        cmocka_unit_test(test_unknown_spoils_a_sum),
        cmocka_unit_test(test_texts),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
