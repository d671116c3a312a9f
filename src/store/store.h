/* SPDX-License-Identifier: EUPL-1.2
 *
 * SQLite, and the one place that includes it: open with the settings of
 * AUDIT 9, migrate, transactions, and prepared statements that a module
 * declares up front in its statements.def. One connection, one thread at a
 * time. What the tables mean is for the modules above.
 *
 * Codes: ERR_LOG (nothing was written: busy, full, read-only; try again),
 * ERR_IO (what is on disk is unknown: the store has closed itself and must be
 * opened anew), ERR_BAD_INPUT (a constraint), ERR_LOG_BROKEN (not a database,
 * or not this one), ERR_NOT_FOUND (no such file).
 */
#ifndef ENFRAGA_STORE_STORE_H
#define ENFRAGA_STORE_STORE_H

#include "base/err.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct store;

/* A row of statements.def: STATEMENT(ID, "SQL"); keep the order of ids. */
struct store_statement {
    const char *name;
    const char *sql;
};

struct store_spec {
    uint32_t application_id;
    const char *const *migrations; /* [i] brings user_version i to i + 1 */
    int version;                   /* number of migrations */
    const struct store_statement *statements;
    int statement_count;
};

enum store_flags {
    STORE_CREATE = 1,   /* make the file (0600); it must not be there */
    STORE_OR_CREATE = 2 /* make it if it is not there */
};

/* Opens, checks application_id and user_version (an older one is migrated in
 * one transaction, a newer one refused), reads back WAL and synchronous FULL,
 * prepares every statement. `spec` must outlive the store. */
enum err_code store_open(const char *path, const struct store_spec *spec,
                         unsigned flags, struct store **out, struct err *e);

/* Checkpoints the WAL (TRUNCATE) and closes; no -wal or -shm stays. */
void store_close(struct store **s);

/* Has an error closed the connection? All calls then give ERR_IO, until
 * store_mend opens it anew (no more than that: what the file holds is the
 * caller's to judge). store_break closes it as an error would. */
bool store_is_broken(const struct store *s);
enum err_code store_mend(struct store *s, struct err *e);
void store_break(struct store *s);

/* BEGIN IMMEDIATE, COMMIT (synced), ROLLBACK. A failed commit has rolled
 * back, save ERR_IO, after which nothing is known. */
enum err_code store_begin(struct store *s, struct err *e);
enum err_code store_commit(struct store *s, struct err *e);
void store_rollback(struct store *s);

/* Commits from here on are synced (`each`, as store_open leaves it) or not;
 * those that are not are whole or gone after a power failure, in the order
 * they were made. Needs no transaction. */
enum err_code store_sync(struct store *s, bool each, struct err *e);

/* Binds the parameters of statement `id`, resetting it first. fmt, a letter
 * for each: i int64_t, b const void * and size_t, t const char * (NULL: SQL
 * NULL), n SQL NULL without an argument. Bytes are borrowed until the next
 * bind or reset. */
void store_bind(struct store *s, int id, const char *fmt, ...);

/* 1 a row, 0 done (the statement is reset), -1 failed (reset, *e set). */
int store_step(struct store *s, int id, struct err *e);

/* store_step with the failure as a code, for where `e` may be NULL: *row says
 * whether there is one. */
enum err_code store_next(struct store *s, int id, bool *row, struct err *e);

/* Columns of the row; pointers are good until the next step or reset. */
int64_t store_int(struct store *s, int id, int col);
const char *store_text(struct store *s, int id, int col); /* NULL for NULL */
const void *store_blob(struct store *s, int id, int col, size_t *n);
bool store_null(struct store *s, int id, int col);

/* Ends a statement that was not stepped to its end. */
void store_reset(struct store *s, int id);

/* Binds as store_bind and runs to the end; rows are passed over. */
enum err_code store_run(struct store *s, int id, struct err *e, const char *fmt,
                        ...);

/* The same with one row expected, left current for store_int and so on until
 * store_reset. ERR_NOT_FOUND when there is none. */
enum err_code store_get(struct store *s, int id, struct err *e, const char *fmt,
                        ...);

/* Did the last failure break a UNIQUE or PRIMARY KEY? Was it for want of room
 * on the disk, or of quota? */
bool store_not_unique(const struct store *s);
bool store_is_full(const struct store *s);

/* Rows changed by the last statement. */
int store_changes(struct store *s);

/* Moves the WAL into the database file (TRUNCATE); needs no transaction. */
enum err_code store_checkpoint(struct store *s, struct err *e);

/* A consistent copy at `path`, which must not be there (online backup). */
enum err_code store_backup(struct store *s, const char *path, struct err *e);

/* The name of the file system with this magic number where its disk is another
 * machine's (place.def), and where no promise about locks and syncs is worth
 * anything (AUDIT 3); NULL where it is not known to be. */
const char *store_remote_name(unsigned long magic);

/* ERR_CONFIG where the path lies on such a one. */
enum err_code store_check_place(const char *path, struct err *e);

/* Bytes free for us on the file system that holds `path`. */
uint64_t store_free_space(const char *path);

/* For tests of faults: the VFS that stores are opened with from now on (NULL:
 * the system's), and what store_free_space answers instead (NULL: the truth).
 */
void store_test_vfs(const char *name);
void store_test_space(uint64_t (*space)(const char *path));

#endif
