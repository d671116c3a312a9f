/* SPDX-License-Identifier: EUPL-1.2
 *
 * Proves: each question enfraga can send is valid by our RELAX NG schema and,
 * where ENFRAGA_SHARED is, by the service's XSD; LEFI's inner question names
 * the codes asked in the lists that take them; what cannot be valid is
 * refused, not sent. Our samples are valid answers by the XSDs too (CSN's
 * with a stub for the type that the contract lacks). Leaves out: what the
 * authorities make of a valid question.
 */
#include "config.h"

#include "domain/lefi.h"
#include "tests/unit/wire/fixture.h"

#include "wire/json.h"

#include <setjmp.h>
#include <stdarg.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

#include "tests/contract/schema.h"

static const struct ssbtek_asker by = {
    .orgnr = "162120000001",
    .namn = "Sundby & Norrby <kommun>",
    .aktorsid = "999-01",
    .syfte = "Ekonomiskt bistånd",
    .lagtext = "11 kap. 11 a § socialtjänstlagen",
};

static bool
valid_rng(const struct buf *b, enum kontrakt k)
{
    char name[32];
    snprintf(name, sizeof name, "ssbtek-%s.rng", kontrakt_word(k));
    return schema_rng(name, b->data, b->len);
}

static void
test_every_set_of_sources(void **state)
{
    (void)state;
    struct question q = fixture_question();
    struct ssbtek_asker asker = by;
    struct err e = {0};
    for (source_set s = 1; s <= (1u << SOURCE_COUNT) - 1; s++) {
        AUTO_BUF(b, 1 << 16);
        if (s & ~SOURCE_ASKABLE)
            continue;
        q.csn = s & 4 ? (struct period){{2026, 7, 1}, {2026, 12, 31}}
                      : (struct period){0};
        asker.bitrade_orgnr = s & 1 ? "165560000001" : NULL;
        asker.bitrade_namn = "Driftbolaget AB";
        for (enum kontrakt k = 0; k < KONTRAKT_COUNT; k++) {
            buf_clear(&b);
            q.kontrakt = k;
            q.skv = k == KONTRAKT_V11 ? s % SKV_ALL + 1 : 0;
            assert_int_equal(ssbtek_question(&b, &q, s, &asker, &e), ERR_OK);
            if (!valid_rng(&b, k))
                fail_msg("not valid: %s", buf_str(&b));
            assert_false(valid_rng(&b, !k)); /* nor is it the other's */
            if (schema_shared() && !schema_ssbt(b.data, b.len, k))
                fail_msg("not valid by XSD: %s", buf_str(&b));
        }
    }
    for (enum kontrakt k = 0; k < KONTRAKT_COUNT; k++) {
        AUTO_BUF(probe, 1 << 12);
        assert_int_equal(ssbtek_probe(&probe, k), ERR_OK);
        assert_true(valid_rng(&probe, k));
        if (schema_shared())
            assert_true(schema_ssbt(probe.data, probe.len, k));
    }
}

