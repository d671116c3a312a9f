/* SPDX-License-Identifier: EUPL-1.2 */
#include "config.h"

#include "base/clock.h"
#include "base/i18n.h"
#include "base/mem.h"
#include "screens/ask_own.h"
#include "screens/screens.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

const enum syfte ask_syften[SYFTE_COUNT] = {SYFTE_FORTSATT, SYFTE_KONTROLL,
                                            SYFTE_NYANSOKAN, SYFTE_ATERKRAV,
                                            SYFTE_FORBEREDS};

enum syfte
ask_syfte(const struct ask_self *s)
{
    for (int i = 0; i < SYFTE_COUNT; i++)
        if (form_on(&s->form, F_SYFTE + i))
            return ask_syften[i];
    return SYFTE_COUNT;
}

struct month
ask_month(const struct ask_self *s)
{
    int v = s->field[F_MONTH].value;
    return s->month[v >= 0 && v < ASK_MONTHS ? v : 0];
}

source_set
ask_sources(const struct ask_self *s)
{
    source_set set = 0;
    for (int i = 0; i < SOURCE_COUNT; i++)
        if (!s->field[F_SOURCE + i].off && form_on(&s->form, F_SOURCE + i))
            set |= SOURCE_BIT(i);
    return set;
}

int
ask_persons(const struct ask_self *s)
{
    int n = 0;
    for (int i = 0; i < s->kase.n_persons; i++)
        n += form_on(&s->form, F_PERSON + i);
    return n;
}

source_set
ask_sources_of(const struct ask_self *s, int person)
{
    source_set set = ask_sources(s);
    bool adult = false;
    if (s->person[person].roll != ROLL_BARN)
        return set;
    for (int i = 0; i < s->kase.n_persons; i++)
        adult |=
            s->person[i].roll != ROLL_BARN && form_on(&s->form, F_PERSON + i);
    if (adult)
        set &= SOURCE_BIT(SOURCE_FK) | SOURCE_BIT(SOURCE_CSN);
    return set;
}

/* A month to come, this one, and those before. */
static void
set_months(struct ask_self *s)
{
    struct month now = month_of(date_today());
    for (int i = 0; i < ASK_MONTHS; i++) {
        s->month[i] = month_add(now, 1 - i);
        parts_month(s->month[i], s->month_text[i]);
        s->values[i] = s->month_text[i];
    }
    s->field[F_MONTH] = (struct field){
        .kind = FIELD_VALUE,
        .label = _("Application month"),
        .values = s->values,
        .value = 1,
        .help = _("The month that the application is for. enfraga asks from "
                  "two months before to the end of the month, and compares the "
                  "two months before with each other.")};
}

/* Kontaktcenter, and a case of that kind, have one purpose only. */
static bool
prepares(struct app *app, const struct ask_self *s)
{
    const struct client_me *me = client_me(session_of(app)->client);
    return s->kase.prepared || (me && (me->roles & ROLE_KONTAKTCENTER) &&
                                !(me->roles & ROLE_HANDLAGGARE));
}

static void
set_syften(struct app *app, struct ask_self *s)
{
    const struct legal *l = client_legal(session_of(app)->client);
    bool only = prepares(app, s), before = false;
    for (int i = 0; i < s->kase.n_persons; i++)
        before |= s->person[i].asked_ms != 0;
    enum syfte preset = only     ? SYFTE_FORBEREDS
                        : before ? SYFTE_FORTSATT
                                 : SYFTE_NYANSOKAN;
    for (int i = 0; i < SYFTE_COUNT; i++) {
        enum syfte y = ask_syften[i];
        struct field *f = &s->field[F_SYFTE + i];
        *f = (struct field){
            .kind = FIELD_RADIO,
            .label = _(syfte_label(y)),
            .group = 1,
            .help = _("What the question is for. It is logged, and it decides "
                      "which sources the municipality may ask.")};
        f->off = only != (y == SYFTE_FORBEREDS) || !l || !legal_syfte(l, y);
        f->on = y == preset;
    }
}

static void
set_persons(struct ask_self *s, unsigned ticked)
{
    for (int i = 0; i < GATHERED_PERSONS; i++) {
        struct field *f = &s->field[F_PERSON + i];
        *f = (struct field){
            .kind = FIELD_TICK,
            .off = i >= s->kase.n_persons,
            .label = s->who[i],
            .help = _("One question for each ticked person, side by side. A "
                      "child beside adults is asked of FK and CSN alone.")};
        if (f->off)
            continue;
        char who[64];
        parts_who_of(&s->person[i], WHO_FULL, who, sizeof(who));
        if (s->person[i].roll == ROLL_BARN)
            snprintf(s->who[i], sizeof(s->who[i]), _("%s, %d years"), who,
                     s->person[i].age);
        else
            snprintf(s->who[i], sizeof(s->who[i]), "%s", who);
        f->on = ticked & (1u << i);
    }
}

/* What the purpose needs: benefits, studies, pension, tax, a-kassa; not
 * vehicles and permits, which the user ticks when they matter. */
