/* SPDX-License-Identifier: EUPL-1.2
 *
 * enfraga.svar/1 and the parts that travel: what is written can be read, and
 * what was read is written the same, for one full answer and for generated
 * ones; the members of DESIGN 4 by name; masking of places; hostile input is
 * refused or tolerated without harm. Leaves out: the overview's own figures
 * (domain's tests) and the decoders (wire's).
 */
#include "config.h"

#include "local/svar.h"
#include "tests/lib/answers.h"

#include <cjson/cJSON.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

enum { MAX = 4 << 20 };

/* Two months with one benefit, made by hand: what a cell and a sum look like
 * in JSON, whatever the overview makes of an answer. */
static void
write_whole(struct buf *out, const struct answer *a)
{
    struct month months[] = {{2026, 10}, {2026, 11}};
    struct month_row *row =
        mem_alloc(sizeof *row + 2 * sizeof(struct month_cell));
    row->source = SOURCE_SO;
    row->forman = "Arbetslöshetsersättning";
    row->betalare = "A-kassa Exempel";
    row->cell[0] =
        (struct month_cell){.kind = CELL_AMOUNT, .sum = money_kronor(8620)};
    row->cell[1] = (struct month_cell){.kind = CELL_UNKNOWN};
    struct month_sum sums[] = {
        {.netto = money_kronor(8620), .known = true},
        {.netto = money_kronor(0), .vantas = money_kronor(2650)}};
    struct check check = {.kind = CHECK_DUBBELT,
                          .sources =
                              SOURCE_BIT(SOURCE_FK) | SOURCE_BIT(SOURCE_SO),
                          .from = {2026, 11, 2},
                          .to = {2026, 11, 6},
                          .text = "Aktivitetsstöd och a-kassa, samma dagar"};
    struct overview o = {.n_answers = 1,
                         .answers = &a,
                         .n_months = 2,
                         .months = months,
                         .n_rows = 1,
                         .rows = &row,
                         .sums = sums,
                         .sums_of = sums,
                         .n_checks = 1,
                         .checks = &check,
                         .dateless = money_kronor(10),
                         .n_dateless = 1};
    assert_int_equal(svar_write(out, a, &o), ERR_OK);
    free(row);
}

static void
check_whole(const struct answer *a)
{
    AUTO_BUF(first, MAX);
    AUTO_BUF(second, MAX);
    struct err e = {0};
    struct answer *back = NULL;
    write_whole(&first, a);
    if (svar_read(&back, buf_str(&first), first.len, &e) != ERR_OK)
        fail_msg("%s: %s", e.text, buf_str(&first));
    write_whole(&second, back);
    assert_string_equal(buf_str(&first), buf_str(&second));
    answer_free(&back);
}

static void
check_parts(const struct answer *a)
{
    struct err e = {0};
    struct answer *back = answer_new(&a->question);
    back->loggpost = a->loggpost;
    for (int i = 0; i < SOURCE_COUNT; i++) {
        AUTO_BUF(first, MAX);
        AUTO_BUF(second, MAX);
        enum source_id s = SOURCE_COUNT;
        assert_int_equal(svar_write_source(&first, a, (enum source_id)i),
                         ERR_OK);
        assert_int_equal(
            svar_read_source(back, &s, buf_str(&first), first.len, &e), ERR_OK);
        assert_int_equal(s, i);
        svar_write_source(&second, back, s);
        assert_string_equal(buf_str(&first), buf_str(&second));
        assert_true(back->of[s].raw_len == a->of[s].raw_len &&
                    (!a->of[s].raw_len ||
                     !memcmp(back->of[s].raw, a->of[s].raw, a->of[s].raw_len)));
    }
    answer_free(&back);
}

static void
test_rich_round_trip(void **state)
{
    (void)state;
    struct answer *a = answers_rich();
    check_whole(a);
    check_parts(a);
    answer_free(&a);
}

