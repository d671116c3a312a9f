/* SPDX-License-Identifier: EUPL-1.2
 *
 * A program of three screens on tui alone: a list with ticks and search, a
 * form, a question. The terminal tests drive it; it is not installed and its
 * persons are invented. demo [skarp|ovning] [rows]; env ENFRAGA_DEMO_FORM=f,
 * esc or bokstav chooses the key line, ENFRAGA_DEMO_IDLE=SECONDS the lock.
 */
#include "config.h"

#include "base/i18n.h"
#include "base/loop.h"
#include "base/mem.h"
#include "tui/app.h"
#include "tui/dialog.h"
#include "tui/form.h"
#include "tui/list.h"

#include <event2/event.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static int rows_wanted = 40;

/* ---- the lock ---- */

static enum act_result
lock_act(struct app *app, void *self, const struct act *act)
{
    (void)app, (void)self;
    return act->key.code == K_ENTER ? ACT_CLOSE : ACT_HANDLED;
}

static void
lock_head(struct app *app, void *self, struct head *h)
{
    (void)app, (void)self;
    h->kind = MSG_OBS;
    snprintf(h->message, sizeof h->message, "Låst. Enter låser upp.");
}

static void
lock_draw(struct app *app, void *self, const struct pane *body)
{
    (void)app, (void)self;
    pane_put(body, 0, 1, ROLE_RUBRIK, "Låst");
}

static const struct keymap_row lock_rows[] = {{ACTION_ENTER, N_("Open")}};
static const struct keymap lock_keys = KEYMAP(lock_rows);
static const struct screen_ops lock_screen = {.name = "Lås",
                                              .keymap = &lock_keys,
                                              .head = lock_head,
                                              .draw = lock_draw,
                                              .act = lock_act};

static void
lock(struct app *app, void *arg, bool lost)
{
    (void)arg;
    if (lost) {
        app_quit(app, 0);
        return;
    }
    term_wipe(app_term(app));
    app_cover(app, &lock_screen, NULL);
}

/* ---- the form ---- */

enum { NAMN, NUMMER, HEMLIGT, MANAD, SOKANDE, MEDSOKANDE, FRAGA, FIELDS };

struct form_state {
    struct field fields[FIELDS];
    struct form form;
};

static void *
form_open(struct app *app, void *arg)
{
    static const char *const months[] = {"september", "oktober", "november",
                                         NULL};
    (void)app, (void)arg;
    struct form_state *s = mem_alloc(sizeof *s);
    s->fields[NAMN] =
        (struct field){.kind = FIELD_TEXT, .help = "Namnet som det skrivs."};
    s->fields[NUMMER] = (struct field){.kind = FIELD_PERSONNUMMER};
    s->fields[HEMLIGT] = (struct field){.kind = FIELD_SECRET};
    s->fields[MANAD] =
        (struct field){.kind = FIELD_VALUE, .label = "Månad", .values = months};
    s->fields[SOKANDE] =
        (struct field){.kind = FIELD_RADIO, .label = "Sökande", .on = true};
    s->fields[MEDSOKANDE] =
        (struct field){.kind = FIELD_RADIO, .label = "Medsökande"};
    s->fields[FRAGA] =
        (struct field){.kind = FIELD_BUTTON, .label = "Ställ frågan"};
    form_init(&s->form, s->fields, FIELDS);
    return s;
}

static void
form_close(struct app *app, void *self)
{
    (void)app;
    form_done(&((struct form_state *)self)->form);
    free(self);
}

static void
form_paint(struct app *app, void *self, const struct pane *p)
{
    static const char *const labels[] = {
        "Namn", "Personnummer", "Lösenfras", "Månad", "Om vem", "", ""};
    struct form_state *s = self;
    int col = app_linear(app) ? 1 : 16;
    for (int i = 0, row = 1; i < FIELDS; i++, row++) {
        pane_put(p, row, 1, ROLE_TEXT, labels[i]);
        if (app_linear(app) && *labels[i])
            row++;
        form_draw(&s->form, i, p, row, col, 20);
    }
}

static void
answered(struct app *app, void *arg, int button, const char *reason)
{
    (void)arg;
    char s[400];
    if (button == 0) {
        app_message(app, MSG_OBS, "Inget skickades.", NULL);
        return;
    }
    snprintf(s, sizeof s, "Skälet är: %s", reason);
    app_message(app, MSG_KLART, s, "Skälet står i loggen.");
}

static enum act_result
form_do(struct app *app, void *self, const struct act *act)
{
    static const struct dialog question = {
        .question = "Elsa Persson är barn (12 år). Varför frågar du "
                    "Arbetsförmedlingen om henne?",
        .reason = true,
        .reasons = {"ersätter kollega idag", "utredning pågår"},
        .buttons = {"Nej, gå tillbaka", "Fråga om barnet"},
    };
    struct form_state *s = self;
    if (act->action == ACTION_ASK) {
        dialog_open(app, &question, answered, s);
        return ACT_HANDLED;
    }
    switch (form_act(app, &s->form, act)) {
    case FORM_IGNORED:
        return ACT_IGNORED;
    case FORM_BUTTON:
        dialog_open(app, &question, answered, s);
        return ACT_HANDLED;
    default:
        return ACT_REDRAW;
    }
}

static bool
form_types(struct app *app, void *self)
{
    (void)app;
    return form_typing(&((struct form_state *)self)->form);
}

static bool
form_keeps(struct app *app, void *self)
{
    (void)app;
    return form_unsaved(&((struct form_state *)self)->form);
}

