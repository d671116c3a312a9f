/* SPDX-License-Identifier: EUPL-1.2 */
#include "config.h"

#include "proof/note.h"

#include "base/text.h"

#include <inttypes.h>
#include <string.h>

static const char dash[] = "\xe2\x80\x94 "; /* em dash, space */
enum { DASH = sizeof dash - 1 };

/* The text that is signed: three lines, each ended. */
static void
put_text(struct buf *out, const struct checkpoint *c)
{
    buf_addf(out, "%s\n%" PRIu64 "\n", c->origin, c->size);
    text_base64_encode(out, c->root, HASH_SIZE);
    buf_addc(out, '\n');
}

enum err_code
note_sign(struct buf *out, const struct checkpoint *c, const struct vkey *v,
          const struct key *k, struct err *e)
{
    AUTO_BUF(text, NOTE_MAX);
    uint8_t blob[VKEY_ID + KEY_SIG];
    put_text(&text, c);
    memcpy(blob, v->id, VKEY_ID);
    enum err_code code = key_sign(k, text.data, text.len, blob + VKEY_ID, e);
    if (code)
        return code;
    size_t from = out->len;
    buf_add(out, text.data, text.len);
    buf_addf(out, "\n%s%s ", dash, v->name);
    text_base64_encode(out, blob, sizeof blob);
    if (buf_addc(out, '\n'))
        return err_set(e, ERR_TOO_BIG, "note");
    struct checkpoint back;
    return note_verify_with(out->data + from, out->len - from, v, k, &back, e);
}

/* The line at *p without its end, *p moved behind it; NULL when there is no
 * whole line. */
static const char *
line(const char **p, const char *end, size_t *n)
{
    const char *from = *p, *nl = memchr(from, '\n', (size_t)(end - from));
    if (!nl)
        return NULL;
    *n = (size_t)(nl - from);
    *p = nl + 1;
    return from;
}

/* A decimal number as C2SP wants it: no sign, no leading zero. */
static bool
number(const char *s, size_t n, uint64_t *v)
{
    *v = 0;
    if (n == 0 || n > 19 || (n > 1 && s[0] == '0'))
        return false;
    for (size_t i = 0; i < n; i++) {
        if (s[i] < '0' || s[i] > '9')
            return false;
        *v = *v * 10 + (uint64_t)(s[i] - '0');
    }
    return *v <= INT64_MAX;
}

/* Base64 of exactly `want` bytes, no white space in it. */
static bool
decode(const char *s, size_t n, void *out, size_t want)
{
    AUTO_BUF(b, 512);
    if (n != (want + 2) / 3 * 4 || memchr(s, ' ', n) || memchr(s, '\t', n) ||
        memchr(s, '\r', n) || text_base64_decode(&b, s, n) || b.len != want)
        return false;
    memcpy(out, b.data, want);
    return true;
}

/* One signature line of any kind: dash, name, base64 of 5 bytes or more. */
static bool
signature(const char *s, size_t n, size_t *name_len, const char **b64,
          size_t *b64_len)
{
    if (n < DASH || memcmp(s, dash, DASH) != 0)
        return false;
    const char *sp = memchr(s + DASH, ' ', n - DASH);
    if (!sp || sp == s + DASH)
        return false;
    AUTO_BUF(b, NOTE_MAX);
    *name_len = (size_t)(sp - (s + DASH));
    *b64 = sp + 1;
    *b64_len = n - DASH - *name_len - 1;
    char name[VKEY_NAME_MAX + 1];
    if (*name_len > VKEY_NAME_MAX)
        return false;
    memcpy(name, s + DASH, *name_len);
    name[*name_len] = '\0';
    return strlen(name) == *name_len && vkey_name_ok(name) &&
           !memchr(*b64, ' ', *b64_len) && !memchr(*b64, '\t', *b64_len) &&
           !memchr(*b64, '\r', *b64_len) &&
           !text_base64_decode(&b, *b64, *b64_len) && b.len > VKEY_ID;
}

/* Reads all of it; *text_len is how much was signed, *sigs where the
 * signature lines begin. */
