/* SPDX-License-Identifier: EUPL-1.2 */
#include "config.h"

#include "proof/bevis.h"

#include "base/text.h"
#include "base/tlv.h"
#include "proof/cosign.h"

#include <string.h>

enum { RECEIPT = 1, LEAF, LOG_KEY, WITNESSES, SALT, PAYLOAD, AUTHOR };
enum { LINE = 64 };

static const char begin[] = "-----BEGIN ENFRAGA BEVIS-----\n";
static const char end[] = "-----END ENFRAGA BEVIS-----\n";

static void
put_vkey(struct buf *out, uint8_t tag, const struct vkey *v)
{
    char text[VKEY_TEXT_MAX];
    vkey_text(v, text);
    tlv_put_str(out, tag, text);
}

static void
put_witnesses(struct buf *out, const struct bevis *b)
{
    AUTO_BUF(lines, BEVIS_WITNESSES * (VKEY_TEXT_MAX + 1));
    char text[VKEY_TEXT_MAX];
    for (unsigned i = 0; i < b->witnesses; i++) {
        vkey_text(&b->witness[i], text);
        buf_addf(&lines, "%s\n", text);
    }
    if (lines.len)
        tlv_put(out, WITNESSES, lines.data, lines.len);
}

enum err_code
bevis_encode(struct buf *out, const struct bevis *b, struct err *e)
{
    AUTO_BUF(receipt, NOTE_MAX + 4096);
    if (receipt_encode(&receipt, &b->receipt))
        return err_set(e, ERR_TOO_BIG, "receipt");
    tlv_put(out, RECEIPT, receipt.data, receipt.len);
    tlv_put(out, LEAF, b->leaf, b->leaf_len);
    put_vkey(out, LOG_KEY, &b->log_key);
    put_witnesses(out, b);
    if (b->has_payload) {
        tlv_put(out, SALT, b->salt, ENTRY_SALT);
        tlv_put(out, PAYLOAD, b->payload, b->payload_len);
    }
    if (b->has_author)
        put_vkey(out, AUTHOR, &b->author);
    return out->full ? err_set(e, ERR_TOO_BIG, "proof") : ERR_OK;
}

static bool
take_vkey(const struct tlv *t, struct vkey *v)
{
    char text[VKEY_TEXT_MAX];
    if (t->len >= sizeof text || memchr(t->value, 0, t->len))
        return false;
    memcpy(text, t->value, t->len);
    text[t->len] = '\0';
    return !vkey_parse(text, v, NULL);
}

/* A vkey a line, each line ended. */
static bool
take_witnesses(const struct tlv *t, struct bevis *b)
{
    const char *p = (const char *)t->value, *stop = p + t->len;
    char text[VKEY_TEXT_MAX];
    if (memchr(p, 0, t->len))
        return false;
    while (p < stop) {
        const char *nl = memchr(p, '\n', (size_t)(stop - p));
        if (!nl || b->witnesses == BEVIS_WITNESSES ||
            (size_t)(nl - p) >= sizeof text)
            return false;
        memcpy(text, p, (size_t)(nl - p));
        text[nl - p] = '\0';
        if (vkey_parse_cosigner(text, &b->witness[b->witnesses++], NULL))
            return false;
        p = nl + 1;
    }
    return true;
}

static bool
take(struct bevis *b, const struct tlv *t)
{
    switch (t->tag) {
    case RECEIPT:
        return !receipt_decode(&b->receipt, t->value, t->len, NULL);
    case LEAF:
        b->leaf = t->value;
        b->leaf_len = t->len;
        return t->len <= ENTRY_LEAF_MAX;
    case LOG_KEY:
        return take_vkey(t, &b->log_key);
    case WITNESSES:
        return take_witnesses(t, b);
    case SALT:
        b->salt = t->value;
        return t->len == ENTRY_SALT;
    case PAYLOAD:
        b->has_payload = true;
        b->payload = t->value;
        b->payload_len = t->len;
        return true;
    case AUTHOR:
        b->has_author = true;
        return take_vkey(t, &b->author);
    default:
        return t->tag >= 0x80;
    }
}

enum err_code
bevis_decode(struct bevis *b, const void *p, size_t n, struct err *e)
{
    struct tlv_reader r = {.p = p, .left = n};
    const unsigned must = 1u << RECEIPT | 1u << LEAF | 1u << LOG_KEY;
    struct tlv t;
    unsigned seen = 0;
    int got;
    memset(b, 0, sizeof *b);
    while ((got = tlv_next(&r, &t)) == 1) {
        if (!take(b, &t))
            return err_set(e, ERR_BAD_INPUT, "field 0x%02x of the proof",
                           t.tag);
        if (t.tag <= AUTHOR)
            seen |= 1u << t.tag;
    }
    if (got < 0 || (seen & must) != must || (b->salt != NULL) != b->has_payload)
        return err_set(e, ERR_BAD_INPUT, "the proof is not whole");
    return ERR_OK;
}

