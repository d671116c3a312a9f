/* SPDX-License-Identifier: EUPL-1.2
 *
 * A list that scrolls: the selected row has ">" in column 1 and is reversed;
 * ticks; search. Holds positions only, the rows are the screen's: a callback
 * draws one row, another gives the text that search looks in.
 */
#ifndef ENFRAGA_TUI_LIST_H
#define ENFRAGA_TUI_LIST_H

#include "tui/app.h"

struct list {
    int count;  /* rows there are; set with list_set_count */
    int cursor; /* selected row, 0 <= cursor < count, or 0 */
    int top;    /* first row shown */
    int page;   /* rows shown at the last draw */
    bool can_tick;
    unsigned char *ticks; /* owned; one per row when can_tick */
    char *needle;         /* owned; what was searched for, folded */
};

void list_init(struct list *l, bool can_tick);
void list_done(struct list *l);

/* Another number of rows: cursor and ticks of rows that remain are kept. */
void list_set_count(struct list *l, int count);

/* Arrows, PgUp/PgDn, F7/F8, Home, End, Space (tick and down), `a` (all) and,
 * with the setting, j/k. ACT_IGNORED when the key is none of them. */
enum act_result list_act(struct app *app, struct list *l,
                         const struct act *act);

/* Draws the rows into p. `row` draws one row into a pane of one line, whose
 * first column is the list's column 3 (after " > "); it may draw several roles,
 * the selected row is then reversed as a whole. With ticks "[x] " comes first.
 * The cursor is put on the selected row when `active`. */
void list_draw(struct app *app, struct list *l, const struct pane *p,
               bool active,
               void (*row)(void *arg, int index, const struct pane *p),
               void *arg);

/* "rad 3 av 17" in the user's language; "" when empty. */
void list_place(const struct list *l, char *out, int size);

bool list_ticked(const struct list *l, int index);
void list_tick(struct list *l, int index, bool on);
int list_ticked_count(const struct list *l);

/* Moves to the next row (after the cursor, round the end) whose text holds the
 * needle, case-folded. `text` writes the row's text. false: none. list_search
 * opens the prompt on row 23 (ACTION_SEARCH); list_next is ACTION_SEARCH_NEXT.
 * The list must live while the prompt is open. */
void list_search(struct app *app, struct list *l,
                 void (*text)(void *arg, int index, struct buf *out),
                 void *arg);
bool list_next(struct app *app, struct list *l,
               void (*text)(void *arg, int index, struct buf *out), void *arg);

#endif
