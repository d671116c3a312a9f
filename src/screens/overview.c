/* SPDX-License-Identifier: EUPL-1.2 */
#include "config.h"

#include "base/i18n.h"
#include "base/mem.h"
#include "screens/moves.h"
#include "screens/picture.h"
#include "screens/screens.h"

#include <stdio.h>
#include <stdlib.h>

static void *
overview_open(struct app *app, void *arg)
{
    const struct view_arg *view = arg;
    struct picture *p = mem_alloc(sizeof(*p));
    (void)app;
    picture_init(p, view->gathered, view->person);
    return p;
}

static void
overview_close(struct app *app, void *self)
{
    (void)app;
    picture_done(self);
    free(self);
}

static void
overview_head(struct app *app, void *self, struct head *head)
{
    struct picture *p = self;
    parts_head(app, p->g, p->person, 1, head);
    parts_missing_message(p->g, head);
}

static void
overview_draw(struct app *app, void *self, const struct pane *body)
{
    picture_draw(app, self, body);
}

static void
stated_typed(struct app *app, void *arg, const char *text)
{
    struct picture *p = arg;
    struct money sum;
    const struct month_line *line = picture_line(p);
    if (!text || !line)
        return;
    if (!*text)
        sum = MONEY_NONE;
    else if (!money_read(&sum, text)) {
        app_message(app, MSG_OBS,
                    _("The amount is not a number, like 8620 or 8620,50."),
                    NULL);
        return;
    }
    picture_state(p, line, sum);
    app_redraw(app);
}

static enum act_result
state(struct app *app, struct picture *p)
{
    char label[120], month[32];
    if (!picture_line(p)) {
        p->in_months = true;
        p->month.cursor = 0;
    }
    const struct month_line *line = picture_line(p);
    if (!line)
        return ACT_REDRAW;
    parts_month(month_add(p->m, -1), month);
    snprintf(label, sizeof(label), _("Stated, %.30s, %s:"), line->label, month);
    app_prompt(app, label, stated_typed, p);
    return ACT_REDRAW;
}

static enum act_result
overview_act(struct app *app, void *self, const struct act *act)
{
    struct picture *p = self;
    bool hid = moves_hide_address(p->g);
    picture_refresh(app, p);
    enum act_result r =
        moves_act(app, p->g, FROM_OVERVIEW, p->person, SOURCE_COUNT, act);
    if (r == ACT_IGNORED && act->action == ACTION_STATED)
        r = state(app, p);
    if (r == ACT_IGNORED)
        r = picture_act(app, p, act);
    return hid && r == ACT_HANDLED ? ACT_REDRAW : r;
}

static bool
overview_can(struct app *app, void *self, enum action action)
{
    struct picture *p = self;
    return picture_can(app, p, action) &&
           moves_can(app, p->g, p->person, SOURCE_COUNT, action);
}

static const char *
overview_help(struct app *app, void *self)
{
    (void)app;
    (void)self;
    return _("One person's answer. Tabs 2-9 are the authorities with their "
             "state, 0 is the question. u writes what the applicant has "
             "stated for the month beside what the sources paid; it is kept "
             "only while the answer is open. Sums are exact to the öre and "
             "rounded when shown.");
}

static const struct keymap_row keys[] = {
    {ACTION_ENTER, N_("Rows")},
    {ACTION_DONE, N_("Mark done")},
    {ACTION_STATED, NULL},
    {ACTION_BASIS, NULL},
    {ACTION_ASK, N_("Again")},
    {ACTION_NEXT, ""},
    {ACTION_HOUSEHOLD, N_("Who")},
    {ACTION_BACK, NULL},
    {ACTION_ADD_SOURCE, ""},
    {ACTION_ADDRESS, ""},
    {ACTION_DONE_ALL, ""},
    {ACTION_TICK, ""},
    {ACTION_TICK_ALL, ""},
    {ACTION_PANE, ""},
    {ACTION_DIGIT, ""},
    {ACTION_PAGE_UP, ""},
    {ACTION_PAGE_DOWN, ""},
    {ACTION_DETAILS, ""},
    {ACTION_HELP, ""},
};
static const struct keymap keymap = KEYMAP(keys);

const struct screen_ops overview_screen = {
    .name = N_("Answer: Overview"),
    .keymap = &keymap,
    .open = overview_open,
    .close = overview_close,
    .head = overview_head,
    .draw = overview_draw,
    .act = overview_act,
    .can = overview_can,
    .help = overview_help,
};
