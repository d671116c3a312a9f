/* SPDX-License-Identifier: EUPL-1.2
 *
 * The running screens: a stack of them, the frame of UX 2 around the top one,
 * messages, the idle lock's timer. Knows nothing of what screens show. Paints
 * once per turn of the loop, and only when something asked for it.
 *
 * Frame (80x24): row 1 program, screen name, who, kommun, mode; row 2 the
 * case; row 3 tabs, or the banner, which moves tabs to row 4; then the body;
 * row 23 the message; row 24 the keys. A screen draws the body only, with
 * rows and columns counted from 0 in the pane it is given.
 */
#ifndef ENFRAGA_TUI_APP_H
#define ENFRAGA_TUI_APP_H

#include "base/err.h"
#include "tui/grid.h"
#include "tui/keymap.h"
#include "tui/term.h"

#include <stdbool.h>
#include <stdint.h>

struct app;
struct event_base;

enum act_result {
    ACT_IGNORED, /* not for me: the app's own meaning, if there is one */
    ACT_HANDLED, /* done, nothing to draw */
    ACT_REDRAW,
    ACT_RELOAD, /* call load, then draw */
    ACT_CLOSE   /* pop me */
};

struct act {
    enum action action; /* ACTION_KEY: look at key */
    struct key key;
    int digit; /* 0-9 for ACTION_DIGIT, else -1 */
};

enum message_kind { MSG_NONE, MSG_KLART, MSG_OBS, MSG_FEL, MSG_FRAGA };

/* What a screen says of the rows around its body; all start out empty. */
struct head {
    int cols;               /* in: columns there are */
    char title[80];         /* row 1; preset to the screen's name */
    char case_left[200];    /* row 2 */
    char case_right[60];    /* row 2, at the right edge */
    char tabs[240];         /* row 3 */
    char task[160];         /* row 4 in a training scenario */
    bool skyddad;           /* the banner for protected persons */
    enum message_kind kind; /* standing message, shown when no other is */
    char message[160];      /* without the kind word */
    char more[480];         /* its long form (F1) */
};

struct screen_ops {
    const char *name; /* msgid; row 1, help and menu */
    const struct keymap *keymap;
    bool overlay; /* drawn on top of the screen below (dialogs) */

    /* Makes the screen's state of arg; NULL: refused, nothing is pushed. */
    void *(*open)(struct app *app, void *arg);
    void (*close)(struct app *app, void *self); /* frees it */
    /* Gathers what draw shows. After open, when a screen above (no overlay) is
     * closed, and on ACT_RELOAD. May be NULL. */
    void (*load)(struct app *app, void *self);
    void (*head)(struct app *app, void *self, struct head *head); /* or NULL */
    void (*draw)(struct app *app, void *self, const struct pane *body);
    enum act_result (*act)(struct app *app, void *self, const struct act *act);
    /* Each second while the screen is on top; true: redraw. NULL: none. */
    bool (*tick)(struct app *app, void *self);
    /* Does the action work now? NULL: all of the keymap do. */
    bool (*can)(struct app *app, void *self, enum action action);
    /* Is a text field active (letters are text)? NULL: never. */
    bool (*typing)(struct app *app, void *self);
    /* Is there text that would be lost? NULL: never. Asked by F3 and by the
     * guard against a late digit behind Esc. */
    bool (*unsaved)(struct app *app, void *self);
    /* Help for where the cursor is, translated; NULL or NULL: none. */
    const char *(*help)(struct app *app, void *self);
};

enum app_mode { APP_SKARP, APP_TEST, APP_OVNING, APP_UNKNOWN };

/* Shown on row 1. Copied. */
struct app_identity {
    char who[48];    /* "A. Ek (hl0142)" */
    char kommun[48]; /* "Sundby" */
    enum app_mode mode;
};

struct app_options {
    enum keyline_form keyline;
    bool vi_keys;
    bool calm;        /* lugn: no output the user did not cause */
    bool marker_only; /* markering = pil: ">" without the reverse row */
    int idle_s;       /* seconds to the idle lock, 0: never */
    /* Called on F2, idleness, Ctrl-Z and a lost terminal. `lost`: SIGHUP. */
    void (*lock)(struct app *app, void *arg, bool lost);
    /* Called by F3; NULL: app pops to the lowest screen. */
    void (*leave)(struct app *app, void *arg);
    /* S; NULL: the key has no meaning. */
    void (*status)(struct app *app, void *arg);
    void *arg; /* for the three above; also app_arg */
};

