/* SPDX-License-Identifier: EUPL-1.2 */
#include "config.h"

#include "base/tlv.h"

#include <string.h>

void
tlv_be32(uint8_t out[4], uint32_t v)
{
    for (int i = 3; i >= 0; i--, v >>= 8)
        out[i] = (uint8_t)v;
}

void
tlv_be64(uint8_t out[8], uint64_t v)
{
    for (int i = 7; i >= 0; i--, v >>= 8)
        out[i] = (uint8_t)v;
}

uint32_t
tlv_rd32(const uint8_t *p)
{
    return (uint32_t)p[0] << 24 | (uint32_t)p[1] << 16 | (uint32_t)p[2] << 8 |
           p[3];
}

uint64_t
tlv_rd64(const uint8_t *p)
{
    return (uint64_t)tlv_rd32(p) << 32 | tlv_rd32(p + 4);
}

void
tlv_put(struct buf *b, uint8_t tag, const void *p, size_t n)
{
    uint8_t head[5] = {tag};
    if (n > UINT32_MAX) {
        b->full = true;
        return;
    }
    tlv_be32(head + 1, (uint32_t)n);
    buf_add(b, head, sizeof head);
    buf_add(b, p, n);
}

void
tlv_put_u64(struct buf *b, uint8_t tag, uint64_t v)
{
    uint8_t be[8];
    tlv_be64(be, v);
    tlv_put(b, tag, be, sizeof be);
}

void
tlv_put_str(struct buf *b, uint8_t tag, const char *s)
{
    tlv_put(b, tag, s, strlen(s));
}

int
tlv_next(struct tlv_reader *r, struct tlv *out)
{
    if (r->left == 0)
        return 0;
    if (r->left < 5 || r->p[0] <= r->last)
        return -1;
    uint32_t n = tlv_rd32(r->p + 1);
    if (n > r->left - 5)
        return -1;
    *out = (struct tlv){.tag = r->p[0], .value = r->p + 5, .len = n};
    r->last = r->p[0];
    r->p += 5 + (size_t)n;
    r->left -= 5 + (size_t)n;
    return 1;
}

bool
tlv_u64(const struct tlv *t, uint64_t *v)
{
    if (t->len != 8)
        return false;
    *v = tlv_rd64(t->value);
    return true;
}
