/* SPDX-License-Identifier: EUPL-1.2
 *
 * A case and its household (UX 5): who is in it, when they were last asked
 * about, and who the next question is about. Opening it is an entry in the
 * log; where someone may be protected one question comes first.
 */
#include "config.h"

#include "base/clock.h"
#include "base/i18n.h"
#include "base/mem.h"
#include "base/text.h"
#include "screens/parts.h"
#include "screens/session.h"
#include "tui/dialog.h"
#include "tui/list.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum stage { FETCHING, ASKING, SHOWN };

struct kase {
    char arende[ARENDE_MAX + 1];
    bool ask; /* Ny fråga as soon as it is shown */
    enum stage stage;
    int64_t told; /* asked() when it was fetched */
    bool again;   /* being fetched anew, while it is shown */
    struct list list;
};

struct opening {
    const char *arende;
    bool ask;
};

/* The case, as long as it is the client's newest. */
static const struct client_case *
now(struct app *app, const struct kase *s)
{
    const struct client_case *k = client_case_now(session_of(app)->client);
    return k && !strcmp(k->arende, s->arende) ? k : NULL;
}

static const struct client_case *
shown(struct app *app, const struct kase *s)
{
    return s->stage == SHOWN ? now(app, s) : NULL;
}

/* Changes when a question about the case is put and when it is over. */
static int64_t
asked(struct app *app, const struct kase *s)
{
    const struct gathered *g =
        gathered_find(session_of(app)->gathered, s->arende);
    return g ? g->asked_ms ^ g->done_ms : 0;
}

/* ---- asking ---- */

static unsigned
ticked(const struct kase *s)
{
    unsigned set = 0;
    for (int i = 0; i < s->list.count && i < 32; i++)
        if (list_ticked(&s->list, i))
            set |= 1u << i;
    return set;
}

static enum act_result
ask(struct app *app, struct kase *s)
{
    struct ask_arg a = {.persons = ticked(s)};
    if (!shown(app, s))
        return ACT_HANDLED;
    if (!a.persons) {
        app_message(app, MSG_OBS, _("Nobody is ticked. Space ticks the row."),
                    NULL);
        return ACT_REDRAW;
    }
    if (!session_signed(app)) {
        app_push(app, &forsakran_screen, NULL);
        return ACT_HANDLED;
    }
    app_push(app, &ask_screen, &a);
    return ACT_HANDLED;
}

/* ---- opening ---- */

static void
show(struct app *app, struct kase *s)
{
    const struct client_case *k = now(app, s);
    s->stage = SHOWN;
    s->told = asked(app, s);
    list_set_count(&s->list, k ? k->n_persons : 0);
    for (int i = 0; k && i < k->n_persons; i++)
        list_tick(&s->list, i, k->persons[i].roll != ROLL_BARN);
    if (s->ask)
        ask(app, s);
    s->ask = false;
    app_redraw(app);
}

static void
may_show(struct app *app, void *arg, int button, const char *reason)
{
    (void)reason;
    if (button == 1)
        show(app, arg);
    else
        app_pop(app);
}

static bool
shielded(const struct client_case *k)
{
    for (int i = 0; i < k->n_persons; i++)
        if (k->persons[i].shielded)
            return true;
    return false;
}

static void
case_came(void *arg, enum err_code code, const struct err *e)
{
    struct app *app = arg;
    struct kase *s = app_find(app, &case_screen);
    if (s && s->again) {
        s->again = false;
        if (code)
            app_error(app, code, e);
        app_redraw(app);
        return;
    }
    if (!s || s->stage != FETCHING)
        return;
    if (code) {
        app_pop(app);
        if (code == ERR_CASE || code == ERR_NOT_FOUND)
            app_message(app, MSG_OBS,
                        _("No case of yours fits. The search is logged. Your "
                          "chef can give access."),
                        NULL);
        else
            app_error(app, code, e);
        return;
    }
    const struct client_case *k = now(app, s);
    if (!k) {
        app_pop(app);
        return;
    }
    const struct dialog d = {
        .question = _("The data may be protected. Do you sit so that nobody "
                      "else sees the screen?"),
        .buttons = {_("No, go back"), _("Yes, show")},
    };
    if (!shielded(k)) {
        show(app, s);
        return;
    }
    s->stage = ASKING;
    dialog_open(app, &d, may_show, s);
}

static void *
kase_open(struct app *app, void *arg)
{
    const struct opening *o = arg;
    struct kase *s = mem_alloc(sizeof *s);
    snprintf(s->arende, sizeof s->arende, "%s", o->arende);
    s->ask = o->ask;
    list_init(&s->list, true);
    client_open_case(session_of(app)->client, s->arende, case_came, app);
    return s;
}

