/* SPDX-License-Identifier: EUPL-1.2
 *
 * SSBTEK's answer, whole reader. The first byte says in which pieces the rest
 * comes, and its lowest bit in which version it was asked: even ones in v11
 * with every part of SKV. Holds: every asked source gets a state, and without a
 * whole envelope none of them is an answer.
 */
#include "config.h"

#include "tests/unit/wire/fixture.h"

#include <stdint.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    if (!size)
        return 0;
    struct question q =
        data[0] & 1 ? fixture_question() : fixture_question_v11();
    enum err_code code;
    size_t step = (size_t)data[0] * data[0] + 1;
    struct answer *a = fixture_read(&q, (const char *)data + 1, size - 1, step,
                                    200, "text/xml", &code);
    for (int i = 0; i < SOURCE_COUNT; i++) {
        const struct source_answer *s = &a->of[i];
        if (s->state == STATE_VANTAR || s->state == STATE_EJ_TILLFRAGAD)
            abort();
        if (code && (state_row(s->state)->came || s->facts || s->payments))
            abort();
        if (s->state == STATE_INGA_UPPGIFTER && (s->payments || s->count))
            abort();
        if (s->state == STATE_INGA_UPPGIFTER && s->missing)
            abort();
        if (s->confirmed == CONFIRMED_NEJ && s->facts)
            abort();
    }
    answer_free(&a);
    return 0;
}
