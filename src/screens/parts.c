/* SPDX-License-Identifier: EUPL-1.2 */
#include "config.h"

#include "screens/parts.h"

#include "base/clock.h"
#include "base/i18n.h"
#include "base/text.h"
#include "screens/screens.h"

#include <stdio.h>
#include <string.h>

void
parts_given_name(const char *namn, char *out, int size)
{
    const char *comma = strchr(namn, ',');
    const char *s = comma ? comma + 1 : namn;
    AUTO_BUF(cut, 128);
    while (*s == ' ')
        s++;
    int len = (int)strcspn(s, " ");
    char word[128];
    snprintf(word, sizeof(word), "%.*s", len < 127 ? len : 127, s);
    text_cut(&cut, word, 12);
    snprintf(out, size, "%s", buf_str(&cut));
}

/* Cut without a mark: brief names are three letters. */
static void
brief(const char *name, char *out, int size)
{
    snprintf(out, size, "%.*s", (int)text_fit(name, 3), name);
}

void
parts_who_of(const struct client_person *p, enum who form, char *out, int size)
{
    static const char *const words[][4] = {
        {N_("Applicant"), N_("Applicant"), N_("App"), N_("applicant")},
        {N_("Co-applicant"), N_("Co-appl."), N_("Co"), N_("co-applicant")},
    };
    if (p->roll == ROLL_SOKANDE || p->roll == ROLL_MEDSOKANDE) {
        snprintf(out, size, "%s", _(words[p->roll == ROLL_MEDSOKANDE][form]));
        return;
    }
    char name[64];
    parts_given_name(p->namn, name, sizeof(name));
    if (form == WHO_BRIEF)
        brief(name, out, size);
    else
        snprintf(out, size, "%s", name);
}

void
parts_who(const struct gathered *g, int person, enum who form, char *out,
          int size)
{
    parts_who_of(&g->of[person].person, form, out, size);
}

void
parts_strip(const struct gathered *g, char *out, int size)
{
    AUTO_BUF(b, 1024);
    buf_adds(&b, g->arende);
    for (int i = 0; i < g->n; i++) {
        char who[64];
        parts_who(g, i, WHO_FULL, who, sizeof(who));
        buf_addf(&b, "  %s %c", who, gathered_symbol(g, i));
    }
    AUTO_BUF(cut, 1024);
    text_cut(&cut, buf_str(&b), size / 3);
    snprintf(out, size, "%s", buf_str(&cut));
}

void
parts_when(const struct gathered *g, char *out, int size)
{
    char day[11], at[6];
    clock_date(g->asked_ms, day);
    clock_hhmm(g->asked_ms, at);
    snprintf(out, size, _("answer %s %s"), day + 5, at);
}

enum source_id
parts_tab_source(int tab)
{
    return tab >= 2 && tab <= 9 ? (enum source_id)(tab - 2) : SOURCE_COUNT;
}

int
parts_source_tab(enum source_id s)
{
    return (int)s + 2;
}

/* "[1 Översikt] 2 AF+ 3 CSN0"; below 80 columns "1 2+ 30". */
static void
tabs(const struct app *app, const struct gathered *g, int person, int tab,
     struct buf *out)
{
    bool narrow = app_narrow(app);
    if (narrow)
        buf_adds(out, tab == 1 ? "[1]" : "1");
    else
        buf_addf(out, tab == 1 ? "[1 %s]" : " 1 %s ", _("Overview"));
    for (int t = 2; t <= 9; t++) {
        enum source_id s = parts_tab_source(t);
        char symbol = state_row(gathered_source(g, person, s))->symbol;
        buf_addf(out, t == tab ? " [%d" : " %d", t);
        if (!narrow)
            buf_addf(out, " %s", source_row(s)->tab);
        buf_addc(out, symbol);
        if (t == tab)
            buf_addc(out, ']');
    }
}

