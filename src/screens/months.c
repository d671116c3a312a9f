/* SPDX-License-Identifier: EUPL-1.2
 *
 * The months of UX 8: M-2, M-1, the change between them, M, and in a
 * one-person view what the applicant stated. Columns are rows of a table; a
 * narrow terminal shows some of them and steps with F7 and F8.
 */
#include "config.h"

#include "screens/picture.h"

#include "base/i18n.h"
#include "base/text.h"

#include <stdio.h>
#include <string.h>

enum col { COL_M2, COL_M1, COL_KR, COL_PCT, COL_M, COL_STATED, COL_DIFF };

struct column {
    enum col col;
    int end; /* the cell ends here */
};

static const struct column household[] = {
    {COL_M2, 36}, {COL_M1, 46}, {COL_KR, 56}, {COL_PCT, 65}, {COL_M, 80}};
static const struct column one[] = {
    {COL_M2, 30}, {COL_M1, 39},     {COL_KR, 47},  {COL_PCT, 53},
    {COL_M, 62},  {COL_STATED, 71}, {COL_DIFF, 80}};
/* Narrow: two at a time from 60 columns, one at a time below. */
static const enum col folded[][2] = {
    {COL_M1, COL_M}, {COL_M2, COL_M1}, {COL_KR, COL_PCT}};
static const enum col single[] = {COL_M1, COL_M, COL_M2, COL_KR};

static int
columns(struct app *app, const struct picture *p, int cols,
        struct column out[8])
{
    if (app_linear(app)) {
        out[0] = (struct column){single[p->fold % 4], cols};
        return 1;
    }
    if (app_narrow(app)) {
        out[0] = (struct column){folded[p->fold % 3][0], cols - 14};
        out[1] = (struct column){folded[p->fold % 3][1], cols};
        return 2;
    }
    const struct column *from = p->person < 0 ? household : one;
    int n = p->person < 0 ? 5 : 7;
    memcpy(out, from, n * sizeof(*from));
    return n;
}

bool
picture_so_far(const struct picture *p)
{
    struct date last = month_last(month_add(p->m, -1));
    return date_compare(last, date_today()) >= 0;
}

/* "Okt M-1"; "hittills" while the month goes on. */
static void
heading(const struct picture *p, enum col c, bool brief, char out[40])
{
    static const int back[] = {[COL_M2] = -2, [COL_M1] = -1, [COL_M] = 0};
    static const char *const name[] = {
        [COL_M2] = "M-2", [COL_M1] = "M-1", [COL_M] = "M"};
    switch (c) {
    case COL_KR:
        snprintf(out, 40, "%s", brief ? _("Chg") : _("Chg kr"));
        return;
    case COL_PCT:
        snprintf(out, 40, "%s", brief ? _("Chg%") : _("Chg %"));
        return;
    case COL_STATED:
        snprintf(out, 40, "%s", _("Stated"));
        return;
    case COL_DIFF:
        snprintf(out, 40, "%s", _("Diff."));
        return;
    default:
        break;
    }
    if (c == COL_M1 && picture_so_far(p))
        snprintf(out, 40, "%s", _("so far"));
    else
        snprintf(out, 40, "%s %s", rows_month_short(month_add(p->m, back[c])),
                 name[c]);
}

static const struct month_cell unknown = {.kind = CELL_UNKNOWN};
static const struct month_cell not_asked = {.kind = CELL_NOT_ASKED};

static const struct month_cell *
cell(const struct picture *p, const struct month_line *m, int back)
{
    if (!m->row)
        return &unknown;
    int i = overview_month(p->v, month_add(p->m, back));
    return i < 0 ? &not_asked : &m->row->cell[i];
}

/* Change in kronor or percent between two cells: "ny", "?", "-20". */
static void
change(const struct picture *p, const struct month_cell *from,
       const struct month_cell *to, bool percent, char out[40])
{
    struct money kronor;
    int pct;
    bool has;
    if (picture_so_far(p)) {
        snprintf(out, 40, "-");
        return;
    }
    if (from->kind == CELL_NOT_ASKED || to->kind == CELL_NOT_ASKED) {
        snprintf(out, 40, ".");
        return;
    }
    if (!overview_change(from, to, &kronor, &pct, &has)) {
        snprintf(out, 40, "?");
        return;
    }
    if (!percent) {
        money_kronor_text(kronor, out);
        return;
    }
    if (has)
        snprintf(out, 40, "%d", pct);
    else if (from->kind == CELL_ZERO && to->kind == CELL_ZERO)
        snprintf(out, 40, "0");
    else if (from->kind == CELL_ZERO)
        snprintf(out, 40, "%s", _("new"));
    else
        snprintf(out, 40, "-");
}

