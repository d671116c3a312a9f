/* SPDX-License-Identifier: EUPL-1.2
 *
 * Back from the collector: what it has of a log, as the batches it came in.
 */
#include "config.h"

#include "collect/collector.h"
#include "collect/pg.h"

#include <inttypes.h>
#include <string.h>

static enum err_code
put_brought(PGconn *pg, int64_t origin, int64_t seq, struct buf *out,
            struct err *e)
{
    PGresult *r;
    struct binding f = {0};
    enum err_code code = pg_run(pg, &r, e, PG_BROUGHT, origin, seq);
    if (code)
        return code;
    if (PQntuples(r) == 1) {
        f.cms = pg_bytes(r, 0, 0, &f.cms_len);
        f.text = pg_bytes(r, 0, 1, &f.text_len);
        f.vkey = pg_text(r, 0, 2);
        f.account = pg_text(r, 0, 3);
        batch_put_forsakran(out, &f);
    }
    PQclear(r);
    return ERR_OK;
}

static enum err_code
put_keys(PGconn *pg, int64_t origin, int64_t seq, struct buf *out,
         struct err *e)
{
    PGresult *r;
    size_t n;
    enum err_code code = pg_run(pg, &r, e, PG_DAYKEYS, origin, seq);
    if (code)
        return code;
    for (int i = 0; i < PQntuples(r); i++) {
        const void *p = pg_bytes(r, i, 1, &n);
        batch_put_daykey(out, pg_int(r, i, 0), p, n);
    }
    PQclear(r);
    code = pg_run(pg, &r, e, PG_CERTS, origin, seq);
    if (code)
        return code;
    for (int i = 0; i < PQntuples(r); i++) {
        const void *p = pg_bytes(r, i, 0, &n);
        batch_put_cert(out, p, n);
    }
    PQclear(r);
    return ERR_OK;
}

static enum err_code
put_entries(PGconn *pg, int64_t origin, uint64_t from, uint64_t to,
            struct buf *out, struct err *e)
{
    PGresult *r;
    size_t n;
    enum err_code code =
        pg_run(pg, &r, e, PG_ENTRIES, origin, (int64_t)from, (int64_t)to);
    if (code)
        return code;
    for (int i = 0; !code && i < PQntuples(r); i++) {
        int64_t seq = pg_int(r, i, 0), type = pg_int(r, i, 2);
        if (type == KIND_FORSAKRAN)
            code = put_brought(pg, origin, seq, out, e);
        const void *p = pg_bytes(r, i, 1, &n);
        batch_put_entry(out, p, n);
        if (!pg_null(r, i, 4)) {
            p = pg_bytes(r, i, 4, &n);
            batch_put_box(out, pg_int(r, i, 3), p, n);
        }
        if (!code && type == KIND_NYCKEL)
            code = put_keys(pg, origin, seq, out, e);
    }
    PQclear(r);
    return code;
}

/* The largest head kept that the next batch can end in. */
static enum err_code
put_batch(PGconn *pg, const char *origin, uint64_t from, struct buf *out,
          struct err *e)
{
    PGresult *r;
    enum err_code code = pg_run(pg, &r, e, PG_HEAD, origin, (int64_t)from,
                                (int64_t)(from + BATCH_ENTRIES));
    if (code)
        return code;
    if (PQntuples(r) != 1) {
        PQclear(r);
        return err_set(e, ERR_NOT_FOUND,
                       "nothing is collected of %s from entry %" PRIu64 " on",
                       origin, from);
    }
    batch_begin(out, from);
    code = put_entries(pg, pg_int(r, 0, 0), from, (uint64_t)pg_int(r, 0, 1),
                       out, e);
    if (!code)
        code = batch_end(out, pg_text(r, 0, 2), e);
    PQclear(r);
    return code;
}

enum err_code
collector_read(const char *conninfo, const char *origin, uint64_t from,
               struct buf *out, struct err *e)
{
    PGconn *pg = NULL;
    enum err_code code = pg_connect(&pg, conninfo, e);
    if (!code)
        code = put_batch(pg, origin, from, out, e);
    PQfinish(pg);
    return code;
}
