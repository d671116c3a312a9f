/* SPDX-License-Identifier: EUPL-1.2 */
#include "config.h"

#include "base/clock.h"
#include "base/i18n.h"
#include "base/mem.h"
#include "screens/parts.h"
#include "screens/screens.h"
#include "tui/list.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { SLOW_S = 7, PER_PERSON = 29, NAME = 22 };

struct wait {
    struct gathered *g;
    struct list list; /* the sources */
    int64_t second;   /* elapsed when last drawn */
};

static void *
wait_open(struct app *app, void *arg)
{
    struct wait *w = mem_alloc(sizeof(*w));
    (void)app;
    w->g = gathered_hold(arg);
    w->second = -1;
    list_init(&w->list, false);
    list_set_count(&w->list, SOURCE_COUNT);
    return w;
}

static void
wait_close(struct app *app, void *self)
{
    struct wait *w = self;
    (void)app;
    list_done(&w->list);
    gathered_release(&w->g);
    free(w);
}

static int64_t
elapsed_s(const struct gathered *g)
{
    int64_t end = g->done_ms ? g->done_ms : clock_now_ms();
    return end > g->asked_ms ? (end - g->asked_ms) / 1000 : 0;
}

static void
wait_head(struct app *app, void *self, struct head *head)
{
    struct wait *w = self;
    (void)app;
    parts_strip(w->g, head->case_left, sizeof(head->case_left));
    head->skyddad = gathered_shielded(w->g);
}

/* "7c1e-4410": as it is read aloud. */
static void
short_id(const char *id, struct buf *out)
{
    if (strlen(id) >= 8)
        buf_addf(out, "%s%.4s-%.4s", out->len ? ", " : "", id, id + 4);
}

/* "Två frågor skickades 14:32:07. Poster 20 418, 20 419. Id 7c1e-4410." */
static void
draw_sent(const struct wait *w, const struct pane *p)
{
    char iso[32], word[32];
    int n = 0;
    AUTO_BUF(ids, 512);
    AUTO_BUF(posts, 512);
    AUTO_BUF(b, 2048);
    clock_iso(w->g->asked_ms, iso);
    iso[19] = '\0';
    for (int i = 0; i < w->g->n; i++) {
        const struct gathered_person *of = &w->g->of[i];
        const struct answer *a = gathered_answer(w->g, i);
        uint64_t post = of->ask ? ask_loggpost(of->ask) : a ? a->loggpost : 0;
        char number[32];
        if (!a || !post)
            continue;
        parts_number(post, number);
        buf_addf(&posts, "%s%s", n++ ? ", " : "", number);
        short_id(a->question.id, &ids);
    }
    parts_number_word(n, word, sizeof(word));
    if (n == 0)
        buf_adds(&b,
                 _("The entry is being written; then the question is sent."));
    else if (n == 1)
        buf_addf(&b, _("One question was sent %s. Entry %s."), iso + 11,
                 buf_str(&posts));
    else
        buf_addf(&b, _("%s questions were sent %s. Entries %s."), word,
                 iso + 11, buf_str(&posts));
    if (ids.len)
        buf_addf(&b, _(" Id %s."), buf_str(&ids));
    pane_put_cut(p, 0, 1, p->cols - 2, ROLE_TEXT, buf_str(&b));
}

static void
draw_progress(const struct wait *w, const struct pane *p, int limit)
{
    int came = 0, all = 0;
    for (int i = 0; i < w->g->n; i++) {
        const struct answer *a = gathered_answer(w->g, i);
        if (!a)
            continue;
        source_set asked = answer_asked(&a->question);
        for (int s = 0; s < SOURCE_COUNT; s++) {
            all += (asked & SOURCE_BIT(s)) != 0;
            came += (asked & SOURCE_BIT(s)) &&
                    gathered_source(w->g, i, s) != STATE_VANTAR;
        }
    }
    char left[80], mid[80], right[40];
    snprintf(left, sizeof(left), _("%lld s of normally at most %d s"),
             (long long)elapsed_s(w->g), SLOW_S);
    snprintf(mid, sizeof(mid), _("%d of %d answers have come"), came, all);
    snprintf(right, sizeof(right), _("limit %d s"), limit);
    pane_put(p, 2, 1, ROLE_TEXT, left);
    if (p->cols >= 60)
        pane_put(p, 2, 32, ROLE_TEXT, mid);
    else
        pane_put(p, 1, 1, ROLE_TEXT, mid);
    if (p->cols >= 76)
        pane_put(p, 2, 62, ROLE_TEXT, right);
}

