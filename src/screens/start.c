/* SPDX-License-Identifier: EUPL-1.2
 *
 * Start (UX 5): the passphrase first, then the search field and the user's
 * own cases. A name is shown only for a case opened in this session.
 */
#include "config.h"

#include "screens/start.h"

#include "base/clock.h"
#include "base/i18n.h"
#include "base/mem.h"
#include "domain/personnummer.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

const struct client_case *
start_case(struct app *app, const struct start *s, int row)
{
    int n = 0;
    const struct client_case *all =
        client_case_list(session_of(app)->client, &n);
    if (row < 0 || row >= s->list.count || !s->order || s->order[row] >= n)
        return NULL;
    return &all[s->order[row]];
}

static struct start *
here(struct app *app)
{
    return app_find(app, &start_screen);
}

static bool
is_open(const struct app *app)
{
    return session_own(app)->state == SESSION_OPEN;
}

/* ---- the list ---- */

static int
newer(const struct client_case *a, const struct client_case *b)
{
    if (a->asked_ms != b->asked_ms)
        return a->asked_ms > b->asked_ms ? -1 : 1;
    return strcmp(a->arende, b->arende);
}

static void
sort_cases(struct start *s, const struct client_case *all, int n)
{
    free(s->order);
    s->order = mem_alloc(((size_t)n + 1) * sizeof *s->order);
    for (int i = 0; i < n; i++) {
        int k = i;
        for (; k > 0 && newer(&all[i], &all[s->order[k - 1]]) < 0; k--)
            s->order[k] = s->order[k - 1];
        s->order[k] = i;
    }
}

static void
remember(struct app *app, struct start *s)
{
    const struct client_case *k = start_case(app, s, s->list.cursor);
    if (k)
        snprintf(s->here, sizeof s->here, "%s", k->arende);
}

static void
take_list(struct app *app, struct start *s)
{
    int n = 0;
    const struct client_case *all =
        client_case_list(session_of(app)->client, &n);
    sort_cases(s, all, n);
    list_set_count(&s->list, n);
    for (int i = 0; i < n; i++)
        if (!strcmp(all[s->order[i]].arende, s->here))
            s->list.cursor = i;
    s->known = true;
    app_redraw(app);
}

static void
cases_came(void *arg, enum err_code code, const struct err *e)
{
    struct app *app = arg;
    struct start *s = here(app);
    if (!s)
        return;
    s->found = false;
    s->failed = code != ERR_OK;
    if (code)
        app_error(app, code, e);
    else
        take_list(app, s);
}

static void
probed(void *arg, enum err_code code, const struct err *e)
{
    (void)e;
    if (!code)
        app_redraw(arg);
}

static void
refreshed(void *arg, enum err_code code, const struct err *e)
{
    struct app *app = arg;
    struct start *s = here(app);
    if (code) {
        app_error(app, code, e);
        return;
    }
    session_known(app);
    if (s && !s->probed && is_open(app)) {
        s->probed = true;
        client_probe(session_of(app)->client, probed, app);
    }
    app_redraw(app);
}

static void
tell_once(struct app *app, struct start *s)
{
    const struct client_me *me = client_me(session_of(app)->client);
    struct date till;
    char text[160];
    if (s->told || !date_read(&till, me->forsakran_till))
        return;
    s->told = true;
    if (client_key_is_new(me)) {
        AUTO_BUF(key, 512);
        client_key_text(me, &key);
        app_message(app, MSG_OBS, buf_str(&key),
                    _("The change is in the log. If it was not you: do not "
                      "ask, and call the systemansvarig at once."));
        return;
    }
    if (date_days(till) - date_days(date_today()) > 30)
        return;
    snprintf(text, sizeof text,
             _("Your försäkran holds until %s. Sign it again under 3."),
             me->forsakran_till);
    app_message(app, MSG_OBS, text, NULL);
}

static void
start_load(struct app *app, void *self)
{
    struct start *s = self;
    if (!is_open(app) || s->found)
        return;
    if (!session_signed(app)) {
        if (!app_find(app, &forsakran_screen))
            app_push(app, &forsakran_screen, NULL);
        return;
    }
    remember(app, s);
    client_refresh(session_of(app)->client, refreshed, app);
    client_cases(session_of(app)->client, cases_came, app);
    tell_once(app, s);
}

/* ---- search ---- */

