/* SPDX-License-Identifier: EUPL-1.2
 *
 * Proves: an ordinary question is granted; each refusal comes for its own
 * fact and in the order of DESIGN 2.3; each reason of UX 6 is demanded and is
 * enough; test numbers keep to their modes. Leaves out: how the daemon
 * gathers the facts.
 */
#include "config.h"

#include "base/clock.h"
#include "domain/grant.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static struct legal *shipped, *all_on;

static int
load(void **state)
{
    (void)state;
    char path[512];
    const char *top = getenv("srcdir");
    struct err e = {0};
    clock_fix(INT64_C(1795527127000)); /* 2026-11-24 */
    snprintf(path, sizeof path, "%s/data", top ? top : ".");
    return legal_load(&shipped, path, NULL, false, &e) ||
           legal_load(&all_on, path, NULL, true, &e);
}

static int
unload(void **state)
{
    (void)state;
    legal_free(&shipped);
    legal_free(&all_on);
    return 0;
}

static struct grant_facts
good_facts(void)
{
    return (struct grant_facts){
        .mode = MODE_TEST,
        .account_known = true,
        .roles = ROLE_HANDLAGGARE,
        .forsakran = FORSAKRAN_GILTIG,
        .burst = 30,
        .ceiling = 400,
        .case_exists = true,
        .case_open = true,
        .takes_part = true,
        .in_household = true,
        .roll = ROLL_SOKANDE,
        .today = {2026, 11, 24},
    };
}

static struct question
good_question(void)
{
    struct question q = {
        .arende = "EK-2026-00417",
        .person = {"198503129804"},
        .syfte = SYFTE_FORTSATT,
        .month = {2026, 11},
        .period = {{2026, 9, 1}, {2026, 11, 30}},
        .sources =
            SOURCE_ASKABLE & ~SOURCE_BIT(SOURCE_TNS) & ~SOURCE_BIT(SOURCE_MIV),
        .handlaggare = "hl0142",
        .asked_ms = 1,
    };
    question_new_id(&q);
    question_preset_lefi(&q);
    question_preset_csn(&q);
    return q;
}

static void
gives(const struct grant_facts *f, const struct question *q, enum err_code want)
{
    struct err e = {0};
    enum err_code got = grant_check(f, q, shipped, &e);
    if (got != want)
        fail_msg("%s (%s), not %s", err_row(got)->word, e.text,
                 err_row(want)->word);
    if (want == ERR_OK)
        return;
    assert_true(e.text[0]);
    assert_null(strstr(e.text, "9804"));
    assert_null(strstr(e.text, "1985"));
}

static void
test_ordinary_question(void **state)
{
    (void)state;
    struct grant_facts f = good_facts();
    struct question q = good_question();
    gives(&f, &q, ERR_OK);
    f.takes_part = false;
    f.access_given = true;
    gives(&f, &q, ERR_OK);
    f.roles = ROLE_SYSTEM;
    gives(&f, &q, ERR_OK);
    f.roles = ROLE_CHEF | ROLE_HANDLAGGARE;
    gives(&f, &q, ERR_OK);
    q.sources = SOURCE_BIT(SOURCE_FK);
    question_preset_csn(&q);
    f.roll = ROLL_BARN; /* a child at FK needs no reason */
    gives(&f, &q, ERR_OK);
}

/* The faults in the order in which they are found. */
enum fault {
    UNKNOWN,
    BLOCKED,
    NO_ROLE,
    CEILING,
    BURST,
    UNSIGNED,
    NO_CASE,
    CLOSED,
    NO_PART,
    STRANGER,
    JAV,
    SELF,
    OWN_LIST,
    NO_PERIOD,
    TOO_LONG,
    NO_SYFTE,
    NO_SOURCE,
    NO_NUMBER,
    NO_REASON,
    FAULTS
};

