/* SPDX-License-Identifier: EUPL-1.2 */
#include "config.h"

#include "screens/behind.h"

#include "base/i18n.h"
#include "base/mem.h"
#include "base/text.h"
#include "screens/screens.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

void
behind_init(struct behind *b, struct app *app, struct gathered *g, int person)
{
    memset(b, 0, sizeof(*b));
    b->g = g;
    b->person = person;
    parts_rows_options(app, g, person, &b->options);
}

static void
clear(struct behind *b)
{
    for (int s = 0; s < SOURCE_COUNT; s++)
        if (b->panes[s])
            rows_free(&b->panes[s]);
    free(b->of);
    b->of = NULL;
    b->n = 0;
    b->unknown = false;
}

void
behind_done(struct behind *b)
{
    clear(b);
}

/* What the rows are about; NULL: anything. */
struct about {
    const char *forman, *betalare;
};

/* The row that holds what is too much for rows of its own. */
static bool
among_others(const struct behind *b, const struct payment *p)
{
    struct overview *o = b->g->overview;
    for (int i = 0; o && i < b->g->n_who; i++)
        if (b->g->who[i] == b->person) {
            const struct month_row *row = overview_row(o, i, p);
            return row && row->others;
        }
    return false;
}

static bool
is_about(const struct behind *b, const struct row *r, const struct about *w)
{
    const struct payment *p = r->payment;
    if (!w->forman)
        return true;
    if (p && !strcmp(w->forman, overview_others))
        return among_others(b, p);
    if (!p)
        return r->decision && overview_same(r->decision->forman, w->forman);
    return overview_same(p->forman, w->forman) &&
           (!w->betalare || p->source != SOURCE_SO ||
            overview_same(p->betalare, w->betalare));
}

/* Rows of one kind with what stands under them. */
static void
collect_kind(struct behind *b, const struct rows *from, enum row_kind kind,
             const struct about *what)
{
    bool under = false;
    for (int i = 0; i < from->n; i++) {
        const struct row *r = &from->row[i];
        if (r->kind == ROW_DECISION || r->kind == ROW_PAYMENT)
            under = r->kind == kind && is_about(b, r, what);
        else if (r->kind != ROW_DETAIL)
            continue;
        if (!under)
            continue;
        b->of = mem_grow(b->of, b->n + 1, sizeof(*b->of));
        b->of[b->n++] = r;
    }
}

static void
collect(struct behind *b, enum source_id s, struct about what)
{
    const struct answer *a = gathered_answer(b->g, b->person);
    if (!a)
        return;
    b->unknown |= !state_row(a->of[s].state)->whole;
    if (!b->panes[s])
        b->panes[s] = rows_pane(a, s, &b->options);
    collect_kind(b, b->panes[s], ROW_PAYMENT, &what);
    collect_kind(b, b->panes[s], ROW_DECISION, &what);
}

void
behind_months(struct behind *b, enum source_id s, const char *forman,
              const char *betalare, const char *title)
{
    clear(b);
    snprintf(b->title, sizeof(b->title), _("Rows: %s"), title);
    b->text[0] = '\0';
    collect(b, s, (struct about){forman, betalare});
}

void
behind_check(struct behind *b, const struct row *check)
{
    clear(b);
    snprintf(b->title, sizeof(b->title), _("Rows: %s"), check->label);
    snprintf(b->text, sizeof(b->text), "%.*s", (int)text_fit(check->text, 400),
             check->text);
    for (int s = 0; s < SOURCE_COUNT; s++)
        if (check->check->sources & SOURCE_BIT(s))
            collect(b, s, (struct about){check->check->forman, NULL});
}

static void
put_money(const struct pane *p, int end, struct money m, bool ore)
{
    char text[32];
    if (ore && m.given)
        money_text(m, text);
    else
        money_kronor_text(m, text);
    parts_put_cell(p, 0, end, text);
}

static void
draw_payment(const struct behind *b, const struct row *r, const struct pane *p,
             bool details)
{
    char day[11];
    int end = 43;
    date_text(r->date, day);
    pane_put(p, 0, 0, ROLE_TEXT, day[0] ? day : _("no date"));
    char span[140];
    const struct answer *a = gathered_answer(b->g, b->person);
    parts_span(&a->question, r->fran, r->till, span, sizeof(span));
    pane_put_cut(p, 0, 12, 15, ROLE_TEXT, span);
    if (r->dagar)
        pane_put_right(p, 0, 32, ROLE_TEXT, r->dagar);
    put_money(p, end, r->netto, details);
    char tail[200];
    snprintf(tail, sizeof(tail), "%s%s%s%s%s", r->status,
             r->status[0] ? " " : "",
             details ? r->marks_text : rows_mark_letter(r->marks),
             details && r->code[0] ? " " : "", details ? r->code : "");
    if (p->cols > end + 2)
        pane_put_cut(p, 0, end + 1, p->cols - end - 1, ROLE_TEXT, tail);
}

static void
draw_decision(const struct row *r, const struct pane *p)
{
    AUTO_BUF(text, 4096);
    buf_addf(&text, _("Matter: %s"), r->label);
    if (r->text[0])
        buf_addf(&text, ", %s", r->text);
    if (r->fran || r->till)
        buf_addf(&text, ", %s - %s", r->fran ? r->fran : "",
                 r->till ? r->till : "");
    if (r->percent)
        buf_addf(&text, ", %s %%", r->percent);
    if (r->status[0])
        buf_addf(&text, ", %s", r->status);
    pane_put_cut(p, 0, 0, p->cols, ROLE_TEXT, buf_str(&text));
}

static void
draw_detail(const struct row *r, const struct pane *p, bool details)
{
    char text[512];
    snprintf(text, sizeof(text), "  %.160s%s%.160s%s%s", r->label,
             r->text[0] ? " " : "", r->text, details && r->code[0] ? "  " : "",
             details ? r->code : "");
    pane_put_cut(p, 0, 0, p->cols, ROLE_TEXT, text);
}

void
behind_draw_row(const struct behind *b, int index, const struct pane *p,
                bool details)
{
    if (index >= b->n) {
        pane_put_cut(p, 0, 0, p->cols, ROLE_TEXT,
                     b->unknown
                         ? _("No row has come. It is unknown, not zero.")
                         : _("The source answered: no rows in the period."));
        return;
    }
    const struct row *r = b->of[index];
    if (r->kind == ROW_PAYMENT)
        draw_payment(b, r, p, details);
    else if (r->kind == ROW_DECISION)
        draw_decision(r, p);
    else
        draw_detail(r, p, details);
}

void
behind_draw(const struct behind *b, const struct pane *p, int first)
{
    int row = 0;
    pane_heading(p, row++, b->title, NULL);
    if (b->text[0])
        row += pane_wrap(p, row, 1, p->cols - 2, 3, ROLE_TEXT, b->text);
    pane_put(p, row, 3, ROLE_RUBRIK, _("Paid"));
    pane_put(p, row, 15, ROLE_RUBRIK, _("For"));
    pane_put_right(p, row, 35, ROLE_RUBRIK, _("Days"));
    pane_put_right(p, row, 46, ROLE_RUBRIK, _("Net"));
    row++;
    if (first >= 0)
        return;
    int count = b->n > 0 ? b->n : 1;
    for (int i = 0; i < count && row < p->rows; i++, row++) {
        struct pane one = pane_sub(p, row, 3, 1, -1);
        behind_draw_row(b, i, &one, false);
    }
}
