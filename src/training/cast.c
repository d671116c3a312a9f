/* SPDX-License-Identifier: EUPL-1.2 */
#include "config.h"

#include "training/cast.h"

#include "base/buf.h"
#include "base/mem.h"
#include "training/put.h"
#include "training/training.h"

#include <string.h>

enum { CASES_MAX = 1 << 20 };

static const struct cast_person persons[] = {
#define PERSON(id, c, r, no, first, last, l, street, code, town, s, away)      \
    [CAST_##id] = {.of = CAST_CASE_##c,                                        \
                   .roll = (r),                                                \
                   .number = (no),                                             \
                   .fornamn = (first),                                         \
                   .efternamn = (last),                                        \
                   .land = (l),                                                \
                   .gata = (street),                                           \
                   .postnummer = (code),                                       \
                   .ort = (town),                                              \
                   .shielded = (s),                                            \
                   .strangers = (away)},
#include "training/cast.def"
};

static const struct {
    const char *arende, *slag, *enhet, *opened, *closed;
    bool open;
} cases[] = {
#define CASE(id, no, s, o, unit, from, to)                                     \
    [CAST_CASE_##id] = {.arende = (no),                                        \
                        .slag = (s),                                           \
                        .open = (o),                                           \
                        .enhet = (unit),                                       \
                        .opened = (from),                                      \
                        .closed = (to)},
#include "training/cast.def"
};

static const struct {
    enum cast_id who;
    enum source_id source;
    enum fault fault;
    const char *part;
} troubles[] = {
#define TROUBLE(w, s, f, p)                                                    \
    {.who = CAST_##w, .source = SOURCE_##s, .fault = FAULT_##f, .part = (p)},
#include "training/cast.def"
};

const struct cast_person *
cast_person(enum cast_id id)
{
    return &persons[id];
}

enum cast_id
cast_find(const char *twelve)
{
    int i = 0;
    while (i < CAST_COUNT && strcmp(persons[i].number, twelve) != 0)
        i++;
    return (enum cast_id)i;
}

enum fault
cast_fault(enum cast_id id, enum source_id source, const char **part)
{
    *part = "";
    for (size_t i = 0; i < sizeof(troubles) / sizeof(troubles[0]); i++)
        if (troubles[i].who == id && troubles[i].source == source) {
            *part = troubles[i].part;
            return troubles[i].fault;
        }
    return FAULT_NONE;
}

bool
rel_none(struct rel r)
{
    return r.month == 0 && r.day == 0;
}

struct date
rel_date(struct month from, struct rel r)
{
    if (rel_none(r))
        return (struct date){0};
    struct date last = month_last(month_add(from, r.month));
    struct date d = {.year = last.year, .month = last.month, .day = r.day};
    return d.day > last.day ? last : d;
}

struct date
rel_payday(struct month from, struct rel r)
{
    struct date d = rel_date(from, r);
    while ((date_days(d) + 3) % 7 >= 5) /* 1970-01-01 was a Thursday */
        d = date_add(d, -1);
    return d;
}

static void
put_staff(struct put_json *j, const char *const *konton)
{
    put_list(j, "handlaggare");
    for (int i = 0; konton[i] != NULL; i++)
        put_word(j, NULL, konton[i]);
    put_end(j);
    put_list(j, "jav");
    put_end(j);
}

static void
put_case(struct put_json *j, int c, const char *const *konton)
{
    put_object(j, NULL);
    put_word(j, "arende", cases[c].arende);
    put_word(j, "slag", cases[c].slag);
    put_word(j, "lage", cases[c].open ? "pagaende" : "avslutat");
    put_word(j, "enhet", cases[c].enhet);
    put_word(j, "oppnat", cases[c].opened);
    put_word(j, "avslutat", cases[c].open ? NULL : cases[c].closed);
    put_staff(j, konton);
    put_list(j, "personer");
    for (int i = 0; i < CAST_COUNT; i++) {
        char name[128];
        if (persons[i].of != (enum cast_case)c)
            continue;
        put_object(j, NULL);
        put_word(j, "personnummer", persons[i].number);
        put_name(name, sizeof(name), &persons[i]);
        put_word(j, "namn", name);
        put_word(j, "roll", persons[i].roll);
        put_truth(j, "sekretess", persons[i].shielded);
        put_end(j);
    }
    put_end(j);
    put_end(j);
}

char *
training_cases_json(const char *const *konton)
{
    AUTO_BUF(out, CASES_MAX);
    struct put_json j = {.out = &out};
    put_object(&j, NULL);
    put_word(&j, "schema", "enfraga.arenden/1");
    put_list(&j, "arenden");
    for (int c = 0; c < CAST_CASE_COUNT; c++)
        put_case(&j, c, konton);
    put_end(&j);
    put_end(&j);
    return buf_take(&out);
}
