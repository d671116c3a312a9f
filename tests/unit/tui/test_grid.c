/* SPDX-License-Identifier: EUPL-1.2
 *
 * Proves that a pane keeps all drawing inside it, wide and combining letters
 * and characters that steer a terminal included, and that text is cut, broken
 * and aligned by cell. Leaves out what a terminal makes of it (tests/e2e).
 */
#include "config.h"

#include "tui/grid.h"

#include "base/text.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static void
check_text(struct grid *g, const char *want)
{
    AUTO_BUF(b, 4096);
    grid_to_text(g, &b);
    assert_string_equal(buf_str(&b), want);
}

/* All cells outside rows 1-2, columns 2-9 are as they were. */
static void
check_frame(const struct grid *g)
{
    for (int r = 0; r < g->rows; r++)
        for (int c = 0; c < g->cols; c++)
            if (r < 1 || r > 2 || c < 2 || c > 9)
                assert_string_equal(grid_cell(g, r, c)->text, ".");
}

static void
nothing_leaves_its_pane(void **state)
{
    static const char *const hostile[] = {
        "a very long text that goes on and on",
        "\033[2J\033[1;1Hx",
        "\xe7\x8e\x8b\xe5\xb0\x8f\xe6\x98\x8e\xe7\x8e\x8b\xe5\xb0\x8f",
        "e\xcc\x81\xcc\x82\xcc\x83\xcc\x84\xcc\x85\xcc\x86\xcc\x87\xcc\x88",
        "\xe2\x80\xae"
        "abc\xe2\x80\x8f",
        "\xff\xfe\x80 bad",
        "tab\there\nline\rreturn",
    };
    (void)state;
    struct grid *g = grid_new(4, 12);
    for (size_t i = 0; i < sizeof hostile / sizeof *hostile; i++) {
        grid_reset(g, 4, 12);
        struct pane all = grid_pane(g), p = pane_sub(&all, 1, 2, 2, 8);
        for (int r = 0; r < 4; r++)
            pane_put(&all, r, 0, ROLE_TEXT, "............");
        for (int col = -3; col < 10; col++) {
            pane_put(&p, 0, col, ROLE_TEXT, hostile[i]);
            pane_put(&p, -1, col, ROLE_TEXT, hostile[i]);
            pane_put(&p, 2, col, ROLE_TEXT, hostile[i]);
            pane_put_cut(&p, 1, col, 20, ROLE_VALD, hostile[i]);
            pane_put_right(&p, 1, col, ROLE_TEXT, hostile[i]);
            pane_wrap(&p, 0, col, 5, 9, ROLE_TEXT, hostile[i]);
        }
        check_frame(g);
        AUTO_BUF(b, 4096);
        grid_to_text(g, &b);
        for (size_t k = 0; k < b.len; k++)
            assert_true(b.data[k] == '\n' || (unsigned char)b.data[k] >= 0x20);
        assert_true(text_is_utf8(b.data, b.len));
        assert_null(strstr(b.data, "\xe2\x80\xae"));
    }
    grid_free(&g);
}

static void
a_wide_letter_is_whole_or_not_there(void **state)
{
    (void)state;
    struct grid *g = grid_new(1, 5);
    struct pane p = grid_pane(g);
    assert_int_equal(pane_put(&p, 0, 0, ROLE_TEXT,
                              "\xe7\x8e\x8b\xe5\xb0\x8f"
                              "\xe6\x98\x8e"),
                     4);
    check_text(g, "\xe7\x8e\x8b\xe5\xb0\x8f\n");
    pane_put(&p, 0, 1, ROLE_TEXT, "x");
    check_text(g, " x\xe5\xb0\x8f\n");
    pane_put(&p, 0, 2, ROLE_TEXT, "y");
    check_text(g, " xy\n");
    grid_free(&g);
}

static void
marks_stay_with_their_letter(void **state)
{
    (void)state;
    struct grid *g = grid_new(1, 4);
    struct pane p = grid_pane(g);
    assert_int_equal(pane_put(&p, 0, 0, ROLE_TEXT, "e\xcc\x81x"), 2);
    assert_string_equal(grid_cell(g, 0, 0)->text, "e\xcc\x81");
    assert_string_equal(grid_cell(g, 0, 1)->text, "x");
    grid_free(&g);
}

static void
text_is_cut_and_padded_by_cell(void **state)
{
    (void)state;
    struct grid *g = grid_new(4, 12);
    struct pane p = grid_pane(g);
    assert_int_equal(pane_put_cut(&p, 0, 0, 6, ROLE_TEXT,
                                  "\xc3\x85str\xc3\xb6"
                                  "m Berg"),
                     6);
    pane_put_cut(&p, 1, 0, 6, ROLE_VALD, "ab");
    pane_put_right(&p, 2, 12, ROLE_TEXT, "8 620");
    pane_put_cut(&p, 3, 0, 4, ROLE_TEXT, "a\xe7\x8e\x8b\xe5\xb0\x8f");
    check_text(g, "\xc3\x85str\xc3\xb6~\nab\n       8 620\na\xe7\x8e\x8b~\n");
    assert_int_equal(grid_cell(g, 1, 5)->role, ROLE_VALD);
    assert_int_equal(grid_cell(g, 1, 6)->role, ROLE_TEXT);
    grid_free(&g);
}

static void
long_text_breaks_at_spaces(void **state)
{
    (void)state;
    struct grid *g = grid_new(5, 10);
    struct pane p = grid_pane(g);
    const char *s = "ett tv\xc3\xa5 tre fyra\nfem abcdefghijklm";
    assert_int_equal(pane_wrap_rows(s, 8), 5);
    assert_int_equal(pane_wrap(&p, 0, 1, 8, 4, ROLE_TEXT, s), 4);
    check_text(g, " ett tv\xc3\xa5\n tre fyra\n fem\n abcdefgh\n\n");
    assert_int_equal(pane_wrap_rows("", 8), 0);
    grid_free(&g);
}

static void
a_box_is_lines_with_an_ascii_form(void **state)
{
    (void)state;
    struct grid *g = grid_new(3, 4);
    struct pane p = grid_pane(g);
    pane_box(&p);
    check_text(g, "+--+\n|  |\n+--+\n");
    assert_int_equal(grid_cell(g, 0, 0)->line, LINE_UL);
    pane_put(&p, 0, 1, ROLE_TEXT, "F");
    assert_int_equal(grid_cell(g, 0, 1)->line, LINE_NONE);
    grid_free(&g);
}

static void
roles_can_be_read(void **state)
{
    (void)state;
    struct grid *g = grid_new(2, 6);
    struct pane p = grid_pane(g);
    pane_put(&p, 0, 0, ROLE_OBS, "Obs:");
    pane_put(&p, 1, 0, ROLE_TEXT, "x");
    AUTO_BUF(b, 256);
    grid_to_roles(g, &b);
    assert_string_equal(buf_str(&b), "Obs:\n~oooo\nx\n");
    grid_free(&g);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(nothing_leaves_its_pane),
        cmocka_unit_test(a_wide_letter_is_whole_or_not_there),
        cmocka_unit_test(marks_stay_with_their_letter),
        cmocka_unit_test(text_is_cut_and_padded_by_cell),
        cmocka_unit_test(long_text_breaks_at_spaces),
        cmocka_unit_test(a_box_is_lines_with_an_ascii_form),
        cmocka_unit_test(roles_can_be_read),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
