/* SPDX-License-Identifier: EUPL-1.2
 *
 * The one line at the top of an authority's pane (UX 9): what a caseworker
 * would say first. It repeats facts; it judges nothing, and says nothing of a
 * source that did not answer.
 */
#include "config.h"

#include "present/rows.h"

#include "base/i18n.h"
#include "present/rows_own.h"

#include <stdlib.h>
#include <string.h>

static const struct payment *
last_paid(const struct source_answer *of)
{
    const struct payment *last = NULL;
    for (const struct payment *p = of->payments; p; p = p->next)
        if (p->state == PAYMENT_UTBETALD && !date_none(p->date))
            last = p;
    return last;
}

static const struct payment *
next_expected(const struct source_answer *of, struct date today)
{
    for (const struct payment *p = of->payments; p; p = p->next)
        if (p->state != PAYMENT_UTBETALD && !date_none(p->date) &&
            date_compare(p->date, today) >= 0)
            return p;
    return NULL;
}

static const char *
pay_line(struct rows *r, const struct source_answer *of,
         const struct rows_options *o)
{
    const struct payment *last = last_paid(of);
    const struct payment *next = next_expected(of, o->today);
    const char *line = "";
    char day[11];
    if (last) {
        date_text(last->date, day);
        line = rows_printf(r, _("Last payment %s, %s."), day,
                           rows_kronor(r->arena, last->netto, o));
    }
    if (next) {
        date_text(next->date, day);
        line = rows_printf(r, _("%s%sNext payment %s."), line, *line ? " " : "",
                           day);
    }
    return line;
}

static const char *
conclude_af(struct rows *r, const struct answer *a)
{
    const struct fact *f = a->of[SOURCE_AF].facts;
    const char *in = rows_find(f, "Arbetssokande");
    const char *since = rows_find(f, "ArbetssokandeRegistrerad");
    const char *left = rows_find(f, "ArbetssokandeAvaktualiserad");
    const char *share = rows_find(f, "ArbetssokandeOmfattning");
    const char *kind = rows_find(f, "ArbetssokandeSKAT");
    const char *line;
    if (left && *left)
        line = rows_printf(r, _("Left the register %s"), left);
    else if (in && (!strcmp(in, "true") || !strcmp(in, "1")))
        line = since && *since ? rows_printf(r, _("Registered since %s"), since)
                               : _("Registered");
    else if (in)
        line = _("Not registered");
    else
        return "";
    if (share && *share)
        line = rows_printf(r, "%s, %s %%", line, share);
    if (kind && *kind)
        line = rows_printf(r, "%s, %s", line, kind);
    return rows_printf(r, "%s.", line);
}

/* A refusal is a decision too, but nothing that runs. */
static bool
refused(const struct decision *d)
{
    static const char *const words[] = {"avslag", "avvisat", "avskrivet"};
    for (size_t i = 0; d->lage && i < sizeof words / sizeof *words; i++)
        if (strcasestr(d->lage, words[i]))
            return true;
    return false;
}

/* Names once each benefit that runs or was paid in the last 31 days. */
static const char *
running(struct rows *r, const struct source_answer *of, struct date today)
{
    const char *list = "";
    struct date since = date_add(today, -31);
    for (const struct decision *d = of->decisions; d; d = d->next)
        if (!d->utan_beslut && !strcmp(d->slag, "beslut") && !refused(d) &&
            !rows_decision_ended(d, today) && !strstr(list, d->forman))
            list = rows_join(r->arena, list, d->forman);
    for (const struct payment *p = of->payments; p; p = p->next)
        if (p->state == PAYMENT_UTBETALD && !date_none(p->date) &&
            date_compare(p->date, since) >= 0 && !strstr(list, p->forman))
            list = rows_join(r->arena, list, p->forman);
    return list;
}

