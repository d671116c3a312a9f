/* SPDX-License-Identifier: EUPL-1.2
 *
 * What the answer's screens have in common: names of persons, row 2 and the
 * tabs, what is missing, cells of the months. Facts and words come from
 * present/rows; here they get their places.
 */
#ifndef ENFRAGA_SCREENS_PARTS_H
#define ENFRAGA_SCREENS_PARTS_H

#include "base/buf.h"
#include "present/rows.h"
#include "screens/gathered.h"
#include "tui/app.h"

enum who {
    WHO_FULL,  /* "Sökande", "Medsökande", "Elsa" */
    WHO_SHORT, /* "Sökande", "Medsök." */
    WHO_BRIEF, /* "Sök", "Med", "Els" */
    WHO_LOWER  /* "sökande", inside a sentence */
};
void parts_who(const struct gathered *g, int person, enum who form, char *out,
               int size);
/* The same of a household's person that nobody has asked about yet. */
void parts_who_of(const struct client_person *p, enum who form, char *out,
                  int size);
/* "Lindqvist, Maj-Britt" to "Maj-Britt". */
void parts_given_name(const char *namn, char *out, int size);

/* "EK-2026-00417  Sökande %  Medsökande +  Elsa ." */
void parts_strip(const struct gathered *g, char *out, int size);
/* "svar 11-24 14:32" */
void parts_when(const struct gathered *g, char *out, int size);
/* Row 2, tabs and banner of a one-person view; tab 0-9, or -1: none. */
void parts_head(const struct app *app, const struct gathered *g, int person,
                int tab, struct head *head);
/* The source of a tab 2-9, and back. */
enum source_id parts_tab_source(int tab);
int parts_source_tab(enum source_id s);

/* "Skatteverket (tidsgräns), FK bostadsbidrag (fel hos FK)" of one person;
 * nothing when all is here. */
void parts_missing(struct gathered *g, int person, struct buf *out);
/* A label inside a sentence: its first letter small. */
void parts_small(struct buf *out, const char *s);
/* "Två": number words up to twelve, then figures. */
void parts_number_word(int n, char *out, int size);
/* Standing message about what is missing, into the head. */
void parts_missing_message(struct gathered *g, struct head *head);

/* Options for rows about these answers: names, places, limit. */
void parts_rows_options(struct app *app, struct gathered *g, int person,
                        struct rows_options *o);

/* A cell of the months as text: "8 620", "0", "?", ".". */
void parts_cell(const struct month_cell *c, char out[32]);
/* The role of a cell's text: unknown has its own. */
enum role parts_role(const char *text);
/* Puts a cell's text so that it ends at column `end`. */
void parts_put_cell(const struct pane *p, int row, int end, const char *text);

/* A payment's period as given, in the years of the question without the year:
 * "10-26 - 11-06", "okt"; else as it came. "-" when there is none. */
void parts_span(const struct question *q, const char *fran, const char *till,
                char *out, int size);
/* "Skatteverket", "A-kassor": brief, but no abbreviation that needs a key. */
const char *parts_brief_source(enum source_id s);
/* "2026-09-01 - 2026-11-30" */
void parts_period(struct period p, char out[32]);
/* "November", then the year: "november 2026". */
void parts_month(struct month m, char out[32]);
/* "20 418": a number with spaces between thousands. */
void parts_number(uint64_t n, char out[32]);

#endif
