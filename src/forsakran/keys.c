/* SPDX-License-Identifier: EUPL-1.2 */
#include "config.h"

#include "forsakran/keys.h"

#include "base/clock.h"
#include "base/i18n.h"
#include "forsakran/cert.h"
#include "forsakran/file.h"
#include "forsakran/identity.h"
#include "forsakran/request.h"
#include "seal/vkey.h"

#include <openssl/x509v3.h>

#include <errno.h>
#include <limits.h>
#include <stdio.h>
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
name_key(char out[160], const struct key *entry, const struct keys_owner *o,
         struct err *e)
{
    uint8_t pub[KEY_RAW];
    char name[VKEY_NAME_MAX + 1], text[VKEY_TEXT_MAX];
    struct vkey v;
    int n = snprintf(name, sizeof(name), "%s/%s", o->origin, o->konto);
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
new_entry(struct key **k, char vkey[160], const struct keys_owner *o,
          struct err *e)
{
    enum err_code code = key_new_ed25519(k, e);
    return code == ERR_OK ? name_key(vkey, *k, o, e) : code;
}

/* The public name goes last: a key without it was never in use. */
static enum err_code
save_entry(const char *dir, const struct key *k, const char *vkey,
           const char *passphrase, struct err *e)
{
    char path[PATH_MAX], line[162];
    in_dir(path, dir, "entry.key");
    enum err_code code = key_save(k, path, passphrase, e);
    if (code != ERR_OK)
        return code;
    in_dir(path, dir, "entry.vkey");
    int n = snprintf(line, sizeof(line), "%s\n", vkey);
    return file_write(path, 0644, line, (size_t)n, e);
}

/* NAME.key and NAME.csr: a P-256 key and the request for its certificate. */
static enum err_code
make_requested(const char *dir, const char *name, const struct keys_owner *o,
               const char *passphrase, struct err *e)
{
    char path[PATH_MAX], request[PATH_MAX];
    AUTO_KEY struct key *k = NULL;
    snprintf(path, sizeof(path), "%s/%s.key", dir, name);
    if (passphrase == NULL || passphrase[0] == '\0')
        return err_set(e, ERR_BAD_INPUT, _("a passphrase is needed"));
    if (access(path, F_OK) == 0)
        return err_set(e, ERR_BAD_INPUT, _("%s: there are keys already"), path);
    snprintf(request, sizeof(request), "%s/%s.csr", dir, name);
    enum err_code code = file_make_parents(path, e);
    if (code == ERR_OK)
        code = key_new_p256(&k, e);
    if (code == ERR_OK) /* first: a key alone would stand in the way */
        code = request_write(k, o->konto, o->namn, o->kommun, request, e);
    return code == ERR_OK ? key_save(k, path, passphrase, e) : code;
}

enum err_code
keys_make(const char *dir, const struct keys_owner *o, const char *passphrase,
          struct err *e)
{
    char vkey[160], path[PATH_MAX];
    in_dir(path, dir, "entry.key");
    if (access(path, F_OK) == 0)
        return err_set(e, ERR_BAD_INPUT, _("%s: there are keys already"), path);
    AUTO_KEY struct key *k = NULL;
    enum err_code code = new_entry(&k, vkey, o, e);
    if (code == ERR_OK)
        code = make_requested(dir, "sign", o, passphrase, e);
    return code ? code : save_entry(dir, k, vkey, passphrase, e);
}

enum err_code
keys_make_review(const char *dir, const struct keys_owner *o,
                 const char *passphrase, struct err *e)
{
    return make_requested(dir, "review", o, passphrase, e);
}

enum err_code
keys_set_aside(const char *dir, bool review, char where[800], struct err *e)
{
    static const char *const own[] = {"sign.key",  "sign.csr",   "sign.crt",
                                      "entry.key", "entry.vkey", NULL};
    static const char *const reviewers[] = {"review.key", "review.csr",
                                            "review.crt", NULL};
    char from[PATH_MAX], to[PATH_MAX];
    enum err_code code = ERR_OK;
    snprintf(where, 800, "%.600s/ersatta/%lld", dir, (long long)clock_now_ms());
    for (const char *const *n = review ? reviewers : own; !code && *n; n++) {
        in_dir(from, dir, *n);
        in_dir(to, where, *n);
        code = file_make_parents(to, e);
        if (!code && rename(from, to) && errno != ENOENT)
            code = err_errno(e, ERR_IO, "%s", from);
    }
    return code;
}

/* NULL where it is right. What is not said (all bits) is not enough to sign
 * by. */
static const char *
wrong_use(X509 *cert, enum keys_use use)
{
    uint32_t has = X509_get_key_usage(cert), may;
    if (X509_check_ca(cert))
        return _("it is a CA's");
    if (use == KEYS_REVIEW)
        return has & KU_KEY_AGREEMENT ? NULL
                                      : _("its keyUsage lacks keyAgreement");
    if (has == UINT32_MAX || !(has & KU_DIGITAL_SIGNATURE))
        return _("its keyUsage lacks digitalSignature");
    may = X509_get_extended_key_usage(cert);
    if (may == UINT32_MAX || !(may & XKU_SSL_CLIENT))
        return _("its extendedKeyUsage lacks clientAuth");
    if (!(may & XKU_SMIME))
        return _("its extendedKeyUsage lacks emailProtection");
    return NULL;
}

static enum err_code
check_time(X509 *cert, int64_t now_ms, struct err *e)
{
    time_t now = (time_t)(now_ms / 1000);
    if (X509_cmp_time(X509_get0_notBefore(cert), &now) > 0)
        return err_set(e, ERR_BAD_INPUT, "%s", _("it does not hold yet"));
    if (X509_cmp_time(X509_get0_notAfter(cert), &now) < 0)
        return err_set(e, ERR_BAD_INPUT, "%s", _("it has expired"));
    return ERR_OK;
}

static enum err_code
check_chain(X509 *cert, enum keys_use use, const char *ca, int64_t now_ms,
            struct err *e)
{
    X509_STORE *trust = NULL;
    X509_STORE_CTX *ctx = NULL;
    enum err_code code =
        cert_trust(&trust, ca, strlen(ca), now_ms, "keys/ca.crt", e);
    if (code)
        return code;
    ctx = X509_STORE_CTX_new();
    bool ok = ctx && X509_STORE_CTX_init(ctx, trust, cert, NULL) == 1;
    if (ok && use == KEYS_SIGN)
        ok = X509_STORE_CTX_set_purpose(ctx, X509_PURPOSE_SMIME_SIGN) == 1;
    if (!ok)
        code = cert_error(e, ERR_INTERNAL, "X509_STORE_CTX");
    else if (X509_verify_cert(ctx) != 1)
        code = err_set(
            e, ERR_BAD_INPUT, _("the instance's CA does not vouch for it: %s"),
            X509_verify_cert_error_string(X509_STORE_CTX_get_error(ctx)));
    X509_STORE_CTX_free(ctx);
    X509_STORE_free(trust);
    return code;
}

/* Is the certificate of the key that NAME.csr asks for? */
static bool
is_of(X509 *cert, const char *dir, const char *name)
{
    char file[32], path[PATH_MAX];
    EVP_PKEY *key = NULL;
    snprintf(file, sizeof(file), "%s.csr", name);
    in_dir(path, dir, file);
    bool same = request_key(&key, path, NULL) == ERR_OK &&
                EVP_PKEY_eq(X509_get0_pubkey(cert), key) == 1;
    EVP_PKEY_free(key);
    return same;
}

static enum err_code
judge(X509 *cert, const char *konto, enum keys_use use, const char *ca,
      int64_t now_ms, struct err *e)
{
    const char *why = wrong_use(cert, use);
    if (!cert_names(cert, konto))
        return err_set(e, ERR_BAD_INPUT,
                       _("neither UID nor serialNumber of its subject is %s"),
                       konto);
    if (why)
        return err_set(e, ERR_BAD_INPUT, "%s", why);
    enum err_code code = check_time(cert, now_ms, e);
    return code || !ca ? code : check_chain(cert, use, ca, now_ms, e);
}

enum err_code
keys_install(const char *dir, const char *konto, const char *file,
             const char *ca, int64_t now_ms, enum keys_use *use, struct err *e)
{
    char path[PATH_MAX];
    X509 *cert = NULL;
    enum err_code code = cert_load(&cert, file, e);
    if (code)
        return err_add(e, ERR_BAD_INPUT, _("no certificate (PEM)"));
    *use = is_of(cert, dir, "review") ? KEYS_REVIEW : KEYS_SIGN;
    if (*use == KEYS_SIGN && !is_of(cert, dir, "sign"))
        code = err_set(e, ERR_BAD_INPUT, _("it is of no key in %s"), dir);
    else
        code = judge(cert, konto, *use, ca, now_ms, e);
    if (code)
        err_add(e, code, "%s", file);
    in_dir(path, dir, *use == KEYS_REVIEW ? "review.crt" : "sign.crt");
    if (!code)
        code = cert_save(cert, path, e);
    X509_free(cert);
    return code;
}

enum err_code
keys_begin_change(const char *dir, const struct keys_owner *o,
                  const char *passphrase, char out[160], struct err *e)
{
    char path[PATH_MAX];
    AUTO_KEY struct key *k = NULL;
    in_dir(path, dir, "ny/entry.key");
    enum err_code code = new_entry(&k, out, o, e);
    if (code == ERR_OK)
        code = file_make_parents(path, e);
    in_dir(path, dir, "ny");
    return code ? code : save_entry(path, k, out, passphrase, e);
}

enum err_code
keys_waiting(const char *dir, char out[160], struct err *e)
{
    char path[PATH_MAX];
    in_dir(path, dir, "ny");
    return identity_read_vkey(out, path, e);
}

enum err_code
keys_end_change(const char *dir, struct err *e)
{
    static const char *const names[] = {"entry.key", "entry.vkey"};
    char from[PATH_MAX], to[PATH_MAX];
    for (size_t i = 0; i < 2; i++) {
        snprintf(from, sizeof(from), "%s/ny/%s", dir, names[i]);
        in_dir(to, dir, names[i]);
        if (rename(from, to) && errno != ENOENT)
            return err_errno(e, ERR_IO, "%s", to);
    }
    in_dir(from, dir, "ny");
    rmdir(from);
    return ERR_OK;
}
