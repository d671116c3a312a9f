/* SPDX-License-Identifier: EUPL-1.2
 *
 * Proves what the stack of screens promises: a popped screen's state outlives
 * its callback, row 24 has only keys that work, messages stay until a key,
 * the question dialog asks for its reason, the cover hides everything, a
 * terminal that is too small shows nothing. On a grid, without a terminal.
 */
#include "config.h"

#include "tui/dialog.h"

#include "base/mem.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static struct app *app;

static int
make(void **state)
{
    (void)state;
    static const struct app_options o = {0};
    struct app_identity id = {.who = "A. Ek (hl0142)", .kommun = "Sundby"};
    app = app_new(NULL, NULL, 24, 80, &o);
    app_identity_set(app, &id);
    return 0;
}

static int
unmake(void **state)
{
    (void)state;
    app_free(&app);
    return 0;
}

static const char *
screen(void)
{
    static struct buf b = {.max = 1u << 16};
    buf_clear(&b);
    grid_to_text(app_grid(app), &b);
    return buf_str(&b);
}

static void
press(const char *names)
{
    while (*names) {
        char name[16] = "";
        size_t n = strcspn(names, " ");
        memcpy(name, names, n);
        struct key k = {key_by_name(name), NULL};
        assert_int_not_equal(k.code, K_NONE);
        app_key(app, &k);
        names += n + (names[n] == ' ');
    }
}

static int closed, loaded;

struct thing {
    int alive;
};

static void *
thing_open(struct app *a, void *arg)
{
    (void)a, (void)arg;
    struct thing *t = mem_alloc(sizeof *t);
    t->alive = 1;
    return t;
}

static void
thing_close(struct app *a, void *self)
{
    (void)a;
    closed++;
    free(self);
}

static void
thing_load(struct app *a, void *self)
{
    (void)a, (void)self;
    loaded++;
}

static void
thing_draw(struct app *a, void *self, const struct pane *body)
{
    (void)a, (void)self;
    pane_put(body, 0, 1, ROLE_TEXT, "hemlig uppgift");
}

static int answer;
static char given[64];

static void
answered(struct app *a, void *arg, int button, const char *reason)
{
    (void)a, (void)arg;
    answer = button;
    snprintf(given, sizeof given, "%s", reason);
}

static const struct screen_ops thing_screen;

static enum act_result
thing_act(struct app *a, void *self, const struct act *act)
{
    struct thing *t = self;
    const struct dialog d = {.question = "Elsa ar barn. Varfor?",
                             .reason = true,
                             .reasons = {"utredning"},
                             .buttons = {"Nej", "Ja"}};
    if (act->action == ACTION_ASK) {
        dialog_open(a, &d, answered, NULL);
        return ACT_HANDLED;
    }
    if (act->action == ACTION_NEXT) {
        app_pop(a);
        assert_int_equal(t->alive, 1); /* still there */
        app_push(a, &thing_screen, NULL);
        assert_int_equal(t->alive, 1);
        return ACT_HANDLED;
    }
    return ACT_IGNORED;
}

static bool
thing_can(struct app *a, void *self, enum action action)
{
    (void)a, (void)self;
    return action != ACTION_SORT;
}

static const struct keymap_row thing_rows[] = {
    {ACTION_ASK, NULL}, {ACTION_SORT, NULL}, {ACTION_NEXT, NULL}};
static const struct keymap thing_keys = KEYMAP(thing_rows);
static const struct screen_ops thing_screen = {.name = "Sak",
                                               .keymap = &thing_keys,
                                               .open = thing_open,
                                               .close = thing_close,
                                               .load = thing_load,
                                               .draw = thing_draw,
                                               .act = thing_act,
                                               .can = thing_can};

static void
screens_come_and_go(void **state)
{
    (void)state;
    closed = loaded = 0;
    app_push(app, &thing_screen, NULL);
    app_push(app, &thing_screen, NULL);
    assert_int_equal(loaded, 2);
    assert_non_null(strstr(screen(), "hemlig uppgift"));
    press("N");
    screen();
    assert_int_equal(closed, 1);
    press("F12");
    screen();
    assert_int_equal(closed, 2);
    assert_true(loaded >= 4); /* the one below is loaded again */
    press("F12");             /* the lowest stays */
    screen();
    assert_int_equal(closed, 2);
    assert_ptr_equal(app_top(app), &thing_screen);
}