/* Every choice of parts, and none; SKV's block as the service wants it. */
static void
test_parts_of_skv(void **state)
{
    (void)state;
    struct question q = fixture_question_v11();
    struct err e = {0};
    for (q.skv = 1; q.skv <= SKV_ALL; q.skv++) {
        AUTO_BUF(b, 1 << 16);
        assert_int_equal(
            ssbtek_question(&b, &q, SOURCE_BIT(SOURCE_SKV), &by, &e), ERR_OK);
        if (!valid_rng(&b, KONTRAKT_V11))
            fail_msg("not valid: %s", buf_str(&b));
        if (schema_shared())
            assert_true(schema_ssbt(b.data, b.len, KONTRAKT_V11));
    }
    AUTO_BUF(b, 1 << 16);
    q.skv = SKV_BIT(SKV_SKATTEKONTO) | SKV_BIT(SKV_SKATTEUPPGIFTER);
    assert_int_equal(ssbtek_question(&b, &q, SOURCE_BIT(SOURCE_SKV), &by, &e),
                     ERR_OK);
    assert_non_null(strstr(
        buf_str(&b),
        "<s:SKV inkludera=\"true\"><s:fraga><s:ar>2024</s:ar><s:ar>2025</s:ar>"
        "<s:foretagsinformation>false</s:foretagsinformation>"
        "<s:individuppgifter>false</s:individuppgifter>"
        "<s:skattekonto>true</s:skattekonto>"
        "<s:skatteuppgifter>true</s:skatteuppgifter>"
        "<s:beskattningsbilagor>false</s:beskattningsbilagor>"
        "</s:fraga></s:SKV>"));
    static const char *const cuts[] = {
        "<s:ar>2024</s:ar>", "<s:skattekonto>true</s:skattekonto>",
        "<s:beskattningsbilagor>false</s:beskattningsbilagor>"};
    for (int i = 0; i < 3; i++) {
        AUTO_BUF(less, 1 << 16);
        char *t = fixture_replaced(buf_str(&b), cuts[i], "");
        buf_adds(&less, t);
        assert_false(valid_rng(&less, KONTRAKT_V11));
        free(t);
    }
    char *none = fixture_replaced(buf_str(&b), ">true<", ">false<");
    buf_clear(&b);
    buf_adds(&b, none);
    assert_false(valid_rng(&b, KONTRAKT_V11));
    free(none);
    buf_clear(&b); /* another source of the same question has no block */
    assert_int_equal(ssbtek_question(&b, &q, SOURCE_BIT(SOURCE_AF), &by, &e),
                     ERR_OK);
    assert_non_null(strstr(buf_str(&b), "<s:SKV inkludera=\"false\"/>"));
}

/* The schema refuses what is not the question: it can fail. */
static void
test_the_schema_can_refuse(void **state)
{
    (void)state;
    struct question q = fixture_question();
    struct err e = {0};
    static const char *const cuts[] = {"<s:MIV inkludera=\"true\"/>",
                                       "<s:version>v9</s:version>",
                                       "<s:syfte>"};
    for (int i = 0; i < 3; i++) {
        AUTO_BUF(b, 1 << 16);
        AUTO_BUF(t, 1 << 16);
        assert_int_equal(ssbtek_question(&b, &q, SOURCE_ASKABLE, &by, &e), 0);
        char *at = strstr(b.data, cuts[i]);
        assert_non_null(at);
        buf_add(&t, b.data, (size_t)(at - b.data));
        if (i == 2)
            buf_adds(&t, "<s:frageTidpunkt/><s:syfte>");
        buf_adds(&t, at + strlen(cuts[i]));
        assert_false(valid_rng(&t, KONTRAKT_V10));
    }
}

static bool
lists(const cJSON *lefi, const char *list, const char *kod)
{
    const cJSON *c;
    cJSON_ArrayForEach(
        c, json_get(lefi, list)) if (!strcmp(c->valuestring, kod)) return true;
    return false;
}

/* The LEFI question that goes out with these codes. */
static const cJSON *
lefi_of(struct question *q, struct arena *mem)
{
    static const struct json_limits limits = {1 << 16, 1000, 8};
    struct err e = {0};
    const cJSON *j = NULL;
    AUTO_BUF(b, 1 << 16);
    AUTO_BUF(json, 1 << 16);
    assert_int_equal(ssbtek_question(&b, q, SOURCE_BIT(SOURCE_FK), &by, &e),
                     ERR_OK);
    const char *at = strstr(b.data, "<s:lefiJsonFraga>") + 17;
    assert_int_equal(
        text_base64_decode(&json, at, (size_t)(strchr(at, '<') - at)), 0);
    assert_int_equal(json_read(&j, mem, json.data, json.len, &limits, &e), 0);
    return j;
}

/* WIRE 7 and 7.1, written out here a second time: every code, and for each
 * the lists it may stand in ("f" formansinformation, "a" ansprak, "b" beslut,
 * "p" preliminaraUtbetalningar, "u" utbetalningar, "o" ovrigInformation). */
