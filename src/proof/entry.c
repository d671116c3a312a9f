/* SPDX-License-Identifier: EUPL-1.2 */
#include "config.h"

#include "proof/entry.h"

#include "base/tlv.h"

#include <stdio.h>
#include <string.h>

static const char entry_domain[] = "enfraga/entry/1\n";
static const char commit_domain[] = "enfraga/commit/1";

/* Tags of enfragad's part. */
enum { SEQ = 1, LOG_TIME, BOOT_MS, BOOT_ID, UID, CERT, BOX, DAY };

enum { HOST_MAX = 512, HEAD = 16 };

enum err_code
entry_sign(const struct key *k, const void *author, size_t n,
           uint8_t sig[KEY_SIG], struct err *e)
{
    uint8_t m[HEAD + ENTRY_AUTHOR_MAX];
    if (n > ENTRY_AUTHOR_MAX)
        return err_set(e, ERR_TOO_BIG, "author part");
    memcpy(m, entry_domain, HEAD);
    memcpy(m + HEAD, author, n);
    return key_sign(k, m, HEAD + n, sig, e);
}

bool
entry_verify(const struct key *k, const void *author, size_t n,
             const uint8_t sig[KEY_SIG])
{
    uint8_t m[HEAD + ENTRY_AUTHOR_MAX];
    if (n > ENTRY_AUTHOR_MAX)
        return false;
    memcpy(m, entry_domain, HEAD);
    memcpy(m + HEAD, author, n);
    return key_verify(k, m, HEAD + n, sig);
}

void
entry_commit(uint8_t out[HASH_SIZE], const uint8_t salt[ENTRY_SALT],
             const void *payload, size_t n)
{
    SHA256_OF(out, {commit_domain, sizeof commit_domain - 1},
              {salt, ENTRY_SALT}, {payload, n});
}

/* 36 characters of a UUID, or none. */
static bool
boot_id_ok(const char *s, size_t n)
{
    for (size_t i = 0; i < n; i++)
        if (!s[i] || !strchr("0123456789abcdef-", s[i]))
            return false;
    return n == 0 || n == 36;
}

enum err_code
entry_host_encode(struct buf *out, const struct entry_host *h, struct err *e)
{
    if (!boot_id_ok(h->boot_id, strlen(h->boot_id)))
        return err_set(e, ERR_BAD_INPUT, "boot id");
    tlv_put_u64(out, SEQ, h->seq);
    tlv_put_u64(out, LOG_TIME, h->log_time_ms);
    tlv_put_u64(out, BOOT_MS, h->boot_ms);
    tlv_put_str(out, BOOT_ID, h->boot_id);
    if (h->peer == PEER_UID)
        tlv_put_u64(out, UID, h->peer_uid);
    else if (h->peer == PEER_CERT)
        tlv_put(out, CERT, h->peer_cert, HASH_SIZE);
    tlv_put(out, BOX, h->box_sha256, HASH_SIZE);
    if (h->day)
        tlv_put_u64(out, DAY, h->day);
    return out->full ? err_set(e, ERR_TOO_BIG, "enfragad's part") : ERR_OK;
}

static bool
take_host(struct entry_host *h, const struct tlv *t)
{
    switch (t->tag) {
    case SEQ:
        return tlv_u64(t, &h->seq);
    case LOG_TIME:
        return tlv_u64(t, &h->log_time_ms);
    case BOOT_MS:
        return tlv_u64(t, &h->boot_ms);
    case BOOT_ID:
        if (!boot_id_ok((const char *)t->value, t->len))
            return false;
        memcpy(h->boot_id, t->value, t->len);
        return true;
    case UID:
        h->peer = PEER_UID;
        return tlv_u64(t, &h->peer_uid);
    case CERT:
        if (h->peer != PEER_NONE || t->len != HASH_SIZE)
            return false;
        h->peer = PEER_CERT;
        memcpy(h->peer_cert, t->value, HASH_SIZE);
        return true;
    case BOX:
        if (t->len != HASH_SIZE)
            return false;
        memcpy(h->box_sha256, t->value, HASH_SIZE);
        return true;
    case DAY:
        return tlv_u64(t, &h->day) && h->day > 0 && h->day <= INT64_MAX;
    default:
        return t->tag >= 0x80;
    }
}

