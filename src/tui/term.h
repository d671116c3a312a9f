/* SPDX-License-Identifier: EUPL-1.2
 *
 * The terminal: the one file that knows ncurses. Brings a grid to it by what
 * has changed, keeps the cursor where the grid has it, and turns bytes into
 * keys (tui/input) on the event loop. Sends nothing on its own. The terminal
 * is given back as it was on every way out, signals included.
 */
#ifndef ENFRAGA_TUI_TERM_H
#define ENFRAGA_TUI_TERM_H

#include "base/err.h"
#include "tui/grid.h"
#include "tui/key.h"

#include <stdbool.h>

struct term;
struct event_base;

enum term_choice { TERM_AUTO, TERM_NO, TERM_YES };
enum term_theme { THEME_STANDARD, THEME_MONO, THEME_CONTRAST };

struct term_options {
    enum term_choice latin1; /* teckenkod; AUTO: by LC_ALL, LC_CTYPE, LANG */
    enum term_choice color;  /* --farg; AUTO: by NO_COLOR and the terminal */
    enum term_choice lines;  /* linjer; NO: ASCII + - | */
    enum term_theme theme;
    int esc_ms; /* escfordrojning 50-2000; 0: 300 */
};

struct term_calls {
    void (*key)(void *arg, const struct key *key);
    void (*idle)(void *arg); /* all bytes that had come are handled */
    void (*resize)(void *arg, int rows, int cols);
    void (*lost)(void *arg, bool gone); /* Ctrl-Z: false; SIGHUP: true */
    void (*end)(void *arg);             /* SIGTERM */
};

/* Takes over the terminal of stdin and stdout; ERR_USAGE if they are none or
 * TERM is unknown. calls and arg must live as long. */
enum err_code term_open(struct event_base *base, const struct term_options *o,
                        const struct term_calls *calls, void *arg,
                        struct term **out, struct err *e);
void term_calls_set(struct term *t, const struct term_calls *calls, void *arg);
void term_close(struct term **t);

void term_size(const struct term *t, int *rows, int *cols);
int term_fkeys(const struct term *t); /* F1..Fn that the terminal can send */
int term_baud(const struct term *t);
void term_paint(struct term *t, const struct grid *g);
void term_redraw(struct term *t); /* the next paint sends everything */
void term_wipe(struct term *t);   /* clears screen and scrollback (the lock) */
void term_drop_input(struct term *t);

/* "xterm-256color 80x24 UTF-8, 256 färger, mus av" */
void term_describe(const struct term *t, struct buf *out);

/* Would the environment make this terminal ISO-8859-1? */
bool term_env_latin1(void);

#endif
