/* SPDX-License-Identifier: EUPL-1.2
 *
 * Proves: a question has one encoding, the one worked out in FORMATS.md;
 * decoding takes nothing else (each byte changed, each field left out, each
 * length cut); what a question says by itself is checked; the presets ask
 * what the table of LEFI codes says. Leaves out: who may ask it (test_grant).
 */
#include "config.h"

#include "base/text.h"
#include "base/tlv.h"
#include "domain/lefi.h"
#include "domain/question.h"

#include <ctype.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static struct question
example(void)
{
    struct question q = {
        .id = "7c1e4410-0c55-4c1b-9d3e-2f5a8b6c7d01",
        .arende = "EK-2026-00417",
        .person = {"198503129804"},
        .roll = ROLL_SOKANDE,
        .syfte = SYFTE_FORTSATT,
        .month = {2026, 11},
        .period = {{2026, 9, 1}, {2026, 11, 30}},
        .csn = {{2026, 7, 1}, {2026, 12, 31}},
        .sources = SOURCE_BIT(SOURCE_AF) | SOURCE_BIT(SOURCE_CSN) |
                   SOURCE_BIT(SOURCE_FK),
        .lefi = "FK:ABB PM:AP FK:GEPI",
        .skal = "prövning",
        .handlaggare = "hl0142",
        .asked_ms = INT64_C(1795527127000),
    };
    return q;
}

/* The hex of the worked example under the heading "Question". */
static void
read_example(struct buf *hex)
{
    char path[512], line[256];
    bool here = false, hexes = false;
    const char *top = getenv("srcdir");
    snprintf(path, sizeof path, "%s/doc/FORMATS.md", top ? top : ".");
    FILE *f = fopen(path, "r");
    if (!f)
        fail_msg("%s cannot be read", path);
    while (fgets(line, sizeof line, f)) {
        if (!strncmp(line, "## ", 3))
            here = !strcmp(line, "## Question\n");
        else if (here && !strncmp(line, "```", 3))
            hexes = !hexes && !strcmp(line, "```hex\n");
        else if (hexes)
            for (const char *s = line; *s; s++)
                if (isxdigit((unsigned char)*s))
                    buf_addc(hex, *s);
    }
    fclose(f);
}

static void
test_worked_example(void **state)
{
    (void)state;
    struct question q = example();
    AUTO_BUF(hex, 4096);
    AUTO_BUF(out, 4096);
    char mine[2048];
    unsigned char bytes[1024];
    struct err e = {0};
    read_example(&hex);
    assert_int_equal(question_encode(&out, &q), ERR_OK);
    assert_true(out.len < sizeof mine / 2);
    text_hex(out.data, out.len, mine);
    assert_string_equal(buf_str(&hex), mine);
    assert_true(text_unhex(buf_str(&hex), bytes, out.len));
    struct question back;
    assert_int_equal(question_decode(&back, bytes, out.len, &e), ERR_OK);
    assert_memory_equal(&back.period, &q.period, sizeof q.period);
    assert_memory_equal(&back.csn, &q.csn, sizeof q.csn);
    assert_string_equal(back.id, q.id);
    assert_string_equal(back.arende, q.arende);
    assert_string_equal(back.person.digits, q.person.digits);
    assert_string_equal(back.lefi, q.lefi);
    assert_string_equal(back.skal, q.skal);
    assert_string_equal(back.handlaggare, q.handlaggare);
    assert_int_equal(back.syfte, q.syfte);
    assert_int_equal(back.sources, q.sources);
    assert_int_equal(back.asked_ms, q.asked_ms);
    assert_int_equal(back.month.month, 11);
}

/* Whatever decodes has exactly the bytes that it encodes to. */
static void
stays_canonical(const char *p, size_t n)
{
    struct question q;
    struct err e = {0};
    AUTO_BUF(again, 4096);
    if (question_decode(&q, p, n, &e) != ERR_OK) {
        assert_true(e.text[0]);
        assert_null(strstr(e.text, "9804"));
        assert_string_equal(q.person.digits, ""); /* wiped */
        return;
    }
    assert_int_equal(question_encode(&again, &q), ERR_OK);
    assert_int_equal(again.len, n);
    assert_memory_equal(again.data, p, n);
}

