/* SPDX-License-Identifier: EUPL-1.2
 *
 * Writing enfraga.svar/1. Reading is svar_read.c.
 */
#include "config.h"

#include "local/svar.h"

#include "base/clock.h"
#include "base/text.h"
#include "domain/places.h"
#include "local/json.h"

#include <stdio.h>
#include <stdlib.h>
#include <stdio.h>
#include <string.h>

static void
write_texts(struct json *j, const char *name, const struct texts *t)
{
    json_open(j, name, '[');
    for (; t; t = t->next)
        json_str(j, NULL, t->text);
    json_close(j, ']');
}

static void
write_fault(struct json *j, const struct source_fault *f, bool texts)
{
    if (!f)
        return;
    json_open(j, "fel", '{');
    json_text_null(j, "kalla", f->kalla);
    json_str(j, "felkod", f->felkod);
    if (texts)
        write_texts(j, "meddelande", f->texts);
    json_close(j, '}');
}

static void
write_missing(struct json *j, const struct missing *m)
{
    if (!m)
        return;
    json_open(j, "saknade", '[');
    for (; m; m = m->next) {
        json_open(j, NULL, '{');
        json_text_null(j, "kod", m->kod);
        json_text_null(j, "namn", m->namn);
        json_text_null(j, "orsak", m->orsak);
        json_close(j, '}');
    }
    json_close(j, ']');
}

/* The members that a source has in `kallor` and in the stream alike. */
static void
write_state(struct json *j, const struct answer *a, enum source_id s,
            bool content)
{
    const struct source_answer *of = &a->of[s];
    bool came = state_row(of->state)->came;
    json_str(j, "kod", source_row(s)->code);
    json_str(j, "lage", state_row(of->state)->word);
    json_seconds(j, "tid_s", of->time_ms);
    if (came || of->count)
        json_int(j, "antal", of->count);
    if (came || of->confirmed == CONFIRMED_NEJ)
        json_str(j, "person_bekraftad", confirmed_word(of->confirmed));
    write_fault(j, of->fault, content);
    if (!content)
        return;
    write_missing(j, of->missing);
    json_text_if(j, "flagga", of->flag);
    if (answer_untold(a, s))
        json_str(j, "skydd", PROTECTION_UNTOLD);
    if (of->loggpost && of->loggpost != a->loggpost)
        json_int(j, "loggpost", (int64_t)of->loggpost);
    if (of->asked_ms && of->asked_ms != a->question.asked_ms)
        json_time(j, "fragad", of->asked_ms);
    if (of->kontrakt && a->kontrakt && strcmp(of->kontrakt, a->kontrakt) != 0)
        json_str(j, "kontrakt", of->kontrakt); /* another than asked with */
    write_texts(j, "anmarkningar", of->remarks);
}

static void
write_period(struct json *j, const char *fran, const char *till)
{
    if (!fran && !till) {
        json_null(j, "period");
        return;
    }
    json_open(j, "period", '{');
    json_text_null(j, "fran", fran);
    json_text_null(j, "till", till);
    json_close(j, '}');
}

static void
write_payment_row(struct json *j, const struct payment_row *r)
{
    json_open(j, NULL, '{');
    json_text_if(j, "forman", r->forman);
    json_text_if(j, "kod", r->kod);
    json_text_if(j, "slag", r->slag);
    json_text_if(j, "slag_kod", r->slag_kod);
    json_money(j, "belopp", r->belopp);
    json_text_if(j, "fran", r->fran);
    json_text_if(j, "till", r->till);
    json_text_if(j, "omfattning", r->omfattning);
    json_text_if(j, "dagar", r->dagar);
    if (r->avdrag)
        json_bool(j, "avdrag", true);
    if (r->lan)
        json_bool(j, "lan", true);
    json_close(j, '}');
}

