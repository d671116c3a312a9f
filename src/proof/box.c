/* SPDX-License-Identifier: EUPL-1.2 */
#include "config.h"

#include "proof/box.h"

#include "base/mem.h"

#include <string.h>

static const char box_domain[] = "enfraga/box/1";

#define AAD(origin, commit)                                                    \
    (const struct hash_part[])                                                 \
    {                                                                          \
        {box_domain, sizeof box_domain - 1}, {origin, strlen(origin)},         \
        {                                                                      \
            commit, HASH_SIZE                                                  \
        }                                                                      \
    }
enum { AAD_PARTS = 3 };

enum err_code
box_seal(struct buf *out, struct aead *a, const uint8_t day_key[AEAD_KEY],
         const char *origin, const uint8_t commit[HASH_SIZE],
         const uint8_t salt[ENTRY_SALT], const void *payload, size_t n,
         struct err *e)
{
    uint8_t key[AEAD_KEY], head[BOX_HEAD] = {BOX_SEALED}, tag[AEAD_TAG];
    AUTO_BUF(text, ENTRY_SALT + ENTRY_PAYLOAD_MAX);
    buf_add(&text, salt, ENTRY_SALT);
    if (buf_add(&text, payload, n))
        return err_set(e, ERR_TOO_BIG, "payload");
    random_bytes(key, sizeof key);
    random_bytes(head + 1 + AEAD_WRAPPED, AEAD_NONCE);
    aead_wrap(a, day_key, key, head + 1);
    aead_seal(a, key, head + 1 + AEAD_WRAPPED, AAD(origin, commit), AAD_PARTS,
              text.data, text.len, (uint8_t *)text.data, tag);
    mem_wipe(key, sizeof key);
    buf_add(out, head, sizeof head);
    buf_add(out, text.data, text.len);
    buf_add(out, tag, sizeof tag);
    return out->full ? err_set(e, ERR_TOO_BIG, "box") : ERR_OK;
}

static enum err_code
unseal(struct buf *text, struct aead *a, const uint8_t *day_key,
       const char *origin, const uint8_t *commit, const uint8_t *box, size_t n,
       struct err *e)
{
    uint8_t key[AEAD_KEY];
    if (n < BOX_SEALED_MIN)
        return err_set(e, ERR_BAD_INPUT, "a box cut short");
    if (!a || !day_key || !aead_unwrap(a, day_key, box + 1, key))
        return err_set(e, ERR_SIGNATURE, "the box is under another day key");
    const uint8_t *cipher = box + BOX_HEAD;
    size_t len = n - BOX_HEAD - AEAD_TAG;
    enum err_code code = buf_add(text, cipher, len); /* room for it */
    bool ok = !code && aead_open(a, key, box + 1 + AEAD_WRAPPED,
                                 AAD(origin, commit), AAD_PARTS, cipher, len,
                                 cipher + len, (uint8_t *)text->data);
    mem_wipe(key, sizeof key);
    if (code)
        return err_set(e, code, "box");
    return ok ? ERR_OK : err_set(e, ERR_SIGNATURE, "the box has been changed");
}

enum err_code
box_open(struct buf *out, struct aead *a, const uint8_t day_key[AEAD_KEY],
         const char *origin, const uint8_t commit[HASH_SIZE], const void *box,
         size_t n, struct err *e)
{
    const uint8_t *b = box;
    uint8_t made[HASH_SIZE];
    AUTO_BUF(text, ENTRY_SALT + ENTRY_PAYLOAD_MAX);
    enum err_code code = ERR_OK;
    if (n && b[0] == BOX_SEALED)
        code = unseal(&text, a, day_key, origin, commit, b, n, e);
    else if (n < 1 + ENTRY_SALT || b[0] != BOX_CLEAR)
        code = err_set(e, ERR_BAD_INPUT, "a box of no known kind");
    else
        code = buf_add(&text, b + 1, n - 1);
    if (code)
        return code;
    /* AES-GCM does not bind to its key, so the commitment has the last word */
    entry_commit(made, (const uint8_t *)text.data, text.data + ENTRY_SALT,
                 text.len - ENTRY_SALT);
    if (memcmp(made, commit, HASH_SIZE) != 0)
        return err_set(e, ERR_COMMIT, "the box holds what was not signed");
    return buf_add(out, text.data, text.len) ? err_set(e, ERR_TOO_BIG, "box")
                                             : ERR_OK;
}