/* "% Delsvar         3,1 s  9" in 27 cells, or the word alone. */
static void
draw_state(const struct wait *w, int person, enum source_id s,
           const struct pane *p, int col, int width)
{
    const struct gathered_person *of = &w->g->of[person];
    const struct answer *a = gathered_answer(w->g, person);
    if (!a) {
        pane_put_cut(p, 0, col, width, ROLE_TEXT, _("! Not sent"));
        return;
    }
    const struct source_answer *from = &a->of[s];
    enum source_state st = gathered_source(w->g, person, s);
    char text[80], time[16], count[16];
    snprintf(text, sizeof(text), "%c %s", state_row(st)->symbol,
             rows_state_label(st));
    int word = width >= 26 ? 16 : width;
    pane_put_cut(p, 0, col, word, ROLE_TEXT, text);
    if (width < 26 || from->time_ms < 0 || st == STATE_VANTAR ||
        st == STATE_EJ_TILLFRAGAD)
        return;
    if (of->ask && ask_opening(of->ask, s)) {
        pane_put_right(p, 0, col + 23, ROLE_TEXT, _("opens"));
        return;
    }
    snprintf(time, sizeof(time), "%d,%d s", from->time_ms / 1000,
             from->time_ms % 1000 / 100);
    pane_put_right(p, 0, col + 23, ROLE_TEXT, time);
    if (st == STATE_SVAR || st == STATE_DELSVAR)
        snprintf(count, sizeof(count), "%d", from->count);
    else
        snprintf(count, sizeof(count), "-");
    pane_put_right(p, 0, col + 26, ROLE_TEXT, count);
}

static int
asked_persons(const struct gathered *g)
{
    int n = 0;
    for (int i = 0; i < g->n; i++)
        n += g->of[i].asked;
    return n;
}

/* Cells for each person, and for the source's name. */
static int
person_width(const struct wait *w, int cols, int *name)
{
    int n = asked_persons(w->g);
    *name = cols < 60 ? 12 : NAME;
    int room = (cols - *name) / (n > 0 ? n : 1);
    return room > PER_PERSON ? PER_PERSON : room;
}

static void
draw_row(void *arg, int index, const struct pane *p)
{
    struct wait *w = arg;
    enum source_id s = index;
    int name, width = person_width(w, p->cols + 3, &name);
    pane_put_cut(p, 0, 0, name - 1, ROLE_TEXT,
                 name < NAME ? source_row(s)->tab : rows_authority(s));
    int col = name;
    for (int i = 0; i < w->g->n; i++) {
        if (!w->g->of[i].asked)
            continue;
        draw_state(w, i, s, p, col,
                   p->cols - col < width - 1 ? p->cols - col : width - 1);
        col += width;
    }
}

static void
draw_heading(const struct wait *w, const struct pane *p, int row)
{
    int name, width = person_width(w, p->cols, &name), col = 3 + name;
    pane_put(p, row, 3, ROLE_RUBRIK, _("Source"));
    for (int i = 0; i < w->g->n; i++) {
        char who[64];
        if (!w->g->of[i].asked)
            continue;
        parts_who(w->g, i, width > 14 ? WHO_FULL : WHO_SHORT, who, sizeof(who));
        pane_put_cut(p, row, col, width - 1, ROLE_RUBRIK, who);
        col += width;
    }
}

static void
draw_foot(const struct wait *w, const struct pane *p, int row)
{
    AUTO_BUF(b, 8192);
    buf_adds(&b, _("The last figure is the number of facts."));
    for (int i = 0; i < w->g->n; i++) {
        AUTO_BUF(miss, 4096);
        char who[64];
        const struct answer *a = gathered_answer(w->g, i);
        for (int s = 0; a && s < SOURCE_COUNT; s++)
            for (const struct missing *m = a->of[s].missing; m; m = m->next)
                buf_addf(&miss, "%s%s %s", miss.len ? ", " : "",
                         source_row(s)->label, m->namn ? m->namn : m->kod);
        if (!miss.len)
            continue;
        parts_who(w->g, i, WHO_LOWER, who, sizeof(who));
        buf_addf(&b, _(" Did not come, %s: %s."), who, buf_str(&miss));
    }
    char at[6];
    clock_hhmm(clock_now_ms(), at);
    const char *view =
        gathered_adults(w->g) > 1 ? _("the household") : _("the overview");
    buf_addf(&b,
             _("\nWhen all have answered %s opens. F3 Work on: the question "
               "goes on and Start says answer ready."),
             view);
    pane_wrap(p, row, 1, p->cols - 2, p->rows - row, ROLE_TEXT, buf_str(&b));
}

