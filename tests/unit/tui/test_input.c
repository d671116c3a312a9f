/* SPDX-License-Identifier: EUPL-1.2
 *
 * Proves what keys bytes become: the forms of F1-F4 that xterm, PuTTY, VT220
 * and the Linux console send, Esc with a digit, a lone Esc by time, letters in
 * UTF-8 and ISO-8859-1 also when cut in two, pastes, and bytes that mean
 * nothing. Each sequence is fed whole and a byte at a time. Leaves out the
 * clock itself (tests/e2e).
 */
#include "config.h"

#include "tui/input.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

static struct input in;

/* All keys of the bytes, fed `step` at a time, then the time is up. */
static int
keys(const char *bytes, size_t n, size_t step, int *out, int max)
{
    int count = 0;
    struct key k;
    for (size_t i = 0; i < n; i += step) {
        input_feed(&in, bytes + i, n - i < step ? n - i : step);
        while (count < max && input_next(&in, &k))
            out[count++] = k.code;
    }
    if (input_waiting(&in)) {
        input_timeout(&in);
        while (count < max && input_next(&in, &k))
            out[count++] = k.code;
    }
    assert_false(input_waiting(&in));
    return count;
}

static void
expect(const char *bytes, int n, int a, int b)
{
    size_t len = strlen(bytes);
    for (size_t step = 1; step <= len; step += len > 1 ? len - 1 : 1) {
        int out[8];
        int got = keys(bytes, len, step, out, 8);
        if (got != n || (n > 0 && out[0] != a) || (n > 1 && out[1] != b))
            fail_msg("%s at %zu: %d keys, %x", bytes + 1, step, got,
                     got ? (unsigned)out[0] : 0);
    }
}

static void
function_keys_in_all_forms(void **state)
{
    (void)state;
    char s[16];
    input_init(&in, false);
    for (int i = 0; i < 4; i++) {
        snprintf(s, sizeof s, "\033O%c", 'P' + i); /* xterm, VT220 */
        expect(s, 1, K_F(i + 1), 0);
        snprintf(s, sizeof s, "\033[1%d~", i + 1); /* PuTTY */
        expect(s, 1, K_F(i + 1), 0);
        snprintf(s, sizeof s, "\033[[%c", 'A' + i); /* Linux */
        expect(s, 1, K_F(i + 1), 0);
        snprintf(s, sizeof s, "\033[1;2%c", 'P' + i); /* with Shift */
        expect(s, 1, K_F(i + 1), 0);
    }
    static const int codes[] = {15, 17, 18, 19, 20, 21, 23, 24};
    for (int i = 0; i < 8; i++) {
        snprintf(s, sizeof s, "\033[%d~", codes[i]);
        expect(s, 1, K_F(i + 5), 0);
    }
    expect("\033[A", 1, K_UP, 0);
    expect("\033OB", 1, K_DOWN, 0);
    expect("\033[1~", 1, K_HOME, 0);
    expect("\033[7~", 1, K_HOME, 0);
    expect("\033OF", 1, K_END, 0);
    expect("\033[3~", 1, K_DELETE, 0);
    expect("\033[Z", 1, K_BACKTAB, 0);
    expect("\033[1;5C", 1, K_RIGHT, 0);
    expect("\033OM", 1, K_ENTER, 0);
}

static void
esc_and_a_digit(void **state)
{
    (void)state;
    char s[4];
    input_init(&in, false);
    for (int i = 1; i <= 9; i++) {
        snprintf(s, sizeof s, "\033%d", i);
        expect(s, 1, K_F(i), 0);
    }
    expect("\0330", 1, K_F(10), 0);
    expect("\033+", 1, K_F(11), 0);
    expect("\033\033", 1, K_F(12), 0);
    expect("\033", 1, K_ESC, 0);
    expect("\033b", 1, K_ALT('b'), 0);
    expect("\033\r", 2, K_ESC, K_ENTER);
    expect("\033\033[A", 1, K_UP, 0);
}

static void
a_lone_esc_waits_and_a_late_digit_is_a_digit(void **state)
{
    (void)state;
    struct key k;
    input_init(&in, false);
    input_feed(&in, "\033", 1);
    assert_false(input_next(&in, &k));
    assert_true(input_waiting(&in));
    input_timeout(&in);
    assert_true(input_next(&in, &k));
    assert_int_equal(k.code, K_ESC);
    input_feed(&in, "5", 1);
    assert_true(input_next(&in, &k));
    assert_int_equal(k.code, '5');
}