static void
test_any_round_trip(void **state)
{
    (void)state;
    for (unsigned seed = 1; seed <= 300; seed++) {
        struct answer *a = answers_any(seed);
        check_whole(a);
        check_parts(a);
        answer_free(&a);
    }
}

static const cJSON *
at(const cJSON *o, const char *name)
{
    const cJSON *c = cJSON_GetObjectItemCaseSensitive(o, name);
    if (!c)
        fail_msg("no member %s", name);
    return c;
}

static void
is_text(const cJSON *o, const char *name, const char *want)
{
    assert_string_equal(cJSON_GetStringValue(at(o, name)), want);
}

static void
test_members(void **state)
{
    (void)state;
    static const char *const top[] = {"schema",  "lage",       "hel",
                                      "fraga",   "kallor",     "utbetalningar",
                                      "beslut",  "uppgifter",  "flaggor",
                                      "manader", "utan_datum", "kontrollera"};
    static const char *const codes[] = {"AF",  "CSN", "FK",  "PM",
                                        "SKV", "SO",  "TNS", "MIV"};
    AUTO_BUF(b, MAX);
    struct answer *a = answers_rich();
    write_whole(&b, a);
    cJSON *o = cJSON_Parse(buf_str(&b));
    const cJSON *c = o->child;
    for (size_t i = 0; i < sizeof top / sizeof *top; i++, c = c->next)
        assert_string_equal(c->string, top[i]);
    assert_true(cJSON_IsFalse(at(o, "hel")));
    is_text(at(o, "fraga"), "stalld", "2026-11-24T14:32:07+01:00");
    is_text(at(o, "fraga"), "ansokningsmanad", "2026-11");
    is_text(at(at(o, "fraga"), "period"), "fran", "2026-09-01");
    c = at(o, "kallor")->child;
    for (size_t i = 0; i < 8; i++, c = c->next)
        is_text(c, "kod", codes[i]);
    const cJSON *fk = cJSON_GetArrayItem(at(o, "kallor"), 2);
    is_text(fk, "lage", "delsvar");
    assert_true(at(fk, "tid_s")->valuedouble == 3.1);
    is_text(at(fk, "saknade")->child, "namn", "Bostadsbidrag");
    const cJSON *skv = cJSON_GetArrayItem(at(o, "kallor"), 4);
    is_text(skv, "lage", "tidsgrans");
    assert_null(cJSON_GetObjectItemCaseSensitive(skv, "antal"));
    is_text(cJSON_GetArrayItem(at(o, "kallor"), 6), "lage", "ej_tillfragad");
    assert_null(strstr(buf_str(&b), "\n"));
    const cJSON *oct = cJSON_GetArrayItem(at(o, "manader"), 0);
    const cJSON *nov = cJSON_GetArrayItem(at(o, "manader"), 1);
    is_text(oct, "manad", "2026-10");
    is_text(at(oct, "rader")->child, "netto", "8620.00");
    assert_true(cJSON_IsTrue(at(at(oct, "summa"), "kant")));
    assert_true(cJSON_IsNull(at(at(nov, "rader")->child, "netto")));
    assert_true(cJSON_IsFalse(at(at(nov, "rader")->child, "kant")));
    is_text(at(nov, "vantas"), "netto", "2650.00");
    c = at(o, "kontrollera")->child;
    is_text(c, "typ", "DUBBELT");
    is_text(c, "till", "2026-11-06");
    assert_int_equal(cJSON_GetArraySize(at(c, "kallor")), 2);
    cJSON_Delete(o);
    answer_free(&a);
}

