/* SPDX-License-Identifier: EUPL-1.2
 *
 * What is freed is wiped, whoever frees it: libxml, libcurl, OpenSSL, SQLite,
 * cJSON, libevent, ncurses and the C library hold copies of questions and
 * answers as we do, and each calls free() by its name, which the program
 * resolves to this one. A shrunk or moved block would leave its old bytes
 * behind inside the C library, so realloc() is here too.
 *
 * The heap itself stays the C library's. The sanitizers have their own free().
 */
#include "config.h"

#include <stdlib.h>

#if defined(__SANITIZE_ADDRESS__) || !defined(__GLIBC__)
#define OTHERS_HEAP 1
#elif defined(__has_feature)
#if __has_feature(address_sanitizer)
#define OTHERS_HEAP 1
#endif
#endif

#ifndef OTHERS_HEAP
#include <errno.h>
#include <malloc.h>
#include <string.h>

void __libc_free(void *p);

void
free(void *p)
{
    if (!p)
        return;
    int kept = errno; /* free() leaves errno alone */
    explicit_bzero(p, malloc_usable_size(p));
    __libc_free(p);
    errno = kept;
}

void *
realloc(void *p, size_t n)
{
    if (!p)
        return malloc(n);
    if (!n) {
        free(p);
        return NULL;
    }
    size_t had = malloc_usable_size(p);
    if (n <= had && n > had / 2)
        return p;
    void *q = malloc(n);
    if (q) {
        memcpy(q, p, had < n ? had : n);
        free(p);
    }
    return q;
}
#endif
