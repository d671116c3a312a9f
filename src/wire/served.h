/* SPDX-License-Identifier: EUPL-1.2
 *
 * SSBTEK as it is served (WIRE 2-4): a call, read as strictly as the service's
 * schema has it. Pure. Who may ask, and what a question leads to, are the
 * caller's; what goes back is compile's.
 */
#ifndef ENFRAGA_WIRE_SERVED_H
#define ENFRAGA_WIRE_SERVED_H

#include "base/err.h"
#include "base/mem.h"
#include "domain/kontrakt.h"
#include "domain/period.h"
#include "domain/source.h"
#include "wire/xml.h"

#include <stdbool.h>
#include <stddef.h>

enum served_call { SERVED_ASK, SERVED_TEST };
enum { SERVED_YEARS = 8, SERVED_MAX = 256 << 10 };

/* Of a question, also where it is read again to be sent back. */
extern const struct xml_limits served_limits;

struct served {
    struct arena *arena; /* owned; the texts lie there */
    enum served_call call;
    enum kontrakt kontrakt;                /* KONTRAKT_COUNT while not known */
    bool echo;                             /* fraganSkallInkluderasISvaret */
    const char *tidpunkt, *korrelationsid; /* or NULL */
    const char *orgnr, *namn, *handlaggare, *person, *arende;
    const char *bitrade_orgnr, *bitrade_namn; /* first one, or NULL */
    int bitraden;
    const char *syfte, *lagtext;
    struct period period; /* the general one; zones are dropped */
    source_set sources;   /* included, may be none; SOURCE_PM is FK's */
    struct period own[SOURCE_COUNT]; /* AF CSN SO TNS; none: the general */
    bool fk_fraga;                   /* FK has its block */
    const char *version, *aktorsid;  /* FK; or NULL */
    const char *lefi;                /* FK: decoded JSON, or NULL */
    size_t lefi_len;
    skv_set skv; /* v11: parts of SKV */
    int years[SERVED_YEARS], n_years;
};

/* Reads a whole request; `kontrakt` is the only version that is taken, or
 * KONTRAKT_COUNT for any. ERR_INTERNAL: what v11 answers with "Internal error"
 * alone, SKV without its block. ERR_TOO_BIG and ERR_BAD_INPUT: not a question
 * that SSBTEK would take; e names the element, and nothing of the question.
 * What had been read by then is in *s. */
enum err_code served_read(struct served *s, enum kontrakt kontrakt,
                          const void *p, size_t n, struct err *e);
void served_done(struct served *s); /* wipes */

/* FK's codes of s->lefi, each in its lists, as question.lefi has them.
 * ERR_BAD_INPUT where it asks about another person or period
 * than s, or what enfraga does not know of. */
enum err_code served_lefi(const struct served *s, char *out, size_t size,
                          struct err *e);

#endif
