/* SPDX-License-Identifier: EUPL-1.2 */
#include "config.h"

#include "base/clock.h"
#include "base/i18n.h"
#include "base/text.h"
#include "screens/ask_own.h"
#include "screens/screens.h"

#include <stdio.h>
#include <string.h>

/* Drawing goes down row by row; `shift` rows have scrolled off the top, so
 * that the active field is in view on a low screen. */
struct pen {
    struct app *app;
    const struct ask_self *s;
    const struct pane *p;
    int row, shift, focus_row;
};

static void
field(struct pen *d, int i, int col, int width)
{
    if (d->s->form.focus == i) {
        d->focus_row = d->row;
        pane_put(d->p, d->row - d->shift, 1, ROLE_TEXT, ">");
    }
    form_draw(&d->s->form, i, d->p, d->row - d->shift, col, width);
}

static void
put(struct pen *d, int col, enum role role, const char *text)
{
    pane_put_cut(d->p, d->row - d->shift, col, d->p->cols - col, role, text);
}

static void
draw_month(struct pen *d)
{
    char period[32], text[120];
    const char *label = _("Application month");
    parts_period(period_of_application(ask_month(d->s)), period);
    put(d, 3, ROLE_TEXT, label);
    int col = 3 + text_width(label) + 2;
    field(d, F_MONTH, col, 16);
    snprintf(text, sizeof(text), _("asks %s  F4 changes"), period);
    if (d->p->cols < 78) {
        d->row++;
        put(d, 3, ROLE_TEXT, text);
    } else {
        put(d, 38, ROLE_TEXT, text);
    }
    d->row++;
}

/* Two beside each other where there is room. */
static void
draw_syften(struct pen *d)
{
    const char *label = _("Purpose");
    int col = 3 + text_width(label) + 3, second = col + 26, n = 0;
    bool narrow = d->p->cols < 78;
    put(d, 3, ROLE_TEXT, label);
    for (int i = 0; i < SYFTE_COUNT; i++) {
        const struct field *f = &d->s->field[F_SYFTE + i];
        int at = narrow || n % 2 == 0 ? col : second;
        char text[160];
        if (f->off && ask_syften[i] == SYFTE_FORBEREDS)
            continue;
        if (f->off && d->s->kase.prepared)
            continue;
        if (f->off) {
            snprintf(text, sizeof(text),
                     _("%s: not in the municipality's table (v)"), f->label);
            put(d, at, ROLE_TEXT, text);
        } else {
            field(d, F_SYFTE + i, at, 24);
        }
        if (narrow || n % 2 == 1)
            d->row++;
        n++;
    }
    if (!narrow && n % 2 == 1)
        d->row++;
}

static void
draw_persons(struct pen *d)
{
    const char *label = _("About");
    int start = 3 + text_width(_("Purpose")) + 3, col = start;
    put(d, 3, ROLE_TEXT, label);
    for (int i = 0; i < d->s->kase.n_persons; i++) {
        int width = text_width(d->s->who[i]) + 4;
        if (col + width > d->p->cols && col > start) {
            d->row++;
            col = start;
        }
        field(d, F_PERSON + i, col, width);
        col += width + 3;
    }
    d->row++;
}

/* What the source gives, in a word or two. */
static const char *
gives(enum source_id s)
{
    static const char *const words[SOURCE_COUNT] = {
        [SOURCE_AF] = N_("registered"),     [SOURCE_CSN] = N_("the whole term"),
        [SOURCE_FK] = N_("with pension"),   [SOURCE_PM] = N_("through FK"),
        [SOURCE_SKV] = N_("tax, interest"), [SOURCE_SO] = N_("daily benefit"),
        [SOURCE_TNS] = N_("vehicles"),      [SOURCE_MIV] = N_("permits")};
    return _(words[s]);
}

static const char *
availability(const struct client_status *st, enum source_id s)
{
    static const char *const words[] = {N_("ready"), N_("fault"),
                                        N_("not probed"), N_("not known")};
    int i = st && st->probed_ms ? st->available[s] : 3;
    return _(words[i >= 0 && i < 4 ? i : 3]);
}

/* From the first day that any of those ticked is asked about. */
static struct period
csn_period(const struct ask_self *s)
{
    struct question q = {.month = ask_month(s)};
    q.period = period_of_application(q.month);
    struct period all = question_csn_period(&q);
    for (int i = 0; i < s->kase.n_persons; i++) {
        if (!form_on(&s->form, F_PERSON + i))
            continue;
        q.person = s->person[i].number;
        struct period own = question_csn_period(&q);
        if (date_compare(own.from, all.from) < 0)
            all.from = own.from;
    }
    return all;
}

static void
source_period(const struct ask_self *s, enum source_id id, char out[64])
{
    struct period main = period_of_application(ask_month(s));
    char text[32];
    if (!source_row(id)->period || id == SOURCE_SKV || id == SOURCE_MIV) {
        snprintf(out, 64, "%s", _("the source takes no period"));
        return;
    }
    parts_period(id == SOURCE_CSN ? csn_period(s) : main, text);
    snprintf(out, 64, "%s%s", text, id == SOURCE_CSN ? " *" : "");
}

