/* SPDX-License-Identifier: EUPL-1.2
 *
 * The log's speed as ratios in one run (AUDIT 18): appends against a bare
 * insert of as many bytes, alone and in groups; verification against a loop
 * of signatures alone; bytes an entry.
 *
 *   TMPDIR=/var/tmp bench_log [ENTRIES]     (a directory on a disk)
 */
#include "config.h"

#include "tests/unit/audit/fixture.h"

#include "base/clock.h"
#include "base/mem.h"
#include "proof/verify.h"
#include "verifier/rows.h"

#include <inttypes.h>
#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static double
since(int64_t from)
{
    return (double)(clock_mono_us() - from) / 1e6;
}

/* Rows of 500 bytes a second, one or `group` to a synced transaction. */
static double
raw_inserts(const char *dir, int n, int group)
{
    char path[128];
    static const char row[500] = "x";
    sqlite3 *db;
    sqlite3_stmt *st;
    snprintf(path, sizeof path, "%s/raw.db", dir);
    if (sqlite3_open(path, &db))
        abort();
    sqlite3_exec(db,
                 "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL;"
                 "CREATE TABLE t (seq INTEGER PRIMARY KEY, data BLOB)",
                 NULL, NULL, NULL);
    sqlite3_prepare_v2(db, "INSERT INTO t (data) VALUES (?1)", -1, &st, NULL);
    int64_t t = clock_mono_us();
    for (int i = 0; i < n; i++) {
        if (i % group == 0)
            sqlite3_exec(db, "BEGIN IMMEDIATE", NULL, NULL, NULL);
        sqlite3_bind_blob(st, 1, row, sizeof row, SQLITE_STATIC);
        sqlite3_step(st);
        sqlite3_reset(st);
        if (i % group == group - 1 || i == n - 1)
            sqlite3_exec(db, "COMMIT", NULL, NULL, NULL);
    }
    double s = since(t);
    sqlite3_finalize(st);
    sqlite3_close(db);
    unlink(path);
    return n / s;
}

/* Signed intents a second, made beforehand, `group` to a transaction. */
static double
appends(struct fixture *x, int n, int group)
{
    struct err e = {0};
    struct ledger_post *posts = mem_alloc((size_t)n * sizeof *posts);
    struct buf *author = mem_alloc((size_t)n * sizeof *author);
    struct ledger_result *r = mem_alloc((size_t)group * sizeof *r);
    for (int i = 0; i < n; i++) {
        buf_init(&author[i], ENTRY_AUTHOR_MAX);
        fixture_intent(x, "en fråga av vanlig längd, en fråga av vanlig längd",
                       &posts[i], &author[i]);
    }
    int64_t t = clock_mono_us();
    for (int i = 0; i < n; i += group)
        if (ledger_append(x->l, posts + i,
                          (size_t)(n - i < group ? n - i : group), r, &e))
            abort();
    double s = since(t);
    for (int i = 0; i < n; i++)
        buf_done(&author[i]);
    free(author);
    free(posts);
    free(r);
    return n / s;
}

static double
signatures_alone(struct fixture *x, int n)
{
    uint8_t bytes[450] = {0}, sig[KEY_SIG];
    if (entry_sign(x->entry_key, bytes, sizeof bytes, sig, NULL))
        abort();
    int64_t t = clock_mono_us();
    for (int i = 0; i < n; i++)
        if (!entry_verify(x->entry_key, bytes, sizeof bytes, sig))
            abort();
    return n / since(t);
}

static double
verification(const char *path, bool full, unsigned threads)
{
    struct rows *rows;
    struct verify_report r;
    struct verify_options o = {.full = full, .threads = threads};
    int64_t t = clock_mono_us();
    if (rows_open(path, &rows, NULL) ||
        verify_run(rows_source(rows), &o, &r, NULL) || !r.holds)
        abort();
    rows_close(&rows);
    return (double)r.entries / since(t);
}

int
main(int argc, char **argv)
{
    struct fixture x;
    struct stat st;
    int n = argc > 1 ? (int)strtol(argv[1], NULL, 10) : 2000;
    if (n < 100)
        return 64;
    fixture_init(&x);
    double raw = raw_inserts(x.dir, n, 1), one = appends(&x, n, 1);
    printf("append  %8.0f/s alone   %.2f of a bare insert (%.0f/s)\n", one,
           one / raw, raw);
    double eight = appends(&x, n, 8);
    printf("append  %8.0f/s by 8    %.2f of a bare insert\n", eight,
           eight / raw);
    appends(&x, 10 * n, 256);
    uint64_t size = ledger_size(x.l);
    ledger_close(&x.l);
    stat(x.path, &st);
    printf("size    %8.0f bytes an entry (%" PRIu64 " entries)\n",
           (double)st.st_size / (double)size, size);
    double sig = signatures_alone(&x, 5000);
    double full = verification(x.path, true, 1);
    printf("full    %8.0f/s by 1    %.2f of signatures alone (%.0f/s)\n", full,
           full / sig, sig);
    full = verification(x.path, true, 0);
    printf("full    %8.0f/s by all  %.2f\n", full, full / sig);
    printf("quick   %8.0f/s\n", verification(x.path, false, 1));
    fixture_done(&x);
    return 0;
}
