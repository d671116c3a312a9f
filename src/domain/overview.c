/* SPDX-License-Identifier: EUPL-1.2
 *
 * Three passes: the months; a row for each benefit paid or reported missing
 * (overview_rows.c); then its cells. Sums (overview_sum.c) and checks follow.
 */
#include "config.h"

#include "domain/overview.h"

#include "base/text.h"
#include "domain/lefi.h"
#include "domain/picture.h"

#include <stdlib.h>
#include <string.h>

struct period
picture_period(const struct answer *a)
{
    const struct question *q = &a->question;
    return period_ok(q->period) || !q->month.month
               ? q->period
               : period_of_application(q->month);
}

bool
picture_asked(const struct answer *a, enum source_id id, struct period *p)
{
    const struct question *q = &a->question;
    if (!(answer_asked(q) & SOURCE_BIT(id)) || !source_row(id)->period)
        return false;
    bool own = id == SOURCE_CSN && !date_none(q->csn.from);
    *p = own ? q->csn : picture_period(a);
    return period_ok(*p);
}

struct month
picture_month(const struct answer *a)
{
    return a->question.month.month ? a->question.month
                                   : month_of(picture_period(a).to);
}

/* It names what did not come: a fund by its name, a benefit by its code. One
 * that names none may be any. */
static bool
is_named(enum source_id id, const struct missing *m)
{
    return id == SOURCE_SO ? m->kod && *m->kod : lefi_code(m->kod) != NULL;
}

bool
picture_firm(const struct answer *a, enum source_id id)
{
    const struct source_answer *s = &a->of[id];
    for (const struct missing *m = s->missing; m; m = m->next)
        if (!is_named(id, m))
            return false;
    return state_row(s->state)->whole ||
           (s->state == STATE_DELSVAR && s->missing);
}

const char *
picture_fold_in(struct arena *arena, const char *s)
{
    s += strspn(s, " ");
    size_t n = strlen(s);
    while (n && s[n - 1] == ' ')
        n--;
    const char *cut = arena_strndup(arena, s, n);
    const char *fold = text_fold(arena, cut);
    return fold ? fold : cut;
}

const char *
picture_fold(struct overview *o, const char *s)
{
    return picture_fold_in(o->arena, s);
}

bool
overview_same(const char *a, const char *b)
{
    AUTO_ARENA struct arena *arena = arena_new(0);
    return !strcmp(picture_fold_in(arena, a), picture_fold_in(arena, b));
}

const char *
picture_name(const struct month_row *r)
{
    return r->source == SOURCE_SO ? r->betalare : r->forman;
}

bool
payment_days(const struct payment *p, struct period *out)
{
    struct month m;
    if (!p->fran || !p->till)
        return false;
    if (month_read(&m, p->fran))
        out->from = month_first(m);
    else if (!date_read(&out->from, p->fran))
        return false;
    if (month_read(&m, p->till))
        out->to = month_last(m);
    else if (!date_read(&out->to, p->till))
        return false;
    return period_ok(*out);
}

/* --- months --- */

bool
picture_dated(const struct answer *a, struct date d)
{
    struct period p = picture_period(a);
    return date_ok(d) && d.year >= p.from.year - DATED_YEARS &&
           d.year <= p.to.year + DATED_YEARS;
}

bool
picture_undated(const struct answer *a, const struct payment *p)
{
    return (p->state == PAYMENT_UTBETALD || p->state == PAYMENT_OKAND) &&
           !picture_dated(a, p->date) && !(p->marks & MARK_DUBBEL_PM);
}

static int
by_month(const void *a, const void *b)
{
    return month_compare(*(const struct month *)a, *(const struct month *)b);
}

static size_t
count_payments(const struct answer *a)
{
    size_t n = 0;
    for (int s = 0; s < SOURCE_COUNT; s++)
        for (const struct payment *p = a->of[s].payments; p; p = p->next)
            n++;
    return n;
}

/* The months that the question is about: M-2 .. M, else its period. */
static struct period
window(const struct answer *a)
{
    if (a->question.month.month)
        return period_of_application(a->question.month);
    struct period p = picture_period(a);
    struct month first = month_add(month_of(p.to), -12 * DATED_YEARS);
    if (month_compare(month_of(p.from), first) < 0)
        p.from = month_first(first);
    return p;
}

