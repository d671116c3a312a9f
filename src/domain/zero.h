/* SPDX-License-Identifier: EUPL-1.2
 *
 * The zero rule (DESIGN 4): what proves that a source has answered, and that
 * it has nothing. `inga_uppgifter` is the only state that may count as zero,
 * so it is never the default: a decoder states what it saw as bits of
 * evidence, and the rows of zero.def, first that fits, give the state.
 */
#ifndef ENFRAGA_DOMAIN_ZERO_H
#define ENFRAGA_DOMAIN_ZERO_H

#include "domain/source.h"

#include <stdint.h>

/* Evidence a decoder gathers about one source. */
enum evidence {
    SEEN_ELEMENT = 1 << 0,   /* the source's element is in the answer */
    SEEN_ERROR = 1 << 1,     /* it holds `error` */
    SEEN_DATA = 1 << 2,      /* it holds `data` with something in it */
    SEEN_READ = 1 << 3,      /* the (inner) document could be read */
    SEEN_OK = 1 << 4,        /* the source's own code says all is well */
    SEEN_NOT_OK = 1 << 5,    /* the source's own code says it is not */
    SEEN_UNKNOWN = 1 << 6,   /* the source says it does not know the number */
    SEEN_PERSON = 1 << 7,    /* it names the person asked about */
    SEEN_OTHER = 1 << 8,     /* it names another person */
    SEEN_LIST = 1 << 9,      /* the list that proves emptiness is there; FK
                                and PM: the lists of all codes asked were
                                looked through (LEFI leaves out empty ones);
                                CSN: the counts; SKV in v11: each part
                                asked for says that it has nothing */
    SEEN_ROWS = 1 << 10,     /* data: at least one payment, decision, row */
    SEEN_GAP = 1 << 11,      /* a named part did not come */
    SEEN_UNREAD = 1 << 12,   /* unread members in a list that carries money */
    SEEN_UNSURE = 1 << 13,   /* says something else than "nothing decided",
                                counts differ, a list is full at its cap */
    SEEN_SAMORDNING = 1 << 14, /* the number asked about is a
                                  samordningsnummer */
    SEEN_BARRED = 1 << 15,   /* the source says we may not have it */
    SEEN_KNOWN = 1 << 16,    /* it shows that it knows the number: a name, an
                                entry of its own; an echo is no sign. Without
                                it an empty answer about a samordningsnummer
                                is unknown (CSN's Person and FK's GEPI are
                                signs by SEEN_PERSON) */
    SEEN_BITS = 17
};

/* The state that the evidence proves. */
enum source_state zero_state(enum source_id source, uint32_t evidence);

#endif
