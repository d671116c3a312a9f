/* SPDX-License-Identifier: EUPL-1.2
 *
 * Proves: dates as XML, CSN and ISO weeks write them, day numbers over four
 * centuries against plain counting, application periods, the two-year limit
 * and what --period takes. Leaves out: the clock behind date_today.
 */
#include "config.h"

#include "domain/period.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static void
same_date(struct date d, const char *text)
{
    char out[11];
    date_text(d, out);
    assert_string_equal(out, text);
}

static struct date
day(const char *text)
{
    struct date d;
    assert_true(date_read(&d, text));
    return d;
}

static void
test_dates_are_read(void **state)
{
    (void)state;
    static const char *const good[] = {"2026-11-24",
                                       "2026-11-24+01:00",
                                       "2026-11-24Z",
                                       "2026-11-24T23:59:59Z",
                                       " 2026-11-24\n",
                                       "2026-11-24-05:00",
                                       "2026-11-24T10:00:00.123+02:00"};
    for (size_t i = 0; i < sizeof good / sizeof *good; i++)
        same_date(day(good[i]), "2026-11-24");
    same_date(day("2024-02-29"), "2024-02-29");
    same_date(day("0001-01-01"), "0001-01-01");
    static const char *const bad[] = {
        "",           "2026",        "2026-11",          "2026-13-01",
        "2023-02-29", "1900-02-29",  "2026-11-31",       "0000-01-01",
        "2026-11-2",  "2026-11-24x", "2026-11-24+1",     "2026-11-24T",
        "20261124",   "2026-00-10",  "2026-11-24+01:00x"};
    struct date d;
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
        assert_false(date_read(&d, bad[i]));
}

static void
test_csn_dates_and_weeks(void **state)
{
    (void)state;
    struct date d = day("2020-01-01");
    assert_true(date_read_csn(&d, "20261223"));
    same_date(d, "2026-12-23");
    assert_true(date_read_csn(&d, "0"));
    assert_true(date_none(d));
    assert_true(date_read_csn(&d, "        "));
    assert_true(date_none(d));
    assert_false(date_read_csn(&d, "20261323"));
    assert_false(date_read_csn(&d, "2026122"));
    assert_false(date_read_csn(&d, "2026-12-23"));
    /* ISO 8601's own corner cases */
    static const char *const week[][2] = {
        {"202635", "2026-08-24"}, {"202601", "2025-12-29"},
        {"202653", "2026-12-28"}, {"200901", "2008-12-29"},
        {"200953", "2009-12-28"}, {"202001", "2019-12-30"},
        {"202053", "2020-12-28"}, {"200852", "2008-12-22"}};
    for (size_t i = 0; i < sizeof week / sizeof *week; i++) {
        assert_true(date_read_week(&d, week[i][0]));
        same_date(d, week[i][1]);
    }
    assert_false(date_read_week(&d, "202553")); /* 2025 has 52 weeks */
    assert_false(date_read_week(&d, "202600"));
    assert_false(date_read_week(&d, "202654"));
    assert_false(date_read_week(&d, "2026"));
    assert_false(date_read_week(&d, "2026351"));
}

static void
test_days_count(void **state)
{
    (void)state;
    assert_int_equal(date_days(day("1970-01-01")), 0);
    assert_int_equal(date_days(day("2000-03-01")), 11017);
    assert_int_equal(date_days(day("0001-01-01")), -719162);
    assert_int_equal(date_days(day("9999-12-31")), 2932896);
    struct date d = {1799, 12, 31};
    for (int64_t n = date_days(d); d.year < 2201; n++) {
        assert_int_equal(date_days(d), n);
        assert_int_equal(date_compare(date_of_days(n), d), 0);
        struct date next = d; /* counted without day numbers */
        next.day++;
        if (!date_ok(next))
            next = (struct date){d.year, (int8_t)(d.month + 1), 1};
        if (!date_ok(next))
            next = (struct date){(int16_t)(d.year + 1), 1, 1};
        assert_int_equal(date_compare(date_add(d, 1), next), 0);
        d = next;
    }
    assert_true(date_none(date_of_days(-719163)));
    assert_true(date_none(date_of_days(2932897)));
    assert_true(date_none(date_of_days(INT64_MAX / 2)));
}

