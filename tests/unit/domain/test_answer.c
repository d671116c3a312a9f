/* SPDX-License-Identifier: EUPL-1.2
 *
 * Proves: a new answer waits for what was asked, whole and exit status follow
 * the states, places open only when the three have spoken, payments come in
 * the published order, a payment that two report is marked once, a retry
 * replaces what it asked. Leaves out: reading answers (wire).
 */
#include "config.h"

#include "domain/answer.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static struct answer *
answer_to(source_set sources, const char *lefi)
{
    struct question q = {.sources = sources, .asked_ms = 5};
    strncpy(q.lefi, lefi, sizeof q.lefi - 1);
    return answer_new(&q);
}

static struct payment *
pay(struct answer *a, enum source_id id, struct date d, int64_t kronor,
    const char *betalare, const char *forman)
{
    struct payment *p = arena_alloc(a->arena, sizeof *p);
    p->source = id;
    p->date = d;
    p->netto = money_kronor(kronor);
    p->betalare = betalare;
    p->forman = forman;
    p->next = a->of[id].payments;
    a->of[id].payments = p;
    return p;
}

static void
test_new_answer_waits(void **state)
{
    (void)state;
    struct answer *a = answer_to(SOURCE_BIT(SOURCE_FK), "FK:ABB PM:AP FK:GEPI");
    assert_int_equal(a->of[SOURCE_FK].state, STATE_VANTAR);
    assert_int_equal(a->of[SOURCE_PM].state, STATE_VANTAR);
    assert_int_equal(a->of[SOURCE_AF].state, STATE_EJ_TILLFRAGAD);
    assert_int_equal(a->of[SOURCE_AF].time_ms, -1);
    assert_int_equal(a->of[SOURCE_AF].confirmed, CONFIRMED_KAN_INTE_VISAS);
    answer_free(&a);
    assert_null(a);
    a = answer_to(SOURCE_BIT(SOURCE_FK), "FK:ABB FK:GEPI");
    assert_int_equal(a->of[SOURCE_PM].state, STATE_EJ_TILLFRAGAD);
    answer_free(&a);
    a = answer_to(SOURCE_BIT(SOURCE_AF), "PM:AP"); /* without FK no PM */
    assert_int_equal(a->of[SOURCE_PM].state, STATE_EJ_TILLFRAGAD);
    answer_free(&a);
}

static void
test_whole_and_exit(void **state)
{
    (void)state;
    struct answer *a =
        answer_to(SOURCE_BIT(SOURCE_AF) | SOURCE_BIT(SOURCE_TNS), "");
    for (int s = 0; s < STATE_COUNT; s++) {
        bool whole = s == STATE_SVAR || s == STATE_INGA_UPPGIFTER;
        a->of[SOURCE_AF].state = STATE_SVAR;
        a->of[SOURCE_TNS].state = (enum source_state)s;
        assert_int_equal(answer_whole(a), whole);
        assert_int_equal(answer_exit(a), whole ? 0 : 10);
        a->of[SOURCE_AF].state = STATE_FEL;
        assert_int_equal(answer_exit(a), whole || s == STATE_DELSVAR ? 10 : 11);
    }
    answer_free(&a);
}

static void
test_places_stay_closed(void **state)
{
    (void)state;
    static const enum source_id three[] = {SOURCE_AF, SOURCE_CSN, SOURCE_FK};
    struct answer *a = answer_to(
        SOURCE_BIT(SOURCE_AF) | SOURCE_BIT(SOURCE_CSN) | SOURCE_BIT(SOURCE_FK),
        "FK:GEPI");
    assert_false(answer_places_open(a));
    for (int i = 0; i < 3; i++) {
        a->of[three[i]].state = STATE_SVAR;
        a->of[three[i]].confirmed = CONFIRMED_JA;
        assert_true(answer_untold(a, three[i]));
        a->of[three[i]].unshielded = true;
        assert_false(answer_untold(a, three[i]));
    }
    assert_true(answer_places_open(a));
    for (int i = 0; i < 3; i++) {
        struct source_answer *s = &a->of[three[i]];
        for (int st = 0; st < STATE_COUNT; st++) {
            s->state = (enum source_state)st;
            assert_int_equal(answer_places_open(a), state_row(s->state)->came);
        }
        s->state = STATE_SVAR;
        s->confirmed = CONFIRMED_KAN_INTE_VISAS;
        assert_false(answer_places_open(a));
        s->confirmed = CONFIRMED_JA;
        s->shielded = true;
        assert_true(answer_shielded(a));
        assert_false(answer_places_open(a));
        s->shielded = s->unshielded = false; /* it does not say */
        assert_false(answer_shielded(a));
        assert_false(answer_places_open(a));
        s->unshielded = true;
    }
    a->of[SOURCE_SO].state = STATE_SVAR; /* has no sign of protection */
    assert_false(answer_untold(a, SOURCE_SO));
    assert_true(answer_places_open(a));
    answer_free(&a);
}

