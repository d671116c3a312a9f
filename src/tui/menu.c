/* SPDX-License-Identifier: EUPL-1.2
 *
 * F10: all commands of the screen below, searched by typing.
 */
#include "config.h"

#include "base/i18n.h"
#include "base/mem.h"
#include "base/text.h"
#include "tui/dialog.h"
#include "tui/form.h"
#include "tui/list.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

struct menu {
    const struct keymap *keymap; /* of the screen below */
    enum action all[ACTION_COUNT], hits[ACTION_COUNT];
    int count;
    struct list list;
    struct field field;
    struct form form;
};

/* On the key line a label is a word among others; here it stands alone. */
static void
label(const struct menu *m, enum action a, struct buf *out)
{
    const char *s =
        a == ACTION_PANE ? _("Next pane") : keymap_label(m->keymap, a);
    if (*s)
        buf_addc(out, (char)toupper((unsigned char)*s));
    buf_adds(out, *s ? s + 1 : s);
}

static bool
matches(const struct menu *m, enum action a)
{
    AUTO_ARENA struct arena *arena = arena_new(1u << 16);
    AUTO_BUF(b, 1024);
    label(m, a, &b);
    buf_addf(&b, " %s", _(action_row(a)->help));
    const char *text = text_fold(arena, buf_str(&b));
    const char *needle = text_fold(arena, form_text(&m->form, 0));
    return text && needle && strstr(text, needle);
}

static void
search(struct menu *m)
{
    int n = 0;
    for (int i = 0; i < m->count; i++)
        if (matches(m, m->all[i]))
            m->hits[n++] = m->all[i];
    m->list.cursor = 0;
    list_set_count(&m->list, n);
}

static void *
menu_new(struct app *app, void *arg)
{
    (void)arg;
    struct menu *m = mem_alloc(sizeof *m);
    const struct screen_ops *ops = app_top(app);
    m->keymap = ops->keymap;
    for (int a = ACTION_KEY + 1; a < ACTION_COUNT; a++) {
        enum action it = (enum action)a;
        bool own = keymap_has(m->keymap, it);
        if (it == ACTION_MENU || it == ACTION_DIGIT || !own ||
            (it == ACTION_STATUS && !app_options(app)->status) ||
            (ops->can && !ops->can(app, app_top_state(app), it)))
            continue;
        m->all[m->count++] = it;
    }
    m->field.kind = FIELD_TEXT;
    m->field.keep = true;
    form_init(&m->form, &m->field, 1);
    list_init(&m->list, false);
    search(m);
    return m;
}

static void
menu_close(struct app *app, void *self)
{
    (void)app;
    struct menu *m = self;
    list_done(&m->list);
    form_done(&m->form);
    free(m);
}

struct drawing {
    struct app *app;
    struct menu *menu;
};

static void
menu_row(void *arg, int index, const struct pane *p)
{
    struct drawing *d = arg;
    enum action a = d->menu->hits[index];
    AUTO_BUF(keys, 64);
    AUTO_BUF(name, 128);
    label(d->menu, a, &name);
    int fkeys = app_term(d->app) ? term_fkeys(app_term(d->app)) : 12;
    enum keyline_form form = app_options(d->app)->keyline;
    action_key_text(a, form, fkeys, false, &keys);
    int width = app_linear(d->app) ? p->cols - 9 : 22;
    pane_put_cut(p, 0, 0, width, ROLE_TEXT, buf_str(&name));
    pane_put_cut(p, 0, width + 1, 8, ROLE_TEXT, buf_str(&keys));
    if (!app_linear(d->app))
        pane_put_cut(p, 0, width + 10, p->cols - width - 11, ROLE_TEXT,
                     _(action_row(a)->help));
}

static void
menu_draw(struct app *app, void *self, const struct pane *body)
{
    struct menu *m = self;
    struct drawing d = {app, m};
    char place[48];
    pane_blank(body, 0, 0, -1, -1);
    list_place(&m->list, place, sizeof place);
    pane_heading(body, 0, _("Menu: write to search"), place);
    struct pane rest = pane_sub(body, 2, 0, -1, -1);
    list_draw(app, &m->list, &rest, true, menu_row, &d);
    pane_put(body, 1, 1, ROLE_TEXT, ":");
    form_draw(&m->form, 0, body, 1, 3,
              body->cols - 4 < 40 ? body->cols - 4 : 40);
}

static enum act_result
menu_act(struct app *app, void *self, const struct act *act)
{
    struct menu *m = self;
    int code = act->key.code;
    if (code == K_ENTER) {
        int n = m->list.count, at = m->list.cursor;
        enum action a = n ? m->hits[at] : ACTION_KEY;
        app_pop(app);
        if (n)
            app_do(app, a);
        return ACT_HANDLED;
    }
    if (code == K_UP || code == K_DOWN || code == K_PGUP || code == K_PGDN)
        return list_act(app, &m->list, act);
    if (act->action == ACTION_MENU)
        return ACT_CLOSE;
    if (act->action == ACTION_BACK || act->action == ACTION_LOCK)
        return ACT_IGNORED;
    switch (form_act(app, &m->form, act)) {
    case FORM_CHANGED:
        search(m);
        return ACT_REDRAW;
    case FORM_IGNORED:
        return ACT_HANDLED;
    default:
        return ACT_REDRAW;
    }
}

static bool
menu_typing(struct app *app, void *self)
{
    (void)app, (void)self;
    return true;
}

static const struct keymap_row menu_rows[] = {
    {ACTION_ENTER, N_("Do it")},
    {ACTION_BACK, NULL},
};
static const struct keymap menu_keys = KEYMAP(menu_rows);

static const struct screen_ops menu_screen = {
    .name = N_("Menu"),
    .keymap = &menu_keys,
    .overlay = true,
    .open = menu_new,
    .close = menu_close,
    .draw = menu_draw,
    .act = menu_act,
    .typing = menu_typing,
};

void
menu_open(struct app *app)
{
    app_push(app, &menu_screen, NULL);
}
