/* SPDX-License-Identifier: EUPL-1.2
 *
 * The lock (UX 13): covers everything, keeps the answers for 30 minutes, and
 * opens with the passphrase of the session.
 */
#include "config.h"

#include "base/clock.h"
#include "base/i18n.h"
#include "base/mem.h"
#include "screens/session.h"
#include "tui/form.h"

#include <stdio.h>
#include <stdlib.h>

struct lock {
    struct field field;
    struct form form;
};

static void *
lock_open(struct app *app, void *arg)
{
    (void)app, (void)arg;
    struct lock *l = mem_alloc(sizeof *l);
    l->field.kind = FIELD_SECRET;
    form_init(&l->form, &l->field, 1);
    return l;
}

static void
lock_close(struct app *app, void *self)
{
    (void)app;
    form_done(&((struct lock *)self)->form);
    free(self);
}

static void
lock_head(struct app *app, void *self, struct head *h)
{
    (void)self;
    const struct session_own *own = session_own(app);
    char at[6], until[6];
    clock_hhmm(own->locked_ms, at);
    clock_hhmm(own->locked_ms + SESSION_KEEP_MIN * 60000, until);
    h->kind = MSG_OBS;
    if (own->unlocking)
        snprintf(h->message, sizeof h->message, "%s",
                 _("The passphrase is being checked."));
    else if (own->wrong > 0)
        session_wrong_text(app, h->message, sizeof h->message);
    else if (own->dropped)
        snprintf(h->message, sizeof h->message,
                 _("The session was locked %s. The answers have been dropped; "
                   "the log stays."),
                 at);
    else
        snprintf(h->message, sizeof h->message,
                 _("The session was locked %s. Your work is kept until %s."),
                 at, until);
}

static void
lock_draw(struct app *app, void *self, const struct pane *body)
{
    struct lock *l = self;
    const struct client_me *me = client_me(session_of(app)->client);
    char at[6];
    int row = 0, width = body->cols - 2;
    clock_hhmm(session_own(app)->locked_ms, at);
    AUTO_BUF(b, 512);
    buf_addf(&b,
             _("Locked %s. The picture is hidden. A question about the case "
               "goes on in the background."),
             at);
    row += pane_wrap(body, row, 1, width, body->rows, ROLE_TEXT, buf_str(&b));
    row++;
    int col = pane_putf(body, row, 1, ROLE_TEXT, _("Account %s"), me->konto);
    if (app_linear(app)) {
        row++;
        col = -1;
    }
    col = pane_put(body, row, col + 2, ROLE_TEXT, _("Passphrase")) + 1;
    form_draw(&l->form, 0, body, row, col, 20);
    row += 2;
    if (session_knows_passphrase(app))
        row += pane_wrap(body, row, 1, width, body->rows, ROLE_TEXT,
                         _("Training: the passphrase lies in a file. Enter "
                           "opens."));
    pane_wrap(body, row, 1, width, body->rows, ROLE_TEXT,
              _("Another person? F3 ends the session."));
}

static void
lock_opened(struct app *app, enum err_code code)
{
    struct session_own *own = session_own(app);
    if (!code) {
        own->locked_ms = 0;
        app_uncover(app);
        app_reload(app);
    }
    app_redraw(app);
}

static enum act_result
lock_act(struct app *app, void *self, const struct act *act)
{
    struct lock *l = self;
    if (act->action == ACTION_LEAVE) {
        app_quit(app, 0);
        return ACT_HANDLED;
    }
    if (act->key.code == K_ENTER) {
        session_unlock(app, form_text(&l->form, 0), lock_opened);
        form_wipe(&l->form, 0);
        return ACT_REDRAW;
    }
    if (act->action == ACTION_REDRAW)
        return ACT_IGNORED;
    return form_act(app, &l->form, act) == FORM_IGNORED ? ACT_HANDLED
                                                        : ACT_REDRAW;
}

static bool
lock_typing(struct app *app, void *self)
{
    (void)app, (void)self;
    return true;
}

/* When the time is up the answers go, and with them the screens that show
 * them. */
static bool
lock_tick(struct app *app, void *self)
{
    (void)self;
    struct session_own *own = session_own(app);
    int64_t end = own->locked_ms + SESSION_KEEP_MIN * 60000LL;
    if (own->dropped || clock_now_ms() < end)
        return false;
    own->dropped = true;
    app_home(app);
    gathered_drop(session_of(app)->gathered);
    return true;
}

static const struct keymap_row rows[] = {
    {ACTION_ENTER, N_("Unlock")},
    {ACTION_LEAVE, N_("End the session")},
};
static const struct keymap keys = KEYMAP(rows);

const struct screen_ops lock_screen = {
    .name = N_("Locked"),
    .keymap = &keys,
    .open = lock_open,
    .close = lock_close,
    .head = lock_head,
    .draw = lock_draw,
    .act = lock_act,
    .tick = lock_tick,
    .typing = lock_typing,
};
