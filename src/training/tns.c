/* SPDX-License-Identifier: EUPL-1.2
 *
 * Transportstyrelsen: hamtaUppgifter 1 (WIRE 5.6).
 */
#include "config.h"

#include "training/answer.h"

#include "training/put.h"

static const struct vehicle {
    enum cast_id who;
    const char *number, *make, *year, *kind, *model;
} vehicles[] = {
#define VEHICLE(w, ...) {CAST_##w, __VA_ARGS__},
#include "training/registers.def"
};

#define AT(field) offsetof(struct vehicle, field)

static const struct put_row rows[] = {
    {"fordon:regnr", PUT_TEXT, AT(number), false},
    {"fordon:fabrikat", PUT_TEXT, AT(make), false},
    {"fordon:fordonsar", PUT_TEXT, AT(year), false},
    {"fordon:fordonsslag", PUT_TEXT, AT(kind), false},
    {"fordon:handelsbeteckning", PUT_TEXT, AT(model), false},
};

void
tns_failure(struct buf *out, int felkod, const char *feltext)
{
    put_text(out, "tns:resultat", "FEL");
    put_open(out, "tns:felresultat");
    put_number(out, "tns:felkod", felkod);
    put_text(out, "tns:feltext", feltext);
    put_close(out, "tns:felresultat");
}

const char *
tns_write(struct buf *out, const struct scene *s, const char **text)
{
    (void)text;
    if (s->person == NULL) {
        tns_failure(out, 404, "Personen finns inte i registret.");
        return NULL;
    }
    put_text(out, "tns:resultat", "OK");
    if (s->fault != FAULT_PARTIAL) {
        put_open(out, "tns:fordonsinnehav");
        for (size_t i = 0; i < sizeof(vehicles) / sizeof(vehicles[0]); i++) {
            if (vehicles[i].who != s->rows)
                continue;
            put_open(out, "fordon:fordon");
            PUT_ROWS(out, rows, &vehicles[i], s->month);
            put_close(out, "fordon:fordon");
        }
        put_close(out, "tns:fordonsinnehav");
    }
    return NULL;
}
