/* SPDX-License-Identifier: EUPL-1.2
 *
 * The LEFI codes that FK can be asked (WIRE 7.1) as a table: name, who
 * answers, which of the question's six lists a code belongs to and which
 * syften need it. Turning them into JSON is wire's.
 */
#ifndef ENFRAGA_DOMAIN_LEFI_H
#define ENFRAGA_DOMAIN_LEFI_H

#include "domain/source.h"

#include <stdbool.h>
#include <stddef.h>

/* The lists of the question, in the contract's order; bits. */
enum lefi_list {
    LEFI_FORMANSINFORMATION = 1 << 0,
    LEFI_ANSPRAK = 1 << 1,
    LEFI_BESLUT = 1 << 2,
    LEFI_PRELIMINARA = 1 << 3,
    LEFI_UTBETALNINGAR = 1 << 4,
    LEFI_OVRIG = 1 << 5,
    LEFI_LISTS = 6
};

struct lefi_code {
    const char *kod;       /* "FK:ABB" */
    const char *namn;      /* "Barnbidrag" */
    enum source_id source; /* SOURCE_FK or SOURCE_PM: who answers */
    unsigned lists;        /* bits of enum lefi_list */
    unsigned syften;       /* 1u << enum syfte */
};

/* The table and its length. */
const struct lefi_code *lefi_codes(size_t *n);

/* The row of a code; NULL if there is none (NULL has none). */
const struct lefi_code *lefi_code(const char *kod);

/* Walks a question's `lefi`: the next row, or NULL at the end or at a word
 * that is no code (then *at stands on it). Start with *at = q->lefi. A code is
 * asked in every list that takes it, or in those whose places in the contract
 * (1 to 6) stand after a slash, "PM:AP/25": they come in *lists (or NULL). */
const struct lefi_code *lefi_next(const char **at, unsigned *lists);

/* A code as it stands in `lefi`, with a slash where it is not asked in every
 * list that takes it. As snprintf. */
int lefi_word(char *out, size_t size, const struct lefi_code *c,
              unsigned lists);

/* The sources whose codes stand in it. */
source_set lefi_sources(const char *lefi);

/* Known codes, in the table's order, each once, as lefi_word writes them, one
 * space between. */
bool lefi_canonical(const char *lefi);

/* The property's name in the question: "preliminaraUtbetalningar". */
const char *lefi_list_name(enum lefi_list one);

#endif
