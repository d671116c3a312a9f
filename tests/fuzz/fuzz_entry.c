/* SPDX-License-Identifier: EUPL-1.2
 *
 * Bytes as an author part, as enfragad's part and as a leaf: no crash, and
 * what is taken has one encoding, to the byte (unknown tags from 0x80 up are
 * passed over and not written again).
 */
#include "config.h"

#include "proof/entry.h"

#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* Is there a field that decoding passes over? Walks what was canonical. */
static bool
has_unknown(const uint8_t *p, size_t n)
{
    while (n >= 5) {
        size_t len =
            (size_t)p[1] << 24 | (size_t)p[2] << 16 | (size_t)p[3] << 8 | p[4];
        if (p[0] >= 0x80)
            return true;
        p += 5 + len;
        n -= 5 + len;
    }
    return false;
}

static void
same(const struct buf *b, const uint8_t *data, size_t size)
{
    if (!has_unknown(data, size) &&
        (b->len != size || memcmp(b->data, data, size) != 0))
        abort();
}

static void
try_parts(const uint8_t *data, size_t size)
{
    struct entry_author a;
    struct entry_host h;
    AUTO_BUF(again, ENTRY_AUTHOR_MAX);
    if (!entry_author_decode(data, size, &a, NULL)) {
        if (entry_author_encode(&again, &a, NULL))
            abort();
        same(&again, data, size);
    }
    buf_clear(&again);
    if (!entry_host_decode(data, size, &h, NULL)) {
        if (entry_host_encode(&again, &h, NULL))
            abort();
        same(&again, data, size);
    }
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct entry_leaf leaf;
    try_parts(data, size);
    if (!entry_leaf_split(data, size, &leaf, NULL)) {
        try_parts(leaf.author, leaf.author_len);
        try_parts(leaf.host, leaf.host_len);
    }
    return 0;
}
