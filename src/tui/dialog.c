/* SPDX-License-Identifier: EUPL-1.2 */
#include "config.h"

#include "tui/dialog.h"

#include "base/i18n.h"
#include "base/mem.h"
#include "base/text.h"
#include "tui/form.h"
#include "tui/list.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* ---- the question ---- */

/* Fields: the line (a reason or a passphrase) first, then the buttons. */
enum { LINE, BUTTON0 };

struct question {
    char *text, *consequence, *label;
    char *reasons[DIALOG_REASONS], *buttons[DIALOG_BUTTONS];
    bool line, required, quick;
    struct field fields[1 + DIALOG_BUTTONS];
    struct form form;
    void (*done)(struct app *, void *, int, const char *);
    void *arg;
};

struct opening {
    const struct dialog *d;
    void (*done)(struct app *, void *, int, const char *);
    void *arg;
};

static void *
question_open(struct app *app, void *arg)
{
    (void)app;
    const struct opening *o = arg;
    const struct dialog *d = o->d;
    struct question *q = mem_alloc(sizeof *q);
    q->text = mem_strdup(d->question);
    q->consequence = mem_strdup(d->consequence);
    q->line = d->reason || d->secret || d->line_label || d->reasons[0];
    q->required = d->reason || d->secret;
    q->quick = d->quick;
    q->label = mem_strdup(d->line_label ? d->line_label
                          : d->secret   ? _("Passphrase")
                                        : _("Reason (1-9 or own words)"));
    q->done = o->done;
    q->arg = o->arg;
    q->fields[LINE].kind = d->secret ? FIELD_SECRET : FIELD_TEXT;
    q->fields[LINE].off = !q->line;
    int count = BUTTON0;
    for (int i = 0; i < DIALOG_REASONS; i++)
        q->reasons[i] = mem_strdup(d->reasons[i]);
    for (int i = 0; i < DIALOG_BUTTONS && d->buttons[i]; i++) {
        q->buttons[i] = mem_strdup(d->buttons[i]);
        q->fields[count].kind = FIELD_BUTTON;
        q->fields[count++].label = q->buttons[i];
    }
    form_init(&q->form, q->fields, count);
    form_focus(&q->form, d->secret ? LINE : BUTTON0);
    return q;
}

static void
question_close(struct app *app, void *self)
{
    (void)app;
    struct question *q = self;
    form_done(&q->form);
    mem_free_str(&q->text);
    mem_free_str(&q->consequence);
    mem_free_str(&q->label);
    for (int i = 0; i < DIALOG_REASONS; i++)
        mem_free_str(&q->reasons[i]);
    for (int i = 0; i < DIALOG_BUTTONS; i++)
        mem_free_str(&q->buttons[i]);
    free(q);
}

static enum act_result
finish(struct app *app, struct question *q, int button)
{
    if (button > 0 && q->required && !*form_text(&q->form, LINE)) {
        form_focus(&q->form, LINE);
        app_message(app, MSG_OBS,
                    q->fields[LINE].kind == FIELD_SECRET
                        ? _("Write the passphrase, or go back.")
                        : _("Give a reason, or go back."),
                    NULL);
        return ACT_REDRAW;
    }
    char reason[FIELD_MAX];
    snprintf(reason, sizeof reason, "%s", form_text(&q->form, LINE));
    app_pop(app);
    q->done(app, q->arg, button, reason);
    mem_wipe(reason, sizeof reason);
    return ACT_HANDLED;
}

/* A digit takes a standard text while the line is empty. */
static enum act_result
standard(struct app *app, struct question *q, int digit)
{
    if (!q->line || digit < 1 || digit > DIALOG_REASONS ||
        *form_text(&q->form, LINE) || !q->reasons[digit - 1])
        return ACT_IGNORED;
    form_set_text(&q->form, LINE, q->reasons[digit - 1]);
    if (q->quick)
        return finish(app, q, 1);
    form_focus(&q->form, BUTTON0 + 1);
    return ACT_REDRAW;
}