static void
search_came(void *arg, enum err_code code, const struct err *e)
{
    struct app *app = arg;
    struct start *s = here(app);
    int n = 0;
    if (!s)
        return;
    client_case_list(session_of(app)->client, &n);
    if (code) {
        app_error(app, code, e);
        return;
    }
    s->found = true;
    s->searching = false;
    s->here[0] = '\0';
    take_list(app, s);
    s->list.cursor = 0;
    if (!n)
        app_message(app, MSG_OBS,
                    _("No case of yours fits. The search is logged. Your chef "
                      "can give access."),
                    _("The reply is the same whatever the reason. Does the "
                      "person have no case? A case comes with the import from "
                      "the case system, or is made by two persons: arenden "
                      "ny. Kontaktcenter asks in a case of the kind Ansökan "
                      "förbereds."));
}

static void
search(struct app *app, struct start *s)
{
    const char *typed = form_text(&s->search, 0);
    if (!*typed) {
        s->searching = false;
        s->found = false;
        start_load(app, s);
        return;
    }
    /* A number that cannot be is told here: it neither leaves this program
     * nor reaches the log (UX 15, message 7). */
    struct personnummer p;
    size_t digits = 0;
    for (const char *c = typed; *c; c++)
        digits += *c >= '0' && *c <= '9';
    bool number = digits >= 10 && !strpbrk(typed, "EeKk");
    if (number && personnummer_read(&p, typed, date_today(), NULL)) {
        app_message(app, MSG_OBS,
                    _("That personnummer cannot be right. No search was made."),
                    _("Compare it with the application: ten digits need - or "
                      "+, and the last is a check digit. The number has not "
                      "left this program and is not in the log."));
        return;
    }
    remember(app, s);
    client_search(session_of(app)->client, typed, search_came, app);
}

static void
leave_search(struct app *app, struct start *s)
{
    form_wipe(&s->search, 0);
    s->searching = false;
    if (s->found) {
        s->found = false;
        start_load(app, s);
    }
    app_redraw(app);
}

/* ---- keys ---- */

static enum act_result
open_row(struct app *app, struct start *s, bool ask)
{
    const struct client_case *k = start_case(app, s, s->list.cursor);
    if (!k)
        return ACT_HANDLED;
    remember(app, s);
    enum gathered_state g =
        gathered_state(session_of(app)->gathered, k->arende);
    if (!ask && (g == GATHERED_READY || g == GATHERED_ASKING) &&
        answer_open(app, k->arende))
        return ACT_HANDLED;
    case_open(app, s->here, ask);
    if (s->found) { /* coming back, the own cases are shown as they are now */
        form_wipe(&s->search, 0);
        s->searching = s->found = false;
    }
    return ACT_HANDLED;
}

/* The next row that has something to do. */
static enum act_result
next_to_do(struct app *app, struct start *s)
{
    for (int i = 1; i <= s->list.count; i++) {
        int at = (s->list.cursor + i) % s->list.count;
        char todo[40];
        start_todo(app, start_case(app, s, at), todo, sizeof todo);
        if (strcmp(todo, "-") != 0) {
            s->list.cursor = at;
            return ACT_REDRAW;
        }
    }
    return ACT_HANDLED;
}

static enum act_result
open_screen(struct app *app, enum action a)
{
    struct own_log_arg earlier = {.questions_only = true}, all = {0};
    switch (a) {
    case ACTION_SUPPORT:
        app_push(app, &support_screen, NULL);
        break;
    case ACTION_SERVICE:
        app_push(app, &status_screen, NULL);
        break;
    case ACTION_UNDERTAKING:
        app_push(app, &forsakran_screen, NULL);
        break;
    case ACTION_EARLIER:
        app_push(app, &own_log_screen, &earlier);
        break;
    default:
        app_push(app, &own_log_screen, &all);
        break;
    }
    return ACT_HANDLED;
}

static enum act_result
search_act(struct app *app, struct start *s, const struct act *act)
{
    if (act->action == ACTION_BACK) {
        leave_search(app, s);
        return ACT_REDRAW;
    }
    int code = act->key.code;
    if (code == K_DOWN || code == K_UP || code == K_TAB) {
        s->searching = false;
        return ACT_REDRAW;
    }
    switch (form_act(app, &s->search, act)) {
    case FORM_ENTER:
        search(app, s);
        return ACT_REDRAW;
    case FORM_IGNORED:
        return ACT_IGNORED;
    default:
        return ACT_REDRAW;
    }
}

