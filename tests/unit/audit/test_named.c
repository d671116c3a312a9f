/* SPDX-License-Identifier: EUPL-1.2
 *
 * Proves: the ledger takes an intent by enfragad only in the name of a
 * handläggare who has signed, with who asked for it, and lists it as that
 * handläggare's. Also after a
 * collector. Leaves out: the verifier (tests/e2e/test_ssbtek.py).
 */
#include "config.h"

#include "tests/unit/audit/fixture.h"

#include "audit/witness.h"
#include "proof/batch.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

static enum err_code
append_one(struct fixture *x, const struct ledger_post *post,
           struct ledger_result *r)
{
    struct err e = {0};
    enum err_code code = ledger_append(x->l, post, 1, r, &e);
    return code ? code : r->code;
}

static void
take_named(void *ctx, const struct ledger_row *r)
{
    if (r->author.has_named)
        snprintf(ctx, 64, "%s %s", r->account, r->author.named_by);
}

/* enfragad's own intent: in a handläggare's name alone, who has signed, and
 * it is among that handläggare's entries. */
static void
test_an_intent_that_a_system_asked_for(void **state)
{
    struct fixture x;
    (void)state;
    fixture_init(&x);
    const uint8_t nobody[HASH_SIZE] = {1};
    const struct ledger_post good = {.type = KIND_INTENT,
                                     .payload = "frågan",
                                     .payload_len = strlen("frågan"),
                                     .named_forsakran = x.f.sha256,
                                     .named_by = "sys01",
                                     .peer = PEER_CERT};
    struct ledger_post bad[5] = {good, good, good, good, good};
    static const enum err_code want[5] = {ERR_BAD_INPUT, ERR_BAD_INPUT,
                                          ERR_FORSAKRAN, ERR_BAD_INPUT,
                                          ERR_BAD_INPUT};
    struct ledger_query q = {.account = "hl0142", .limit = 10};
    struct ledger_result r;
    struct err e = {0};
    char row[64] = "";
    bad[0].named_forsakran = NULL;
    bad[1].type = KIND_LARM;
    bad[2].named_forsakran = nobody;
    bad[3].peer = PEER_NONE;
    bad[4].named_by = "";
    for (int i = 0; i < 5; i++)
        assert_int_equal(append_one(&x, &bad[i], &r), want[i]);
    assert_int_equal(ledger_size(x.l), 2);
    assert_int_equal(append_one(&x, &good, &r), ERR_OK);
    assert_int_equal(ledger_rows(x.l, &q, take_named, row, &e), ERR_OK);
    assert_string_equal(row, "hl0142 sys01");
    ledger_close(&x.l);
    assert_int_equal(ledger_open(x.path, x.log_key, x.own_key, &x.l, &e),
                     ERR_OK);
    assert_int_equal(ledger_size(x.l), 3);
    fixture_done(&x);
}

/* A collector takes it, and a log that lost it gets it back: it is still that
 * handläggare's. */
static void
test_it_is_collected_and_put_back(void **state)
{
    struct fixture x;
    (void)state;
    fixture_init(&x);
    const struct ledger_post named = {.type = KIND_INTENT,
                                      .payload = "frågan",
                                      .payload_len = strlen("frågan"),
                                      .named_forsakran = x.f.sha256,
                                      .named_by = "sys01",
                                      .peer = PEER_CERT};
    struct ledger_query q = {.account = "hl0142", .limit = 10};
    struct ledger_result r;
    struct err e = {0};
    char copy[128], note[NOTE_MAX], row[64] = "";
    AUTO_BUF(bytes, BATCH_MAX);
    snprintf(copy, sizeof copy, "%s-copy", x.path);
    assert_int_equal(ledger_backup(x.l, copy, &e), ERR_OK);
    assert_int_equal(append_one(&x, &named, &r), ERR_OK);
    assert_int_equal(ledger_batch(x.l, 2, &bytes, note, &e), ERR_OK);
    ledger_close(&x.l);
    assert_int_equal(ledger_open(copy, x.log_key, x.own_key, &x.l, &e), ERR_OK);
    if (ledger_restore(x.l, bytes.data, bytes.len, &e))
        fail_msg("%s", e.text);
    assert_int_equal(ledger_size(x.l), 3);
    assert_int_equal(ledger_rows(x.l, &q, take_named, row, &e), ERR_OK);
    assert_string_equal(row, "hl0142 sys01");
    ledger_close(&x.l);
    unlink(copy);
    snprintf(copy, sizeof copy, "%s-copy-ballast", x.path);
    unlink(copy);
    fixture_done(&x);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_an_intent_that_a_system_asked_for),
        cmocka_unit_test(test_it_is_collected_and_put_back)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
