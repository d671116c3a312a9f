/* SPDX-License-Identifier: EUPL-1.2
 *
 * Access to a case that is not one's own, for 24 h (DESIGN 2.3, UX 5).
 */
#include "config.h"

#include "cases/reg.h"

#include "base/i18n.h"
#include "base/mem.h"

#include <stdlib.h>
#include <string.h>

enum { ACCESS_MS = 24 * 60 * 60 * 1000 };

/* What no access opens to `konto`: a closed case, jäv, the own number. *c is
 * the case, to be done by the caller when ERR_OK. */
static enum err_code
check_case(struct reg *r, const char *arende, const struct account *a,
           int64_t now_ms, struct reg_case *c, struct err *e)
{
    enum err_code code = register_case(r, arende, a->konto, now_ms, c, e);
    if (code != ERR_OK)
        return code;
    bool own = false;
    for (int i = 0; i < c->n_persons; i++)
        own |= a->own.digits[0] != '\0' &&
               personnummer_same(&c->persons[i].number, &a->own);
    if (c->jav)
        code = err_set(e, ERR_JAV, _("jäv is noted for %s"), a->konto);
    else if (own)
        code = err_set(e, ERR_OWN_PERSON, _("%s is one of the household"),
                       a->konto);
    else if (!c->open)
        code = err_set(e, ERR_CASE_CLOSED, "%s", arende);
    if (code != ERR_OK)
        reg_case_done(c);
    return code;
}

/* Who gets it must be one who handles such cases. */
static enum err_code
check_receiver(const struct account *to, const struct reg_case *c,
               struct err *e)
{
    unsigned roles = ROLE_HANDLAGGARE | (c->prepared ? ROLE_KONTAKTCENTER : 0);
    if (to->blocked)
        return err_set(e, ERR_BLOCKED, "%s", to->konto);
    if (!(to->roles & roles))
        return err_set(e, ERR_ROLE, _("%s does not handle such cases"),
                       to->konto);
    return ERR_OK;
}

/* *waiting: it waits for approval, ended or not. *holds: it is in force. */
static enum err_code
present(struct reg *r, const struct access *a, int64_t now_ms, bool *waiting,
        bool *holds, struct err *e)
{
    const int id = REG_ACCESS_GET;
    *waiting = *holds = false;
    enum err_code code = store_get(r->store, id, e, "tt", a->arende, a->konto);
    if (code == ERR_NOT_FOUND)
        return ERR_OK;
    if (code != ERR_OK)
        return code;
    *holds = store_int(r->store, id, 0) > now_ms;
    *waiting = store_int(r->store, id, 1) != 0;
    store_reset(r->store, id);
    return ERR_OK;
}

/* One who takes access learns nothing about cases that stay shut (UX 5). */
static enum err_code
veil(enum err_code code, struct err *e)
{
    if (code == ERR_CASE || code == ERR_CASE_CLOSED || code == ERR_JAV ||
        code == ERR_OWN_PERSON) {
        if (e != NULL)
            *e = (struct err){0};
        return err_set(e, ERR_CASE, _("no case of yours fits"));
    }
    return code;
}

static enum err_code
may_receive(struct reg *r, const struct access *a, int64_t now_ms,
            struct err *e)
{
    struct account to;
    struct reg_case c;
    bool waiting, holds;
    enum err_code code = register_account(r, a->konto, &to, e);
    if (code == ERR_OK)
        code = check_case(r, a->arende, &to, now_ms, &c, e);
    mem_wipe(&to.own, sizeof(to.own));
    if (code != ERR_OK)
        return code;
    bool takes_part = c.takes_part;
    code = check_receiver(&to, &c, e);
    reg_case_done(&c);
    if (code == ERR_OK)
        code = present(r, a, now_ms, &waiting, &holds, e);
    if (code != ERR_OK)
        return code;
    if (waiting)
        return err_set(e, ERR_BAD_INPUT,
                       _("an access waits for approval there already"));
    if (a->kind == ACCESS_EFTERHAND && (takes_part || holds))
        return err_set(e, ERR_BAD_INPUT, _("the case is open to you already"));
    return ERR_OK;
}

