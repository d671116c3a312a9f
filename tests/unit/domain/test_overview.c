/* SPDX-License-Identifier: EUPL-1.2
 *
 * Proves: month sums are the payments to the öre and edges, cells and rows
 * tell unknown from zero; each check comes when it should and stays away
 * where a side is unknown or a source failed. Answers drawn by a seeded
 * generator hold the sums and the rules against a plain second count. Leaves
 * out: how it is shown (present, screens).
 */
#include "config.h"

#include "domain/overview.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static const struct date today = {2026, 11, 24};

enum {
    ALL = SOURCE_ASKABLE,
    FK = SOURCE_BIT(SOURCE_FK),
    SO = SOURCE_BIT(SOURCE_SO)
};

/* An answer of November 2026 in which every asked source has said it has
 * nothing. */
static struct answer *
silent(source_set sources)
{
    struct question q = {.sources = sources,
                         .month = {2026, 11},
                         .period = {{2026, 9, 1}, {2026, 11, 30}},
                         .arende = "EK-2026-00417",
                         .asked_ms = 1};
    if (sources & FK)
        snprintf(q.lefi, sizeof q.lefi, "FK:ABB PM:AP FK:GEPI");
    struct answer *a = answer_new(&q);
    for (int i = 0; i < SOURCE_COUNT; i++)
        if (a->of[i].state == STATE_VANTAR)
            a->of[i].state = STATE_INGA_UPPGIFTER;
    return a;
}

static struct payment *
pay(struct answer *a, enum source_id id, const char *forman, const char *day,
    int64_t ore, const char *fran, const char *till)
{
    struct payment *p = arena_alloc(a->arena, sizeof *p);
    p->source = id;
    p->betalare = source_row(id)->authority;
    p->forman = forman;
    if (day)
        assert_true(date_read(&p->date, day));
    p->netto = (struct money){ore, true};
    p->fran = fran;
    p->till = till;
    p->next = a->of[id].payments;
    a->of[id].payments = p;
    if (a->of[id].state == STATE_INGA_UPPGIFTER)
        a->of[id].state = STATE_SVAR;
    return p;
}

static void
lacks(struct answer *a, enum source_id id, const char *kod, const char *namn)
{
    struct missing *m = arena_alloc(a->arena, sizeof *m);
    *m = (struct missing){a->of[id].missing, kod, namn, "INTERNT_FEL"};
    a->of[id].missing = m;
    a->of[id].state = STATE_DELSVAR;
}

static struct decision *
decide(struct answer *a, enum source_id id, const char *slag,
       const char *forman)
{
    struct decision *d = arena_alloc(a->arena, sizeof *d);
    d->source = id;
    d->slag = slag;
    d->forman = forman;
    d->next = a->of[id].decisions;
    a->of[id].decisions = d;
    a->of[id].state = STATE_SVAR;
    return d;
}

static struct overview *
see(const struct answer *a)
{
    return overview_new(&a, 1, today);
}

static const struct month_row *
row(const struct overview *o, const char *forman)
{
    for (int i = 0; i < o->n_rows; i++)
        if (!strcmp(o->rows[i]->forman, forman))
            return o->rows[i];
    fail_msg("no row %s", forman);
    return NULL;
}

static const struct check *
check(const struct overview *o, enum check_kind k)
{
    for (int i = 0; i < o->n_checks; i++)
        if (o->checks[i].kind == k)
            return &o->checks[i];
    return NULL;
}

static void
says(const struct overview *o, enum check_kind k, const char *text)
{
    const struct check *c = check(o, k);
    if (!c)
        fail_msg("no %s", check_word(k));
    else
        assert_string_equal(c->text, text);
}

static void
kinds(const struct month_row *r, const char *cells)
{
    for (int i = 0; cells[i];
         i++) /* # amount, 0 zero, ? unknown, . not asked */
        assert_int_equal("#0?."[r->cell[i].kind], cells[i]);
}

