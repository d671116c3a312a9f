/* SPDX-License-Identifier: EUPL-1.2
 *
 * Min logg and Tidigare frågor (UX 5): the user's own entries, newest first.
 * A case is named only for entries of this session.
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

struct own_log {
    struct app *app;
    struct own_log_arg what;
    char arende[ARENDE_MAX + 1];
    bool known, failed;
    int *order; /* owned: places in client_row_list that are shown */
    struct list list;
};

static const struct client_row *
row_at(const struct own_log *s, int row)
{
    int n = 0;
    const struct client_row *all =
        client_row_list(session_of(s->app)->client, &n);
    return row >= 0 && row < s->list.count && s->order[row] < n
               ? &all[s->order[row]]
               : NULL;
}

/* The log's words have no diacritics; these are for people. */
static const char *
word(const char *type)
{
    static const char *const words[][2] = {
        {"intent", N_("question")},
        {"lasning", N_("reading")},
        {"arendesokning", N_("case search")},
        {"forsakran", N_("försäkran")},
        {"aterkallelse", N_("withdrawal")},
        {"atkomst", N_("access")},
        {"nyckel", N_("key")},
    };
    for (size_t i = 0; i < sizeof words / sizeof *words; i++)
        if (!strcmp(words[i][0], type))
            return _(words[i][1]);
    return type;
}

static bool
is_question(const struct client_row *r)
{
    return !strcmp(r->type, "fråga") || !strcmp(r->type, "intent");
}

static bool
wanted(const struct own_log *s, const struct client_row *r)
{
    if (s->what.questions_only && !is_question(r))
        return false;
    return !s->arende[0] || !strcmp(r->arende, s->arende);
}

static void
rows_came(void *arg, enum err_code code, const struct err *e)
{
    struct app *app = arg;
    struct own_log *s = app_find(app, &own_log_screen);
    int n = 0, shown = 0;
    if (!s)
        return;
    s->failed = code != ERR_OK;
    if (code) {
        app_error(app, code, e);
        return;
    }
    const struct client_row *all = client_row_list(session_of(app)->client, &n);
    free(s->order);
    s->order = mem_alloc(((size_t)n + 1) * sizeof *s->order);
    for (int i = 0; i < n; i++)
        if (wanted(s, &all[i]))
            s->order[shown++] = i;
    list_set_count(&s->list, shown);
    s->known = true;
    app_redraw(app);
}

static void *
own_log_open(struct app *app, void *arg)
{
    const struct own_log_arg *a = arg;
    struct own_log *s = mem_alloc(sizeof *s);
    s->app = app;
    s->what = *a;
    snprintf(s->arende, sizeof s->arende, "%s", a->arende ? a->arende : "");
    list_init(&s->list, false);
    return s;
}

static void
own_log_close(struct app *app, void *self)
{
    (void)app;
    struct own_log *s = self;
    free(s->order);
    list_done(&s->list);
    free(s);
}

static void
own_log_load(struct app *app, void *self)
{
    (void)self;
    client_rows(session_of(app)->client, rows_came, app);
}

/* ---- drawing ---- */

/* "Post   Tid   Vad   Ärende   Källor" */
static void
row_text(void *arg, int index, struct buf *out)
{
    const struct client_row *r = row_at(arg, index);
    char seq[32], day[11], at[6], codes[64];
    if (!r)
        return;
    parts_number(r->seq, seq);
    clock_date(r->time_ms, day);
    clock_hhmm(r->time_ms, at);
    source_set_text(r->sources, ' ', codes);
    buf_addf(out, "%s %s %s %s %s %s", seq, day, at, word(r->type), r->arende,
             codes);
    if (r->system[0])
        buf_addf(out, " %s", r->system);
}

