/* SPDX-License-Identifier: EUPL-1.2
 *
 * Proves: month sums are the payments to the öre and edges, cells and rows
 * tell unknown from zero. Answers drawn by a seeded generator hold the sums
 * and the rules against a plain second count. Leaves out: which check when
 * (test_checks), how it is shown (present, screens).
 */
#include "config.h"

#include "tests/lib/rules.h"
#include "tests/unit/domain/made.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static void
test_the_drawn_example(void **state)
{
    (void)state;
    struct answer *a = made_applicant();
    struct overview *o = made_overview(a);
    int sep = overview_month(o, (struct month){2026, 9});
    assert_int_equal(sep, 0);
    assert_int_equal(o->n_months, 4); /* September to December */
    assert_int_equal(o->sums[0].netto.ore, 757000);
    assert_int_equal(o->sums[1].netto.ore, 1127000);
    assert_int_equal(o->sums[2].netto.ore, 814500);
    assert_false(o->sums[0].known); /* bostadsbidrag */
    assert_false(o->sums[0].vantas.given);
    assert_int_equal(o->sums[3].vantas.ore, 265000);
    assert_int_equal(o->sums[3].netto.ore, 0);
    made_cells(made_row(o, "Bostadsbidrag"), "????");
    made_cells(made_row(o, "Barnbidrag"), "###.");
    made_cells(made_row(o, "Sjukpenning"), "#00.");
    made_cells(made_row(o, "Aktivitetsstöd"), "00#.");
    made_cells(made_row(o, "Arbetslöshetsersättning"), "0##.");
    assert_true(made_row(o, "Bostadsbidrag")->missing);
    made_says(o, CHECK_EJ_KVAR, "Sjukpenning: 4 920 kr i sep, 0 kr i okt");
    made_says(o, CHECK_NYTT, "A-kassa Exempel: 0 kr i sep, 8 620 kr i okt");
    made_says(o, CHECK_LUCKA,
              "Inget från källorna 09-16 - 09-27. Lön syns inte här.");
    made_says(o, CHECK_DUBBELT,
              "Aktivitetsstöd och A-kassa Exempel, samma dagar 11-02 - 11-06");
    made_says(o, CHECK_ANSOKT, "Föräldrapenning söktes 11-12, inget beslut än");
    made_says(o, CHECK_AVDRAG, "Aktivitetsstöd 11-13: kvittning");
    assert_int_equal(o->n_checks, 6);
    for (int i = 1; i < o->n_checks; i++)
        assert_true(o->checks[i - 1].kind <= o->checks[i].kind);
    overview_free(&o);
    answer_free(&a);
}

static void
test_edges_of_the_period(void **state)
{
    (void)state;
    struct answer *a = made_silent(FK | SOURCE_BIT(SOURCE_CSN));
    a->question.month = (struct month){0};
    a->question.period = (struct period){{2026, 1, 15}, {2026, 3, 31}};
    a->question.csn = (struct period){{2026, 1, 1}, {2026, 6, 30}};
    made_pay(a, SOURCE_FK, "Barnbidrag", "2026-02-20", 100, NULL, NULL);
    made_pay(a, SOURCE_CSN, "Studiemedel", "2026-05-25", 200, NULL, NULL);
    struct overview *o = made_overview(a);
    assert_int_equal(o->n_months, 4);              /* Jan, Feb, Mar and May */
    made_cells(made_row(o, "Barnbidrag"), "?#0."); /* half of January only */
    made_cells(made_row(o, "Studiemedel"), "000#");
    assert_false(o->sums[0].known);
    assert_true(o->sums[1].known);
    assert_false(o->sums[3].known); /* FK was not asked about May */
    assert_int_equal(o->sums[3].netto.ore, 200);
    assert_int_equal(overview_month(o, (struct month){2026, 4}), -1);
    overview_free(&o);
    answer_free(&a);
}

