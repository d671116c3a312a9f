/* SPDX-License-Identifier: EUPL-1.2
 *
 * Proves: Ny fråga shows month, purpose, persons, sources and legal ground;
 * one question goes for each ticked adult; the extra reason is asked exactly
 * when grant_reason says so, and once; Väntar shows word, time and count at
 * once and opens the picture by itself; F12 keeps what came; F3 works on and
 * the answer waits; a refusal comes back to Ny fråga. Leaves out: the wire.
 */
#include "config.h"

#include "tests/unit/screens/bench.h"

#include "base/clock.h"
#include "tests/lib/answers.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static struct ask_arg both = {.persons = 3};

static void
open_ask(struct bench *b, int rows, int cols)
{
    bench_open(b, rows, cols);
    assert_non_null(app_push(b->app, &ask_screen, &both));
}

static void
test_new_question(void **state)
{
    static const struct {
        int rows, cols;
        const char *name;
    } sizes[] = {{24, 80, "ask_80x24"},
                 {24, 60, "ask_60x24"},
                 {16, 40, "ask_40x16"},
                 {43, 132, "ask_132x43"}};
    (void)state;
    for (size_t i = 0; i < sizeof(sizes) / sizeof(*sizes); i++) {
        struct bench b;
        open_ask(&b, sizes[i].rows, sizes[i].cols);
        bench_cursor_holds(&b);
        bench_golden(&b, sizes[i].name);
        for (int k = 0; k < 16; k++) {
            bench_keys(&b, "Down");
            const struct grid *g = app_grid(b.app);
            assert_true(g->cursor_row >= 3 && g->cursor_row < g->rows - 2);
        }
        bench_close(&b);
    }
}

static void
test_one_question_per_adult(void **state)
{
    struct bench b;
    (void)state;
    open_ask(&b, 24, 80);
    bench_keys(&b, "F5");
    assert_int_equal(bench_asked(), 2);
    for (int i = 0; i < 2; i++) {
        const struct question *q = bench_question(i);
        char from[11];
        date_text(q->period.from, from);
        assert_string_equal(from, "2026-09-01");
        assert_int_equal(q->syfte, SYFTE_FORTSATT);
        assert_int_equal(q->skal[0], 0);
        assert_true(q->lefi[0] != 0);
        assert_true(period_ok(q->csn));
    }
    assert_string_not_equal(bench_question(0)->person.digits,
                            bench_question(1)->person.digits);
    assert_true(app_top(b.app) == &wait_screen);
    bench_close(&b);
}

/* A child alone with other sources than FK and CSN: a reason, No first. */
static void
test_a_child_needs_a_reason(void **state)
{
    struct bench b;
    (void)state;
    bench_open(&b, 24, 80);
    struct ask_arg child = {.persons = 4};
    app_push(b.app, &ask_screen, &child);
    bench_keys(&b, "F5");
    assert_int_equal(bench_asked(), 0);
    bench_golden(&b, "ask_child");
    bench_keys(&b, "F12");
    assert_true(app_top(b.app) == &ask_screen);
    assert_int_equal(bench_asked(), 0);
    bench_keys(&b, "F5 1 Enter");
    assert_int_equal(bench_asked(), 1);
    assert_string_equal(bench_question(0)->skal,
                        "Uppgiften behövs för beslut idag");
    bench_close(&b);
}

static void
test_children_beside_adults(void **state)
{
    struct bench b;
    (void)state;
    bench_open(&b, 24, 80);
    struct ask_arg all = {.persons = 7};
    app_push(b.app, &ask_screen, &all);
    bench_keys(&b, "F5");
    assert_int_equal(bench_asked(), 3);
    assert_int_equal(bench_question(2)->sources,
                     SOURCE_BIT(SOURCE_FK) | SOURCE_BIT(SOURCE_CSN));
    bench_close(&b);
}

static void
bring(int n, const struct answer *from, enum source_id s)
{
    bench_state(n, from, s);
    bench_content(n, from, s);
}

