/* SPDX-License-Identifier: EUPL-1.2
 *
 * Money in öre, exact; an amount that was not given is not zero. Sums of
 * what has an unknown part are the caller's to mark.
 */
#ifndef ENFRAGA_DOMAIN_MONEY_H
#define ENFRAGA_DOMAIN_MONEY_H

#include "base/err.h"

#include <stdbool.h>
#include <stdint.h>

struct money {
    int64_t ore;
    bool given;
};

#define MONEY_NONE ((struct money){0})
#define MONEY_MAX_ORE INT64_C(100000000000000) /* 10^12 kronor */

/* "-123", "123.4", "123.45", also "," and leading or trailing space: exact
 * decimal text, at most 2 decimals (more only if they are zeros), at most
 * 10^12 kronor. false otherwise. */
bool money_read(struct money *m, const char *s);

/* From a JSON double: only where it stands for at most 2 decimals. */
bool money_of_double(struct money *m, double v);

struct money money_kronor(int64_t kronor);
struct money money_add(struct money a, struct money b); /* not given if one is */
struct money money_sub(struct money a, struct money b);

/* "1185.00"; "" when not given. */
void money_text(struct money m, char out[24]);

/* "1 185", whole kronor, rounded half up after the exact sum (half away from
 * zero for negatives), space in thousands; "?" when not given. */
void money_kronor_text(struct money m, char out[32]);

#endif
