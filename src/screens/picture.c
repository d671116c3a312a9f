/* SPDX-License-Identifier: EUPL-1.2 */
#include "config.h"

#include "screens/picture.h"

#include "base/i18n.h"
#include "base/mem.h"
#include "screens/gathered_set.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

void
picture_init(struct picture *p, struct gathered *g, int person)
{
    memset(p, 0, sizeof(*p));
    p->g = gathered_hold(g);
    p->person = person;
    list_init(&p->check, true);
    list_init(&p->month, false);
    p->check.can_tick = false; /* boxes come with the first tick */
    g->seen = true;
}

static void
let_go(struct picture *p)
{
    free(p->checks);
    free(p->lines);
    p->checks = NULL;
    p->lines = NULL;
    if (p->rows)
        rows_free(&p->rows);
    if (p->v)
        overview_free(&p->v);
}

void
picture_done(struct picture *p)
{
    let_go(p);
    list_done(&p->check);
    list_done(&p->month);
    if (p->stated) {
        mem_wipe(p->stated, p->n_stated * sizeof(*p->stated));
        free(p->stated);
    }
    gathered_release(&p->g);
}

static struct month
application_month(const struct question *q)
{
    return q->month.year ? q->month : month_of(q->period.to);
}

static bool
has_line(const struct picture *p, int person, enum source_id s)
{
    for (int i = 0; i < p->n_lines; i++)
        if (p->lines[i].row && p->lines[i].person == person &&
            p->lines[i].source == s)
            return true;
    return false;
}

static void
add_line(struct picture *p, struct month_line line)
{
    p->lines = mem_grow(p->lines, p->n_lines + 1, sizeof(*p->lines));
    p->lines[p->n_lines++] = line;
}

/* A source that carries money, was asked and is not known has "?" here. */
static void
add_unknown(struct picture *p)
{
    for (int i = 0; i < p->n_who; i++) {
        source_set asked = answer_asked(&p->answers[i]->question);
        for (int s = 0; s < SOURCE_COUNT; s++) {
            enum source_state st = p->answers[i]->of[s].state;
            if (!source_row(s)->money || !(asked & SOURCE_BIT(s)) ||
                state_row(st)->came || has_line(p, i, s))
                continue;
            const char *label = arena_printf(
                p->rows->arena, _("%s, all benefits"), source_row(s)->tab);
            add_line(p, (struct month_line){.source = s,
                                            .person = i,
                                            .label = label ? label : ""});
        }
    }
}

static int
by_order(const void *a, const void *b)
{
    const struct month_line *x = a, *y = b;
    if (x->source != y->source)
        return x->source < y->source ? -1 : 1;
    int c = strcmp(x->label, y->label);
    return c ? c : x->person - y->person;
}

static void
sort_rows(struct picture *p)
{
    for (int i = 0; i < p->rows->n; i++) {
        const struct row *r = &p->rows->row[i];
        if (r->kind == ROW_CHECK && r->check) {
            p->checks =
                mem_grow(p->checks, p->n_checks + 1, sizeof(*p->checks));
            p->checks[p->n_checks++] = r;
        } else if (r->kind == ROW_MONTH && r->month) {
            add_line(p, (struct month_line){.row = r->month,
                                            .source = r->month->source,
                                            .person = r->month->person,
                                            .label = r->label});
        }
    }
    add_unknown(p);
    if (p->n_lines)
        qsort(p->lines, p->n_lines, sizeof(*p->lines), by_order);
}

void
picture_refresh(struct app *app, struct picture *p)
{
    if (p->v && p->version == p->g->version)
        return;
    let_go(p);
    p->n_who = p->n_checks = p->n_lines = 0;
    p->version = p->g->version;
    for (int i = 0; i < p->g->n; i++) {
        const struct answer *a = gathered_answer(p->g, i);
        if (!a || (p->person >= 0 && i != p->person))
            continue;
        if (p->n_who == 0)
            p->m = application_month(&a->question);
        p->answers[p->n_who] = a;
        p->who[p->n_who++] = i;
    }
    struct rows_options o;
    parts_rows_options(app, p->g, p->person, &o);
    p->v = overview_new(p->answers, p->n_who,
                        client_rules(gathered_set_client(p->g->set)),
                        date_today());
    p->rows = rows_overview(p->v, &o);
    sort_rows(p);
    gathered_overview(p->g);
    /* An empty list has one row that says so: the cursor has a place. */
    p->check.can_tick = true; /* so that ticks follow */
    list_set_count(&p->check, p->n_checks ? p->n_checks : 1);
    p->check.can_tick = list_ticked_count(&p->check) > 0;
    list_set_count(&p->month, p->n_lines ? p->n_lines : 1);
}

const struct month_line *
picture_line(const struct picture *p)
{
    return p->in_months && p->month.cursor < p->n_lines
               ? &p->lines[p->month.cursor]
               : NULL;
}

const struct row *
picture_check(const struct picture *p)
{
    return !p->in_months && p->check.cursor < p->n_checks
               ? p->checks[p->check.cursor]
               : NULL;
}

int
picture_person(const struct picture *p)
{
    const struct month_line *line = picture_line(p);
    const struct row *check = picture_check(p);
    if (p->person >= 0)
        return p->person;
    if (line)
        return p->who[line->person];
    return check ? p->who[check->check->person] : gathered_first(p->g);
}

static void
stated_key(const struct month_line *m, char out[160])
{
    snprintf(out, 160, "%d|%.100s|%.40s", (int)m->source,
             m->row ? m->row->forman : "", m->row ? m->row->betalare : "");
}

struct money
picture_stated(const struct picture *p, const struct month_line *m)
{
    char key[160];
    stated_key(m, key);
    for (int i = 0; i < p->n_stated; i++)
        if (strcmp(p->stated[i].key, key) == 0)
            return p->stated[i].sum;
    return MONEY_NONE;
}

void
picture_state(struct picture *p, const struct month_line *m, struct money sum)
{
    char key[160];
    stated_key(m, key);
    for (int i = 0; i < p->n_stated; i++)
        if (strcmp(p->stated[i].key, key) == 0) {
            p->stated[i].sum = sum;
            return;
        }
    p->stated = mem_grow(p->stated, p->n_stated + 1, sizeof(*p->stated));
    struct stated *s = &p->stated[p->n_stated++];
    snprintf(s->key, sizeof(s->key), "%s", key);
    s->sum = sum;
}
