/* SPDX-License-Identifier: EUPL-1.2
 *
 * Försäkringskassan's model in LEFI v9 (WIRE 8.1, 8.4): the payments of all
 * benefits stand in two lists of formansinformation, never at the top of the
 * document; matters with their decisions in a list for each benefit. A
 * decision is a right, never money.
 */
#include "config.h"

#include "wire/part.h"

#include "domain/code.h"
#include "domain/field.h"

#include <stdlib.h>
#include <string.h>

static const char *
code_text(struct part *p, const cJSON *code)
{
    return part_either(p, json_member(code, "beskrivning"),
                       json_member(code, "id"));
}

static const char *
code_id(struct part *p, const cJSON *code)
{
    return part_word(p, json_member(code, "id"));
}

/* Belopp {summa, valuta}; a number with an exponent has no exact text. */
static struct money
amount(struct part *p, struct payment *pay, const cJSON *belopp)
{
    const cJSON *sum =
        cJSON_IsObject(belopp) ? json_get(belopp, "summa") : belopp;
    struct money m;
    if (cJSON_IsNumber(sum) && strpbrk(sum->valuestring, "eE") &&
        money_of_double(&m, sum->valuedouble))
        return m;
    const char *currency = json_member(belopp, "valuta");
    if (currency && *currency && strcmp(currency, "SEK") != 0) {
        p->seen |= SEEN_UNREAD; /* not kronor: shown among the facts */
        if (pay)
            pay->marks |= MARK_BELOPP_OLASLIGT;
        return MONEY_NONE;
    }
    if (sum && !cJSON_IsNull(sum) && !json_text(sum))
        p->seen |= SEEN_UNREAD;
    return part_money(p, pay, json_text(sum));
}

/* Omfattning {taljare, namnare} as percent; 0/0 is "not set". */
static const char *
extent(struct part *p, const cJSON *o)
{
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
    r->forman = code_text(p, json_get(d, "forman"));
    r->kod = code_id(p, json_get(d, "forman"));
    r->slag_kod = code_id(p, type);
    const struct deduction *known = deduction_by_code(r->slag_kod);
    r->slag = part_word(p, json_member(type, "beskrivning"));
    if (!r->slag)
        r->slag = known ? known->namn : r->slag_kod;
    r->avdrag = deduction || known;
    if (r->avdrag)
        pay->marks |= known ? known->mark : 0;
    r->fran = part_period(p, pay, json_member(period, "fran"));
    r->till = part_period(p, pay, json_member(period, "till"));
    r->omfattning = extent(p, json_get(d, "omfattning"));
    r->dagar = part_word(p, json_member(d, "dagar"));
    r->belopp = amount(p, pay, belopp);
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
                     code_text(p, family), code_id(p, family));
    if (!pay)
        return;
    const cJSON *period = json_get(u, "period");
    const char *type = json_member(json_get(u, "typ"), "id");
    pay->state = state;
    pay->date = part_date(pay, json_member(u, "datum"));
    pay->fran = part_period(p, pay, json_member(period, "fran"));
    pay->till = part_period(p, pay, json_member(period, "till"));
    pay->brutto = amount(p, pay, json_get(u, "bruttobelopp"));
    pay->skatt = amount(p, pay, json_get(u, "skattebelopp"));
    pay->avdrag = amount(p, pay, json_get(u, "avdragsbelopp"));
    pay->netto = amount(p, pay, json_get(u, "nettobelopp"));
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

static const char *
how_often(const char *id)
{
    static const char *const words[] = {"engång", "månad", "kvartal", "halvår",
                                        "år"};
    if (!id || id[0] < '0' || id[0] > '4' || id[1])
        return NULL;
    return words[id[0] - '0'];
}

