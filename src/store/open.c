/* SPDX-License-Identifier: EUPL-1.2
 *
 * Opening: the settings of AUDIT 9, each read back, and migration.
 */
#include "config.h"

#include "store/internal.h"

#include "base/buf.h"
#include "base/mem.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <unistd.h>

static const char *test_vfs;
static uint64_t (*test_space)(const char *path);

void
store_test_vfs(const char *name)
{
    test_vfs = name;
}

void
store_test_space(uint64_t (*space)(const char *path))
{
    test_space = space;
}

uint64_t
store_free_space(const char *path)
{
    struct statvfs v;
    if (test_space)
        return test_space(path);
    if (statvfs(path, &v) || (v.f_flag & ST_RDONLY))
        return 0;
    return (uint64_t)v.f_bavail * v.f_frsize;
}

/* One value of a PRAGMA, as text. */
static enum err_code
pragma(struct store *s, const char *sql, const char *want, struct err *e)
{
    sqlite3_stmt *stmt = NULL;
    int rc = sqlite3_prepare_v2(s->db, sql, -1, &stmt, NULL);
    if (rc == SQLITE_OK)
        rc = sqlite3_step(stmt);
    const char *got =
        rc == SQLITE_ROW ? (const char *)sqlite3_column_text(stmt, 0) : NULL;
    bool same = got && (!want || !strcmp(got, want));
    sqlite3_finalize(stmt);
    if (rc != SQLITE_ROW && rc != SQLITE_DONE)
        return store_fail(s, rc, e, sql);
    return same ? ERR_OK : err_set(e, ERR_CONFIG, "%s is not %s", sql, want);
}

static enum err_code
pragma_int(struct store *s, const char *sql, int64_t *value, struct err *e)
{
    sqlite3_stmt *stmt = NULL;
    int rc = sqlite3_prepare_v2(s->db, sql, -1, &stmt, NULL);
    if (rc == SQLITE_OK)
        rc = sqlite3_step(stmt);
    if (rc == SQLITE_ROW)
        *value = sqlite3_column_int64(stmt, 0);
    sqlite3_finalize(stmt);
    return rc == SQLITE_ROW ? ERR_OK : store_fail(s, rc, e, sql);
}

static enum err_code
settings(struct store *s, struct err *e)
{
    static const struct {
        const char *set, *get, *want;
    } rows[] = {
        {"PRAGMA journal_mode = WAL", "PRAGMA journal_mode", "wal"},
        {"PRAGMA synchronous = FULL", "PRAGMA synchronous", "2"},
        {"PRAGMA secure_delete = ON", "PRAGMA secure_delete", "1"},
        {"PRAGMA trusted_schema = OFF", "PRAGMA trusted_schema", "0"},
        {"PRAGMA foreign_keys = ON", "PRAGMA foreign_keys", "1"},
        {"PRAGMA cell_size_check = ON", "PRAGMA cell_size_check", "1"},
    };
    sqlite3_extended_result_codes(s->db, 1);
    sqlite3_busy_timeout(s->db, 2000);
    sqlite3_db_config(s->db, SQLITE_DBCONFIG_DEFENSIVE, 1, NULL);
    sqlite3_db_config(s->db, SQLITE_DBCONFIG_DQS_DML, 0, NULL);
    sqlite3_db_config(s->db, SQLITE_DBCONFIG_DQS_DDL, 0, NULL);
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        enum err_code code = store_exec(s, rows[i].set, e);
        if (!code)
            code = pragma(s, rows[i].get, rows[i].want, e);
        if (code)
            return code;
    }
    return ERR_OK;
}

static enum err_code
migrate_from(struct store *s, int64_t version, struct err *e)
{
    char sql[96];
    enum err_code code = store_begin(s, e);
    for (int64_t v = version; !code && v < s->spec->version; v++)
        code = store_exec(s, s->spec->migrations[v], e);
    sqlite3_snprintf(sizeof sql, sql,
                     "PRAGMA application_id = %d; PRAGMA user_version = %d",
                     (int)s->spec->application_id, s->spec->version);
    if (!code)
        code = store_exec(s, sql, e);
    if (!code)
        return store_commit(s, e);
    store_rollback(s);
    return code;
}

static enum err_code
migrate(struct store *s, bool fresh, struct err *e)
{
    int64_t app = 0, version = 0;
    enum err_code code = pragma_int(s, "PRAGMA application_id", &app, e);
    if (!code)
        code = pragma_int(s, "PRAGMA user_version", &version, e);
    if (code)
        return code;
    if (!fresh && (uint32_t)app != s->spec->application_id)
        return err_set(e, ERR_LOG_BROKEN, "%s: not our database", s->path);
    if (version > s->spec->version)
        return err_set(e, ERR_CONFIG, "%s: made by a newer version", s->path);
    return version == s->spec->version ? ERR_OK : migrate_from(s, version, e);
}

static enum err_code
prepare(struct store *s, struct err *e)
{
    for (int i = 0; i < s->spec->statement_count; i++) {
        int rc =
            sqlite3_prepare_v3(s->db, s->spec->statements[i].sql, -1,
                               SQLITE_PREPARE_PERSISTENT, &s->stmt[i], NULL);
        if (rc)
            return store_fail(s, rc, e, s->spec->statements[i].name);
    }
    return ERR_OK;
}

