/* SPDX-License-Identifier: EUPL-1.2 */
#include "config.h"

#include "daemon/held.h"

#include "base/clock.h"
#include "base/mem.h"
#include "forsakran/crl.h"

#include <stdlib.h>
#include <string.h>

enum { HELD_MS = 60 * 60 * 1000 };

struct load {
    struct daemon *d;
    struct held held;
    struct err err; /* it could not be told */
    unsigned generation;
    held_done *done;
    void *arg;
};

struct held *
held_find(struct daemon *d, const char *konto)
{
    struct held *h = d->held;
    while (h && strcmp(h->konto, konto))
        h = h->next;
    return h && clock_boot_ms() - h->read_ms < HELD_MS &&
                   h->crl == crl_mark(d->in->user_crl)
               ? h
               : NULL;
}

void
held_forget(struct daemon *d, const char *konto)
{
    d->held_generation++;
    for (struct held **p = &d->held; *p; p = &(*p)->next) {
        struct held *h = *p;
        if (strcmp(h->konto, konto))
            continue;
        *p = h->next;
        free(h);
        return;
    }
}

void
held_free(struct daemon *d)
{
    while (d->held)
        held_forget(d, d->held->konto);
}

static void
take_withdrawal(void *ctx, const struct ledger_row *r)
{
    struct held *h = ctx;
    h->withdrawn |= r->seq > h->seq;
}

/* What is so, as against what could not be told now. */
static bool
definite(enum err_code code)
{
    return code == ERR_OK || code == ERR_SIGNATURE || code == ERR_BAD_INPUT ||
           code == ERR_FORSAKRAN || code == ERR_FORSAKRAN_EXPIRED ||
           code == ERR_CERT_REVOKED;
}

/* On the log's worker. */
static void
load_run(void *arg)
{
    struct load *l = arg;
    struct held *h = &l->held;
    struct instance *in = l->d->in;
    struct ledger_forsakran f = {0};
    h->crl = crl_mark(in->user_crl); /* before it is read */
    enum err_code code =
        ledger_account_forsakran(in->ledger, h->konto, &f, &l->err);
    if (code) {
        l->err.code = code == ERR_NOT_FOUND ? ERR_OK : code;
        return;
    }
    h->exists = true;
    h->seq = f.seq;
    memcpy(h->sha256, f.sha256, sizeof h->sha256);
    code =
        forsakran_verify(&h->head, f.cms, f.cms_len, f.text, f.text_len,
                         in->user_ca, in->user_crl, clock_now_ms(), &h->fault);
    h->fault.code = code;
    ledger_forsakran_done(&f);
    struct vkey v;
    if (!code && !vkey_parse(h->head.vkey, &v, &h->fault))
        vkey_kid(&v, h->kid);
    if (!definite(code)) {
        l->err = h->fault;
        return;
    }
    struct ledger_query q = {
        .account = h->konto, .type = KIND_ATERKALLELSE, .limit = 1};
    l->err.code = ledger_rows(in->ledger, &q, take_withdrawal, h, &l->err);
}

static void
load_done(void *arg)
{
    struct load *l = arg;
    struct daemon *d = l->d;
    if (!l->err.code && l->generation != d->held_generation) {
        /* Something was signed or withdrawn meanwhile: read anew. */
        held_load(d, l->held.konto, l->done, l->arg);
        free(l);
        return;
    }
    if (!l->err.code) {
        held_forget(d, l->held.konto);
        struct held *h = mem_alloc(sizeof *h);
        *h = l->held;
        h->read_ms = clock_boot_ms();
        h->next = d->held;
        d->held = h;
    }
    l->done(l->arg, l->err.code, &l->err);
    free(l);
}

void
held_load(struct daemon *d, const char *konto, held_done *done, void *arg)
{
    struct load *l = mem_alloc(sizeof *l);
    l->d = d;
    l->done = done;
    l->arg = arg;
    l->generation = d->held_generation;
    snprintf(l->held.konto, sizeof l->held.konto, "%s", konto);
    worker_run(d->log_worker, load_run, load_done, l);
}

enum forsakran_state
held_state(const struct held *h, const struct wording *w, const char *vkey)
{
    if (h && h->exists && h->fault.code == ERR_CERT_REVOKED)
        return FORSAKRAN_CERT_SPARRAT;
    if (!h || !h->exists || h->fault.code)
        return FORSAKRAN_SAKNAS;
    if (h->withdrawn)
        return FORSAKRAN_ATERKALLAD;
    if (memcmp(h->head.wording_sha256, w->sha256, sizeof w->sha256))
        return FORSAKRAN_NY_TEXT;
    struct date today = date_today();
    if (date_compare(today, h->head.from) < 0 ||
        date_compare(today, h->head.till) > 0)
        return FORSAKRAN_UTGANGEN;
    if (vkey[0] && strcmp(vkey, h->head.vkey))
        return FORSAKRAN_ANNAN_NYCKEL;
    return FORSAKRAN_GILTIG;
}
