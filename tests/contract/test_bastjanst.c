/* SPDX-License-Identifier: EUPL-1.2
 *
 * Proves: each request that enfraga can put to an authority itself is valid
 * by our RELAX NG schema and, where ENFRAGA_SHARED is, by the authority's own
 * XSD (CSN's with a stub for the type that the contract lacks); each fact of
 * the question stands in its element; FK's is the LEFI question that SSBTEK
 * would carry; what cannot be valid is refused. Our samples of the answers
 * are valid by the same XSDs. Leaves out: CSN's missing type and SKV's
 * forfragan, which are our own.
 */
#include "config.h"

#include "tests/unit/wire/direct.h"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

#include "tests/contract/schema.h"

static const struct ssbtek_asker by = {
    .orgnr = "162120000001",
    .namn = "Sundby & Norrby <kommun>",
    .aktorsid = "999/01 å",
    .syfte = "Ekonomiskt bistånd",
    .lagtext = "11 kap. 11 a § socialtjänstlagen",
};

static char csn_dir[32], csn_xsd[256];

static void
xsd_of(enum source_id s, char path[1200])
{
    static const char *const files[SOURCE_COUNT] = {
        [SOURCE_AF] = "se/arbetsformedlingen/api/arbetssokande/"
                      "ersattningsstod/v2/ers_stod.xsd",
        [SOURCE_SKV] = "se/rsv/zg/bs/service/ws/beskattningws/"
                       "ZgBsBeskattningWSService_schema.xsd",
        [SOURCE_SO] = "schemas/ubpservice/int014/"
                      "UnemploymentBenefitPaymentService.xsd",
        [SOURCE_TNS] = "se/transportstyrelsen/schema/ssbtek/"
                       "hamtauppgifterresponder/_1/"
                       "HamtaUppgifterResponder_1.0.xsd",
        [SOURCE_MIV] = "se/migrationsverket/schema/ssbtek/_1/"
                       "SSBTEKWebService_schema1.xsd",
    };
    if (s == SOURCE_CSN)
        snprintf(path, 1200, "%s", csn_xsd);
    else
        snprintf(path, 1200, "%s/contract/v10/%s", schema_shared(), files[s]);
}

static void
check_valid(enum source_id s, const struct buf *b)
{
    char xsd[1200];
    if (!schema_rng("bastjanst.rng", b->data, b->len))
        fail_msg("%s is not valid: %s", source_row(s)->code, buf_str(b));
    if (!schema_shared())
        return;
    xsd_of(s, xsd);
    if (!schema_xsd(xsd, b->data, b->len, true))
        fail_msg("%s is not valid by XSD: %s", source_row(s)->code, buf_str(b));
}

/* SKV's document, read out of its request. */
static void
check_forfragan(const struct buf *b)
{
    xmlDocPtr doc =
        xmlReadMemory(b->data, (int)b->len, NULL, NULL, XML_PARSE_NONET);
    xmlNodePtr body = xmlFirstElementChild(xmlDocGetRootElement(doc));
    xmlNodePtr forfragan = xmlFirstElementChild(xmlFirstElementChild(body));
    xmlChar *inner = xmlNodeGetContent(forfragan);
    assert_non_null(strstr((char *)inner, by.lagtext));
    assert_non_null(strstr((char *)inner, "EK-2026-00417"));
    if (!schema_rng("bastjanst-forfragan.rng", (char *)inner,
                    strlen((char *)inner)))
        fail_msg("not valid: %s", (char *)inner);
    xmlFree(inner);
    xmlFreeDoc(doc);
}

