/* SPDX-License-Identifier: EUPL-1.2 */
#include "config.h"

#include "tui/grid.h"

#include "base/mem.h"
#include "base/text.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct grid *
grid_new(int rows, int cols)
{
    struct grid *g = mem_alloc(sizeof *g);
    grid_reset(g, rows, cols);
    return g;
}

void
grid_free(struct grid **gp)
{
    struct grid *g = *gp;
    if (!g)
        return;
    if (g->cells)
        mem_wipe(g->cells,
                 (size_t)g->rows * (size_t)g->cols * sizeof *g->cells);
    free(g->cells);
    free(g);
    *gp = NULL;
}

void
grid_reset(struct grid *g, int rows, int cols)
{
    rows = rows < 1 ? 1 : rows;
    cols = cols < 1 ? 1 : cols;
    size_t n = (size_t)rows * (size_t)cols;
    if (rows != g->rows || cols != g->cols || !g->cells) {
        free(g->cells);
        g->cells = mem_alloc(n * sizeof *g->cells);
        g->rows = rows;
        g->cols = cols;
    }
    static const struct cell blank = {.text = " "};
    for (size_t i = 0; i < n; i++)
        g->cells[i] = blank;
    g->cursor_row = g->cursor_col = -1;
}

static struct cell *
at(const struct grid *g, int row, int col)
{
    if (row < 0 || col < 0 || row >= g->rows || col >= g->cols)
        return NULL;
    return &g->cells[(size_t)row * (size_t)g->cols + (size_t)col];
}

const struct cell *
grid_cell(const struct grid *g, int row, int col)
{
    return at(g, row, col);
}

void
grid_to_text(const struct grid *g, struct buf *out)
{
    for (int r = 0; r < g->rows; r++) {
        int last = g->cols;
        while (last > 0 && !strcmp(at(g, r, last - 1)->text, " "))
            last--;
        for (int c = 0; c < last; c++)
            buf_adds(out, at(g, r, c)->text);
        buf_addc(out, '\n');
    }
}

void
grid_to_roles(const struct grid *g, struct buf *out)
{
    static const char letters[] = ".RVFof?OS";
    for (int r = 0; r < g->rows; r++) {
        int last = g->cols;
        while (last > 0 && !strcmp(at(g, r, last - 1)->text, " "))
            last--;
        for (int c = 0; c < last; c++)
            buf_adds(out, at(g, r, c)->text);
        buf_addc(out, '\n');
        last = g->cols;
        while (last > 0 && at(g, r, last - 1)->role == ROLE_TEXT)
            last--;
        if (!last)
            continue;
        buf_addc(out, '~');
        for (int c = 0; c < last; c++)
            buf_addc(out, letters[at(g, r, c)->role]);
        buf_addc(out, '\n');
    }
}

struct pane
grid_pane(struct grid *g)
{
    return (struct pane){g, 0, 0, g->rows, g->cols};
}

struct pane
pane_sub(const struct pane *p, int row, int col, int rows, int cols)
{
    row = row < 0 ? 0 : row > p->rows ? p->rows : row;
    col = col < 0 ? 0 : col > p->cols ? p->cols : col;
    if (rows == -1 || rows > p->rows - row)
        rows = p->rows - row;
    if (cols == -1 || cols > p->cols - col)
        cols = p->cols - col;
    rows = rows < 0 ? 0 : rows; /* what a sum of rows came to */
    cols = cols < 0 ? 0 : cols;
    return (struct pane){p->grid, p->row + row, p->col + col, rows, cols};
}

static struct cell *
pane_at(const struct pane *p, int row, int col)
{
    if (row < 0 || col < 0 || row >= p->rows || col >= p->cols)
        return NULL;
    return at(p->grid, p->row + row, p->col + col);
}