static void
read_decision(struct part *p, const cJSON *b, const char *label)
{
    const cJSON *forman = json_get(b, "forman");
    const char *name = code_text(p, forman);
    struct decision *d =
        part_decision(p, "beslut", name ? name : label, code_id(p, forman));
    if (!d)
        return;
    const cJSON *period = json_get(b, "period");
    const char *definite = json_member(b, "definitivt");
    d->datum = part_date(NULL, json_member(b, "fattades"));
    d->fran = part_day(json_member(period, "fran"), false);
    d->till = part_day(json_member(period, "till"), true);
    d->omfattning = extent(p, json_get(b, "omfattning"));
    d->lage = part_word(p, json_member(b, "beslutsutfall"));
    if (!d->lage)
        d->lage = code_text(p, json_get(b, "beslutsutfall"));
    if (!d->lage && definite)
        d->lage = part_true(definite) ? "definitivt" : "inte definitivt";
    d->belopp = amount(p, NULL, json_get(b, "beslutatBruttobelopp"));
    if (d->belopp.given)
        d->periodicitet =
            how_often(json_member(json_get(b, "periodicitet"), "id"));
}

/* A matter and its decisions (a list; for MEK and OMV one object). */
static void
read_matter(struct part *p, const cJSON *m, const char *label)
{
    const cJSON *decisions = json_get(m, "beslut"), *b;
    int n = 0;
    if (cJSON_IsObject(decisions)) {
        read_decision(p, decisions, label);
        return;
    }
    cJSON_ArrayForEach(b, decisions)
    {
        read_decision(p, b, label);
        n++;
    }
    if (n)
        return;
    const char *rejected = json_member(m, "avslaget");
    const char *running = json_member(m, "aktivt");
    bool open = !part_true(rejected) && running && part_true(running);
    struct decision *d =
        part_decision(p, open ? "ansokan" : "arende", label, NULL);
    if (!d)
        return;
    d->datum = part_date(NULL, json_member(m, "startades"));
    d->utan_beslut = open;
    d->lage = part_true(rejected) ? "avslaget"
              : open              ? "inget beslut"
              : running           ? "avslutat"
                                  : NULL;
}

static void
read_instruction(struct part *p, const cJSON *a)
{
    struct decision *d =
        part_decision(p, "anvisning", code_text(p, json_get(a, "program")),
                      code_id(p, json_get(a, "program")));
    if (!d)
        return;
    const cJSON *period = json_get(a, "period");
    d->fran = part_day(json_member(period, "fran"), false);
    d->till = part_day(json_member(period, "till"), true);
    d->omfattning = extent(p, json_get(a, "omfattning"));
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
    p->seen |= SEEN_KNOWN;
    part_person(p, json_member(one, "personnummer"));
    const char *flag = json_member(one, "skyddad");
    if (part_true(flag)) {
        p->out->shielded = true;
        p->out->flag = part_word(p, flag);
    }
}

static bool
ends_with(const char *s, const char *tail)
{
    size_t n = strlen(s), k = strlen(tail);
    return n >= k && !strcmp(s + n - k, tail);
}

/* One member of formansinformation that is neither payments nor the person:
 * matters by name, else data that counts and is shown among the facts. */
static void
read_member(struct part *p, const cJSON *m)
{
    const char *name = m->string;
    const cJSON *item;
    bool known = field_row(SOURCE_FK, NULL, name) != NULL;
    bool matters = known && (ends_with(name, "arende") ||
                             !strcmp(name, "mottagareavbarnbidrag") ||
                             !strcmp(name, "underhallsstodskrav") ||
                             !strcmp(name, "underhallsstodsmottag"));
    if (cJSON_IsNull(m))
        return;
    if (!cJSON_IsArray(m)) {
        if (matters && cJSON_IsObject(m))
            read_matter(p, m, field_label(SOURCE_FK, "", name));
        else if (!cJSON_IsObject(m) || m->child)
            p->rows++;
        return;
    }
    cJSON_ArrayForEach(item, m)
    {
        if (matters && cJSON_IsObject(item))
            read_matter(p, item, field_label(SOURCE_FK, "", name));
        else if (!strcmp(name, "programanvisning"))
            read_instruction(p, item);
        else
            p->rows++;
    }
}

void
lefi_fk_read(struct part *p, const cJSON *lefi)
{
    const cJSON *info = json_get(lefi, "formansinformation"), *m;
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
            read_member(p, m);
    }
}
