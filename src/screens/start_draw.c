/* SPDX-License-Identifier: EUPL-1.2 */
#include "config.h"

#include "screens/start.h"

#include "base/clock.h"
#include "base/i18n.h"
#include "base/text.h"

#include <stdio.h>
#include <string.h>

/* ---- a row ---- */

void
start_todo(struct app *app, const struct client_case *k, char *out, int size)
{
    size_t n = (size_t)size;
    const struct gathered_set *set = session_of(app)->gathered;
    const struct gathered *g = gathered_find(set, k->arende);
    switch (gathered_state(set, k->arende)) {
    case GATHERED_ASKING:
        snprintf(out, n, "%s", _("asking"));
        return;
    case GATHERED_READY:
        snprintf(out, n, "%s", _("answer ready"));
        return;
    default:
        break;
    }
    if (g && g->watched) {
        char codes[64];
        source_set_text(g->watched, ' ', codes);
        snprintf(out, n, _("watched: %s"), codes);
    } else if (k->open_checks > 0) {
        snprintf(out, n, _("%d checks"), k->open_checks);
    } else {
        snprintf(out, n, "%s", k->asked_ms ? "-" : _("to ask"));
    }
}

static void
state_text(const struct client_case *k, char *out, size_t n)
{
    int missing = 0;
    for (const char *s = k->states; *s; s++)
        missing += *s != '+' && *s != '0' && *s != '.' && *s != ' ';
    if (!k->asked_ms)
        snprintf(out, n, ".");
    else if (!k->states[0])
        snprintf(out, n, "%s", _("unknown"));
    else if (!missing)
        snprintf(out, n, "%s", _("whole"));
    else
        snprintf(out, n, _("%d missing"), missing);
}

/* A name only for what has been opened, and never beside an answer that waits
 * unseen: who sits behind the shoulder must learn nothing (UX 5). */
static const char *
name_text(struct app *app, const struct client_case *k)
{
    bool ready =
        gathered_state(session_of(app)->gathered, k->arende) == GATHERED_READY;
    return k->opened && k->namn[0] && !ready ? k->namn
                                             : _("(open for the name)");
}

struct columns {
    struct app *app;
    const struct start *start;
    int name, house, asked, state, todo; /* columns; 0: not shown */
    int name_width;
};

/* UX 13: what is marked last goes first when it gets narrow. The list's row
 * begins in column 3. */
static struct columns
columns(struct app *app, const struct start *s, int cols)
{
    struct columns c = {.app = app, .start = s, .name = 15};
    if (app_linear(app)) {
        c.name = 0;
        c.todo = 15;
    } else if (app_narrow(app)) {
        c.todo = cols - 3 - 12;
        c.state = c.todo - 10;
    } else {
        c.todo = cols - 3 - 11;
        c.state = c.todo - 10;
        c.asked = c.state - 7;
        c.house = c.asked - 7;
    }
    int end = c.house ? c.house : c.state ? c.state : c.todo;
    c.name_width = end - c.name - 2;
    return c;
}

static void
put(const struct pane *p, int col, int end, const char *s)
{
    if (col > 0)
        pane_put_cut(p, 0, col, (end ? end : p->cols) - col - 1, ROLE_TEXT, s);
}

static void
draw_row(void *arg, int index, const struct pane *p)
{
    const struct columns *c = arg;
    const struct client_case *k = start_case(c->app, c->start, index);
    char text[64], day[11];
    if (!k)
        return;
    pane_put_cut(p, 0, 0, 14, ROLE_TEXT, k->arende);
    if (c->name)
        pane_put_cut(p, 0, c->name, c->name_width, ROLE_TEXT,
                     name_text(c->app, k));
    if (k->children)
        snprintf(text, sizeof text, _("%dv %db"), k->adults, k->children);
    else
        snprintf(text, sizeof text, _("%dv"), k->adults);
    put(p, c->house, c->asked, text);
    clock_date(k->asked_ms, day);
    put(p, c->asked, c->state, k->asked_ms ? day + 5 : _("never"));
    state_text(k, text, sizeof text);
    put(p, c->state, c->todo, text);
    start_todo(c->app, k, text, sizeof text);
    put(p, c->todo, 0, text);
}

