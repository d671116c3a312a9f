/* SPDX-License-Identifier: EUPL-1.2
 *
 * A certificate that the log is to be sealed to: proposed by one chef, taken
 * in by another. The entry names it in clear, by its hash.
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

void
client_put_recipient(struct client *c, const char *name, const char *unit,
                     const void *cert, size_t n, const struct recipient_row *of,
                     client_done *done, void *arg)
{
    struct entry_author author = {.has_recipients = true,
                                  .n_recipients = 1,
                                  .has_ref = of != NULL};
    struct mine *mine;
    struct err e = {0};
    AUTO_BUF(post, 64 << 10);
    AUTO_BUF(body, 128 << 10);
    struct json j = {.out = &body};
    snprintf(author.unit, sizeof author.unit, "%s", unit);
    snprintf(author.recipient[0].name, sizeof author.recipient[0].name, "%s",
             name);
    sha256(author.recipient[0].cert, cert, n);
    if (of) {
        author.ref_seq = of->seq;
        memcpy(author.ref_hash, of->hash, sizeof author.ref_hash);
    }
    enum err_code code = entry_make(c, c->identity, &author, KIND_NYCKEL, NULL,
                                    0, &post, &mine, &e);
    if (code) {
        call_later(c, code, &e, done, arg);
        return;
    }
    json_open(&j, NULL, '{');
    json_base64(&j, "certifikat", cert, n);
    buf_adds(&body, ",\"post\":");
    buf_add(&body, post.data, post.len);
    json_close(&j, '}');
    call_keep(call_start(c, "/v1/nycklar/mottagare", &body, take_receipt, mine,
                         done, arg),
              mine);
}

static enum err_code
take_recipients(struct client *c, const cJSON *o, void *extra, struct err *e)
{
    const cJSON *list = cJSON_GetObjectItemCaseSensitive(o, "forslag"), *p;
    (void)extra;
    if (!cJSON_IsArray(list))
        return err_set(e, ERR_PROTOCOL, "%s", _("no list of proposals came"));
    free(c->recipients);
    c->n_recipients = 0;
    c->recipients = mem_alloc(((size_t)cJSON_GetArraySize(list) + 1) *
                              sizeof *c->recipients);
    cJSON_ArrayForEach(p, list)
    {
        struct recipient_row *r = &c->recipients[c->n_recipients];
        const char *hash = message_text(p, "hash");
        const char *cert = message_text(p, "certifikat_sha256");
        const char *konto = message_text(p, "konto");
        const char *name = message_text(p, "namn");
        const char *unit = message_text(p, "enhet");
        int64_t seq;
        if (!hash || !cert || !konto || !name || !unit ||
            !message_number(p, "loggpost", &seq) || seq < 0 ||
            !text_unhex(hash, r->hash, sizeof r->hash) ||
            !text_unhex(cert, r->cert, sizeof r->cert))
            return err_set(e, ERR_PROTOCOL, "%s",
                           _("no list of proposals came"));
        r->seq = (uint64_t)seq;
        snprintf(r->konto, sizeof r->konto, "%s", konto);
        snprintf(r->name, sizeof r->name, "%s", name);
        snprintf(r->unit, sizeof r->unit, "%s", unit);
        c->n_recipients++;
    }
    return ERR_OK;
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
