/* SPDX-License-Identifier: EUPL-1.2
 *
 * A certificate that the log is to be sealed to, or no more: proposed by one
 * chef, decided by another. The entry names it in clear, by its hash.
 */
#include "config.h"

#include "base/i18n.h"
#include "base/mem.h"
#include "base/text.h"
#include "client/own.h"
#include "local/json.h"
#include "seal/hash.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void
post_recipient(struct client *c, struct entry_author *author, const void *cert,
               size_t n, client_done *done, void *arg)
{
    struct mine *mine;
    struct err e = {0};
    AUTO_BUF(post, 64 << 10);
    AUTO_BUF(body, 128 << 10);
    struct json j = {.out = &body};
    enum err_code code = entry_make(c, c->identity, author, KIND_NYCKEL, NULL,
                                    0, &post, &mine, &e);
    if (code) {
        call_later(c, code, &e, done, arg);
        return;
    }
    json_open(&j, NULL, '{');
    if (cert)
        json_base64(&j, "certifikat", cert, n);
    buf_adds(&body, cert ? ",\"post\":" : "\"post\":");
    buf_add(&body, post.data, post.len);
    json_close(&j, '}');
    call_keep(call_start(c, "/v1/nycklar/mottagare", &body, take_receipt, mine,
                         done, arg),
              mine);
}

static void
refer(struct entry_author *author, const struct recipient_row *of)
{
    author->has_ref = true;
    author->ref_seq = of->seq;
    memcpy(author->ref_hash, of->hash, sizeof author->ref_hash);
}

void
client_put_recipient(struct client *c, const char *name, const char *unit,
                     const void *cert, size_t n, const struct recipient_row *of,
                     client_done *done, void *arg)
{
    struct entry_author author = {.has_recipients = true, .n_recipients = 1};
    snprintf(author.unit, sizeof author.unit, "%s", unit);
    snprintf(author.recipient[0].name, sizeof author.recipient[0].name, "%s",
             name);
    sha256(author.recipient[0].cert, cert, n);
    if (of)
        refer(&author, of);
    post_recipient(c, &author, cert, n, done, arg);
}

void
client_drop_recipient(struct client *c, const struct recipient_row *of,
                      client_done *done, void *arg)
{
    struct entry_author author = {.has_recipients = true,
                                  .n_recipients = 1,
                                  .has_away = true,
                                  .away = of->here ? of->seq : of->away};
    memcpy(author.unit, of->unit, sizeof author.unit);
    memcpy(author.recipient[0].name, of->name, sizeof of->name);
    memcpy(author.recipient[0].cert, of->cert, sizeof of->cert);
    if (!of->here)
        refer(&author, of);
    post_recipient(c, &author, NULL, 0, done, arg);
}

static bool
take_one(struct recipient_row *r, const cJSON *p, bool here)
{
    const char *hash = message_text(p, "hash");
    const char *cert = message_text(p, "certifikat_sha256");
    const char *konto = message_text(p, "konto");
    const char *name = message_text(p, "namn");
    const char *unit = message_text(p, "enhet");
    int64_t seq, away = -1;
    *r = (struct recipient_row){.here = here};
    if (!cert || !name || !unit || !message_number(p, "loggpost", &seq) ||
        seq < 0 || !text_unhex(cert, r->cert, sizeof r->cert) ||
        (!here &&
         (!konto || !hash || !text_unhex(hash, r->hash, sizeof r->hash))))
        return false;
    r->seq = (uint64_t)seq;
    r->blocked = message_bool(p, "sparrad");
    r->has_away = !here && message_number(p, "tar_bort", &away) && away >= 0;
    r->away = r->has_away ? (uint64_t)away : 0;
    snprintf(r->konto, sizeof r->konto, "%s", here ? "" : konto);
    snprintf(r->name, sizeof r->name, "%s", name);
    snprintf(r->unit, sizeof r->unit, "%s", unit);
    return true;
}

static enum err_code
take_recipients(struct client *c, const cJSON *o, void *extra, struct err *e)
{
    const cJSON *waits = cJSON_GetObjectItemCaseSensitive(o, "forslag"), *p;
    const cJSON *here = cJSON_GetObjectItemCaseSensitive(o, "mottagare");
    bool ok = cJSON_IsArray(waits) && cJSON_IsArray(here);
    size_t room =
        (size_t)cJSON_GetArraySize(waits) + (size_t)cJSON_GetArraySize(here);
    (void)extra;
    free(c->recipients);
    c->n_recipients = 0;
    c->recipients = mem_alloc((room + 1) * sizeof *c->recipients);
    cJSON_ArrayForEach(p, here) ok =
        ok && take_one(&c->recipients[c->n_recipients++], p, true);
    cJSON_ArrayForEach(p, waits) ok =
        ok && take_one(&c->recipients[c->n_recipients++], p, false);
    return ok ? ERR_OK
              : err_set(e, ERR_PROTOCOL, "%s", _("no list of proposals came"));
}

void
client_recipients(struct client *c, client_done *done, void *arg)
{
    call_start(c, "/v1/nycklar/mottagare", NULL, take_recipients, NULL, done,
               arg);
}

const struct recipient_row *
client_recipient_list(const struct client *c, int *n)
{
    *n = c->n_recipients;
    return c->recipients;
}
