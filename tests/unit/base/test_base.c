/* SPDX-License-Identifier: EUPL-1.2
 *
 * Proves: errors keep the inner reason, buffers stop at their ceiling, text
 * is cleaned, measured and cut, base64 is canonical, TLV has one encoding,
 * the clock reads Swedish time, settings are checked, what is freed or moved
 * is wiped (not with the sanitizers, whose heap is another). Leaves out: the
 * loop.
 */
#include "config.h"

#include "base/buf.h"
#include "base/clock.h"
#include "base/config.h"
#include "base/err.h"
#include "base/text.h"
#include "base/tlv.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

static void
test_err_keeps_the_inner_reason(void **state)
{
    (void)state;
    struct err e = {0};
    assert_int_equal(err_set(&e, ERR_TLS, "unsupported purpose"), ERR_TLS);
    assert_int_equal(err_add(&e, ERR_TLS, "%s", "FK"), ERR_TLS);
    assert_string_equal(e.text, "FK: unsupported purpose");
    assert_int_equal(err_by_word("period_fk"), ERR_PERIOD_FK);
    assert_int_equal(err_row(ERR_FORSAKRAN)->exit, 21);
}

static void
test_buf_stops_at_its_ceiling(void **state)
{
    (void)state;
    AUTO_BUF(b, 5);
    assert_int_equal(buf_adds(&b, "abc"), ERR_OK);
    assert_int_equal(buf_adds(&b, "def"), ERR_TOO_BIG);
    assert_int_equal(buf_adds(&b, "d"), ERR_TOO_BIG); /* stays refused */
    assert_string_equal(buf_str(&b), "abc");
}

static void
test_text_clean_shows_controls(void **state)
{
    (void)state;
    AUTO_ARENA struct arena *a = arena_new(0);
    const char in[] = "\x1b[31mr\xc3\xb6"
                      "d\xc2\x85\xe2\x80\xae\n\xff!";
    assert_string_equal(text_clean(a, in, sizeof in - 1),
                        "<U+001B>[31mröd<U+0085><U+202E> <0xFF>!");
    assert_string_equal(text_clean(a, "a\xcc\x8a", 3), "å");
}

/* Every two bytes, at the start, inside and at the end of eight at once. */
static void
test_text_is_clean_is_what_cleaning_leaves(void **state)
{
    (void)state;
    int clean = 0;
    for (int b = 0; b < 1 << 16; b++)
        for (int at = 0; at < 10; at += 3) {
            char in[12] = "abcdefghijk";
            in[at] = (char)(b >> 8);
            in[at + 1] = (char)b;
            if (!text_is_clean(in, 11))
                continue;
            AUTO_ARENA struct arena *a = arena_new(0);
            assert_string_equal(text_clean(a, in, 11), in);
            clean++;
        }
    assert_int_equal(clean, 4 * (95 * 95 + 32 + 64));
    assert_false(text_is_clean("a\xcc\x8a", 3));
    assert_true(text_is_clean("", 0));
}

static void
test_text_cut_counts_cells(void **state)
{
    (void)state;
    AUTO_BUF(b, 100);
    text_cut(&b, "Bergström", 6);
    assert_string_equal(buf_str(&b), "Bergs~");
    assert_int_equal(text_width("漢字å"), 5);
    buf_clear(&b);
    text_latin1(&b, "Szczę Å");
    assert_string_equal(buf_str(&b), "Szcze\xa4 \xc5");
}

static void
test_base64_is_canonical(void **state)
{
    (void)state;
    AUTO_BUF(b, 100);
    assert_int_equal(text_base64_decode(&b, "Zm9v\r\nYg ==", 11), ERR_OK);
    assert_string_equal(buf_str(&b), "foob");
    static const char *const bad[] = {"Zg=",      "Zh==", "Z",
                                      "Zg==Zg==", "*",    "Zm9=v"};
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        buf_clear(&b);
        assert_int_not_equal(text_base64_decode(&b, bad[i], strlen(bad[i])),
                             ERR_OK);
    }
    buf_clear(&b);
    char bytes[2100] = {0};
    for (size_t n = 0; n < sizeof bytes; n += 1 + n / 13) { /* whole runs too */
        AUTO_BUF(there, 4096);
        AUTO_BUF(back, 4096);
        bytes[n] = (char)(n * 37);
        assert_int_equal(text_base64_encode(&there, bytes, n), ERR_OK);
        assert_int_equal(there.len, (n + 2) / 3 * 4);
        assert_int_equal(text_base64_decode(&back, buf_str(&there), there.len),
                         ERR_OK);
        assert_int_equal(back.len, n);
        assert_memory_equal(buf_str(&back), bytes, n);
    }
    text_base64_encode(&b, "foob", 4);
    assert_string_equal(buf_str(&b), "Zm9vYg==");
}

static void
test_tlv_has_one_encoding(void **state)
{
    (void)state;
    AUTO_BUF(b, 100);
    tlv_put_u64(&b, 1, 7);
    tlv_put_str(&b, 2, "å");
    struct tlv_reader r = {.p = (const uint8_t *)b.data, .left = b.len};
    struct tlv t;
    uint64_t v;
    assert_int_equal(tlv_next(&r, &t), 1);
    assert_true(tlv_u64(&t, &v));
    assert_int_equal(v, 7);
    assert_int_equal(tlv_next(&r, &t), 1);
    assert_int_equal(t.len, 2);
    assert_int_equal(tlv_next(&r, &t), 0);
    const uint8_t twice[] = {1, 0, 0, 0, 0, 1, 0, 0, 0, 0};
    struct tlv_reader q = {.p = twice, .left = sizeof twice};
    assert_int_equal(tlv_next(&q, &t), 1);
    assert_int_equal(tlv_next(&q, &t), -1);
    const uint8_t cut[] = {1, 0, 0, 0, 9, 1};
    struct tlv_reader c = {.p = cut, .left = sizeof cut};
    assert_int_equal(tlv_next(&c, &t), -1);
}

