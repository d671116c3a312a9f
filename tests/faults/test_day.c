/* SPDX-License-Identifier: EUPL-1.2
 *
 * Proves: from the first recipient on every payload is sealed and opens with
 * that recipient's key alone, to what the entry committed to; a day key is
 * made for each unit, day and start, is declared by an entry, and is gone with
 * a transaction that was rolled back; the verifier finds a day key changed or
 * gone, and in skarp a payload in clear; in skarp no user's payload is taken
 * before there is a recipient. Leaves out: a second implementation and the
 * openssl tool (tests/e2e/test_sealed.py).
 */
#include "config.h"

#include "tests/unit/audit/fixture.h"

#include "base/clock.h"
#include "base/mem.h"
#include "proof/box.h"
#include "seal/envelope.h"
#include "verifier/rows.h"

#include <setjmp.h>
#include <sqlite3.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static bool
holds(struct fixture *x, struct verify_report *r)
{
    struct err e = {0};
    struct rows *rows = NULL;
    struct verify_options o = {.full = true,
                               .log_key = ledger_log_vkey(x->l),
                               .threads = 1};
    assert_int_equal(rows_open(x->path, &rows, &e), ERR_OK);
    assert_int_equal(verify_run(rows_source(rows), &o, r, &e), ERR_OK);
    rows_close(&rows);
    return r->holds;
}

static void
assert_holds(struct fixture *x)
{
    struct verify_report r;
    if (!holds(x, &r))
        fail_msg("%s", r.finding[0].text);
}

/* What an entry's box holds, by the recipient's key. */
static enum err_code
open_box(struct fixture *x, uint64_t seq, struct buf *out, struct err *e)
{
    AUTO_BUF(leaf, ENTRY_LEAF_MAX);
    AUTO_BUF(box, BOX_MAX);
    AUTO_BUF(cms, ENVELOPE_MAX);
    AUTO_BUF(key, AEAD_KEY);
    struct entry_leaf parts;
    struct entry_author a;
    int64_t day;
    assert_int_equal(ledger_leaf(x->l, seq, &leaf, e), ERR_OK);
    assert_int_equal(entry_leaf_split(leaf.data, leaf.len, &parts, e), ERR_OK);
    assert_int_equal(entry_author_decode(parts.author, parts.author_len, &a, e),
                     ERR_OK);
    assert_int_equal(ledger_box(x->l, seq, &box, e), ERR_OK);
    assert_int_equal(ledger_box_day(x->l, seq, &day, e), ERR_OK);
    assert_int_equal(box.data[0], BOX_SEALED);
    assert_int_equal(ledger_day(x->l, day, &cms, e), ERR_OK);
    assert_int_equal(envelope_open(&key, cms.data, cms.len, x->review_key,
                                   x->review_cert, x->review_len, e),
                     ERR_OK);
    assert_int_equal(key.len, AEAD_KEY);
    struct aead *aead = aead_new();
    enum err_code code =
        box_open(out, aead, (const uint8_t *)key.data, ledger_origin(x->l),
                 a.commit, box.data, box.len, e);
    aead_free(&aead);
    return code;
}

static uint64_t
append(struct fixture *x, const struct ledger_post *post)
{
    struct err e = {0};
    struct ledger_result r;
    assert_int_equal(ledger_append(x->l, post, 1, &r, &e), ERR_OK);
    if (r.code)
        fail_msg("%s", r.err.text);
    return r.receipt.seq;
}

static uint64_t
append_intent(struct fixture *x, const char *payload, const char *unit)
{
    struct ledger_post post;
    AUTO_BUF(author, ENTRY_AUTHOR_MAX);
    fixture_intent(x, payload, &post, &author);
    post.unit = unit;
    return append(x, &post);
}

static void
test_boxes_open_for_the_recipient_alone(void **state)
{
    (void)state;
    struct fixture x, y;
    struct err e = {0};
    AUTO_BUF(out, 4096);
    AUTO_BUF(cms, ENVELOPE_MAX);
    fixture_init(&x);
    fixture_recipient(&x);
    uint64_t seq = append_intent(&x, "frågan", NULL);
    struct ledger_post own = {.type = KIND_OUTCOME,
                              .has_ref = true,
                              .ref_seq = seq,
                              .payload = "utfall",
                              .payload_len = 6};
    uint64_t outcome = append(&x, &own);
    assert_int_equal(open_box(&x, seq, &out, &e), ERR_OK);
    assert_int_equal(out.len, ENTRY_SALT + strlen("frågan"));
    assert_memory_equal(out.data + ENTRY_SALT, "frågan", strlen("frågan"));
    buf_clear(&out);
    assert_int_equal(open_box(&x, outcome, &out, &e), ERR_OK);
    assert_memory_equal(out.data + ENTRY_SALT, "utfall", 6);
    /* another's key, and blobs changed or cut */
    fixture_init(&y);
    fixture_recipient(&y);
    buf_clear(&out);
    assert_int_equal(ledger_day(x.l, 1, &cms, &e), ERR_OK);
    assert_int_equal(envelope_open(&out, cms.data, cms.len, y.review_key,
                                   y.review_cert, y.review_len, &e),
                     ERR_SIGNATURE);
    cms.data[cms.len - 1] ^= 1;
    assert_int_equal(envelope_open(&out, cms.data, cms.len, x.review_key,
                                   x.review_cert, x.review_len, &e),
                     ERR_SIGNATURE);
    cms.data[cms.len - 1] ^= 1;
    assert_int_equal(envelope_open(&out, cms.data, cms.len - 1, x.review_key,
                                   x.review_cert, x.review_len, &e),
                     ERR_SIGNATURE);
    assert_int_equal(out.len, 0);
    assert_holds(&x);
    fixture_done(&x);
    fixture_done(&y);
}

