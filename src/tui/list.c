/* SPDX-License-Identifier: EUPL-1.2 */
#include "config.h"

#include "tui/list.h"

#include "base/i18n.h"
#include "base/mem.h"
#include "base/text.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

void
list_init(struct list *l, bool can_tick)
{
    memset(l, 0, sizeof *l);
    l->can_tick = can_tick;
    l->page = 1;
}

void
list_done(struct list *l)
{
    free(l->ticks);
    mem_free_str(&l->needle);
    list_init(l, l->can_tick);
}

/* The cursor inside the list, and inside what is shown. */
static void
settle(struct list *l)
{
    if (l->cursor >= l->count)
        l->cursor = l->count - 1;
    if (l->cursor < 0)
        l->cursor = 0;
    if (l->top > l->cursor)
        l->top = l->cursor;
    if (l->top + l->page <= l->cursor)
        l->top = l->cursor - l->page + 1;
    if (l->top > l->count - l->page)
        l->top = l->count - l->page;
    if (l->top < 0)
        l->top = 0;
}

void
list_set_count(struct list *l, int count)
{
    if (l->can_tick && count > l->count) {
        l->ticks = mem_grow(l->ticks, (size_t)count, 1);
        memset(l->ticks + l->count, 0, (size_t)(count - l->count));
    }
    l->count = count < 0 ? 0 : count;
    settle(l);
}

static enum act_result
move_to(struct list *l, int row)
{
    int before = l->cursor;
    l->cursor = row;
    settle(l);
    return l->cursor == before ? ACT_HANDLED : ACT_REDRAW;
}

/* A page moves the view by a page and keeps the cursor's place in it. */
static enum act_result
page(struct list *l, int by)
{
    l->top += by;
    if (l->top > l->count - l->page)
        l->top = l->count - l->page;
    if (l->top < 0)
        l->top = 0;
    l->cursor += by;
    settle(l);
    return ACT_REDRAW;
}

static enum act_result
tick(struct list *l)
{
    if (!l->count)
        return ACT_HANDLED;
    l->ticks[l->cursor] = !l->ticks[l->cursor];
    move_to(l, l->cursor + 1);
    return ACT_REDRAW;
}

static enum act_result
tick_all(struct list *l)
{
    int on = list_ticked_count(l) < l->count;
    for (int i = 0; i < l->count; i++)
        l->ticks[i] = (unsigned char)on;
    return ACT_REDRAW;
}

enum act_result
list_act(struct app *app, struct list *l, const struct act *act)
{
    bool vi = app_options(app)->vi_keys;
    switch (act->key.code) {
    case K_UP:
        return move_to(l, l->cursor - 1);
    case K_DOWN:
        return move_to(l, l->cursor + 1);
    case K_HOME:
        return move_to(l, 0);
    case K_END:
        return move_to(l, l->count - 1);
    case K_PGUP:
    case K_F(7):
    case '-':
        return page(l, -l->page);
    case K_PGDN:
    case K_F(8):
    case '+':
        return page(l, l->page);
    case ' ':
        return l->can_tick ? tick(l) : ACT_IGNORED;
    case 'a':
        return l->can_tick ? tick_all(l) : ACT_IGNORED;
    case 'j':
        return vi ? move_to(l, l->cursor + 1) : ACT_IGNORED;
    case 'k':
        return vi ? move_to(l, l->cursor - 1) : ACT_IGNORED;
    default:
        return ACT_IGNORED;
    }
}

void
list_draw(struct app *app, struct list *l, const struct pane *p, bool active,
          void (*row)(void *arg, int index, const struct pane *p), void *arg)
{
    l->page = p->rows > 0 ? p->rows : 1;
    settle(l);
    for (int i = l->top; i < l->count && i < l->top + p->rows; i++) {
        int r = i - l->top, col = 3;
        if (l->can_tick)
            col = pane_put(p, r, col, ROLE_TEXT, l->ticks[i] ? "[x] " : "[ ] ");
        struct pane one = pane_sub(p, r, col, 1, -1);
        row(arg, i, &one);
        if (i != l->cursor || !active)
            continue;
        pane_put(p, r, 1, ROLE_TEXT, ">");
        if (!app_options(app)->marker_only)
            pane_role(p, r, 0, p->cols, ROLE_VALD);
        pane_cursor(p, r, 1);
    }
}

void
list_place(const struct list *l, char *out, int size)
{
    out[0] = '\0';
    if (l->count)
        snprintf(out, (size_t)size, _("row %d of %d"), l->cursor + 1, l->count);
}

bool
list_ticked(const struct list *l, int index)
{
    return l->can_tick && index >= 0 && index < l->count && l->ticks[index];
}

void
list_tick(struct list *l, int index, bool on)
{
    if (l->can_tick && index >= 0 && index < l->count)
        l->ticks[index] = on;
}

int
list_ticked_count(const struct list *l)
{
    int n = 0;
    for (int i = 0; l->can_tick && i < l->count; i++)
        n += l->ticks[i];
    return n;
}

/* ---- search ---- */

static bool
holds(const char *needle, const char *text)
{
    AUTO_ARENA struct arena *a = arena_new(1u << 20);
    const char *folded = text_fold(a, text);
    return folded && strstr(folded, needle);
}

bool
list_next(struct app *app, struct list *l,
          void (*text)(void *arg, int index, struct buf *out), void *arg)
{
    for (int i = 1; l->needle && i <= l->count; i++) {
        int at = (l->cursor + i) % l->count;
        AUTO_BUF(b, 8192);
        text(arg, at, &b);
        if (!holds(l->needle, buf_str(&b)))
            continue;
        move_to(l, at);
        app_redraw(app);
        return true;
    }
    app_message(app, MSG_OBS, _("Nothing like that in the list."), NULL);
    return false;
}

struct search {
    struct list *list;
    void (*text)(void *arg, int index, struct buf *out);
    void *arg;
};

static void
searched(struct app *app, void *arg, const char *needle)
{
    struct search *s = arg;
    if (needle && *needle) {
        AUTO_ARENA struct arena *a = arena_new(1u << 16);
        const char *folded = text_fold(a, needle);
        mem_free_str(&s->list->needle);
        s->list->needle = mem_strdup(folded ? folded : needle);
        list_next(app, s->list, s->text, s->arg);
    }
    free(s);
}

void
list_search(struct app *app, struct list *l,
            void (*text)(void *arg, int index, struct buf *out), void *arg)
{
    struct search *s = mem_alloc(sizeof *s);
    *s = (struct search){l, text, arg};
    app_prompt(app, _("Search:"), searched, s);
}
