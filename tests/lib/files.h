/* SPDX-License-Identifier: EUPL-1.2
 *
 * Whole files for tests.
 */
#ifndef ENFRAGA_TESTS_FILES_H
#define ENFRAGA_TESTS_FILES_H

#include <stdio.h>
#include <stdlib.h>

/* The file's bytes, NUL-terminated, to be freed; NULL if it cannot be read. */
static inline char *
file_read(const char *path, size_t *n)
{
    FILE *f = fopen(path, "rb");
    char *p = NULL;
    *n = 0;
    if (!f)
        return NULL;
    for (size_t cap = 0, got = 1; got; *n += got) {
        if (cap - *n < 4096) {
            cap = cap * 2 + 8192;
            char *q = realloc(p, cap);
            if (!q)
                abort();
            p = q;
        }
        got = fread(p + *n, 1, cap - *n - 1, f);
    }
    fclose(f);
    p[*n] = '\0';
    return p;
}

#endif
