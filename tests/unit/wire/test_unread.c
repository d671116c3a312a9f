/* SPDX-License-Identifier: EUPL-1.2
 *
 * Proves: what came and is not understood stays unknown: doubt beside a named
 * gap, an amount that cannot be read, a sign of protection that is no plain
 * no. Leaves out: which state each gives (test_states).
 */
#include "config.h"

#include "fixture.h"
#include "said.h"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

/* Doubt beside a gap that is named is a gap of its own. */
static void
test_unread_beside_a_named_gap(void **state)
{
    (void)state;
    struct question q = fixture_question();
    struct answer *a = fixture_one(
        &q, SOURCE_FK,
        LEFI("\"formansinformation\":{\"utbetalningsuppgift\":[null]}," GAP(
            "formansinformation", "formansgrupp", "FK:BOB", "INTERNT_FEL")));
    const struct missing *m = a->of[SOURCE_FK].missing;
    assert_int_equal(a->of[SOURCE_FK].state, STATE_DELSVAR);
    assert_string_equal(m->kod, "FK:BOB");
    assert_non_null(m->next); /* so that no benefit is taken to be whole */
    assert_string_equal(m->next->kod, "");
    assert_true(*m->next->namn);
    answer_free(&a);
}

/* What was paid out came and cannot be read: the amount before deductions is
 * another one. */
static void
test_unread_amount_is_not_the_other_one(void **state)
{
    (void)state;
    static const struct {
        const char *paid;
        bool given;
    } of[] = {{"<i:NettoEfterAvdrag>4 310:-</i:NettoEfterAvdrag>", false},
              {"<i:NettoEfterAvdrag> </i:NettoEfterAvdrag>", true},
              {"", true}};
    struct question q = fixture_question();
    for (size_t i = 0; i < 3; i++) {
        char data[1024];
        snprintf(data, sizeof data, "%s%s%s%s",
                 SO_ME
                 "<i:Arbetsloshetsersattn"
                 "ingLista " SO_NS "><i:Arbetsloshetsersattning><i:Utbetalning"
                 "ar><i:Utbetalningsdatum>2026-10-01</i:Utbetalningsdatum>"
                 "<i:NettoEfterSkatt>5000</i:NettoEfterSkatt>",
                 of[i].paid, "</i:Utbetalningar></i:Arbetsloshetsersattning>",
                 "</i:ArbetsloshetsersattningLista>");
        struct answer *a = fixture_one(&q, SOURCE_SO, data);
        const struct payment *p = a->of[SOURCE_SO].payments;
        assert_int_equal(p->netto.given, of[i].given);
        assert_int_equal(p->efter_skatt.ore, 500000);
        assert_int_equal(!!(p->marks & MARK_EFTER_SKATT), of[i].given);
        assert_int_equal(a->of[SOURCE_SO].state,
                         of[i].given ? STATE_SVAR : STATE_DELSVAR);
        answer_free(&a);
    }
}

/* A sign of protection that does not say no says yes, whoever it is of. */
static void
test_signs_of_protection(void **state)
{
    (void)state;
#define GEPI(x)                                                                \
    LEFI("\"formansinformation\":{\"generellPersoninformation\":{"             \
         "\"personnummer\":\"" PERSON "\"" x "}}")
    static const struct {
        enum source_id source;
        const char *data;
        bool shielded, untold;
    } of[] = {
        {SOURCE_AF, AF(AF_ME AF_OK), false, true},
        {SOURCE_AF,
         AF(AF_ME "<a:Sekretessmarkering>false</a:Sekretessmarkering>" AF_OK),
         false, false},
        {SOURCE_AF,
         AF(AF_ME "<a:Sekretessmarkering>TRUE</a:Sekretessmarkering>" AF_OK),
         true, false},
        {SOURCE_AF,
         AF(AF_ME "<a:Sekretessmarkering>Ja</a:Sekretessmarkering>" AF_OK),
         true, false},
        {SOURCE_AF,
         AF(AF_ME "<a:Sekretessmarkering> </a:Sekretessmarkering>" AF_OK),
         false, true},
        {SOURCE_FK, GEPI(""), false, true},
        {SOURCE_FK, GEPI(",\"barn\":[{\"skyddad\":false}]"), false, true},
        {SOURCE_FK, LEFI("\"formansinformation\":{}"), false, true},
        {SOURCE_FK, GEPI(",\"skyddad\":false"), false, false},
        {SOURCE_FK, GEPI(",\"skyddad\":null"), false, true},
        {SOURCE_FK, GEPI(",\"skyddad\":\"false\""), false, false},
        {SOURCE_FK, GEPI(",\"skyddad\":true"), true, false},
        {SOURCE_FK, GEPI(",\"skyddad\":\"J\""), true, false},
        {SOURCE_FK, GEPI(",\"skyddad\":[true]"), true, false},
        {SOURCE_FK, GEPI(",\"skyddad\":false,\"barn\":[{\"skyddad\":true}]"),
         true, false}};
#undef GEPI
    struct question q = fixture_question();
    for (size_t i = 0; i < sizeof of / sizeof *of; i++) {
        struct answer *a = fixture_one(&q, of[i].source, of[i].data);
        if (a->of[of[i].source].shielded != of[i].shielded ||
            answer_untold(a, of[i].source) != of[i].untold)
            fail_msg("sign %zu", i);
        answer_free(&a);
    }
}

