/* SPDX-License-Identifier: EUPL-1.2
 *
 * Who there is (cast.def), and days relative to the month asked about.
 */
#ifndef ENFRAGA_TRAINING_CAST_H
#define ENFRAGA_TRAINING_CAST_H

#include "domain/period.h"
#include "domain/source.h"
#include "training/fault.h"

#include <stdbool.h>
#include <stdint.h>

enum cast_id {
#define PERSON(id, ...) CAST_##id,
#include "training/cast.def"
    CAST_COUNT
};

enum cast_case {
#define CASE(id, ...) CAST_CASE_##id,
#include "training/cast.def"
    CAST_CASE_COUNT
};

struct cast_person {
    enum cast_case of;
    const char *roll, *number, *fornamn, *efternamn;
    const char *land, *gata, *postnummer, *ort;
    bool shielded;
    source_set strangers; /* sources that do not know the number */
};

const struct cast_person *cast_person(enum cast_id id);

/* The person with the number; CAST_COUNT if there is none. */
enum cast_id cast_find(const char *twelve);

/* What goes wrong for a person at a source; `part` as in cast.def. */
enum fault cast_fault(enum cast_id id, enum source_id source,
                      const char **part);

/* A day of a month so many months from another; {0, 0} is none. */
struct rel {
    int8_t month, day;
};
#define R(m, d)                                                                \
    {                                                                          \
        m, d                                                                   \
    }
#define NONE                                                                   \
    {                                                                          \
        0, 0                                                                   \
    }

bool rel_none(struct rel r);
struct date rel_date(struct month from, struct rel r); /* 31: the last day */

/* The same, moved back to a weekday: money comes on weekdays. */
struct date rel_payday(struct month from, struct rel r);

#endif
