/* SPDX-License-Identifier: EUPL-1.2
 *
 * The small files of this module: wordings, certificates, passphrases. Keys
 * are written by seal.
 */
#ifndef ENFRAGA_FORSAKRAN_FILE_H
#define ENFRAGA_FORSAKRAN_FILE_H

#include "base/buf.h"
#include "base/err.h"

#include <sys/types.h>

/* Appends the whole file to out. ERR_NOT_FOUND, ERR_IO, ERR_TOO_BIG past the
 * buffer's ceiling. */
enum err_code file_read(const char *path, struct buf *out, struct err *e);

/* Writes a new file with that mode; an old one of the name is replaced in one
 * step. ERR_IO. */
enum err_code file_write(const char *path, mode_t mode, const void *p, size_t n,
                         struct err *e);

/* The directories above path, where they are not there; each 0700. */
enum err_code file_make_parents(const char *path, struct err *e);

#endif
