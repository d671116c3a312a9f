/* SPDX-License-Identifier: EUPL-1.2
 *
 * Inside the register: the store and the ids of statements.def. For the files
 * of this module alone.
 */
#ifndef ENFRAGA_CASES_REG_H
#define ENFRAGA_CASES_REG_H

#include "base/buf.h"
#include "cases/register.h"
#include "store/store.h"

enum reg_statement {
#define STATEMENT(id, sql) REG_##id,
#include "cases/statements.def"
#undef STATEMENT
    REG_STATEMENT_COUNT
};

struct reg_seal;

struct reg {
    struct store *store;
    struct reg_seal *seal;
};

extern const struct store_spec reg_spec;

/* kind in the table part */
enum { PART_TAKES = 0, PART_JAV = 1 };

/* Text of a column into a struct's own field; "" for NULL. */
void reg_copy(char *out, size_t size, const char *text);
#define REG_COPY(field, text) reg_copy((field), sizeof(field), (text))

/* Sealed columns (sealed.c). A kind names the column, row the case or account
 * that it belongs to: sealed for one row, nothing opens in another. */
enum { REG_TEXT_MAX = 1024 };
enum err_code reg_seal_open(struct reg *r, const uint8_t key[REGISTER_KEY],
                            struct err *e);
void reg_seal_close(struct reg *r);
void reg_tag(const struct reg *r, uint8_t out[HASH_SIZE], const char *kind,
             const char *row, const char *number);
void reg_seal(const struct reg *r, struct buf *out, const char *kind,
              const char *row, const char *text);
enum err_code reg_unseal(const struct reg *r, struct buf *out, const char *kind,
                         const char *row, const void *p, size_t n,
                         struct err *e);
/* The same as base64 in a text column; "" is itself. */
void reg_seal_text(const struct reg *r, struct buf *out, const char *kind,
                   const char *row, const char *text);
enum err_code reg_unseal_text(const struct reg *r, char *out, size_t size,
                              const char *kind, const char *row,
                              const char *sealed, struct err *e);
/* A person's number and name in one. */
enum err_code reg_put_person(const struct reg *r, struct buf *data,
                             const char *arende, const char *number,
                             const char *namn);
enum err_code reg_take_person(const struct reg *r, struct reg_person *p,
                              const char *arende, const void *data, size_t n,
                              struct err *e);

#endif
