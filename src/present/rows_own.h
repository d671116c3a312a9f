/* SPDX-License-Identifier: EUPL-1.2
 *
 * What the files that make rows share. Not for others.
 */
#ifndef ENFRAGA_PRESENT_ROWS_OWN_H
#define ENFRAGA_PRESENT_ROWS_OWN_H

#include "present/rows.h"

struct rows *rows_new(void);

/* A new last row with empty texts; valid until the next. */
struct row *rows_add(struct rows *r, enum row_kind kind, enum source_id s,
                     int person);
void rows_heading(struct rows *r, enum source_id s, const char *label);
void rows_note(struct rows *r, const char *text);

/* Text in the rows' arena; "" where there is no room. */
const char *rows_printf(struct rows *r, const char *fmt, ...)
    __attribute__((format(printf, 2, 3)));

/* "4 920 kr", with öre where the options say so; "okänt" when not given. */
const char *rows_kronor(struct arena *a, struct money m,
                        const struct rows_options *o);
/* "1,2 s", "30 s". */
void rows_seconds(int ms, char out[16]);
/* First letter small, for use inside a sentence. */
const char *rows_small(struct arena *a, const char *s);
/* "mat, dryck": the next word of a list. */
const char *rows_join(struct arena *a, const char *list, const char *word);

/* The parts of a pane (rows_pane.c uses the others). */
void rows_add_state(struct rows *r, const struct answer *a, enum source_id s,
                    int person, const struct rows_options *o);
void rows_add_payment(struct rows *r, enum row_kind kind,
                      const struct payment *p, int person, bool details,
                      const struct rows_options *o);
void rows_add_decision(struct rows *r, const struct decision *d, int person,
                       const struct rows_options *o);
bool rows_decision_ended(const struct decision *d, struct date today);
/* All facts under f. */
void rows_add_facts(struct rows *r, const struct fact *f, enum source_id s,
                    int person, int indent, const struct rows_options *o);
/* The facts that a pane names, and what nobody knew. */
void rows_add_named(struct rows *r, const struct answer *a, enum source_id s,
                    const struct rows_options *o);
/* "" where there is nothing to conclude. */
const char *rows_conclusion(struct rows *r, const struct answer *a,
                            enum source_id s, const struct rows_options *o);
/* Why a benefit did not come, in words; the source's own word otherwise. */
const char *rows_reason(struct rows *r, const struct missing *m,
                        enum source_id s);
/* The overview's checks, months and notes. */
void rows_add_overview(struct rows *r, const struct overview *v);
/* First leaf of that name anywhere under f, or NULL. */
const char *rows_find(const struct fact *f, const char *name);
/* The contract's name in words: "SenasteAktivitetsRapportDatum". */
const char *rows_field(struct arena *a, const char *name);

#endif
