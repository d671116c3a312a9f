/* SPDX-License-Identifier: EUPL-1.2 */
#include "config.h"

#include "domain/answer.h"

#include "domain/lefi.h"

#include <stdlib.h>
#include <string.h>

enum { ARENA_MAX = 64 << 20 };

/* Arenas of retries that were merged in, freed with the answer. */
struct taken {
    struct taken *next;
    struct arena *arena;
};

struct box {
    struct answer answer; /* first: a pointer to it is one to the box */
    struct taken *taken;
};

source_set
answer_asked(const struct question *q)
{
    source_set asked = q->sources;
    if (asked & SOURCE_BIT(SOURCE_FK))
        asked |= lefi_sources(q->lefi);
    return asked;
}

struct answer *
answer_new(const struct question *q)
{
    struct box *box = mem_alloc(sizeof *box);
    struct answer *a = &box->answer;
    source_set asked = answer_asked(q);
    a->arena = arena_new(ARENA_MAX);
    a->question = *q;
    a->lage = "";
    a->kontrakt = kontrakt_word(q->kontrakt);
    for (int i = 0; i < SOURCE_COUNT; i++) {
        a->of[i].state =
            asked & SOURCE_BIT(i) ? STATE_VANTAR : STATE_EJ_TILLFRAGAD;
        a->of[i].time_ms = -1;
        a->of[i].confirmed = CONFIRMED_KAN_INTE_VISAS;
    }
    return a;
}

void
answer_free(struct answer **a)
{
    if (!*a)
        return;
    struct box *box = (struct box *)*a;
    arena_free(&box->answer.arena);
    for (struct taken *t = box->taken, *next; t; t = next) {
        next = t->next;
        arena_free(&t->arena);
        free(t);
    }
    mem_wipe(box, sizeof *box);
    free(box);
    *a = NULL;
}

bool
answer_whole(const struct answer *a)
{
    source_set asked = answer_asked(&a->question);
    for (int i = 0; i < SOURCE_COUNT; i++)
        if (asked & SOURCE_BIT(i) && !state_row(a->of[i].state)->whole)
            return false;
    return asked != 0;
}

bool
answer_any(const struct answer *a)
{
    for (int i = 0; i < SOURCE_COUNT; i++)
        if (state_row(a->of[i].state)->came)
            return true;
    return false;
}

bool
answer_shielded(const struct answer *a)
{
    for (int i = 0; i < SOURCE_COUNT; i++)
        if (a->of[i].shielded)
            return true;
    return false;
}

bool
answer_untold(const struct answer *a, enum source_id s)
{
    const struct source_answer *of = &a->of[s];
    return source_row(s)->flag[0] && state_row(of->state)->came &&
           !of->shielded && !of->unshielded;
}

bool
answer_places_open(const struct answer *a)
{
    static const enum source_id say[] = {SOURCE_AF, SOURCE_CSN, SOURCE_FK};
    for (size_t i = 0; i < sizeof say / sizeof *say; i++) {
        /* The sign of protection stands beside the person's number: one that
         * did not come (FK without GEPI) says nothing of protection. */
        const struct source_answer *s = &a->of[say[i]];
        if (!state_row(s->state)->came || s->confirmed != CONFIRMED_JA ||
            !s->unshielded)
            return false;
    }
    return !answer_shielded(a);
}

int
answer_exit(const struct answer *a)
{
    return answer_whole(a) ? 0 : answer_any(a) ? 10 : 11;
}

static int
compare_money(struct money a, struct money b)
{
    if (a.given != b.given)
        return a.given ? -1 : 1;
    return a.ore == b.ore ? 0 : a.ore < b.ore ? -1 : 1;
}

/* DESIGN 4: date (none last), source, forman, lage, netto, betalare. */
static int
compare(const struct payment *a, const struct payment *b)
{
    if (date_none(a->date) != date_none(b->date))
        return date_none(a->date) ? 1 : -1;
    int by = date_compare(a->date, b->date);
    if (!by)
        by = (int)a->source - (int)b->source;
    if (!by)
        by = strcmp(a->forman, b->forman);
    if (!by)
        by = (int)a->state - (int)b->state;
    if (!by)
        by = compare_money(a->netto, b->netto);
    return by ? by : strcmp(a->betalare, b->betalare);
}

