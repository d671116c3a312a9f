/* SPDX-License-Identifier: EUPL-1.2
 *
 * A request, read as strictly as its schema has it: to SSBTEK (WIRE 2), one
 * source or the test call; or to an authority in its own contract (WIRE 6, 7).
 */
#ifndef ENFRAGA_TRAINING_ASKED_H
#define ENFRAGA_TRAINING_ASKED_H

#include "base/err.h"
#include "base/mem.h"
#include "domain/kontrakt.h"
#include "domain/period.h"
#include "domain/source.h"

#include <stdbool.h>
#include <stddef.h>

enum asked_call { ASKED_TEST, ASKED_SOURCE };

struct asked {
    struct arena *arena; /* owned */
    enum asked_call call;
    enum source_id source;
    bool direct; /* in the authority's own contract */
    bool without_info, without_fund, without_decisions; /* AF's Inkludera */
    const char *tidpunkt, *korrelationsid;              /* or NULL */
    const char *orgnr, *namn, *handlaggare, *person, *arende;
    const char *bitrade_orgnr, *bitrade_namn; /* first one, or NULL */
    const char *syfte, *lagtext;
    struct date from, to;         /* the general period; direct: none for
                                     those that take none */
    struct date own_from, own_to; /* the source's, or the general */
    enum kontrakt kontrakt;
    skv_set skv;                           /* v11: parts of SKV */
    int years[2];                          /* v11: of SKV; 0: no second */
    const char *version, *aktorsid, *lefi; /* FK: decoded JSON; or NULL */
    size_t lefi_len;
};

/* ERR_INTERNAL: what v11 answers with "Internal error" alone, SKV without its
 * block. ERR_BAD_INPUT: not a question that SSBTEK would take; e says why,
 * without a word of the question. */
enum err_code asked_read(struct asked *a, const void *p, size_t n,
                         struct err *e);

/* The body of a request to one authority; for FK with the aktorsid of its path.
 * ERR_BAD_INPUT: not its request. (direct.c) */
enum err_code asked_read_direct(struct asked *a, enum source_id source,
                                const char *aktorsid, const void *p, size_t n,
                                struct err *e);
void asked_done(struct asked *a); /* wipes */

#endif
