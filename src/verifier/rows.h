/* SPDX-License-Identifier: EUPL-1.2
 *
 * Row sources for the verifier: a database file, read only and by nothing
 * that the writer uses, and an exported log. Judging is proof/verify's.
 */
#ifndef ENFRAGA_VERIFIER_ROWS_H
#define ENFRAGA_VERIFIER_ROWS_H

#include "base/err.h"
#include "proof/verify.h"
#include "seal/vkey.h"

#include <stdbool.h>
#include <stdint.h>

struct rows;

/* Opens a database or an export, told by its first bytes. ERR_NOT_FOUND,
 * ERR_IO, ERR_TOO_BIG; ERR_LOG_BROKEN for what is neither. */
enum err_code rows_open(const char *path, struct rows **out, struct err *e);

/* The source, for as long as the rows live. */
const struct verify_source *rows_source(const struct rows *r);

/* The vkey that an export names; false when there is none. */
bool rows_vkey(const struct rows *r, struct vkey *out);

/* A database without a WAL is read as a file that stands still. Stamps taken
 * before and after tell whether it did; where it moved, what was read is not
 * one moment of the log and must be read again. */
struct rows_stamp {
    bool alone; /* no WAL, or an empty one */
    int64_t inode, size, changed_ns;
};
struct rows_stamp rows_stamp(const char *path);
bool rows_moved(const struct rows_stamp *before,
                const struct rows_stamp *after);

void rows_close(struct rows **r);

#endif
