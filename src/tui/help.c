/* SPDX-License-Identifier: EUPL-1.2
 *
 * A text over the body, and F1 made of it: first the message or the field,
 * at the next F1 the whole screen with all its keys.
 */
#include "config.h"

#include "base/i18n.h"
#include "base/mem.h"
#include "base/text.h"
#include "tui/dialog.h"
#include "tui/frame.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct page {
    char *title, *text;
    char *next_title, *next_text; /* help: what the next F1 shows, or NULL */
    int top, shown, lines;
};

struct opening {
    const char *title, *text, *next_title, *next_text;
};

static void *
page_new(struct app *app, void *arg)
{
    (void)app;
    const struct opening *o = arg;
    struct page *p = mem_alloc(sizeof *p);
    p->title = mem_strdup(o->title);
    p->text = mem_strdup(o->text);
    p->next_title = mem_strdup(o->next_title);
    p->next_text = mem_strdup(o->next_text);
    return p;
}

static void
page_close(struct app *app, void *self)
{
    (void)app;
    struct page *p = self;
    mem_free_str(&p->title);
    mem_free_str(&p->text);
    mem_free_str(&p->next_title);
    mem_free_str(&p->next_text);
    free(p);
}

static void
page_draw(struct app *app, void *self, const struct pane *body)
{
    (void)app;
    struct page *p = self;
    pane_blank(body, 0, 0, -1, -1);
    int width = body->cols - 4 > 96 ? 96 : body->cols - 4;
    p->lines = pane_wrap_rows(p->text, width);
    p->shown = body->rows - 1;
    if (p->top > p->lines - p->shown)
        p->top = p->lines - p->shown;
    if (p->top < 0)
        p->top = 0;
    char place[80] = "";
    if (p->next_text)
        snprintf(place, sizeof place, "%s", _("F1 again: the whole screen"));
    else if (p->lines > p->shown)
        snprintf(place, sizeof place, _("row %d of %d"), p->top + 1, p->lines);
    pane_heading(body, 0, p->title, place);
    /* The rows above the first are drawn where nothing can be drawn. */
    struct pane in = pane_sub(body, 1, 0, -1, -1);
    pane_wrap(&in, -p->top, 3, width, p->top + p->shown, ROLE_TEXT, p->text);
    pane_cursor(body, 0, 1);
}

static void
scroll(struct page *p, int by)
{
    p->top += by;
}

static enum act_result
page_act(struct app *app, void *self, const struct act *act)
{
    (void)app;
    struct page *p = self;
    if (act->action == ACTION_HELP && p->next_text) {
        mem_free_str(&p->title);
        mem_free_str(&p->text);
        p->title = p->next_title;
        p->text = p->next_text;
        p->next_title = p->next_text = NULL;
        p->top = 0;
        return ACT_REDRAW;
    }
    switch (act->key.code) {
    case K_ENTER:
    case K_ESC:
    case K_F(12):
    case 'q':
        return ACT_CLOSE;
    case K_UP:
        scroll(p, -1);
        return ACT_REDRAW;
    case K_DOWN:
        scroll(p, 1);
        return ACT_REDRAW;
    case K_PGUP:
    case K_F(7):
    case '-':
        scroll(p, -p->shown);
        return ACT_REDRAW;
    case K_PGDN:
    case K_F(8):
    case '+':
    case ' ':
        scroll(p, p->shown);
        return ACT_REDRAW;
    case K_HOME:
        p->top = 0;
        return ACT_REDRAW;
    case K_END:
        p->top = p->lines;
        return ACT_REDRAW;
    default:
        /* Nothing else may open on top of a help page. */
        return act->action == ACTION_LOCK || act->action == ACTION_REDRAW
                   ? ACT_IGNORED
                   : ACT_HANDLED;
    }
}

static bool
page_can(struct app *app, void *self, enum action a)
{
    (void)app;
    const struct page *p = self;
    if (a == ACTION_HELP)
        return p->next_text != NULL;
    return (a != ACTION_PAGE_DOWN && a != ACTION_PAGE_UP) ||
           p->lines > p->shown;
}

