/* SPDX-License-Identifier: EUPL-1.2
 *
 * The basis for calculation: all of M-1, and from M-2 what has no counterpart
 * in M-1, by the rows of the municipality's table (INCOME 3,
 * data/underlag.ini). Points and sums; leaves drawing to basis.c.
 */
#ifndef ENFRAGA_SCREENS_BASISTABLE_H
#define ENFRAGA_SCREENS_BASISTABLE_H

#include "screens/picture.h"

struct basis_line {
    const char *target; /* the municipality's row, or the benefit's own name */
    bool before;        /* from M-2, outside the sum */
    bool listed;
    bool unknown;
    struct month_cell cell[GATHERED_PERSONS];
    char from[200];
    int person; /* in the picture's overview: whose it first was */
    enum source_id source;
    const char *forman; /* NULL: all of the source */
};

struct basis {
    struct arena *arena; /* owned */
    int n;
    struct basis_line *of; /* owned; unknown first */
    struct money sum[GATHERED_PERSONS];
    bool known[GATHERED_PERSONS];      /* the sum's edge */
    bool incomplete[GATHERED_PERSONS]; /* FK, CSN or SO failed */
    char unlisted[200];                /* benefits the table does not know */
};

/* Made of a picture that has been refreshed; what b held is freed. */
void basis_make(struct basis *b, const struct picture *p);
void basis_done(struct basis *b);

#endif