static void
draw_names(const struct columns *c, const struct pane *p, int row)
{
    pane_put(p, row, 3, ROLE_TEXT, _("Case"));
    if (c->name)
        pane_put(p, row, 3 + c->name, ROLE_TEXT, _("Applicant"));
    if (c->house)
        pane_put(p, row, 3 + c->house, ROLE_TEXT, _("Hush."));
    if (c->asked)
        pane_put(p, row, 3 + c->asked, ROLE_TEXT, _("Asked"));
    if (c->state)
        pane_put(p, row, 3 + c->state, ROLE_TEXT, _("State"));
    pane_put(p, row, 3 + c->todo, ROLE_TEXT, _("To do"));
}

/* ---- the rows around the list ---- */

static void
draw_top(struct app *app, const struct pane *p)
{
    const struct client_me *me = client_me(session_of(app)->client);
    AUTO_BUF(left, 256);
    AUTO_BUF(right, 256);
    char when[40];
    session_when(me->last_asked_ms, when, sizeof when);
    if (me->last_asked_ms)
        buf_addf(&left, _("Your last question %s, %d today (5 Own log)"), when,
                 me->asked_today);
    else
        buf_adds(&left, _("You have not asked anything yet."));
    session_when(clock_parse(me->imported), when, sizeof when);
    if (*when)
        buf_addf(&right, _("Cases imported %s"), when);
    pane_put(p, 0, 1, ROLE_TEXT, buf_str(&left));
    if (text_width(buf_str(&left)) + text_width(buf_str(&right)) + 4 < p->cols)
        pane_put_right(p, 0, p->cols - 1, ROLE_TEXT, buf_str(&right));
}

static void
draw_search(struct app *app, const struct start *s, const struct pane *p)
{
    int col = pane_put(p, 1, 1, ROLE_TEXT, _("Search")) + 3;
    int width = p->cols - col - 2 < 30 ? p->cols - col - 2 : 30;
    struct form f = s->search;
    f.focus = s->searching ? 0 : -1;
    int end = form_draw(&f, 0, p, 1, col, width);
    if (!app_narrow(app))
        pane_put(p, 1, end + 2, ROLE_TEXT,
                 _("case no., last digits, personnr or name"));
}

/* "AF klar  CSN klar ..." over as many rows as there are. */
static void
draw_available(struct app *app, const struct pane *p, int row, int rows)
{
    const struct client_status *st = client_status(session_of(app)->client);
    char at[6];
    AUTO_BUF(head, 128);
    clock_hhmm(st->probed_ms, at);
    if (st->lost)
        buf_adds(&head, _("Service not known: enfragad does not answer"));
    else if (st->probed_ms)
        buf_addf(&head, _("Service at %s"), at);
    else
        buf_adds(&head, _("Service not tested"));
    int first = pane_put(p, row, 1, ROLE_TEXT, buf_str(&head)) + 2;
    int col = first;
    for (int i = 0; i < SOURCE_COUNT && rows > 0; i++) {
        enum source_id s = (enum source_id)i;
        if (!(SOURCE_ASKABLE & SOURCE_BIT(s)) || !st->probed_ms || st->lost)
            continue;
        AUTO_BUF(b, 64);
        buf_addf(&b, "%s %s", session_source(s),
                 session_available(st->available[i]));
        if (col + text_width(buf_str(&b)) > p->cols - 1) {
            row++;
            rows--;
            col = first;
        }
        if (rows > 0)
            col = pane_put(p, row, col, ROLE_TEXT, buf_str(&b)) + 2;
    }
}

static const char *const functions[] = {N_("Support and contact"), N_("Status"),
                                        N_("Försäkran"),
                                        N_("Earlier questions"), N_("Own log")};

