/* SPDX-License-Identifier: EUPL-1.2
 *
 * What is collected of a log, as an export that an auditor verifies without
 * the database: the stored bytes, unjudged, in one snapshot.
 */
#include "config.h"

#include "collect/collector.h"
#include "collect/pg.h"
#include "proof/export.h"

#include <inttypes.h>

enum { PAGE = 64 << 20 };

/* A row into the buffer; returns where the next page begins. */
typedef int64_t put_row(const PGresult *r, int row, bool first,
                        struct buf *out);

static int64_t
put_forsakran(const PGresult *r, int row, bool first, struct buf *out)
{
    struct binding f = {.vkey = pg_text(r, row, 4),
                        .account = pg_text(r, row, 5)};
    f.cms = pg_bytes(r, row, 2, &f.cms_len);
    f.text = pg_bytes(r, row, 3, &f.text_len);
    export_forsakran(out, first, &f, pg_int(r, row, 0),
                     (uint64_t)pg_int(r, row, 1));
    return pg_int(r, row, 0);
}

static int64_t
put_entry(const PGresult *r, int row, bool first, struct buf *out)
{
    size_t n;
    const void *leaf = pg_bytes(r, row, 1, &n);
    export_entry(out, first, (uint64_t)pg_int(r, row, 0), leaf, n, NULL, 0);
    return pg_int(r, row, 0);
}

static int64_t
put_note(const PGresult *r, int row, bool first, struct buf *out)
{
    export_note(out, first, pg_text(r, row, 1));
    return pg_int(r, row, 0);
}

/* What has gathered goes to the file. */
static enum err_code
flush(struct buf *out, FILE *f, struct err *e)
{
    if (out->full)
        return err_set(e, ERR_TOO_BIG, "a page of the export");
    if (fwrite(out->data, 1, out->len, f) != out->len)
        return err_errno(e, ERR_IO, "the export");
    buf_clear(out);
    return ERR_OK;
}

/* Every row of one statement, a page at a time. */
static enum err_code
put_all(PGconn *pg, enum pg_statement st, int64_t origin, put_row *put, FILE *f,
        struct err *e)
{
    bool first = true, more = true;
    int64_t after = -1;
    enum err_code code = ERR_OK;
    AUTO_BUF(out, PAGE);
    while (!code && more) {
        PGresult *r = NULL;
        code = pg_run(pg, &r, e, st, origin, after);
        more = !code && PQntuples(r) > 0;
        for (int i = 0; more && i < PQntuples(r); i++) {
            after = put(r, i, first, &out);
            first = false;
        }
        PQclear(r);
        if (more)
            code = flush(&out, f, e);
    }
    return code;
}

static enum err_code
find_origin(PGconn *pg, const char *name, int64_t *origin, struct err *e)
{
    PGresult *r = NULL;
    enum err_code code = pg_run(pg, &r, e, PG_ORIGIN_ID, name);
    if (!code && PQntuples(r) != 1)
        code = err_set(e, ERR_NOT_FOUND, "nothing is collected of %s", name);
    if (!code)
        *origin = pg_int(r, 0, 0);
    PQclear(r);
    return code;
}

static enum err_code
put_log(PGconn *pg, const struct vkey *log, const struct vkey *witness, FILE *f,
        struct err *e)
{
    int64_t origin;
    AUTO_BUF(out, PAGE);
    enum err_code code = find_origin(pg, log->name, &origin, e);
    if (code)
        return code;
    export_head(&out, log, witness, 1, 1);
    code = flush(&out, f, e);
    if (!code)
        code = put_all(pg, PG_ALL_FORSAKRAN, origin, put_forsakran, f, e);
    export_entries(&out);
    if (!code)
        code = flush(&out, f, e);
    if (!code)
        code = put_all(pg, PG_ALL_ENTRIES, origin, put_entry, f, e);
    export_notes(&out);
    if (!code)
        code = flush(&out, f, e);
    if (!code)
        code = put_all(pg, PG_ALL_NOTES, origin, put_note, f, e);
    export_end(&out);
    return code ? code : flush(&out, f, e);
}

enum err_code
collector_export(const char *conninfo, const struct vkey *log,
                 const struct vkey *witness, FILE *f, struct err *e)
{
    PGconn *pg = NULL;
    enum err_code code = pg_connect(&pg, conninfo, e);
    if (!code)
        code = pg_run(pg, NULL, e, PG_SNAPSHOT);
    if (!code)
        code = put_log(pg, log, witness, f, e);
    PQfinish(pg);
    return code;
}
