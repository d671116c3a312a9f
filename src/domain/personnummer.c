/* SPDX-License-Identifier: EUPL-1.2 */
#include "config.h"

#include "domain/personnummer.h"

#include "base/i18n.h"
#include "base/mem.h"

#include <stdio.h>
#include <string.h>

static bool
all_digits(const char *s, size_t n)
{
    return strspn(s, "0123456789") >= n;
}

/* The check digit over ten digits: doubled digits count by digit sum. */
static bool
luhn(const char *ten)
{
    int sum = 0;
    for (int i = 0; i < 10; i++) {
        int d = (ten[i] - '0') * (i % 2 == 0 ? 2 : 1);
        sum += d > 9 ? d - 9 : d;
    }
    return sum % 10 == 0;
}

static struct date
date_in(const char *twelve)
{
    int d[8];
    for (int i = 0; i < 8; i++)
        d[i] = twelve[i] - '0';
    int day = d[6] * 10 + d[7];
    return (struct date){(int16_t)(d[0] * 1000 + d[1] * 100 + d[2] * 10 + d[3]),
                         (int8_t)(d[4] * 10 + d[5]),
                         (int8_t)(day > 60 ? day - 60 : day)};
}

bool
personnummer_ok(const char *twelve)
{
    return strlen(twelve) == 12 && all_digits(twelve, 12) &&
           date_ok(date_in(twelve)) && luhn(twelve + 2);
}

/* What is typed, without spaces and with one kind of dash; false if it has
 * anything else or is too long. */
static bool
squeeze(char out[16], const char *typed)
{
    size_t n = 0;
    while (*typed) {
        unsigned char c = (unsigned char)*typed;
        size_t step = 1;
        char keep = 0;
        if (c == '-' || c == '+' || (c >= '0' && c <= '9')) {
            keep = (char)c;
        } else if (!strncmp(typed, "\xc2\xa0", 2)) { /* no-break space */
            step = 2;
        } else if (!strncmp(typed, "\xe2\x80\x90", 3) || /* hyphen */
                   !strncmp(typed, "\xe2\x80\x91", 3) || /* no-break hyphen */
                   !strncmp(typed, "\xe2\x80\x93", 3) || /* en dash */
                   !strncmp(typed, "\xe2\x88\x92", 3)) { /* minus */
            step = 3;
            keep = '-';
        } else if (!strchr(" \t\r\n", c)) {
            return false;
        }
        if (keep) {
            if (n == 15)
                return false;
            out[n++] = keep;
        }
        typed += step;
    }
    out[n] = '\0';
    return true;
}

/* The year that two digits and a sign name: '+' from the calendar year in
 * which the person turns 100 (18 § folkbokföringslagen). */
static int
year_of(int two, char sign, int this_year)
{
    int year = this_year - ((this_year - two) % 100 + 100) % 100;
    return sign == '+' ? year - 100 : year;
}

static enum err_code
check(const char *twelve, struct date today, struct err *e)
{
    struct date d = date_in(twelve);
    if (!date_ok(d))
        return err_set(e, ERR_PERSONNUMMER, _("the day does not exist"));
    if (date_compare(d, today) > 0)
        return err_set(e, ERR_PERSONNUMMER, _("the day has not come yet"));
    if (!luhn(twelve + 2))
        return err_set(e, ERR_PERSONNUMMER, _("the check digit is wrong"));
    return ERR_OK;
}

enum err_code
personnummer_read(struct personnummer *p, const char *typed, struct date today,
                  struct err *e)
{
    char s[16] = "", twelve[13] = "";
    bool fits = squeeze(s, typed);
    size_t n = strlen(s);
    enum err_code code = ERR_OK;
    if (fits && n == 12 && all_digits(s, 12)) {
        memcpy(twelve, s, 13);
    } else if (fits && n == 13 && all_digits(s, 8) && s[8] == '-' &&
               all_digits(s + 9, 4)) {
        snprintf(twelve, sizeof twelve, "%.8s%.4s", s, s + 9);
    } else if (fits && n == 11 && all_digits(s, 6) &&
               (s[6] == '-' || s[6] == '+') && all_digits(s + 7, 4)) {
        int year = year_of((s[0] - '0') * 10 + s[1] - '0', s[6], today.year);
        snprintf(twelve, sizeof twelve, "%04u%.4s%.4s", (unsigned)year % 10000,
                 s + 2, s + 7);
    } else if (fits && n == 10 && all_digits(s, 10)) {
        int two = (s[0] - '0') * 10 + s[1] - '0';
        code = err_set(e, ERR_PERSONNUMMER,
                       _("ten digits have two readings: %d (with -) or %d "
                         "(with +); write the whole year"),
                       year_of(two, '-', today.year),
                       year_of(two, '+', today.year));
    } else {
        code = err_set(e, ERR_PERSONNUMMER,
                       _("write twelve digits, or ten with - or +"));
    }
    if (code == ERR_OK)
        code = check(twelve, today, e);
    if (code == ERR_OK)
        memcpy(p->digits, twelve, sizeof p->digits);
    mem_wipe(s, sizeof s);
    mem_wipe(twelve, sizeof twelve);
    return code;
}

bool
personnummer_samordning(const struct personnummer *p)
{
    return p->digits[0] && p->digits[6] >= '6';
}

bool
personnummer_test(const struct personnummer *p)
{
    return p->digits[0] && p->digits[8] == '9' && p->digits[9] >= '8';
}

struct date
personnummer_date(const struct personnummer *p)
{
    return p->digits[0] ? date_in(p->digits) : (struct date){0};
}

int
personnummer_age(const struct personnummer *p, struct date day)
{
    struct date d = personnummer_date(p);
    int age = day.year - d.year;
    if (day.month < d.month || (day.month == d.month && day.day < d.day))
        age--;
    return age;
}

bool
personnummer_same(const struct personnummer *a, const struct personnummer *b)
{
    return a->digits[0] && !strcmp(a->digits, b->digits);
}

bool
personnummer_is_csn(const struct personnummer *p, const char *sekel,
                    const char *ten)
{
    if (!p->digits[0] || strlen(ten) != 10 || strcmp(p->digits + 2, ten) != 0)
        return false;
    if (!sekel || !sekel[strspn(sekel, " ")])
        return true;
    return strlen(sekel) == 2 && !strncmp(p->digits, sekel, 2);
}

enum err_code
orgnr_read(char out[13], const char *typed, struct err *e)
{
    char s[13];
    size_t n = 0;
    for (; *typed; typed++) {
        if (*typed == ' ' || *typed == '-')
            continue;
        if (n == 12 || *typed < '0' || *typed > '9')
            return err_set(e, ERR_BAD_INPUT,
                           _("an organisationsnummer has ten or twelve "
                             "digits"));
        s[n++] = *typed;
    }
    s[n] = '\0';
    const char *ten = s + (n == 12 ? 2 : 0);
    /* SSBTEK's token \d{4}[2-9]\d{7}: the third of the ten is 2-9. */
    if ((n != 10 && n != 12) || ten[2] < '2')
        return err_set(e, ERR_BAD_INPUT,
                       _("an organisationsnummer has ten or twelve digits"));
    if (!luhn(ten))
        return err_set(e, ERR_BAD_INPUT, _("the check digit is wrong"));
    snprintf(out, 13, "%s%s", n == 10 ? "16" : "", s);
    return ERR_OK;
}
