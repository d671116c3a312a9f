/* SPDX-License-Identifier: EUPL-1.2 */
#include "config.h"

#include "base/buf.h"

#include "base/mem.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

void
buf_init(struct buf *b, size_t max)
{
    *b = BUF_INIT(max);
}

void
buf_done(struct buf *b)
{
    mem_wipe(b->data, b->len);
    free(b->data);
    *b = BUF_INIT(b->max);
}

void
buf_clear(struct buf *b)
{
    mem_wipe(b->data, b->len);
    b->len = 0;
    b->full = false;
}

/* Room for n more bytes and a NUL. Old room is wiped: it may hold secrets. */
static bool
reserve(struct buf *b, size_t n)
{
    if (b->full || n > b->max || b->len > b->max - n) {
        b->full = true;
        return false;
    }
    if (b->data && b->cap - b->len > n)
        return true;
    size_t cap = b->cap ? b->cap : 64;
    while (cap <= b->len + n)
        cap *= 2;
    char *p = mem_grow(NULL, cap, 1);
    if (b->len)
        memcpy(p, b->data, b->len);
    p[b->len] = '\0';
    mem_wipe(b->data, b->len);
    free(b->data);
    b->data = p;
    b->cap = cap;
    return true;
}

char *
buf_room(struct buf *b, size_t n)
{
    return reserve(b, n) ? b->data + b->len : NULL;
}

void
buf_filled(struct buf *b, size_t n)
{
    b->len += n;
    b->data[b->len] = '\0';
}

enum err_code
buf_add(struct buf *b, const void *p, size_t n)
{
    if (!reserve(b, n))
        return ERR_TOO_BIG;
    if (n)
        memcpy(b->data + b->len, p, n);
    b->len += n;
    b->data[b->len] = '\0';
    return ERR_OK;
}

enum err_code
buf_adds(struct buf *b, const char *s)
{
    return buf_add(b, s, strlen(s));
}

enum err_code
buf_addc(struct buf *b, char c)
{
    return buf_add(b, &c, 1);
}

enum err_code
buf_addf(struct buf *b, const char *fmt, ...)
{
    va_list ap, again;
    va_start(ap, fmt);
    va_copy(again, ap);
    int n = vsnprintf(NULL, 0, fmt, ap);
    va_end(ap);
    enum err_code code = ERR_TOO_BIG;
    if (n >= 0 && reserve(b, (size_t)n)) {
        vsnprintf(b->data + b->len, (size_t)n + 1, fmt, again);
        b->len += (size_t)n;
        code = ERR_OK;
    }
    va_end(again);
    return code;
}

void
buf_fit(struct buf *b)
{
    if (!b->data)
        return;
    b->cap = b->len + 1;
    b->data = mem_grow(b->data, b->cap, 1);
}

const char *
buf_str(const struct buf *b)
{
    return b->data ? b->data : "";
}

char *
buf_take(struct buf *b)
{
    char *p = b->data ? b->data : mem_strdup("");
    *b = BUF_INIT(b->max);
    return p;
}
