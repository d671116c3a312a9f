/* SPDX-License-Identifier: EUPL-1.2
 *
 * Försäkran (UX 4): four undertakings, each ticked by itself, place, name, and
 * the passphrase at that moment. An installed official text that is longer
 * than its room scrolls, and signing opens when its last row has been shown.
 */
#include "config.h"

#include "base/i18n.h"
#include "base/mem.h"
#include "base/text.h"
#include "forsakran/forsakran.h"
#include "screens/session.h"
#include "screens/sourcetext.h"
#include "tui/dialog.h"
#include "tui/form.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { TICK, ORT = 4, NAMN, PASSPHRASE, SIGN, FIELDS };

struct undertaking {
    struct wording wording;
    bool has_wording;
    struct err err; /* why not */
    struct field fields[FIELDS];
    struct form form;
    int top, rows, shown; /* of the undertakings: first row, all, in view */
    bool seen;            /* the last row has been shown */
    bool signing;
};

static const char *const names[4] = {"1 Behov", "2 Intrång", "3 Tystnad",
                                     "4 Loggning"};

static int
unticked(const struct undertaking *u)
{
    int n = 0;
    for (int i = 0; i < 4; i++)
        n += !form_on(&u->form, TICK + i);
    return n;
}

/* ---- life ---- */

static void *
undertaking_open(struct app *app, void *arg)
{
    struct client *c = session_of(app)->client;
    const struct client_me *me = client_me(c);
    struct undertaking *u = mem_alloc(sizeof *u);
    char dir[512];
    (void)arg;
    sourcetext_path("", dir, sizeof dir);
    u->has_wording =
        wording_load(&u->wording, dir, mode_word(client_status(c)->mode),
                     &u->err) == ERR_OK;
    for (int i = 0; i < 4; i++)
        u->fields[TICK + i] =
            (struct field){.kind = FIELD_TICK, .label = names[i]};
    u->fields[ORT] = (struct field){.kind = FIELD_TEXT,
                                    .max = 60,
                                    .keep = true,
                                    .help = _("The place where you sign.")};
    u->fields[NAMN] = (struct field){.kind = FIELD_TEXT,
                                     .max = 90,
                                     .keep = true,
                                     .help = _("Your name, written out.")};
    u->fields[PASSPHRASE] = (struct field){
        .kind = FIELD_SECRET,
        .keep = true,
        .help = _("Your passphrase signs at this moment. It is not kept.")};
    u->fields[SIGN] = (struct field){.kind = FIELD_BUTTON, .label = _("Sign")};
    form_init(&u->form, u->fields, FIELDS);
    form_set_text(&u->form, ORT, me->ort);
    form_set_text(&u->form, NAMN, me->namn);
    return u;
}

static void
undertaking_close(struct app *app, void *self)
{
    (void)app;
    struct undertaking *u = self;
    form_done(&u->form);
    if (u->has_wording)
        wording_done(&u->wording);
    free(u);
}

/* ---- signing ---- */

static void
signed_now(void *arg, enum err_code code, const struct err *e)
{
    struct app *app = arg;
    struct undertaking *u = app_find(app, &forsakran_screen);
    const struct client_me *me = client_me(session_of(app)->client);
    char text[160];
    if (u)
        u->signing = false;
    if (code) {
        app_error(app, code, e);
        return;
    }
    session_own(app)->state = SESSION_OPEN;
    session_known(app);
    if (u && app_top(app) == &forsakran_screen)
        app_pop(app);
    snprintf(text, sizeof text,
             _("The försäkran is signed. It holds until %s."),
             me->forsakran_till);
    app_message(app, MSG_KLART, text,
                _("It is an entry in the log, with the text's version and "
                  "every field. You can withdraw it at any time: 3, then R."));
}

