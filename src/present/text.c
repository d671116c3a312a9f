/* SPDX-License-Identifier: EUPL-1.2 */
#include "config.h"

#include "present/text.h"

#include "base/clock.h"

#include <inttypes.h>
#include <string.h>

void
text_quote(struct buf *out, const char *s)
{
    buf_addc(out, '"');
    for (; *s; s++) {
        if (*s == '"' || *s == '\\')
            buf_addc(out, '\\');
        buf_addc(out, (unsigned char)*s < ' ' || *s == 0x7f ? ' ' : *s);
    }
    buf_addc(out, '"');
}

static const char *
code_of(const struct row *r)
{
    return r->source < SOURCE_COUNT ? source_row(r->source)->code : "-";
}

static void
add_quoted(struct buf *out, const char *name, const char *s)
{
    if (!s || !*s)
        return;
    buf_addf(out, " %s=", name);
    text_quote(out, s);
}

/* As it stands where it is one plain word, else quoted. */
static void
add_word(struct buf *out, const char *name, const char *s)
{
    static const char plain[] = "abcdefghijklmnopqrstuvwxyz"
                                "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789.,:_-";
    if (s && *s && !s[strspn(s, plain)])
        buf_addf(out, " %s=%s", name, s);
    else
        add_quoted(out, name, s);
}

static void
add_money(struct buf *out, const char *name, struct money m)
{
    char text[24];
    if (!m.given)
        return;
    money_text(m, text);
    add_word(out, name, text);
}

static void
add_span(struct buf *out, const char *fran, const char *till)
{
    if (fran || till)
        buf_addf(out, " period=%s..%s", fran ? fran : "", till ? till : "");
}

static void
write_head(struct buf *out, const struct answer *a)
{
    char at[32];
    clock_iso(a->question.asked_ms, at);
    buf_addf(out, "enfraga %s svar %s lage=%s loggpost=%" PRIu64 " hel=%s\n",
             PACKAGE_VERSION, at, a->lage, a->loggpost,
             answer_whole(a) ? "ja" : "nej");
}

static void
write_state(struct buf *out, const struct answer *a, const struct row *r)
{
    const struct source_answer *of = &a->of[r->source];
    buf_addf(out, "kalla %s lage=%s", code_of(r), r->code);
    if (of->time_ms >= 0)
        buf_addf(out, " tid=%d.%d", of->time_ms / 1000, of->time_ms / 100 % 10);
    if (state_row(of->state)->came)
        buf_addf(out, " antal=%d", of->count);
    if (of->fault) {
        add_quoted(out, "felkalla", of->fault->kalla);
        add_quoted(out, "felkod", of->fault->felkod);
    }
    add_quoted(out, "text", r->text);
}

static void
write_marks(struct buf *out, unsigned marks)
{
    const char *sep = " marken=";
    for (unsigned m = 1; m <= MARK_LAST; m <<= 1)
        if (marks & m) {
            buf_addf(out, "%s%s", sep, payment_mark_word(m));
            sep = ",";
        }
}

static void
begin_payment(struct buf *out, const struct row *r, const struct payment *p)
{
    char day[11];
    date_text(p->date, day);
    buf_addf(out, "betalning %s %s ", day[0] ? day : "-", code_of(r));
    text_quote(out, p->forman);
}

static void
write_payment(struct buf *out, const struct row *r)
{
    const struct payment *p = r->payment;
    begin_payment(out, r, p);
    add_word(out, "lage", payment_state_word(p->state));
    if (!p->netto.given)
        add_word(out, "netto", "okant");
    add_money(out, "netto", p->netto);
    add_money(out, "brutto", p->brutto);
    add_money(out, "skatt", p->skatt);
    add_money(out, "avdrag", p->avdrag);
    add_money(out, "efter_skatt", p->efter_skatt);
    add_money(out, "lan", p->lan);
    add_span(out, p->fran, p->till);
    add_word(out, "dagar", p->dagar);
    add_quoted(out, "betalare", p->betalare);
    write_marks(out, p->marks);
}

static void
write_decision(struct buf *out, const struct row *r)
{
    const struct decision *d = r->decision;
    char day[11];
    date_text(d->datum, day);
    buf_addf(out, "beslut %s %s ", code_of(r), d->slag);
    text_quote(out, d->forman);
    add_span(out, r->fran, r->till);
    add_word(out, "datum", day);
    add_word(out, "procent", d->omfattning);
    add_word(out, "dagar", d->dagar);
    add_money(out, "belopp", d->belopp);
    add_quoted(out, "per", d->periodicitet);
    add_quoted(out, "lage", d->lage);
    if (d->utan_beslut)
        add_word(out, "utan_beslut", "ja");
}

/* Names of the facts above, so that a line stands by itself. */
struct path {
    const char *name[24];
    int depth;
};