static void
kase_close(struct app *app, void *self)
{
    (void)app;
    struct kase *s = self;
    list_done(&s->list);
    free(s);
}

void
case_open(struct app *app, const char *arende, bool ask_at_once)
{
    struct opening o = {arende, ask_at_once};
    app_push(app, &case_screen, &o);
}

/* ---- drawing ---- */

static void
role_text(const struct client_person *p, char *out, size_t n)
{
    if (p->roll == ROLL_BARN)
        snprintf(out, n, _("Child %d years"), p->age);
    else
        snprintf(out, n, "%s",
                 p->roll == ROLL_SOKANDE ? _("Applicant") : _("Co-applicant"));
}

static void
last_text(const struct client_person *p, char *out, size_t n)
{
    char day[11];
    int missing = 0;
    clock_date(p->asked_ms, day);
    for (const char *c = p->states; *c; c++)
        missing += *c != '+' && *c != '0' && *c != '.' && *c != ' ';
    if (!p->asked_ms)
        snprintf(out, n, "%s%s", _("never"),
                 p->roll == ROLL_BARN ? _("      FK and CSN") : "");
    else if (!p->states[0])
        snprintf(out, n, "%s  %s", day, _("unknown"));
    else if (!missing)
        snprintf(out, n, "%s  %s", day, _("whole"));
    else
        snprintf(out, n, _("%s  %d missing"), day, missing);
}

struct drawing {
    struct app *app;
    const struct client_case *kase;
};

static void
person_row(void *arg, int index, const struct pane *p)
{
    const struct drawing *d = arg;
    const struct client_person *who = &d->kase->persons[index];
    char number[14], text[64];
    bool narrow = app_narrow(d->app);
    text_personnummer(who->number.digits, number);
    role_text(who, text, sizeof text);
    pane_put_cut(p, 0, 0, 12, ROLE_TEXT, text);
    if (app_linear(d->app)) {
        pane_put_cut(p, 0, 13, p->cols - 14, ROLE_TEXT, who->namn);
        return;
    }
    int left = p->cols - 13 - 15 - (narrow ? 1 : 22);
    pane_put_cut(p, 0, 13, left - 2, ROLE_TEXT, who->namn);
    pane_put(p, 0, 13 + left, ROLE_TEXT, number);
    last_text(who, text, sizeof text);
    if (!narrow)
        pane_put_cut(p, 0, 13 + left + 15, 22, ROLE_TEXT, text);
}

static void
draw_names(struct app *app, const struct pane *p, int row)
{
    pane_put(p, row, 7, ROLE_TEXT, _("Role"));
    pane_put(p, row, 20, ROLE_TEXT, _("Name"));
    if (app_linear(app))
        return;
    int left = p->cols - 7 - 13 - 15 - (app_narrow(app) ? 1 : 22);
    pane_put(p, row, 20 + left, ROLE_TEXT, _("Personnummer"));
    if (!app_narrow(app))
        pane_put(p, row, 20 + left + 15, ROLE_TEXT, _("Last question"));
}

/* Below 60 columns the selected person's other facts stand by themselves. */
static int
draw_facts(struct app *app, const struct kase *s, const struct client_case *k,
           const struct pane *p, int row)
{
    if (!app_narrow(app) || s->list.cursor >= k->n_persons)
        return row;
    const struct client_person *who = &k->persons[s->list.cursor];
    char number[14], text[64];
    text_personnummer(who->number.digits, number);
    last_text(who, text, sizeof text);
    pane_putf(p, row++, 1, ROLE_TEXT, _("Personnummer %s"), number);
    pane_putf(p, row++, 1, ROLE_TEXT, _("Last question %s"), text);
    return row + 1;
}

