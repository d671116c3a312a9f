/* SPDX-License-Identifier: EUPL-1.2
 *
 * Linear mode within a case: who, month, purpose, question, answer.
 */
#include "config.h"

#include "cli/linear_own.h"

#include "base/clock.h"
#include "base/i18n.h"
#include "cli/cli.h"
#include "domain/overview.h"
#include "present/linear.h"
#include "present/rows.h"

#include <event2/event.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

void
linear_case_free(struct linear *l)
{
    for (int i = 0; i < l->n; i++) {
        answer_free(&l->of[i].answer);
        ask_free(&l->of[i].ask);
    }
    l->n = 0;
}

static void
take_household(struct linear *l, const struct client_case *k)
{
    linear_case_free(l);
    for (int i = 0; i < k->n_persons && i < LINEAR_PERSONS; i++) {
        struct linear_person *p = &l->of[l->n++];
        const struct client_person *c = &k->persons[i];
        *p = (struct linear_person){.ticked = c->roll != ROLL_BARN};
        if (c->roll == ROLL_BARN)
            snprintf(p->who, sizeof p->who, _("Child %d years"), c->age);
        else
            snprintf(p->who, sizeof p->who, "%s",
                     c->roll == ROLL_SOKANDE ? _("Applicant")
                                             : _("Co-applicant"));
    }
}

static void
say_persons(const struct linear *l, const struct client_case *k)
{
    printf(_("Case %s. Ticked:"), k->arende);
    for (int i = 0; i < l->n; i++)
        if (l->of[i].ticked)
            printf(" %s.", l->of[i].who);
    putchar('\n');
}

static void
choose_persons(struct linear *l, const struct client_case *k)
{
    char typed[64];
    for (int i = 0; i < l->n; i++)
        printf("%d %s, %s%s.\n", i + 1, l->of[i].who, k->persons[i].namn,
               l->of[i].ticked ? _(", ticked") : "");
    while (linear_ask(l, _("A number ticks or unticks. Enter when done:"),
                      typed, sizeof typed) == LINEAR_ANSWER &&
           typed[0]) {
        long at = strtol(typed, NULL, 10);
        if (at >= 1 && at <= l->n)
            l->of[at - 1].ticked = !l->of[at - 1].ticked;
        say_persons(l, k);
    }
}

static bool
choose_month(struct linear *l, struct question *q)
{
    char prompt[256], name[24], typed[32];
    q->month = month_of(date_today());
    rows_month_long(q->month, name);
    snprintf(prompt, sizeof prompt,
             _("Month of application. Enter for %s, or write YYYY-MM:"), name);
    for (;;) {
        if (linear_ask(l, prompt, typed, sizeof typed) != LINEAR_ANSWER)
            return false;
        if (!typed[0] || month_read(&q->month, typed))
            break;
        linear_say(_("Write the month as 2026-11."));
    }
    q->period = period_of_application(q->month);
    return true;
}

static bool
choose_syfte(struct linear *l, struct question *q)
{
    char typed[32];
    enum syfte of[SYFTE_COUNT];
    int n = 0;
    for (int i = 0; i < SYFTE_COUNT; i++)
        if (legal_syfte(client_legal(l->client), (enum syfte)i)) {
            of[n++] = (enum syfte)i;
            printf("%d %s. ", n, gettext(syfte_label((enum syfte)i)));
        }
    putchar('\n');
    for (;;) {
        if (linear_ask(l, _("Purpose. Number [2]:"), typed, sizeof typed) !=
            LINEAR_ANSWER)
            return false;
        long at = typed[0] ? strtol(typed, NULL, 10) : 2;
        if (at >= 1 && at <= n) {
            q->syfte = of[at - 1];
            return true;
        }
        linear_say(_("Write one of the numbers."));
    }
}

static void
say_source(struct linear *l, const struct linear_person *p, enum source_id s)
{
    struct rows_options o = {.limit_s = client_status(l->client)->limit_s,
                             .today = date_today()};
    AUTO_BUF(b, 8192);
    linear_state(&b, ask_answer(p->ask), s, p->who, &o);
    fputs(buf_str(&b), stdout);
    fflush(stdout);
}

