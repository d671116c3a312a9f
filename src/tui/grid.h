/* SPDX-License-Identifier: EUPL-1.2
 *
 * Cells in memory: what a screen looks like before any terminal is involved.
 * Everything that draws, draws into a pane: a rectangle of a grid, with rows
 * and columns counted from 0 inside it, that nothing can be drawn outside of.
 * A cell holds one letter with its combining marks and a role (UX 15), never
 * a raw attribute; what a role looks like is tui/term's business. Text is
 * UTF-8 and is made safe by cell: control and format characters become "?"
 * here at the latest (text_clean gives a better form earlier).
 */
#ifndef ENFRAGA_TUI_GRID_H
#define ENFRAGA_TUI_GRID_H

#include "base/buf.h"

#include <stdbool.h>

/* UX 15. One role per cell: emphasis is never more than one thing. */
enum role {
    ROLE_TEXT,
    ROLE_RUBRIK, /* heading */
    ROLE_VALD,   /* selected row */
    ROLE_FALT,   /* input field */
    ROLE_OBS,    /* the word Obs: */
    ROLE_FEL,    /* the word Fel: */
    ROLE_OKANT,  /* unknown, "?" */
    ROLE_OVNING, /* row 1 in training and test */
    ROLE_SKYDD,  /* the banner for protected persons */
    ROLE_COUNT
};

enum line_part { /* cells drawn as lines; their text is ASCII + - | */
                 LINE_NONE,
                 LINE_H,
                 LINE_V,
                 LINE_UL,
                 LINE_UR,
                 LINE_LL,
                 LINE_LR
};

#define CELL_TEXT 14

struct cell {
    char text[CELL_TEXT];     /* UTF-8; "" in the right half of a wide letter */
    unsigned char role, line; /* enum role, enum line_part */
};

struct grid {
    int rows, cols;
    struct cell *cells;         /* row by row */
    int cursor_row, cursor_col; /* -1 until someone has put it */
};

/* A blank grid; ends the process when memory does. grid_free clears. */
struct grid *grid_new(int rows, int cols);
void grid_free(struct grid **g);

/* Blank in the given size, cursor unset. */
void grid_reset(struct grid *g, int rows, int cols);

/* The cell there, or NULL outside. Borrowed. */
const struct cell *grid_cell(const struct grid *g, int row, int col);

/* The text of the whole grid: one line per row, trailing blanks cut, "\n"
 * behind each. With roles: each line is followed, where the row has any role
 * but ROLE_TEXT, by a line "~" and a letter per cell (. R V F o f ? O S). */
void grid_to_text(const struct grid *g, struct buf *out);
void grid_to_roles(const struct grid *g, struct buf *out);

struct pane {
    struct grid *grid;
    int row, col, rows, cols; /* place in the grid */
};

struct pane grid_pane(struct grid *g); /* all of it */

/* A part of a pane, cut to lie inside it; rows or cols -1: the rest. */
struct pane pane_sub(const struct pane *p, int row, int col, int rows,
                     int cols);

/* Writes s from (row, col); what does not fit in the pane is not written, a
 * wide letter never by half. Returns the column after the last cell. */
int pane_put(const struct pane *p, int row, int col, enum role role,
             const char *s);
int pane_putf(const struct pane *p, int row, int col, enum role role,
              const char *fmt, ...) __attribute__((format(printf, 5, 6)));

/* As pane_put but in exactly `width` cells: padded, or cut with "~" last. */
int pane_put_cut(const struct pane *p, int row, int col, int width,
                 enum role role, const char *s);

/* Ends at column `end` (not included); cut from the right if needed. */
void pane_put_right(const struct pane *p, int row, int end, enum role role,
                    const char *s);

/* Breaks s at spaces into at most max_rows rows of `width` cells ("\n" breaks
 * too); returns the rows it takes. With max_rows 0 it only counts. */
int pane_wrap(const struct pane *p, int row, int col, int width, int max_rows,
              enum role role, const char *s);
int pane_wrap_rows(const char *s, int width);

/* A heading at the left and, when right is given, a text like "rad 1 av 14"
 * ending at the pane's last column but one. */
void pane_heading(const struct pane *p, int row, const char *left,
                  const char *right);

void pane_blank(const struct pane *p, int row, int col, int rows, int cols);
void pane_role(const struct pane *p, int row, int col, int cols,
               enum role role);                 /* keeps the text */
void pane_box(const struct pane *p);            /* its border */
void pane_vline(const struct pane *p, int col); /* top to bottom */

/* Puts the hardware cursor. The last call wins. */
void pane_cursor(const struct pane *p, int row, int col);

#endif
