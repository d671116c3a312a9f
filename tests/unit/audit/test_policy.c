/* SPDX-License-Identifier: EUPL-1.2
 *
 * Proves: a policy of witnesses and groups says when its quorum is reached, up
 * to which size, and how many it takes at least; what it cannot mean is refused
 * with its line. Leaves out: where the cosignatures come from
 * (test_witness.py).
 */
#include "config.h"

#include "audit/policy.h"
#include "base/buf.h"
#include "seal/key.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

enum { NAMES = 5 };

static char vkey[NAMES][VKEY_TEXT_MAX];

static int
make_keys(void **state)
{
    (void)state;
    for (int i = 0; i < NAMES; i++) {
        AUTO_KEY struct key *k = NULL;
        uint8_t raw[KEY_RAW];
        struct vkey v;
        char name[32];
        snprintf(name, sizeof name, "w%d.example/1", i);
        assert_int_equal(key_new_ed25519(&k, NULL), ERR_OK);
        assert_true(key_public_raw(k, raw));
        assert_int_equal(vkey_make_cosigner(&v, name, raw, NULL), ERR_OK);
        vkey_text(&v, vkey[i]);
    }
    return 0;
}

/* Five witnesses w0 to w4, then the lines. */
static enum err_code
policy(struct policy *p, const char *lines, struct err *e)
{
    AUTO_BUF(text, 8192);
    for (int i = 0; i < NAMES; i++)
        buf_addf(&text, "witness w%d %s\n", i, vkey[i]);
    buf_adds(&text, lines);
    return policy_read(p, buf_str(&text), NULL, e);
}

static void
test_quorums(void **state)
{
    (void)state;
    static const struct {
        const char *lines;
        uint64_t size[POLICY_MAX]; /* cosigned by each */
        uint64_t safe;
        int least;
    } rows[] = {
        {"quorum none\n", {9, 9, 9, 9, 9}, 0, 0},
        {"quorum w2\n", {9, 9, 4, 9, 9}, 4, 1},
        {"group g 2 w0 w1 w2\nquorum g\n", {9, 7, 3, 0, 0}, 7, 2},
        {"group g all w0 w1 w2\nquorum g\n", {9, 7, 3, 0, 0}, 3, 3},
        {"group g any w0 w1 w2\nquorum g\n", {9, 7, 3, 0, 0}, 9, 1},
        {"group g all w0 w1 w2\nquorum g\n", {9, 7, 0, 5, 5}, 0, 3},
        /* one of our own and one of the others', who are two of three */
        {"group others 2 w2 w3 w4\ngroup ours any w0 w1\n"
         "group both all others ours\nquorum both\n",
         {6, 8, 5, 7, 9},
         7,
         3},
        /* the dear group is not needed */
        {"group dear all w0 w1 w2\ngroup or any dear w3\nquorum or\n",
         {9, 9, 9, 2, 0},
         9,
         1},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct policy p;
        struct err e = {0};
        if (policy(&p, rows[i].lines, &e))
            fail_msg("%s: %s", rows[i].lines, e.text);
        assert_int_equal(policy_size(&p, rows[i].size), rows[i].safe);
        assert_int_equal(policy_least(&p), rows[i].least);
    }
}

static void
test_what_it_cannot_mean(void **state)
{
    (void)state;
    static const char *const bad[] = {
        "",
        "quorum w9\n",
        "quorum w0\nquorum w1\n",
        "group g 3 w0 w1\nquorum g\n",
        "group g 0 w0 w1\nquorum g\n",
        "group g any w0 w0\nquorum g\n",
        "group g any w0\ngroup h any w0 w1\nquorum h\n",
        "group g any h\ngroup h any w1\nquorum g\n",
        "group w0 any w1\nquorum w0\n",
        "group none any w1\nquorum none\n",
        "witness w5 no-vkey\nquorum w5\n",
        "kvorum w0\n",
    };
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        struct policy p;
        struct err e = {0};
        if (policy(&p, bad[i], &e) != ERR_CONFIG)
            fail_msg("%s", bad[i]);
        if (*bad[i] && strcmp(bad[i], "quorum w9\n") == 0)
            assert_non_null(strstr(e.text, "line 6"));
    }
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_quorums),
        cmocka_unit_test(test_what_it_cannot_mean),
    };
    return cmocka_run_group_tests(tests, make_keys, NULL);
}
