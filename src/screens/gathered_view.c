/* SPDX-License-Identifier: EUPL-1.2 */
#include "config.h"

#include "screens/gathered.h"

#include "base/mem.h"
#include "screens/gathered_set.h"

#include <stdlib.h>

const struct answer *
gathered_answer(const struct gathered *g, int person)
{
    const struct gathered_person *p = &g->of[person];
    if (!p->asked)
        return NULL;
    if (p->answer)
        return p->answer;
    return p->ask ? ask_answer(p->ask) : NULL;
}

enum source_state
gathered_source(const struct gathered *g, int person, enum source_id s)
{
    const struct gathered_person *p = &g->of[person];
    const struct answer *a = gathered_answer(g, person);
    if (!a)
        return STATE_EJ_TILLFRAGAD;
    if (p->ask && p->answer) {
        const struct answer *now = ask_answer(p->ask);
        if (answer_asked(&now->question) & SOURCE_BIT(s))
            return STATE_VANTAR;
    }
    return a->of[s].state;
}

char
gathered_symbol(const struct gathered *g, int person)
{
    const struct answer *a = gathered_answer(g, person);
    if (!a)
        return g->of[person].asked ? '!' : '.';
    if (g->of[person].ask)
        return ':';
    if (answer_whole(a))
        return '+';
    return answer_any(a) ? '%' : '!';
}

bool
gathered_running(const struct gathered *g)
{
    for (int i = 0; i < g->n; i++)
        if (g->of[i].ask)
            return true;
    return false;
}

int
gathered_adults(const struct gathered *g)
{
    int n = 0;
    for (int i = 0; i < g->n; i++)
        n += g->of[i].asked && g->of[i].person.roll != ROLL_BARN;
    return n;
}

int
gathered_first(const struct gathered *g)
{
    for (int i = 0; i < g->n; i++)
        if (g->of[i].asked)
            return i;
    return 0;
}

int
gathered_missing(const struct gathered *g)
{
    int n = 0;
    for (int i = 0; i < g->n; i++) {
        const struct answer *a = gathered_answer(g, i);
        if (!a)
            continue;
        source_set asked = answer_asked(&a->question);
        for (int s = 0; s < SOURCE_COUNT; s++) {
            const struct source_answer *of = &a->of[s];
            if (!(asked & SOURCE_BIT(s)) || state_row(of->state)->whole)
                continue;
            int parts = 0;
            for (const struct missing *m = of->missing; m; m = m->next)
                parts++;
            n += of->state == STATE_DELSVAR && parts ? parts : 1;
        }
    }
    return n;
}

bool
gathered_shielded(const struct gathered *g)
{
    for (int i = 0; i < g->n; i++) {
        const struct answer *a = gathered_answer(g, i);
        if (g->of[i].person.shielded || (a && answer_shielded(a)))
            return true;
    }
    return false;
}

bool
gathered_places_open(const struct gathered *g)
{
    for (int i = 0; i < g->n; i++) {
        const struct answer *a = gathered_answer(g, i);
        if (g->of[i].person.shielded || (a && !answer_places_open(a)))
            return false;
    }
    return true;
}

const struct overview *
gathered_overview(struct gathered *g)
{
    if (g->overview)
        return g->overview;
    g->n_who = 0;
    for (int i = 0; i < g->n; i++) {
        const struct answer *a = gathered_answer(g, i);
        if (!a)
            continue;
        g->answers[g->n_who] = a;
        g->who[g->n_who++] = i;
    }
    g->overview =
        overview_new(g->answers, g->n_who,
                     client_rules(gathered_set_client(g->set)), date_today());
    return g->overview;
}

/* The same check about another person is another. */
static uint64_t
mark_of(int person, const struct check *c)
{
    return c->key ^ ((uint64_t)(person + 1) << 56);
}

bool
gathered_is_done(const struct gathered *g, int person, const struct check *c)
{
    uint64_t key = mark_of(person, c);
    for (int i = 0; i < g->n_done; i++)
        if (g->done_keys[i] == key)
            return true;
    return false;
}

void
gathered_mark(struct gathered *g, int person, const struct check *c)
{
    if (gathered_is_done(g, person, c))
        return;
    g->done_keys = mem_grow(g->done_keys, g->n_done + 1, sizeof(uint64_t));
    g->done_keys[g->n_done++] = mark_of(person, c);
}

/* Open checks of one person, or of all (-1). */
static int
open_checks(const struct gathered *g, int person)
{
    int n = 0;
    if (!g->overview)
        return 0;
    for (int i = 0; i < g->overview->n_checks; i++) {
        const struct check *c = &g->overview->checks[i];
        if (person >= 0 && g->who[c->person] != person)
            continue;
        n += !gathered_is_done(g, g->who[c->person], c);
    }
    return n;
}

int
gathered_checks(struct gathered *g)
{
    gathered_overview(g);
    return g->n_who ? open_checks(g, -1) : -1;
}

void
gathered_post_done(struct gathered *g, int person, const char *text)
{
    const struct answer *a = gathered_answer(g, person);
    gathered_overview(g);
    if (!a)
        return;
    client_mark_done(gathered_set_client(g->set), a, open_checks(g, person),
                     text, gathered_set_posted, g->set);
}