/* A wide letter that loses one half loses the other too. */
static void
unpair(const struct pane *p, int row, int col)
{
    int r = p->row + row, c = p->col + col;
    struct cell *here = at(p->grid, r, c), *next = at(p->grid, r, c + 1);
    if (!here->text[0]) {
        struct cell *before = at(p->grid, r, c - 1);
        if (before)
            memcpy(before->text, " ", 2);
    }
    if (next && !next->text[0])
        memcpy(next->text, " ", 2);
}

static void
set(const struct pane *p, int row, int col, enum role role, const char *s,
    int len)
{
    struct cell *c = pane_at(p, row, col);
    unpair(p, row, col);
    memset(c->text, 0, sizeof c->text);
    memcpy(c->text, s, (size_t)len);
    c->role = (unsigned char)role;
    c->line = LINE_NONE;
}

/* Puts one letter; returns the cells it took, -1 where it does not fit. */
static int
letter(const struct pane *p, int row, int col, int end, enum role role,
       uint32_t cp, const char *s, int len)
{
    int w = text_cp_width(cp);
    if (cp == 0xfffd || text_cp_steers(cp) || w < 0) {
        s = "?";
        len = w = 1;
    }
    if (w == 0) { /* a mark: with its base, as far as there is room */
        int back = col - 1;
        struct cell *c = pane_at(p, row, back);
        if (c && !c->text[0])
            c = pane_at(p, row, --back);
        size_t have = c ? strlen(c->text) : 0;
        if (have && have + (size_t)len < CELL_TEXT)
            memcpy(c->text + have, s, (size_t)len);
        return 0;
    }
    if (col + w > end)
        return -1;
    if (col < 0)
        return w;
    if (w == 2) {
        unpair(p, row, col + 1);
        struct cell *half = pane_at(p, row, col + 1);
        memset(half->text, 0, sizeof half->text);
        half->role = (unsigned char)role;
        half->line = LINE_NONE;
        struct cell *c = pane_at(p, row, col);
        if (!c->text[0])
            unpair(p, row, col);
        memset(c->text, 0, sizeof c->text);
        memcpy(c->text, s, (size_t)len);
        c->role = (unsigned char)role;
        c->line = LINE_NONE;
        return 2;
    }
    set(p, row, col, role, s, len);
    return 1;
}

/* Up to column `end`, at most n bytes. */
static int
put(const struct pane *p, int row, int col, int end, enum role role,
    const char *s, size_t n)
{
    if (row < 0 || row >= p->rows)
        return col;
    if (end > p->cols)
        end = p->cols;
    int len;
    uint32_t cp;
    for (size_t i = 0; i < n && (cp = text_next(s + i, &len)) != 0;
         i += (size_t)len) {
        int w = letter(p, row, col, end, role, cp, s + i, len);
        if (w < 0)
            break;
        col += w;
    }
    return col;
}

int
pane_put(const struct pane *p, int row, int col, enum role role, const char *s)
{
    return put(p, row, col, p->cols, role, s, strlen(s));
}

int
pane_putf(const struct pane *p, int row, int col, enum role role,
          const char *fmt, ...)
{
    char s[1024];
    va_list ap;
    va_start(ap, fmt);
    vsnprintf(s, sizeof s, fmt, ap);
    va_end(ap);
    return pane_put(p, row, col, role, s);
}

int
pane_put_cut(const struct pane *p, int row, int col, int width, enum role role,
             const char *s)
{
    if (col + width > p->cols)
        width = p->cols - col;
    if (width <= 0)
        return col;
    int end = col + width, at_col;
    if (text_width(s) <= width) {
        at_col = put(p, row, col, end, role, s, strlen(s));
    } else {
        size_t n = text_fit(s, width - 1);
        at_col = put(p, row, col, end, role, s, n);
        at_col = put(p, row, at_col, end, role, "~", 1);
    }
    while (at_col < end)
        at_col =
            put(p, row, at_col, end, role, " ", 1) > at_col ? at_col + 1 : end;
    return end;
}