static void
test_clock_reads_swedish_time(void **state)
{
    (void)state;
    char s[32], d[11];
    int64_t t = clock_parse("2026-11-24T13:32:07Z");
    clock_iso(t, s);
    assert_string_equal(s, "2026-11-24T14:32:07+01:00");
    clock_iso(clock_parse("2026-03-29T01:00:00Z"), s); /* summer time starts */
    assert_string_equal(s, "2026-03-29T03:00:00+02:00");
    clock_iso(clock_parse("2026-10-25T01:00:00Z"), s);
    assert_string_equal(s, "2026-10-25T02:00:00+01:00");
    clock_date(clock_parse("2026-12-31T23:30:00Z"), d);
    assert_string_equal(d, "2027-01-01");
    assert_int_equal(clock_parse("2026-11-24"), -1);
    assert_int_equal(clock_parse("2026-13-24T13:32:07Z"), -1);
}

static void
test_config_names_what_is_allowed(void **state)
{
    (void)state;
    char path[] = "/tmp/enfraga-conf-XXXXXX";
    int fd = mkstemp(path);
    FILE *f = fdopen(fd, "w");
    fputs("[grans]\nfraga_s = 0\n", f);
    fclose(f);
    struct config *c = config_new();
    struct err e = {0};
    assert_int_equal(config_load(c, path, &e), ERR_CONFIG);
    assert_non_null(strstr(e.text, "line 2"));
    assert_non_null(strstr(e.text, "from 1 to 300"));
    assert_int_equal(config_number(c, "grans.fraga_s"), 30);
    assert_int_equal(config_set(c, "grans.fragor", "1", &e), ERR_CONFIG);
    assert_int_equal(config_set(c, "upstream.delad", "ja", &e), ERR_OK);
    assert_true(config_bool(c, "upstream.delad"));
    config_free(&c);
    unlink(path);
}

/* Each authority has the same rows in a section of its own, and a section is
 * written once. */
static void
test_config_sections_of_authorities(void **state)
{
    (void)state;
    struct err e;
    struct config *c = config_new();
    static const char want[] = "[upstream]\ntyp = bastjanster\n"
                               "[AF]\nurl = a\navtal = 1\n"
                               "[MIV]\nurl = m\ngrans_s = 7\n";
    static const char *const rows[][2] = {{"MIV.grans_s", "7"},
                                          {"AF.avtal", "1"},
                                          {"MIV.url", "m"},
                                          {"AF.url", "a"},
                                          {"upstream.typ", "bastjanster"}};
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
        assert_int_equal(config_set(c, rows[i][0], rows[i][1], &e), ERR_OK);
    assert_int_equal(config_set(c, "PM.url", "p", &e), ERR_CONFIG);
    assert_int_equal(config_set(c, "SO.grans_s", "301", &e), ERR_CONFIG);
    assert_string_equal(config_text(c, "SO.url"), "");
    char *text = NULL;
    size_t n = 0;
    FILE *f = open_memstream(&text, &n);
    assert_int_equal(config_write(c, f, &e), ERR_OK);
    fclose(f);
    assert_string_equal(text, want);
    free(text);
    config_free(&c);
}

#ifndef __SANITIZE_ADDRESS__ /* whose heap is another */
/* How many of n bytes at an address that is no longer ours are `c`. The heap
 * keeps its own notes in the first of them. */
static int
left(uintptr_t at, size_t n, char c)
{
    char now[4096];
    FILE *f = fopen("/proc/self/mem", "re");
    int same = 0;
    assert_non_null(f);
    setvbuf(f, NULL, _IONBF, 0);
    assert_int_equal(fseeko(f, (off_t)at, SEEK_SET), 0);
    assert_int_equal(fread(now, 1, n, f), n);
    fclose(f);
    for (size_t i = 0; i < n; i++)
        same += now[i] == c;
    return same;
}

static void
test_what_is_freed_is_wiped(void **state)
{
    static const size_t sizes[] = {24, 600, 4000};
    (void)state;
    for (size_t i = 0; i < sizeof sizes / sizeof *sizes; i++) {
        size_t n = sizes[i];
        char *p = malloc(n), *q = malloc(n);
        memset(p, 'x', n);
        memset(q, 'y', n);
        uintptr_t was_p = (uintptr_t)p, was_q = (uintptr_t)q;
        q = realloc(q, 3 * n);
        assert_int_equal(q[0], 'y');
        assert_int_equal(q[n - 1], 'y');
        char *r = realloc(q, 8); /* far less: moved too */
        assert_int_equal(r[7], 'y');
        free(p);
        free(r);
        assert_int_equal(left(was_p, n, 'x'), 0);
        assert_int_equal(left(was_q, n, 'y'), 0);
    }
    assert_null(realloc(malloc(8), 0));
}
#endif

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_err_keeps_the_inner_reason),
        cmocka_unit_test(test_buf_stops_at_its_ceiling),
        cmocka_unit_test(test_text_clean_shows_controls),
        cmocka_unit_test(test_text_is_clean_is_what_cleaning_leaves),
        cmocka_unit_test(test_text_cut_counts_cells),
        cmocka_unit_test(test_base64_is_canonical),
        cmocka_unit_test(test_tlv_has_one_encoding),
        cmocka_unit_test(test_clock_reads_swedish_time),
        cmocka_unit_test(test_config_names_what_is_allowed),
        cmocka_unit_test(test_config_sections_of_authorities),
#ifndef __SANITIZE_ADDRESS__
        cmocka_unit_test(test_what_is_freed_is_wiped),
#endif
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
