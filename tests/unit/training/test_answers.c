/* SPDX-License-Identifier: EUPL-1.2
 *
 * Proves: what each person gets from each source reads as the state the cast
 * means, by the very reader that enfragad uses; the first case is the one of
 * UX 8's drawing; the same question gives the same bytes; today decides what
 * has been paid; only the cast is known. Leaves out: schemas (test_contract)
 * and time (test_server).
 */
#include "config.h"

#include "ask.h"

#include "base/mem.h"
#include "domain/overview.h"
#include "training/lefi.h"
#include "training/training.h"
#include "tests/lib/rules.h"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

#define TODAY ((struct date){2026, 11, 24})

/* One letter a source in the order AF CSN FK PM SKV SO TNS MIV: the symbols
 * of states.def; 'x' where the fault is HTTP's. */
static const struct {
    enum cast_id who;
    const char *states;
} expected[] = {
    {CAST_MAJBRITT, "+0%0!+00"},
    {CAST_LARS, "00+0+0+0"},
    {CAST_ELSA, "00000000"},
    {CAST_TURE, "00000000"},
    {CAST_HANSAKE, "+0+0+0+0"},
    {CAST_SELAM, "+0!!00"
                 "0+"},
    {CAST_DAWIT, "+0+000"
                 "0+"},
    {CAST_RAHEL, "0+000000"},
    {CAST_YONAS, "00000000"},
    {CAST_MIRIAM, "00000000"},
    {CAST_BRITTA, "00+++000"},
    {CAST_KATARZYNA, "+0+0++00"},
    {CAST_LEO, "00000000"},
    {CAST_ALVA, "0++0+000"},
    {CAST_PERERIK, "00000000"},
    {CAST_KERSTIN, "00+0+0+0"},
    {CAST_BENGT, "+000++00"},
    {CAST_INGRID, "+0+0+000"},
    {CAST_ALMA, "00000000"},
    {CAST_NILS, "00000000"},
    {CAST_ADAM, "!!??"
                "?+!+"},
    {CAST_FARID, "+?00"
                 "00!+"},
    {CAST_TUVA, "+###0#00"},
    {CAST_STIG, "+0+00x+0"},
    {CAST_MARIT, "!0+!x000"},
    {CAST_JONAS, "+0+00000"},
    {CAST_LENA, "00000000"},
};

static void
test_each_person_and_source_has_its_state(void **state)
{
    (void)state;
    assert_int_equal(sizeof(expected) / sizeof(expected[0]), CAST_COUNT);
    for (int i = 0; i < CAST_COUNT; i++) {
        const struct cast_person *p = cast_person(expected[i].who);
        struct question q = question_of(p->number, "EK-2026-00001");
        struct answer *a = ask_all(&q, TODAY);
        char got[SOURCE_COUNT + 1] = "";
        for (int s = 0; s < SOURCE_COUNT; s++) {
            got[s] = state_row(a->of[s].state)->symbol;
            if (expected[i].states[s] == 'x')
                assert_int_equal(a->of[s].state, STATE_VANTAR);
            else if (got[s] != expected[i].states[s])
                fail_msg("%s: %s, expected %s", p->fornamn, got,
                         expected[i].states);
        }
        answer_free(&a);
    }
}

static const struct payment *
pay_of(const struct answer *a, enum source_id s, const char *forman,
       struct date d)
{
    for (const struct payment *p = a->of[s].payments; p != NULL; p = p->next)
        if (strcmp(p->forman, forman) == 0 && date_compare(p->date, d) == 0)
            return p;
    return NULL;
}

