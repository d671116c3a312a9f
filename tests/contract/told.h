/* SPDX-License-Identifier: EUPL-1.2
 *
 * What the authorities have to tell in one answer, drawn by a seed, and the
 * envelope that tells it. The payments stand here before they are written in
 * the contract's forms, so that what the program makes of the envelope can be
 * counted against them.
 */
#ifndef ENFRAGA_TESTS_CONTRACT_TOLD_H
#define ENFRAGA_TESTS_CONTRACT_TOLD_H

#include "base/buf.h"
#include "domain/answer.h"

enum { TOLD_MAX = 64, TOLD_FUNDS = 3 };

enum told_class { TOLD_PAID, TOLD_AWAITED, TOLD_UNSAID };

struct told_payment {
    enum source_id source;
    enum told_class class;
    const char *forman;
    char written[16];    /* the date as it is told; "": it is not */
    struct date date;    /* none where it is not told, or is no day */
    struct money netto;  /* not given where it is not told, or is none */
    bool bad_netto;      /* an amount is told that is none */
    bool after_tax;      /* SO: only NettoEfterSkatt */
    bool pm;             /* FK: foretag 1003 */
    bool twin;           /* FK's row of what PM tells: summed once */
    int fund;            /* SO */
    const char *support; /* CSN: element */
};

struct told {
    struct question question;
    int n;
    struct told_payment of[TOLD_MAX];
    bool failed[SOURCE_COUNT]; /* the source is an error; it tells nothing */
};

void told_draw(struct told *t, unsigned seed);

/* Does the payment come through? */
bool told_comes(const struct told *t, const struct told_payment *p);

/* The answer to t->question. */
void told_write(struct buf *out, const struct told *t);

/* That answer as the program reads it; sorted. */
struct answer *told_read(const struct told *t);

/* --- counted from what was told --- */

struct told_sums {
    int64_t paid, awaited;
    int awaits;
};

/* Within the years in which a date has a month. */
bool told_has_month(const struct told_payment *p);

struct told_sums told_month(const struct told *t, struct month m);

/* `paid`: of those paid without a month, how much and (n) how many. */
struct told_sums told_dateless(const struct told *t, int *n);

#endif
