/* SPDX-License-Identifier: EUPL-1.2 */
#include "config.h"

#include "base/i18n.h"
#include "base/mem.h"
#include "base/text.h"
#include "screens/moves.h"
#include "screens/pane_own.h"
#include "screens/screens.h"
#include "screens/sourcetext.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void *
answer_screen_open(struct app *app, void *arg)
{
    const struct view_arg *view = arg;
    struct pane_self *s = mem_alloc(sizeof(*s));
    s->g = gathered_hold(view->gathered);
    s->g->seen = true;
    s->person = view->person;
    s->tab = view->tab;
    list_init(&s->list, false);
    pane_refresh(app, s);
    return s;
}

static void
answer_screen_close(struct app *app, void *self)
{
    struct pane_self *s = self;
    (void)app;
    pane_let_go(s);
    free(s->open);
    list_done(&s->list);
    gathered_release(&s->g);
    free(s);
}

static void
show(struct app *app, struct pane_self *s, int person, int tab)
{
    s->person = person;
    s->tab = tab;
    s->made = s->ended = false;
    s->list.cursor = s->list.top = 0;
    pane_refresh(app, s);
}

/* The source's own standing message: what did not come. */
static void
message(const struct pane_self *s, const struct answer *a, enum source_id id,
        struct head *head)
{
    const struct source_answer *of = &a->of[id];
    enum source_state st = gathered_source(s->g, s->person, id);
    AUTO_BUF(label, 128);
    parts_small(&label, rows_state_label(st));
    if (st == STATE_EJ_TILLFRAGAD || state_row(st)->whole)
        return;
    head->kind = MSG_OBS;
    if (st == STATE_VANTAR)
        snprintf(head->message, sizeof(head->message), "%s",
                 _("The source is being asked. Unknown until it answers."));
    else if (st == STATE_DELSVAR && of->missing)
        snprintf(head->message, sizeof(head->message),
                 _("%.40s did not come from %s: unknown, not zero."),
                 of->missing->namn ? of->missing->namn : of->missing->kod,
                 source_row(id)->tab);
    else
        snprintf(head->message, sizeof(head->message),
                 _("%s: %s. Unknown, not zero. F5 asks again."),
                 rows_authority(id), buf_str(&label));
}

static void
answer_head(struct app *app, void *self, struct head *head)
{
    struct pane_self *s = self;
    enum source_id id = pane_source(s);
    const struct answer *a = gathered_answer(s->g, s->person);
    pane_refresh(app, s);
    parts_head(app, s->g, s->person, s->tab, head);
    snprintf(head->title, sizeof(head->title), _("Answer: %s"),
             id < SOURCE_COUNT ? rows_authority(id) : _("The question"));
    if (a && id < SOURCE_COUNT)
        message(s, a, id, head);
}

static void
draw_line(void *arg, int index, const struct pane *p)
{
    struct pane_self *s = arg;
    pane_draw_line(s, &s->of[index], p, s->details);
}

/* "Att en förmån inte står här betyder ... Frågor: 0771-17 90 00" */
static void
draw_foot(const struct pane_self *s, const struct pane *body, int row)
{
    enum source_id id = pane_source(s);
    if (id >= SOURCE_COUNT)
        return;
    AUTO_BUF(text, 1024);
    buf_adds(&text, s->contact);
    const char *phone = sourcetext_phone(id);
    if (*phone)
        buf_addf(&text, _("%sQuestions: %.60s"), text.len ? " " : "", phone);
    pane_put_cut(body, row, 1, body->cols - 1, ROLE_TEXT, buf_str(&text));
}

static void
answer_draw(struct app *app, void *self, const struct pane *body)
{
    struct pane_self *s = self;
    int row = 0, width = body->cols - 2;
    char place[64];
    pane_refresh(app, s);
    if (s->n == 0) /* nothing to select: the state is what the cursor reads */
        pane_put(body, 0, 1, ROLE_TEXT, ">");
    int col = s->n == 0 ? 3 : 1;
    row += pane_wrap(body, row, col, width - col + 1, 3, ROLE_TEXT, s->state);
    if (*s->conclusion)
        row += pane_wrap(body, row, 1, width, 2, ROLE_RUBRIK, s->conclusion);
    if (s->n == 0) {
        pane_cursor(body, 0, 1);
        draw_foot(s, body, body->rows - 1);
        return;
    }
    list_place(&s->list, place, sizeof(place));
    if (row < body->rows - 4)
        pane_put_right(body, row, body->cols - 1, ROLE_TEXT, place);
    row++;
    int rows = body->rows - row - 1;
    struct pane list = pane_sub(body, row, 0, rows, -1);
    list_draw(app, &s->list, &list, true, draw_line, s);
    draw_foot(s, body, body->rows - 1);
}

