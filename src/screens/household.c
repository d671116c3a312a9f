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
household_open(struct app *app, void *arg)
{
    struct picture *p = mem_alloc(sizeof(*p));
    (void)app;
    picture_init(p, arg, -1);
    return p;
}

static void
household_close(struct app *app, void *self)
{
    (void)app;
    picture_done(self);
    free(self);
}

/* "[w Hushållet]  1 Översikt sökande   w w Översikt medsökande   b Underlag" */
static void
household_head(struct app *app, void *self, struct head *head)
{
    struct picture *p = self;
    struct gathered *g = p->g;
    parts_strip(g, head->case_left, sizeof(head->case_left));
    parts_when(g, head->case_right, sizeof(head->case_right));
    char who[64];
    AUTO_BUF(tabs, sizeof(head->tabs));
    buf_addf(&tabs, "[w %s]", _("Household"));
    int first = gathered_first(g), next = moves_next_person(g, first);
    if (app_narrow(app)) {
        buf_adds(&tabs, " 1 w b");
    } else {
        parts_who(g, first, WHO_LOWER, who, sizeof(who));
        buf_addf(&tabs, "  1 %s %s", _("Overview"), who);
        if (next >= 0) {
            parts_who(g, next, WHO_LOWER, who, sizeof(who));
            buf_addf(&tabs, "   w w %s %s", _("Overview"), who);
        }
        buf_addf(&tabs, "   b %s", _("Basis"));
    }
    snprintf(head->tabs, sizeof(head->tabs), "%s", buf_str(&tabs));
    head->skyddad = gathered_shielded(g);
    parts_missing_message(g, head);
}

static void
household_draw(struct app *app, void *self, const struct pane *body)
{
    picture_draw(app, self, body);
}

static enum act_result
household_act(struct app *app, void *self, const struct act *act)
{
    struct picture *p = self;
    bool hid = moves_hide_address(p->g);
    picture_refresh(app, p);
    enum act_result r = moves_act(app, p->g, FROM_HOUSEHOLD, picture_person(p),
                                  SOURCE_COUNT, act);
    if (r == ACT_IGNORED)
        r = picture_act(app, p, act);
    return hid && r == ACT_HANDLED ? ACT_REDRAW : r;
}

static bool
household_can(struct app *app, void *self, enum action action)
{
    struct picture *p = self;
    return picture_can(app, p, action) &&
           moves_can(app, p->g, gathered_first(p->g), SOURCE_COUNT, action);
}

static const char *
household_help(struct app *app, void *self)
{
    (void)app;
    (void)self;
    return _("What is missing stands first, then what to check, then the "
             "months: two before the application month, the change between "
             "them, and the application month so far. ? means that the source "
             "did not give it, 0 that it answered nothing, . that it was not "
             "asked. Enter shows the payments behind a row, 2-9 the "
             "authority's own pane.");
}

static const struct keymap_row keys[] = {
    {ACTION_ENTER, N_("Rows")}, {ACTION_DONE, N_("Mark done")},
    {ACTION_HOUSEHOLD, NULL},   {ACTION_BASIS, NULL},
    {ACTION_ASK, N_("Again")},  {ACTION_NEXT, NULL},
    {ACTION_BACK, NULL},        {ACTION_HELP, NULL},
    {ACTION_DONE_ALL, ""},      {ACTION_TICK, ""},
    {ACTION_TICK_ALL, ""},      {ACTION_PANE, ""},
    {ACTION_DIGIT, ""},         {ACTION_PAGE_UP, ""},
    {ACTION_PAGE_DOWN, ""},     {ACTION_DETAILS, ""},
};
static const struct keymap keymap = KEYMAP(keys);

const struct screen_ops household_screen = {
    .name = N_("Answer: Household"),
    .keymap = &keymap,
    .open = household_open,
    .close = household_close,
    .head = household_head,
    .draw = household_draw,
    .act = household_act,
    .can = household_can,
    .help = household_help,
};
