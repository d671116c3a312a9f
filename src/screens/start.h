/* SPDX-License-Identifier: EUPL-1.2
 *
 * What start.c and start_draw.c share: the state of Start.
 */
#ifndef ENFRAGA_SCREENS_START_H
#define ENFRAGA_SCREENS_START_H

#include "screens/session.h"
#include "tui/form.h"
#include "tui/list.h"

enum { GATE_PASSPHRASE, GATE_SUPPORT, GATE_FIELDS };

struct start {
    struct list list;
    int *order; /* owned: places in client_case_list, newest first */
    bool known; /* the list has come */
    bool found; /* the list is what a search gave */
    char here[ARENDE_MAX + 1]; /* selected */
    struct field search_field;
    struct form search;
    bool failed;    /* the own cases could not be fetched */
    bool searching; /* the search field is active */
    bool probed;
    bool told; /* the note about the key or the försäkran's end was given */
    struct field gate_fields[GATE_FIELDS];
    struct form gate;
};

/* The case of a row of the list, or NULL. Borrowed. */
const struct client_case *start_case(struct app *app, const struct start *s,
                                     int row);

/* Before the session is open: the passphrase's form. */
void start_gate_init(struct start *s);
enum act_result start_gate_act(struct app *app, struct start *s,
                               const struct act *act);
void start_gate_draw(struct app *app, const struct start *s,
                     const struct pane *p);
void start_before_draw(struct app *app, const struct pane *p);

/* F3 on Start. */
void start_end(struct app *app, const struct start *s);

void start_draw(struct app *app, void *self, const struct pane *body);

/* "svar klart", "2 kontroll.", "fråga" ...: what there is to do. */
void start_todo(struct app *app, const struct client_case *k, char *out,
                int size);

/* Of screen_ops. */
const char *start_help(struct app *app, void *self);
void start_head(struct app *app, void *self, struct head *h);

#endif