/* The household of UX 8, the applicant's half. */
static struct answer *
applicant(void)
{
    struct answer *a = silent(FK | SO | SOURCE_BIT(SOURCE_CSN));
    a->question.csn = (struct period){{2026, 7, 1}, {2026, 12, 31}};
    pay(a, SOURCE_FK, "Sjukpenning", "2026-09-25", 492000, "2026-09-01",
        "2026-09-15");
    pay(a, SOURCE_FK, "Barnbidrag", "2026-09-18", 265000, "2026-09", "2026-09");
    pay(a, SOURCE_FK, "Barnbidrag", "2026-10-20", 265000, "2026-10", "2026-10");
    pay(a, SOURCE_FK, "Barnbidrag", "2026-11-20", 265000, "2026-11", "2026-11");
    pay(a, SOURCE_FK, "Barnbidrag", "2026-12-18", 265000, "2026-12", "2026-12")
        ->state = PAYMENT_PRELIMINAR;
    struct payment *as = pay(a, SOURCE_FK, "Aktivitetsstöd", "2026-11-13",
                             118500, "2026-11-02", "2026-11-06");
    as->marks = MARK_KVITTNING;
    static const char *const kassa[][3] = {
        {"2026-10-16", "2026-09-28", "2026-10-09"},
        {"2026-10-30", "2026-10-12", "2026-10-23"},
        {"2026-11-13", "2026-10-26", "2026-11-06"}};
    for (int i = 0; i < 3; i++)
        pay(a, SOURCE_SO, "Arbetslöshetsersättning", kassa[i][0], 431000,
            kassa[i][1], kassa[i][2])
            ->betalare = "A-kassa Exempel";
    struct decision *d = decide(a, SOURCE_FK, "ansokan", "Föräldrapenning");
    d->utan_beslut = true;
    d->datum = (struct date){2026, 11, 12};
    lacks(a, SOURCE_FK, "FK:BOB", "Bostadsbidrag");
    return a;
}

static void
test_the_drawn_example(void **state)
{
    (void)state;
    struct answer *a = applicant();
    struct overview *o = see(a);
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
    kinds(row(o, "Bostadsbidrag"), "????");
    kinds(row(o, "Barnbidrag"), "###.");
    kinds(row(o, "Sjukpenning"), "#00.");
    kinds(row(o, "Aktivitetsstöd"), "00#.");
    kinds(row(o, "Arbetslöshetsersättning"), "0##.");
    assert_true(row(o, "Bostadsbidrag")->missing);
    says(o, CHECK_EJ_KVAR, "Sjukpenning: 4 920 kr i sep, 0 kr i okt");
    says(o, CHECK_NYTT, "A-kassa Exempel: 0 kr i sep, 8 620 kr i okt");
    says(o, CHECK_LUCKA,
         "Inget från källorna 09-16 - 09-27. Lön syns inte här.");
    says(o, CHECK_DUBBELT,
         "Aktivitetsstöd och A-kassa Exempel, samma dagar 11-02 - 11-06");
    says(o, CHECK_ANSOKT, "Föräldrapenning söktes 11-12, inget beslut än");
    says(o, CHECK_AVDRAG, "Aktivitetsstöd 11-13: kvittning");
    assert_int_equal(o->n_checks, 6);
    for (int i = 1; i < o->n_checks; i++)
        assert_true(o->checks[i - 1].kind <= o->checks[i].kind);
    overview_free(&o);
    answer_free(&a);
}

/* One benefit with so much (öre) in M-2 and M-1; 0: no payment. */
static struct overview *
two_months(struct answer **a, const char *forman, int64_t before, int64_t after)
{
    *a = silent(FK);
    if (before)
        pay(*a, SOURCE_FK, forman, "2026-09-20", before, NULL, NULL);
    if (after)
        pay(*a, SOURCE_FK, forman, "2026-10-20", after, NULL, NULL);
    return see(*a);
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
            says(o, CHECK_ANDRAT, rows[i].text);
        else
            assert_null(check(o, CHECK_ANDRAT));
        assert_null(check(o, CHECK_NYTT));
        assert_null(check(o, CHECK_EJ_KVAR));
        overview_free(&o);
        answer_free(&a);
    }
}

static void
test_change_in_numbers(void **state)
{
    (void)state;
    struct month_cell amount = {CELL_AMOUNT, {100000, true}};
    struct month_cell more = {CELL_AMOUNT, {100500, true}};
    struct month_cell zero = {CELL_ZERO, {0}}, unknown = {CELL_UNKNOWN, {0}},
                      other = {CELL_NOT_ASKED, {0}};
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
    struct month_cell most = {CELL_AMOUNT, {MONEY_MAX_ORE, true}};
    struct month_cell least = {CELL_AMOUNT, {1, true}};
    assert_true(overview_change(&least, &most, &kr, &percent, &has));
    assert_int_equal(percent, 999999);
}

