/* SPDX-License-Identifier: EUPL-1.2
 *
 * Proves: a log that the ledger wrote holds, from its database and from its
 * export, for us and for a second implementation (logcheck.py); no byte of a
 * stored entry, box, checkpoint or försäkran can be changed without the full
 * verification naming the entry; edits, cuts, forks and erasures of whole rows
 * are found and told apart. Leaves out: the bytes of the database file that
 * lie outside cells (test_bytes); crashes (test_log_faults).
 */
#include "config.h"

#include "tests/unit/audit/fixture.h"

#include "base/mem.h"
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

static enum err_code
verify_file(const char *path, bool full, const struct vkey *key,
            const char *note, struct verify_report *r)
{
    struct err e = {0};
    struct rows *rows = NULL;
    memset(r, 0, sizeof *r);
    enum err_code code = rows_open(path, &rows, &e);
    if (code == ERR_LOG_BROKEN)
        return ERR_OK; /* damaged: r->holds is false */
    if (!code) {
        struct verify_options o = {.full = full,
                                   .log_key = key,
                                   .threads = 1,
                                   .notes = &note,
                                   .note_count = note ? 1 : 0};
        code = verify_run(rows_source(rows), &o, r, &e);
    }
    rows_close(&rows);
    return code;
}

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
    fixture_done(*state);
    free(*state);
    return 0;
}

static void
write_export(struct fixture *x, char path[128])
{
    struct err e = {0};
    struct ledger_export ex = {0};
    AUTO_BUF(out, 16 << 20);
    while (!ex.done)
        assert_int_equal(ledger_export(x->l, &ex, &out, &e), ERR_OK);
    snprintf(path, 128, "%s.json", x->path);
    FILE *f = fopen(path, "we");
    assert_non_null(f);
    assert_int_equal(fwrite(out.data, 1, out.len, f), out.len);
    fclose(f);
}

static int
second_opinion(const char *path)
{
    AUTO_BUF(command, 4096);
    buf_addf(&command, "python3 '%s/tests/lib/logcheck.py' '%s' >/dev/null",
             getenv("srcdir"), path);
    int status = system(buf_str(&command));
    assert_true(WIFEXITED(status) && WEXITSTATUS(status) <= 1);
    return WEXITSTATUS(status);
}

static void
test_a_log_holds(void **state)
{
    struct fixture *x = *state;
    struct verify_report r;
    struct vkey key = *ledger_log_vkey(x->l), other = key;
    char json[128];
    fixture_fill(x, 520, 8);
    uint64_t size = ledger_size(x->l);
    write_export(x, json);
    /* running, then stopped */
    for (int i = 0; i < 2; i++) {
        for (int full = 0; full < 2; full++) {
            assert_int_equal(verify_file(x->path, full, &key, NULL, &r),
                             ERR_OK);
            if (!r.holds)
                print_message("%s\n", r.finding[0].text);
            assert_true(r.holds);
            assert_int_equal(r.entries, size);
            assert_int_equal(r.first, 0);
            assert_int_equal(r.vouched, size);
            assert_int_equal(r.last, size - 1);
            assert_int_equal(r.signatures, full ? size : 0);
        }
        ledger_close(&x->l);
    }
    assert_int_equal(verify_file(x->path, true, NULL, NULL, &r), ERR_OK);
    assert_true(r.holds && !r.has_key);
    other.pub[0] ^= 1;
    assert_int_equal(verify_file(x->path, false, &other, NULL, &r), ERR_OK);
    assert_false(r.holds);
    for (int full = 0; full < 2; full++) {
        assert_int_equal(verify_file(json, full, &key, NULL, &r), ERR_OK);
        if (!r.holds)
            print_message("%s\n", r.finding[0].text);
        assert_true(r.holds);
        assert_int_equal(r.signatures, full ? size : 0);
    }
}

/* Exports that differ in one character of an entry: both programs say no, and
 * both say yes to the one that is whole. */