static void
test_order_of_payments(void **state)
{
    (void)state;
    struct answer *a = answer_to(SOURCE_BIT(SOURCE_SO), "");
    struct date d1 = {2026, 9, 1}, d2 = {2026, 10, 1}, none = {0};
    struct payment *want[7];
    want[0] = pay(a, SOURCE_SO, d1, 9, "B", "B");
    want[1] = pay(a, SOURCE_SO, d2, 9, "B", "A");
    want[2] = pay(a, SOURCE_SO, d2, 1, "B", "B");
    want[3] = pay(a, SOURCE_SO, d2, 2, "A", "B");
    want[4] = pay(a, SOURCE_SO, d2, 2, "B", "B");
    want[5] = pay(a, SOURCE_SO, d2, 0, "A", "B");
    want[5]->state = PAYMENT_PLANERAD;
    want[6] = pay(a, SOURCE_SO, none, 1, "A", "A");
    for (int turn = 0; turn < 3; turn++) { /* from any order */
        answer_sort(a);
        struct payment *p = a->of[SOURCE_SO].payments, *back = NULL;
        for (int i = 0; i < 7; i++, p = p->next)
            assert_ptr_equal(p, want[i]);
        assert_null(p);
        for (p = a->of[SOURCE_SO].payments; p;) {
            struct payment *next = p->next;
            p->next = turn == 1 && back ? back->next : back;
            if (turn == 1 && back)
                back->next = p;
            else
                back = p;
            p = next;
        }
        a->of[SOURCE_SO].payments = back;
    }
    answer_free(&a);
}

static void
test_pm_payment_that_fk_reports(void **state)
{
    (void)state;
    struct answer *a = answer_to(SOURCE_BIT(SOURCE_FK), "PM:AP FK:GEPI");
    struct date d = {2026, 10, 18}, later = {2026, 11, 18};
    const char *pm = "Pensionsmyndigheten", *fk = "Försäkringskassan";
    pay(a, SOURCE_PM, d, 5210, pm, "AP38");
    pay(a, SOURCE_PM, later, 5210, pm, "AP38");
    struct payment *own = pay(a, SOURCE_FK, d, 5210, fk, "Bostadstillägg");
    struct payment *one = pay(a, SOURCE_FK, d, 5210, pm, "Pension");
    struct payment *two = pay(a, SOURCE_FK, d, 5210, pm, "Pension x");
    struct payment *other = pay(a, SOURCE_FK, d, 5211, pm, "Pension");
    struct payment *plan = pay(a, SOURCE_FK, later, 5210, pm, "Pension");
    plan->state = PAYMENT_PRELIMINAR;
    answer_sort(a);
    assert_false(own->marks & MARK_DUBBEL_PM);
    assert_true(one->marks & MARK_DUBBEL_PM);
    assert_false(two->marks & MARK_DUBBEL_PM); /* PM reports it once */
    assert_false(other->marks & MARK_DUBBEL_PM);
    assert_false(plan->marks & MARK_DUBBEL_PM);
    a->of[SOURCE_PM].payments = NULL;
    answer_sort(a);
    assert_false(one->marks & MARK_DUBBEL_PM);
    answer_free(&a);
}

/* PM's amounts are whole kronor, FK's have öre: PM's pension of 5 210 and FK's
 * of 5 210,40 were summed twice. */
static void
test_pm_kronor_and_fk_ore_are_one_payment(void **state)
{
    (void)state;
    static const struct {
        int64_t pm, fk; /* PM in kronor, FK in öre */
        bool same;
    } rows[] = {{5210, 521000, true},  {5210, 521040, true},
                {5210, 520950, true},  {5210, 520901, true},
                {5210, 520900, false}, {5210, 521099, true},
                {5210, 521100, false}, {-10, -1040, true}};
    struct date d = {2026, 10, 18};
    const char *pm = "Pensionsmyndigheten";
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct answer *a = answer_to(SOURCE_BIT(SOURCE_FK), "PM:AP FK:GEPI");
        pay(a, SOURCE_PM, d, rows[i].pm, pm, "AP38");
        struct payment *fk = pay(a, SOURCE_FK, d, 0, pm, "Pension");
        fk->netto.ore = rows[i].fk;
        answer_sort(a);
        assert_int_equal((fk->marks & MARK_DUBBEL_PM) != 0, rows[i].same);
        answer_free(&a);
    }
    /* one that is equal goes before one that is near */
    struct answer *a = answer_to(SOURCE_BIT(SOURCE_FK), "PM:AP FK:GEPI");
    pay(a, SOURCE_PM, d, 5210, pm, "AP38");
    struct payment *near = pay(a, SOURCE_FK, d, 0, pm, "A");
    struct payment *equal = pay(a, SOURCE_FK, d, 5210, pm, "B");
    near->netto.ore = 521001;
    answer_sort(a);
    assert_false(near->marks & MARK_DUBBEL_PM);
    assert_true(equal->marks & MARK_DUBBEL_PM);
    answer_free(&a);
}

