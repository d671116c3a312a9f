/* SPDX-License-Identifier: EUPL-1.2 */
#include "config.h"

#include "base/err.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

static const struct err_row rows[ERR_COUNT] = {
#define ERROR(n, w, x, r, m)                                                   \
    [ERR_##n] = {.name = #n, .word = w, .exit = x, .retry = r, .message = m},
#include "base/errors.def"
#undef ERROR
};

const struct err_row *
err_row(enum err_code code)
{
    return (unsigned)code < ERR_COUNT ? &rows[code] : &rows[ERR_INTERNAL];
}

enum err_code
err_by_word(const char *word)
{
    for (int i = 0; word && i < ERR_COUNT; i++)
        if (!strcmp(rows[i].word, word))
            return (enum err_code)i;
    return ERR_INTERNAL;
}

enum err_code
err_set(struct err *e, enum err_code code, const char *fmt, ...)
{
    if (!e)
        return code;
    va_list ap;
    va_start(ap, fmt);
    vsnprintf(e->text, sizeof e->text, fmt, ap);
    va_end(ap);
    e->code = code;
    return code;
}

enum err_code
err_add(struct err *e, enum err_code code, const char *fmt, ...)
{
    if (!e)
        return code;
    char old[sizeof e->text];
    memcpy(old, e->text, sizeof old);
    va_list ap;
    va_start(ap, fmt);
    int n = vsnprintf(e->text, sizeof e->text, fmt, ap);
    va_end(ap);
    if (n >= 0 && (size_t)n < sizeof e->text && e->code != ERR_OK && old[0])
        snprintf(e->text + n, sizeof e->text - (size_t)n, ": %s", old);
    e->code = code;
    return code;
}

enum err_code
err_errno(struct err *e, enum err_code code, const char *fmt, ...)
{
    int saved = errno;
    if (!e)
        return code;
    va_list ap;
    va_start(ap, fmt);
    int n = vsnprintf(e->text, sizeof e->text, fmt, ap);
    va_end(ap);
    char why[128];
    if (n >= 0 && (size_t)n < sizeof e->text)
        snprintf(e->text + n, sizeof e->text - (size_t)n, ": %s",
                 strerror_r(saved, why, sizeof why));
    e->code = code;
    return code;
}
