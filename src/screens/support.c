/* SPDX-License-Identifier: EUPL-1.2
 *
 * Stöd och kontakt and Status (UX 10 and 13). Whom to ask about what stands
 * in data/kallor.ini and data/stod.ini, which the municipality edits; never
 * personal data.
 */
#include "config.h"

#include "base/clock.h"
#include "base/config.h"
#include "base/i18n.h"
#include "base/mem.h"
#include "base/text.h"
#include "screens/parts.h"
#include "screens/session.h"
#include "screens/sourcetext.h"
#include "tui/dialog.h"
#include "tui/list.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* ---- support ---- */

enum { CONTACTS = 12 };

struct contact { /* a row that is not a source: stod.ini */
    char *what, *where, *help;
};

struct support {
    struct contact contacts[CONTACTS];
    int n;
    char checked[11]; /* when the municipality last went through it */
    struct list list; /* sources first, then contacts */
};

static bool
take_row(void *arg, const char *section, const char *name, const char *value,
         int line, struct err *e)
{
    struct support *s = arg;
    (void)line, (void)e;
    if (!strcmp(section, "stod") && !strcmp(name, "kontrollerad")) {
        snprintf(s->checked, sizeof s->checked, "%s", value);
        return true;
    }
    if (!strcmp(name, "vad") && s->n < CONTACTS)
        s->contacts[s->n++].what = mem_strdup(value);
    if (s->n == 0)
        return true;
    struct contact *c = &s->contacts[s->n - 1];
    char **to = !strcmp(name, "vart")    ? &c->where
                : !strcmp(name, "hjalp") ? &c->help
                                         : NULL;
    if (to) {
        mem_free_str(to);
        *to = mem_strdup(value);
    }
    return true;
}

static int
source_rows(void)
{
    return SOURCE_COUNT;
}

static void *
support_open(struct app *app, void *arg)
{
    char path[600];
    struct err e;
    (void)app, (void)arg;
    struct support *s = mem_alloc(sizeof *s);
    sourcetext_path("stod.ini", path, sizeof path);
    config_walk(path, take_row, s, &e);
    list_init(&s->list, false);
    list_set_count(&s->list, source_rows() + s->n);
    return s;
}

static void
support_close(struct app *app, void *self)
{
    (void)app;
    struct support *s = self;
    for (int i = 0; i < s->n; i++) {
        mem_free_str(&s->contacts[i].what);
        mem_free_str(&s->contacts[i].where);
        mem_free_str(&s->contacts[i].help);
    }
    list_done(&s->list);
    free(s);
}

static void
support_row(void *arg, int index, const struct pane *p)
{
    const struct support *s = arg;
    int width = p->cols > 60 ? 40 : p->cols / 2;
    const char *what, *where;
    if (index < source_rows()) {
        what = source_row((enum source_id)index)->authority;
        where = sourcetext_phone((enum source_id)index);
    } else {
        what = s->contacts[index - source_rows()].what;
        where = s->contacts[index - source_rows()].where;
    }
    pane_put_cut(p, 0, 0, width - 1, ROLE_TEXT, what);
    pane_put_cut(p, 0, width, p->cols - width - 1, ROLE_TEXT,
                 where ? where : "");
}

static void
support_draw(struct app *app, void *self, const struct pane *body)
{
    struct support *s = self;
    char place[40], right[80];
    list_place(&s->list, place, sizeof place);
    if (s->checked[0] && !app_narrow(app))
        snprintf(right, sizeof right, _("checked %s     %s"), s->checked,
                 place);
    else
        snprintf(right, sizeof right, "%s", place);
    pane_heading(body, 0, _("Who answers what"), right);
    int row = 1;
    row += pane_wrap(body, row, 1, body->cols - 2, 2, ROLE_TEXT,
                     _("About the content of an answer: the authority. "
                       "Faults: the last rows."));
    int below = app_narrow(app) ? 4 : 3;
    struct pane rows = pane_sub(body, row, 0, body->rows - row - below, -1);
    list_draw(app, &s->list, &rows, true, support_row, s);
    pane_wrap(body, body->rows - below + 1, 1, body->cols - 2, below, ROLE_TEXT,
              _("Enter says how a wrong piece of data is corrected. Read out "
                "the question's id and time. Never say a personnummer on the "
                "telephone."));
}

static void
open_contact(struct app *app, struct support *s)
{
    int i = s->list.cursor;
    AUTO_BUF(b, 4096);
    if (i < source_rows()) {
        enum source_id id = (enum source_id)i;
        buf_addf(&b, "%s\n\n", sourcetext_phone(id));
        sourcetext_correct(id, &b);
        page_open(app, source_row(id)->authority, buf_str(&b));
        return;
    }
    const struct contact *c = &s->contacts[i - source_rows()];
    buf_addf(&b, "%s\n\n%s", c->where ? c->where : "", c->help ? c->help : "");
    page_open(app, c->what, buf_str(&b));
}

static enum act_result
support_act(struct app *app, void *self, const struct act *act)
{
    struct support *s = self;
    if (act->action == ACTION_ENTER) {
        open_contact(app, s);
        return ACT_HANDLED;
    }
    return list_act(app, &s->list, act);
}

static const struct keymap_row support_rows[] = {
    {ACTION_ENTER, N_("More")},
    {ACTION_HELP, NULL},
    {ACTION_BACK, NULL},
};
static const struct keymap support_keys = KEYMAP(support_rows);