static void
test_retry_replaces(void **state)
{
    (void)state;
    struct answer *a =
        answer_to(SOURCE_BIT(SOURCE_AF) | SOURCE_BIT(SOURCE_SO), "");
    a->loggpost = 10;
    a->of[SOURCE_AF].state = STATE_SVAR;
    a->of[SOURCE_AF].loggpost = 10;
    a->of[SOURCE_SO].state = STATE_FEL;
    struct answer *r = answer_to(SOURCE_BIT(SOURCE_SO), "");
    r->loggpost = 12;
    r->of[SOURCE_SO].state = STATE_SVAR;
    pay(r, SOURCE_SO, (struct date){2026, 10, 2}, 2, "A",
        arena_strdup(r->arena, "kept"));
    struct answer *more = answer_to(SOURCE_BIT(SOURCE_FK), "PM:AP FK:GEPI");
    more->of[SOURCE_FK].state = STATE_SVAR;
    answer_merge(r, &more);
    assert_null(more);
    answer_merge(a, &r);
    assert_null(r);
    assert_int_equal(a->of[SOURCE_AF].loggpost, 10);
    assert_int_equal(a->of[SOURCE_SO].state, STATE_SVAR);
    assert_int_equal(a->of[SOURCE_SO].loggpost, 12);
    assert_int_equal(a->of[SOURCE_SO].asked_ms, 5);
    assert_string_equal(a->of[SOURCE_SO].payments->forman, "kept");
    assert_int_equal(a->of[SOURCE_FK].state, STATE_SVAR);
    assert_int_equal(a->of[SOURCE_PM].state, STATE_VANTAR);
    assert_true(answer_asked(&a->question) & SOURCE_BIT(SOURCE_PM));
    answer_free(&a);
}

static void
test_facts(void **state)
{
    (void)state;
    struct arena *a = arena_new(0);
    struct fact *top = fact_new(a, FACT_OBJECT, NULL, NULL);
    struct fact *list = fact_new(a, FACT_LIST, "lista", NULL);
    fact_add(top, fact_new(a, FACT_TEXT, "Fornamn", "Maj-Britt"));
    fact_add(top, list);
    for (int i = 0; i < 3; i++)
        fact_add(list, fact_new(a, FACT_TEXT, NULL, i ? "b" : "a"));
    assert_string_equal(fact_text(top, "Fornamn"), "Maj-Britt");
    assert_null(fact_text(top, "lista"));
    assert_null(fact_text(NULL, "x"));
    assert_string_equal(fact_get(top, "lista")->child->text, "a");
    assert_string_equal(list->last->text, "b");
    struct texts *t = NULL;
    texts_add(a, &t, "1");
    texts_add(a, &t, "2");
    assert_string_equal(t->next->text, "2");
    arena_free(&a);
    a = arena_new(16);
    assert_null(fact_new(a, FACT_TEXT, "x", "y"));
    assert_null(texts_add(a, &t, "3"));
    arena_free(&a);
}

static void
test_words(void **state)
{
    (void)state;
    for (enum payment_state s = 0; s < PAYMENT_STATE_COUNT; s++)
        assert_int_equal(payment_state_by_word(payment_state_word(s)), s);
    assert_int_equal(payment_state_by_word("nytt ord"), PAYMENT_OKAND);
    for (unsigned m = 1; m <= MARK_LAST; m <<= 1)
        assert_true(payment_mark_word(m)[0]);
    assert_string_equal(payment_mark_word(MARK_KVITTNING), "kvittning");
    assert_string_equal(confirmed_word(CONFIRMED_NEJ), "nej");
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_new_answer_waits),
        cmocka_unit_test(test_whole_and_exit),
        cmocka_unit_test(test_places_stay_closed),
        cmocka_unit_test(test_order_of_payments),
        cmocka_unit_test(test_pm_payment_that_fk_reports),
        cmocka_unit_test(test_pm_kronor_and_fk_ore_are_one_payment),
        cmocka_unit_test(test_retry_replaces),
        cmocka_unit_test(test_facts),
        cmocka_unit_test(test_words),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
