/* SPDX-License-Identifier: EUPL-1.2
 *
 * Proves: what compile makes of the authorities' own answers is valid by
 * SSBTEK's XSD (where ENFRAGA_SHARED is) for every set of sources, with data,
 * with errors and mixed, in v10 and v11; the payload is the authority's own,
 * byte for byte; read as SSBTEK's answer it says what the direct answer said;
 * errors stand in their place with their source; the question comes back as
 * it came; faults and the test call are valid too. Leaves out: the simulated
 * authorities' answers (test_compile_same).
 */
#include "config.h"

#include "tests/unit/wire/alike.h"
#include "tests/unit/wire/direct.h"

#include "wire/compile.h"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

#include "tests/contract/schema.h"

enum { ROOM = 4 << 20 };
enum how { HOW_DATA, HOW_BT, HOW_SSBT, HOW_COUNT };

/* By the authority's own schema: what stands in Body. */
static void
check_body(const struct buf *b, enum kontrakt k)
{
    if (!b->full && schema_shared() && !schema_ssbt(b->data, b->len, k))
        fail_msg("not valid: %s", buf_str(b));
}

/* By ours: the whole envelope. */
static void
check_whole(const struct buf *b, enum kontrakt k)
{
    char rng[40];
    snprintf(rng, sizeof rng, "ssbtek-svar-%s.rng", kontrakt_word(k));
    if (!b->full && !schema_rng(rng, b->data, b->len))
        fail_msg("not valid by %s: %s", rng, buf_str(b));
}

static void
check_valid(const struct buf *b, enum kontrakt k)
{
    check_whole(b, k);
    check_body(b, k);
}

/* Reads s as the source's own answer and appends its element to `out`. */
static struct answer *
compile_text(struct buf *out, enum kontrakt k, enum source_id source,
             const char *s, size_t n, int status)
{
    struct question q = direct_question(source);
    struct bastjanst_reader *r = NULL;
    struct answer *a =
        direct_read(&q, source, s, n, n ? n : 1, status, NULL, &r);
    assert_int_equal(compile_source(out, k, source, a, r), ERR_OK);
    bastjanst_reader_free(&r);
    return a;
}

static struct answer *
compile_sample(struct buf *out, enum kontrakt k, enum source_id source)
{
    char name[32];
    size_t n;
    char *s = direct_sample(direct_name(source, "", name), &n);
    struct answer *a = compile_text(out, k, source, s, n, 200);
    free(s);
    return a;
}

/* One source's element, in the way asked for. */
static void
compile_how(struct buf *out, enum kontrakt k, enum source_id source,
            enum how how)
{
    struct question q = direct_question(source);
    struct answer *a;
    if (how == HOW_DATA) {
        a = compile_sample(out, k, source);
    } else if (how == HOW_BT) {
        const char *s = source == SOURCE_FK
                            ? "{\"meddelande\":\"stängt & <låst>\"}"
                            : "<s:Envelope xmlns:s='http://schemas.xmlsoap.org/"
                              "soap/envelope/'><s:Body><s:Fault><faultcode>s:"
                              "Server</faultcode><faultstring>stängt &amp; "
                              "&lt;låst&gt;</faultstring></s:Fault></s:Body>"
                              "</s:Envelope>";
        a = compile_text(out, k, source, s, strlen(s), 500);
    } else {
        a = answer_new(&q);
        ssbtek_failed(a, q.sources, STATE_TIDSGRANS, "tidsgrans",
                      "Svaret kom inte i tid.");
        assert_int_equal(compile_source(out, k, source, a, NULL), ERR_OK);
    }
    answer_free(&a);
}

static void
whole(struct buf *out, enum kontrakt k, const struct buf of[SOURCE_COUNT])
{
    const struct compile_head h = {.kontrakt = k,
                                   .frage_tidpunkt =
                                       "2026-11-24T14:32:07+01:00",
                                   .korrelationsid = "k-1"};
    struct err e = {0};
    assert_int_equal(compile_answer(out, &h, of, &e), ERR_OK);
}

