/* SPDX-License-Identifier: EUPL-1.2 */
#include "config.h"

#include "cases/strict.h"

#include "base/i18n.h"
#include "base/text.h"

#include <string.h>

/* cJSON ends a text at an escaped NUL, so what stands behind it would be
 * lost without a word. */
static bool
has_nul_escape(const char *p, size_t n)
{
    for (size_t i = 0; i + 1 < n; i++) {
        if (p[i] != '\\')
            continue;
        if (n - i >= 6 && memcmp(p + i, "\\u0000", 6) == 0)
            return true;
        i++;
    }
    return false;
}

cJSON *
strict_parse(const void *p, size_t n, struct err *e)
{
    const char *end = NULL, *s = p;
    if (!text_is_utf8(s, n) || memchr(s, '\0', n) != NULL) {
        err_set(e, ERR_BAD_INPUT, _("the file is not UTF-8 text"));
        return NULL;
    }
    if (has_nul_escape(s, n)) {
        err_set(e, ERR_BAD_INPUT, _("the file holds an escaped NUL"));
        return NULL;
    }
    cJSON *json = cJSON_ParseWithLengthOpts(s, n, &end, 0);
    if (json == NULL) {
        size_t line = 1;
        for (const char *c = s; end != NULL && c < end && c < s + n; c++)
            line += *c == '\n';
        err_set(e, ERR_BAD_INPUT, _("the file is not JSON, line %zu"), line);
        return NULL;
    }
    while (end < s + n && strchr(" \t\r\n", *end) != NULL)
        end++;
    if (end < s + n) {
        cJSON_Delete(json);
        err_set(e, ERR_BAD_INPUT, _("the file goes on after its end"));
        return NULL;
    }
    return json;
}

/* A member name may be shown if it is a word; else it may be anything, also
 * a personnummer. */
static const char *
shown(const char *name)
{
    size_t n = strspn(name, "abcdefghijklmnopqrstuvwxyz"
                            "ABCDEFGHIJKLMNOPQRSTUVWXYZ_");
    return n > 0 && n <= 32 && name[n] == '\0' ? name : "?";
}

enum err_code
strict_object(const cJSON *o, const char *const *names, struct err *e)
{
    if (!cJSON_IsObject(o))
        return err_set(e, ERR_BAD_INPUT, _("an object was expected"));
    for (const cJSON *m = o->child; m != NULL; m = m->next) {
        int i = 0;
        while (names[i] != NULL && strcmp(names[i], m->string) != 0)
            i++;
        if (names[i] == NULL)
            return err_set(e, ERR_BAD_INPUT, _("unknown member %s"),
                           shown(m->string));
        for (const cJSON *o2 = m->next; o2 != NULL; o2 = o2->next)
            if (strcmp(m->string, o2->string) == 0)
                return err_set(e, ERR_BAD_INPUT, _("%s stands twice"),
                               names[i]);
    }
    return ERR_OK;
}

enum err_code
strict_item(const char **out, struct arena *a, const cJSON *item,
            const char *name, size_t max, struct err *e)
{
    if (item == NULL)
        return err_set(e, ERR_BAD_INPUT, _("%s is missing"), name);
    if (!cJSON_IsString(item))
        return err_set(e, ERR_BAD_INPUT, _("%s is not text"), name);
    const char *s = item->valuestring;
    size_t n = strlen(s);
    if (n == 0 || s[0] == ' ' || s[n - 1] == ' ')
        return err_set(e, ERR_BAD_INPUT, _("%s is empty or has outer spaces"),
                       name);
    const char *nfc = text_nfc(a, s, n);
    const char *clean = nfc == NULL ? NULL : text_clean(a, nfc, strlen(nfc));
    if (clean == NULL || strcmp(clean, nfc) != 0)
        return err_set(e, ERR_BAD_INPUT, _("%s holds control characters"),
                       name);
    if (strlen(nfc) > max)
        return err_set(e, ERR_BAD_INPUT, _("%s is longer than %zu"), name, max);
    *out = nfc;
    return ERR_OK;
}

enum err_code
strict_text(const char **out, struct arena *a, const cJSON *o, const char *name,
            size_t max, struct err *e)
{
    return strict_item(out, a, cJSON_GetObjectItemCaseSensitive(o, name), name,
                       max, e);
}
