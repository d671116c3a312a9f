/* SPDX-License-Identifier: EUPL-1.2 */
#include "config.h"

#include "seal/vkey.h"

#include "base/text.h"
#include "seal/hash.h"

#include <stdio.h>
#include <string.h>

enum { BLOB = 1 + KEY_RAW };

/* White space of Unicode, which C2SP signed-note keeps out of names. */
static bool
is_space(uint32_t cp)
{
    return cp == 0x85 || cp == 0xa0 || cp == 0x1680 ||
           (cp >= 0x2000 && cp <= 0x200a) || cp == 0x2028 || cp == 0x2029 ||
           cp == 0x202f || cp == 0x205f || cp == 0x3000;
}

bool
vkey_name_ok(const char *name)
{
    size_t n = strlen(name);
    if (n == 0 || n > VKEY_NAME_MAX || !text_is_utf8(name, n))
        return false;
    int len;
    for (uint32_t cp; (cp = text_next(name, &len)) != 0; name += len)
        if (cp <= ' ' || cp == '+' || cp == 0x7f || is_space(cp))
            return false;
    return true;
}

static void
make_id(struct vkey *v)
{
    const uint8_t middle[2] = {'\n', v->type};
    uint8_t h[HASH_SIZE];
    SHA256_OF(h, {v->name, strlen(v->name)}, {middle, 2}, {v->pub, KEY_RAW});
    memcpy(v->id, h, VKEY_ID);
}

static enum err_code
make(struct vkey *out, enum vkey_type type, const char *name,
     const uint8_t pub[KEY_RAW], struct err *e)
{
    if (!vkey_name_ok(name))
        return err_set(e, ERR_BAD_INPUT, "not a name of a key");
    out->type = (uint8_t)type;
    snprintf(out->name, sizeof out->name, "%s", name);
    memcpy(out->pub, pub, KEY_RAW);
    make_id(out);
    return ERR_OK;
}

enum err_code
vkey_make(struct vkey *out, const char *name, const uint8_t pub[KEY_RAW],
          struct err *e)
{
    return make(out, VKEY_ED25519, name, pub, e);
}

enum err_code
vkey_make_cosigner(struct vkey *out, const char *name,
                   const uint8_t pub[KEY_RAW], struct err *e)
{
    return make(out, VKEY_COSIGNER, name, pub, e);
}

void
vkey_text(const struct vkey *v, char out[VKEY_TEXT_MAX])
{
    char hex[2 * VKEY_ID + 1];
    uint8_t blob[BLOB] = {v->type};
    AUTO_BUF(b64, 64);
    memcpy(blob + 1, v->pub, KEY_RAW);
    text_hex(v->id, VKEY_ID, hex);
    text_base64_encode(&b64, blob, sizeof blob);
    snprintf(out, VKEY_TEXT_MAX, "%s+%s+%s", v->name, hex, buf_str(&b64));
}

static enum err_code
parse(const char *text, enum vkey_type type, struct vkey *out, struct err *e)
{
    const char *hex = strchr(text, '+');
    size_t name = hex ? (size_t)(hex - text) : 0;
    uint8_t id[VKEY_ID];
    char digits[2 * VKEY_ID + 1] = "";
    AUTO_BUF(blob, BLOB);
    if (!hex || name > VKEY_NAME_MAX || strlen(hex) != 1 + 8 + 1 + 44 ||
        hex[9] != '+')
        return err_set(e, ERR_BAD_INPUT, "not a vkey");
    memcpy(digits, hex + 1, 8);
    if (strspn(digits, "0123456789abcdef") != 8 ||
        !text_unhex(digits, id, VKEY_ID) ||
        text_base64_decode(&blob, hex + 10, 44) || blob.len != BLOB ||
        blob.data[0] != (char)type)
        return err_set(e, ERR_BAD_INPUT, "not a vkey of Ed25519");
    out->type = (uint8_t)type;
    memcpy(out->name, text, name);
    out->name[name] = '\0';
    memcpy(out->pub, blob.data + 1, KEY_RAW);
    make_id(out);
    if (!vkey_name_ok(out->name) || memcmp(out->id, id, VKEY_ID) != 0)
        return err_set(e, ERR_BAD_INPUT, "a vkey whose id is not its own");
    return ERR_OK;
}

enum err_code
vkey_parse(const char *text, struct vkey *out, struct err *e)
{
    return parse(text, VKEY_ED25519, out, e);
}

enum err_code
vkey_parse_cosigner(const char *text, struct vkey *out, struct err *e)
{
    return parse(text, VKEY_COSIGNER, out, e);
}

void
vkey_kid(const struct vkey *v, uint8_t kid[KID_SIZE])
{
    memcpy(kid, v->id, VKEY_ID);
    sha256(kid + VKEY_ID, v->pub, KEY_RAW);
}
