/* SPDX-License-Identifier: EUPL-1.2
 *
 * The question dialog of UX 13: at the lower part of the body, the question
 * first, what follows in one line, a reason where one is needed (1-9 takes a
 * standard text), verbs on the buttons, the safe one first and preset. Also
 * the value list of F4 and a page of text. They are screens on the stack:
 * `done` is called after the dialog has gone, on the loop's turn.
 */
#ifndef ENFRAGA_TUI_DIALOG_H
#define ENFRAGA_TUI_DIALOG_H

#include "tui/app.h"

#define DIALOG_BUTTONS 3
#define DIALOG_REASONS 9

struct dialog {
    const char *question;    /* translated; wrapped */
    const char *consequence; /* translated, or NULL */
    bool reason; /* a reason must be given for other than button 0 */
    const char *reasons[DIALOG_REASONS]; /* standard texts, from 1; or NULL */
    const char *buttons[DIALOG_BUTTONS]; /* verbs, the safe one first */
    bool secret; /* the line is a passphrase instead of a reason */
    bool quick;  /* a digit takes its standard text and presses button 1 */
    const char *line_label; /* NULL: "Skäl (1-9 eller egna ord)" */
};

/* Opens it; texts are copied. `done` gets the button, 0 for F12 too, and the
 * reason ("" when none; wiped after the call). */
void dialog_open(struct app *app, const struct dialog *d,
                 void (*done)(struct app *app, void *arg, int button,
                              const char *reason),
                 void *arg);

/* A list to choose one from (F4); `done` gets the index, or -1. */
void choose_open(struct app *app, const char *title, const char *const *values,
                 int current,
                 void (*done)(struct app *app, void *arg, int index),
                 void *arg);

/* A text over the body, scrolled with the list's keys; F12, q, Enter close. */
void page_open(struct app *app, const char *title, const char *text);

/* F1, F10: help for message, field, screen; the searchable menu. */
void help_open(struct app *app);
void menu_open(struct app *app);

#endif
