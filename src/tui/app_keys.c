/* SPDX-License-Identifier: EUPL-1.2 */
#include "config.h"

#include "tui/app_impl.h"

#include "base/clock.h"
#include "base/i18n.h"
#include "tui/dialog.h"
#include "tui/frame.h"

bool
app_typing(struct app *app, const struct entry *e)
{
    return e->ops->typing && e->ops->typing(app, e->self);
}

bool
app_can(struct app *app, const struct entry *e, enum action a)
{
    return !e->ops->can || !keymap_has(e->ops->keymap, a) ||
           e->ops->can(app, e->self, a);
}

static bool
unsaved(struct app *app)
{
    for (int i = 0; i < app->depth; i++) {
        const struct entry *e = &app->stack[i];
        if (e->ops->unsaved && e->ops->unsaved(app, e->self))
            return true;
    }
    return false;
}

static void
leave(struct app *app)
{
    if (app->options.leave)
        app->options.leave(app, app->options.arg);
    else
        app_home(app);
}

static void
leave_answered(struct app *app, void *arg, int button, const char *reason)
{
    (void)arg, (void)reason;
    if (button == 1)
        leave(app);
}

static void
ask_leave(struct app *app)
{
    const struct dialog d = {
        .question = _("What you have written here is not saved. Leave it?"),
        .buttons = {_("No, stay"), _("Leave")},
    };
    if (unsaved(app))
        dialog_open(app, &d, leave_answered, NULL);
    else
        leave(app);
}

/* The app's own meaning of an action that the screen did not take. */
static void
everywhere(struct app *app, enum action a)
{
    bool covered = app_covered(app);
    switch (a) {
    case ACTION_LOCK:
        if (app->options.lock && !covered)
            app->options.lock(app, app->options.arg, false);
        break;
    case ACTION_REDRAW:
        if (app->term)
            term_redraw(app->term);
        app_redraw(app);
        break;
    case ACTION_HELP:
        if (!covered)
            help_open(app);
        break;
    case ACTION_LEAVE:
        if (!covered)
            ask_leave(app);
        break;
    case ACTION_MENU:
        if (!covered)
            menu_open(app);
        break;
    case ACTION_STATUS:
        if (app->options.status && !covered)
            app->options.status(app, app->options.arg);
        break;
    case ACTION_DETAILS:
        app->details = !app->details;
        app_reload(app);
        break;
    case ACTION_BACK:
        if (app->depth > 1 && !covered)
            app_pop(app);
        break;
    default:
        break;
    }
}

static void
give(struct app *app, enum action a, const struct key *key)
{
    struct entry *e = app_entry(app);
    if (!e || (a != ACTION_KEY && !app_can(app, e, a)))
        return;
    struct act act = {a, *key, -1};
    if (a == ACTION_DIGIT && key->code >= '0' && key->code <= '9')
        act.digit = key->code - '0';
    const struct screen_ops *ops = e->ops;
    void *self = e->self;
    enum act_result r = ops->act ? ops->act(app, self, &act) : ACT_IGNORED;
    switch (r) {
    case ACT_IGNORED:
        everywhere(app, a);
        break;
    case ACT_HANDLED:
        break;
    case ACT_RELOAD:
        app_reload(app);
        break;
    case ACT_REDRAW:
        app_redraw(app);
        break;
    case ACT_CLOSE:
        if (app->cover.ops == ops && app->cover.self == self)
            app_uncover(app);
        else
            app_pop(app);
        break;
    }
}

bool
app_too_small(const struct app *app)
{
    return app->rows < FRAME_MIN_ROWS || app->cols < FRAME_MIN_COLS;
}

/* A digit that comes late behind a lone Esc is no digit (UX 2). */
static bool
late_digit(struct app *app, const struct key *key)
{
    int64_t now = app->last_key_us;
    if (key->code == K_ESC)
        app->swallow_until_us = unsaved(app) ? now + 1000000 : 0;
    return key->code >= '0' && key->code <= '9' && now < app->swallow_until_us;
}

void
app_key(struct app *app, const struct key *key)
{
    struct entry *e = app_entry(app);
    app->last_key_us = clock_mono_us();
    if (!e || late_digit(app, key))
        return;
    if (app_too_small(app)) {
        if (key->code == K_F(2))
            everywhere(app, ACTION_LOCK);
        return;
    }
    if (app->prompt.done) {
        app_prompt_key(app, key);
        return;
    }
    enum action a = keymap_find(e->ops->keymap, key->code, app_typing(app, e));
    if (a == ACTION_HELP)
        app->asked = app->message;
    if (app->message.kind != MSG_NONE && !app_covered(app)) {
        app->message.kind = MSG_NONE;
        app_redraw(app);
    }
    give(app, a, key);
    app->asked.kind = MSG_NONE;
}

void
app_do(struct app *app, enum action action)
{
    struct key key = {action_key(action), NULL};
    give(app, action, &key);
}
