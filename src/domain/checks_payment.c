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

/* The payments of one check. */
struct group {
    struct check check;
    const char *name;
    int n;
    unsigned marks;
    struct money lan, netto; /* sum of loans; the last one's net */
    const struct payment *last;
};

struct groups {
    struct overview *o;
    struct group *all;
    size_t n, room;
    int person;
};

static struct group *
group_of(struct groups *g, enum check_kind kind, const struct payment *p)
{
    const char *name = p->source == SOURCE_SO ? p->betalare : p->forman;
    for (size_t i = 0; i < g->n; i++)
        if (g->all[i].check.kind == kind &&
            g->all[i].check.sources == SOURCE_BIT(p->source) &&
            !strcmp(g->all[i].name, name))
            return &g->all[i];
    if (g->n == g->room) {
        g->room = g->room ? g->room * 2 : 16;
        g->all = mem_grow(g->all, g->room, sizeof *g->all);
    }
    struct group *new = &g->all[g->n++];
    *new = (struct group){.check = {.kind = kind,
                                    .person = g->person,
                                    .sources = SOURCE_BIT(p->source),
                                    .forman = p->forman},
                          .name = name,
                          .lan = money_kronor(0)};
    return new;
}

static void
gather(struct groups *g, const struct payment *p)
{
    for (size_t i = 0; i < sizeof watched / sizeof *watched; i++) {
        if (!(p->marks & watched[i].marks))
            continue;
        struct group *to = group_of(g, watched[i].kind, p);
        to->n++;
        to->marks |= p->marks & watched[i].marks;
        to->lan = money_add(to->lan, p->lan);
        to->last = p;
        if (date_none(p->date))
            continue;
        if (date_none(to->check.from) ||
            date_compare(p->date, to->check.from) < 0)
            to->check.from = p->date;
        if (date_none(to->check.to) || date_compare(p->date, to->check.to) > 0)
            to->check.to = p->date;
    }
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

void
checks_of_payments(struct overview *o)
{
    struct groups g = {.o = o};
    for (g.person = 0; g.person < o->n_answers; g.person++) {
        g.n = 0;
        for (int s = 0; s < SOURCE_COUNT; s++) {
            const struct source_answer *of = &o->answers[g.person]->of[s];
            if (!state_row(of->state)->came)
                continue;
            for (const struct payment *p = of->payments; p; p = p->next)
                if (p->state == PAYMENT_UTBETALD &&
                    !(p->marks & MARK_DUBBEL_PM))
                    gather(&g, p);
        }
        for (size_t i = 0; i < g.n; i++) {
            const struct group *one = &g.all[i];
            AUTO_BUF(text, CHECK_TEXT_MAX);
            buf_adds(&text, one->name);
            if (!date_none(one->check.from)) {
                buf_addc(&text, ' ');
                check_days(&text, o, g.person, one->check.from, one->check.to);
            }
            if (one->n > 1)
                buf_addf(&text, " (%d utbetalningar)", one->n);
            buf_adds(&text, ": ");
            say_what(&text, o, one);
            check_add(o, one->check, buf_str(&text), NULL);
        }
    }
    free(g.all);
}
