/* SPDX-License-Identifier: EUPL-1.2 */
#include "config.h"

#include "screens/moves.h"

#include "base/i18n.h"
#include "base/mem.h"
#include "screens/sourcetext.h"
#include "screens/screens.h"
#include "tui/dialog.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

int
moves_next_person(const struct gathered *g, int person)
{
    for (int i = person + 1; i < g->n; i++)
        if (g->of[i].asked)
            return i;
    return -1;
}

static enum act_result
open_view(struct app *app, struct gathered *g, const struct screen_ops *ops,
          int person, int tab, bool replace)
{
    struct view_arg view = {.gathered = g, .person = person, .tab = tab};
    if (replace)
        app_replace(app, ops, &view);
    else
        app_push(app, ops, &view);
    return ACT_HANDLED;
}

/* Hushållet, then each person, then Hushållet again. */
static enum act_result
other_person(struct app *app, struct gathered *g, enum from from, int person)
{
    int next = from == FROM_HOUSEHOLD ? gathered_first(g)
                                      : moves_next_person(g, person);
    if (next < 0 && gathered_adults(g) > 1) {
        app_replace(app, &household_screen, g);
        return ACT_HANDLED;
    }
    return open_view(app, g, &overview_screen,
                     next < 0 ? gathered_first(g) : next, 1, true);
}

static enum act_result
digit(struct app *app, struct gathered *g, enum from from, int person, int d)
{
    if (d == 1 && from == FROM_OVERVIEW)
        return ACT_HANDLED;
    if (d == 1)
        return open_view(app, g, &overview_screen, person, 1,
                         from != FROM_HOUSEHOLD);
    return open_view(app, g, &answer_screen, person, d, false);
}

struct address {
    struct gathered *g;
    int person;
};

static void
address_logged(void *arg, enum err_code code, const struct err *e)
{
    struct address *ad = arg;
    struct app *app = gathered_app(ad->g);
    if (code != ERR_OK) {
        app_error(app, code, e);
    } else {
        ad->g->of[ad->person].address = true;
        gathered_touch(ad->g);
        app_message(app, MSG_OBS,
                    _("The address is shown until the next key. It is logged."),
                    NULL);
    }
    app_redraw(app);
    gathered_release(&ad->g);
    free(ad);
}

static void
address_answered(struct app *app, void *arg, int button, const char *reason)
{
    struct address *ad = arg;
    const struct answer *a = gathered_answer(ad->g, ad->person);
    if (button == 1 && a) {
        client_show_address(session_of(app)->client, a, reason, address_logged,
                            ad);
        return;
    }
    gathered_release(&ad->g);
    free(ad);
}

static enum act_result
show_address(struct app *app, struct gathered *g, int person)
{
    struct address *ad = mem_alloc(sizeof(*ad));
    struct dialog d = {
        .question = _("Show the address? It stays until the next key."),
        .consequence = _("The reading and the reason are logged."),
        .reason = true,
        .buttons = {_("No, go back"), _("Show the address")},
    };
    ad->g = gathered_hold(g);
    ad->person = person;
    sourcetext_reasons(d.reasons);
    dialog_open(app, &d, address_answered, ad);
    return ACT_HANDLED;
}

bool
moves_hide_address(struct gathered *g)
{
    bool any = false;
    for (int i = 0; i < g->n; i++) {
        any |= g->of[i].address;
        g->of[i].address = false;
    }
    if (any)
        gathered_touch(g);
    return any;
}

static enum act_result
correct(struct app *app, enum source_id s)
{
    AUTO_BUF(text, 8192);
    sourcetext_correct(s, &text);
    page_open(app, _("How a wrong piece of data is corrected"), buf_str(&text));
    return ACT_HANDLED;
}

/* Sources that are not asked and that the legal table allows. */
static int
addable(struct app *app, const struct gathered *g, int person,
        enum source_id out[SOURCE_COUNT])
{
    const struct answer *a = gathered_answer(g, person);
    const struct legal *l = client_legal(session_of(app)->client);
    int n = 0;
    if (!a || g->of[person].ask)
        return 0;
    for (int s = 0; s < SOURCE_COUNT; s++)
        if ((SOURCE_ASKABLE & SOURCE_BIT(s)) &&
            !(answer_asked(&a->question) & SOURCE_BIT(s)) && l &&
            legal_ground(l, a->question.syfte, s)->allowed)
            out[n++] = s;
    return n;
}

static void
add_chosen(struct app *app, void *arg, int index)
{
    struct address *ad = arg;
    enum source_id s[SOURCE_COUNT];
    int n = addable(app, ad->g, ad->person, s);
    if (index >= 0 && index < n)
        gathered_add(ad->g, ad->person, SOURCE_BIT(s[index]), "");
    app_redraw(app);
    gathered_release(&ad->g);
    free(ad);
}

static enum act_result
add_source(struct app *app, struct gathered *g, int person)
{
    enum source_id s[SOURCE_COUNT];
    const char *names[SOURCE_COUNT + 1] = {NULL};
    int n = addable(app, g, person, s);
    struct address *ad = mem_alloc(sizeof(*ad));
    for (int i = 0; i < n; i++)
        names[i] = rows_authority(s[i]);
    ad->g = gathered_hold(g);
    ad->person = person;
    choose_open(app, _("Ask one more source: a new logged question"), names, 0,
                add_chosen, ad);
    return ACT_HANDLED;
}

static enum act_result
watch(struct app *app, struct gathered *g, enum source_id s)
{
    char text[160];
    gathered_watch(g, s);
    snprintf(text, sizeof(text), _("Start says when %s answers again."),
             rows_authority(s));
    app_message(app, MSG_KLART, text, NULL);
    return ACT_REDRAW;
}

enum act_result
moves_act(struct app *app, struct gathered *g, enum from from, int person,
          enum source_id s, const struct act *act)
{
    switch (act->action) {
    case ACTION_DIGIT:
        return digit(app, g, from, person, act->digit);
    case ACTION_HOUSEHOLD:
        return other_person(app, g, from, person);
    case ACTION_BASIS:
        app_push(app, &basis_screen, g);
        return ACT_HANDLED;
    case ACTION_ADDRESS:
        return show_address(app, g, person);
    case ACTION_CORRECT:
        return correct(app, s);
    case ACTION_ADD_SOURCE:
        return add_source(app, g, person);
    case ACTION_WATCH:
        return watch(app, g, s);
    case ACTION_NEXT: /* Start knows which case that is */
        app_home(app);
        app_do(app, ACTION_NEXT);
        app_do(app, ACTION_ENTER);
        return ACT_HANDLED;
    default:
        return ACT_IGNORED;
    }
}

bool
moves_can(struct app *app, const struct gathered *g, int person,
          enum source_id s, enum action action)
{
    enum source_id any[SOURCE_COUNT];
    const struct answer *a = gathered_answer(g, person);
    switch (action) {
    case ACTION_HOUSEHOLD:
        return moves_next_person(g, gathered_first(g)) >= 0;
    case ACTION_ADDRESS:
        return a && a->loggpost && !gathered_places_open(g);
    case ACTION_CORRECT:
        return s < SOURCE_COUNT;
    case ACTION_ADD_SOURCE:
        return addable(app, g, person, any) > 0;
    case ACTION_WATCH:
        return a && s < SOURCE_COUNT &&
               (answer_asked(&a->question) & SOURCE_BIT(s)) &&
               !state_row(a->of[s].state)->came &&
               !(g->watched & SOURCE_BIT(s));
    default:
        return true;
    }
}
