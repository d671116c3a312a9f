/* SPDX-License-Identifier: EUPL-1.2 */
#include "config.h"

#include "forsakran/cert.h"

#include "base/i18n.h"
#include "base/clock.h"
#include "forsakran/file.h"
#include "forsakran/identity.h"
#include "seal/hash.h"

#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/x509v3.h>

#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum {
    CERT_MAX = 64 << 10,
    YEAR_DAYS = 365,
    CA_YEARS = 10,
    USER_YEARS = 2, /* twice as long as a försäkran */
    BACK_S = 600    /* a clock a little behind ours */
};

enum err_code
cert_error(struct err *e, enum err_code code, const char *what)
{
    const char *data = NULL;
    int flags = 0;
    unsigned long n = ERR_peek_last_error_all(NULL, NULL, NULL, &data, &flags);
    const char *reason = ERR_reason_error_string(n);
    bool has_data = data != NULL && (flags & ERR_TXT_STRING) && *data != '\0';
    err_set(e, code, "%s%s%s%s%s", what, reason == NULL ? "" : ": ",
            reason == NULL ? "" : reason, has_data ? ": " : "",
            has_data ? data : "");
    ERR_clear_error();
    return code;
}

static bool
add_extension(X509 *cert, X509 *issuer, int nid, const char *value)
{
    X509V3_CTX ctx;
    X509V3_set_ctx_nodb(&ctx);
    X509V3_set_ctx(&ctx, issuer, cert, NULL, NULL, 0);
    X509_EXTENSION *x = X509V3_EXT_conf_nid(NULL, &ctx, nid, value);
    bool ok = x != NULL && X509_add_ext(cert, x, -1) == 1;
    X509_EXTENSION_free(x);
    return ok;
}

static bool
add_name(X509_NAME *name, int nid, const char *value)
{
    return X509_NAME_add_entry_by_NID(name, nid, MBSTRING_UTF8,
                                      (const unsigned char *)value, -1, -1,
                                      0) == 1;
}

bool
cert_subject(X509_NAME *name, const char *konto, const char *namn,
             const char *kommun)
{
    return add_name(name, NID_countryName, "SE") &&
           add_name(name, NID_organizationName, kommun) &&
           add_name(name, NID_commonName, namn) &&
           add_name(name, NID_userId, konto);
}

/* Version 3, a random serial number, the life in days from now. */
static bool
begin(X509 *cert, EVP_PKEY *key, int days)
{
    uint8_t serial[16];
    random_bytes(serial, sizeof(serial));
    serial[0] = (serial[0] & 0x7f) | 0x40;
    BIGNUM *n = BN_bin2bn(serial, sizeof(serial), NULL);
    ASN1_INTEGER *a = n == NULL ? NULL : BN_to_ASN1_INTEGER(n, NULL);
    time_t now = (time_t)(clock_now_ms() / 1000);
    bool ok =
        a != NULL && X509_set_version(cert, X509_VERSION_3) == 1 &&
        X509_set_serialNumber(cert, a) == 1 &&
        X509_time_adj_ex(X509_getm_notBefore(cert), 0, -BACK_S, &now) != NULL &&
        X509_time_adj_ex(X509_getm_notAfter(cert), days, 0, &now) != NULL &&
        X509_set_pubkey(cert, key) == 1;
    ASN1_INTEGER_free(a);
    BN_free(n);
    return ok;
}

static bool
make_ca(X509 *cert, EVP_PKEY *key, const char *kommun)
{
    X509_NAME *name = X509_get_subject_name(cert);
    return begin(cert, key, CA_YEARS * YEAR_DAYS) &&
           add_name(name, NID_countryName, "SE") &&
           add_name(name, NID_organizationName, kommun) &&
           add_name(name, NID_commonName, "enfraga CA") &&
           X509_set_issuer_name(cert, name) == 1 &&
           add_extension(cert, cert, NID_basic_constraints,
                         "critical,CA:TRUE,pathlen:0") &&
           add_extension(cert, cert, NID_key_usage,
                         "critical,keyCertSign,cRLSign") &&
           add_extension(cert, cert, NID_subject_key_identifier, "hash") &&
           X509_sign(cert, key, EVP_sha256()) > 0;
}

enum err_code
ca_create(const char *dir, const char *kommun, const char *passphrase,
          struct err *e)
{
    char key_path[PATH_MAX], crt_path[PATH_MAX];
    snprintf(key_path, sizeof(key_path), "%s/ca.key", dir);
    snprintf(crt_path, sizeof(crt_path), "%s/ca.crt", dir);
    if (access(key_path, F_OK) == 0)
        return err_set(e, ERR_BAD_INPUT, _("%s: there is a CA already"), dir);
    mkdir(dir, 0700); /* what is wrong with it, the first file will say */

    struct key *key = NULL;
    enum err_code code = key_new_p256(&key, e);
    X509 *cert = X509_new();
    if (code == ERR_OK &&
        (cert == NULL || !make_ca(cert, key_evp(key), kommun)))
        code = cert_error(e, ERR_BAD_INPUT, _("the CA certificate"));
    if (code == ERR_OK)
        code = key_save(key, key_path, passphrase, e);
    if (code == ERR_OK)
        code = cert_save(cert, crt_path, e);
    X509_free(cert);
    key_free(&key);
    return code;
}

