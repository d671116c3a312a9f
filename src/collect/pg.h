/* SPDX-License-Identifier: EUPL-1.2
 *
 * libpq for this module alone: a connection, and statements with their
 * parameters and columns in binary.
 */
#ifndef ENFRAGA_COLLECT_PG_H
#define ENFRAGA_COLLECT_PG_H

#include "base/err.h"

#include <libpq-fe.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { PG_PARAMS = 12 };

enum pg_statement {
#define STATEMENT(id, params, sql) PG_##id,
#include "collect/collector.def"
#undef STATEMENT
    PG_COUNT
};

/* Connects, or connects again where the connection was lost. ERR_NET with
 * PostgreSQL's own words. */
enum err_code pg_connect(PGconn **c, const char *conninfo, struct err *e);

/* Runs one statement with its parameters: for each letter of its row i
 * int64_t, b const void * and size_t, t const char *. The result is the
 * caller's to clear; NULL where none is wanted. ERR_NET (lost), ERR_BAD_INPUT
 * (a constraint) or ERR_IO. */
enum err_code pg_run(PGconn *c, PGresult **out, struct err *e,
                     enum pg_statement id, ...);

/* Rows changed, or given. */
int pg_rows(const PGresult *r);

/* Columns of a row; pointers live as long as the result. */
int64_t pg_int(const PGresult *r, int row, int col);
const char *pg_text(const PGresult *r, int row, int col);
const void *pg_bytes(const PGresult *r, int row, int col, size_t *n);
bool pg_null(const PGresult *r, int row, int col);

#endif
