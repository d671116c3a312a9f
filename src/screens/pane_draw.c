/* SPDX-License-Identifier: EUPL-1.2 */
#include "config.h"

#include "base/i18n.h"
#include "base/text.h"
#include "screens/pane_own.h"

#include <stdio.h>
#include <string.h>

/* Columns of payments, counted from the list's first. */
enum { WHAT = 12, FOR = 30, GROSS = 53, TAX = 61, OTHER = 69, NET = 77 };
enum { DAYS = 50, AFTER_TAX = 64 };                   /* a-kassor */
enum { FROM = 37, TO = 49, EXTENT = 64, STATE = 65 }; /* decisions */

/* By nature not given here, or not given: "-" and "?". */
static void
put_sum(const struct pane *p, int end, struct money m, bool nature)
{
    char text[32];
    if (!m.given && nature)
        snprintf(text, sizeof(text), "-");
    else
        money_kronor_text(m, text);
    parts_put_cell(p, 0, end, text);
}

static void
heading_payments(const struct pane_self *s, const struct row *r,
                 const struct pane *p)
{
    bool fund = pane_source(s) == SOURCE_SO;
    pane_put(p, 0, 0, ROLE_RUBRIK, _("Date"));
    if (p->cols < 76) {
        pane_put(p, 0, WHAT, ROLE_RUBRIK, r->label);
        pane_put_right(p, 0, p->cols - 1, ROLE_RUBRIK, _("Net"));
        return;
    }
    pane_put(p, 0, WHAT, ROLE_RUBRIK, fund ? _("A-kassa") : _("Benefit"));
    pane_put(p, 0, FOR, ROLE_RUBRIK, _("For"));
    if (fund) {
        pane_put_right(p, 0, DAYS, ROLE_RUBRIK, _("Days"));
        pane_put_right(p, 0, AFTER_TAX, ROLE_RUBRIK, _("After tax"));
        pane_put_right(p, 0, NET, ROLE_RUBRIK, _("Paid out"));
        return;
    }
    pane_put_right(p, 0, GROSS, ROLE_RUBRIK, _("Gross"));
    pane_put_right(p, 0, TAX, ROLE_RUBRIK, _("Tax"));
    pane_put_right(p, 0, OTHER, ROLE_RUBRIK, _("Oth.ded"));
    pane_put_right(p, 0, NET, ROLE_RUBRIK, _("Net"));
}

static void
draw_payment(const struct pane_self *s, const struct row *r,
             const struct pane *p, bool details)
{
    char day[11], what[300];
    bool fund = r->source == SOURCE_SO, csn = r->source == SOURCE_CSN;
    date_text(r->date, day);
    pane_put(p, 0, 0, ROLE_TEXT, day[0] ? day : _("no date"));
    /* The state is never cut away: the name is. */
    bool code = details && r->code[0];
    const char *tail = code ? r->code : r->status;
    int room = FOR - WHAT - 1 - (tail[0] ? text_width(tail) + 1 : 0);
    AUTO_BUF(name, 1024);
    text_cut(&name, fund ? r->text : r->label, room > 4 ? room : 4);
    snprintf(what, sizeof(what), "%.200s%s%.60s", buf_str(&name),
             tail[0] ? " " : "", tail);
    if (p->cols < 76) {
        char sum[32];
        money_kronor_text(r->netto, sum);
        pane_put_cut(p, 0, WHAT, p->cols - WHAT - 2 - text_width(sum),
                     ROLE_TEXT, what);
        parts_put_cell(p, 0, p->cols - 1, sum);
        return;
    }
    pane_put_cut(p, 0, WHAT, FOR - WHAT - 1, ROLE_TEXT, what);
    char span[140];
    const struct answer *a = gathered_answer(s->g, s->person);
    parts_span(&a->question, r->fran, r->till, span, sizeof(span));
    pane_put_cut(p, 0, FOR, 16, ROLE_TEXT, span);
    if (fund) {
        pane_put_right(p, 0, DAYS, ROLE_TEXT, r->dagar ? r->dagar : "-");
        put_sum(p, AFTER_TAX, r->efter_skatt, false);
    } else {
        put_sum(p, GROSS, r->brutto, csn);
        put_sum(p, TAX, r->skatt, csn);
        put_sum(p, OTHER, r->avdrag, csn);
    }
    put_sum(p, NET, r->netto, false);
}

static void
heading_decisions(const struct row *r, const struct pane *p)
{
    pane_put(p, 0, 0, ROLE_RUBRIK, r->label);
    if (p->cols < 76)
        return;
    pane_put(p, 0, FROM, ROLE_RUBRIK, _("From"));
    pane_put(p, 0, TO, ROLE_RUBRIK, _("To"));
    pane_put_right(p, 0, EXTENT, ROLE_RUBRIK, "%");
    pane_put(p, 0, STATE, ROLE_RUBRIK, _("State"));
}