static void
test_payments_without_date_or_amount(void **state)
{
    (void)state;
    struct answer *a = made_silent(FK);
    made_pay(a, SOURCE_FK, "A", NULL, 500, NULL, NULL);
    made_pay(a, SOURCE_FK, "A", NULL, 700, NULL, NULL)->state =
        PAYMENT_PLANERAD;
    made_pay(a, SOURCE_FK, "A", "0001-01-01", 11, NULL,
             NULL); /* hostile year */
    made_pay(a, SOURCE_FK, "B", "2026-09-02", 100, NULL, NULL);
    made_pay(a, SOURCE_FK, "B", "2026-09-03", 0, NULL, NULL)->netto =
        MONEY_NONE;
    made_pay(a, SOURCE_FK, "C", "2026-10-03", 9, NULL, NULL)->state =
        PAYMENT_OKAND;
    struct overview *o = made_overview(a);
    assert_int_equal(o->n_dateless, 2);
    assert_int_equal(o->dateless.ore, 511);
    made_cells(made_row(o, "A"), "???"); /* paid, but in which month? */
    made_cells(made_row(o, "B"), "?00");
    made_cells(made_row(o, "C"), "0?0");
    assert_int_equal(o->sums[0].netto.ore, 100);
    assert_false(o->sums[0].known);
    assert_int_equal(o->sums[1].netto.ore, 0);
    assert_false(o->sums[1].known);
    assert_false(o->sums[2].known);
    overview_free(&o);
    answer_free(&a);
}

static void
test_a_payment_without_date_may_be_of_any_month(void **state)
{
    (void)state;
    for (int s = 0; s < PAYMENT_STATE_COUNT; s++) {
        struct answer *a = made_silent(FK);
        bool open = s == PAYMENT_UTBETALD || s == PAYMENT_OKAND;
        made_pay(a, SOURCE_FK, "Barnbidrag", "2026-09-18", 265000, NULL, NULL);
        made_pay(a, SOURCE_FK, "Barnbidrag", NULL, 265000, NULL, NULL)->state =
            (enum payment_state)s;
        struct overview *o = made_overview(a);
        made_cells(made_row(o, "Barnbidrag"), open ? "#??" : "#00");
        assert_int_equal(made_row(o, "Barnbidrag")->cell[0].partial, open);
        assert_int_equal(made_check(o, CHECK_EJ_KVAR) == NULL, open);
        for (int m = 0; m < o->n_months; m++)
            assert_int_equal(o->sums[m].known, !open);
        overview_free(&o);
        answer_free(&a);
    }
}

/* A payment of the year 9999 left the months known: it may be a slip for any.
 */
static void
test_a_date_out_of_reason_may_be_of_any_month(void **state)
{
    (void)state;
    static const struct {
        const char *day;
        bool dated;
    } rows[] = {{"9999-10-01", false}, {"0001-01-01", false},
                {"2037-01-01", false}, {"2036-12-31", true},
                {"2016-01-01", true},  {"2015-12-31", false}};
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct answer *a = made_silent(FK);
        made_pay(a, SOURCE_FK, "Barnbidrag", rows[i].day, 500, NULL, NULL);
        struct overview *o = made_overview(a);
        int sep = overview_month(o, (struct month){2026, 9});
        assert_int_equal(o->sums[sep].known, rows[i].dated);
        assert_int_equal(made_row(o, "Barnbidrag")->cell[sep].kind,
                         rows[i].dated ? CELL_ZERO : CELL_UNKNOWN);
        assert_int_equal(o->n_dateless, !rows[i].dated);
        overview_free(&o);
        answer_free(&a);
    }
}

/* One benefit did not come, and something else that is not named: no other
 * row may say zero for it. */
static void
test_an_unnamed_gap_may_be_any_benefit(void **state)
{
    (void)state;
    static const char *const kod[] = {"", "FK:NY", NULL};
    for (size_t i = 0; i < 3; i++) {
        struct answer *a = made_silent(FK);
        made_pay(a, SOURCE_FK, "Sjukpenning", "2026-09-25", 100, NULL, NULL);
        made_lacks(a, SOURCE_FK, kod[i], "?");
        made_lacks(a, SOURCE_FK, "FK:BOB", "Bostadsbidrag");
        struct overview *o = made_overview(a);
        made_cells(made_row(o, "Sjukpenning"), "#??");
        assert_true(made_row(o, "Sjukpenning")->cell[0].partial);
        assert_int_equal(o->n_checks, 0);
        overview_free(&o);
        answer_free(&a);
    }
}

