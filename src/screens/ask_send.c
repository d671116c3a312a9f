/* SPDX-License-Identifier: EUPL-1.2 */
#include "config.h"

#include "base/clock.h"
#include "base/i18n.h"
#include "base/mem.h"
#include "screens/ask_own.h"
#include "screens/gathered_set.h"
#include "screens/screens.h"
#include "screens/sourcetext.h"
#include "tui/dialog.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { THREE_DAYS_MS = 3 * 24 * 3600 * 1000 };

static void
question_of(const struct ask_self *s, int person, struct question *q)
{
    memset(q, 0, sizeof(*q));
    snprintf(q->arende, sizeof(q->arende), "%s", s->kase.arende);
    q->person = s->person[person].number;
    q->roll = s->person[person].roll;
    q->syfte = ask_syfte(s);
    q->month = ask_month(s);
    q->period = period_of_application(q->month);
    q->sources = ask_sources_of(s, person);
    question_preset_lefi(q);
    question_preset_csn(q);
}

/* What this side knows; the daemon decides again with what it knows. */
static void
facts_of(struct app *app, const struct ask_self *s, int person,
         struct grant_facts *f)
{
    const struct client *c = session_of(app)->client;
    const struct client_me *me = client_me(c);
    const struct client_person *p = &s->person[person];
    memset(f, 0, sizeof(*f));
    f->mode = client_status(c) ? client_status(c)->mode : MODE_OVNING;
    f->account_known = true;
    f->roles = me ? me->roles : 0;
    f->forsakran = me ? me->forsakran : FORSAKRAN_SAKNAS;
    f->case_exists = f->takes_part = f->in_household = true;
    f->case_open = s->kase.open;
    f->case_prepared = s->kase.prepared;
    f->roll = p->roll;
    f->asked_within_3_days =
        p->asked_ms && clock_now_ms() - p->asked_ms < THREE_DAYS_MS;
    f->shielded = p->shielded;
    f->today = date_today();
    f->burst = f->ceiling = 1000000;
}

struct pending { /* questions that wait for a reason */
    struct client_case kase;
    struct client_person person[GATHERED_PERSONS];
    int n;
    struct question q[GATHERED_PERSONS];
    bool needs[GATHERED_PERSONS];
};

static void
pending_free(struct pending *p)
{
    mem_wipe(p, sizeof(*p));
    free(p);
}

static void
go(struct app *app, struct pending *p)
{
    struct session *ses = session_of(app);
    struct gathered *g = gathered_ask(ses->gathered, &p->kase, p->q, p->n);
    pending_free(p);
    app_replace(app, &wait_screen, g);
}

static void
reason_given(struct app *app, void *arg, int button, const char *reason)
{
    struct pending *p = arg;
    if (button != 1 || !reason || !*reason) {
        pending_free(p);
        return;
    }
    gathered_reason_set(session_of(app)->gathered, p->kase.arende, reason);
    for (int i = 0; i < p->n; i++)
        if (p->needs[i])
            snprintf(p->q[i].skal, sizeof(p->q[i].skal), "%s", reason);
    go(app, p);
}

/* One dialog for all: the first reason in words, and for how many. */
static void
ask_reason(struct app *app, const struct ask_self *s, struct pending *p,
           int person, const char *why)
{
    char who[64], question[400];
    parts_who_of(&s->person[person], WHO_FULL, who, sizeof(who));
    snprintf(question, sizeof(question), _("%s: %s Why do you ask?"), who,
             _(why));
    struct dialog d = {
        .question = question,
        .consequence = _("The reason is logged and holds for this case while "
                         "the session lasts."),
        .reason = true,
        .buttons = {_("No, go back"), _("Ask")},
    };
    sourcetext_reasons(d.reasons);
    dialog_open(app, &d, reason_given, p);
}

void
ask_send(struct app *app, struct ask_self *s)
{
    struct session *ses = session_of(app);
    if (ask_persons(s) == 0 || ask_sources(s) == 0 ||
        ask_syfte(s) == SYFTE_COUNT) {
        app_message(app, MSG_OBS, _("Tick at least one person and one source."),
                    NULL);
        return;
    }
    struct pending *p = mem_alloc(sizeof(*p));
    const char *kept = gathered_reason(ses->gathered, s->kase.arende);
    const char *why = NULL;
    int first = -1;
    p->kase = s->kase;
    memcpy(p->person, s->person, sizeof(p->person));
    p->kase.persons = p->person;
    for (int i = 0; i < s->kase.n_persons; i++) {
        struct grant_facts f;
        if (!form_on(&s->form, F_PERSON + i) || !ask_sources_of(s, i))
            continue;
        struct question *q = &p->q[p->n];
        question_of(s, i, q);
        facts_of(app, s, i, &f);
        const char *one = grant_reason(&f, q);
        p->needs[p->n] = one != NULL;
        if (one && kept)
            snprintf(q->skal, sizeof(q->skal), "%s", kept);
        if (one && first < 0) {
            first = i;
            why = one;
        }
        p->n++;
    }
    if (p->n == 0)
        pending_free(p);
    else if (first >= 0 && !kept)
        ask_reason(app, s, p, first, why);
    else
        go(app, p);
}

static void
add_ground(struct buf *text, const char *name, const struct legal_ground *g)
{
    char day[11];
    date_text(g->galler_fran, day);
    buf_addf(text, "%s\n", name);
    if (g->varfor && *g->varfor)
        buf_addf(text, "%s\n", g->varfor);
    if (g->paragraf && *g->paragraf)
        buf_addf(text, _("Ground: %s\n"), g->paragraf);
    if (g->godkand_av && *g->godkand_av)
        buf_addf(text, _("Confirmed by %s from %s.\n"), g->godkand_av, day);
    else if (!g->allowed)
        buf_adds(text, _("Not confirmed by the municipality: it cannot be "
                         "asked.\n"));
    buf_addc(text, '\n');
}

void
ask_why(struct app *app, const struct ask_self *s)
{
    const struct legal *l = client_legal(session_of(app)->client);
    int i = s->form.focus - F_SOURCE;
    const struct client_status *st = client_status(session_of(app)->client);
    bool parts = st && st->kontrakt == KONTRAKT_V11;
    AUTO_BUF(text, 8192);
    if (!l)
        return;
    for (int k = 0; k < SOURCE_COUNT; k++) {
        if (k == SOURCE_PM || (i >= 0 && k != i))
            continue;
        add_ground(&text, rows_authority(k), legal_ground(l, ask_syfte(s), k));
        for (int p = 0; parts && k == SOURCE_SKV && p < SKV_COUNT; p++) {
            char name[64];
            snprintf(name, sizeof(name), "%s: %s", rows_authority(k),
                     skv_label(p));
            add_ground(&text, name, legal_skv_ground(l, ask_syfte(s), p));
        }
    }
    page_open(app, _("Why the source may be asked"), buf_str(&text));
}
