/* SPDX-License-Identifier: EUPL-1.2
 *
 * One authority's pane, and the whole of one answer, in order.
 */
#include "config.h"

#include "present/rows.h"

#include "base/i18n.h"
#include "present/rows_own.h"

#include <stdlib.h>

enum which { CURRENT, ENDED };

static int
add_decisions(struct rows *r, const struct answer *a, enum source_id s,
              int person, enum which which, const struct rows_options *o)
{
    int n = 0;
    for (const struct decision *d = a->of[s].decisions; d; d = d->next) {
        if (rows_decision_ended(d, o->today) != (which == ENDED))
            continue;
        if (!n++) {
            rows_heading(
                r, s, which == ENDED ? _("Ended") : _("Decisions and matters"));
            r->row[r->n - 1].folded = which == ENDED;
        }
        rows_add_decision(r, d, person, o);
        r->row[r->n - 1].folded = which == ENDED;
    }
    return n;
}

/* Newest first, those without a date last. They come sorted, oldest first. */
static void
add_payments(struct rows *r, const struct answer *a, enum source_id s,
             int person, const struct rows_options *o)
{
    size_t n = 0, i = 0;
    for (const struct payment *p = a->of[s].payments; p; p = p->next)
        n++;
    if (!n)
        return;
    const struct payment **all = mem_alloc(n * sizeof *all);
    for (const struct payment *p = a->of[s].payments; p; p = p->next)
        all[i++] = p;
    rows_heading(r, s, _("Payments"));
    for (i = n; i-- > 0;)
        if (!date_none(all[i]->date))
            rows_add_payment(r, ROW_PAYMENT, all[i], person, true, o);
    for (i = 0; i < n; i++)
        if (date_none(all[i]->date))
            rows_add_payment(r, ROW_PAYMENT, all[i], person, true, o);
    free(all);
}

struct rows *
rows_pane(const struct answer *a, enum source_id s,
          const struct rows_options *o)
{
    struct rows *r = rows_new();
    const struct source_answer *of = &a->of[s];
    rows_add_state(r, a, s, 0, o);
    const char *line = rows_conclusion(r, a, s, o);
    if (*line) {
        struct row *row = rows_add(r, ROW_CONCLUSION, s, 0);
        row->text = line;
    }
    add_decisions(r, a, s, 0, CURRENT, o);
    add_payments(r, a, s, 0, o);
    add_decisions(r, a, s, 0, ENDED, o);
    rows_add_named(r, a, s, o);
    if (state_row(of->state)->came && source_row(s)->money) {
        struct row *row = rows_add(r, ROW_CONTACT, s, 0);
        row->text =
            _("That a benefit is not here does not mean that it is missing.");
    }
    return r;
}

struct rows *
rows_all(const struct answer *a, const struct overview *v,
         const struct rows_options *o)
{
    struct rows *r = rows_new();
    for (int s = 0; s < SOURCE_COUNT; s++)
        rows_add_state(r, a, (enum source_id)s, 0, o);
    for (int s = 0; s < SOURCE_COUNT; s++) {
        const struct answer *one = a;
        add_payments(r, one, (enum source_id)s, 0, o);
        add_decisions(r, one, (enum source_id)s, 0, CURRENT, o);
        add_decisions(r, one, (enum source_id)s, 0, ENDED, o);
        rows_add_facts(r, a->of[s].facts, (enum source_id)s, 0, 0, o);
    }
    rows_add_overview(r, v);
    return r;
}
