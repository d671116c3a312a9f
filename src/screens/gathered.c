/* SPDX-License-Identifier: EUPL-1.2 */
#include "config.h"

#include "screens/gathered.h"

#include "base/clock.h"
#include "base/i18n.h"
#include "screens/gathered_set.h"
#include "screens/screens.h"
#include "tui/app.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void
stale(struct gathered *g)
{
    g->version++;
    if (g->overview)
        overview_free(&g->overview);
}

void
gathered_touch(struct gathered *g)
{
    stale(g);
}

static void
free_spent(struct gathered_person *p)
{
    for (size_t i = 0; i < sizeof(p->spent) / sizeof(*p->spent); i++)
        if (p->spent[i])
            ask_free(&p->spent[i]);
}

/* An ask is not freed inside its own event. */
static void
spend(struct gathered_person *p)
{
    for (size_t i = 0; i < sizeof(p->spent) / sizeof(*p->spent); i++)
        if (!p->spent[i]) {
            p->spent[i] = p->ask;
            break;
        }
    p->ask = NULL;
}

static void
free_gathered(struct gathered *g)
{
    stale(g);
    for (int i = 0; i < g->n; i++) {
        struct gathered_person *p = &g->of[i];
        if (p->ask)
            ask_free(&p->ask);
        free_spent(p);
        if (p->answer)
            answer_free(&p->answer);
        question_wipe(&p->question);
    }
    free(g->done_keys);
    mem_wipe(g, sizeof(*g));
    free(g);
}

struct gathered *
gathered_hold(struct gathered *g)
{
    g->refs++;
    return g;
}

void
gathered_release(struct gathered **g)
{
    if (*g && --(*g)->refs == 0)
        free_gathered(*g);
    *g = NULL;
}

/* What failed twice opens the source's row of ways out (UX 7). */
static void
count_failures(struct gathered_person *p)
{
    source_set asked = answer_asked(&p->answer->question);
    for (int s = 0; s < SOURCE_COUNT; s++) {
        enum source_state st = p->answer->of[s].state;
        if (!(asked & SOURCE_BIT(s)) || st == STATE_VANTAR)
            continue;
        if (state_row(st)->whole) {
            p->failed[s] = 0;
            continue;
        }
        int64_t now = clock_now_ms();
        if (p->failed[s]++ == 0)
            p->failed_ms[s][0] = now;
        p->failed_ms[s][1] = now;
    }
}

/* A retry that brought nothing for a source leaves what had come before. */
static void
merge(struct gathered_person *p, struct answer *fresh)
{
    source_set asked = answer_asked(&fresh->question);
    for (int s = 0; s < SOURCE_COUNT; s++) {
        const struct source_answer *was = &p->answer->of[s];
        if ((asked & SOURCE_BIT(s)) && state_row(was->state)->came &&
            !state_row(fresh->of[s].state)->came)
            fresh->question.sources &= ~SOURCE_BIT(s);
    }
    p->answer->question.sources |= fresh->question.sources;
    answer_merge(p->answer, &fresh);
    answer_sort(p->answer);
}

static void
take(struct gathered_person *p, bool failed)
{
    p->code = ask_code(p->ask, &p->err);
    bool sent = ask_loggpost(p->ask) != 0;
    struct answer *a = ask_take(p->ask);
    if (!p->retry) {
        if (p->answer)
            answer_free(&p->answer);
        p->answer = a;
    } else if (sent)
        merge(p, a);
    else
        answer_free(&a);
    if (sent || !p->retry)
        count_failures(p);
    if (!failed)
        p->code = ERR_OK;
    /* What never came is no longer waited for. */
    for (int s = 0; p->answer && s < SOURCE_COUNT; s++)
        if (p->answer->of[s].state == STATE_VANTAR)
            p->answer->of[s].state = STATE_AVBRUTEN;
    spend(p);
    memset(p->shown, true, sizeof(p->shown));
}

static void
on_event(void *arg, struct ask *ask, enum ask_event what, enum source_id source)
{
    struct gathered_person *p = arg;
    struct gathered *g = p->owner;
    if (p->ask != ask)
        return;
    if (what == ASK_SVAR && source < SOURCE_COUNT)
        p->shown[source] = true;
    bool end = what == ASK_KLAR || what == ASK_FAILED;
    if (end)
        take(p, what == ASK_FAILED);
    stale(g);
    if (end && !gathered_running(g))
        g->done_ms = clock_now_ms();
    gathered_set_event(g, p, what, source);
}

