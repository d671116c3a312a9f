/* SPDX-License-Identifier: EUPL-1.2
 *
 * The screen of the rows behind a row.
 */
#include "config.h"

#include "base/i18n.h"
#include "base/mem.h"
#include "screens/behind.h"
#include "screens/screens.h"

#include <stdio.h>
#include <stdlib.h>

struct self {
    struct gathered *g;
    int person;
    unsigned version;
    struct behind b;
    struct list list;
    bool details;
};

static void *
behind_open(struct app *app, void *arg)
{
    const struct rows_arg *a = arg;
    struct self *s = mem_alloc(sizeof(*s));
    s->g = gathered_hold(a->gathered);
    s->person = a->person;
    s->version = s->g->version;
    behind_init(&s->b, app, s->g, a->person);
    if (a->check)
        behind_check(&s->b, a->check);
    else
        behind_months(&s->b, a->source, a->forman, a->betalare, a->title);
    list_init(&s->list, false);
    list_set_count(&s->list, s->b.n > 0 ? s->b.n : 1);
    return s;
}

static void
behind_close(struct app *app, void *self)
{
    struct self *s = self;
    (void)app;
    behind_done(&s->b);
    list_done(&s->list);
    gathered_release(&s->g);
    free(s);
}

static void
behind_head(struct app *app, void *self, struct head *head)
{
    struct self *s = self;
    parts_head(app, s->g, s->person, -1, head);
    head->tabs[0] = '\0';
    if (s->b.unknown) {
        head->kind = MSG_OBS;
        snprintf(head->message, sizeof(head->message), "%s",
                 _("Some of this did not come: it is unknown, not zero."));
    }
}

/* What has come since is another answer's rows: the old ones are gone. */
static bool
outdated(const struct self *s)
{
    return s->version != s->g->version;
}

static void
draw_row(void *arg, int index, const struct pane *p)
{
    struct self *s = arg;
    behind_draw_row(&s->b, index, p, s->details);
}

static void
behind_screen_draw(struct app *app, void *self, const struct pane *body)
{
    struct self *s = self;
    s->details = app_details(app);
    if (outdated(s)) {
        pane_put(body, 0, 1, ROLE_TEXT,
                 _("A newer answer has come. Go back to see it."));
        pane_cursor(body, 0, 1);
        return;
    }
    behind_draw(&s->b, body, 0);
    int row = 2;
    if (s->b.text[0])
        row += pane_wrap_rows(s->b.text, body->cols - 2);
    char place[64];
    list_place(&s->list, place, sizeof(place));
    if (s->b.n)
        pane_put_right(body, 0, body->cols - 1, ROLE_TEXT, place);
    struct pane list = pane_sub(body, row, 0, body->rows - row, -1);
    list_draw(app, &s->list, &list, true, draw_row, s);
}

static void
row_text(void *arg, int index, struct buf *out)
{
    struct self *s = arg;
    if (index < s->b.n)
        buf_addf(out, "%s %s %s", s->b.of[index]->label, s->b.of[index]->text,
                 s->b.of[index]->marks_text);
}

static enum act_result
behind_act(struct app *app, void *self, const struct act *act)
{
    struct self *s = self;
    switch (act->action) {
    case ACTION_SEARCH:
        list_search(app, &s->list, row_text, s);
        return ACT_HANDLED;
    case ACTION_SEARCH_NEXT:
        list_next(app, &s->list, row_text, s);
        return ACT_REDRAW;
    case ACTION_ENTER:
        return ACT_CLOSE;
    default:
        return list_act(app, &s->list, act);
    }
}

static const char *
behind_help(struct app *app, void *self)
{
    (void)app;
    (void)self;
    return _("The payments and decisions that the row is made of, newest "
             "first, with their parts below. A letter after the amount: A "
             "deduction, R for an earlier period, L loan, N zero or negative. "
             "F11 spells it out and shows öre and codes.");
}

static const struct keymap_row keys[] = {
    {ACTION_ENTER, N_("Back")}, {ACTION_SEARCH, NULL}, {ACTION_SEARCH_NEXT, ""},
    {ACTION_DETAILS, NULL},     {ACTION_HELP, NULL},   {ACTION_BACK, NULL},
};
static const struct keymap keymap = KEYMAP(keys);

const struct screen_ops rows_screen = {
    .name = N_("Answer: Rows"),
    .keymap = &keymap,
    .open = behind_open,
    .close = behind_close,
    .head = behind_head,
    .draw = behind_screen_draw,
    .act = behind_act,
    .help = behind_help,
};