static void
control_keys(void **state)
{
    (void)state;
    input_init(&in, false);
    expect("\003", 1, K_F(12), 0);
    expect("\r", 1, K_ENTER, 0);
    expect("\t", 1, K_TAB, 0);
    expect("\177", 1, K_BACKSPACE, 0);
    expect("\010", 1, K_BACKSPACE, 0);
    expect("\001", 1, K_CTRL('A'), 0);
    expect("\014", 1, K_CTRL('L'), 0);
}

static void
letters_of_both_encodings(void **state)
{
    (void)state;
    input_init(&in, false);
    expect("\xc3\xa5", 1, 0xe5, 0);
    expect("\xe7\x8e\x8b", 1, 0x738b, 0);
    expect("\xf0\x9f\x98\x80", 1, 0x1f600, 0);
    expect("\xe5x", 1, 'x', 0);  /* not UTF-8: dropped */
    expect("\xc0\xaf", 0, 0, 0); /* overlong */
    expect("\xc3", 0, 0, 0);     /* half a letter */
    input_init(&in, true);
    expect("\xe5", 1, 0xe5, 0);
    expect("\xc3\xa5", 2, 0xc3, 0xa5);
    expect("\x9b", 0, 0, 0); /* a control of the upper half */
}

static void
what_means_nothing_is_dropped(void **state)
{
    (void)state;
    input_init(&in, false);
    expect("\033[?1;2c", 0, 0, 0); /* device attributes */
    expect("\033[I", 0, 0, 0);     /* focus */
    expect("\033[99~", 0, 0, 0);
    expect("\033[12;34", 0, 0, 0); /* cut off, time is up */
    char many[200] = "\033[";
    memset(many + 2, '1', sizeof many - 3);
    int out[200];
    keys(many, sizeof many - 1, 7, out, 200); /* ends, whatever comes of it */
    assert_false(input_waiting(&in));
}

static void
paste_comes_whole_and_never_presses_enter(void **state)
{
    static const char p[] =
        "\033[200~19850312-9804\r\nrad\ttv\xc3\xa5\033[201~x";
    (void)state;
    for (size_t step = 1; step < sizeof p; step++) {
        struct key k;
        bool pasted = false;
        input_init(&in, false);
        for (size_t i = 0; i < sizeof p - 1; i += step) {
            size_t n = sizeof p - 1 - i < step ? sizeof p - 1 - i : step;
            input_feed(&in, p + i, n);
            while (input_next(&in, &k)) {
                if (k.code == K_PASTE) {
                    assert_string_equal(k.text,
                                        "19850312-9804  rad tv\xc3\xa5");
                    pasted = true;
                } else {
                    assert_true(pasted);
                    assert_int_equal(k.code, 'x');
                }
            }
        }
        assert_true(pasted);
    }
}

static void
paste_in_latin1_and_without_controls(void **state)
{
    struct key k;
    (void)state;
    input_init(&in, true);
    const char *p = "\033[200~\xe5\033]0;x\007\033[201~";
    input_feed(&in, p, strlen(p));
    assert_true(input_next(&in, &k));
    assert_int_equal(k.code, K_PASTE);
    assert_string_equal(k.text, "\xc3\xa5]0;x");
}

static void
a_paste_without_end_ends_by_time(void **state)
{
    struct key k;
    (void)state;
    input_init(&in, false);
    input_feed(&in, "\033[200~abc", 9);
    assert_false(input_next(&in, &k));
    input_timeout(&in);
    assert_true(input_next(&in, &k));
    assert_int_equal(k.code, K_PASTE);
    assert_string_equal(k.text, "abc");
    assert_false(input_waiting(&in));
}

static void
typed_ahead_can_be_dropped(void **state)
{
    struct key k;
    (void)state;
    input_init(&in, false);
    input_feed(&in, "abc\033[20", 7);
    assert_true(input_next(&in, &k));
    input_drop(&in);
    assert_false(input_next(&in, &k));
    assert_false(input_waiting(&in));
    for (size_t i = 0; i < sizeof in.bytes; i++)
        assert_int_equal(in.bytes[i], 0);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(function_keys_in_all_forms),
        cmocka_unit_test(esc_and_a_digit),
        cmocka_unit_test(a_lone_esc_waits_and_a_late_digit_is_a_digit),
        cmocka_unit_test(control_keys),
        cmocka_unit_test(letters_of_both_encodings),
        cmocka_unit_test(what_means_nothing_is_dropped),
        cmocka_unit_test(paste_comes_whole_and_never_presses_enter),
        cmocka_unit_test(paste_in_latin1_and_without_controls),
        cmocka_unit_test(a_paste_without_end_ends_by_time),
        cmocka_unit_test(typed_ahead_can_be_dropped),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
