/* SPDX-License-Identifier: EUPL-1.2
 *
 * Proves: what is appended is there after closing and opening, with receipts
 * that the log's vkey vouches for; a post that may not be an entry is refused
 * by its own code and spoils no other; open intents are listed until their
 * outcome; checkpoints are thinned; a full disk refuses intents and only
 * them; a damaged tail is not opened; no WAL stays behind. Leaves out:
 * verification (test_verify), crashes and failing disks (tests/faults).
 */
#include "config.h"

#include "tests/unit/audit/fixture.h"

#include "base/mem.h"

#include <setjmp.h>
#include <sqlite3.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "store/store.h"

#include <cmocka.h>

static int
setup(void **state)
{
    struct fixture *x = mem_alloc(sizeof *x);
    fixture_init(x);
    *state = x;
    return 0;
}

static int
teardown(void **state)
{
    store_test_space(NULL);
    fixture_done(*state);
    free(*state);
    return 0;
}

static enum err_code
append_one(struct fixture *x, const struct ledger_post *post,
           struct ledger_result *r)
{
    struct err e = {0};
    enum err_code code = ledger_append(x->l, post, 1, r, &e);
    return code ? code : r->code;
}

static void
reopen(struct fixture *x)
{
    struct err e = {0};
    ledger_close(&x->l);
    enum err_code code =
        ledger_open(x->path, x->log_key, x->own_key, &x->l, &e);
    if (code)
        print_message("%s\n", e.text);
    assert_int_equal(code, ERR_OK);
}

static void
test_entries_stay_and_receipts_hold(void **state)
{
    struct fixture *x = *state;
    struct ledger_post post;
    struct ledger_result r;
    struct err e = {0};
    AUTO_BUF(author, ENTRY_AUTHOR_MAX);
    AUTO_BUF(leaf, ENTRY_LEAF_MAX);
    AUTO_BUF(box, 4096);
    char wal[128];
    for (int i = 0; i < 300; i++) {
        fixture_intent(x, "frågan", &post, &author);
        assert_int_equal(append_one(x, &post, &r), ERR_OK);
        assert_int_equal(r.receipt.seq, i + 2);
        assert_int_equal(receipt_verify(&r.receipt, ledger_log_vkey(x->l), &e),
                         ERR_OK);
    }
    reopen(x);
    assert_int_equal(ledger_size(x->l), 302);
    for (uint64_t i = 0; i < 302; i++) {
        struct receipt old;
        buf_clear(&leaf);
        assert_int_equal(ledger_leaf(x->l, i, &leaf, &e), ERR_OK);
        assert_int_equal(ledger_receipt(x->l, i, &old, &e), ERR_OK);
        assert_int_equal(receipt_verify_leaf(&old, leaf.data, leaf.len,
                                             ledger_log_vkey(x->l), &e),
                         ERR_OK);
    }
    assert_int_equal(ledger_box(x->l, 301, &box, &e), ERR_OK);
    assert_int_equal(box.len, 1 + ENTRY_SALT + strlen("frågan"));
    assert_int_equal(box.data[0], BOX_CLEAR);
    assert_string_equal(box.data + 1 + ENTRY_SALT, "frågan");
    assert_int_equal(ledger_box(x->l, 0, &box, &e), ERR_NOT_FOUND);
    ledger_close(&x->l);
    snprintf(wal, sizeof wal, "%s-wal", x->path);
    assert_int_not_equal(access(wal, F_OK), 0);
    snprintf(wal, sizeof wal, "%s-shm", x->path);
    assert_int_not_equal(access(wal, F_OK), 0);
}

static void
test_a_batch_is_one_transaction(void **state)
{
    struct fixture *x = *state;
    enum { N = 7 };
    struct ledger_post posts[N];
    struct ledger_result r[N];
    struct buf author[N];
    struct err e = {0};
    for (int i = 0; i < N; i++) {
        buf_init(&author[i], ENTRY_AUTHOR_MAX);
        fixture_intent(x, "frågan", &posts[i], &author[i]);
    }
    posts[2].sig[5] ^= 1;        /* signature */
    posts[3].payload = "fragan"; /* not what was signed */
    posts[4] = posts[0];         /* nonce */
    posts[5].peer = PEER_NONE;   /* nobody */
    uint64_t size = ledger_size(x->l);
    for (int i = 0; i < N; i++)
        ledger_queue(x->l, &posts[i], &r[i]);
    assert_int_equal(ledger_size(x->l), size);
    ledger_flush(x->l);
    assert_int_equal(ledger_size(x->l), size + 3);
    static const enum err_code want[N] = {ERR_OK,     ERR_OK,    ERR_SIGNATURE,
                                          ERR_COMMIT, ERR_NONCE, ERR_BAD_INPUT,
                                          ERR_OK};
    for (int i = 0; i < N; i++) {
        assert_int_equal(r[i].code, want[i]);
        if (!r[i].code)
            assert_int_equal(
                receipt_verify(&r[i].receipt, ledger_log_vkey(x->l), &e),
                ERR_OK);
    }
    assert_string_equal(r[0].receipt.note, r[6].receipt.note);
    for (int i = 0; i < N; i++)
        buf_done(&author[i]);
}

