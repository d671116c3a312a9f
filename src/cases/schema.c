/* SPDX-License-Identifier: EUPL-1.2
 *
 * The tables of register.db (data/schema/register*.sql). One string per
 * user_version; a published one is never changed, a new one is added behind
 * it.
 */
#include "config.h"

#include "cases/reg.h"

static const char *const migrations[] = {
/* 0 -> 1 */
#include "src/cases/register.inc"
    ,
/* 1 -> 2 */
#include "src/cases/register_2.inc"
    ,
/* 2 -> 3 */
#include "src/cases/register_3.inc"
    ,
/* 3 -> 4 */
#include "src/cases/register_4.inc"
    ,
};

static const struct store_statement statements[] = {
#define STATEMENT(id, text) [REG_##id] = {.name = #id, .sql = (text)},
#include "cases/statements.def"
#undef STATEMENT
};

const struct store_spec reg_spec = {
    .application_id = 0x656e7267, /* "enrg" */
    .migrations = migrations,
    .version = sizeof(migrations) / sizeof(migrations[0]),
    .statements = statements,
    .statement_count = REG_STATEMENT_COUNT,
};
