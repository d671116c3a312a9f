/* SPDX-License-Identifier: EUPL-1.2
 *
 * The author part: the tags below, all there save the optional ones.
 */
#include "config.h"

#include "proof/entry.h"

#include "base/mem.h"
#include "base/text.h"
#include "base/tlv.h"

#include <stddef.h>
#include <string.h>

enum field_type { NUMBER, BYTES, TEXT, RECIPIENTS, ERASURE };

/* One row a tag, rising. `has` is the offset of the bool of an optional one;
 * 0, where the type stands, means that the field is always there. */
struct field {
    uint8_t tag;
    enum field_type type;
    size_t at, size, has;
};

#define AT(member) offsetof(struct entry_author, member)
#define SIZE(member) sizeof(((struct entry_author *)0)->member)

static const struct field fields[] = {
    {0x01, NUMBER, AT(type), 8, 0},
    {0x02, TEXT, AT(origin), SIZE(origin), 0},
    {0x03, TEXT, AT(mode), SIZE(mode), 0},
    {0x04, BYTES, AT(kid), KID_SIZE, 0},
    {0x05, BYTES, AT(forsakran), HASH_SIZE, 0},
    {0x06, BYTES, AT(nonce), ENTRY_NONCE, 0},
    {0x07, NUMBER, AT(client_time_ms), 8, 0},
    {0x08, NUMBER, AT(client_boot_ms), 8, 0},
    {0x09, NUMBER, AT(seen_size), 8, 0},
    {0x0a, BYTES, AT(seen_root), HASH_SIZE, 0},
    {0x0b, NUMBER, AT(ref_seq), 8, AT(has_ref)},
    {0x0c, BYTES, AT(ref_hash), HASH_SIZE, AT(has_ref)},
    {0x0d, NUMBER, AT(authorities), 8, 0},
    {0x0e, NUMBER, AT(kind), 8, 0},
    {0x0f, TEXT, AT(legal), SIZE(legal), 0},
    {0x10, BYTES, AT(commit), HASH_SIZE, AT(has_commit)},
    {0x11, BYTES, AT(key), KEY_RAW, AT(has_key)},
    {0x12, BYTES, AT(log_key), KEY_RAW, AT(has_log_key)},
    {0x13, NUMBER, AT(day), 8, AT(has_day)},
    {0x14, BYTES, AT(day_cms), HASH_SIZE, AT(has_day)},
    {0x15, TEXT, AT(unit), SIZE(unit), AT(has_recipients)},
    {0x16, RECIPIENTS, 0, 0, AT(has_recipients)},
    {0x17, BYTES, AT(named_forsakran), HASH_SIZE, AT(has_named)},
    {0x18, TEXT, AT(named_by), SIZE(named_by), AT(has_named)},
    {0x19, ERASURE, 0, 0, AT(has_erasure)},
    {0x1a, NUMBER, AT(away), 8, AT(has_away)},
};
enum { FIELDS = sizeof fields / sizeof *fields, FIRST_FREE_TAG = 0x80 };

/* Text of an entry: UTF-8, NFC, no control characters. */
static bool
text_ok(const char *s, size_t n)
{
    bool ascii = true;
    for (size_t i = 0; i < n; i++) {
        unsigned char c = (unsigned char)s[i];
        if (c < ' ' || c == 0x7f)
            return false;
        ascii = ascii && c < 0x80;
    }
    if (ascii)
        return true;
    AUTO_ARENA struct arena *a = arena_new(16 * 1024);
    const char *nfc = text_nfc(a, s, n);
    return nfc && strlen(nfc) == n && memcmp(nfc, s, n) == 0;
}

/* A recipient: hash of the certificate, a byte of length, the name. */
static void
put_recipients(struct buf *out, uint8_t tag, const struct entry_author *a)
{
    AUTO_BUF(list, ENTRY_RECIPIENTS * (HASH_SIZE + 1 + ENTRY_NAME_MAX));
    for (unsigned i = 0; i < a->n_recipients; i++) {
        const struct entry_recipient *r = &a->recipient[i];
        size_t n = strnlen(r->name, ENTRY_NAME_MAX);
        buf_add(&list, r->cert, HASH_SIZE);
        buf_addc(&list, (char)n);
        buf_add(&list, r->name, n);
    }
    tlv_put(out, tag, list.data, list.len);
}

static bool
take_recipients(struct entry_author *a, const uint8_t *p, size_t left)
{
    while (left) {
        if (a->n_recipients == ENTRY_RECIPIENTS || left < HASH_SIZE + 1)
            return false;
        struct entry_recipient *r = &a->recipient[a->n_recipients++];
        size_t n = p[HASH_SIZE];
        if (n > ENTRY_NAME_MAX || left < HASH_SIZE + 1 + n ||
            memchr(p + HASH_SIZE + 1, 0, n))
            return false;
        memcpy(r->cert, p, HASH_SIZE);
        memcpy(r->name, p + HASH_SIZE + 1, n);
        p += HASH_SIZE + 1 + n;
        left -= HASH_SIZE + 1 + n;
    }
    return true;
}

/* Names are text; hashes strictly rise, so that a set has one encoding. */
static bool
recipients_ok(const struct entry_author *a)
{
    if (a->n_recipients == 0 || a->n_recipients > ENTRY_RECIPIENTS)
        return false;
    for (unsigned i = 0; i < a->n_recipients; i++) {
        const struct entry_recipient *r = &a->recipient[i];
        if (!r->name[0] || !text_ok(r->name, strlen(r->name)) ||
            (i && memcmp(r[-1].cert, r->cert, HASH_SIZE) >= 0))
            return false;
    }
    return true;
}