/* UX 8, row by row. */
static void
test_the_first_case_is_the_drawing(void **state)
{
    (void)state;
    struct question q =
        question_of(cast_person(CAST_MAJBRITT)->number, "EK-2026-00417");
    struct answer *a = ask_all(&q, TODAY);
    static const struct {
        enum source_id source;
        const char *forman;
        struct date date;
        long ore;
        enum payment_state state;
    } rows[] = {
        {SOURCE_FK, "Sjukpenning", {2026, 9, 25}, 492000, PAYMENT_UTBETALD},
        {SOURCE_FK, "Barnbidrag", {2026, 9, 18}, 265000, PAYMENT_UTBETALD},
        {SOURCE_FK, "Barnbidrag", {2026, 10, 20}, 265000, PAYMENT_UTBETALD},
        {SOURCE_FK, "Barnbidrag", {2026, 11, 20}, 265000, PAYMENT_UTBETALD},
        {SOURCE_FK, "Barnbidrag", {2026, 12, 18}, 265000, PAYMENT_PRELIMINAR},
        {SOURCE_FK, "Aktivitetsstöd", {2026, 11, 13}, 118500, PAYMENT_UTBETALD},
        {SOURCE_SO,
         "Arbetslöshetsersättning",
         {2026, 10, 16},
         431000,
         PAYMENT_UTBETALD},
        {SOURCE_SO,
         "Arbetslöshetsersättning",
         {2026, 10, 30},
         431000,
         PAYMENT_UTBETALD},
        {SOURCE_SO,
         "Arbetslöshetsersättning",
         {2026, 11, 13},
         431000,
         PAYMENT_UTBETALD},
    };
    int n = 0;
    for (int s = 0; s < SOURCE_COUNT; s++)
        for (const struct payment *p = a->of[s].payments; p; p = p->next)
            n++;
    assert_int_equal(n, sizeof(rows) / sizeof(rows[0]));
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        const struct payment *p =
            pay_of(a, rows[i].source, rows[i].forman, rows[i].date);
        assert_non_null(p);
        assert_int_equal(p->netto.ore, rows[i].ore);
        assert_int_equal(p->state, rows[i].state);
    }
    assert_string_equal(a->of[SOURCE_FK].missing->kod, "FK:BOB");
    assert_string_equal(a->of[SOURCE_SKV].fault->kalla, "SSBT");
    const struct payment *as =
        pay_of(a, SOURCE_FK, "Aktivitetsstöd", (struct date){2026, 11, 13});
    assert_int_equal(as->brutto.ore, 169000);
    assert_int_equal(as->skatt.ore, 40500);
    assert_int_equal(as->avdrag.ore, 50500); /* tax is in it */
    assert_true(as->marks & MARK_KVITTNING);
    answer_free(&a);
}

static void
test_partner_has_what_the_drawing_has(void **state)
{
    (void)state;
    struct question q =
        question_of(cast_person(CAST_LARS)->number, "EK-2026-00417");
    struct answer *a = ask_all(&q, TODAY);
    const struct payment *p =
        pay_of(a, SOURCE_FK, "Sjukpenning", (struct date){2026, 10, 23});
    assert_non_null(p);
    assert_int_equal(p->netto.ore, 492000);
    p = pay_of(a, SOURCE_FK, "Sjukpenning", (struct date){2026, 9, 25});
    assert_int_equal(p->netto.ore, 615000);
    p = pay_of(a, SOURCE_FK, "Sjukpenning", (struct date){2026, 11, 25});
    assert_int_equal(p->state, PAYMENT_PRELIMINAR);
    assert_int_equal(p->netto.ore, 492000);
    answer_free(&a);
}

/* A day later it has been paid. */
static void
test_today_decides_what_has_been_paid(void **state)
{
    (void)state;
    struct question q =
        question_of(cast_person(CAST_LARS)->number, "EK-2026-00417");
    struct answer *a = ask_all(&q, (struct date){2026, 11, 25});
    const struct payment *p =
        pay_of(a, SOURCE_FK, "Sjukpenning", (struct date){2026, 11, 25});
    assert_int_equal(p->state, PAYMENT_UTBETALD);
    answer_free(&a);
    /* long after: nothing is announced */
    a = ask_all(&q, (struct date){2027, 6, 1});
    for (p = a->of[SOURCE_FK].payments; p != NULL; p = p->next)
        assert_int_equal(p->state, PAYMENT_UTBETALD);
    answer_free(&a);
}

static void
test_same_question_same_bytes(void **state)
{
    (void)state;
    for (int i = 0; i < CAST_COUNT; i++)
        for (int s = 0; s < SOURCE_COUNT; s++) {
            struct question q =
                question_of(cast_person((enum cast_id)i)->number, "EK-1");
            AUTO_BUF(one, ANSWER_MAX);
            AUTO_BUF(two, ANSWER_MAX);
            if (!(SOURCE_ASKABLE & SOURCE_BIT(s)))
                continue;
            ask_bytes(&one, &q, (enum source_id)s, FAULT_NONE, "", TODAY);
            ask_bytes(&two, &q, (enum source_id)s, FAULT_NONE, "", TODAY);
            assert_int_equal(one.len, two.len);
            assert_memory_equal(one.data, two.data, one.len);
        }
}

