/* SPDX-License-Identifier: EUPL-1.2
 *
 * Calendar dates, months and periods (both ends included), without zones: a
 * date with a zone offset counts as its calendar date (WIRE 5.7).
 */
#ifndef ENFRAGA_DOMAIN_PERIOD_H
#define ENFRAGA_DOMAIN_PERIOD_H

#include "base/err.h"

#include <stdbool.h>
#include <stdint.h>

struct date {
    int16_t year;
    int8_t month, day; /* all 0: no date */
};

struct month {
    int16_t year;
    int8_t month; /* all 0: no month */
};

struct period {
    struct date from, to;
};

/* "2026-11-24", also with a zone ("+01:00", "Z") or a time behind. */
bool date_read(struct date *d, const char *s);
bool date_ok(struct date d); /* a day that exists, year 1..9999 */
bool date_none(struct date d);
int date_compare(struct date a, struct date b);
int64_t date_days(struct date d); /* since 1970-01-01 */
struct date date_of_days(int64_t days);
struct date date_add(struct date d, int days);
struct date date_today(void); /* Swedish, by base/clock */
void date_text(struct date d, char out[11]); /* "" for none */

/* "yyyyMMdd" (CSN); "0" and blanks are no date and read as true, none. */
bool date_read_csn(struct date *d, const char *s);

/* "yyyyWW": Monday of the ISO week; its Sunday is six days on. */
bool date_read_week(struct date *monday, const char *s);

bool month_read(struct month *m, const char *s); /* "2026-11" */
void month_text(struct month m, char out[8]);
struct month month_of(struct date d);
struct month month_add(struct month m, int n);
int month_compare(struct month a, struct month b);
struct date month_first(struct month m);
struct date month_last(struct month m);

bool period_ok(struct period p); /* both ends are dates, from <= to */
bool period_overlaps(struct period a, struct period b);
bool period_covers(struct period p, struct date d);
int period_days(struct period p);

/* M-2 .. M: first day of M-2 to last day of M (INCOME 2). */
struct period period_of_application(struct month m);

/* Longer than LEFI takes: more than two years (WIRE 7). */
bool period_over_two_years(struct period p);

/* The school term(s) that the period touches: 01-01..06-30, 07-01..12-31. */
struct period period_term(struct period p);

/* What --period takes: "A..B" (dates), or "3m", "12m": so many whole months,
 * the last one today's. ERR_PERIOD. */
enum err_code period_read(struct period *p, const char *s, struct date today,
                          struct err *e);

#endif