static void
test_no_byte_of_a_box_can_change(void **state)
{
    (void)state;
    struct err e = {0};
    uint8_t key[AEAD_KEY], other[AEAD_KEY], salt[ENTRY_SALT], commit[HASH_SIZE];
    AUTO_BUF(box, 512);
    AUTO_BUF(out, 512);
    struct aead *a = aead_new();
    random_bytes(key, sizeof key);
    random_bytes(other, sizeof other);
    random_bytes(salt, sizeof salt);
    entry_commit(commit, salt, "fråga", 6);
    assert_int_equal(
        box_seal(&box, a, key, "log/1", commit, salt, "fråga", 6, &e), ERR_OK);
    assert_int_equal(box.len, BOX_SEALED_MIN + 6);
    assert_int_equal(
        box_open(&out, a, key, "log/1", commit, box.data, box.len, &e), ERR_OK);
    buf_clear(&out);
    for (size_t i = 0; i < box.len; i++) {
        box.data[i] ^= 0x40;
        assert_int_not_equal(
            box_open(&out, a, key, "log/1", commit, box.data, box.len, &e),
            ERR_OK);
        box.data[i] ^= 0x40;
    }
    for (size_t n = 0; n < box.len; n++)
        assert_int_not_equal(
            box_open(&out, a, key, "log/1", commit, box.data, n, &e), ERR_OK);
    assert_int_equal(
        box_open(&out, a, other, "log/1", commit, box.data, box.len, &e),
        ERR_SIGNATURE);
    assert_int_equal(
        box_open(&out, a, key, "log/2", commit, box.data, box.len, &e),
        ERR_SIGNATURE);
    commit[0] ^= 1;
    assert_int_equal(
        box_open(&out, a, key, "log/1", commit, box.data, box.len, &e),
        ERR_SIGNATURE);
    /* a sealer who cheats: the box is whole and the commitment another's */
    buf_clear(&box);
    assert_int_equal(
        box_seal(&box, a, key, "log/1", commit, salt, "fråga", 6, &e), ERR_OK);
    assert_int_equal(
        box_open(&out, a, key, "log/1", commit, box.data, box.len, &e),
        ERR_COMMIT);
    assert_int_equal(out.len, 0);
    aead_free(&a);
}

static int64_t
day_of(struct fixture *x, uint64_t seq)
{
    struct err e = {0};
    int64_t day = -1;
    assert_int_equal(ledger_box_day(x->l, seq, &day, &e), ERR_OK);
    return day;
}

static void
test_a_key_for_each_unit_day_and_start(void **state)
{
    (void)state;
    struct fixture x;
    struct err e = {0};
    fixture_init(&x);
    fixture_recipient(&x);
    clock_fix(clock_parse("2026-11-24T22:59:00Z")); /* a minute to midnight */
    uint64_t norr = append_intent(&x, "a", "Norr");
    struct ledger_post own = {.type = KIND_OUTCOME,
                              .has_ref = true,
                              .ref_seq = norr,
                              .payload = "b",
                              .payload_len = 1};
    assert_int_equal(day_of(&x, norr), 1);
    assert_int_equal(day_of(&x, append_intent(&x, "c", "Norr")), 1);
    assert_int_equal(day_of(&x, append_intent(&x, "d", "Syd")), 2);
    /* an outcome is its intent's unit's */
    assert_int_equal(day_of(&x, append(&x, &own)), 1);
    clock_fix(clock_parse("2026-11-24T23:01:00Z"));
    assert_int_equal(day_of(&x, append_intent(&x, "e", "Norr")), 3);
    assert_int_equal(day_of(&x, append_intent(&x, "f", "Norr")), 3);
    assert_int_equal(day_of(&x, append_intent(&x, "g", "Syd")), 4);
    ledger_close(&x.l);
    assert_int_equal(ledger_open(x.path, x.log_key, x.own_key, &x.l, &e),
                     ERR_OK);
    assert_int_equal(day_of(&x, append_intent(&x, "h", "Norr")), 5);
    clock_fix(0);
    assert_holds(&x);
    fixture_done(&x);
}

/* Two posts in one transaction need one key; a post that is refused leaves it
 * to the next. */