/* Each way in which an author part may not be this log's. */
static void
test_what_may_not_be_written(void **state)
{
    struct fixture *x = *state;
    struct ledger_post post;
    struct ledger_result r;
    struct entry_author a, good;
    AUTO_BUF(author, ENTRY_AUTHOR_MAX);
    struct err e;
    fixture_intent(x, NULL, &post, &author);
    assert_int_equal(entry_author_decode(author.data, author.len, &good, &e),
                     ERR_OK);
    a = good;
    a.type = KIND_OUTCOME;
    fixture_sign(x, &a, &post, &author);
    assert_int_equal(append_one(x, &post, &r), ERR_BAD_INPUT);
    a = good;
    a.origin[0] = 'b';
    fixture_sign(x, &a, &post, &author);
    assert_int_equal(append_one(x, &post, &r), ERR_BAD_INPUT);
    a = good;
    strcpy(a.mode, "skarp");
    fixture_sign(x, &a, &post, &author);
    assert_int_equal(append_one(x, &post, &r), ERR_BAD_INPUT);
    a = good;
    a.kid[10] ^= 1;
    fixture_sign(x, &a, &post, &author);
    assert_int_equal(append_one(x, &post, &r), ERR_FORSAKRAN);
    a = good;
    a.forsakran[0] ^= 1;
    fixture_sign(x, &a, &post, &author);
    assert_int_equal(append_one(x, &post, &r), ERR_FORSAKRAN);
    a = good;
    a.seen_root[0] ^= 1;
    fixture_sign(x, &a, &post, &author);
    assert_int_equal(append_one(x, &post, &r), ERR_SEEN);
    a = good;
    a.seen_size += 1;
    fixture_sign(x, &a, &post, &author);
    assert_int_equal(append_one(x, &post, &r), ERR_SEEN);
    a = good;
    a.has_ref = true; /* entry 0 with a hash that is not its own */
    fixture_sign(x, &a, &post, &author);
    assert_int_equal(append_one(x, &post, &r), ERR_BAD_INPUT);
    assert_int_equal(ledger_size(x->l), 2);
    fixture_sign(x, &good, &post, &author);
    assert_int_equal(append_one(x, &post, &r), ERR_OK);
}

static void
test_an_intent_is_open_until_its_outcome(void **state)
{
    struct fixture *x = *state;
    struct ledger_post post, own = {.type = KIND_OUTCOME, .has_ref = true};
    struct ledger_result r;
    struct err e = {0};
    uint64_t *seqs;
    size_t n;
    AUTO_BUF(author, ENTRY_AUTHOR_MAX);
    fixture_intent(x, "frågan", &post, &author);
    assert_int_equal(append_one(x, &post, &r), ERR_OK);
    uint64_t seq = r.receipt.seq;
    reopen(x);
    assert_int_equal(ledger_pending(x->l, &seqs, &n, &e), ERR_OK);
    assert_int_equal(n, 1);
    assert_int_equal(seqs[0], seq);
    free(seqs);
    own.ref_seq = 0; /* no intent */
    assert_int_equal(append_one(x, &own, &r), ERR_BAD_INPUT);
    own.ref_seq = seq;
    assert_int_equal(append_one(x, &own, &r), ERR_OK);
    assert_int_equal(append_one(x, &own, &r), ERR_BAD_INPUT); /* twice */
    assert_int_equal(ledger_pending(x->l, &seqs, &n, &e), ERR_OK);
    assert_int_equal(n, 0);
    free(seqs);
}

static uint64_t
no_space(const char *path)
{
    (void)path;
    return 1 << 20;
}

static void
test_a_full_disk_refuses_intents_alone(void **state)
{
    struct fixture *x = *state;
    struct ledger_post post, own = {.type = KIND_OUTCOME, .has_ref = true};
    struct ledger_result r;
    struct err e = {0};
    AUTO_BUF(author, ENTRY_AUTHOR_MAX);
    AUTO_BUF(second, ENTRY_AUTHOR_MAX);
    fixture_intent(x, "frågan", &post, &author);
    assert_int_equal(append_one(x, &post, &r), ERR_OK);
    own.ref_seq = r.receipt.seq;
    store_test_space(no_space);
    assert_int_equal(ledger_probe(x->l, &e), ERR_LOG);
    fixture_intent(x, "frågan", &post, &second);
    assert_int_equal(append_one(x, &post, &r), ERR_LOG);
    assert_int_equal(append_one(x, &own, &r), ERR_OK);
    store_test_space(NULL);
    assert_int_equal(ledger_probe(x->l, &e), ERR_OK);
    fixture_intent(x, "frågan", &post, &second);
    assert_int_equal(append_one(x, &post, &r), ERR_OK);
}