static const enum err_code refusal[FAULTS] = {
    ERR_IDENTITY, ERR_BLOCKED,         ERR_ROLE,      ERR_CEILING,
    ERR_RATE,     ERR_FORSAKRAN,       ERR_CASE,      ERR_CASE_CLOSED,
    ERR_CASE,     ERR_PERSON,          ERR_JAV,       ERR_OWN_PERSON,
    ERR_OWN_LIST, ERR_PERIOD,          ERR_PERIOD_FK, ERR_SYFTE,
    ERR_SOURCE,   ERR_ARENDEIDENTITET, ERR_REASON};

static void
spoil_facts(struct grant_facts *f, enum fault fault)
{
    switch (fault) {
    case UNKNOWN:
        f->account_known = false;
        break;
    case BLOCKED:
        f->account_blocked = true;
        break;
    case NO_ROLE:
        f->roles = ROLE_CHEF | ROLE_SYSTEMANSVARIG | ROLE_HANDLEDARE;
        break;
    case CEILING:
        f->asked_today = f->ceiling;
        break;
    case BURST:
        f->asked_last_minute = f->burst;
        break;
    case UNSIGNED:
        f->forsakran = FORSAKRAN_SAKNAS;
        break;
    case NO_CASE:
        f->case_exists = false;
        break;
    case CLOSED:
        f->case_open = false;
        break;
    case NO_PART:
        f->takes_part = f->access_given = false;
        break;
    case STRANGER:
        f->in_household = false;
        break;
    case JAV:
        f->jav = true;
        break;
    case SELF:
        f->own_number = true;
        break;
    case OWN_LIST:
        f->own_list = true;
        break;
    default:
        break;
    }
}

static void
spoil(struct grant_facts *f, struct question *q, enum fault fault)
{
    switch (fault) {
    case NO_PERIOD:
        q->period.from = (struct date){2026, 12, 1};
        break;
    case TOO_LONG:
        if (q->period.from.year == 2026 && q->period.from.month != 12)
            q->period.from.year = 2024;
        break;
    case NO_SYFTE:
        q->syfte = SYFTE_ATERKRAV;
        break;
    case NO_SOURCE:
        q->sources |= SOURCE_BIT(SOURCE_TNS);
        break;
    case NO_NUMBER:
        q->arende[0] = '\0';
        break;
    case NO_REASON:
        f->shielded = true;
        break;
    default:
        spoil_facts(f, fault);
        break;
    }
}

static void
test_each_refusal_in_its_order(void **state)
{
    (void)state;
    for (int first = 0; first < FAULTS; first++) {
        struct grant_facts f = good_facts();
        struct question q = good_question();
        spoil(&f, &q, (enum fault)first);
        gives(&f, &q, refusal[first]);
        /* whatever else is wrong, the earlier one is told */
        for (int later = first + 1; later < FAULTS; later++)
            spoil(&f, &q, (enum fault)later);
        gives(&f, &q, refusal[first]);
    }
}

static void
test_never_overridable(void **state)
{
    (void)state;
    static const enum fault hard[] = {CLOSED, JAV, SELF};
    for (int i = 0; i < 3; i++) {
        struct grant_facts f = good_facts();
        struct question q = good_question();
        f.access_given = true;
        f.roles = ~0u;
        snprintf(q.skal, sizeof q.skal, "chefen har sagt ja");
        spoil(&f, &q, hard[i]);
        gives(&f, &q, refusal[hard[i]]);
    }
}

static void
test_forsakran(void **state)
{
    (void)state;
    static const struct {
        enum forsakran_state s;
        enum err_code code;
    } row[] = {{FORSAKRAN_GILTIG, ERR_OK},
               {FORSAKRAN_SAKNAS, ERR_FORSAKRAN},
               {FORSAKRAN_NY_TEXT, ERR_FORSAKRAN_TEXT},
               {FORSAKRAN_UTGANGEN, ERR_FORSAKRAN_EXPIRED},
               {FORSAKRAN_ATERKALLAD, ERR_FORSAKRAN},
               {FORSAKRAN_ANNAN_NYCKEL, ERR_FORSAKRAN}};
    for (size_t i = 0; i < sizeof row / sizeof *row; i++) {
        struct grant_facts f = good_facts();
        struct question q = good_question();
        f.forsakran = row[i].s;
        gives(&f, &q, row[i].code);
    }
}