static const struct {
    const char *kod, *lists;
} contract[] = {{"FK:ABB", "fpu"},  {"FK:AP", "fpu"},   {"FK:AS", "fpu"},
                {"FK:BOB", "fpu"},  {"FK:BST", "fpu"},  {"FK:BTI", "fpu"},
                {"FK:DPE", "fpu"},  {"FK:EJO", "fpu"},  {"FK:ET", "fpu"},
                {"FK:FP", "fpu"},   {"FK:FSJP", "fpu"}, {"FK:GP", "fpu"},
                {"FK:HE", "fpu"},   {"FK:MABB", "fpu"}, {"FK:MEK", "fpu"},
                {"FK:NP", "fpu"},   {"FK:OMV", "fpu"},  {"FK:PJOB", "f"},
                {"FK:PROG", "fpu"}, {"FK:RBE", "fpu"},  {"FK:SA", "fpu"},
                {"FK:SBP", "fpu"},  {"FK:SJP", "fpu"},  {"FK:TFP", "fpu"},
                {"FK:US", "fpu"},   {"FK:VB", "fpu"},   {"FK:YL", "fpu"},
                {"PM:AP", "abpu"},  {"PM:BTI", "abpu"}, {"PM:EF", "abpu"},
                {"FK:GEPI", "o"},   {"FK:PANV", "o"},   {"FK:SGI", "o"},
                {"FK:SKUP", "o"},   {"FK:STAV", "o"},   {"PM:LINT", "o"},
                {"PM:PBH", "o"},    {"PM:PU", "o"}};
enum { CONTRACT = sizeof contract / sizeof contract[0] };

static const char *const six[] = {
    "formansinformation",       "ansprak",       "beslut",
    "preliminaraUtbetalningar", "utbetalningar", "ovrigInformation"};

/* Exactly the codes in q->lefi, each in exactly its lists. */
static void
asks_exactly(struct question *q)
{
    AUTO_ARENA struct arena *mem = arena_new(0);
    const cJSON *j = lefi_of(q, mem);
    char padded[sizeof q->lefi + 2], key[16];
    snprintf(padded, sizeof padded, " %s ", q->lefi);
    for (int l = 0; l < 6; l++) {
        int want = 0;
        for (int i = 0; i < CONTRACT; i++) {
            snprintf(key, sizeof key, " %s ", contract[i].kod);
            bool in =
                strstr(padded, key) && strchr(contract[i].lists, "fabpuo"[l]);
            want += in;
            if (lists(j, six[l], contract[i].kod) != in)
                fail_msg("%s in %s", contract[i].kod, six[l]);
        }
        assert_int_equal(cJSON_GetArraySize(json_get(j, six[l])), want);
    }
}

static void
test_every_code_goes_into_its_lists(void **state)
{
    (void)state;
    struct err e = {0};
    AUTO_BUF(all, 1024);
    for (int i = 0; i < CONTRACT; i++) {
        struct question q = fixture_question();
        assert_int_equal(question_choose_lefi(&q, contract[i].kod, &e), 0);
        assert_non_null(strstr(q.lefi, contract[i].kod));
        assert_non_null(strstr(q.lefi, "FK:GEPI"));
        assert_int_equal(strlen(q.lefi),
                         strlen(contract[i].kod) + (i == 30 ? 0 : 8));
        asks_exactly(&q);
        buf_addf(&all, "%s,", contract[i].kod);
    }
    struct question q = fixture_question();
    assert_int_equal(question_choose_lefi(&q, buf_str(&all), &e), 0);
    assert_true(lefi_canonical(q.lefi)); /* all at once fit */
    asks_exactly(&q);
    for (int s = 0; s < SYFTE_COUNT; s++) {
        q.syfte = (enum syfte)s;
        question_preset_lefi(&q);
        assert_non_null(strstr(q.lefi, "FK:GEPI"));
        assert_null(strstr(q.lefi, "FK:SGI"));
        asks_exactly(&q);
    }
}

