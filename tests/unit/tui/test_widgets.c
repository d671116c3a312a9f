/* SPDX-License-Identifier: EUPL-1.2
 *
 * Proves the editing of fields (readline's keys, UTF-8, personnummer,
 * passphrase), the list's movements, ticks and search, and that the keys of
 * the maps are single. On a grid, without a terminal.
 */
#include "config.h"

#include "tui/form.h"
#include "tui/list.h"

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

/* ---- form ---- */

static struct form f;

static void
feed(const char *names)
{
    while (*names) {
        char name[16] = "";
        size_t n = strcspn(names, " ");
        memcpy(name, names, n);
        struct act a = {ACTION_KEY, {key_by_name(name), NULL}, -1};
        assert_int_not_equal(a.key.code, K_NONE);
        form_act(app, &f, &a);
        names += n + (names[n] == ' ');
    }
}

static void
a_field_has_readlines_habits(void **state)
{
    (void)state;
    struct field fields[2] = {{.kind = FIELD_TEXT}, {.kind = FIELD_SECRET}};
    form_init(&f, fields, 2);
    feed("e n Space \xc3\xa5 t v \xc3\xa5");
    assert_string_equal(form_text(&f, 0), "en \xc3\xa5tv\xc3\xa5");
    feed("BackSpace C-a Del");
    assert_string_equal(form_text(&f, 0), "n \xc3\xa5tv");
    feed("M-f C-k");
    assert_string_equal(form_text(&f, 0), "n");
    feed("C-y C-y");
    assert_string_equal(form_text(&f, 0), "n \xc3\xa5tv \xc3\xa5tv");
    feed("C-w C-w M-b Left C-d");
    assert_string_equal(form_text(&f, 0), " ");
    feed("C-e C-u x y Left C-u");
    assert_string_equal(form_text(&f, 0), "y");
    assert_true(form_unsaved(&f));
    /* What is taken out of a passphrase cannot be put back anywhere. */
    feed("Tab h e j C-u BackTab C-e C-y");
    assert_string_equal(form_text(&f, 0), "yx");
    assert_string_equal(form_text(&f, 1), "");
    form_done(&f);
    assert_int_equal(fields[0].text[0], 0);
}

static void
a_field_never_passes_its_ceiling(void **state)
{
    (void)state;
    struct field fields[1] = {{.kind = FIELD_TEXT, .max = 5}};
    form_init(&f, fields, 1);
    feed("a b c d \xc3\xa5"); /* two bytes do not fit in one */
    assert_string_equal(form_text(&f, 0), "abcd");
    struct act paste = {ACTION_KEY, {K_PASTE, "1234567890"}, -1};
    form_act(app, &f, &paste);
    assert_string_equal(form_text(&f, 0), "abcd1");
    form_done(&f);
    fields[0] = (struct field){.kind = FIELD_TEXT};
    form_init(&f, fields, 1);
    for (int i = 0; i < 400; i++)
        feed("\xc3\xb6");
    assert_int_equal(strlen(form_text(&f, 0)), 254);
    form_done(&f);
}

static void
personnummer_takes_digits_in_any_form(void **state)
{
    (void)state;
    char digits[13];
    struct field fields[1] = {{.kind = FIELD_PERSONNUMMER}};
    form_init(&f, fields, 1);
    struct act paste = {ACTION_KEY, {K_PASTE, "1985 03 12 - 9804\n"}, -1};
    form_act(app, &f, &paste);
    assert_string_equal(form_text(&f, 0), "19850312-9804");
    feed("x 1");
    assert_string_equal(form_text(&f, 0), "19850312-9804");
    assert_true(form_personnummer(form_text(&f, 0), digits));
    assert_string_equal(digits, "198503129804");
    assert_true(form_personnummer("850312+9804", digits));
    assert_string_equal(digits, "8503129804");
    assert_false(form_personnummer("8503129", digits));
    assert_false(form_personnummer("19850312-98041", digits));
    assert_false(form_personnummer("", digits));
    form_done(&f);
}