static bool
make_user(X509 *cert, EVP_PKEY *key, enum cert_use use, X509 *ca,
          EVP_PKEY *ca_key, const char *konto, const char *namn, const char *kommun)
{
    static const char *const usage[] = {
        [CERT_SIGN] = "critical,digitalSignature",
        [CERT_REVIEW] = "critical,keyAgreement"};
    static const char *const purpose[] = {
        [CERT_SIGN] = "clientAuth,emailProtection",
        [CERT_REVIEW] = "emailProtection"};
    X509_NAME *name = X509_get_subject_name(cert);
    return begin(cert, key, USER_YEARS * YEAR_DAYS) &&
           cert_subject(name, konto, namn, kommun) &&
           X509_set_issuer_name(cert, X509_get_subject_name(ca)) == 1 &&
           add_extension(cert, ca, NID_basic_constraints,
                         "critical,CA:FALSE") &&
           add_extension(cert, ca, NID_key_usage, usage[use]) &&
           add_extension(cert, ca, NID_ext_key_usage, purpose[use]) &&
           add_extension(cert, ca, NID_subject_key_identifier, "hash") &&
           add_extension(cert, ca, NID_authority_key_identifier,
                         "keyid:always") &&
           X509_sign(cert, ca_key, EVP_sha256()) > 0;
}

enum err_code
cert_sign(X509 **out, EVP_PKEY *key, enum cert_use use, const struct cert_ca *ca,
          const char *konto, const char *namn, const char *kommun,
          struct err *e)
{
    X509 *cert = X509_new();
    if (cert != NULL && make_user(cert, key, use, ca->cert, key_evp(ca->key),
                                  konto, namn, kommun)) {
        *out = cert;
        return ERR_OK;
    }
    X509_free(cert);
    return cert_error(e, ERR_BAD_INPUT, _("the user's certificate"));
}

enum err_code
cert_ca_open(struct cert_ca *ca, const char *dir, const char *passphrase,
             struct err *e)
{
    char path[PATH_MAX];
    *ca = (struct cert_ca){0};
    snprintf(path, sizeof(path), "%s/ca.key", dir);
    enum err_code code = key_load(path, passphrase, &ca->key, e);
    snprintf(path, sizeof(path), "%s/ca.crt", dir);
    if (code == ERR_OK)
        code = cert_load(&ca->cert, path, e);
    if (code == ERR_OK &&
        X509_check_private_key(ca->cert, key_evp(ca->key)) != 1)
        code = cert_error(e, ERR_CONFIG, path);
    return code;
}

void
cert_ca_done(struct cert_ca *ca)
{
    X509_free(ca->cert);
    key_free(&ca->key);
    ca->cert = NULL;
}

enum err_code
cert_issue(X509 **out, const char *cadir, EVP_PKEY *key, enum cert_use use,
           const char *konto, const char *namn, const char *kommun,
           struct err *e)
{
    struct cert_ca ca;
    enum err_code code = cert_ca_open(&ca, cadir, NULL, e);
    if (code == ERR_OK)
        code = cert_sign(out, key, use, &ca, konto, namn, kommun, e);
    cert_ca_done(&ca);
    return code;
}

enum err_code
cert_trust(X509_STORE **out, const void *pem, size_t n, int64_t now_ms,
           const char *what, struct err *e)
{
    X509_STORE *s = X509_STORE_new();
    BIO *in = BIO_new_mem_buf(pem, (int)n);
    int count = 0;
    for (X509 *x; s != NULL && in != NULL &&
                  (x = PEM_read_bio_X509(in, NULL, NULL, NULL)) != NULL;) {
        count += X509_STORE_add_cert(s, x);
        X509_free(x);
    }
    ERR_clear_error(); /* the end of the file is an error to PEM_read */
    BIO_free(in);
    if (count == 0) {
        X509_STORE_free(s);
        return err_set(e, ERR_CONFIG, _("%s: holds no certificate"), what);
    }
    X509_VERIFY_PARAM *p = X509_STORE_get0_param(s);
    X509_VERIFY_PARAM_set_time(p, (time_t)(now_ms / 1000));
    X509_VERIFY_PARAM_set_flags(p, X509_V_FLAG_X509_STRICT);
    *out = s;
    return ERR_OK;
}

enum err_code
cert_load(X509 **out, const char *path, struct err *e)
{
    AUTO_BUF(pem, CERT_MAX);
    enum err_code code = file_read(path, &pem, e);
    if (code != ERR_OK)
        return code;
    BIO *in = BIO_new_mem_buf(buf_str(&pem), (int)pem.len);
    *out = in == NULL ? NULL : PEM_read_bio_X509(in, NULL, NULL, NULL);
    BIO_free(in);
    return *out == NULL ? cert_error(e, ERR_CONFIG, path) : ERR_OK;
}

enum err_code
cert_save(X509 *cert, const char *path, struct err *e)
{
    BIO *b = BIO_new(BIO_s_mem());
    char *p = NULL;
    if (b == NULL || PEM_write_bio_X509(b, cert) != 1) {
        BIO_free(b);
        return cert_error(e, ERR_INTERNAL, path);
    }
    long n = BIO_get_mem_data(b, &p);
    enum err_code code = file_write(path, 0644, p, (size_t)n, e);
    BIO_free(b);
    return code;
}

static bool
has_entry(const X509_NAME *name, int nid, const char *value)
{
    size_t n = strlen(value);
    for (int i = -1; (i = X509_NAME_get_index_by_NID(name, nid, i)) >= 0;) {
        const X509_NAME_ENTRY *entry = X509_NAME_get_entry(name, i);
        unsigned char *utf8 = NULL;
        int len = ASN1_STRING_to_UTF8(&utf8, X509_NAME_ENTRY_get_data(entry));
        bool same = len >= 0 && (size_t)len == n && memcmp(utf8, value, n) == 0;
        OPENSSL_free(utf8);
        if (same)
            return true;
    }
    return false;
}

bool
cert_names(X509 *cert, const char *konto)
{
    const X509_NAME *name = X509_get_subject_name(cert);
    return konto[0] != '\0' && (has_entry(name, NID_userId, konto) ||
                                has_entry(name, NID_serialNumber, konto));
}
