/* SPDX-License-Identifier: EUPL-1.2 */
#include "config.h"

#include "domain/kontrakt.h"

#include <stdio.h>
#include <string.h>

static const struct {
    const char *word, *number;
} versions[] = {
#define KONTRAKT(id, word, number) {word, number},
#include "domain/kontrakt.def"
};

static const struct {
    const char *word, *label;
} parts[] = {
#define SKV_PART(id, number, word, label) [number] = {word, label},
#include "domain/kontrakt.def"
};

const char *
kontrakt_word(enum kontrakt k)
{
    return versions[k].word;
}

const char *
kontrakt_number(enum kontrakt k)
{
    return versions[k].number;
}

enum kontrakt
kontrakt_by_word(const char *word)
{
    enum kontrakt k = 0;
    while (k < KONTRAKT_COUNT && strcmp(versions[k].word, word) != 0)
        k++;
    return k;
}

const char *
skv_word(enum skv_part p)
{
    return parts[p].word;
}

const char *
skv_label(enum skv_part p)
{
    return parts[p].label;
}

enum skv_part
skv_by_word(const char *word)
{
    enum skv_part p = 0;
    while (p < SKV_COUNT && strcmp(parts[p].word, word) != 0)
        p++;
    return p;
}

void
skv_set_text(skv_set set, char out[96])
{
    size_t n = 0;
    out[0] = '\0';
    for (int i = 0; i < SKV_COUNT; i++)
        if (set & SKV_BIT(i))
            n += (size_t)snprintf(out + n, 96 - n, "%s%s", n ? " " : "",
                                  parts[i].word);
}

bool
skv_set_read(skv_set *set, const char *list)
{
    *set = 0;
    while (*(list += strspn(list, ", "))) {
        char word[32];
        size_t n = strcspn(list, ", ");
        snprintf(word, sizeof word, "%.*s", n < 31 ? (int)n : 31, list);
        enum skv_part p = skv_by_word(word);
        if (p == SKV_COUNT)
            return false;
        *set |= SKV_BIT(p);
        list += n;
    }
    return true;
}

bool
skv_years(struct period p, int years[2])
{
    years[0] = p.to.year - 2;
    years[1] = p.to.year - 1;
    return years[0] > 0;
}