/* An app over a terminal, or (term NULL) over a grid of rows x cols that tests
 * read with app_grid. Neither base nor term is owned. */
struct app *app_new(struct event_base *base, struct term *term, int rows,
                    int cols, const struct app_options *options);
void app_free(struct app **app);

/* Runs the loop until the last screen is popped or app_quit; returns what
 * app_quit was given, else 0. */
int app_run(struct app *app);
void app_quit(struct app *app, int status);

void *app_arg(const struct app *app);
struct event_base *app_base(const struct app *app);
struct term *app_term(const struct app *app);
const struct app_options *app_options(const struct app *app);
void app_identity_set(struct app *app, const struct app_identity *id);
const struct app_identity *app_identity(const struct app *app);

/* The log's fault, on row 3 of every screen; NULL takes it away. Translated. */
void app_alarm(struct app *app, const char *text);

/* Stack. app_push returns the screen's state or NULL if open refused. arg is
 * only used during the call. app_replace pops the top first. Inside a
 * callback of a screen that pops itself (app_pop, app_replace, app_home) the
 * state stays valid until the callback has returned. */
void *app_push(struct app *app, const struct screen_ops *ops, void *arg);
void app_pop(struct app *app);
void *app_replace(struct app *app, const struct screen_ops *ops, void *arg);
void app_home(struct app *app);  /* pops all but the lowest */
void app_clear(struct app *app); /* pops all; push something in the same turn */
const struct screen_ops *app_top(const struct app *app);
void *app_top_state(const struct app *app);
/* The state of the topmost screen of that kind, or NULL: tells an answer that
 * came late whether its screen still is there. */
void *app_find(const struct app *app, const struct screen_ops *ops);

/* A screen in front of all others (the lock): it alone is drawn and gets the
 * keys, whatever happens on the stack behind it; messages wait too, so it says
 * what it has to say in its head. app_uncover closes it. */
void app_cover(struct app *app, const struct screen_ops *ops, void *arg);
void app_uncover(struct app *app);
bool app_covered(const struct app *app);

/* Row 23: text and, for F1, its long form (may be NULL); translated, copied.
 * The kind's word is put in front. Stays until the next key. */
void app_message(struct app *app, enum message_kind kind, const char *text,
                 const char *more);
/* The message of an error: errors.def's sentence, and e as the long form. */
void app_error(struct app *app, enum err_code code, const struct err *e);

/* Asks for one line on row 23 ("Sök: ____"); `done` gets the text, or NULL if
 * the user went back. One at a time. */
void app_prompt(struct app *app, const char *label,
                void (*done)(struct app *app, void *arg, const char *text),
                void *arg);

/* To be called by whoever changes what a screen shows, from the loop. */
void app_redraw(struct app *app);
void app_reload(struct app *app); /* load of the top screen, then redraw */

/* Runs an action as if its key had been pressed. */
void app_do(struct app *app, enum action action);

/* Drops what has been typed ahead. Dialogs do. */
void app_drop_typeahead(struct app *app);

/* Layout. Wide: from 120 columns side panes; narrow: below 80 columns; linear:
 * below 60 columns, one fact per row (UX 13). */
int app_cols(const struct app *app);
int app_rows(const struct app *app);
bool app_wide(const struct app *app);
bool app_narrow(const struct app *app);
bool app_linear(const struct app *app);

/* Splits a body from 120 columns: left of `left` columns, a rule, the rest.
 * false (right empty, left = body) when it is narrower. */
bool app_split(const struct app *app, const struct pane *body, int left_cols,
               struct pane *left, struct pane *right);

/* Details (F11) on or off: codes, field names, raw values. The app turns them
 * where a screen's keymap has ACTION_DETAILS and its act ignores it. */
bool app_details(const struct app *app);

/* For tests without a terminal: a key, a change of size, the idle clock's
 * second, and the grid as the terminal would get it. */
void app_key(struct app *app, const struct key *key);
void app_resize(struct app *app, int rows, int cols);
const struct grid *app_grid(struct app *app);

#endif