static void
make_parts(struct buf of[HOW_COUNT][SOURCE_COUNT], enum kontrakt k)
{
    for (int how = 0; how < HOW_COUNT; how++)
        for (int i = 0; i < SOURCE_COUNT; i++) {
            buf_init(&of[how][i], ROOM);
            if (i != SOURCE_PM)
                compile_how(&of[how][i], k, i, (enum how)how);
        }
}

static void
free_parts(struct buf of[HOW_COUNT][SOURCE_COUNT])
{
    for (int how = 0; how < HOW_COUNT; how++)
        for (int i = 0; i < SOURCE_COUNT; i++)
            buf_done(&of[how][i]);
}

/* What the compiled answer says of each source, as the ones who get it read. */
static void
check_read(const struct buf *b, enum kontrakt k, source_set asked,
           const enum how how[SOURCE_COUNT])
{
    struct question q = fixture_question();
    enum err_code code;
    q.kontrakt = k;
    q.skv = k == KONTRAKT_V11 ? SKV_ALL : 0;
    struct answer *a =
        fixture_read(&q, b->data, b->len, b->len, 200, "text/xml", &code);
    assert_int_equal(code, ERR_OK);
    for (int i = 0; i < SOURCE_COUNT; i++) {
        const struct source_answer *s = &a->of[i];
        if (i == SOURCE_PM)
            continue;
        if (!(asked & SOURCE_BIT(i))) {
            assert_int_equal(s->state, STATE_SAKNAS);
        } else if (k == KONTRAKT_V11 && i == SOURCE_SKV) {
            assert_string_equal(s->fault->kalla, "SSBT");
            assert_string_equal(s->fault->felkod, "kontrakt_saknas");
        } else if (how[i] == HOW_DATA) {
            assert_true(state_row(s->state)->came);
        } else if (how[i] == HOW_BT) {
            assert_int_equal(s->state, STATE_FEL);
            assert_string_equal(s->fault->kalla, "BT");
            assert_string_equal(s->fault->texts->text, "stängt & <låst>");
        } else {
            assert_int_equal(s->state, STATE_FEL);
            assert_string_equal(s->fault->kalla, "SSBT");
            assert_string_equal(s->fault->felkod, "tidsgrans");
        }
    }
    answer_free(&a);
}

static void
test_every_set_of_sources(void **state)
{
    (void)state;
    for (enum kontrakt k = 0; k < KONTRAKT_COUNT; k++) {
        struct buf parts[HOW_COUNT][SOURCE_COUNT];
        make_parts(parts, k);
        for (source_set set = 0; set < 1u << SOURCE_COUNT; set++) {
            if (set & ~SOURCE_ASKABLE)
                continue;
            for (unsigned mix = 0; mix < 4; mix++) {
                struct buf of[SOURCE_COUNT] = {0}; /* borrowed */
                enum how how[SOURCE_COUNT];
                AUTO_BUF(b, ROOM);
                for (unsigned i = 0; i < SOURCE_COUNT; i++) {
                    how[i] = (enum how)(mix == 3 ? (i + set) % 3 : mix);
                    if (set & SOURCE_BIT(i))
                        of[i] = parts[how[i]][i];
                }
                whole(&b, k, of);
                if (mix == 3 || set % 8 == 7 || (set & (set - 1)) == 0)
                    check_valid(&b, k);
                check_read(&b, k, set, how);
            }
        }
        free_parts(parts);
    }
}

