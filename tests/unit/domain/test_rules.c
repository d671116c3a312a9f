/* SPDX-License-Identifier: EUPL-1.2
 *
 * Proves: the shipped thresholds are INCOME's, a municipality's own file goes
 * over them value by value and a fault in it names file and line; each
 * threshold from both sides of its edge. Leaves out: texts of the checks
 * (test_checks).
 */
#include "config.h"

#include "tests/lib/rules.h"
#include "tests/unit/domain/made.h"

#include "domain/rules.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

static char own[64];

static int
make_file(void **state)
{
    (void)state;
    snprintf(own, sizeof own, "/tmp/enfraga-rules-XXXXXX");
    int fd = mkstemp(own);
    return fd < 0 || close(fd);
}

static int
remove_file(void **state)
{
    (void)state;
    return unlink(own);
}

static enum err_code
load(struct rules **r, const char *text, struct err *e)
{
    const char *data = getenv("ENFRAGA_DATA");
    FILE *f = fopen(own, "w");
    assert_non_null(f);
    fputs(text, f);
    assert_int_equal(fclose(f), 0);
    *e = (struct err){0};
    return rules_load(r, data ? data : "data", own, e);
}

static struct rules *
with(const char *text)
{
    struct rules *r;
    struct err e;
    if (load(&r, text, &e))
        fail_msg("%s", e.text);
    return r;
}

static void
test_shipped(void **state)
{
    (void)state;
    const struct rules *r = shipped_rules();
    static const struct rules *const none;
    assert_int_equal(rules_limit(r, RULE_PERCENT), 12);
    assert_int_equal(rules_limit(r, RULE_TILLSTAND_DAYS), 90);
    for (int i = 0; i < RULE_LIMITS; i++) /* the file is the preset */
        assert_int_equal(rules_limit(r, i), rules_limit(none, i));
    assert_int_equal(rules_percent(r, "barnbidrag"), 0);
    assert_int_equal(rules_percent(r, "sjukpenning"), 12);
    assert_int_equal(rules_percent(none, "barnbidrag"), 12);
    assert_false(rules_support(r, "bostadsbidrag"));
    assert_true(rules_support(r, "sjukpenning"));
    assert_true(rules_support(none, "bostadsbidrag"));
    const struct rule *f = rules_forman(r, "studiehjälp");
    assert_non_null(f);
    assert_int_equal(f->month, 10);
    assert_int_equal(f->paid, 6);
    assert_int_equal(f->due, 9);
    assert_string_equal(rules_forman(r, "sjukersättning")->koder, "FK:SA");
    assert_null(rules_forman(r, "sjukpenning"));
}

static void
test_own_file_goes_over(void **state)
{
    (void)state;
    struct rules *r = with("[kontroller]\nandring_procent = 20\n"
                           "[BARNBIDRAG]\nandring_procent = 5\n"
                           "[Nytt bidrag]\nforsorjning = nej\n"
                           "koder = FK:ABB PM:AP\n");
    assert_int_equal(rules_limit(r, RULE_PERCENT), 20);
    assert_int_equal(rules_limit(r, RULE_LUCKA_DAYS), 7); /* as shipped */
    assert_int_equal(rules_percent(r, "barnbidrag"), 5);
    assert_false(rules_support(r, "barnbidrag"));
    assert_int_equal(rules_percent(r, "nytt bidrag"), 20);
    assert_false(rules_support(r, "nytt bidrag"));
    assert_string_equal(rules_forman(r, "nytt bidrag")->koder, "FK:ABB PM:AP");
    AUTO_BUF(text, 65536);
    AUTO_BUF(shipped, 65536);
    rules_text(&text, r);
    rules_text(&shipped, shipped_rules());
    assert_string_not_equal(buf_str(&text), buf_str(&shipped));
    rules_free(&r);
    assert_null(r);
}