/* Makes an empty file of mode 0600, so that no moment is more open. */
static enum err_code
make_file(const char *path, unsigned flags, bool *fresh, struct err *e)
{
    struct stat st;
    int fd = -1;
    if (flags)
        fd = open(path, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
    if (fd >= 0)
        close(fd);
    else if (flags && (errno != EEXIST || !(flags & STORE_OR_CREATE)))
        return err_errno(e, ERR_IO, "%s", path);
    if (stat(path, &st))
        return err_errno(e, errno == ENOENT ? ERR_NOT_FOUND : ERR_IO, "%s",
                         path);
    *fresh = st.st_size == 0;
    if (*fresh && !flags)
        return err_set(e, ERR_LOG_BROKEN, "%s: an empty file", path);
    return ERR_OK;
}

static enum err_code
connect(struct store *s, bool fresh, struct err *e)
{
    enum err_code code = ERR_OK;
    errno = 0;
    int rc = sqlite3_open_v2(s->path, &s->db,
                             SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX |
                                 SQLITE_OPEN_NOFOLLOW,
                             test_vfs);
    if (!rc && sqlite3_db_readonly(s->db, "main"))
        rc = SQLITE_READONLY;
    if (rc)
        code = store_fail(s, rc, e, s->path);
    if (!code)
        code = settings(s, e);
    if (!code)
        code = migrate(s, fresh, e);
    return code ? code : prepare(s, e);
}

enum err_code
store_open(const char *path, const struct store_spec *spec, unsigned flags,
           struct store **out, struct err *e)
{
    bool fresh;
    enum err_code code = make_file(path, flags, &fresh, e);
    if (code)
        return code;
    struct store *s = mem_alloc(sizeof *s + strlen(path) + 1);
    memcpy(s->path, path, strlen(path) + 1);
    s->spec = spec;
    s->stmt = mem_alloc((size_t)(spec->statement_count + 1) * sizeof *s->stmt);
    code = connect(s, fresh, e);
    if (code)
        store_close(&s);
    else
        *out = s;
    return code;
}

static void
finalize_all(struct store *s)
{
    for (int i = 0; i < s->spec->statement_count; i++) {
        sqlite3_finalize(s->stmt[i]);
        s->stmt[i] = NULL;
    }
}

static void
disconnect(struct store *s)
{
    finalize_all(s);
    sqlite3_close(s->db);
    s->db = NULL;
    s->in_txn = false;
}

void
store_break(struct store *s)
{
    if (s->db && s->in_txn)
        store_rollback(s);
    if (s->db)
        disconnect(s);
}

enum err_code
store_mend(struct store *s, struct err *e)
{
    if (s->db)
        return ERR_OK;
    enum err_code code = connect(s, false, e);
    if (code)
        store_break(s);
    return code;
}

void
store_close(struct store **sp)
{
    struct store *s = *sp;
    if (!s)
        return;
    if (s->db && s->in_txn)
        store_rollback(s);
    if (s->db) {
        finalize_all(s);
        sqlite3_wal_checkpoint_v2(s->db, NULL, SQLITE_CHECKPOINT_TRUNCATE, NULL,
                                  NULL);
    }
    disconnect(s);
    free(s->stmt);
    free(s);
    *sp = NULL;
}

/* An I/O error while writing or syncing leaves the disk unknown: nothing may
 * be tried again on this connection (AUDIT 9). Of a disk that was read-only
 * when it was opened it stays so for SQLite; and with one connection the
 * locking protocol fails only where a lock could not be given back, which
 * heals with the file's closing. */
static bool
leaves_unknown(int rc)
{
    int kind = rc & 0xff;
    return (kind == SQLITE_IOERR && rc != SQLITE_IOERR_NOMEM) ||
           kind == SQLITE_PROTOCOL || kind == SQLITE_READONLY;
}

/* What SQLite says by errno, which its caller has cleared before: a quota is a
 * full disk, which it knows by ENOSPC alone; and a read that fails is the
 * disk's error, not a damaged file, as it would have it of EIO. */
static int
true_code(int rc, int why)
{
    if ((rc & 0xff) == SQLITE_IOERR && why == EDQUOT)
        return SQLITE_FULL;
    if ((rc & 0xff) == SQLITE_CORRUPT &&
        (why == EIO || why == ENXIO || why == ERANGE))
        return SQLITE_IOERR_READ;
    return rc;
}

enum err_code
store_fail(struct store *s, int rc, struct err *e, const char *what)
{
    enum err_code code;
    int meant = true_code(rc, errno);
    const char *why = s->db && sqlite3_errcode(s->db) ? sqlite3_errmsg(s->db)
                                                      : sqlite3_errstr(rc);
    if (meant != rc)
        why = sqlite3_errstr(rc = meant);
    s->full = rc == SQLITE_FULL;
    switch (rc & 0xff) {
    case SQLITE_BUSY:
    case SQLITE_LOCKED:
    case SQLITE_FULL:
    case SQLITE_READONLY:
    case SQLITE_CANTOPEN:
    case SQLITE_PERM:
    case SQLITE_PROTOCOL:
        code = ERR_LOG;
        break;
    case SQLITE_IOERR:
    case SQLITE_AUTH:
        code = ERR_IO;
        break;
    case SQLITE_CONSTRAINT:
    case SQLITE_TOOBIG:
    case SQLITE_MISMATCH:
        code = ERR_BAD_INPUT;
        break;
    case SQLITE_CORRUPT:
    case SQLITE_NOTADB:
    case SQLITE_FORMAT:
        code = ERR_LOG_BROKEN;
        break;
    default:
        code = ERR_INTERNAL;
    }
    s->not_unique = rc == SQLITE_CONSTRAINT_UNIQUE ||
                    rc == SQLITE_CONSTRAINT_PRIMARYKEY ||
                    rc == SQLITE_CONSTRAINT_ROWID;
    err_set(e, code, "%s: %s", what, why);
    if (s->db && leaves_unknown(rc))
        disconnect(s);
    return code;
}
