/* SPDX-License-Identifier: EUPL-1.2
 *
 * Proves: cut at any byte a sample gives no answer at all, and split at any
 * byte the same as whole; each fault of envelope, transport and correlation
 * gives its stated state; one source's fault stays its own. Leaves out: what
 * is read from a sound answer (test_samples).
 */
#include "config.h"

#include "fixture.h"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

/* The whole answer as text, to compare two. */
static void
dump_fact(struct buf *b, const struct fact *f)
{
    for (; f; f = f->next) {
        buf_addf(b, "%s=%s(", f->name ? f->name : "", f->text ? f->text : "");
        dump_fact(b, f->child);
        buf_adds(b, ")");
    }
}

static void
dump(struct buf *b, const struct answer *a)
{
    for (int i = 0; i < SOURCE_COUNT; i++) {
        const struct source_answer *s = &a->of[i];
        buf_addf(b, "%d %d %d\n", s->state, s->count, s->confirmed);
        for (const struct payment *p = s->payments; p; p = p->next)
            buf_addf(b, "%s %ld %u\n", p->forman, (long)p->netto.ore, p->marks);
        for (const struct decision *d = s->decisions; d; d = d->next)
            buf_addf(b, "%s %s\n", d->slag, d->forman);
        for (const struct missing *m = s->missing; m; m = m->next)
            buf_addf(b, "%s %s\n", m->kod, m->orsak);
        dump_fact(b, s->facts);
    }
}

static void
split_anywhere(const struct question *q, const char *name)
{
    size_t n;
    char *s = fixture_sample(name, &n);
    AUTO_BUF(whole, 1 << 20);
    struct answer *a = fixture_read(q, s, n, n, 200, "text/xml", NULL);
    dump(&whole, a);
    answer_free(&a);
    for (size_t cut = 1; cut < n; cut += 1 + cut % 13) {
        AUTO_BUF(split, 1 << 20);
        struct err e;
        a = answer_new(q);
        struct ssbtek_reader *r = ssbtek_reader_new(a, q->sources);
        assert_int_equal(ssbtek_feed(r, s, cut, &e), ERR_OK);
        assert_int_equal(ssbtek_feed(r, s + cut, n - cut, &e), ERR_OK);
        assert_int_equal(ssbtek_finish(r, 200, "text/xml", &e), ERR_OK);
        ssbtek_reader_free(&r);
        answer_sort(a);
        dump(&split, a);
        assert_string_equal(buf_str(&split), buf_str(&whole));
        answer_free(&a);
    }
    a = fixture_read(q, s, n, 1, 200, "text/xml", NULL);
    AUTO_BUF(bytes, 1 << 20);
    dump(&bytes, a);
    assert_string_equal(buf_str(&bytes), buf_str(&whole));
    answer_free(&a);
    free(s);
}

static void
test_split_anywhere_is_the_same(void **state)
{
    (void)state;
    struct question v10 = fixture_question(), v11 = fixture_question_v11();
    split_anywhere(&v10, "alla.xml");
    split_anywhere(&v11, V11 "skv.xml");
}

static void
all_are(const struct answer *a, enum source_state s, const char *felkod)
{
    for (int i = 0; i < SOURCE_COUNT; i++) {
        if (a->of[i].state != s)
            fail_msg("%s is %s", source_row(i)->code,
                     state_row(a->of[i].state)->word);
        assert_non_null(a->of[i].fault);
        assert_string_equal(a->of[i].fault->felkod, felkod);
        assert_null(a->of[i].facts);
    }
}

static void
test_cut_anywhere_is_no_answer(void **state)
{
    (void)state;
    static const char *const names[] = {"tomt.xml", "alla.xml",
                                        V11 "skv-inga.xml"};
    for (int k = 0; k < 3; k++) {
        struct question q =
            k == 2 ? fixture_question_v11() : fixture_question();
        size_t n;
        char *s = fixture_sample(names[k], &n);
        size_t whole = strstr(s, "</soap:Envelope>") - s + 16;
        for (size_t cut = 0; cut < whole; cut += k ? 5 : 1) {
            enum err_code code;
            struct answer *a =
                fixture_read(&q, s, cut, 4096, 200, "text/xml", &code);
            assert_int_equal(code, ERR_PROTOCOL);
            all_are(a, STATE_OLASLIGT, cut ? "xml" : "tomt_svar");
            answer_free(&a);
        }
        free(s);
    }
}

