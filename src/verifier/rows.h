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

/* The witnesses and quorum that an export names, into *o; borrowed. */
void rows_witnesses(const struct rows *r, struct verify_options *o);

/* The vkey that an export names; false when there is none. */
bool rows_vkey(const struct rows *r, struct vkey *out);

void rows_close(struct rows **r);

/* One verification of a file whose writer may be at work. A database with a
 * WAL is read in one transaction. One without is read as a file that stands
 * still, and read again where it may not have stood still: a writer that moves
 * the log meanwhile never makes a finding. `key`, if not NULL and no key is
 * pinned in *o, receives the one that an export names; its witnesses are asked
 * about where *o has none. ERR_IO: the log never
 * stood still for as long as it was tried; else as verify_run and rows_open. */
enum err_code rows_verify(const char *path, const struct verify_options *o,
                          struct vkey *key, struct verify_report *r,
                          struct err *e);

#endif
