/* SPDX-License-Identifier: EUPL-1.2
 *
 * An answer on its way to the client: one source's part, and the whole
 * document. Holds: what was read is written and read the same again, and the
 * months can be made of it.
 */
#include "config.h"

#include "local/svar.h"

#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void
try_source(const char *json, size_t n)
{
    struct question q = {.id = "k-1",
                         .person = {"198503129804"},
                         .period = {{2026, 9, 1}, {2026, 11, 30}},
                         .sources = SOURCE_ASKABLE};
    struct answer *a = answer_new(&q), *b = answer_new(&q);
    enum source_id s, t;
    AUTO_BUF(first, 32 << 20);
    AUTO_BUF(second, 32 << 20);
    struct err e = {0};
    if (!svar_read_source(a, &s, json, n, &e)) {
        svar_write_source(&first, a, s);
        if (!first.full &&
            (svar_read_source(b, &t, buf_str(&first), first.len, &e) ||
             t != s))
            abort();
        svar_write_source(&second, b, s);
        if (!first.full && (first.len != second.len ||
                            memcmp(first.data, second.data, first.len) != 0))
            abort();
    }
    answer_free(&b);
    answer_free(&a);
}

static void
try_whole(const char *json, size_t n)
{
    struct answer *a = NULL;
    struct err e = {0};
    if (!svar_read(&a, json, n, &e)) {
        AUTO_BUF(out, 64 << 20);
        const struct answer *one = a;
        struct overview *o =
            overview_new(&one, 1, NULL, (struct date){2026, 11, 24});
        svar_write(&out, a, o);
        overview_free(&o);
    }
    answer_free(&a);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    AUTO_BUF(json, 4 << 20);
    buf_add(&json, data, size);
    try_source(buf_str(&json), json.len);
    try_whole(buf_str(&json), json.len);
    return 0;
}