static void
test_two_implementations_agree(void **state)
{
    struct fixture *x = *state;
    struct verify_report r;
    char json[128];
    fixture_fill(x, 11, 2);
    write_export(x, json);
    assert_int_equal(second_opinion(json), 0);
    AUTO_BUF(text, 1 << 20);
    char block[4096];
    FILE *f = fopen(json, "re");
    for (size_t n; (n = fread(block, 1, sizeof block, f)) > 0;)
        buf_add(&text, block, n);
    fclose(f);
    unsigned seed = 7;
    for (int i = 0; i < 12; i++) {
        /* a character of the base64 of an entry, not the very last ones */
        char *from = strstr(text.data, "\"entries\"");
        char *to = strstr(from, "\"checkpoints\"");
        char *at = from + (size_t)rand_r(&seed) % (size_t)(to - from - 400);
        at = strstr(at, "leaf_b64\":\"");
        if (!at || at > to)
            at = strstr(from, "leaf_b64\":\"");
        at += 11 + rand_r(&seed) % 500;
        char was = *at;
        *at = was == 'A' ? 'B' : 'A';
        f = fopen(json, "we");
        assert_int_equal(fwrite(text.data, 1, text.len, f), text.len);
        fclose(f);
        assert_int_equal(verify_file(json, true, NULL, NULL, &r), ERR_OK);
        assert_false(r.holds);
        assert_int_equal(second_opinion(json), 1);
        *at = was;
    }
}

static void
run_sql(const char *path, const char *sql)
{
    sqlite3 *db;
    char *why = NULL;
    assert_int_equal(sqlite3_open(path, &db), SQLITE_OK);
    if (sqlite3_exec(db, sql, NULL, NULL, &why))
        print_message("%s: %s\n", sql, why);
    assert_null(why);
    sqlite3_close(db);
}

static const char drop_guards[] =
    "PRAGMA foreign_keys = OFF; PRAGMA journal_mode = DELETE;"
    "DROP TRIGGER entry_update; DROP TRIGGER entry_delete;"
    "DROP TRIGGER box_update; DROP TRIGGER box_delete;"
    "DROP TRIGGER forsakran_update; DROP TRIGGER forsakran_delete;"
    "DROP TRIGGER nonce_update; DROP TRIGGER nonce_delete;";

/* Flips bits of one byte of a cell; how many bytes the cell has. */
static int
flip_byte(sqlite3 *db, const char *table, const char *column, int64_t row,
          int at, unsigned char bits)
{
    sqlite3_blob *b;
    unsigned char byte;
    assert_int_equal(sqlite3_blob_open(db, "main", table, column, row, 1, &b),
                     SQLITE_OK);
    int n = sqlite3_blob_bytes(b);
    assert_int_equal(sqlite3_blob_read(b, &byte, 1, at), SQLITE_OK);
    byte ^= bits;
    assert_int_equal(sqlite3_blob_write(b, &byte, 1, at), SQLITE_OK);
    assert_int_equal(sqlite3_blob_close(b), SQLITE_OK);
    return n;
}

/* Every byte of one cell, flipped and put back. */
static void
flip_cell(struct fixture *x, sqlite3 *db, const char *table, const char *column,
          int64_t row, int64_t names)
{
    struct verify_report r;
    int n = 1;
    for (int i = 0; i < n; i++) {
        unsigned char bits = (unsigned char)(1u << (i % 8));
        n = flip_byte(db, table, column, row, i, bits);
        assert_int_equal(verify_file(x->path, true, NULL, NULL, &r), ERR_OK);
        if (r.holds || (names >= 0 && r.finding[0].first != (uint64_t)names))
            print_message("%s.%s %d byte %d: %s\n", table, column, (int)row, i,
                          r.finding[0].text);
        assert_false(r.holds);
        if (names >= 0)
            assert_int_equal(r.finding[0].first, names);
        flip_byte(db, table, column, row, i, bits);
    }
}

static void
test_no_byte_can_be_changed(void **state)
{
    struct fixture *x = *state;
    struct verify_report r;
    sqlite3 *db;
    fixture_fill(x, 5, 1); /* nyckel, forsakran, intent, delutfall, outcome */
    ledger_close(&x->l);
    run_sql(x->path, drop_guards);
    assert_int_equal(sqlite3_open(x->path, &db), SQLITE_OK);
    sqlite3_exec(db, "PRAGMA synchronous = OFF; PRAGMA journal_mode = OFF",
                 NULL, NULL, NULL);
    for (int64_t seq = 0; seq < 5; seq++) {
        flip_cell(x, db, "entry", "leaf_data", seq, seq);
        flip_cell(x, db, "entry", "leaf_hash", seq, seq);
        if (seq >= 2)
            flip_cell(x, db, "box", "data", seq, seq);
    }
    flip_cell(x, db, "checkpoint", "note", 5, -1);
    flip_cell(x, db, "forsakran", "cms", 1, 1);
    flip_cell(x, db, "forsakran", "text", 1, 1);
    flip_cell(x, db, "forsakran", "vkey", 1, 1);
    flip_cell(x, db, "state", "frontier", 1, -1);
    sqlite3_close(db);
    assert_int_equal(verify_file(x->path, true, NULL, NULL, &r), ERR_OK);
    assert_true(r.holds);
}

