/* SPDX-License-Identifier: EUPL-1.2
 *
 * A user's entry key that changes (DESIGN 6): an entry `nyckel` by the key that
 * it follows, or by a chef who attests it, names it in clear; then it is the
 * account's, and the försäkran is signed anew. Without either it waits, and
 * nothing can be signed by it.
 */
#include "config.h"

#include "daemon/routes.h"

#include "base/clock.h"
#include "base/i18n.h"
#include "base/mem.h"
#include "daemon/held.h"
#include "forsakran/file.h"

#include <stdlib.h>
#include <string.h>

enum { CA_MAX = 64 << 10 };

/* A key of this account's, by its name. */
static enum err_code
read_key(const struct task *t, const char *text, const char *konto,
         struct vkey *v, struct err *e)
{
    char name[VKEY_NAME_MAX + 1];
    int n = snprintf(name, sizeof name, "%s/%s", t->d->log_vkey.name, konto);
    if (!text || strlen(text) >= sizeof t->vkey || vkey_parse(text, v, e) ||
        n >= (int)sizeof name || strcmp(v->name, name) != 0)
        return err_set(e, ERR_BAD_INPUT, _("the key is none of %s's"), konto);
    return ERR_OK;
}

/* {"slag","konto","vkey"}, and the key that the entry itself names. */
static enum err_code
read_entry(struct task *t, const char *kind, const char **konto)
{
    static const char *const names[] = {"slag", "konto", "vkey", NULL};
    struct vkey v;
    const char *slag = message_text(t->payload, "slag");
    const char *text = message_text(t->payload, "vkey");
    *konto = message_text(t->payload, "konto");
    if (!slag || strcmp(slag, kind) != 0 || !*konto ||
        !message_only(t->payload, names, &t->err))
        return err_set(&t->err, ERR_BAD_INPUT, "slag, konto, vkey");
    enum err_code code = read_key(t, text, *konto, &v, &t->err);
    if (code)
        return code;
    if (!t->author.has_key || t->author.has_recipients ||
        memcmp(t->author.key, v.pub, KEY_RAW) != 0)
        return err_set(&t->err, ERR_COMMIT,
                       "the entry's open key is not the one in its payload");
    snprintf(t->key.konto, sizeof t->key.konto, "%s", *konto);
    snprintf(t->key.vkey, sizeof t->key.vkey, "%s", text);
    return ERR_OK;
}

/* That the old key has signed is held already: the entry is of the account's
 * own försäkran. */
enum err_code
keychange_check(struct task *t)
{
    const char *konto;
    enum err_code code = read_entry(t, "byte", &konto);
    if (code)
        return code;
    if (strcmp(konto, t->account.konto) != 0)
        return err_set(&t->err, ERR_ROLE, "%s",
                       _("one changes one's own key alone"));
    if (!strcmp(t->key.vkey, t->account.vkey))
        return err_set(&t->err, ERR_BAD_INPUT, "%s",
                       _("it is the account's key already"));
    return ERR_OK;
}

static void
set_key(void *arg)
{
    struct task *t = arg;
    t->code = register_set_key(t->d->in->reg, t->key.konto, t->key.vkey,
                               t->account.konto, clock_now_ms(), &t->err);
}

static void
key_set(void *arg)
{
    struct task *t = arg;
    if (t->code)
        task_problem(t, t->code, &t->err);
    else
        entries_seq_act(t);
}

void
keychange_act(struct task *t)
{
    held_forget(t->d, t->key.konto);
    worker_run(t->d->reg_worker, set_key, key_set, t);
}

/* Asked for: {"vkey"}. The first key needs no one: the first försäkran settles
 * it. */
