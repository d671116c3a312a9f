/* SPDX-License-Identifier: EUPL-1.2
 *
 * Proves: a gallring takes two persons and its time, a stop halts it, and what
 * it erased is gone from the file's bytes while the log holds, for us and for
 * a second implementation (logcheck.py): payloads alone or whole entries, day
 * keys with them. What goes beyond a decision, or lacks one, is found: erased
 * without cover, too early. Leaves out: who may decide (the daemon's) and
 * witnesses' own protocol.
 */
#include "config.h"

#include "tests/unit/audit/fixture.h"

#include "audit/erase.h"
#include "base/clock.h"
#include "base/mem.h"
#include "proof/note.h"
#include "verifier/rows.h"

#include <setjmp.h>
#include <sqlite3.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

static const int64_t day_ms = 86400000;
static const char secret[] = "frågan";

struct two {
    struct fixture x, y; /* two persons, one log */
};

static int
setup(void **state)
{
    struct two *t = mem_alloc(sizeof *t);
    struct err e = {0};
    clock_fix(1795527127000);
    fixture_init(&t->x);
    t->y = t->x;
    assert_int_equal(key_new_ed25519(&t->y.entry_key, &e), ERR_OK);
    fixture_forsakran(&t->y.f, "hl0143", t->y.entry_key);
    fixture_put_forsakran(&t->y);
    *state = t;
    return 0;
}

static int
teardown(void **state)
{
    struct two *t = *state;
    key_free(&t->y.entry_key);
    ledger_forsakran_done(&t->y.f);
    fixture_done(&t->x);
    free(t);
    clock_fix(0);
    return 0;
}

/* One step by a person, about entry `of` (NONE: about none); *seq is its
 * number. */
enum { NONE = 0 };
static enum err_code
step(struct fixture *who, const struct entry_erasure *terms,
     enum erasure_step which, uint64_t of, uint64_t *seq)
{
    struct entry_author a;
    struct ledger_post post = {0};
    struct ledger_result r;
    struct receipt ref;
    struct err e = {0};
    AUTO_BUF(author, ENTRY_AUTHOR_MAX);
    fixture_part(who, KIND_GALLRING, &a);
    a.has_erasure = true;
    a.erasure = *terms;
    a.erasure.step = which;
    if (which != ERASURE_DECIDED)
        a.erasure.id[0] = '\0';
    if (of != NONE) {
        assert_int_equal(ledger_receipt(who->l, of, &ref, &e), ERR_OK);
        a.has_ref = true;
        a.ref_seq = of;
        memcpy(a.ref_hash, ref.leaf_hash, HASH_SIZE);
    }
    fixture_sign(who, &a, &post, &author);
    enum err_code code = ledger_append(who->l, &post, 1, &r, &e);
    assert_int_equal(code, ERR_OK);
    *seq = r.code ? 0 : r.receipt.seq;
    return r.code;
}

static void
terms_of(struct fixture *x, uint64_t first, uint64_t end, bool leaves,
         struct entry_erasure *t)
{
    struct ledger_plan p;
    struct err e = {0};
    assert_int_equal(ledger_erasure_plan(x->l, first, end, leaves, &p, &e),
                     ERR_OK);
    assert_true(p.amount.boxes > 0 && p.entries == end - first);
    assert_true(p.amount.bytes > 0 && (p.amount.leaves > 0) == leaves);
    assert_true(p.oldest_ms <= p.newest_ms && p.oldest_ms > 0);
    *t = (struct entry_erasure){.first = first,
                                .end = end,
                                .leaves = leaves,
                                .wait_days = 30,
                                .age_days = 90,
                                .amount = p.amount};
    memcpy(t->digest, p.digest, HASH_SIZE);
    snprintf(t->id, sizeof t->id, "Gb 2026:17");
}

