/* SPDX-License-Identifier: EUPL-1.2
 *
 * Memory: an arena for what is decoded from one response, checked small
 * allocations (a small allocation that fails ends the process; transactions
 * make that safe), wiping, and scope cleanup.
 */
#ifndef ENFRAGA_BASE_MEM_H
#define ENFRAGA_BASE_MEM_H

#include <stddef.h>

struct arena;

/* An arena that refuses to grow past `max` bytes (0: no ceiling). */
struct arena *arena_new(size_t max);

/* Frees all at once, wiped first; clears the caller's pointer. */
void arena_free(struct arena **a);

/* Zeroed memory that lives as long as the arena; NULL past the ceiling. */
void *arena_alloc(struct arena *a, size_t size);

/* Copies that live as long as the arena; NULL past the ceiling or for NULL. */
char *arena_strdup(struct arena *a, const char *s);
char *arena_strndup(struct arena *a, const char *s, size_t n);
char *arena_printf(struct arena *a, const char *fmt, ...)
    __attribute__((format(printf, 2, 3)));

/* Bytes handed out so far. */
size_t arena_used(const struct arena *a);

void *mem_alloc(size_t size);              /* zeroed, never NULL */
void *mem_grow(void *p, size_t n, size_t size); /* realloc(n * size) */
char *mem_strdup(const char *s);           /* NULL for NULL */
void mem_wipe(void *p, size_t size);       /* not optimised away */
void mem_free_str(char **s);               /* free, wiped, cleared */

/* For a program that serves: what is freed stays with malloc, up to a bound,
 * since giving it back and getting it anew costs more than reading an answer.
 */
void mem_keep(void);

#define AUTO_STR __attribute__((cleanup(mem_free_str)))
#define AUTO_ARENA __attribute__((cleanup(arena_free)))

#endif