struct hearing { /* one ask's event: whose */
    struct linear *l;
    int person;
};

static void
on_event(void *arg, struct ask *ask, enum ask_event what, enum source_id s)
{
    const struct hearing *h = arg;
    const struct linear_person *p = &h->l->of[h->person];
    char at[6];
    if (what == ASK_KVITTO) {
        clock_hhmm(ask_answer(ask)->question.asked_ms, at);
        printf(_("%s. Sent %s. Entry %llu.\n"), p->who, at,
               (unsigned long long)ask_loggpost(ask));
        fflush(stdout);
    } else if (what == ASK_SVAR) {
        say_source(h->l, p, s);
    }
}

static void
on_ten_seconds(evutil_socket_t fd, short what, void *arg)
{
    int *seconds = arg;
    (void)fd;
    (void)what;
    *seconds += 10;
    printf(_("Still waiting, %d seconds.\n"), *seconds);
    fflush(stdout);
}

/* Waits for all that was asked; true when anything was logged. */
static bool
hear(struct linear *l)
{
    struct timeval ten = {.tv_sec = 10};
    struct err e = {0};
    int seconds = 0;
    bool any = false;
    struct event *tick =
        event_new(l->cli->base, -1, EV_PERSIST, on_ten_seconds, &seconds);
    event_add(tick, &ten);
    client_wait(l->client, &e);
    event_free(tick);
    for (int i = 0; i < l->n; i++) {
        struct linear_person *p = &l->of[i];
        if (!p->ask)
            continue;
        enum err_code code = ask_code(p->ask, &e);
        if (code) {
            printf("%s. ", p->who);
            linear_trouble(code, &e);
        }
        /* A person whose question failed is unknown, never absent. */
        if (ask_loggpost(p->ask) || !p->answer) {
            answer_free(&p->answer);
            p->answer = ask_take(p->ask);
        }
        any = any || ask_loggpost(p->ask);
        ask_free(&p->ask);
    }
    return any;
}

static int
count_ticked(const struct linear *l)
{
    int n = 0;
    for (int i = 0; i < l->n; i++)
        n += l->of[i].ticked;
    return n;
}

static int
count_bits(source_set s)
{
    int n = 0;
    for (; s; s &= s - 1)
        n++;
    return n;
}

/* Puts the question; true when an answer, whole or not, is there. */
static bool
put_question(struct linear *l, const struct client_case *k)
{
    struct question q = {0};
    struct hearing hearings[LINEAR_PERSONS];
    char typed[256];
    if (!count_ticked(l)) {
        linear_say(_("No one is ticked."));
        return false;
    }
    if (!choose_month(l, &q) || !choose_syfte(l, &q))
        return false;
    snprintf(q.arende, sizeof q.arende, "%s", k->arende);
    q.sources =
        legal_sources(client_legal(l->client), q.syfte) & SOURCE_ASKABLE;
    question_preset_lefi(&q);
    if (linear_ask(l, _("Reason, if one is needed; else Enter:"), q.skal,
                   sizeof q.skal) != LINEAR_ANSWER)
        return false;
    printf(_("The question is logged and goes to %d sources, %d persons."),
           count_bits(q.sources), count_ticked(l));
    if (linear_ask(l, _(" Write ask:"), typed, sizeof typed) != LINEAR_ANSWER ||
        strcmp(typed, _("ask")) != 0) {
        linear_say(_("Nothing was sent."));
        return false;
    }
    for (int i = 0; i < l->n; i++) {
        hearings[i] = (struct hearing){.l = l, .person = i};
        if (!l->of[i].ticked)
            continue;
        q.person = k->persons[i].number;
        q.roll = k->persons[i].roll;
        question_preset_csn(&q);
        l->of[i].ask = client_ask(l->client, &q, on_event, &hearings[i]);
    }
    bool any = hear(l);
    question_wipe(&q);
    return any;
}

