/* SPDX-License-Identifier: EUPL-1.2 */
#include "config.h"

#include "ask/breaker.h"

bool
breaker_admits(struct breaker *b, int64_t now_ms)
{
    if (!b->open)
        return true;
    if (b->trying || now_ms < b->until_ms)
        return false;
    b->trying = true;
    return true;
}

/* Questions sent before it opened come in after: an answer among them closes
 * it, a failure does not prolong it. */
void
breaker_report(struct breaker *b, const struct breaker_rule *r, bool answered,
               int64_t now_ms)
{
    if (answered) {
        *b = (struct breaker){0};
        return;
    }
    b->failures++;
    if (r->after == 0 || b->failures < r->after || (b->open && !b->trying))
        return;
    b->open = true;
    b->trying = false;
    b->until_ms = now_ms + r->hold_ms;
}

void
breaker_release(struct breaker *b)
{
    b->trying = false;
}
