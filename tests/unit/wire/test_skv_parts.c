/* SPDX-License-Identifier: EUPL-1.2
 *
 * Proves: v11's five parts of SKV fail one by one and each near miss of "it
 * has nothing" is something else; what the parts hold becomes facts by the
 * names it came with; what was not asked for is not kept; and an answer in
 * the other version than asked in is read, and says so. Leaves out: the zero
 * rule by itself (domain), v10's document (test_states).
 */
#include "config.h"

#include "fixture.h"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

#define ERROR(kalla, kod)                                                      \
    "<s:error><s:kalla>" kalla "</s:kalla><s:felkod>" kod                      \
    "</s:felkod><s:felmeddelande>text</s:felmeddelande></s:error>"
#define NOTHING ERROR("BT", "404")
#define DOWN ERROR("BT", "500")
#define JSON(s) "{" s /* marks what is to be base64 */

/* The two parts asked for in these rows: what stands in their elements. A
 * text that begins with '{' is the JSON of its data; NULL: no element. */
static const struct row {
    const char *what, *konto, *uppgifter;
    enum source_state state;
    int missing, count;
} rows[] = {
    {"both nothing", NOTHING, NOTHING, STATE_INGA_UPPGIFTER, 0, 0},
    {"nothing and an empty list", NOTHING, JSON("[]"), STATE_INGA_UPPGIFTER, 0,
     0},
    {"data and nothing", JSON("{\"a\":1}"), NOTHING, STATE_SVAR, 0, 1},
    {"both data", JSON("{\"a\":1}"), JSON("[\"x\"]"), STATE_SVAR, 0, 2},
    {"a false is a value", JSON("{\"a\":{\"b\":[false]}}"), NOTHING, STATE_SVAR,
     0, 1},
    {"an empty object", NOTHING, JSON("{}"), STATE_DELSVAR, 0, 0},
    {"an object with an empty list", NOTHING, JSON("{\"a\":[]}"), STATE_DELSVAR,
     0, 0},
    {"a list of null", NOTHING, JSON("[null]"), STATE_DELSVAR, 0, 0},
    {"null", NOTHING, JSON("null"), STATE_DELSVAR, 0, 0},
    {"data and an empty object", JSON("{\"a\":1}"), JSON("{}"), STATE_DELSVAR,
     0, 1},
    {"nothing and down", NOTHING, DOWN, STATE_DELSVAR, 1, 0},
    {"data and down", JSON("{\"a\":1}"), DOWN, STATE_DELSVAR, 1, 1},
    {"both down", DOWN, DOWN, STATE_FEL, 2, 0},
    {"404 of the road, not of SKV", NOTHING, ERROR("SSBT", "404"),
     STATE_DELSVAR, 1, 0},
    {"404 from both the road", ERROR("SSBT", "404"), ERROR("SSBT", "404"),
     STATE_FEL, 2, 0},
    {"404 from nobody", NOTHING, "<s:error><s:felkod>404</s:felkod></s:error>",
     STATE_DELSVAR, 1, 0},
    {"4040", NOTHING, ERROR("BT", "4040"), STATE_DELSVAR, 1, 0},
    {"403", NOTHING, ERROR("BT", "403"), STATE_DELSVAR, 1, 0},
    {"an error without a code", NOTHING, "<s:error/>", STATE_DELSVAR, 1, 0},
    {"a part left out", NOTHING, NULL, STATE_DELSVAR, 1, 0},
    {"data and a part left out", JSON("{\"a\":1}"), NULL, STATE_DELSVAR, 1, 1},
    {"an empty part", NOTHING, "", STATE_DELSVAR, 1, 0},
    {"empty data", NOTHING, "<s:data/>", STATE_DELSVAR, 1, 0},
    {"no base64", NOTHING, "<s:data>?</s:data>", STATE_DELSVAR, 1, 0},
    {"no JSON", NOTHING, JSON("{"), STATE_DELSVAR, 1, 0},
    {"a name twice", NOTHING, JSON("{\"a\":1,\"a\":2}"), STATE_DELSVAR, 1, 0},
    {"neither readable", JSON("{"), "<s:data>?</s:data>", STATE_OLASLIGT, 2, 0},
    {"down and unreadable", DOWN, JSON("{"), STATE_OLASLIGT, 2, 0},
    {"data and error", NOTHING, "<s:data>e30=</s:data>" NOTHING, STATE_DELSVAR,
     1, 0},
    {"two errors", NOTHING, NOTHING NOTHING, STATE_DELSVAR, 1, 0},
    {"two data", NOTHING, "<s:data>W10=</s:data><s:data>W10=</s:data>",
     STATE_DELSVAR, 1, 0},
    {"data in no namespace", NOTHING, "<data xmlns=''>W10=</data>",
     STATE_DELSVAR, 1, 0},
    {"the person", JSON("{\"personnummer\":\"" PERSON "\"}"), NOTHING,
     STATE_SVAR, 0, 1},
    {"another person", JSON("{\"personnummer\":\"19740702-9284\"}"), NOTHING,
     STATE_FEL, 0, 0},
    {"another person by another name", NOTHING,
     JSON("{\"PersonIdentitet\":197407029284}"), STATE_FEL, 0, 0},
    {"another further in",
     JSON("{\"ombud\":{\"personnummer\":\"197407029284\""
          "}}"),
     NOTHING, STATE_SVAR, 0, 1},
};

