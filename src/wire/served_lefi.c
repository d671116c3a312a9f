/* SPDX-License-Identifier: EUPL-1.2
 *
 * LEFI's question (WIRE 7) out of a question that was put to us, as the codes
 * of our own: each in the lists where it stood, and nothing beside.
 */
#include "config.h"

#include "wire/served.h"

#include "domain/lefi.h"
#include "wire/json.h"

#include <stdio.h>
#include <string.h>

static const struct json_limits limits = {
    .bytes = 64 << 10, .values = 2000, .depth = 4};

static bool
says_day(const cJSON *period, const char *name, struct date d)
{
    char day[11];
    const cJSON *v = json_get(period, name);
    date_text(d, day);
    return cJSON_IsString(v) && !strcmp(v->valuestring, day);
}

/* Twelve digits, or the ten without the century. */
static bool
same_person(const cJSON *v, const char *twelve)
{
    return cJSON_IsString(v) && (!strcmp(v->valuestring, twelve) ||
                                 !strcmp(v->valuestring, twelve + 2));
}

/* A list of known codes that it takes, each once. */
static bool
take_list(const cJSON *list, enum lefi_list which, unsigned *asked)
{
    size_t n;
    const struct lefi_code *all = lefi_codes(&n);
    const cJSON *v;
    if (!cJSON_IsArray(list))
        return false;
    cJSON_ArrayForEach(v, list)
    {
        const struct lefi_code *c =
            cJSON_IsString(v) ? lefi_code(v->valuestring) : NULL;
        if (!c || !(c->lists & which))
            return false;
        asked[c - all] |= which;
    }
    return true;
}

static bool
take(const struct served *s, const cJSON *q, unsigned *asked)
{
    const cJSON *m;
    bool person = false, period = false;
    if (!cJSON_IsObject(q))
        return false;
    cJSON_ArrayForEach(m, q)
    {
        int i = 0;
        if (!strcmp(m->string, "personnummer")) {
            person = same_person(m, s->person);
            continue;
        }
        if (!strcmp(m->string, "period")) {
            period = cJSON_IsObject(m) && cJSON_GetArraySize(m) == 2 &&
                     says_day(m, "from", s->period.from) &&
                     says_day(m, "tom", s->period.to);
            continue;
        }
        while (i < LEFI_LISTS && strcmp(m->string, lefi_list_name(1 << i)) != 0)
            i++;
        if (i == LEFI_LISTS || !take_list(m, 1 << i, asked))
            return false;
    }
    return person && period;
}

enum err_code
served_lefi(const struct served *s, char *out, size_t size, struct err *e)
{
    size_t n, at = 0;
    const struct lefi_code *all = lefi_codes(&n);
    unsigned asked[64] = {0};
    const cJSON *json = NULL;
    *out = '\0';
    enum err_code code =
        n > sizeof asked / sizeof *asked
            ? ERR_INTERNAL
            : json_read(&json, s->arena, s->lefi ? s->lefi : "", s->lefi_len,
                        &limits, e);
    bool ok = !code && take(s, json, asked);
    for (size_t i = 0; ok && i < n && at + 1 < size; i++) {
        if (!asked[i])
            continue;
        if (at)
            out[at++] = ' ';
        at += (size_t)lefi_word(out + at, size - at, &all[i], asked[i]);
    }
    if (!ok || !at)
        return err_set(e, ERR_BAD_INPUT, "lefiJsonFraga");
    return at < size ? ERR_OK : err_set(e, ERR_TOO_BIG, "lefiJsonFraga");
}
