/* SPDX-License-Identifier: EUPL-1.2
 *
 * The account's own entry key, and those that wait for this chef (DESIGN 6).
 */
#include "config.h"

#include "base/clock.h"
#include "base/i18n.h"
#include "base/mem.h"
#include "client/own.h"
#include "local/json.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

void
client_key_text(const struct client_me *me, struct buf *out)
{
    if (!me->key_print[0])
        buf_adds(out, _("No key is registered yet: your first försäkran "
                        "does it."));
    else if (!me->key_by[0])
        buf_addf(out, _("Your key %s, unchanged since %s"), me->key_print,
                 me->key_since);
    else if (!strcmp(me->key_by, me->konto))
        buf_addf(out, _("Your key %s, changed %s, signed by the one before"),
                 me->key_print, me->key_since);
    else
        buf_addf(out, _("Your key %s, changed %s, attested by %s"),
                 me->key_print, me->key_since, me->key_by);
    if (me->key_waits[0])
        buf_addf(out, _(". The key %s awaits a chef's attestation"),
                 me->key_waits);
}

bool
client_key_is_new(const struct client_me *me)
{
    return me->key_changed_ms > me->last_asked_ms;
}

const char *
client_user_dir(const struct client *c)
{
    return c->user_dir;
}

const char *
client_vkey(const struct client *c)
{
    return c->vkey;
}

const char *
client_log_vkey(struct client *c)
{
    vkey_text(&c->log_vkey, c->log_vkey_text);
    return c->log_vkey_text;
}

static enum err_code
take_ca(struct client *c, const cJSON *o, void *extra, struct err *e)
{
    const char *pem = message_text(o, "ca");
    (void)extra;
    if (!pem)
        return err_set(e, ERR_PROTOCOL, "%s", _("no CA came"));
    mem_free_str(&c->user_ca);
    c->user_ca = mem_strdup(pem);
    return ERR_OK;
}

void
client_user_ca(struct client *c, client_done *done, void *arg)
{
    call_start(c, "/v1/nycklar/ca", NULL, take_ca, NULL, done, arg);
}

const char *
client_user_ca_text(const struct client *c)
{
    return c->user_ca ? c->user_ca : "";
}

/* An entry nyckel that names the key in clear, and whose it is beside. */
static void
post_key(struct client *c, const char *path, const char *kind,
         const char *konto, const char *vkey, client_done *done, void *arg)
{
    struct entry_author author = {.has_key = true};
    struct vkey v;
    struct mine *mine;
    struct err e = {0};
    AUTO_BUF(payload, 1024);
    AUTO_BUF(body, 64 << 10);
    struct json j = {.out = &payload};
    enum err_code code = vkey_parse(vkey, &v, &e);
    memcpy(author.key, v.pub, sizeof author.key);
    json_open(&j, NULL, '{');
    json_str(&j, "slag", kind);
    json_str(&j, "konto", konto);
    json_str(&j, "vkey", vkey);
    json_close(&j, '}');
    if (!code)
        code = entry_make(c, c->identity, &author, KIND_NYCKEL,
                          buf_str(&payload), payload.len, &body, &mine, &e);
    if (code)
        call_later(c, code, &e, done, arg);
    else
        call_keep(call_start(c, path, &body, take_receipt, mine, done, arg),
                  mine);
}

void
client_change_key(struct client *c, const char *vkey, client_done *done,
                  void *arg)
{
    post_key(c, "/v1/nycklar/byt", "byte", c->me.konto, vkey, done, arg);
}

void
client_attest_key(struct client *c, const char *konto, const char *vkey,
                  client_done *done, void *arg)
{
    post_key(c, "/v1/nycklar/intyg", "intyg", konto, vkey, done, arg);
}

void
client_ask_key(struct client *c, const char *vkey, client_done *done, void *arg)
{
    AUTO_BUF(body, 1024);
    struct json j = {.out = &body};
    json_open(&j, NULL, '{');
    json_str(&j, "vkey", vkey);
    json_close(&j, '}');
    call_start(c, "/v1/nycklar/begaran", &body, NULL, NULL, done, arg);
}

static enum err_code
take_keys(struct client *c, const cJSON *o, void *extra, struct err *e)
{
    const cJSON *list = cJSON_GetObjectItemCaseSensitive(o, "vantar"), *p;
    (void)extra;
    if (!cJSON_IsArray(list))
        return err_set(e, ERR_PROTOCOL, "%s", _("no list of keys came"));
    free(c->keys);
    c->n_keys = 0;
    c->keys =
        mem_alloc(((size_t)cJSON_GetArraySize(list) + 1) * sizeof *c->keys);
    cJSON_ArrayForEach(p, list)
    {
        struct client_key *k = &c->keys[c->n_keys];
        const char *konto = message_text(p, "konto");
        const char *namn = message_text(p, "namn");
        const char *vkey = message_text(p, "vkey");
        const char *asked = message_text(p, "tid");
        if (!konto || !namn || !vkey || strlen(vkey) >= sizeof k->vkey)
            return err_set(e, ERR_PROTOCOL, "%s", _("no list of keys came"));
        snprintf(k->konto, sizeof k->konto, "%s", konto);
        snprintf(k->namn, sizeof k->namn, "%s", namn);
        snprintf(k->vkey, sizeof k->vkey, "%s", vkey);
        snprintf(k->asked, sizeof k->asked, "%s", asked ? asked : "");
        identity_print(vkey, k->print);
        c->n_keys++;
    }
    return ERR_OK;
}

void
client_keys_asked(struct client *c, client_done *done, void *arg)
{
    call_start(c, "/v1/nycklar/begaran", NULL, take_keys, NULL, done, arg);
}

const struct client_key *
client_key_list(const struct client *c, int *n)
{
    *n = c->n_keys;
    return c->keys;
}
