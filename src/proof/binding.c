/* SPDX-License-Identifier: EUPL-1.2 */
#include "config.h"

#include "proof/binding.h"

#include "seal/cms.h"

#include <string.h>

enum err_code
binding_check(const struct binding *b, struct vkey *key, uint8_t sha[HASH_SIZE],
              struct err *e)
{
    struct vkey v;
    enum err_code code = vkey_parse(b->vkey, &v, e);
    if (code)
        return code;
    if (!memmem(b->text, b->text_len, b->vkey, strlen(b->vkey)))
        return err_set(e, ERR_BAD_INPUT, "the text names another entry key");
    if (!*b->account ||
        !memmem(b->text, b->text_len, b->account, strlen(b->account)))
        return err_set(e, ERR_BAD_INPUT, "the text names another account");
    code = cms_holds(b->cms, b->cms_len, b->text, b->text_len, e);
    if (code)
        return code;
    if (key)
        *key = v;
    if (sha)
        sha256(sha, b->cms, b->cms_len);
    return ERR_OK;
}
