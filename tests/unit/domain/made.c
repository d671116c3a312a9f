/* SPDX-License-Identifier: EUPL-1.2 */
#include "config.h"

#include "tests/unit/domain/made.h"

#include "tests/lib/rules.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

const struct date made_today = {2026, 11, 24};

/* An answer of November 2026 in which every asked source has said it has
 * nothing. */
struct answer *
made_silent(source_set sources)
{
    struct question q = {.sources = sources,
                         .month = {2026, 11},
                         .period = {{2026, 9, 1}, {2026, 11, 30}},
                         .arende = "EK-2026-00417",
                         .asked_ms = 1};
    question_preset_lefi(&q);
    struct answer *a = answer_new(&q);
    for (int i = 0; i < SOURCE_COUNT; i++)
        if (a->of[i].state == STATE_VANTAR)
            a->of[i].state = STATE_INGA_UPPGIFTER;
    return a;
}

struct payment *
made_pay(struct answer *a, enum source_id id, const char *forman,
         const char *day, int64_t ore, const char *fran, const char *till)
{
    struct payment *p = arena_alloc(a->arena, sizeof *p);
    p->source = id;
    p->betalare = source_row(id)->authority;
    p->forman = forman;
    if (day)
        assert_true(date_read(&p->date, day));
    p->netto = (struct money){ore, true};
    p->fran = fran;
    p->till = till;
    p->next = a->of[id].payments;
    a->of[id].payments = p;
    if (a->of[id].state == STATE_INGA_UPPGIFTER)
        a->of[id].state = STATE_SVAR;
    return p;
}

void
made_lacks(struct answer *a, enum source_id id, const char *kod,
           const char *namn)
{
    struct missing *m = arena_alloc(a->arena, sizeof *m);
    *m = (struct missing){a->of[id].missing, kod, namn, "INTERNT_FEL"};
    a->of[id].missing = m;
    a->of[id].state = STATE_DELSVAR;
}

struct decision *
made_decision(struct answer *a, enum source_id id, const char *slag,
              const char *forman)
{
    struct decision *d = arena_alloc(a->arena, sizeof *d);
    d->source = id;
    d->slag = slag;
    d->forman = forman;
    d->next = a->of[id].decisions;
    a->of[id].decisions = d;
    a->of[id].state = STATE_SVAR;
    return d;
}

struct overview *
made_overview(const struct answer *a)
{
    return overview_new(&a, 1, shipped_rules(), made_today);
}

const struct month_row *
made_row(const struct overview *o, const char *forman)
{
    for (int i = 0; i < o->n_rows; i++)
        if (!strcmp(o->rows[i]->forman, forman))
            return o->rows[i];
    fail_msg("no row %s", forman);
    return NULL;
}

const struct check *
made_check(const struct overview *o, enum check_kind k)
{
    for (int i = 0; i < o->n_checks; i++)
        if (o->checks[i].kind == k)
            return &o->checks[i];
    return NULL;
}

void
made_says(const struct overview *o, enum check_kind k, const char *text)
{
    const struct check *c = made_check(o, k);
    if (!c)
        fail_msg("no %s", check_word(k));
    else
        assert_string_equal(c->text, text);
}

void
made_cells(const struct month_row *r, const char *cells)
{
    for (int i = 0; cells[i];
         i++) /* # amount, 0 zero, ? unknown, . not asked */
        assert_int_equal("#0?."[r->cell[i].kind], cells[i]);
}

/* The household of UX 8, the applicant's half. */
struct answer *
made_applicant(void)
{
    struct answer *a = made_silent(FK | SO | SOURCE_BIT(SOURCE_CSN));
    a->question.csn = (struct period){{2026, 7, 1}, {2026, 12, 31}};
    made_pay(a, SOURCE_FK, "Sjukpenning", "2026-09-25", 492000, "2026-09-01",
             "2026-09-15");
    made_pay(a, SOURCE_FK, "Barnbidrag", "2026-09-18", 265000, "2026-09",
             "2026-09");
    made_pay(a, SOURCE_FK, "Barnbidrag", "2026-10-20", 265000, "2026-10",
             "2026-10");
    made_pay(a, SOURCE_FK, "Barnbidrag", "2026-11-20", 265000, "2026-11",
             "2026-11");
    made_pay(a, SOURCE_FK, "Barnbidrag", "2026-12-18", 265000, "2026-12",
             "2026-12")
        ->state = PAYMENT_PRELIMINAR;
    struct payment *as = made_pay(a, SOURCE_FK, "Aktivitetsstöd", "2026-11-13",
                                  118500, "2026-11-02", "2026-11-06");
    as->marks = MARK_KVITTNING;
    static const char *const kassa[][3] = {
        {"2026-10-16", "2026-09-28", "2026-10-09"},
        {"2026-10-30", "2026-10-12", "2026-10-23"},
        {"2026-11-13", "2026-10-26", "2026-11-06"}};
    for (int i = 0; i < 3; i++)
        made_pay(a, SOURCE_SO, "Arbetslöshetsersättning", kassa[i][0], 431000,
                 kassa[i][1], kassa[i][2])
            ->betalare = "A-kassa Exempel";
    struct decision *d =
        made_decision(a, SOURCE_FK, "ansokan", "Föräldrapenning");
    d->utan_beslut = true;
    d->datum = (struct date){2026, 11, 12};
    made_lacks(a, SOURCE_FK, "FK:BOB", "Bostadsbidrag");
    return a;
}
