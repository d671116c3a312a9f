/* SPDX-License-Identifier: EUPL-1.2
 *
 * Which version of SSBTEK a question is put in, and which of Skatteverket's
 * parts v11 asks for (kontrakt.def). How they look on the wire is wire's.
 */
#ifndef ENFRAGA_DOMAIN_KONTRAKT_H
#define ENFRAGA_DOMAIN_KONTRAKT_H

#include "domain/period.h"

#include <stdbool.h>
#include <stdint.h>

enum kontrakt {
#define KONTRAKT(id, ...) KONTRAKT_##id,
#include "domain/kontrakt.def"
    KONTRAKT_COUNT
};

enum skv_part {
#define SKV_PART(id, number, ...) SKV_##id = number,
#include "domain/kontrakt.def"
    SKV_COUNT
};

typedef uint32_t skv_set; /* bits 1u << skv_part */
#define SKV_BIT(part) (1u << (part))
#define SKV_ALL ((1u << SKV_COUNT) - 1)

const char *kontrakt_word(enum kontrakt k);       /* "v11" */
const char *kontrakt_number(enum kontrakt k);     /* "11" */
enum kontrakt kontrakt_by_word(const char *word); /* KONTRAKT_COUNT if none */

const char *skv_word(enum skv_part p);       /* element, "skattekonto" */
const char *skv_label(enum skv_part p);      /* "Skattekonto" */
enum skv_part skv_by_word(const char *word); /* SKV_COUNT if none */

/* "skattekonto skatteuppgifter", in the contract's order; "" for none. */
void skv_set_text(skv_set set, char out[96]);
bool skv_set_read(skv_set *set, const char *list);

/* The years asked about: the two before the year of the period's end; false
 * where there are none. */
bool skv_years(struct period p, int years[2]);

#endif
