/* SPDX-License-Identifier: EUPL-1.2 */
#include "config.h"

#include "proof/binding.h"

#include "base/buf.h"
#include "seal/cms.h"

#include <string.h>

/* Is "name: value" a line of the text's head, which ends at the first empty
 * line? What the wording below it says can never stand for it. */
static bool
head_says(const struct binding *b, const char *name, const char *value)
{
    AUTO_BUF(want, 1024);
    const char *end = memmem(b->text, b->text_len, "\n\n", 2);
    return end && *value && !strchr(value, '\n') &&
           !buf_addf(&want, "\n%s: %s\n", name, value) &&
           memmem(b->text, (size_t)(end + 1 - (const char *)b->text), want.data,
                  want.len);
}

enum err_code
binding_check(const struct binding *b, struct vkey *key, uint8_t sha[HASH_SIZE],
              struct err *e)
{
    struct vkey v;
    enum err_code code = vkey_parse(b->vkey, &v, e);
    if (code)
        return code;
    if (!head_says(b, "nyckel", b->vkey))
        return err_set(e, ERR_BAD_INPUT, "the text names another entry key");
    if (!head_says(b, "konto", b->account))
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
