/* SPDX-License-Identifier: EUPL-1.2
 *
 * The rows of the months: one for each benefit of one payer and person, paid
 * or reported missing, in order and found again by folded names.
 */
#include "config.h"

#include "domain/overview.h"

#include "base/mem.h"
#include "domain/lefi.h"
#include "domain/picture.h"

#include <stdlib.h>
#include <string.h>

const char overview_others[] = "Övriga förmåner, för många för egna rader";

/* No true answer comes near; a hostile one has a name for each payment, and a
 * cell for each name and month. */
enum { ROWS_MAX = 1000, ROWS_LEAST = 64, CELLS_MAX = 100000 };

struct rows {
    struct overview *o;
    struct month_row **all;
    size_t n, room, most;
};

static int
by_names(const struct month_row *r, enum source_id source, const char *name,
         const char *payer, int person)
{
    int by = (int)r->source - (int)source;
    if (!by)
        by = strcmp(r->name, name);
    if (!by)
        by = strcmp(r->payer, payer);
    return by ? by : r->person - person;
}

/* Where the row is, or would be. */
static bool
find(struct month_row *const *all, size_t n, enum source_id source,
     const char *name, const char *payer, int person, size_t *at)
{
    size_t low = 0, high = n;
    while (low < high) {
        size_t mid = (low + high) / 2;
        int by = by_names(all[mid], source, name, payer, person);
        *at = mid;
        if (by == 0)
            return true;
        if (by < 0)
            low = mid + 1;
        else
            high = mid;
    }
    *at = low;
    return false;
}

static struct month_row *
insert(struct rows *r, size_t at, struct month_row like)
{
    size_t months = (size_t)r->o->n_months;
    struct month_row *row =
        arena_alloc(r->o->arena, sizeof *row + months * sizeof row->cell[0]);
    *row = like;
    for (size_t m = 0; m < months; m++) /* nothing seen yet: settle_row */
        row->cell[m].kind = CELL_NOT_ASKED;
    if (r->n == r->room) {
        r->room = r->room ? r->room * 2 : 32;
        r->all = mem_grow(r->all, r->room, sizeof(struct month_row *));
    }
    memmove(r->all + at + 1, r->all + at, (r->n - at) * sizeof *r->all);
    r->all[at] = row;
    r->n++;
    return row;
}

/* The row, made where it is not there; kept in order. Past the ceiling the
 * source's one row for the others. */
static struct month_row *
row_of(struct rows *r, enum source_id source, const char *forman,
       const char *betalare, int person)
{
    bool so = source == SOURCE_SO;
    const char *name = picture_fold(r->o, forman);
    const char *payer = so ? picture_fold(r->o, betalare) : "";
    size_t at;
    if (find(r->all, r->n, source, name, payer, person, &at))
        return r->all[at];
    struct month_row like = {.source = source,
                             .forman = forman,
                             .betalare = betalare,
                             .name = name,
                             .payer = payer,
                             .person = person};
    if (r->n < r->most)
        return insert(r, at, like);
    like.forman = like.betalare = overview_others;
    like.name = picture_fold(r->o, overview_others);
    like.payer = so ? like.name : "";
    like.others = true;
    return find(r->all, r->n, source, like.name, like.payer, person, &at)
               ? r->all[at]
               : insert(r, at, like);
}

const struct month_row *
overview_row(const struct overview *o, int person, const struct payment *p)
{
    AUTO_ARENA struct arena *arena = arena_new(0);
    bool so = p->source == SOURCE_SO;
    const char *name = picture_fold_in(arena, p->forman);
    const char *payer = so ? picture_fold_in(arena, p->betalare) : "";
    size_t at;
    if (find(o->rows, (size_t)o->n_rows, p->source, name, payer, person, &at))
        return o->rows[at];
    name = picture_fold_in(arena, overview_others);
    return find(o->rows, (size_t)o->n_rows, p->source, name, so ? name : "",
                person, &at) &&
                   o->rows[at]->others
               ? o->rows[at]
               : NULL;
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

static void
rows_of_answer(struct rows *r, int person)
{
    const struct answer *a = r->o->answers[person];
    for (enum source_id id = 0; id < SOURCE_COUNT; id++) {
        const struct source_answer *s = &a->of[id];
        for (const struct payment *p = s->payments; p; p = p->next)
            if (counts(a, p))
                add_cell(r->o, row_of(r, id, p->forman, p->betalare, person),
                         p);
            else if (picture_undated(a, p))
                row_of(r, id, p->forman, p->betalare, person)->undated = true;
        for (const struct missing *m = s->missing; m; m = m->next) {
            if (!is_benefit(id, m))
                continue;
            bool so = id == SOURCE_SO;
            row_of(r, id, so ? "Arbetslöshetsersättning" : m->namn,
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
    struct month_row **now = mem_alloc((n + 1) * sizeof *now);
    if (n)
        memcpy(now, r->all, n * sizeof *now);
    for (int i = 0; i < r->o->n_answers; i++) {
        const struct answer *a = r->o->answers[i];
        if (answer_any(a))
            continue;
        for (size_t k = 0; k < n; k++)
            if (now[k]->person != i &&
                answer_asked(&a->question) & SOURCE_BIT(now[k]->source))
                row_of(r, now[k]->source, now[k]->forman, now[k]->betalare, i)
                    ->missing = true;
    }
    free(now);
}

void
picture_rows(struct overview *o)
{
    struct rows r = {.o = o, .most = ROWS_MAX};
    size_t fit = CELLS_MAX / (size_t)(o->n_months ? o->n_months : 1);
    if (fit < r.most)
        r.most = fit < ROWS_LEAST ? ROWS_LEAST : fit;
    for (int i = 0; i < o->n_answers; i++)
        rows_of_answer(&r, i);
    rows_of_absent(&r);
    o->rows = arena_alloc(o->arena, (r.n + 1) * sizeof(struct month_row *));
    if (r.n)
        memcpy(o->rows, r.all, r.n * sizeof *r.all);
    o->n_rows = (int)r.n;
    free(r.all);
}
