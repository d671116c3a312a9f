/* SPDX-License-Identifier: EUPL-1.2 */
#include "config.h"

#include "collect/collect.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

int
collect_say(struct collect_answer *a, int status, const char *type,
            const char *fmt, ...)
{
    char text[1024];
    va_list ap;
    va_start(ap, fmt);
    vsnprintf(text, sizeof text, fmt, ap);
    va_end(ap);
    a->status = status;
    a->type = type;
    buf_clear(&a->body);
    buf_adds(&a->body, text);
    return status;
}

enum err_code
known_log(const char *path, const char *origin, struct vkey *out, struct err *e)
{
    char line[VKEY_TEXT_MAX + 64];
    enum err_code code = ERR_NOT_FOUND;
    int number = 0;
    FILE *f = fopen(path, "re");
    if (!f)
        return errno == ENOENT ? err_set(e, ERR_NOT_FOUND, "no log is known")
                               : err_errno(e, ERR_CONFIG, "%s", path);
    while (code == ERR_NOT_FOUND && fgets(line, sizeof line, f)) {
        struct vkey v;
        number++;
        char *s = line + strspn(line, " \t");
        s[strcspn(s, " \t\r\n")] = '\0';
        if (!*s || *s == '#')
            continue;
        if (vkey_parse(s, &v, e)) {
            code = err_add(e, ERR_CONFIG, "%s, line %d", path, number);
        } else if (!strcmp(v.name, origin)) {
            *out = v;
            code = ERR_OK;
        }
    }
    fclose(f);
    return code == ERR_NOT_FOUND
               ? err_set(e, ERR_NOT_FOUND, "the log is not known here")
               : code;
}