static void
test_unknown_gives_no_word(void **state)
{
    (void)state;
    for (int s = 0; s < STATE_COUNT; s++) {
        struct answer *a = silent(FK | SO);
        pay(a, SOURCE_FK, "Sjukpenning", "2026-09-25", 492000, "2026-09-01",
            "2026-09-10");
        a->of[SOURCE_FK].payments->marks = MARK_RETRO | MARK_NOLL;
        decide(a, SOURCE_FK, "avstangning", "x");
        a->of[SOURCE_FK].state = (enum source_state)s;
        struct overview *o = see(a);
        const struct month_row *r = row(o, "Sjukpenning");
        bool whole = state_row(a->of[SOURCE_FK].state)->whole;
        assert_int_equal(r->cell[1].kind, whole ? CELL_ZERO : CELL_UNKNOWN);
        assert_int_equal(check(o, CHECK_EJ_KVAR) != NULL, whole);
        assert_int_equal(check(o, CHECK_LUCKA) != NULL, whole);
        assert_int_equal(o->sums[0].known, whole);
        bool came = state_row(a->of[SOURCE_FK].state)->came;
        assert_int_equal(check(o, CHECK_RETRO) != NULL, came);
        assert_int_equal(check(o, CHECK_AVSTANGD) != NULL, came);
        overview_free(&o);
        answer_free(&a);
    }
    /* reported missing: no word although payments are there */
    struct answer *a = silent(FK);
    pay(a, SOURCE_FK, "Bostadsbidrag", "2026-09-25", 100, NULL, NULL);
    lacks(a, SOURCE_FK, "FK:BOB", "Bostadsbidrag");
    lacks(a, SOURCE_FK, "FK:BOB", "Bostadsbidrag");
    struct overview *o = see(a);
    assert_int_equal(o->n_rows, 1);
    kinds(o->rows[0], "???");
    assert_int_equal(o->n_checks, 0);
    overview_free(&o);
    answer_free(&a);
    /* Sjukpenning is paid as Dagersättning: neither zero nor a word */
    a = silent(FK);
    pay(a, SOURCE_FK, "Dagersättning", "2026-09-25", 100, NULL, NULL);
    lacks(a, SOURCE_FK, "FK:SJP", "Sjukpenning");
    o = see(a);
    kinds(row(o, "Dagersättning"), "#??");
    assert_int_equal(o->n_checks, 0);
    overview_free(&o);
    answer_free(&a);
    /* GEPI is no benefit and has no row */
    a = silent(FK);
    lacks(a, SOURCE_FK, "FK:GEPI", "Generell personinformation");
    o = see(a);
    assert_int_equal(o->n_rows, 0);
    assert_false(o->sums[0].known);
    overview_free(&o);
    answer_free(&a);
}

static void
test_comparison_waits(void **state)
{
    (void)state;
    struct answer *a = silent(FK | SO);
    pay(a, SOURCE_FK, "Sjukpenning", "2026-09-25", 492000, "2026-09-01",
        "2026-09-10");
    const struct answer *one = a;
    struct overview *o = overview_new(&one, 1, (struct date){2026, 10, 31});
    assert_null(check(o, CHECK_EJ_KVAR));
    assert_null(check(o, CHECK_LUCKA));
    overview_free(&o);
    o = overview_new(&one, 1, (struct date){2026, 11, 1});
    assert_non_null(check(o, CHECK_EJ_KVAR));
    /* payments lag: only days a fortnight back count as a gap */
    const struct check *gap = check(o, CHECK_LUCKA);
    assert_non_null(gap);
    assert_int_equal(date_compare(gap->to, (struct date){2026, 10, 18}), 0);
    overview_free(&o);
    answer_free(&a);
}