static void
cell_text(const struct picture *p, const struct month_line *m, enum col c,
          char out[40])
{
    struct money stated = picture_stated(p, m);
    const struct month_cell *m1 = cell(p, m, -1);
    switch (c) {
    case COL_M2:
        parts_cell(cell(p, m, -2), out);
        return;
    case COL_M1:
        parts_cell(m1, out);
        return;
    case COL_M:
        parts_cell(cell(p, m, 0), out);
        return;
    case COL_KR:
    case COL_PCT:
        change(p, cell(p, m, -2), m1, c == COL_PCT, out);
        return;
    case COL_STATED:
        if (stated.given)
            money_kronor_text(stated, out);
        else
            snprintf(out, 40, ".");
        return;
    case COL_DIFF:
        break;
    }
    if (!stated.given)
        snprintf(out, 40, ".");
    else if (m1->kind == CELL_UNKNOWN || m1->kind == CELL_NOT_ASKED)
        snprintf(out, 40, "?");
    else
        money_kronor_text(
            money_sub(m1->kind == CELL_ZERO ? money_kronor(0) : m1->sum,
                      stated),
            out);
}

/* The sum of a month as a cell; `known` is its edge. */
static struct month_cell
sum_cell(const struct picture *p, int back, bool *known)
{
    int i = overview_month(p->v, month_add(p->m, back));
    struct month_cell c = {.kind = CELL_ZERO, .sum = money_kronor(0)};
    *known = true;
    if (i < 0)
        return c;
    *known = p->v->sums[i].known;
    c.sum = p->v->sums[i].netto;
    if (c.sum.given && c.sum.ore != 0)
        c.kind = CELL_AMOUNT;
    return c;
}

static struct money
stated_sum(const struct picture *p)
{
    struct money sum = MONEY_NONE;
    for (int i = 0; i < p->n_stated; i++) {
        if (!p->stated[i].sum.given)
            continue;
        sum = sum.given ? money_add(sum, p->stated[i].sum) : p->stated[i].sum;
    }
    return sum;
}

static void
sum_text(const struct picture *p, enum col c, char out[40])
{
    bool known2, known1, known0;
    struct month_cell m2 = sum_cell(p, -2, &known2),
                      m1 = sum_cell(p, -1, &known1),
                      m = sum_cell(p, 0, &known0);
    struct money stated = stated_sum(p);
    char text[40];
    bool known = true;
    switch (c) {
    case COL_M2:
        parts_cell(&m2, text);
        known = known2;
        break;
    case COL_M1:
        parts_cell(&m1, text);
        known = known1;
        break;
    case COL_M:
        parts_cell(&m, text);
        known = known0;
        break;
    case COL_KR:
    case COL_PCT:
        known = known1 && known2;
        if (c == COL_PCT && !known) {
            snprintf(out, 40, "?");
            return;
        }
        change(p, &m2, &m1, c == COL_PCT, text);
        break;
    case COL_STATED:
    case COL_DIFF:
        if (!stated.given)
            snprintf(out, 40, ".");
        else if (c == COL_STATED)
            money_kronor_text(stated, out);
        else if (!known1)
            snprintf(out, 40, "?");
        else
            money_kronor_text(money_sub(m1.sum, stated), out);
        return;
    }
    /* Nothing known at all is no sum: "? 0" would look like a zero. */
    if (!known && strcmp(text, "0") == 0)
        text[0] = '\0';
    snprintf(out, 40, "%s%.30s", known ? "" : text[0] ? "? " : "?", text);
}

/* Where a narrow table's persons stand: before the first cell. */
#define WHO_NARROW(end) ((end)-3 - 14)

struct draw_arg {
    struct app *app;
    struct picture *p;
    int cols;
};

/* Cells for a name in front of its first cell. */
static int
name_width(const struct picture *p, const struct column *first,
           const char *cell)
{
    int width = first->end - text_width(cell) - 1 - 3;
    if (p->person < 0 && width > 19)
        width = 19;
    return width > 4 ? width : 4;
}

static void
draw_line(void *arg, int index, const struct pane *pane)
{
    struct draw_arg *d = arg;
    struct picture *p = d->p;
    struct column c[8];
    char text[40];
    int n = columns(d->app, p, d->cols, c);
    if (index >= p->n_lines) {
        pane_put_cut(pane, 0, 0, pane->cols, ROLE_TEXT,
                     _("The sources answered: no payments in the period."));
        return;
    }
    const struct month_line *m = &p->lines[index];
    cell_text(p, m, c[0].col, text);
    int name = name_width(p, &c[0], text);
    if (p->person < 0) {
        char who[64];
        int at = d->cols < 80 ? WHO_NARROW(c[0].end) : 20;
        parts_who(p->g, p->who[m->person], WHO_BRIEF, who, sizeof(who));
        pane_put_cut(pane, 0, at, 3, ROLE_TEXT, who);
        name = at - 1;
    }
    pane_put_cut(pane, 0, 0, name, ROLE_TEXT, m->label);
    for (int i = 0; i < n; i++) {
        cell_text(p, m, c[i].col, text);
        parts_put_cell(pane, 0, c[i].end - 3, text);
    }
}