/* One value of one query on the file itself. */
static int64_t
query(struct fixture *x, const char *sql)
{
    sqlite3 *db;
    sqlite3_stmt *st;
    assert_int_equal(sqlite3_open(x->path, &db), SQLITE_OK);
    assert_int_equal(sqlite3_prepare_v2(db, sql, -1, &st, NULL), SQLITE_OK);
    int rc = sqlite3_step(st);
    int64_t v = rc == SQLITE_ROW ? sqlite3_column_int64(st, 0) : -rc;
    sqlite3_finalize(st);
    sqlite3_close(db);
    return v;
}

static void
test_checkpoints_are_thinned(void **state)
{
    struct fixture *x = *state;
    fixture_fill(x, 1030, 8);
    uint64_t size = ledger_size(x->l);
    ledger_close(&x->l);
    assert_int_equal(query(x, "SELECT count(*) FROM checkpoint"),
                     (int64_t)(size - 1) / 256 + 1);
    assert_int_equal(query(x, "SELECT max(size) FROM checkpoint"),
                     (int64_t)size);
    assert_int_equal(query(x, "SELECT count(*) FROM pending"), 0);
    reopen(x);
}

static void
test_rows_are_guarded(void **state)
{
    struct fixture *x = *state;
    ledger_close(&x->l);
    assert_int_equal(query(x, "UPDATE entry SET time_ms = 1"),
                     -SQLITE_CONSTRAINT);
    assert_int_equal(query(x, "DELETE FROM entry"), -SQLITE_CONSTRAINT);
    assert_int_equal(query(x, "DELETE FROM forsakran"), -SQLITE_CONSTRAINT);
}

static void
test_a_damaged_tail_is_not_opened(void **state)
{
    static const struct {
        const char *sql, *says;
    } rows[] = {
        {"DROP TRIGGER entry_update", NULL},
        {"DROP TRIGGER entry_delete", NULL},
        {"CREATE TABLE saved AS SELECT leaf_data FROM entry WHERE seq = 5",
         NULL},
        {"UPDATE entry SET leaf_data = zeroblob(300) WHERE seq = 5", "entry 5"},
        {"UPDATE entry SET leaf_data = (SELECT leaf_data FROM saved) "
         "WHERE seq = 5",
         NULL},
        {"UPDATE state SET size = size - 1", "head"},
        {"UPDATE state SET size = size + 1", NULL},
        {"UPDATE checkpoint SET note = replace(note, '1', '2')", "head"},
    };
    struct fixture *x = *state;
    struct err e = {0};
    fixture_fill(x, 20, 2);
    ledger_close(&x->l);
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        assert_int_equal(query(x, rows[i].sql), -SQLITE_DONE);
        enum err_code code =
            ledger_open(x->path, x->log_key, x->own_key, &x->l, &e);
        assert_int_equal(code, rows[i].says ? ERR_LOG_BROKEN : ERR_OK);
        if (rows[i].says)
            assert_non_null(strstr(e.text, rows[i].says));
        ledger_close(&x->l);
    }
    assert_int_equal(ledger_open(x->path, x->own_key, x->log_key, &x->l, &e),
                     ERR_CONFIG);
}

struct seen {
    uint64_t seq[64];
    size_t n;
};

static void
note_row(void *ctx, const struct ledger_row *r)
{
    struct seen *s = ctx;
    s->seq[s->n++ % 64] = r->seq;
}

static void
test_rows_come_newest_first(void **state)
{
    struct fixture *x = *state;
    struct err e = {0};
    struct seen s = {0};
    struct ledger_query q = {.account = "hl0142", .limit = 3};
    fixture_fill(x, 20, 2);
    assert_int_equal(ledger_rows(x->l, &q, note_row, &s, &e), ERR_OK);
    assert_int_equal(s.n, 3);
    assert_true(s.seq[0] > s.seq[1] && s.seq[1] > s.seq[2]);
    q.before = s.seq[2];
    uint64_t last = s.seq[2];
    s.n = 0;
    assert_int_equal(ledger_rows(x->l, &q, note_row, &s, &e), ERR_OK);
    assert_true(s.n > 0 && s.seq[0] < last);
    q = (struct ledger_query){.type = KIND_OUTCOME};
    s.n = 0;
    assert_int_equal(ledger_rows(x->l, &q, note_row, &s, &e), ERR_OK);
    assert_int_equal(s.n, 6);
    q = (struct ledger_query){.account = "annan"};
    s.n = 0;
    assert_int_equal(ledger_rows(x->l, &q, note_row, &s, &e), ERR_OK);
    assert_int_equal(s.n, 0);
}