static void
a_passphrase_shows_stars(void **state)
{
    (void)state;
    struct field fields[1] = {{.kind = FIELD_SECRET}};
    struct grid *g = grid_new(1, 12);
    struct pane p = grid_pane(g);
    form_init(&f, fields, 1);
    feed("h \xc3\xa5 j");
    form_draw(&f, 0, &p, 0, 1, 8);
    AUTO_BUF(b, 64);
    grid_to_text(g, &b);
    assert_string_equal(buf_str(&b), " ***_____\n");
    assert_int_equal(g->cursor_col, 4);
    form_done(&f);
    grid_free(&g);
}

static void
a_long_text_scrolls_with_the_cursor(void **state)
{
    (void)state;
    struct field fields[1] = {{.kind = FIELD_TEXT}};
    struct grid *g = grid_new(1, 8);
    struct pane p = grid_pane(g);
    form_init(&f, fields, 1);
    feed("a b c d e f g h");
    form_draw(&f, 0, &p, 0, 0, 5);
    AUTO_BUF(b, 64);
    grid_to_text(g, &b);
    assert_string_equal(buf_str(&b), "efgh_\n");
    assert_int_equal(g->cursor_col, 4);
    feed("Home");
    form_draw(&f, 0, &p, 0, 0, 5);
    assert_int_equal(g->cursor_col, 0);
    assert_string_equal(grid_cell(g, 0, 0)->text, "a");
    form_done(&f);
    grid_free(&g);
}

static void
ticks_radios_and_fields_that_are_off(void **state)
{
    (void)state;
    struct field fields[4] = {
        {.kind = FIELD_TICK, .label = "a"},
        {.kind = FIELD_RADIO, .label = "b", .group = 1, .on = true},
        {.kind = FIELD_RADIO, .label = "c", .group = 1, .off = true},
        {.kind = FIELD_RADIO, .label = "d", .group = 1}};
    form_init(&f, fields, 4);
    feed("Space Down Down Space");
    assert_true(form_on(&f, 0));
    assert_false(form_on(&f, 1));
    assert_true(form_on(&f, 3));
    assert_int_equal(f.focus, 3);
    feed("Down");
    assert_int_equal(f.focus, 0);
    form_done(&f);
}

/* ---- list ---- */

static void
list_key(struct list *l, const char *name)
{
    struct act a = {ACTION_KEY, {key_by_name(name), NULL}, -1};
    list_act(app, l, &a);
}

static void
row_text(void *arg, int index, struct buf *out)
{
    (void)arg;
    buf_addf(out, "rad %d %s", index, index % 3 ? "A" : "\xc3\x96rjan");
}

static void
a_list_moves_ticks_and_searches(void **state)
{
    (void)state;
    struct list l;
    char place[40];
    list_init(&l, true);
    list_set_count(&l, 10);
    l.page = 4;
    list_key(&l, "Down");
    list_key(&l, "PgDn");
    assert_int_equal(l.cursor, 5);
    assert_int_equal(l.top, 4);
    list_key(&l, "End");
    list_key(&l, "Down");
    assert_int_equal(l.cursor, 9);
    list_key(&l, "Space");
    assert_true(list_ticked(&l, 9));
    list_key(&l, "a");
    assert_int_equal(list_ticked_count(&l), 10);
    list_key(&l, "a");
    assert_int_equal(list_ticked_count(&l), 0);
    list_place(&l, place, sizeof place);
    assert_non_null(strstr(place, "10"));
    l.cursor = 1;
    l.needle = mem_strdup("\xc3\xb6rjan");
    assert_true(list_next(app, &l, row_text, NULL));
    assert_int_equal(l.cursor, 3);
    l.cursor = 9;
    assert_true(list_next(app, &l, row_text, NULL));
    assert_int_equal(l.cursor, 0);
    mem_free_str(&l.needle);
    l.needle = mem_strdup("finns inte");
    assert_false(list_next(app, &l, row_text, NULL));
    list_tick(&l, 2, true);
    list_set_count(&l, 3);
    assert_int_equal(l.cursor, 0);
    assert_true(list_ticked(&l, 2));
    list_set_count(&l, 0);
    list_key(&l, "Down");
    list_key(&l, "Space");
    assert_int_equal(l.cursor, 0);
    list_done(&l);
}

