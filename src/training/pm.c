/* SPDX-License-Identifier: EUPL-1.2
 *
 * Pensionsmyndigheten's lists in LEFI's answer (WIRE 8.2, 8.3): whole kronor,
 * the benefits on the rows, deductions as items.
 */
#include "config.h"

#include "training/answer.h"

#include "training/lefi.h"
#include "training/put.h"

#include <stdio.h>
#include <string.h>

static const struct pay {
    enum cast_id who;
    int first, last, day;
} pays[] = {
#define PM_PAY(w, ...) {CAST_##w, __VA_ARGS__},
#include "training/benefits.def"
};

static const struct row {
    enum cast_id who;
    const char *group, *benefit, *benefit_name, *type, *type_name;
    int amount;
} rows[] = {
#define PM_ROW(w, ...) {CAST_##w, __VA_ARGS__},
#include "training/benefits.def"
};

static const struct cut {
    enum cast_id who;
    const char *type, *name;
    int amount;
} cuts[] = {
#define PM_CUT(w, ...) {CAST_##w, __VA_ARGS__},
#include "training/benefits.def"
};

static const struct decision_row {
    enum cast_id who;
    const char *group, *type, *name;
    struct rel decided, from;
    const char *status, *outcome;
    int amount;
} decisions[] = {
#define PM_DECISION(w, ...) {CAST_##w, __VA_ARGS__},
#include "training/benefits.def"
};

static const struct claim {
    enum cast_id who;
    const char *group;
    struct rel came, from;
} claims[] = {
#define PM_CLAIM(w, ...) {CAST_##w, __VA_ARGS__},
#include "training/benefits.def"
};

#define COUNT(table) (sizeof(table) / sizeof((table)[0]))

static void
put_coded(struct put_json *j, const char *name, const char *kod,
          const char *text)
{
    put_object(j, name);
    put_word(j, "kod", kod);
    put_word(j, "beskrivning", text);
    put_end(j);
}

static void
put_group(struct put_json *j, const char *kod)
{
    put_coded(j, "formansgrupp", kod, lefi_code(kod)->namn);
}

static void
put_range(struct put_json *j, const char *name, struct date from,
          struct date to)
{
    put_object(j, name);
    put_day(j, "from", from);
    if (!date_none(to))
        put_day(j, "tom", to);
    put_end(j);
}

static bool
wants_rows(const struct scene *s, const struct lefi_asked *q,
           enum lefi_list list)
{
    for (size_t i = 0; i < COUNT(rows); i++)
        if (rows[i].who == s->rows && lefi_wants(q, list, rows[i].group))
            return true;
    return false;
}

static void
put_rows_of(struct put_json *j, enum cast_id who)
{
    put_list(j, "utbetalningsrader");
    for (size_t i = 0; i < COUNT(rows); i++) {
        if (rows[i].who != who)
            continue;
        put_object(j, NULL);
        put_group(j, rows[i].group);
        put_int(j, "belopp", rows[i].amount);
        put_coded(j, "utbetalningsforman", rows[i].benefit,
                  rows[i].benefit_name);
        put_coded(j, "beloppstyp", rows[i].type, rows[i].type_name);
        put_end(j);
    }
    put_end(j);
}

static void
put_cuts_of(struct put_json *j, enum cast_id who)
{
    put_list(j, "avdrag");
    for (size_t i = 0; i < COUNT(cuts); i++) {
        if (cuts[i].who != who)
            continue;
        put_object(j, NULL);
        put_int(j, "belopp", cuts[i].amount);
        put_coded(j, "avdragstyp", cuts[i].type, cuts[i].name);
        put_end(j);
    }
    put_end(j);
}

static void
put_payment(struct put_json *j, enum cast_id who, struct month m,
            struct date on)
{
    int gross = 0, cut = 0;
    for (size_t i = 0; i < COUNT(rows); i++)
        gross += rows[i].who == who ? rows[i].amount : 0;
    for (size_t i = 0; i < COUNT(cuts); i++)
        cut += cuts[i].who == who ? cuts[i].amount : 0;
    put_object(j, NULL);
    put_day(j, "utbetalningsdatum", on);
    put_range(j, "utbetalningsperiod", month_first(m), month_last(m));
    put_int(j, "bruttobelopp", gross);
    put_int(j, "nettobelopp", gross - cut);
    put_cuts_of(j, who);
    put_rows_of(j, who);
    put_end(j);
}

