/* SPDX-License-Identifier: EUPL-1.2
 *
 * The picture drawn, and its keys.
 */
#include "config.h"

#include "screens/picture.h"

#include "base/i18n.h"
#include "base/text.h"
#include "screens/behind.h"
#include "screens/screens.h"

#include <stdio.h>
#include <string.h>

enum { MISSING_ROWS = 4, TAB_COLS = 11 };

/* "Saknas  Sökande: ...", one line or more for each person. */
static int
draw_missing(struct picture *p, const struct pane *body)
{
    int row = 0;
    const char *word = _("Missing");
    int col = 1 + text_width(word) + 2;
    for (int i = 0; i < p->n_who && row < MISSING_ROWS; i++) {
        AUTO_BUF(what, 8192);
        AUTO_BUF(line, 8192);
        parts_missing(p->g, p->who[i], &what);
        if (!what.len)
            continue;
        if (p->person < 0) {
            char who[64];
            parts_who(p->g, p->who[i], WHO_FULL, who, sizeof(who));
            buf_addf(&line, "%s: ", who);
        }
        buf_adds(&line, buf_str(&what));
        pane_put(body, row, 1, ROLE_OKANT, word);
        row += pane_wrap(body, row, col, body->cols - col - 1,
                         MISSING_ROWS - row, ROLE_TEXT, buf_str(&line));
    }
    if (row == 0) {
        pane_put_cut(body, 0, 1, body->cols - 1, ROLE_TEXT,
                     _("Nothing is missing: all asked sources have answered."));
        row = 1;
    }
    return row;
}

/* "4 FK" when the check comes from one source. */
static void
check_tab(const struct check *c, char out[32])
{
    out[0] = '\0';
    for (int s = 0; s < SOURCE_COUNT; s++)
        if (c->sources == SOURCE_BIT(s))
            snprintf(out, 32, "%d %s", parts_source_tab(s), source_row(s)->tab);
}

/* Where the text of a check starts: after the word, and in the household the
 * person, brief when that lets every sentence stand whole. */
static int
check_who(const struct picture *p, const struct row *r, int cols, char who[64])
{
    int col = text_width(r->label) >= 9 ? 10 : 9;
    bool brief = cols < 57;
    who[0] = '\0';
    if (p->person >= 0)
        return col;
    for (int i = 0; i < p->n_checks; i++) {
        int wide = text_width(p->checks[i]->text);
        brief |= wide > cols - 18 && wide <= cols - 13;
    }
    parts_who(p->g, p->who[r->check->person], brief ? WHO_BRIEF : WHO_SHORT,
              who, 64);
    return col + (brief ? 4 : 9);
}

static void
draw_check(void *arg, int index, const struct pane *pane)
{
    struct picture *p = arg;
    char tab[32] = "", who[64];
    if (index >= p->n_checks) {
        pane_put_cut(pane, 0, 0, pane->cols, ROLE_TEXT,
                     _("Nothing to check in what has come."));
        return;
    }
    const struct row *r = p->checks[index];
    int end = pane->cols, col = check_who(p, r, pane->cols, who);
    int word = text_width(r->label) >= 9 ? 10 : 9;
    pane_put_cut(pane, 0, 0, word - 1, ROLE_TEXT, r->label);
    if (col > word)
        pane_put_cut(pane, 0, word, col - word - 1, ROLE_TEXT, who);
    if (pane->cols >= 57)
        check_tab(r->check, tab);
    if (tab[0]) {
        pane_put_right(pane, 0, end, ROLE_TEXT, tab);
        end -= text_width(tab) + 1;
    }
    if (gathered_is_done(p->g, p->who[r->check->person], r->check)) {
        const char *done = _("done");
        int at =
            pane->cols >= 57 && pane->cols - 10 < end ? pane->cols - 10 : end;
        pane_put_right(pane, 0, at, ROLE_TEXT, done);
        end = at - text_width(done) - 1;
    }
    pane_put_cut(pane, 0, col, end - col, ROLE_TEXT, r->text);
}