static enum act_result
list_keys(struct app *app, struct start *s, const struct act *act)
{
    switch (act->action) {
    case ACTION_ENTER:
        return open_row(app, s, false);
    case ACTION_ASK:
        return open_row(app, s, true);
    case ACTION_SEARCH:
    case ACTION_PANE:
        s->searching = true;
        return ACT_REDRAW;
    case ACTION_NEXT:
        return next_to_do(app, s);
    case ACTION_SUPPORT:
    case ACTION_SERVICE:
    case ACTION_UNDERTAKING:
    case ACTION_EARLIER:
    case ACTION_OWN_LOG:
        return open_screen(app, act->action);
    case ACTION_BACK:
        if (s->found)
            leave_search(app, s);
        return ACT_HANDLED;
    default:
        return list_act(app, &s->list, act);
    }
}

static enum act_result
start_act(struct app *app, void *self, const struct act *act)
{
    struct start *s = self;
    enum session_state state = session_own(app)->state;
    if (act->action == ACTION_LEAVE) {
        start_end(app, s);
        return ACT_HANDLED;
    }
    if (state == SESSION_FAILED && act->action == ACTION_ASK) {
        session_start(app);
        return ACT_REDRAW;
    }
    if (state == SESSION_OPENING || state == SESSION_FAILED)
        return act->action == ACTION_HELP ? ACT_IGNORED : ACT_HANDLED;
    if (state == SESSION_SHUT)
        return start_gate_act(app, s, act);
    return s->searching ? search_act(app, s, act) : list_keys(app, s, act);
}

static bool
start_can(struct app *app, void *self, enum action a)
{
    const struct start *s = self;
    enum session_state state = session_own(app)->state;
    if (a == ACTION_HELP || a == ACTION_LEAVE)
        return true;
    if (state == SESSION_FAILED)
        return a == ACTION_ASK || a == ACTION_REDRAW;
    if (state == SESSION_SHUT)
        return a == ACTION_ENTER || a == ACTION_PANE || a == ACTION_REDRAW;
    if (state == SESSION_OPENING)
        return a == ACTION_REDRAW;
    if (s->searching)
        return a != ACTION_ASK && a != ACTION_NEXT;
    if (a == ACTION_ENTER || a == ACTION_ASK || a == ACTION_NEXT)
        return s->list.count > 0;
    return a != ACTION_BACK || s->found;
}

static bool
start_typing(struct app *app, void *self)
{
    const struct start *s = self;
    if (session_own(app)->state == SESSION_SHUT)
        return form_typing(&s->gate);
    return s->searching;
}

/* ---- life ---- */

static void *
start_open(struct app *app, void *arg)
{
    (void)app, (void)arg;
    struct start *s = mem_alloc(sizeof *s);
    list_init(&s->list, false);
    s->search_field.kind = FIELD_TEXT;
    s->search_field.keep = true;
    form_init(&s->search, &s->search_field, 1);
    start_gate_init(s);
    return s;
}

static void
start_close(struct app *app, void *self)
{
    (void)app;
    struct start *s = self;
    list_done(&s->list);
    form_done(&s->search);
    form_done(&s->gate);
    free(s->order);
    free(s);
}

/* Watched sources are asked for by the test call now and then (UX 7). */
static bool
start_tick(struct app *app, void *self)
{
    (void)self;
    if (is_open(app))
        gathered_tick(session_of(app)->gathered);
    return false;
}

static const struct keymap_row rows[] = {
    {ACTION_ENTER, NULL},      {ACTION_SEARCH, NULL},
    {ACTION_ASK, NULL},        {ACTION_BACK, N_("All cases")},
    {ACTION_HELP, NULL},       {ACTION_LOCK, NULL},
    {ACTION_LEAVE, N_("End")}, {ACTION_NEXT, NULL},
    {ACTION_SUPPORT, ""},      {ACTION_SERVICE, ""},
    {ACTION_UNDERTAKING, ""},  {ACTION_EARLIER, ""},
    {ACTION_OWN_LOG, ""},      {ACTION_PANE, ""},
};
static const struct keymap keys = KEYMAP(rows);

const struct screen_ops start_screen = {
    .name = N_("Start"),
    .keymap = &keys,
    .open = start_open,
    .close = start_close,
    .load = start_load,
    .head = start_head,
    .draw = start_draw,
    .act = start_act,
    .tick = start_tick,
    .can = start_can,
    .typing = start_typing,
    .help = start_help,
};