/* FK pays under names of its own; one that cannot be tied to a benefit may be
 * what did not come. */
static void
test_a_family_nobody_knows_may_hold_the_missing(void **state)
{
    (void)state;
    static const struct {
        const char *forman, *kod, *namn, *cells;
    } of[] = {{"Familjestöd", "FK:BOB", "Bostadsbidrag", "#??"},
              {"Bostadsbidrag", "FK:BOB", "Bidrag till boende", "#??"},
              {"Familjestöd", "FK:GEPI", "Personinformation", "#00"},
              {"Barnbidrag", "FK:BOB", "Bostadsbidrag", "#00"}};
    for (size_t i = 0; i < sizeof of / sizeof *of; i++) {
        struct answer *a = made_silent(FK);
        made_pay(a, SOURCE_FK, of[i].forman, "2026-09-25", 100, NULL, NULL);
        made_lacks(a, SOURCE_FK, of[i].kod, of[i].namn);
        struct overview *o = made_overview(a);
        made_cells(made_row(o, of[i].forman), of[i].cells);
        overview_free(&o);
        answer_free(&a);
    }
}

static void
test_pm_payment_is_summed_once(void **state)
{
    (void)state;
    struct answer *a = made_silent(FK);
    made_pay(a, SOURCE_PM, "Allmän pension", "2026-10-18", 1400900, NULL, NULL);
    made_pay(a, SOURCE_FK, "Pension", "2026-10-18", 1400900, NULL, NULL)
        ->betalare = "Pensionsmyndigheten";
    answer_sort(a);
    struct overview *o = made_overview(a);
    assert_int_equal(o->sums[1].netto.ore, 1400900);
    assert_int_equal(o->n_rows, 1);
    assert_int_equal(o->rows[0]->source, SOURCE_PM);
    overview_free(&o);
    answer_free(&a);
}

static void
test_funds_are_rows_of_their_own(void **state)
{
    (void)state;
    struct answer *a = made_silent(SO);
    made_pay(a, SOURCE_SO, "Arbetslöshetsersättning", "2026-10-01", 100, NULL,
             NULL)
        ->betalare = "Kassa B";
    made_pay(a, SOURCE_SO, "Arbetslöshetsersättning", "2026-10-02", 100, NULL,
             NULL)
        ->betalare = "Kassa A";
    made_pay(a, SOURCE_SO, "arbetslöshetsersättning", "2026-10-02", 100, NULL,
             NULL)
        ->betalare = " kassa a ";
    made_lacks(a, SOURCE_SO, "Kassa C", "Kassa C");
    struct overview *o = made_overview(a);
    assert_int_equal(o->n_rows, 3);
    assert_int_equal(o->rows[0]->cell[1].sum.ore, 200);
    assert_string_equal(o->rows[1]->betalare, "Kassa B");
    assert_string_equal(o->rows[2]->betalare, "Kassa C");
    made_cells(o->rows[2], "???");
    overview_free(&o);
    answer_free(&a);
}

static void
test_household(void **state)
{
    (void)state;
    struct answer *a = made_applicant(), *b = made_silent(FK | SO);
    b->question.roll = ROLL_MEDSOKANDE;
    for (int s = 0; s < SOURCE_COUNT; s++)
        if (b->of[s].state == STATE_INGA_UPPGIFTER)
            b->of[s].state = STATE_TIDSGRANS;
    const struct answer *both[] = {a, b};
    struct overview *o = overview_new(both, 2, shipped_rules(), made_today);
    int absent = 0;
    for (int i = 0; i < o->n_rows; i++)
        if (o->rows[i]->person == 1) {
            made_cells(o->rows[i], "????");
            absent++;
        }
    assert_int_equal(absent, 5); /* in every row of the applicant */
    for (int i = 0; i < o->n_checks; i++)
        assert_int_equal(o->checks[i].person, 0);
    assert_int_equal(o->sums[1].netto.ore, 1127000);
    assert_int_equal(o->sums_of[0 * o->n_months + 1].netto.ore, 1127000);
    assert_int_equal(o->sums_of[1 * o->n_months + 1].netto.ore, 0);
    assert_false(o->sums_of[1 * o->n_months + 1].known);
    overview_free(&o);
    answer_free(&a);
    answer_free(&b);
}

