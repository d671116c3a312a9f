/* SPDX-License-Identifier: EUPL-1.2
 *
 * Proves: the JSON gate takes RFC 8259 and nothing else, keeps numbers as
 * they came, tells names apart by case, refuses a name that stands twice, a
 * NUL, bad UTF-8, anything behind the value, and stops at its ceilings before
 * memory is spent, in bounded time. Leaves out: what LEFI says in it.
 */
#include "config.h"

#include "wire/json.h"

#include <malloc.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include <cmocka.h>

static const struct json_limits limits = {1 << 20, 60000, 64};

static enum err_code
outcome(const char *s, size_t n)
{
    const cJSON *j = NULL;
    struct err e = {0};
    AUTO_ARENA struct arena *mem = arena_new(0);
    enum err_code code = json_read(&j, mem, s, n, &limits, &e);
    assert_true((code == ERR_OK) == (j != NULL));
    return code;
}

static void
test_numbers_keep_their_text(void **state)
{
    (void)state;
    static const char s[] = "\xef\xbb\xbf {\"a\":[1.10,-0,1e2],\"A\":0.1,"
                            "\"t\":true,\"n\":null,\"s\":\"\\u00e5\"}\n";
    const cJSON *j = NULL;
    struct err e;
    AUTO_ARENA struct arena *mem = arena_new(0);
    assert_int_equal(json_read(&j, mem, s, sizeof s - 1, &limits, &e), ERR_OK);
    const cJSON *a = json_get(j, "a");
    assert_string_equal(json_text(a->child), "1.10");
    assert_string_equal(json_text(a->child->next), "-0");
    assert_string_equal(json_text(a->child->next->next), "1e2");
    assert_string_equal(json_member(j, "A"), "0.1");
    assert_string_equal(json_member(j, "t"), "true");
    assert_string_equal(json_member(j, "s"), "\xc3\xa5");
    assert_null(json_member(j, "n"));
    assert_null(json_get(j, "T"));
    assert_null(json_get(a, "a"));
}

static void
test_refused(void **state)
{
    (void)state;
    static const char *const bad[] = {
        "",
        " ",
        "{",
        "}",
        "[1,]",
        "{\"a\":1,}",
        "{a:1}",
        "[01]",
        "[1.]",
        "[.5]",
        "[+1]",
        "[-]",
        "[1e]",
        "[NaN]",
        "[truex]",
        "[tru]",
        "[\"a]",
        "[\"\\x\"]",
        "[\"\\u00\"]",
        "[\"\\u0000\"]",
        "[\"\\ud800\"]",
        "[\"\x01\"]",
        "[\"\xff\"]",
        "[\"\xc0\x80\"]",
        "[1] 2",
        "[1]\x0c",
        "[1]]",
        "{\"a\":1,\"a\":2}",
        "{\"b\":{\"a\":1,\"\\u0061\":2}}",
        "[1 2]",
        "[1,,2]",
        "{\"a\" 1}",
        "[\"a\":1]",
    };
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
        if (outcome(bad[i], strlen(bad[i])) != ERR_PROTOCOL)
            fail_msg("taken: %s", bad[i]);
    assert_int_equal(outcome("[1]\0", 4), ERR_PROTOCOL);
    assert_int_equal(outcome("[\"\0\"]", 5), ERR_PROTOCOL);
    assert_int_equal(outcome("{\"a\":1,\"A\":2}", 13), ERR_OK);
}

static void
test_ceilings(void **state)
{
    (void)state;
    size_t n = (1 << 20) - 2;
    char *s = malloc(n + 4);
    memset(s, '[', n);
    assert_int_equal(outcome(s, n), ERR_TOO_BIG); /* depth */
    s[0] = '[';
    for (size_t i = 1; i + 1 < n; i += 2)
        memcpy(s + i, "1,", 2);
    s[n - 1] = '1';
    s[n] = ']';
    struct mallinfo2 before = mallinfo2();
    assert_int_equal(outcome(s, n + 1), ERR_TOO_BIG); /* values */
    assert_true(mallinfo2().arena <= before.arena + (4 << 20));
    assert_int_equal(outcome(s, (1 << 20) + 1), ERR_TOO_BIG); /* bytes */
    free(s);
}

static void
test_many_names_cost_little(void **state)
{
    (void)state;
    enum { N = 25000 };
    char *s = malloc(N * 16 + 16);
    size_t n = 1;
    s[0] = '{';
    for (int i = 0; i < N; i++)
        n += (size_t)snprintf(s + n, 32, "%s\"k%d\":0", i ? "," : "", i);
    size_t whole = n;
    s[n++] = '}';
    clock_t from = clock();
    assert_int_equal(outcome(s, n), ERR_OK);
    n = whole + (size_t)snprintf(s + whole, 32, ",\"k17\":0}");
    assert_int_equal(outcome(s, n), ERR_PROTOCOL);
    assert_true(clock() - from < 3 * CLOCKS_PER_SEC);
    free(s);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_numbers_keep_their_text),
        cmocka_unit_test(test_refused),
        cmocka_unit_test(test_ceilings),
        cmocka_unit_test(test_many_names_cost_little),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
