/* SPDX-License-Identifier: EUPL-1.2
 *
 * Proves: an answer made to be large gives an overview of bounded size in
 * bounded time, and no öre of it is lost. Leaves out: what an ordinary answer
 * gives (test_overview, test_checks).
 */
#include "config.h"

#include "tests/unit/domain/made.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include <cmocka.h>

/* As many benefits and months as an answer can hold. Was 100 MB for 1 MiB of
 * answer: a cell for each benefit and month, a check for each pair and day. */
static void
test_many_benefits_in_many_months(void **state)
{
    (void)state;
    enum { BENEFITS = 16000, SECONDS = 8, ROOM = 24 << 20 };
    static char names[BENEFITS][8];
    struct answer *a = made_silent(FK);
    for (int i = 0; i < BENEFITS; i++) {
        char day[11];
        snprintf(names[i], sizeof names[i], "f%d", i);
        snprintf(day, sizeof day, "20%02d-%02d-01", 17 + i % 19,
                 1 + i / 19 % 12);
        made_pay(a, SOURCE_FK, names[i], day, 100, NULL, NULL)->marks =
            MARK_RETRO | MARK_NOLL;
    }
    clock_t from = clock();
    struct overview *o = made_overview(a);
    assert_true((clock() - from) / CLOCKS_PER_SEC < SECONDS);
    assert_true(arena_used(o->arena) < ROOM);
    assert_true(o->n_rows < BENEFITS);
    int others = 0;
    int64_t all = 0;
    for (int m = 0; m < o->n_months; m++) {
        int64_t cells = 0; /* no öre is lost */
        for (int i = 0; i < o->n_rows; i++)
            cells += o->rows[i]->cell[m].sum.ore;
        assert_int_equal(cells, o->sums[m].netto.ore);
        all += cells;
    }
    assert_int_equal(all, BENEFITS * 100);
    for (int i = 0; i < o->n_rows; i++)
        others += o->rows[i]->others;
    assert_int_equal(others, 1);
    assert_string_equal(made_row(o, overview_others)->forman, overview_others);
    for (const struct payment *p = a->of[SOURCE_FK].payments; p; p = p->next)
        assert_non_null(overview_row(o, 0, p));
    made_says(o, CHECK_RETRO, "15700 till av samma slag");
    overview_free(&o);
    answer_free(&a);
}

/* Benefits paid every other day, each against each: a check for each pair and
 * day. */
static void
test_many_doubles(void **state)
{
    (void)state;
    enum { BENEFITS = 60, DAYS = 90, ROOM = 8 << 20 };
    static char names[BENEFITS][8], days[DAYS][11];
    struct answer *a = made_silent(FK);
    for (int k = 0; k < DAYS; k++)
        date_text(date_add((struct date){2026, 9, 1}, k), days[k]);
    for (int i = 0; i < BENEFITS; i++) {
        snprintf(names[i], sizeof names[i], "f%d", i);
        for (int k = 0; k < DAYS; k += 2)
            made_pay(a, SOURCE_FK, names[i], "2026-09-20", 100, days[k],
                     days[k]);
    }
    struct overview *o = made_overview(a);
    assert_true(arena_used(o->arena) < ROOM);
    int n = 0;
    for (int i = 0; i < o->n_checks; i++)
        n += o->checks[i].kind == CHECK_DUBBELT;
    assert_int_equal(n, 301); /* the last one counts the rest */
    overview_free(&o);
    answer_free(&a);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_many_benefits_in_many_months),
        cmocka_unit_test(test_many_doubles),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