static void
put_part(struct buf *b, const char *name, const char *inside)
{
    if (!inside)
        return;
    buf_addf(b, "<s:%s>", name);
    if (*inside == '{') {
        buf_adds(b, "<s:data>");
        text_base64_encode(b, inside + 1, strlen(inside + 1));
        buf_adds(b, "</s:data>");
    } else {
        buf_adds(b, inside);
    }
    buf_addf(b, "</s:%s>", name);
}

static struct answer *
ask(const struct question *q, enum kontrakt k, const char *inside)
{
    AUTO_BUF(doc, 1 << 20);
    AUTO_BUF(skv, 1 << 20);
    buf_addf(&skv, "<s:SKV>%s</s:SKV>", inside);
    fixture_envelope_in(&doc, k, buf_str(&skv));
    return fixture_read(q, doc.data, doc.len, 1000, 200, "text/xml", NULL);
}

static struct question
two_parts(void)
{
    struct question q = fixture_question_v11();
    q.skv = SKV_BIT(SKV_SKATTEKONTO) | SKV_BIT(SKV_SKATTEUPPGIFTER);
    return q;
}

static struct answer *
ask_row(const struct question *q, const struct row *r)
{
    AUTO_BUF(inside, 1 << 16);
    put_part(&inside, "skattekonto", r->konto);
    put_part(&inside, "skatteuppgifter", r->uppgifter);
    return ask(q, KONTRAKT_V11, buf_str(&inside));
}

static void
test_each_near_miss(void **state)
{
    (void)state;
    struct question q = two_parts();
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        const struct row *r = &rows[i];
        struct answer *a = ask_row(&q, r);
        const struct source_answer *s = &a->of[SOURCE_SKV];
        int missing = 0;
        for (const struct missing *m = s->missing; m; m = m->next, missing++)
            assert_true(*m->orsak && *m->namn &&
                        skv_by_word(m->kod) < SKV_COUNT);
        if (s->state != r->state || missing != r->missing ||
            s->count != r->count)
            fail_msg("%s is %s, %d missing, count %d", r->what,
                     state_row(s->state)->word, missing, s->count);
        if (s->state == STATE_FEL || s->state == STATE_OLASLIGT)
            assert_non_null(s->fault);
        if (s->confirmed == CONFIRMED_NEJ) {
            assert_string_equal(s->fault->felkod, "annan_person");
            assert_null(s->facts);
            assert_null(s->raw);
        }
        answer_free(&a);
    }
}

