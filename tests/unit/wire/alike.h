/* SPDX-License-Identifier: EUPL-1.2
 *
 * All that one source has said as lines of text, so that two answers can be
 * compared; the raw text and the times are left out.
 */
#ifndef ENFRAGA_TESTS_WIRE_ALIKE_H
#define ENFRAGA_TESTS_WIRE_ALIKE_H

#include "base/buf.h"
#include "domain/answer.h"

static inline void
alike_word(struct buf *b, const char *name, const char *s)
{
    if (s)
        buf_addf(b, " %s=\"%s\"", name, s);
}

static inline void
alike_money(struct buf *b, const char *name, struct money m)
{
    char text[24];
    money_text(m, text);
    if (m.given)
        alike_word(b, name, text);
}

static inline void
alike_date(struct buf *b, const char *name, struct date d)
{
    char text[11];
    date_text(d, text);
    if (!date_none(d))
        alike_word(b, name, text);
}

static inline void
alike_fact(struct buf *b, const struct fact *f, int depth)
{
    for (; f; f = f->next) {
        buf_addf(b, "%*s%d", depth, "", f->kind);
        alike_word(b, "name", f->name);
        alike_word(b, "text", f->text);
        buf_addc(b, '\n');
        alike_fact(b, f->child, depth + 1);
    }
}

static inline void
alike_payment(struct buf *b, const struct payment *p)
{
    buf_addf(b, "payment %d marks %u", (int)p->state, p->marks);
    alike_date(b, "date", p->date);
    alike_word(b, "betalare", p->betalare);
    alike_word(b, "forman", p->forman);
    alike_word(b, "kod", p->kod);
    alike_money(b, "netto", p->netto);
    alike_money(b, "brutto", p->brutto);
    alike_money(b, "skatt", p->skatt);
    alike_money(b, "avdrag", p->avdrag);
    alike_money(b, "efter_skatt", p->efter_skatt);
    alike_money(b, "lan", p->lan);
    alike_word(b, "fran", p->fran);
    alike_word(b, "till", p->till);
    alike_word(b, "dagar", p->dagar);
    buf_addc(b, '\n');
    for (const struct payment_row *r = p->rows; r; r = r->next) {
        buf_addf(b, " row %d %d", r->avdrag, r->lan);
        alike_word(b, "forman", r->forman);
        alike_word(b, "kod", r->kod);
        alike_word(b, "slag", r->slag);
        alike_word(b, "slag_kod", r->slag_kod);
        alike_money(b, "belopp", r->belopp);
        alike_word(b, "fran", r->fran);
        alike_word(b, "till", r->till);
        alike_word(b, "omfattning", r->omfattning);
        alike_word(b, "dagar", r->dagar);
        buf_addc(b, '\n');
    }
}

static inline void
alike_decision(struct buf *b, const struct decision *d)
{
    buf_addf(b, "decision %d", d->utan_beslut);
    alike_word(b, "slag", d->slag);
    alike_word(b, "forman", d->forman);
    alike_word(b, "kod", d->kod);
    alike_date(b, "fran", d->fran);
    alike_date(b, "till", d->till);
    alike_date(b, "datum", d->datum);
    alike_word(b, "omfattning", d->omfattning);
    alike_word(b, "dagar", d->dagar);
    alike_word(b, "lage", d->lage);
    alike_money(b, "belopp", d->belopp);
    alike_word(b, "periodicitet", d->periodicitet);
    buf_addc(b, '\n');
}

/* All of a source but its remarks and its fault; `text` is appended to. */
static inline void
alike_content(struct buf *b, const struct source_answer *s)
{
    buf_addf(b, "%s count %d confirmed %s shielded %d",
             state_row(s->state)->word, s->count, confirmed_word(s->confirmed),
             s->shielded);
    alike_word(b, "flag", s->flag);
    buf_addc(b, '\n');
    for (const struct missing *m = s->missing; m; m = m->next)
        buf_addf(b, "missing %s %s %s\n", m->kod, m->namn, m->orsak);
    for (const struct payment *p = s->payments; p; p = p->next)
        alike_payment(b, p);
    for (const struct decision *d = s->decisions; d; d = d->next)
        alike_decision(b, d);
    alike_fact(b, s->facts, 0);
}

static inline void
alike_text(struct buf *b, const struct source_answer *s)
{
    alike_content(b, s);
    if (s->fault)
        buf_addf(b, "fault %s %s\n", s->fault->kalla, s->fault->felkod);
    for (const struct texts *t = s->fault ? s->fault->texts : NULL; t;
         t = t->next)
        buf_addf(b, " %s\n", t->text);
    for (const struct texts *t = s->remarks; t; t = t->next)
        buf_addf(b, "remark %s\n", t->text);
}

#endif
