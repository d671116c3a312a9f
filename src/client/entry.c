/* SPDX-License-Identifier: EUPL-1.2
 *
 * The author part of an entry, built and signed here: only this user's key
 * can have made it (AUDIT 4). Receipts are checked here too.
 */
#include "config.h"

#include "base/clock.h"
#include "base/i18n.h"
#include "base/mem.h"
#include "base/text.h"
#include "client/own.h"
#include "seal/hash.h"

#include <stdio.h>
#include <string.h>

enum { RECEIPT_BYTES = 16 << 10 };

static void
fill_author(const struct client *c, struct entry_author *a,
            enum entry_kind kind, const struct vkey *who)
{
    a->type = kind;
    snprintf(a->origin, sizeof a->origin, "%s", c->status.origin);
    snprintf(a->mode, sizeof a->mode, "%s", mode_word(c->status.mode));
    vkey_kid(who, a->kid);
    if (kind != KIND_FORSAKRAN)
        memcpy(a->forsakran, c->forsakran, sizeof a->forsakran);
    random_bytes(a->nonce, sizeof a->nonce);
    a->client_time_ms = (uint64_t)clock_now_ms();
    a->client_boot_ms = (uint64_t)clock_boot_ms();
    a->seen_size = c->seen_size;
    if (c->seen_size)
        memcpy(a->seen_root, c->seen_root, sizeof a->seen_root);
}

enum err_code
entry_make(struct client *c, const struct identity *who,
           struct entry_author *author, enum entry_kind kind,
           const void *payload, size_t n, struct buf *out, struct mine **mine,
           struct err *e)
{
    struct vkey vkey;
    struct signed_entry s = {0};
    *mine = NULL;
    if (!who)
        return err_set(e, ERR_PASSPHRASE, "%s", _("the session is locked"));
    enum err_code code = vkey_parse(identity_vkey(who), &vkey, e);
    if (code)
        return code;
    fill_author(c, author, kind, &vkey);
    buf_init(&s.author, ENTRY_AUTHOR_MAX);
    buf_init(&s.payload, ENTRY_PAYLOAD_MAX);
    if (payload) {
        s.has_payload = true;
        random_bytes(s.salt, sizeof s.salt);
        buf_add(&s.payload, payload, n);
        author->has_commit = true;
        entry_commit(author->commit, s.salt, payload, n);
    }
    code = s.payload.full
               ? err_set(e, ERR_TOO_BIG, "%s", _("the entry's content"))
               : entry_author_encode(&s.author, author, e);
    if (!code)
        code = entry_sign(identity_entry_key(who), s.author.data, s.author.len,
                          s.sig, e);
    if (!code)
        code = signed_entry_write(out, &s);
    if (!code) {
        *mine = mem_alloc(sizeof **mine);
        memcpy((*mine)->sig, s.sig, KEY_SIG);
        memcpy((*mine)->author, s.author.data, s.author.len);
        (*mine)->len = s.author.len;
    }
    signed_entry_done(&s);
    return code;
}

enum err_code
receipt_check(struct client *c, const struct buf *bytes, uint64_t seq,
              const struct mine *mine, struct err *e)
{
    struct receipt r;
    enum err_code code = receipt_decode(&r, buf_str(bytes), bytes->len, e);
    if (!code)
        code = receipt_verify(&r, &c->log_vkey, e);
    if (!code && r.seq != seq)
        code = err_set(e, ERR_LOG_BROKEN, "%s",
                       _("the receipt is for another entry"));
    if (!code && mine)
        code = receipt_is_of(&r, mine->author, mine->len, mine->sig, e);
    if (!code && r.size == c->seen_size &&
        memcmp(r.root, c->seen_root, sizeof c->seen_root) != 0)
        code = err_set(e, ERR_LOG_BROKEN, "%s",
                       _("another log of the same size has been seen"));
    if (code)
        return err_add(e, code, "%s", _("the receipt does not hold"));
    struct checkpoint head = {.size = r.size};
    memcpy(head.root, r.root, sizeof head.root);
    seen_raise(c, &head, r.note);
    return ERR_OK;
}

enum err_code
take_receipt(struct client *c, const cJSON *o, void *extra, struct err *e)
{
    const char *text = message_text(o, "kvitto");
    int64_t seq;
    AUTO_BUF(bytes, RECEIPT_BYTES);
    if (!text || !message_number(o, "loggpost", &seq) || seq < 0 ||
        text_base64_decode(&bytes, text, strlen(text)) != ERR_OK)
        return err_set(e, ERR_PROTOCOL, "%s", _("no receipt came"));
    return receipt_check(c, &bytes, (uint64_t)seq, extra, e);
}
