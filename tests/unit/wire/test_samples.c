/* SPDX-License-Identifier: EUPL-1.2
 *
 * Proves: our own samples give the payments, rows, decisions, facts, missing
 * parts and flags that stand in them, cleaned. Leaves out: what goes wrong
 * (test_ssbtek) and the zero rule row by row (test_states).
 */
#include "config.h"

#include "fixture.h"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

/* SPDX-License-Identifier: EUPL-1.2
 *
 * Proves: our own samples give the payments, rows, decisions, facts, missing
 * parts and flags that stand in them; cut at any byte a sample gives no
 * answer at all, and split at any byte the same as whole; each fault of
 * envelope, transport and correlation gives its stated state. Leaves out: the
 * zero rule row by row (test_states).
 */
#include "config.h"

#include "fixture.h"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

static const struct payment *
payment_at(const struct answer *a, enum source_id s, int i)
{
    const struct payment *p = a->of[s].payments;
    while (p && i--)
        p = p->next;
    assert_non_null(p);
    return p;
}

static const struct decision *
decision_at(const struct answer *a, enum source_id s, int i)
{
    const struct decision *d = a->of[s].decisions;
    while (d && i--)
        d = d->next;
    assert_non_null(d);
    return d;
}

static void
is_money(struct money m, const char *want)
{
    char text[24];
    money_text(m, text);
    assert_string_equal(text, want);
}

static void
is_date(struct date d, const char *want)
{
    char text[11];
    date_text(d, text);
    assert_string_equal(text, want);
}

static const struct fact *
fact_at(const struct fact *f, const char *path)
{
    char name[128];
    while (f && *path) {
        size_t n = strcspn(path, "/");
        snprintf(name, sizeof name, "%.*s", (int)n, path);
        f = f->kind == FACT_LIST ? f->child : fact_get(f, name);
        path += n + (path[n] == '/');
    }
    return f;
}

static void
is_fact(const struct answer *a, enum source_id s, const char *path,
        const char *want)
{
    const struct fact *f = fact_at(a->of[s].facts, path);
    if (!f || f->kind != FACT_TEXT || strcmp(f->text, want) != 0)
        fail_msg("%s is %s, expected %s", path, f ? f->text : "missing", want);
}

static void
test_af(void **state)
{
    (void)state;
    struct answer *a = fixture_read_sample("af.xml", 0);
    const struct source_answer *s = &a->of[SOURCE_AF];
    assert_int_equal(s->state, STATE_SVAR);
    assert_int_equal(s->confirmed, CONFIRMED_JA);
    assert_int_equal(s->count, 2);
    assert_false(s->shielded);
    const struct decision *d = decision_at(a, SOURCE_AF, 0);
    assert_string_equal(d->slag, "beslut");
    assert_string_equal(d->forman, "Aktivitetsstöd");
    assert_string_equal(d->omfattning, "100");
    is_date(d->till, "2027-01-29");
    is_fact(a, SOURCE_AF,
            "Svar/BeslutInfo/EkonomiskaBeslut/Beslut/0/ErsattningTyp",
            "Aktivitetsstöd");
    is_fact(a, SOURCE_AF, "Svar/ovrigt/Handlaggningskontor", "Sundby");
    is_fact(a, SOURCE_AF, "Fraga/NamnPaIngivare", "Sundby kommun");
    assert_int_equal(a->of[SOURCE_CSN].state, STATE_SAKNAS);
    assert_int_equal(a->of[SOURCE_PM].state, STATE_SAKNAS);
    answer_free(&a);
}

