/* SPDX-License-Identifier: EUPL-1.2
 *
 * A database, read in one transaction: one moment of a log that may be
 * growing meanwhile. Statements of its own, so that an error in the writer's
 * would not be in the reader too.
 */
#include "config.h"

#include "verifier/internal.h"

#include "base/i18n.h"
#include "base/mem.h"

#include <sqlite3.h>
#include <stdlib.h>
#include <string.h>

enum statement {
#define STATEMENT(id, text) id,
#include "verifier/statements.def"
#undef STATEMENT
    COUNT
};

static const char *const sql[COUNT] = {
#define STATEMENT(id, text) [id] = text,
#include "verifier/statements.def"
#undef STATEMENT
};

/* The types of each statement's columns: i(nteger), b(lob), t(ext); a capital
 * letter: or NULL. */
static const char *const types[COUNT] = {
    [ENTRY] = "iBbiiiI", [BOX] = "iib",   [DAYKEY] = "ibit",
    [CHECKPOINT] = "it", [NONCE] = "i",   [FORSAKRAN] = "ibbbtti",
    [STATE] = "ib",      [PENDING] = "i", [RECIPIENT] = "bttbiI",
    [SOUND] = "t",       [MARKS] = "ii",  [OTHER] = "t",
};

enum { LOG_MARK = 0x454e4647, VERSIONS = 3, WITH_RECIPIENTS = 2 };

struct database {
    sqlite3 *db;
    sqlite3_stmt *st[COUNT];
    uint8_t hash[HASH_SIZE]; /* of the row at hand */
};

/* -1 with the reason. What SQLite calls damaged is damage. */
static int
fail(struct database *d, int rc, struct err *e)
{
    int kind = rc & 0xff;
    bool damaged = kind == SQLITE_CORRUPT || kind == SQLITE_NOTADB ||
                   kind == SQLITE_FORMAT || kind == SQLITE_ERROR ||
                   kind == SQLITE_TOOBIG || kind == SQLITE_MISMATCH ||
                   rc == SQLITE_IOERR_SHORT_READ;
    err_set(e, damaged ? ERR_LOG_BROKEN : ERR_IO, "%s",
            d->db ? sqlite3_errmsg(d->db) : sqlite3_errstr(rc));
    return -1;
}

/* STRICT rules what is written, not what is read: a flipped serial type makes
 * NULL of 0 and bytes of a text, which the ledger never wrote. Nor did it write
 * a text that goes on behind a NUL. */
static bool
typed(sqlite3_stmt *st, const char *want)
{
    for (int i = 0; want[i]; i++) {
        int is = sqlite3_column_type(st, i);
        bool ok = strchr("iI", want[i])   ? is == SQLITE_INTEGER
                  : strchr("bB", want[i]) ? is == SQLITE_BLOB
                                          : is == SQLITE_TEXT;
        if (ok && is == SQLITE_TEXT)
            ok = strlen((const char *)sqlite3_column_text(st, i)) ==
                 (size_t)sqlite3_column_bytes(st, i);
        if (!ok && (is != SQLITE_NULL || !strchr("IB", want[i])))
            return false;
    }
    return true;
}

static int
step(struct database *d, int which, struct err *e)
{
    int rc = sqlite3_step(d->st[which]);
    if (rc != SQLITE_ROW)
        return rc == SQLITE_DONE ? 0 : fail(d, rc, e);
    if (typed(d->st[which], types[which]))
        return 1;
    err_set(e, ERR_LOG_BROKEN, "%s",
            _("a column holds a value of another type"));
    return -1;
}

static const void *
blob(struct database *d, int which, int col, size_t *n)
{
    const void *p = sqlite3_column_blob(d->st[which], col);
    *n = (size_t)sqlite3_column_bytes(d->st[which], col);
    return p ? p : "";
}

static const char *
text(struct database *d, int which, int col)
{
    const char *s = (const char *)sqlite3_column_text(d->st[which], col);
    return s ? s : "";
}

static int
next_entry(void *ctx, struct verify_row *out, struct err *e)
{
    struct database *d = ctx;
    sqlite3_stmt *st = d->st[ENTRY];
    size_t n;
    int got = step(d, ENTRY, e);
    if (got != 1)
        return got;
    *out = (struct verify_row){
        .seq = (uint64_t)sqlite3_column_int64(st, 0),
        .has_columns = true,
        .type = sqlite3_column_int64(st, 3),
        .author = sqlite3_column_int64(st, 4),
        .time_ms = sqlite3_column_int64(st, 5),
        .ref = sqlite3_column_type(st, 6) == SQLITE_NULL
                   ? -1
                   : sqlite3_column_int64(st, 6),
        .leaf_hash = d->hash,
    };
    if (sqlite3_column_type(st, 1) != SQLITE_NULL)
        out->leaf = blob(d, ENTRY, 1, &out->leaf_len);
    /* A hash of another length is no hash: zeros, which no leaf has. */
    const void *hash = blob(d, ENTRY, 2, &n);
    memset(d->hash, 0, HASH_SIZE);
    if (n == HASH_SIZE)
        memcpy(d->hash, hash, HASH_SIZE);
    return 1;
}

