/* SPDX-License-Identifier: EUPL-1.2 */
#include "config.h"

#include "tui/frame.h"

#include "base/i18n.h"
#include "base/text.h"

#include <stdio.h>
#include <string.h>

static const char *
mode_word(enum app_mode m)
{
    return m == APP_SKARP     ? _("LIVE")
           : m == APP_TEST    ? _("TEST")
           : m == APP_UNKNOWN ? "" /* nobody has said which */
                              : _("TRAINING");
}

const char *
frame_kind_word(enum message_kind kind)
{
    static const char *const words[] = {"", N_("Done:"), N_("Note:"),
                                        N_("Error:"), N_("Question:")};
    return kind == MSG_NONE ? "" : _(words[kind]);
}

/* The right part of row 1, shorter and shorter: who and kommun go first. */
static void
right_part(const struct app_identity *id, int drop, char *out, size_t n)
{
    bool who = drop < 2 && id->who[0];
    bool kommun = drop < 1 && id->kommun[0] && id->mode != APP_OVNING;
    snprintf(out, n, "%s%s%s%s%s", who ? id->who : "",
             who ? (id->mode == APP_OVNING ? "   " : "  ") : "",
             kommun ? id->kommun : "", kommun ? "  " : "", mode_word(id->mode));
}

static void
draw_top(const struct pane *p, const struct frame *f)
{
    const struct app_identity *id = f->id;
    const char *first =
        id->mode == APP_OVNING ? mode_word(id->mode) : "enfraga";
    char right[128];
    int col = text_width(first) + 2, left;
    for (int drop = 0; drop < 3; drop++) {
        right_part(id, drop, right, sizeof right);
        left = p->cols - text_width(right) - 2;
        if (col + text_width(f->head->title) <= left)
            break;
    }
    pane_put(p, 0, 0, ROLE_TEXT, first);
    if (left > col) {
        if (text_width(f->head->title) <= left - col)
            pane_put(p, 0, col, id->mode == APP_SKARP ? ROLE_RUBRIK : ROLE_TEXT,
                     f->head->title);
        else
            pane_put_cut(p, 0, col, left - col, ROLE_TEXT, f->head->title);
    }
    pane_put_right(p, 0, p->cols, ROLE_TEXT, right);
    if (id->mode == APP_TEST || id->mode == APP_OVNING)
        pane_role(p, 0, 0, p->cols, ROLE_OVNING);
}

static void
draw_case(const struct pane *p, const struct head *h)
{
    int right = text_width(h->case_right);
    if (right > p->cols / 2) /* the person comes before the time */
        right = 0;
    int width = p->cols - (right ? right + 1 : 0);
    if (text_width(h->case_left) <= width)
        pane_put(p, 1, 0, ROLE_TEXT, h->case_left);
    else
        pane_put_cut(p, 1, 0, width, ROLE_TEXT, h->case_left);
    if (right)
        pane_put_right(p, 1, p->cols, ROLE_TEXT, h->case_right);
}

static void
full_row(const struct pane *p, int row, enum role role, const char *s)
{
    if (text_width(s) <= p->cols)
        pane_put(p, row, 0, role, s);
    else
        pane_put_cut(p, row, 0, p->cols, role, s);
}

/* Row 3 and what follows; the first row of the body. */
static int
draw_strips(const struct pane *p, const struct frame *f)
{
    int row = 2;
    const struct head *h = f->head;
    if (f->alarm) {
        full_row(p, row, ROLE_FEL, f->alarm);
    } else if (h->skyddad) {
        full_row(p, row, ROLE_SKYDD,
                 _("PROTECTED DATA: do not show the screen to others. "
                   "Addresses and places are hidden."));
        pane_role(p, row, 0, p->cols, ROLE_SKYDD);
    } else if (f->id->mode == APP_OVNING) {
        full_row(p, row, ROLE_TEXT,
                 p->cols < 60
                     ? _("TRAINING - nothing is sent")
                     : _("TRAINING - no real persons, nothing is sent"));
    } else {
        row--;
    }
    row++;
    if (h->task[0])
        full_row(p, row++, ROLE_TEXT, h->task);
    if (h->tabs[0])
        full_row(p, row++, ROLE_TEXT, h->tabs);
    return row < 3 ? 3 : row;
}

static void
draw_message(const struct pane *p, const struct frame *f)
{
    int row = p->rows - 2;
    if (f->kind == MSG_NONE)
        return;
    enum role role = f->kind == MSG_FEL   ? ROLE_FEL
                     : f->kind == MSG_OBS ? ROLE_OBS
                                          : ROLE_RUBRIK;
    int col = pane_put(p, row, 0, role, frame_kind_word(f->kind)) + 1;
    if (text_width(f->message) <= p->cols - col)
        pane_put(p, row, col, ROLE_TEXT, f->message);
    else
        pane_put_cut(p, row, col, p->cols - col, ROLE_TEXT, f->message);
}

void
frame_draw(struct grid *g, const struct frame *f, struct pane *body)
{
    struct pane p = grid_pane(g);
    draw_top(&p, f);
    draw_case(&p, f->head);
    int first = draw_strips(&p, f);
    draw_message(&p, f);
    pane_put(&p, p.rows - 1, 0, ROLE_TEXT, f->keys);
    *body = pane_sub(&p, first, 0, p.rows - 2 - first, p.cols);
}

void
frame_too_small(struct grid *g)
{
    struct pane p = grid_pane(g);
    char s[240];
    snprintf(s, sizeof s,
             _("The terminal is too small (%dx%d). enfraga needs %dx%d. "
               "Enlarge it, or run enfraga --linjar."),
             g->cols, g->rows, FRAME_MIN_COLS, FRAME_MIN_ROWS);
    pane_wrap(&p, 0, 0, p.cols, p.rows, ROLE_TEXT, s);
    pane_cursor(&p, 0, 0);
}