/* A second person, to whom the case is not barred. */
static enum err_code
may_decide(struct reg *r, const struct access *a, int64_t now_ms, struct err *e)
{
    struct account by;
    struct reg_case c;
    if (strcmp(a->konto, a->by) == 0)
        return err_set(e, ERR_ROLE, _("access is given by a second person"));
    enum err_code code = register_account(r, a->by, &by, e);
    if (code == ERR_OK)
        code = check_case(r, a->arende, &by, now_ms, &c, e);
    mem_wipe(&by.own, sizeof(by.own));
    if (code == ERR_OK)
        reg_case_done(&c);
    else if (code == ERR_CASE_CLOSED && a->kind == ACCESS_GODKAND)
        code = ERR_OK; /* closed since: what was done may be approved */
    return code;
}

enum err_code
register_may_access(struct reg *r, const struct access *a, int64_t now_ms,
                    struct err *e)
{
    bool waiting, holds;
    if (a->kind == ACCESS_EFTERHAND) {
        if (strcmp(a->konto, a->by) != 0)
            return err_set(e, ERR_ROLE,
                           _("access is given by a second person"));
        return veil(may_receive(r, a, now_ms, e), e);
    }
    enum err_code code = may_decide(r, a, now_ms, e);
    if (code == ERR_OK && a->kind == ACCESS_GIVEN)
        return may_receive(r, a, now_ms, e);
    if (code == ERR_OK)
        code = present(r, a, now_ms, &waiting, &holds, e);
    if (code == ERR_OK && !(waiting && holds))
        code =
            err_set(e, ERR_NOT_FOUND, _("no access waits for approval there"));
    return code;
}

static enum err_code
approve(struct reg *r, struct access *a, struct err *e)
{
    enum err_code code =
        store_get(r->store, REG_ACCESS_GET, e, "tt", a->arende, a->konto);
    if (code != ERR_OK)
        return code;
    a->until_ms = store_int(r->store, REG_ACCESS_GET, 0);
    store_reset(r->store, REG_ACCESS_GET);
    return store_run(r->store, REG_ACCESS_APPROVE, e, "ttt", a->arende,
                     a->konto, a->by);
}

enum err_code
register_put_access(struct reg *r, struct access *a, int64_t now_ms,
                    struct err *e)
{
    bool waits = a->kind == ACCESS_EFTERHAND;
    enum err_code code = register_may_access(r, a, now_ms, e);
    if (code == ERR_OK)
        code = store_run(r->store, REG_ACCESS_PRUNE, e, "i", now_ms);
    if (code != ERR_OK)
        return code;
    if (a->kind == ACCESS_GODKAND)
        return approve(r, a, e);
    a->until_ms = now_ms + ACCESS_MS;
    return store_run(r->store, REG_ACCESS_PUT, e, "tttiiit", a->arende,
                     a->konto, a->by, a->until_ms, (int64_t)waits,
                     (int64_t)a->post, waits ? a->skal : "");
}

enum err_code
register_access_waiting(struct reg *r, int64_t now_ms, bool overdue,
                        struct access **out, int *n, struct err *e)
{
    const int id = overdue ? REG_ACCESS_OVERDUE : REG_ACCESS_WAITING;
    struct store *s = r->store;
    bool row;
    enum err_code code;
    *out = NULL;
    *n = 0;
    store_bind(s, id, "i", now_ms);
    while ((code = store_next(s, id, &row, e)) == ERR_OK && row) {
        *out = mem_grow(*out, (size_t)*n + 1, sizeof(**out));
        struct access *a = &(*out)[(*n)++];
        *a = (struct access){.kind = ACCESS_EFTERHAND};
        REG_COPY(a->arende, store_text(s, id, 0));
        REG_COPY(a->konto, store_text(s, id, 1));
        REG_COPY(a->by, store_text(s, id, 1));
        a->until_ms = store_int(s, id, 2);
        a->post = (uint64_t)store_int(s, id, 3);
        REG_COPY(a->skal, store_text(s, id, 4));
    }
    if (code != ERR_OK) {
        free(*out);
        *out = NULL;
        *n = 0;
    }
    return code;
}

enum err_code
register_drop_access(struct reg *r, const struct access *a, struct err *e)
{
    return store_run(r->store, REG_ACCESS_DROP, e, "tti", a->arende, a->konto,
                     (int64_t)a->post);
}
