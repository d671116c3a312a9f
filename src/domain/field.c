/* SPDX-License-Identifier: EUPL-1.2
 *
 * The table is looked into once for each member of an answer, so it has two
 * indexes, made at the first call: the scopes where fields stand (source and
 * element), and the fields of a scope by name.
 */
#include "config.h"

#include "domain/field.h"

#include "base/text.h"

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

/* Row + 1. A scope is known by the first row that stands in it. */
static uint16_t scopes[N_SLOTS], fields[N_SLOTS];
static uint16_t scope_of[N_ROWS], anywhere[SOURCE_ANY + 1];
static pthread_once_t once = PTHREAD_ONCE_INIT;

/* Of a short text, by its length and its ends: names differ there. */
static uint64_t
text_hash(const char *s)
{
    size_t n = strlen(s);
    uint64_t head = 0, tail = 0;
    if (n >= 8) {
        memcpy(&head, s, 8);
        memcpy(&tail, s + n - 8, 8);
    } else if (n >= 4) {
        memcpy(&head, s, 4);
        memcpy(&tail, s + n - 4, 4);
    } else if (n > 0) {
        memcpy(&head, s, 1);
        memcpy(&tail, s + n - 1, 1);
    }
    head = (head ^ n) * UINT64_C(0x9e3779b97f4a7c15);
    tail = (tail ^ head >> 29) * UINT64_C(0xbf58476d1ce4e5b9);
    return tail ^ tail >> 32;
}

static unsigned
slot(uint64_t hash, unsigned with)
{
    hash = (hash ^ with) * UINT64_C(0x94d049bb133111eb);
    return (unsigned)(hash >> 40) & (N_SLOTS - 1);
}

static unsigned
next(unsigned at)
{
    return (at + 1) & (N_SLOTS - 1);
}

/* The slot of a scope, or the free one that it gets. */
static unsigned
scope_slot(enum source_id source, const char *parent, uint64_t hash)
{
    unsigned at = slot(hash, source);
    for (; scopes[at]; at = next(at)) {
        const struct field *f = &rows[scopes[at] - 1];
        if (f->source == source && text_same(f->parent, parent))
            break;
    }
    return at;
}

static void
fill(void)
{
    for (int i = 0; i < N_ROWS; i++) {
        unsigned at = scope_slot(rows[i].source, rows[i].parent,
                                 text_hash(rows[i].parent));
        if (!scopes[at])
            scopes[at] = (uint16_t)(i + 1);
        if (!*rows[i].parent)
            anywhere[rows[i].source] = scopes[at];
        scope_of[i] = scopes[at];
        at = slot(text_hash(rows[i].name), scope_of[i]);
        while (fields[at])
            at = next(at);
        fields[at] = (uint16_t)(i + 1);
    }
}

static const struct field *
find(unsigned scope, const char *name, uint64_t hash)
{
    if (!scope)
        return NULL;
    for (unsigned at = slot(hash, scope); fields[at]; at = next(at)) {
        unsigned i = fields[at] - 1u;
        if (scope_of[i] == scope && text_same(rows[i].name, name))
            return &rows[i];
    }
    return NULL;
}

struct field_scope
field_scope(enum source_id source, const char *parent)
{
    pthread_once(&once, fill);
    uint64_t hash = text_hash(parent);
    if (source == SOURCE_PM)
        source = SOURCE_FK;
    return (struct field_scope){
        {scopes[scope_slot(source, parent, hash)], anywhere[source],
         scopes[scope_slot(SOURCE_ANY, parent, hash)], anywhere[SOURCE_ANY]}};
}

const struct field *
field_in(const struct field_scope *p, const char *name)
{
    const struct field *f = NULL;
    uint64_t hash = text_hash(name);
    for (size_t i = 0; !f && i < sizeof p->rows / sizeof *p->rows; i++)
        f = find(p->rows[i], name, hash);
    return f;
}

const struct field *
field_row(enum source_id source, const char *parent, const char *name)
{
    if (parent) {
        struct field_scope p = field_scope(source, parent);
        return field_in(&p, name);
    }
    if (source == SOURCE_PM)
        source = SOURCE_FK;
    for (int i = 0; i < N_ROWS; i++)
        if (rows[i].source == source && !strcmp(rows[i].name, name))
            return &rows[i];
    return NULL;
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
