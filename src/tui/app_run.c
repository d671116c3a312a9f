/* SPDX-License-Identifier: EUPL-1.2 */
#include "config.h"

#include "tui/app_impl.h"

#include "base/clock.h"
#include "base/i18n.h"
#include "base/mem.h"
#include "base/text.h"
#include "tui/frame.h"

#include <event2/event.h>
#include <stdio.h>
#include <stdlib.h>

/* ---- drawing ---- */

/* Row 24: at most seven keys, six in training, the ones that work now. */
static void
add_key(struct app *app, const struct entry *e, enum action a,
        const char *label, int *count, struct buf *out)
{
    int most = app->id.mode == APP_OVNING ? 6 : 7;
    bool text = app_typing(app, e);
    if (*count >= most || !app_can(app, e, a))
        return;
    int fkeys = app->term ? term_fkeys(app->term) : 12;
    const struct action_row *r = action_row(a);
    int code = r->fkey ? K_F(r->fkey) : action_key(a);
    if (a != ACTION_DIGIT && keymap_find(e->ops->keymap, code, text) != a)
        return;
    AUTO_BUF(b, 256);
    action_key_text(a, app->options.keyline, fkeys, text, &b);
    buf_addc(&b, ' ');
    buf_adds(&b, label);
    int have = text_width(buf_str(out));
    if (have + (have ? 2 : 0) + text_width(buf_str(&b)) > app->cols)
        return;
    buf_adds(out, have ? "  " : "");
    buf_adds(out, buf_str(&b));
    (*count)++;
}

static void
keyline(struct app *app, const struct entry *e, struct buf *out)
{
    const struct keymap *m = e->ops->keymap;
    int count = 0;
    bool said = false;
    if (app->id.mode == APP_OVNING)
        buf_adds(out, _("TRAINING"));
    for (int i = 0; m && i < m->count; i++) {
        const struct keymap_row *r = &m->rows[i];
        said = said || action_is_global(r->action);
        if (!r->label || *r->label)
            add_key(app, e, r->action, keymap_label(m, r->action), &count, out);
    }
    if (said || app_covered(app))
        return;
    add_key(app, e, ACTION_HELP, keymap_label(m, ACTION_HELP), &count, out);
    add_key(app, e, ACTION_BACK, keymap_label(m, ACTION_BACK), &count, out);
}

static void
draw_prompt(struct app *app, struct pane *p)
{
    int row = p->rows - 2;
    pane_blank(p, row, 0, 1, -1);
    int col = pane_put(p, row, 0, ROLE_RUBRIK, app->prompt.label) + 1;
    int width = p->cols - col < 40 ? p->cols - col : 40;
    form_draw(&app->prompt.form, 0, p, row, col, width);
}

/* The screen that has the frame: the topmost that is no overlay. */
int
app_lowest_drawn(const struct app *app)
{
    int i = app->depth - 1;
    while (i > 0 && app->stack[i].ops->overlay)
        i--;
    return i;
}

static void
compose(struct app *app)
{
    struct grid *g = app->grid;
    grid_reset(g, app->rows, app->cols);
    struct entry *e = app_entry(app);
    if (!e)
        return;
    if (app_too_small(app)) {
        frame_too_small(g);
        return;
    }
    bool covered = app_covered(app);
    int first = app_lowest_drawn(app);
    struct entry *base = covered ? &app->cover : &app->stack[first];
    struct head head = {.cols = app->cols};
    snprintf(head.title, sizeof head.title, "%s",
             base->ops->name ? _(base->ops->name) : "");
    if (base->ops->head)
        base->ops->head(app, base->self, &head);
    bool own = app->message.kind != MSG_NONE && !covered;
    AUTO_BUF(keys, 1024);
    keyline(app, e, &keys);
    struct frame f = {.id = &app->id,
                      .head = &head,
                      .alarm = app->alarm,
                      .kind = own ? app->message.kind : head.kind,
                      .message = own ? app->message.text : head.message,
                      .keys = buf_str(&keys)};
    struct pane body, all = grid_pane(g);
    frame_draw(g, &f, &body);
    base->ops->draw(app, base->self, &body);
    for (int i = first + 1; i < app->depth && !covered; i++)
        app->stack[i].ops->draw(app, app->stack[i].self, &body);
    if (app->prompt.done && !covered)
        draw_prompt(app, &all);
    if (g->cursor_row < 0)
        pane_cursor(&all, app->rows - 2, 0);
}

static void
do_reload(struct app *app)
{
    int i = app_lowest_drawn(app);
    struct entry *e = i >= 0 ? &app->stack[i] : NULL;
    app->reload = false;
    if (e && e->ops->load)
        e->ops->load(app, e->self);
}

