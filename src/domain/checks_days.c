/* SPDX-License-Identifier: EUPL-1.2
 *
 * Checks day by day: days without any payment to live on (LUCKA), and two
 * benefits for the same days (DUBBELT). What days a payment is for comes from
 * its own period.
 */
#include "config.h"

#include "domain/overview.h"

#include "domain/picture.h"

#include <stdlib.h>
#include <string.h>

enum { LINES_MAX = 60 }; /* pairs grow by the square */

/* The days of one person's window, and which rows pay for which. */
struct days {
    struct overview *o;
    int person, n;
    struct date first;
    struct line {
        const struct month_row *row;
        unsigned char *paid; /* one per day */
        bool whole;          /* every payment says its days */
    } * line;
    int n_lines;
    unsigned char *any; /* some row pays for the day */
};

static struct date
day_at(const struct days *d, int i)
{
    return date_add(d->first, i);
}

static void
mark(const struct days *d, unsigned char *paid, struct period p)
{
    int64_t first = date_days(d->first);
    int64_t from = date_days(p.from) - first, to = date_days(p.to) - first;
    for (int64_t i = from < 0 ? 0 : from; i <= to && i < d->n; i++)
        paid[i] = 1;
}

/* The line of a payment's row, if it has one. */
static struct line *
line_of(struct days *d, const struct payment *p)
{
    const struct month_row *r = overview_row(d->o, d->person, p);
    for (int i = 0; r && i < d->n_lines; i++)
        if (d->line[i].row == r)
            return &d->line[i];
    return NULL;
}

/* A payment of which one can say that it is for its days. */
static bool
pays(const struct payment *p)
{
    return !(p->marks & MARK_DUBBEL_PM) && p->state != PAYMENT_OKAND &&
           p->netto.given && p->netto.ore > 0;
}

static void
fill(struct days *d)
{
    const struct answer *a = d->o->answers[d->person];
    for (enum source_id id = 0; id < SOURCE_COUNT; id++)
        for (const struct payment *p = a->of[id].payments; p; p = p->next) {
            struct period of;
            if (!pays(p) ||
                !rules_support(d->o->rules, picture_fold(d->o, p->forman)))
                continue;
            bool told = payment_days(p, &of);
            if (told) /* announced ones too */
                mark(d, d->any, of);
            struct line *l =
                p->state == PAYMENT_UTBETALD ? line_of(d, p) : NULL;
            if (l && told)
                mark(d, l->paid, of);
            else if (l)
                l->whole = false;
        }
}

static void
doubles(struct days *d, const struct line *a, const struct line *b)
{
    for (int i = 0; i < d->n; i++) {
        if (!a->paid[i] || !b->paid[i])
            continue;
        int to = i;
        while (to + 1 < d->n && a->paid[to + 1] && b->paid[to + 1])
            to++;
        struct check c = {.kind = CHECK_DUBBELT,
                          .person = d->person,
                          .sources = SOURCE_BIT(a->row->source) |
                                     SOURCE_BIT(b->row->source),
                          .from = day_at(d, i),
                          .to = day_at(d, to),
                          .forman = a->row->forman};
        AUTO_BUF(text, CHECK_TEXT_MAX);
        buf_addf(&text, "%s och %s, samma dagar ", picture_name(a->row),
                 picture_name(b->row));
        check_days(&text, d->o, d->person, c.from, c.to);
        check_add(d->o, c, buf_str(&text), NULL);
        i = to;
    }
}

/* Every source of money to live on that was asked has answered, FK and the
 * funds among them, and nothing that it pays is unknown. */
static bool
gaps_can_be_told(const struct days *d)
{
    const struct answer *a = d->o->answers[d->person];
    source_set asked = answer_asked(&a->question);
    if (!(asked & SOURCE_BIT(SOURCE_FK)) || !(asked & SOURCE_BIT(SOURCE_SO)))
        return false;
    for (enum source_id id = 0; id < SOURCE_COUNT; id++) {
        if (!source_row(id)->money || !(asked & SOURCE_BIT(id)))
            continue;
        if (!picture_firm(a, id) || picture_narrow(a, id))
            return false;
        for (const struct missing *m = a->of[id].missing; m; m = m->next)
            if (rules_support(d->o->rules, picture_fold(d->o, m->namn)))
                return false;
    }
    for (int i = 0; i < d->n_lines; i++)
        if (!d->line[i].whole)
            return false;
    return d->n_lines > 0;
}

static void
gaps(struct days *d, struct date until)
{
    const struct answer *a = d->o->answers[d->person];
    int n = (int)(date_days(until) - date_days(d->first)) + 1;
    source_set money = 0;
    for (enum source_id id = 0; id < SOURCE_COUNT; id++)
        if (source_row(id)->money)
            money |= answer_asked(&a->question) & SOURCE_BIT(id);
    for (int i = 0; i < n && i < d->n; i++) {
        if (d->any[i])
            continue;
        int to = i;
        while (to + 1 < n && to + 1 < d->n && !d->any[to + 1])
            to++;
        if (to - i + 1 >= rules_limit(d->o->rules, RULE_LUCKA_DAYS)) {
            struct check c = {.kind = CHECK_LUCKA,
                              .person = d->person,
                              .sources = money,
                              .from = day_at(d, i),
                              .to = day_at(d, to)};
            AUTO_BUF(text, CHECK_TEXT_MAX);
            buf_adds(&text, "Inget från källorna ");
            check_days(&text, d->o, d->person, c.from, c.to);
            buf_adds(&text, ". Lön syns inte här.");
            check_add(d->o, c, buf_str(&text), NULL);
        }
        i = to;
    }
}

/* Lines for the rows of money to live on; false where there is no window, or
 * more rows than any true answer has. */
static bool
open_days(struct days *d)
{
    const struct answer *a = d->o->answers[d->person];
    struct period w = picture_period(a);
    if (a->question.month.month)
        w = period_of_application(a->question.month);
    if (!period_ok(w))
        return false;
    d->n = period_days(w);
    if (d->n > WINDOW_DAYS) {
        w.from = date_add(w.to, 1 - WINDOW_DAYS);
        d->n = WINDOW_DAYS;
    }
    d->first = w.from;
    d->any = arena_alloc(d->o->arena, (size_t)d->n);
    d->line = arena_alloc(d->o->arena, LINES_MAX * sizeof *d->line);
    for (int i = 0; i < d->o->n_rows; i++) {
        const struct month_row *r = d->o->rows[i];
        if (r->person != d->person || r->others ||
            !rules_support(d->o->rules, r->name) ||
            !picture_comparable(d->o, r))
            continue;
        if (d->n_lines == LINES_MAX)
            return false;
        d->line[d->n_lines++] =
            (struct line){r, arena_alloc(d->o->arena, (size_t)d->n), true};
    }
    return true;
}

void
checks_of_days(struct overview *o, struct date today)
{
    for (int i = 0; i < o->n_answers; i++) {
        struct days d = {.o = o, .person = i};
        if (!open_days(&d))
            continue;
        fill(&d);
        for (int a = 0; a < d.n_lines; a++)
            for (int b = a + 1; b < d.n_lines; b++)
                doubles(&d, &d.line[a], &d.line[b]);
        struct month m = picture_month(o->answers[i]);
        struct date last = month_last(month_add(m, -1));
        struct date wait =
            date_add(today, -rules_limit(o->rules, RULE_LUCKA_WAIT_DAYS));
        if (date_compare(today, last) > 0 && gaps_can_be_told(&d))
            gaps(&d, date_compare(wait, last) < 0 ? wait : last);
    }
}
