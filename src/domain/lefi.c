/* SPDX-License-Identifier: EUPL-1.2 */
#include "config.h"

#include "domain/lefi.h"

#include "domain/question.h"

#include <stdio.h>
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

/* The lists after the slash; 0: none, not in order, or not the code's. */
static unsigned
some_lists(const struct lefi_code *c, const char *s, size_t n)
{
    unsigned lists = 0;
    for (size_t i = 0; i < n; i++) {
        unsigned bit =
            s[i] >= '1' && s[i] < '1' + LEFI_LISTS ? 1u << (s[i] - '1') : 0;
        if (!(bit & c->lists) || lists >= bit)
            return 0;
        lists |= bit;
    }
    return lists == c->lists ? 0 : lists;
}

const struct lefi_code *
lefi_next(const char **at, unsigned *lists)
{
    size_t len = strcspn(*at, " "), name = strcspn(*at, " /");
    const struct lefi_code *c = find(*at, name);
    unsigned in = c ? c->lists : 0;
    if (c && name < len)
        in = some_lists(c, *at + name + 1, len - name - 1);
    if (!in)
        return NULL;
    if (lists)
        *lists = in;
    *at += len + ((*at)[len] == ' ' ? 1 : 0);
    return c;
}

int
lefi_word(char *out, size_t size, const struct lefi_code *c, unsigned lists)
{
    char places[LEFI_LISTS + 1];
    int n = 0;
    for (int i = 0; i < LEFI_LISTS; i++)
        if (lists & 1u << i)
            places[n++] = (char)('1' + i);
    places[n] = '\0';
    return lists == c->lists ? snprintf(out, size, "%s", c->kod)
                             : snprintf(out, size, "%s/%s", c->kod, places);
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
        c = lefi_next(&at, NULL);
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