static void
test_faults(void **state)
{
    (void)state;
    struct question q = fixture_question();
    static const int statuses[] = {500, 200};
    for (int k = 0; k < 2; k++) {
        size_t n;
        enum err_code code;
        char *s = fixture_sample("fel.xml", &n);
        struct answer *a =
            fixture_read(&q, s, n, n, statuses[k], "text/xml", &code);
        assert_int_equal(code, ERR_PROTOCOL);
        all_are(a, STATE_FEL, "4711");
        const struct source_fault *f = a->of[SOURCE_PM].fault;
        assert_string_equal(f->kalla, "SSBT");
        assert_string_equal(f->texts->text, "Tjänsten är stängd");
        assert_string_equal(f->texts->next->text, "Försök senare");
        answer_free(&a);
        free(s);
        s = fixture_sample("fel-utan-detalj.xml", &n);
        a = fixture_read(&q, s, n, n, statuses[k], "text/xml", &code);
        all_are(a, STATE_FEL, "soap_fault");
        assert_string_equal(a->of[SOURCE_AF].fault->kalla, "ENFRAGA");
        assert_string_equal(a->of[SOURCE_AF].fault->texts->text,
                            "Internal error");
        answer_free(&a);
        free(s);
    }
}

static void
test_transport(void **state)
{
    (void)state;
    struct question q = fixture_question();
    size_t n;
    char *s = fixture_sample("alla.xml", &n);
    static const struct {
        const char *body;
        int status;
        const char *felkod;
        enum source_state state;
    } rows[] = {
        {"", 200, "tomt_svar", STATE_OLASLIGT},
        {" \r\n", 200, "tomt_svar", STATE_OLASLIGT},
        {"hej", 200, "xml", STATE_OLASLIGT},
        {"<html/>", 200, "soap", STATE_OLASLIGT},
        {"\x1f\x8b\x08", 200, "komprimerat", STATE_OLASLIGT},
        {"<html>Internal</html>", 500, "http_500", STATE_FEL},
        {"Busy", 503, "http_503", STATE_FEL},
        {"", 503, "http_503", STATE_FEL},
        {"<html/>", 403, "http_403", STATE_FEL},
        {"", 302, "http_302", STATE_FEL},
        {NULL, 500, "http_500", STATE_FEL},
        {"<!DOCTYPE x><x/>", 200, "xml", STATE_OLASLIGT},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        const char *body = rows[i].body ? rows[i].body : s;
        enum err_code code;
        struct answer *a = fixture_read(&q, body, strlen(body), 1000,
                                        rows[i].status, "text/html", &code);
        assert_int_equal(code, ERR_PROTOCOL);
        all_are(a, rows[i].state, rows[i].felkod);
        answer_free(&a);
    }
    free(s);
}

static void
test_correlation_and_contract(void **state)
{
    (void)state;
    static const struct {
        const char *from, *to;
        enum source_state state;
        const char *felkod;
    } rows[] = {
        {">k-1</s:korr", ">k-2</s:korr", STATE_FEL, "annat_korrelationsid"},
        {">k-1</s:korr", "></s:korr", STATE_FEL, "annat_korrelationsid"},
        {"ssbt/10", "ssbt/12", STATE_OLASLIGT, "annat_kontrakt"},
        {"ssbt/10", "ssbt/1", STATE_OLASLIGT, "annat_kontrakt"},
        {"ssbt/10", "ssbt/11/", STATE_OLASLIGT, "annat_kontrakt"},
        {"s:svarsdata", "s:svarsdatan", STATE_OLASLIGT, "svarsdata_saknas"},
        {"soap:Body", "soap:Bodyn", STATE_OLASLIGT, "soap"},
    };
    struct question q = fixture_question();
    size_t n;
    char *s = fixture_sample("alla.xml", &n);
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        enum err_code code;
        char *t = fixture_replaced(s, rows[i].from, rows[i].to);
        struct answer *a =
            fixture_read(&q, t, strlen(t), 1000, 200, NULL, &code);
        assert_int_equal(code, ERR_PROTOCOL);
        all_are(a, rows[i].state, rows[i].felkod);
        answer_free(&a);
        free(t);
    }
    char *t =
        fixture_replaced(s, "<s:korrelationsid>k-1</s:korrelationsid>", "");
    struct answer *a = fixture_answer(t);
    assert_int_equal(a->of[SOURCE_AF].state, STATE_SVAR);
    assert_non_null(a->of[SOURCE_AF].remarks);
    answer_free(&a);
    free(t);
    free(s);
}