static const char *
conclude_money(struct rows *r, const struct answer *a, enum source_id s,
               const struct rows_options *o)
{
    const char *now = running(r, &a->of[s], o->today);
    const char *paid = pay_line(r, &a->of[s], o);
    if (!*now)
        return paid;
    return rows_printf(r, _("Now: %s.%s%s"), now, *paid ? " " : "", paid);
}

static const char *
conclude_so(struct rows *r, const struct answer *a,
            const struct rows_options *o)
{
    const struct payment *last = last_paid(&a->of[SOURCE_SO]);
    char day[11];
    if (!last)
        return "";
    date_text(last->date, day);
    if (last->dagar)
        return rows_printf(r, _("%s. Last %s, %s for %s days."), last->betalare,
                           day, rows_kronor(r->arena, last->netto, o),
                           last->dagar);
    return rows_printf(r, _("%s. Last %s, %s."), last->betalare, day,
                       rows_kronor(r->arena, last->netto, o));
}

static void
latest_year(const struct fact *f, int *year)
{
    for (const struct fact *c = f ? f->child : NULL; c; c = c->next) {
        if (c->kind == FACT_TEXT && c->name && !strcmp(c->name, "Taxeringsar"))
            *year = (int)strtol(c->text, NULL, 10) > *year
                        ? (int)strtol(c->text, NULL, 10)
                        : *year;
        latest_year(c, year);
    }
}

static int
count(const struct fact *f, const char *name)
{
    int n = 0;
    for (const struct fact *c = f ? f->child : NULL; c; c = c->next) {
        if (c->name && !strcmp(c->name, name) && c->kind == FACT_LIST) {
            for (const struct fact *i = c->child; i; i = i->next)
                n++;
        } else if (c->name && !strcmp(c->name, name)) {
            n++;
        } else {
            n += count(c, name);
        }
    }
    return n;
}

/* The last day of a permit, never what its absence would mean. */
static const char *
conclude_miv(struct rows *r, const struct answer *a,
             const struct rows_options *o)
{
    const struct decision *best = NULL;
    char day[11];
    for (const struct decision *d = a->of[SOURCE_MIV].decisions; d; d = d->next)
        if (!best || date_compare(d->datum, best->datum) > 0)
            best = d;
    if (!best)
        return _("No decisions in the answer.");
    if (date_none(best->till))
        return rows_printf(r, _("%s, without a last day."), best->forman);
    date_text(best->till, day);
    int64_t left = date_days(best->till) - date_days(o->today);
    if (left < 0)
        return rows_printf(r, _("%s until %s, passed."), best->forman, day);
    return rows_printf(r, _("%s until %s, %d days left."), best->forman, day,
                       (int)left);
}

const char *
rows_conclusion(struct rows *r, const struct answer *a, enum source_id s,
                const struct rows_options *o)
{
    const struct source_answer *of = &a->of[s];
    int year = 0, n;
    if (!state_row(of->state)->came)
        return "";
    if (of->state == STATE_INGA_UPPGIFTER)
        return s == SOURCE_PM ? _("The answer came through FK; the authority "
                                  "was available.")
               : s == SOURCE_MIV ? _("No decisions in the answer.")
                                 : "";
    switch (s) {
    case SOURCE_AF:
        return conclude_af(r, a);
    case SOURCE_CSN:
    case SOURCE_FK:
    case SOURCE_PM:
        return conclude_money(r, a, s, o);
    case SOURCE_SO:
        return conclude_so(r, a, o);
    case SOURCE_SKV:
        latest_year(of->facts, &year);
        return year ? rows_printf(r, _("Latest year in the answer: %d."), year)
                    : "";
    case SOURCE_TNS:
        n = count(of->facts, "fordon");
        return rows_printf(r,
                           ngettext("%d vehicle in the answer. Since when it "
                                    "is owned is not said.",
                                    "%d vehicles in the answer. Since when "
                                    "they are owned is not said.",
                                    (unsigned long)n),
                           n);
    case SOURCE_MIV:
        return conclude_miv(r, a, o);
    default:
        return "";
    }
}