/* Each fact of the question stands in its element. */
static void
check_facts(enum source_id s, const struct buf *b, const struct question *q,
            const struct ssbtek_asker *asker)
{
    static const char namn[] = "Sundby &amp; Norrby &lt;kommun&gt;";
    const char *d = q->person.digits;
    struct period p = s == SOURCE_CSN && q->csn.from.year ? q->csn : q->period;
    char from[11], to[11];
    date_text(p.from, from);
    date_text(p.to, to);
    const struct {
        enum source_id source;
        const char *element, *text;
    } facts[] = {
        {SOURCE_AF, "OrganisationsnummerForIngivare", asker->orgnr},
        {SOURCE_AF, "NamnPaIngivare", namn},
        {SOURCE_AF, "KontonamnForHandlaggare", q->handlaggare},
        {SOURCE_AF, "Referensnummer", q->arende},
        {SOURCE_AF, "From", from},
        {SOURCE_AF, "Tom", to},
        {SOURCE_AF, "SyfteMedFraga", asker->syfte},
        {SOURCE_AF, "LagParagraf", asker->lagtext},
        {SOURCE_AF, "IdentitetsbeteckningFysiskPerson", d},
        {SOURCE_CSN, "organisationsnummer", asker->orgnr},
        {SOURCE_CSN, "namn", namn},
        {SOURCE_CSN, "handlaggare", q->handlaggare},
        {SOURCE_CSN, "personidentitet", d},
        {SOURCE_CSN, "arendeidentitet", q->arende},
        {SOURCE_CSN, "fromDatum", from},
        {SOURCE_CSN, "tomDatum", to},
        {SOURCE_CSN, "syfte", asker->syfte},
        {SOURCE_CSN, "lagtext", asker->lagtext},
        {SOURCE_SO, "OrganisationsnummerIngivare", asker->orgnr},
        {SOURCE_SO, "NamnIngivare", namn},
        {SOURCE_SO, "KontonamnHandlaggare", q->handlaggare},
        {SOURCE_SO, "Referensnummer", q->arende},
        {SOURCE_SO, "From", from},
        {SOURCE_SO, "Tom", to},
        {SOURCE_SO, "Syfte", asker->syfte},
        {SOURCE_SO, "Paragraf", asker->lagtext},
        {SOURCE_SO, "IdentificationNumber", d},
        {SOURCE_TNS, "personnummer", d + 2},
        {SOURCE_MIV, "korrelationsid", q->id},
        {SOURCE_MIV, "personnummer", d},
        {SOURCE_MIV, "handlaggare", q->handlaggare},
        {SOURCE_MIV, "namn", namn},
        {SOURCE_MIV, "organisationsnummer", asker->orgnr},
    };
    for (size_t i = 0; i < sizeof facts / sizeof *facts; i++) {
        AUTO_BUF(want, 1 << 12);
        if (facts[i].source != s)
            continue;
        buf_addf(&want, "%s>%s</", facts[i].element, facts[i].text);
        if (!strstr(buf_str(b), buf_str(&want)))
            fail_msg("%s: no %s", source_row(s)->code, buf_str(&want));
    }
}

static void
test_every_request(void **state)
{
    (void)state;
    struct question q = fixture_question();
    for (int with = 0; with < 8; with++) {
        struct ssbtek_asker asker = by;
        struct err e = {0};
        asker.bitrade_orgnr = with & 1 ? "165560000001" : "";
        asker.bitrade_namn = "Driftbolaget AB";
        q.csn = with & 2 ? (struct period){{2026, 7, 1}, {2026, 12, 31}}
                         : (struct period){0};
        asker.syfte = with & 4 ? "" : by.syfte; /* the schemas allow it */
        for (int s = 0; s < SOURCE_COUNT; s++) {
            AUTO_BUF(b, 1 << 16);
            if (s == SOURCE_FK || s == SOURCE_PM)
                continue;
            assert_int_equal(bastjanst_question(&b, s, &q, &asker, &e), ERR_OK);
            check_valid(s, &b);
            check_facts(s, &b, &q, &asker);
            if (s == SOURCE_SKV)
                check_forfragan(&b);
        }
    }
}