/* Right content in the wrong wrapping: taken, and said (FORMATS). */
static void
test_tolerated(void **state)
{
    (void)state;
    struct question q = fixture_question();
    size_t n;
    char *s = fixture_sample("alla.xml", &n);
    struct answer *a = fixture_read(&q, s, n, n, 200, "application/json", NULL);
    assert_int_equal(a->of[SOURCE_AF].state, STATE_SVAR);
    assert_non_null(a->of[SOURCE_AF].remarks);
    answer_free(&a);
    char *t = fixture_replaced(s, "http://schemas.xmlsoap.org/soap/envelope/",
                               "http://www.w3.org/2003/05/soap-envelope");
    a = fixture_answer(t);
    assert_int_equal(a->of[SOURCE_PM].state, STATE_SVAR);
    assert_non_null(a->of[SOURCE_PM].remarks);
    answer_free(&a);
    free(t);
    free(s);
}

static void
test_authority_error_and_twice(void **state)
{
    (void)state;
    struct question q = fixture_question();
    static const char error[] =
        "<s:FK><s:error><s:kalla>BT</s:kalla><s:felkod>E1</s:felkod>"
        "<s:felmeddelande>ett</s:felmeddelande><s:felmeddelande>tv\xc3\xa5"
        "</s:felmeddelande></s:error></s:FK><s:AF/><s:SO><s:data/>"
        "<s:error/></s:SO><s:TNS><s:data><x/></s:data></s:TNS>"
        "<s:TNS><s:data><x/></s:data></s:TNS><s:CSN/><s:CSN/>";
    AUTO_BUF(b, 8192);
    fixture_envelope(&b, error);
    struct answer *a =
        fixture_read(&q, b.data, b.len, b.len, 200, "text/xml", NULL);
    assert_int_equal(a->of[SOURCE_FK].state, STATE_FEL);
    assert_int_equal(a->of[SOURCE_PM].state, STATE_FEL);
    assert_string_equal(a->of[SOURCE_PM].fault->kalla, "BT");
    assert_string_equal(a->of[SOURCE_PM].fault->felkod, "E1");
    assert_string_equal(a->of[SOURCE_PM].fault->texts->next->text, "två");
    assert_int_equal(a->of[SOURCE_AF].state, STATE_SAKNAS);
    assert_int_equal(a->of[SOURCE_SO].state, STATE_OLASLIGT);
    assert_int_equal(a->of[SOURCE_TNS].state, STATE_OLASLIGT);
    assert_int_equal(a->of[SOURCE_CSN].state, STATE_OLASLIGT); /* both empty */
    answer_free(&a);
}

/* One source over its ceiling is lost alone; the others stay. */
static void
test_one_too_big(void **state)
{
    (void)state;
    size_t n;
    char *s = fixture_sample("alla.xml", &n);
    char *big = malloc((2 << 20) + 32);
    int head = snprintf(big, 32, "<s:lefiJsonSvar>");
    memset(big + head, 'A', 2 << 20);
    big[head + (2 << 20)] = '\0';
    char *t = fixture_replaced(s, "<s:lefiJsonSvar>", big);
    struct answer *a = fixture_answer(t);
    assert_int_equal(a->of[SOURCE_FK].state, STATE_FEL);
    assert_int_equal(a->of[SOURCE_PM].state, STATE_FEL);
    assert_string_equal(a->of[SOURCE_FK].fault->felkod, "for_stort");
    assert_int_equal(a->of[SOURCE_CSN].state, STATE_SVAR);
    assert_int_equal(a->of[SOURCE_MIV].state, STATE_SVAR);
    answer_free(&a);
    free(t);
    free(big);
    free(s);
}