static int
next_box(void *ctx, struct verify_box *out, struct err *e)
{
    struct database *d = ctx;
    int got = step(d, BOX, e);
    if (got != 1)
        return got;
    out->seq = (uint64_t)sqlite3_column_int64(d->st[BOX], 0);
    out->day = sqlite3_column_int64(d->st[BOX], 1);
    out->data = blob(d, BOX, 2, &out->len);
    return 1;
}

static int
next_daykey(void *ctx, struct verify_daykey *out, struct err *e)
{
    struct database *d = ctx;
    int got = step(d, DAYKEY, e);
    if (got != 1)
        return got;
    out->day = sqlite3_column_int64(d->st[DAYKEY], 0);
    out->cms = blob(d, DAYKEY, 1, &out->len);
    out->seq = (uint64_t)sqlite3_column_int64(d->st[DAYKEY], 2);
    out->unit = text(d, DAYKEY, 3);
    return 1;
}

static int
next_checkpoint(void *ctx, const char **note, size_t *len, uint64_t *size,
                struct err *e)
{
    struct database *d = ctx;
    int got = step(d, CHECKPOINT, e);
    if (got != 1)
        return got;
    *size = (uint64_t)sqlite3_column_int64(d->st[CHECKPOINT], 0);
    *note = text(d, CHECKPOINT, 1);
    *len = (size_t)sqlite3_column_bytes(d->st[CHECKPOINT], 1);
    return 1;
}

static int
next_forsakran(void *ctx, struct verify_forsakran *out, struct err *e)
{
    static const uint8_t none[HASH_SIZE];
    struct database *d = ctx;
    size_t n;
    int got = step(d, FORSAKRAN, e);
    if (got != 1)
        return got;
    *out = (struct verify_forsakran){
        .id = sqlite3_column_int64(d->st[FORSAKRAN], 0),
        .vkey = text(d, FORSAKRAN, 4),
        .account = text(d, FORSAKRAN, 5),
        .seq = (uint64_t)sqlite3_column_int64(d->st[FORSAKRAN], 6)};
    out->sha256 = blob(d, FORSAKRAN, 1, &n);
    if (n != HASH_SIZE)
        out->sha256 = none;
    out->cms = blob(d, FORSAKRAN, 2, &out->cms_len);
    out->text = blob(d, FORSAKRAN, 3, &out->text_len);
    return 1;
}

static int
find_nonce(void *ctx, const uint8_t nonce[ENTRY_NONCE], uint64_t *seq,
           struct err *e)
{
    struct database *d = ctx;
    sqlite3_stmt *st = d->st[NONCE];
    sqlite3_reset(st);
    sqlite3_bind_blob(st, 1, nonce, ENTRY_NONCE, SQLITE_STATIC);
    int got = step(d, NONCE, e);
    if (got == 1)
        *seq = (uint64_t)sqlite3_column_int64(st, 0);
    return got;
}

static int
read_state(void *ctx, uint64_t *size, const uint8_t **frontier, size_t *len,
           struct err *e)
{
    struct database *d = ctx;
    int got = step(d, STATE, e);
    if (got != 1)
        return got;
    *size = (uint64_t)sqlite3_column_int64(d->st[STATE], 0);
    *frontier = blob(d, STATE, 1, len);
    return 1;
}

static int
next_pending(void *ctx, uint64_t *seq, struct err *e)
{
    struct database *d = ctx;
    int got = step(d, PENDING, e);
    if (got == 1)
        *seq = (uint64_t)sqlite3_column_int64(d->st[PENDING], 0);
    return got;
}

static int
next_recipient(void *ctx, struct verify_recipient *out, struct err *e)
{
    static const uint8_t none[HASH_SIZE];
    struct database *d = ctx;
    size_t n;
    int got = step(d, RECIPIENT, e);
    if (got != 1)
        return got;
    *out = (struct verify_recipient){
        .name = text(d, RECIPIENT, 1),
        .unit = text(d, RECIPIENT, 2),
        .seq = (uint64_t)sqlite3_column_int64(d->st[RECIPIENT], 4),
        .has_gone = sqlite3_column_type(d->st[RECIPIENT], 5) != SQLITE_NULL,
        .gone = (uint64_t)sqlite3_column_int64(d->st[RECIPIENT], 5)};
    out->sha256 = blob(d, RECIPIENT, 0, &n);
    if (n != HASH_SIZE)
        out->sha256 = none;
    out->cert = blob(d, RECIPIENT, 3, &out->cert_len);
    return 1;
}

