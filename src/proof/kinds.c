/* SPDX-License-Identifier: EUPL-1.2 */
#include "config.h"

#include "proof/entry.h"

#include "base/i18n.h"

#include <string.h>

static const struct entry_kind_row rows[] = {
#define KIND(name, number, text, shown, who, refs, opens)                      \
    {.kind = KIND_##name,                                                      \
     .word = text,                                                             \
     .label = N_(shown),                                                       \
     .by = BY_##who,                                                           \
     .ref = REF_##refs,                                                        \
     .open = OPEN_##opens},
#include "proof/kinds.def"
#undef KIND
};

const struct entry_kind_row *
entry_kind_row(uint64_t kind)
{
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        if (rows[i].kind == kind)
            return &rows[i];
    return NULL;
}

const struct entry_kind_row *
entry_kind_by_word(const char *word)
{
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        if (!strcmp(rows[i].word, word))
            return &rows[i];
    return NULL;
}
