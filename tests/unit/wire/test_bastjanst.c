/* SPDX-License-Identifier: EUPL-1.2
 *
 * Proves: an authority's own answer gives the same payments, decisions,
 * facts, state and remarks as the same data inside SSBTEK's answer, fed whole
 * and in pieces; what the authority says has gone wrong is `fel` with kalla
 * BT and its own words; what is no answer gets the state and word that SSBTEK
 * would get. Leaves out: the zero rule row by row (test_states, whose readers
 * these are) and the requests (tests/contract).
 */
#include "config.h"

#include "alike.h"
#include "direct.h"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

static const enum source_id seven[] = {SOURCE_AF,  SOURCE_CSN, SOURCE_FK,
                                       SOURCE_SKV, SOURCE_SO,  SOURCE_TNS,
                                       SOURCE_MIV};
enum { SEVEN = sizeof seven / sizeof *seven };

static void
check_same(const struct answer *x, const struct answer *y, enum source_id s)
{
    AUTO_BUF(one, 8 << 20);
    AUTO_BUF(other, 8 << 20);
    alike_text(&one, &x->of[s]);
    alike_text(&other, &y->of[s]);
    assert_string_equal(buf_str(&one), buf_str(&other));
}

static struct answer *
read_in_ssbtek(const struct question *q, enum source_id s)
{
    char name[32];
    size_t n;
    direct_name(s, "", name);
    memcpy(strchr(name, '.'), ".xml", 5);
    char *xml = fixture_sample(name, &n);
    struct answer *a = fixture_read(q, xml, n, n, 200, "text/xml", NULL);
    free(xml);
    return a;
}

static void
test_same_as_in_ssbtek(void **state)
{
    (void)state;
    for (int i = 0; i < SEVEN; i++) {
        enum source_id s = seven[i];
        struct question q = direct_question(s);
        char name[32];
        size_t n;
        char *sample = direct_sample(direct_name(s, "", name), &n);
        struct answer *through = read_in_ssbtek(&q, s);
        static const size_t steps[] = {1 << 20, 1, 7, 1000};
        for (int k = 0; k < 4; k++) {
            enum err_code code;
            struct answer *a =
                direct_read(&q, s, sample, n, steps[k], 200, &code, NULL);
            assert_int_equal(code, ERR_OK);
            assert_true(a->of[s].state == STATE_SVAR ||
                        a->of[s].state == STATE_DELSVAR);
            assert_non_null(a->of[s].facts);
            assert_non_null(a->of[s].raw);
            check_same(a, through, s);
            if (s == SOURCE_FK)
                check_same(a, through, SOURCE_PM);
            answer_free(&a);
        }
        answer_free(&through);
        free(sample);
    }
}

static void
test_empty_is_proven(void **state)
{
    (void)state;
    static const enum source_id with[] = {SOURCE_CSN, SOURCE_FK, SOURCE_SO,
                                          SOURCE_TNS, SOURCE_MIV};
    for (size_t i = 0; i < sizeof with / sizeof *with; i++) {
        struct question q = direct_question(with[i]);
        char name[32];
        size_t n;
        char *s = direct_sample(direct_name(with[i], "-tom", name), &n);
        struct answer *a = direct_read(&q, with[i], s, n, n, 200, NULL, NULL);
        assert_int_equal(a->of[with[i]].state, STATE_INGA_UPPGIFTER);
        answer_free(&a);
        free(s);
    }
}

static void
check_fault(const struct source_answer *s, const char *kalla,
            const char *felkod, const char *text)
{
    assert_int_equal(s->state, STATE_FEL);
    assert_non_null(s->fault);
    assert_string_equal(s->fault->kalla, kalla);
    assert_string_equal(s->fault->felkod, felkod);
    assert_string_equal(s->fault->texts->text, text);
    assert_int_equal(s->facts != NULL, !strcmp(kalla, "TNS"));
}