/* Another month tells the same story, a month on. */
static void
test_the_period_decides_the_months(void **state)
{
    (void)state;
    struct question q =
        question_of(cast_person(CAST_MAJBRITT)->number, "EK-2026-00417");
    q.month = (struct month){2026, 8};
    q.period = (struct period){{2026, 6, 1}, {2026, 8, 31}};
    question_preset_csn(&q);
    struct answer *a = ask_all(&q, TODAY);
    assert_non_null(
        pay_of(a, SOURCE_FK, "Sjukpenning", (struct date){2026, 6, 25}));
    assert_null(
        pay_of(a, SOURCE_FK, "Sjukpenning", (struct date){2026, 7, 24}));
    answer_free(&a);
    /* more months asked about show more of them */
    q = question_of(cast_person(CAST_MAJBRITT)->number, "EK-2026-00417");
    q.period.from = (struct date){2026, 6, 1};
    a = ask_all(&q, TODAY);
    assert_non_null(
        pay_of(a, SOURCE_FK, "Sjukpenning", (struct date){2026, 7, 24}));
    answer_free(&a);
}

static void
test_protected_person_is_flagged_by_three(void **state)
{
    (void)state;
    struct question q =
        question_of(cast_person(CAST_INGRID)->number, "EK-2026-00441");
    struct answer *a = ask_all(&q, TODAY);
    assert_true(a->of[SOURCE_AF].shielded);
    assert_true(a->of[SOURCE_CSN].shielded);
    assert_true(a->of[SOURCE_FK].shielded);
    assert_false(answer_places_open(a));
    answer_free(&a);
    q = question_of(cast_person(CAST_HANSAKE)->number, "EK-2026-00436");
    a = ask_all(&q, TODAY);
    assert_false(answer_shielded(a));
    assert_true(answer_places_open(a));
    answer_free(&a);
}

static void
test_pension_is_told_twice_and_counted_once(void **state)
{
    (void)state;
    struct question q =
        question_of(cast_person(CAST_BRITTA)->number, "EK-2026-00398");
    struct answer *a = ask_all(&q, TODAY);
    int twice = 0;
    for (const struct payment *p = a->of[SOURCE_FK].payments; p; p = p->next)
        twice += (p->marks & MARK_DUBBEL_PM) != 0;
    assert_int_equal(twice, 3);
    const struct payment *p = a->of[SOURCE_PM].payments;
    assert_int_equal(p->brutto.ore, 1782000);
    assert_int_equal(p->netto.ore, 1406000);
    assert_true(p->marks & MARK_UTMATNING);
    answer_free(&a);
}

static void
test_checks_are_there_to_find(void **state)
{
    (void)state;
    static const struct {
        enum cast_id who;
        enum check_kind kind;
    } finds[] = {
        {CAST_MAJBRITT, CHECK_EJ_KVAR},   {CAST_MAJBRITT, CHECK_NYTT},
        {CAST_MAJBRITT, CHECK_LUCKA},     {CAST_MAJBRITT, CHECK_DUBBELT},
        {CAST_MAJBRITT, CHECK_ANSOKT},    {CAST_LARS, CHECK_ANDRAT},
        {CAST_HANSAKE, CHECK_AVDRAG},     {CAST_HANSAKE, CHECK_FORDON},
        {CAST_KATARZYNA, CHECK_AVSTANGD}, {CAST_ALVA, CHECK_LAN},
        {CAST_KERSTIN, CHECK_KAPITAL},    {CAST_SELAM, CHECK_TILLSTAND},
        {CAST_JONAS, CHECK_RETRO},        {CAST_JONAS, CHECK_NOLL},
        {CAST_STIG, CHECK_AVDRAG},
    };
    for (size_t i = 0; i < sizeof(finds) / sizeof(finds[0]); i++) {
        struct question q =
            question_of(cast_person(finds[i].who)->number, "EK-1");
        struct answer *a = ask_all(&q, TODAY);
        const struct answer *all[] = {a};
        struct overview *o = overview_new(all, 1, shipped_rules(), TODAY);
        bool found = false;
        for (int k = 0; k < o->n_checks; k++)
            found |= o->checks[k].kind == finds[i].kind;
        if (!found)
            fail_msg("%s has no %s", cast_person(finds[i].who)->fornamn,
                     check_word(finds[i].kind));
        overview_free(&o);
        answer_free(&a);
    }
}