static void
wait_draw(struct app *app, void *self, const struct pane *body)
{
    struct wait *w = self;
    const struct client_status *st = client_status(session_of(app)->client);
    bool tight = body->rows < 17;
    int at = tight ? 3 : 4, rows = SOURCE_COUNT;
    draw_sent(w, body);
    draw_progress(w, body, st && st->limit_s ? st->limit_s : 30);
    draw_heading(w, body, at);
    if (at + 1 + rows > body->rows)
        rows = body->rows - at - 1;
    struct pane list = pane_sub(body, at + 1, 0, rows, -1);
    list_draw(app, &w->list, &list, true, draw_row, w);
    if (at + 2 + rows < body->rows)
        draw_foot(w, body, at + 2 + rows);
    w->second = elapsed_s(w->g);
}

void
answer_show(struct app *app, struct gathered *g, bool replace)
{
    struct view_arg view = {
        .gathered = g, .person = gathered_first(g), .tab = 1};
    const struct screen_ops *ops = &overview_screen;
    void *arg = &view;
    if (gathered_adults(g) > 1) {
        ops = &household_screen;
        arg = g;
    }
    if (replace)
        app_replace(app, ops, arg);
    else
        app_push(app, ops, arg);
}

bool
answer_open(struct app *app, const char *arende)
{
    struct gathered *g = gathered_find(session_of(app)->gathered, arende);
    if (!g)
        return false;
    if (gathered_running(g) && !g->seen)
        app_push(app, &wait_screen, g);
    else
        answer_show(app, g, false);
    return true;
}

/* Nothing was logged and nothing sent: every question was refused. */
static enum err_code
refused(const struct gathered *g, const struct err **e)
{
    enum err_code code = ERR_OK;
    for (int i = 0; i < g->n; i++) {
        const struct gathered_person *p = &g->of[i];
        if (!p->asked)
            continue;
        if (p->code == ERR_OK || (p->answer && p->answer->loggpost))
            return ERR_OK;
        code = p->code;
        *e = &p->err;
    }
    return code;
}

bool
wait_over(struct app *app, struct gathered *g)
{
    struct wait *w = app_top_state(app);
    const struct err *e = NULL;
    if (w->g != g)
        return false;
    enum err_code code = refused(g, &e);
    if (code != ERR_OK) {
        struct err kept = *e;
        app_pop(app);
        app_error(app, code, &kept);
        return true;
    }
    answer_show(app, g, true);
    return true;
}

static bool
wait_tick(struct app *app, void *self)
{
    struct wait *w = self;
    if (!gathered_running(w->g)) { /* ended while something lay above */
        if (w->g->seen) /* read above: there is nothing to wait for */
            app_pop(app);
        else
            wait_over(app, w->g);
        return false;
    }
    if (!w->g->slow_said && elapsed_s(w->g) >= SLOW_S) {
        w->g->slow_said = true;
        app_message(app, MSG_OBS,
                    _("It takes longer than usual. F3 lets you work on."),
                    NULL);
        return true;
    }
    return !app_options(app)->calm && elapsed_s(w->g) != w->second;
}

static enum act_result
wait_act(struct app *app, void *self, const struct act *act)
{
    struct wait *w = self;
    switch (act->action) {
    case ACTION_ENTER:
        answer_show(app, w->g, false);
        return ACT_HANDLED;
    case ACTION_LEAVE:
        app_home(app);
        return ACT_HANDLED;
    case ACTION_BACK:
        gathered_cancel(w->g);
        return ACT_REDRAW;
    default:
        return list_act(app, &w->list, act);
    }
}

static const char *
wait_help(struct app *app, void *self)
{
    (void)app;
    (void)self;
    return _("Each source answers by itself. The word tells how it went, then "
             "the time and the number of facts. Opens: the answer is here and "
             "its entry is being written; its content is shown after that. "
             "F12 keeps what came and marks the rest interrupted.");
}

static const struct keymap_row keys[] = {
    {ACTION_ENTER, N_("Show what came")},
    {ACTION_LEAVE, N_("Work on")},
    {ACTION_BACK, N_("Stop waiting")},
    {ACTION_LOCK, NULL},
    {ACTION_HELP, NULL},
};
static const struct keymap keymap = KEYMAP(keys);

const struct screen_ops wait_screen = {
    .name = N_("Waiting for answers"),
    .keymap = &keymap,
    .open = wait_open,
    .close = wait_close,
    .head = wait_head,
    .draw = wait_draw,
    .act = wait_act,
    .tick = wait_tick,
    .help = wait_help,
};
