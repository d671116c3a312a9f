/* SPDX-License-Identifier: EUPL-1.2 */
#include "config.h"

#include "forsakran/identity.h"

#include "base/i18n.h"
#include "base/mem.h"
#include "base/text.h"
#include "forsakran/cert.h"
#include "forsakran/file.h"
#include "forsakran/keys.h"
#include "forsakran/request.h"
#include "seal/hash.h"
#include "seal/vkey.h"

#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void
in_dir(char path[PATH_MAX], const char *dir, const char *name)
{
    snprintf(path, PATH_MAX, "%s/%s", dir, name);
}

static enum err_code
save_passphrase(const char *dir, const char *passphrase, struct err *e)
{
    char path[PATH_MAX];
    AUTO_BUF(line, 512);
    in_dir(path, dir, "losen");
    buf_addf(&line, "%s\n", passphrase);
    return line.full ? err_set(e, ERR_TOO_BIG, _("the passphrase"))
                     : file_write(path, 0600, line.data, line.len, e);
}

enum err_code
identity_create(const char *dir, const char *cadir, const char *konto,
                const char *namn, const char *kommun, const char *origin,
                const char *passphrase, bool keep, struct err *e)
{
    char path[PATH_MAX];
    const struct keys_owner o = {konto, namn, kommun, origin};
    EVP_PKEY *key = NULL;
    X509 *cert = NULL;
    enum err_code code = keys_make(dir, &o, passphrase, e);
    in_dir(path, dir, "sign.csr");
    if (code == ERR_OK)
        code = request_key(&key, path, e);
    if (code == ERR_OK)
        code = cert_issue(&cert, cadir, key, CERT_SIGN, konto, namn, kommun, e);
    in_dir(path, dir, "sign.crt");
    if (code == ERR_OK)
        code = cert_save(cert, path, e);
    if (code == ERR_OK && keep)
        code = save_passphrase(dir, passphrase, e);
    X509_free(cert);
    EVP_PKEY_free(key);
    return code;
}

enum err_code
identity_read_vkey(char out[160], const char *dir, struct err *e)
{
    char path[PATH_MAX];
    struct vkey v;
    AUTO_BUF(text, 512);
    in_dir(path, dir, "entry.vkey");
    enum err_code code = file_read(path, &text, e);
    if (code == ERR_NOT_FOUND)
        return err_set(e, code,
                       _("there are no keys in %s: make them with "
                         "enfraga nycklar ny"),
                       dir);
    if (code != ERR_OK)
        return code;
    size_t n = strcspn(buf_str(&text), "\n");
    if (n >= 160 || n + 1 < text.len)
        return err_set(e, ERR_CONFIG, _("%s: is not one key"), path);
    memcpy(out, text.data, n);
    out[n] = '\0';
    code = vkey_parse(out, &v, e);
    return code == ERR_OK ? code : err_add(e, ERR_CONFIG, "%s", path);
}

/* The key on file must be the one that entry.vkey names, and the certificate
 * that of sign.key: else a signature would be made that no one can check. */
static enum err_code
check_pairs(const struct identity *id, const char *dir, struct err *e)
{
    struct vkey v;
    uint8_t pub[KEY_RAW];
    enum err_code code = vkey_parse(id->vkey, &v, e);
    if (code != ERR_OK)
        return code;
    if (!key_public_raw(id->entry, pub) || memcmp(pub, v.pub, KEY_RAW) != 0)
        return err_set(e, ERR_CONFIG,
                       _("%s: entry.key is not entry.vkey's. A change that was "
                         "cut short is ended by: enfraga nycklar byt"),
                       dir);
    if (X509_check_private_key(id->cert, key_evp(id->sign)) != 1)
        return cert_error(e, ERR_CONFIG, _("sign.crt is not sign.key's"));
    return ERR_OK;
}

enum err_code
identity_open(struct identity **out, const char *dir, const char *passphrase,
              struct err *e)
{
    char path[PATH_MAX];
    struct identity *id = mem_alloc(sizeof(*id));
    enum err_code code = identity_read_vkey(id->vkey, dir, e);
    in_dir(path, dir, "sign.crt");
    if (code == ERR_OK)
        code = cert_load(&id->cert, path, e);
    if (code == ERR_NOT_FOUND)
        err_add(e, code,
                _("the certificate is not installed: enfraga nycklar "
                  "installera FIL"));
    in_dir(path, dir, "entry.key");
    if (code == ERR_OK)
        code = key_load(path, passphrase, &id->entry, e);
    in_dir(path, dir, "sign.key");
    if (code == ERR_OK)
        code = key_load(path, passphrase, &id->sign, e);
    if (code == ERR_OK)
        code = check_pairs(id, dir, e);
    if (code != ERR_OK)
        identity_free(&id);
    *out = id;
    return code;
}

void
identity_free(struct identity **id)
{
    if (*id == NULL)
        return;
    key_free(&(*id)->sign);
    key_free(&(*id)->entry);
    X509_free((*id)->cert);
    mem_wipe(*id, sizeof(**id));
    free(*id);
    *id = NULL;
}

const struct key *
identity_entry_key(const struct identity *id)
{
    return id->entry;
}

const char *
identity_vkey(const struct identity *id)
{
    return id->vkey;
}

void
identity_print(const char *vkey, char out[16])
{
    struct vkey v;
    char hex[2 * VKEY_ID + 1];
    if (vkey_parse(vkey, &v, NULL) != ERR_OK) {
        snprintf(out, 16, "?");
        return;
    }
    text_hex(v.id, VKEY_ID, hex);
    snprintf(out, 16, "%.4s-%.4s", hex, hex + 4);
}

void
identity_passphrase(char out[25])
{
    static const char letters[] = "abcdefghjkmnpqrstuvwxyz23456789";
    const unsigned n = sizeof(letters) - 1;
    for (int i = 0; i < 24; i++) {
        uint8_t r;
        do
            random_bytes(&r, 1);
        while (r >= 256 / n * n); /* every letter equally likely */
        out[i] = i % 5 == 4 ? '-' : letters[r % n];
        r = 0;
    }
    out[24] = '\0';
}