/* Codes chosen by hand: what FK was not asked for is not nothing. */
static void
test_a_narrow_question_has_no_edge(void **state)
{
    (void)state;
    struct err e = {0};
    struct answer *a = made_silent(FK | SO);
    made_pay(a, SOURCE_FK, "Sjukpenning", "2026-09-25", 492000, "2026-09-01",
             "2026-09-10");
    struct overview *o = made_overview(a);
    assert_true(o->sums[0].known);
    assert_non_null(made_check(o, CHECK_LUCKA));
    overview_free(&o);
    assert_int_equal(question_choose_lefi(&a->question, "FK:SJP PM:AP", &e), 0);
    o = made_overview(a);
    assert_false(o->sums[0].known);
    assert_int_equal(o->sums[0].netto.ore, 492000);
    assert_null(made_check(o, CHECK_LUCKA));
    assert_non_null(made_check(o, CHECK_EJ_KVAR)); /* was asked for */
    made_cells(made_row(o, "Sjukpenning"), "#00");
    overview_free(&o);
    answer_free(&a);
}

/* --- by a generator --- */

static uint64_t seed;

static unsigned
rnd(unsigned n)
{
    seed = seed * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
    return (unsigned)(seed >> 33) % n;
}

static struct answer *
drawn(void)
{
    static const char *const formaner[] = {"Barnbidrag", "Sjukpenning",
                                           "barnbidrag", "Aktivitetsstöd"};
    static const enum source_id money[] = {SOURCE_CSN, SOURCE_FK, SOURCE_PM,
                                           SOURCE_SO};
    struct answer *a = made_silent(ALL);
    if (rnd(3) == 0) {
        a->question.month = (struct month){0};
        a->question.period.from.month = (int8_t)(1 + rnd(9));
        a->question.period.from.day = (int8_t)(1 + rnd(28));
    }
    for (int n = (int)rnd(20); n > 0; n--) {
        enum source_id id = money[rnd(4)];
        char day[16];
        snprintf(day, sizeof day, "202%u-%02u-%02u", 5 + rnd(2), 1 + rnd(12),
                 1 + rnd(28));
        struct payment *p =
            made_pay(a, id, formaner[rnd(4)], rnd(8) ? day : NULL,
                     (int64_t)rnd(2000000) - 100000, NULL, NULL);
        p->state = rnd(3) ? PAYMENT_UTBETALD : rnd(PAYMENT_STATE_COUNT);
        if (rnd(6) == 0)
            p->netto = MONEY_NONE;
        if (id == SOURCE_SO && rnd(2))
            p->betalare = "Kassa";
        if (id == SOURCE_FK && rnd(4) == 0) { /* PM reports it too */
            struct payment *t = made_pay(a, SOURCE_PM, p->forman, NULL,
                                         p->netto.ore, NULL, NULL);
            p->betalare = t->betalare;
            t->date = p->date;
            t->state = p->state;
            t->netto = p->netto;
        }
    }
    for (int i = 0; i < SOURCE_COUNT; i++)
        if (rnd(4) == 0)
            a->of[i].state = (enum source_state)(1 + rnd(STATE_COUNT - 1));
    answer_sort(a);
    return a;
}