static void
copy_file(const char *from, const char *to)
{
    char block[65536];
    FILE *in = fopen(from, "re"), *out = fopen(to, "we");
    assert_true(in && out);
    for (size_t n; (n = fread(block, 1, sizeof block, in)) > 0;)
        assert_int_equal(fwrite(block, 1, n, out), n);
    fclose(in);
    assert_int_equal(fclose(out), 0);
}

static void
test_what_was_done_is_told(void **state)
{
    static const struct {
        const char *sql;
        bool quick; /* quick verification finds it too */
        enum verify_fault fault;
        uint64_t first;
    } rows[] = {
        {"DELETE FROM entry WHERE seq = 13", true, VERIFY_CUT, 13},
        {"DELETE FROM entry WHERE seq = 6", true, VERIFY_ERASED, 6},
        {"DELETE FROM entry", true, VERIFY_CUT, 0},
        {"UPDATE entry SET leaf_data = NULL WHERE seq = 4", true, VERIFY_ERASED,
         4},
        {"DELETE FROM box WHERE seq = 5", false, VERIFY_ERASED, 5},
        {"UPDATE box SET seq = 99 WHERE seq = 5", false, VERIFY_ERASED, 5},
        {"UPDATE box SET day = 1 WHERE seq = 5", false, VERIFY_EDITED, 5},
        {"INSERT INTO box VALUES (1, 0, x'00')", false, VERIFY_EDITED, 1},
        {"UPDATE entry SET type = 2 WHERE seq = 8", false, VERIFY_EDITED, 8},
        {"UPDATE entry SET author = 0 WHERE seq = 2", false, VERIFY_EDITED, 2},
        {"UPDATE entry SET time_ms = time_ms + 1 WHERE seq = 9", false,
         VERIFY_EDITED, 9},
        {"UPDATE entry SET ref = NULL WHERE seq = 4", false, VERIFY_EDITED, 4},
        {"UPDATE entry SET leaf_data = (SELECT leaf_data FROM entry WHERE "
         "seq = 3), leaf_hash = (SELECT leaf_hash FROM entry WHERE seq = 3) "
         "WHERE seq = 7",
         true, VERIFY_EDITED, 7},
        {"DELETE FROM nonce WHERE seq = 7", false, VERIFY_EDITED, 7},
        {"DELETE FROM checkpoint", true, VERIFY_EDITED, 0},
        {"UPDATE checkpoint SET size = size - 1", true, VERIFY_EDITED, 0},
        {"DELETE FROM forsakran", false, VERIFY_EDITED, 1},
        {"UPDATE forsakran SET seq = 2", false, VERIFY_EDITED, 1},
        {"UPDATE forsakran SET account = 'hl0143'", false, VERIFY_EDITED, 1},
        {"UPDATE forsakran SET sha256 = zeroblob(32)", false, VERIFY_EDITED, 1},
        {"UPDATE state SET size = 3", true, VERIFY_EDITED, 13},
    };
    struct fixture *x = *state;
    struct verify_report r;
    char copy[128];
    fixture_fill(x, 14, 2);
    assert_int_equal(ledger_size(x->l), 14);
    ledger_close(&x->l);
    snprintf(copy, sizeof copy, "%s-copy", x->path);
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        copy_file(x->path, copy);
        run_sql(copy, drop_guards);
        run_sql(copy, "PRAGMA foreign_keys = OFF");
        run_sql(copy, rows[i].sql);
        assert_int_equal(verify_file(copy, true, NULL, NULL, &r), ERR_OK);
        if (r.holds || r.finding[0].fault != rows[i].fault ||
            r.finding[0].first != rows[i].first)
            print_message("%s: %d %s\n", rows[i].sql, (int)r.finding[0].first,
                          r.finding[0].text);
        assert_false(r.holds);
        assert_int_equal(r.finding[0].fault, rows[i].fault);
        assert_int_equal(r.finding[0].first, rows[i].first);
        assert_int_equal(verify_file(copy, false, NULL, NULL, &r), ERR_OK);
        if (r.holds == rows[i].quick)
            print_message("quick: %s\n", rows[i].sql);
        assert_int_equal(r.holds, !rows[i].quick);
    }
}