static void
test_kontaktcenter(void **state)
{
    (void)state;
    struct grant_facts f = good_facts();
    struct question q = good_question();
    f.roles = ROLE_KONTAKTCENTER;
    gives(&f, &q, ERR_ROLE); /* not for an ordinary application */
    q.syfte = SYFTE_FORBEREDS;
    gives(&f, &q, ERR_SYFTE); /* nor in an ordinary case */
    f.case_prepared = true;
    gives(&f, &q, ERR_OK);
    f.roles = ROLE_HANDLAGGARE;
    gives(&f, &q, ERR_OK);
    q.syfte = SYFTE_NYANSOKAN;
    gives(&f, &q, ERR_SYFTE);
}

/* v11: a part of SKV without a ground is refused as a source is. */
static void
test_parts_of_skv(void **state)
{
    (void)state;
    struct grant_facts f = good_facts();
    struct question q = good_question();
    struct err e = {0};
    q.kontrakt = KONTRAKT_V11;
    gives(&f, &q, ERR_SOURCE); /* SKV asked for nothing */
    q.skv = SKV_BIT(SKV_SKATTEKONTO);
    gives(&f, &q, ERR_SOURCE); /* the shipped table opens no part */
    q.sources &= ~SOURCE_BIT(SOURCE_SKV);
    q.skv = 0;
    gives(&f, &q, ERR_OK); /* v11 without SKV */
    q.sources |= SOURCE_BIT(SOURCE_SKV);
    q.skv = SKV_BIT(SKV_SKATTEKONTO);
    assert_int_equal(grant_check(&f, &q, all_on, &e), ERR_OK);
    q.skv = 0;
    assert_int_equal(grant_check(&f, &q, all_on, &e), ERR_SOURCE);
    q.skv = SKV_ALL << 1;
    assert_int_not_equal(grant_check(&f, &q, all_on, &e), ERR_OK);
}

static void
test_two_years_in_every_mode(void **state)
{
    (void)state;
    struct err e = {0};
    for (int mode = MODE_OVNING; mode <= MODE_TEST; mode++) {
        struct grant_facts f = good_facts();
        struct question q = good_question();
        f.mode = (enum grant_mode)mode;
        snprintf(q.skal, sizeof q.skal, "lång period");
        q.period.from = (struct date){2024, 12, 1};
        question_preset_csn(&q);
        assert_int_equal(grant_check(&f, &q, all_on, &e), ERR_OK);
        q.period.from = (struct date){2024, 11, 30};
        question_preset_csn(&q);
        assert_int_equal(grant_check(&f, &q, all_on, &e), ERR_PERIOD_FK);
        q.sources = SOURCE_BIT(SOURCE_AF); /* others take it */
        question_preset_lefi(&q);
        question_preset_csn(&q);
        assert_int_equal(grant_check(&f, &q, all_on, &e), ERR_OK);
    }
}

static void
test_numbers_keep_to_their_mode(void **state)
{
    (void)state;
    static const struct {
        enum grant_mode mode;
        const char *number;
        enum err_code code;
    } row[] = {{MODE_SKARP, "198503129804", ERR_TEST_NUMBER},
               {MODE_SKARP, "197407029284", ERR_OK},
               {MODE_OVNING, "198503129804", ERR_OK},
               {MODE_OVNING, "197407029284", ERR_TEST_NUMBER},
               {MODE_TEST, "198503129804", ERR_OK},
               {MODE_TEST, "197407029284", ERR_OK},
               {MODE_TEST, "197407029285", ERR_PERSONNUMMER}};
    for (size_t i = 0; i < sizeof row / sizeof *row; i++) {
        struct grant_facts f = good_facts();
        struct question q = good_question();
        struct err e = {0};
        f.mode = row[i].mode;
        snprintf(q.person.digits, sizeof q.person.digits, "%s", row[i].number);
        assert_int_equal(grant_check(&f, &q, shipped, &e), row[i].code);
        assert_null(strstr(e.text, row[i].number + 8));
    }
}

