/* SPDX-License-Identifier: EUPL-1.2
 *
 * The rows of codecs.def and requests.def.
 */
#ifndef ENFRAGA_WIRE_CODEC_H
#define ENFRAGA_WIRE_CODEC_H

#include "domain/source.h"

#include <stdbool.h>

struct codec {
    const char *ns, *ns2;            /* "" where there is none */
    const char *request, *answer;    /* "": JSON */
    const char *fault, *code, *text; /* in detail; "" where none is declared */
    bool loose;                      /* the answer's namespace differs */
};

enum ask_fact {            /* what an element of a request holds */
                ASK_GROUP, /* elements */
                ASK_TRUE,
                ASK_ORGNR,
                ASK_NAMN,
                ASK_HANDLAGGARE,
                ASK_ARENDE,
                ASK_ID,
                ASK_FROM,
                ASK_TOM,
                ASK_SYFTE,
                ASK_LAGTEXT,
                ASK_BITRADE_ORGNR,
                ASK_BITRADE_NAMN,
                ASK_PERSON, /* twelve digits */
                ASK_SEKEL,  /* the first two of them */
                ASK_TEN,    /* the other ten */
                ASK_FORFRAGAN,
                ASK_COUNT
};

enum { CODEC_FORFRAGAN = SOURCE_COUNT, CODEC_COUNT };

struct ask_row {
    int of; /* source or CODEC_FORFRAGAN */
    int depth;
    const char *name;
    enum ask_fact fact;
};

/* The codec of a source, or CODEC_FORFRAGAN. */
const struct codec *codec_row(int of);

/* The rows of one request in order; NULL after the last. */
const struct ask_row *ask_first(int of);
const struct ask_row *ask_next(const struct ask_row *r);

#endif
