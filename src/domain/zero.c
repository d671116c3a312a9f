/* SPDX-License-Identifier: EUPL-1.2 */
#include "config.h"

#include "domain/zero.h"

#include <stddef.h>

static const struct {
    enum source_id source;
    uint32_t must, must_not;
    enum source_state state;
} rows[] = {
#define ZERO(of, set, unset, gives)                                            \
    {.source = SOURCE_##of,                                                    \
     .must = (set),                                                            \
     .must_not = (unset),                                                      \
     .state = STATE_##gives},
#include "domain/zero.def"
#undef ZERO
};

enum source_state
zero_state(enum source_id source, uint32_t evidence)
{
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        if (rows[i].source == source &&
            (evidence & rows[i].must) == rows[i].must &&
            !(evidence & rows[i].must_not))
            return rows[i].state;
    return STATE_OLASLIGT; /* each source's last row fits always */
}
