/* SPDX-License-Identifier: EUPL-1.2
 *
 * Klarmarkering of the ticked checks: a digit takes a standard text and is
 * done, Enter marks without text or with the words typed (UX 8).
 */
#include "config.h"

#include "base/i18n.h"
#include "base/mem.h"
#include "screens/picture.h"
#include "screens/screens.h"
#include "screens/sourcetext.h"
#include "tui/dialog.h"
#include "tui/form.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct self {
    struct picture *p; /* of the screen below, which outlives this one */
    const char *texts[DIALOG_REASONS];
    struct field field;
    struct form form;
};

static void *
mark_open(struct app *app, void *arg)
{
    struct self *s = mem_alloc(sizeof(*s));
    (void)app;
    s->p = arg;
    sourcetext_marks(s->texts);
    s->field = (struct field){
        .kind = FIELD_TEXT, .label = "", .max = 120, .keep = true};
    form_init(&s->form, &s->field, 1);
    return s;
}

static void
mark_close(struct app *app, void *self)
{
    struct self *s = self;
    (void)app;
    form_done(&s->form);
    free(s);
}

static int
texts(const struct self *s)
{
    int n = 0;
    while (n < DIALOG_REASONS && s->texts[n])
        n++;
    return n;
}

static void
mark_draw(struct app *app, void *self, const struct pane *body)
{
    struct self *s = self;
    int n = texts(s), height = n + 5;
    struct pane box = pane_sub(body, body->rows - height, 0, height, -1);
    char text[160];
    (void)app;
    pane_blank(&box, 0, 0, box.rows, box.cols);
    pane_box(&box);
    snprintf(text, sizeof(text),
             ngettext("Mark %d ticked row done.", "Mark %d ticked rows done.",
                      list_ticked_count(&s->p->check)),
             list_ticked_count(&s->p->check));
    pane_put_cut(&box, 1, 2, box.cols - 4, ROLE_RUBRIK, text);
    for (int i = 0; i < n; i++) {
        snprintf(text, sizeof(text), "%d %.120s", i + 1, s->texts[i]);
        pane_put_cut(&box, 2 + i, 4, box.cols - 6, ROLE_TEXT, text);
    }
    int col = pane_put(&box, 2 + n, 2, ROLE_TEXT, _("Own words")) + 2;
    form_draw(&s->form, 0, &box, 2 + n, col, box.cols - col - 2);
    pane_put_cut(&box, 3 + n, 2, box.cols - 4, ROLE_TEXT,
                 _("1-9 marks with that text, Enter with your words or none. "
                   "It is logged."));
}

static enum act_result
mark_with(struct app *app, struct self *s, const char *text)
{
    picture_mark_ticked(s->p, text);
    app_message(app, MSG_KLART, _("The rows are marked done; it is logged."),
                NULL);
    return ACT_CLOSE;
}

static enum act_result
mark_act(struct app *app, void *self, const struct act *act)
{
    struct self *s = self;
    int code = act->key.code;
    if (!*form_text(&s->form, 0) && code >= '1' && code < '1' + texts(s))
        return mark_with(app, s, s->texts[code - '1']);
    switch (form_act(app, &s->form, act)) {
    case FORM_ENTER:
        return mark_with(app, s, form_text(&s->form, 0));
    case FORM_IGNORED:
        return ACT_IGNORED;
    default:
        return ACT_REDRAW;
    }
}

static bool
mark_typing(struct app *app, void *self)
{
    struct self *s = self;
    (void)app;
    return form_typing(&s->form);
}

static const struct keymap_row keys[] = {
    {ACTION_ENTER, N_("Mark done")},
    {ACTION_BACK, NULL},
    {ACTION_HELP, NULL},
};
static const struct keymap keymap = KEYMAP(keys);

const struct screen_ops mark_screen = {
    .name = N_("Mark done"),
    .keymap = &keymap,
    .overlay = true,
    .open = mark_open,
    .close = mark_close,
    .draw = mark_draw,
    .act = mark_act,
    .typing = mark_typing,
};