static enum act_result
sign(struct app *app, struct undertaking *u)
{
    bool ticks[4];
    const char *p = form_text(&u->form, PASSPHRASE);
    bool file = !*p && session_knows_passphrase(app);
    if (u->signing || !u->has_wording)
        return ACT_HANDLED;
    for (int i = 0; i < 4; i++)
        ticks[i] = form_on(&u->form, TICK + i);
    if (unticked(u)) { /* row 23 says which is missing */
        for (int i = 3; i >= 0; i--)
            if (!ticks[i])
                form_focus(&u->form, TICK + i);
        return ACT_REDRAW;
    }
    if (!u->seen) {
        app_message(app, MSG_OBS,
                    _("Read the text to its last row first: PgDn."), NULL);
        return ACT_REDRAW;
    }
    if (!*p && !file) {
        form_focus(&u->form, PASSPHRASE);
        app_message(app, MSG_OBS, _("Write your passphrase to sign."), NULL);
        return ACT_REDRAW;
    }
    u->signing = true;
    client_sign_forsakran(session_of(app)->client, ticks,
                          form_text(&u->form, ORT), form_text(&u->form, NAMN),
                          file ? NULL : p, signed_now, app);
    form_wipe(&u->form, PASSPHRASE);
    app_message(app, MSG_OBS, _("The försäkran is being signed."), NULL);
    return ACT_REDRAW;
}

/* ---- withdrawing ---- */

static void
withdrawn(void *arg, enum err_code code, const struct err *e)
{
    struct app *app = arg;
    if (code) {
        app_error(app, code, e);
        return;
    }
    session_known(app);
    app_message(app, MSG_KLART,
                _("The försäkran is withdrawn. Nothing can be asked until you "
                  "sign again."),
                NULL);
}

static void
withdraw(struct app *app, void *arg, int button, const char *reason)
{
    (void)arg, (void)reason;
    if (button == 1)
        client_withdraw_forsakran(session_of(app)->client, withdrawn, app);
}

static void
ask_withdraw(struct app *app)
{
    const struct dialog d = {
        .question = _("Withdraw your försäkran? It takes effect at once, in "
                      "running sessions too."),
        .consequence = _("You cannot ask before you have signed again. What "
                         "has been logged stays."),
        .buttons = {_("No, keep it"), _("Withdraw")},
    };
    dialog_open(app, &d, withdraw, NULL);
}

/* ---- drawing ---- */

/* The undertakings into p from row -top on; the rows they take. */
static int
draw_points(struct app *app, struct undertaking *u, const struct pane *p,
            bool count)
{
    int indent = app_linear(app) ? 5 : 19, row = 0;
    int width = p->cols - indent - 1;
    for (int i = 0; i < 4; i++) {
        int at = row - u->top, used;
        bool beside = !app_linear(app);
        if (!count && at >= 0 && at < p->rows) {
            if (u->form.focus == TICK + i)
                pane_put(p, at, 1, ROLE_TEXT, ">");
            form_draw(&u->form, TICK + i, p, at, 3, 0);
        }
        row += !beside;
        at += !beside;
        used = pane_wrap_rows(u->wording.points[i], width);
        if (!count)
            pane_wrap(p, at, indent, width, 500, ROLE_TEXT,
                      u->wording.points[i]);
        row += used;
    }
    return row;
}

/* Keeps the active tick in view. */
static void
follow(struct app *app, struct undertaking *u, const struct pane *p)
{
    int indent = app_linear(app) ? 5 : 19, row = 0;
    for (int i = 0; i < 4; i++) {
        int used = pane_wrap_rows(u->wording.points[i], p->cols - indent - 1) +
                   app_linear(app);
        if (u->form.focus == TICK + i) {
            if (row < u->top)
                u->top = row;
            if (row + used > u->top + p->rows && used <= p->rows)
                u->top = row + used - p->rows;
            else if (row >= u->top + p->rows)
                u->top = row;
        }
        row += used;
    }
}

static int
draw_words(const struct undertaking *u, const struct pane *p, int row)
{
    int i = u->form.focus;
    AUTO_BUF(b, 2048);
    if (i > 3)
        return 0;
    buf_addf(&b, _("In other words: %s  (help, is not signed)"),
             u->wording.words[i]);
    return pane_wrap(p, row, 1, p->cols - 2, 3, ROLE_TEXT, buf_str(&b));
}