static void
test_csn(void **state)
{
    (void)state;
    struct answer *a = fixture_read_sample("csn.xml", 0);
    const struct source_answer *s = &a->of[SOURCE_CSN];
    assert_int_equal(s->state, STATE_SVAR);
    assert_int_equal(s->count, 6);
    const struct payment *p = payment_at(a, SOURCE_CSN, 0);
    is_date(p->date, "2026-08-25");
    assert_string_equal(p->forman, "Studiemedel");
    assert_string_equal(p->kod, "GRUND");
    assert_int_equal(p->state, PAYMENT_UTBETALD);
    is_money(p->netto, "4000.00");
    is_money(p->lan, "2614.00");
    is_money(p->brutto, "");
    assert_string_equal(p->fran, "2026-08-24"); /* Monday of week 35 */
    assert_string_equal(p->till, "2026-09-20"); /* Sunday of week 38 */
    assert_int_equal(p->marks, MARK_LAN);
    assert_false(p->rows->lan);
    assert_true(p->rows->next->lan);
    is_money(p->rows->next->belopp, "2614.00");
    assert_string_equal(p->rows->next->slag_kod, "GRUNDL");
    assert_int_equal(payment_at(a, SOURCE_CSN, 2)->state, PAYMENT_PLANERAD);
    p = payment_at(a, SOURCE_CSN, 3);
    assert_true(date_none(p->date));
    assert_null(p->fran);
    assert_int_equal(p->marks, MARK_NOLL);
    const struct decision *d = decision_at(a, SOURCE_CSN, 0);
    assert_string_equal(d->omfattning, "50");
    assert_string_equal(d->lage, "beslutat");
    is_date(d->till, "2027-01-03"); /* Sunday of week 53 */
    d = decision_at(a, SOURCE_CSN, 1);
    assert_string_equal(d->slag, "ansokan");
    assert_true(d->utan_beslut);
    is_date(d->fran, "2027-01-18");
    is_fact(a, SOURCE_CSN,
            "Personer/Person/0/Studiemedel/Arenden/Arende/0/UtbetalningsPlan/"
            "Utbetalning/0/Utbetaldatider/Utbetaldtid/0/startvecka",
            "202635");
    is_fact(a, SOURCE_CSN, "schemaVersion", "4.0");
    size_t n;
    char *inner = fixture_sample("csn-inre.xml", &n);
    assert_int_equal(s->raw_len, n);
    assert_memory_equal(s->raw, inner, n);
    free(inner);
    answer_free(&a);
}

static void
test_fk(void **state)
{
    (void)state;
    struct answer *a = fixture_read_sample("fk.xml", 0);
    const struct source_answer *s = &a->of[SOURCE_FK];
    assert_int_equal(s->state, STATE_DELSVAR);
    assert_int_equal(s->confirmed, CONFIRMED_JA);
    assert_string_equal(s->missing->kod, "FK:BOB");
    assert_string_equal(s->missing->namn, "Bostadsbidrag");
    assert_string_equal(s->missing->orsak, "INTERNT_FEL");
    assert_null(s->missing->next);
    const struct payment *p = payment_at(a, SOURCE_FK, 0);
    assert_string_equal(p->forman, "Sjukpenning");
    assert_int_equal(p->marks, MARK_NOLL | MARK_RETRO);
    p = payment_at(a, SOURCE_FK, 1);
    assert_string_equal(p->kod, "AS");
    assert_string_equal(p->betalare, "Försäkringskassan");
    is_money(p->netto, "1185.50");
    is_money(p->brutto, "1690.00");
    is_money(p->skatt, "405.00");
    is_money(p->avdrag, "505.00");
    assert_string_equal(p->fran, "2026-11-02"); /* span of its rows */
    assert_string_equal(p->till, "2026-11-06");
    assert_int_equal(p->marks, MARK_KVITTNING);
    const struct payment_row *r = p->rows;
    assert_string_equal(r->omfattning, "100");
    assert_string_equal(r->next->omfattning, "50");
    assert_string_equal(r->dagar, "3");
    r = r->next->next;
    assert_true(r->avdrag);
    assert_string_equal(r->slag, "preliminär skatt");
    assert_string_equal(r->next->slag, "kvittning");
    is_money(r->next->belopp, "100.00");
    assert_null(r->next->next);
    p = payment_at(a, SOURCE_FK, 2);
    assert_string_equal(p->fran, "2026-11");
    assert_int_equal(payment_at(a, SOURCE_FK, 3)->state, PAYMENT_PRELIMINAR);
    const struct decision *d = decision_at(a, SOURCE_FK, 0);
    assert_string_equal(d->forman, "Aktivitetsstöd");
    assert_string_equal(d->periodicitet, "månad");
    is_money(d->belopp, "7436.00");
    d = decision_at(a, SOURCE_FK, 1);
    assert_string_equal(d->slag, "ansokan");
    assert_string_equal(d->forman, "Föräldrapenning");
    assert_true(d->utan_beslut);
    d = decision_at(a, SOURCE_FK, 2); /* beslut is one object */
    assert_string_equal(d->forman, "Omvårdnadsbidrag");
    is_date(d->fran, "2026-02-01");
    d = decision_at(a, SOURCE_FK, 3);
    assert_string_equal(d->slag, "anvisning");
    is_fact(a, SOURCE_FK, "formansinformation/ovrigt/nyttFalt/varde",
            "framtid");
    answer_free(&a);
}

