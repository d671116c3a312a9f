/* SPDX-License-Identifier: EUPL-1.2
 *
 * Signing and withdrawing a försäkran (DESIGN 6, AUDIT 7).
 */
#include "config.h"

#include "daemon/routes.h"

#include "base/clock.h"
#include "base/i18n.h"
#include "base/text.h"
#include "daemon/held.h"

#include <string.h>

static enum err_code
take_bytes(struct task *t, const char *name, struct buf *out)
{
    const char *b64 = message_text(t->body, name);
    if (!b64 || text_base64_decode(out, b64, strlen(b64)))
        return err_set(&t->err, ERR_BAD_INPUT, "%s is missing or not base64",
                       name);
    return ERR_OK;
}

enum err_code
entries_forsakran(struct task *t)
{
    struct instance *in = t->d->in;
    struct forsakran f;
    enum err_code code = take_bytes(t, "cms", &t->forsakran_cms);
    if (!code)
        code = take_bytes(t, "innehall", &t->forsakran_text);
    if (!code)
        code = forsakran_verify(&f, t->forsakran_cms.data, t->forsakran_cms.len,
                                t->forsakran_text.data, t->forsakran_text.len,
                                in->user_ca, in->user_crl, clock_now_ms(),
                                &t->err);
    if (code)
        return code;
    if (strcmp(f.konto, t->account.konto) ||
        strcmp(f.kommun, config_text(in->config, "kommun.namn")))
        return err_set(&t->err, ERR_FORSAKRAN,
                       "the försäkran names another account or municipality");
    if (memcmp(f.wording_sha256, in->wording.sha256, 32))
        return err_set(&t->err, ERR_FORSAKRAN_TEXT,
                       "the försäkran is not in the present wording");
    if (date_compare(f.datum, date_today()) || date_compare(f.from, f.datum) ||
        date_days(f.till) - date_days(f.from) > 366)
        return err_set(&t->err, ERR_FORSAKRAN,
                       "the försäkran's dates are not today and a year on");
    if (t->account.vkey[0] && strcmp(t->account.vkey, f.vkey))
        return err_set(&t->err, ERR_KEY, "%s",
                       _("the entry key here is not the account's: enfraga "
                         "nycklar byt"));
    struct ledger_forsakran *l = &t->forsakran;
    sha256(l->sha256, t->forsakran_cms.data, t->forsakran_cms.len);
    l->cms = t->forsakran_cms.data;
    l->cms_len = t->forsakran_cms.len;
    l->text = t->forsakran_text.data;
    l->text_len = t->forsakran_text.len;
    snprintf(t->vkey, sizeof t->vkey, "%s", f.vkey);
    l->vkey = t->vkey;
    l->account = t->account.konto;
    date_text(f.till, t->till);
    return ERR_OK;
}

/* The first försäkran settles which entry key is the account's; another key
 * then needs more than a försäkran (DESIGN 6). */
static void
settle_key(void *arg)
{
    struct task *t = arg;
    struct account a;
    t->code = register_account(t->d->in->reg, t->account.konto, &a, &t->err);
    if (t->code || a.vkey[0])
        return;
    snprintf(a.vkey, sizeof a.vkey, "%s", t->vkey);
    a.key_since_ms = clock_now_ms();
    t->code = register_put_account(t->d->in->reg, &a, &t->err);
}

static void
key_settled(void *arg)
{
    struct task *t = arg;
    if (t->code) {
        task_problem(t, t->code, &t->err);
        return;
    }
    cJSON *o = cJSON_CreateObject();
    routes_receipt(o, t);
    cJSON_AddStringToObject(o, "till", t->till);
    routes_put(t, o);
    task_reply_json(t);
}

void
entries_forsakran_act(struct task *t)
{
    held_forget(t->d, t->account.konto);
    worker_run(t->d->reg_worker, settle_key, key_settled, t);
}

void
entries_withdrawn_act(struct task *t)
{
    held_forget(t->d, t->account.konto);
    entries_seq_act(t);
}