static void
kase_draw(struct app *app, void *self, const struct pane *body)
{
    struct kase *s = self;
    const struct client_case *k = shown(app, s);
    char place[40];
    AUTO_BUF(title, 128);
    if (!k) {
        AUTO_BUF(b, 128);
        buf_addf(&b, _("Case %s is being opened. The reading is logged."),
                 s->arende);
        pane_wrap(body, 0, 1, body->cols - 2, 4, ROLE_TEXT, buf_str(&b));
        return;
    }
    list_place(&s->list, place, sizeof place);
    buf_addf(&title, _("Household in %s"), k->arende);
    pane_heading(body, 0, buf_str(&title), place);
    draw_names(app, body, 1);
    int room = body->rows - 2 - (app_linear(app) ? 10 : 7);
    room = room < 4 ? 4 : room;
    struct drawing d = {app, k};
    struct pane rows =
        pane_sub(body, 2, 0, k->n_persons < room ? k->n_persons : room, -1);
    list_draw(app, &s->list, &rows, true, person_row, &d);
    int row = 2 + rows.rows + 1, width = body->cols - 2;
    row = draw_facts(app, s, k, body, row);
    row += pane_wrap(body, row, 1, width, 4, ROLE_TEXT,
                     _("Adults are ticked when the case is opened. F5 asks "
                       "about the ticked ones, one question each."));
    if (app_identity(app)->mode == APP_OVNING)
        row += pane_wrap(body, row + 1, 1, width, 3, ROLE_TEXT,
                         _("Do this: press F5 for the question, and F5 again "
                           "to send it."));
    if (!k->open)
        pane_put(body, row + 1, 1, ROLE_TEXT,
                 _("The case is closed. No question can be asked in it."));
}

static void
kase_head(struct app *app, void *self, struct head *h)
{
    struct kase *s = self;
    const struct client_case *k = shown(app, s);
    const struct gathered *g =
        gathered_find(session_of(app)->gathered, s->arende);
    if (!k)
        return;
    if (g) {
        parts_strip(g, h->case_left, sizeof h->case_left);
        return;
    }
    AUTO_BUF(b, 1024);
    buf_adds(&b, k->arende);
    for (int i = 0; i < k->n_persons; i++) {
        char who[64];
        parts_who_of(&k->persons[i], WHO_FULL, who, sizeof who);
        buf_addf(&b, "  %s .", who);
    }
    snprintf(h->case_left, sizeof h->case_left, "%s", buf_str(&b));
}

/* ---- keys ---- */

static bool
has_answer(struct app *app, const struct kase *s)
{
    return gathered_state(session_of(app)->gathered, s->arende) !=
           GATHERED_NONE;
}

static enum act_result
kase_act(struct app *app, void *self, const struct act *act)
{
    struct kase *s = self;
    struct own_log_arg earlier = {.questions_only = true, .arende = s->arende};
    if (s->stage != SHOWN)
        return action_is_global(act->action) ? ACT_IGNORED : ACT_HANDLED;
    switch (act->action) {
    case ACTION_ASK:
        return ask(app, s);
    case ACTION_ENTER:
        if (has_answer(app, s))
            answer_open(app, s->arende);
        else
            return ask(app, s);
        return ACT_HANDLED;
    case ACTION_EARLIER:
        app_push(app, &own_log_screen, &earlier);
        return ACT_HANDLED;
    default:
        return list_act(app, &s->list, act);
    }
}

static bool
kase_can(struct app *app, void *self, enum action a)
{
    const struct kase *s = self;
    const struct client_case *k = shown(app, s);
    if (action_is_global(a))
        return true;
    if (!k)
        return false;
    if (a == ACTION_ASK)
        return k->open;
    return a != ACTION_ENTER || k->open || has_answer(app, s);
}

static const char *
kase_help(struct app *app, void *self)
{
    (void)app, (void)self;
    return _("The persons of the case. Space ticks who the question is about; "
             "adults are ticked from the start. F5 asks, Enter opens an answer "
             "that is there.");
}

/* Another screen may have opened another case, or asked about this one: it is
 * fetched again. */
static void
kase_load(struct app *app, void *self)
{
    struct kase *s = self;
    if (s->stage == SHOWN && !now(app, s)) {
        s->stage = FETCHING;
        client_open_case(session_of(app)->client, s->arende, case_came, app);
    } else if (s->stage == SHOWN && !s->again && s->told != asked(app, s)) {
        s->told = asked(app, s);
        s->again = true;
        client_open_case(session_of(app)->client, s->arende, case_came, app);
    }
}

static const struct keymap_row rows[] = {
    {ACTION_ASK, NULL},    {ACTION_ENTER, NULL}, {ACTION_TICK, NULL},
    {ACTION_HELP, NULL},   {ACTION_BACK, NULL},  {ACTION_EARLIER, NULL},
    {ACTION_TICK_ALL, ""},
};
static const struct keymap keys = KEYMAP(rows);

const struct screen_ops case_screen = {
    .name = N_("Case"),
    .keymap = &keys,
    .open = kase_open,
    .close = kase_close,
    .load = kase_load,
    .head = kase_head,
    .draw = kase_draw,
    .act = kase_act,
    .can = kase_can,
    .help = kase_help,
};
