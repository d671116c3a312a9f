/* SPDX-License-Identifier: EUPL-1.2
 *
 * Entry keys that have changed, and those that wait for a chef (DESIGN 6).
 */
#include "config.h"

#include "base/mem.h"
#include "cases/reg.h"

enum err_code
register_set_key(struct reg *r, const char *konto, const char *vkey,
                 const char *by, int64_t now_ms, struct err *e)
{
    enum err_code code = store_begin(r->store, e);
    if (code != ERR_OK)
        return code;
    code = store_run(r->store, REG_KEY_SET, e, "ttti", konto, vkey, by, now_ms);
    if (code == ERR_OK && store_changes(r->store) == 0)
        code = err_set(e, ERR_IDENTITY, "%s", konto);
    if (code == ERR_OK)
        code = store_run(r->store, REG_KEY_ANSWERED, e, "t", konto);
    if (code == ERR_OK)
        return store_commit(r->store, e);
    store_rollback(r->store);
    return code;
}

enum err_code
register_ask_key(struct reg *r, const struct key_request *k, struct err *e)
{
    return store_run(r->store, REG_KEY_ASK, e, "tti", k->konto, k->vkey,
                     k->at_ms);
}

enum err_code
register_key_asked(struct reg *r, const char *konto, struct key_request *k,
                   struct err *e)
{
    *k = (struct key_request){0};
    enum err_code code = store_get(r->store, REG_KEY_ASKED, e, "t", konto);
    if (code == ERR_NOT_FOUND)
        return ERR_OK;
    if (code != ERR_OK)
        return code;
    REG_COPY(k->konto, konto);
    REG_COPY(k->vkey, store_text(r->store, REG_KEY_ASKED, 0));
    k->at_ms = store_int(r->store, REG_KEY_ASKED, 1);
    store_reset(r->store, REG_KEY_ASKED);
    return ERR_OK;
}

enum err_code
register_keys_asked(struct reg *r, struct key_request **out, int *n,
                    struct err *e)
{
    struct store *s = r->store;
    const int id = REG_KEYS_ASKED;
    int room = 0, step;
    *out = NULL;
    *n = 0;
    store_bind(s, id, "");
    while ((step = store_step(s, id, e)) == 1) {
        if (*n == room) {
            room = room ? 2 * room : 8;
            *out = mem_grow(*out, (size_t)room, sizeof(**out));
        }
        struct key_request *k = &(*out)[(*n)++];
        *k = (struct key_request){.at_ms = store_int(s, id, 2)};
        REG_COPY(k->konto, store_text(s, id, 0));
        REG_COPY(k->vkey, store_text(s, id, 1));
    }
    return step < 0 ? (e == NULL ? ERR_IO : e->code) : ERR_OK;
}