static void
put_payments(struct put_json *j, const struct scene *s,
             const struct lefi_asked *q, enum lefi_list list)
{
    bool paid = list == LEFI_UTBETALNINGAR;
    struct date last = month_last(month_add(s->month, 1));
    put_list(j, lefi_list_name(list));
    for (size_t i = 0; i < COUNT(pays); i++) {
        if (pays[i].who != s->rows || !wants_rows(s, q, list))
            continue;
        for (int k = pays[i].first; k <= pays[i].last; k++) {
            struct month m = month_add(s->month, k);
            struct date d = rel_payday(m, (struct rel){0, (int8_t)pays[i].day});
            if (scene_has_come(s, d) == paid &&
                (paid ? period_covers(q->period, d)
                      : date_compare(d, last) <= 0))
                put_payment(j, s->rows, m, d);
        }
    }
    put_end(j);
}

static void
put_decisions(struct put_json *j, const struct scene *s,
              const struct lefi_asked *q)
{
    put_list(j, "beslut");
    for (size_t i = 0; i < COUNT(decisions); i++) {
        const struct decision_row *d = &decisions[i];
        char id[40];
        if (d->who != s->rows || !lefi_wants(q, LEFI_BESLUT, d->group))
            continue;
        snprintf(id, sizeof(id), "sim-%zu", i + 1);
        put_object(j, NULL);
        put_word(j, "beslutsid", id);
        put_day(j, "beslutsdatum", rel_date(s->month, d->decided));
        put_group(j, d->group);
        put_coded(j, "beslutsstatus", d->status,
                  strcmp(d->status, "SLUTLIGT") == 0 ? "Slutligt"
                                                     : "Preliminärt");
        put_coded(j, "beslutsutfall", d->outcome,
                  strcmp(d->outcome, "BIFALL") == 0 ? "Bifall" : "Avslag");
        put_list(j, "beslutadErsattning");
        put_object(j, NULL);
        put_object(j, "beslutatBelopp");
        put_int(j, "belopp", d->amount);
        put_coded(j, "beloppsfrekvens", "MANAD", "Månad");
        put_end(j);
        put_range(j, "period", rel_date(s->month, d->from), (struct date){0});
        put_coded(j, "ersattningstyp", d->type, d->name);
        put_end(j);
        put_end(j);
        put_end(j);
    }
    put_end(j);
}

static void
put_claims(struct put_json *j, const struct scene *s,
           const struct lefi_asked *q)
{
    put_list(j, "ansprak");
    for (size_t i = 0; i < COUNT(claims); i++) {
        const struct claim *c = &claims[i];
        char id[40];
        if (c->who != s->rows || !lefi_wants(q, LEFI_ANSPRAK, c->group) ||
            !scene_has_come(s, rel_date(s->month, c->came)))
            continue;
        snprintf(id, sizeof(id), "sim-a%zu", i + 1);
        put_object(j, NULL);
        put_word(j, "ansprakid", id);
        put_day(j, "ankomstdatum", rel_date(s->month, c->came));
        put_group(j, c->group);
        put_range(j, "yrkadPeriod", rel_date(s->month, c->from),
                  (struct date){0});
        put_end(j);
    }
    put_end(j);
}

void
pm_lists(struct put_json *j, const struct scene *s, const struct lefi_asked *q)
{
    if (lefi_wants_any(q, LEFI_ANSPRAK, SOURCE_PM))
        put_claims(j, s, q);
    if (lefi_wants_any(q, LEFI_BESLUT, SOURCE_PM))
        put_decisions(j, s, q);
    if (lefi_wants_any(q, LEFI_PRELIMINARA, SOURCE_PM))
        put_payments(j, s, q, LEFI_PRELIMINARA);
    if (lefi_wants_any(q, LEFI_UTBETALNINGAR, SOURCE_PM))
        put_payments(j, s, q, LEFI_UTBETALNINGAR);
}
