/* SPDX-License-Identifier: EUPL-1.2
 *
 * The gathered picture that Hushållet and Översikt share: what is missing,
 * what to check, the months, and what stands outside the sum (UX 8). Holds
 * the two lists and which of them has the cursor, and makes the rows anew
 * when something has come. The columns of the months are months.c's.
 */
#ifndef ENFRAGA_SCREENS_PICTURE_H
#define ENFRAGA_SCREENS_PICTURE_H

#include "screens/parts.h"
#include "tui/list.h"

struct stated { /* Uppgett: what the applicant has stated, session only */
    char key[160];
    struct money sum;
};

/* One row of the months: a benefit, or a source that did not come and has no
 * row of its own: unknown, never absent (UX 8). */
struct month_line {
    const struct month_row *row; /* NULL: the whole source is unknown */
    enum source_id source;
    int person; /* in v */
    const char *label;
};

struct picture {
    struct gathered *g;
    int person;       /* index in g->of; -1: the household */
    unsigned version; /* of g, when rows were made; 0: none yet */
    struct overview *v;
    const struct answer *answers[GATHERED_PERSONS];
    int n_who, who[GATHERED_PERSONS]; /* v's person to g's */
    struct rows *rows;
    int n_checks, n_lines;
    const struct row **checks;
    struct month_line *lines;
    struct month m; /* application month */
    struct list check, month;
    bool in_months; /* the cursor is in the months */
    int fold;       /* narrow: which month is shown, 0 is M-1 */
    int n_stated;
    struct stated *stated;
};

void picture_init(struct picture *p, struct gathered *g, int person);
void picture_done(struct picture *p);
/* Makes the rows anew if something has come since. Call before use. */
void picture_refresh(struct app *app, struct picture *p);

void picture_draw(struct app *app, struct picture *p, const struct pane *body);
/* Keys of the lists, marking, rows behind, asking again. */
enum act_result picture_act(struct app *app, struct picture *p,
                            const struct act *act);
bool picture_can(struct app *app, struct picture *p, enum action action);

/* Marks all ticked checks, with one entry and text for each person. */
void picture_mark_ticked(struct picture *p, const char *text);

/* The person (index in g->of) of the row with the cursor. */
int picture_person(const struct picture *p);

/* months.c: the rows that the months take (heading, sum, what stands below)
 * besides its list, and drawing them from `row` on. */
enum { TIGHT_ROWS = 14 }; /* lower bodies do without the general note */
int months_fixed(const struct picture *p, int cols, bool tight);
void months_draw(struct app *app, struct picture *p, const struct pane *body,
                 int row, int list_rows, bool active);
/* The amount stated for a months' row; not given when none. */
struct money picture_stated(const struct picture *p,
                            const struct month_line *m);
void picture_state(struct picture *p, const struct month_line *m,
                   struct money sum);
/* The months' row or the check with the cursor, or NULL. */
const struct month_line *picture_line(const struct picture *p);
const struct row *picture_check(const struct picture *p);
/* M-1 is not over: its column says so and the comparison waits. */
bool picture_so_far(const struct picture *p);

#endif