/* ---- keymap ---- */

static void
keys_are_single_and_every_action_has_one(void **state)
{
    static const struct keymap_row twice[] = {
        {ACTION_SORT, NULL}, {ACTION_STATUS, NULL}, {ACTION_SORT, NULL}};
    static const struct keymap bad = KEYMAP(twice);
    static const struct keymap_row own[] = {{ACTION_HELP, NULL},
                                            {ACTION_STATUS, NULL}};
    static const struct keymap good = KEYMAP(own);
    (void)state;
    AUTO_BUF(why, 4096);
    assert_false(keymap_check(&bad, &why));
    assert_true(keymap_check(&good, &why));
    for (int a = ACTION_KEY + 1; a < ACTION_COUNT; a++) {
        assert_int_not_equal(action_key((enum action)a), K_NONE);
        assert_true(*action_row((enum action)a)->label);
        assert_true(*action_row((enum action)a)->help);
    }
    assert_int_equal(keymap_find(&good, K_F(1), true), ACTION_HELP);
    assert_int_equal(keymap_find(&good, '?', true), ACTION_KEY);
    assert_int_equal(keymap_find(&good, '?', false), ACTION_HELP);
    assert_int_equal(keymap_find(&good, K_ESC, true), ACTION_BACK);
    assert_int_equal(keymap_find(&good, K_CTRL('L'), true), ACTION_REDRAW);
}

static void
check_key(enum action a, enum keyline_form form, int fkeys, bool typing,
          const char *want)
{
    AUTO_BUF(b, 64);
    action_key_text(a, form, fkeys, typing, &b);
    assert_string_equal(buf_str(&b), want);
}

static void
a_key_is_called_what_the_terminal_has(void **state)
{
    (void)state;
    check_key(ACTION_ASK, KEYLINE_F, 12, false, "F5");
    check_key(ACTION_ASK, KEYLINE_F, 4, false, "r");
    check_key(ACTION_ASK, KEYLINE_F, 4, true, "Esc 5");
    check_key(ACTION_ASK, KEYLINE_ESC, 12, false, "Esc 5");
    check_key(ACTION_ASK, KEYLINE_LETTER, 12, false, "r");
    check_key(ACTION_MENU, KEYLINE_ESC, 12, false, "Esc 0");
    check_key(ACTION_DETAILS, KEYLINE_ESC, 12, false, "Esc +");
    check_key(ACTION_BACK, KEYLINE_LETTER, 12, true, "Esc Esc");
    check_key(ACTION_ENTER, KEYLINE_LETTER, 12, true, "Enter");
}

int
main(void)
{
#define ON_APP(f) cmocka_unit_test_setup_teardown(f, make, unmake)
    const struct CMUnitTest tests[] = {
        ON_APP(a_field_has_readlines_habits),
        ON_APP(a_field_never_passes_its_ceiling),
        ON_APP(personnummer_takes_digits_in_any_form),
        ON_APP(a_passphrase_shows_stars),
        ON_APP(a_long_text_scrolls_with_the_cursor),
        ON_APP(ticks_radios_and_fields_that_are_off),
        ON_APP(a_list_moves_ticks_and_searches),
        ON_APP(keys_are_single_and_every_action_has_one),
        ON_APP(a_key_is_called_what_the_terminal_has),
    };
    int r = cmocka_run_group_tests(tests, NULL, NULL);
    return r;
}
