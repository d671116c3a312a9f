/* SPDX-License-Identifier: EUPL-1.2
 *
 * Day keys (AUDIT 8): one for each unit, made when the first payload of a day
 * or of a start is to be sealed, and at once sealed itself to every recipient
 * in the same transaction. The key is in this memory alone.
 */
#include "config.h"

#include "audit/batch.h"

#include "base/clock.h"
#include "base/i18n.h"
#include "base/mem.h"
#include "seal/envelope.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

void
recipients_free(struct ledger *l)
{
    for (unsigned i = 0; i < l->recipients; i++)
        free(l->recipient[i].cert);
    free(l->recipient);
    l->recipient = NULL;
    l->recipients = 0;
}

static enum err_code
take_recipient(struct ledger *l, struct recipient *r, struct err *e)
{
    size_t n;
    struct store *s = l->store;
    const void *cert = store_blob(s, ST_RECIPIENT_ALL, 3, &r->cert_len);
    const void *sha = store_blob(s, ST_RECIPIENT_ALL, 0, &n);
    const char *name = store_text(s, ST_RECIPIENT_ALL, 1);
    const char *unit = store_text(s, ST_RECIPIENT_ALL, 2);
    sha256(r->sha256, cert, r->cert_len);
    if (n != HASH_SIZE || memcmp(sha, r->sha256, HASH_SIZE) != 0 || !name ||
        !unit)
        return err_set(e, ERR_LOG_BROKEN, "%s",
                       _("a recipient's certificate has been changed"));
    r->cert = mem_alloc(r->cert_len + 1);
    memcpy(r->cert, cert, r->cert_len);
    r->seq = (uint64_t)store_int(s, ST_RECIPIENT_ALL, 4);
    snprintf(r->name, sizeof r->name, "%s", name);
    snprintf(r->unit, sizeof r->unit, "%s", unit);
    return ERR_OK;
}

enum err_code
recipients_load(struct ledger *l, struct err *e)
{
    bool row;
    enum err_code code;
    recipients_free(l);
    l->recipient = mem_alloc(ENTRY_RECIPIENTS * sizeof *l->recipient);
    store_bind(l->store, ST_RECIPIENT_ALL, NULL);
    while (!(code = store_next(l->store, ST_RECIPIENT_ALL, &row, e)) && row) {
        code = l->recipients == ENTRY_RECIPIENTS
                   ? err_set(e, ERR_TOO_BIG, _("at most %d recipients"),
                             ENTRY_RECIPIENTS)
                   : take_recipient(l, &l->recipient[l->recipients], e);
        if (code)
            break;
        l->recipients++;
    }
    store_reset(l->store, ST_RECIPIENT_ALL);
    l->stale = code != ERR_OK;
    return code;
}

unsigned
ledger_recipients(const struct ledger *l)
{
    return l->recipients;
}

enum err_code
ledger_recipient_rows(struct ledger *l,
                      void (*row)(void *ctx, const struct ledger_sealed_to *r),
                      void *ctx, struct err *e)
{
    enum err_code code =
        ledger_is_broken(l)
            ? err_set(e, ERR_IO, "%s", _("the log is closed after an error"))
        : l->stale ? recipients_load(l, e)
                   : ERR_OK;
    for (unsigned i = 0; !code && i < l->recipients; i++) {
        const struct recipient *r = &l->recipient[i];
        row(ctx,
            &(struct ledger_sealed_to){r->seq, r->sha256, r->name, r->unit});
    }
    return code;
}

static void
drop_day(struct ledger *l, size_t i)
{
    secret_free(l->day[i].key, AEAD_KEY);
    l->day[i] = l->day[--l->days];
}

void
days_forget(struct ledger *l)
{
    while (l->days)
        drop_day(l, 0);
}

void
days_settle(struct batch *b, bool committed)
{
    struct ledger *l = b->l;
    for (size_t i = l->days; i-- > 0;)
        if (l->day[i].fresh && !committed)
            drop_day(l, i);
        else
            l->day[i].fresh = false;
    if (l->stale && committed)
        days_forget(l); /* the next ones are sealed to the new recipients */
}

/* The unit of the box that is referred to; "" when it is clear or none. */
static enum err_code
unit_of_ref(struct ledger *l, uint64_t seq, char unit[ENTRY_UNIT_MAX + 1],
            struct err *e)
{
    enum err_code code = store_get(l->store, ST_BOX_UNIT, e, "i", (int64_t)seq);
    const char *text = code ? NULL : store_text(l->store, ST_BOX_UNIT, 0);
    snprintf(unit, ENTRY_UNIT_MAX + 1, "%s", text ? text : "");
    store_reset(l->store, ST_BOX_UNIT);
    return code == ERR_NOT_FOUND ? ERR_OK : code;
}