static void
test_pm(void **state)
{
    (void)state;
    struct answer *a = fixture_read_sample("fk.xml", 0);
    const struct source_answer *s = &a->of[SOURCE_PM];
    assert_int_equal(s->state, STATE_SVAR);
    assert_int_equal(s->confirmed, CONFIRMED_JA);
    const struct payment *p = payment_at(a, SOURCE_PM, 0);
    assert_null(p->next);
    assert_string_equal(p->forman, "Efterlevandepension, Bostadstillägg");
    assert_string_equal(p->kod, "PM:EP, PM:BTP");
    is_money(p->netto, "3700.00");
    is_money(p->skatt, "1035.00");
    is_money(p->avdrag, "1535.00"); /* whatever the sign it came with */
    assert_int_equal(p->marks, MARK_UTMATNING);
    const struct decision *d = decision_at(a, SOURCE_PM, 0);
    assert_string_equal(d->lage, "Slutligt, Bifall");
    assert_string_equal(d->periodicitet, "månad");
    d = decision_at(a, SOURCE_PM, 1);
    assert_string_equal(d->slag, "ansokan");
    assert_true(d->utan_beslut);
    is_fact(a, SOURCE_PM, "utbetalningar/0/nettobelopp", "3700");
    assert_null(fact_get(a->of[SOURCE_FK].facts, "utbetalningar"));
    answer_free(&a);
}

static void
test_skv_so_tns_miv(void **state)
{
    (void)state;
    struct answer *a = fixture_read_sample("alla.xml", 0);
    assert_int_equal(a->of[SOURCE_SKV].state, STATE_SVAR);
    assert_int_equal(a->of[SOURCE_SKV].count, 2);
    is_fact(a, SOURCE_SKV, "PersonuppgiftLista/Personuppgift/0/Fornamn",
            "Maj-Britt Åsa"); /* its own encoding no longer holds */
    assert_int_equal(a->of[SOURCE_SO].state, STATE_SVAR);
    const struct payment *p = payment_at(a, SOURCE_SO, 1);
    assert_string_equal(p->betalare, "A-kassa Exempel");
    is_money(p->netto, "4310.25");
    is_money(p->efter_skatt, "4810.50");
    is_money(p->avdrag, "500.25");
    is_money(p->skatt, "");
    assert_string_equal(p->dagar, "10");
    p = payment_at(a, SOURCE_SO, 0);
    is_date(p->date, "2026-10-16");
    is_money(p->netto, "4000.00");
    is_money(p->avdrag, "0.00");
    assert_int_equal(p->marks, 0);
    assert_string_equal(decision_at(a, SOURCE_SO, 0)->slag, "avstangning");
    assert_false(decision_at(a, SOURCE_SO, 1)->utan_beslut);
    assert_true(decision_at(a, SOURCE_SO, 2)->utan_beslut); /* nil */
    assert_int_equal(a->of[SOURCE_TNS].state, STATE_SVAR);
    assert_int_equal(a->of[SOURCE_TNS].confirmed, CONFIRMED_KAN_INTE_VISAS);
    is_fact(a, SOURCE_TNS, "fordonsinnehav/fordon/0/ovrigt/drivmedel",
            "bensin");
    assert_int_equal(a->of[SOURCE_MIV].state, STATE_SVAR);
    const struct decision *d = decision_at(a, SOURCE_MIV, 0);
    assert_string_equal(d->slag, "tillstand");
    assert_string_equal(d->lage, "Beviljad, tidsbegränsat");
    is_date(d->till, "2027-01-31");
    assert_true(decision_at(a, SOURCE_MIV, 1)->utan_beslut);
    answer_free(&a);
}

/* NettoEfterAvdrag missing: what there is is shown and marked, no deduction
 * is made up. */
static void
test_so_without_amount_after_deductions(void **state)
{
    (void)state;
    struct question q = fixture_question();
    struct answer *a =
        fixture_one(&q, SOURCE_SO,
                    "<ArbetsloshetsersattningLista xmlns='http://"
                    "INT014.UBPService.Schemas'><Arbetsloshetsersattning>"
                    "<Utbetalningar><NettoEfterSkatt>4000</NettoEfterSkatt>"
                    "</Utbetalningar></Arbetsloshetsersattning>"
                    "</ArbetsloshetsersattningLista>");
    const struct payment *p = payment_at(a, SOURCE_SO, 0);
    is_money(p->netto, "4000.00");
    is_money(p->avdrag, "");
    assert_int_equal(p->marks, MARK_EFTER_SKATT);
    assert_true(date_none(p->date));
    answer_free(&a);
}

