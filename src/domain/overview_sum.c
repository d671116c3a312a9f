/* SPDX-License-Identifier: EUPL-1.2
 *
 * Sums of the months, to the öre: what was paid, what is announced, and
 * whether the edge is known.
 */
#include "config.h"

#include "domain/overview.h"

#include "domain/picture.h"

/* `kant`: every asked source of money is whole and was asked for all of the
 * month. */
static bool
month_known(const struct answer *a, struct month m)
{
    bool any = false;
    for (enum source_id id = 0; id < SOURCE_COUNT; id++) {
        if (!source_row(id)->money ||
            !(answer_asked(&a->question) & SOURCE_BIT(id)))
            continue;
        any = true;
        if (!state_row(a->of[id].state)->whole || picture_narrow(a, id) ||
            picture_empty(a, id, m) != CELL_ZERO)
            return false;
    }
    return any;
}

static void
sum_payment(struct overview *o, const struct answer *a, struct month_sum *of,
            const struct payment *p)
{
    bool announced =
        p->state == PAYMENT_PRELIMINAR || p->state == PAYMENT_PLANERAD;
    if (p->marks & MARK_DUBBEL_PM)
        return;
    if (!picture_dated(a, p->date)) {
        if (p->state == PAYMENT_UTBETALD) {
            o->n_dateless++;
            if (p->netto.given)
                o->dateless = money_add(o->dateless, p->netto);
        }
        return;
    }
    struct month_sum *s = &of[overview_month(o, month_of(p->date))];
    if (announced && p->netto.given)
        s->vantas =
            money_add(s->vantas.given ? s->vantas : money_kronor(0), p->netto);
    if (announced)
        return;
    if (p->state == PAYMENT_OKAND || !p->netto.given)
        s->known = false;
    else
        s->netto = money_add(s->netto, p->netto);
}

/* A payment on a day not told may be in any month. */
static bool
has_undated(const struct answer *a)
{
    for (int s = 0; s < SOURCE_COUNT; s++)
        for (const struct payment *p = a->of[s].payments; p; p = p->next)
            if (picture_undated(a, p))
                return true;
    return false;
}

void
picture_sums(struct overview *o)
{
    size_t n = (size_t)o->n_months;
    o->sums = arena_alloc(o->arena, (n + 1) * sizeof *o->sums);
    o->sums_of = arena_alloc(o->arena, ((size_t)o->n_answers * n + 1) *
                                           sizeof *o->sums_of);
    o->dateless = money_kronor(0);
    for (size_t m = 0; m < n; m++)
        o->sums[m] = (struct month_sum){money_kronor(0), true, MONEY_NONE};
    for (int i = 0; i < o->n_answers; i++) {
        const struct answer *a = o->answers[i];
        struct month_sum *of = o->sums_of + (size_t)i * n;
        for (size_t m = 0; m < n; m++)
            of[m] = (struct month_sum){
                money_kronor(0), month_known(a, o->months[m]), MONEY_NONE};
        for (int s = 0; s < SOURCE_COUNT; s++)
            for (const struct payment *p = a->of[s].payments; p; p = p->next)
                sum_payment(o, a, of, p);
        if (has_undated(a))
            for (size_t m = 0; m < n; m++)
                of[m].known = false;
        for (size_t m = 0; m < n; m++) {
            struct month_sum *all = &o->sums[m];
            all->netto = money_add(all->netto, of[m].netto);
            all->known = all->known && of[m].known;
            if (of[m].vantas.given)
                all->vantas =
                    money_add(all->vantas.given ? all->vantas : money_kronor(0),
                              of[m].vantas);
        }
    }
}