enum err_code
keychange_ask_check(struct task *t)
{
    static const char *const names[] = {"vkey", NULL};
    struct vkey v;
    const struct account *a = &t->account;
    const char *text = message_text(t->body, "vkey");
    enum err_code code = read_key(t, text, a->konto, &v, &t->err);
    if (code || !message_only(t->body, names, &t->err))
        return ERR_BAD_INPUT;
    if (!a->vkey[0])
        return err_set(&t->err, ERR_BAD_INPUT, "%s",
                       _("the account has no key yet: its first försäkran "
                         "settles it"));
    if (!strcmp(text, a->vkey))
        return err_set(&t->err, ERR_BAD_INPUT, "%s",
                       _("it is the account's key already"));
    code = register_key_asked(t->d->in->reg, a->konto, &t->key, &t->err);
    if (code)
        return code;
    t->retry = !strcmp(t->key.vkey, text); /* it stands in the log */
    t->key = (struct key_request){.at_ms = clock_now_ms()};
    snprintf(t->key.konto, sizeof t->key.konto, "%s", a->konto);
    snprintf(t->key.vkey, sizeof t->key.vkey, "%s", text);
    return ERR_OK;
}

static void
keep_ask(void *arg)
{
    struct task *t = arg;
    t->code = register_ask_key(t->d->in->reg, &t->key, &t->err);
}

static void
ask_kept(void *arg)
{
    struct task *t = arg;
    if (t->code) {
        task_problem(t, t->code, &t->err);
        return;
    }
    buf_adds(&t->out, "{}");
    task_reply_json(t);
}

static void
ask_recorded(void *arg, enum err_code code, const struct receipt *r,
             const struct err *e)
{
    struct task *t = arg;
    (void)r;
    if (code)
        task_problem(t, code, e);
    else
        worker_run(t->d->reg_worker, keep_ask, ask_kept, t);
}

void
keychange_ask_act(struct task *t)
{
    if (t->retry) {
        ask_kept(t);
        return;
    }
    cJSON *o = cJSON_CreateObject();
    cJSON_AddStringToObject(o, "slag", "begaran");
    cJSON_AddStringToObject(o, "konto", t->key.konto);
    cJSON_AddStringToObject(o, "vkey", t->key.vkey);
    char *json = cJSON_PrintUnformatted(o);
    cJSON_Delete(o);
    record_own(t->d, KIND_NYCKEL, false, 0, 0, json, ask_recorded, t);
    mem_free_str(&json);
}

enum err_code
keychange_attest_check(struct task *t)
{
    const char *konto;
    struct key_request asked;
    enum err_code code = read_entry(t, "intyg", &konto);
    if (!code && !strcmp(konto, t->account.konto))
        return err_set(&t->err, ERR_ROLE, "%s",
                       _("a second person attests a key, not oneself"));
    if (!code)
        code = register_key_asked(t->d->in->reg, konto, &asked, &t->err);
    if (code)
        return code;
    return strcmp(asked.vkey, t->key.vkey) != 0
               ? err_set(&t->err, ERR_NOT_FOUND,
                         _("that key of %s does not wait"), konto)
               : ERR_OK;
}

enum err_code
keychange_list(struct task *t)
{
    struct key_request *list;
    int n;
    enum err_code code = register_keys_asked(t->d->in->reg, &list, &n, &t->err);
    cJSON *o = cJSON_CreateObject();
    cJSON *rows = cJSON_AddArrayToObject(o, "vantar");
    for (int i = 0; !code && i < n; i++) {
        struct account a;
        code = register_account(t->d->in->reg, list[i].konto, &a, &t->err);
        if (code)
            break;
        cJSON *k = cJSON_CreateObject();
        cJSON_AddStringToObject(k, "konto", a.konto);
        cJSON_AddStringToObject(k, "namn", a.namn);
        cJSON_AddStringToObject(k, "vkey", list[i].vkey);
        routes_time(k, "tid", list[i].at_ms);
        cJSON_AddItemToArray(rows, k);
    }
    free(list);
    routes_put(t, o);
    return code;
}

/* What a new certificate must chain to; "" where none is installed. */
enum err_code
keychange_ca(struct task *t)
{
    AUTO_BUF(pem, CA_MAX);
    enum err_code code = file_read(t->d->in->user_ca, &pem, &t->err);
    if (code && code != ERR_NOT_FOUND)
        return code;
    cJSON *o = cJSON_CreateObject();
    cJSON_AddStringToObject(o, "ca", code ? "" : buf_str(&pem));
    routes_put(t, o);
    return ERR_OK;
}