static enum act_result
question_act(struct app *app, void *self, const struct act *act)
{
    struct question *q = self;
    const struct key *k = &act->key;
    if (k->code == K_ESC || k->code == K_F(12))
        return finish(app, q, 0);
    if (action_is_global(act->action) && k->code >= K_BASE)
        return act->action == ACTION_LEAVE || act->action == ACTION_MENU
                   ? ACT_HANDLED
                   : ACT_IGNORED; /* help, lock, redraw */
    if (k->code >= '1' && k->code <= '9' &&
        standard(app, q, k->code - '0') != ACT_IGNORED)
        return ACT_REDRAW;
    if (q->line && q->form.focus != LINE && k->code != ' ' &&
        (key_is_text(k) || k->code == K_PASTE))
        form_focus(&q->form, LINE);
    switch (form_act(app, &q->form, act)) {
    case FORM_BUTTON:
        return finish(app, q, q->form.focus - BUTTON0);
    case FORM_ENTER:
        if (q->fields[LINE].kind == FIELD_SECRET)
            return finish(app, q, 1);
        form_focus(&q->form,
                   *form_text(&q->form, LINE) ? BUTTON0 + 1 : BUTTON0);
        return ACT_REDRAW;
    case FORM_IGNORED:
        return ACT_HANDLED;
    default:
        return ACT_REDRAW;
    }
}

static int
buttons_width(const struct question *q)
{
    int w = 0;
    for (int i = 0; i < DIALOG_BUTTONS && q->buttons[i]; i++)
        w += text_width(q->buttons[i]) + 8;
    return w - 4;
}

static void
question_draw(struct app *app, void *self, const struct pane *body)
{
    struct question *q = self;
    (void)app;
    int cols = body->cols > 100 ? 100 : body->cols, inner = cols - 4;
    int rows = pane_wrap_rows(q->text, inner) + 3;
    if (q->consequence)
        rows += pane_wrap_rows(q->consequence, inner);
    bool stacked = text_width(q->label) + 12 > inner;
    bool narrow = buttons_width(q) > inner - 2;
    rows += (q->line ? 1 + stacked : 0) + (narrow ? q->form.count - 2 : 0);
    struct pane box = pane_sub(body, body->rows - rows, 0, rows, cols);
    pane_blank(&box, 0, 0, -1, -1);
    pane_box(&box);
    pane_putf(&box, 0, 3, ROLE_TEXT, " %s ", _("Question"));
    int row = 1;
    row += pane_wrap(&box, row, 2, inner, box.rows, ROLE_TEXT, q->text);
    if (q->consequence)
        row +=
            pane_wrap(&box, row, 2, inner, box.rows, ROLE_TEXT, q->consequence);
    if (q->line) {
        int col = pane_put(&box, row, 2, ROLE_TEXT, q->label) + 2;
        if (stacked) {
            row++;
            col = 2;
        }
        form_draw(&q->form, LINE, &box, row, col, cols - 2 - col);
        row++;
    }
    for (int i = BUTTON0, col = 4; i < q->form.count; i++) {
        int end = form_draw(&q->form, i, &box, row, col, 0);
        row += narrow;
        col = narrow ? 4 : end + 4;
    }
}

static bool
question_typing(struct app *app, void *self)
{
    (void)app;
    return form_typing(&((struct question *)self)->form);
}

static const char *
question_help(struct app *app, void *self)
{
    (void)app;
    const struct question *q = self;
    return q->line && q->reasons[0]
               ? _("A digit takes a standard text while the line is empty; or "
                   "write own words. Tab goes between the line and the "
                   "buttons, Enter presses the one that is marked. What you "
                   "write is kept in the log.")
               : _("Tab goes between the buttons, Enter presses the one that "
                   "is marked. The first one is always the safe one.");
}

static const struct keymap_row question_rows[] = {
    {ACTION_ENTER, N_("Choose")},
    {ACTION_PANE, NULL},
    {ACTION_HELP, NULL},
    {ACTION_BACK, N_("No, go back")},
};
static const struct keymap question_keys = KEYMAP(question_rows);