static void
test_only_one_encoding(void **state)
{
    (void)state;
    struct question q = example(), back;
    struct err e = {0};
    AUTO_BUF(good, 4096);
    AUTO_BUF(bad, 4096);
    assert_int_equal(question_encode(&good, &q), ERR_OK);
    for (size_t n = 0; n < good.len; n++) /* cut anywhere */
        assert_int_not_equal(question_decode(&back, good.data, n, &e), ERR_OK);
    buf_add(&bad, good.data, good.len);
    for (size_t i = 0; i < good.len; i++)
        for (int v = 0; v < 256; v += 7) {
            bad.data[i] = (char)(good.data[i] ^ v);
            stays_canonical(bad.data, bad.len);
            bad.data[i] = good.data[i];
        }
    buf_addc(&bad, 0); /* something behind */
    assert_int_equal(question_decode(&back, bad.data, bad.len, &e),
                     ERR_BAD_INPUT);
    /* fields that are not needed and empty ones are not written */
    buf_clear(&bad);
    buf_add(&bad, good.data, good.len);
    tlv_put(&bad, 18, "x", 1);
    assert_int_equal(question_decode(&back, bad.data, bad.len, &e),
                     ERR_BAD_INPUT);
}

/* The example without field `tag`, or with another value in it. */
static enum err_code
with_field(int tag, const void *value, size_t n, struct err *e)
{
    struct question q = example(), back;
    AUTO_BUF(good, 4096);
    AUTO_BUF(out, 8192);
    question_encode(&good, &q);
    struct tlv_reader r = {.p = (const uint8_t *)good.data, .left = good.len};
    struct tlv t;
    while (tlv_next(&r, &t) > 0) {
        if (t.tag != tag)
            tlv_put(&out, t.tag, t.value, t.len);
        else if (value)
            tlv_put(&out, t.tag, value, n);
    }
    return question_decode(&back, out.data, out.len, e);
}

static void
test_fields_are_strict(void **state)
{
    (void)state;
    struct err e = {0};
    static const char needed[] = {1, 2, 3, 4, 5, 6, 8, 9, 12, 16, 17};
    for (size_t i = 0; i < sizeof needed; i++)
        assert_int_not_equal(with_field(needed[i], NULL, 0, &e), ERR_OK);
    assert_int_equal(with_field(14, NULL, 0, &e), ERR_OK); /* no reason */
    assert_int_equal(with_field(7, NULL, 0, &e), ERR_OK);  /* no month */
    assert_int_equal(with_field(13, NULL, 0, &e), ERR_BAD_INPUT);
    static const struct {
        int tag;
        const char *value;
    } bad[] = {{2, "7C1E4410-0C55-4C1B-9D3E-2F5A8B6C7D01"},
               {3, "EK-2026-00417-EK-2026-00417-EK-2"}, /* 32 */
               {3, "EK\n"},
               {3, " EK"},
               {4, "198503129805"},
               {4, "8503129804"},
               {5, "Sokande"},
               {6, "nyfiken"},
               {7, "2026-13"},
               {7, "2026-11-01"},
               {8, "2026-12-01"}, /* after its end */
               {8, "2026-9-01"},
               {9, "2026-11-31"},
               {10, "2027-01-01"},
               {13, "FK:GEPI FK:ABB"}, /* not in order */
               {13, "FK:ABB FK:ABB FK:GEPI"},
               {13, "FK:ABB PM:AP"}, /* GEPI is always asked */
               {13, "FK:XYZ FK:GEPI"},
               {13, "FK:ABB  FK:GEPI"},
               {13, "FK:ABB FK:GEPI "},
               {14, "pro\xcc\x88vning"}, /* not NFC */
               {14, "a\x1b[31m"},
               {14, "\xff"},
               {16, "hl\t0142"},
               {16, "0123456789012345678901234567890123456789012345678901234567"
                    "890123"}};
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
        assert_int_not_equal(
            with_field(bad[i].tag, bad[i].value, strlen(bad[i].value), &e),
            ERR_OK);
    assert_int_not_equal(with_field(14, "a\0b", 3, &e), ERR_OK);
    uint8_t set[8] = {0, 0, 0, 0, 0, 0, 0, 0x0f}; /* PM is not asked itself */
    assert_int_equal(with_field(12, set, 8, &e), ERR_BAD_INPUT);
    set[7] = 0;
    assert_int_equal(with_field(12, set, 8, &e), ERR_BAD_INPUT);
    set[7] = 0x07;
    assert_int_equal(with_field(12, set, 8, &e), ERR_OK);
    set[6] = 1; /* a source that does not exist */
    assert_int_equal(with_field(12, set, 8, &e), ERR_BAD_INPUT);
    set[6] = 0, set[0] = 1;
    assert_int_equal(with_field(12, set, 8, &e), ERR_BAD_INPUT);
    set[0] = 0x80; /* a time below zero */
    assert_int_equal(with_field(17, set, 8, &e), ERR_BAD_INPUT);
    set[0] = 0; /* version 7 */
    assert_int_equal(with_field(1, set, 8, &e), ERR_BAD_INPUT);
}