/* "FK Sjukpenning 4 920 (Med, 11-25)", all of a kind on one line. */
static bool
listed(const struct picture *p, enum row_kind kind, struct buf *out)
{
    bool any = false;
    for (int i = 0; i < p->rows->n; i++) {
        const struct row *r = &p->rows->row[i];
        char sum[32], day[11];
        if (r->kind != kind)
            continue;
        buf_addf(out, "%s%s", any ? ", " : "",
                 rows_benefit(p->rows->arena, r->source, r->label, r->text));
        if (r->netto.given) {
            money_kronor_text(r->netto, sum);
            buf_addf(out, " %s", sum);
        }
        date_text(r->date, day);
        const char *shown = day[0] ? day + 5 : _("no date");
        if (p->person < 0 && r->person >= 0 && r->person < p->n_who) {
            char who[64];
            parts_who(p->g, p->who[r->person], WHO_BRIEF, who, sizeof(who));
            buf_addf(out, " (%s, %s)", who, shown);
        } else {
            buf_addf(out, " (%s)", shown);
        }
        any = true;
    }
    return any;
}

enum { BESIDE_ROWS = 3 };

/* "Väntas: ..." in at most three rows, the last cut with "~"; 0: nothing to
 * say. Without a pane it only counts. */
static int
beside(const struct picture *p, enum row_kind kind, const char *word,
       const struct pane *body, int row, int cols)
{
    AUTO_BUF(text, 16384);
    AUTO_BUF(cut, 16384);
    int width = (cols < 80 ? cols : 80) - 4;
    buf_adds(&text, word);
    if (!listed(p, kind, &text))
        return 0;
    int rows = pane_wrap_rows(buf_str(&text), width);
    int most = cols < 60 ? 1 : BESIDE_ROWS;
    if (rows > most) {
        /* Wrapping leaves room at the end of rows: cut well before. */
        text_cut(&cut, buf_str(&text),
                 most == 1 ? width : width * most - width / 2);
        rows = most;
    } else {
        buf_adds(&cut, buf_str(&text));
    }
    if (body)
        pane_wrap(body, row, 3, width, rows, ROLE_TEXT, buf_str(&cut));
    return rows;
}

int
months_fixed(const struct picture *p, int cols, bool tight)
{
    return 2 + !tight +
           beside(p, ROW_EXPECTED, _("Expected: "), NULL, 0, cols) +
           beside(p, ROW_OUTSIDE, _("Outside the sum: "), NULL, 0, cols);
}

static void
draw_below(const struct picture *p, const struct pane *body, int row,
           bool tight)
{
    int cols = body->cols;
    char text[160];
    row += beside(p, ROW_EXPECTED, _("Expected: "), body, row, cols);
    row += beside(p, ROW_OUTSIDE, _("Outside the sum: "), body, row, cols);
    if (tight)
        return;
    snprintf(text, sizeof(text), "%s %s",
             _("Wages, Swish and accounts are not in SSBTEK."),
             _("The answer is not kept."));
    pane_put_cut(body, row, 1, (cols < 80 ? cols : 80) - 1, ROLE_TEXT, text);
}

void
months_draw(struct app *app, struct picture *p, const struct pane *body,
            int row, int list_rows, bool active)
{
    struct column c[8];
    int cols = body->cols, n = columns(app, p, cols, c);
    struct draw_arg d = {app, p, cols};
    char text[40];
    pane_put(body, row, 1, ROLE_RUBRIK, _("Paid net, kr"));
    if (p->person < 0)
        pane_put(body, row, cols < 80 ? 3 + WHO_NARROW(c[0].end) : 23,
                 ROLE_RUBRIK, _("Who"));
    for (int i = 0; i < n; i++) {
        heading(p, c[i].col, p->person >= 0, text);
        pane_put_right(body, row, c[i].end, ROLE_RUBRIK, text);
    }
    struct pane list = pane_sub(body, row + 1, 0, list_rows, -1);
    list_draw(app, &p->month, &list, active, draw_line, &d);
    row += 1 + list_rows;
    sum_text(p, c[0].col, text);
    pane_put_cut(body, row, 3, name_width(p, &c[0], text), ROLE_TEXT,
                 _("Sum from the sources"));
    for (int i = 0; i < n; i++) {
        sum_text(p, c[i].col, text);
        parts_put_cell(body, row, c[i].end, text);
    }
    draw_below(p, body, row + 1, body->rows < TIGHT_ROWS);
}