/* A samordningsnummer, and one born in the 2000s. */
static void
test_other_numbers(void **state)
{
    (void)state;
    static const char *const numbers[] = {"198503729800", "200102039806"};
    struct question q = fixture_question();
    struct err e = {0};
    for (size_t i = 0; i < sizeof numbers / sizeof *numbers; i++) {
        snprintf(q.person.digits, sizeof q.person.digits, "%s", numbers[i]);
        for (int s = 0; s < SOURCE_COUNT; s++) {
            AUTO_BUF(b, 1 << 16);
            if (s == SOURCE_FK || s == SOURCE_PM)
                continue;
            assert_int_equal(bastjanst_question(&b, s, &q, &by, &e), ERR_OK);
            check_valid(s, &b);
            check_facts(s, &b, &q, &by);
        }
    }
}

/* The schema refuses what is not the request: it can fail. */
static void
test_the_schema_can_refuse(void **state)
{
    (void)state;
    static const struct {
        enum source_id source;
        const char *cut;
    } cuts[] = {
        {SOURCE_AF, "<q:From>2026-09-01</q:From>"},
        {SOURCE_CSN, "<r:fromDatum>2026-09-01</r:fromDatum>"},
        {SOURCE_SO,
         "<q:IdentificationNumber>" PERSON "</q:IdentificationNumber>"},
        {SOURCE_TNS, "<r:sekel>19</r:sekel>"},
        {SOURCE_MIV, "<personnummer>" PERSON "</personnummer>"},
    };
    struct question q = fixture_question();
    struct err e = {0};
    for (size_t i = 0; i < sizeof cuts / sizeof *cuts; i++) {
        AUTO_BUF(b, 1 << 16);
        assert_int_equal(bastjanst_question(&b, cuts[i].source, &q, &by, &e),
                         ERR_OK);
        assert_non_null(strstr(buf_str(&b), cuts[i].cut));
        char *less = fixture_replaced(buf_str(&b), cuts[i].cut, "");
        assert_false(schema_rng("bastjanst.rng", less, strlen(less)));
        free(less);
    }
}

static void
test_lefi(void **state)
{
    (void)state;
    struct question q = fixture_question();
    struct err e = {0};
    AUTO_BUF(direct, 1 << 16);
    AUTO_BUF(through, 1 << 16);
    AUTO_BUF(json, 1 << 16);
    AUTO_BUF(path, 1 << 10);
    assert_int_equal(bastjanst_question(&direct, SOURCE_FK, &q, &by, &e), 0);
    assert_int_equal(
        ssbtek_question(&through, &q, SOURCE_BIT(SOURCE_FK), &by, &e), 0);
    const char *at = strstr(through.data, "<s:lefiJsonFraga>") + 17;
    assert_int_equal(
        text_base64_decode(&json, at, (size_t)(strchr(at, '<') - at)), 0);
    assert_string_equal(buf_str(&direct), buf_str(&json));
    assert_int_equal(bastjanst_path(&path, SOURCE_FK, &by, &e), 0);
    assert_string_equal(buf_str(&path),
                        "/lefi-extern-formansinformation/v9/aktorer/"
                        "999%2F01%20%C3%A5/formansinformation/fraga");
    buf_clear(&path);
    assert_int_equal(bastjanst_kinds_path(&path, &by, &e), 0);
    assert_string_equal(buf_str(&path),
                        "/lefi-extern-formansinformation/v9/aktorer/"
                        "999%2F01%20%C3%A5/tillgangligaInformationstyper");
    assert_null(strstr(buf_str(&path), PERSON));
    buf_clear(&path);
    assert_int_equal(bastjanst_path(&path, SOURCE_AF, &by, &e), 0);
    assert_int_equal(path.len, 0);
    assert_string_equal(bastjanst_headers(SOURCE_FK)[0],
                        "Content-Type: application/json");
    assert_string_equal(bastjanst_headers(SOURCE_MIV)[1], "SOAPAction: \"\"");
}

/* Our samples of the authorities' own answers and faults are valid by their
 * XSDs, so what is read of them is the contract. AF's has a member of a later
 * day, which the contract lets stand. */
