/* SPDX-License-Identifier: EUPL-1.2
 *
 * Proves: Hushållet, Översikt, rows behind, Underlag and the panes look as
 * they shall at four sizes; the cursor stands on the marked row after every
 * key; unknown is never drawn as zero; a failed partner stays in every row;
 * checks can be marked; a retry is merged and never loses what had come;
 * addresses stay hidden. Leaves out: what the daemon does, and the terminal.
 */
#include "config.h"

#include "tests/unit/screens/bench.h"

#include "base/mem.h"
#include "tests/lib/answers.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static void
test_household_at_four_sizes(void **state)
{
    static const struct {
        int rows, cols;
        const char *name;
    } sizes[] = {{24, 80, "household_80x24"},
                 {24, 60, "household_60x24"},
                 {16, 40, "household_40x16"},
                 {43, 132, "household_132x43"}};
    (void)state;
    for (size_t i = 0; i < sizeof(sizes) / sizeof(*sizes); i++) {
        struct bench b;
        bench_open(&b, sizes[i].rows, sizes[i].cols);
        answer_show(b.app, bench_gathered(&b), false);
        bench_cursor_holds(&b);
        bench_golden(&b, sizes[i].name);
        bench_close(&b);
    }
}

static void
test_overview_and_what_was_stated(void **state)
{
    struct bench b;
    (void)state;
    bench_open(&b, 24, 80);
    answer_show(b.app, bench_gathered(&b), false);
    bench_keys(&b, "w");
    bench_golden(&b, "overview_80x24");
    bench_keys(&b, "Tab u 1 4 0 0 Enter");
    bench_golden(&b, "overview_stated");
    bench_keys(&b, "w");
    bench_golden(&b, "overview_partner");
    bench_keys(&b, "w");
    assert_true(app_top(b.app) == &household_screen);
    bench_close(&b);
}

static void
test_rows_behind_a_row(void **state)
{
    struct bench b;
    (void)state;
    bench_open(&b, 24, 80);
    answer_show(b.app, bench_gathered(&b), false);
    bench_keys(&b, "Enter");
    bench_golden(&b, "rows_check");
    bench_keys(&b, "q Tab Enter");
    bench_golden(&b, "rows_month");
    bench_keys(&b, "d");
    bench_golden(&b, "rows_details");
    bench_close(&b);
}

static void
test_panes(void **state)
{
    struct bench b;
    char name[32], keys[4];
    (void)state;
    bench_open(&b, 24, 80);
    answer_show(b.app, bench_gathered(&b), false);
    bench_keys(&b, "w");
    for (int tab = 2; tab <= 10; tab++) {
        snprintf(keys, sizeof(keys), "%d", tab % 10);
        bench_keys(&b, keys);
        bench_cursor_holds(&b);
        snprintf(name, sizeof(name), "pane_%d", tab % 10);
        bench_golden(&b, name);
    }
    bench_keys(&b, "4 d");
    bench_golden(&b, "pane_4_codes");
    bench_close(&b);
}

static void
test_basis(void **state)
{
    struct bench b;
    (void)state;
    bench_open(&b, 24, 80);
    answer_show(b.app, bench_gathered(&b), false);
    bench_keys(&b, "b");
    bench_golden(&b, "basis_80x24");
    bench_cursor_holds(&b);
    bench_close(&b);
}

/* UX 17.2: after every key, on every screen of the answer. */
static void
test_cursor_after_every_key(void **state)
{
    static const char *const walks[] = {
        "Down Down Up End Home PgDn PgUp Tab Down Up Tab",
        "Tab End Down Down Home Up Up",
        "w Down Tab Down 4 Down Down End Home 7 Down q",
        "4 Enter Down Enter d Down d 5 6 8 9 0 Down 1",
        "b Down Down Enter q q",
        "Space Down Space a K q a K 1",
        "Enter Down q Tab Enter q"};
    static const int at[][2] = {{24, 80}, {24, 60}, {16, 40}, {43, 132}};
    (void)state;
    for (size_t k = 0; k < 4; k++)
        for (size_t i = 0; i < sizeof(walks) / sizeof(*walks); i++) {
            struct bench b;
            char copy[128], *save = NULL;
            bench_open(&b, at[k][0], at[k][1]);
            answer_show(b.app, bench_gathered(&b), false);
            snprintf(copy, sizeof(copy), "%s", walks[i]);
            for (char *key = strtok_r(copy, " ", &save); key;
                 key = strtok_r(NULL, " ", &save)) {
                bench_keys(&b, key);
                bench_cursor_holds(&b);
            }
            bench_close(&b);
        }
}

