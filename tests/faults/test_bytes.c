/* SPDX-License-Identifier: EUPL-1.2
 *
 * Proves: a flipped byte of the database file is found by the full
 * verification, or every value of every table is the same as before, its type
 * included, and so is every index, which the verification asks SQLite about.
 * What may differ unseen is then no part of the log: the file's own head, the
 * schema's text (guards against mistakes, names), and room that no row has.
 * The log has clear and sealed boxes, day keys, recipients, an open intent and
 * heads. ENFRAGA_LONG: each byte. Leaves out: two bytes at once.
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
#include <unistd.h>

#include <cmocka.h>

enum { STRIDE = 61, PAGE = 4096, ROW_TEXT = 1 << 20 };

static const char *const queries[] = {
    "SELECT * FROM entry ORDER BY seq",
    "SELECT * FROM box ORDER BY seq",
    "SELECT * FROM daykey ORDER BY day",
    "SELECT * FROM forsakran ORDER BY id",
    "SELECT * FROM checkpoint ORDER BY size",
    "SELECT * FROM state",
    "SELECT * FROM nonce ORDER BY nonce",
    "SELECT * FROM pending ORDER BY seq",
    "SELECT * FROM recipient ORDER BY sha256",
};
enum { QUERIES = sizeof queries / sizeof *queries };

/* One line for each value: query, row, column, type and hash. */
static void
contents(const char *path, struct buf *out)
{
    sqlite3 *db;
    uint8_t hash[HASH_SIZE];
    assert_int_equal(sqlite3_open_v2(path, &db, SQLITE_OPEN_READONLY, NULL),
                     SQLITE_OK);
    for (int q = 0; q < QUERIES; q++) {
        sqlite3_stmt *st = NULL;
        sqlite3_prepare_v2(db, queries[q], -1, &st, NULL);
        for (int row = 0; st && sqlite3_step(st) == SQLITE_ROW; row++)
            for (int i = 0; i < sqlite3_column_count(st); i++) {
                /* the type is asked before the value is made bytes */
                int type = sqlite3_column_type(st, i);
                const void *p = sqlite3_column_blob(st, i);
                sha256(hash, p, (size_t)sqlite3_column_bytes(st, i));
                buf_addf(out, "%s: row %d column %d type %d ", queries[q], row,
                         i, type);
                for (int k = 0; k < 8; k++)
                    buf_addf(out, "%02x", hash[k]);
                buf_addc(out, '\n');
            }
        sqlite3_finalize(st);
    }
    sqlite3_close(db);
}

/* Prints the first line that differs. */
static void
show_difference(const char *was, const char *is, long at)
{
    size_t i = 0, line = 0;
    for (; was[i] && was[i] == is[i]; i++)
        if (was[i] == '\n')
            line = i + 1;
    print_message("byte %ld, page %ld:\n%.*s\n%.*s\n", at, at / PAGE + 1,
                  (int)strcspn(was + line, "\n"), was + line,
                  (int)strcspn(is + line, "\n"), is + line);
}

static bool
holds(const char *path)
{
    struct err e = {0};
    struct rows *rows = NULL;
    struct verify_report r = {0};
    struct verify_options o = {.full = true, .threads = 1};
    enum err_code code = rows_open(path, &rows, &e);
    if (!code)
        code = verify_run(rows_source(rows), &o, &r, &e);
    rows_close(&rows);
    if (code && code != ERR_BAD_INPUT) /* a version still to come */
        assert_int_equal(code, ERR_LOG_BROKEN);
    return !code && r.holds;
}

static void
put(FILE *f, long at, int byte)
{
    assert_int_equal(fseek(f, at, SEEK_SET), 0);
    assert_int_equal(putc(byte, f), byte);
    assert_int_equal(fflush(f), 0);
}

/* Where a byte lies: the file's head, the schema's page, or elsewhere. */
enum where { HEAD, SCHEMA, ELSEWHERE, WHERES };
static const char *const where_words[] = {"head", "schema", "elsewhere"};

static enum where
where_is(long at)
{
    return at < 100 ? HEAD : at < PAGE ? SCHEMA : ELSEWHERE;
}