static void
test_waiting(void **state)
{
    struct bench b;
    (void)state;
    struct answer *rich = answers_rich(), *other = bench_partner();
    open_ask(&b, 24, 80);
    bench_keys(&b, "F5");
    bench_golden(&b, "wait_begin");
    bench_kvitto(0, 20418);
    bench_kvitto(1, 20419);
    bring(0, rich, SOURCE_AF);
    bring(0, rich, SOURCE_CSN);
    bench_state(0, rich, SOURCE_FK);
    bench_golden(&b, "wait_opens");
    bench_content(0, rich, SOURCE_FK);
    bring(0, rich, SOURCE_PM);
    for (int s = SOURCE_AF; s <= SOURCE_PM; s++)
        bring(1, other, s);
    bench_golden(&b, "wait_80x24");
    bench_cursor_holds(&b);
    app_resize(b.app, 24, 60);
    bench_golden(&b, "wait_60x24");
    app_resize(b.app, 16, 40);
    bench_golden(&b, "wait_40x16");
    app_resize(b.app, 24, 80);
    bench_keys(&b, "Enter");
    assert_true(app_top(b.app) == &household_screen);
    bench_keys(&b, "q");
    bring(0, rich, SOURCE_SKV);
    bring(0, rich, SOURCE_SO);
    bench_end(0, ERR_OK);
    assert_true(app_top(b.app) == &wait_screen);
    bring(1, other, SOURCE_SKV);
    bring(1, other, SOURCE_SO);
    bench_end(1, ERR_OK);
    assert_true(app_top(b.app) == &household_screen);
    bench_close(&b);
    answer_free(&rich);
    answer_free(&other);
}

static void
test_f12_keeps_what_came(void **state)
{
    struct bench b;
    (void)state;
    struct answer *rich = answers_rich();
    open_ask(&b, 24, 80);
    bench_keys(&b, "F5");
    bench_kvitto(0, 20418);
    bench_kvitto(1, 20419);
    bring(0, rich, SOURCE_SO);
    bench_keys(&b, "F12");
    assert_int_equal(bench_cancelled(), 2);
    assert_true(app_top(b.app) == &household_screen);
    assert_true(bench_find(&b, "A-kassa Exempel") > 0);
    assert_true(bench_find(&b, "avbruten") > 0);
    bench_golden(&b, "household_interrupted");
    bench_close(&b);
    answer_free(&rich);
}

static void
test_f3_works_on(void **state)
{
    struct bench b;
    (void)state;
    struct answer *rich = answers_rich();
    open_ask(&b, 24, 80);
    bench_keys(&b, "F5");
    bench_kvitto(0, 20418);
    bench_kvitto(1, 20419);
    bench_keys(&b, "F3");
    assert_true(bench_find(&b, "START") > 0);
    assert_int_equal(gathered_state(b.session.gathered, "EK-2026-00417"),
                     GATHERED_ASKING);
    for (int s = SOURCE_AF; s <= SOURCE_SO; s++) {
        bring(0, rich, s);
        bring(1, rich, s);
    }
    bench_end(0, ERR_OK);
    bench_end(1, ERR_OK);
    assert_int_equal(gathered_state(b.session.gathered, "EK-2026-00417"),
                     GATHERED_READY);
    assert_true(bench_find(&b, "Svar klart i EK-2026-00417") == 22);
    assert_true(answer_open(b.app, "EK-2026-00417"));
    assert_true(app_top(b.app) == &household_screen);
    assert_int_equal(gathered_state(b.session.gathered, "EK-2026-00417"),
                     GATHERED_SEEN);
    assert_false(answer_open(b.app, "EK-2026-00001"));
    bench_close(&b);
    answer_free(&rich);
}

static void
test_a_refusal_comes_back(void **state)
{
    struct bench b;
    (void)state;
    open_ask(&b, 24, 80);
    bench_keys(&b, "F5");
    bench_end(0, ERR_LOG);
    bench_end(1, ERR_LOG);
    assert_true(bench_find(&b, "START") > 0);
    assert_true(bench_find(&b, "Loggen kan inte skrivas") == 22);
    bench_close(&b);
}

static void
test_one_refused_one_answered(void **state)
{
    struct bench b;
    (void)state;
    struct answer *rich = answers_rich();
    open_ask(&b, 24, 80);
    bench_keys(&b, "F5");
    bench_kvitto(0, 20418);
    for (int s = SOURCE_AF; s <= SOURCE_SO; s++)
        bring(0, rich, s);
    bench_end(0, ERR_OK);
    bench_end(1, ERR_RATE);
    assert_true(app_top(b.app) == &household_screen);
    bench_golden(&b, "household_refused");
    bench_close(&b);
    answer_free(&rich);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_new_question),
        cmocka_unit_test(test_one_question_per_adult),
        cmocka_unit_test(test_a_child_needs_a_reason),
        cmocka_unit_test(test_children_beside_adults),
        cmocka_unit_test(test_waiting),
        cmocka_unit_test(test_f12_keeps_what_came),
        cmocka_unit_test(test_f3_works_on),
        cmocka_unit_test(test_a_refusal_comes_back),
        cmocka_unit_test(test_one_refused_one_answered),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