static void
test_months(void **state)
{
    (void)state;
    struct month m;
    char out[8];
    assert_true(month_read(&m, "2026-11"));
    month_text(month_add(m, 2), out);
    assert_string_equal(out, "2027-01");
    month_text(month_add(m, -11), out);
    assert_string_equal(out, "2025-12");
    same_date(month_last((struct month){2024, 2}), "2024-02-29");
    assert_false(month_read(&m, "2026-13"));
    assert_false(month_read(&m, "2026-1"));
    assert_false(month_read(&m, "2026-11-01"));
    assert_true(
        month_compare((struct month){2026, 2}, (struct month){2025, 12}) > 0);
}

static void
test_periods(void **state)
{
    (void)state;
    struct period p = period_of_application((struct month){2026, 1});
    same_date(p.from, "2025-11-01");
    same_date(p.to, "2026-01-31");
    assert_int_equal(period_days(p), 92);
    struct period term =
        period_term((struct period){day("2026-05-31"), day("2026-07-01")});
    same_date(term.from, "2026-01-01");
    same_date(term.to, "2026-12-31");
    term = period_term((struct period){day("2026-01-31"), day("2026-06-30")});
    same_date(term.to, "2026-06-30");
    struct period a = {day("2026-01-01"), day("2026-01-31")};
    struct period b = {day("2026-01-31"), day("2026-02-10")};
    struct period c = {day("2026-02-01"), day("2026-02-10")};
    assert_true(period_overlaps(a, b));
    assert_false(period_overlaps(a, c));
    assert_true(period_covers(a, day("2026-01-31")));
    assert_false(period_covers(a, day("2026-02-01")));
}

static void
test_two_years_is_the_most(void **state)
{
    (void)state;
    static const struct {
        const char *from, *to;
        bool over;
    } row[] = {{"2024-01-01", "2025-12-31", false},
               {"2024-01-01", "2026-01-01", true},
               {"2024-02-29", "2026-02-28", false},
               {"2024-02-29", "2026-03-01", true},
               {"2024-03-15", "2026-03-14", false},
               {"2024-03-15", "2026-03-15", true},
               {"2023-11-01", "2026-01-31", true},
               {"2026-01-01", "2026-01-01", false}};
    for (size_t i = 0; i < sizeof row / sizeof *row; i++) {
        struct period p = {day(row[i].from), day(row[i].to)};
        assert_int_equal(period_over_two_years(p), row[i].over);
    }
}

static void
test_period_is_read(void **state)
{
    (void)state;
    struct period p;
    struct err e = {0};
    struct date today = day("2026-11-24");
    assert_int_equal(period_read(&p, "2026-01-01..2026-06-30", today, &e), 0);
    same_date(p.from, "2026-01-01");
    same_date(p.to, "2026-06-30");
    assert_int_equal(period_read(&p, "3m", today, &e), 0);
    same_date(p.from, "2026-09-01");
    same_date(p.to, "2026-11-30");
    assert_int_equal(period_read(&p, "12m", today, &e), 0);
    same_date(p.from, "2025-12-01");
    static const char *const bad[] = {"",
                                      "0m",
                                      "m",
                                      "3",
                                      "-3m",
                                      "2026-06-30..2026-01-01",
                                      "2026-01-01",
                                      "2026-02-30..2026-03-01",
                                      "2026-01-01..2026-06-30x",
                                      "2026-01-01...2026-06-30",
                                      "99999m"};
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
        assert_int_equal(period_read(&p, bad[i], today, &e), ERR_PERIOD);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_dates_are_read),
        cmocka_unit_test(test_csn_dates_and_weeks),
        cmocka_unit_test(test_days_count),
        cmocka_unit_test(test_months),
        cmocka_unit_test(test_periods),
        cmocka_unit_test(test_two_years_is_the_most),
        cmocka_unit_test(test_period_is_read),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
