/* SPDX-License-Identifier: EUPL-1.2
 *
 * An authority's pane between its files: answer.c (state, keys), pane_lines.c
 * (which lines there are, folded or not) and pane_draw.c (one line).
 */
#ifndef ENFRAGA_SCREENS_PANE_OWN_H
#define ENFRAGA_SCREENS_PANE_OWN_H

#include "screens/parts.h"
#include "tui/list.h"

enum line_kind {
    LINE_ROW,      /* of present/rows */
    LINE_PAYMENTS, /* the heading of payments and its columns */
    LINE_DECISIONS,
    LINE_TEXT, /* own text, label in front */
    LINE_BLANK
};

struct pane_line {
    enum line_kind kind;
    const struct row *row; /* or NULL */
    const char *label, *text;
};

struct pane_self {
    struct gathered *g;
    int person, tab;
    unsigned version;
    bool made, details;  /* made with details on */
    struct rows *rows;   /* NULL: tab 0, or nothing there */
    struct arena *arena; /* own texts */
    int n;
    struct pane_line *of;
    unsigned char *open; /* per row: Enter has turned it over */
    bool ended;          /* ended matters are unfolded */
    struct list list;
    const char *state, *conclusion; /* on top, never scrolled */
    const char *contact;            /* at the bottom */
};

enum source_id pane_source(const struct pane_self *s);
void pane_let_go(struct pane_self *s);
void pane_refresh(struct app *app, struct pane_self *s);
/* Enter: a payment's parts, ended matters. */
void pane_toggle(struct app *app, struct pane_self *s);
/* Can the cursor stand here? */
bool pane_selectable(const struct pane_line *l);
bool pane_can_toggle(const struct pane_self *s);

void pane_draw_line(const struct pane_self *s, const struct pane_line *l,
                    const struct pane *p, bool details);
/* Text of a line for search. */
void pane_line_text(const struct pane_line *l, struct buf *out);

#endif
