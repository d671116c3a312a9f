/* SPDX-License-Identifier: EUPL-1.2 */
#include "config.h"

#include "forsakran/identity.h"

#include "base/i18n.h"
#include "base/mem.h"
#include "base/text.h"
#include "forsakran/cert.h"
#include "forsakran/file.h"
#include "seal/hash.h"
#include "seal/vkey.h"

#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static void
in_dir(char path[PATH_MAX], const char *dir, const char *name)
{
    snprintf(path, PATH_MAX, "%s/%s", dir, name);
}

/* The entry key's public name: origin and account, so that a key of one log
 * is not taken for a key of another. */
static enum err_code
name_key(char out[160], const struct key *entry, const char *origin,
         const char *konto, struct err *e)
{
    uint8_t pub[KEY_RAW];
    char name[VKEY_NAME_MAX + 1], text[VKEY_TEXT_MAX];
    struct vkey v;
    int n = snprintf(name, sizeof(name), "%s/%s", origin, konto);
    if (n < 0 || (size_t)n >= sizeof(name) || !key_public_raw(entry, pub))
        return err_set(e, ERR_BAD_INPUT, _("the name of the entry key"));
    enum err_code code = vkey_make(&v, name, pub, e);
    if (code != ERR_OK)
        return err_add(e, code, _("the name of the entry key"));
    vkey_text(&v, text);
    if (strlen(text) >= 160)
        return err_set(e, ERR_BAD_INPUT, _("the origin is too long"));
    memcpy(out, text, strlen(text) + 1);
    return ERR_OK;
}

static enum err_code
make_keys(struct identity *id, const char *cadir, const char *konto,
          const char *namn, const char *kommun, const char *origin,
          struct err *e)
{
    enum err_code code = key_new_p256(&id->sign, e);
    if (code == ERR_OK)
        code = key_new_ed25519(&id->entry, e);
    if (code == ERR_OK)
        code = name_key(id->vkey, id->entry, origin, konto, e);
    if (code == ERR_OK)
        code = cert_issue(&id->cert, cadir, id->sign, CERT_SIGN, konto, namn,
                          kommun, e);
    return code;
}

static enum err_code
save(const struct identity *id, const char *dir, const char *passphrase,
     bool keep, struct err *e)
{
    char path[PATH_MAX];
    in_dir(path, dir, "sign.key");
    enum err_code code = key_save(id->sign, path, passphrase, e);
    in_dir(path, dir, "entry.key");
    if (code == ERR_OK)
        code = key_save(id->entry, path, passphrase, e);
    in_dir(path, dir, "sign.crt");
    if (code == ERR_OK)
        code = cert_save(id->cert, path, e);
    in_dir(path, dir, "losen");
    if (code == ERR_OK && keep) {
        AUTO_BUF(line, 512);
        buf_addf(&line, "%s\n", passphrase);
        code = line.full ? err_set(e, ERR_TOO_BIG, _("the passphrase"))
                         : file_write(path, 0600, line.data, line.len, e);
    }
    in_dir(path, dir, "entry.vkey");
    if (code == ERR_OK) {
        char line[162];
        int n = snprintf(line, sizeof(line), "%s\n", id->vkey);
        code = file_write(path, 0644, line, (size_t)n, e);
    }
    return code;
}

enum err_code
identity_create(const char *dir, const char *cadir, const char *konto,
                const char *namn, const char *kommun, const char *origin,
                const char *passphrase, bool keep, struct err *e)
{
    char path[PATH_MAX];
    if (passphrase == NULL || passphrase[0] == '\0')
        return err_set(e, ERR_BAD_INPUT, _("a passphrase is needed"));
    in_dir(path, dir, "sign.key");
    if (access(path, F_OK) == 0)
        return err_set(e, ERR_BAD_INPUT, _("%s: there are keys already"), dir);
    if (mkdir(dir, 0700) != 0 && errno != EEXIST)
        return err_errno(e, ERR_IO, "%s", dir);
    struct identity *id = mem_alloc(sizeof(*id));
    enum err_code code = make_keys(id, cadir, konto, namn, kommun, origin, e);
    if (code == ERR_OK)
        code = save(id, dir, passphrase, keep, e);
    identity_free(&id);
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
        return err_set(e, ERR_CONFIG, _("%s: entry.key is not entry.vkey's"),
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