static void
draw_decision(const struct row *r, const struct pane *p, bool details)
{
    const char *from = r->text[0] ? r->text : r->fran ? r->fran : "-";
    if (p->cols < 76) {
        char text[400];
        snprintf(text, sizeof(text), "%.120s  %.40s%s%s  %.60s", r->label, from,
                 r->till ? " - " : "", r->till ? r->till : "", r->status);
        pane_put_cut(p, 0, 0, p->cols, ROLE_TEXT, text);
        return;
    }
    bool suspended =
        r->decision && strcmp(r->decision->slag, "avstangning") == 0;
    char label[300];
    snprintf(label, sizeof(label),
             suspended ? _("Suspended: %.240s") : "%.240s", r->label);
    pane_put_cut(p, 0, 0, FROM - 1, ROLE_TEXT, label);
    if (r->text[0] && !r->fran) {
        pane_put_cut(p, 0, FROM, EXTENT - FROM, ROLE_TEXT, r->text);
    } else {
        pane_put_cut(p, 0, FROM, 11, ROLE_TEXT, r->fran ? r->fran : "-");
        pane_put_cut(p, 0, TO, 11, ROLE_TEXT, r->till ? r->till : "-");
        if (r->percent)
            pane_put_right(p, 0, EXTENT, ROLE_TEXT, r->percent);
    }
    pane_put_cut(p, 0, STATE, p->cols - STATE, ROLE_TEXT,
                 details && r->code[0] ? r->code : r->status);
}

/* Label, then text; the code behind with F11. */
static void
draw_fact(const struct row *r, const struct pane *p, bool details)
{
    int col = r->indent * 2, room = p->cols - col;
    int width = p->cols >= 60 ? 34 : room / 2;
    const char *sep = r->kind == ROW_DETAIL ? " " : "";
    char text[1200];
    if (r->kind == ROW_DETAIL) {
        snprintf(text, sizeof(text), "%.200s%s%.600s%s%.100s%s", r->label, sep,
                 r->text, details && r->code[0] ? " (" : "",
                 details ? r->code : "", details && r->code[0] ? ")" : "");
        pane_put_cut(p, 0, col, room, ROLE_TEXT, text);
        return;
    }
    if (r->kind == ROW_REMARK || r->kind == ROW_FLAG) {
        snprintf(text, sizeof(text), "%.100s: %.800s", r->label, r->text);
        pane_put_cut(p, 0, 0, p->cols, ROLE_TEXT, text);
        return;
    }
    if (r->head || !r->text[0]) {
        pane_put_cut(p, 0, col, room, ROLE_TEXT, r->label);
        return;
    }
    pane_put_cut(p, 0, col, width - col > 8 ? width - col : 8, ROLE_TEXT,
                 r->label);
    int at = width - col > 8 ? width + 1 : col + 9;
    snprintf(text, sizeof(text), "%.800s%s%.120s%s", r->text,
             details && r->code[0] ? "  (" : "", details ? r->code : "",
             details && r->code[0] ? ")" : "");
    pane_put_cut(p, 0, at, p->cols - at, ROLE_TEXT, text);
}

static void
draw_row(const struct pane_self *s, const struct row *r, const struct pane *p,
         bool details)
{
    switch (r->kind) {
    case ROW_PAYMENT:
        draw_payment(s, r, p, details);
        return;
    case ROW_DECISION:
        draw_decision(r, p, details);
        return;
    case ROW_HEADING:
        pane_put_cut(p, 0, 0, p->cols, ROLE_RUBRIK, r->label);
        if (r->folded)
            pane_put(p, 0, text_width(r->label) + 2, ROLE_TEXT,
                     s->ended ? _("(Enter folds)") : _("(Enter unfolds)"));
        return;
    default:
        draw_fact(r, p, details);
    }
}

void
pane_draw_line(const struct pane_self *s, const struct pane_line *l,
               const struct pane *p, bool details)
{
    switch (l->kind) {
    case LINE_PAYMENTS:
        heading_payments(s, l->row, p);
        return;
    case LINE_DECISIONS:
        heading_decisions(l->row, p);
        return;
    case LINE_TEXT:
        if (l->label[0]) {
            pane_put_cut(p, 0, 0, 22, ROLE_TEXT, l->label);
            pane_put_cut(p, 0, 23, p->cols - 23, ROLE_TEXT, l->text);
        } else {
            pane_put_cut(p, 0, 0, p->cols, ROLE_TEXT, l->text);
        }
        return;
    case LINE_BLANK:
        return;
    case LINE_ROW:
        break;
    }
    draw_row(s, l->row, p, details);
}

void
pane_line_text(const struct pane_line *l, struct buf *out)
{
    if (l->row)
        buf_addf(out, "%s %s %s %s", l->row->label, l->row->text,
                 l->row->status, l->row->marks_text);
    else if (l->text)
        buf_addf(out, "%s %s", l->label, l->text);
}