/* Our verdict, quick and full, and the other program's; the first finding. */
static bool
holds(struct fixture *x, struct verify_report *r)
{
    struct err e = {0};
    AUTO_BUF(command, 4096);
    buf_addf(&command, "python3 '%s/tests/lib/logcheck.py' '%s' >/dev/null",
             getenv("srcdir"), x->path);
    int other = system(buf_str(&command));
    assert_true(WIFEXITED(other) && WEXITSTATUS(other) <= 1);
    for (int full = 0; full < 2; full++) {
        struct rows *rows = NULL;
        struct verify_options o = {.full = full, .threads = 1};
        assert_int_equal(rows_open(x->path, &rows, &e), ERR_OK);
        assert_int_equal(verify_run(rows_source(rows), &o, r, &e), ERR_OK);
        rows_close(&rows);
    }
    if (r->holds != (WEXITSTATUS(other) == 0))
        print_message("ours: %d %s\n", r->holds, r->finding[0].text);
    assert_int_equal(r->holds, WEXITSTATUS(other) == 0);
    return r->holds;
}

static size_t
count_in_file(const char *path, const char *what)
{
    char block[65536];
    size_t found = 0, n;
    FILE *f = fopen(path, "re");
    while (f && (n = fread(block, 1, sizeof block, f)) > 0)
        for (char *p = block;
             (p = memmem(p, (size_t)(block + n - p), what, strlen(what))); p++)
            found++;
    if (f)
        fclose(f);
    return found;
}

/* A whole gallring; the number of the entry that carries it out. */
static uint64_t
carry_out(struct two *t, uint64_t first, uint64_t end, bool leaves)
{
    struct entry_erasure terms;
    uint64_t decision, seq;
    terms_of(&t->x, first, end, leaves, &terms);
    assert_int_equal(step(&t->x, &terms, ERASURE_DECIDED, 0, &decision),
                     ERR_OK);
    assert_int_equal(step(&t->y, &terms, ERASURE_APPROVED, decision, &seq),
                     ERR_OK);
    clock_fix(clock_now_ms() + 100 * day_ms);
    assert_int_equal(step(&t->y, &terms, ERASURE_DONE, decision, &seq), ERR_OK);
    return seq;
}

static void
test_two_persons_and_time(void **state)
{
    struct two *t = *state;
    struct entry_erasure terms, other;
    uint64_t decision, seq;
    fixture_fill(&t->x, 30, 1);
    terms_of(&t->x, 3, 12, false, &terms);
    other = terms;
    other.digest[0] ^= 1;
    assert_int_equal(step(&t->x, &other, ERASURE_DECIDED, 0, &seq),
                     ERR_BAD_INPUT);
    assert_int_equal(step(&t->x, &terms, ERASURE_DECIDED, 0, &decision),
                     ERR_OK);
    /* the same person, other terms, no approval, no time */
    assert_int_equal(step(&t->x, &terms, ERASURE_APPROVED, decision, &seq),
                     ERR_ROLE);
    other = terms;
    other.end--;
    assert_int_equal(step(&t->y, &other, ERASURE_APPROVED, decision, &seq),
                     ERR_BAD_INPUT);
    assert_int_equal(step(&t->y, &terms, ERASURE_DONE, decision, &seq),
                     ERR_ROLE);
    assert_int_equal(step(&t->y, &terms, ERASURE_APPROVED, decision, &seq),
                     ERR_OK);
    assert_int_equal(step(&t->y, &terms, ERASURE_APPROVED, decision, &seq),
                     ERR_BAD_INPUT); /* once */
    assert_int_equal(step(&t->y, &terms, ERASURE_DONE, decision, &seq),
                     ERR_ERASE_EARLY);
    clock_fix(1795527127000 + 31 * day_ms); /* waited, but too young */
    assert_int_equal(step(&t->y, &terms, ERASURE_DONE, decision, &seq),
                     ERR_ERASE_EARLY);
    clock_fix(1795527127000 + 91 * day_ms);
    other = terms;
    other.amount.boxes++; /* not what there is */
    assert_int_equal(step(&t->y, &other, ERASURE_DONE, decision, &seq),
                     ERR_BAD_INPUT);
    assert_int_equal(step(&t->y, &terms, ERASURE_DONE, decision, &seq), ERR_OK);
    assert_int_equal(step(&t->y, &terms, ERASURE_DONE, decision, &seq),
                     ERR_BAD_INPUT); /* once */
}