static void
write_payment(struct json *j, const struct payment *p)
{
    json_open(j, NULL, '{');
    json_date(j, "datum", p->date);
    json_str(j, "kalla", source_row(p->source)->code);
    json_str(j, "betalare", p->betalare);
    json_str(j, "forman", p->forman);
    json_text_null(j, "kod", p->kod);
    json_str(j, "lage", payment_state_word(p->state));
    json_money(j, "netto", p->netto);
    json_money(j, "brutto", p->brutto);
    json_money(j, "skatt", p->skatt);
    json_money(j, "avdrag", p->avdrag);
    json_money_if(j, "efter_skatt", p->efter_skatt);
    json_money_if(j, "lan", p->lan);
    write_period(j, p->fran, p->till);
    json_text_if(j, "dagar", p->dagar);
    json_open(j, "rader", '[');
    for (const struct payment_row *r = p->rows; r; r = r->next)
        write_payment_row(j, r);
    json_close(j, ']');
    json_open(j, "marken", '[');
    for (unsigned m = 1; m <= MARK_LAST; m <<= 1)
        if (p->marks & m)
            json_str(j, NULL, payment_mark_word(m));
    json_close(j, ']');
    json_close(j, '}');
}

static void
write_decision(struct json *j, const struct decision *d)
{
    json_open(j, NULL, '{');
    json_str(j, "kalla", source_row(d->source)->code);
    json_str(j, "slag", d->slag);
    json_str(j, "forman", d->forman);
    json_text_if(j, "kod", d->kod);
    json_date(j, "fran", d->fran);
    json_date(j, "till", d->till);
    json_date(j, "datum", d->datum);
    json_text_null(j, "omfattning", d->omfattning);
    json_text_if(j, "dagar", d->dagar);
    json_text_null(j, "lage", d->lage);
    if (d->belopp.given) {
        json_money(j, "belopp", d->belopp);
        json_text_null(j, "periodicitet", d->periodicitet);
    }
    if (d->utan_beslut)
        json_bool(j, "utan_beslut", true);
    json_close(j, '}');
}

/* The depth is the decoder's (256 levels at most). */
static void
write_fact(struct json *j, const struct fact *f, const char *name, bool mask)
{
    if (mask && place_name(name)) {
        json_str(j, name, place_mask);
        return;
    }
    if (f->kind == FACT_TEXT) {
        json_str(j, name, f->text);
        return;
    }
    bool list = f->kind == FACT_LIST;
    json_open(j, name, list ? '[' : '{');
    for (const struct fact *c = f->child; c; c = c->next)
        write_fact(j, c, list ? NULL : c->name ? c->name : "", mask);
    json_close(j, list ? ']' : '}');
}

/* `flaggor`: the source's own word, "sekretess:AF", "skyddad:FK". */
static void
write_flag(struct json *j, enum source_id s)
{
    const struct source *row = source_row(s);
    if (row->flag[0]) {
        json_str(j, NULL, row->flag);
        return;
    }
    char word[32];
    snprintf(word, sizeof word, "skyddad:%s", row->code);
    json_str(j, NULL, word);
}

enum err_code
svar_write_state(struct buf *out, const struct answer *a, enum source_id s)
{
    struct json j = {.out = out};
    json_open(&j, NULL, '{');
    json_str(&j, "typ", "kalla");
    write_state(&j, a, s, false);
    json_close(&j, '}');
    return out->full ? ERR_TOO_BIG : ERR_OK;
}

/* Raw text is whatever came: as text where JSON can hold it. */
static void
write_raw(struct json *j, const struct source_answer *of)
{
    if (!of->raw)
        return;
    if (text_is_utf8(of->raw, of->raw_len) &&
        !memchr(of->raw, '\0', of->raw_len))
        json_text_n(j, "ra", of->raw, of->raw_len);
    else
        json_base64(j, "ra_b64", of->raw, of->raw_len);
}

static enum err_code
write_source(struct buf *out, const struct answer *a, enum source_id s,
             bool mask, bool raw)
{
    const struct source_answer *of = &a->of[s];
    struct json j = {.out = out};
    json_open(&j, NULL, '{');
    json_str(&j, "typ", "svar");
    write_state(&j, a, s, true);
    json_open(&j, "utbetalningar", '[');
    for (const struct payment *p = of->payments; p; p = p->next)
        write_payment(&j, p);
    json_close(&j, ']');
    json_open(&j, "beslut", '[');
    for (const struct decision *d = of->decisions; d; d = d->next)
        write_decision(&j, d);
    json_close(&j, ']');
    if (of->facts)
        write_fact(&j, of->facts, "uppgifter", mask);
    json_open(&j, "flaggor", '[');
    if (of->shielded)
        write_flag(&j, s);
    json_close(&j, ']');
    if (raw)
        write_raw(&j, of);
    json_close(&j, '}');
    return out->full ? ERR_TOO_BIG : ERR_OK;
}

