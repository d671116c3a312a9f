/* SPDX-License-Identifier: EUPL-1.2 */
#include "config.h"

#include "tests/bench/raw_insert.h"

#include "base/clock.h"

#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

double
raw_inserts(const char *dir, int n, int group)
{
    char path[512];
    static const char row[500] = "x";
    sqlite3 *db;
    sqlite3_stmt *st;
    snprintf(path, sizeof path, "%s/raw.db", dir);
    if (sqlite3_open(path, &db) ||
        sqlite3_exec(db,
                     "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL;"
                     "CREATE TABLE t (seq INTEGER PRIMARY KEY, data BLOB)",
                     NULL, NULL, NULL) ||
        sqlite3_prepare_v2(db, "INSERT INTO t (data) VALUES (?1)", -1, &st,
                           NULL))
        abort();
    int64_t from = clock_mono_us();
    for (int i = 0; i < n; i++) {
        if (i % group == 0)
            sqlite3_exec(db, "BEGIN IMMEDIATE", NULL, NULL, NULL);
        sqlite3_bind_blob(st, 1, row, sizeof row, SQLITE_STATIC);
        sqlite3_step(st);
        sqlite3_reset(st);
        if (i % group == group - 1 || i == n - 1)
            sqlite3_exec(db, "COMMIT", NULL, NULL, NULL);
    }
    double s = (double)(clock_mono_us() - from) / 1e6;
    if (sqlite3_total_changes(db) != n)
        abort();
    sqlite3_finalize(st);
    sqlite3_close(db);
    unlink(path);
    return n / s;
}
