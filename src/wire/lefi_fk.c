/* SPDX-License-Identifier: EUPL-1.2
 *
 * Försäkringskassan's model in LEFI v9 (WIRE 8.1): the payments of all
 * benefits stand in two lists of formansinformation, never at the top of the
 * document; the person in a third. Matters and the rest: lefi_fk_arende.c.
 */
#include "config.h"

#include "wire/lefi_own.h"

#include "base/text.h"
#include "domain/code.h"

#include <stdlib.h>
#include <string.h>

const char *
lefi_words(struct part *p, const char *member, const cJSON *code)
{
    const char *id = json_text(code);
    if (!id) {
        const char *words = part_word(p, json_member(code, "beskrivning"));
        if (words)
            return words;
        id = json_member(code, "id");
        if (!id)
            id = json_member(code, "kod");
    }
    const char *known = code ? code_words(member, code->string, id) : NULL;
    return known ? known : part_word(p, id);
}

const char *
lefi_id(struct part *p, const cJSON *code)
{
    return part_word(p, json_member(code, "id"));
}

/* Belopp {summa, valuta}; a number with an exponent has no exact text. */
struct money
lefi_amount(struct part *p, struct payment *pay, const cJSON *belopp)
{
    const cJSON *sum =
        cJSON_IsObject(belopp) ? json_get(belopp, "summa") : belopp;
    const cJSON *valuta = json_get(belopp, "valuta");
    const char *currency = json_text(valuta);
    struct money m;
    if (currency ? *currency && strcmp(currency, "SEK") != 0
                 : valuta && !cJSON_IsNull(valuta)) {
        p->seen |= SEEN_UNREAD; /* not kronor: shown among the facts */
        if (pay)
            pay->marks |= MARK_BELOPP_OLASLIGT;
        return MONEY_NONE;
    }
    if (cJSON_IsNumber(sum) && strpbrk(sum->valuestring, "eE") &&
        money_of_double(&m, sum->valuedouble))
        return m;
    if (sum && !cJSON_IsNull(sum) && !json_text(sum))
        p->seen |= SEEN_UNREAD;
    return part_money(p, pay, json_text(sum));
}

/* Omfattning {taljare, namnare} as percent; 0/0 is "not set". */
const char *
lefi_extent(struct part *p, const cJSON *o)
{
    if (cJSON_IsArray(o)) /* efterlevandepension: a list of one */
        o = o->child;
    const char *over = json_member(o, "taljare");
    const char *under = json_member(o, "namnare");
    if (!over || !under)
        return NULL;
    double a = strtod(over, NULL), b = strtod(under, NULL);
    if (!(b > 0) || !(a >= 0) || a / b > 10)
        return NULL;
    return arena_printf(p->arena, "%.4g", 100 * a / b);
}

static void
add_row(struct part *p, struct payment *pay, struct payment_row ***end,
        const cJSON *d, const cJSON *belopp, bool deduction)
{
    struct payment_row *r = part_row(p, end);
    if (!r)
        return;
    const cJSON *type = json_get(d, "beloppstyp");
    const cJSON *period = json_get(d, "period");
    r->forman = lefi_words(p, NULL, json_get(d, "forman"));
    r->kod = lefi_id(p, json_get(d, "forman"));
    r->slag_kod = lefi_id(p, type);
    const struct deduction *known = deduction_by_code(r->slag_kod);
    r->slag = part_word(p, json_member(type, "beskrivning"));
    if (!r->slag)
        r->slag = known ? known->namn : r->slag_kod;
    r->avdrag = deduction || known;
    if (r->avdrag)
        pay->marks |= known ? known->mark : 0;
    r->fran = part_period(p, pay, json_member(period, "fran"));
    r->till = part_period(p, pay, json_member(period, "till"));
    r->omfattning = lefi_extent(p, json_get(d, "omfattning"));
    r->dagar = part_word(p, json_member(d, "dagar"));
    r->belopp = lefi_amount(p, pay, belopp);
}

static void
read_rows(struct part *p, struct payment *pay, const cJSON *details)
{
    static const struct {
        const char *name;
        bool deduction;
    } amounts[] = {{"bruttobelopp", false},
                   {"skattebelopp", true},
                   {"avdragsbelopp", true}};
    struct payment_row **end = &pay->rows;
    const cJSON *d;
    if (details && !cJSON_IsArray(details) && !cJSON_IsNull(details))
        p->seen |= SEEN_UNSURE;
    cJSON_ArrayForEach(d, details)
    {
        int n = 0;
        for (size_t i = 0; i < sizeof amounts / sizeof *amounts; i++) {
            const cJSON *b = json_get(d, amounts[i].name);
            if (!b || cJSON_IsNull(b))
                continue;
            add_row(p, pay, &end, d, b, amounts[i].deduction);
            n++;
        }
        if (!n)
            add_row(p, pay, &end, d, NULL, false);
    }
}