static void
test_chosen_codes(void **state)
{
    (void)state;
    struct err e = {0};
    struct question q = fixture_question(), preset = q;
    question_preset_lefi(&preset);
    assert_int_equal(question_choose_lefi(&q, "PM:PU, FK:ABB FK:ABB", &e), 0);
    assert_string_equal(q.lefi, "FK:ABB FK:GEPI PM:PU");
    assert_int_equal(question_choose_lefi(&q, "forval", &e), 0);
    assert_string_equal(q.lefi, preset.lefi);
    assert_int_equal(question_choose_lefi(&q, "FK:SGI,forval", &e), 0);
    assert_int_equal(strlen(q.lefi), strlen(preset.lefi) + 7);
    static const char *const bad[] = {
        "FK:XYZ", "fk:abb", "FK:ABB;PM:AP",
        "",       " , ",    "FK:ABBFK:ABBFK:ABBFK:ABB"};
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
        assert_int_equal(question_choose_lefi(&q, bad[i], &e), ERR_USAGE);
    q.sources = SOURCE_BIT(SOURCE_AF);
    assert_int_equal(question_choose_lefi(&q, "FK:ABB", &e), ERR_SOURCE);
}

static void
test_lefi_question(void **state)
{
    (void)state;
    static const struct json_limits limits = {1 << 16, 1000, 8};
    struct question q = fixture_question();
    struct err e = {0};
    snprintf(q.lefi, sizeof q.lefi, "FK:ABB FK:PJOB PM:AP FK:GEPI");
    AUTO_BUF(b, 1 << 16);
    AUTO_BUF(json, 1 << 16);
    assert_int_equal(ssbtek_question(&b, &q, SOURCE_BIT(SOURCE_FK), &by, &e),
                     ERR_OK);
    const char *at = strstr(b.data, "<s:lefiJsonFraga>") + 17;
    assert_int_equal(
        text_base64_decode(&json, at, (size_t)(strchr(at, '<') - at)), 0);
    const cJSON *j = NULL;
    AUTO_ARENA struct arena *mem = arena_new(0);
    assert_int_equal(json_read(&j, mem, json.data, json.len, &limits, &e), 0);
    assert_string_equal(json_member(j, "personnummer"), PERSON);
    assert_string_equal(json_member(json_get(j, "period"), "from"),
                        "2026-09-01");
    assert_string_equal(json_member(json_get(j, "period"), "tom"),
                        "2026-11-30");
    assert_true(lists(j, "formansinformation", "FK:ABB"));
    assert_true(lists(j, "utbetalningar", "FK:ABB"));
    assert_true(lists(j, "preliminaraUtbetalningar", "PM:AP"));
    assert_true(lists(j, "ansprak", "PM:AP"));
    assert_true(lists(j, "ovrigInformation", "FK:GEPI"));
    assert_false(lists(j, "formansinformation", "PM:AP"));
    assert_false(lists(j, "utbetalningar", "FK:PJOB"));
    assert_false(lists(j, "utbetalningar", "FK:SJP")); /* not asked */
}

/* A system's question asks a code in some of its lists alone. */
static void
test_lefi_question_in_some_lists(void **state)
{
    (void)state;
    struct question q = fixture_question();
    AUTO_ARENA struct arena *mem = arena_new(0);
    snprintf(q.lefi, sizeof q.lefi, "FK:ABB/5 FK:PJOB PM:AP/25");
    const cJSON *j = lefi_of(&q, mem);
    assert_false(lists(j, "formansinformation", "FK:ABB"));
    assert_false(lists(j, "preliminaraUtbetalningar", "FK:ABB"));
    assert_true(lists(j, "utbetalningar", "FK:ABB"));
    assert_true(lists(j, "formansinformation", "FK:PJOB"));
    assert_true(lists(j, "ansprak", "PM:AP"));
    assert_false(lists(j, "beslut", "PM:AP"));
    assert_true(lists(j, "utbetalningar", "PM:AP"));
    assert_null(json_get(j, "ovrigInformation"));
    static const char *const bad[] = {"FK:ABB/",  "FK:ABB/145", "FK:ABB/54",
                                      "FK:ABB/2", "FK:ABB/7",   "FK:ABB/55",
                                      "FK:ABB/5x"};
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
        assert_false(lefi_canonical(bad[i]));
}