/* The answers there are, beside each other. */
struct heard {
    const struct answer *answers[LINEAR_PERSONS];
    const char *who[LINEAR_PERSONS];
    int n;
    struct overview *overview;
    struct rows_options options;
};

static void
gather(struct heard *g, const struct linear *l)
{
    *g = (struct heard){0};
    for (int i = 0; i < l->n; i++)
        if (l->of[i].answer) {
            g->who[g->n] = l->of[i].who;
            g->answers[g->n++] = l->of[i].answer;
        }
    g->overview =
        overview_new(g->answers, g->n, client_rules(l->client), date_today());
    rows_options_init(&g->options, g->answers, g->n);
    g->options.limit_s = client_status(l->client)->limit_s;
    g->options.keys = false;
    g->options.who = g->who;
}

static void
say_pane(struct heard *g, enum source_id s, struct buf *b)
{
    for (int i = 0; i < g->n; i++) {
        struct rows *r = rows_pane(g->answers[i], s, &g->options);
        buf_addf(b, "%s.\n", g->who[i]);
        linear_rows(b, r, NULL, false);
        rows_free(&r);
    }
}

static void
hear_choice(struct linear *l, struct heard *g, const char *typed)
{
    AUTO_BUF(b, 4 << 20);
    struct rows *r = rows_overview(g->overview, &g->options);
    char *end;
    long at = strtol(typed, &end, 10);
    bool all = !strcmp(typed, "a"), months = all || !strcmp(typed, "m");
    if (all)
        linear_rows(&b, r, g->who, false);
    for (int m = 0; months && m < g->overview->n_months; m++)
        linear_month(&b, g->overview, m, g->who);
    if (!months && *typed && !*end && at >= 2 && at <= SOURCE_COUNT + 1)
        say_pane(g, (enum source_id)(at - 2), &b);
    else if (!months)
        buf_addf(&b, "%s\n", _("a all, m months, 2-9 source."));
    rows_free(&r);
    linear_last(l, &b);
}

static void
listen_to(struct linear *l)
{
    struct heard g;
    char typed[32];
    gather(&g, l);
    for (;;) {
        AUTO_BUF(prompt, 1024);
        struct rows *r = rows_overview(g.overview, &g.options);
        linear_counts(&prompt, r);
        rows_free(&r);
        buf_addf(&prompt, " %s", _("Choice: a all, m months, 2-9 source:"));
        enum linear_reply reply =
            linear_ask(l, buf_str(&prompt), typed, sizeof typed);
        if (reply == LINEAR_BACK || reply == LINEAR_END)
            break;
        hear_choice(l, &g, reply == LINEAR_AGAIN ? "a" : typed);
    }
    overview_free(&g.overview);
}

static void
say_earlier(const struct client_case *k, const struct linear *l)
{
    for (int i = 0; i < k->n_persons && i < l->n; i++) {
        char day[11];
        printf("%s: ", l->of[i].who);
        if (!k->persons[i].asked_ms) {
            puts(_("never asked."));
            continue;
        }
        clock_date(k->persons[i].asked_ms, day);
        printf(_("asked %s, %s.\n"), day,
               k->persons[i].whole ? _("whole") : _("not whole"));
    }
}

void
linear_case(struct linear *l)
{
    const struct client_case *k = client_case_now(l->client);
    char typed[32];
    take_household(l, k);
    say_persons(l, k);
    for (;;) {
        enum linear_reply r = linear_ask(
            l,
            _("1 New question. 2 Earlier questions. 3 Other persons. "
              "4 The answer again. Choice:"),
            typed, sizeof typed);
        if (r == LINEAR_BACK || r == LINEAR_END)
            return;
        bool answered = false;
        for (int i = 0; i < l->n; i++)
            answered = answered || l->of[i].answer;
        if (r == LINEAR_AGAIN)
            say_persons(l, k);
        else if (!strcmp(typed, "1") && put_question(l, k))
            listen_to(l);
        else if (!strcmp(typed, "2"))
            say_earlier(k, l);
        else if (!strcmp(typed, "3"))
            choose_persons(l, k);
        else if (!strcmp(typed, "4") && answered)
            listen_to(l);
    }
}
