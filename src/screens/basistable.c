/* SPDX-License-Identifier: EUPL-1.2 */
#include "config.h"

#include "screens/basistable.h"

#include "base/config.h"
#include "base/i18n.h"
#include "base/mem.h"
#include "base/text.h"
#include "screens/sourcetext.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct target {
    struct target *next;
    const char *name, *benefits;
    enum source_id source;
};

struct reading {
    struct arena *arena;
    struct target *first, **last;
};

static bool
target_row(void *arg, const char *section, const char *name, const char *value,
           int line, struct err *e)
{
    struct reading *r = arg;
    enum source_id s = source_by_code(name);
    struct target *t = arena_alloc(r->arena, sizeof(*t));
    (void)line;
    (void)e;
    if (s >= SOURCE_COUNT || !t)
        return true;
    t->source = s;
    t->name = text_clean(r->arena, section, strlen(section));
    t->benefits = text_fold(r->arena, value);
    *r->last = t;
    r->last = &t->next;
    return true;
}

/* Is the benefit in the list "a; b; c", or the list "*"? */
static bool
in_list(const char *list, const char *benefit)
{
    size_t len = strlen(benefit);
    while (*list) {
        list += strspn(list, "; ");
        size_t n = strcspn(list, ";");
        size_t cut = n;
        while (cut > 0 && list[cut - 1] == ' ')
            cut--;
        if ((cut == 1 && *list == '*') ||
            (cut == len && strncmp(list, benefit, len) == 0))
            return true;
        list += n;
    }
    return false;
}

static const char *
find_target(const struct reading *r, enum source_id s, const char *forman)
{
    const char *folded = forman ? text_fold(r->arena, forman) : "";
    for (const struct target *t = r->first; t; t = t->next) {
        if (t->source != s)
            continue;
        if (forman && folded && in_list(t->benefits, folded))
            return t->name;
        if (!forman && strcmp(t->benefits, "*") == 0)
            return t->name;
    }
    return NULL;
}

static struct basis_line *
line_of(struct basis *b, const char *target, bool before, bool unknown)
{
    for (int i = 0; i < b->n; i++)
        if (b->of[i].before == before && b->of[i].unknown == unknown &&
            strcmp(b->of[i].target, target) == 0)
            return &b->of[i];
    b->of = mem_grow(b->of, b->n + 1, sizeof(*b->of));
    struct basis_line *l = &b->of[b->n++];
    memset(l, 0, sizeof(*l));
    l->target = arena_strdup(b->arena, target);
    if (!l->target)
        l->target = "";
    l->before = before;
    l->unknown = unknown;
    for (int i = 0; i < GATHERED_PERSONS; i++)
        l->cell[i].kind = CELL_ZERO;
    return l;
}

static void
add_from(struct basis_line *l, const char *text)
{
    size_t len = strlen(l->from);
    if (strstr(l->from, text))
        return;
    snprintf(l->from + len, sizeof(l->from) - len, "%s%.120s", len ? ", " : "",
             text);
}

/* "10-16 4 310, 10-30 4 310": the payments of the row in the month. */
static void
add_payments(struct basis_line *l, const struct picture *p,
             const struct month_line *m, struct month month, bool name)
{
    char text[160];
    const struct answer *a = p->answers[m->person];
    bool first = true;
    for (const struct payment *y = a->of[m->source].payments; y; y = y->next) {
        char day[11], sum[32];
        if (y->state != PAYMENT_UTBETALD || date_none(y->date) ||
            month_compare(month_of(y->date), month) != 0 ||
            y->marks & MARK_DUBBEL_PM ||
            overview_row(p->v, m->person, y) != m->row)
            continue;
        date_text(y->date, day);
        money_kronor_text(y->netto, sum);
        snprintf(text, sizeof(text), "%.100s%s%s %s",
                 name && first ? m->row->forman : "", name && first ? " " : "",
                 day + 5, sum);
        add_from(l, text);
        first = false;
    }
}

static void
put(struct basis_line *l, int person, const struct month_cell *c)
{
    struct month_cell *to = &l->cell[person];
    if (c->kind == CELL_UNKNOWN || to->kind == CELL_UNKNOWN) {
        to->kind = CELL_UNKNOWN;
        return;
    }
    if (c->kind != CELL_AMOUNT)
        return;
    to->sum = to->kind == CELL_AMOUNT ? money_add(to->sum, c->sum) : c->sum;
    to->kind = CELL_AMOUNT;
}

static void
remember(struct basis_line *l, const struct month_line *m)
{
    if (l->forman || l->from[0])
        return;
    l->person = m->person;
    l->source = m->source;
    l->forman = m->row ? m->row->forman : NULL;
}

static void
unlisted(struct basis *b, const char *label)
{
    size_t len = strlen(b->unlisted);
    if (strstr(b->unlisted, label))
        return;
    snprintf(b->unlisted + len, sizeof(b->unlisted) - len, "%s%.60s",
             len ? ", " : "", label);
}

