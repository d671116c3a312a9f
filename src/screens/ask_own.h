/* SPDX-License-Identifier: EUPL-1.2
 *
 * Ny fråga between its three files: ask.c (fields and keys), ask_draw.c (how
 * it looks), ask_send.c (the questions, the extra reason, the legal ground).
 */
#ifndef ENFRAGA_SCREENS_ASK_OWN_H
#define ENFRAGA_SCREENS_ASK_OWN_H

#include "screens/parts.h"
#include "tui/form.h"

enum {
    ASK_MONTHS = 26, /* a coming month, this one, two years back */
    F_MONTH = 0,
    F_SYFTE = 1, /* SYFTE_COUNT radios, in the order of syftes[] */
    F_PERSON = F_SYFTE + SYFTE_COUNT,
    F_SOURCE = F_PERSON + GATHERED_PERSONS, /* SOURCE_COUNT ticks */
    F_COUNT = F_SOURCE + SOURCE_COUNT
};

struct ask_self {
    struct client_case kase; /* persons: own copy below */
    struct client_person person[GATHERED_PERSONS];
    struct field field[F_COUNT];
    struct form form;
    struct month month[ASK_MONTHS];
    char month_text[ASK_MONTHS][32];
    const char *values[ASK_MONTHS + 1];
    char who[GATHERED_PERSONS][80]; /* labels of the persons */
    bool touched;                   /* sources were chosen by hand */
};

/* The order that syften stand in on the screen. */
extern const enum syfte ask_syften[SYFTE_COUNT];

enum syfte ask_syfte(const struct ask_self *s);
struct month ask_month(const struct ask_self *s);
source_set ask_sources(const struct ask_self *s);
int ask_persons(const struct ask_self *s); /* ticked */
/* A child beside adults is asked of FK and CSN alone (UX 6). */
source_set ask_sources_of(const struct ask_self *s, int person);

void ask_draw(struct app *app, void *self, const struct pane *body);
void ask_send(struct app *app, struct ask_self *s);
/* v on a row: the ground, its paragraph and who confirmed it. */
void ask_why(struct app *app, const struct ask_self *s);

#endif