void
parts_head(const struct app *app, const struct gathered *g, int person, int tab,
           struct head *head)
{
    const struct client_person *p = &g->of[person].person;
    char who[64], number[14];
    parts_who(g, person, WHO_FULL, who, sizeof(who));
    text_personnummer(p->number.digits, number);
    int right = app_cols(app) >= 60 ? 17 : 0;
    if (right)
        parts_when(g, head->case_right, sizeof(head->case_right));
    int fixed = text_width(g->arende) + 2 + text_width(who) + 2 + 1 + 13;
    int room = app_cols(app) - right - fixed - 1;
    AUTO_BUF(name, 256);
    if (room >= 4)
        text_cut(&name, p->namn, room);
    snprintf(head->case_left, sizeof(head->case_left), "%s  %s: %s%s%s",
             g->arende, who, buf_str(&name), room >= 4 ? " " : "", number);
    AUTO_BUF(strip, sizeof(head->tabs));
    tabs(app, g, person, tab, &strip);
    snprintf(head->tabs, sizeof(head->tabs), "%s", buf_str(&strip));
    head->skyddad = gathered_shielded(g);
}

void
parts_cell(const struct month_cell *c, char out[32])
{
    switch (c->kind) {
    case CELL_AMOUNT:
        money_kronor_text(c->sum, out);
        return;
    case CELL_ZERO:
        snprintf(out, 32, "0");
        return;
    case CELL_NOT_ASKED:
        snprintf(out, 32, ".");
        return;
    case CELL_UNKNOWN:
        break;
    }
    snprintf(out, 32, "?");
}

enum role
parts_role(const char *text)
{
    return text[0] == '?' ? ROLE_OKANT : ROLE_TEXT;
}

void
parts_put_cell(const struct pane *p, int row, int end, const char *text)
{
    pane_put_right(p, row, end, parts_role(text), text);
}

void
parts_period(struct period p, char out[32])
{
    char from[11], to[11];
    date_text(p.from, from);
    date_text(p.to, to);
    snprintf(out, 32, "%s - %s", from, to);
}

void
parts_month(struct month m, char out[32])
{
    char text[24];
    rows_month_long(m, text);
    snprintf(out, 32, "%s", text);
}

void
parts_number(uint64_t n, char out[32])
{
    char digits[32];
    int len = snprintf(digits, sizeof(digits), "%llu", (unsigned long long)n);
    int o = 0;
    for (int i = 0; i < len && o < 30; i++) {
        if (i > 0 && (len - i) % 3 == 0)
            out[o++] = ' ';
        out[o++] = digits[i];
    }
    out[o] = '\0';
}

void
parts_rows_options(struct app *app, struct gathered *g, int person,
                   struct rows_options *o)
{
    const struct answer *one[GATHERED_PERSONS] = {NULL};
    int n = 0;
    bool shown = false;
    for (int i = 0; i < g->n; i++) {
        const struct answer *a = gathered_answer(g, i);
        if (!a)
            continue;
        one[n++] = a;
        shown |= (person < 0 || person == i) && g->of[i].address;
    }
    rows_options_init(o, one, n);
    o->places = shown || (o->places && gathered_places_open(g));
    const struct client_status *st = client_status(session_of(app)->client);
    o->limit_s = st ? st->limit_s : 0;
    o->probed_ms = st ? st->probed_ms : 0;
    o->keys = true;
}

const char *
parts_brief_source(enum source_id s)
{
    return s == SOURCE_SKV || s == SOURCE_TNS || s == SOURCE_MIV
               ? rows_authority(s)
               : source_row(s)->tab;
}

/* "2026-10-26" to "10-26" and "2026-10" to "okt" in a year asked about. */
static void
one_date(const struct question *q, const char *s, char *out, int size)
{
    struct date d;
    struct month m;
    size_t len = strlen(s);
    if (len == 10 && date_read(&d, s) && d.year >= q->period.from.year &&
        d.year <= q->period.to.year) {
        snprintf(out, size, "%s", s + 5);
    } else if (len == 7 && month_read(&m, s) && m.year >= q->period.from.year &&
               m.year <= q->period.to.year) {
        AUTO_BUF(name, 64);
        parts_small(&name, rows_month_short(m));
        snprintf(out, size, "%s", buf_str(&name));
    } else {
        snprintf(out, size, "%s", s);
    }
}

void
parts_span(const struct question *q, const char *fran, const char *till,
           char *out, int size)
{
    char from[64] = "", to[64] = "";
    if (fran)
        one_date(q, fran, from, sizeof(from));
    if (till)
        one_date(q, till, to, sizeof(to));
    if (!from[0] && !to[0])
        snprintf(out, size, "-");
    else if (!to[0] || strcmp(from, to) == 0)
        snprintf(out, size, "%s", from);
    else
        snprintf(out, size, "%s - %s", from, to);
}