static enum err_code
refused(const struct question *q, const struct ssbtek_asker *asker)
{
    AUTO_BUF(b, 1 << 16);
    struct err e = {0};
    enum err_code code = ssbtek_question(&b, q, q->sources, asker, &e);
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
    q.arende[0] = '\0';
    assert_int_equal(refused(&q, &by), ERR_BAD_INPUT);
    q = good;
    q.person.digits[0] = '\0';
    assert_int_equal(refused(&q, &by), ERR_BAD_INPUT);
    q = good;
    q.handlaggare[0] = '\x01';
    assert_int_equal(refused(&q, &by), ERR_BAD_INPUT);
    q = good;
    q.period.to = (struct date){2026, 8, 31};
    assert_int_equal(refused(&q, &by), ERR_BAD_INPUT);
    q = good;
    q.period.from = (struct date){2024, 1, 1};
    assert_int_equal(refused(&q, &by), ERR_PERIOD_FK);
    q = good;
    snprintf(q.lefi, sizeof q.lefi, "FK:ABB; DROP");
    assert_int_equal(refused(&q, &by), ERR_BAD_INPUT);
    a.orgnr = "162110000001";
    assert_int_equal(refused(&good, &a), ERR_BAD_INPUT);
    a = by;
    a.aktorsid = "";
    assert_int_equal(refused(&good, &a), ERR_BAD_INPUT);
    q = fixture_question_v11();
    q.skv = 0; /* "Internal error" for the whole question */
    assert_int_equal(refused(&q, &by), ERR_BAD_INPUT);
    q.skv = SKV_ALL + 1;
    assert_int_equal(refused(&q, &by), ERR_BAD_INPUT);
}

static void
test_samples_are_valid_answers(void **state)
{
    (void)state;
    static const char *const names[] = {"alla.xml",
                                        "tomt.xml",
                                        "af.xml",
                                        "csn.xml",
                                        "fk.xml",
                                        "skv.xml",
                                        "so.xml",
                                        "tns.xml",
                                        "miv.xml",
                                        "prov.xml",
                                        V11 "alla.xml",
                                        V11 "skv.xml",
                                        V11 "skv-delvis.xml",
                                        V11 "skv-inga.xml",
                                        V11 "skv-fel.xml",
                                        V11 "prov.xml"};
    char dir[32], xsd[256];
    size_t n;
    if (!schema_shared())
        skip();
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        char *s = fixture_sample(names[i], &n);
        if (!schema_ssbt(s, n, *names[i] == '.' ? KONTRAKT_V11 : KONTRAKT_V10))
            fail_msg("%s is not valid", names[i]);
        free(s);
    }
    schema_csn_make(dir, xsd);
    static const char *const inner[] = {"csn-inre.xml", "csn-inre-tom.xml"};
    for (int i = 0; i < 2; i++) {
        char *s = fixture_sample(inner[i], &n);
        assert_true(schema_xsd(xsd, s, n, false));
        free(s);
    }
    schema_csn_remove(dir);
}

int
main(void)
{
    if (!schema_shared())
        puts("ENFRAGA_SHARED is missing: only our own schema is used");
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_every_set_of_sources),
        cmocka_unit_test(test_parts_of_skv),
        cmocka_unit_test(test_the_schema_can_refuse),
        cmocka_unit_test(test_lefi_question),
        cmocka_unit_test(test_lefi_question_in_some_lists),
        cmocka_unit_test(test_every_code_goes_into_its_lists),
        cmocka_unit_test(test_chosen_codes),
        cmocka_unit_test(test_refused_not_sent),
        cmocka_unit_test(test_samples_are_valid_answers),
    };
    int rc = cmocka_run_group_tests(tests, NULL, NULL);
    schema_done();
    return rc;
}
