/* SPDX-License-Identifier: EUPL-1.2
 *
 * The messages between enfraga and enfragad: a signed entry, a kvitto, klar, a
 * problem. Holds: what is taken is written and taken the same again.
 */
#include "config.h"

#include "local/message.h"

#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* Both texts are the same, and the second was not refused. */
static void
same(const struct buf *a, const struct buf *b)
{
    if (a->len != b->len || (a->len && memcmp(a->data, b->data, a->len) != 0))
        abort();
}

static cJSON *
parsed(struct buf *b)
{
    cJSON *j = message_parse(buf_str(b), b->len, 4 << 20, NULL);
    if (!j)
        abort();
    return j;
}

static void
try_entry(const cJSON *json)
{
    struct signed_entry s = {0}, t = {0};
    AUTO_BUF(first, 4 << 20);
    AUTO_BUF(second, 4 << 20);
    if (!signed_entry_read(&s, json, NULL)) {
        signed_entry_write(&first, &s);
        cJSON *again = parsed(&first);
        if (signed_entry_read(&t, again, NULL))
            abort();
        signed_entry_write(&second, &t);
        same(&first, &second);
        cJSON_Delete(again);
    }
    signed_entry_done(&s);
    signed_entry_done(&t);
}

static void
try_receipts(const cJSON *json)
{
    struct kvitto k = {0};
    struct klar l = {0};
    AUTO_BUF(out, 4 << 20);
    if (!kvitto_read(&k, json, NULL) && kvitto_write(&out, &k))
        abort();
    buf_clear(&out);
    if (!klar_read(&l, json, NULL) && klar_write(&out, &l))
        abort();
    buf_done(&k.receipt);
    buf_done(&l.receipt);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct err e = {0};
    enum err_code code;
    cJSON *json = message_parse(data, size, 4 << 20, &e);
    if (!json) {
        if (!e.text[0])
            abort();
        return 0;
    }
    try_entry(json);
    try_receipts(json);
    problem_read(&code, &e, json);
    cJSON_Delete(json);
    return 0;
}