/* Those of a unit are its own and those of every unit. */
static unsigned
recipients_of(const struct ledger *l, const char *unit,
              struct ledger_recipient out[ENTRY_RECIPIENTS])
{
    unsigned n = 0;
    for (unsigned i = 0; i < l->recipients; i++) {
        const struct recipient *r = &l->recipient[i];
        if (!r->unit[0] || !strcmp(r->unit, unit))
            out[n++] = (struct ledger_recipient){r->name, r->cert, r->cert_len};
    }
    return n;
}

/* A new key for the unit, sealed, and its entry. */
static enum err_code
make_day(struct batch *b, const struct ledger_recipient *to, unsigned n,
         const char *unit, const char *date, struct err *e)
{
    struct ledger *l = b->l;
    struct hash_part certs[ENTRY_RECIPIENTS];
    struct sealed_day sealed = {.cms = BUF_INIT(ENVELOPE_MAX)};
    uint8_t *key = secret_new(AEAD_KEY);
    random_bytes(key, AEAD_KEY);
    for (unsigned i = 0; i < n; i++)
        certs[i] = (struct hash_part){to[i].cert, to[i].cert_len};
    enum err_code code = envelope_seal(&sealed.cms, key, AEAD_KEY, certs, n, e);
    if (!code)
        code = store_get(l->store, ST_DAY_NEXT, e, NULL);
    if (!code) {
        sealed.number = store_int(l->store, ST_DAY_NEXT, 0);
        store_reset(l->store, ST_DAY_NEXT);
        struct ledger_post post = {.type = KIND_NYCKEL,
                                   .unit = unit,
                                   .recipients = to,
                                   .n_recipients = n,
                                   .day = &sealed};
        code = batch_add_own(b, &post, e);
    }
    buf_done(&sealed.cms);
    if (code) {
        secret_free(key, AEAD_KEY);
        return code;
    }
    if (l->days == l->day_room) {
        l->day_room = l->day_room ? 2 * l->day_room : 8;
        l->day = mem_grow(l->day, l->day_room, sizeof *l->day);
    }
    struct day *d = &l->day[l->days++];
    *d = (struct day){.number = sealed.number, .key = key, .fresh = true};
    snprintf(d->unit, sizeof d->unit, "%s", unit);
    snprintf(d->date, sizeof d->date, "%s", date);
    return ERR_OK;
}

/* Today's key of the unit; one of yesterday goes. */
static const struct day *
find_day(struct ledger *l, const char *unit, const char *date)
{
    for (size_t i = 0; i < l->days; i++) {
        if (strcmp(l->day[i].unit, unit) != 0)
            continue;
        if (!strcmp(l->day[i].date, date))
            return &l->day[i];
        drop_day(l, i);
        return NULL;
    }
    return NULL;
}

enum err_code
day_for(struct batch *b, const struct ledger_post *post, const struct day **out,
        struct err *e)
{
    struct ledger *l = b->l;
    struct ledger_recipient to[ENTRY_RECIPIENTS];
    char unit[ENTRY_UNIT_MAX + 1], date[11];
    enum err_code code = ERR_OK;
    *out = NULL;
    if (!post->payload || !l->recipients)
        return ERR_OK;
    snprintf(unit, sizeof unit, "%s", post->unit ? post->unit : "");
    if (!post->unit && !post->author && post->has_ref)
        code = unit_of_ref(l, post->ref_seq, unit, e);
    if (code)
        return code;
    clock_date(clock_now_ms(), date);
    *out = find_day(l, unit, date);
    if (*out)
        return ERR_OK;
    unsigned n = recipients_of(l, unit, to);
    if (n == 0)
        return ERR_OK;
    code = make_day(b, to, n, unit, date, e);
    if (!code)
        *out = &l->day[l->days - 1];
    return code;
}

enum err_code
day_put(struct batch *b, const struct item *it, int64_t seq, struct err *e)
{
    const struct ledger_post *p = it->post;
    struct ledger *l = b->l;
    enum err_code code = ERR_OK;
    uint8_t sha[HASH_SIZE];
    if (p->day)
        return store_run(l->store, ST_DAY_PUT, e, "ibit", p->day->number,
                         p->day->cms.data, p->day->cms.len, seq, it->a.unit);
    if (p->author && !it->a.has_ref)
        return ERR_OK; /* a proposal: a second person decides */
    if (it->a.has_away) {
        l->stale = true;
        return store_run(l->store, ST_RECIPIENT_GONE, e, "bi",
                         it->a.recipient[0].cert, (size_t)HASH_SIZE, seq);
    }
    for (unsigned i = 0; i < p->n_recipients && !code; i++) {
        const struct ledger_recipient *r = &p->recipients[i];
        sha256(sha, r->cert, r->cert_len);
        code = store_run(l->store, ST_RECIPIENT_PUT, e, "bttbi", sha,
                         (size_t)HASH_SIZE, r->name, it->a.unit, r->cert,
                         r->cert_len, seq);
        l->stale = true;
    }
    return code;
}
