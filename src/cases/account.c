/* SPDX-License-Identifier: EUPL-1.2
 *
 * Opening the register, and its accounts.
 */
#include "config.h"

#include "cases/reg.h"

#include "base/clock.h"
#include "base/i18n.h"
#include "base/log.h"
#include "base/mem.h"
#include "base/text.h"

#include <pwd.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { MINUTE_MS = 60 * 1000, DAY_MS = 24 * 60 * 60 * 1000 };

enum err_code
register_open(struct reg **out, const char *path,
              const uint8_t key[REGISTER_KEY], struct err *e)
{
    struct reg *r = mem_alloc(sizeof(*r));
    enum err_code code =
        store_open(path, &reg_spec, STORE_OR_CREATE, &r->store, e);
    if (code == ERR_OK)
        code = reg_seal_open(r, key, e);
    if (code != ERR_OK)
        register_close(&r);
    *out = r;
    return code;
}

void
register_close(struct reg **r)
{
    if (*r == NULL)
        return;
    store_close(&(*r)->store);
    reg_seal_close(*r);
    free(*r);
    *r = NULL;
}

void
register_mend(void *reg)
{
    struct reg *r = reg;
    struct err e = {0};
    if (!store_is_broken(r->store))
        return;
    if (store_mend(r->store, &e))
        log_warn("register: %s", e.text);
    else
        log_info("register: opened anew after an error");
}

void
reg_copy(char *out, size_t size, const char *text)
{
    snprintf(out, size, "%s", text == NULL ? "" : text);
}

enum err_code
register_account(struct reg *r, const char *konto, struct account *a,
                 struct err *e)
{
    struct store *s = r->store;
    const int id = REG_ACCOUNT_GET;
    *a = (struct account){0};
    enum err_code code = store_get(s, id, e, "t", konto);
    if (code == ERR_NOT_FOUND)
        return err_set(e, ERR_IDENTITY, "%s", konto);
    if (code != ERR_OK)
        return code;
    REG_COPY(a->konto, store_text(s, id, 0));
    REG_COPY(a->enhet, store_text(s, id, 2));
    a->roles = (unsigned)store_int(s, id, 3);
    a->blocked = store_int(s, id, 5) != 0;
    REG_COPY(a->vkey, store_text(s, id, 6));
    a->key_since_ms = store_int(s, id, 7);
    a->has_uid = !store_null(s, id, 8);
    a->uid = a->has_uid ? (uid_t)store_int(s, id, 8) : 0;
    a->last_asked_ms = store_int(s, id, 9);
    REG_COPY(a->key_by, store_text(s, id, 10));
    code = reg_unseal_text(r, a->namn, sizeof(a->namn), "namn", konto,
                           store_text(s, id, 1), e);
    if (code == ERR_OK)
        code = reg_unseal_text(r, a->own.digits, sizeof(a->own.digits), "own",
                               konto, store_text(s, id, 4), e);
    store_reset(s, id);
    return code;
}

static bool
uid_of_name(const char *konto, uid_t *uid)
{
    char room[4096];
    struct passwd pw, *found = NULL;
    if (getpwnam_r(konto, &pw, room, sizeof(room), &found) != 0 ||
        found == NULL)
        return false;
    *uid = pw.pw_uid;
    return true;
}

enum err_code
register_account_by_uid(struct reg *r, uid_t uid, struct account *a,
                        struct err *e)
{
    struct store *s = r->store;
    char konto[64] = "";
    int found = 0, step;
    *a = (struct account){0};
    store_bind(s, REG_ACCOUNT_UIDS, "");
    while ((step = store_step(s, REG_ACCOUNT_UIDS, e)) == 1) {
        const char *name = store_text(s, REG_ACCOUNT_UIDS, 0);
        uid_t its = 0;
        bool known = true;
        if (store_null(s, REG_ACCOUNT_UIDS, 1))
            known = uid_of_name(name, &its);
        else
            its = (uid_t)store_int(s, REG_ACCOUNT_UIDS, 1);
        if (known && its == uid) {
            found++;
            REG_COPY(konto, name);
        }
    }
    if (step < 0)
        return e == NULL ? ERR_IO : e->code;
    if (found == 0)
        return err_set(e, ERR_IDENTITY, _("no account has uid %u"),
                       (unsigned)uid);
    if (found > 1)
        return err_set(e, ERR_IDENTITY,
                       _("several accounts have uid %u: name one"),
                       (unsigned)uid);
    return register_account(r, konto, a, e);
}

enum err_code
register_account_by_cert(struct reg *r, const uint8_t sha256[HASH_SIZE],
                         struct account *a, struct err *e)
{
    char konto[64];
    *a = (struct account){0};
    enum err_code code = store_get(r->store, REG_CERT_ACCOUNT, e, "b", sha256,
                                   (size_t)HASH_SIZE);
    if (code == ERR_NOT_FOUND)
        return err_set(e, ERR_IDENTITY, "%s",
                       _("no account has this client certificate"));
    if (code != ERR_OK)
        return code;
    REG_COPY(konto, store_text(r->store, REG_CERT_ACCOUNT, 0));
    store_reset(r->store, REG_CERT_ACCOUNT);
    return register_account(r, konto, a, e);
}