/* The version asked with, and v11's parts of SKV, go with the question. */
static void
test_version_and_parts(void **state)
{
    (void)state;
    struct question q = example(), back;
    struct err e = {0};
    AUTO_BUF(v10, 4096);
    AUTO_BUF(v11, 4096);
    AUTO_BUF(bad, 4096);
    assert_int_equal(question_encode(&v10, &q), ERR_OK);
    q.kontrakt = KONTRAKT_V11;
    q.sources |= SOURCE_BIT(SOURCE_SKV);
    question_preset_skv(&q, SKV_BIT(SKV_SKATTEKONTO) |
                                SKV_BIT(SKV_SKATTEUPPGIFTER));
    assert_int_equal(question_encode(&v11, &q), ERR_OK);
    assert_int_equal(question_decode(&back, v11.data, v11.len, &e), ERR_OK);
    assert_int_equal(back.kontrakt, KONTRAKT_V11);
    assert_int_equal(back.skv, 0x0c); /* the published bits */
    for (size_t n = 0; n < v11.len; n++)
        assert_true(question_decode(&back, v11.data, n, &e) != ERR_OK ||
                    back.skv == 0);
    /* v10 is what a question without the field is in, and is not written */
    buf_add(&bad, v10.data, v10.len);
    tlv_put(&bad, 18, "v10", 3);
    assert_int_equal(question_decode(&back, bad.data, bad.len, &e),
                     ERR_BAD_INPUT);
    buf_clear(&bad);
    buf_add(&bad, v10.data, v10.len);
    tlv_put(&bad, 18, "v12", 3);
    assert_int_equal(question_decode(&back, bad.data, bad.len, &e),
                     ERR_BAD_INPUT);
    buf_clear(&bad); /* parts in v10 */
    buf_add(&bad, v10.data, v10.len);
    tlv_put_u64(&bad, 19, 4);
    assert_int_equal(question_decode(&back, bad.data, bad.len, &e),
                     ERR_BAD_INPUT);
    q.skv = SKV_ALL + 1; /* a part that does not exist */
    assert_int_equal(question_check(&q, &e), ERR_BAD_INPUT);
    q.skv = SKV_ALL;
    assert_int_equal(question_check(&q, &e), ERR_OK);
    q.sources &= ~SOURCE_BIT(SOURCE_SKV); /* parts of what is not asked */
    assert_int_equal(question_check(&q, &e), ERR_BAD_INPUT);
    question_preset_skv(&q, SKV_ALL);
    assert_int_equal(q.skv, 0);
    q.sources |= SOURCE_BIT(SOURCE_SKV);
    q.kontrakt = KONTRAKT_V10;
    question_preset_skv(&q, SKV_ALL);
    assert_int_equal(q.skv, 0);
}

static void
test_words_of_the_contract(void **state)
{
    (void)state;
    char text[96];
    skv_set set;
    int years[2];
    for (enum kontrakt k = 0; k < KONTRAKT_COUNT; k++)
        assert_int_equal(kontrakt_by_word(kontrakt_word(k)), k);
    assert_int_equal(kontrakt_by_word("v12"), KONTRAKT_COUNT);
    for (enum skv_part p = 0; p < SKV_COUNT; p++)
        assert_int_equal(skv_by_word(skv_word(p)), p);
    skv_set_text(SKV_ALL, text);
    assert_string_equal(text,
                        "foretagsinformation individuppgifter skattekonto "
                        "skatteuppgifter beskattningsbilagor");
    assert_true(skv_set_read(&set, text));
    assert_int_equal(set, SKV_ALL);
    assert_true(skv_set_read(&set, ""));
    assert_int_equal(set, 0);
    assert_false(skv_set_read(&set, "skattekonto skattekonton"));
    /* the two years before the year of the period's end, whenever it began */
    assert_true(
        skv_years((struct period){{2025, 11, 1}, {2026, 1, 31}}, years));
    assert_int_equal(years[0], 2024);
    assert_int_equal(years[1], 2025);
    assert_true(
        skv_years((struct period){{2025, 11, 1}, {2025, 12, 31}}, years));
    assert_int_equal(years[1], 2024);
    assert_false(skv_years((struct period){{1, 1, 1}, {2, 1, 1}}, years));
}

static void
test_case_number_of_31(void **state)
{
    (void)state;
    struct question q = example();
    struct err e = {0};
    snprintf(q.arende, sizeof q.arende, "%031d", 7);
    assert_int_equal(question_check(&q, &e), ERR_OK);
    q.arende[0] = '\0';
    assert_int_equal(question_check(&q, &e), ERR_ARENDEIDENTITET);
}

