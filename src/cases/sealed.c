/* SPDX-License-Identifier: EUPL-1.2
 *
 * The register's personal columns under a key that is not in it (AUDIT 8 for
 * what lies still): AES-256-GCM, bound to the row, and an HMAC of the number
 * and the row's case or account to find it by. The same person has another tag
 * in each case, so that households cannot be joined without the key.
 */
#include "config.h"

#include "cases/reg.h"

#include "base/i18n.h"
#include "base/mem.h"
#include "base/text.h"
#include "seal/aead.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { HEAD = 1 + AEAD_NONCE, SEALED = 1 };
static const char domain[] = "enfraga/register/1";

struct reg_seal {
    struct aead *aead;
    uint8_t data_key[HASH_SIZE], tag_key[HASH_SIZE];
};

static void
derive(uint8_t out[HASH_SIZE], const uint8_t key[REGISTER_KEY],
       const char *what)
{
    hmac_sha256(out, key,
                (const struct hash_part[]){{domain, sizeof domain},
                                           {what, strlen(what)}},
                2);
}

static void
tag_of(const struct reg_seal *k, uint8_t out[HASH_SIZE], const char *kind,
       const char *row, const char *text)
{
    hmac_sha256(out, k->tag_key,
                (const struct hash_part[]){{kind, strlen(kind) + 1},
                                           {row, strlen(row) + 1},
                                           {text, strlen(text)}},
                3);
}

void
reg_tag(const struct reg *r, uint8_t out[HASH_SIZE], const char *kind,
        const char *row, const char *number)
{
    tag_of(r->seal, out, kind, row, number);
}

#define AAD(kind, row)                                                         \
    (const struct hash_part[])                                                 \
    {                                                                          \
        {domain, sizeof domain}, {kind, strlen(kind) + 1}, {row, strlen(row)}  \
    }

void
reg_seal(const struct reg *r, struct buf *out, const char *kind,
         const char *row, const char *text)
{
    uint8_t head[HEAD] = {SEALED}, tag[AEAD_TAG];
    AUTO_BUF(cipher, REG_TEXT_MAX);
    buf_adds(&cipher, text);
    random_bytes(head + 1, AEAD_NONCE);
    aead_seal(r->seal->aead, r->seal->data_key, head + 1, AAD(kind, row), 3,
              buf_str(&cipher), cipher.len, (uint8_t *)cipher.data, tag);
    buf_add(out, head, HEAD);
    buf_add(out, cipher.data, cipher.len);
    buf_add(out, tag, AEAD_TAG);
}

enum err_code
reg_unseal(const struct reg *r, struct buf *out, const char *kind,
           const char *row, const void *p, size_t n, struct err *e)
{
    const uint8_t *b = p;
    size_t len = n - HEAD - AEAD_TAG;
    buf_clear(out);
    if (n > HEAD + AEAD_TAG && b[0] == SEALED && !buf_add(out, b + HEAD, len) &&
        aead_open(r->seal->aead, r->seal->data_key, b + 1, AAD(kind, row), 3,
                  b + HEAD, len, b + HEAD + len, (uint8_t *)out->data) &&
        strlen(out->data) == len)
        return ERR_OK;
    buf_clear(out);
    return err_set(e, ERR_IO, "%s",
                   _("a sealed row of the register does not open"));
}

void
reg_seal_text(const struct reg *r, struct buf *out, const char *kind,
              const char *row, const char *text)
{
    AUTO_BUF(raw, REG_TEXT_MAX);
    if (!*text)
        return;
    reg_seal(r, &raw, kind, row, text);
    text_base64_encode(out, raw.data, raw.len);
}

enum err_code
reg_unseal_text(const struct reg *r, char *out, size_t size, const char *kind,
                const char *row, const char *sealed, struct err *e)
{
    AUTO_BUF(raw, REG_TEXT_MAX);
    AUTO_BUF(text, REG_TEXT_MAX);
    out[0] = '\0';
    if (!sealed || !*sealed)
        return ERR_OK;
    enum err_code code =
        text_base64_decode(&raw, sealed, strlen(sealed))
            ? err_set(e, ERR_IO, "%s", _("the register has been changed"))
            : reg_unseal(r, &text, kind, row, raw.data, raw.len, e);
    if (!code)
        snprintf(out, size, "%s", buf_str(&text));
    return code;
}

/* number and name of a person, as one text */
enum err_code
reg_put_person(const struct reg *r, struct buf *data, const char *arende,
               const char *number, const char *namn)
{
    AUTO_BUF(text, REG_TEXT_MAX);
    if (buf_addf(&text, "%s%s", number, namn))
        return ERR_TOO_BIG;
    reg_seal(r, data, "person", arende, buf_str(&text));
    return data->full ? ERR_TOO_BIG : ERR_OK;
}

enum err_code
reg_take_person(const struct reg *r, struct reg_person *p, const char *arende,
                const void *data, size_t n, struct err *e)
{
    AUTO_BUF(text, REG_TEXT_MAX);
    enum err_code code = reg_unseal(r, &text, "person", arende, data, n, e);
    if (!code && text.len < sizeof p->number.digits - 1)
        code = err_set(e, ERR_IO, "%s", _("the register has been changed"));
    if (code)
        return code;
    memcpy(p->number.digits, text.data, sizeof p->number.digits - 1);
    REG_COPY(p->namn, text.data + sizeof p->number.digits - 1);
    return ERR_OK;
}