static void
test_its_own_faults(void **state)
{
    (void)state;
    static const struct {
        enum source_id source;
        int status;
        const char *felkod, *text;
    } faults[] = {
        {SOURCE_MIV, 500, "MIV-17", "Registret svarade inte"},
        {SOURCE_SKV, 500, "9071004", "Tjänsten är stängd"},
        {SOURCE_AF, 500, "Client", "Frågan kunde inte läsas"},
        {SOURCE_AF, 200, "Client", "Frågan kunde inte läsas"},
        {SOURCE_FK, 400, "400", "Aktören är okänd"},
        {SOURCE_FK, 403, "403", "Aktören är okänd"},
        {SOURCE_FK, 500, "500", "Aktören är okänd"},
    };
    for (size_t i = 0; i < sizeof faults / sizeof *faults; i++) {
        enum source_id s = faults[i].source;
        struct question q = direct_question(s);
        char name[32];
        enum err_code code;
        size_t n;
        char *xml = direct_sample(direct_name(s, "-fel", name), &n);
        struct answer *a =
            direct_read(&q, s, xml, n, n, faults[i].status, &code, NULL);
        assert_int_equal(code, ERR_PROTOCOL);
        check_fault(&a->of[s], "BT", faults[i].felkod, faults[i].text);
        if (s == SOURCE_FK)
            check_fault(&a->of[SOURCE_PM], "BT", faults[i].felkod,
                        faults[i].text);
        assert_true((a->of[s].remarks != NULL) ==
                    (s == SOURCE_AF && faults[i].status == 200));
        answer_free(&a);
        free(xml);
    }
    struct question q = direct_question(SOURCE_TNS); /* a failure in data */
    size_t n;
    char *xml = direct_sample("tns-fel.xml", &n);
    struct answer *a = direct_read(&q, SOURCE_TNS, xml, n, n, 200, NULL, NULL);
    check_fault(&a->of[SOURCE_TNS], "TNS", "12", "Registret är stängt");
    answer_free(&a);
    free(xml);
}

/* State and word of what is no answer, for SOAP and for JSON. */
static void
test_no_answer(void **state)
{
    (void)state;
    static const struct {
        const char *body;
        int status;
        enum source_state state;
        const char *felkod, *json_felkod;
    } rows[] = {
        {"", 200, STATE_OLASLIGT, "tomt_svar", "tomt_svar"},
        {" \n", 200, STATE_OLASLIGT, "tomt_svar", "tomt_svar"},
        {"<html>", 200, STATE_OLASLIGT, "xml", "json"},
        {"\x1f\x8b\x08", 200, STATE_OLASLIGT, "komprimerat", "komprimerat"},
        {"<html>", 502, STATE_FEL, "http_502", "http_502"},
        {"", 503, STATE_FEL, "http_503", "http_503"},
        {"<a/>", 200, STATE_OLASLIGT, "soap", "json"},
        {"[]", 200, STATE_OLASLIGT, "xml", "olasligt"},
        {"{\"meddelande\":1}", 404, STATE_FEL, "http_404", "404"},
        {"{}", 500, STATE_FEL, "http_500", "http_500"},
    };
    for (int i = 0; i < SEVEN; i++)
        for (size_t k = 0; k < sizeof rows / sizeof *rows; k++) {
            enum source_id s = seven[i];
            struct question q = direct_question(s);
            enum err_code code;
            size_t n = strlen(rows[k].body);
            struct answer *a = direct_read(&q, s, rows[k].body, n, 1,
                                           rows[k].status, &code, NULL);
            const char *want =
                s == SOURCE_FK ? rows[k].json_felkod : rows[k].felkod;
            assert_int_equal(a->of[s].state, rows[k].state);
            assert_string_equal(a->of[s].fault->felkod, want);
            if (s == SOURCE_FK)
                assert_int_equal(a->of[SOURCE_PM].state, rows[k].state);
            answer_free(&a);
        }
}

static void
test_cut_at_any_byte(void **state)
{
    (void)state;
    for (int i = 0; i < SEVEN; i++) {
        enum source_id s = seven[i];
        struct question q = direct_question(s);
        char name[32];
        size_t n;
        char *sample = direct_sample(direct_name(s, "", name), &n);
        while (strchr(" \n", sample[n - 1]))
            n--;
        for (size_t cut = 0; cut < n; cut += 1 + n / 300) {
            struct answer *a =
                direct_read(&q, s, sample, cut, 4096, 200, NULL, NULL);
            assert_int_equal(a->of[s].state, STATE_OLASLIGT);
            assert_null(a->of[s].facts);
            assert_null(a->of[s].payments);
            answer_free(&a);
        }
        free(sample);
    }
}

/* s with `from` made `to` read as `source`'s answer. */
static struct answer *
read_changed(enum source_id source, const char *from, const char *to)
{
    struct question q = direct_question(source);
    char name[32];
    size_t n;
    char *sample = direct_sample(direct_name(source, "", name), &n);
    assert_non_null(strstr(sample, from));
    char *s = fixture_replaced(sample, from, to);
    n = strlen(s);
    struct answer *a = direct_read(&q, source, s, n, n, 200, NULL, NULL);
    free(sample);
    free(s);
    return a;
}

