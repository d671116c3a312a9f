/* SPDX-License-Identifier: EUPL-1.2
 *
 * For the files of this module alone.
 */
#ifndef ENFRAGA_STORE_INTERNAL_H
#define ENFRAGA_STORE_INTERNAL_H

#include "store/store.h"

#include <sqlite3.h>

struct store {
    sqlite3 *db; /* NULL after an error that left the disk unknown */
    sqlite3_stmt **stmt;
    const struct store_spec *spec;
    bool in_txn, not_unique, full;
    char path[];
};

/* What a result code of SQLite means for the caller; closes the connection
 * where nothing is known any more. `what` leads the text. */
enum err_code store_fail(struct store *s, int rc, struct err *e,
                         const char *what);

/* Runs SQL without parameters. */
enum err_code store_exec(struct store *s, const char *sql, struct err *e);

#endif