static int
done_checks(const struct picture *p)
{
    int n = 0;
    for (int i = 0; i < p->n_checks; i++)
        n += gathered_is_done(p->g, p->who[p->checks[i]->check->person],
                              p->checks[i]->check);
    return n;
}

static void
checks_heading(const struct picture *p, const struct pane *body, int row)
{
    char place[64] = "", right[120];
    int done = done_checks(p);
    if (p->n_checks && !p->in_months)
        list_place(&p->check, place, sizeof(place));
    if (done)
        snprintf(right, sizeof(right), _("%d done        %s"), done, place);
    else
        snprintf(right, sizeof(right), "%s", place);
    struct pane p80 = pane_sub(body, 0, 0, -1, -1);
    pane_heading(&p80, row, _("To check"), right);
}

/* The rows that are left for the two lists: the shorter one gets what it
 * needs, both when there is room, else half each. */
static void
share(int room, int checks, int months, int *c, int *m)
{
    int half = room / 2;
    *c = checks;
    *m = months;
    if (checks + months <= room)
        return;
    if (checks <= half)
        *m = room - checks;
    else if (months <= half)
        *c = room - months;
    else {
        *c = half;
        *m = room - half;
    }
}

static void
draw_behind(struct app *app, struct picture *p, const struct pane *right)
{
    const struct month_line *line = picture_line(p);
    const struct row *check = picture_check(p);
    struct behind b;
    if (line && !line->row)
        return;
    if (!line && !check)
        return;
    behind_init(&b, app, p->g, picture_person(p));
    if (line)
        behind_months(&b, line->source, line->row->forman, line->row->betalare,
                      line->label);
    else
        behind_check(&b, check);
    behind_draw(&b, right, -1);
    behind_done(&b);
}

void
picture_draw(struct app *app, struct picture *p, const struct pane *body)
{
    struct pane left, right;
    picture_refresh(app, p);
    bool wide = app_split(app, body, 81, &left, &right);
    if (wide)
        left = pane_sub(&left, 0, 0, -1, 80);
    int row = draw_missing(p, &left);
    int checks, months,
        fixed = 1 + months_fixed(p, left.cols, left.rows < TIGHT_ROWS) + 1;
    int room = left.rows - row - fixed;
    share(room, p->check.count, p->month.count, &checks, &months);
    if (checks < 1)
        checks = 1;
    if (months < 1)
        months = 1;
    bool airy = room - checks - months >= 2; /* blank rows part the blocks */
    row += airy;
    checks_heading(p, &left, row++);
    struct pane list = pane_sub(&left, row, 0, checks, -1);
    list_draw(app, &p->check, &list, !p->in_months, draw_check, p);
    if (list.cols > TAB_COLS && !p->in_months) /* a step under 200 bytes */
        pane_role(&list, p->check.cursor - p->check.top, list.cols - TAB_COLS,
                  TAB_COLS, ROLE_TEXT);
    row += checks + airy;
    months_draw(app, p, &left, row, months, p->in_months);
    if (wide)
        draw_behind(app, p, &right);
}

static void
open_rows(struct app *app, struct picture *p)
{
    const struct month_line *line = picture_line(p);
    const struct row *check = picture_check(p);
    if (!check && !line)
        return;
    struct rows_arg arg = {.gathered = p->g, .person = picture_person(p)};
    if (line) {
        arg.source = line->source;
        arg.forman = line->row ? line->row->forman : NULL;
        arg.betalare = line->row ? line->row->betalare : NULL;
        arg.title = line->label;
    } else {
        arg.check = check;
        arg.title = check->label;
    }
    app_push(app, &rows_screen, &arg);
}