static bool
parse(const char *note, size_t n, struct checkpoint *c, size_t *text_len,
      const char **sigs, unsigned *count)
{
    const char *p = note, *end = note + n, *s, *b64;
    size_t len, name_len, b64_len;
    if (n >= NOTE_MAX || memchr(note, 0, n) || !text_is_utf8(note, n))
        return false;
    if (!(s = line(&p, end, &len)) || len > ENTRY_ORIGIN_MAX)
        return false;
    memcpy(c->origin, s, len);
    c->origin[len] = '\0';
    if (!vkey_name_ok(c->origin) || !(s = line(&p, end, &len)) ||
        !number(s, len, &c->size) || !(s = line(&p, end, &len)) ||
        !decode(s, len, c->root, HASH_SIZE))
        return false;
    *text_len = (size_t)(p - note);
    if (!line(&p, end, &len) || len != 0)
        return false;
    *sigs = p;
    for (*count = 0; p < end; ++*count)
        if (*count == NOTE_SIGS || !(s = line(&p, end, &len)) ||
            !signature(s, len, &name_len, &b64, &b64_len))
            return false;
    return *count > 0;
}

enum err_code
note_parse(const char *note, size_t n, struct checkpoint *c, struct err *e)
{
    size_t text;
    const char *sigs;
    unsigned count;
    if (!parse(note, n, c, &text, &sigs, &count))
        return err_set(e, ERR_BAD_INPUT, "not a signed checkpoint");
    return ERR_OK;
}

unsigned
note_signatures(const char *note, size_t n)
{
    struct checkpoint c;
    size_t text;
    const char *sigs;
    unsigned count;
    return parse(note, n, &c, &text, &sigs, &count) ? count : 0;
}

bool
note_line(const char *text, struct checkpoint *c)
{
    const char *at[4], *s = text;
    size_t n[4];
    for (int i = 0; i < 4; i++) {
        s += strspn(s, " \t");
        at[i] = s;
        n[i] = strcspn(s, " \t\r\n");
        s += n[i];
    }
    s += strspn(s, " \t\r\n");
    if (*s || n[0] != 10 || at[0][4] != '-' || at[0][7] != '-' || n[1] == 0 ||
        n[1] > ENTRY_ORIGIN_MAX)
        return false;
    memcpy(c->origin, at[1], n[1]);
    c->origin[n[1]] = '\0';
    return vkey_name_ok(c->origin) && number(at[2], n[2], &c->size) &&
           decode(at[3], n[3], c->root, HASH_SIZE);
}

bool
note_find(const char *note, size_t n, const struct vkey *v, uint8_t *out,
          size_t want, size_t *text)
{
    struct checkpoint c;
    size_t len, name_len, b64_len;
    const char *p, *s, *b64;
    unsigned count;
    uint8_t blob[512];
    if (VKEY_ID + want > sizeof blob || !parse(note, n, &c, text, &p, &count))
        return false;
    while (p < note + n && (s = line(&p, note + n, &len))) {
        if (!signature(s, len, &name_len, &b64, &b64_len) ||
            name_len != strlen(v->name) ||
            memcmp(s + DASH, v->name, name_len) != 0 ||
            !decode(b64, b64_len, blob, VKEY_ID + want) ||
            memcmp(blob, v->id, VKEY_ID) != 0)
            continue;
        memcpy(out, blob + VKEY_ID, want);
        return true;
    }
    return false;
}

enum err_code
note_verify_with(const char *note, size_t n, const struct vkey *v,
                 const struct key *k, struct checkpoint *c, struct err *e)
{
    size_t text;
    uint8_t sig[KEY_SIG];
    enum err_code code = note_parse(note, n, c, e);
    if (code)
        return code;
    if (strcmp(c->origin, v->name) != 0)
        return err_set(e, ERR_SIGNATURE, "a checkpoint of another log");
    if (!note_find(note, n, v, sig, sizeof sig, &text))
        return err_set(e, ERR_SIGNATURE, "the log has not signed it");
    return key_verify(k, note, text, sig)
               ? ERR_OK
               : err_set(e, ERR_SIGNATURE, "the log's signature does not hold");
}

enum err_code
note_verify(const char *note, size_t n, const struct vkey *v,
            struct checkpoint *c, struct err *e)
{
    AUTO_KEY struct key *k = NULL;
    enum err_code code = key_from_public(v->pub, &k, e);
    return code ? code : note_verify_with(note, n, v, k, c, e);
}