static void
write_fact(struct buf *out, const struct row *r, const struct path *path)
{
    buf_addf(out, "uppgift %s ", code_of(r));
    AUTO_BUF(names, 4096);
    for (int i = 0; i < r->indent && i < 24; i++)
        if (path->name[i])
            buf_addf(&names, "%s/", path->name[i]);
    buf_adds(&names, r->code);
    text_quote(out, buf_str(&names));
    buf_addc(out, ' ');
    text_quote(out, r->text);
}

static void
write_months(struct buf *out, const struct overview *v, const struct row *r)
{
    for (int m = 0; m < v->n_months; m++) {
        char month[8], text[24];
        const struct month_cell *c = r->month ? &r->month->cell[m] : NULL;
        struct money sum = c ? c->sum : v->sums[m].netto;
        bool known =
            c ? c->kind != CELL_UNKNOWN && !c->partial : v->sums[m].known;
        if (c && c->kind == CELL_NOT_ASKED)
            continue;
        month_text(v->months[m], month);
        money_text(sum, text);
        buf_addf(out, "belopp %s %s ", month, c ? code_of(r) : "SUMMA");
        if (c) {
            text_quote(out, r->month->forman);
            if (r->source == SOURCE_SO)
                add_quoted(out, "betalare", r->month->betalare);
            buf_addc(out, ' ');
        }
        buf_addf(out, "netto=%s kant=%s\n",
                 (c && c->kind == CELL_UNKNOWN) ||
                         (!c && !known && v->sums[m].netto.ore == 0)
                     ? "okant"
                 : c && c->kind == CELL_ZERO ? "0.00"
                                             : text,
                 known ? "ja" : "nej");
        if (!c && v->sums[m].vantas.given && v->sums[m].vantas.ore) {
            money_text(v->sums[m].vantas, text);
            buf_addf(out, "belopp %s VANTAS netto=%s\n", month, text);
        }
    }
}

/* Paid on days that were not told: in no month's sum. */
static void
write_dateless(struct buf *out, const struct overview *v)
{
    char text[24];
    if (!v->n_dateless)
        return;
    money_text(v->dateless, text);
    buf_addf(out, "belopp - UTAN_DATUM netto=%s antal=%d\n", text,
             v->n_dateless);
}

static void
write_check(struct buf *out, const struct row *r)
{
    char codes[64];
    source_set_text(r->check->sources, ',', codes);
    buf_addf(out, "kontrollera %s %s %s..%s ", r->code, codes[0] ? codes : "-",
             r->fran ? r->fran : "", r->till ? r->till : "");
    text_quote(out, r->text);
}

/* A line without its end; false where the row is no line of its own. */
static bool
write_row(struct buf *out, const struct answer *a, const struct row *r,
          struct path *path)
{
    switch (r->kind) {
    case ROW_STATE:
        write_state(out, a, r);
        return true;
    case ROW_MISSING:
        buf_addf(out, "kalla %s saknar=", code_of(r));
        text_quote(out, r->label);
        add_quoted(out, "kod", r->code);
        add_quoted(out, "orsak", r->missing ? r->missing->orsak : NULL);
        return true;
    case ROW_REMARK:
        buf_addf(out, "kalla %s text=", code_of(r));
        text_quote(out, r->text);
        return true;
    case ROW_FLAG:
        buf_addf(out, "flagga %s", r->code);
        add_quoted(out, "text", r->status);
        return true;
    case ROW_PAYMENT:
        write_payment(out, r);
        return true;
    case ROW_DETAIL:
        if (!r->payment || r->marks)
            return false;
        begin_payment(out, r, r->payment);
        buf_adds(out, " del=");
        text_quote(out, r->label);
        add_word(out, "kod", r->code);
        add_money(out, "belopp", r->netto);
        add_span(out, r->fran, r->till);
        return true;
    case ROW_DECISION:
        write_decision(out, r);
        return true;
    case ROW_FACT:
        if (r->indent < 24)
            path->name[r->indent] = r->code;
        if (r->head)
            return false;
        write_fact(out, r, path);
        return true;
    case ROW_CHECK:
        write_check(out, r);
        return true;
    default:
        return false;
    }
}

enum err_code
text_write(struct buf *out, const struct answer *a, const struct overview *v,
           const struct rows_options *given)
{
    struct rows_options o = *given;
    struct path path = {0};
    o.keys = false;
    struct rows *rows = rows_all(a, v, &o);
    write_head(out, a);
    for (int i = 0; i < rows->n; i++) {
        const struct row *r = &rows->row[i];
        if (r->kind == ROW_MONTH || r->kind == ROW_SUM)
            write_months(out, v, r);
        else if (write_row(out, a, r, &path))
            buf_addc(out, '\n');
        if (r->kind == ROW_SUM)
            write_dateless(out, v);
    }
    rows_free(&rows);
    return out->full ? ERR_TOO_BIG : ERR_OK;
}