static void
test_another_person(void **state)
{
    (void)state;
    for (int i = 0; i < SEVEN; i++) {
        enum source_id s = seven[i];
        if (s == SOURCE_TNS) /* names nobody */
            continue;
        struct answer *a = s == SOURCE_CSN
                               ? read_changed(s, "8503129804", "8503129812")
                               : read_changed(s, PERSON, "198503129812");
        assert_int_equal(a->of[s].confirmed, CONFIRMED_NEJ);
        check_fault(&a->of[s], "ENFRAGA", "annan_person",
                    a->of[s].fault->texts->text);
        answer_free(&a);
    }
}

static void
test_not_the_answer(void **state)
{
    (void)state;
    struct answer *a = read_changed(SOURCE_AF, "SvarMeddelande", "Svar");
    assert_string_equal(a->of[SOURCE_AF].fault->felkod, "soap");
    answer_free(&a);
    a = read_changed(SOURCE_TNS, "hamtauppgifterresponder/1",
                     "hamtauppgifterresponder/2");
    assert_string_equal(a->of[SOURCE_TNS].fault->felkod, "soap");
    answer_free(&a);
    a = read_changed(SOURCE_MIV, "<korrelationsid>k-1", "<korrelationsid>k-2");
    check_fault(&a->of[SOURCE_MIV], "ENFRAGA", "annat_korrelationsid",
                a->of[SOURCE_MIV].fault->texts->text);
    answer_free(&a);
    a = read_changed(SOURCE_SO, "<soap:Body>", "<soap:Body><x/>");
    assert_string_equal(a->of[SOURCE_SO].fault->felkod, "soap");
    answer_free(&a);
    a = read_changed(SOURCE_CSN, "?>", "?><!DOCTYPE x [<!ENTITY a 'b'>]>");
    assert_string_equal(a->of[SOURCE_CSN].fault->felkod, "xml");
    answer_free(&a);
    a = read_changed(SOURCE_CSN, "schema.csn.se/v4.0", "schema.csn.se/v5.0");
    assert_int_equal(a->of[SOURCE_CSN].state, STATE_SVAR); /* any version */
    assert_non_null(a->of[SOURCE_CSN].payments);
    answer_free(&a);
}

static void
test_ceilings(void **state)
{
    (void)state;
    AUTO_BUF(b, 20 << 20);
    struct question q = direct_question(SOURCE_FK);
    buf_adds(&b, "{\"x\":\"");
    while (b.len < SSBTEK_INNER_MAX + 10)
        buf_adds(&b, "0123456789012345678901234567890123456789");
    buf_adds(&b, "\"}");
    struct answer *a =
        direct_read(&q, SOURCE_FK, b.data, b.len, 5000, 200, NULL, NULL);
    check_fault(&a->of[SOURCE_FK], "ENFRAGA", "for_stort",
                a->of[SOURCE_FK].fault->texts->text);
    assert_string_equal(a->of[SOURCE_PM].fault->felkod, "for_stort");
    answer_free(&a);
    buf_clear(&b);
    q = direct_question(SOURCE_SO);
    buf_adds(&b, "<s:Envelope xmlns:s='http://schemas.xmlsoap.org/soap/"
                 "envelope/'><s:Body><GetUnemploymentBenefitPaymentResponse "
                 "xmlns='http://INT014.UBPService.Schemas'><Syfte>");
    while (b.len < (2 << 20))
        buf_adds(&b, "0123456789012345678901234567890123456789");
    buf_adds(&b, "</Syfte></GetUnemploymentBenefitPaymentResponse></s:Body>"
                 "</s:Envelope>");
    a = direct_read(&q, SOURCE_SO, b.data, b.len, 5000, 200, NULL, NULL);
    check_fault(&a->of[SOURCE_SO], "ENFRAGA", "for_stort",
                a->of[SOURCE_SO].fault->texts->text);
    answer_free(&a);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_same_as_in_ssbtek),
        cmocka_unit_test(test_empty_is_proven),
        cmocka_unit_test(test_its_own_faults),
        cmocka_unit_test(test_no_answer),
        cmocka_unit_test(test_cut_at_any_byte),
        cmocka_unit_test(test_another_person),
        cmocka_unit_test(test_not_the_answer),
        cmocka_unit_test(test_ceilings),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
