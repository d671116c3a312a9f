/* SPDX-License-Identifier: EUPL-1.2
 *
 * Personnummer (18 § folkbokföringslagen 1991:481), samordningsnummer (lag
 * 2022:1697: day + 60) and organisationsnummer (SSBTEK's token
 * \d{4}[2-9]\d{7}, 16 and ten digits). Held as twelve digits. The century is
 * never guessed: ten digits without a sign are taken only with one that the
 * caller states.
 */
#ifndef ENFRAGA_DOMAIN_PERSONNUMMER_H
#define ENFRAGA_DOMAIN_PERSONNUMMER_H

#include "base/err.h"
#include "domain/period.h"

#include <stdbool.h>

struct personnummer {
    char digits[13]; /* YYYYMMDDNNNC; "" where there is none */
};

/* Reads what a person types or pastes: 12 digits, or 10 with '-' or '+', with
 * spaces anywhere. `today` resolves a sign ('-': under 100 years, '+': 100 or
 * more). Ten digits without a sign are refused with a text that says which
 * two readings there are. ERR_PERSONNUMMER; never the number in e. */
enum err_code personnummer_read(struct personnummer *p, const char *typed,
                                struct date today, struct err *e);

/* Exactly twelve digits that hold (date, Luhn on the last ten). */
bool personnummer_ok(const char *twelve);

bool personnummer_samordning(const struct personnummer *p); /* day + 60 */
bool personnummer_test(const struct personnummer *p); /* birth no. 980-999 */

/* The date in the number; it need not be the birth date (DOMAIN 6.1). */
struct date personnummer_date(const struct personnummer *p);

/* Whole years from the number's date to `day`. */
int personnummer_age(const struct personnummer *p, struct date day);

bool personnummer_same(const struct personnummer *a,
                       const struct personnummer *b);

/* CSN's form: sekel "18".."20" and ten digits, against p. Blank sekel
 * compares the ten digits alone. */
bool personnummer_is_csn(const struct personnummer *p, const char *sekel,
                         const char *ten);

/* Twelve digits of an organisationsnummer whose last ten pass Luhn. Ten
 * digits (with or without '-') get 16 in front. ERR_BAD_INPUT. */
enum err_code orgnr_read(char out[13], const char *typed, struct err *e);

#endif