/* Read as SSBTEK's, the compiled answer says what the direct one said. */
static void
check_same(const struct answer *direct, const struct buf *element,
           enum source_id source)
{
    struct question q = direct_question(source);
    struct buf of[SOURCE_COUNT] = {0};
    enum err_code code;
    AUTO_BUF(b, ROOM);
    of[source] = *element;
    whole(&b, KONTRAKT_V10, of);
    struct answer *a =
        fixture_read(&q, b.data, b.len, b.len, 200, "text/xml", &code);
    assert_int_equal(code, ERR_OK);
    for (int i = source; i <= (int)source + (source == SOURCE_FK); i++) {
        AUTO_BUF(one, ROOM);
        AUTO_BUF(other, ROOM);
        alike_text(&one, &direct->of[i]);
        alike_text(&other, &a->of[i]);
        assert_string_equal(buf_str(&one), buf_str(&other));
    }
    answer_free(&a);
}

static void
test_payload_is_its_own(void **state)
{
    (void)state;
    static const char *const content[SOURCE_COUNT] = {
        /* between the tags of the message, or all of a document */
        [SOURCE_AF] = "er:SvarMeddelande",
        [SOURCE_CSN] = "k:CSNSvar",
        [SOURCE_SKV] = "ns2:BeskattningsuppgifterResponse",
        [SOURCE_SO] = "GetUnemploymentBenefitPaymentResponse",
        [SOURCE_TNS] = "t:HamtaUppgifterResponse",
        [SOURCE_MIV] = "ssbt:findByPersonnummerResponse",
    };
    for (int i = 0; i < SOURCE_COUNT; i++) {
        char name[32], tag[64];
        size_t n;
        AUTO_BUF(b, ROOM);
        AUTO_BUF(doc, ROOM);
        if (i == SOURCE_PM)
            continue;
        struct answer *a = compile_sample(&b, KONTRAKT_V10, i);
        char *raw = direct_sample(direct_name(i, "", name), &n);
        if (i == SOURCE_FK || i == SOURCE_CSN) {
            const char *at =
                strstr(b.data, i == SOURCE_FK ? "JsonSvar>" : ":svar>");
            at = strchr(at, '>') + 1;
            assert_int_equal(
                text_base64_decode(&doc, at, (size_t)(strchr(at, '<') - at)),
                0);
        }
        if (i == SOURCE_FK) {
            assert_string_equal(buf_str(&doc), raw);
        } else {
            snprintf(tag, sizeof tag, "<%s", content[i]);
            char *from = strchr(strstr(raw, tag), '>') + 1;
            snprintf(tag, sizeof tag, "</%s>", content[i]);
            *strstr(from, tag) = '\0';
            assert_non_null(strstr(i == SOURCE_CSN ? doc.data : b.data, from));
        }
        check_same(a, &b, i);
        answer_free(&a);
        free(raw);
    }
}

/* The same in the encodings that are read, by iconv's names. */
static void
test_other_encodings(void **state)
{
    (void)state;
    static const char *const names[] = {"ISO-8859-1", "UTF-16"};
    for (size_t k = 0; k < 2; k++)
        for (int i = 0; i < SOURCE_COUNT; i++) {
            char name[32];
            size_t n;
            int len;
            xmlChar *other;
            AUTO_BUF(b, ROOM);
            if (i == SOURCE_PM || i == SOURCE_FK)
                continue;
            char *raw = direct_sample(direct_name(i, "", name), &n);
            xmlDocPtr doc = xmlReadMemory(raw, (int)n, NULL, NULL, 0);
            xmlDocDumpMemoryEnc(doc, &other, &len, names[k]);
            xmlFreeDoc(doc);
            struct answer *a = compile_text(&b, KONTRAKT_V10, i, (char *)other,
                                            (size_t)len, 200);
            assert_true(state_row(a->of[i].state)->came);
            assert_true(text_is_utf8(b.data, b.len));
            check_same(a, &b, i);
            answer_free(&a);
            xmlFree(other);
            free(raw);
        }
}

