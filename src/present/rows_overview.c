/* SPDX-License-Identifier: EUPL-1.2
 *
 * The gathered picture as rows (UX 8): what is missing first, then what to
 * check, then months; sums with "?" where something in them is unknown.
 */
#include "config.h"

#include "present/rows.h"

#include "base/i18n.h"
#include "present/rows_own.h"

#include <stdlib.h>
#include <string.h>

static void
add_missing_source(struct rows *r, const struct answer *a, enum source_id s,
                   int person, const struct rows_options *o)
{
    const struct source_answer *of = &a->of[s];
    struct row *row;
    if (!of->missing || !state_row(of->state)->came) {
        row = rows_add(r, ROW_MISSING, s, person);
        row->label = rows_authority(s);
        row->status = rows_small(r->arena, rows_state_label(of->state));
        row->code = state_row(of->state)->word;
        row->text = rows_state_text(r->arena, a, s, o);
    }
    for (const struct missing *m = of->missing; m; m = m->next) {
        const char *name = m->namn ? m->namn : m->kod ? m->kod : "";
        row = rows_add(r, ROW_MISSING, s, person);
        row->label = rows_printf(r, "%s %s", source_row(s)->label,
                                 rows_small(r->arena, name));
        row->status = rows_reason(r, m, s);
        row->missing = m;
        row->code = m->kod ? m->kod : "";
        row->text = _("did not come: unknown, not zero");
    }
}

static void
add_missing(struct rows *r, const struct overview *v,
            const struct rows_options *o)
{
    for (int i = 0; i < v->n_answers; i++) {
        const struct answer *a = v->answers[i];
        source_set asked = answer_asked(&a->question);
        for (int s = 0; s < SOURCE_COUNT; s++)
            if (asked & SOURCE_BIT(s) && !state_row(a->of[s].state)->whole)
                add_missing_source(r, a, (enum source_id)s, i, o);
    }
}

static void
add_checks(struct rows *r, const struct overview *v)
{
    for (int i = 0; i < v->n_checks; i++) {
        const struct check *c = &v->checks[i];
        char from[11], to[11];
        enum source_id s = 0;
        while (s < SOURCE_COUNT && !(c->sources & SOURCE_BIT(s)))
            s++;
        struct row *row = rows_add(r, ROW_CHECK, s, c->person);
        date_text(c->from, from);
        date_text(c->to, to);
        row->label = check_label(c->kind);
        row->code = check_word(c->kind);
        row->text = c->text;
        row->date = c->from;
        row->fran = from[0] ? rows_printf(r, "%s", from) : NULL;
        row->till = to[0] ? rows_printf(r, "%s", to) : NULL;
        row->check = c;
    }
}

static const char *
cell_text(struct rows *r, const struct month_cell *c)
{
    char text[32];
    switch (c->kind) {
    case CELL_AMOUNT:
        money_kronor_text(c->sum, text);
        return rows_printf(r, "%s", text);
    case CELL_ZERO:
        return "0";
    case CELL_NOT_ASKED:
        return ".";
    default:
        return "?";
    }
}

static void
add_months(struct rows *r, const struct overview *v)
{
    size_t n = (size_t)v->n_months;
    for (int i = 0; i < v->n_rows; i++) {
        const struct month_row *m = v->rows[i];
        const char **cells = arena_alloc(r->arena, (n + 1) * sizeof *cells);
        for (size_t k = 0; cells && k < n; k++)
            cells[k] = cell_text(r, &m->cell[k]);
        struct row *row = rows_add(r, ROW_MONTH, m->source, m->person);
        row->label = rows_benefit(r->arena, m->source, m->forman, m->betalare);
        row->text = m->forman;
        row->status = m->missing ? _("did not come") : "";
        row->cells = cells;
        row->n_cells = cells ? v->n_months : 0;
        row->month = m;
    }
    const char **cells = arena_alloc(r->arena, (n + 1) * sizeof *cells);
    for (size_t k = 0; cells && k < n; k++) {
        char text[32];
        money_kronor_text(v->sums[k].netto, text);
        cells[k] = rows_printf(r, "%s%s", v->sums[k].known ? "" : "? ", text);
    }
    struct row *row = rows_add(r, ROW_SUM, SOURCE_COUNT, 0);
    row->label = _("Sum from the sources");
    row->cells = cells;
    row->n_cells = cells ? v->n_months : 0;
}

/* Payments that no month's sum holds: announced ones, and those without a
 * date, or with one far from any month that was asked about. What FK reports of
 * PM's payments is PM's row. */
static void
add_beside(struct rows *r, const struct overview *v, enum row_kind kind,
           const struct rows_options *o)
{
    for (int i = 0; i < v->n_answers; i++)
        for (int s = 0; s < SOURCE_COUNT; s++)
            for (const struct payment *p = v->answers[i]->of[s].payments; p;
                 p = p->next) {
                bool paid = p->state == PAYMENT_UTBETALD;
                bool month = overview_month(v, month_of(p->date)) >= 0;
                bool fits = kind == ROW_EXPECTED ? !paid : paid && !month;
                if (fits && !(p->marks & MARK_DUBBEL_PM))
                    rows_add_payment(r, kind, p, i, false, o);
            }
}

static void
add_notes(struct rows *r, const struct overview *v)
{
    const char *none = "", *not_asked = "";
    for (int s = 0; s < SOURCE_COUNT; s++) {
        bool all_none = v->n_answers > 0, all_not = v->n_answers > 0;
        for (int i = 0; i < v->n_answers; i++) {
            enum source_state st = v->answers[i]->of[s].state;
            all_none = all_none && st == STATE_INGA_UPPGIFTER;
            all_not = all_not && st == STATE_EJ_TILLFRAGAD;
        }
        const char *name = source_row((enum source_id)s)->tab;
        if (all_none)
            none = rows_join(r->arena, none, name);
        if (all_not)
            not_asked = rows_join(r->arena, not_asked,
                                  rows_authority((enum source_id)s));
    }
    if (*none)
        rows_note(r, rows_printf(r, _("No data: %s."), none));
    if (*not_asked)
        rows_note(r, rows_printf(r, _("Not asked: %s."), not_asked));
    rows_note(r, _("Wages, Swish and accounts are not part of SSBTEK."));
}

void
rows_add_overview(struct rows *r, const struct overview *v)
{
    add_checks(r, v);
    add_months(r, v);
    add_notes(r, v);
}

struct rows *
rows_overview(const struct overview *v, const struct rows_options *o)
{
    struct rows *r = rows_new();
    add_missing(r, v, o);
    add_checks(r, v);
    add_months(r, v);
    add_beside(r, v, ROW_EXPECTED, o);
    add_beside(r, v, ROW_OUTSIDE, o);
    add_notes(r, v);
    return r;
}

struct rows *
rows_behind(const struct overview *v, const struct month_row *m,
            const struct rows_options *o)
{
    struct rows *r = rows_new();
    const struct answer *a = v->answers[m->person];
    size_t n = 0, i = 0;
    for (const struct payment *p = a->of[m->source].payments; p; p = p->next)
        n++;
    const struct payment **all = mem_alloc((n + 1) * sizeof *all);
    for (const struct payment *p = a->of[m->source].payments; p; p = p->next)
        all[i++] = p;
    while (i-- > 0)
        if (overview_row(v, m->person, all[i]) == m)
            rows_add_payment(r, ROW_PAYMENT, all[i], m->person, true, o);
    free(all);
    return r;
}