static void
make_months(struct overview *o)
{
    size_t room = 0, n = 0;
    for (int i = 0; i < o->n_answers; i++)
        room += count_payments(o->answers[i]) + 12 * DATED_YEARS + 1;
    struct month *all = mem_alloc(room * sizeof *all);
    for (int i = 0; i < o->n_answers; i++) {
        const struct answer *a = o->answers[i];
        struct period w = window(a);
        if (period_ok(w))
            for (struct month m = month_of(w.from);
                 month_compare(m, month_of(w.to)) <= 0; m = month_add(m, 1))
                all[n++] = m;
        for (int s = 0; s < SOURCE_COUNT; s++)
            for (const struct payment *p = a->of[s].payments; p; p = p->next)
                if (picture_dated(a, p->date))
                    all[n++] = month_of(p->date);
    }
    qsort(all, n, sizeof *all, by_month);
    o->months = arena_alloc(o->arena, (n + 1) * sizeof *all);
    for (size_t i = 0; i < n; i++)
        if (i == 0 || month_compare(all[i], all[i - 1]))
            o->months[o->n_months++] = all[i];
    free(all);
}

int
overview_month(const struct overview *o, struct month m)
{
    int low = 0, high = o->n_months;
    while (low < high) {
        int mid = (low + high) / 2;
        int by = month_compare(o->months[mid], m);
        if (by == 0)
            return mid;
        if (by < 0)
            low = mid + 1;
        else
            high = mid;
    }
    return -1;
}

/* --- cells --- */

enum cell_kind
picture_empty(const struct answer *a, enum source_id id, struct month m)
{
    struct period asked, whole = {month_first(m), month_last(m)};
    if (!picture_asked(a, id, &asked) || !period_overlaps(asked, whole))
        return CELL_NOT_ASKED;
    if (!picture_firm(a, id) || !period_covers(asked, whole.from) ||
        !period_covers(asked, whole.to))
        return CELL_UNKNOWN;
    return CELL_ZERO;
}

static void
settle_row(struct overview *o, struct month_row *row,
           const enum cell_kind *nothing)
{
    const struct answer *a = o->answers[row->person];
    bool open = row->undated || (!row->missing &&
                                 picture_touched(o, a, row->source, row->name));
    for (int m = 0; m < o->n_months; m++) {
        struct month_cell *c = &row->cell[m];
        enum cell_kind empty =
            nothing[(row->person * SOURCE_COUNT + (int)row->source) *
                        o->n_months +
                    m];
        if (open && empty == CELL_ZERO)
            empty = CELL_UNKNOWN;
        if (row->missing)
            c->kind = CELL_UNKNOWN;
        else if (c->kind == CELL_NOT_ASKED)
            c->kind = empty;
        c->partial = c->kind == CELL_AMOUNT && empty != CELL_ZERO;
    }
}

/* What no payment means, for each person, source and month: once for all
 * rows. */
static enum cell_kind *
empty_cells(const struct overview *o)
{
    size_t n = (size_t)o->n_answers * SOURCE_COUNT * (size_t)o->n_months;
    enum cell_kind *all = mem_alloc((n + 1) * sizeof *all), *c = all;
    for (int i = 0; i < o->n_answers; i++)
        for (enum source_id id = 0; id < SOURCE_COUNT; id++)
            for (int m = 0; m < o->n_months; m++)
                *c++ = picture_empty(o->answers[i], id, o->months[m]);
    return all;
}

struct overview *
overview_new(const struct answer *const *answers, int n,
             const struct rules *rules, struct date today)
{
    struct overview *o = mem_alloc(sizeof *o);
    o->arena = arena_new(0);
    o->n_answers = n;
    o->rules = rules;
    const struct answer **list =
        arena_alloc(o->arena, (size_t)(n + 1) * sizeof *list);
    memcpy(list, answers, (size_t)n * sizeof *list);
    o->answers = list;
    make_months(o);
    picture_rows(o);
    enum cell_kind *nothing = empty_cells(o);
    for (int i = 0; i < o->n_rows; i++)
        settle_row(o, o->rows[i], nothing);
    free(nothing);
    o->n_of =
        arena_alloc(o->arena, (size_t)(n + 1) * CHECK_COUNT * sizeof *o->n_of);
    picture_sums(o);
    checks_of_months(o, today);
    checks_of_seasons(o, today);
    checks_of_days(o, today);
    checks_of_payments(o);
    checks_of_facts(o, today);
    checks_sort(o);
    return o;
}

void
overview_free(struct overview **o)
{
    if (!*o)
        return;
    arena_free(&(*o)->arena);
    free(*o);
    *o = NULL;
}
