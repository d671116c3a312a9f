/* SPDX-License-Identifier: EUPL-1.2
 *
 * Gallring of what is collected, by the one login that may delete: boxes and
 * day keys, nothing else. What is to go is decided by those who call.
 */
#include "config.h"

#include "collect/collector.h"
#include "collect/pg.h"

static enum err_code
delete_all(PGconn *pg, enum pg_statement id, int64_t origin,
           const struct collector_range *range, size_t n, uint64_t *rows,
           struct err *e)
{
    enum err_code code = ERR_OK;
    for (size_t i = 0; i < n && !code; i++) {
        PGresult *r = NULL;
        code = pg_run(pg, &r, e, id, origin, (int64_t)range[i].first,
                      (int64_t)range[i].end);
        if (!code)
            *rows += (uint64_t)pg_rows(r);
        PQclear(r);
    }
    return code;
}

static enum err_code
find_origin(PGconn *pg, const char *origin, int64_t *id, struct err *e)
{
    PGresult *r = NULL;
    enum err_code code = pg_run(pg, &r, e, PG_ORIGIN_ID, origin);
    if (!code && PQntuples(r) != 1)
        code = err_set(e, ERR_NOT_FOUND, "nothing is collected of %s", origin);
    if (!code)
        *id = pg_int(r, 0, 0);
    PQclear(r);
    return code;
}

enum err_code
collector_erase(const char *conninfo, const char *origin,
                const struct collector_range *range, size_t n, bool dry,
                uint64_t *boxes, uint64_t *days, struct err *e)
{
    PGconn *pg = NULL;
    int64_t id = 0;
    *boxes = *days = 0;
    enum err_code code = pg_connect(&pg, conninfo, e);
    if (!code)
        code = find_origin(pg, origin, &id, e);
    if (!code)
        code = pg_run(pg, NULL, e, PG_BEGIN);
    if (!code)
        code = delete_all(pg, PG_ERASE_BOXES, id, range, n, boxes, e);
    if (!code)
        code = delete_all(pg, PG_ERASE_DAYKEYS, id, range, n, days, e);
    if (!code)
        code = pg_run(pg, NULL, e, dry ? PG_ROLLBACK : PG_COMMIT);
    PQfinish(pg); /* what is not committed is undone */
    return code;
}