static void
test_a_group_shares_its_key(void **state)
{
    (void)state;
    struct fixture x;
    struct err e = {0};
    struct ledger_post posts[3];
    struct ledger_result r[3];
    AUTO_BUF(a, ENTRY_AUTHOR_MAX);
    AUTO_BUF(b, ENTRY_AUTHOR_MAX);
    AUTO_BUF(c, ENTRY_AUTHOR_MAX);
    fixture_init(&x);
    fixture_recipient(&x);
    uint64_t before = ledger_size(x.l);
    fixture_intent(&x, "ett", &posts[0], &a);
    fixture_intent(&x, "två", &posts[1], &b);
    fixture_intent(&x, "tre", &posts[2], &c);
    posts[0].sig[5] ^= 1;
    assert_int_equal(ledger_append(x.l, posts, 3, r, &e), ERR_OK);
    assert_int_equal(r[0].code, ERR_SIGNATURE);
    assert_int_equal(r[1].code, ERR_OK);
    assert_int_equal(r[2].code, ERR_OK);
    assert_int_equal(ledger_size(x.l), before + 3); /* nyckel, two intents */
    assert_int_equal(r[1].receipt.seq, before + 1);
    assert_int_equal(day_of(&x, before + 1), 1);
    assert_int_equal(day_of(&x, before + 2), 1);
    assert_holds(&x);
    fixture_done(&x);
}

static void
run_sql(struct fixture *x, const char *sql)
{
    sqlite3 *db = NULL;
    struct err e = {0};
    char *why = NULL;
    ledger_close(&x->l);
    assert_int_equal(sqlite3_open(x->path, &db), SQLITE_OK);
    if (sqlite3_exec(db, sql, NULL, NULL, &why))
        fail_msg("%s", why);
    sqlite3_close(db);
    assert_int_equal(ledger_open(x->path, x->log_key, x->own_key, &x->l, &e),
                     ERR_OK);
}

static void
test_a_day_key_changed_or_gone_is_found(void **state)
{
    (void)state;
    static const struct {
        const char *sql;
        enum verify_fault fault;
    } damage[] = {
        {"DROP TRIGGER daykey_update; UPDATE daykey SET "
         "cms = x'00' WHERE day = 1",
         VERIFY_EDITED},
        {"DROP TRIGGER daykey_delete; DELETE FROM daykey WHERE day = 1",
         VERIFY_ERASED},
        {"DROP TRIGGER daykey_update; UPDATE daykey SET unit = 'annan'",
         VERIFY_EDITED},
        {"DROP TRIGGER daykey_update; UPDATE daykey SET seq = seq + 1",
         VERIFY_EDITED},
        {"DROP TRIGGER box_update; UPDATE box SET day = 9", VERIFY_EDITED},
        {"INSERT INTO daykey VALUES (7, x'00', 4, '')", VERIFY_EDITED},
    };
    for (size_t i = 0; i < sizeof damage / sizeof *damage; i++) {
        struct fixture x;
        struct verify_report r;
        fixture_init(&x);
        fixture_recipient(&x);
        append_intent(&x, "fråga", NULL);
        assert_holds(&x);
        run_sql(&x, damage[i].sql);
        assert_false(holds(&x, &r));
        assert_int_equal(r.finding[0].fault, damage[i].fault);
        fixture_done(&x);
    }
}

static void
test_skarp_takes_no_payload_in_clear(void **state)
{
    (void)state;
    struct fixture x;
    struct err e = {0};
    struct verify_report r;
    struct ledger_post post, own = {.type = KIND_START,
                                    .payload = "{}",
                                    .payload_len = 2};
    struct ledger_result res;
    AUTO_BUF(author, ENTRY_AUTHOR_MAX);
    fixture_init_as(&x, "skarp", false);
    append(&x, &own); /* of no person, and there is nobody to seal to */
    fixture_put_forsakran(&x);
    fixture_intent(&x, "fråga", &post, &author);
    assert_int_equal(ledger_append(x.l, &post, 1, &res, &e), ERR_OK);
    assert_int_equal(res.code, ERR_REVIEWER);
    assert_holds(&x);
    fixture_done(&x);

    fixture_init_as(&x, "skarp", false);
    append(&x, &own);
    fixture_recipient(&x);
    fixture_put_forsakran(&x);
    append_intent(&x, "fråga", NULL);
    append(&x, &own);
    assert_holds(&x);
    /* enfragad alone takes nobody in once users have written */
    key_free(&x.review_key);
    free(x.review_cert);
    fixture_recipient(&x);
    assert_false(holds(&x, &r));
    fixture_done(&x);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_boxes_open_for_the_recipient_alone),
        cmocka_unit_test(test_no_byte_of_a_box_can_change),
        cmocka_unit_test(test_a_key_for_each_unit_day_and_start),
        cmocka_unit_test(test_a_group_shares_its_key),
        cmocka_unit_test(test_a_day_key_changed_or_gone_is_found),
        cmocka_unit_test(test_skarp_takes_no_payload_in_clear),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