static void
on_paint(evutil_socket_t fd, short what, void *arg)
{
    (void)fd, (void)what;
    struct app *app = arg;
    if (app->reload)
        do_reload(app);
    app_bury(app);
    if (app->quit || !app_entry(app))
        return;
    compose(app);
    if (app->term)
        term_paint(app->term, app->grid);
}

void
app_redraw(struct app *app)
{
    if (app->paint)
        event_active(app->paint, EV_TIMEOUT, 0);
}

void
app_reload(struct app *app)
{
    app->reload = true;
    app_redraw(app);
}

const struct grid *
app_grid(struct app *app)
{
    on_paint(-1, 0, app);
    return app->grid;
}

void
app_resize(struct app *app, int rows, int cols)
{
    app->rows = rows;
    app->cols = cols;
    app_redraw(app);
}

const char *
app_asked(const struct app *app, bool *any)
{
    /* The message itself is the first thing help says. */
    *any = app->asked.kind != MSG_NONE;
    return app->asked.more[0] ? app->asked.more : app->asked.text;
}

/* ---- events ---- */

static void
on_tick(evutil_socket_t fd, short what, void *arg)
{
    (void)fd, (void)what;
    struct app *app = arg;
    struct entry *e = app_entry(app);
    if (e && e->ops->tick && e->ops->tick(app, e->self))
        app_redraw(app);
    app_arm_tick(app);
}

static void
on_idle(evutil_socket_t fd, short what, void *arg)
{
    (void)fd, (void)what;
    struct app *app = arg;
    int64_t limit = (int64_t)app->options.idle_s * 1000000;
    int64_t left = app->last_key_us + limit - clock_mono_us();
    if (left <= 0) {
        if (!app_covered(app) && app->options.lock)
            app->options.lock(app, app->options.arg, false);
        app->last_key_us = clock_mono_us();
        left = limit;
    }
    evtimer_add(app->idle, (&(struct timeval){left / 1000000, left % 1000000}));
}

static void
term_key(void *arg, const struct key *key)
{
    struct app *app = arg;
    if (!app->quit)
        app_key(app, key);
}

static void
term_idle(void *arg)
{
    (void)arg; /* what keys changed is painted by the loop's next turn */
}

static void
term_resized(void *arg, int rows, int cols)
{
    app_resize(arg, rows, cols);
}

static void
term_lost(void *arg, bool gone)
{
    struct app *app = arg;
    if (app->options.lock && (gone || !app_covered(app)))
        app->options.lock(app, app->options.arg, gone);
    else if (gone)
        app_quit(app, 0);
}

static void
term_end(void *arg)
{
    app_quit(arg, 0);
}

static const struct term_calls calls = {.key = term_key,
                                        .idle = term_idle,
                                        .resize = term_resized,
                                        .lost = term_lost,
                                        .end = term_end};

struct app *
app_new(struct event_base *base, struct term *term, int rows, int cols,
        const struct app_options *options)
{
    struct app *app = mem_alloc(sizeof *app);
    app->base = base;
    app->term = term;
    app->options = *options;
    app->rows = rows;
    app->cols = cols;
    app->last_key_us = clock_mono_us();
    if (term) {
        term_size(term, &app->rows, &app->cols);
        term_calls_set(term, &calls, app);
    }
    app->grid = grid_new(app->rows, app->cols);
    if (base) {
        app->paint = event_new(base, -1, 0, on_paint, app);
        app->tick = evtimer_new(base, on_tick, app);
        app->idle = evtimer_new(base, on_idle, app);
    }
    if (app->idle && options->idle_s > 0)
        evtimer_add(app->idle, (&(struct timeval){options->idle_s, 0}));
    return app;
}

void
app_free(struct app **appp)
{
    struct app *app = *appp;
    if (!app)
        return;
    if (app->prompt.done)
        app_prompt_end(app, false);
    app_uncover(app);
    app_clear(app);
    app_bury(app);
    if (app->paint)
        event_free(app->paint);
    if (app->tick)
        event_free(app->tick);
    if (app->idle)
        event_free(app->idle);
    mem_free_str(&app->alarm);
    grid_free(&app->grid);
    mem_wipe(app, sizeof *app);
    free(app);
    *appp = NULL;
}

int
app_run(struct app *app)
{
    while (!app->quit && event_base_loop(app->base, EVLOOP_ONCE) == 0)
        ;
    return app->status;
}

void
app_quit(struct app *app, int status)
{
    app->quit = true;
    app->status = status;
    if (app->base)
        event_base_loopbreak(app->base);
}