static void
test_forsakran_is_found(void **state)
{
    struct fixture *x = *state;
    struct ledger_forsakran f = {0};
    struct err e = {0};
    assert_int_equal(ledger_find_forsakran(x->l, x->f.sha256, &f, &e), ERR_OK);
    assert_string_equal(f.account, "hl0142");
    assert_int_equal(f.seq, 1);
    assert_int_equal(f.cms_len, x->f.cms_len);
    ledger_forsakran_done(&f);
    assert_int_equal(ledger_account_forsakran(x->l, "hl0142", &f, &e), ERR_OK);
    ledger_forsakran_done(&f);
    assert_int_equal(ledger_account_forsakran(x->l, "x", &f, &e),
                     ERR_NOT_FOUND);
}

/* A försäkran that does not tie this key to this account is not taken. */
static void
test_a_forsakran_must_bind(void **state)
{
    struct fixture *x = *state;
    struct ledger_forsakran f, bad;
    struct ledger_post post;
    struct ledger_result r;
    struct entry_author a;
    struct vkey v;
    struct err e;
    AUTO_BUF(author, ENTRY_AUTHOR_MAX);
    fixture_intent(x, NULL, &post, &author);
    assert_int_equal(entry_author_decode(author.data, author.len, &a, &e),
                     ERR_OK);
    fixture_forsakran(&f, "hl0200", x->entry_key);
    assert_int_equal(vkey_parse(f.vkey, &v, &e), ERR_OK);
    a.type = KIND_FORSAKRAN;
    memcpy(a.forsakran, f.sha256, HASH_SIZE);
    vkey_kid(&v, a.kid);
    fixture_sign(x, &a, &post, &author);
    assert_int_equal(append_one(x, &post, &r), ERR_FORSAKRAN); /* none */
    bad = f;
    bad.account = x->f.account; /* the text says another */
    assert_int_equal(ledger_put_forsakran(x->l, &post, &bad, &r),
                     ERR_BAD_INPUT);
    bad = f;
    bad.vkey = x->f.vkey;
    assert_int_equal(ledger_put_forsakran(x->l, &post, &bad, &r),
                     ERR_BAD_INPUT);
    bad = f;
    bad.cms = x->f.cms; /* signs another text */
    bad.cms_len = x->f.cms_len;
    assert_int_equal(ledger_put_forsakran(x->l, &post, &bad, &r),
                     ERR_SIGNATURE);
    char *text = f.text;
    text[f.text_len - 2] ^= 1; /* the wording changed */
    assert_int_equal(ledger_put_forsakran(x->l, &post, &f, &r), ERR_SIGNATURE);
    text[f.text_len - 2] ^= 1;
    assert_int_equal(ledger_put_forsakran(x->l, &post, &f, &r), ERR_OK);
    fixture_sign(x, &a, &post, &author);
    assert_int_equal(ledger_put_forsakran(x->l, &post, &f, &r), ERR_BAD_INPUT);
    ledger_forsakran_done(&f);
}

static void
test_consistency_of_every_head(void **state)
{
    struct fixture *x = *state;
    struct err e = {0};
    uint8_t old[HASH_SIZE];
    struct merkle_proof p;
    memcpy(old, ledger_root(x->l), HASH_SIZE);
    uint64_t size = ledger_size(x->l);
    fixture_fill(x, 700, 16);
    assert_int_equal(ledger_consistency(x->l, size, &p, &e), ERR_OK);
    assert_true(merkle_consistency_holds(size, ledger_size(x->l), old,
                                         ledger_root(x->l), &p));
    assert_int_equal(ledger_consistency(x->l, ledger_size(x->l) + 1, &p, &e),
                     ERR_NOT_FOUND);
}

int
main(void)
{
#define T(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
    const struct CMUnitTest tests[] = {
        T(test_entries_stay_and_receipts_hold),
        T(test_a_batch_is_one_transaction),
        T(test_what_may_not_be_written),
        T(test_an_intent_is_open_until_its_outcome),
        T(test_a_full_disk_refuses_intents_alone),
        T(test_checkpoints_are_thinned),
        T(test_rows_are_guarded),
        T(test_a_damaged_tail_is_not_opened),
        T(test_rows_come_newest_first),
        T(test_forsakran_is_found),
        T(test_a_forsakran_must_bind),
        T(test_consistency_of_every_head),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
