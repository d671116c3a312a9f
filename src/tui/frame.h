/* SPDX-License-Identifier: EUPL-1.2
 *
 * The rows around a screen's body (UX 2 and 12), drawn from what app knows.
 * Internal to tui.
 */
#ifndef ENFRAGA_TUI_FRAME_H
#define ENFRAGA_TUI_FRAME_H

#include "tui/app.h"

struct frame {
    const struct app_identity *id;
    const struct head *head;
    const char *alarm; /* NULL: none */
    enum message_kind kind;
    const char *message; /* without the kind word */
    const char *keys;    /* row 24, put together */
};

#define FRAME_MIN_ROWS 16
#define FRAME_MIN_COLS 40

/* Draws all rows but the body, and gives the body's pane. */
void frame_draw(struct grid *g, const struct frame *f, struct pane *body);

/* The one text there is when the terminal is too small. */
void frame_too_small(struct grid *g);

/* "Obs:" and so on, translated. */
const char *frame_kind_word(enum message_kind kind);

/* In app.c: the message that stood on row 23 when F1 was pressed, its long
 * form if it has one. Borrowed. */
const char *app_asked(const struct app *app, bool *any);

#endif