static void
test_faults_are_named(void **state)
{
    (void)state;
    static const struct {
        const char *text, *says;
    } rows[] = {
        {"[kontroller]\nandring_procent = 1001\n", "line 2"},
        {"[kontroller]\nandring_procent = -1\n", "line 2"},
        {"[kontroller]\nandring_procent = 12,5\n", "12,5"},
        {"[kontroller]\nandring_procent =\n", "line 2"},
        {"[kontroller]\nlucka_dagar = 0\n", "lucka_dagar"},
        {"[kontroller]\nnytt = 1\n", "nytt"},
        {"[Barnbidrag]\nforsorjning = kanske\n", "kanske"},
        {"[Barnbidrag]\nkoder = FK:ABB FK:XYZ\n", "FK:XYZ"},
        {"[Barnbidrag]\nmanad = 13\n", "manad"},
        {"[Barnbidrag]\nmanad = 10\n", "Barnbidrag"},
        {"[Barnbidrag]\nprocent = 1\n", "procent"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct rules *r;
        struct err e;
        assert_int_equal(load(&r, rows[i].text, &e), ERR_CONFIG);
        assert_null(r);
        if (!strstr(e.text, rows[i].says))
            fail_msg("%s: %s", rows[i].text, e.text);
    }
    struct rules *r;
    struct err e = {0};
    assert_int_equal(rules_load(&r, "/nowhere", NULL, &e), ERR_CONFIG);
    const char *data = getenv("ENFRAGA_DATA");
    assert_int_equal(
        rules_load(&r, data ? data : "data", "/nowhere/own.ini", &e),
        ERR_CONFIG);
    assert_null(r);
}

/* Which of two kinds comes for one benefit's M-2 and M-1. */
static bool
changes(const struct rules *r, const char *forman, int64_t before,
        int64_t after)
{
    struct answer *a = made_silent(FK);
    const struct answer *one = a;
    if (before)
        made_pay(a, SOURCE_FK, forman, "2026-09-20", before, NULL, NULL);
    if (after)
        made_pay(a, SOURCE_FK, forman, "2026-10-20", after, NULL, NULL);
    struct overview *o = overview_new(&one, 1, r, made_today);
    bool said = made_check(o, CHECK_ANDRAT) != NULL;
    overview_free(&o);
    answer_free(&a);
    return said;
}

static void
test_change_has_its_edge(void **state)
{
    (void)state;
    struct rules *r = with("[kontroller]\nandring_procent = 20\n"
                           "[Exakt]\nandring_procent = 0\n"
                           "[Egen]\nandring_procent = 50\n"
                           "[Allt]\nandring_procent = 1000\n");
    static const struct {
        const char *forman;
        int64_t before, after;
        bool said;
    } rows[] = {
        {"Sjukpenning", 100000, 120000, false}, /* 20 is not above 20 */
        {"Sjukpenning", 100000, 120499, false}, /* 20.499 rounds to 20 */
        {"Sjukpenning", 100000, 120500, true},  /* 20.5 rounds to 21 */
        {"Sjukpenning", 100000, 79501, false},
        {"Sjukpenning", 100000, 79500, true},
        {"Egen", 100000, 150000, false},
        {"Egen", 100000, 150500, true},
        {"Exakt", 125000, 125001, true}, /* rounds to 0 %, and is not equal */
        {"Exakt", 125000, 125000, false},
        {"Allt", 100, 1100, false},
        {"Allt", 100, 1101, true},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        if (changes(r, rows[i].forman, rows[i].before, rows[i].after) !=
            rows[i].said)
            fail_msg("%s %d %d", rows[i].forman, (int)rows[i].before,
                     (int)rows[i].after);
    rules_free(&r);
}

/* M-2 known to be 0 kr (paid, and nothing left): an exact threshold sees the
 * difference, a percentage has nothing to be a part of. */
static void
test_no_percent_of_zero(void **state)
{
    (void)state;
    static const char *const forman[] = {"Barnbidrag", "Sjukpenning"};
    for (int exact = 1; exact >= 0; exact--) {
        struct answer *a = made_silent(FK);
        made_pay(a, SOURCE_FK, forman[!exact], "2026-09-20", 0, NULL, NULL);
        made_pay(a, SOURCE_FK, forman[!exact], "2026-10-20", 100, NULL, NULL);
        struct overview *o = made_overview(a);
        assert_int_equal(made_check(o, CHECK_ANDRAT) != NULL, exact);
        overview_free(&o);
        answer_free(&a);
    }
}

/* A missing side counts as 0: new and vanished are told under any threshold,
 * with words of their own. */
static void
test_new_and_gone(void **state)
{
    (void)state;
    static const char *const forman[] = {"Barnbidrag", "Sjukpenning"};
    for (int i = 0; i < 2; i++)
        for (int gone = 0; gone < 2; gone++) {
            struct answer *a = made_silent(FK);
            made_pay(a, SOURCE_FK, forman[i],
                     gone ? "2026-09-20" : "2026-10-20", 1, NULL, NULL);
            struct overview *o = made_overview(a);
            assert_int_equal(o->n_checks, 1);
            assert_int_equal(o->checks[0].kind,
                             gone ? CHECK_EJ_KVAR : CHECK_NYTT);
            overview_free(&o);
            answer_free(&a);
        }
}

/* A gap of so many days in a row; `missing` days between two payments. */
static bool
gap(const struct rules *r, int missing, struct date today)
{
    struct answer *a = made_silent(FK | SO);
    const struct answer *one = a;
    char from[11];
    date_text(date_add((struct date){2026, 9, 10}, missing + 1), from);
    made_pay(a, SOURCE_FK, "Sjukpenning", "2026-09-25", 100, "2026-09-01",
             "2026-09-10");
    made_pay(a, SOURCE_FK, "Sjukpenning", "2026-10-25", 100, from,
             "2026-11-30");
    struct overview *o = overview_new(&one, 1, r, today);
    bool said = made_check(o, CHECK_LUCKA) != NULL;
    overview_free(&o);
    answer_free(&a);
    return said;
}

static void
test_gap_has_its_edge(void **state)
{
    (void)state;
    assert_false(gap(shipped_rules(), 6, made_today));
    assert_true(gap(shipped_rules(), 7, made_today));
    struct rules *r = with("[kontroller]\nlucka_dagar = 10\n");
    assert_false(gap(r, 9, made_today));
    assert_true(gap(r, 10, made_today));
    rules_free(&r);
    /* payments lag: on 1 November the last day that counts is 18 October */
    struct date first = {2026, 11, 1};
    assert_true(gap(shipped_rules(), 40, first));
    r = with("[kontroller]\nlucka_vanta_dagar = 46\n"); /* 16 September */
    assert_false(gap(r, 40, first));
    rules_free(&r);
    r = with("[kontroller]\nlucka_vanta_dagar = 45\n");
    assert_true(gap(r, 40, first)); /* 11-17 September: seven days */
    rules_free(&r);
}

static bool
permit(const struct rules *r, int days)
{
    struct answer *a = made_silent(ALL);
    const struct answer *one = a;
    made_decision(a, SOURCE_MIV, "tillstand", "Uppehållstillstånd")->till =
        date_add(made_today, days);
    struct overview *o = overview_new(&one, 1, r, made_today);
    bool said = made_check(o, CHECK_TILLSTAND) != NULL;
    overview_free(&o);
    answer_free(&a);
    return said;
}

static void
test_permit_has_its_edge(void **state)
{
    (void)state;
    assert_true(permit(shipped_rules(), 90));
    assert_false(permit(shipped_rules(), 91));
    struct rules *r = with("[kontroller]\ntillstand_dagar = 0\n");
    assert_true(permit(r, 0));
    assert_false(permit(r, 1));
    rules_free(&r);
}

/* --- studiehjälp in October --- */

/* CSN asked from 1 June; paid in June. */
static struct answer *
studying(struct month m)
{
    struct answer *a = made_silent(SOURCE_BIT(SOURCE_CSN));
    a->question.month = m;
    a->question.period = period_of_application(m);
    a->question.csn = (struct period){{2026, 6, 1}, {2026, 12, 31}};
    made_pay(a, SOURCE_CSN, "Studiehjälp", "2026-06-30", 125000, "2026-06",
             "2026-06");
    return a;
}

static const struct check *
season_of(const struct overview *o)
{
    for (int i = 0; i < o->n_checks; i++)
        if (strstr(o->checks[i].text, "studierna"))
            return &o->checks[i];
    return NULL;
}

static bool
season(struct answer *a, struct date today)
{
    const struct answer *one = a;
    struct overview *o = overview_new(&one, 1, shipped_rules(), today);
    const struct check *c = season_of(o);
    if (c) {
        assert_string_equal(c->text,
                            "Studiehjälp: 1 250 kr i jun, varken utbetalt "
                            "eller planerat i sep; pågår studierna?");
        assert_int_equal(c->kind, CHECK_EJ_KVAR);
    }
    bool said = c != NULL;
    overview_free(&o);
    answer_free(&a);
    return said;
}

static void
test_studiehjalp_in_october(void **state)
{
    (void)state;
    const struct date oct = {2026, 10, 1}, sep = {2026, 9, 30};
    const struct month m10 = {2026, 10};
    assert_true(season(studying(m10), oct));
    assert_false(season(studying(m10), sep)); /* September is not over */
    assert_false(season(studying((struct month){2026, 11}), made_today));

    struct answer *a = studying(m10); /* paid in September */
    made_pay(a, SOURCE_CSN, "Studiehjälp", "2026-09-30", 1, NULL, NULL);
    assert_false(season(a, oct));
    a = studying(m10); /* planned in September */
    made_pay(a, SOURCE_CSN, "studiehjälp ", "2026-09-30", 1, NULL, NULL)
        ->state = PAYMENT_PLANERAD;
    assert_false(season(a, oct));
    a = studying(m10); /* planned, but in October */
    made_pay(a, SOURCE_CSN, "Studiehjälp", "2026-10-30", 1, NULL, NULL)->state =
        PAYMENT_PLANERAD;
    assert_true(season(a, oct));
    a = studying(m10); /* planned on a day not told */
    made_pay(a, SOURCE_CSN, "Studiehjälp", NULL, 1, NULL, NULL)->state =
        PAYMENT_PLANERAD;
    assert_false(season(a, oct));
    a = studying(m10); /* another benefit in September is another thing */
    made_pay(a, SOURCE_CSN, "Studiemedel", "2026-09-30", 1, NULL, NULL);
    assert_true(season(a, oct));
}

/* Nothing is said where June was not asked for, or CSN did not answer. */
static void
test_studiehjalp_needs_its_facts(void **state)
{
    (void)state;
    const struct date oct = {2026, 10, 1};
    const struct month m10 = {2026, 10};
    struct answer *a = studying(m10); /* the term alone: June is not asked */
    a->question.csn.from.month = 7;
    a->of[SOURCE_CSN].payments = NULL;
    a->of[SOURCE_CSN].state = STATE_INGA_UPPGIFTER;
    assert_false(season(a, oct));
    for (int s = 0; s < STATE_COUNT; s++) {
        a = studying(m10);
        a->of[SOURCE_CSN].state = (enum source_state)s;
        assert_int_equal(season(a, oct), state_row(s)->whole);
    }
    a = studying(m10);
    made_pay(a, SOURCE_CSN, "Studiehjälp", NULL, 1, NULL,
             NULL); /* paid when? */
    assert_false(season(a, oct));
}

/* The question reaches June for those who may have studiehjälp, no one else. */
static void
test_question_reaches_june(void **state)
{
    (void)state;
    static const struct {
        const char *person;
        int month;
        struct date from;
    } rows[] = {{"200603129809", 10, {2026, 6, 1}}, /* 20 this year */
                {"201003129800", 10, {2026, 6, 1}},
                {"200503129800", 10, {2026, 7, 1}}, /* 21 this year */
                {"200603129809", 9, {2026, 7, 1}},
                {"200603129809", 11, {2026, 7, 1}}};
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct question q = {.sources = SOURCE_BIT(SOURCE_CSN),
                             .month = {2026, (int8_t)rows[i].month}};
        snprintf(q.person.digits, sizeof q.person.digits, "%s", rows[i].person);
        q.period = period_of_application(q.month);
        question_preset_csn(&q);
        assert_int_equal(date_compare(q.csn.from, rows[i].from), 0);
        assert_int_equal(date_compare(q.csn.to, (struct date){2026, 12, 31}),
                         0);
    }
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_shipped),
        cmocka_unit_test(test_own_file_goes_over),
        cmocka_unit_test(test_faults_are_named),
        cmocka_unit_test(test_change_has_its_edge),
        cmocka_unit_test(test_no_percent_of_zero),
        cmocka_unit_test(test_new_and_gone),
        cmocka_unit_test(test_gap_has_its_edge),
        cmocka_unit_test(test_permit_has_its_edge),
        cmocka_unit_test(test_studiehjalp_in_october),
        cmocka_unit_test(test_studiehjalp_needs_its_facts),
        cmocka_unit_test(test_question_reaches_june),
    };
    return cmocka_run_group_tests(tests, make_file, remove_file);
}