enum err_code
register_put_cert(struct reg *r, const char *konto,
                  const uint8_t sha256[HASH_SIZE], struct err *e)
{
    return store_run(r->store, REG_CERT_PUT, e, "tb", konto, sha256,
                     (size_t)HASH_SIZE);
}

/* One word that can stand in a log, a path and a key's name. */
static bool
konto_ok(const char *s)
{
    static const char more[] = "-_.@";
    if (s[0] == '\0' || s[0] == '.' || s[0] == '-')
        return false;
    for (; *s != '\0'; s++)
        if (!(*s >= 'a' && *s <= 'z') && !(*s >= 'A' && *s <= 'Z') &&
            !(*s >= '0' && *s <= '9') && strchr(more, *s) == NULL)
            return false;
    return true;
}

enum err_code
register_put_account(struct reg *r, const struct account *a, struct err *e)
{
    if (!konto_ok(a->konto))
        return err_set(e, ERR_BAD_INPUT,
                       _("an account is letters, digits and -_.@"));
    if (a->namn[0] == '\0' || !text_is_utf8(a->namn, strlen(a->namn)))
        return err_set(e, ERR_BAD_INPUT, _("%s: the name is missing"),
                       a->konto);
    if (a->own.digits[0] != '\0' && !personnummer_ok(a->own.digits))
        return err_set(e, ERR_PERSONNUMMER,
                       _("%s: the account's own number does not hold"),
                       a->konto);
    AUTO_BUF(namn, REG_TEXT_MAX);
    AUTO_BUF(own, REG_TEXT_MAX);
    reg_seal_text(r, &namn, "namn", a->konto, a->namn);
    reg_seal_text(r, &own, "own", a->konto, a->own.digits);
    if (a->has_uid)
        return store_run(r->store, REG_ACCOUNT_PUT, e, "tttititiii", a->konto,
                         buf_str(&namn), a->enhet, (int64_t)a->roles,
                         buf_str(&own),
                         (int64_t)a->blocked, a->vkey, a->key_since_ms,
                         (int64_t)a->uid, a->last_asked_ms);
    return store_run(r->store, REG_ACCOUNT_PUT, e, "tttititini", a->konto,
                     buf_str(&namn), a->enhet, (int64_t)a->roles, buf_str(&own),
                     (int64_t)a->blocked, a->vkey, a->key_since_ms,
                     a->last_asked_ms);
}

enum err_code
register_asked(struct reg *r, const char *konto, int64_t now_ms,
               int *last_minute, int *today, struct err *e)
{
    char day[11];
    clock_date(now_ms, day);
    enum err_code code = store_get(r->store, REG_ASKED_COUNT, e, "tit", konto,
                                   now_ms - MINUTE_MS, day);
    if (code != ERR_OK)
        return code;
    *last_minute = (int)store_int(r->store, REG_ASKED_COUNT, 0);
    *today = (int)store_int(r->store, REG_ASKED_COUNT, 1);
    store_reset(r->store, REG_ASKED_COUNT);
    return ERR_OK;
}

enum err_code
register_sync(struct reg *r, bool each, struct err *e)
{
    return store_sync(r->store, each, e);
}

/* The three changes of one question, inside a transaction. */
static enum err_code
note_asked(struct reg *r, const char *konto, const char *arende,
           const struct personnummer *p, int64_t now_ms, struct err *e)
{
    char day[11];
    uint8_t tag[HASH_SIZE];
    clock_date(now_ms, day);
    reg_tag(r, tag, "person", arende, p->digits);
    enum err_code code =
        store_run(r->store, REG_ASKED_ADD, e, "tit", konto, now_ms, day);
    if (code == ERR_OK)
        code = store_run(r->store, REG_ASKED_PRUNE, e, "i",
                         now_ms - 2 * (int64_t)DAY_MS);
    if (code == ERR_OK)
        code = store_run(r->store, REG_ACCOUNT_ASKED, e, "ti", konto, now_ms);
    if (code == ERR_OK)
        code = store_run(r->store, REG_PERSON_ASKED, e, "tbi", arende, tag,
                         (size_t)HASH_SIZE, now_ms);
    if (code == ERR_OK && store_changes(r->store) == 0)
        code = err_set(e, ERR_PERSON, "%s", arende);
    return code;
}

enum err_code
register_note_asked(struct reg *r, const char *konto, const char *arende,
                    const struct personnummer *p, int64_t now_ms, struct err *e)
{
    enum err_code code = store_begin(r->store, e);
    if (code != ERR_OK)
        return code;
    code = note_asked(r, konto, arende, p, now_ms, e);
    if (code == ERR_OK)
        return store_commit(r->store, e);
    store_rollback(r->store);
    return code;
}