/* Each index has the rows of its table, and every page a place. */
static int
is_sound(void *ctx, struct err *e)
{
    struct database *d = ctx;
    int got = step(d, SOUND, e);
    if (got == 1 && strcmp(text(d, SOUND, 0), "ok") != 0) {
        err_set(e, ERR_LOG_BROKEN, "%s", text(d, SOUND, 0));
        return -1;
    }
    return got;
}

static void
close_database(void *ctx)
{
    struct database *d = ctx;
    for (int i = 0; i < COUNT; i++)
        sqlite3_finalize(d->st[i]);
    sqlite3_close(d->db);
    free(d);
}

/* A file without a WAL beside it is a stopped log or a copy: opened as it
 * stands, so that nothing is made beside it, even where it may not be written.
 * Otherwise as a reader among others. */
static int
connect(struct database *d, const char *path, bool alone)
{
    /* the path as a URI: its own special characters are escaped */
    sqlite3_str *uri = sqlite3_str_new(NULL);
    sqlite3_str_appendall(uri, "file:");
    for (const char *p = path; *p; p++)
        if (strchr("%?#", *p))
            sqlite3_str_appendf(uri, "%%%02x", (unsigned char)*p);
        else
            sqlite3_str_appendchar(uri, 1, *p);
    sqlite3_str_appendall(uri, alone ? "?immutable=1" : "?mode=ro");
    char *name = sqlite3_str_finish(uri);
    int rc = sqlite3_open_v2(
        name, &d->db,
        SQLITE_OPEN_READONLY | SQLITE_OPEN_URI | SQLITE_OPEN_NOMUTEX, NULL);
    sqlite3_free(name);
    return rc;
}

static int
prepare(struct database *d, int which)
{
    return sqlite3_prepare_v2(d->db, sql[which], -1, &d->st[which], NULL);
}

/* Is it an audit log, of a version that this program knows? */
static enum err_code
marks_check(struct database *d, int *version, struct err *e)
{
    int rc = prepare(d, MARKS);
    int got = rc ? fail(d, rc, e) : step(d, MARKS, e);
    if (got < 0)
        return e->code;
    *version = sqlite3_column_int(d->st[MARKS], 1);
    if (sqlite3_column_int(d->st[MARKS], 0) != LOG_MARK || *version < 1)
        return err_set(e, ERR_LOG_BROKEN, "%s",
                       _("the database is not marked as an audit log"));
    if (*version > VERSIONS)
        return err_set(e, ERR_BAD_INPUT,
                       _("the log is of version %d, which a newer "
                         "enfraga-verifiera reads"),
                       *version);
    return ERR_OK;
}

/* The ledger makes tables alone. A view in the place of one could have rows
 * without end. */
static enum err_code
tables_check(struct database *d, struct err *e)
{
    int rc = prepare(d, OTHER);
    int got = rc ? fail(d, rc, e) : step(d, OTHER, e);
    if (got < 0)
        return e->code;
    return got ? err_set(e, ERR_LOG_BROKEN,
                         _("the database holds \"%s\", which is no table"),
                         text(d, OTHER, 0))
               : ERR_OK;
}

static enum err_code
begin(struct database *d, int *version, struct err *e)
{
    sqlite3_extended_result_codes(d->db, 1);
    sqlite3_busy_timeout(d->db, 5000);
    int rc = sqlite3_exec(d->db, sql[SETUP], NULL, NULL, NULL);
    enum err_code code = rc ? ERR_OK : marks_check(d, version, e);
    if (!rc && !code)
        code = tables_check(d, e);
    for (int i = 0; i < COUNT && !rc && !code; i++)
        if (i != MARKS && i != OTHER &&
            (i != RECIPIENT || *version >= WITH_RECIPIENTS))
            rc = prepare(d, i);
    if (rc)
        fail(d, rc, e);
    return rc ? e->code : code;
}

enum err_code
sqlite_rows_open(const char *path, bool alone, struct rows *r, struct err *e)
{
    struct database *d = mem_alloc(sizeof *d);
    struct err own = {0};
    if (!e)
        e = &own;
    int version = 0, rc = connect(d, path, alone);
    if (rc)
        fail(d, rc, e);
    enum err_code code = rc ? e->code : begin(d, &version, e);
    if (code) {
        close_database(d);
        return err_add(e, code, "%s", path);
    }
    r->source = (struct verify_source){.ctx = d,
                                       .entry = next_entry,
                                       .box = next_box,
                                       .daykey = next_daykey,
                                       .checkpoint = next_checkpoint,
                                       .forsakran = next_forsakran,
                                       .nonce = find_nonce,
                                       .state = read_state,
                                       .pending = next_pending,
                                       .sound = is_sound};
    if (version >= WITH_RECIPIENTS)
        r->source.recipient = next_recipient;
    r->close = close_database;
    return ERR_OK;
}