/* UX 17.7: a month's row of a source that did not come has no 0 in it. */
static void
test_unknown_is_never_zero(void **state)
{
    static const enum source_state bad[] = {
        STATE_VANTAR,   STATE_FEL,          STATE_TIDSGRANS,
        STATE_SAKNAS,   STATE_OLASLIGT,     STATE_OKAND_PERSON,
        STATE_AVBRUTEN, STATE_OTILLGANGLIG, STATE_EJ_BEHORIG};
    (void)state;
    for (size_t i = 0; i < sizeof(bad) / sizeof(*bad); i++) {
        struct bench b;
        bench_open(&b, 43, 80);
        struct answer *a = bench_partner_failed();
        source_set asked = answer_asked(&a->question);
        for (int s = 0; s < SOURCE_COUNT; s++)
            if (asked & SOURCE_BIT(s))
                a->of[s].state = bad[i];
        bench_with(&b, &a, 1);
        answer_open(b.app, "EK-2026-00417");
        AUTO_BUF(text, 1u << 20);
        bench_text(&b, &text);
        char *save = NULL;
        int unknown = 0;
        for (char *line = strtok_r(text.data, "\n", &save); line;
             line = strtok_r(NULL, "\n", &save)) {
            if (!strstr(line, ", alla "))
                continue;
            unknown++;
            assert_null(strstr(line, " 0"));
            assert_non_null(strstr(line, " ?"));
        }
        assert_int_equal(unknown, 4); /* CSN FK PM SO */
        assert_int_equal(bench_find(&b, "Inget saknas"), -1);
        bench_close(&b);
    }
}

static void
test_a_failed_partner_stays(void **state)
{
    struct bench b;
    (void)state;
    bench_open(&b, 24, 80);
    struct answer *a[] = {answers_rich(), bench_partner_failed()};
    answer_show(b.app, bench_with(&b, a, 2), false);
    bench_golden(&b, "household_partner_failed");
    assert_true(bench_find(&b, "Medsökande !") == 1);
    assert_true(bench_find(&b, "Medsökande: AF, CSN") >= 3);
    bench_close(&b);
}

static void
test_checks_are_marked(void **state)
{
    struct bench b;
    (void)state;
    bench_open(&b, 24, 80);
    struct gathered *g = bench_gathered(&b);
    answer_show(b.app, g, false);
    int open = gathered_checks(g);
    assert_true(open > 2);
    bench_keys(&b, "k");
    assert_int_equal(gathered_checks(g), open - 1);
    assert_int_equal(bench_marked(), 1);
    bench_keys(&b, "a K");
    bench_golden(&b, "mark_80x24");
    bench_keys(&b, "1");
    assert_int_equal(gathered_checks(g), 0);
    assert_string_equal(bench_mark_text(), "Besked visat");
    bench_golden(&b, "household_marked");
    bench_close(&b);
}

static void
test_a_retry_is_merged(void **state)
{
    struct bench b;
    (void)state;
    bench_open(&b, 24, 80);
    struct gathered *g = bench_gathered(&b);
    struct answer *fresh = answers_rich();
    answer_show(b.app, g, false);
    bench_keys(&b, "F5");
    assert_int_equal(bench_asked(), 1);
    const struct question *q = bench_question(0);
    assert_int_equal(q->sources,
                     SOURCE_BIT(SOURCE_FK) | SOURCE_BIT(SOURCE_SKV));
    assert_int_equal(q->retry_of, 20419);
    assert_int_equal(gathered_source(g, 0, SOURCE_FK), STATE_VANTAR);
    bench_golden(&b, "household_asking_again");
    bench_kvitto(0, 20420);
    fresh->of[SOURCE_SKV].state = STATE_INGA_UPPGIFTER;
    bench_state(0, fresh, SOURCE_SKV);
    bench_content(0, fresh, SOURCE_SKV);
    struct answer *gone = bench_partner_failed();
    bench_state(0, gone, SOURCE_FK);
    bench_content(0, gone, SOURCE_FK);
    bench_end(0, ERR_OK);
    /* SKV is here; FK's second failure did not take its first rows away. */
    assert_int_equal(gathered_source(g, 0, SOURCE_SKV), STATE_INGA_UPPGIFTER);
    assert_int_equal(gathered_source(g, 0, SOURCE_FK), STATE_DELSVAR);
    assert_true(bench_find(&b, "Barnbidrag") > 0);
    assert_int_equal(gathered_missing(g), 1);
    bench_close(&b);
    answer_free(&fresh);
    answer_free(&gone);
}

static void
test_protected_persons(void **state)
{
    struct bench b;
    (void)state;
    bench_open(&b, 24, 80);
    struct answer *a[] = {answers_rich(), bench_partner()};
    a[1]->of[SOURCE_AF].shielded = true;
    answer_show(b.app, bench_with(&b, a, 2), false);
    assert_int_equal(bench_find(&b, "SKYDDADE UPPGIFTER"), 2);
    bench_golden(&b, "household_protected");
    bench_keys(&b, "w 4 End");
    assert_int_equal(bench_find(&b, "99999"), -1);
    bench_keys(&b, "d End");
    assert_int_equal(bench_find(&b, "99999"), -1);
    /* The command asks, takes a reason, is logged; gone with the next key. */
    bench_keys(&b, "V");
    assert_int_equal(bench_addresses(), 0);
    bench_keys(&b, "1 Enter");
    assert_int_equal(bench_addresses(), 1);
    bench_close(&b);
}