/* A number outside the cast, of the test range or not. */
static void
test_others_are_unknown(void **state)
{
    (void)state;
    static const char *const numbers[] = {"197407029284", "199001019802"};
    for (size_t i = 0; i < 2; i++) {
        struct question q = question_of(numbers[i], "EK-1");
        struct answer *a = ask_all(&q, TODAY);
        assert_int_equal(a->of[SOURCE_AF].state, STATE_FEL);
        assert_int_equal(a->of[SOURCE_CSN].state, STATE_OKAND_PERSON);
        assert_int_equal(a->of[SOURCE_TNS].state, STATE_FEL);
        assert_int_equal(a->of[SOURCE_MIV].state, STATE_SAKNAS);
        for (int s = 0; s < SOURCE_COUNT; s++)
            assert_null(a->of[s].payments);
        answer_free(&a);
    }
}

/* Each fault at each source, about a person with an answer there. */
static void
test_faults_read_as_they_should(void **state)
{
    (void)state;
    static const struct {
        enum fault fault;
        const char *states; /* AF CSN FK PM SKV SO TNS MIV */
    } rows[] = {
        {FAULT_SLOW, "+0+0+0+0"},
        {FAULT_CUT_OFF, "########"},
        {FAULT_GARBLED, "########"},
        {FAULT_ERROR_BT, "!!!!!!!!"},
        {FAULT_ERROR_SSBT, "!!!!!!!!"},
        {FAULT_EMPTY, "00000000"},
        {FAULT_WRONG_PERSON, "!!!!!!"
                             "0!"},
        {FAULT_PM_DOWN, "+0+!+0+0"},
        {FAULT_PARTIAL, "!%%0%%%%"},
        {FAULT_BROKEN_BASE64, "+###+0+0"},
    };
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        struct question q =
            question_of(cast_person(CAST_HANSAKE)->number, "EK-1");
        struct answer *a = answer_new(&q);
        char got[SOURCE_COUNT + 1] = "";
        for (int s = 0; s < SOURCE_COUNT; s++)
            if (SOURCE_ASKABLE & SOURCE_BIT(s))
                ask_into(a, &q, (enum source_id)s, rows[i].fault, "", TODAY);
        for (int s = 0; s < SOURCE_COUNT; s++)
            got[s] = state_row(a->of[s].state)->symbol;
        if (strcmp(got, rows[i].states) != 0)
            fail_msg("%s: %s, expected %s", fault_word(rows[i].fault), got,
                     rows[i].states);
        answer_free(&a);
    }
}

#define LEFI_OF(number, from, to, more)                                        \
    "{\"personnummer\":\"" number "\",\"period\":{\"from\":\"" from            \
    "\",\"tom\":\"" to "\"}" more "}"
#define SJP ",\"utbetalningar\":[\"FK:SJP\"]"