/* Two logs with one beginning, written by the same keys: each is whole, and
 * each other's head shows what was done. */
static void
test_a_head_kept_elsewhere_shows_cut_and_fork(void **state)
{
    struct fixture *x = *state;
    struct verify_report r;
    struct err e = {0};
    struct vkey key = *ledger_log_vkey(x->l);
    char copy[128], note[NOTE_MAX];
    fixture_fill(x, 8, 1);
    ledger_close(&x->l);
    snprintf(copy, sizeof copy, "%s-copy", x->path);
    copy_file(x->path, copy);
    assert_int_equal(ledger_open(x->path, x->log_key, x->own_key, &x->l, &e),
                     ERR_OK);
    fixture_fill(x, 14, 1);
    snprintf(note, sizeof note, "%s", ledger_note(x->l));
    ledger_close(&x->l);
    assert_int_equal(verify_file(x->path, true, &key, note, &r), ERR_OK);
    assert_true(r.holds);
    /* the copy is older: the head elsewhere counts more */
    assert_int_equal(verify_file(copy, true, &key, note, &r), ERR_OK);
    assert_false(r.holds);
    assert_int_equal(r.finding[0].fault, VERIFY_CUT);
    assert_int_equal(r.finding[0].first, 8);
    /* and goes on by itself */
    assert_int_equal(ledger_open(copy, x->log_key, x->own_key, &x->l, &e),
                     ERR_OK);
    fixture_fill(x, 14, 1);
    ledger_close(&x->l);
    assert_int_equal(verify_file(copy, true, &key, NULL, &r), ERR_OK);
    assert_true(r.holds);
    assert_int_equal(verify_file(copy, true, &key, note, &r), ERR_OK);
    assert_false(r.holds);
    assert_int_equal(r.finding[0].fault, VERIFY_FORKED);
    char ballast[160];
    snprintf(ballast, sizeof ballast, "%s-ballast", copy);
    unlink(ballast);
}

/* The program on a file: its exit status. */
static int
program(const char *options, const char *path)
{
    AUTO_BUF(command, 4096);
    buf_addf(&command, "'%s/enfraga-verifiera' %s '%s' >/dev/null 2>&1",
             getenv("builddir"), options, path);
    int status = system(buf_str(&command));
    assert_true(WIFEXITED(status));
    return WEXITSTATUS(status);
}

static void
test_the_program_says_so_by_its_exit_status(void **state)
{
    struct fixture *x = *state;
    char json[128], vkey[VKEY_TEXT_MAX], option[400];
    fixture_fill(x, 8, 1);
    write_export(x, json);
    vkey_text(ledger_log_vkey(x->l), vkey);
    snprintf(option, sizeof option, "--full --vkey '%s'", vkey);
    assert_int_equal(program(option, x->path), 0); /* running */
    vkey_text(ledger_own_vkey(x->l), vkey);
    ledger_close(&x->l);
    assert_int_equal(program("", x->path), 0);
    assert_int_equal(program(option, x->dir), 0);
    assert_int_equal(program(option, json), 0);
    snprintf(option, sizeof option, "--vkey '%s'", vkey);
    assert_int_equal(program(option, x->path), 1); /* another key */
    assert_int_equal(program("", "/nowhere"), 2);
    assert_int_equal(program("--vkey x", x->path), 2);
    assert_int_equal(program("--unknown", x->path), 2);
    run_sql(x->path, drop_guards);
    run_sql(x->path, "UPDATE box SET day = 2 WHERE seq = 3");
    assert_int_equal(program("", x->path), 0);
    assert_int_equal(program("--full", x->path), 1);
    assert_int_equal(program("", getenv("srcdir")), 2);
}

int
main(void)
{
#define T(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
    const struct CMUnitTest tests[] = {
        T(test_a_log_holds),
        T(test_two_implementations_agree),
        T(test_no_byte_can_be_changed),
        T(test_what_was_done_is_told),
        T(test_a_head_kept_elsewhere_shows_cut_and_fork),
        T(test_the_program_says_so_by_its_exit_status),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