static void
add_unknown(struct basis *b, const struct picture *p, const char *target,
            const struct month_line *m)
{
    static const struct month_cell unknown = {.kind = CELL_UNKNOWN};
    char who[64], text[200];
    struct basis_line *l = line_of(b, target, false, true);
    enum source_state st = p->answers[m->person]->of[m->source].state;
    parts_who(p->g, p->who[m->person], WHO_LOWER, who, sizeof(who));
    if (m->row) {
        snprintf(text, sizeof(text), _("%s: did not come for %s"),
                 parts_brief_source(m->source), who);
    } else {
        AUTO_BUF(label, 128);
        parts_small(&label, rows_state_label(st));
        snprintf(text, sizeof(text), "%s: %s", parts_brief_source(m->source),
                 buf_str(&label));
    }
    remember(l, m);
    put(l, m->person, &unknown);
    add_from(l, text);
}

/* One line of the months into the basis. */
static void
add_line(struct basis *b, const struct picture *p, const struct reading *r,
         const struct month_line *m)
{
    static const struct month_cell none = {.kind = CELL_ZERO};
    const char *target =
        find_target(r, m->source, m->row ? m->row->forman : NULL);
    struct month m1 = month_add(p->m, -1), m2 = month_add(p->m, -2);
    int i1 = overview_month(p->v, m1), i2 = overview_month(p->v, m2);
    const struct month_cell *c1 = m->row && i1 >= 0 ? &m->row->cell[i1] : &none;
    const struct month_cell *c2 = m->row && i2 >= 0 ? &m->row->cell[i2] : &none;
    if (!target && m->row)
        unlisted(b, m->label);
    if (!m->row || c1->kind == CELL_UNKNOWN) {
        add_unknown(b, p, target ? target : m->label, m);
        return;
    }
    bool before = c1->kind != CELL_AMOUNT && c2->kind == CELL_AMOUNT;
    if (c1->kind != CELL_AMOUNT && !before)
        return;
    struct basis_line *l =
        line_of(b, target ? target : m->label, before, false);
    bool name =
        target && m->source != SOURCE_SO && strcmp(m->row->forman, target) != 0;
    remember(l, m);
    put(l, m->person, before ? c2 : c1);
    add_payments(l, p, m, before ? m2 : m1, name);
    if (before)
        add_from(l, _("from M-2"));
}

/* Tax refunds and the like carry no month, but not knowing them is told. */
static void
add_tax(struct basis *b, const struct picture *p, const struct reading *r)
{
    const char *target = find_target(r, SOURCE_SKV, NULL);
    for (int i = 0; target && i < p->n_who; i++) {
        enum source_state st = p->answers[i]->of[SOURCE_SKV].state;
        struct month_line m = {
            .source = SOURCE_SKV, .person = i, .label = target};
        if (st != STATE_EJ_TILLFRAGAD && !state_row(st)->whole)
            add_unknown(b, p, target, &m);
    }
}

static int
by_name(const void *a, const void *b)
{
    const struct basis_line *x = a, *y = b;
    if (x->unknown != y->unknown)
        return x->unknown ? -1 : 1;
    int c = strcmp(x->target, y->target);
    return c ? c : x->before - y->before;
}

static void
edges(struct basis *b, const struct picture *p)
{
    int i1 = overview_month(p->v, month_add(p->m, -1));
    static const enum source_id vital[] = {SOURCE_FK, SOURCE_CSN, SOURCE_SO};
    for (int i = 0; i < p->n_who; i++) {
        const struct answer *a = p->answers[i];
        b->sum[i] = money_kronor(0);
        b->known[i] = true;
        if (i1 >= 0) {
            const struct month_sum *sum =
                &p->v->sums_of[i * p->v->n_months + i1];
            b->sum[i] = sum->netto;
            b->known[i] = sum->known;
        }
        for (size_t k = 0; k < sizeof(vital) / sizeof(*vital); k++) {
            enum source_state st = a->of[vital[k]].state;
            b->incomplete[i] |=
                (answer_asked(&a->question) & SOURCE_BIT(vital[k])) &&
                !state_row(st)->whole;
        }
        b->known[i] &= !b->incomplete[i];
    }
}

void
basis_make(struct basis *b, const struct picture *p)
{
    basis_done(b);
    b->arena = arena_new(1u << 20);
    struct reading r = {.arena = b->arena, .last = &r.first};
    struct err e = {0};
    char path[512];
    sourcetext_path("underlag.ini", path, sizeof(path));
    config_walk(path, target_row, &r, &e);
    for (int i = 0; i < p->n_lines; i++)
        add_line(b, p, &r, &p->lines[i]);
    add_tax(b, p, &r);
    if (b->n)
        qsort(b->of, b->n, sizeof(*b->of), by_name);
    edges(b, p);
}

void
basis_done(struct basis *b)
{
    if (b->arena)
        arena_free(&b->arena);
    free(b->of);
    memset(b, 0, sizeof(*b));
}
