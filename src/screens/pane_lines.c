/* SPDX-License-Identifier: EUPL-1.2 */
#include "config.h"

#include "base/clock.h"
#include "base/i18n.h"
#include "base/mem.h"
#include "base/text.h"
#include "screens/pane_own.h"
#include "screens/screens.h"
#include "screens/sourcetext.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { RAW_SHOWN = 65536, RAW_LINE = 74 };

enum source_id
pane_source(const struct pane_self *s)
{
    return parts_tab_source(s->tab);
}

void
pane_let_go(struct pane_self *s)
{
    if (s->rows)
        rows_free(&s->rows);
    if (s->arena)
        arena_free(&s->arena);
    free(s->of);
    s->of = NULL;
    s->n = 0;
    s->state = s->conclusion = s->contact = "";
}

static void
add(struct pane_self *s, struct pane_line line)
{
    s->of = mem_grow(s->of, s->n + 1, sizeof(*s->of));
    s->of[s->n++] = line;
}

static void
add_text(struct pane_self *s, const char *label, const char *text)
{
    const char *l = arena_strdup(s->arena, label);
    const char *t = arena_strdup(s->arena, text);
    add(s, (struct pane_line){
               .kind = LINE_TEXT, .label = l ? l : "", .text = t ? t : ""});
}

bool
pane_selectable(const struct pane_line *l)
{
    return l->kind == LINE_TEXT ||
           (l->kind == LINE_ROW &&
            (l->row->kind != ROW_HEADING || l->row->folded));
}

/* Parts of a payment: shown where it is marked, or turned over by Enter. */
static bool
shows_parts(const struct pane_self *s, int at)
{
    const struct row *r = &s->rows->row[at];
    return (r->marks != 0) != (s->open[at] != 0);
}

static void
add_row(struct pane_self *s, int at, bool *parts, bool *ended)
{
    const struct row *r = &s->rows->row[at];
    if (r->kind == ROW_STATE || r->kind == ROW_CONCLUSION ||
        r->kind == ROW_CONTACT)
        return;
    if (r->kind == ROW_MISSING && !s->details) /* the state line names it */
        return;
    if (r->kind == ROW_DETAIL && r->marks && at > 0 &&
        r[-1].kind == ROW_DETAIL) /* said by the part above */
        return;
    if (r->kind == ROW_PAYMENT)
        *parts = shows_parts(s, at);
    if (r->kind == ROW_DETAIL && !*parts)
        return;
    if (r->kind == ROW_HEADING) {
        const struct row *next = at + 1 < s->rows->n ? r + 1 : NULL;
        enum line_kind kind = next && next->kind == ROW_PAYMENT ? LINE_PAYMENTS
                              : next && next->kind == ROW_DECISION
                                  ? LINE_DECISIONS
                                  : LINE_ROW;
        *ended = r->folded;
        if (s->n && !r->folded)
            add(s, (struct pane_line){.kind = LINE_BLANK});
        add(s,
            (struct pane_line){.kind = r->folded ? LINE_ROW : kind, .row = r});
        return;
    }
    if (r->folded && *ended && !s->ended && !s->details)
        return;
    add(s, (struct pane_line){.kind = LINE_ROW, .row = r});
}

/* What can be done when a source has failed twice (UX 7). */
static void
add_ways(struct pane_self *s, enum source_id id)
{
    const struct gathered_person *p = &s->g->of[s->person];
    char first[6], last[6], text[400];
    if (p->failed[id] < 2)
        return;
    clock_hhmm(p->failed_ms[id][0], first);
    clock_hhmm(p->failed_ms[id][1], last);
    snprintf(text, sizeof(text),
             _("%s did not answer %s and not %s. This you can do:"),
             rows_authority(id), first, last);
    add_text(s, "", text);
    add_text(s, _("The decision can wait"),
             s->g->watched & SOURCE_BIT(id)
                 ? _("Watched: Start says when the source answers again")
                 : _("B  Watch: Start says when the source answers again"));
    add_text(s, _("It must be taken now"), sourcetext_instead(id));
}

/* F11 on an answer that could not be read: the raw text, made visible. */
static void
add_raw(struct pane_self *s, const struct source_answer *of)
{
    if (!of->raw || !of->raw_len)
        return;
    size_t n = of->raw_len < RAW_SHOWN ? of->raw_len : RAW_SHOWN;
    const char *clean = text_clean(s->arena, of->raw, n);
    add_text(s, "", _("As it came, with control characters made visible:"));
    while (clean && *clean) {
        char line[RAW_LINE * 4 + 1];
        size_t fit = text_fit(clean, RAW_LINE);
        if (fit == 0 || fit >= sizeof(line))
            break;
        memcpy(line, clean, fit);
        line[fit] = '\0';
        add_text(s, "", line);
        clean += fit;
    }
}

