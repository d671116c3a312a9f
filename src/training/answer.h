/* SPDX-License-Identifier: EUPL-1.2
 *
 * What each authority answers, and the envelope around it. Pure: the same
 * question on the same day gives the same bytes.
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

/* The whole SOAP envelope of the answer; faults that are in the bytes (cut
 * off, garbled, base64) are made too. Not for TIMEOUT and HTTP500. */
void answer_write(struct buf *out, const struct scene *s);

/* The answer to testaBastjanstInformation; a source in `failing` says so. */
void answer_write_test(struct buf *out, enum kontrakt kontrakt,
                       source_set failing);

/* A SOAP fault: no authority answered. Without a felkod it has no detail. */
void answer_write_fault(struct buf *out, enum kontrakt kontrakt,
                        const char *felkod, const char *felmeddelande);

/* An error of the authority itself: felkod and text, BT. */
void answer_error(struct buf *out, const char *kalla, const char *felkod,
                  const char *felmeddelande);

/* The writers of authorities.def: `data` with what is in it, or `error`. */
typedef void write_fn(struct buf *out, const struct scene *s);
#define AUTHORITY(source, ms, more, test, write) write_fn write;
#include "training/authorities.def"
#undef AUTHORITY

/* PM's lists of LEFI's answer, inside FK's. `wants` tells the codes asked. */
struct put_json;
struct lefi_asked;
void pm_lists(struct put_json *j, const struct scene *s,
              const struct lefi_asked *q);

#endif
