/* SPDX-License-Identifier: EUPL-1.2
 *
 * Findings: the first ones are kept, all are counted.
 */
#include "config.h"

#include "proof/verify_run.h"

#include "base/i18n.h"

#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

void
finding_add(struct run *v, enum verify_fault fault, uint64_t first,
            uint64_t last, const char *fmt, ...)
{
    struct verify_report *r = v->r;
    struct verify_finding *f = NULL;
    r->total++;
    if (r->count < VERIFY_FINDINGS) {
        f = &r->finding[r->count++];
    } else {
        for (unsigned i = 0; i < r->count; i++)
            if (!f || r->finding[i].first > f->first)
                f = &r->finding[i];
        if (f->first <= first)
            return;
    }
    *f = (struct verify_finding){.fault = fault, .first = first, .last = last};
    va_list ap;
    va_start(ap, fmt);
    vsnprintf(f->text, sizeof f->text, fmt, ap);
    va_end(ap);
}

bool
finding_in(const struct run *v, uint64_t first, uint64_t last)
{
    for (unsigned i = 0; i < v->r->count; i++)
        if (v->r->finding[i].first >= first && v->r->finding[i].first <= last)
            return true;
    return false;
}

enum err_code
source_failed(struct run *v, uint64_t seq, const struct err *e)
{
    if (e->code != ERR_LOG_BROKEN)
        return e->code ? e->code : ERR_IO;
    v->gap = true;
    finding_add(
        v, VERIFY_EDITED, seq, seq,
        _("entry %" PRIu64 " or what stands with it cannot be read: %s"), seq,
        e->text);
    return ERR_OK;
}

/* From one entry on, what is gone comes before what its absence leads to. */
static int
by_first(const void *a, const void *b)
{
    const struct verify_finding *x = a, *y = b;
    if (x->first != y->first)
        return x->first < y->first ? -1 : 1;
    if (x->fault != y->fault)
        return (int)y->fault - (int)x->fault;
    return x->last < y->last ? -1 : x->last > y->last;
}

void
finding_finish(struct run *v)
{
    qsort(v->r->finding, v->r->count, sizeof v->r->finding[0], by_first);
    v->r->holds = v->r->total == 0;
}