static void
test_errors_are_named(void **state)
{
    (void)state;
    struct question q = two_parts();
    struct row r = {.konto = DOWN, .uppgifter = NOTHING};
    struct answer *a = ask_row(&q, &r);
    const struct source_answer *s = &a->of[SOURCE_SKV];
    assert_string_equal(s->missing->kod, "skattekonto");
    assert_string_equal(s->missing->namn, "Skattekonto");
    assert_string_equal(s->missing->orsak, "BT 500: text");
    assert_null(s->fault);
    answer_free(&a);
    r.uppgifter = ERROR("SSBT", "TIMEOUT");
    a = ask_row(&q, &r);
    s = &a->of[SOURCE_SKV];
    assert_string_equal(s->fault->kalla, "BT"); /* the first that failed */
    assert_string_equal(s->fault->felkod, "500");
    assert_string_equal(s->missing->next->orsak, "SSBT TIMEOUT: text");
    answer_free(&a);
}

/* SKV's own error stands over the parts; none at all is missing. */
static void
test_the_whole_of_skv(void **state)
{
    (void)state;
    struct question q = two_parts();
    static const struct {
        const char *inside;
        enum source_state state;
    } whole[] = {
        {ERROR("SSBT", "TIMEOUT"), STATE_FEL},
        {"<s:skattekonto>" NOTHING "</s:skattekonto><s:skatteuppgifter>" NOTHING
         "</s:skatteuppgifter>" ERROR("BT", "500"),
         STATE_FEL},
        {ERROR("BT", "404"), STATE_FEL}, /* not of a part */
        {"", STATE_SAKNAS},
        {"<s:nytt/>", STATE_SAKNAS},
        /* a part twice; SKV twice */
        {"<s:skattekonto>" NOTHING "</s:skattekonto><s:skattekonto>" NOTHING
         "</s:skattekonto><s:skatteuppgifter>" NOTHING "</s:skatteuppgifter>",
         STATE_DELSVAR},
        {"<s:skattekonto>" NOTHING "</s:skattekonto></s:SKV><s:SKV>",
         STATE_OLASLIGT},
    };
    for (size_t i = 0; i < sizeof whole / sizeof *whole; i++) {
        struct answer *a = ask(&q, KONTRAKT_V11, whole[i].inside);
        if (a->of[SOURCE_SKV].state != whole[i].state)
            fail_msg("row %zu is %s", i,
                     state_row(a->of[SOURCE_SKV].state)->word);
        answer_free(&a);
    }
}

static void
test_samordningsnummer(void **state)
{
    (void)state;
    struct question q = two_parts();
    memcpy(q.person.digits, "198503729809", 13);
    struct row r = {.konto = NOTHING, .uppgifter = NOTHING};
    struct answer *a = ask_row(&q, &r);
    assert_int_equal(a->of[SOURCE_SKV].state, STATE_OKAND_PERSON);
    answer_free(&a);
    r.konto = JSON("{\"a\":1}");
    a = ask_row(&q, &r);
    assert_int_equal(a->of[SOURCE_SKV].state, STATE_SVAR);
    answer_free(&a);
}

static void
test_not_asked_is_not_kept(void **state)
{
    (void)state;
    struct question q = two_parts();
    AUTO_BUF(inside, 1 << 12);
    q.skv = SKV_BIT(SKV_SKATTEUPPGIFTER);
    put_part(&inside, "skattekonto", JSON("{\"saldo\":\"hemligt\"}"));
    put_part(&inside, "skatteuppgifter", NOTHING);
    struct answer *a = ask(&q, KONTRAKT_V11, buf_str(&inside));
    const struct source_answer *s = &a->of[SOURCE_SKV];
    assert_int_equal(s->state, STATE_INGA_UPPGIFTER);
    assert_null(fact_get(s->facts, "skattekonto"));
    assert_null(s->raw);
    assert_non_null(s->remarks);
    assert_non_null(strstr(s->remarks->text, "Skattekonto"));
    answer_free(&a);
}

static void
is_text(const struct fact *f, const char *want)
{
    assert_non_null(f);
    assert_int_equal(f->kind, FACT_TEXT);
    assert_string_equal(f->text, want);
}

