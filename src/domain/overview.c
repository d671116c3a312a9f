/* SPDX-License-Identifier: EUPL-1.2
 *
 * Three passes: the months; a row for each benefit paid or reported missing;
 * then its cells. Sums (overview_sum.c) and checks follow.
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
picture_fold(struct overview *o, const char *s)
{
    s += strspn(s, " ");
    size_t n = strlen(s);
    while (n && s[n - 1] == ' ')
        n--;
    const char *cut = arena_strndup(o->arena, s, n);
    const char *fold = text_fold(o->arena, cut);
    return fold ? fold : cut;
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
picture_undated(const struct payment *p)
{
    return (p->state == PAYMENT_UTBETALD || p->state == PAYMENT_OKAND) &&
           date_none(p->date) && !(p->marks & MARK_DUBBEL_PM);
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

/* --- rows --- */

/* A row while it is found again by its folded names. */
struct found {
    struct month_row *row;
    const char *forman, *betalare; /* folded; payer "" where not of SO */
};

struct rows {
    struct overview *o;
    struct found *all;
    size_t n, room;
};

static int
by_names(const struct found *f, enum source_id source, const char *forman,
         const char *betalare, int person)
{
    int by = (int)f->row->source - (int)source;
    if (!by)
        by = strcmp(f->forman, forman);
    if (!by)
        by = strcmp(f->betalare, betalare);
    return by ? by : f->row->person - person;
}

/* The row, made where it is not there; kept in order. */
static struct month_row *
row_of(struct rows *r, enum source_id source, const char *forman,
       const char *betalare, int person)
{
    const char *f = picture_fold(r->o, forman);
    const char *b = source == SOURCE_SO ? picture_fold(r->o, betalare) : "";
    size_t low = 0, high = r->n;
    while (low < high) {
        size_t mid = (low + high) / 2;
        int by = by_names(&r->all[mid], source, f, b, person);
        if (by == 0)
            return r->all[mid].row;
        if (by < 0)
            low = mid + 1;
        else
            high = mid;
    }
    struct month_row *row =
        arena_alloc(r->o->arena,
                    sizeof *row + (size_t)r->o->n_months * sizeof row->cell[0]);
    row->source = source;
    row->forman = forman;
    row->betalare = betalare;
    row->person = person;
    if (r->n == r->room) {
        r->room = r->room ? r->room * 2 : 32;
        r->all = mem_grow(r->all, r->room, sizeof *r->all);
    }
    memmove(r->all + low + 1, r->all + low, (r->n - low) * sizeof *r->all);
    r->all[low] = (struct found){row, f, b};
    r->n++;
    return row;
}

/* Counts in months: paid (or nobody knows) on a day, and not reported by PM
 * too. */
static bool
counts(const struct answer *a, const struct payment *p)
{
    return (p->state == PAYMENT_UTBETALD || p->state == PAYMENT_OKAND) &&
           picture_dated(a, p->date) && !(p->marks & MARK_DUBBEL_PM);
}

/* A part reported missing that is a benefit paid in money. */
static bool
is_benefit(enum source_id id, const struct missing *m)
{
    const struct lefi_code *c = lefi_code(m->kod);
    if (!m->kod || !*m->kod) /* it says not what: no benefit of that name */
        return id == SOURCE_SO;
    return source_row(id)->money && (!c || c->lists & LEFI_UTBETALNINGAR);
}

static void
add_cell(struct overview *o, struct month_row *row, const struct payment *p)
{
    struct month_cell *c = &row->cell[overview_month(o, month_of(p->date))];
    struct money sum = c->kind == CELL_NOT_ASKED ? money_kronor(0) : c->sum;
    bool known = p->state == PAYMENT_UTBETALD && p->netto.given &&
                 c->kind != CELL_UNKNOWN;
    if (p->state == PAYMENT_UTBETALD && p->netto.given)
        sum = money_add(sum, p->netto);
    *c = (struct month_cell){known ? CELL_AMOUNT : CELL_UNKNOWN, false, sum};
}

static struct month_row *
new_row(struct rows *r, enum source_id id, const char *forman,
        const char *betalare, int person)
{
    size_t before = r->n;
    struct month_row *row = row_of(r, id, forman, betalare, person);
    if (r->n > before) /* nothing seen yet; settled by settle_row */
        for (int m = 0; m < r->o->n_months; m++)
            row->cell[m].kind = CELL_NOT_ASKED;
    return row;
}

static void
rows_of_answer(struct rows *r, int person)
{
    const struct answer *a = r->o->answers[person];
    for (enum source_id id = 0; id < SOURCE_COUNT; id++) {
        const struct source_answer *s = &a->of[id];
        for (const struct payment *p = s->payments; p; p = p->next)
            if (counts(a, p))
                add_cell(r->o, new_row(r, id, p->forman, p->betalare, person),
                         p);
            else if (picture_undated(p))
                new_row(r, id, p->forman, p->betalare, person)->undated = true;
        for (const struct missing *m = s->missing; m; m = m->next) {
            if (!is_benefit(id, m))
                continue;
            bool so = id == SOURCE_SO;
            new_row(r, id, so ? "Arbetslöshetsersättning" : m->namn,
                    so ? m->namn : source_row(id)->authority, person)
                ->missing = true;
        }
    }
}

/* A person of whom nothing came has "?" in the rows of the others (UX 8). */
static void
rows_of_absent(struct rows *r)
{
    size_t n = r->n;
    struct found *now = mem_alloc((n + 1) * sizeof *now);
    if (n)
        memcpy(now, r->all, n * sizeof *now);
    for (int i = 0; i < r->o->n_answers; i++) {
        const struct answer *a = r->o->answers[i];
        if (answer_any(a))
            continue;
        for (size_t k = 0; k < n; k++)
            if (now[k].row->person != i &&
                answer_asked(&a->question) & SOURCE_BIT(now[k].row->source))
                new_row(r, now[k].row->source, now[k].row->forman,
                        now[k].row->betalare, i)
                    ->missing = true;
    }
    free(now);
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
settle_row(struct overview *o, struct found *f, const enum cell_kind *nothing)
{
    struct month_row *row = f->row;
    const struct answer *a = o->answers[row->person];
    bool open = row->undated || (!row->missing &&
                                 picture_touched(o, a, row->source, f->forman));
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
    struct rows r = {.o = o};
    for (int i = 0; i < n; i++)
        rows_of_answer(&r, i);
    rows_of_absent(&r);
    o->rows = arena_alloc(o->arena, (r.n + 1) * sizeof *o->rows);
    o->n_rows = (int)r.n;
    enum cell_kind *nothing = empty_cells(o);
    for (size_t i = 0; i < r.n; i++) {
        settle_row(o, &r.all[i], nothing);
        o->rows[i] = r.all[i].row;
    }
    free(nothing);
    free(r.all);
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