static void
test_payment(void **state)
{
    (void)state;
    AUTO_BUF(b, MAX);
    struct answer *a = answers_rich();
    struct payment *p = a->of[SOURCE_SO].payments; /* the earliest */
    p->date = (struct date){0};
    answer_sort(a);
    write_whole(&b, a);
    cJSON *o = cJSON_Parse(buf_str(&b));
    const cJSON *c, *last = NULL, *as = NULL;
    cJSON_ArrayForEach(c, at(o, "utbetalningar"))
    {
        last = c;
        if (!strcmp(at(c, "forman")->valuestring, "Aktivitetsstöd"))
            as = c;
    }
    is_text(as, "datum", "2026-11-13");
    is_text(as, "netto", "1185.00");
    is_text(as, "avdrag", "505.00");
    is_text(at(as, "period"), "till", "2026-11-06");
    assert_string_equal(at(as, "marken")->child->valuestring, "kvittning");
    assert_int_equal(cJSON_GetArraySize(at(as, "rader")), 2);
    /* without a date: last, null; what was not given is null, not 0 */
    assert_true(cJSON_IsNull(at(last, "datum")));
    is_text(last, "kalla", "SO");
    assert_true(cJSON_IsNull(at(last, "brutto")));
    assert_true(cJSON_IsNull(at(last, "skatt")));
    cJSON_Delete(o);
    answer_free(&a);
}

static void
test_places_masked(void **state)
{
    (void)state;
    AUTO_BUF(open, MAX);
    AUTO_BUF(shut, MAX);
    AUTO_BUF(unknown, MAX);
    struct answer *a = answers_rich();
    write_whole(&open, a);
    assert_non_null(strstr(buf_str(&open), "99999"));
    a->of[SOURCE_CSN].shielded = true;
    write_whole(&shut, a);
    assert_null(strstr(buf_str(&shut), "99999"));
    assert_null(strstr(buf_str(&shut), "\"Sundby\""));
    assert_non_null(strstr(buf_str(&shut), "(dold tills"));
    assert_non_null(strstr(buf_str(&shut), "\"sekretess:CSN\""));
    a->of[SOURCE_CSN].shielded = a->of[SOURCE_CSN].unshielded = false;
    AUTO_BUF(untold, MAX);
    write_whole(&untold, a);
    assert_null(strstr(buf_str(&untold), "99999"));
    assert_non_null(strstr(buf_str(&untold), "\"skydd\":\"okant\""));
    a->of[SOURCE_CSN].unshielded = true;
    a->of[SOURCE_AF].state = STATE_FEL;
    write_whole(&unknown, a);
    assert_null(strstr(buf_str(&unknown), "99999"));
    answer_free(&a);
}

/* The version asked with, the parts of SKV, and where a source answered in
 * another version. */
static void
test_versions(void **state)
{
    (void)state;
    AUTO_BUF(b, MAX);
    struct err e = {0};
    struct answer *a = answers_rich(), *back = NULL;
    a->question.kontrakt = KONTRAKT_V11;
    a->question.skv = SKV_BIT(SKV_SKATTEKONTO) | SKV_BIT(SKV_SKATTEUPPGIFTER);
    a->kontrakt = kontrakt_word(KONTRAKT_V11);
    a->of[SOURCE_SKV].kontrakt = "v10";
    a->of[SOURCE_AF].kontrakt = "v11";
    check_whole(a);
    check_parts(a);
    write_whole(&b, a);
    assert_non_null(
        strstr(buf_str(&b), "\"delar_skv\":\"skattekonto skatteuppgifter\""));
    assert_int_equal(svar_read(&back, buf_str(&b), b.len, &e), ERR_OK);
    assert_int_equal(back->question.kontrakt, KONTRAKT_V11);
    assert_int_equal(back->question.skv, a->question.skv);
    assert_string_equal(back->kontrakt, "v11");
    assert_string_equal(back->of[SOURCE_SKV].kontrakt, "v10");
    assert_string_equal(back->of[SOURCE_AF].kontrakt, "v11");
    answer_free(&back);
    answer_free(&a);
}

