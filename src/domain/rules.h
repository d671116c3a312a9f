/* SPDX-License-Identifier: EUPL-1.2
 *
 * The thresholds of what the overview points at (INCOME 2-5): data/
 * kontroller.ini, and the municipality's own file over it. Figures alone; no
 * rule judges a right to assistance.
 */
#ifndef ENFRAGA_DOMAIN_RULES_H
#define ENFRAGA_DOMAIN_RULES_H

#include "base/buf.h"
#include "base/err.h"

#include <stdbool.h>
#include <stddef.h>

enum rule_limit {
#define LIMIT(id, name, low, high, preset) RULE_##id,
#include "domain/checks.def"
#undef LIMIT
    RULE_LIMITS
};

/* What sets a benefit apart. */
struct rule {
    const char *name;   /* as in the table */
    const char *forman; /* case folded */
    int percent;        /* own threshold; -1: the general one */
    bool support;       /* money to live on, for days */
    const char *koder;  /* LEFI codes paid under the name, "FK:SA"; or "" */
    /* In the application month `month`: paid in the month `paid` before it,
     * neither paid nor planned in `due`. 0: no such rule. */
    int month, paid, due;
    const char *fraga; /* what to look at then, or "" */
};

struct rules;

/* The shipped table, then `own` (NULL or "": none) over it, value by value.
 * ERR_CONFIG names file and line. */
enum err_code rules_load(struct rules **r, const char *datadir, const char *own,
                         struct err *e);
void rules_free(struct rules **r);

/* With NULL for r: the presets, and no benefit differs. */
int rules_limit(const struct rules *r, enum rule_limit which);
const struct rule *rules_forman(const struct rules *r,
                                const char *folded); /* or NULL */
int rules_percent(const struct rules *r, const char *folded);
bool rules_support(const struct rules *r, const char *folded);
const struct rule *rules_all(const struct rules *r, size_t *n);

/* All that it says, line by line: what the instance is judged by. */
void rules_text(struct buf *out, const struct rules *r);

#endif
