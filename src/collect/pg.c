/* SPDX-License-Identifier: EUPL-1.2 */
#include "config.h"

#include "collect/pg.h"

#include "base/tlv.h"

#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

static const struct {
    const char *params, *sql;
} table[PG_COUNT] = {
#define STATEMENT(id, letters, text) [PG_##id] = {letters, text},
#include "collect/collector.def"
#undef STATEMENT
};

/* The first line of what PostgreSQL says. */
static enum err_code
pg_err(struct err *e, enum err_code code, const char *said)
{
    return err_set(e, code, "PostgreSQL: %.*s", (int)strcspn(said, "\n"), said);
}

static void
be_silent(void *arg, const PGresult *r)
{
    (void)arg;
    (void)r;
}

enum err_code
pg_connect(PGconn **c, const char *conninfo, struct err *e)
{
    if (*c && PQstatus(*c) == CONNECTION_OK &&
        PQtransactionStatus(*c) == PQTRANS_IDLE)
        return ERR_OK;
    PQfinish(*c);
    *c = PQconnectdb(conninfo);
    if (PQstatus(*c) != CONNECTION_OK) {
        pg_err(e, ERR_NET, PQerrorMessage(*c));
        PQfinish(*c);
        *c = NULL;
        return ERR_NET;
    }
    PQsetNoticeReceiver(*c, be_silent, NULL);
    enum err_code code = pg_run(*c, NULL, e, PG_SEARCH_PATH);
    /* an acknowledged row is on the disk, whatever the server's default */
    if (!code)
        code = pg_run(*c, NULL, e, PG_SYNCHRONOUS);
    return code;
}

struct params {
    int n;
    const char *value[PG_PARAMS];
    int length[PG_PARAMS], binary[PG_PARAMS];
    Oid type[PG_PARAMS];
    uint8_t number[PG_PARAMS][8];
};

enum { OID_INT8 = 20, OID_BYTEA = 17, OID_TEXT = 25 };

static void
take_params(struct params *p, const char *fmt, va_list ap)
{
    for (p->n = 0; fmt[p->n]; p->n++) {
        int i = p->n;
        p->binary[i] = 1;
        switch (fmt[i]) {
        case 'i':
            tlv_be64(p->number[i], (uint64_t)va_arg(ap, int64_t));
            p->value[i] = (const char *)p->number[i];
            p->length[i] = 8;
            p->type[i] = OID_INT8;
            break;
        case 'b':
            p->value[i] = va_arg(ap, const void *);
            p->length[i] = (int)va_arg(ap, size_t);
            p->value[i] = p->value[i] ? p->value[i] : "";
            p->type[i] = OID_BYTEA;
            break;
        default:
            p->value[i] = va_arg(ap, const char *);
            p->binary[i] = 0;
            p->type[i] = OID_TEXT;
        }
    }
}

enum err_code
pg_run(PGconn *c, PGresult **out, struct err *e, enum pg_statement id, ...)
{
    struct params p = {0};
    va_list ap;
    va_start(ap, id);
    take_params(&p, table[id].params, ap);
    va_end(ap);
    PGresult *r = PQexecParams(c, table[id].sql, p.n, p.type, p.value, p.length,
                               p.binary, 1);
    ExecStatusType st = PQresultStatus(r);
    enum err_code code = ERR_OK;
    if (st != PGRES_COMMAND_OK && st != PGRES_TUPLES_OK) {
        const char *state = PQresultErrorField(r, PG_DIAG_SQLSTATE);
        code = PQstatus(c) != CONNECTION_OK        ? ERR_NET
               : state && !strncmp(state, "23", 2) ? ERR_BAD_INPUT
                                                   : ERR_IO;
        pg_err(e, code, PQerrorMessage(c));
    }
    if (out && !code)
        *out = r;
    else
        PQclear(r);
    return code;
}

int
pg_rows(const PGresult *r)
{
    return PQresultStatus(r) == PGRES_TUPLES_OK && PQntuples(r)
               ? PQntuples(r)
               : (int)strtol(PQcmdTuples((PGresult *)r), NULL, 10);
}

int64_t
pg_int(const PGresult *r, int row, int col)
{
    const uint8_t *p = (const uint8_t *)PQgetvalue(r, row, col);
    int n = PQgetlength(r, row, col);
    return n == 8   ? (int64_t)tlv_rd64(p)
           : n == 4 ? (int64_t)(int32_t)tlv_rd32(p)
                    : 0;
}

const char *
pg_text(const PGresult *r, int row, int col)
{
    return PQgetvalue(r, row, col);
}

const void *
pg_bytes(const PGresult *r, int row, int col, size_t *n)
{
    *n = (size_t)PQgetlength(r, row, col);
    return PQgetvalue(r, row, col);
}

bool
pg_null(const PGresult *r, int row, int col)
{
    return PQgetisnull(r, row, col) != 0;
}
