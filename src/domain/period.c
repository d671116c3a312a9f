/* SPDX-License-Identifier: EUPL-1.2 */
#include "config.h"

#include "domain/period.h"

#include "base/clock.h"
#include "base/i18n.h"

#include <stdio.h>
#include <string.h>

enum { EPOCH_DAYS = 719162 }; /* 0001-01-01 to 1970-01-01 */

static bool
leap(int year)
{
    return (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
}

static int
days_in(int year, int month)
{
    static const int8_t days[] = {31, 28, 31, 30, 31, 30,
                                  31, 31, 30, 31, 30, 31};
    if (month < 1 || month > 12) /* no month has no days */
        return 0;
    return month == 2 && leap(year) ? 29 : days[month - 1];
}

/* n digits at s; -1 if they are not all digits. */
static int
number(const char *s, int n)
{
    int v = 0;
    for (int i = 0; i < n; i++) {
        if (s[i] < '0' || s[i] > '9')
            return -1;
        v = v * 10 + (s[i] - '0');
    }
    return v;
}

bool
date_ok(struct date d)
{
    return d.year >= 1 && d.year <= 9999 && d.month >= 1 && d.month <= 12 &&
           d.day >= 1 && d.day <= days_in(d.year, d.month);
}

bool
date_none(struct date d)
{
    return !d.year && !d.month && !d.day;
}

/* "", "Z", "+01:00": what xsd:date lets stand behind a date. */
static const char *
skip_zone(const char *s)
{
    if (*s == 'Z')
        return s + 1;
    if (*s != '+' && *s != '-')
        return s;
    if (number(s + 1, 2) < 0 || number(s + 1, 2) > 14 || s[3] != ':' ||
        number(s + 4, 2) < 0 || number(s + 4, 2) > 59)
        return NULL;
    return s + 6;
}

/* "T14:32", "T14:32:07", "T14:32:07.123"; s as it is where there is none. */
static const char *
skip_time(const char *s)
{
    if (*s != 'T')
        return s;
    if (number(s + 1, 2) < 0 || s[3] != ':' || number(s + 4, 2) < 0)
        return NULL;
    s += 6;
    if (*s == ':') {
        if (number(s + 1, 2) < 0)
            return NULL;
        s += 3;
    }
    if (*s == '.') {
        s++;
        if (number(s, 1) < 0)
            return NULL;
        s += strspn(s, "0123456789");
    }
    return s;
}

bool
date_read(struct date *d, const char *s)
{
    static const char space[] = " \t\r\n";
    s += strspn(s, space);
    if (number(s, 4) < 0 || s[4] != '-' || number(s + 5, 2) < 0 ||
        s[7] != '-' || number(s + 8, 2) < 0)
        return false;
    struct date got = {.year = (int16_t)number(s, 4),
                       .month = (int8_t)number(s + 5, 2),
                       .day = (int8_t)number(s + 8, 2)};
    s = skip_time(s + 10);
    s = s ? skip_zone(s) : NULL;
    if (!s || s[strspn(s, space)] || !date_ok(got))
        return false;
    *d = got;
    return true;
}

bool
date_read_csn(struct date *d, const char *s)
{
    s += strspn(s, " ");
    size_t n = strspn(s, "0123456789");
    if (s[n + strspn(s + n, " ")])
        return false;
    if (strspn(s, "0") == n) {
        *d = (struct date){0};
        return true;
    }
    if (n != 8)
        return false;
    struct date got = {.year = (int16_t)number(s, 4),
                       .month = (int8_t)number(s + 4, 2),
                       .day = (int8_t)number(s + 6, 2)};
    if (!date_ok(got))
        return false;
    *d = got;
    return true;
}

/* Monday of week 1 (ISO 8601): the week that holds 4 January. */
static int64_t
first_monday(int year)
{
    int64_t fourth = date_days((struct date){(int16_t)year, 1, 4});
    return fourth - (fourth + EPOCH_DAYS) % 7; /* 0001-01-01 is a Monday */
}

bool
date_read_week(struct date *monday, const char *s)
{
    s += strspn(s, " ");
    int year = number(s, 4), week = year < 0 ? -1 : number(s + 4, 2);
    if (year < 1 || year > 9998 || week < 1 || s[6 + strspn(s + 6, " ")])
        return false;
    int64_t day = first_monday(year) + 7 * (week - 1);
    if (day >= first_monday(year + 1))
        return false;
    *monday = date_of_days(day);
    return true;
}

int
date_compare(struct date a, struct date b)
{
    if (a.year != b.year)
        return a.year < b.year ? -1 : 1;
    if (a.month != b.month)
        return a.month < b.month ? -1 : 1;
    return a.day == b.day ? 0 : a.day < b.day ? -1 : 1;
}

int64_t
date_days(struct date d)
{
    int64_t y = d.year - 1;
    int64_t days = y * 365 + y / 4 - y / 100 + y / 400;
    for (int m = 1; m < d.month; m++)
        days += days_in(d.year, m);
    return days + d.day - 1 - EPOCH_DAYS;
}

struct date
date_of_days(int64_t days)
{
    int64_t left = days + EPOCH_DAYS; /* days since 0001-01-01 */
    if (left < 0 || left > 3652058)   /* 9999-12-31 */
        return (struct date){0};
    int year = (int)(left / 366) + 1; /* never too late */
    int64_t start = date_days((struct date){(int16_t)year, 1, 1});
    while (days - start >= (leap(year) ? 366 : 365))
        start += leap(year++) ? 366 : 365;
    int day = (int)(days - start), month = 1;
    while (day >= days_in(year, month))
        day -= days_in(year, month++);
    return (struct date){(int16_t)year, (int8_t)month, (int8_t)(day + 1)};
}

struct date
date_add(struct date d, int days)
{
    return date_of_days(date_days(d) + days);
}

struct date
date_today(void)
{
    char text[11];
    struct date d = {0};
    clock_date(clock_now_ms(), text);
    date_read(&d, text);
    return d;
}

/* The last n digits; an answer's text holds hundreds of dates, and printf
 * would take most of the time of writing them. */
static void
put_digits(char *out, unsigned value, int n)
{
    for (; n--; value /= 10)
        out[n] = (char)('0' + value % 10);
}

static void
put_month(char *out, struct month m)
{
    put_digits(out, (unsigned)m.year, 4);
    out[4] = '-';
    put_digits(out + 5, (unsigned)m.month, 2);
}

void
date_text(struct date d, char out[11])
{
    out[0] = '\0';
    if (!date_ok(d))
        return;
    put_month(out, (struct month){d.year, d.month});
    out[7] = '-';
    put_digits(out + 8, (unsigned)d.day, 2);
    out[10] = '\0';
}

bool
month_read(struct month *m, const char *s)
{
    int year = number(s, 4);
    if (year < 1 || s[4] != '-')
        return false;
    int month = number(s + 5, 2);
    if (month < 1 || month > 12 || s[7])
        return false;
    *m = (struct month){(int16_t)year, (int8_t)month};
    return true;
}

void
month_text(struct month m, char out[8])
{
    out[0] = '\0';
    if (!m.month)
        return;
    put_month(out, m);
    out[7] = '\0';
}

struct month
month_of(struct date d)
{
    return (struct month){d.year, d.month};
}

struct month
month_add(struct month m, int n)
{
    int all = m.year * 12 + m.month - 1 + n;
    return (struct month){(int16_t)(all / 12), (int8_t)(all % 12 + 1)};
}

int
month_compare(struct month a, struct month b)
{
    return date_compare(month_first(a), month_first(b));
}

struct date
month_first(struct month m)
{
    return (struct date){m.year, m.month, 1};
}

struct date
month_last(struct month m)
{
    return (struct date){m.year, m.month, (int8_t)days_in(m.year, m.month)};
}

bool
period_ok(struct period p)
{
    return date_ok(p.from) && date_ok(p.to) && date_compare(p.from, p.to) <= 0;
}

bool
period_overlaps(struct period a, struct period b)
{
    return date_compare(a.from, b.to) <= 0 && date_compare(b.from, a.to) <= 0;
}

bool
period_covers(struct period p, struct date d)
{
    return date_compare(p.from, d) <= 0 && date_compare(d, p.to) <= 0;
}

int
period_days(struct period p)
{
    return (int)(date_days(p.to) - date_days(p.from)) + 1;
}

struct period
period_of_application(struct month m)
{
    return (struct period){month_first(month_add(m, -2)), month_last(m)};
}

bool
period_over_two_years(struct period p)
{
    /* Both ends count, so two years from 1 March end on the last of
     * February. */
    struct date limit = p.from;
    limit.year += 2;
    return date_compare(p.to, limit) >= 0;
}

struct period
period_term(struct period p)
{
    struct period term = {{p.from.year, p.from.month < 7 ? 1 : 7, 1},
                          {p.to.year, p.to.month < 7 ? 6 : 12, 31}};
    if (term.to.month == 6)
        term.to.day = 30;
    return term;
}

enum err_code
period_read(struct period *p, const char *s, struct date today, struct err *e)
{
    size_t digits = strspn(s, "0123456789");
    if (digits >= 1 && digits <= 3 && !strcmp(s + digits, "m")) {
        int n = number(s, (int)digits);
        if (n < 1)
            return err_set(e, ERR_PERIOD, _("at least one month"));
        struct month last = month_of(today);
        *p = (struct period){month_first(month_add(last, 1 - n)),
                             month_last(last)};
        return ERR_OK;
    }
    const char *dots = strstr(s, "..");
    char from[11] = "";
    struct period got;
    if (!dots || dots - s != 10)
        return err_set(e, ERR_PERIOD,
                       _("write it as 2026-01-01..2026-06-30, 3m or 12m"));
    snprintf(from, sizeof from, "%.10s", s);
    if (strlen(dots + 2) != 10 || !date_read(&got.from, from) ||
        !date_read(&got.to, dots + 2))
        return err_set(e, ERR_PERIOD,
                       _("the period has a day that does not exist"));
    if (!period_ok(got))
        return err_set(e, ERR_PERIOD, _("the period ends before it begins"));
    *p = got;
    return ERR_OK;
}