static struct payment *
merge(struct payment *a, struct payment *b)
{
    struct payment *first = NULL, **end = &first;
    while (a && b) {
        struct payment **from = compare(b, a) < 0 ? &b : &a;
        *end = *from;
        *from = (*from)->next;
        end = &(*end)->next;
    }
    *end = a ? a : b;
    return first;
}

/* Merge sort, stable, without recursion: run[i] holds 2^i payments. */
static struct payment *
sort(struct payment *list)
{
    struct payment *run[40] = {NULL}, *all = NULL;
    while (list) {
        struct payment *one = list;
        int i = 0;
        list = list->next;
        one->next = NULL;
        for (; run[i]; i++) {
            one = merge(run[i], one);
            run[i] = NULL;
        }
        run[i] = one;
    }
    for (int i = 0; i < 40; i++)
        all = merge(run[i], all);
    return all;
}

/* FK's foretag 1003: FK reports what PM pays. */
static bool
is_pm_payment(const struct payment *fk)
{
    return !strcmp(fk->betalare, source_row(SOURCE_PM)->authority);
}

/* PM's amounts are whole kronor by its contract (WIRE 8.2), FK's have öre, and
 * how PM rounds is not said: less than a krona (100 öre) apart is the same. */
static bool
same_payment(const struct payment *fk, const struct payment *pm, int64_t apart)
{
    return !date_none(fk->date) && !date_compare(fk->date, pm->date) &&
           fk->netto.given && pm->netto.given &&
           llabs((long long)(fk->netto.ore - pm->netto.ore)) < apart &&
           (fk->state == PAYMENT_UTBETALD) == (pm->state == PAYMENT_UTBETALD);
}

/* Each PM payment answers for one of FK's at most. Both lists are sorted, so
 * the search starts at the first PM payment of the same date. */
static void
mark_within(struct answer *a, bool *used, int64_t apart)
{
    struct payment *pm = a->of[SOURCE_PM].payments;
    size_t first = 0;
    for (struct payment *fk = a->of[SOURCE_FK].payments; fk; fk = fk->next) {
        if (!is_pm_payment(fk) || date_none(fk->date) ||
            fk->marks & MARK_DUBBEL_PM)
            continue;
        while (pm && !date_none(pm->date) &&
               date_compare(pm->date, fk->date) < 0) {
            pm = pm->next;
            first++;
        }
        size_t i = first;
        for (struct payment *p = pm; p && !date_compare(p->date, fk->date);
             p = p->next, i++)
            if (!used[i] && same_payment(fk, p, apart)) {
                used[i] = true;
                fk->marks |= MARK_DUBBEL_PM;
                break;
            }
    }
}

/* Those of the same amount first, so that none of them is taken by one that is
 * öre away. */
static void
mark_doubles(struct answer *a)
{
    size_t n = 0;
    for (struct payment *p = a->of[SOURCE_PM].payments; p; p = p->next)
        n++;
    bool *used = mem_alloc(n);
    for (struct payment *fk = a->of[SOURCE_FK].payments; fk; fk = fk->next)
        fk->marks &= ~(unsigned)MARK_DUBBEL_PM;
    mark_within(a, used, 1);
    mark_within(a, used, 100);
    free(used);
}

void
answer_sort(struct answer *a)
{
    for (int i = 0; i < SOURCE_COUNT; i++)
        a->of[i].payments = sort(a->of[i].payments);
    mark_doubles(a);
}

