/* SPDX-License-Identifier: EUPL-1.2
 *
 * What enfragad remembers since it started, on the loop's thread alone: the
 * latest questions (a retry is exempt from the repeat question only where it
 * truly repeats one) and who has opened which case (names in lists, UX 5).
 */
#include "config.h"

#include "daemon/daemon.h"

#include "base/mem.h"
#include "seal/aead.h"
#include "seal/hash.h"

#include <stdlib.h>
#include <string.h>

enum { RECENT = 1024 };

struct recent {
    uint8_t *secret; /* of this process: no person stands here in clear */
    unsigned next;
    struct {
        uint64_t seq;
        char konto[64], arende[ARENDE_MAX + 1];
        uint8_t person[HASH_SIZE]; /* keyed by the secret */
    } row[RECENT];
};

struct opened {
    struct opened *next;
    char konto[64], arende[ARENDE_MAX + 1];
};

static void
blind(const struct recent *r, const struct personnummer *p,
      uint8_t out[HASH_SIZE])
{
    struct hash_part part = {p->digits, strlen(p->digits)};
    hmac_sha256(out, r->secret, &part, 1);
}

void
recent_add(struct daemon *d, uint64_t seq, const char *konto,
           const struct question *q)
{
    if (!d->recent) {
        d->recent = mem_alloc(sizeof *d->recent);
        d->recent->secret = secret_new(HASH_SIZE);
        random_bytes(d->recent->secret, HASH_SIZE);
    }
    unsigned i = d->recent->next++ % RECENT;
    d->recent->row[i].seq = seq;
    blind(d->recent, &q->person, d->recent->row[i].person);
    snprintf(d->recent->row[i].konto, sizeof d->recent->row[i].konto, "%s",
             konto);
    snprintf(d->recent->row[i].arende, sizeof d->recent->row[i].arende, "%s",
             q->arende);
}

bool
recent_is(const struct daemon *d, uint64_t seq, const char *konto,
          const struct question *q)
{
    uint8_t person[HASH_SIZE];
    if (d->recent)
        blind(d->recent, &q->person, person);
    for (unsigned i = 0; d->recent && i < RECENT; i++)
        if (d->recent->row[i].seq == seq && seq &&
            !strcmp(d->recent->row[i].konto, konto) &&
            !strcmp(d->recent->row[i].arende, q->arende) &&
            !memcmp(d->recent->row[i].person, person, HASH_SIZE))
            return true;
    return false;
}

const char *
recent_case(const struct daemon *d, uint64_t seq, const char *konto)
{
    for (unsigned i = 0; d->recent && seq && i < RECENT; i++)
        if (d->recent->row[i].seq == seq &&
            !strcmp(d->recent->row[i].konto, konto))
            return d->recent->row[i].arende;
    return NULL;
}

void
recent_free(struct daemon *d)
{
    if (d->recent)
        secret_free(d->recent->secret, HASH_SIZE);
    mem_wipe(d->recent, d->recent ? sizeof *d->recent : 0);
    free(d->recent);
    d->recent = NULL;
}

bool
opened_is(const struct daemon *d, const char *konto, const char *arende)
{
    for (const struct opened *o = d->opened; o; o = o->next)
        if (!strcmp(o->konto, konto) && !strcmp(o->arende, arende))
            return true;
    return false;
}

void
opened_add(struct daemon *d, const char *konto, const char *arende)
{
    if (opened_is(d, konto, arende))
        return;
    struct opened *o = mem_alloc(sizeof *o);
    snprintf(o->konto, sizeof o->konto, "%s", konto);
    snprintf(o->arende, sizeof o->arende, "%s", arende);
    o->next = d->opened;
    d->opened = o;
}

void
opened_free(struct daemon *d)
{
    for (struct opened *o = d->opened, *next; o; o = next) {
        next = o->next;
        free(o);
    }
    d->opened = NULL;
}

struct reserved {
    struct reserved *next;
    char konto[64];
    struct personnummer person;
};

void
reserved_add(struct daemon *d, const char *konto, const struct personnummer *p)
{
    struct reserved *r = mem_alloc(sizeof *r);
    snprintf(r->konto, sizeof r->konto, "%s", konto);
    r->person = *p;
    r->next = d->reserved;
    d->reserved = r;
}

void
reserved_drop(struct daemon *d, const char *konto, const struct personnummer *p)
{
    for (struct reserved **at = &d->reserved; *at; at = &(*at)->next) {
        struct reserved *r = *at;
        if (strcmp(r->konto, konto) || !personnummer_same(&r->person, p))
            continue;
        *at = r->next;
        mem_wipe(r, sizeof *r);
        free(r);
        return;
    }
}

int
reserved_count(const struct daemon *d, const char *konto)
{
    int n = 0;
    for (const struct reserved *r = d->reserved; r; r = r->next)
        n += !strcmp(r->konto, konto);
    return n;
}

bool
reserved_about(const struct daemon *d, const struct personnummer *p)
{
    const struct reserved *r = d->reserved;
    while (r && !personnummer_same(&r->person, p))
        r = r->next;
    return r;
}

void
reserved_free(struct daemon *d)
{
    while (d->reserved)
        reserved_drop(d, d->reserved->konto, &d->reserved->person);
}
