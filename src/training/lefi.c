/* SPDX-License-Identifier: EUPL-1.2 */
#include "config.h"

#include "training/lefi.h"

#include "wire/json.h"

#include <string.h>

static const struct json_limits limits = {
    .bytes = 64 << 10, .values = 1000, .depth = 8};

enum { LEFI_MEMORY = 256 << 10 };

/* Every item of every list is a code that belongs there; how many there are,
 * or -1. */
static int
count_codes(const cJSON *json)
{
    int n = 0;
    for (int i = 0; i < LEFI_LISTS; i++) {
        const cJSON *list = json_get(json, lefi_list_name(1u << i)), *item;
        if (list != NULL && !cJSON_IsArray(list))
            return -1;
        cJSON_ArrayForEach(item, list)
        {
            const char *kod = json_text(item);
            const struct lefi_code *c = kod == NULL ? NULL : lefi_code(kod);
            if (c == NULL || !(c->lists & 1u << i))
                return -1;
            n++;
        }
    }
    return n;
}

/* Ten or twelve digits of the person asked about. */
static bool
same_person(const char *number, const char *twelve)
{
    return number != NULL &&
           (strcmp(number, twelve) == 0 || strcmp(number, twelve + 2) == 0);
}

static const char *
refuse(const char **text, const char *code, const char *why)
{
    *text = why;
    return code;
}

const char *
lefi_asked_read(struct lefi_asked *q, const struct asked *a, const char **text)
{
    *q = (struct lefi_asked){0};
    if (a->lefi == NULL)
        return refuse(text, "400", "lefiJsonFraga saknas.");
    if (a->version != NULL && strcmp(a->version, "v9") != 0)
        return refuse(text, "404", "Versionen finns inte.");
    if (a->aktorsid[0] == '\0')
        return refuse(text, "403", "Aktören är okänd.");
    q->arena = arena_new(LEFI_MEMORY);
    if (json_read(&q->json, q->arena, a->lefi, a->lefi_len, &limits, NULL) !=
        ERR_OK)
        return refuse(text, "400", "Frågan är inte JSON.");
    const cJSON *p = json_get(q->json, "period");
    const char *from = json_member(p, "from"), *to = json_member(p, "tom");
    if (from == NULL || to == NULL || !date_read(&q->period.from, from) ||
        !date_read(&q->period.to, to) || !period_ok(q->period))
        return refuse(text, "400", "Perioden går inte att läsa.");
    if (period_over_two_years(q->period))
        return refuse(text, "400", "Perioden är längre än två år.");
    if (!same_person(json_member(q->json, "personnummer"), a->person))
        return refuse(text, "400", "Frågan gäller en annan person.");
    int n = count_codes(q->json);
    if (n < 0)
        return refuse(text, "400", "En kod är okänd.");
    return n == 0 ? refuse(text, "400", "Ingen kod efterfrågas.") : NULL;
}

void
lefi_asked_done(struct lefi_asked *q)
{
    arena_free(&q->arena);
    q->json = NULL;
}

bool
lefi_wants(const struct lefi_asked *q, enum lefi_list list, const char *kod)
{
    const cJSON *item;
    cJSON_ArrayForEach(item, json_get(q->json, lefi_list_name(list)))
    {
        if (strcmp(json_text(item), kod) == 0)
            return true;
    }
    return false;
}

bool
lefi_wants_any(const struct lefi_asked *q, enum lefi_list list,
               enum source_id source)
{
    const cJSON *item;
    cJSON_ArrayForEach(item, json_get(q->json, lefi_list_name(list)))
    {
        if (lefi_code(json_text(item))->source == source)
            return true;
    }
    return false;
}
