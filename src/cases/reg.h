/* SPDX-License-Identifier: EUPL-1.2
 *
 * Inside the register: the store and the ids of statements.def. For the files
 * of this module alone.
 */
#ifndef ENFRAGA_CASES_REG_H
#define ENFRAGA_CASES_REG_H

#include "cases/register.h"
#include "store/store.h"

enum reg_statement {
#define STATEMENT(id, sql) REG_##id,
#include "cases/statements.def"
#undef STATEMENT
    REG_STATEMENT_COUNT
};

struct reg {
    struct store *store;
};

extern const struct store_spec reg_spec;

/* kind in the table part */
enum { PART_TAKES = 0, PART_JAV = 1 };

/* Text of a column into a struct's own field; "" for NULL. */
void reg_copy(char *out, size_t size, const char *text);
#define REG_COPY(field, text) reg_copy((field), sizeof(field), (text))

#endif
