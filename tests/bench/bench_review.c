/* SPDX-License-Identifier: EUPL-1.2
 *
 * R1 of AUDIT 18: how many sealed entries a reviewer's tool opens and compares
 * in a second on one core, pages as enfragad sends them, against AES-256-GCM
 * over the same payloads alone in the same run. Leaves out: reading the pages
 * from disk and carrying them.
 */
#include "config.h"

#include "base/mem.h"
#include "base/tlv.h"
#include "client/review.h"
#include "forsakran/identity.h"
#include "forsakran/reviewer.h"
#include "proof/box.h"
#include "seal/envelope.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

enum { ROWS = 20000, ROUNDS = 10, PAYLOAD = 300 };
static const char origin[] = "audit.sundby.se/prov/1";

static void
put(struct buf *b, uint64_t v, int bytes)
{
    uint8_t be[8];
    tlv_be64(be, v);
    buf_add(b, be + 8 - bytes, (size_t)bytes);
}

static void
put_row(struct buf *page, struct aead *a, const uint8_t *key, uint64_t seq)
{
    struct entry_author e = {.type = KIND_INTENT, .has_commit = true};
    struct entry_host h = {.seq = seq, .peer = PEER_UID};
    uint8_t salt[ENTRY_SALT], sig[KEY_SIG] = {0};
    char payload[PAYLOAD];
    AUTO_BUF(author, ENTRY_AUTHOR_MAX);
    AUTO_BUF(leaf, ENTRY_LEAF_MAX);
    AUTO_BUF(box, BOX_MAX);
    memset(payload, 'a', sizeof payload);
    snprintf(payload, 40, "%012llu", (unsigned long long)seq);
    random_bytes(salt, sizeof salt);
    random_bytes(e.nonce, sizeof e.nonce);
    snprintf(e.origin, sizeof e.origin, "%s", origin);
    snprintf(e.mode, sizeof e.mode, "test");
    entry_commit(e.commit, salt, payload, PAYLOAD);
    entry_author_encode(&author, &e, NULL);
    entry_leaf_encode(&leaf, author.data, author.len, sig, &h, NULL);
    box_seal(&box, a, key, origin, e.commit, salt, payload, PAYLOAD, NULL);
    put(page, 2, 1);
    put(page, seq, 8);
    put(page, 1795527127000, 8);
    put(page, 1, 8);
    put(page, 0, 1);
    put(page, 6, 1);
    buf_adds(page, "hl0142");
    put(page, leaf.len, 4);
    buf_add(page, leaf.data, leaf.len);
    put(page, box.len, 4);
    buf_add(page, box.data, box.len);
}

static void
compare(void *arg, const struct review_entry *r)
{
    unsigned *found = arg;
    *found += r->payload && memmem(r->payload, r->payload_len, "000000019999",
                                   12) != NULL;
}

/* Microseconds of processor, since other things may run beside. */
static int64_t
cpu_us(void)
{
    struct timespec t;
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
    return (int64_t)t.tv_sec * 1000000 + t.tv_nsec / 1000;
}

static double
gcm_alone(struct aead *a, const uint8_t *key)
{
    uint8_t text[ENTRY_SALT + PAYLOAD] = {0}, tag[AEAD_TAG];
    int64_t from = cpu_us();
    for (int i = 0; i < ROUNDS * ROWS; i++) {
        memcpy(text, &i, sizeof i);
        aead_seal(a, key, text + 16, NULL, 0, text, sizeof text, text, tag);
    }
    return ROUNDS * (double)ROWS * 1e6 / (double)(cpu_us() - from);
}

int
main(void)
{
    struct err e = {0};
    char dir[] = "/tmp/enfraga-review-XXXXXX", path[64], clean[128];
    uint8_t key[AEAD_KEY];
    AUTO_BUF(page, 64 << 20);
    AUTO_BUF(der, REVIEWER_CERT_MAX);
    AUTO_BUF(cms, ENVELOPE_MAX);
    random_bytes(key, sizeof key);
    if (!mkdtemp(dir) || ca_create(dir, "Sundby", NULL, &e) ||
        reviewer_create(dir, "review", dir, "chef07", "Maria Sund", "Sundby",
                        NULL, &e))
        return 1;
    snprintf(path, sizeof path, "%s/review.crt", dir);
    if (reviewer_cert(&der, path, &e) ||
        envelope_seal(&cms, key, sizeof key,
                      &(struct hash_part){der.data, der.len}, 1, &e))
        return 1;
    put(&page, 1, 1);
    put(&page, 1, 8);
    put(&page, cms.len, 4);
    buf_add(&page, cms.data, cms.len);
    struct aead *a = aead_new();
    for (uint64_t i = 0; i < ROWS; i++)
        put_row(&page, a, key, i);
    put(&page, 3, 1);
    put(&page, 0, 8);
    put(&page, 0, 8);
    put(&page, 0, 1);
    struct opener *o = opener_new(dir, NULL, origin, &e);
    unsigned found = 0;
    int64_t after_ms, from = cpu_us();
    uint64_t after;
    bool more;
    for (int i = 0; i < ROUNDS && o; i++)
        if (opener_page(o, page.data, page.len, compare, &found, &after_ms,
                        &after, &more, &e))
            return 1;
    double rate = ROUNDS * (double)ROWS * 1e6 /
                  (double)(cpu_us() - from);
    double alone = gcm_alone(a, key);
    printf("R1 reviewer search  %.0f entries/s a core (goal 150000), %.2f of "
           "AES-256-GCM alone; found %u\n",
           rate, rate / alone, found);
    opener_free(&o);
    aead_free(&a);
    snprintf(clean, sizeof clean, "rm -r '%s'", dir);
    return system(clean) != 0 || found != ROUNDS;
}
