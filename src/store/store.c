/* SPDX-License-Identifier: EUPL-1.2 */
#include "config.h"

#include "store/internal.h"

#include "base/mem.h"

#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <string.h>
#include <unistd.h>

static enum err_code
closed(struct err *e)
{
    return err_set(e, ERR_IO, "the database has been closed after an error");
}

bool
store_is_broken(const struct store *s)
{
    return !s->db;
}

enum err_code
store_exec(struct store *s, const char *sql, struct err *e)
{
    if (!s->db)
        return closed(e);
    errno = 0;
    int rc = sqlite3_exec(s->db, sql, NULL, NULL, NULL);
    char head[32];
    sqlite3_snprintf(sizeof head, head, "%s", sql);
    return rc ? store_fail(s, rc, e, head) : ERR_OK;
}

enum err_code
store_begin(struct store *s, struct err *e)
{
    enum err_code code = store_exec(s, "BEGIN IMMEDIATE", e);
    s->in_txn = !code;
    return code;
}

enum err_code
store_sync(struct store *s, bool each, struct err *e)
{
    return store_exec(
        s, each ? "PRAGMA synchronous = FULL" : "PRAGMA synchronous = NORMAL",
        e);
}

enum err_code
store_commit(struct store *s, struct err *e)
{
    enum err_code code = store_exec(s, "COMMIT", e);
    if (code)
        store_rollback(s);
    s->in_txn = false;
    return code;
}

void
store_rollback(struct store *s)
{
    s->in_txn = false;
    if (!s->db)
        return;
    for (int i = 0; i < s->spec->statement_count; i++)
        sqlite3_reset(s->stmt[i]);
    if (!sqlite3_get_autocommit(s->db))
        store_exec(s, "ROLLBACK", NULL);
}

static void
bind(struct store *s, int id, const char *fmt, va_list ap)
{
    if (!s->db)
        return;
    sqlite3_stmt *st = s->stmt[id];
    sqlite3_reset(st);
    sqlite3_clear_bindings(st);
    for (int i = 1; fmt && *fmt; i++, fmt++) {
        if (*fmt == 'i') {
            sqlite3_bind_int64(st, i, va_arg(ap, int64_t));
        } else if (*fmt == 't') {
            sqlite3_bind_text(st, i, va_arg(ap, const char *), -1,
                              SQLITE_STATIC);
        } else if (*fmt == 'b') {
            const void *p = va_arg(ap, const void *);
            size_t n = va_arg(ap, size_t);
            sqlite3_bind_blob64(st, i, p ? p : "", n, SQLITE_STATIC);
        } else {
            sqlite3_bind_null(st, i);
        }
    }
}

void
store_bind(struct store *s, int id, const char *fmt, ...)
{
    va_list ap;
    va_start(ap, fmt);
    bind(s, id, fmt, ap);
    va_end(ap);
}

int
store_step(struct store *s, int id, struct err *e)
{
    if (!s->db) {
        closed(e);
        return -1;
    }
    errno = 0;
    int rc = sqlite3_step(s->stmt[id]);
    if (rc == SQLITE_ROW)
        return 1;
    if (rc != SQLITE_DONE)
        store_fail(s, rc, e, s->spec->statements[id].name);
    if (s->db)
        sqlite3_reset(s->stmt[id]);
    return rc == SQLITE_DONE ? 0 : -1;
}

void
store_reset(struct store *s, int id)
{
    if (s->db)
        sqlite3_reset(s->stmt[id]);
}

enum err_code
store_next(struct store *s, int id, bool *row, struct err *e)
{
    struct err own = {0};
    struct err *at = e ? e : &own;
    int got = store_step(s, id, at);
    *row = got == 1;
    return got < 0 ? at->code : ERR_OK;
}

enum err_code
store_run(struct store *s, int id, struct err *e, const char *fmt, ...)
{
    va_list ap;
    bool row = true;
    enum err_code code = ERR_OK;
    va_start(ap, fmt);
    bind(s, id, fmt, ap);
    va_end(ap);
    while (!code && row)
        code = store_next(s, id, &row, e);
    return code;
}

enum err_code
store_get(struct store *s, int id, struct err *e, const char *fmt, ...)
{
    va_list ap;
    bool row;
    va_start(ap, fmt);
    bind(s, id, fmt, ap);
    va_end(ap);
    enum err_code code = store_next(s, id, &row, e);
    if (code || row)
        return code;
    return err_set(e, ERR_NOT_FOUND, "%s: no row",
                   s->spec->statements[id].name);
}

int64_t
store_int(struct store *s, int id, int col)
{
    return sqlite3_column_int64(s->stmt[id], col);
}

const char *
store_text(struct store *s, int id, int col)
{
    return (const char *)sqlite3_column_text(s->stmt[id], col);
}

const void *
store_blob(struct store *s, int id, int col, size_t *n)
{
    const void *p = sqlite3_column_blob(s->stmt[id], col);
    *n = (size_t)sqlite3_column_bytes(s->stmt[id], col);
    return p;
}

bool
store_null(struct store *s, int id, int col)
{
    return sqlite3_column_type(s->stmt[id], col) == SQLITE_NULL;
}

bool
store_not_unique(const struct store *s)
{
    return s->not_unique;
}

bool
store_is_full(const struct store *s)
{
    return s->full;
}

int
store_changes(struct store *s)
{
    return s->db ? sqlite3_changes(s->db) : 0;
}

enum err_code
store_checkpoint(struct store *s, struct err *e)
{
    if (!s->db)
        return closed(e);
    int rc = sqlite3_wal_checkpoint_v2(s->db, NULL, SQLITE_CHECKPOINT_TRUNCATE,
                                       NULL, NULL);
    return rc ? store_fail(s, rc, e, "wal_checkpoint") : ERR_OK;
}

enum err_code
store_backup(struct store *s, const char *path, struct err *e)
{
    if (!s->db)
        return closed(e);
    int fd = open(path, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
    if (fd < 0)
        return err_errno(e, ERR_IO, "%s", path);
    close(fd);
    sqlite3 *to = NULL;
    int rc = sqlite3_open_v2(path, &to, SQLITE_OPEN_READWRITE, NULL);
    sqlite3_backup *b =
        rc ? NULL : sqlite3_backup_init(to, "main", s->db, "main");
    if (b) {
        sqlite3_backup_step(b, -1);
        rc = sqlite3_backup_finish(b);
    } else if (!rc) {
        rc = sqlite3_errcode(to);
    }
    if (rc)
        err_set(e, ERR_IO, "%s: %s", path, sqlite3_errstr(rc));
    sqlite3_close(to);
    if (!rc)
        return ERR_OK;
    unlink(path);
    return ERR_IO;
}