/* Down past the last check goes to the months, up to the checks. */
static enum act_result
lists(struct app *app, struct picture *p, const struct act *act)
{
    struct list *l = p->in_months ? &p->month : &p->check;
    int code = act->action == ACTION_KEY ? act->key.code : 0;
    bool other =
        act->action == ACTION_PANE ||
        (code == K_DOWN && !p->in_months && l->cursor == l->count - 1) ||
        (code == K_UP && p->in_months && l->cursor == 0);
    if (other || code == K_BACKTAB) {
        p->in_months = !p->in_months;
        return ACT_REDRAW;
    }
    bool tick = act->action == ACTION_TICK || act->action == ACTION_TICK_ALL;
    if (tick && (p->in_months || !p->n_checks))
        return ACT_HANDLED;
    if (tick)
        p->check.can_tick = true;
    enum act_result r = list_act(app, l, act);
    if (p->check.can_tick)
        p->check.can_tick = list_ticked_count(&p->check) > 0;
    return r;
}

static enum act_result
again(struct app *app, struct picture *p)
{
    int n = gathered_again(p->g);
    if (n == 0)
        app_message(app, MSG_OBS,
                    _("Nothing failed: there is nothing to ask "
                      "again."),
                    NULL);
    return ACT_REDRAW;
}

static void
mark_row(struct picture *p, const struct row *r)
{
    int person = p->who[r->check->person];
    if (gathered_is_done(p->g, person, r->check))
        return;
    gathered_mark(p->g, person, r->check);
    gathered_post_done(p->g, person, "");
}

static enum act_result
mark(struct app *app, struct picture *p, bool all)
{
    const struct row *r = picture_check(p);
    if (all && list_ticked_count(&p->check) > 0) {
        app_push(app, &mark_screen, p);
        return ACT_HANDLED;
    }
    if (!r)
        return ACT_HANDLED;
    mark_row(p, r);
    app_message(app, MSG_KLART, _("The row is marked done; it is logged."),
                NULL);
    return ACT_REDRAW;
}

void
picture_mark_ticked(struct picture *p, const char *text)
{
    bool touched[GATHERED_PERSONS] = {false};
    for (int i = 0; i < p->n_checks; i++) {
        int person = p->who[p->checks[i]->check->person];
        if (!list_ticked(&p->check, i))
            continue;
        touched[person] |= !gathered_is_done(p->g, person, p->checks[i]->check);
        gathered_mark(p->g, person, p->checks[i]->check);
        list_tick(&p->check, i, false);
    }
    p->check.can_tick = false;
    for (int i = 0; i < GATHERED_PERSONS; i++)
        if (touched[i])
            gathered_post_done(p->g, i, text);
}

/* F7 and F8 on a narrow screen step the months. */
static bool
step(struct app *app, struct picture *p, enum action a)
{
    if (!app_narrow(app) || !p->in_months)
        return false;
    int n = app_linear(app) ? 4 : 3;
    p->fold = (p->fold + (a == ACTION_PAGE_DOWN ? 1 : n - 1)) % n;
    return true;
}

enum act_result
picture_act(struct app *app, struct picture *p, const struct act *act)
{
    picture_refresh(app, p);
    switch (act->action) {
    case ACTION_ENTER:
        open_rows(app, p);
        return ACT_HANDLED;
    case ACTION_ASK:
        return again(app, p);
    case ACTION_DONE:
        return mark(app, p, false);
    case ACTION_DONE_ALL:
        return mark(app, p, true);
    case ACTION_PAGE_UP:
    case ACTION_PAGE_DOWN:
        if (step(app, p, act->action))
            return ACT_REDRAW;
        return lists(app, p, act);
    default:
        return lists(app, p, act);
    }
}

bool
picture_can(struct app *app, struct picture *p, enum action action)
{
    picture_refresh(app, p);
    switch (action) {
    case ACTION_ASK:
        return gathered_missing(p->g) > 0 && !gathered_running(p->g);
    case ACTION_DONE:
        return picture_check(p) != NULL;
    case ACTION_DONE_ALL:
        return p->check.can_tick;
    case ACTION_ENTER:
        return picture_check(p) || picture_line(p);
    default:
        return true;
    }
}
