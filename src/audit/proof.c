/* SPDX-License-Identifier: EUPL-1.2
 *
 * One entry's proof, to be handed out: under the newest head that witnesses
 * have cosigned, where one covers the entry, else under the newest.
 */
#include "config.h"

#include "audit/internal.h"

#include "base/i18n.h"
#include "proof/bevis.h"
#include "proof/cosign.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

/* The head that covers seq, into note. */
static enum err_code
find_head(struct ledger *l, uint64_t seq, char note[NOTE_MAX], struct err *e)
{
    snprintf(note, NOTE_MAX, "%s", l->note);
    enum err_code code =
        store_get(l->store, ST_CHECKPOINT_COSIGNED, e, "i", (int64_t)seq);
    if (code)
        return code == ERR_NOT_FOUND ? ERR_OK : code;
    const char *text = store_text(l->store, ST_CHECKPOINT_COSIGNED, 0);
    if (text && strlen(text) < NOTE_MAX)
        memcpy(note, text, strlen(text) + 1);
    store_reset(l->store, ST_CHECKPOINT_COSIGNED);
    return ERR_OK;
}

/* The key that signed the entry: enfragad's own, or the försäkran's. */
static enum err_code
find_author(struct ledger *l, const struct buf *leaf, struct bevis *b,
            struct err *e)
{
    static const uint8_t own[HASH_SIZE];
    struct entry_leaf parts;
    struct entry_author a;
    struct ledger_forsakran f;
    uint8_t kid[KID_SIZE];
    enum err_code code = entry_leaf_split(leaf->data, leaf->len, &parts, e);
    if (!code)
        code = entry_author_decode(parts.author, parts.author_len, &a, e);
    if (code)
        return code;
    if (memcmp(a.forsakran, own, HASH_SIZE) == 0) {
        b->author = l->own_vkey;
    } else {
        code = ledger_find_forsakran(l, a.forsakran, &f, e);
        if (code)
            return code;
        code = vkey_parse(f.vkey, &b->author, e);
        ledger_forsakran_done(&f);
    }
    vkey_kid(&b->author, kid);
    b->has_author = !code && memcmp(kid, a.kid, KID_SIZE) == 0;
    return code;
}

enum err_code
ledger_bevis(struct ledger *l, uint64_t seq, const struct vkey *witnesses,
             size_t n, struct buf *out, struct err *e)
{
    struct bevis b = {.log_key = l->log_vkey};
    struct merkle_source src = ledger_source(l);
    char note[NOTE_MAX];
    AUTO_BUF(leaf, ENTRY_LEAF_MAX);
    if (!ledger_is_broken(l) && seq >= l->tree.size)
        return err_set(e, ERR_NOT_FOUND, _("there is no entry %" PRIu64), seq);
    enum err_code code = ledger_leaf(l, seq, &leaf, e);
    if (!code)
        code = find_head(l, seq, note, e);
    if (!code)
        code = receipt_make(&b.receipt, seq, note, &src, e);
    if (!code)
        code = find_author(l, &leaf, &b, e);
    if (code)
        return code;
    b.leaf = (const uint8_t *)leaf.data;
    b.leaf_len = leaf.len;
    for (size_t i = 0; i < n && b.witnesses < BEVIS_WITNESSES; i++)
        if (!cosign_verify(note, strlen(note), &witnesses[i], NULL, NULL))
            b.witness[b.witnesses++] = witnesses[i];
    return bevis_encode(out, &b, e);
}