static void
test_a_stop_halts_it(void **state)
{
    struct two *t = *state;
    struct entry_erasure terms, stop = {.step = ERASURE_STOPPED};
    uint64_t decision, stopped, seq;
    struct verify_report r;
    struct erasure_amount done;
    struct err e = {0};
    fixture_fill(&t->x, 12, 1);
    terms_of(&t->x, 3, 8, false, &terms);
    assert_int_equal(step(&t->x, &terms, ERASURE_DECIDED, 0, &decision),
                     ERR_OK);
    assert_int_equal(step(&t->y, &terms, ERASURE_APPROVED, decision, &seq),
                     ERR_OK);
    assert_int_equal(step(&t->y, &stop, ERASURE_STOPPED, decision, &stopped),
                     ERR_OK);
    clock_fix(1795527127000 + 200 * day_ms);
    assert_int_equal(step(&t->x, &terms, ERASURE_DONE, decision, &seq),
                     ERR_ERASE_STOPPED);
    /* one person does not lift it, however often; two do, once */
    assert_int_equal(step(&t->y, &stop, ERASURE_LIFTED, decision, &seq),
                     ERR_BAD_INPUT);
    assert_int_equal(step(&t->y, &stop, ERASURE_LIFTED, stopped, &seq), ERR_OK);
    assert_int_equal(step(&t->y, &stop, ERASURE_LIFTED, stopped, &seq),
                     ERR_ROLE);
    assert_int_equal(step(&t->x, &terms, ERASURE_DONE, decision, &seq),
                     ERR_ERASE_STOPPED);
    assert_int_equal(step(&t->x, &stop, ERASURE_LIFTED, stopped, &seq), ERR_OK);
    assert_int_equal(step(&t->x, &stop, ERASURE_LIFTED, stopped, &seq),
                     ERR_BAD_INPUT);
    assert_true(holds(&t->x, &r));
    /* a stop of everything */
    assert_int_equal(step(&t->x, &stop, ERASURE_STOPPED, NONE, &stopped),
                     ERR_OK);
    assert_int_equal(step(&t->x, &terms, ERASURE_DONE, decision, &seq),
                     ERR_ERASE_STOPPED);
    assert_int_equal(step(&t->x, &stop, ERASURE_LIFTED, stopped, &seq), ERR_OK);
    assert_int_equal(step(&t->y, &stop, ERASURE_LIFTED, stopped, &seq), ERR_OK);
    assert_int_equal(step(&t->x, &terms, ERASURE_DONE, decision, &seq), ERR_OK);
    assert_int_equal(ledger_erase(t->x.l, seq, false, &done, &e), ERR_OK);
    assert_true(holds(&t->x, &r));
}

/* The paper's line must be a head of this log that counts it. */
static void
test_registered_on_paper(void **state)
{
    struct two *t = *state;
    struct entry_erasure head = {.step = ERASURE_REGISTERED};
    uint64_t seq;
    fixture_fill(&t->x, 12, 1);
    uint64_t done = carry_out(t, 3, 8, false);
    head.size = ledger_size(t->x.l);
    memcpy(head.root, ledger_root(t->x.l), HASH_SIZE);
    assert_int_equal(step(&t->y, &head, ERASURE_REGISTERED, done - 1, &seq),
                     ERR_BAD_INPUT);
    head.size--;
    assert_int_equal(step(&t->y, &head, ERASURE_REGISTERED, done, &seq),
                     ERR_BAD_INPUT);
    head.size++;
    assert_int_equal(step(&t->y, &head, ERASURE_REGISTERED, done, &seq),
                     ERR_OK);
}

