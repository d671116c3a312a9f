/* SPDX-License-Identifier: EUPL-1.2 */
#include "config.h"

#include "training/fk_rows.h"

#include <stdio.h>
#include <string.h>

static const struct pay {
    enum cast_id who;
    const char *code, *type, *name;
    int kind, first, last, day;
    struct rel from, to; /* from the month of the payment */
    int gross, tax;
    const char *cut_type;
    int cut, days, office;
} pays[] = {
#define FK_PAY(w, ...) {CAST_##w, __VA_ARGS__},
#include "training/benefits.def"
};

static const struct matter {
    enum cast_id who;
    const char *code;
    struct rel started;
    bool running;
    struct rel decided, from, to;
    int quarters, amount;
    const char *outcome;
} matters[] = {
#define FK_MATTER(w, ...) {CAST_##w, __VA_ARGS__},
#include "training/benefits.def"
};

/* Which list a benefit's matters stand in, and what its schema has. */
static const struct shelf {
    const char *code, *list;
    bool started, rejected, extent, period, outcome;
} shelves[] = {
    {"FK:ABB", "barnbidragsarende", false, false, false, true, false},
    {"FK:AS", "aktivitetsstodsarende", true, true, false, true, false},
    {"FK:BOB", "bostadsbidragsarende", true, true, false, true, false},
    {"FK:FP", "foraldrapenningarende", true, true, true, false, false},
    {"FK:PROG", "programersattningsarende", false, false, false, true, false},
    {"FK:SA", "sjukOchAktivitetsersattningsarende", true, true, true, true,
     false},
    {"FK:SJP", "sjukpenningarende", true, false, true, false, true},
    {"FK:US", "underhallsstodsmottag", true, true, false, true, false},
};

static void
put_code(struct put_json *j, const char *name, int id, const char *text)
{
    put_object(j, name);
    put_int(j, "id", id);
    put_word(j, "beskrivning", text);
    put_end(j);
}

static void
put_letters(struct put_json *j, const char *name, const char *id,
            const char *text)
{
    put_object(j, name);
    put_word(j, "id", id);
    put_word(j, "beskrivning", text);
    put_end(j);
}

static void
put_sum(struct put_json *j, const char *name, int kronor)
{
    put_object(j, name);
    put_int(j, "summa", kronor);
    put_word(j, "valuta", "SEK");
    put_end(j);
}

/* {fran, till}: days, or the whole month "yyyy-MM". */
static void
put_span(struct put_json *j, struct month m, struct rel from, struct rel to)
{
    put_object(j, "period");
    if (rel_none(from)) {
        char text[8];
        month_text(m, text);
        put_word(j, "fran", text);
        put_word(j, "till", text);
    } else {
        put_day(j, "fran", rel_date(m, from));
        if (!rel_none(to))
            put_day(j, "till", rel_date(m, to));
    }
    put_end(j);
}

static const char *
kind_text(int kind)
{
    static const char *const words[] = {"Lokal", "Månad", "Daglig", "Retro",
                                        "Presumtiv"};
    return words[kind];
}

/* Names of the deductions used in benefits.def (WIRE 8.1). */
static const char *
cut_text(const char *type)
{
    static const char *const names[][2] = {
        {"KVI", "Kvittning"}, {"INF", "Utmätning"}, {"SOC", "Socialavdrag"}};
    for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
        if (strcmp(names[i][0], type) == 0)
            return names[i][1];
    return type;
}

static void
put_detail(struct put_json *j, const struct pay *p, const char *type,
           const char *type_name, const char *amount, int kronor)
{
    put_object(j, NULL);
    put_letters(j, "forman", p->type, p->name);
    put_letters(j, "beloppstyp", type, type_name);
    put_sum(j, amount, kronor);
}

static void
put_details(struct put_json *j, const struct pay *p, struct month m)
{
    put_list(j, "utbetalningsdetalj");
    put_detail(j, p, p->type, p->name, "bruttobelopp", p->gross);
    put_span(j, m, p->from, p->to);
    if (p->days > 0)
        put_int(j, "dagar", p->days);
    put_end(j);
    if (p->tax > 0) {
        put_detail(j, p, "PS", "Preliminär skatt", "skattebelopp", p->tax);
        put_end(j);
    }
    if (p->cut > 0) {
        put_detail(j, p, p->cut_type, cut_text(p->cut_type), "avdragsbelopp",
                   p->cut);
        put_end(j);
    }
    put_end(j);
}

