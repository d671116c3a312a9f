/* SPDX-License-Identifier: EUPL-1.2
 *
 * The own list: relatives, colleagues and others that an account may not ask
 * about (DESIGN 2.3). A file's text, and its place in the register.
 */
#include "config.h"

#include "cases/reg.h"

#include "base/i18n.h"
#include "base/mem.h"

#include <stdlib.h>
#include <string.h>

enum { LINE_LEN = 64 };

/* The number of one line, blanks and comment taken off; false: none. */
static bool
bare_line(const char *line, size_t len, char out[LINE_LEN + 1])
{
    const char *hash = memchr(line, '#', len);
    if (hash != NULL)
        len = (size_t)(hash - line);
    while (len > 0 && memchr(" \t\r", line[len - 1], 3) != NULL)
        len--;
    while (len > 0 && (*line == ' ' || *line == '\t')) {
        line++;
        len--;
    }
    if (len > LINE_LEN || memchr(line, '\0', len) != NULL) {
        line = "?"; /* no personnummer, whatever it is */
        len = 1;
    }
    memcpy(out, line, len);
    out[len] = '\0';
    return len > 0;
}

enum err_code
own_list_read(const char *text, size_t len, struct date today,
              struct personnummer **out, int *n, struct err *e)
{
    static const char mark[] = "\xef\xbb\xbf";
    char typed[LINE_LEN + 1];
    struct personnummer *list = NULL;
    enum err_code code = ERR_OK;
    int count = 0, lines = 0;
    size_t room = 1;
    *out = NULL;
    *n = 0;
    if (len >= 3 && memcmp(text, mark, 3) == 0) {
        text += 3;
        len -= 3;
    }
    for (size_t i = 0; i < len; i++)
        room += text[i] == '\n';
    list = mem_alloc(room * sizeof(*list)); /* never grown: nothing is left */
    while (len > 0 && code == ERR_OK) {
        const char *end = memchr(text, '\n', len);
        size_t line = end == NULL ? len : (size_t)(end - text);
        size_t step = line + (end != NULL);
        lines++;
        if (bare_line(text, line, typed) &&
            personnummer_read(&list[count++], typed, today, NULL) != ERR_OK)
            code = err_set(e, ERR_PERSONNUMMER,
                           _("line %d does not hold a personnummer"), lines);
        text += step;
        len -= step;
    }
    mem_wipe(typed, sizeof(typed));
    if (code != ERR_OK) {
        mem_wipe(list, room * sizeof(*list));
        free(list);
        return code;
    }
    *out = list;
    *n = count;
    return ERR_OK;
}

static enum err_code
put_list(struct reg *r, const char *konto, const struct personnummer *list,
         int n, struct err *e)
{
    enum err_code code = store_run(r->store, REG_OWN_LIST_CLEAR, e, "t", konto);
    for (int i = 0; i < n && code == ERR_OK; i++) {
        uint8_t tag[HASH_SIZE];
        reg_tag(r, tag, "own", konto, list[i].digits);
        code = store_run(r->store, REG_OWN_LIST_ADD, e, "tb", konto, tag,
                         sizeof tag);
    }
    return code;
}

enum err_code
register_put_own_list(struct reg *r, const char *konto,
                      const struct personnummer *list, int n, struct err *e)
{
    struct account a;
    enum err_code code = register_account(r, konto, &a, e);
    mem_wipe(&a.own, sizeof(a.own));
    if (code == ERR_OK)
        code = store_begin(r->store, e);
    if (code != ERR_OK)
        return code;
    code = put_list(r, konto, list, n, e);
    if (code == ERR_OK)
        return store_commit(r->store, e);
    store_rollback(r->store);
    return code;
}

enum err_code
register_on_own_list(struct reg *r, const char *konto,
                     const struct personnummer *p, bool *is, struct err *e)
{
    uint8_t tag[HASH_SIZE];
    reg_tag(r, tag, "own", konto, p->digits);
    enum err_code code = store_get(r->store, REG_OWN_LIST_HAS, e, "tb", konto,
                                   tag, sizeof tag);
    *is = code == ERR_OK && store_int(r->store, REG_OWN_LIST_HAS, 0) != 0;
    if (code == ERR_OK)
        store_reset(r->store, REG_OWN_LIST_HAS);
    return code;
}
