/* SPDX-License-Identifier: EUPL-1.2 */
#include "config.h"

#include "tui/app_impl.h"

#include "base/i18n.h"
#include "base/mem.h"

#include <event2/event.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* ---- the stack ---- */

struct entry *
app_entry(struct app *app)
{
    if (app->cover.ops)
        return &app->cover;
    return app->depth ? &app->stack[app->depth - 1] : NULL;
}

void
app_bury(struct app *app)
{
    while (app->dead_count > 0) {
        struct entry d = app->dead[--app->dead_count];
        if (d.ops->close)
            d.ops->close(app, d.self);
    }
}

static void
kill_entry(struct app *app, struct entry *e)
{
    if (app->dead_count == DEPTH)
        app_bury(app);
    app->dead[app->dead_count++] = *e;
    e->ops = NULL;
    e->self = NULL;
}

/* The second's timer runs only while the top screen wants it. */
void
app_arm_tick(struct app *app)
{
    struct entry *t = app_entry(app);
    if (!app->tick)
        return;
    if (t && t->ops->tick)
        evtimer_add(app->tick, (&(struct timeval){1, 0}));
    else
        evtimer_del(app->tick);
}

static void
changed(struct app *app)
{
    app_arm_tick(app);
    app_redraw(app);
}

void *
app_push(struct app *app, const struct screen_ops *ops, void *arg)
{
    if (app->depth == DEPTH)
        return NULL;
    void *self = ops->open ? ops->open(app, arg) : app;
    if (!self)
        return NULL;
    app->stack[app->depth++] = (struct entry){ops, self};
    if (ops->load)
        ops->load(app, self);
    changed(app);
    return self;
}

void
app_pop(struct app *app)
{
    if (!app->depth)
        return;
    struct entry *e = &app->stack[--app->depth];
    bool overlay = e->ops->overlay;
    kill_entry(app, e);
    if (!overlay)
        app->reload = true;
    if (!app->depth)
        app_quit(app, app->status);
    changed(app);
}

void *
app_replace(struct app *app, const struct screen_ops *ops, void *arg)
{
    void *self = ops->open ? ops->open(app, arg) : app;
    if (!self)
        return NULL;
    if (app->depth)
        kill_entry(app, &app->stack[--app->depth]);
    app->stack[app->depth++] = (struct entry){ops, self};
    if (ops->load)
        ops->load(app, self);
    changed(app);
    return self;
}

void
app_home(struct app *app)
{
    while (app->depth > 1)
        app_pop(app);
}

void
app_clear(struct app *app)
{
    while (app->depth > 0)
        kill_entry(app, &app->stack[--app->depth]);
    changed(app);
}

const struct screen_ops *
app_top(const struct app *app)
{
    return app->depth ? app->stack[app->depth - 1].ops : NULL;
}

void *
app_top_state(const struct app *app)
{
    return app->depth ? app->stack[app->depth - 1].self : NULL;
}

void *
app_find(const struct app *app, const struct screen_ops *ops)
{
    for (int i = app->depth - 1; i >= 0; i--)
        if (app->stack[i].ops == ops)
            return app->stack[i].self;
    return NULL;
}

void
app_cover(struct app *app, const struct screen_ops *ops, void *arg)
{
    if (app->cover.ops)
        return;
    if (app->prompt.done)
        app_prompt(app, NULL, NULL, NULL);
    void *self = ops->open ? ops->open(app, arg) : app;
    if (!self)
        return;
    app->cover = (struct entry){ops, self};
    if (ops->load)
        ops->load(app, self);
    changed(app);
}

void
app_uncover(struct app *app)
{
    if (!app->cover.ops)
        return;
    kill_entry(app, &app->cover);
    changed(app);
}

bool
app_covered(const struct app *app)
{
    return app->cover.ops != NULL;
}

/* ---- messages and the prompt ---- */

static void
set_message(struct message *m, enum message_kind kind, const char *text,
            const char *more)
{
    m->kind = kind;
    snprintf(m->text, sizeof m->text, "%s", text ? text : "");
    snprintf(m->more, sizeof m->more, "%s", more ? more : "");
}

void
app_message(struct app *app, enum message_kind kind, const char *text,
            const char *more)
{
    set_message(&app->message, kind, text, more);
    app_redraw(app);
}

void
app_error(struct app *app, enum err_code code, const struct err *e)
{
    app_message(app, err_row(code)->retry ? MSG_OBS : MSG_FEL,
                _(err_row(code)->message), e ? e->text : NULL);
}

void
app_alarm(struct app *app, const char *text)
{
    mem_free_str(&app->alarm);
    app->alarm = mem_strdup(text);
    app_redraw(app);
}

void
app_prompt_end(struct app *app, bool taken)
{
    struct prompt p = app->prompt;
    form_done(&app->prompt.form);
    memset(&app->prompt, 0, sizeof app->prompt);
    p.done(app, p.arg, taken ? p.field.text : NULL);
    mem_wipe(&p, sizeof p);
    app_redraw(app);
}

void
app_prompt(struct app *app, const char *label,
           void (*done)(struct app *app, void *arg, const char *text),
           void *arg)
{
    struct prompt *p = &app->prompt;
    if (p->done)
        app_prompt_end(app, false);
    if (!done)
        return;
    p->done = done;
    p->arg = arg;
    snprintf(p->label, sizeof p->label, "%s", label);
    p->field.kind = FIELD_TEXT;
    form_init(&p->form, &p->field, 1);
    app_redraw(app);
}

void
app_prompt_key(struct app *app, const struct key *key)
{
    struct act a = {ACTION_KEY, *key, -1};
    switch (key->code) {
    case K_ESC:
    case K_F(12):
        app_prompt_end(app, false);
        break;
    case K_ENTER:
        app_prompt_end(app, true);
        break;
    case K_F(2):
        app_do(app, ACTION_LOCK);
        break;
    default:
        if (form_act(app, &app->prompt.form, &a) != FORM_IGNORED)
            app_redraw(app);
    }
}

/* ---- what screens ask ---- */

void *
app_arg(const struct app *app)
{
    return app->options.arg;
}

struct event_base *
app_base(const struct app *app)
{
    return app->base;
}

struct term *
app_term(const struct app *app)
{
    return app->term;
}

const struct app_options *
app_options(const struct app *app)
{
    return &app->options;
}

void
app_identity_set(struct app *app, const struct app_identity *id)
{
    app->id = *id;
    app_redraw(app);
}

const struct app_identity *
app_identity(const struct app *app)
{
    return &app->id;
}

int
app_cols(const struct app *app)
{
    return app->cols;
}

int
app_rows(const struct app *app)
{
    return app->rows;
}

bool
app_wide(const struct app *app)
{
    return app->cols >= 120;
}

bool
app_narrow(const struct app *app)
{
    return app->cols < 80;
}

bool
app_linear(const struct app *app)
{
    return app->cols < 60;
}

bool
app_split(const struct app *app, const struct pane *body, int left_cols,
          struct pane *left, struct pane *right)
{
    *left = *body;
    *right = pane_sub(body, 0, body->cols, 0, 0);
    if (!app_wide(app))
        return false;
    *left = pane_sub(body, 0, 0, -1, left_cols);
    *right = pane_sub(body, 0, left_cols + 1, -1, -1);
    pane_vline(body, left_cols);
    return true;
}

bool
app_details(const struct app *app)
{
    return app->details;
}

void
app_drop_typeahead(struct app *app)
{
    if (app->term)
        term_drop_input(app->term);
}
