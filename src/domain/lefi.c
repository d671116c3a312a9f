/* SPDX-License-Identifier: EUPL-1.2 */
#include "config.h"

#include "domain/lefi.h"

#include "domain/question.h"

#include <string.h>

static const struct lefi_code codes[] = {
#define LEFI(code, name, from, in_lists, for_syften)                           \
    {.kod = code,                                                              \
     .namn = name,                                                             \
     .source = SOURCE_##from,                                                  \
     .lists = in_lists,                                                        \
     .syften = for_syften},
#include "domain/lefi_codes.def"
#undef LEFI
};

enum { CODES = sizeof codes / sizeof codes[0] };
_Static_assert(CODES <= 64, "question.c keeps a set of codes in 64 bits");

const struct lefi_code *
lefi_codes(size_t *n)
{
    *n = CODES;
    return codes;
}

static const struct lefi_code *
find(const char *kod, size_t len)
{
    for (int i = 0; i < CODES; i++)
        if (len > 3 && codes[i].kod[3] == kod[3] &&
            !strncmp(codes[i].kod, kod, len) && !codes[i].kod[len])
            return &codes[i];
    return NULL;
}

const struct lefi_code *
lefi_code(const char *kod)
{
    return kod ? find(kod, strlen(kod)) : NULL;
}

const struct lefi_code *
lefi_next(const char **at)
{
    size_t len = strcspn(*at, " ");
    const struct lefi_code *c = find(*at, len);
    if (c)
        *at += len + ((*at)[len] == ' ' ? 1 : 0);
    return c;
}

/* A code's prefix says whose it is (test_question holds the table to it). */
source_set
lefi_sources(const char *lefi)
{
    source_set set = 0;
    for (const char *at = lefi; at && *at; at = strchr(at, ' ')) {
        at += *at == ' ';
        set |= SOURCE_BIT(!strncmp(at, "PM:", 3) ? SOURCE_PM : SOURCE_FK);
    }
    return set;
}

bool
lefi_canonical(const char *lefi)
{
    const struct lefi_code *before = NULL, *c;
    const char *at = lefi;
    while (*at) {
        c = lefi_next(&at);
        if (!c || (before && c <= before))
            return false;
        before = c;
    }
    return at == lefi || at[-1] != ' ';
}

const char *
lefi_list_name(enum lefi_list one)
{
    static const char *const name[LEFI_LISTS] = {
        "formansinformation",       "ansprak",       "beslut",
        "preliminaraUtbetalningar", "utbetalningar", "ovrigInformation"};
    for (int i = 0; i < LEFI_LISTS; i++)
        if (one == (enum lefi_list)(1u << i))
            return name[i];
    return "";
}
