/* SPDX-License-Identifier: EUPL-1.2
 *
 * Migrationsverket: findByPersonnummer 1 (WIRE 5.7); its elements have no
 * namespace.
 */
#include "config.h"

#include "training/answer.h"

#include "training/put.h"

static const struct permit {
    enum cast_id who;
    const char *matter, *matter_name;
    struct rel applied;
    const char *result, *result_name, *kind, *kind_name;
    struct rel decided, from, to;
} permits[] = {
#define PERMIT(w, ...) {CAST_##w, __VA_ARGS__},
#include "training/registers.def"
};

static const struct arrival {
    enum cast_id who;
    struct rel date;
} arrivals[] = {
#define ARRIVED(w, ...) {CAST_##w, __VA_ARGS__},
#include "training/registers.def"
};

#define AT(field) offsetof(struct permit, field)

static const struct put_row rows[] = {
    {"ansokningsdatum", PUT_REL, AT(applied), true},
    {"arendeTyp", PUT_TEXT, AT(matter), true},
    {"arendeTypNamn", PUT_TEXT, AT(matter_name), true},
    {"beslutsKod", PUT_TEXT, AT(result), true},
    {"beslutsKodNamn", PUT_TEXT, AT(result_name), true},
    {"beslutsTyp", PUT_TEXT, AT(kind), true},
    {"beslutsTypNamn", PUT_TEXT, AT(kind_name), true},
    {"beslutsdatum", PUT_REL, AT(decided), true},
    {"fromDatum", PUT_REL, AT(from), true},
};

static void
write_permits(struct buf *out, const struct scene *s)
{
    put_open(out, "svarCollection");
    for (size_t i = 0; i < sizeof(permits) / sizeof(permits[0]); i++) {
        const struct permit *p = &permits[i];
        if (p->who != s->rows ||
            !scene_has_come(s, rel_date(s->month, p->applied)))
            continue;
        put_open(out, "svar");
        PUT_ROWS(out, rows, p, s->month);
        if (!rel_none(p->decided))
            put_text(out, "giltighetstid",
                     rel_none(p->to) ? "PERMANENT" : "TIDBEGRANSAT");
        if (!rel_none(p->to))
            put_date(out, "tomDatum", rel_date(s->month, p->to));
        put_close(out, "svar");
    }
    put_close(out, "svarCollection");
}

static void
write_response(struct buf *out, const struct scene *s)
{
    put_open(out, "response");
    if (s->asked->korrelationsid != NULL)
        put_text(out, "korrelationsid", s->asked->korrelationsid);
    put_text(out, "correlationid", "simulerad");
    put_text(out, "efternamn", s->person->efternamn);
    put_text(out, "fornamn", s->person->fornamn);
    put_text(out, "hemland", s->person->land);
    for (size_t i = 0; i < sizeof(arrivals) / sizeof(arrivals[0]); i++)
        if (arrivals[i].who == s->rows)
            put_date(out, "inresedatum", rel_date(s->month, arrivals[i].date));
    put_text(out, "personnummer", s->number);
    if (s->fault != FAULT_PARTIAL)
        write_permits(out, s);
    put_close(out, "response");
}

const char *
miv_write(struct buf *out, const struct scene *s, const char **text)
{
    (void)text;
    if (s->person != NULL)
        write_response(out, s);
    return NULL;
}