void
answer_merge(struct answer *a, struct answer **from)
{
    struct box *box = (struct box *)a;
    struct answer *f = *from;
    source_set asked = answer_asked(&f->question);
    source_set new_ones = f->question.sources & ~a->question.sources;
    for (int i = 0; i < SOURCE_COUNT; i++) {
        if (!(asked & SOURCE_BIT(i)))
            continue;
        a->of[i] = f->of[i];
        if (!a->of[i].loggpost)
            a->of[i].loggpost = f->loggpost;
        if (!a->of[i].asked_ms)
            a->of[i].asked_ms = f->question.asked_ms;
    }
    if (new_ones & SOURCE_BIT(SOURCE_CSN))
        a->question.csn = f->question.csn;
    if (new_ones & SOURCE_BIT(SOURCE_FK))
        memcpy(a->question.lefi, f->question.lefi, sizeof a->question.lefi);
    a->question.sources |= new_ones;

    struct box *other = (struct box *)f;
    struct taken *t = mem_alloc(sizeof *t);
    *t = (struct taken){.next = other->taken, .arena = f->arena};
    struct taken **end = &box->taken;
    while (*end)
        end = &(*end)->next;
    *end = t;
    other->taken = NULL;
    f->arena = NULL;
    answer_free(from);
    answer_sort(a);
}

struct fact *
fact_new(struct arena *a, enum fact_kind k, const char *name, const char *text)
{
    struct fact *f = arena_alloc(a, sizeof *f);
    if (!f)
        return NULL;
    f->kind = k;
    f->name = arena_strdup(a, name);
    f->text = arena_strdup(a, text ? text : k == FACT_TEXT ? "" : NULL);
    if ((name && !f->name) || (k == FACT_TEXT && !f->text))
        return NULL;
    return f;
}

void
fact_add(struct fact *parent, struct fact *child)
{
    child->next = NULL;
    if (parent->child)
        parent->last->next = child;
    else
        parent->child = child;
    parent->last = child;
}

const struct fact *
fact_get(const struct fact *f, const char *name)
{
    if (!f)
        return NULL;
    for (const struct fact *c = f->child; c; c = c->next)
        if (c->name && !strcmp(c->name, name))
            return c;
    return NULL;
}

const char *
fact_text(const struct fact *f, const char *name)
{
    const struct fact *c = fact_get(f, name);
    return c && c->kind == FACT_TEXT ? c->text : NULL;
}

struct texts *
texts_add(struct arena *a, struct texts **list, const char *s)
{
    struct texts *t = arena_alloc(a, sizeof *t);
    if (!t)
        return NULL;
    t->text = arena_strdup(a, s);
    if (!t->text)
        return NULL;
    while (*list)
        list = &(*list)->next;
    *list = t;
    return t;
}

static const char *const state_words[PAYMENT_STATE_COUNT] = {
    "utbetald", "preliminar", "planerad", "okand"};

const char *
payment_state_word(enum payment_state s)
{
    return s < PAYMENT_STATE_COUNT ? state_words[s] : "okand";
}

enum payment_state
payment_state_by_word(const char *w)
{
    enum payment_state s = 0;
    while (s < PAYMENT_OKAND && strcmp(state_words[s], w) != 0)
        s++;
    return s;
}

const char *
payment_mark_word(unsigned mark)
{
    static const struct {
        unsigned mark;
        const char *word;
    } words[] = {{MARK_KVITTNING, "kvittning"},
                 {MARK_UTMATNING, "utmatning"},
                 {MARK_SOCIALAVDRAG, "socialavdrag"},
                 {MARK_RETRO, "retro"},
                 {MARK_LAN, "lan"},
                 {MARK_NOLL, "noll"},
                 {MARK_EFTER_SKATT, "efter_skatt"},
                 {MARK_DUBBEL_PM, "dubbel_pm"},
                 {MARK_BELOPP_OLASLIGT, "belopp_olasligt"},
                 {MARK_DATUM_OLASLIGT, "datum_olasligt"},
                 {MARK_AVDRAG_OVRIGT, "avdrag_ovrigt"}};
    for (size_t i = 0; i < sizeof words / sizeof *words; i++)
        if (words[i].mark == mark)
            return words[i].word;
    return "";
}

const char *
confirmed_word(enum confirmed c)
{
    return c == CONFIRMED_JA    ? "ja"
           : c == CONFIRMED_NEJ ? "nej"
                                : "kan_inte_visas";
}
