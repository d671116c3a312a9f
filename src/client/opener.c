/* SPDX-License-Identifier: EUPL-1.2 */
#include "config.h"

#include "client/review.h"

#include "base/i18n.h"
#include "base/mem.h"
#include "base/tlv.h"
#include "forsakran/reviewer.h"
#include "proof/box.h"
#include "seal/envelope.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum record { DAY_KEY = 1, ROW = 2, END = 3 };

struct day {
    uint64_t day;
    uint8_t *key; /* secret_new; NULL: it is not sealed to this reviewer */
};

struct opener {
    struct key *key;
    struct buf cert;
    struct aead *aead;
    char origin[ENTRY_ORIGIN_MAX + 1];
    struct day *day;
    size_t days, room;
    struct buf text; /* salt and payload of the entry at hand */
};

struct opener *
opener_new(const char *dir, const char *passphrase, const char *origin,
           struct err *e)
{
    char path[800];
    struct opener *o = mem_alloc(sizeof *o);
    buf_init(&o->cert, REVIEWER_CERT_MAX);
    buf_init(&o->text, ENTRY_SALT + ENTRY_PAYLOAD_MAX);
    snprintf(o->origin, sizeof o->origin, "%s", origin);
    o->aead = aead_new();
    snprintf(path, sizeof path, "%s/review.crt", dir);
    enum err_code code = reviewer_cert(&o->cert, path, e);
    snprintf(path, sizeof path, "%s/review.key", dir);
    if (!code)
        code = key_load(path, passphrase, &o->key, e);
    if (code)
        opener_free(&o);
    return o;
}

void
opener_free(struct opener **op)
{
    struct opener *o = *op;
    if (!o)
        return;
    for (size_t i = 0; i < o->days; i++)
        secret_free(o->day[i].key, AEAD_KEY);
    free(o->day);
    key_free(&o->key);
    aead_free(&o->aead);
    buf_done(&o->cert);
    buf_done(&o->text);
    free(o);
    *op = NULL;
}

/* What is left of a page. */
struct rest {
    const uint8_t *p;
    size_t n;
    bool bad;
};

static const uint8_t *
take(struct rest *r, size_t n)
{
    const uint8_t *p = r->p;
    if (n > r->n) {
        r->bad = true;
        return NULL;
    }
    r->p += n;
    r->n -= n;
    return p;
}

static uint64_t
take64(struct rest *r)
{
    const uint8_t *p = take(r, 8);
    return p ? tlv_rd64(p) : 0;
}

static uint8_t
take8(struct rest *r)
{
    const uint8_t *p = take(r, 1);
    return p ? *p : 0;
}

static const uint8_t *
take_bytes(struct rest *r, size_t *n)
{
    const uint8_t *p = take(r, 4);
    *n = p ? tlv_rd32(p) : 0;
    return take(r, *n);
}

static struct day *
find_day(struct opener *o, uint64_t day)
{
    for (size_t i = o->days; i-- > 0;)
        if (o->day[i].day == day)
            return &o->day[i];
    return NULL;
}

/* One that is not for this reviewer is remembered as such. */
static void
open_day(struct opener *o, uint64_t day, const void *cms, size_t n)
{
    AUTO_BUF(key, AEAD_KEY);
    if (find_day(o, day))
        return;
    if (o->days == o->room) {
        o->room = o->room ? 2 * o->room : 16;
        o->day = mem_grow(o->day, o->room, sizeof *o->day);
    }
    struct day *d = &o->day[o->days++];
    *d = (struct day){.day = day};
    if (envelope_open(&key, cms, n, o->key, o->cert.data, o->cert.len, NULL) ||
        key.len != AEAD_KEY)
        return;
    d->key = secret_new(AEAD_KEY);
    memcpy(d->key, key.data, AEAD_KEY);
}

static void
open_entry(struct opener *o, struct review_entry *r, uint64_t day,
           const uint8_t *box, size_t n)
{
    struct day *d = day ? find_day(o, day) : NULL;
    buf_clear(&o->text);
    if (r->own || !r->author.has_commit)
        return;
    r->gone = n == 0 || (day && !d);
    if (r->gone)
        return;
    r->code = box_open(&o->text, o->aead, d ? d->key : NULL, o->origin,
                       r->author.commit, box, n, NULL);
    if (r->code)
        return;
    r->payload = o->text.data + ENTRY_SALT;
    r->payload_len = o->text.len - ENTRY_SALT;
}

static void
take_row(struct opener *o, struct rest *rest, review_entry_fn *entry, void *arg)
{
    char account[256];
    struct review_entry r = {.seq = take64(rest),
                             .time_ms = (int64_t)take64(rest)};
    struct entry_leaf leaf;
    size_t leaf_len, box_len;
    uint64_t day = take64(rest);
    r.own = take8(rest) != 0;
    uint8_t n = take8(rest);
    const uint8_t *name = take(rest, n);
    const uint8_t *p = take_bytes(rest, &leaf_len);
    const uint8_t *box = take_bytes(rest, &box_len);
    if (rest->bad)
        return;
    memcpy(account, name, n);
    account[n] = '\0';
    r.account = account;
    r.erased = leaf_len == 0;
    if (!r.erased &&
        (entry_leaf_split(p, leaf_len, &leaf, NULL) ||
         entry_author_decode(leaf.author, leaf.author_len, &r.author, NULL)))
        r.code = ERR_LOG_BROKEN;
    else
        open_entry(o, &r, day, box, box_len);
    entry(arg, &r);
}

enum err_code
opener_page(struct opener *o, const void *page, size_t n,
            review_entry_fn *entry, void *arg, int64_t *after_ms,
            uint64_t *after, bool *more, struct err *e)
{
    struct rest rest = {.p = page, .n = n};
    while (!rest.bad) {
        size_t len;
        const uint8_t *cms;
        uint64_t day;
        switch (take8(&rest)) {
        case DAY_KEY:
            day = take64(&rest);
            cms = take_bytes(&rest, &len);
            if (!rest.bad)
                open_day(o, day, cms, len);
            break;
        case ROW:
            take_row(o, &rest, entry, arg);
            break;
        case END:
            *after_ms = (int64_t)take64(&rest);
            *after = take64(&rest);
            *more = take8(&rest) != 0;
            if (!rest.bad && rest.n == 0)
                return ERR_OK;
            rest.bad = true;
            break;
        default:
            rest.bad = true;
        }
    }
    return err_set(e, ERR_PROTOCOL, "%s", _("no page of the log came"));
}
