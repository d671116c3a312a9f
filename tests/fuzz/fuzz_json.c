/* SPDX-License-Identifier: EUPL-1.2
 *
 * The JSON gate. Holds: what it takes is UTF-8, its numbers are their text,
 * and what it gives can be printed and read again.
 */
#include "config.h"

#include "wire/json.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void
check(const cJSON *j)
{
    for (; j; j = j->next) {
        if (cJSON_IsNumber(j) && !strpbrk(j->valuestring, "0123456789"))
            abort();
        check(j->child);
    }
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static const struct json_limits limits = {1 << 20, 60000, 64};
    const cJSON *j = NULL, *again = NULL;
    AUTO_ARENA struct arena *mem = arena_new(16 << 20);
    struct err e;
    if (json_read(&j, mem, (const char *)data, size, &limits, &e))
        return 0;
    check(j);
    char *text = cJSON_PrintUnformatted(j);
    /* cJSON prints an infinite number as null and escapes grow the text. */
    if (text && strlen(text) < limits.bytes &&
        json_read(&again, mem, text, strlen(text), &limits, &e))
        abort();
    cJSON_free(text);
    return 0;
}
