/* SPDX-License-Identifier: EUPL-1.2 */
#include "config.h"

#include "domain/source.h"

#include "base/i18n.h"

#include <assert.h>
#include <stdio.h>
#include <string.h>

static const struct source sources[SOURCE_COUNT] = {
#define SOURCE(id, number, short, full, on_wire, in_tab, in_period, in_money,  \
               protection)                                                     \
    [SOURCE_##id] = {.code = #id,                                              \
                     .label = short,                                           \
                     .authority = full,                                        \
                     .wire = on_wire,                                          \
                     .tab = in_tab,                                            \
                     .period = in_period,                                      \
                     .money = in_money,                                        \
                     .flag = protection},
#include "domain/sources.def"
#undef SOURCE
};

static const struct state states[STATE_COUNT] = {
#define STATE(id, in_json, sign, shown, answered, all)                         \
    [STATE_##id] = {.word = in_json,                                           \
                    .symbol = sign,                                            \
                    .label = N_(shown),                                        \
                    .came = answered,                                          \
                    .whole = all},
#include "domain/states.def"
#undef STATE
};

const struct source *
source_row(enum source_id id)
{
    assert(id < SOURCE_COUNT);
    return &sources[id];
}

const struct state *
state_row(enum source_state s)
{
    assert(s < STATE_COUNT);
    return &states[s];
}

enum source_id
source_by_code(const char *code)
{
    enum source_id id = 0;
    while (id < SOURCE_COUNT && strcmp(sources[id].code, code) != 0)
        id++;
    return id;
}

enum source_state
state_by_word(const char *word)
{
    enum source_state s = 0;
    while (s < STATE_COUNT && strcmp(states[s].word, word) != 0)
        s++;
    return s;
}

bool
source_set_read(source_set *set, const char *list, char bad[16])
{
    source_set got = 0;
    for (;;) {
        list += strspn(list, ", ");
        size_t n = strcspn(list, ", ");
        if (n == 0)
            break;
        char code[16];
        snprintf(code, sizeof code, "%.*s", n < 15 ? (int)n : 15, list);
        enum source_id id = source_by_code(code);
        if (id == SOURCE_COUNT) {
            memcpy(bad, code, sizeof code);
            return false;
        }
        got |= SOURCE_BIT(id);
        list += n;
    }
    *set = got;
    return true;
}

void
source_set_text(source_set set, char sep, char out[64])
{
    size_t at = 0;
    out[0] = '\0';
    for (int id = 0; id < SOURCE_COUNT; id++) {
        if (!(set & SOURCE_BIT(id)))
            continue;
        if (at)
            out[at++] = sep;
        at += (size_t)snprintf(out + at, 64 - at, "%s", sources[id].code);
    }
}
