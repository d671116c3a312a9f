/* SPDX-License-Identifier: EUPL-1.2
 *
 * The fields of the sources' answers, as a table (fields.def, and LEFI's in
 * fields_fk.def): which element or member stands where, whether the contract
 * lets it come several times, what kind of value it is and its Swedish label.
 * The readers build `uppgifter` by it, the panes label by it. What a field
 * means for a payment or a state is the readers' own.
 */
#ifndef ENFRAGA_DOMAIN_FIELD_H
#define ENFRAGA_DOMAIN_FIELD_H

#include "domain/source.h"

#include <stdbool.h>

enum field_kind {
    FIELD_GROUP, /* holds other fields */
    FIELD_TEXT,
    FIELD_DATE, /* also a month, a week or a time */
    FIELD_MONEY,
    FIELD_NUMBER,
    FIELD_BOOL,
    FIELD_CODE,
    FIELD_PERSON, /* a personnummer or a part of one */
    FIELD_PLACE,  /* address, place, place of work (UX 8) */
};

/* SSBTEK's own fields, the same for every source. */
#define SOURCE_ANY SOURCE_COUNT

struct field {
    enum source_id source; /* PM's are FK's: one contract, LEFI */
    const char *parent;    /* element it stands in; "" for anywhere */
    const char *name;
    enum field_kind kind;
    bool many; /* the contract allows several */
    const char *label;
};

/* The row of a field that stands in `parent`: its own there, else the one for
 * anywhere, else SSBTEK's. NULL for the parent: any row of that name. NULL
 * where the contract knows none. */
const struct field *field_row(enum source_id source, const char *parent,
                              const char *name);

/* The same in two steps, for looking up several fields of one element. */
struct field_scope {
    unsigned rows[4]; /* where to look, in that order; 0: nowhere */
};
struct field_scope field_scope(enum source_id source, const char *parent);
const struct field *field_in(const struct field_scope *p, const char *name);

/* Swedish label of a field, or its own name where there is no row. */
const char *field_label(enum source_id source, const char *parent,
                        const char *name);

/* The i-th row of the table; NULL past the end. */
const struct field *field_at(int i);

#endif
