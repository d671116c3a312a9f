/* SPDX-License-Identifier: EUPL-1.2 */
#include "config.h"

#include "domain/field.h"

#include <pthread.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

static const struct field rows[] = {
#define FIELD(s, p, n, k, m, l)                                                \
    {.source = SOURCE_##s,                                                     \
     .parent = p,                                                              \
     .name = n,                                                                \
     .kind = FIELD_##k,                                                        \
     .many = m,                                                                \
     .label = l},
#include "domain/fields.def"
#include "domain/fields_fk.def"
#undef FIELD
};

enum { N_ROWS = sizeof rows / sizeof *rows, N_SLOTS = 2048 };
_Static_assert(N_ROWS * 2 < N_SLOTS, "fields.def has outgrown its index");

static uint16_t slots[N_SLOTS]; /* row + 1, by source and name */
static pthread_once_t once = PTHREAD_ONCE_INIT;

static unsigned
hash(enum source_id source, const char *name)
{
    unsigned h = 2166136261u ^ (unsigned)source;
    for (; *name; name++)
        h = (h ^ (unsigned char)*name) * 16777619u;
    return (h ^ h >> 15) & (N_SLOTS - 1);
}

static void
fill(void)
{
    for (int i = 0; i < N_ROWS; i++) {
        unsigned at = hash(rows[i].source, rows[i].name);
        while (slots[at])
            at = (at + 1) & (N_SLOTS - 1);
        slots[at] = (uint16_t)(i + 1);
    }
}

static const struct field *
find(enum source_id source, const char *parent, const char *name)
{
    const struct field *anywhere = NULL;
    for (unsigned at = hash(source, name); slots[at];
         at = (at + 1) & (N_SLOTS - 1)) {
        const struct field *f = &rows[slots[at] - 1];
        if (f->source != source || strcmp(f->name, name) != 0)
            continue;
        if (!parent || !strcmp(f->parent, parent))
            return f;
        if (!*f->parent)
            anywhere = f;
    }
    return anywhere;
}

const struct field *
field_row(enum source_id source, const char *parent, const char *name)
{
    pthread_once(&once, fill);
    if (source == SOURCE_PM)
        source = SOURCE_FK;
    const struct field *f = find(source, parent, name);
    return f || !parent ? f : find(SOURCE_ANY, parent, name);
}

const char *
field_label(enum source_id source, const char *parent, const char *name)
{
    const struct field *f = field_row(source, parent, name);
    return f ? f->label : name;
}

const struct field *
field_at(int i)
{
    return i >= 0 && i < N_ROWS ? &rows[i] : NULL;
}
