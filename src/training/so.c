/* SPDX-License-Identifier: EUPL-1.2
 *
 * The a-kassor: INT014 (WIRE 5.5), one element a fund.
 */
#include "config.h"

#include "training/answer.h"

#include "training/put.h"

#include <string.h>

static const struct fund {
    enum cast_id who;
    const char *name, *status;
    struct rel decided;
    bool handed_in;
} funds[] = {
#define SO_FUND(w, ...) {CAST_##w, __VA_ARGS__},
#include "training/benefits.def"
};

static const struct paid {
    enum cast_id who;
    const char *fund;
    struct rel date;
    int after_tax, after_cuts, days;
    struct rel from, to;
} payments[] = {
#define SO_PAY(w, ...) {CAST_##w, __VA_ARGS__},
#include "training/benefits.def"
};

static const struct stop {
    enum cast_id who;
    const char *fund;
    struct rel from, to;
} stops[] = {
#define SO_STOP(w, ...) {CAST_##w, __VA_ARGS__},
#include "training/benefits.def"
};

#define AT(type, field) offsetof(struct type, field)

static const struct put_row head_rows[] = {
    {"so:OrganisationsnummerIngivare", PUT_TEXT, AT(asked, orgnr), false},
    {"so:NamnIngivare", PUT_TEXT, AT(asked, namn), false},
    {"so:KontonamnHandlaggare", PUT_TEXT, AT(asked, handlaggare), false},
    {"so:Referensnummer", PUT_TEXT, AT(asked, arende), false},
    {"so:From", PUT_DATE, AT(asked, own_from), false},
    {"so:Tom", PUT_DATE, AT(asked, own_to), false},
    {"so:Syfte", PUT_TEXT, AT(asked, syfte), false},
    {"so:Paragraf", PUT_TEXT, AT(asked, lagtext), false},
    {"so:OrganisationsnummerPersonuppgiftsbitrade", PUT_TEXT,
     AT(asked, bitrade_orgnr), true},
    {"so:NamnPersonuppgiftsbitrade", PUT_TEXT, AT(asked, bitrade_namn), true},
};

static const struct put_row pay_rows[] = {
    {"so:NettoEfterSkatt", PUT_INT, AT(paid, after_tax), false},
    {"so:NettoEfterAvdrag", PUT_INT, AT(paid, after_cuts), false},
    {"so:Ersattningsdagar", PUT_INT, AT(paid, days), false},
    {"so:AvserFrom", PUT_REL, AT(paid, from), false},
    {"so:AvserTom", PUT_REL, AT(paid, to), false},
};

static const struct put_row stop_rows[] = {
    {"so:AvstangdFrom", PUT_REL, AT(stop, from), false},
    {"so:AvstangdTom", PUT_REL, AT(stop, to), false},
};

static void
write_payments(struct buf *out, const struct scene *s, const char *fund)
{
    for (size_t i = 0; i < sizeof(payments) / sizeof(payments[0]); i++) {
        const struct paid *p = &payments[i];
        struct date d = rel_payday(s->month, p->date);
        if (p->who != s->rows || strcmp(p->fund, fund) != 0 ||
            !scene_in_period(s, d) || !scene_has_come(s, d))
            continue;
        put_open(out, "so:Utbetalningar");
        put_date(out, "so:Utbetalningsdatum", d);
        PUT_ROWS(out, pay_rows, p, s->month);
        put_close(out, "so:Utbetalningar");
    }
}

static void
write_stops(struct buf *out, const struct scene *s, const char *fund)
{
    for (size_t i = 0; i < sizeof(stops) / sizeof(stops[0]); i++) {
        if (stops[i].who != s->rows || strcmp(stops[i].fund, fund) != 0 ||
            !scene_has_come(s, rel_date(s->month, stops[i].from)))
            continue;
        put_open(out, "so:Avstangningar");
        PUT_ROWS(out, stop_rows, &stops[i], s->month);
        put_close(out, "so:Avstangningar");
    }
}

static void
write_fund(struct buf *out, const struct scene *s, const struct fund *f)
{
    struct date decided = rel_date(s->month, f->decided);
    put_open(out, "so:Arbetsloshetsersattning");
    put_text(out, "so:SvarandeOrganisation", f->name);
    put_text(out, "so:StatusSvarandeOrganisation", f->status);
    write_payments(out, s, f->name);
    write_stops(out, s, f->name);
    put_open(out, "so:AnsoktOmErsattning");
    if (date_none(decided) || !scene_has_come(s, decided))
        buf_adds(out, "<so:BeslutOmRattTillErsattning xsi:nil=\"true\"/>");
    else
        put_date(out, "so:BeslutOmRattTillErsattning", decided);
    put_bool(out, "so:AnsokanOmUtbetalningInlamnad", f->handed_in);
    put_close(out, "so:AnsoktOmErsattning");
    put_close(out, "so:Arbetsloshetsersattning");
}

/* A fund that could not answer has a status and nothing else. */
static void
write_silent_fund(struct buf *out, const char *name)
{
    put_open(out, "so:Arbetsloshetsersattning");
    put_text(out, "so:SvarandeOrganisation", name);
    put_text(out, "so:StatusSvarandeOrganisation", "Svar saknas");
    put_close(out, "so:Arbetsloshetsersattning");
}

const char *
so_write(struct buf *out, const struct scene *s, const char **text)
{
    (void)text;
    PUT_ROWS(out, head_rows, s->asked, s->month);
    put_text(out, "so:IdentificationNumber", s->number);
    put_open(out, "so:ArbetsloshetsersattningLista");
    for (size_t i = 0; i < sizeof(funds) / sizeof(funds[0]); i++)
        if (funds[i].who == s->rows)
            write_fund(out, s, &funds[i]);
    if (s->fault == FAULT_PARTIAL)
        write_silent_fund(out, s->part[0] != '\0' ? s->part : "A-kassa Tyst");
    put_close(out, "so:ArbetsloshetsersattningLista");
    return NULL;
}