/* Envelopes that a scan could take for something else. */
static void
test_odd_envelopes(void **state)
{
    (void)state;
#define SOAP_NS "http://schemas.xmlsoap.org/soap/envelope/"
#define OK "<t:resultat>OK</t:resultat><t:fordonsinnehav/>"
#define RESPONSE(attributes)                                                   \
    "<t:HamtaUppgifterResponse xmlns:t='http://schema.transportstyrelsen.se/"  \
    "ssbtek/hamtauppgifterresponder/1'" attributes ">" OK                      \
    "</t:HamtaUppgifterResponse>"
    static const char *const odd[] = {
        "<a:Envelope xmlns:a='" SOAP_NS "'><x:Body xmlns:x='urn:x'><y/>"
        "</x:Body><a:Body>" RESPONSE("") "</a:Body></a:Envelope>",
        "<!-- <a> --><?p <b ?><a:Envelope xmlns:a='" SOAP_NS "' q='>'>"
        "<a:Header><h><![CDATA[</h><a:Body>]]></h></a:Header><a:Body "
        "z=\"'>'\"><!-- </a:Body> -->" RESPONSE(" t:w='/>'") "</a:Body>"
                                                             "</a:Envelope>",
        "<Envelope xmlns='" SOAP_NS "'><Body xmlns:ssbt='urn:1' "
        "xmlns:ssbt1='urn:2' xmlns:ssbt2 = 'urn:&#39;3'>" RESPONSE(
            "\n xmlns:ssbt3\n=\n\"urn:'4'\" ") "</Body></Envelope>",
    };
    for (size_t i = 0; i < sizeof odd / sizeof *odd; i++) {
        AUTO_BUF(b, ROOM);
        AUTO_BUF(doc, ROOM);
        struct buf of[SOURCE_COUNT] = {0};
        struct answer *a = compile_text(&b, KONTRAKT_V10, SOURCE_TNS, odd[i],
                                        strlen(odd[i]), 200);
        assert_int_equal(a->of[SOURCE_TNS].state, STATE_INGA_UPPGIFTER);
        check_same(a, &b, SOURCE_TNS);
        assert_non_null(strstr(b.data, ">" OK "</ssbt"));
        of[SOURCE_TNS] = b;
        whole(&doc, KONTRAKT_V10, of);
        if (i != 1) /* its attribute is not in the contract */
            check_valid(&doc, KONTRAKT_V10);
        answer_free(&a);
    }
}

/* Another person's answer is not passed on. */
static void
test_another_person_stops(void **state)
{
    (void)state;
    size_t n;
    AUTO_BUF(b, ROOM);
    char *raw = direct_sample("so.xml", &n);
    char *s = fixture_replaced(raw, PERSON, "198503129812");
    struct answer *a =
        compile_text(&b, KONTRAKT_V10, SOURCE_SO, s, strlen(s), 200);
    assert_null(strstr(buf_str(&b), "198503129812"));
    assert_non_null(strstr(buf_str(&b), "<ssbt:kalla>SSBT</ssbt:kalla>"
                                        "<ssbt:felkod>annan_person<"));
    answer_free(&a);
    free(s);
    free(raw);
}

static void
test_the_question_comes_back(void **state)
{
    (void)state;
    static const struct ssbtek_asker by = {
        .orgnr = "162120000001",
        .namn = "Sundby & Norrby <kommun>",
        .aktorsid = "999-01",
        .syfte = "Ekonomiskt bistånd",
        .lagtext = "11 kap. 11 a § socialtjänstlagen",
    };
    for (enum kontrakt k = 0; k < KONTRAKT_COUNT; k++) {
        struct question q =
            k == KONTRAKT_V11 ? fixture_question_v11() : fixture_question();
        struct buf of[SOURCE_COUNT] = {0};
        struct err e = {0};
        AUTO_BUF(request, ROOM);
        AUTO_BUF(b, ROOM);
        AUTO_BUF(so, ROOM);
        assert_int_equal(ssbtek_question(&request, &q, q.sources, &by, &e), 0);
        struct answer *a = compile_sample(&so, k, SOURCE_SO);
        answer_free(&a);
        of[SOURCE_SO] = so;
        struct compile_head h = {.kontrakt = k,
                                 .request = request.data,
                                 .request_len = request.len,
                                 .korrelationsid = "k-1"};
        assert_int_equal(compile_answer(&b, &h, of, &e), ERR_OK);
        check_valid(&b, k);
        char *from = strstr(request.data, "<s:generella");
        *strstr(from, "</s:hamtaBastjanst") = '\0';
        assert_non_null(strstr(b.data, from));
        enum how how[SOURCE_COUNT] = {HOW_DATA};
        check_read(&b, k, SOURCE_BIT(SOURCE_SO), how);
        h.kontrakt = !k; /* not that version's question */
        buf_clear(&b);
        assert_int_equal(compile_answer(&b, &h, of, &e), ERR_PROTOCOL);
    }
}

