/* SPDX-License-Identifier: EUPL-1.2
 *
 * What the readers of LEFI's two models share: codes in words, amounts and
 * extents in FK's form.
 */
#ifndef ENFRAGA_WIRE_LEFI_OWN_H
#define ENFRAGA_WIRE_LEFI_OWN_H

#include "wire/json.h"
#include "wire/part.h"

/* A code in words: the source's own, else those of codes_fk.def for the
 * member that holds it (`member`: of formansinformation, or NULL), else the
 * code itself. FK's {id, beskrivning}, PM's {kod, beskrivning} or a bare
 * text; NULL where there is nothing. */
const char *lefi_words(struct part *p, const char *member, const cJSON *code);

const char *lefi_id(struct part *p, const cJSON *code); /* FK's; or NULL */

/* Belopp {summa, valuta}; what cannot be read is evidence. */
struct money lefi_amount(struct part *p, struct payment *pay,
                         const cJSON *belopp);

/* Omfattning {taljare, namnare} as percent; 0/0 is "not set": NULL. */
const char *lefi_extent(struct part *p, const cJSON *o);

/* One member of formansinformation that is neither payments nor the person:
 * matters with their decisions, SGI, programme, levnadsintyg and debt as
 * decisions, else data that counts and is shown among the facts. */
void lefi_fk_member(struct part *p, const cJSON *m);

#endif
