/* SPDX-License-Identifier: EUPL-1.2 */
#include "config.h"

#include "base/log.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

static enum log_level limit = LOG_OBS;

void
log_level_set(enum log_level level)
{
    limit = level;
}

void
log_write(enum log_level level, const char *fmt, ...)
{
    static const char *const word[] = {"fel", "obs", "info", "steg"};
    if (level > limit)
        return;
    char line[1024];
    int n = snprintf(line, sizeof line, "%s: ", word[level]);
    va_list ap;
    va_start(ap, fmt);
    vsnprintf(line + n, sizeof line - (size_t)n - 1, fmt, ap);
    va_end(ap);
    for (char *p = line; *p; p++)
        if ((unsigned char)*p < 0x20 || *p == 0x7f)
            *p = '?';
    size_t len = strlen(line);
    line[len++] = '\n';
    /* One write a line, so that lines of two threads do not mix. */
    ssize_t put = write(STDERR_FILENO, line, len);
    (void)put;
}