static void
read_payment(struct part *p, const cJSON *u, enum payment_state state)
{
    if (!cJSON_IsObject(u)) {
        p->seen |= SEEN_UNREAD;
        return;
    }
    const cJSON *family = json_get(u, "formansfamilj");
    const char *office = json_member(json_get(u, "foretag"), "id");
    bool pm = office && !strcmp(office, "1003");
    struct payment *pay =
        part_payment(p, pm ? source_row(SOURCE_PM)->authority : NULL,
                     lefi_words(p, NULL, family), lefi_id(p, family));
    if (!pay)
        return;
    const cJSON *period = json_get(u, "period");
    const char *type = json_member(json_get(u, "typ"), "id");
    pay->state = state;
    pay->date = part_date(pay, json_member(u, "datum"));
    pay->fran = part_period(p, pay, json_member(period, "fran"));
    pay->till = part_period(p, pay, json_member(period, "till"));
    pay->brutto = lefi_amount(p, pay, json_get(u, "bruttobelopp"));
    pay->skatt = lefi_amount(p, pay, json_get(u, "skattebelopp"));
    pay->avdrag = lefi_amount(p, pay, json_get(u, "avdragsbelopp"));
    pay->netto = lefi_amount(p, pay, json_get(u, "nettobelopp"));
    if (!pay->netto.given)
        p->seen |= SEEN_UNREAD;
    if (type && !strcmp(type, "3"))
        pay->marks |= MARK_RETRO;
    read_rows(p, pay, json_get(u, "utbetalningsdetalj"));
    part_span(pay);
    part_marks(pay);
}

static void
read_payments(struct part *p, const cJSON *list, enum payment_state state)
{
    const cJSON *u;
    if (!list || cJSON_IsNull(list))
        return;
    if (!cJSON_IsArray(list)) {
        p->seen |= SEEN_UNREAD;
        return;
    }
    cJSON_ArrayForEach(u, list) read_payment(p, u, state);
}

/* GEPI: a list by the contract, one object in the wild. */
static void
read_person(struct part *p, const cJSON *g)
{
    const cJSON *one = g, *item;
    if (cJSON_IsArray(g)) {
        cJSON_ArrayForEach(item, g) read_person(p, item);
        return;
    }
    if (!cJSON_IsObject(one)) {
        if (one && !cJSON_IsNull(one))
            p->seen |= SEEN_UNSURE;
        return;
    }
    bool no = part_flag_no(json_member(one, "skyddad"));
    p->out->unshielded = no && (p->out->unshielded || !(p->seen & SEEN_KNOWN));
    p->seen |= SEEN_KNOWN;
    part_person(p, json_member(one, "personnummer"));
}

/* The sign of protection of the person, and of everyone else the answer
 * names (LefiPerson: a child, the other parent): one address may be theirs
 * too. What does not say no says yes. */
static void
read_signs(struct part *p, const cJSON *j)
{
    for (; j; j = j->next) {
        if (j->string && text_same(j->string, "skyddad")) {
            const char *text = json_text(j);
            if (text ? part_flag(text) : !cJSON_IsNull(j)) {
                p->out->shielded = true;
                if (!p->out->flag)
                    p->out->flag = part_word(p, text);
            }
        }
        if (j->child) /* depth is bounded */
            read_signs(p, j->child);
    }
}

void
lefi_fk_read(struct part *p, const cJSON *lefi)
{
    const cJSON *info = json_get(lefi, "formansinformation"), *m;
    read_signs(p, lefi->child);
    if (!cJSON_IsObject(info)) {
        if (info && !cJSON_IsNull(info))
            p->seen |= SEEN_UNREAD;
        return;
    }
    p->seen |= SEEN_LIST;
    cJSON_ArrayForEach(m, info)
    {
        if (!strcmp(m->string, "utbetalningsuppgift"))
            read_payments(p, m, PAYMENT_UTBETALD);
        else if (!strcmp(m->string, "preliminarautbetalningar"))
            read_payments(p, m, PAYMENT_PRELIMINAR);
        else if (!strcmp(m->string, "generellPersoninformation"))
            read_person(p, m);
        else
            lefi_fk_member(p, m);
    }
}