static void
row_24_has_only_keys_that_work(void **state)
{
    (void)state;
    app_push(app, &thing_screen, NULL);
    const char *s = screen();
    assert_non_null(strstr(s, "F5 "));
    assert_non_null(strstr(s, "N "));
    assert_null(strstr(s, "s Sort"));
    struct app_identity id = {.who = "E. Lev (elev)", .mode = APP_OVNING};
    app_identity_set(app, &id);
    assert_int_equal(strncmp(screen(), "TRAINING", 8), 0);
}

static void
a_question_needs_its_reason(void **state)
{
    (void)state;
    app_push(app, &thing_screen, NULL);
    answer = -1;
    press("F5 Enter"); /* the safe one is preset */
    assert_int_equal(answer, 0);
    answer = -1;
    press("F5 Tab Enter");
    assert_int_equal(answer, -1); /* no reason given */
    press("e g e t");
    assert_non_null(strstr(screen(), "eget"));
    press("Enter Enter");
    assert_int_equal(answer, 1);
    assert_string_equal(given, "eget");
    press("F5 1 Enter");
    assert_string_equal(given, "utredning");
    answer = -1;
    press("F5 Esc");
    assert_int_equal(answer, 0);
}

static void
messages_stay_until_a_key(void **state)
{
    (void)state;
    app_push(app, &thing_screen, NULL);
    app_message(app, MSG_FEL, "Ett fel.", "Den langa formen.");
    assert_non_null(strstr(screen(), "Ett fel."));
    assert_non_null(strstr(screen(), "Ett fel."));
    press("F1");
    assert_null(strstr(screen(), "Ett fel."));
    assert_non_null(strstr(screen(), "Den langa formen."));
    press("F12");
    assert_null(strstr(screen(), "Den langa"));
}

static void
cover_draw(struct app *a, void *self, const struct pane *body)
{
    (void)a, (void)self;
    pane_put(body, 0, 0, ROLE_TEXT, "last");
}

static const struct screen_ops cover_screen = {.name = "Las",
                                               .draw = cover_draw};

static void
the_cover_hides_all_that_happens(void **state)
{
    (void)state;
    app_push(app, &thing_screen, NULL);
    app_cover(app, &cover_screen, NULL);
    app_push(app, &thing_screen, NULL);
    app_message(app, MSG_OBS, "svar om Lindqvist", NULL);
    press("F1 F10 F3 F12");
    const char *s = screen();
    assert_null(strstr(s, "hemlig"));
    assert_null(strstr(s, "Lindqvist"));
    assert_non_null(strstr(s, "last"));
    app_uncover(app);
    s = screen();
    assert_non_null(strstr(s, "hemlig"));
    assert_non_null(strstr(s, "Lindqvist"));
}

static void
too_small_says_so_and_shows_nothing(void **state)
{
    (void)state;
    app_push(app, &thing_screen, NULL);
    app_resize(app, 15, 39);
    assert_null(strstr(screen(), "hemlig"));
    assert_non_null(strstr(screen(), "39x15"));
    app_resize(app, 16, 40);
    assert_non_null(strstr(screen(), "hemlig"));
}

static void
no_row_is_too_wide(void **state)
{
    (void)state;
    struct app_identity id = {.who = "Bergstrom-Szczepankiewicz (hl0142)",
                              .kommun = "Upplands Vasby kommun"};
    app_identity_set(app, &id);
    app_push(app, &thing_screen, NULL);
    app_message(app, MSG_OBS,
                "En mycket lang mening som inte far plats pa en rad av en "
                "skarm som bara har fyrtio kolumner, eller attio.",
                NULL);
    for (int cols = 40; cols <= 132; cols += 4) {
        app_resize(app, 24, cols);
        const struct grid *g = app_grid(app);
        assert_int_equal(g->cols, cols);
        assert_string_equal(grid_cell(g, 0, cols - 1)->text, "E"); /* LIVE */
    }
}

int
main(void)
{
#define ON_APP(f) cmocka_unit_test_setup_teardown(f, make, unmake)
    const struct CMUnitTest tests[] = {
        ON_APP(screens_come_and_go),
        ON_APP(row_24_has_only_keys_that_work),
        ON_APP(a_question_needs_its_reason),
        ON_APP(messages_stay_until_a_key),
        ON_APP(the_cover_hides_all_that_happens),
        ON_APP(too_small_says_so_and_shows_nothing),
        ON_APP(no_row_is_too_wide),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