static void
draw_fields(struct app *app, struct undertaking *u, const struct pane *p)
{
    const struct client_me *me = client_me(session_of(app)->client);
    char today[11], till[11];
    struct date from = date_today();
    date_text(from, today);
    date_text(forsakran_till(from), till);
    bool narrow = app_narrow(app);
    int width = narrow ? (p->cols > 40 ? p->cols - 22 : p->cols - 14) : 20;
    int col = pane_put(p, 0, 1, ROLE_TEXT, _("Place")) + 2;
    col = form_draw(&u->form, ORT, p, 0, narrow ? 13 : col, width);
    if (!narrow)
        pane_putf(p, 0, col + 2, ROLE_TEXT, _("Date  %s   Holds until  %s"),
                  today, till);
    col = pane_put(p, 1, 1, ROLE_TEXT,
                   narrow ? _("Name") : _("Name written out")) +
          2;
    col =
        form_draw(&u->form, NAMN, p, 1, narrow ? 13 : col, narrow ? width : 22);
    if (!narrow)
        pane_putf(p, 1, col + 2, ROLE_TEXT, _("Municipality  %s"), me->kommun);
    col = pane_put(p, 2, 1, ROLE_TEXT,
                   narrow ? _("Passphrase")
                          : _("Signature (passphrase or PIN)")) +
          2;
    col = form_draw(&u->form, PASSPHRASE, p, 2, narrow ? 13 : col,
                    narrow ? width : 20);
    form_draw(&u->form, SIGN, p, narrow ? 3 : 2, narrow ? 13 : col + 3, 0);
}

static void
undertaking_draw(struct app *app, void *self, const struct pane *body)
{
    struct undertaking *u = self;
    int row = 0, width = body->cols - 2, fields = app_narrow(app) ? 4 : 3;
    if (!u->has_wording) {
        pane_wrap(body, 0, 1, width, 8, ROLE_TEXT, u->err.text);
        return;
    }
    AUTO_BUF(b, 512);
    buf_addf(&b,
             _("I, %s, declare that I know the limits that hold for the "
               "service and follow the points here. Tick each point by "
               "itself."),
             form_text(&u->form, NAMN));
    row += pane_wrap(body, row, 1, width, 3, ROLE_TEXT, buf_str(&b));
    row += body->rows > 14;
    int words = body->rows > 16 ? 2 : 0;
    int room = body->rows - row - words - fields - 1;
    struct pane points = pane_sub(body, row, 0, room, -1);
    u->rows = draw_points(app, u, &points, true);
    int shown = u->rows < room ? u->rows : room;
    points = pane_sub(body, row, 0, shown, -1);
    u->shown = shown;
    follow(app, u, &points);
    if (u->top > u->rows - shown)
        u->top = u->rows - shown;
    if (u->top < 0)
        u->top = 0;
    draw_points(app, u, &points, false);
    u->seen = u->seen || u->top + shown >= u->rows;
    row += shown;
    if (words)
        draw_words(u, body, row);
    struct pane rest = pane_sub(body, body->rows - fields, 0, -1, -1);
    draw_fields(app, u, &rest);
}

static void
undertaking_head(struct app *app, void *self, struct head *h)
{
    static const char *const left[] = {
        "", N_("One point is not ticked. You can sign when all four are."),
        N_("Two points are not ticked. You can sign when all four are."),
        N_("Three points are not ticked. You can sign when all four are."),
        N_("Tick the four points with Space and Down, then sign.")};
    const struct undertaking *u = self;
    int n = unticked(u);
    h->kind = MSG_OBS;
    if (!u->has_wording) {
        h->kind = MSG_FEL;
        snprintf(h->message, sizeof h->message, "%s",
                 _("The wording of the försäkran is not installed."));
    } else if (n == 4 && session_signed(app)) {
        h->kind = MSG_KLART;
        snprintf(h->message, sizeof h->message,
                 _("Signed, and it holds until %s. F12 goes back."),
                 client_me(session_of(app)->client)->forsakran_till);
    } else if (n) {
        snprintf(h->message, sizeof h->message, "%s", _(left[n]));
    } else if (session_knows_passphrase(app)) {
        snprintf(h->message, sizeof h->message, "%s",
                 _("Leave the passphrase empty in training. F5 signs."));
    } else {
        snprintf(h->message, sizeof h->message, "%s",
                 _("Write your passphrase. F5 or the button signs."));
    }
}

