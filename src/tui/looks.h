/* SPDX-License-Identifier: EUPL-1.2
 *
 * What the roles of a grid look like on a terminal: the table of UX 15, by
 * theme and by how many colours there are. Internal to tui/term.
 */
#ifndef ENFRAGA_TUI_LOOKS_H
#define ENFRAGA_TUI_LOOKS_H

#include "tui/grid.h"
#include "tui/term.h"

#include <curses.h>

struct looks {
    attr_t attr[ROLE_COUNT];
    short pair[ROLE_COUNT]; /* colour pair, 0: the terminal's own */
    bool color;
};

/* Fills it; starts curses' colours where they are wanted and there. */
void looks_init(struct looks *l, const struct term_options *o);

#endif
