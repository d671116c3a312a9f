/* SPDX-License-Identifier: EUPL-1.2
 *
 * What the codes of LEFI's answers mean in words (codes_fk.def), and which
 * codes are deductions (deductions.def). The words are what is shown where
 * the source sends a code without words of its own; they decide nothing. CSN
 * sends its own words, the others send none that are listed.
 */
#ifndef ENFRAGA_DOMAIN_CODE_H
#define ENFRAGA_DOMAIN_CODE_H

#include <stdbool.h>
#include <stddef.h>

struct code {
    const char *field; /* the member that holds the code */
    const char *code;
    const char *member; /* start of formansinformation's member; "" any */
    const char *words;
};

struct deduction {
    const char *kod, *namn;
    unsigned mark; /* enum payment_mark, or 0 */
    bool tax;
};

/* Words of a code in `field`, a deduction's too; `member` is the member of
 * formansinformation that it stands below, NULL where that is not known (then
 * only codes that mean the same everywhere have words). NULL where there are
 * none. */
const char *code_words(const char *member, const char *field, const char *code);

/* A deduction's kind by its code, FK's and PM's (WIRE 8.1, 8.2); NULL: not a
 * deduction. */
const struct deduction *deduction_by_code(const char *kod);

/* The tables, sorted by bytes, and their lengths. */
const struct code *code_rows(size_t *n);
const struct deduction *deduction_rows(size_t *n);

#endif