static void
line_text(void *arg, int index, struct buf *out)
{
    struct pane_self *s = arg;
    pane_line_text(&s->of[index], out);
}

/* Headings and blank lines are stepped over. */
static enum act_result
step(struct app *app, struct pane_self *s, const struct act *act)
{
    int before = s->list.cursor;
    enum act_result r = list_act(app, &s->list, act);
    if (r == ACT_IGNORED || s->n == 0)
        return r;
    int by = s->list.cursor < before ? -1 : 1, at = s->list.cursor;
    while (at >= 0 && at < s->n && !pane_selectable(&s->of[at]))
        at += by;
    if (at < 0 || at >= s->n) /* none that way: stay, or the nearest */
        for (at = before; at < s->n - 1 && !pane_selectable(&s->of[at]);)
            at++;
    s->list.cursor = at;
    if (by < 0 && at <= 2)
        s->list.top = 0; /* so that the heading above is seen again */
    return r;
}

static enum act_result
keys_of_pane(struct app *app, struct pane_self *s, const struct act *act)
{
    switch (act->action) {
    case ACTION_ENTER:
        pane_toggle(app, s);
        return ACT_REDRAW;
    case ACTION_SEARCH:
        list_search(app, &s->list, line_text, s);
        return ACT_HANDLED;
    case ACTION_SEARCH_NEXT:
        list_next(app, &s->list, line_text, s);
        return ACT_REDRAW;
    case ACTION_ASK:
        gathered_again(s->g);
        return ACT_REDRAW;
    default:
        return step(app, s, act);
    }
}

static enum act_result
answer_act(struct app *app, void *self, const struct act *act)
{
    struct pane_self *s = self;
    bool hid = moves_hide_address(s->g);
    pane_refresh(app, s);
    if (act->action == ACTION_DIGIT && act->digit != 1) {
        show(app, s, s->person, act->digit);
        return ACT_REDRAW;
    }
    if (act->action == ACTION_HOUSEHOLD) {
        int next = moves_next_person(s->g, s->person);
        show(app, s, next < 0 ? gathered_first(s->g) : next, s->tab);
        return ACT_REDRAW;
    }
    enum act_result r =
        moves_act(app, s->g, FROM_PANE, s->person, pane_source(s), act);
    if (r == ACT_IGNORED)
        r = keys_of_pane(app, s, act);
    return hid && r == ACT_HANDLED ? ACT_REDRAW : r;
}

static bool
answer_can(struct app *app, void *self, enum action action)
{
    struct pane_self *s = self;
    pane_refresh(app, s);
    if (action == ACTION_ASK)
        return gathered_missing(s->g) > 0 && !gathered_running(s->g);
    if (action == ACTION_ENTER)
        return pane_can_toggle(s);
    if (action == ACTION_ADD_SOURCE &&
        gathered_source(s->g, s->person,
                        pane_source(s) < SOURCE_COUNT
                            ? pane_source(s)
                            : SOURCE_AF) != STATE_EJ_TILLFRAGAD)
        return false;
    return moves_can(app, s->g, s->person, pane_source(s), action);
}

static const char *
answer_help(struct app *app, void *self)
{
    (void)app;
    (void)self;
    return _("One authority's answer about one person: its state first, then "
             "one line that sums it up, decisions, payments with the newest "
             "first, ended matters folded, and last what nobody knew. Enter "
             "shows a payment's parts. F11 shows codes and the contract's "
             "field names. 2-9 other authorities, 1 the overview, 0 the "
             "question.");
}

static const struct keymap_row keys[] = {
    {ACTION_ENTER, N_("Details")},
    {ACTION_SEARCH, NULL},
    {ACTION_ADD_SOURCE, NULL},
    {ACTION_WATCH, NULL},
    {ACTION_CORRECT, NULL},
    {ACTION_ASK, N_("Again")},
    {ACTION_DETAILS, N_("Codes")},
    {ACTION_BACK, NULL},
    {ACTION_HOUSEHOLD, ""},
    {ACTION_NEXT, ""},
    {ACTION_BASIS, ""},
    {ACTION_ADDRESS, ""},
    {ACTION_SEARCH_NEXT, ""},
    {ACTION_DIGIT, ""},
    {ACTION_PAGE_UP, ""},
    {ACTION_PAGE_DOWN, ""},
    {ACTION_HELP, ""},
};
static const struct keymap keymap = KEYMAP(keys);

const struct screen_ops answer_screen = {
    .name = N_("Answer"),
    .keymap = &keymap,
    .open = answer_screen_open,
    .close = answer_screen_close,
    .head = answer_head,
    .draw = answer_draw,
    .act = answer_act,
    .can = answer_can,
    .help = answer_help,
};