/* Every screen of the answer, with the frame whole and no control letter. */
static void
walk_inside(struct bench *b, int rows)
{
    static const char *const keys[] = {
        "Down", "Tab", "Enter", "d", "q", "w", "2", "3",   "4", "Down", "5",
        "6",    "7",   "8",     "9", "0", "1", "b", "End", "q", "d"};
    for (size_t i = 0; i < sizeof(keys) / sizeof(*keys); i++) {
        bench_keys(b, keys[i]);
        if (bench_find(b, "START") == 3) /* q went all the way back */
            answer_open(b->app, "EK-2026-00417");
        AUTO_BUF(text, 1u << 20);
        bench_text(b, &text);
        int lines = 0;
        for (size_t at = 0; at < text.len; at++) {
            lines += text.data[at] == '\n';
            assert_true(text.data[at] == '\n' ||
                        (unsigned char)text.data[at] >= 0x20);
        }
        assert_int_equal(lines, rows);
        assert_int_equal(bench_find(b, "enfraga  "), 0);
        assert_int_equal(bench_find(b, "EK-2026-00417"), 1);
    }
}

/* UX 17.3: every key once, every action with a key. */
static void
test_keys_of_every_screen(void **state)
{
    static const struct screen_ops *const screens[] = {
        &ask_screen,    &wait_screen,  &household_screen, &overview_screen,
        &answer_screen, &basis_screen, &rows_screen,      &mark_screen};
    (void)state;
    for (size_t i = 0; i < sizeof(screens) / sizeof(*screens); i++) {
        AUTO_BUF(why, 4096);
        if (!keymap_check(screens[i]->keymap, &why))
            fail_msg("%s: %s", screens[i]->name, buf_str(&why));
        assert_true(screens[i]->help || screens[i] == &mark_screen);
    }
}

static const int sizes[][2] = {{24, 80}, {24, 60}, {16, 40}, {43, 132}};

/* UX 17.5: any answer at all stays inside the frame. */
static void
test_any_answer_stays_inside(void **state)
{
    (void)state;
    for (unsigned seed = 0; seed < 24; seed++) {
        struct bench b;
        struct answer *a = answers_any(seed);
        const int *size = sizes[seed % 4];
        a->question.person = bench_case()->persons[0].number;
        bench_open(&b, size[0], size[1]);
        struct gathered *g = bench_with(&b, &a, 1);
        memset(g->of[0].person.namn, 'W', sizeof(g->of[0].person.namn) - 1);
        answer_show(b.app, g, false);
        walk_inside(&b, size[0]);
        bench_close(&b);
    }
}

/* Names of 300 letters, wide and combining ones, year 0001, amounts below
 * zero and as large as they come. */
static void
test_hostile_data_stay_inside(void **state)
{
    static char names[4][1300];
    static const char *const letters[] = {"W", "\u6f22", "e\u0301", "\u0338"};
    (void)state;
    for (int i = 0; i < 4; i++) {
        names[i][0] = '\0';
        for (int k = 0; k < 300; k++)
            memcpy(names[i] + k * strlen(letters[i]), letters[i],
                   strlen(letters[i]) + 1);
    }
    for (int k = 0; k < 4; k++) {
        struct bench b;
        struct answer *a = answers_rich();
        int n = 0;
        bench_open(&b, sizes[k][0], sizes[k][1]);
        for (int s = 0; s < SOURCE_COUNT; s++)
            for (struct payment *p = a->of[s].payments; p; p = p->next, n++) {
                p->forman = p->betalare = names[n % 4];
                p->netto.ore = n % 3 ? -123456789 : MONEY_MAX_ORE;
                if (n % 5 == 0)
                    p->date.year = 1;
                p->fran = p->till = names[(n + 1) % 4];
            }
        a->of[SOURCE_FK].missing->namn = names[2];
        a->of[SOURCE_FK].missing->orsak = names[1];
        struct gathered *g = bench_with(&b, &a, 1);
        snprintf(g->of[0].person.namn, sizeof(g->of[0].person.namn), "%.120s",
                 names[1]);
        answer_show(b.app, g, false);
        walk_inside(&b, sizes[k][0]);
        bench_close(&b);
    }
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_household_at_four_sizes),
        cmocka_unit_test(test_overview_and_what_was_stated),
        cmocka_unit_test(test_rows_behind_a_row),
        cmocka_unit_test(test_panes),
        cmocka_unit_test(test_basis),
        cmocka_unit_test(test_cursor_after_every_key),
        cmocka_unit_test(test_unknown_is_never_zero),
        cmocka_unit_test(test_a_failed_partner_stays),
        cmocka_unit_test(test_checks_are_marked),
        cmocka_unit_test(test_a_retry_is_merged),
        cmocka_unit_test(test_protected_persons),
        cmocka_unit_test(test_keys_of_every_screen),
        cmocka_unit_test(test_any_answer_stays_inside),
        cmocka_unit_test(test_hostile_data_stay_inside),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