static void
start(struct gathered_person *p, const struct question *q, bool retry)
{
    struct gathered *g = p->owner;
    free_spent(p);
    p->asked = true;
    p->retry = retry;
    p->code = ERR_OK;
    if (!retry)
        p->question = *q;
    p->ask = client_ask(gathered_set_client(g->set), q, on_event, p);
    if (!p->ask)
        p->code = ERR_INTERNAL;
    g->done_ms = 0;
    stale(g);
}

static struct gathered *
begin(struct gathered_set *s, const struct client_case *k)
{
    struct gathered *g = mem_alloc(sizeof(*g));
    g->set = s;
    g->refs = 1;
    snprintf(g->arende, sizeof(g->arende), "%s", k->arende);
    g->n = k->n_persons < GATHERED_PERSONS ? k->n_persons : GATHERED_PERSONS;
    for (int i = 0; i < g->n; i++) {
        g->of[i].owner = g;
        g->of[i].person = k->persons[i];
    }
    g->asked_ms = clock_now_ms();
    return g;
}

static struct gathered_person *
person_of(struct gathered *g, const struct personnummer *number)
{
    for (int i = 0; i < g->n; i++)
        if (personnummer_same(&g->of[i].person.number, number))
            return &g->of[i];
    return NULL;
}

struct gathered *
gathered_ask(struct gathered_set *s, const struct client_case *k,
             const struct question *qs, int n)
{
    struct gathered *g = begin(s, k);
    gathered_set_put(s, g);
    for (int i = 0; i < n; i++) {
        struct gathered_person *p = person_of(g, &qs[i].person);
        if (p)
            start(p, &qs[i], false);
    }
    return g;
}

struct gathered *
gathered_with(struct gathered_set *s, const struct client_case *k,
              struct answer **answers, int n)
{
    struct gathered *g = begin(s, k);
    gathered_set_put(s, g);
    for (int i = 0; i < n; i++) {
        struct gathered_person *p = person_of(g, &answers[i]->question.person);
        if (!p) {
            answer_free(&answers[i]);
            continue;
        }
        p->asked = true;
        p->question = answers[i]->question;
        p->answer = answers[i];
        memset(p->shown, true, sizeof(p->shown));
        count_failures(p);
        if (p->question.asked_ms)
            g->asked_ms = p->question.asked_ms;
    }
    g->done_ms = clock_now_ms();
    return g;
}

/* Sources to ask again; what PM lacks is asked through FK. */
static source_set
lacking(const struct answer *a)
{
    source_set asked = answer_asked(&a->question), set = 0;
    for (int s = 0; s < SOURCE_COUNT; s++)
        if ((asked & SOURCE_BIT(s)) && !state_row(a->of[s].state)->whole)
            set |= s == SOURCE_PM ? SOURCE_BIT(SOURCE_FK) : SOURCE_BIT(s);
    return set;
}

int
gathered_again(struct gathered *g)
{
    int n = 0;
    for (int i = 0; i < g->n; i++) {
        struct gathered_person *p = &g->of[i];
        if (!p->asked || p->ask || !p->answer)
            continue;
        source_set set = lacking(p->answer);
        if (!set)
            continue;
        struct question q = p->question;
        q.sources = set;
        q.retry_of = p->answer->loggpost ? p->answer->loggpost + 1 : 0;
        q.id[0] = '\0';
        if (!(set & SOURCE_BIT(SOURCE_FK)))
            q.lefi[0] = '\0';
        if (!(set & SOURCE_BIT(SOURCE_CSN)))
            q.csn = (struct period){0};
        start(p, &q, q.retry_of != 0);
        n += p->ask != NULL;
    }
    return n;
}

void
gathered_add(struct gathered *g, int person, source_set sources,
             const char *skal)
{
    struct gathered_person *p = &g->of[person];
    if (!p->asked || p->ask || !p->answer)
        return;
    struct question q = p->question;
    q.sources = sources;
    q.retry_of = 0;
    q.id[0] = '\0';
    if (skal && *skal)
        snprintf(q.skal, sizeof(q.skal), "%s", skal);
    question_preset_lefi(&q);
    question_preset_csn(&q);
    start(p, &q, true);
}

void
gathered_cancel(struct gathered *g)
{
    for (int i = 0; i < g->n; i++)
        if (g->of[i].ask)
            ask_cancel(g->of[i].ask);
}
