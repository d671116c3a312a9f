/* SPDX-License-Identifier: EUPL-1.2 */
#include "config.h"

#include "base/i18n.h"
#include "base/mem.h"
#include "base/text.h"
#include "screens/basistable.h"
#include "screens/moves.h"
#include "screens/picture.h"
#include "screens/screens.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { NAME = 19, COLUMN = 12, SHOWN = 3 };

struct self {
    struct picture p; /* all asked persons */
    struct basis basis;
    unsigned version;
    struct list list;
};

static void
refresh(struct app *app, struct self *s)
{
    picture_refresh(app, &s->p);
    if (s->version == s->p.version && s->basis.arena)
        return;
    s->version = s->p.version;
    basis_make(&s->basis, &s->p);
    list_set_count(&s->list, s->basis.n > 0 ? s->basis.n : 1);
}

static void *
basis_open(struct app *app, void *arg)
{
    struct self *s = mem_alloc(sizeof(*s));
    picture_init(&s->p, arg, -1);
    list_init(&s->list, false);
    refresh(app, s);
    return s;
}

static void
basis_close(struct app *app, void *self)
{
    struct self *s = self;
    (void)app;
    basis_done(&s->basis);
    list_done(&s->list);
    picture_done(&s->p);
    free(s);
}

static void
basis_head(struct app *app, void *self, struct head *head)
{
    struct self *s = self;
    (void)app;
    parts_strip(s->p.g, head->case_left, sizeof(head->case_left));
    parts_when(s->p.g, head->case_right, sizeof(head->case_right));
    head->skyddad = gathered_shielded(s->p.g);
    parts_missing_message(s->p.g, head);
}

static int
shown_persons(const struct self *s, int cols)
{
    int n = s->p.n_who < SHOWN ? s->p.n_who : SHOWN;
    while (n > 1 && 3 + NAME + n * COLUMN > cols)
        n--;
    return n;
}

static void
draw_line(void *arg, int index, const struct pane *pane)
{
    struct self *s = arg;
    int n = shown_persons(s, pane->cols + 3);
    if (index >= s->basis.n) {
        pane_put_cut(pane, 0, 0, pane->cols, ROLE_TEXT,
                     _("The sources answered: no payments in the month."));
        return;
    }
    const struct basis_line *line = &s->basis.of[index];
    char name[200];
    snprintf(name, sizeof(name), "%.150s", line->target);
    pane_put_cut(pane, 0, 0, line->before ? NAME - 4 : NAME - 1, ROLE_TEXT,
                 name);
    if (line->before)
        pane_put(pane, 0, NAME - 4, ROLE_TEXT, "M-2");
    for (int i = 0; i < n; i++) {
        char text[40];
        parts_cell(&line->cell[i], text);
        if (line->before && line->cell[i].kind == CELL_ZERO)
            snprintf(text, sizeof(text), "-");
        parts_put_cell(pane, 0, NAME - 4 + (i + 1) * COLUMN, text);
    }
    int from = NAME - 4 + n * COLUMN + 3;
    if (pane->cols > from + 6)
        pane_put_cut(pane, 0, from, pane->cols - from, ROLE_TEXT, line->from);
}

static void
draw_sum(const struct self *s, const struct pane *body, int row)
{
    char month[32], text[80];
    int n = shown_persons(s, body->cols);
    parts_month(month_add(s->p.m, -1), month);
    month[strcspn(month, " ")] = '\0';
    snprintf(text, sizeof(text), _("Sum %s"), month);
    pane_put_cut(body, row, 3, NAME - 3, ROLE_RUBRIK, text);
    for (int i = 0; i < n; i++) {
        char sum[32], cell[40];
        money_kronor_text(s->basis.sum[i], sum);
        snprintf(cell, sizeof(cell), "%s%s", s->basis.known[i] ? "" : "? ",
                 sum);
        if (!s->basis.known[i] && s->basis.sum[i].ore == 0)
            snprintf(cell, sizeof(cell), "?");
        parts_put_cell(body, row, NAME - 1 + (i + 1) * COLUMN, cell);
    }
    bool before = false;
    for (int i = 0; i < s->basis.n; i++)
        before |= s->basis.of[i].before;
    int from = NAME - 1 + n * COLUMN + 3;
    if (before && body->cols > from + 6)
        pane_put_cut(body, row, from, body->cols - from, ROLE_TEXT,
                     _("rows from M-2 are not in it"));
}