static void
draw_functions(const struct pane *p, int row, int rows)
{
    int col = 1;
    for (int i = 0; i < 5 && rows > 0; i++) {
        AUTO_BUF(b, 96);
        buf_addf(&b, "%d %s", i + 1, _(functions[i]));
        if (col + text_width(buf_str(&b)) > p->cols) {
            row++;
            rows--;
            col = 1;
        }
        if (rows > 0)
            col = pane_put(p, row, col, ROLE_TEXT, buf_str(&b)) + 3;
    }
}

/* In training a newcomer is told what to do (UX 12). */
static int
draw_guide(struct app *app, const struct start *s, const struct pane *p,
           int row)
{
    if (app_identity(app)->mode != APP_OVNING || !s->list.count)
        return 0;
    return pane_wrap(p, row, 1, p->cols - 2, 2, ROLE_TEXT,
                     _("Do this: choose a case with the arrows, press F5 for "
                       "a new question, and F5 again to send it."));
}

static void
draw_list(struct app *app, struct start *s, const struct pane *p)
{
    bool wide = app_wide(app);
    bool low = p->rows < 16; /* the list comes before all else */
    int below = low ? 0 : wide ? 3 : app_narrow(app) ? 6 : 4;
    int row = 2;
    char place[40], right[80];
    draw_top(app, p);
    draw_search(app, s, p);
    if (!low)
        row += draw_guide(app, s, p, row);
    if (row == 2 && p->rows > 16)
        row++;
    list_place(&s->list, place, sizeof place);
    snprintf(right, sizeof right, "%s%s%s",
             app_narrow(app) ? "" : _("newest first"),
             app_narrow(app) ? "" : "     ", place);
    pane_heading(p, row++, s->found ? _("Found") : _("My cases"), right);
    struct columns c = columns(app, s, p->cols);
    draw_names(&c, p, row++);
    struct pane rows = pane_sub(p, row, 0, p->rows - row - below, -1);
    if (s->known && !s->list.count)
        pane_put(p, row, 3, ROLE_TEXT, s->found ? _("nothing") : _("none"));
    else if (!s->known)
        pane_put(p, row, 3, ROLE_TEXT,
                 s->failed ? _("The cases could not be fetched.")
                           : _("The cases are being fetched."));
    list_draw(app, &s->list, &rows, !s->searching, draw_row, &c);
    if (low)
        return;
    row = p->rows - below + 1;
    int half = below > 4 ? 3 : 1;
    draw_functions(p, row, half);
    draw_available(app, p, row + half, p->rows - row - half);
}

void
start_draw(struct app *app, void *self, const struct pane *body)
{
    struct start *s = self;
    enum session_state state = session_own(app)->state;
    if (state == SESSION_OPENING || state == SESSION_FAILED)
        start_before_draw(app, body);
    else if (state == SESSION_SHUT)
        start_gate_draw(app, s, body);
    else
        draw_list(app, s, body);
}

/* ---- head and help ---- */

const char *
start_help(struct app *app, void *self)
{
    const struct start *s = self;
    if (session_own(app)->state == SESSION_SHUT)
        return _("The passphrase opens the session and your signing key. "
                 "Nothing can be asked before that. In training it lies in a "
                 "file and Enter is enough.");
    if (s->searching)
        return _("A case number or its last digits, a personnummer, or three "
                 "letters of a name. Only your own cases are found, and the "
                 "search is logged.");
    return _("Choose a case with the arrows and open it with Enter. F5 opens "
             "the case and a new question at once; F5 again sends it. A name "
             "is shown when you have opened the case in this session.");
}

void
start_head(struct app *app, void *self, struct head *h)
{
    const struct start *s = self;
    const struct session_own *own = session_own(app);
    if (own->state == SESSION_FAILED) {
        h->kind = MSG_FEL;
        snprintf(h->message, sizeof h->message, "%s",
                 _(err_row(own->code)->message));
        snprintf(h->more, sizeof h->more, "%s", own->err.text);
    } else if (own->state == SESSION_OPEN && s->known && !s->list.count &&
               !s->found) {
        h->kind = MSG_OBS;
        snprintf(h->message, sizeof h->message, "%s",
                 _("You have no cases here yet. Search, or ask your chef for "
                   "access."));
    }
}