static void
add_source(struct app *app, struct pane_self *s)
{
    enum source_id id = pane_source(s);
    const struct answer *a = gathered_answer(s->g, s->person);
    struct rows_options o;
    bool parts = false, ended = false;
    parts_rows_options(app, s->g, s->person, &o);
    const struct legal *l = client_legal(session_of(app)->client);
    if (a->of[id].state == STATE_EJ_TILLFRAGAD) /* only say t where it works */
        o.keys = l && legal_ground(l, a->question.syfte, id)->allowed;
    s->rows = rows_pane(a, id, &o);
    s->open = mem_grow(s->open, s->rows->n + 1, 1);
    if (!s->made)
        memset(s->open, 0, s->rows->n + 1);
    for (int i = 0; i < s->rows->n; i++) {
        const struct row *r = &s->rows->row[i];
        if (r->kind == ROW_STATE)
            s->state = r->text;
        else if (r->kind == ROW_CONCLUSION)
            s->conclusion = r->text;
        else if (r->kind == ROW_CONTACT)
            s->contact = r->text;
        add_row(s, i, &parts, &ended);
    }
    if (!*s->state) {
        const char *text = rows_state_text(s->arena, a, id, &o);
        s->state = text ? text : "";
    }
    add_ways(s, id);
    if (s->details && a->of[id].state == STATE_OLASLIGT)
        add_raw(s, &a->of[id]);
}

static void
add_times(struct pane_self *s, const struct answer *a)
{
    char iso[32], number[32], text[160];
    for (int i = 0; i < SOURCE_COUNT; i++) {
        const struct source_answer *of = &a->of[i];
        if (!of->loggpost || of->loggpost == a->loggpost)
            continue;
        clock_iso(of->asked_ms, iso);
        iso[19] = '\0';
        iso[10] = ' ';
        parts_number(of->loggpost, number);
        snprintf(text, sizeof(text), _("%s, entry %s"), iso, number);
        add_text(s, rows_authority(i), text);
    }
}

/* Tab 0: the question that was put. */
static void
add_question(struct pane_self *s)
{
    const struct answer *a = gathered_answer(s->g, s->person);
    const struct question *q = &a->question;
    char text[160], iso[32], sources[64];
    add_text(s, _("Question id"), q->id);
    parts_number(a->loggpost, text);
    add_text(s, _("Entry in the log"), text);
    clock_iso(q->asked_ms ? q->asked_ms : s->g->asked_ms, iso);
    iso[19] = '\0';
    iso[10] = ' ';
    add_text(s, _("Put"), iso);
    add_text(s, _("Case"), q->arende);
    add_text(s, _("Purpose"), _(syfte_label(q->syfte)));
    if (q->month.year) {
        parts_month(q->month, text);
        add_text(s, _("Application month"), text);
    }
    parts_period(q->period, text);
    add_text(s, _("Period"), text);
    if (period_ok(q->csn)) {
        parts_period(q->csn, text);
        add_text(s, _("Own period for CSN"), text);
    }
    source_set_text(q->sources, ' ', sources);
    add_text(s, _("Sources"), sources);
    add_text(s, _("Benefits asked of FK"), q->lefi[0] ? q->lefi : "-");
    if (q->skv) {
        char parts[96];
        skv_set_text(q->skv, parts);
        add_text(s, _("Parts asked of SKV"), parts);
    }
    add_text(s, _("Reason"), q->skal[0] ? q->skal : "-");
    add_text(s, _("Contract"), a->kontrakt ? a->kontrakt : "-");
    add_times(s, a);
    s->state = _("The question as it was signed, logged and sent.");
}

void
pane_refresh(struct app *app, struct pane_self *s)
{
    bool details = app_details(app);
    if (s->made && s->version == s->g->version && s->details == details)
        return;
    if (s->details != details)
        s->made = false;
    pane_let_go(s);
    s->version = s->g->version;
    s->details = details;
    s->arena = arena_new(1u << 22);
    if (!gathered_answer(s->g, s->person))
        s->state = _(err_row(s->g->of[s->person].code)->message);
    else if (s->tab == 0)
        add_question(s);
    else
        add_source(app, s);
    s->made = true;
    list_set_count(&s->list, s->n);
    while (s->list.cursor < s->n - 1 &&
           !pane_selectable(&s->of[s->list.cursor]))
        s->list.cursor++;
}

static int
row_index(const struct pane_self *s)
{
    if (!s->rows || s->list.cursor >= s->n)
        return -1;
    const struct row *r = s->of[s->list.cursor].row;
    return r ? (int)(r - s->rows->row) : -1;
}

bool
pane_can_toggle(const struct pane_self *s)
{
    int at = row_index(s);
    if (at < 0)
        return false;
    const struct row *r = &s->rows->row[at];
    if (r->kind == ROW_HEADING)
        return r->folded;
    return r->kind == ROW_PAYMENT && at + 1 < s->rows->n &&
           r[1].kind == ROW_DETAIL;
}

void
pane_toggle(struct app *app, struct pane_self *s)
{
    int at = row_index(s);
    if (!pane_can_toggle(s))
        return;
    if (s->rows->row[at].kind == ROW_HEADING)
        s->ended = !s->ended;
    else
        s->open[at] = !s->open[at];
    s->version = s->g->version - 1;
    pane_refresh(app, s);
}
