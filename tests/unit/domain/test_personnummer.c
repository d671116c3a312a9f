/* SPDX-License-Identifier: EUPL-1.2
 *
 * Proves: what is typed becomes twelve digits or a reason, the century comes
 * from a sign or the whole year and never from a guess, samordningsnummer and
 * test numbers are told apart, and no reason holds the number. Leaves out:
 * whether such a person exists.
 */
#include "config.h"

#include "domain/personnummer.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static const struct date today = {2026, 11, 24};

static void
reads_as(const char *typed, const char *digits)
{
    struct personnummer p = {""};
    struct err e = {0};
    assert_int_equal(personnummer_read(&p, typed, today, &e), ERR_OK);
    assert_string_equal(p.digits, digits);
}

static void
refuses(const char *typed)
{
    struct personnummer p = {""};
    struct err e = {0};
    assert_int_equal(personnummer_read(&p, typed, today, &e), ERR_PERSONNUMMER);
    assert_string_equal(p.digits, "");
    assert_true(e.text[0]);
    size_t run = 0; /* no birth date and no number in the reason */
    for (const char *s = e.text; *s; s++) {
        run = *s >= '0' && *s <= '9' ? run + 1 : 0;
        assert_true(run <= 4);
    }
}

static void
test_typed_forms(void **state)
{
    (void)state;
    reads_as("198503129804", "198503129804");
    reads_as("19850312-9804", "198503129804");
    reads_as("850312-9804", "198503129804");
    reads_as(" 19 85 03 12 98 04\n", "198503129804");
    reads_as("850312\xe2\x80\x93"
             "9804",
             "198503129804");
    reads_as("197407029284", "197407029284");
    static const char *const bad[] = {"",
                                      "19850312980",
                                      "1985031298045",
                                      "198503129805", /* check digit */
                                      "198502309804", /* no such day */
                                      "850312-98O4",  /* letter O */
                                      "8503129804",   /* no century */
                                      "85031298-04",
                                      "850312--9804",
                                      "00000000000000000000000000000000",
                                      "199001011234"};
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
        refuses(bad[i]);
}

static void
test_sign_is_the_century(void **state)
{
    (void)state;
    /* 18 §: "+" from the calendar year in which the person turns 100 */
    reads_as("701063-2391", "197010632391");
    reads_as("850312+9804", "188503129804");
    reads_as("170101-2393", "201701012393");
    struct personnummer p;
    struct err e = {0};
    /* 261231 with "-" would be born after today; with "+" in 1926 */
    const char *late = NULL;
    char digits[16] = "261231-9800";
    for (char c = '0'; c <= '9' && !late; c++) {
        char twelve[13] = "192612319800";
        digits[10] = twelve[11] = c;
        if (personnummer_ok(twelve))
            late = digits;
    }
    assert_non_null(late);
    assert_int_equal(personnummer_read(&p, late, today, &e), ERR_PERSONNUMMER);
    digits[6] = '+';
    assert_int_equal(personnummer_read(&p, late, today, &e), ERR_OK);
    assert_memory_equal(p.digits, "1926", 4);
    /* without a sign both readings are named */
    assert_int_equal(personnummer_read(&p, "8503129804", today, &e),
                     ERR_PERSONNUMMER);
    assert_non_null(strstr(e.text, "1985"));
    assert_non_null(strstr(e.text, "1885"));
}

static void
test_kinds_of_numbers(void **state)
{
    (void)state;
    struct personnummer sam = {"197010632391"}, test = {"198503129804"},
                        other = {"197407029284"}, none = {""};
    assert_true(personnummer_ok(sam.digits));
    assert_true(personnummer_samordning(&sam));
    assert_false(personnummer_samordning(&test));
    assert_true(personnummer_test(&test));
    assert_false(personnummer_test(&other));
    assert_false(personnummer_test(&none));
    assert_false(personnummer_ok("197010602391"));
    assert_false(personnummer_ok("19701063239"));
    assert_false(personnummer_same(&none, &none));
    assert_true(personnummer_same(&sam, &sam));
    struct date d = personnummer_date(&sam);
    assert_int_equal(d.day, 3);
    assert_int_equal(personnummer_age(&sam, (struct date){2026, 10, 2}), 55);
    assert_int_equal(personnummer_age(&sam, (struct date){2026, 10, 3}), 56);
    assert_true(personnummer_is_csn(&test, "19", "8503129804"));
    assert_true(personnummer_is_csn(&test, "  ", "8503129804"));
    assert_true(personnummer_is_csn(&test, NULL, "8503129804"));
    assert_false(personnummer_is_csn(&test, "20", "8503129804"));
    assert_false(personnummer_is_csn(&test, "19", "8503129805"));
    assert_false(personnummer_is_csn(&none, "", ""));
}

static void
test_orgnr(void **state)
{
    (void)state;
    char out[13];
    struct err e = {0};
    assert_int_equal(orgnr_read(out, "162120002411", &e), ERR_OK);
    assert_string_equal(out, "162120002411");
    assert_int_equal(orgnr_read(out, "212000-2411", &e), ERR_OK);
    assert_string_equal(out, "162120002411");
    assert_int_equal(orgnr_read(out, "162120000001", &e), ERR_OK);
    static const char *const bad[] = {"",
                                      "2120002412",
                                      "8503129804",
                                      "21200024111",
                                      "16212000241",
                                      "1621200024112",
                                      "212000x411"};
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
        assert_int_equal(orgnr_read(out, bad[i], &e), ERR_BAD_INPUT);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_typed_forms),
        cmocka_unit_test(test_sign_is_the_century),
        cmocka_unit_test(test_kinds_of_numbers),
        cmocka_unit_test(test_orgnr),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