/* ---- keys ---- */

static enum act_result
scroll(struct undertaking *u, int by)
{
    u->top += by;
    if (by > 0 && u->form.focus < 3)
        form_focus(&u->form, u->form.focus + 1);
    else if (by < 0 && u->form.focus > 0 && u->form.focus < 4)
        form_focus(&u->form, u->form.focus - 1);
    return ACT_REDRAW;
}

static enum act_result
undertaking_act(struct app *app, void *self, const struct act *act)
{
    struct undertaking *u = self;
    int code = act->key.code;
    switch (act->action) {
    case ACTION_ASK:
        return sign(app, u);
    case ACTION_REVOKE:
        ask_withdraw(app);
        return ACT_HANDLED;
    case ACTION_BACK:
    case ACTION_LEAVE:
        if (session_signed(app) && act->action == ACTION_BACK)
            return ACT_CLOSE;
        if (!session_signed(app))
            app_quit(app, 0);
        return session_signed(app) ? ACT_IGNORED : ACT_HANDLED;
    default:
        break;
    }
    if (act->action == ACTION_PAGE_DOWN || code == K_PGDN || code == K_F(8))
        return scroll(u, u->shown - 1);
    if (code == K_PGUP || code == K_F(7))
        return scroll(u, 1 - u->shown);
    switch (form_act(app, &u->form, act)) {
    case FORM_BUTTON:
        return sign(app, u);
    case FORM_ENTER:
        if (u->form.focus == PASSPHRASE)
            return sign(app, u);
        form_focus(&u->form, u->form.focus + 1);
        return ACT_REDRAW;
    case FORM_IGNORED:
        return ACT_IGNORED;
    default:
        return ACT_REDRAW;
    }
}

static bool
undertaking_can(struct app *app, void *self, enum action a)
{
    const struct undertaking *u = self;
    if (a == ACTION_REVOKE)
        return session_signed(app) && session_own(app)->state == SESSION_OPEN;
    if (a == ACTION_TICK)
        return u->form.focus < 4;
    if (a == ACTION_ASK)
        return u->has_wording && !unticked(u);
    if (a == ACTION_PAGE_DOWN)
        return u->rows > u->shown;
    if (a == ACTION_LOCK || a == ACTION_STATUS)
        return session_own(app)->state == SESSION_OPEN;
    return true;
}

static bool
undertaking_typing(struct app *app, void *self)
{
    (void)app;
    return form_typing(&((struct undertaking *)self)->form);
}

static const char *
undertaking_help(struct app *app, void *self)
{
    const struct undertaking *u = self;
    (void)app;
    if (u->has_wording && u->form.focus < 4)
        return u->wording.words[u->form.focus];
    return form_help(&u->form);
}

static const struct keymap_row rows[] = {
    {ACTION_TICK, NULL},
    {ACTION_ASK, N_("Sign")},
    {ACTION_PANE, NULL},
    {ACTION_BACK, N_("End")},
    {ACTION_HELP, N_("In other words")},
    {ACTION_PAGE_DOWN, NULL},
    {ACTION_REVOKE, NULL},
};
static const struct keymap keys = KEYMAP(rows);

const struct screen_ops forsakran_screen = {
    .name = N_("Försäkran"),
    .keymap = &keys,
    .open = undertaking_open,
    .close = undertaking_close,
    .head = undertaking_head,
    .draw = undertaking_draw,
    .act = undertaking_act,
    .can = undertaking_can,
    .typing = undertaking_typing,
    .help = undertaking_help,
};