static const struct keymap_row page_rows[] = {
    {ACTION_ENTER, N_("Close")}, {ACTION_PAGE_DOWN, NULL},
    {ACTION_PAGE_UP, NULL},      {ACTION_HELP, N_("The whole screen")},
    {ACTION_BACK, NULL},
};
static const struct keymap page_keys = KEYMAP(page_rows);

static const struct screen_ops page_screen = {
    .name = N_("Help"),
    .keymap = &page_keys,
    .overlay = true,
    .open = page_new,
    .close = page_close,
    .draw = page_draw,
    .act = page_act,
    .can = page_can,
};

void
page_open(struct app *app, const char *title, const char *text)
{
    struct opening o = {title, text, NULL, NULL};
    app_push(app, &page_screen, &o);
}

/* One row: "F5 r     Ask       sentence". */
static void
add_action(struct app *app, const struct keymap *m, enum action a,
           struct buf *out)
{
    const struct action_row *r = action_row(a);
    AUTO_BUF(keys, 128);
    int fkeys = app_term(app) ? term_fkeys(app_term(app)) : 12;
    action_key_text(a, app_options(app)->keyline, fkeys, false, &keys);
    if (r->fkey) {
        buf_addc(&keys, ' ');
        action_key_text(a, KEYLINE_LETTER, fkeys, false, &keys);
    }
    int w = text_width(buf_str(&keys));
    buf_adds(out, buf_str(&keys));
    buf_addf(out, "%*s", w < 12 ? 12 - w : 1, "");
    buf_addf(out, "%s. %s\n", keymap_label(m, a), _(r->help));
}

static void
whole_screen(struct app *app, const struct screen_ops *ops, struct buf *out)
{
    static const enum action rest[] = {ACTION_HELP, ACTION_LOCK,   ACTION_LEAVE,
                                       ACTION_MENU, ACTION_STATUS, ACTION_BACK};
    const struct keymap *m = ops->keymap;
    void *self = app_top_state(app);
    for (int i = 0; m && i < m->count; i++) {
        enum action a = m->rows[i].action;
        if (!action_is_global(a) && (!ops->can || ops->can(app, self, a)))
            add_action(app, m, a, out);
    }
    for (size_t i = 0; i < sizeof rest / sizeof *rest; i++)
        add_action(app, m, rest[i], out);
    buf_addc(out, '\n');
    buf_adds(out, _("Every F-key can also be had with Esc and a digit: Esc 5 "
                    "is F5, Esc 0 is F10, Esc + is F11, Esc Esc is F12.\n"));
    buf_adds(out,
             _("Lists: arrows, Home, End, PgUp and PgDn; Space ticks.\n"
               "Fields: Tab goes on, Ctrl-A and Ctrl-E to the ends, "
               "Ctrl-U and Ctrl-K take text away, Ctrl-Y puts it back.\n"
               "Ctrl-L draws the screen again. Ctrl-C is one step back.\n"));
}

void
help_open(struct app *app)
{
    const struct screen_ops *ops = app_top(app);
    bool message;
    const char *asked = app_asked(app, &message);
    const char *field = ops->help ? ops->help(app, app_top_state(app)) : NULL;
    AUTO_BUF(all, 16384);
    AUTO_BUF(title, 256);
    AUTO_BUF(first, 8192);
    whole_screen(app, ops, &all);
    buf_addf(&title, "%s: %s", _("Help"), _(ops->name));
    if (message)
        buf_addf(&first, "%s\n", asked);
    if (field)
        buf_addf(&first, "%s%s\n", message ? "\n" : "", field);
    struct opening o = {buf_str(&title), buf_str(&all), NULL, NULL};
    if (first.len) {
        o.text = buf_str(&first);
        o.next_title = buf_str(&title);
        o.next_text = buf_str(&all);
    }
    app_push(app, &page_screen, &o);
}
