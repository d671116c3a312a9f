/* SPDX-License-Identifier: EUPL-1.2
 *
 * Start before the session is open: enfragad is being reached, could not be
 * reached, or the passphrase is asked for (UX 5). And the end, which is asked
 * about when an answer would be lost.
 */
#include "config.h"

#include "screens/start.h"

#include "base/i18n.h"
#include "tui/dialog.h"

#include <stdio.h>

void
start_gate_init(struct start *s)
{
    s->gate_fields[GATE_PASSPHRASE].kind = FIELD_SECRET;
    s->gate_fields[GATE_PASSPHRASE].keep = true;
    s->gate_fields[GATE_SUPPORT].kind = FIELD_BUTTON;
    s->gate_fields[GATE_SUPPORT].label = _("Support and contact");
    form_init(&s->gate, s->gate_fields, GATE_FIELDS);
}

static void
gate_opened(struct app *app, enum err_code code)
{
    char text[160];
    if (!code) {
        app_message(app, MSG_NONE, NULL, NULL);
        app_reload(app);
        return;
    }
    if (code == ERR_PASSPHRASE) {
        session_wrong_text(app, text, sizeof text);
        app_message(app, MSG_OBS, text,
                    _("No answer is shown. Forgotten passphrase: a new key, "
                      "which your chef attests."));
    } else {
        app_error(app, code, &session_own(app)->err);
    }
}

enum act_result
start_gate_act(struct app *app, struct start *s, const struct act *act)
{
    enum form_result r = form_act(app, &s->gate, act);
    switch (r) {
    case FORM_ENTER:
        session_unlock(app, form_text(&s->gate, GATE_PASSPHRASE), gate_opened);
        form_wipe(&s->gate, GATE_PASSPHRASE);
        app_message(app, MSG_OBS, _("The passphrase is being checked."), NULL);
        return ACT_REDRAW;
    case FORM_BUTTON:
        app_push(app, &support_screen, NULL);
        return ACT_HANDLED;
    default:
        return r == FORM_IGNORED ? ACT_IGNORED : ACT_REDRAW;
    }
}

void
start_gate_draw(struct app *app, const struct start *s, const struct pane *p)
{
    const struct client_me *me = client_me(session_of(app)->client);
    char when[40];
    int row = 0;
    session_when(me->last_asked_ms, when, sizeof when);
    if (me->last_asked_ms)
        pane_putf(p, row, 1, ROLE_TEXT,
                  _("Last asked in your name %s, %d today"), when,
                  me->asked_today);
    else
        pane_put(p, row, 1, ROLE_TEXT,
                 _("Nothing has been asked in your name."));
    row += 2;
    int col = pane_put(p, row, 1, ROLE_TEXT, _("Passphrase")) + 2;
    int end = form_draw(&s->gate, GATE_PASSPHRASE, p, row, col, 20);
    if (!app_narrow(app))
        pane_put(p, row, end + 3, ROLE_TEXT,
                 _("opens the session and your signing key"));
    row++;
    AUTO_BUF(b, 512);
    client_key_text(me, &b);
    if (me->forsakran_till[0])
        buf_addf(&b, _("    Försäkran until %s"), me->forsakran_till);
    row += pane_wrap(p, row, 1, p->cols - 2, 4, ROLE_TEXT, buf_str(&b));
    if (session_knows_passphrase(app)) {
        row++;
        row += pane_wrap(p, row, 1, p->cols - 2, 4, ROLE_TEXT,
                         _("Do this: press Enter. In training the passphrase "
                           "lies in a file; nothing needs to be written."));
    }
    form_draw(&s->gate, GATE_SUPPORT, p, row + 1, 1, 0);
}

void
start_before_draw(struct app *app, const struct pane *p)
{
    const struct session_own *own = session_own(app);
    int width = p->cols - 2, row = 0;
    if (own->state == SESSION_FAILED) {
        row += pane_wrap(p, row, 1, width, 8, ROLE_TEXT, own->err.text) + 1;
        pane_wrap(p, row, 1, width, 4, ROLE_TEXT,
                  _("Nothing has been asked and nothing is lost. F5 tries "
                    "again; F3 ends."));
        return;
    }
    row += pane_wrap(p, row, 1, width, 4, ROLE_TEXT, _("enfraga is opening."));
    if (app_identity(app)->mode != APP_SKARP &&
        client_is_training(&own->args->client))
        pane_wrap(p, row, 1, width, 4, ROLE_TEXT,
                  _("Training is made ready: a directory and keys of its own, "
                    "invented persons, no network. The first time takes a "
                    "few seconds."));
}

static void
end_answered(struct app *app, void *arg, int button, const char *reason)
{
    (void)arg, (void)reason;
    if (button == 1)
        app_quit(app, 0);
}

/* Ending drops what is in memory: asked about only when there is something. */
void
start_end(struct app *app, const struct start *s)
{
    const struct gathered_set *set = session_of(app)->gathered;
    bool kept = false;
    for (int i = 0;
         i < s->list.count && session_own(app)->state == SESSION_OPEN; i++) {
        enum gathered_state g =
            gathered_state(set, start_case(app, s, i)->arende);
        kept = kept || g == GATHERED_ASKING || g == GATHERED_READY;
    }
    const struct dialog d = {
        .question = _("An answer that you have not looked at is lost when you "
                      "end. End the session?"),
        .consequence = _("The log keeps that the question was asked; the "
                         "answer is not kept."),
        .buttons = {_("No, stay"), _("End")},
    };
    if (kept)
        dialog_open(app, &d, end_answered, NULL);
    else
        app_quit(app, 0);
}