enum err_code
svar_write_source(struct buf *out, const struct answer *a, enum source_id s)
{
    return write_source(out, a, s, false, true);
}

enum err_code
svar_write_printed(struct buf *out, const struct answer *a, enum source_id s)
{
    return write_source(out, a, s, !answer_places_open(a), false);
}

static void
write_question(struct json *j, const struct answer *a)
{
    const struct question *q = &a->question;
    char month[8];
    month_text(q->month, month);
    json_open(j, "fraga", '{');
    json_str(j, "id", q->id);
    json_int(j, "loggpost", (int64_t)a->loggpost);
    json_str(j, "arende", q->arende);
    json_str(j, "person", q->person.digits);
    json_str(j, "roll", roll_word(q->roll));
    json_str(j, "syfte", syfte_word(q->syfte));
    json_text_null(j, "ansokningsmanad", q->month.month ? month : NULL);
    json_open(j, "period", '{');
    json_date(j, "fran", q->period.from);
    json_date(j, "till", q->period.to);
    json_close(j, '}');
    if (!date_none(q->csn.from)) {
        json_open(j, "period_csn", '{');
        json_date(j, "fran", q->csn.from);
        json_date(j, "till", q->csn.to);
        json_close(j, '}');
    }
    if (q->lefi[0])
        json_str(j, "koder", q->lefi);
    if (q->skv) {
        char parts[96];
        skv_set_text(q->skv, parts);
        json_str(j, "delar_skv", parts);
    }
    json_time(j, "stalld", q->asked_ms);
    json_str(j, "kontrakt", a->kontrakt ? a->kontrakt : "");
    json_close(j, '}');
}

struct placed { /* a payment and where it stood */
    const struct payment *p;
    size_t at;
};

/* DESIGN 4: date (null last), source, forman, lage, netto, betalare; equals
 * stay in the order they came. */
static int
compare_payments(const void *x, const void *y)
{
    const struct placed *px = x, *py = y;
    const struct payment *a = px->p, *b = py->p;
    bool na = date_none(a->date), nb = date_none(b->date);
    int c;
    if (na != nb)
        return na ? 1 : -1;
    if ((c = na ? 0 : date_compare(a->date, b->date)) != 0)
        return c;
    if (a->source != b->source)
        return a->source < b->source ? -1 : 1;
    if ((c = strcmp(a->forman, b->forman)) != 0)
        return c;
    if (a->state != b->state)
        return a->state < b->state ? -1 : 1;
    if (a->netto.given != b->netto.given)
        return a->netto.given ? -1 : 1;
    if (a->netto.ore != b->netto.ore)
        return a->netto.ore < b->netto.ore ? -1 : 1;
    if ((c = strcmp(a->betalare, b->betalare)) != 0)
        return c;
    return px->at < py->at ? -1 : 1;
}

static void
write_payments(struct json *j, const struct answer *a)
{
    size_t n = 0, i = 0;
    for (int s = 0; s < SOURCE_COUNT; s++)
        for (const struct payment *p = a->of[s].payments; p; p = p->next)
            n++;
    struct placed *all = mem_alloc((n + 1) * sizeof *all);
    for (int s = 0; s < SOURCE_COUNT; s++)
        for (const struct payment *p = a->of[s].payments; p; p = p->next, i++)
            all[i] = (struct placed){.p = p, .at = i};
    qsort(all, n, sizeof *all, compare_payments);
    json_open(j, "utbetalningar", '[');
    for (i = 0; i < n; i++)
        write_payment(j, all[i].p);
    json_close(j, ']');
    free(all);
}