static void
test_edges_of_the_period(void **state)
{
    (void)state;
    struct answer *a = silent(FK | SOURCE_BIT(SOURCE_CSN));
    a->question.month = (struct month){0};
    a->question.period = (struct period){{2026, 1, 15}, {2026, 3, 31}};
    a->question.csn = (struct period){{2026, 1, 1}, {2026, 6, 30}};
    pay(a, SOURCE_FK, "Barnbidrag", "2026-02-20", 100, NULL, NULL);
    pay(a, SOURCE_CSN, "Studiemedel", "2026-05-25", 200, NULL, NULL);
    struct overview *o = see(a);
    assert_int_equal(o->n_months, 4);    /* Jan, Feb, Mar and May */
    kinds(row(o, "Barnbidrag"), "?#0."); /* half of January only */
    kinds(row(o, "Studiemedel"), "000#");
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
    struct answer *a = silent(FK);
    pay(a, SOURCE_FK, "A", NULL, 500, NULL, NULL);
    pay(a, SOURCE_FK, "A", NULL, 700, NULL, NULL)->state = PAYMENT_PLANERAD;
    pay(a, SOURCE_FK, "A", "0001-01-01", 11, NULL, NULL); /* hostile year */
    pay(a, SOURCE_FK, "B", "2026-09-02", 100, NULL, NULL);
    pay(a, SOURCE_FK, "B", "2026-09-03", 0, NULL, NULL)->netto = MONEY_NONE;
    pay(a, SOURCE_FK, "C", "2026-10-03", 9, NULL, NULL)->state = PAYMENT_OKAND;
    struct overview *o = see(a);
    assert_int_equal(o->n_dateless, 2);
    assert_int_equal(o->dateless.ore, 511);
    kinds(row(o, "B"), "?00");
    kinds(row(o, "C"), "0?0");
    assert_int_equal(o->sums[0].netto.ore, 100);
    assert_false(o->sums[0].known);
    assert_int_equal(o->sums[1].netto.ore, 0);
    assert_false(o->sums[1].known);
    assert_true(o->sums[2].known);
    overview_free(&o);
    answer_free(&a);
}

static void
test_pm_payment_is_summed_once(void **state)
{
    (void)state;
    struct answer *a = silent(FK);
    pay(a, SOURCE_PM, "Allmän pension", "2026-10-18", 1400900, NULL, NULL);
    pay(a, SOURCE_FK, "Pension", "2026-10-18", 1400900, NULL, NULL)->betalare =
        "Pensionsmyndigheten";
    answer_sort(a);
    struct overview *o = see(a);
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
    struct answer *a = silent(SO);
    pay(a, SOURCE_SO, "Arbetslöshetsersättning", "2026-10-01", 100, NULL, NULL)
        ->betalare = "Kassa B";
    pay(a, SOURCE_SO, "Arbetslöshetsersättning", "2026-10-02", 100, NULL, NULL)
        ->betalare = "Kassa A";
    pay(a, SOURCE_SO, "arbetslöshetsersättning", "2026-10-02", 100, NULL, NULL)
        ->betalare = " kassa a ";
    lacks(a, SOURCE_SO, "Kassa C", "Kassa C");
    struct overview *o = see(a);
    assert_int_equal(o->n_rows, 3);
    assert_int_equal(o->rows[0]->cell[1].sum.ore, 200);
    assert_string_equal(o->rows[1]->betalare, "Kassa B");
    assert_string_equal(o->rows[2]->betalare, "Kassa C");
    kinds(o->rows[2], "???");
    overview_free(&o);
    answer_free(&a);
}