void
pane_put_right(const struct pane *p, int row, int end, enum role role,
               const char *s)
{
    int w = text_width(s);
    if (end > p->cols)
        end = p->cols;
    if (w > end)
        pane_put_cut(p, row, 0, end, role, s);
    else
        put(p, row, end - w, end, role, s, strlen(s));
}

/* Bytes of the next line of s that fits; *skip the bytes to the line after. */
static size_t
next_line(const char *s, int width, size_t *skip)
{
    size_t fit = text_fit(s, width), end = strcspn(s, "\n");
    if (end <= fit) {
        *skip = end + (s[end] == '\n');
        return end;
    }
    size_t n = fit;
    if (s[n] != ' ')
        while (n > 0 && s[n - 1] != ' ')
            n--;
    if (n == 0)
        n = fit ? fit : 1; /* one word wider than the line */
    size_t to = n;
    while (s[to] == ' ')
        to++;
    while (n > 0 && s[n - 1] == ' ')
        n--;
    *skip = to;
    return n;
}

int
pane_wrap(const struct pane *p, int row, int col, int width, int max_rows,
          enum role role, const char *s)
{
    int used = 0;
    if (width < 1)
        return 0;
    while (*s) {
        size_t skip, n = next_line(s, width, &skip);
        if (max_rows > 0 && used < max_rows)
            put(p, row + used, col, col + width, role, s, n);
        used++;
        s += skip;
        if (max_rows > 0 && used == max_rows)
            break;
    }
    return used;
}

int
pane_wrap_rows(const char *s, int width)
{
    return pane_wrap(NULL, 0, 0, width, 0, ROLE_TEXT, s);
}

void
pane_heading(const struct pane *p, int row, const char *left, const char *right)
{
    int end = p->cols - 1;
    if (right && *right) {
        pane_put_right(p, row, end, ROLE_TEXT, right);
        end -= text_width(right) + 1;
    }
    if (text_width(left) <= end - 1)
        pane_put(p, row, 1, ROLE_RUBRIK, left);
    else
        pane_put_cut(p, row, 1, end - 1, ROLE_RUBRIK, left);
}

void
pane_blank(const struct pane *p, int row, int col, int rows, int cols)
{
    struct pane s = pane_sub(p, row, col, rows, cols);
    for (int r = 0; r < s.rows; r++)
        for (int c = 0; c < s.cols; c++)
            set(&s, r, c, ROLE_TEXT, " ", 1);
}

void
pane_role(const struct pane *p, int row, int col, int cols, enum role role)
{
    struct pane s = pane_sub(p, row, col, 1, cols);
    for (int c = 0; s.rows && c < s.cols; c++)
        pane_at(&s, 0, c)->role = (unsigned char)role;
}

static void
line(const struct pane *p, int row, int col, enum line_part part)
{
    static const char ascii[] = " -|++++";
    if (!pane_at(p, row, col))
        return;
    set(p, row, col, ROLE_TEXT, &ascii[part], 1);
    pane_at(p, row, col)->line = (unsigned char)part;
}

void
pane_box(const struct pane *p)
{
    int b = p->rows - 1, r = p->cols - 1;
    for (int c = 1; c < r; c++) {
        line(p, 0, c, LINE_H);
        line(p, b, c, LINE_H);
    }
    for (int row = 1; row < b; row++) {
        line(p, row, 0, LINE_V);
        line(p, row, r, LINE_V);
    }
    line(p, 0, 0, LINE_UL);
    line(p, 0, r, LINE_UR);
    line(p, b, 0, LINE_LL);
    line(p, b, r, LINE_LR);
}

void
pane_vline(const struct pane *p, int col)
{
    for (int row = 0; row < p->rows; row++)
        line(p, row, col, LINE_V);
}

void
pane_cursor(const struct pane *p, int row, int col)
{
    row = row < 0 ? 0 : row >= p->rows ? p->rows - 1 : row;
    col = col < 0 ? 0 : col >= p->cols ? p->cols - 1 : col;
    p->grid->cursor_row = p->row + row;
    p->grid->cursor_col = p->col + col;
}