enum err_code
entry_host_decode(const void *p, size_t n, struct entry_host *h, struct err *e)
{
    struct tlv_reader r = {.p = p, .left = n};
    const unsigned must =
        1u << SEQ | 1u << LOG_TIME | 1u << BOOT_MS | 1u << BOOT_ID | 1u << BOX;
    struct tlv t;
    unsigned seen = 0;
    int got;
    memset(h, 0, sizeof *h);
    if (n > HOST_MAX)
        return err_set(e, ERR_TOO_BIG, "enfragad's part");
    while ((got = tlv_next(&r, &t)) == 1) {
        if (!take_host(h, &t))
            return err_set(e, ERR_BAD_INPUT, "field 0x%02x of enfragad's part",
                           t.tag);
        if (t.tag <= BOX)
            seen |= 1u << t.tag;
    }
    if (got < 0 || (seen & must) != must)
        return err_set(e, ERR_BAD_INPUT, "enfragad's part is not canonical");
    return ERR_OK;
}

enum err_code
entry_leaf_encode(struct buf *out, const void *author, size_t author_len,
                  const uint8_t sig[KEY_SIG], const struct entry_host *h,
                  struct err *e)
{
    AUTO_BUF(host, HOST_MAX);
    uint8_t len[4];
    enum err_code code = entry_host_encode(&host, h, e);
    if (code)
        return code;
    if (author_len > ENTRY_AUTHOR_MAX)
        return err_set(e, ERR_TOO_BIG, "author part");
    tlv_be32(len, (uint32_t)author_len);
    buf_add(out, len, sizeof len);
    buf_add(out, author, author_len);
    buf_add(out, sig, KEY_SIG);
    tlv_be32(len, (uint32_t)host.len);
    buf_add(out, len, sizeof len);
    buf_add(out, host.data, host.len);
    return out->full ? err_set(e, ERR_TOO_BIG, "leaf") : ERR_OK;
}

enum err_code
entry_leaf_split(const void *leaf, size_t n, struct entry_leaf *out,
                 struct err *e)
{
    const uint8_t *p = leaf;
    if (n > ENTRY_LEAF_MAX)
        return err_set(e, ERR_TOO_BIG, "leaf");
    if (n < 4 + KEY_SIG + 4)
        return err_set(e, ERR_BAD_INPUT, "a leaf cut short");
    out->author_len = tlv_rd32(p);
    if (out->author_len > n - (4 + KEY_SIG + 4))
        return err_set(e, ERR_BAD_INPUT, "a leaf cut short");
    out->author = p + 4;
    out->sig = out->author + out->author_len;
    out->host_len = tlv_rd32(out->sig + KEY_SIG);
    out->host = out->sig + KEY_SIG + 4;
    if (out->host_len != n - (4 + KEY_SIG + 4) - out->author_len)
        return err_set(e, ERR_BAD_INPUT, "a leaf of another length");
    return ERR_OK;
}

void
entry_leaf_hash(uint8_t out[HASH_SIZE], const void *leaf, size_t n)
{
    static const uint8_t zero = 0x00;
    SHA256_OF(out, {&zero, 1}, {leaf, n});
}

void
entry_box_clear(struct buf *out, const uint8_t salt[ENTRY_SALT],
                const void *payload, size_t n)
{
    buf_addc(out, BOX_CLEAR);
    buf_add(out, salt, ENTRY_SALT);
    buf_add(out, payload, n);
}

enum err_code
entry_own_vkey(struct vkey *out, const char *origin, const uint8_t pub[KEY_RAW],
               struct err *e)
{
    char name[VKEY_NAME_MAX + 32];
    snprintf(name, sizeof name, "%s/enfragad", origin);
    return vkey_make(out, name, pub, e);
}
