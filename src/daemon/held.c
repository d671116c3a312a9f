/* SPDX-License-Identifier: EUPL-1.2 */
#include "config.h"

#include "daemon/held.h"

#include "base/clock.h"
#include "base/mem.h"

#include <stdlib.h>
#include <string.h>

struct load {
    struct daemon *d;
    struct held held;
    void (*done)(void *);
    void *arg;
};

struct held *
held_find(struct daemon *d, const char *konto)
{
    struct held *h = d->held;
    while (h && strcmp(h->konto, konto))
        h = h->next;
    return h;
}

void
held_forget(struct daemon *d, const char *konto)
{
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

/* On the log's worker. */
static void
load_run(void *arg)
{
    struct load *l = arg;
    struct held *h = &l->held;
    struct instance *in = l->d->in;
    struct ledger_forsakran f = {0};
    enum err_code code =
        ledger_account_forsakran(in->ledger, h->konto, &f, &h->fault);
    if (code) {
        h->fault.code = code == ERR_NOT_FOUND ? ERR_FORSAKRAN : code;
        return;
    }
    h->exists = true;
    h->seq = f.seq;
    memcpy(h->sha256, f.sha256, sizeof h->sha256);
    code = forsakran_verify(&h->head, f.cms, f.cms_len, f.text, f.text_len,
                            in->user_ca, clock_now_ms(), &h->fault);
    h->fault.code = code;
    ledger_forsakran_done(&f);
    struct ledger_query q = {
        .account = h->konto, .type = KIND_ATERKALLELSE, .limit = 1};
    struct err e = {0};
    code = ledger_rows(in->ledger, &q, take_withdrawal, h, &e);
    if (code) {
        h->fault = e;
        h->fault.code = code;
    }
}

static void
load_done(void *arg)
{
    struct load *l = arg;
    held_forget(l->d, l->held.konto);
    struct held *h = mem_alloc(sizeof *h);
    *h = l->held;
    h->next = l->d->held;
    l->d->held = h;
    l->done(l->arg);
    free(l);
}

void
held_load(struct daemon *d, const char *konto, void (*done)(void *), void *arg)
{
    struct load *l = mem_alloc(sizeof *l);
    l->d = d;
    l->done = done;
    l->arg = arg;
    snprintf(l->held.konto, sizeof l->held.konto, "%s", konto);
    worker_run(d->log_worker, load_run, load_done, l);
}

enum forsakran_state
held_state(const struct held *h, const struct wording *w, const char *vkey)
{
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
