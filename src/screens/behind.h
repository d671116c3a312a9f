/* SPDX-License-Identifier: EUPL-1.2
 *
 * The payments, their parts and the decisions behind a row of the picture:
 * gathered from present/rows and drawn as a table, on a screen of its own or
 * beside the months (UX 8, 132x43).
 */
#ifndef ENFRAGA_SCREENS_BEHIND_H
#define ENFRAGA_SCREENS_BEHIND_H

#include "screens/parts.h"
#include "tui/list.h"

struct behind {
    struct gathered *g;
    int person;
    struct rows_options options;
    struct rows *panes[SOURCE_COUNT];
    int n;
    const struct row **of;
    char title[160];
    char text[512]; /* the check's sentence, or "" */
    bool unknown;   /* some of it did not come */
};

void behind_init(struct behind *b, struct app *app, struct gathered *g,
                 int person);
void behind_done(struct behind *b);
/* One benefit of one source and payer; NULL: all of them. */
void behind_months(struct behind *b, enum source_id s, const char *forman,
                   const char *betalare, const char *title);
void behind_check(struct behind *b, const struct row *check);
/* Draws heading and rows; cursor: the index of the list's row, or -1. */
void behind_draw(const struct behind *b, const struct pane *p, int first);
void behind_draw_row(const struct behind *b, int index, const struct pane *p,
                     bool details);

#endif
