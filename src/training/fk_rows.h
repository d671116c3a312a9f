/* SPDX-License-Identifier: EUPL-1.2
 *
 * FK's payments and matters as LEFI's lists (WIRE 8.1, 8.4), for fk.c.
 */
#ifndef ENFRAGA_TRAINING_FK_ROWS_H
#define ENFRAGA_TRAINING_FK_ROWS_H

#include "training/answer.h"
#include "training/lefi.h"
#include "training/put.h"

/* utbetalningsuppgift and preliminarautbetalningar, where asked for. */
void fk_put_payments(struct put_json *j, const struct scene *s,
                     const struct lefi_asked *q);

/* The lists of matters of the benefits asked for. */
void fk_put_matters(struct put_json *j, const struct scene *s,
                    const struct lefi_asked *q);

#endif
