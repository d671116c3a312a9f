/* SPDX-License-Identifier: EUPL-1.2
 *
 * What the parts of the overview share: months, rows and sums (overview*.c)
 * and what to check (checks*.c). Not for other modules.
 */
#ifndef ENFRAGA_DOMAIN_PICTURE_H
#define ENFRAGA_DOMAIN_PICTURE_H

#include "base/buf.h"
#include "domain/overview.h"

enum {
    CHECK_TEXT_MAX = 512,
    WINDOW_DAYS = 800, /* longest stretch looked at day by day */
    DATED_YEARS = 10   /* a date further from the period has no month */
};

/* The main period; that of the month where the question has none. */
struct period picture_period(const struct answer *a);

/* Period in which a source was asked; false if it was not or takes none. */
bool picture_asked(const struct answer *a, enum source_id id, struct period *p);

/* M of an answer: the question's month, else the month its period ends in. */
struct month picture_month(const struct answer *a);

/* An answer came and every part that did not come is named: what stands in
 * other rows can be compared. */
bool picture_firm(const struct answer *a, enum source_id id);

/* Not all of the source's benefits were asked for (LEFI codes chosen by hand):
 * what it has answered is not all that it pays. */
bool picture_narrow(const struct answer *a, enum source_id id);

/* A part reported missing is paid under this benefit's (folded) name too. */
bool picture_touched(struct overview *o, const struct answer *a,
                     enum source_id id, const char *folded);

/* Case-folded and without space at the ends, in the overview's arena. */
const char *picture_fold(struct overview *o, const char *s);
const char *picture_fold_in(struct arena *arena, const char *s);

void picture_rows(struct overview *o); /* overview_rows.c */

/* "FK Barnbidrag" has a name; SO's is the fund's. */
const char *picture_name(const struct month_row *r);

/* The cells of the row can be compared from month to month. */
bool picture_comparable(struct overview *o, const struct month_row *r);

/* A date that has a month of its own: within reason of the period. */
bool picture_dated(const struct answer *a, struct date d);

/* Paid, or nobody knows, on a day that was not told, or is out of reason: it
 * may belong to any month. */
bool picture_undated(const struct answer *a, const struct payment *p);

/* What a month without payments means for a source. */
enum cell_kind picture_empty(const struct answer *a, enum source_id id,
                             struct month m);

void picture_sums(struct overview *o); /* overview_sum.c */

/* Adds a check; `fact` is hashed into the key (NULL: the text). */
void check_add(struct overview *o, struct check c, const char *text,
               const char *fact);

/* "2026-11-02", or "11-02" where d is in the year that is asked about. */
void check_day(struct buf *b, const struct overview *o, int person,
               struct date d);
void check_days(struct buf *b, const struct overview *o, int person,
                struct date from, struct date to);

/* "4 920 kr"; with öre where `ore` is true. */
void check_kronor(struct buf *b, struct money m, bool ore);

/* Days that a payment is for; false where one end is not given. */
bool payment_days(const struct payment *p, struct period *out);

/* In the published order, each once. */
void checks_sort(struct overview *o);

void checks_of_months(struct overview *o, struct date today); /* checks.c */
void checks_of_seasons(struct overview *o, struct date today);
void checks_of_days(struct overview *o, struct date today); /* checks_days.c */
void checks_of_payments(struct overview *o); /* checks_payment.c */
void checks_of_facts(struct overview *o, struct date today); /* checks_fact.c */

#endif