static void
test_state_has_no_content(void **state)
{
    (void)state;
    AUTO_BUF(b, MAX);
    struct err e = {0};
    enum source_id s;
    struct answer *a = answers_rich();
    assert_int_equal(svar_write_state(&b, a, SOURCE_FK), ERR_OK);
    assert_string_equal(buf_str(&b),
                        "{\"typ\":\"kalla\",\"kod\":\"FK\","
                        "\"lage\":\"delsvar\",\"tid_s\":3.1,"
                        "\"antal\":9,\"person_bekraftad\":\"ja\"}");
    struct answer *back = answer_new(&a->question);
    assert_int_equal(svar_read_source(back, &s, buf_str(&b), b.len, &e),
                     ERR_OK);
    assert_int_equal(back->of[SOURCE_FK].state, STATE_DELSVAR);
    assert_int_equal(back->of[SOURCE_FK].time_ms, 3100);
    assert_null(back->of[SOURCE_FK].payments);
    answer_free(&back);
    answer_free(&a);
}

static void
test_bad_input(void **state)
{
    (void)state;
    static const char *const bad[] = {
        "",
        "{",
        "[]",
        "{\"typ\":\"svar\"}",
        "{\"typ\":\"svar\",\"kod\":\"XX\",\"lage\":\"svar\"}",
        "{\"typ\":\"svar\",\"kod\":\"FK\",\"lage\":\"bra\"}",
        "{\"typ\":\"annat\",\"kod\":\"FK\",\"lage\":\"svar\"}",
        "{\"typ\":\"svar\",\"kod\":\"FK\",\"lage\":\"svar\","
        "\"utbetalningar\":[{\"kalla\":\"FK\"}]}",
        /* a payment of another source in this one's part */
        "{\"typ\":\"svar\",\"kod\":\"FK\",\"lage\":\"svar\","
        "\"utbetalningar\":[{\"kalla\":\"SO\",\"lage\":\"utbetald\","
        "\"betalare\":\"x\",\"forman\":\"y\"}]}",
    };
    struct answer *a = answers_rich();
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        struct err e = {0};
        enum source_id s;
        assert_int_equal(svar_read_source(a, &s, bad[i], strlen(bad[i]), &e),
                         ERR_PROTOCOL);
        assert_true(e.text[0]);
    }
    answer_free(&a);
}

static void
test_tolerant(void **state)
{
    (void)state;
    static const char new[] =
        "{\"typ\":\"svar\",\"kod\":\"TNS\",\"lage\":\"svar\",\"tid_s\":0.25,"
        "\"antal\":1,\"nytt\":{\"a\":[1,2]},\"uppgifter\":{\"n\":1.5,"
        "\"b\":true,\"x\":null,\"l\":[\"a\",{}]}}";
    struct answer *a = answers_rich();
    struct err e = {0};
    enum source_id s;
    assert_int_equal(svar_read_source(a, &s, new, strlen(new), &e), ERR_OK);
    assert_int_equal(s, SOURCE_TNS);
    assert_int_equal(a->of[s].time_ms, 250);
    assert_string_equal(fact_text(a->of[s].facts, "n"), "1.5");
    assert_string_equal(fact_text(a->of[s].facts, "b"), "true");
    assert_string_equal(fact_text(a->of[s].facts, "x"), "");
    assert_int_equal(fact_get(a->of[s].facts, "l")->kind, FACT_LIST);
    answer_free(&a);
}

static void
test_ceiling(void **state)
{
    (void)state;
    AUTO_BUF(b, 200);
    struct answer *a = answers_rich();
    assert_int_equal(svar_write_source(&b, a, SOURCE_FK), ERR_TOO_BIG);
    answer_free(&a);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_rich_round_trip),
        cmocka_unit_test(test_any_round_trip),
        cmocka_unit_test(test_members),
        cmocka_unit_test(test_payment),
        cmocka_unit_test(test_places_masked),
        cmocka_unit_test(test_versions),
        cmocka_unit_test(test_state_has_no_content),
        cmocka_unit_test(test_bad_input),
        cmocka_unit_test(test_tolerant),
        cmocka_unit_test(test_ceiling),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
