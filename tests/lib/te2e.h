/* SPDX-License-Identifier: EUPL-1.2
 *
 * A program in a terminal that lies in memory: forkpty for the program,
 * libvterm for the terminal. For tests that type keys and read the screen.
 * Waits for texts, never for time alone. libvterm knows no ISO-8859-1, so in
 * that mode the bytes are transcoded on their way, both ways.
 */
#ifndef ENFRAGA_TESTS_TE2E_H
#define ENFRAGA_TESTS_TE2E_H

#include "base/buf.h"

#include <stdbool.h>
#include <stddef.h>

struct tty;

/* How the terminal sends its keys. */
enum tty_keys { TTY_XTERM, TTY_VT220, TTY_PUTTY, TTY_LINUX };

struct tty_options {
    int rows, cols;         /* 0: 24, 80 */
    const char *term;       /* NULL: xterm-256color */
    const char *const *env; /* "NAME=value", ended by NULL; or NULL */
    bool latin1;            /* also sets LANG to sv_SE.ISO-8859-1 */
    enum tty_keys keys;
};

enum {
    TTY_BOLD = 1,
    TTY_UNDERLINE = 2,
    TTY_REVERSE = 4,
    TTY_COLOR = 8 /* a foreground or background of its own */
};

/* Starts argv[0] (looked up in PATH) with the locale variables, NO_COLOR,
 * LINES and COLUMNS taken out of the environment and then env added. NULL if
 * it cannot be done. */
struct tty *tty_start(const struct tty_options *o, const char *const *argv);

/* Keys by name, parted by spaces: F1-F12, Up, Enter, Tab, BackTab, Esc, EscEsc,
 * Space, C-a, M-b, PgDn, or a letter. false: an unknown name. A lone Esc is
 * given time to be one. */
bool tty_type(struct tty *t, const char *keys);
void tty_text(struct tty *t, const char *utf8);        /* as typed */
void tty_paste(struct tty *t, const char *utf8);       /* bracketed */
void tty_send(struct tty *t, const void *p, size_t n); /* raw */

/* Lets the program run until some row holds the text (or none does), at most
 * ms (0: 30 s). */
bool tty_wait(struct tty *t, const char *text, int ms);
bool tty_wait_gone(struct tty *t, const char *text, int ms);
/* Until nothing has come for `quiet` ms. */
void tty_settle(struct tty *t, int quiet);
/* Lets the program run for that long; the number of bytes that came. */
size_t tty_run(struct tty *t, int ms);

/* The screen, a line per row, trailing blanks cut. With attributes: a line of
 * letters (b u r c, for the strongest) behind each row that has any. */
void tty_screen(struct tty *t, struct buf *out);
void tty_screen_attrs(struct tty *t, struct buf *out);
void tty_cursor(const struct tty *t, int *row, int *col); /* from 0 */
bool tty_cursor_visible(const struct tty *t);
int tty_attrs(const struct tty *t, int row, int col);
void tty_row(struct tty *t, int row, struct buf *out);
void tty_size(const struct tty *t, int *rows, int *cols);

enum tty_keys tty_keys(const struct tty *t); /* as it was started */
size_t tty_bytes(const struct tty *t);       /* received since the start */
void tty_resize(struct tty *t, int rows, int cols);
void tty_signal(struct tty *t, int sig); /* to the program */

/* Waits up to ms for the program's end; its exit status, 128 + signal, or -1
 * if it still runs. */
int tty_status(struct tty *t, int ms);

/* Hangs up, ends the program by its id if it is still there, frees. */
void tty_free(struct tty **t);

#endif