static void
draw_heading(const struct self *s, const struct pane *body, int row)
{
    int n = shown_persons(s, body->cols);
    pane_put(body, row, 3, ROLE_RUBRIK, _("Municipality's row"));
    for (int i = 0; i < n; i++) {
        char who[64];
        parts_who(s->p.g, s->p.who[i], WHO_FULL, who, sizeof(who));
        if (s->basis.incomplete[i])
            pane_put_right(body, row + 1, NAME - 1 + (i + 1) * COLUMN,
                           ROLE_OKANT, _("incomplete"));
        pane_put_right(body, row, NAME - 1 + (i + 1) * COLUMN, ROLE_RUBRIK,
                       who);
    }
    int from = NAME - 1 + n * COLUMN + 3;
    if (body->cols > from + 6)
        pane_put(body, row, from, ROLE_RUBRIK, _("From"));
}

static bool
any_incomplete(const struct self *s)
{
    bool any = false;
    for (int i = 0; i < shown_persons(s, 80); i++)
        any |= s->basis.incomplete[i];
    return any;
}

static void
basis_draw(struct app *app, void *self, const struct pane *body)
{
    struct self *s = self;
    char title[120], month[32], place[64] = "";
    refresh(app, s);
    parts_month(month_add(s->p.m, -1), month);
    snprintf(title, sizeof(title),
             _("Basis for calculation, %s (control month)"), month);
    if (s->basis.n)
        list_place(&s->list, place, sizeof(place));
    pane_heading(body, 0, title, place);
    draw_heading(s, body, 1);
    int top = 2 + any_incomplete(s), rows = body->rows - top - 4;
    if (rows > s->list.count)
        rows = s->list.count;
    struct pane list = pane_sub(body, top, 0, rows, -1);
    list_draw(app, &s->list, &list, true, draw_line, s);
    draw_sum(s, body, top + rows);
    char text[512];
    snprintf(text, sizeof(text),
             _("Not on the municipality's list: %s. enfraga "
               "does not calculate the norm and judges "
               "nothing."),
             s->basis.unlisted[0] ? s->basis.unlisted : _("nothing"));
    pane_wrap(body, top + 1 + rows, 1, body->cols - 2,
              body->rows - top - 1 - rows, ROLE_TEXT, text);
}

static enum act_result
basis_act(struct app *app, void *self, const struct act *act)
{
    struct self *s = self;
    refresh(app, s);
    if (act->action == ACTION_BASIS)
        return ACT_CLOSE;
    if (act->action == ACTION_ASK) {
        gathered_again(s->p.g);
        return ACT_REDRAW;
    }
    if (act->action == ACTION_ENTER && s->list.cursor < s->basis.n) {
        const struct basis_line *l = &s->basis.of[s->list.cursor];
        struct rows_arg arg = {.gathered = s->p.g,
                               .person = s->p.who[l->person],
                               .source = l->source,
                               .forman = l->forman,
                               .title = l->target};
        app_push(app, &rows_screen, &arg);
        return ACT_HANDLED;
    }
    return list_act(app, &s->list, act);
}

static bool
basis_can(struct app *app, void *self, enum action action)
{
    struct self *s = self;
    (void)app;
    if (action == ACTION_ASK)
        return gathered_missing(s->p.g) > 0 && !gathered_running(s->p.g);
    if (action == ACTION_ENTER)
        return s->basis.n > 0;
    return true;
}

static const char *
basis_help(struct app *app, void *self)
{
    (void)app;
    (void)self;
    return _("What was paid in the control month, by the rows of the "
             "municipality's own table. A benefit that was paid in M-2 and has "
             "none in M-1 is shown as M-2 and stands outside the sum. Unknown "
             "comes first: a question mark is not zero.");
}

static const struct keymap_row keys[] = {
    {ACTION_ENTER, N_("Rows")}, {ACTION_BASIS, N_("Back")},
    {ACTION_ASK, N_("Again")},  {ACTION_HELP, NULL},
    {ACTION_BACK, NULL},        {ACTION_PAGE_UP, ""},
    {ACTION_PAGE_DOWN, ""},
};
static const struct keymap keymap = KEYMAP(keys);

const struct screen_ops basis_screen = {
    .name = N_("Answer: Basis"),
    .keymap = &keymap,
    .open = basis_open,
    .close = basis_close,
    .head = basis_head,
    .draw = basis_draw,
    .act = basis_act,
    .can = basis_can,
    .help = basis_help,
};