/* A loan of which one part cannot be read is a loan of an unknown size; a
 * second plan is money that was not read. */
static void
test_unread_loan_and_second_plan(void **state)
{
    (void)state;
    struct question q = fixture_question();
    struct answer *a = fixture_one(
        &q, SOURCE_CSN,
        CSN(CSN_OK,
            CSN_ME ">" COUNTS("1") ARENDEN(
                "<Arende><stodform>GRUND</stodform><UtbetalningsPlan>"
                "<Utbetalning><utbetdatum>20261023</utbetdatum><utbetstatus>"
                "Utbetald</utbetstatus><totbelopp>9000</totbelopp>"
                "<Utbetaldatider><Utbetaldtid><Beloppen><Belopp><beloppstyp>"
                "GRUNDL</beloppstyp><totbelopp>x</totbelopp></Belopp><Belopp>"
                "<beloppstyp>GRUNDL</beloppstyp><totbelopp>0</totbelopp>"
                "</Belopp></Beloppen></Utbetaldtid></Utbetaldatider>"
                "</Utbetalning></UtbetalningsPlan></Arende>") "</Person>"));
    const struct payment *p = a->of[SOURCE_CSN].payments;
    assert_int_equal(p->netto.ore, 900000);
    assert_false(p->lan.given);
    assert_true(p->marks & MARK_LAN);
    answer_free(&a);
    a = fixture_one(&q, SOURCE_CSN,
                    CSN(CSN_OK, CSN_ME ">" COUNTS("1") ARENDEN(
                                    "<Arende><stodform>GRUND</stodform>"
                                    "<UtbetalningsPlan/><UtbetalningsPlan/>"
                                    "</Arende>") "</Person>"));
    assert_int_equal(a->of[SOURCE_CSN].state, STATE_DELSVAR);
    answer_free(&a);
}

/* Each avvikelse was compared with all before it, and each row of the overview
 * with all of them: they grew by the square. */
static void
test_many_gaps(void **state)
{
    (void)state;
    enum { GAPS = 4000 };
    AUTO_BUF(b, 2 << 20);
    buf_adds(&b, "{\"utlamnare\":[{\"utlamnare\":{\"kod\":\"FK\"},"
                 "\"tillstand\":{\"kod\":\"OK\"}}],"
                 "\"formansinformation\":{},\"avvikelser\":{"
                 "\"utbetalningar\":[");
    for (int i = 0; i < GAPS; i++)
        buf_addf(&b, "%s{\"formansgrupp\":{\"kod\":\"FK:%d\"}}", i ? "," : "",
                 i);
    buf_adds(&b, "]}}");
    assert_false(b.full);
    struct question q = fixture_question();
    struct answer *a = fixture_one(&q, SOURCE_FK, buf_str(&b));
    assert_int_equal(a->of[SOURCE_FK].state, STATE_DELSVAR);
    int n = 0;
    const struct missing *last = NULL;
    for (const struct missing *m = a->of[SOURCE_FK].missing; m; m = m->next) {
        last = m;
        n++;
    }
    assert_int_equal(n, 200);
    assert_string_equal(last->kod, ""); /* and any other: not told which */
    answer_free(&a);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_unread_beside_a_named_gap),
        cmocka_unit_test(test_unread_amount_is_not_the_other_one),
        cmocka_unit_test(test_unread_loan_and_second_plan),
        cmocka_unit_test(test_signs_of_protection),
        cmocka_unit_test(test_many_gaps),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
