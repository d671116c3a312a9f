/* SPDX-License-Identifier: EUPL-1.2 */
#include "config.h"

#include "seal/envelope.h"

#include "seal/ssl.h"

#include <limits.h>
#include <openssl/bio.h>
#include <openssl/cms.h>
#include <openssl/ec.h>
#include <openssl/evp.h>
#include <openssl/x509.h>
#include <openssl/x509v3.h>
#include <string.h>

enum { CERT_MAX = 16 * 1024 };

/* The certificate of exactly these bytes; NULL. */
static X509 *
read_cert(const void *der, size_t n)
{
    const unsigned char *p = der;
    X509 *c = n <= CERT_MAX ? d2i_X509(NULL, &p, (long)n) : NULL;
    if (c && p == (const unsigned char *)der + n)
        return c;
    X509_free(c);
    return NULL;
}

static bool
is_p256(const EVP_PKEY *k)
{
    char group[32];
    return k && EVP_PKEY_is_a(k, "EC") &&
           EVP_PKEY_get_group_name(k, group, sizeof group, NULL) == 1 &&
           !strcmp(group, "prime256v1");
}

enum err_code
envelope_recipient(const void *der, size_t n, struct err *e)
{
    X509 *c = read_cert(der, n);
    bool p256 = c && is_p256(X509_get0_pubkey(c));
    /* every bit is set where the certificate does not say */
    bool agrees = c && X509_get_key_usage(c) & KU_KEY_AGREEMENT;
    X509_free(c);
    if (!c)
        return ssl_err(e, ERR_BAD_INPUT, "certificate");
    ssl_clear();
    if (!p256)
        return err_set(e, ERR_BAD_INPUT, "the certificate is not of EC P-256");
    return agrees ? ERR_OK
                  : err_set(e, ERR_BAD_INPUT,
                            "the certificate is not for keyAgreement");
}

/* One recipient. The derivation's hash is SHA-1 unless it is said. */
static bool
add_recipient(CMS_ContentInfo *cms, const struct hash_part *der)
{
    X509 *c = read_cert(der->p, der->n);
    CMS_RecipientInfo *ri =
        c ? CMS_add1_recipient_cert(cms, c, CMS_KEY_PARAM) : NULL;
    EVP_PKEY_CTX *ctx = ri ? CMS_RecipientInfo_get0_pkey_ctx(ri) : NULL;
    X509_free(c);
    return ctx && EVP_PKEY_CTX_set_ecdh_kdf_md(ctx, EVP_sha256()) == 1;
}

static bool
write_der(struct buf *out, CMS_ContentInfo *cms)
{
    unsigned char *der = NULL;
    int n = i2d_CMS_ContentInfo(cms, &der);
    bool ok = n > 0 && !buf_add(out, der, (size_t)n);
    OPENSSL_free(der);
    return ok;
}

enum err_code
envelope_seal(struct buf *out, const void *p, size_t n,
              const struct hash_part *certs, size_t count, struct err *e)
{
    const unsigned flags = CMS_BINARY | CMS_PARTIAL | CMS_STREAM;
    EVP_CIPHER *gcm = EVP_CIPHER_fetch(NULL, "AES-256-GCM", NULL);
    BIO *in = BIO_new_mem_buf(p, (int)n);
    CMS_ContentInfo *cms =
        gcm && in ? CMS_encrypt(NULL, NULL, gcm, flags) : NULL;
    bool ok = cms && count > 0 && n <= INT_MAX;
    for (size_t i = 0; i < count && ok; i++)
        ok = add_recipient(cms, &certs[i]);
    ok = ok && CMS_final(cms, in, NULL, CMS_BINARY) == 1 && write_der(out, cms);
    CMS_ContentInfo_free(cms);
    BIO_free(in);
    EVP_CIPHER_free(gcm);
    return ok ? ERR_OK : ssl_err(e, ERR_INTERNAL, "CMS");
}

enum err_code
envelope_open(struct buf *out, const void *der, size_t n, const struct key *k,
              const void *cert, size_t cert_len, struct err *e)
{
    const unsigned char *p = der;
    CMS_ContentInfo *cms =
        n <= ENVELOPE_MAX ? d2i_CMS_ContentInfo(NULL, &p, (long)n) : NULL;
    X509 *c = read_cert(cert, cert_len);
    BIO *content = BIO_new(BIO_s_secmem());
    bool ok = cms && c && content && p == (const unsigned char *)der + n &&
              CMS_decrypt(cms, key_evp(k), c, NULL, content,
                          CMS_BINARY | CMS_DEBUG_DECRYPT) == 1;
    char *bytes;
    long len = ok ? BIO_get_mem_data(content, &bytes) : 0;
    ok = ok && len >= 0 && !buf_add(out, bytes, (size_t)len);
    BIO_free(content);
    X509_free(c);
    CMS_ContentInfo_free(cms);
    return ok ? ERR_OK : ssl_err(e, ERR_SIGNATURE, "CMS");
}