static const struct screen_ops question_screen = {
    .name = N_("Question"),
    .keymap = &question_keys,
    .overlay = true,
    .open = question_open,
    .close = question_close,
    .draw = question_draw,
    .act = question_act,
    .typing = question_typing,
    .help = question_help,
};

void
dialog_open(struct app *app, const struct dialog *d,
            void (*done)(struct app *app, void *arg, int button,
                         const char *reason),
            void *arg)
{
    struct opening o = {d, done, arg};
    app_drop_typeahead(app);
    app_push(app, &question_screen, &o);
}

/* ---- one of several ---- */

struct choice {
    char *title, **values;
    int count;
    struct list list;
    void (*done)(struct app *, void *, int);
    void *arg;
};

struct choosing {
    const char *title;
    const char *const *values;
    int current;
    void (*done)(struct app *, void *, int);
    void *arg;
};

static void *
choice_open(struct app *app, void *arg)
{
    (void)app;
    const struct choosing *o = arg;
    struct choice *c = mem_alloc(sizeof *c);
    while (o->values && o->values[c->count])
        c->count++;
    c->title = mem_strdup(o->title ? o->title : "");
    c->values = mem_alloc(((size_t)c->count + 1) * sizeof *c->values);
    for (int i = 0; i < c->count; i++)
        c->values[i] = mem_strdup(o->values[i]);
    c->done = o->done;
    c->arg = o->arg;
    list_init(&c->list, false);
    list_set_count(&c->list, c->count);
    c->list.cursor = o->current;
    return c;
}

static void
choice_close(struct app *app, void *self)
{
    (void)app;
    struct choice *c = self;
    for (int i = 0; i < c->count; i++)
        mem_free_str(&c->values[i]);
    free(c->values);
    mem_free_str(&c->title);
    list_done(&c->list);
    free(c);
}

static void
choice_row(void *arg, int index, const struct pane *p)
{
    const struct choice *c = arg;
    pane_put(p, 0, 0, ROLE_TEXT, c->values[index]);
}

static void
choice_draw(struct app *app, void *self, const struct pane *body)
{
    struct choice *c = self;
    int rows = c->count + 2 < body->rows ? c->count + 2 : body->rows;
    int cols = text_width(c->title) + 6;
    for (int i = 0; i < c->count; i++)
        if (text_width(c->values[i]) + 7 > cols)
            cols = text_width(c->values[i]) + 7;
    struct pane box = pane_sub(body, body->rows - rows, 0, rows, cols);
    pane_blank(&box, 0, 0, -1, -1);
    pane_box(&box);
    if (*c->title)
        pane_putf(&box, 0, 2, ROLE_TEXT, " %s ", c->title);
    struct pane in = pane_sub(&box, 1, 1, rows - 2, box.cols - 2);
    list_draw(app, &c->list, &in, true, choice_row, c);
}

static enum act_result
choice_act(struct app *app, void *self, const struct act *act)
{
    struct choice *c = self;
    bool back = act->action == ACTION_BACK;
    if (back || act->action == ACTION_ENTER) {
        app_pop(app);
        c->done(app, c->arg, back || !c->count ? -1 : c->list.cursor);
        return ACT_HANDLED;
    }
    return list_act(app, &c->list, act);
}

static const struct keymap_row choice_rows[] = {
    {ACTION_ENTER, N_("Choose")},
    {ACTION_HELP, NULL},
    {ACTION_BACK, NULL},
};
static const struct keymap choice_keys = KEYMAP(choice_rows);

static const struct screen_ops choice_screen = {
    .name = N_("List"),
    .keymap = &choice_keys,
    .overlay = true,
    .open = choice_open,
    .close = choice_close,
    .draw = choice_draw,
    .act = choice_act,
};

void
choose_open(struct app *app, const char *title, const char *const *values,
            int current, void (*done)(struct app *app, void *arg, int index),
            void *arg)
{
    struct choosing o = {title, values, current, done, arg};
    app_push(app, &choice_screen, &o);
}