static void
test_household(void **state)
{
    (void)state;
    struct answer *a = applicant(), *b = silent(FK | SO);
    b->question.roll = ROLL_MEDSOKANDE;
    for (int s = 0; s < SOURCE_COUNT; s++)
        if (b->of[s].state == STATE_INGA_UPPGIFTER)
            b->of[s].state = STATE_TIDSGRANS;
    const struct answer *both[] = {a, b};
    struct overview *o = overview_new(both, 2, today);
    int absent = 0;
    for (int i = 0; i < o->n_rows; i++)
        if (o->rows[i]->person == 1) {
            kinds(o->rows[i], "????");
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
    struct answer *a = silent(ALL);
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
    decide(a, SOURCE_MIV, "tillstand", "Uppehållstillstånd")->till = permit;
    struct decision *d =
        decide(a, SOURCE_SO, "avstangning", "Arbetslöshetsersättning");
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
    struct overview *o = see(a);
    says(o, CHECK_FORDON, "1 fordon i svaret: ABC001 Volvo");
    says(o, CHECK_KAPITAL, "Kapital, taxeringsår 2026: intäkter 14 kr");
    says(o, CHECK_TILLSTAND,
         "Tillståndet i svaret går ut 2027-01-31, om 68 dagar");
    says(o, CHECK_AVLIDEN,
         "Enligt Försäkringskassan har personen avlidit 2026-10-02");
    says(o, CHECK_AVSTANGD, "A-kassa Exempel: avstängd från 10-01");
    assert_null(check(o, CHECK_NAMN)); /* the same words */
    uint64_t key = check(o, CHECK_TILLSTAND)->key;
    overview_free(&o);
    const struct answer *one = a;
    o = overview_new(&one, 1, (struct date){2026, 11, 25});
    assert_true(check(o, CHECK_TILLSTAND)->key == key); /* the same fact */
    overview_free(&o);
    a->of[SOURCE_TNS].state = STATE_FEL;
    a->of[SOURCE_SKV].state = STATE_OLASLIGT;
    a->of[SOURCE_FK].state = STATE_TIDSGRANS;
    a->of[SOURCE_MIV].state = STATE_SAKNAS;
    a->of[SOURCE_SO].state = STATE_AVBRUTEN;
    o = see(a); /* failed sources give no check */
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
    struct overview *o = see(a);
    assert_null(check(o, CHECK_TILLSTAND)); /* 91 days */
    assert_null(check(o, CHECK_AVLIDEN));
    says(o, CHECK_NAMN,
         "Försäkringskassan och Skatteverket har olika namn på personen");
    overview_free(&o);
    a->of[SOURCE_MIV].decisions->till = (struct date){2027, 2, 22};
    o = see(a);
    assert_non_null(check(o, CHECK_TILLSTAND)); /* 90 days */
    overview_free(&o);
    decide(a, SOURCE_MIV, "tillstand", "PUT")->lage = "beviljat, permanent";
    o = see(a);
    assert_null(check(o, CHECK_TILLSTAND)); /* without an end */
    overview_free(&o);
    answer_free(&a);
}

static void
test_checks_of_payments(void **state)
{
    (void)state;
    struct answer *a = silent(FK | SOURCE_BIT(SOURCE_CSN));
    struct payment *p = pay(a, SOURCE_FK, "Sjukpenning", "2026-11-25", -81200,
                            "2026-02-20", "2026-02-22");
    p->marks = MARK_RETRO | MARK_NOLL;
    for (int i = 0; i < 2; i++) {
        p = pay(a, SOURCE_CSN, "Studiemedel", i ? "2026-10-23" : "2026-09-25",
                1124600, NULL, NULL);
        p->marks = MARK_LAN | MARK_UTMATNING;
        p->lan = money_kronor(7088);
    }
    struct overview *o = see(a);
    says(o, CHECK_RETRO,
         "Sjukpenning 11-25: avser tidigare period 02-20 - 02-22");
    says(o, CHECK_NOLL, "Sjukpenning 11-25: -812 kr utbetalt");
    says(o, CHECK_LAN,
         "Studiemedel 09-25 - 10-23 (2 utbetalningar): lån "
         "14 176 kr ingår i beloppet");
    says(o, CHECK_AVDRAG,
         "Studiemedel 09-25 - 10-23 (2 utbetalningar): utmätning");
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
    struct answer *a = silent(ALL);
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
        struct payment *p = pay(a, id, formaner[rnd(4)], rnd(8) ? day : NULL,
                                (int64_t)rnd(2000000) - 100000, NULL, NULL);
        p->state = rnd(3) ? PAYMENT_UTBETALD : rnd(PAYMENT_STATE_COUNT);
        if (rnd(6) == 0)
            p->netto = MONEY_NONE;
        if (id == SOURCE_SO && rnd(2))
            p->betalare = "Kassa";
        if (id == SOURCE_FK && rnd(4) == 0) { /* PM reports it too */
            struct payment *t =
                pay(a, SOURCE_PM, p->forman, NULL, p->netto.ore, NULL, NULL);
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
        struct overview *o = overview_new(both, 2, today);
        recount(o, a, 0);
        recount(o, b, 1);
        rules_hold(o);
        for (int m = 0; m < o->n_months; m++)
            assert_int_equal(o->sums[m].netto.ore,
                             o->sums_of[m].netto.ore +
                                 o->sums_of[o->n_months + m].netto.ore);
        overview_free(&o);
        o = overview_new(both, 1, today);
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
        cmocka_unit_test(test_thresholds),
        cmocka_unit_test(test_change_in_numbers),
        cmocka_unit_test(test_unknown_gives_no_word),
        cmocka_unit_test(test_comparison_waits),
        cmocka_unit_test(test_edges_of_the_period),
        cmocka_unit_test(test_payments_without_date_or_amount),
        cmocka_unit_test(test_pm_payment_is_summed_once),
        cmocka_unit_test(test_funds_are_rows_of_their_own),
        cmocka_unit_test(test_household),
        cmocka_unit_test(test_checks_of_facts),
        cmocka_unit_test(test_names_and_permits),
        cmocka_unit_test(test_checks_of_payments),
        cmocka_unit_test(test_drawn_answers),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