/* Without a reason refused, with one granted. */
static void
wants_reason(struct grant_facts *f, struct question *q, const char *why)
{
    struct err e = {0};
    q->skal[0] = '\0';
    const char *reason = grant_reason(f, q);
    assert_non_null(reason);
    assert_non_null(strstr(reason, why));
    assert_int_equal(grant_check(f, q, all_on, &e), ERR_REASON);
    assert_int_equal(err_row(ERR_REASON)->exit, 23);
    snprintf(q->skal, sizeof q->skal, "behövs i utredningen");
    assert_int_equal(grant_check(f, q, all_on, &e), ERR_OK);
}

static void
test_reasons(void **state)
{
    (void)state;
    struct grant_facts f = good_facts();
    struct question q = good_question();
    assert_null(grant_reason(&f, &q));
    q.roll = f.roll = ROLL_BARN;
    wants_reason(&f, &q, "child");
    q.sources = SOURCE_BIT(SOURCE_FK) | SOURCE_BIT(SOURCE_CSN);
    assert_null(grant_reason(&f, &q));
    q.roll = ROLL_SOKANDE; /* the register's role counts */
    q.sources |= SOURCE_BIT(SOURCE_SO);
    wants_reason(&f, &q, "child");

    f = good_facts(), q = good_question();
    q.month = (struct month){0};
    q.period = (struct period){{2026, 1, 1}, {2026, 12, 30}};
    question_preset_csn(&q);
    wants_reason(&f, &q, "follow");
    q.period.to.day = 31;
    question_preset_csn(&q);
    wants_reason(&f, &q, "twelve");
    q.period = (struct period){{2024, 2, 29}, {2025, 2, 28}};
    question_preset_csn(&q);
    wants_reason(&f, &q, "twelve");

    f = good_facts(), q = good_question();
    f.asked_within_3_days = true;
    wants_reason(&f, &q, "three days");
    q.skal[0] = '\0';
    q.retry_of = 20419; /* a retry is exempt */
    assert_null(grant_reason(&f, &q));
    f.shielded = true; /* but only from this */
    wants_reason(&f, &q, "protected");

    f = good_facts(), q = good_question();
    q.month.month = 10;
    wants_reason(&f, &q, "follow");
    q = good_question();
    q.csn.from.year = 2020; /* more than the term */
    wants_reason(&f, &q, "follow");
}

static void
test_words(void **state)
{
    (void)state;
    for (unsigned r = ROLE_HANDLAGGARE; r <= ROLE_SYSTEM; r <<= 1)
        assert_int_equal(role_by_word(role_word(r)), r);
    assert_int_equal(role_by_word("admin"), 0);
    assert_string_equal(role_word(3), "");
    enum grant_mode m;
    assert_true(mode_by_word(&m, "skarp"));
    assert_int_equal(m, MODE_SKARP);
    assert_string_equal(mode_word(MODE_OVNING), "ovning");
    assert_false(mode_by_word(&m, "SKARP"));
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_ordinary_question),
        cmocka_unit_test(test_each_refusal_in_its_order),
        cmocka_unit_test(test_never_overridable),
        cmocka_unit_test(test_forsakran),
        cmocka_unit_test(test_kontaktcenter),
        cmocka_unit_test(test_parts_of_skv),
        cmocka_unit_test(test_two_years_in_every_mode),
        cmocka_unit_test(test_numbers_keep_to_their_mode),
        cmocka_unit_test(test_reasons),
        cmocka_unit_test(test_words),
    };
    return cmocka_run_group_tests(tests, load, unload);
}
