/* SPDX-License-Identifier: EUPL-1.2
 *
 * What each authority answers, and the envelope around it: SSBTEK's (answer.c)
 * or its own (direct.c). Pure: the same question on the same day gives the same
 * bytes.
 */
#ifndef ENFRAGA_TRAINING_ANSWER_H
#define ENFRAGA_TRAINING_ANSWER_H

#include "base/buf.h"
#include "training/asked.h"
#include "training/cast.h"
#include "training/fault.h"

#include <stdbool.h>

enum { ANSWER_MAX = 1 << 20 };

/* One question, seen from the authority that is asked. */
struct scene {
    const struct asked *asked;
    const struct cast_person *person; /* NULL: the number is not known */
    enum cast_id rows;  /* whose rows are told; CAST_COUNT: none */
    const char *number; /* the number that the answer names */
    struct month month; /* the period ends in it */
    struct date today;
    enum fault fault;
    const char *part; /* what a partial answer lacks, "" the usual */
};

/* Sets the scene. `today` decides what has been paid. */
void scene_set(struct scene *s, const struct asked *q, enum fault fault,
               const char *part, struct date today);

/* Is the day within the source's period, and has it come? */
bool scene_in_period(const struct scene *s, struct date d);
bool scene_has_come(const struct scene *s, struct date d); /* none: yes */

/* The whole answer, SSBTEK's envelope or what the authority itself sends, by
 * how it was asked; faults that are in the bytes (cut off, garbled, base64) are
 * made too. Not for TIMEOUT and HTTP500. Its HTTP status. */
int answer_write(struct buf *out, const struct scene *s);
const char *answer_type(const struct asked *q); /* its content type */

/* The answer to testaBastjanstInformation; a source in `failing` says so. */
void answer_write_test(struct buf *out, enum kontrakt kontrakt,
                       source_set failing);

/* A SOAP fault: no authority answered. Without a felkod it has no detail. */
void answer_write_fault(struct buf *out, enum kontrakt kontrakt,
                        const char *felkod, const char *felmeddelande);

/* An error of the authority itself: felkod and text, BT. */
void answer_error(struct buf *out, const char *kalla, const char *felkod,
                  const char *felmeddelande);

/* What an authority's own service says of a request that is not one. */
int answer_write_refusal(struct buf *out, enum source_id source,
                         const char *why);

/* What LEFI lets this actor ask (WIRE 7). */
void answer_write_kinds(struct buf *out);

/* The authority's own answer to a direct question; its HTTP status. */
int direct_write(struct buf *out, const struct scene *s);

/* What ERROR_BT and ERROR_SSBT say. */
#define ERROR_BT_TEXT "Ett tekniskt fel har inträffat. Försök senare."
#define ERROR_SSBT_TEXT                                                        \
    "Tidsgränsen för anropet till bastjänsten har passerats."

/* Parts that the envelope of direct answers shares with others. */
void answer_soap_begin(struct buf *out), answer_soap_end(struct buf *out);

/* The writers of authorities.def: what the authority says, without its
 * envelope; or a felkod, and why in *text. */
typedef const char *write_fn(struct buf *out, const struct scene *s,
                             const char **text);
enum form { FORM_ELEMENTS, FORM_DOCUMENT, FORM_JSON };
struct authority {
    const char *name; /* element under svarsdata */
    bool test;        /* has a test service */
    write_fn *write;
    enum form form;
    const char *root, *spaces;
};
extern const struct authority authorities[SOURCE_COUNT];
#define AUTHORITY(source, ms, more, test, write, ...) write_fn write;
#include "training/authorities.def"
#undef AUTHORITY

/* SKV's parts in v11; failures in the form that the contract has for them. */
void skv_write_parts(struct buf *out, const struct scene *s);
void csn_failure(struct buf *out, const char *code, const char *text);
void tns_failure(struct buf *out, int felkod, const char *feltext);

/* PM's lists of LEFI's answer, inside FK's. `wants` tells the codes asked. */
struct put_json;
struct lefi_asked;
void pm_lists(struct put_json *j, const struct scene *s,
              const struct lefi_asked *q);

#endif