/* Every stride-th byte, one bit of it; how many values differed unseen. */
static long
sweep(const char *path, long stride, const char *before)
{
    FILE *f = fopen(path, "r+e");
    long found = 0, missed = 0, same[WHERES] = {0};
    AUTO_BUF(after, ROW_TEXT);
    assert_non_null(f);
    fseek(f, 0, SEEK_END);
    long size = ftell(f);
    for (long i = 0; i < size; i += stride) {
        fseek(f, i, SEEK_SET);
        int was = getc(f);
        put(f, i, was ^ (1 << (i / stride % 8)));
        if (holds(path)) {
            buf_clear(&after);
            contents(path, &after);
            bool differs = strcmp(before, buf_str(&after)) != 0;
            if (differs)
                show_difference(before, buf_str(&after), i);
            missed += differs;
            same[where_is(i)] += !differs;
        } else {
            found++;
        }
        put(f, i, was);
    }
    fclose(f);
    print_message("%ld bytes: %ld found, %ld missed", size, found, missed);
    for (int i = 0; i < WHERES; i++)
        print_message(", %ld changed no value (%s)", same[i], where_words[i]);
    print_message("\n");
    assert_true(found > 0 && same[ELSEWHERE] > 0);
    return missed;
}

/* Something in every table. */
static void
fill_all(struct fixture *x)
{
    struct err e = {0};
    struct ledger_post open;
    struct ledger_result r;
    AUTO_BUF(author, ENTRY_AUTHOR_MAX);
    fixture_init(x);
    fixture_fill(x, 5, 1);
    fixture_recipient(x);
    fixture_fill(x, 9, 1);
    fixture_intent(x, "öppen", &open, &author);
    assert_int_equal(ledger_append(x->l, &open, 1, &r, &e), ERR_OK);
    assert_int_equal(r.code, ERR_OK);
}

static void
test_a_flipped_byte_of_the_file_is_found_or_nothing(void **state)
{
    struct fixture x;
    sqlite3 *db;
    AUTO_BUF(before, ROW_TEXT);
    (void)state;
    fill_all(&x);
    ledger_close(&x.l);
    assert_int_equal(sqlite3_open(x.path, &db), SQLITE_OK);
    assert_int_equal(
        sqlite3_exec(db, "PRAGMA journal_mode = DELETE", NULL, NULL, NULL),
        SQLITE_OK);
    sqlite3_close(db);
    contents(x.path, &before);
    long missed =
        sweep(x.path, getenv("ENFRAGA_LONG") ? 1 : STRIDE, buf_str(&before));
    assert_int_equal(missed, 0);
    assert_true(holds(x.path));
    fixture_done(&x);
}

/* 0 is stored as a serial type and no byte: one bit makes it NULL, which is
 * read as 0 by who does not ask for the type. */
static void
test_null_is_not_zero(void **state)
{
    static const char *const sql[] = {
        "UPDATE entry SET author = NULL WHERE author = 0",
        "UPDATE box SET day = NULL",
        "UPDATE forsakran SET account = CAST(account AS BLOB)",
        "UPDATE forsakran SET vkey = vkey || char(0) || 'x'",
        "UPDATE checkpoint SET note = CAST(note AS BLOB)",
    };
    (void)state;
    for (size_t i = 0; i < sizeof sql / sizeof *sql; i++) {
        struct fixture x;
        sqlite3 *db;
        char *why = NULL;
        fixture_init(&x);
        fixture_fill(&x, 5, 1);
        ledger_close(&x.l);
        assert_int_equal(sqlite3_open(x.path, &db), SQLITE_OK);
        /* a schema without STRICT and NOT NULL, over the same pages */
        sqlite3_exec(db,
                     "PRAGMA journal_mode = DELETE;"
                     "DROP TRIGGER entry_update; DROP TRIGGER box_update;"
                     "DROP TRIGGER forsakran_update;"
                     "PRAGMA writable_schema = ON;"
                     "UPDATE sqlite_schema SET sql = replace(replace(replace("
                     "sql, 'NOT NULL', ''), 'STRICT', ''), 'TEXT', '') "
                     "WHERE type = 'table';"
                     "PRAGMA writable_schema = RESET",
                     NULL, NULL, &why);
        assert_null(why);
        assert_true(holds(x.path));
        sqlite3_exec(db, sql[i], NULL, NULL, &why);
        if (why)
            print_message("%s: %s\n", sql[i], why);
        assert_null(why);
        assert_true(sqlite3_changes(db) > 0);
        sqlite3_close(db);
        if (holds(x.path))
            print_message("%s\n", sql[i]);
        assert_false(holds(x.path));
        fixture_done(&x);
    }
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_null_is_not_zero),
        cmocka_unit_test(test_a_flipped_byte_of_the_file_is_found_or_nothing),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
