/* SPDX-License-Identifier: EUPL-1.2
 *
 * Proves: for each person of the cast, each authority and each fault that is
 * in the data, the simulated authority's answer says the same (state, count,
 * payments, decisions, facts, missing parts, flags) in SSBTEK's envelope, as
 * the authority's own message, and compiled out of that message again.
 */
#include "config.h"

#include "tests/unit/training/ask.h"
#include "tests/unit/wire/alike.h"

#include "base/text.h"
#include "wire/compile.h"

#include <libxml/parser.h>
#include <libxml/tree.h>
#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

enum { ROOM = 4 << 20 };
static const struct date today = {2026, 11, 24};

/* What an authority's own message is called. */
static const struct {
    const char *name, *ns;
} messages[SOURCE_COUNT] = {
    [SOURCE_AF] = {"SvarMeddelande",
                   "http://api.arbetsformedlingen.se/arbetssokande/"
                   "ersattningsstod/v2"},
    [SOURCE_SKV] = {"BeskattningsuppgifterResponse",
                    "http://beskattningws.ws.service.bs.zg.rsv.se/"},
    [SOURCE_SO] = {"GetUnemploymentBenefitPaymentResponse",
                   "http://INT014.UBPService.Schemas"},
    [SOURCE_TNS] = {"HamtaUppgifterResponse",
                    "http://schema.transportstyrelsen.se/ssbtek/"
                    "hamtauppgifterresponder/1"},
    [SOURCE_MIV] = {"findByPersonnummerResponse",
                    "http://schema.migrationsverket.se/ssbtek/1/"},
};

static xmlNodePtr
find(xmlNodePtr n, const char *name)
{
    for (n = xmlFirstElementChild(n); n; n = xmlNextElementSibling(n)) {
        if (!strcmp((const char *)n->name, name))
            return n;
        xmlNodePtr below = find(n, name);
        if (below)
            return below;
    }
    return NULL;
}

/* A document without its declaration in a SOAP envelope. */
static void
enclose(struct buf *out, const char *s)
{
    const char *root = strstr(s, "?>");
    buf_addf(out,
             "<e:Envelope xmlns:e='http://schemas.xmlsoap.org/soap/envelope/'>"
             "<e:Body>%s</e:Body></e:Envelope>",
             root ? root + 2 : s);
}

/* The authority's own message out of SSBTEK's answer; false where that holds
 * no data. */
static bool
take_out(struct buf *out, enum source_id source, const struct buf *ssbtek)
{
    xmlDocPtr doc = xmlReadMemory(ssbtek->data, (int)ssbtek->len, NULL, NULL,
                                  XML_PARSE_NOERROR | XML_PARSE_NOWARNING);
    xmlNodePtr data = doc ? find(xmlDocGetRootElement(doc), "data") : NULL;
    if (data && !messages[source].name) {
        AUTO_BUF(inner, ROOM);
        xmlChar *text = xmlNodeGetContent(data);
        assert_int_equal(
            text_base64_decode(&inner, (char *)text, strlen((char *)text)),
            ERR_OK);
        if (source == SOURCE_FK)
            buf_adds(out, buf_str(&inner));
        else
            enclose(out, buf_str(&inner));
        xmlFree(text);
    } else if (data) {
        xmlChar *text;
        int n;
        xmlDocPtr own = xmlNewDoc(BAD_CAST "1.0");
        xmlNodePtr root = xmlDocCopyNode(data, own, 1);
        xmlDocSetRootElement(own, root);
        xmlNodeSetName(root, BAD_CAST messages[source].name);
        xmlSetNs(root,
                 xmlNewNs(root, BAD_CAST messages[source].ns, BAD_CAST "own"));
        xmlDocDumpMemoryEnc(own, &text, &n, "UTF-8");
        enclose(out, (char *)text);
        xmlFree(text);
        xmlFreeDoc(own);
    }
    xmlFreeDoc(doc);
    return data != NULL;
}