static void
test_failed_marks_the_waiting(void **state)
{
    (void)state;
    struct question q = fixture_question();
    struct answer *a = answer_new(&q);
    ssbtek_failed(a, SOURCE_BIT(SOURCE_FK) | SOURCE_BIT(SOURCE_AF),
                  STATE_TIDSGRANS, "tidsgrans", "efter 30 s");
    assert_int_equal(a->of[SOURCE_FK].state, STATE_TIDSGRANS);
    assert_int_equal(a->of[SOURCE_PM].state, STATE_TIDSGRANS);
    assert_int_equal(a->of[SOURCE_CSN].state, STATE_VANTAR);
    assert_string_equal(a->of[SOURCE_AF].fault->kalla, "ENFRAGA");
    assert_string_equal(a->of[SOURCE_AF].fault->texts->text, "efter 30 s");
    answer_free(&a);
}

static void
test_probe(void **state)
{
    (void)state;
    enum probe_state of[SOURCE_COUNT];
    struct err e;
    size_t n;
    char *s = fixture_sample("prov.xml", &n);
    assert_int_equal(ssbtek_probe_read(of, s, n, &e), ERR_OK);
    assert_int_equal(of[SOURCE_AF], PROBE_KLAR);
    assert_int_equal(of[SOURCE_CSN], PROBE_FEL);
    assert_int_equal(of[SOURCE_PM], PROBE_KLAR);
    assert_int_equal(of[SOURCE_SKV], PROBE_PROVAS_INTE);
    assert_int_equal(of[SOURCE_TNS], PROBE_PROVAS_INTE);
    assert_int_equal(ssbtek_probe_read(of, s, n - 20, &e), ERR_PROTOCOL);
    assert_int_equal(of[SOURCE_AF], PROBE_OKAND);
    free(s);
}

/* LEFI's list: by its codes as the schema has it, by its deliverers as the
 * contract's example has it too. */
static void
test_lefi_probe(void **state)
{
    (void)state;
    static const struct {
        const char *json;
        enum probe_state fk, pm;
    } rows[] = {
        {"{}", PROBE_OKAND, PROBE_OKAND},
        {"{\"utbetalningar\":[{\"kod\":\"FK:FP\"},{\"kod\":\"PM:AP\"}]}",
         PROBE_KLAR, PROBE_KLAR},
        {"{\"ovrigInformation\":[{\"kod\":\"FK:GEPI\"}],\"utlamnare\":["
         "{\"utlamnare\":{\"kod\":\"FK\"},\"tillstand\":{\"kod\":"
         "\"OTILLGANGLIG\"}},{\"utlamnare\":{\"kod\":\"PM\"},"
         "\"tillstand\":{\"kod\":\"OK\"}},{\"utlamnare\":{\"kod\":\"AF\"},"
         "\"tillstand\":{\"kod\":\"OK\"}}]}",
         PROBE_FEL, PROBE_KLAR},
    };
    enum probe_state of[SOURCE_COUNT] = {[SOURCE_AF] = PROBE_FEL};
    struct err e;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        assert_int_equal(
            lefi_probe_read(of, rows[i].json, strlen(rows[i].json), &e),
            ERR_OK);
        assert_int_equal(of[SOURCE_FK], rows[i].fk);
        assert_int_equal(of[SOURCE_PM], rows[i].pm);
        assert_int_equal(of[SOURCE_AF], PROBE_FEL); /* left alone */
    }
    assert_int_equal(lefi_probe_read(of, "<x/>", 4, &e), ERR_PROTOCOL);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_split_anywhere_is_the_same),
        cmocka_unit_test(test_cut_anywhere_is_no_answer),
        cmocka_unit_test(test_faults),
        cmocka_unit_test(test_transport),
        cmocka_unit_test(test_correlation_and_contract),
        cmocka_unit_test(test_tolerated),
        cmocka_unit_test(test_authority_error_and_twice),
        cmocka_unit_test(test_one_too_big),
        cmocka_unit_test(test_failed_marks_the_waiting),
        cmocka_unit_test(test_probe),
        cmocka_unit_test(test_lefi_probe),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