static const char *
form_says(struct app *app, void *self)
{
    (void)app;
    return form_help(&((struct form_state *)self)->form);
}

static const struct keymap_row form_rows[] = {
    {ACTION_ASK, NULL},  {ACTION_PANE, NULL}, {ACTION_VALUES, NULL},
    {ACTION_HELP, NULL}, {ACTION_BACK, NULL},
};
static const struct keymap form_keys = KEYMAP(form_rows);
static const struct screen_ops form_screen = {.name = "Formulär",
                                              .keymap = &form_keys,
                                              .open = form_open,
                                              .close = form_close,
                                              .draw = form_paint,
                                              .act = form_do,
                                              .typing = form_types,
                                              .unsaved = form_keeps,
                                              .help = form_says};

/* ---- the list ---- */

struct list_state {
    struct list list;
};

static void
row_text(void *arg, int index, struct buf *out)
{
    static const char *const names[] = {"Haile, Selam", "Åström, Örjan",
                                        "Bergström-Szczepankiewicz, Małgorzata",
                                        "Wallin, Per-Erik", "王小明"};
    (void)arg;
    buf_addf(out, "EK-2026-%05d  %s", index + 1, names[index % 5]);
}

static void
list_row(void *arg, int index, const struct pane *p)
{
    AUTO_BUF(b, 256);
    row_text(arg, index, &b);
    pane_put_cut(p, 0, 0, p->cols - 1, ROLE_TEXT, buf_str(&b));
}

static void *
list_open(struct app *app, void *arg)
{
    (void)app, (void)arg;
    struct list_state *s = mem_alloc(sizeof *s);
    list_init(&s->list, true);
    list_set_count(&s->list, rows_wanted);
    return s;
}

static void
list_close(struct app *app, void *self)
{
    (void)app;
    list_done(&((struct list_state *)self)->list);
    free(self);
}

static void
list_head(struct app *app, void *self, struct head *h)
{
    (void)app, (void)self;
    snprintf(h->case_left, sizeof h->case_left,
             "EK-2026-00417  Sökande %%  Medsökande +");
    snprintf(h->tabs, sizeof h->tabs, "[1 Översikt]  2 AF+  3 CSN0  4 FK%%");
}

static void
list_paint(struct app *app, void *self, const struct pane *body)
{
    struct list_state *s = self;
    struct pane left, right;
    char place[40];
    if (app_split(app, body, 79, &left, &right))
        pane_put(&right, 0, 1, ROLE_RUBRIK, "Rader");
    list_place(&s->list, place, sizeof place);
    pane_heading(&left, 0, "Mina ärenden", place);
    struct pane rows = pane_sub(&left, 1, 0, -1, -1);
    list_draw(app, &s->list, &rows, true, list_row, s);
}

static enum act_result
list_do(struct app *app, void *self, const struct act *act)
{
    struct list_state *s = self;
    switch (act->action) {
    case ACTION_ENTER:
        app_push(app, &form_screen, NULL);
        return ACT_HANDLED;
    case ACTION_SEARCH:
        list_search(app, &s->list, row_text, s);
        return ACT_HANDLED;
    case ACTION_SEARCH_NEXT:
        list_next(app, &s->list, row_text, s);
        return ACT_HANDLED;
    case ACTION_LEAVE:
        app_quit(app, 0);
        return ACT_HANDLED;
    default:
        return list_act(app, &s->list, act);
    }
}

static const struct keymap_row list_rows[] = {
    {ACTION_ENTER, NULL}, {ACTION_SEARCH, NULL},     {ACTION_SEARCH_NEXT, ""},
    {ACTION_TICK, NULL},  {ACTION_HELP, NULL},       {ACTION_LOCK, NULL},
    {ACTION_MENU, NULL},  {ACTION_LEAVE, N_("End")},
};
static const struct keymap list_keys = KEYMAP(list_rows);
static const struct screen_ops list_screen = {.name = "Prov",
                                              .keymap = &list_keys,
                                              .open = list_open,
                                              .close = list_close,
                                              .head = list_head,
                                              .draw = list_paint,
                                              .act = list_do};

/* ---- the program ---- */

static void
no_key(void *arg, const struct key *key)
{
    (void)arg, (void)key;
}

int
main(int argc, char **argv)
{
    static const struct term_calls none = {.key = no_key};
    const char *form = getenv("ENFRAGA_DEMO_FORM");
    const char *idle = getenv("ENFRAGA_DEMO_IDLE");
    struct app_options o = {.lock = lock};
    struct app_identity id = {.who = "A. Ek (hl0142)", .kommun = "Sundby"};
    struct term_options to = {0};
    struct err e;
    struct term *term;
    i18n_init();
    if (argc > 1 && !strcmp(argv[1], "ovning"))
        id.mode = APP_OVNING;
    if (argc > 2)
        rows_wanted = (int)strtol(argv[2], NULL, 10);
    if (form)
        o.keyline = !strcmp(form, "esc")       ? KEYLINE_ESC
                    : !strcmp(form, "bokstav") ? KEYLINE_LETTER
                                               : KEYLINE_F;
    o.idle_s = idle ? (int)strtol(idle, NULL, 10) : 0;
    struct event_base *base = loop_new();
    if (term_open(base, &to, &none, NULL, &term, &e) != ERR_OK) {
        fprintf(stderr, "%s\n", e.text);
        return err_row(e.code)->exit;
    }
    struct app *app = app_new(base, term, 0, 0, &o);
    app_identity_set(app, &id);
    app_push(app, &list_screen, NULL);
    int status = app_run(app);
    app_free(&app);
    term_close(&term);
    event_base_free(base);
    return status;
}