static void
check_alike(const struct answer *a, const struct answer *b,
            enum source_id source, const char *who)
{
    AUTO_BUF(one, ROOM);
    AUTO_BUF(other, ROOM);
    alike_text(&one, &a->of[source]);
    alike_text(&other, &b->of[source]);
    if (strcmp(buf_str(&one), buf_str(&other)) != 0)
        fail_msg("%s %s: %s is not %s", who, source_row(source)->code,
                 buf_str(&one), buf_str(&other));
}

/* The same fault, but said by us: an answer about someone else stops here. */
static bool
is_stopped(const struct answer *a, enum source_id source)
{
    const struct source_fault *f = a->of[source].fault;
    return f && !strcmp(f->kalla, "SSBT") && !strcmp(f->felkod, "annan_person");
}

static int
check(const struct cast_person *who, enum source_id source, enum fault fault)
{
    struct question q = question_of(who->number, "EK-2026-00417");
    struct err e = {0};
    struct buf of[SOURCE_COUNT] = {0};
    AUTO_BUF(ssbtek, ROOM);
    AUTO_BUF(own, ROOM);
    AUTO_BUF(element, ROOM);
    AUTO_BUF(again, ROOM);
    q.sources = SOURCE_BIT(source);
    ask_bytes(&ssbtek, &q, source, fault, "", today);
    if (!take_out(&own, source, &ssbtek))
        return 0;
    struct answer *through = answer_new(&q), *direct = answer_new(&q),
                  *compiled = answer_new(&q);
    struct ssbtek_reader *s = ssbtek_reader_new(through, q.sources);
    ssbtek_feed(s, ssbtek.data, ssbtek.len, &e);
    assert_int_equal(ssbtek_finish(s, 200, "text/xml", &e), ERR_OK);
    ssbtek_reader_free(&s);
    struct bastjanst_reader *r = bastjanst_reader_new(direct, source);
    bastjanst_keep(r);
    bastjanst_feed(r, own.data, own.len, &e);
    assert_int_equal(bastjanst_finish(r, 200, "", &e), ERR_OK);
    compile_source(&element, KONTRAKT_V10, source, direct, r);
    bastjanst_reader_free(&r);
    of[source] = element;
    const struct compile_head head = {.korrelationsid = q.id};
    assert_int_equal(compile_answer(&again, &head, of, &e), ERR_OK);
    s = ssbtek_reader_new(compiled, q.sources);
    ssbtek_feed(s, again.data, again.len, &e);
    assert_int_equal(ssbtek_finish(s, 200, "text/xml", &e), ERR_OK);
    ssbtek_reader_free(&s);
    for (int i = source; i <= (int)source + (source == SOURCE_FK); i++) {
        check_alike(direct, through, (enum source_id)i, who->number);
        if (direct->of[source].confirmed == CONFIRMED_NEJ)
            assert_true(is_stopped(compiled, (enum source_id)i));
        else
            check_alike(compiled, direct, (enum source_id)i, who->number);
    }
    answer_free(&through);
    answer_free(&direct);
    answer_free(&compiled);
    return 1;
}

static void
test_three_ways(void **state)
{
    (void)state;
    static const enum fault faults[] = {FAULT_NONE, FAULT_WRONG_PERSON,
                                        FAULT_EMPTY, FAULT_PARTIAL,
                                        FAULT_PM_DOWN};
    int n = 0;
    for (int id = 0; id < CAST_COUNT; id++)
        for (int i = 0; i < SOURCE_COUNT; i++)
            for (size_t f = 0; f < sizeof faults / sizeof *faults; f++)
                if (i != SOURCE_PM)
                    n += check(cast_person((enum cast_id)id), (enum source_id)i,
                               faults[f]);
    print_message("%d answers\n", n);
    assert_true(n > CAST_COUNT * 7 * 4);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_three_ways),
    };
    int rc = cmocka_run_group_tests(tests, NULL, NULL);
    xmlCleanupParser();
    return rc;
}