static void
test_all_empty_is_zero(void **state)
{
    (void)state;
    struct answer *a = fixture_read_sample("tomt.xml", 0);
    for (int i = 0; i < SOURCE_COUNT; i++)
        if (a->of[i].state != STATE_INGA_UPPGIFTER)
            fail_msg("%s is %s", source_row(i)->code,
                     state_row(a->of[i].state)->word);
    assert_true(answer_whole(a));
    answer_free(&a);
}

static void
test_text_is_cleaned(void **state)
{
    (void)state;
    struct question q = fixture_question();
    struct answer *a = fixture_one(
        &q, SOURCE_FK,
        "{\"utlamnare\":[{\"utlamnare\":{\"kod\":\"FK\"},\"tillstand\":{"
        "\"kod\":\"OK\"}}],\"formansinformation\":{\"utbetalningsuppgift\":[{"
        "\"formansfamilj\":{\"beskrivning\":\"\\u001b[2JBarn\\u202e\"},"
        "\"datum\":\"x\",\"nettobelopp\":{\"summa\":1.005}}]}}");
    const struct payment *p = payment_at(a, SOURCE_FK, 0);
    assert_string_equal(p->forman, "<U+001B>[2JBarn<U+202E>");
    assert_int_equal(p->marks, MARK_BELOPP_OLASLIGT | MARK_DATUM_OLASLIGT);
    assert_false(p->netto.given);
    assert_int_equal(a->of[SOURCE_FK].state, STATE_DELSVAR);
    is_fact(a, SOURCE_FK,
            "formansinformation/utbetalningsuppgift/0/nettobelopp/summa",
            "1.005");
    answer_free(&a);
}

static void
test_shielded(void **state)
{
    (void)state;
    size_t n;
    char *s = fixture_sample("csn-inre-tom.xml", &n);
    char *t = fixture_replaced(s, "sekretess=\"  \"", "sekretess=\"S1\"");
    struct question q = fixture_question();
    struct answer *a = fixture_one(&q, SOURCE_CSN, t);
    assert_int_equal(a->of[SOURCE_CSN].state, STATE_INGA_UPPGIFTER);
    assert_true(a->of[SOURCE_CSN].shielded);
    assert_string_equal(a->of[SOURCE_CSN].flag, "S1");
    answer_free(&a);
    free(t);
    free(s);
    s = fixture_sample("csn-inre-tom.xml", &n);
    a = fixture_one(&q, SOURCE_CSN, s);
    assert_false(answer_untold(a, SOURCE_CSN));
    answer_free(&a);
    t = fixture_replaced(s, "sekretess=\"  \"", "");
    a = fixture_one(&q, SOURCE_CSN, t); /* optional, and left out */
    assert_false(a->of[SOURCE_CSN].shielded);
    assert_true(answer_untold(a, SOURCE_CSN));
    answer_free(&a);
    free(t);
    free(s);
    s = fixture_sample("lefi-inre-tom.json", &n);
    t = fixture_replaced(s, "false", "true"); /* GEPI as one object */
    a = fixture_one(&q, SOURCE_FK, t);
    assert_int_equal(a->of[SOURCE_FK].state, STATE_INGA_UPPGIFTER);
    assert_true(a->of[SOURCE_FK].shielded);
    answer_free(&a);
    free(t);
    free(s);
    s = fixture_sample("af.xml", &n);
    t = fixture_replaced(s, "markering>false", "markering>1");
    a = fixture_answer(t);
    assert_true(a->of[SOURCE_AF].shielded);
    assert_true(answer_shielded(a));
    answer_free(&a);
    free(t);
    free(s);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_af),
        cmocka_unit_test(test_csn),
        cmocka_unit_test(test_fk),
        cmocka_unit_test(test_pm),
        cmocka_unit_test(test_skv_so_tns_miv),
        cmocka_unit_test(test_so_without_amount_after_deductions),
        cmocka_unit_test(test_all_empty_is_zero),
        cmocka_unit_test(test_text_is_cleaned),
        cmocka_unit_test(test_shielded),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