static const source_set needed =
    SOURCE_BIT(SOURCE_AF) | SOURCE_BIT(SOURCE_CSN) | SOURCE_BIT(SOURCE_FK) |
    SOURCE_BIT(SOURCE_SKV) | SOURCE_BIT(SOURCE_SO);

static void
set_sources(struct app *app, struct ask_self *s, source_set ticked)
{
    const struct legal *l = client_legal(session_of(app)->client);
    enum syfte y = ask_syfte(s);
    source_set may = l && y < SYFTE_COUNT ? legal_sources(l, y) : 0;
    for (int i = 0; i < SOURCE_COUNT; i++) {
        struct field *f = &s->field[F_SOURCE + i];
        f->kind = FIELD_TICK;
        f->label = source_row(i)->authority;
        f->help = _("Space ticks. v says why the source may be asked, on what "
                    "paragraph, and who confirmed it.");
        f->off = !(may & SOURCE_ASKABLE & SOURCE_BIT(i));
        f->on = !f->off && (ticked & SOURCE_BIT(i));
    }
}

static void *
ask_open(struct app *app, void *arg)
{
    const struct ask_arg *a = arg;
    const struct client_case *k = client_case_now(session_of(app)->client);
    if (!k || k->n_persons == 0)
        return NULL;
    struct ask_self *s = mem_alloc(sizeof(*s));
    s->kase = *k;
    if (s->kase.n_persons > GATHERED_PERSONS)
        s->kase.n_persons = GATHERED_PERSONS;
    for (int i = 0; i < s->kase.n_persons; i++)
        s->person[i] = k->persons[i];
    s->kase.persons = s->person;
    set_months(s);
    set_syften(app, s);
    set_persons(s, a ? a->persons : 1);
    form_init(&s->form, s->field, F_COUNT);
    if (a && a->as) {
        for (int i = 0; i < SYFTE_COUNT; i++)
            if (ask_syften[i] == a->as->syfte && !s->field[F_SYFTE + i].off)
                form_set_on(&s->form, F_SYFTE + i, true);
        s->touched = true;
    }
    set_sources(app, s, a && a->as ? a->as->sources : needed);
    form_focus(&s->form, F_MONTH);
    s->form.changed = false;
    return s;
}

static void
ask_close(struct app *app, void *self)
{
    struct ask_self *s = self;
    (void)app;
    form_done(&s->form);
    mem_wipe(s, sizeof(*s));
    free(s);
}

static void
ask_head(struct app *app, void *self, struct head *head)
{
    struct ask_self *s = self;
    const struct client_status *st = client_status(session_of(app)->client);
    AUTO_BUF(b, sizeof(head->case_left));
    buf_adds(&b, s->kase.arende);
    for (int i = 0; i < s->kase.n_persons; i++) {
        char who[64];
        parts_who_of(&s->person[i], WHO_FULL, who, sizeof(who));
        buf_addf(&b, "  %s .", who);
    }
    snprintf(head->case_left, sizeof(head->case_left), "%s", buf_str(&b));
    for (int i = 0; st && i < SOURCE_COUNT; i++) {
        char at[6];
        if (!(ask_sources(s) & SOURCE_BIT(i)) || st->available[i] != 1)
            continue;
        clock_hhmm(st->probed_ms, at);
        head->kind = MSG_OBS;
        snprintf(head->message, sizeof(head->message),
                 _("%s did not answer at %s. You can ask anyway."),
                 rows_authority(i), at);
    }
}

static enum act_result
ask_act(struct app *app, void *self, const struct act *act)
{
    struct ask_self *s = self;
    enum syfte before = ask_syfte(s);
    switch (act->action) {
    case ACTION_ASK:
        ask_send(app, s);
        return ACT_HANDLED;
    case ACTION_WHY:
        ask_why(app, s);
        return ACT_HANDLED;
    default:
        break;
    }
    bool source = s->form.focus >= F_SOURCE;
    enum form_result r = form_act(app, &s->form, act);
    if (r == FORM_IGNORED)
        return ACT_IGNORED;
    if (r == FORM_CHANGED && source)
        s->touched = true;
    if (ask_syfte(s) != before)
        set_sources(app, s, s->touched ? ask_sources(s) : needed);
    return ACT_REDRAW;
}

static const char *
ask_help(struct app *app, void *self)
{
    struct ask_self *s = self;
    (void)app;
    const char *field = form_help(&s->form);
    return field ? field
                 : _("Nothing is sent until F5. The entry in the log is "
                     "written first; without it no question goes.");
}

static const struct keymap_row keys[] = {
    {ACTION_ASK, N_("Send the question")},
    {ACTION_TICK, NULL},
    {ACTION_WHY, NULL},
    {ACTION_VALUES, NULL},
    {ACTION_HELP, NULL},
    {ACTION_BACK, NULL},
    {ACTION_PANE, ""},
};
static const struct keymap keymap = KEYMAP(keys);

const struct screen_ops ask_screen = {
    .name = N_("New question"),
    .keymap = &keymap,
    .open = ask_open,
    .close = ask_close,
    .head = ask_head,
    .draw = ask_draw,
    .act = ask_act,
    .help = ask_help,
};