static void
test_faults_and_the_test_call(void **state)
{
    (void)state;
    struct err e = {0};
    for (enum kontrakt k = 0; k < KONTRAKT_COUNT; k++) {
        AUTO_BUF(b, ROOM);
        struct question q = fixture_question();
        for (int call = 0; call < 2; call++) {
            buf_clear(&b);
            assert_int_equal(compile_fault(&b, k, (enum compile_call)call,
                                           "Client", "forsakran_saknas",
                                           "Ingen försäkran & inget svar",
                                           NULL, &e),
                             ERR_OK);
            struct answer *a =
                fixture_read(&q, b.data, b.len, 100, 500, "text/xml", NULL);
            const struct source_fault *f = a->of[SOURCE_AF].fault;
            assert_string_equal(f->kalla, "SSBT");
            assert_string_equal(f->felkod, "forsakran_saknas");
            assert_string_equal(f->texts->text, "Ingen försäkran & inget svar");
            answer_free(&a);
            check_whole(&b, k);
            AUTO_BUF(body, ROOM); /* what stands in detail, as a message */
            const char *from = strstr(b.data, "<detail>") + 8;
            buf_addf(&body,
                     "<e:Envelope xmlns:e='" SOAP_NS "'><e:Body>%.*s</e:Body>"
                     "</e:Envelope>",
                     (int)(strstr(from, "</detail>") - from), from);
            check_body(&body, k);
        }
        static const struct compile_test of[SOURCE_COUNT] = {
            [SOURCE_AF] = {true, true, NULL, NULL, NULL},
            [SOURCE_CSN] = {true, true, "BT", "-1", "stängt"},
            [SOURCE_FK] = {true, false, NULL, NULL, NULL},
        };
        enum probe_state read[SOURCE_COUNT];
        buf_clear(&b);
        assert_int_equal(compile_test(&b, k, of, &e), ERR_OK);
        check_valid(&b, k);
        assert_int_equal(ssbtek_probe_read(read, b.data, b.len, &e), ERR_OK);
        assert_int_equal(read[SOURCE_AF], PROBE_KLAR);
        assert_int_equal(read[SOURCE_CSN], PROBE_FEL);
        assert_int_equal(read[SOURCE_FK], PROBE_PROVAS_INTE);
        assert_int_equal(read[SOURCE_SO], PROBE_PROVAS_INTE);
    }
}

int
main(void)
{
    if (!schema_shared())
        puts("ENFRAGA_SHARED is missing: nothing is held against the XSDs");
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_every_set_of_sources),
        cmocka_unit_test(test_payload_is_its_own),
        cmocka_unit_test(test_other_encodings),
        cmocka_unit_test(test_odd_envelopes),
        cmocka_unit_test(test_another_person_stops),
        cmocka_unit_test(test_the_question_comes_back),
        cmocka_unit_test(test_faults_and_the_test_call),
    };
    int rc = cmocka_run_group_tests(tests, NULL, NULL);
    schema_done();
    return rc;
}