/* The leaf decoded. */
static enum err_code
read_leaf(const struct bevis *b, struct entry_leaf *leaf,
          struct entry_author *a, struct entry_host *h, struct err *e)
{
    enum err_code code = entry_leaf_split(b->leaf, b->leaf_len, leaf, e);
    if (!code)
        code = entry_author_decode(leaf->author, leaf->author_len, a, e);
    return code ? code : entry_host_decode(leaf->host, leaf->host_len, h, e);
}

static enum err_code
check_commit(const struct entry_author *a, const uint8_t *salt,
             const void *payload, size_t n, struct err *e)
{
    uint8_t commit[HASH_SIZE];
    entry_commit(commit, salt, payload, n);
    return a->has_commit && memcmp(commit, a->commit, HASH_SIZE) == 0
               ? ERR_OK
               : err_set(e, ERR_COMMIT, "the payload is not the entry's");
}

enum err_code
bevis_disclose(struct buf *out, const struct bevis *b, const void *box,
               size_t n, struct err *e)
{
    const uint8_t *p = box;
    struct entry_author a;
    struct entry_host h;
    struct entry_leaf leaf;
    struct bevis with = *b;
    enum err_code code = read_leaf(b, &leaf, &a, &h, e);
    if (code)
        return code;
    if (n < 1 + ENTRY_SALT || p[0] != BOX_CLEAR)
        return err_set(e, ERR_BAD_INPUT, "not an opened box");
    with.has_payload = true;
    with.salt = p + 1;
    with.payload = p + 1 + ENTRY_SALT;
    with.payload_len = n - 1 - ENTRY_SALT;
    code = check_commit(&a, with.salt, with.payload, with.payload_len, e);
    return code ? code : bevis_encode(out, &with, e);
}

/* Who wrote it: the key that the entry names must be the one that is here. */
static enum err_code
check_author(const struct bevis *b, const struct entry_leaf *leaf,
             const struct entry_author *a, struct err *e)
{
    AUTO_KEY struct key *k = NULL;
    uint8_t kid[KID_SIZE];
    if (!b->has_author)
        return ERR_OK;
    vkey_kid(&b->author, kid);
    if (memcmp(kid, a->kid, KID_SIZE) != 0)
        return err_set(e, ERR_SIGNATURE, "the entry names another key");
    enum err_code code = key_from_public(b->author.pub, &k, e);
    if (code)
        return code;
    return entry_verify(k, leaf->author, leaf->author_len, leaf->sig)
               ? ERR_OK
               : err_set(e, ERR_SIGNATURE, "the entry's signature");
}

static enum err_code
check_witnesses(const struct bevis *b, struct err *e)
{
    const char *note = b->receipt.note;
    enum err_code code = ERR_OK;
    for (unsigned i = 0; i < b->witnesses && !code; i++) {
        code = cosign_verify(note, strlen(note), &b->witness[i], NULL, e);
        if (code)
            code = err_add(e, ERR_SIGNATURE, "%s", b->witness[i].name);
    }
    return code;
}

enum err_code
bevis_check(const struct bevis *b, const struct vkey *pinned,
            struct entry_author *a, struct entry_host *h, struct err *e)
{
    struct entry_leaf leaf;
    const struct vkey *key = pinned ? pinned : &b->log_key;
    enum err_code code =
        receipt_verify_leaf(&b->receipt, b->leaf, b->leaf_len, key, e);
    if (!code)
        code = read_leaf(b, &leaf, a, h, e);
    if (code)
        return code;
    if (h->seq != b->receipt.seq || strcmp(a->origin, key->name) != 0)
        return err_set(e, ERR_LOG_BROKEN, "the entry is of another place");
    code = check_author(b, &leaf, a, e);
    if (!code)
        code = check_witnesses(b, e);
    if (!code && b->has_payload)
        code = check_commit(a, b->salt, b->payload, b->payload_len, e);
    return code;
}

void
bevis_armor(struct buf *out, const void *p, size_t n)
{
    AUTO_BUF(b64, 2 * BEVIS_MAX);
    text_base64_encode(&b64, p, n);
    buf_adds(out, begin);
    for (size_t at = 0; at < b64.len; at += LINE) {
        buf_add(out, b64.data + at,
                b64.len - at < LINE ? b64.len - at : (size_t)LINE);
        buf_addc(out, '\n');
    }
    buf_adds(out, end);
}

enum err_code
bevis_unarmor(struct buf *out, const char *text, struct err *e)
{
    const char *from = strstr(text, begin);
    const char *to = from ? strstr(from, end) : NULL;
    AUTO_BUF(b64, 2 * BEVIS_MAX);
    if (!to)
        return err_set(e, ERR_BAD_INPUT, "there is no proof in it");
    for (const char *p = from + sizeof begin - 1; p < to; p++)
        if (*p != '\n' && *p != '\r')
            buf_addc(&b64, *p);
    if (b64.full || text_base64_decode(out, buf_str(&b64), b64.len))
        return err_set(e, ERR_BAD_INPUT, "the proof is not base64");
    return ERR_OK;
}
