/* SPDX-License-Identifier: EUPL-1.2
 *
 * Which benefits may be paid under a name: whether a part that did not come
 * leaves a row of payments open.
 */
#include "config.h"

#include "domain/overview.h"

#include "domain/lefi.h"
#include "domain/picture.h"

#include <stddef.h>
#include <string.h>

/* The name is one that FK pays these codes under. */
static bool
named_in(const char *codes, const char *kod)
{
    size_t len = kod ? strlen(kod) : 0;
    for (const char *at = codes; len && (at = strstr(at, kod)); at += len)
        if ((at == codes || at[-1] == ' ') && (at[len] == ' ' || !at[len]))
            return true;
    return false;
}

/* Index of the code whose name this is; -1. The names are folded once. */
static ptrdiff_t
benefit_named(struct overview *o, const char *folded)
{
    size_t n;
    const struct lefi_code *c = lefi_codes(&n);
    if (!o->benefits) {
        o->benefits = arena_alloc(o->arena, n * sizeof *o->benefits);
        for (size_t i = 0; i < n; i++)
            o->benefits[i] = picture_fold(o, c[i].namn);
    }
    for (size_t i = 0; i < n; i++)
        if (!strcmp(o->benefits[i], folded))
            return (ptrdiff_t)i;
    return -1;
}

/* FK's families have no published list (WIRE 8.1): one that is neither a
 * benefit's own name nor in the table may hold any benefit. */
bool
picture_touched(struct overview *o, const struct answer *a, enum source_id id,
                const char *folded)
{
    const struct missing *m = a->of[id].missing;
    if (!m)
        return false;
    size_t n;
    const struct lefi_code *codes = lefi_codes(&n);
    ptrdiff_t own = benefit_named(o, folded);
    const struct rule *rule = rules_forman(o->rules, folded);
    const char *family = rule ? rule->koder : "";
    bool known = id == SOURCE_SO || own >= 0 || *family;
    for (; m; m = m->next) {
        const struct lefi_code *c = lefi_code(m->kod);
        if (c && own >= 0 && !strcmp(codes[own].namn, c->namn))
            return true;
        if (named_in(family, m->kod) ||
            (c && !known && c->lists & LEFI_UTBETALNINGAR))
            return true;
    }
    return false;
}

bool
picture_narrow(const struct answer *a, enum source_id id)
{
    size_t n;
    const struct lefi_code *all = lefi_codes(&n), *c;
    uint64_t asked = 0;
    unsigned lists;
    for (const char *at = a->question.lefi;
         (c = lefi_next(&at, &lists)) != NULL;)
        if (lists & LEFI_UTBETALNINGAR)
            asked |= UINT64_C(1) << (c - all);
    for (size_t i = 0; i < n; i++)
        if (all[i].source == id && all[i].lists & LEFI_UTBETALNINGAR &&
            !(asked & UINT64_C(1) << i))
            return true;
    return false;
}