static bool
mode_ok(const char *mode)
{
    return !strcmp(mode, "skarp") || !strcmp(mode, "test") ||
           !strcmp(mode, "ovning");
}

/* What one field cannot say: the same rules for writing and reading. */
static enum err_code
check(const struct entry_author *a, struct err *e)
{
    static const uint8_t zero[HASH_SIZE];
    if (!entry_kind_row(a->type))
        return err_set(e, ERR_BAD_INPUT, "no such type of entry");
    if (!vkey_name_ok(a->origin) || !text_ok(a->origin, strlen(a->origin)))
        return err_set(e, ERR_BAD_INPUT, "not an origin");
    if (!mode_ok(a->mode))
        return err_set(e, ERR_BAD_INPUT, "not a mode");
    if (!text_ok(a->legal, strlen(a->legal)))
        return err_set(e, ERR_BAD_INPUT, "not a legal-basis code");
    if (a->seen_size == 0 && memcmp(a->seen_root, zero, HASH_SIZE) != 0)
        return err_set(e, ERR_BAD_INPUT, "a root of a log of no entries");
    if ((a->has_key || a->has_log_key || a->has_recipients) &&
        a->type != KIND_NYCKEL)
        return err_set(e, ERR_BAD_INPUT, "a key in an entry of another type");
    if (a->has_erasure != (a->type == KIND_GALLRING))
        return err_set(e, ERR_BAD_INPUT, "a gallring without its terms");
    if (a->has_erasure && (!erasure_ok(&a->erasure) ||
                           !text_ok(a->erasure.id, strlen(a->erasure.id))))
        return err_set(e, ERR_BAD_INPUT, "not the terms of a gallring");
    if (a->has_day && !a->has_recipients)
        return err_set(e, ERR_BAD_INPUT, "a day key without recipients");
    if (a->has_recipients &&
        (!recipients_ok(a) || !text_ok(a->unit, strlen(a->unit))))
        return err_set(e, ERR_BAD_INPUT, "not a list of recipients");
    if (a->has_away && (a->has_day || a->n_recipients != 1))
        return err_set(e, ERR_BAD_INPUT, "not one recipient to take away");
    if (a->has_named &&
        (a->type != KIND_INTENT || memcmp(a->forsakran, zero, HASH_SIZE) != 0 ||
         !a->named_by[0] || !text_ok(a->named_by, strlen(a->named_by))))
        return err_set(e, ERR_BAD_INPUT, "a system names a handläggare");
    return ERR_OK;
}

static bool
is_there(const struct entry_author *a, const struct field *f)
{
    return f->has == 0 || *(const bool *)((const char *)a + f->has);
}

enum err_code
entry_author_encode(struct buf *out, const struct entry_author *a,
                    struct err *e)
{
    enum err_code code = check(a, e);
    if (code)
        return code;
    for (const struct field *f = fields; f < fields + FIELDS; f++) {
        const char *at = (const char *)a + f->at;
        if (!is_there(a, f))
            continue;
        if (f->type == NUMBER)
            tlv_put_u64(out, f->tag, *(const uint64_t *)at);
        else if (f->type == BYTES)
            tlv_put(out, f->tag, at, f->size);
        else if (f->type == RECIPIENTS)
            put_recipients(out, f->tag, a);
        else if (f->type == ERASURE)
            erasure_put(out, f->tag, &a->erasure);
        else
            tlv_put(out, f->tag, at, strnlen(at, f->size - 1));
    }
    return out->full ? err_set(e, ERR_TOO_BIG, "author part") : ERR_OK;
}

static bool
take(struct entry_author *a, const struct field *f, const struct tlv *t)
{
    char *at = (char *)a + f->at;
    if (f->has)
        *(bool *)((char *)a + f->has) = true;
    if (f->type == NUMBER)
        return tlv_u64(t, (uint64_t *)at);
    if (f->type == RECIPIENTS)
        return take_recipients(a, t->value, t->len);
    if (f->type == ERASURE)
        return erasure_take(&a->erasure, t->value, t->len);
    if (f->type == TEXT && (t->len >= f->size || memchr(t->value, 0, t->len)))
        return false;
    if (f->type == BYTES && t->len != f->size)
        return false;
    memcpy(at, t->value, t->len);
    return true;
}

/* Every field that must be there, and each pair whole. */
static bool
complete(const struct entry_author *a, uint64_t seen)
{
    for (const struct field *f = fields; f < fields + FIELDS; f++)
        if (is_there(a, f) && !(seen >> f->tag & 1))
            return false;
    return true;
}

enum err_code
entry_author_decode(const void *p, size_t n, struct entry_author *a,
                    struct err *e)
{
    struct tlv_reader r = {.p = p, .left = n};
    struct tlv t;
    uint64_t seen = 0;
    const struct field *f = fields;
    int got;
    memset(a, 0, sizeof *a);
    if (n > ENTRY_AUTHOR_MAX)
        return err_set(e, ERR_TOO_BIG, "author part");
    while ((got = tlv_next(&r, &t)) == 1) {
        if (t.tag >= FIRST_FREE_TAG)
            continue;
        while (f < fields + FIELDS && f->tag < t.tag)
            f++;
        if (f == fields + FIELDS || f->tag != t.tag || !take(a, f, &t))
            return err_set(e, ERR_BAD_INPUT, "field 0x%02x of the author part",
                           t.tag);
        seen |= 1ull << t.tag;
    }
    if (got < 0 || !complete(a, seen))
        return err_set(e, ERR_BAD_INPUT, "the author part is not canonical");
    return check(a, e);
}
