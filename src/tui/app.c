/* SPDX-License-Identifier: EUPL-1.2 */
#include "config.h"

#include "tui/app.h"

#include "base/clock.h"
#include "base/i18n.h"
#include "base/mem.h"
#include "base/text.h"
#include "tui/dialog.h"
#include "tui/form.h"
#include "tui/frame.h"

#include <event2/event.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* One screen on the stack. */
struct entry {
    const struct screen_ops *ops;
    void *self;
};

#define DEPTH 32

struct message {
    enum message_kind kind;
    char text[320];
    char more[1024];
};

struct prompt {
    void (*done)(struct app *app, void *arg, const char *text);
    void *arg;
    char label[80];
    struct field field;
    struct form form;
};

struct app {
    struct event_base *base;
    struct term *term; /* NULL: tests */
    struct app_options options;
    struct app_identity id;
    struct entry stack[DEPTH], cover;
    int depth;
    struct entry dead[DEPTH]; /* popped; closed when no callback runs */
    int dead_count;
    struct message message, asked; /* shown; shown when F1 was pressed */
    struct prompt prompt;
    char *alarm;
    struct grid *grid;
    int rows, cols;
    bool details, reload;
    int64_t last_key_us, swallow_until_us;
    struct event *paint, *tick, *idle;
    int status;
    bool quit;
};

/* ---- the stack ---- */

static struct entry *
top(struct app *app)
{
    if (app->cover.ops)
        return &app->cover;
    return app->depth ? &app->stack[app->depth - 1] : NULL;
}

static void
bury(struct app *app)
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
        bury(app);
    app->dead[app->dead_count++] = *e;
    e->ops = NULL;
    e->self = NULL;
}

/* The second's timer runs only while the top screen wants it. */
static void
arm_tick(struct app *app)
{
    struct entry *t = top(app);
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
    arm_tick(app);
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

static void
end_prompt(struct app *app, bool taken)
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
        end_prompt(app, false);
    if (!done)
        return;
    p->done = done;
    p->arg = arg;
    snprintf(p->label, sizeof p->label, "%s", label);
    p->field.kind = FIELD_TEXT;
    form_init(&p->form, &p->field, 1);
    app_redraw(app);
}

static void
prompt_key(struct app *app, const struct key *key)
{
    struct act a = {ACTION_KEY, *key, -1};
    switch (key->code) {
    case K_ESC:
    case K_F(12):
        end_prompt(app, false);
        break;
    case K_ENTER:
        end_prompt(app, true);
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

/* ---- keys ---- */

static bool
typing(struct app *app, const struct entry *e)
{
    return e->ops->typing && e->ops->typing(app, e->self);
}

static bool
can(struct app *app, const struct entry *e, enum action a)
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
    struct entry *e = top(app);
    if (!e || (a != ACTION_KEY && !can(app, e, a)))
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

static bool
too_small(const struct app *app)
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
    struct entry *e = top(app);
    app->last_key_us = clock_mono_us();
    if (!e || late_digit(app, key))
        return;
    if (too_small(app)) {
        if (key->code == K_F(2))
            everywhere(app, ACTION_LOCK);
        return;
    }
    if (app->prompt.done) {
        prompt_key(app, key);
        return;
    }
    enum action a = keymap_find(e->ops->keymap, key->code, typing(app, e));
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

/* ---- drawing ---- */

/* Row 24: at most seven keys, six in training, the ones that work now. */
static void
add_key(struct app *app, const struct entry *e, enum action a,
        const char *label, int *count, struct buf *out)
{
    int most = app->id.mode == APP_OVNING ? 6 : 7;
    bool text = typing(app, e);
    if (*count >= most || !can(app, e, a))
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
static int
lowest_drawn(const struct app *app)
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
    struct entry *e = top(app);
    if (!e)
        return;
    if (too_small(app)) {
        frame_too_small(g);
        return;
    }
    bool covered = app_covered(app);
    int first = lowest_drawn(app);
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
    int i = lowest_drawn(app);
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
    bury(app);
    if (app->quit || !top(app))
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
    struct entry *e = top(app);
    if (e && e->ops->tick && e->ops->tick(app, e->self))
        app_redraw(app);
    arm_tick(app);
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
        end_prompt(app, false);
    app_uncover(app);
    app_clear(app);
    bury(app);
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