/* Sums counted again, payment by payment, without months or rows. */
static void
recount(const struct overview *o, const struct answer *a, int person)
{
    int64_t dateless = 0;
    for (int m = 0; m < o->n_months; m++) {
        int64_t paid = 0, announced = 0;
        bool some = false, unknown = false;
        for (int s = 0; s < SOURCE_COUNT; s++)
            for (const struct payment *p = a->of[s].payments; p; p = p->next) {
                if (p->marks & MARK_DUBBEL_PM || date_none(p->date) ||
                    p->date.year != o->months[m].year ||
                    p->date.month != o->months[m].month)
                    continue;
                if (p->state == PAYMENT_UTBETALD && p->netto.given)
                    paid += p->netto.ore;
                else if (p->state == PAYMENT_UTBETALD ||
                         p->state == PAYMENT_OKAND)
                    unknown = true;
                else if (p->netto.given) {
                    announced += p->netto.ore;
                    some = true;
                }
            }
        const struct month_sum *sum = &o->sums_of[person * o->n_months + m];
        assert_int_equal(sum->netto.ore, paid);
        assert_int_equal(sum->vantas.given, some);
        assert_int_equal(sum->vantas.ore, announced);
        assert_false(sum->known && unknown);
        if (sum->known)
            for (int s = 0; s < SOURCE_COUNT; s++)
                assert_true(!source_row((enum source_id)s)->money ||
                            state_row(a->of[s].state)->whole);
        int64_t cells = 0; /* the rows add up to the month */
        for (int r = 0; r < o->n_rows; r++)
            if (o->rows[r]->person == person)
                cells += o->rows[r]->cell[m].sum.ore;
        assert_int_equal(cells, paid);
    }
    for (int s = 0; s < SOURCE_COUNT; s++)
        for (const struct payment *p = a->of[s].payments; p; p = p->next)
            if (date_none(p->date) && p->state == PAYMENT_UTBETALD &&
                p->netto.given)
                dateless += p->netto.ore;
    if (o->n_answers == 1)
        assert_int_equal(o->dateless.ore, dateless);
}

static void
rules_hold(const struct overview *o)
{
    for (int i = 0; i < o->n_rows; i++) {
        const struct month_row *r = o->rows[i];
        const struct source_answer *s = &o->answers[r->person]->of[r->source];
        for (int m = 0; m < o->n_months; m++)
            if (r->cell[m].kind == CELL_ZERO)
                assert_true(state_row(s->state)->whole ||
                            (s->state == STATE_DELSVAR && s->missing));
    }
    for (int i = 0; i < o->n_checks; i++) {
        const struct check *c = &o->checks[i];
        for (int s = 0; s < SOURCE_COUNT; s++)
            if (c->sources & SOURCE_BIT(s))
                assert_true(
                    state_row(o->answers[c->person]->of[s].state)->came);
        for (int k = 0; k < i; k++)
            assert_true(o->checks[k].key != c->key);
    }
}

static void
test_drawn_answers(void **state)
{
    (void)state;
    seed = 20261124;
    for (int turn = 0; turn < 3000; turn++) {
        struct answer *a = drawn(), *b = drawn();
        const struct answer *both[] = {a, b};
        struct overview *o = overview_new(both, 2, shipped_rules(), made_today);
        recount(o, a, 0);
        recount(o, b, 1);
        rules_hold(o);
        for (int m = 0; m < o->n_months; m++)
            assert_int_equal(o->sums[m].netto.ore,
                             o->sums_of[m].netto.ore +
                                 o->sums_of[o->n_months + m].netto.ore);
        overview_free(&o);
        o = overview_new(both, 1, shipped_rules(), made_today);
        recount(o, a, 0);
        overview_free(&o);
        answer_free(&a);
        answer_free(&b);
    }
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_the_drawn_example),
        cmocka_unit_test(test_edges_of_the_period),
        cmocka_unit_test(test_payments_without_date_or_amount),
        cmocka_unit_test(test_a_payment_without_date_may_be_of_any_month),
        cmocka_unit_test(test_a_date_out_of_reason_may_be_of_any_month),
        cmocka_unit_test(test_an_unnamed_gap_may_be_any_benefit),
        cmocka_unit_test(test_a_family_nobody_knows_may_hold_the_missing),
        cmocka_unit_test(test_pm_payment_is_summed_once),
        cmocka_unit_test(test_funds_are_rows_of_their_own),
        cmocka_unit_test(test_household),
        cmocka_unit_test(test_a_narrow_question_has_no_edge),
        cmocka_unit_test(test_drawn_answers),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
