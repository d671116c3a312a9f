/* SPDX-License-Identifier: EUPL-1.2 */
#include "config.h"

#include "base/mem.h"

#include <malloc.h>
#include <stdalign.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { BLOCK = 16 * 1024 - 64, KEPT = 64 << 20, MAPPED = 1 << 20 };

struct block {
    struct block *next;
    size_t size, used;
    alignas(max_align_t) unsigned char data[];
};

struct arena {
    struct block *head;
    size_t used, max;
};

static void
out_of_memory(void)
{
    fputs("enfraga: out of memory\n", stderr);
    abort();
}

void *
mem_alloc(size_t size)
{
    void *p = calloc(1, size ? size : 1);
    if (!p)
        out_of_memory();
    return p;
}

void *
mem_grow(void *p, size_t n, size_t size)
{
    if (size && n > SIZE_MAX / size)
        out_of_memory();
    size_t bytes = n * size;
    void *q = realloc(p, bytes > 0 ? bytes : 1);
    if (!q)
        out_of_memory();
    return q;
}

char *
mem_strdup(const char *s)
{
    if (!s)
        return NULL;
    size_t n = strlen(s) + 1;
    return memcpy(mem_alloc(n), s, n);
}

void
mem_wipe(void *p, size_t size)
{
    if (p)
        explicit_bzero(p, size);
}

void
mem_keep(void)
{
    mallopt(M_TRIM_THRESHOLD, KEPT);
    mallopt(M_MMAP_THRESHOLD, MAPPED);
}

void
mem_free_str(char **s)
{
    if (*s)
        mem_wipe(*s, strlen(*s));
    free(*s);
    *s = NULL;
}

struct arena *
arena_new(size_t max)
{
    struct arena *a = mem_alloc(sizeof *a);
    a->max = max;
    return a;
}

void
arena_free(struct arena **a)
{
    if (!*a)
        return;
    for (struct block *b = (*a)->head, *next; b; b = next) {
        next = b->next;
        mem_wipe(b->data, b->used);
        free(b);
    }
    free(*a);
    *a = NULL;
}

void *
arena_alloc(struct arena *a, size_t size)
{
    const size_t align = alignof(max_align_t);
    if (size > SIZE_MAX - align)
        return NULL;
    size = (size + align - 1) & ~(align - 1);
    if (a->max && (size > a->max || a->used > a->max - size))
        return NULL;
    struct block *b = a->head;
    if (!b || b->size - b->used < size) {
        size_t want = size > BLOCK ? size : BLOCK;
        b = mem_alloc(sizeof *b + want);
        b->size = want;
        /* A large block goes behind the head, whose room is still good. */
        if (a->head && size > BLOCK) {
            b->next = a->head->next;
            a->head->next = b;
        } else {
            b->next = a->head;
            a->head = b;
        }
    }
    void *p = b->data + b->used;
    b->used += size;
    a->used += size;
    return p;
}

char *
arena_strndup(struct arena *a, const char *s, size_t n)
{
    if (!s)
        return NULL;
    n = strnlen(s, n);
    char *p = arena_alloc(a, n + 1);
    return p ? memcpy(p, s, n) : NULL;
}

char *
arena_strdup(struct arena *a, const char *s)
{
    return s ? arena_strndup(a, s, strlen(s)) : NULL;
}

char *
arena_printf(struct arena *a, const char *fmt, ...)
{
    va_list ap, again;
    va_start(ap, fmt);
    va_copy(again, ap);
    int n = vsnprintf(NULL, 0, fmt, ap);
    va_end(ap);
    char *p = n < 0 ? NULL : arena_alloc(a, (size_t)n + 1);
    if (p)
        vsnprintf(p, (size_t)n + 1, fmt, again);
    va_end(again);
    return p;
}

size_t
arena_used(const struct arena *a)
{
    return a->used;
}
