/* SPDX-License-Identifier: EUPL-1.2
 *
 * Payments, their parts, and decisions as rows.
 */
#include "config.h"

#include "present/rows.h"

#include "base/i18n.h"
#include "present/rows_own.h"

static const char *
marks_text(struct rows *r, unsigned marks)
{
    const char *list = "";
    for (unsigned m = 1; m <= MARK_LAST; m <<= 1)
        if (marks & m)
            list = rows_join(r->arena, list, rows_mark_label(m));
    return list;
}

/* Tax is part of the deductions (WIRE 8.1): what is left without it. */
static struct money
other_deductions(const struct payment *p)
{
    if (p->source == SOURCE_SO || !p->skatt.given)
        return p->avdrag;
    return money_sub(p->avdrag, p->skatt);
}

static void
add_part(struct rows *r, const struct payment *p, const struct payment_row *pr,
         int person, const struct rows_options *o)
{
    struct row *row = rows_add(r, ROW_DETAIL, p->source, person);
    const char *name = pr->forman ? pr->forman : pr->slag ? pr->slag : "";
    row->indent = 1;
    row->netto = pr->belopp;
    row->fran = pr->fran;
    row->till = pr->till;
    row->dagar = pr->dagar;
    row->percent = pr->omfattning;
    row->payment = p;
    row->code = pr->slag_kod ? pr->slag_kod : pr->kod ? pr->kod : "";
    if (pr->avdrag) {
        row->label = _("deduction");
        row->text =
            rows_printf(r, "%s: %s", rows_kronor(r->arena, pr->belopp, o),
                        rows_small(r->arena, pr->slag ? pr->slag : name));
        row->status = _("deduction");
        return;
    }
    row->label = name;
    const char *text = rows_kronor(r->arena, pr->belopp, o);
    if (pr->slag && pr->slag != name)
        text = rows_join(r->arena, text, rows_small(r->arena, pr->slag));
    if (pr->fran || pr->till)
        text =
            rows_join(r->arena, text, rows_span(r->arena, pr->fran, pr->till));
    if (pr->dagar)
        text =
            rows_join(r->arena, text, rows_printf(r, _("%s days"), pr->dagar));
    if (pr->omfattning)
        text =
            rows_join(r->arena, text, rows_printf(r, "%s %%", pr->omfattning));
    row->text = text;
    row->status = pr->lan ? _("loan") : "";
}

void
rows_add_payment(struct rows *r, enum row_kind kind, const struct payment *p,
                 int person, bool details, const struct rows_options *o)
{
    struct row *row = rows_add(r, kind, p->source, person);
    row->label = p->forman;
    row->text = p->betalare;
    row->status = rows_payment_state(p->state);
    row->code = p->kod ? p->kod : "";
    row->date = p->date;
    row->fran = p->fran;
    row->till = p->till;
    row->dagar = p->dagar;
    row->netto = p->netto;
    row->brutto = p->brutto;
    row->skatt = p->skatt;
    row->avdrag = other_deductions(p);
    row->efter_skatt = p->efter_skatt;
    row->lan = p->lan;
    row->marks = p->marks;
    row->marks_text = marks_text(r, p->marks);
    row->payment = p;
    if (!details)
        return;
    for (const struct payment_row *pr = p->rows; pr; pr = pr->next)
        add_part(r, p, pr, person, o);
    if (p->marks) {
        const char *words = marks_text(r, p->marks);
        row = rows_add(r, ROW_DETAIL, p->source, person);
        row->indent = 1;
        row->label = _("marked");
        row->text = words;
        row->payment = p;
        row->marks = p->marks;
    }
}

bool
rows_decision_ended(const struct decision *d, struct date today)
{
    return !date_none(d->till) && date_compare(d->till, today) < 0;
}

static const char *
decision_status(const struct decision *d, const struct rows_options *o)
{
    if (d->utan_beslut)
        return _("no decision");
    if (d->lage && *d->lage)
        return d->lage;
    return rows_decision_ended(d, o->today) ? _("ended") : "";
}

void
rows_add_decision(struct rows *r, const struct decision *d, int person,
                  const struct rows_options *o)
{
    char day[11], from[11], to[11];
    struct row *row = rows_add(r, ROW_DECISION, d->source, person);
    date_text(d->datum, day);
    date_text(d->fran, from);
    date_text(d->till, to);
    row->label = d->forman;
    row->code = d->kod ? d->kod : d->slag;
    row->status = decision_status(d, o);
    row->date = d->datum;
    row->fran = from[0] ? rows_printf(r, "%s", from) : NULL;
    row->till = to[0] ? rows_printf(r, "%s", to) : NULL;
    row->percent = d->omfattning;
    row->dagar = d->dagar;
    row->netto = d->belopp;
    row->decision = d;
    if (d->utan_beslut && day[0])
        row->text = rows_printf(r, _("applied for %s"), day);
    else if (d->belopp.given)
        row->text =
            rows_printf(r, "%s%s%s", rows_kronor(r->arena, d->belopp, o),
                        d->periodicitet ? _(" a ") : "",
                        d->periodicitet ? d->periodicitet : "");
}