static void
test_lefi_refuses_what_lefi_refuses(void **state)
{
    (void)state;
    static const struct {
        const char *version, *aktorsid, *lefi, *code;
    } rows[] = {
        {"v9", "1", LEFI_OF("198503129804", "2026-01-01", "2026-03-31", SJP),
         NULL},
        {NULL, "1", LEFI_OF("8503129804", "2024-04-01", "2026-03-31", SJP),
         NULL},
        {"v9", "1", LEFI_OF("198503129804", "2024-01-01", "2026-03-31", SJP),
         "400"},
        {"v9", "1", LEFI_OF("198503129804", "2026-04-01", "2026-03-31", SJP),
         "400"},
        {"v9", "1", LEFI_OF("198307049810", "2026-01-01", "2026-03-31", SJP),
         "400"},
        {"v9", "1", LEFI_OF("198503129804", "2026-01-01", "2026-03-31", ""),
         "400"},
        {"v9", "1",
         LEFI_OF("198503129804", "2026-01-01", "2026-03-31",
                 ",\"ansprak\":[\"FK:SJP\"]"),
         "400"},
        {"v9", "1", "{", "400"},
        {"v9", "1", NULL, "400"},
        {"v8", "1", LEFI_OF("198503129804", "2026-01-01", "2026-03-31", SJP),
         "404"},
        {"v9", "", LEFI_OF("198503129804", "2026-01-01", "2026-03-31", SJP),
         "403"},
    };
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        struct lefi_asked q;
        const char *text = NULL;
        struct asked a = {.person = "198503129804",
                          .version = rows[i].version,
                          .aktorsid = rows[i].aktorsid,
                          .lefi = rows[i].lefi,
                          .lefi_len =
                              rows[i].lefi == NULL ? 0 : strlen(rows[i].lefi)};
        const char *code = lefi_asked_read(&q, &a, &text);
        lefi_asked_done(&q);
        if (rows[i].code == NULL)
            assert_null(code);
        else
            assert_string_equal(code, rows[i].code);
    }
}

static void
test_only_what_was_asked_for_comes(void **state)
{
    (void)state;
    struct question q = question_of(cast_person(CAST_MAJBRITT)->number, "EK-1");
    snprintf(q.lefi, sizeof(q.lefi), "FK:SJP FK:GEPI");
    struct answer *a = answer_new(&q);
    ask_into(a, &q, SOURCE_FK, FAULT_PARTIAL, "FK:BOB", TODAY);
    assert_int_equal(a->of[SOURCE_FK].state, STATE_SVAR);
    assert_non_null(a->of[SOURCE_FK].payments);
    for (const struct payment *p = a->of[SOURCE_FK].payments; p; p = p->next)
        assert_string_equal(p->forman, "Sjukpenning");
    answer_free(&a);
}

/* Its form alone; that it can be imported is the daemon's to show. */
static void
test_cases_are_the_whole_cast(void **state)
{
    (void)state;
    static const char *const konton[] = {"elev", "demo", NULL};
    static const struct json_limits limits = {
        .bytes = 1 << 20, .values = 10000, .depth = 8};
    struct err e = {0};
    const cJSON *json = NULL;
    AUTO_ARENA struct arena *mem = arena_new(0);
    int persons = 0;
    char *text = training_cases_json(konton);
    assert_int_equal(json_read(&json, mem, text, strlen(text), &limits, &e),
                     ERR_OK);
    assert_string_equal(json_member(json, "schema"), "enfraga.arenden/1");
    const cJSON *list = json_get(json, "arenden"), *c, *p;
    assert_string_equal(json_member(list->child, "arende"), "EK-2026-00417");
    assert_string_equal(
        json_text(json_get(list->child, "handlaggare")->child->next), "demo");
    cJSON_ArrayForEach(c, list)
    {
        assert_int_equal(json_get(c, "personer") != NULL, true);
        cJSON_ArrayForEach(p, json_get(c, "personer"))
        {
            struct personnummer n;
            const char *number = json_member(p, "personnummer");
            assert_true(personnummer_ok(number));
            memcpy(n.digits, number, sizeof(n.digits));
            assert_true(personnummer_test(&n));
            persons++;
        }
    }
    assert_int_equal(persons, CAST_COUNT);
    free(text);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_each_person_and_source_has_its_state),
        cmocka_unit_test(test_the_first_case_is_the_drawing),
        cmocka_unit_test(test_partner_has_what_the_drawing_has),
        cmocka_unit_test(test_today_decides_what_has_been_paid),
        cmocka_unit_test(test_same_question_same_bytes),
        cmocka_unit_test(test_the_period_decides_the_months),
        cmocka_unit_test(test_protected_person_is_flagged_by_three),
        cmocka_unit_test(test_pension_is_told_twice_and_counted_once),
        cmocka_unit_test(test_checks_are_there_to_find),
        cmocka_unit_test(test_others_are_unknown),
        cmocka_unit_test(test_faults_read_as_they_should),
        cmocka_unit_test(test_lefi_refuses_what_lefi_refuses),
        cmocka_unit_test(test_only_what_was_asked_for_comes),
        cmocka_unit_test(test_cases_are_the_whole_cast),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