/* What version 2 left in clear. */

static enum err_code
move_persons(struct reg *r, struct err *e)
{
    struct store *s = r->store;
    const int id = REG_PLAIN_PERSONS;
    enum err_code code;
    bool row;
    uint8_t tag[HASH_SIZE];
    AUTO_BUF(data, REG_TEXT_MAX);
    store_bind(s, id, "");
    while (!(code = store_next(s, id, &row, e)) && row) {
        const char *arende = store_text(s, id, 0), *no = store_text(s, id, 1);
        reg_tag(r, tag, "person", arende, no);
        buf_clear(&data);
        code = reg_put_person(r, &data, arende, no, store_text(s, id, 3));
        if (!code)
            code = store_run(s, REG_PERSON_MOVE, e, "tbibiiiitii", arende, tag,
                             (size_t)HASH_SIZE, store_int(s, id, 2), data.data,
                             data.len, store_int(s, id, 4), store_int(s, id, 5),
                             store_int(s, id, 6), store_int(s, id, 7),
                             store_text(s, id, 8), store_int(s, id, 9),
                             store_int(s, id, 10));
        if (code)
            break;
    }
    store_reset(s, id);
    return code ? code : store_run(s, REG_PLAIN_PERSONS_GONE, e, "");
}

static enum err_code
move_own_lists(struct reg *r, struct err *e)
{
    struct store *s = r->store;
    const int id = REG_PLAIN_OWN;
    enum err_code code;
    bool row;
    uint8_t tag[HASH_SIZE];
    store_bind(s, id, "");
    while (!(code = store_next(s, id, &row, e)) && row) {
        const char *konto = store_text(s, id, 0);
        reg_tag(r, tag, "own", konto, store_text(s, id, 1));
        code = store_run(s, REG_OWN_LIST_ADD, e, "tb", konto, tag,
                         (size_t)HASH_SIZE);
        if (code)
            break;
    }
    store_reset(s, id);
    return code ? code : store_run(s, REG_PLAIN_OWN_GONE, e, "");
}

/* One at a time: the statement reads what it changes. */
static enum err_code
move_accounts(struct reg *r, struct err *e)
{
    struct store *s = r->store;
    const int id = REG_PLAIN_ACCOUNT;
    enum err_code code;
    while (!(code = store_get(s, id, e, ""))) {
        char konto[64];
        AUTO_BUF(namn, REG_TEXT_MAX);
        AUTO_BUF(own, REG_TEXT_MAX);
        REG_COPY(konto, store_text(s, id, 0));
        reg_seal_text(r, &namn, "namn", konto, store_text(s, id, 1));
        reg_seal_text(r, &own, "own", konto, store_text(s, id, 2));
        store_reset(s, id);
        code = store_run(s, REG_ACCOUNT_SEAL, e, "ttt", konto, buf_str(&namn),
                         buf_str(&own));
        if (code)
            return code;
    }
    return code == ERR_NOT_FOUND ? ERR_OK : code;
}

/* The first opening with a key: all that is in clear is sealed with it. */
static enum err_code
first_time(struct reg *r, const uint8_t mark[HASH_SIZE], struct err *e)
{
    enum err_code code = store_begin(r->store, e);
    if (code)
        return code;
    code = move_persons(r, e);
    if (!code)
        code = move_own_lists(r, e);
    if (!code)
        code = move_accounts(r, e);
    if (!code)
        code = store_run(r->store, REG_MARK_PUT, e, "b", mark,
                         (size_t)HASH_SIZE);
    if (code) {
        store_rollback(r->store);
        return code;
    }
    code = store_commit(r->store, e);
    return code ? code : store_checkpoint(r->store, e);
}

enum err_code
reg_seal_open(struct reg *r, const uint8_t key[REGISTER_KEY], struct err *e)
{
    uint8_t mark[HASH_SIZE];
    size_t n;
    r->seal = secret_new(sizeof *r->seal);
    r->seal->aead = aead_new();
    derive(r->seal->data_key, key, "data");
    derive(r->seal->tag_key, key, "tag");
    tag_of(r->seal, mark, "mark", "", "");
    enum err_code code = store_get(r->store, REG_MARK_GET, e, "");
    if (code == ERR_NOT_FOUND)
        return first_time(r, mark, e);
    if (code)
        return code;
    const void *is = store_blob(r->store, REG_MARK_GET, 0, &n);
    bool same = n == HASH_SIZE && memcmp(is, mark, HASH_SIZE) == 0;
    store_reset(r->store, REG_MARK_GET);
    return same ? ERR_OK
                : err_set(e, ERR_CONFIG, "%s",
                          _("the register was sealed with another key than "
                            "the one given"));
}

void
reg_seal_close(struct reg *r)
{
    if (!r->seal)
        return;
    aead_free(&r->seal->aead);
    secret_free(r->seal, sizeof *r->seal);
    r->seal = NULL;
}
