/* SPDX-License-Identifier: EUPL-1.2
 *
 * Proves: each check comes when it should, with its words, and stays away
 * where a side is unknown, a source failed or the month is not over. Leaves
 * out: months and sums (test_overview).
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

/* One benefit with so much (öre) in M-2 and M-1; 0: no payment. */
static struct overview *
two_months(struct answer **a, const char *forman, int64_t before, int64_t after)
{
    *a = made_silent(FK);
    if (before)
        made_pay(*a, SOURCE_FK, forman, "2026-09-20", before, NULL, NULL);
    if (after)
        made_pay(*a, SOURCE_FK, forman, "2026-10-20", after, NULL, NULL);
    return made_overview(*a);
}

static void
test_thresholds(void **state)
{
    (void)state;
    static const struct {
        const char *forman;
        int64_t before, after;
        const char *text; /* NULL: no word */
    } rows[] = {
        {"Sjukpenning", 615000, 492000,
         "Sjukpenning: 6 150 kr i sep, 4 920 kr i okt, -20 %"},
        {"Sjukpenning", 100000, 112000, NULL}, /* 12 is not above 12 */
        {"Sjukpenning", 100000, 112400, NULL}, /* rounds to 12 */
        {"Sjukpenning", 100000, 112500,
         "Sjukpenning: 1 000 kr i sep, 1 125 kr i okt, 13 %"},
        {"Sjukpenning", 100000, 87600, NULL},
        {"Sjukpenning", 100000, 87500,
         "Sjukpenning: 1 000 kr i sep, 875 kr i okt, -13 %"},
        {"Sjukpenning", 100000, 100000, NULL},
        {"Sjukpenning", -81200, 923400, NULL}, /* no percent below zero */
        {"Barnbidrag", 125000, 125500,
         "Barnbidrag: 1 250 kr i sep, 1 255 kr i okt"},
        {"barnbidrag ", 125000, 125001,
         "barnbidrag : 1 250,00 kr i sep, 1 250,01 kr i okt"},
        {"Barnbidrag", 125000, 125000, NULL},
        {"Barnbidrag", -100, 100, "Barnbidrag: -1 kr i sep, 1 kr i okt"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct answer *a;
        struct overview *o =
            two_months(&a, rows[i].forman, rows[i].before, rows[i].after);
        if (rows[i].text)
            made_says(o, CHECK_ANDRAT, rows[i].text);
        else
            assert_null(made_check(o, CHECK_ANDRAT));
        assert_null(made_check(o, CHECK_NYTT));
        assert_null(made_check(o, CHECK_EJ_KVAR));
        overview_free(&o);
        answer_free(&a);
    }
}

static void
test_change_in_numbers(void **state)
{
    (void)state;
    struct month_cell amount = {.kind = CELL_AMOUNT, .sum = {100000, true}};
    struct month_cell more = {.kind = CELL_AMOUNT, .sum = {100500, true}};
    struct month_cell zero = {.kind = CELL_ZERO},
                      unknown = {.kind = CELL_UNKNOWN},
                      other = {.kind = CELL_NOT_ASKED};
    struct money kr;
    int percent;
    bool has;
    assert_true(overview_change(&amount, &more, &kr, &percent, &has));
    assert_int_equal(kr.ore, 500);
    assert_int_equal(percent, 1); /* 0.5 rounds up */
    assert_true(overview_change(&zero, &more, &kr, &percent, &has));
    assert_false(has);
    assert_int_equal(kr.ore, 100500);
    assert_true(overview_change(&amount, &zero, &kr, &percent, &has));
    assert_int_equal(percent, -100);
    assert_false(overview_change(&unknown, &more, &kr, &percent, &has));
    assert_false(overview_change(&amount, &other, &kr, &percent, &has));
    struct month_cell most = {.kind = CELL_AMOUNT,
                              .sum = {MONEY_MAX_ORE, true}};
    struct month_cell least = {.kind = CELL_AMOUNT, .sum = {1, true}};
    assert_true(overview_change(&least, &most, &kr, &percent, &has));
    assert_int_equal(percent, 999999);
}

static void
test_unknown_gives_no_word(void **state)
{
    (void)state;
    for (int s = 0; s < STATE_COUNT; s++) {
        struct answer *a = made_silent(FK | SO);
        made_pay(a, SOURCE_FK, "Sjukpenning", "2026-09-25", 492000,
                 "2026-09-01", "2026-09-10");
        a->of[SOURCE_FK].payments->marks = MARK_RETRO | MARK_NOLL;
        made_decision(a, SOURCE_FK, "avstangning", "x");
        a->of[SOURCE_FK].state = (enum source_state)s;
        struct overview *o = made_overview(a);
        const struct month_row *r = made_row(o, "Sjukpenning");
        bool whole = state_row(a->of[SOURCE_FK].state)->whole;
        assert_int_equal(r->cell[1].kind, whole ? CELL_ZERO : CELL_UNKNOWN);
        assert_int_equal(made_check(o, CHECK_EJ_KVAR) != NULL, whole);
        assert_int_equal(made_check(o, CHECK_LUCKA) != NULL, whole);
        assert_int_equal(o->sums[0].known, whole);
        bool came = state_row(a->of[SOURCE_FK].state)->came;
        assert_int_equal(made_check(o, CHECK_RETRO) != NULL, came);
        assert_int_equal(made_check(o, CHECK_AVSTANGD) != NULL, came);
        overview_free(&o);
        answer_free(&a);
    }
    /* reported missing: no word although payments are there */
    struct answer *a = made_silent(FK);
    made_pay(a, SOURCE_FK, "Bostadsbidrag", "2026-09-25", 100, NULL, NULL);
    made_lacks(a, SOURCE_FK, "FK:BOB", "Bostadsbidrag");
    made_lacks(a, SOURCE_FK, "FK:BOB", "Bostadsbidrag");
    struct overview *o = made_overview(a);
    assert_int_equal(o->n_rows, 1);
    made_cells(o->rows[0], "???");
    assert_int_equal(o->n_checks, 0);
    overview_free(&o);
    answer_free(&a);
    /* Sjukpenning is paid as Dagersättning: neither zero nor a word */
    a = made_silent(FK);
    made_pay(a, SOURCE_FK, "Dagersättning", "2026-09-25", 100, NULL, NULL);
    made_lacks(a, SOURCE_FK, "FK:SJP", "Sjukpenning");
    o = made_overview(a);
    made_cells(made_row(o, "Dagersättning"), "#??");
    assert_int_equal(o->n_checks, 0);
    overview_free(&o);
    answer_free(&a);
    /* GEPI is no benefit and has no row */
    a = made_silent(FK);
    made_lacks(a, SOURCE_FK, "FK:GEPI", "Generell personinformation");
    o = made_overview(a);
    assert_int_equal(o->n_rows, 0);
    assert_false(o->sums[0].known);
    overview_free(&o);
    answer_free(&a);
}

static void
test_comparison_waits(void **state)
{
    (void)state;
    struct answer *a = made_silent(FK | SO);
    made_pay(a, SOURCE_FK, "Sjukpenning", "2026-09-25", 492000, "2026-09-01",
             "2026-09-10");
    const struct answer *one = a;
    struct overview *o =
        overview_new(&one, 1, shipped_rules(), (struct date){2026, 10, 31});
    assert_null(made_check(o, CHECK_EJ_KVAR));
    assert_null(made_check(o, CHECK_LUCKA));
    overview_free(&o);
    o = overview_new(&one, 1, shipped_rules(), (struct date){2026, 11, 1});
    assert_non_null(made_check(o, CHECK_EJ_KVAR));
    /* payments lag: only days a fortnight back count as a gap */
    const struct check *gap = made_check(o, CHECK_LUCKA);
    assert_non_null(gap);
    assert_int_equal(date_compare(gap->to, (struct date){2026, 10, 18}), 0);
    overview_free(&o);
    answer_free(&a);
}

static struct fact *
add(struct answer *a, struct fact *to, enum fact_kind k, const char *name,
    const char *text)
{
    struct fact *f = fact_new(a->arena, k, name, text);
    if (to)
        fact_add(to, f);
    return f;
}

/* An answer with a vehicle, capital, a name from two sources (FK's is
 * `namn`), a date of death and a permit. */
static struct answer *
with_facts(const char *namn, const char *avled, struct date permit)
{
    struct answer *a = made_silent(ALL);
    struct fact *top = add(a, NULL, FACT_OBJECT, NULL, NULL);
    struct fact *own = add(a, top, FACT_OBJECT, "fordonsinnehav", NULL);
    struct fact *list = add(a, own, FACT_LIST, "fordon", NULL);
    struct fact *car = add(a, list, FACT_OBJECT, NULL, NULL);
    add(a, car, FACT_TEXT, "regnr", "ABC001");
    add(a, car, FACT_TEXT, "fabrikat", "Volvo");
    a->of[SOURCE_TNS].facts = top;
    top = add(a, NULL, FACT_OBJECT, NULL, NULL);
    list = add(a, top, FACT_LIST, "Personuppgift", NULL);
    struct fact *person = add(a, list, FACT_OBJECT, NULL, NULL);
    add(a, person, FACT_TEXT, "Fornamn", "Maj-Britt Eva");
    add(a, person, FACT_TEXT, "Efternamn", "Lindqvist");
    list = add(a, person, FACT_LIST, "Kapitaluppgift", NULL);
    struct fact *k = add(a, list, FACT_OBJECT, NULL, NULL);
    add(a, k, FACT_TEXT, "Taxeringsar", "2026");
    add(a, k, FACT_TEXT, "SummaIntakterPaKapital", "14");
    add(a, k, FACT_TEXT, "OverskottPaKapital", "0");
    a->of[SOURCE_SKV].facts = top;
    top = add(a, NULL, FACT_OBJECT, NULL, NULL);
    list = add(a, top, FACT_LIST, "generellPersoninformation", NULL);
    struct fact *info = add(a, list, FACT_OBJECT, NULL, NULL);
    add(a, info, FACT_TEXT, "namn", namn);
    add(a, info, FACT_TEXT, "avled", avled);
    a->of[SOURCE_FK].facts = top;
    made_decision(a, SOURCE_MIV, "tillstand", "Uppehållstillstånd")->till =
        permit;
    struct decision *d =
        made_decision(a, SOURCE_SO, "avstangning", "Arbetslöshetsersättning");
    d->fran = (struct date){2026, 10, 1};
    d->lage = "A-kassa Exempel";
    return a;
}

static void
test_checks_of_facts(void **state)
{
    (void)state;
    struct answer *a = with_facts("LINDQVIST, Maj-Britt", "2026-10-02",
                                  (struct date){2027, 1, 31});
    struct overview *o = made_overview(a);
    made_says(o, CHECK_FORDON, "1 fordon i svaret: ABC001 Volvo");
    made_says(o, CHECK_KAPITAL, "Kapital, taxeringsår 2026: intäkter 14 kr");
    made_says(o, CHECK_TILLSTAND,
              "Tillståndet i svaret går ut 2027-01-31, om 68 dagar");
    made_says(o, CHECK_AVLIDEN,
              "Enligt Försäkringskassan har personen avlidit 2026-10-02");
    made_says(o, CHECK_AVSTANGD, "A-kassa Exempel: avstängd från 10-01");
    assert_null(made_check(o, CHECK_NAMN)); /* the same words */
    uint64_t key = made_check(o, CHECK_TILLSTAND)->key;
    overview_free(&o);
    const struct answer *one = a;
    o = overview_new(&one, 1, shipped_rules(), (struct date){2026, 11, 25});
    assert_true(made_check(o, CHECK_TILLSTAND)->key == key); /* the same fact */
    overview_free(&o);
    a->of[SOURCE_TNS].state = STATE_FEL;
    a->of[SOURCE_SKV].state = STATE_OLASLIGT;
    a->of[SOURCE_FK].state = STATE_TIDSGRANS;
    a->of[SOURCE_MIV].state = STATE_SAKNAS;
    a->of[SOURCE_SO].state = STATE_AVBRUTEN;
    o = made_overview(a); /* failed sources give no check */
    assert_int_equal(o->n_checks, 0);
    overview_free(&o);
    answer_free(&a);
}

static void
test_names_and_permits(void **state)
{
    (void)state;
    struct answer *a =
        with_facts("Maj Lindkvist", "", (struct date){2027, 2, 23});
    struct overview *o = made_overview(a);
    assert_null(made_check(o, CHECK_TILLSTAND)); /* 91 days */
    assert_null(made_check(o, CHECK_AVLIDEN));
    made_says(o, CHECK_NAMN,
              "Försäkringskassan och Skatteverket har olika namn på personen");
    overview_free(&o);
    a->of[SOURCE_MIV].decisions->till = (struct date){2027, 2, 22};
    o = made_overview(a);
    assert_non_null(made_check(o, CHECK_TILLSTAND)); /* 90 days */
    overview_free(&o);
    made_decision(a, SOURCE_MIV, "tillstand", "PUT")->lage =
        "beviljat, permanent";
    o = made_overview(a);
    assert_null(made_check(o, CHECK_TILLSTAND)); /* without an end */
    overview_free(&o);
    answer_free(&a);
}

static void
test_checks_of_payments(void **state)
{
    (void)state;
    struct answer *a = made_silent(FK | SOURCE_BIT(SOURCE_CSN));
    struct payment *p = made_pay(a, SOURCE_FK, "Sjukpenning", "2026-11-25",
                                 -81200, "2026-02-20", "2026-02-22");
    p->marks = MARK_RETRO | MARK_NOLL;
    for (int i = 0; i < 2; i++) {
        p = made_pay(a, SOURCE_CSN, "Studiemedel",
                     i ? "2026-10-23" : "2026-09-25", 1124600, NULL, NULL);
        p->marks = MARK_LAN | MARK_UTMATNING;
        p->lan = money_kronor(7088);
    }
    struct overview *o = made_overview(a);
    made_says(o, CHECK_RETRO,
              "Sjukpenning 11-25: avser tidigare period 02-20 - 02-22");
    made_says(o, CHECK_NOLL, "Sjukpenning 11-25: -812 kr utbetalt");
    made_says(o, CHECK_LAN,
              "Studiemedel 09-25 - 10-23 (2 utbetalningar): lån "
              "14 176 kr ingår i beloppet");
    made_says(o, CHECK_AVDRAG,
              "Studiemedel 09-25 - 10-23 (2 utbetalningar): utmätning");
    overview_free(&o);
    answer_free(&a);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_thresholds),
        cmocka_unit_test(test_change_in_numbers),
        cmocka_unit_test(test_unknown_gives_no_word),
        cmocka_unit_test(test_comparison_waits),
        cmocka_unit_test(test_checks_of_facts),
        cmocka_unit_test(test_names_and_permits),
        cmocka_unit_test(test_checks_of_payments),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