static void
test_samples_are_valid_answers(void **state)
{
    (void)state;
    static const struct {
        enum source_id source;
        const char *name;
        bool fault;
    } samples[] = {
        {SOURCE_AF, "af.xml", false},       {SOURCE_CSN, "csn.xml", false},
        {SOURCE_CSN, "csn-tom.xml", false}, {SOURCE_SKV, "skv.xml", false},
        {SOURCE_SKV, "skv-fel.xml", true},  {SOURCE_SO, "so.xml", false},
        {SOURCE_SO, "so-tom.xml", false},   {SOURCE_TNS, "tns.xml", false},
        {SOURCE_TNS, "tns-tom.xml", false}, {SOURCE_TNS, "tns-fel.xml", false},
        {SOURCE_MIV, "miv.xml", false},     {SOURCE_MIV, "miv-tom.xml", false},
        {SOURCE_MIV, "miv-fel.xml", true},
    };
    if (!schema_shared())
        skip();
    for (size_t i = 0; i < sizeof samples / sizeof *samples; i++) {
        char xsd[1200];
        size_t n;
        AUTO_BUF(b, 1 << 16);
        char *s = direct_sample(samples[i].name, &n);
        const char *from = samples[i].fault ? strstr(s, "<detail>") + 8 : NULL;
        if (from)
            buf_addf(&b, "<e><b>%.*s</b></e>",
                     (int)(strstr(from, "</detail>") - from), from);
        else
            buf_add(&b, s, n);
        xsd_of(samples[i].source, xsd);
        if (!schema_xsd(xsd, b.data, b.len, true))
            fail_msg("%s is not valid", samples[i].name);
        free(s);
    }
}

static enum err_code
refused(enum source_id s, const struct question *q,
        const struct ssbtek_asker *asker)
{
    AUTO_BUF(b, 1 << 16);
    struct err e = {0};
    enum err_code code = bastjanst_question(&b, s, q, asker, &e);
    assert_null(strstr(e.text, PERSON));
    assert_int_equal(b.len, 0);
    return code;
}

static void
test_refused_not_sent(void **state)
{
    (void)state;
    const struct question good = fixture_question();
    struct question q = good;
    struct ssbtek_asker a = by;
    AUTO_BUF(path, 1 << 10);
    struct err e = {0};
    assert_int_equal(refused(SOURCE_PM, &good, &by), ERR_BAD_INPUT);
    q.handlaggare[0] = '\x01';
    assert_int_equal(refused(SOURCE_AF, &q, &by), ERR_BAD_INPUT);
    q = good;
    q.sources = SOURCE_BIT(SOURCE_AF);
    assert_int_equal(refused(SOURCE_SO, &q, &by), ERR_BAD_INPUT);
    q = good;
    q.period.from = (struct date){2024, 1, 1};
    assert_int_equal(refused(SOURCE_FK, &q, &by), ERR_PERIOD_FK);
    q = good;
    snprintf(q.person.digits, sizeof q.person.digits, "189803129804");
    assert_int_equal(refused(SOURCE_TNS, &q, &by), ERR_BAD_INPUT);
    a.orgnr = "";
    assert_int_equal(refused(SOURCE_MIV, &good, &a), ERR_BAD_INPUT);
    q = fixture_question_v11(); /* no direct contract is known */
    assert_int_equal(refused(SOURCE_SKV, &q, &by), ERR_BAD_INPUT);
    a = by;
    a.aktorsid = "..";
    assert_int_equal(bastjanst_path(&path, SOURCE_FK, &a, &e), ERR_BAD_INPUT);
    assert_int_equal(path.len, 0);
}

int
main(void)
{
    if (schema_shared())
        schema_csn_make(csn_dir, csn_xsd);
    else
        puts("ENFRAGA_SHARED is missing: only our own schema is used");
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_every_request),
        cmocka_unit_test(test_other_numbers),
        cmocka_unit_test(test_the_schema_can_refuse),
        cmocka_unit_test(test_lefi),
        cmocka_unit_test(test_samples_are_valid_answers),
        cmocka_unit_test(test_refused_not_sent),
    };
    int rc = cmocka_run_group_tests(tests, NULL, NULL);
    schema_done();
    if (*csn_dir)
        schema_csn_remove(csn_dir);
    return rc;
}
