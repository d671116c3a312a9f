/* SPDX-License-Identifier: EUPL-1.2 */
#include "config.h"

#include "cli/cli_gallring.h"

#include "base/mem.h"
#include "base/text.h"
#include "local/message.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const cJSON *
member(const cJSON *o, const char *name)
{
    return cJSON_GetObjectItemCaseSensitive(o, name);
}

/* Takes o. */
static void
print_json(cJSON *o)
{
    char *text = cJSON_PrintUnformatted(o);
    puts(text ? text : "{}");
    cJSON_free(text);
    cJSON_Delete(o);
}

static cJSON *
with_schema(const cJSON *o)
{
    cJSON *copy = cJSON_CreateObject();
    const cJSON *m;
    cJSON_AddStringToObject(copy, "schema", "enfraga.gallring/1");
    cJSON_ArrayForEach(m, o)
        cJSON_AddItemToObject(copy, m->string, cJSON_Duplicate(m, true));
    return copy;
}

/* " name=text", quoted where it may hold blanks; "-" for nothing. */
static void
put(const char *name, const char *text, bool quoted)
{
    AUTO_ARENA struct arena *a = arena_new(0);
    const char *s = text && *text ? text_clean(a, text, strlen(text)) : "-";
    printf(quoted ? " %s=\"%s\"" : " %s=%s", name, s);
}

static void
put_text(const cJSON *o, const char *name, bool quoted)
{
    put(name, message_text(o, name), quoted);
}

static int64_t
number(const cJSON *o, const char *name)
{
    int64_t v = 0;
    message_number(o, name, &v);
    return v;
}

static void
put_numbers(const cJSON *o, const char *const *names)
{
    for (; *names; names++)
        printf(" %s=%" PRId64, *names, number(o, *names));
}

static const char *const amounts[] = {"lador", "dagnycklar", "hela_poster",
                                      "byte", NULL};

static void
put_range(const cJSON *o)
{
    printf(" poster=%" PRId64 "-%" PRId64, number(o, "fran"),
           number(o, "till"));
    put_text(o, "omfattning", false);
}

/* " STEP=TIME av=ACCOUNT" of a step that has been taken. */
static void
put_step(const cJSON *row, const char *name)
{
    const cJSON *o = member(row, name);
    if (!cJSON_IsObject(o))
        return;
    put(name, message_text(o, "tid"), false);
    put("av", message_text(o, "konto"), false);
}

void
gallring_print_plan(const cJSON *o, bool json)
{
    if (json) {
        print_json(with_schema(o));
        return;
    }
    printf("prov");
    put_range(o);
    printf(" antal=%" PRId64, number(o, "poster"));
    put_numbers(o, amounts);
    put_text(o, "aldst", false);
    put_text(o, "yngst", false);
    put_text(o, "tidigast", false);
    putchar('\n');
}

void
gallring_print_row(const cJSON *row)
{
    printf("gallring=%" PRId64, number(row, "loggpost"));
    put_text(row, "lage", false);
    put_range(row);
    put_text(row, "beslut", true);
    put_step(row, "foreslagen");
    put_step(row, "bekraftad");
    if (message_text(row, "tidigast"))
        put_text(row, "tidigast", false);
    put_step(row, "utford");
    put_step(row, "registrerad");
    putchar('\n');
}

static void
print_stop(const cJSON *row)
{
    const cJSON *by, *lifts = member(row, "havs_av");
    printf("stopp=%" PRId64, number(row, "loggpost"));
    if (cJSON_IsNumber(member(row, "galler")))
        printf(" galler=%" PRId64, number(row, "galler"));
    else
        put("galler", "alla", false);
    put_text(row, "konto", false);
    put_text(row, "tid", false);
    put("i_kraft", message_bool(row, "i_kraft") ? "ja" : "nej", false);
    cJSON_ArrayForEach(by, lifts)
        put("havs_av", cJSON_GetStringValue(by), false);
    putchar('\n');
}

void
gallring_print_list(const cJSON *o, bool json)
{
    const cJSON *row;
    if (json) {
        print_json(with_schema(o));
        return;
    }
    cJSON_ArrayForEach(row, member(o, "gallringar")) gallring_print_row(row);
    cJSON_ArrayForEach(row, member(o, "stopp")) print_stop(row);
}

static void
print_done(const cJSON *row)
{
    const cJSON *done = member(row, "utford");
    printf("gallring=%" PRId64, number(row, "loggpost"));
    put_text(row, "lage", false);
    put_range(row);
    put_text(row, "beslut", true);
    put_text(row, "grund", true);
    put_numbers(done, amounts);
    put_step(row, "foreslagen");
    put_step(row, "bekraftad");
    put_step(row, "utford");
    put_step(row, "registrerad");
    putchar('\n');
}

void
gallring_print_report(const cJSON *o, bool json)
{
    const cJSON *row;
    double sum[4] = {0};
    int n = 0;
    cJSON *done = cJSON_CreateArray();
    cJSON_ArrayForEach(row, member(o, "gallringar"))
    {
        if (!cJSON_IsObject(member(row, "utford")))
            continue;
        n++;
        for (int i = 0; i < 4; i++)
            sum[i] += (double)number(member(row, "utford"), amounts[i]);
        if (json)
            cJSON_AddItemToArray(done, cJSON_Duplicate(row, true));
        else
            print_done(row);
    }
    if (!json) {
        cJSON_Delete(done);
        printf("summa gallringar=%d lador=%.0f dagnycklar=%.0f "
               "hela_poster=%.0f byte=%.0f\n",
               n, sum[0], sum[1], sum[2], sum[3]);
        return;
    }
    cJSON *top = cJSON_CreateObject();
    cJSON_AddStringToObject(top, "schema", "enfraga.gallring/1");
    cJSON_AddItemToObject(top, "gallringar", done);
    cJSON *s = cJSON_AddObjectToObject(top, "summa");
    cJSON_AddNumberToObject(s, "gallringar", n);
    for (int i = 0; i < 4; i++)
        cJSON_AddNumberToObject(s, amounts[i], sum[i]);
    print_json(top);
}