static void
test_presets(void **state)
{
    (void)state;
    struct question q = example();
    struct err e = {0};
    question_preset_lefi(&q);
    assert_int_equal(question_check(&q, &e), ERR_OK);
    assert_non_null(strstr(q.lefi, "FK:PJOB"));
    assert_non_null(strstr(q.lefi, "PM:EF"));
    assert_non_null(strstr(q.lefi, "FK:GEPI"));
    assert_null(strstr(q.lefi, "FK:SGI")); /* no syfte needs it */
    q.syfte = SYFTE_ATERKRAV;
    question_preset_lefi(&q);
    assert_null(strstr(q.lefi, "FK:PJOB"));
    assert_non_null(strstr(q.lefi, "FK:YL"));
    question_preset_csn(&q);
    assert_int_equal(date_compare(q.csn.to, (struct date){2026, 12, 31}), 0);
    q.period = (struct period){{2026, 1, 1}, {2026, 6, 30}};
    question_preset_csn(&q);
    assert_true(date_none(q.csn.from)); /* the main period is the term */
    q.sources = SOURCE_BIT(SOURCE_AF);
    question_preset_lefi(&q);
    assert_string_equal(q.lefi, "");
    q.period.from.month = 2;
    question_preset_csn(&q);
    assert_true(date_none(q.csn.from));
}

static void
test_lefi_codes(void **state)
{
    (void)state;
    size_t n, fk = 0, pm = 0, other = 0;
    const struct lefi_code *c = lefi_codes(&n);
    for (size_t i = 0; i < n; i++) {
        assert_ptr_equal(lefi_code(c[i].kod), &c[i]);
        assert_int_equal(c[i].source,
                         strncmp(c[i].kod, "PM:", 3) ? SOURCE_FK : SOURCE_PM);
        bool money = c[i].lists & (LEFI_PRELIMINARA | LEFI_UTBETALNINGAR);
        if (c[i].lists & LEFI_OVRIG) {
            assert_int_equal(c[i].lists, LEFI_OVRIG);
            other++;
        } else if (c[i].source == SOURCE_PM) { /* contract: PM's four lists */
            assert_int_equal(c[i].lists, LEFI_ANSPRAK | LEFI_BESLUT |
                                             LEFI_PRELIMINARA |
                                             LEFI_UTBETALNINGAR);
            pm++;
        } else {
            assert_true(c[i].lists & LEFI_FORMANSINFORMATION);
            assert_false(c[i].lists & (LEFI_ANSPRAK | LEFI_BESLUT));
            assert_int_equal(money, strcmp(c[i].kod, "FK:PJOB") != 0);
            fk++;
        }
    }
    assert_int_equal(fk, 27);
    assert_int_equal(pm, 3);
    assert_int_equal(other, 8);
    assert_null(lefi_code("FK:AB"));
    assert_null(lefi_code(""));
    assert_true(lefi_canonical(""));
    assert_false(lefi_canonical(" "));
    assert_string_equal(lefi_list_name(LEFI_PRELIMINARA),
                        "preliminaraUtbetalningar");
}

static void
test_words_and_ids(void **state)
{
    (void)state;
    for (enum syfte s = 0; s < SYFTE_COUNT; s++)
        assert_int_equal(syfte_by_word(syfte_word(s)), s);
    for (enum roll r = 0; r < ROLL_COUNT; r++)
        assert_int_equal(roll_by_word(roll_word(r)), r);
    assert_int_equal(syfte_by_word("x"), SYFTE_COUNT);
    assert_int_equal(roll_by_word(""), ROLL_COUNT);
    struct question a = example(), b = example();
    struct err e = {0};
    question_new_id(&a);
    question_new_id(&b);
    assert_string_not_equal(a.id, b.id);
    assert_int_equal(a.id[14], '4');
    assert_int_equal(question_check(&a, &e), ERR_OK);
}

static void
test_a_lefi_code_says_whose_it_is(void **state)
{
    (void)state;
    size_t n;
    const struct lefi_code *c = lefi_codes(&n);
    for (size_t i = 0; i < n; i++)
        assert_int_equal(lefi_sources(c[i].kod), SOURCE_BIT(c[i].source));
    assert_int_equal(lefi_sources(""), 0);
    assert_int_equal(lefi_sources("FK:ABB PM:AP"),
                     SOURCE_BIT(SOURCE_FK) | SOURCE_BIT(SOURCE_PM));
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_worked_example),
        cmocka_unit_test(test_only_one_encoding),
        cmocka_unit_test(test_fields_are_strict),
        cmocka_unit_test(test_version_and_parts),
        cmocka_unit_test(test_words_of_the_contract),
        cmocka_unit_test(test_case_number_of_31),
        cmocka_unit_test(test_presets),
        cmocka_unit_test(test_lefi_codes),
        cmocka_unit_test(test_a_lefi_code_says_whose_it_is),
        cmocka_unit_test(test_words_and_ids),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