const struct screen_ops support_screen = {
    .name = N_("Support and contact"),
    .keymap = &support_keys,
    .open = support_open,
    .close = support_close,
    .draw = support_draw,
    .act = support_act,
};

/* ---- status ---- */

static void *
status_open(struct app *app, void *arg)
{
    (void)arg;
    return app;
}

static void
refreshed(void *arg, enum err_code code, const struct err *e)
{
    struct app *app = arg;
    if (code)
        app_error(app, code, e);
    else
        session_known(app);
    app_redraw(app);
}

/* What is shown is how it is now, not how it was at the start. */
static void
status_load(struct app *app, void *self)
{
    enum session_state state = session_own(app)->state;
    (void)self;
    if (state == SESSION_OPEN || state == SESSION_SHUT)
        client_refresh(session_of(app)->client, refreshed, app);
}

static void
probed(void *arg, enum err_code code, const struct err *e)
{
    struct app *app = arg;
    if (code)
        app_error(app, code, e);
    else
        app_message(app, MSG_KLART, _("The service has been tested."), NULL);
}

static int
line(const struct pane *p, int row, const char *label, const char *text)
{
    int col = p->cols < 60 ? 3 : 18, width = p->cols - col - 1;
    pane_put(p, row, 1, ROLE_TEXT, label);
    if (p->cols < 60)
        row++;
    return row + pane_wrap(p, row, col, width, 4, ROLE_TEXT, text);
}

static int
draw_service(struct app *app, const struct pane *p, int row)
{
    const struct client_status *s = client_status(session_of(app)->client);
    char at[40];
    AUTO_BUF(b, 1024);
    session_when(s->probed_ms, at, sizeof at);
    if (s->lost)
        buf_adds(&b, _("not known"));
    else if (s->probed_ms)
        buf_addf(&b, _("tested %s"), at);
    else
        buf_adds(&b, _("not tested; F5 tests it"));
    for (int i = 0; i < SOURCE_COUNT && s->probed_ms && !s->lost; i++)
        if (SOURCE_ASKABLE & SOURCE_BIT(i))
            buf_addf(&b, "\n%s %s", source_row((enum source_id)i)->authority,
                     session_available(s->available[i]));
    int col = p->cols < 60 ? 3 : 18;
    pane_put(p, row, 1, ROLE_TEXT, _("Service"));
    row += p->cols < 60;
    return row + pane_wrap(p, row, col, p->cols - col - 1, 12, ROLE_TEXT,
                           buf_str(&b));
}

static void
certificate(const struct client_status *s, struct buf *b)
{
    char day[11];
    if (s->lost) {
        buf_adds(b, _("not known"));
        return;
    }
    if (s->cert_days < 0) {
        buf_adds(b, _("none needed"));
        return;
    }
    date_text(date_add(date_today(), s->cert_days), day);
    buf_addf(b, _("until %s (%d days)"), day, s->cert_days);
}

static void
status_draw(struct app *app, void *self, const struct pane *body)
{
    const struct client_status *s = client_status(session_of(app)->client);
    const struct client_me *me = client_me(session_of(app)->client);
    char number[32];
    int row = 0;
    (void)self;
    AUTO_BUF(up, 256);
    AUTO_BUF(cert, 128);
    AUTO_BUF(log, 512);
    AUTO_BUF(term, 256);
    AUTO_BUF(key, 512);
    buf_addf(&up, "%s %s, %s", s->upstream, kontrakt_word(s->kontrakt),
             s->kommun);
    certificate(s, &cert);
    parts_number(s->log_size, number);
    if (s->lost)
        buf_adds(&log, _("not known: enfragad does not answer"));
    else
        buf_addf(&log, _("%s entries, %s"), number,
                 s->log_ok ? _("whole") : s->log_text);
    client_key_text(me, &key);
    buf_addf(&key, _(". Försäkran until %s"),
             me->forsakran_till[0] ? me->forsakran_till : "-");
    if (app_term(app))
        term_describe(app_term(app), &term);
    pane_heading(body, row++, _("Status"), s->version);
    row = line(body, row, _("Upstream"), buf_str(&up));
    row = line(body, row, _("Certificate"), buf_str(&cert));
    row = line(body, row, _("Log"), buf_str(&log));
    row = line(body, row, _("Keys"), buf_str(&key));
    row = line(body, row, _("Terminal"), buf_str(&term));
    draw_service(app, body, row + 1);
    pane_cursor(body, 0, 1);
}

static enum act_result
status_act(struct app *app, void *self, const struct act *act)
{
    (void)self;
    if (act->action == ACTION_ASK) {
        client_probe(session_of(app)->client, probed, app);
        app_message(app, MSG_OBS,
                    _("The service is being tested. No personal data is "
                      "sent."),
                    NULL);
        return ACT_REDRAW;
    }
    if (act->action == ACTION_STATUS || act->key.code == K_ENTER)
        return ACT_CLOSE;
    return ACT_IGNORED;
}

static bool
status_can(struct app *app, void *self, enum action a)
{
    (void)self;
    return a != ACTION_ASK || session_own(app)->state == SESSION_OPEN;
}

static const struct keymap_row status_rows[] = {
    {ACTION_ASK, N_("Test the service")},
    {ACTION_HELP, NULL},
    {ACTION_BACK, NULL},
};
static const struct keymap status_keys = KEYMAP(status_rows);

const struct screen_ops status_screen = {
    .name = N_("Status"),
    .keymap = &status_keys,
    .open = status_open,
    .load = status_load,
    .draw = status_draw,
    .act = status_act,
    .can = status_can,
};
