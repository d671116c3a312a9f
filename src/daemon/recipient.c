/* SPDX-License-Identifier: EUPL-1.2
 *
 * New recipients of the log's boxes: one chef proposes a certificate, another
 * takes it in (AUDIT 13). The ledger judges both by the entries; here is what
 * has been proposed since start, so that the second can refer to it.
 */
#include "config.h"

#include "daemon/routes.h"

#include "base/i18n.h"
#include "base/mem.h"
#include "base/text.h"
#include "seal/envelope.h"

#include <stdlib.h>
#include <string.h>

struct proposal {
    struct proposal *next;
    uint64_t seq;
    uint8_t hash[HASH_SIZE], cert[HASH_SIZE];
    char konto[64], name[ENTRY_NAME_MAX + 1], unit[ENTRY_UNIT_MAX + 1];
};

void
proposals_free(struct daemon *d)
{
    while (d->proposals) {
        struct proposal *p = d->proposals;
        d->proposals = p->next;
        free(p);
    }
}

enum err_code
recipient_check(struct task *t)
{
    const char *b64 = message_text(t->body, "certifikat");
    if (!t->author.has_recipients || t->author.has_day ||
        t->author.n_recipients != 1 || !b64 ||
        text_base64_decode(&t->forsakran_cms, b64, strlen(b64)))
        return err_set(&t->err, ERR_BAD_INPUT, "certifikat");
    enum err_code code = envelope_recipient(t->forsakran_cms.data,
                                            t->forsakran_cms.len, &t->err);
    t->recipient = (struct ledger_recipient){
        t->author.recipient[0].name, code ? NULL : t->forsakran_cms.data,
        t->forsakran_cms.len};
    return code;
}

void
recipient_act(struct task *t)
{
    const struct entry_recipient *r = &t->author.recipient[0];
    bool taken = t->author.has_ref;
    if (taken) {
        t->d->seals = true;
    } else {
        struct proposal *p = mem_alloc(sizeof *p);
        p->seq = t->receipt.seq;
        memcpy(p->hash, t->receipt.leaf_hash, HASH_SIZE);
        memcpy(p->cert, r->cert, HASH_SIZE);
        memcpy(p->konto, t->account.konto, sizeof p->konto);
        memcpy(p->name, r->name, sizeof p->name);
        memcpy(p->unit, t->author.unit, sizeof p->unit);
        p->next = t->d->proposals;
        t->d->proposals = p;
    }
    cJSON *o = cJSON_CreateObject();
    routes_receipt(o, t);
    cJSON_AddBoolToObject(o, "intagen", taken);
    routes_put(t, o);
    task_reply_json(t);
}

void
recipient_list_act(struct task *t)
{
    cJSON *o = cJSON_CreateObject();
    cJSON *list = cJSON_AddArrayToObject(o, "forslag");
    char hex[2 * HASH_SIZE + 1];
    for (const struct proposal *p = t->d->proposals; p; p = p->next) {
        cJSON *k = cJSON_CreateObject();
        cJSON_AddNumberToObject(k, "loggpost", (double)p->seq);
        text_hex(p->hash, HASH_SIZE, hex);
        cJSON_AddStringToObject(k, "hash", hex);
        text_hex(p->cert, HASH_SIZE, hex);
        cJSON_AddStringToObject(k, "certifikat_sha256", hex);
        cJSON_AddStringToObject(k, "konto", p->konto);
        cJSON_AddStringToObject(k, "namn", p->name);
        cJSON_AddStringToObject(k, "enhet", p->unit);
        cJSON_AddItemToArray(list, k);
    }
    routes_put(t, o);
    task_reply_json(t);
}
