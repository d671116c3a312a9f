/* SPDX-License-Identifier: EUPL-1.2
 *
 * Fields to fill in: text with readline's keys, personnummer, passphrase,
 * ticks, one-of-several, buttons. A form holds the fields, the text and which
 * one is active; the screen draws each where it wants it. Passphrases show
 * stars only, keep no history and are wiped.
 */
#ifndef ENFRAGA_TUI_FORM_H
#define ENFRAGA_TUI_FORM_H

#include "tui/app.h"

enum field_kind {
    FIELD_TEXT,
    FIELD_PERSONNUMMER, /* digits, "-", "+"; spaces are dropped in a paste */
    FIELD_SECRET,
    FIELD_TICK,  /* [x] label */
    FIELD_RADIO, /* (*) label, one field per choice, same group */
    FIELD_VALUE, /* one of `values`; F4 lists them, Left/Right or Space step */
    FIELD_BUTTON /* [ label ] */
};

#define FIELD_MAX 256

struct field {
    enum field_kind kind;
    const char *label;         /* translated; for ticks, radios, buttons */
    const char *help;          /* translated; F1 on the field, may be NULL */
    const char *const *values; /* FIELD_VALUE: translated, ended by NULL */
    int group;                 /* FIELD_RADIO */
    int max;                   /* FIELD_TEXT: bytes, 0: FIELD_MAX - 1 */
    bool off;                  /* passed by Tab; drawn without box or field */
    bool keep;                 /* its text is not "unsaved" */

    /* The form's: read with the functions below. */
    char text[FIELD_MAX];
    int len, at, left; /* bytes; byte of the cursor; first byte shown */
    bool on;           /* tick, radio */
    int value;         /* FIELD_VALUE */
};

struct form {
    struct field *fields; /* the screen's, which keeps the array */
    int count;
    int focus; /* index of the active field */
    bool changed;
    char yank[FIELD_MAX]; /* what Ctrl-K/U/W took; never from a secret */
};

enum form_result {
    FORM_IGNORED, /* the key is not the form's */
    FORM_HANDLED, /* cursor or focus moved: redraw */
    FORM_CHANGED, /* a value changed: redraw */
    FORM_ENTER,   /* Enter in a text or value field, focus stays */
    FORM_BUTTON,  /* the button `focus` was pressed (Enter or Space) */
    FORM_LIST     /* F4 on a field with values: form_list has been opened */
};

/* Focus goes to the first field that is not off. */
void form_init(struct form *f, struct field *fields, int count);
void form_done(struct form *f); /* wipes all text */

/* Takes the key of an act first of all: text, editing keys, Tab, Shift-Tab,
 * Up, Down, Space, F4. Letters in fields without text are ignored. */
enum form_result form_act(struct app *app, struct form *f,
                          const struct act *act);

/* For screen_ops.typing, .unsaved and .help. */
bool form_typing(const struct form *f);
bool form_unsaved(const struct form *f);
const char *form_help(const struct form *f);

/* Draws field i at (row, col): text fields underlined in `width` cells filled
 * with "_", ticks and radios as "[x] label". Puts the cursor when active.
 * Returns the column after it. */
int form_draw(const struct form *f, int i, const struct pane *p, int row,
              int col, int width);

const char *form_text(const struct form *f, int i); /* never NULL; borrowed */
bool form_on(const struct form *f, int i);
void form_set_text(struct form *f, int i, const char *s);
void form_set_on(struct form *f, int i, bool on); /* a radio clears its group */
void form_set_value(struct form *f, int i, int value);
void form_focus(struct form *f, int i);
void form_wipe(struct form *f, int i);

/* Personnummer as typed to its digits: 12 if the century was given ("+" and
 * the day's year as `year` decide nothing: a ten-digit number stays ten).
 * false: not a number of 10 or 12 digits. */
bool form_personnummer(const char *typed, char out[13]);

#endif