static void
test_what_is_erased_is_gone_and_the_log_holds(void **state)
{
    struct two *t = *state;
    struct verify_report r;
    struct erasure_amount done;
    struct err e = {0};
    fixture_fill(&t->x, 30, 1);
    uint64_t first = carry_out(t, 3, 12, false);
    assert_int_equal(ledger_erase(t->x.l, first, true, &done, &e), ERR_LOG);
    assert_int_equal(ledger_erase(t->x.l, 0, false, &done, &e), ERR_NOT_FOUND);
    assert_int_equal(ledger_erase(t->x.l, first, false, &done, &e), ERR_OK);
    assert_true(done.boxes > 0 && done.leaves == 0);
    assert_true(holds(&t->x, &r));
    assert_int_equal(r.erased[MISSING_BOX], done.boxes);
    uint64_t second = carry_out(t, 12, 21, true);
    assert_int_equal(ledger_erase(t->x.l, second, false, &done, &e), ERR_OK);
    assert_true(done.leaves == 9);
    assert_int_equal(ledger_erase(t->x.l, second, false, &done, &e), ERR_OK);
    assert_int_equal(done.boxes, 0); /* again: nothing more */
    assert_true(holds(&t->x, &r));
    assert_int_equal(r.erased[MISSING_LEAF], 9);
    fixture_fill(&t->x, ledger_size(t->x.l) + 6, 2); /* the log goes on */
    ledger_close(&t->x.l);
    t->y.l = NULL;
    assert_int_equal(
        ledger_open(t->x.path, t->x.log_key, t->x.own_key, &t->x.l, &e),
        ERR_OK);
    assert_true(holds(&t->x, &r));
    ledger_close(&t->x.l);
}

static void
run_sql(const char *path, const char *sql)
{
    sqlite3 *db;
    char *why = NULL;
    assert_int_equal(sqlite3_open(path, &db), SQLITE_OK);
    sqlite3_exec(db, sql, NULL, NULL, &why);
    assert_null(why);
    sqlite3_close(db);
}

static void
test_payloads_leave_the_file(void **state)
{
    struct two *t = *state;
    struct erasure_amount done;
    struct err e = {0};
    fixture_fill(&t->x, 12, 1);
    uint64_t seq = carry_out(t, 3, 12, false);
    char wal[128];
    snprintf(wal, sizeof wal, "%s-wal", t->x.path);
    assert_true(count_in_file(t->x.path, secret) + count_in_file(wal, secret) >
                0);
    assert_int_equal(ledger_erase(t->x.l, seq, false, &done, &e), ERR_OK);
    assert_int_equal(count_in_file(t->x.path, secret), 0);
    assert_int_equal(count_in_file(wal, secret), 0);
}

static void
test_beyond_the_decision_is_found(void **state)
{
    struct two *t = *state;
    struct verify_report r;
    struct erasure_amount done;
    struct err e = {0};
    fixture_fill(&t->x, 30, 1);
    uint64_t seq = carry_out(t, 3, 12, false);
    assert_int_equal(ledger_erase(t->x.l, seq, false, &done, &e), ERR_OK);
    ledger_close(&t->x.l);
    run_sql(t->x.path, "DROP TRIGGER box_delete; DROP TRIGGER entry_update;"
                       "DELETE FROM box WHERE seq = 15");
    assert_false(holds(&t->x, &r));
    assert_int_equal(r.finding[0].fault, VERIFY_ERASED);
    assert_int_equal(r.finding[0].first, 15);
    /* and a leaf where payloads alone were decided about */
    run_sql(t->x.path, "UPDATE entry SET leaf_data = NULL WHERE seq = 6");
    assert_false(holds(&t->x, &r));
    assert_int_equal(r.finding[0].fault, VERIFY_ERASED);
    assert_int_equal(r.finding[0].first, 6);
}

static void
put_blob(sqlite3 *db, const char *sql, const void *p, size_t n)
{
    sqlite3_stmt *st;
    assert_int_equal(sqlite3_prepare_v2(db, sql, -1, &st, NULL), SQLITE_OK);
    sqlite3_bind_blob(st, 1, p, (int)n, SQLITE_STATIC);
    assert_int_equal(sqlite3_step(st), SQLITE_DONE);
    sqlite3_finalize(st);
}

/* What an enfragad that cheats would have written: the last entry with an
 * earlier time of the log, its hash, the tree and the signed head with it. */