static void
draw_row(void *arg, int index, const struct pane *p)
{
    const struct own_log *s = arg;
    const struct client_row *r = row_at(s, index);
    char text[64], at[6];
    if (!r)
        return;
    bool narrow = app_linear(s->app);
    parts_number(r->seq, text);
    int col = 0;
    if (!narrow)
        col = pane_put_cut(p, 0, 0, 8, ROLE_TEXT, text);
    clock_date(r->time_ms, text);
    clock_hhmm(r->time_ms, at);
    col = pane_putf(p, 0, col, ROLE_TEXT, "%s %s", text, at) + 2;
    col = pane_put_cut(p, 0, col, narrow ? p->cols - col - 1 : 14, ROLE_TEXT,
                       word(r->type));
    if (narrow)
        return;
    col = pane_put_cut(p, 0, col, 15, ROLE_TEXT,
                       r->arende[0] ? r->arende : _("(hidden)"));
    source_set_text(r->sources, ' ', text);
    col = pane_put_cut(p, 0, col, p->cols - col - 1, ROLE_TEXT, text);
    pane_put_cut(p, 0, col + 1, p->cols - col - 2, ROLE_TEXT, r->system);
}

static void
own_log_draw(struct app *app, void *self, const struct pane *body)
{
    struct own_log *s = self;
    char place[40];
    list_place(&s->list, place, sizeof place);
    pane_heading(body, 0,
                 s->what.questions_only ? _("Earlier questions, no answers")
                                        : _("Own log, only your own entries"),
                 place);
    if (!app_linear(app)) {
        pane_put(body, 1, 3, ROLE_TEXT, _("Entry"));
        pane_put(body, 1, 11, ROLE_TEXT, _("Time"));
        pane_put(body, 1, 29, ROLE_TEXT, _("What"));
        pane_put(body, 1, 43, ROLE_TEXT, _("Case"));
        pane_put(body, 1, 58, ROLE_TEXT, _("Sources"));
    }
    struct pane rows = pane_sub(body, 2, 0, body->rows - 5, -1);
    if (!s->known)
        pane_put(body, 2, 3, ROLE_TEXT,
                 s->failed ? _("The entries could not be fetched.")
                           : _("The entries are being fetched."));
    else if (!s->list.count)
        pane_put(body, 2, 3, ROLE_TEXT, _("none"));
    list_draw(app, &s->list, &rows, true, draw_row, s);
    pane_wrap(body, body->rows - 2, 1, body->cols - 2, 2, ROLE_TEXT,
              _("The case is shown only for entries of this session.   Enter: "
                "Was it not you?"));
}

/* ---- keys ---- */

static enum act_result
own_log_act(struct app *app, void *self, const struct act *act)
{
    struct own_log *s = self;
    switch (act->action) {
    case ACTION_ENTER:
        page_open(app, _("Was it not you?"),
                  _("Every row here was signed with your key. If one of them "
                    "is not yours: lock the session (F2), change the "
                    "passphrase, and tell your chef and the systemansvarig at "
                    "once. Say the entry's number and its time, never a "
                    "personnummer on the telephone. The log cannot be changed "
                    "afterwards, so nothing is lost by waiting for them."));
        return ACT_HANDLED;
    case ACTION_SEARCH:
        list_search(app, &s->list, row_text, s);
        return ACT_HANDLED;
    case ACTION_SEARCH_NEXT:
        list_next(app, &s->list, row_text, s);
        return ACT_HANDLED;
    default:
        return list_act(app, &s->list, act);
    }
}

static bool
own_log_can(struct app *app, void *self, enum action a)
{
    const struct own_log *s = self;
    (void)app;
    if (a == ACTION_ENTER || a == ACTION_SEARCH || a == ACTION_SEARCH_NEXT)
        return s->list.count > 0;
    return true;
}

static const struct keymap_row rows[] = {
    {ACTION_ENTER, N_("Not you?")},
    {ACTION_SEARCH, NULL},
    {ACTION_SEARCH_NEXT, ""},
    {ACTION_HELP, NULL},
    {ACTION_LOCK, NULL},
    {ACTION_BACK, NULL},
};
static const struct keymap keys = KEYMAP(rows);

const struct screen_ops own_log_screen = {
    .name = N_("Own log"),
    .keymap = &keys,
    .open = own_log_open,
    .close = own_log_close,
    .load = own_log_load,
    .draw = own_log_draw,
    .act = own_log_act,
    .can = own_log_can,
};
