/* SPDX-License-Identifier: EUPL-1.2
 *
 * --format text (UX 14): one fact a line, its first word the kind: kalla,
 * betalning, beslut, uppgift, flagga, belopp, kontrollera. Words of the data
 * are never translated, so that scripts can read them. The facts are those of
 * rows_all.
 */
#ifndef ENFRAGA_PRESENT_TEXT_H
#define ENFRAGA_PRESENT_TEXT_H

#include "base/buf.h"
#include "present/rows.h"

/* The whole answer with its first line. ERR_TOO_BIG past the ceiling. */
enum err_code text_write(struct buf *out, const struct answer *a,
                         const struct overview *v,
                         const struct rows_options *o);

/* "text" with what would break the line or the quotes escaped. */
void text_quote(struct buf *out, const char *s);

#endif