static void
test_sample(void **state)
{
    (void)state;
    struct question q = fixture_question_v11();
    size_t n;
    enum err_code code;
    char *s = fixture_sample(V11 "skv-delvis.xml", &n);
    struct answer *a = fixture_read(&q, s, n, n, 200, "text/xml", &code);
    const struct source_answer *skv = &a->of[SOURCE_SKV];
    assert_int_equal(code, ERR_OK);
    assert_int_equal(skv->state, STATE_DELSVAR);
    assert_int_equal(skv->count, 2);
    assert_int_equal(skv->confirmed, CONFIRMED_JA);
    assert_string_equal(skv->kontrakt, "v11");
    assert_string_equal(skv->missing->kod, "individuppgifter");
    assert_null(skv->missing->next);
    assert_null(skv->remarks);
    const struct fact *tax = fact_get(skv->facts, "skatteuppgifter");
    const struct fact *year = fact_get(tax, "kapital")->child;
    is_text(fact_get(year, "inkomstar"), "2025");
    is_text(fact_get(year, "overskottPaKapital"), "14.5"); /* as it came */
    is_text(fact_get(tax, "kommentar"), "Räntor <U+202E>");
    is_text(fact_get(fact_get(skv->facts, "skattekonto"), "saldo"), "");
    assert_int_equal(fact_get(skv->facts, "beskattningsbilagor")->kind,
                     FACT_LIST);
    assert_null(fact_get(skv->facts, "foretagsinformation"));
    assert_null(fact_get(tax, "ovrigt"));
    assert_non_null(skv->raw);
    answer_free(&a);
    free(s);
    static const struct {
        const char *name;
        enum source_state state;
    } others[] = {{V11 "skv.xml", STATE_SVAR},
                  {V11 "skv-inga.xml", STATE_INGA_UPPGIFTER},
                  {V11 "skv-fel.xml", STATE_FEL}};
    for (int i = 0; i < 3; i++) {
        s = fixture_sample(others[i].name, &n);
        a = fixture_read(&q, s, n, n, 200, "text/xml", NULL);
        assert_int_equal(a->of[SOURCE_SKV].state, others[i].state);
        answer_free(&a);
        free(s);
    }
}

/* Asked in one version and answered in the other: read, and said. */
static void
test_the_other_version(void **state)
{
    (void)state;
    const struct question v10 = fixture_question(),
                          v11 = fixture_question_v11();
    static const char *const names[] = {"alla.xml", V11 "alla.xml"};
    const struct question *const asked[] = {&v10, &v11};
    for (int as = 0; as < 2; as++)
        for (int in = 0; in < 2; in++) {
            size_t n;
            enum err_code code;
            char *s = fixture_sample(names[in], &n);
            struct answer *a =
                fixture_read(asked[as], s, n, n, 200, "text/xml", &code);
            assert_int_equal(code, ERR_OK);
            assert_string_equal(a->kontrakt, as ? "v11" : "v10");
            for (int i = 0; i < SOURCE_COUNT; i++) {
                const struct source_answer *o = &a->of[i];
                assert_string_equal(o->kontrakt, in ? "v11" : "v10");
                assert_int_not_equal(o->state, STATE_SAKNAS);
                bool said = false;
                for (const struct texts *t = o->remarks; t; t = t->next)
                    said |= strstr(t->text, "v10") && strstr(t->text, "v11");
                assert_int_equal(said, as != in);
            }
            assert_int_equal(a->of[SOURCE_SKV].state, STATE_SVAR);
            assert_non_null(
                fact_get(a->of[SOURCE_SKV].facts,
                         in ? "skattekonto" : "PersonuppgiftLista"));
            answer_free(&a);
            free(s);
        }
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_each_near_miss),
        cmocka_unit_test(test_errors_are_named),
        cmocka_unit_test(test_the_whole_of_skv),
        cmocka_unit_test(test_samordningsnummer),
        cmocka_unit_test(test_not_asked_is_not_kept),
        cmocka_unit_test(test_sample),
        cmocka_unit_test(test_the_other_version),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
