/* SPDX-License-Identifier: EUPL-1.2
 *
 * Reading case files, `enfraga.arenden/1` (DESIGN 7). Importing again
 * updates; cases not in a new file stay; a faulty row names itself (its
 * number and case, never a personnummer) and its fault, and nothing of a
 * faulty file is taken.
 */
#ifndef ENFRAGA_CASES_IMPORT_H
#define ENFRAGA_CASES_IMPORT_H

#include "base/err.h"
#include "cases/register.h"
#include "domain/grant.h"

struct import_result {
    int cases, persons, new_cases;
    uint8_t sha256[32]; /* of the file */
};

enum err_code import_file(struct reg *r, const char *path, enum grant_mode mode,
                          struct import_result *res, struct err *e);
enum err_code import_bytes(struct reg *r, const void *p, size_t n,
                           enum grant_mode mode, struct import_result *res,
                           struct err *e);

#endif