static void
put_payment(struct put_json *j, const struct pay *p, struct month m,
            struct date on)
{
    put_object(j, NULL);
    put_code(j, "typ", p->kind, kind_text(p->kind));
    put_code(j, "foretag", p->office,
             p->office == 1003 ? "Pensionsmyndigheten" : "Försäkringskassan");
    put_letters(j, "formansfamilj", p->code + strlen("FK:"), p->name);
    put_day(j, "datum", on);
    put_span(j, m, p->from, p->to);
    put_sum(j, "bruttobelopp", p->gross);
    put_sum(j, "skattebelopp", p->tax);
    put_sum(j, "avdragsbelopp", p->tax + p->cut); /* tax is in it */
    put_sum(j, "nettobelopp", p->gross - p->tax - p->cut);
    put_details(j, p, m);
    put_end(j);
}

static bool
is_lacking(const struct scene *s, const char *code)
{
    const char *part = s->part[0] != '\0' ? s->part : "FK:BOB";
    return s->fault == FAULT_PARTIAL && strcmp(part, code) == 0;
}

/* Paid: the day has come and is in the period asked about. Announced: it has
 * not, and is at most in the month after the one asked about. */
static void
put_list_of(struct put_json *j, const struct scene *s,
            const struct lefi_asked *q, enum lefi_list list)
{
    bool paid = list == LEFI_UTBETALNINGAR;
    struct date last = month_last(month_add(s->month, 1));
    for (size_t i = 0; i < sizeof(pays) / sizeof(pays[0]); i++) {
        const struct pay *p = &pays[i];
        if (p->who != s->rows || !lefi_wants(q, list, p->code) ||
            is_lacking(s, p->code))
            continue;
        for (int m = p->first; m <= p->last; m++) {
            struct month month = month_add(s->month, m);
            struct date d = rel_payday(month, (struct rel){0, (int8_t)p->day});
            if (scene_has_come(s, d) != paid ||
                (paid ? !period_covers(q->period, d)
                      : date_compare(d, last) > 0))
                continue;
            put_payment(j, p, month, d);
        }
    }
}

void
fk_put_payments(struct put_json *j, const struct scene *s,
                const struct lefi_asked *q)
{
    if (lefi_wants_any(q, LEFI_UTBETALNINGAR, SOURCE_FK)) {
        put_list(j, "utbetalningsuppgift");
        put_list_of(j, s, q, LEFI_UTBETALNINGAR);
        put_end(j);
    }
    if (lefi_wants_any(q, LEFI_PRELIMINARA, SOURCE_FK)) {
        put_list(j, "preliminarautbetalningar");
        put_list_of(j, s, q, LEFI_PRELIMINARA);
        put_end(j);
    }
}

static void
put_decision(struct put_json *j, const struct scene *s, const struct shelf *h,
             const struct matter *m)
{
    const struct lefi_code *c = lefi_code(m->code);
    put_list(j, "beslut");
    if (!rel_none(m->decided) &&
        scene_has_come(s, rel_date(s->month, m->decided))) {
        put_object(j, NULL);
        put_day(j, "fattades", rel_date(s->month, m->decided));
        put_truth(j, "definitivt", true);
        put_letters(j, "forman", m->code + strlen("FK:"), c->namn);
        put_span(j, s->month, m->from, m->to);
        if (h->extent && m->quarters > 0) {
            put_object(j, "omfattning");
            put_int(j, "taljare", m->quarters);
            put_int(j, "namnare", 4);
            put_end(j);
        }
        if (h->period && m->amount > 0) {
            put_code(j, "periodicitet", 1, "Månad");
            put_sum(j, "beslutatBruttobelopp", m->amount);
        }
        if (h->outcome && m->outcome[0] != '\0')
            put_word(j, "beslutsutfall", m->outcome);
        put_end(j);
    }
    put_end(j);
}

static void
put_matter(struct put_json *j, const struct scene *s, const struct shelf *h,
           const struct matter *m)
{
    put_object(j, NULL);
    if (h->started) {
        put_day(j, "startades", rel_date(s->month, m->started));
        put_truth(j, "aktivt", m->running);
    }
    if (h->rejected)
        put_truth(j, "avslaget", false);
    put_decision(j, s, h, m);
    put_end(j);
}

void
fk_put_matters(struct put_json *j, const struct scene *s,
               const struct lefi_asked *q)
{
    for (size_t i = 0; i < sizeof(shelves) / sizeof(shelves[0]); i++) {
        const struct shelf *h = &shelves[i];
        if (!lefi_wants(q, LEFI_FORMANSINFORMATION, h->code) ||
            is_lacking(s, h->code))
            continue;
        put_list(j, h->list);
        for (size_t k = 0; k < sizeof(matters) / sizeof(matters[0]); k++)
            if (matters[k].who == s->rows &&
                strcmp(matters[k].code, h->code) == 0 &&
                scene_has_come(s, rel_date(s->month, matters[k].started)))
                put_matter(j, s, h, &matters[k]);
        put_end(j);
    }
}