static void
draw_source(struct pen *d, enum source_id id)
{
    const struct field *f = &d->s->field[F_SOURCE + id];
    const struct client_status *st = client_status(session_of(d->app)->client);
    char text[160], period[64];
    if (f->off) {
        put(d, 7, ROLE_TEXT, rows_authority(id));
        snprintf(text, sizeof(text),
                 _("cannot be chosen: legal ground not confirmed (v)"));
        if (d->p->cols >= 60)
            put(d, 27, ROLE_TEXT, text);
        d->row++;
        return;
    }
    field(d, F_SOURCE + id, 3, 24);
    source_period(d->s, id, period);
    if (d->p->cols >= 60)
        pane_put_cut(d->p, d->row - d->shift, 27,
                     d->p->cols < 78 ? d->p->cols - 27 : 26, ROLE_TEXT, period);
    if (d->p->cols >= 78) {
        pane_put_cut(d->p, d->row - d->shift, 54, 12, ROLE_TEXT,
                     availability(st, id));
        put(d, 67, ROLE_TEXT, gives(id));
    }
    d->row++;
}

static void
draw_sources(struct pen *d)
{
    const struct client_status *st = client_status(session_of(d->app)->client);
    put(d, 7, ROLE_RUBRIK, _("Source"));
    if (d->p->cols >= 60)
        pane_put(d->p, d->row - d->shift, 27, ROLE_RUBRIK,
                 _("Period (* its own)"));
    if (d->p->cols >= 78) {
        char at[6], text[40];
        clock_hhmm(st ? st->probed_ms : 0, at);
        if (st && st->probed_ms)
            snprintf(text, sizeof(text), _("At %s"), at);
        else
            snprintf(text, sizeof(text), "%s", _("State"));
        pane_put(d->p, d->row - d->shift, 54, ROLE_RUBRIK, text);
        pane_put(d->p, d->row - d->shift, 67, ROLE_RUBRIK, _("Why (v)"));
    }
    d->row++;
    for (int i = 0; i < SOURCE_COUNT; i++)
        if (i != SOURCE_PM)
            draw_source(d, i);
}

static int
count(source_set set)
{
    return __builtin_popcount(set);
}

static void
wrap(struct pen *d, const char *text)
{
    d->row += pane_wrap(d->p, d->row - d->shift, 1, d->p->cols - 2, 4,
                        ROLE_TEXT, text);
}

/* "Två frågor, en per person, till 5 källor var: ..." */
static void
draw_sum(struct pen *d)
{
    int n = ask_persons(d->s), sources = count(ask_sources(d->s));
    char text[240], word[32];
    parts_number_word(n, word, sizeof(word));
    if (n == 0 || sources == 0)
        snprintf(text, sizeof(text), "%s",
                 _("Tick at least one person and one source."));
    else if (n == 1)
        snprintf(text, sizeof(text),
                 ngettext("One question to %d source: one entry in the log.",
                          "One question to %d sources: one entry in the log.",
                          sources),
                 sources);
    else
        snprintf(text, sizeof(text),
                 ngettext("%s questions, one for each person, to %d source "
                          "each: as many entries in the log.",
                          "%s questions, one for each person, to %d sources "
                          "each: as many entries in the log.",
                          sources),
                 word, sources);
    wrap(d, text);
    for (int i = 0; i < d->s->kase.n_persons; i++)
        if (form_on(&d->s->form, F_PERSON + i) &&
            ask_sources_of(d->s, i) != ask_sources(d->s)) {
            wrap(d, _("Children beside adults are asked of CSN and FK alone."));
            break;
        }
}

static void
draw_foot(struct pen *d)
{
    const struct legal *l = client_legal(session_of(d->app)->client);
    enum syfte y = ask_syfte(d->s);
    AUTO_BUF(law, 2048);
    draw_sum(d);
    wrap(d, _("The answer is not kept. Those asked about may learn that you "
              "asked."));
    buf_addf(&law, _("Legal ground: %s"),
             l && y < SYFTE_COUNT ? legal_wire_lagtext(l, y) : "");
    wrap(d, buf_str(&law));
}

static void
draw_all(struct pen *d)
{
    bool tight = d->p->rows < 19;
    d->row = 0;
    draw_month(d);
    draw_syften(d);
    draw_persons(d);
    d->row += !tight;
    draw_sources(d);
    d->row += !tight;
    draw_foot(d);
}

void
ask_draw(struct app *app, void *self, const struct pane *body)
{
    struct pen d = {.app = app, .s = self, .p = body};
    draw_all(&d);
    if (d.focus_row < body->rows - 1)
        return;
    d.shift = d.focus_row - body->rows + 2;
    pane_blank(body, 0, 0, body->rows, body->cols);
    draw_all(&d);
}
