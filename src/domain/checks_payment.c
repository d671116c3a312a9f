/* SPDX-License-Identifier: EUPL-1.2
 *
 * Checks of single payments, by their marks: AVDRAG, RETRO, LAN, NOLL. One
 * check per benefit, payer and word, however many payments there are.
 */
#include "config.h"

#include "domain/overview.h"

#include "domain/picture.h"

#include <stdlib.h>
#include <string.h>

enum {
    AVDRAG_MARKS =
        MARK_KVITTNING | MARK_UTMATNING | MARK_SOCIALAVDRAG | MARK_AVDRAG_OVRIGT
};

static const struct {
    enum check_kind kind;
    unsigned marks;
} watched[] = {{CHECK_AVDRAG, AVDRAG_MARKS},
               {CHECK_RETRO, MARK_RETRO},
               {CHECK_LAN, MARK_LAN},
               {CHECK_NOLL, MARK_NOLL}};

/* A payment under one of the words, and where it came. */
struct item {
    enum check_kind kind;
    const struct payment *p;
    const char *name;
    size_t order;
};

struct items {
    struct item *all;
    size_t n, room;
};

/* The payments of one check. */
struct group {
    struct check check;
    const char *name;
    int n;
    unsigned marks;
    struct money lan; /* sum of loans */
    const struct payment *last;
};

static int
by_group(const void *pa, const void *pb)
{
    const struct item *a = pa, *b = pb;
    int by = (int)a->kind - (int)b->kind;
    if (!by)
        by = (int)a->p->source - (int)b->p->source;
    return by ? by : strcmp(a->name, b->name);
}

static int
by_item(const void *pa, const void *pb)
{
    const struct item *a = pa, *b = pb;
    int by = by_group(a, b);
    return by ? by : (a->order > b->order) - (a->order < b->order);
}

static void
gather(struct items *to, const struct payment *p)
{
    for (size_t i = 0; i < sizeof watched / sizeof *watched; i++) {
        if (!(p->marks & watched[i].marks))
            continue;
        if (to->n == to->room) {
            to->room = to->room ? to->room * 2 : 16;
            to->all = mem_grow(to->all, to->room, sizeof *to->all);
        }
        to->all[to->n] = (struct item){
            watched[i].kind, p,
            p->source == SOURCE_SO ? p->betalare : p->forman, to->n};
        to->n++;
    }
}

static unsigned
marks_of(enum check_kind kind)
{
    size_t i = 0;
    while (watched[i].kind != kind)
        i++;
    return watched[i].marks;
}

static void
take(struct group *g, const struct item *item)
{
    const struct payment *p = item->p;
    g->n++;
    g->marks |= p->marks & marks_of(item->kind);
    g->lan = money_add(g->lan, p->lan);
    g->last = p;
    if (date_none(p->date))
        return;
    if (date_none(g->check.from) || date_compare(p->date, g->check.from) < 0)
        g->check.from = p->date;
    if (date_none(g->check.to) || date_compare(p->date, g->check.to) > 0)
        g->check.to = p->date;
}

static void
say_deductions(struct buf *b, unsigned marks)
{
    static const struct {
        unsigned mark;
        const char *word;
    } words[] = {{MARK_UTMATNING, "utmätning"},
                 {MARK_KVITTNING, "kvittning"},
                 {MARK_SOCIALAVDRAG, "socialavdrag"},
                 {MARK_AVDRAG_OVRIGT, "annat avdrag"}};
    const char *between = "";
    for (size_t i = 0; i < sizeof words / sizeof *words; i++)
        if (marks & words[i].mark) {
            buf_addf(b, "%s%s", between, words[i].word);
            between = ", ";
        }
}

static void
say_what(struct buf *b, const struct overview *o, const struct group *g)
{
    struct period of;
    switch (g->check.kind) {
    case CHECK_AVDRAG:
        say_deductions(b, g->marks);
        break;
    case CHECK_RETRO:
        buf_adds(b, "avser tidigare period");
        if (g->n == 1 && payment_days(g->last, &of)) {
            buf_addc(b, ' ');
            check_days(b, o, g->check.person, of.from, of.to);
        }
        break;
    case CHECK_LAN:
        buf_adds(b, "lån ");
        if (g->lan.given && g->lan.ore) {
            check_kronor(b, g->lan, false);
            buf_addc(b, ' ');
        }
        buf_adds(b, "ingår i beloppet");
        break;
    default:
        if (g->n == 1 && g->last->netto.given) {
            check_kronor(b, g->last->netto, false);
            buf_adds(b, " utbetalt");
        } else {
            buf_adds(b, "noll eller negativt belopp");
        }
        break;
    }
}

static void
say(struct overview *o, const struct group *g)
{
    AUTO_BUF(text, CHECK_TEXT_MAX);
    buf_adds(&text, g->name);
    if (!date_none(g->check.from)) {
        buf_addc(&text, ' ');
        check_days(&text, o, g->check.person, g->check.from, g->check.to);
    }
    if (g->n > 1)
        buf_addf(&text, " (%d utbetalningar)", g->n);
    buf_adds(&text, ": ");
    say_what(&text, o, g);
    check_add(o, g->check, buf_str(&text), NULL);
}

void
checks_of_payments(struct overview *o)
{
    struct items it = {0};
    for (int person = 0; person < o->n_answers; person++) {
        it.n = 0;
        for (int s = 0; s < SOURCE_COUNT; s++) {
            const struct source_answer *of = &o->answers[person]->of[s];
            if (!state_row(of->state)->came)
                continue;
            for (const struct payment *p = of->payments; p; p = p->next)
                if (p->state == PAYMENT_UTBETALD &&
                    !(p->marks & MARK_DUBBEL_PM))
                    gather(&it, p);
        }
        if (it.n)
            qsort(it.all, it.n, sizeof *it.all, by_item);
        for (size_t i = 0; i < it.n;) {
            const struct item *first = &it.all[i];
            struct group g = {.check = {.kind = first->kind,
                                        .person = person,
                                        .sources = SOURCE_BIT(first->p->source),
                                        .forman = first->p->forman},
                              .name = first->name,
                              .lan = money_kronor(0)};
            while (i < it.n && !by_group(first, &it.all[i]))
                take(&g, &it.all[i++]);
            say(o, &g);
        }
    }
    free(it.all);
}