static void
backdate_last(struct fixture *x, const struct vkey *v, uint64_t days)
{
    struct entry_leaf parts;
    struct entry_host h;
    struct err e = {0};
    struct merkle m;
    struct checkpoint c = {.size = 0};
    sqlite3 *db;
    sqlite3_stmt *st;
    uint8_t hash[HASH_SIZE], packed[MERKLE_LEVELS * HASH_SIZE];
    AUTO_BUF(leaf, ENTRY_LEAF_MAX);
    AUTO_BUF(old, ENTRY_LEAF_MAX);
    AUTO_BUF(note, NOTE_MAX);
    assert_int_equal(sqlite3_open(x->path, &db), SQLITE_OK);
    sqlite3_prepare_v2(db,
                       "SELECT leaf_hash, leaf_data FROM entry ORDER BY seq",
                       -1, &st, NULL);
    merkle_init(&m);
    while (sqlite3_step(st) == SQLITE_ROW) {
        if (old.len)
            merkle_append(&m, hash);
        memcpy(hash, sqlite3_column_blob(st, 0), HASH_SIZE);
        buf_clear(&old);
        buf_add(&old, sqlite3_column_blob(st, 1),
                (size_t)sqlite3_column_bytes(st, 1));
    }
    sqlite3_finalize(st);
    assert_int_equal(entry_leaf_split(old.data, old.len, &parts, &e), ERR_OK);
    entry_host_decode(parts.host, parts.host_len, &h, &e);
    h.log_time_ms -= days * (uint64_t)day_ms;
    entry_leaf_encode(&leaf, parts.author, parts.author_len, parts.sig, &h, &e);
    entry_leaf_hash(hash, leaf.data, leaf.len);
    merkle_append(&m, hash);
    snprintf(c.origin, sizeof c.origin, "%s", v->name);
    c.size = m.size;
    merkle_root(&m, c.root);
    assert_int_equal(note_sign(&note, &c, v, x->log_key, &e), ERR_OK);
    sqlite3_exec(db, "DROP TRIGGER entry_update", NULL, NULL, NULL);
    put_blob(db,
             "UPDATE entry SET leaf_data = ?1 WHERE seq = (SELECT max(seq) "
             "FROM entry)",
             leaf.data, leaf.len);
    put_blob(db,
             "UPDATE entry SET leaf_hash = ?1, time_ms = time_ms - 86400000 * "
             "50 WHERE seq = (SELECT max(seq) FROM entry)",
             hash, sizeof hash);
    put_blob(db, "UPDATE state SET frontier = ?1", packed,
             merkle_pack(&m, packed));
    put_blob(db,
             "UPDATE checkpoint SET note = CAST(?1 AS TEXT) WHERE size = "
             "(SELECT max(size) FROM checkpoint)",
             note.data, note.len);
    sqlite3_close(db);
}

static void
test_too_early_is_found(void **state)
{
    struct two *t = *state;
    struct verify_report r;
    struct erasure_amount done;
    struct err e = {0};
    fixture_fill(&t->x, 12, 1);
    uint64_t seq = carry_out(t, 3, 12, false);
    struct vkey v = *ledger_log_vkey(t->x.l);
    assert_int_equal(ledger_erase(t->x.l, seq, false, &done, &e), ERR_OK);
    assert_true(holds(&t->x, &r));
    ledger_close(&t->x.l);
    backdate_last(&t->x, &v, 50);
    assert_false(holds(&t->x, &r));
    assert_int_equal(r.total, 1);
    assert_int_equal(r.finding[0].fault, VERIFY_EARLY);
    assert_int_equal(r.finding[0].first, seq);
}

int
main(void)
{
#define T(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
    const struct CMUnitTest tests[] = {
        T(test_two_persons_and_time),
        T(test_a_stop_halts_it),
        T(test_registered_on_paper),
        T(test_what_is_erased_is_gone_and_the_log_holds),
        T(test_payloads_leave_the_file),
        T(test_beyond_the_decision_is_found),
        T(test_too_early_is_found),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
