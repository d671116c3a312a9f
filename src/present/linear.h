/* SPDX-License-Identifier: EUPL-1.2
 *
 * Linear mode's sentences (UX 14): one fact a line, amount first after the
 * label, nothing that needs a column to be understood. The facts are rows.
 */
#ifndef ENFRAGA_PRESENT_LINEAR_H
#define ENFRAGA_PRESENT_LINEAR_H

#include "base/buf.h"
#include "present/rows.h"

/* Each row a line, but the months, which linear_month says; folded rows only
 * with `folded`. `who` per answer stands in
 * front ("Sökande. ") where there is more than one person; or NULL. */
void linear_rows(struct buf *out, const struct rows *r, const char *const *who,
                 bool folded);

/* "Sökande. Försäkringskassan: delsvar. Kom inte: bostadsbidrag." */
void linear_state(struct buf *out, const struct answer *a, enum source_id s,
                  const char *who, const struct rows_options *o);

/* "Oktober 2026: summa från källorna 11270 kronor, inte hel. A-kassa 8620." */
void linear_month(struct buf *out, const struct overview *v, int month,
                  const char *const *who);

/* "Saknas 2. Att kontrollera 6." */
void linear_counts(struct buf *out, const struct rows *overview);

#endif
