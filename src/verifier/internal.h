/* SPDX-License-Identifier: EUPL-1.2
 *
 * For the files of this module alone.
 */
#ifndef ENFRAGA_VERIFIER_INTERNAL_H
#define ENFRAGA_VERIFIER_INTERNAL_H

#include "verifier/rows.h"

struct rows {
    struct verify_source source;
    bool has_vkey;
    struct vkey vkey;
    struct vkey witness[VERIFY_WITNESSES];
    unsigned witnesses, quorum;
    void (*close)(void *ctx);
};

/* `alone`: no WAL stands beside it; the file is read as it is, unlocked. */
enum err_code sqlite_rows_open(const char *path, bool alone, struct rows *r,
                               struct err *e);
enum err_code json_rows_open(const char *path, struct rows *r, struct err *e);

#endif