static void
write_month_rows(struct json *j, const struct overview *o, int m)
{
    json_open(j, "rader", '[');
    for (int i = 0; i < o->n_rows; i++) {
        const struct month_row *r = o->rows[i];
        const struct month_cell *c = &r->cell[m];
        struct money zero = {.given = true};
        if (c->kind == CELL_NOT_ASKED)
            continue;
        json_open(j, NULL, '{');
        json_str(j, "kalla", source_row(r->source)->code);
        json_str(j, "forman", r->forman);
        if (r->source == SOURCE_SO)
            json_str(j, "betalare", r->betalare);
        json_money(j, "netto",
                   c->kind == CELL_AMOUNT ? c->sum
                   : c->kind == CELL_ZERO ? zero
                                          : MONEY_NONE);
        json_bool(j, "kant", c->kind != CELL_UNKNOWN && !c->partial);
        json_close(j, '}');
    }
    json_close(j, ']');
}

static void
write_months(struct json *j, const struct overview *o)
{
    char month[8];
    json_open(j, "manader", '[');
    for (int m = 0; m < o->n_months; m++) {
        month_text(o->months[m], month);
        json_open(j, NULL, '{');
        json_str(j, "manad", month);
        write_month_rows(j, o, m);
        json_open(j, "summa", '{');
        /* Nothing known is not zero: a sum of nothing is null. */
        json_money(j, "netto",
                   o->sums[m].known || o->sums[m].netto.ore ? o->sums[m].netto
                                                            : MONEY_NONE);
        json_bool(j, "kant", o->sums[m].known);
        json_close(j, '}');
        if (o->sums[m].vantas.given && o->sums[m].vantas.ore) {
            json_open(j, "vantas", '{');
            json_money(j, "netto", o->sums[m].vantas);
            json_close(j, '}');
        }
        json_close(j, '}');
    }
    json_close(j, ']');
    if (o->n_dateless) {
        json_open(j, "utan_datum", '{');
        json_money(j, "netto", o->dateless);
        json_int(j, "antal", o->n_dateless);
        json_close(j, '}');
    }
}

static void
write_checks(struct json *j, const struct overview *o)
{
    json_open(j, "kontrollera", '[');
    for (int i = 0; i < o->n_checks; i++) {
        const struct check *c = &o->checks[i];
        json_open(j, NULL, '{');
        json_str(j, "typ", check_word(c->kind));
        json_open(j, "kallor", '[');
        for (int s = 0; s < SOURCE_COUNT; s++)
            if (c->sources & SOURCE_BIT(s))
                json_str(j, NULL, source_row((enum source_id)s)->code);
        json_close(j, ']');
        json_date(j, "fran", c->from);
        json_date(j, "till", c->to);
        json_text_if(j, "forman", c->forman);
        json_str(j, "text", c->text);
        json_close(j, '}');
    }
    json_close(j, ']');
}

/* Decisions, facts and flags, source by source. */
static void
write_the_rest(struct json *j, const struct answer *a)
{
    bool mask = !answer_places_open(a);
    json_open(j, "beslut", '[');
    for (int s = 0; s < SOURCE_COUNT; s++)
        for (const struct decision *d = a->of[s].decisions; d; d = d->next)
            write_decision(j, d);
    json_close(j, ']');
    json_open(j, "uppgifter", '{');
    for (int s = 0; s < SOURCE_COUNT; s++)
        if (a->of[s].facts)
            write_fact(j, a->of[s].facts, source_row((enum source_id)s)->code,
                       mask);
    json_close(j, '}');
    json_open(j, "flaggor", '[');
    for (int s = 0; s < SOURCE_COUNT; s++)
        if (a->of[s].shielded)
            write_flag(j, (enum source_id)s);
    json_close(j, ']');
}

enum err_code
svar_write(struct buf *out, const struct answer *a, const struct overview *o)
{
    struct json j = {.out = out};
    json_open(&j, NULL, '{');
    json_str(&j, "schema", "enfraga.svar/1");
    json_str(&j, "lage", a->lage ? a->lage : "");
    json_bool(&j, "hel", answer_whole(a));
    write_question(&j, a);
    json_open(&j, "kallor", '[');
    for (int s = 0; s < SOURCE_COUNT; s++) {
        json_open(&j, NULL, '{');
        write_state(&j, a, (enum source_id)s, true);
        json_close(&j, '}');
    }
    json_close(&j, ']');
    write_payments(&j, a);
    write_the_rest(&j, a);
    write_months(&j, o);
    write_checks(&j, o);
    json_close(&j, '}');
    return out->full ? ERR_TOO_BIG : ERR_OK;
}
