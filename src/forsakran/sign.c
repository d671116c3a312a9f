/* SPDX-License-Identifier: EUPL-1.2
 *
 * CMS (RFC 5652) detached, CAdES-BES (RFC 5126): the signing certificate's
 * hash is among the signed attributes, so the signature cannot be laid to
 * another certificate of the same key.
 */
#include "config.h"

#include "forsakran/forsakran.h"

#include "base/i18n.h"
#include "base/mem.h"
#include "forsakran/cert.h"
#include "forsakran/crl.h"
#include "forsakran/file.h"

#include <openssl/cms.h>
#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/pkcs7.h>
#include <openssl/x509.h>

#include <string.h>

enum {
    FLAGS = CMS_DETACHED | CMS_BINARY | CMS_CADES,
    CMS_MAX = 256 << 10,
    CA_MAX = 1 << 20
};

enum err_code
forsakran_sign(struct buf *cms, const void *content, size_t n,
               const struct identity *who, struct err *e)
{
    unsigned char *der = NULL;
    int len = -1;
    if (n > FORSAKRAN_MAX)
        return err_set(e, ERR_TOO_BIG, _("the försäkran"));
    BIO *in = BIO_new_mem_buf(content, (int)n);
    CMS_ContentInfo *ci = in == NULL
                              ? NULL
                              : CMS_sign(who->cert, key_evp(who->sign), NULL,
                                         in, FLAGS | CMS_NOSMIMECAP);
    if (ci != NULL)
        len = i2d_CMS_ContentInfo(ci, &der);
    enum err_code code = ERR_OK;
    if (len <= 0)
        code = cert_error(e, ERR_INTERNAL, _("signing the försäkran"));
    else if (buf_add(cms, der, (size_t)len) != ERR_OK)
        code = err_set(e, ERR_TOO_BIG, _("the signature"));
    OPENSSL_free(der);
    CMS_ContentInfo_free(ci);
    BIO_free(in);
    return code;
}

/* A store that trusts the certificates of a PEM file, as of a time. */
static enum err_code
open_trust(X509_STORE **out, const char *ca, int64_t now_ms, struct err *e)
{
    AUTO_BUF(pem, CA_MAX);
    enum err_code code = file_read(ca, &pem, e);
    if (code != ERR_OK)
        return err_add(e, ERR_CONFIG, _("the CA"));
    return cert_trust(out, buf_str(&pem), pem.len, now_ms, ca, e);
}

/* The versions, which OpenSSL reads and does not judge: RFC 5652 5.1 and 5.3
 * have 1 where the content is data and the signer named by issuer and serial
 * number. The older structure of the same bytes shows them. */
static bool
versions_ok(const void *der, size_t n)
{
    const unsigned char *p = der;
    PKCS7 *p7 = d2i_PKCS7(NULL, &p, (long)n);
    bool ok = false;
    if (p7 != NULL && PKCS7_type_is_signed(p7)) {
        STACK_OF(PKCS7_SIGNER_INFO) *all = p7->d.sign->signer_info;
        ok = ASN1_INTEGER_get(p7->d.sign->version) == 1 && all != NULL &&
             sk_PKCS7_SIGNER_INFO_num(all) == 1 &&
             ASN1_INTEGER_get(sk_PKCS7_SIGNER_INFO_value(all, 0)->version) == 1;
    }
    PKCS7_free(p7);
    return ok;
}

/* SHA-2, and a signature algorithm that goes with it. */
static bool
algorithms_ok(CMS_SignerInfo *signer)
{
    X509_ALGOR *digest = NULL, *signature = NULL;
    int md = NID_undef, kind = NID_undef;
    CMS_SignerInfo_get0_algs(signer, NULL, NULL, &digest, &signature);
    int nid = OBJ_obj2nid(digest->algorithm);
    if (nid != NID_sha256 && nid != NID_sha384 && nid != NID_sha512)
        return false;
    int sig = OBJ_obj2nid(signature->algorithm);
    if (sig == NID_rsaEncryption || sig == NID_rsassaPss)
        return true;
    return OBJ_find_sigid_algs(sig, &md, &kind) == 1 && md == nid;
}

/* What CMS_verify leaves open, so that a signature has one form. */
static enum err_code
check_form(CMS_ContentInfo *ci, const void *der, size_t n, struct err *e)
{
    STACK_OF(CMS_SignerInfo) *signers = CMS_get0_SignerInfos(ci);
    if (CMS_is_detached(ci) != 1 ||
        OBJ_obj2nid(CMS_get0_eContentType(ci)) != NID_pkcs7_data)
        return err_set(e, ERR_SIGNATURE, _("the signature is not detached"));
    if (signers == NULL || sk_CMS_SignerInfo_num(signers) != 1)
        return err_set(e, ERR_SIGNATURE, _("there must be one signer"));
    if (!algorithms_ok(sk_CMS_SignerInfo_value(signers, 0)))
        return err_set(e, ERR_SIGNATURE, _("the digest must be SHA-2"));
    if (!versions_ok(der, n))
        return err_set(e, ERR_SIGNATURE,
                       _("the signature is not of version 1"));
    unsigned char *again = NULL;
    int len = i2d_CMS_ContentInfo(ci, &again);
    bool same = len >= 0 && (size_t)len == n && memcmp(again, der, n) == 0;
    OPENSSL_free(again);
    ERR_clear_error();
    return same ? ERR_OK
                : err_set(e, ERR_SIGNATURE, _("the signature is not DER"));
}

static enum err_code
check_signer(CMS_ContentInfo *ci, const struct forsakran *f, struct err *e)
{
    STACK_OF(X509) *signers = CMS_get0_signers(ci);
    bool ok = signers != NULL && sk_X509_num(signers) == 1 &&
              cert_names(sk_X509_value(signers, 0), f->konto);
    sk_X509_free(signers);
    return ok ? ERR_OK
              : err_set(e, ERR_SIGNATURE,
                        _("the certificate is not that of the account"));
}

static enum err_code
verify(CMS_ContentInfo *ci, X509_STORE *trust, const bool *revoked,
       const void *content, size_t n, struct err *e)
{
    BIO *in = BIO_new_mem_buf(content, (int)n);
    /* Purpose S/MIME signing is CMS_verify's own default. */
    int ok = in == NULL ? 0 : CMS_verify(ci, NULL, trust, in, NULL, FLAGS);
    BIO_free(in);
    return ok == 1 ? ERR_OK
                   : cert_error(e, *revoked ? ERR_CERT_REVOKED : ERR_SIGNATURE,
                                _("the försäkran's signature"));
}

enum err_code
forsakran_verify(struct forsakran *f, const void *cms, size_t cms_len,
                 const void *content, size_t n, const char *ca, const char *crl,
                 int64_t now_ms, struct err *e)
{
    enum err_code code = forsakran_read(f, content, n, e);
    if (code != ERR_OK)
        return code;
    if (cms_len > CMS_MAX)
        return err_set(e, ERR_TOO_BIG, _("the signature"));
    const unsigned char *p = cms;
    CMS_ContentInfo *ci = d2i_CMS_ContentInfo(NULL, &p, (long)cms_len);
    if (ci == NULL || p != (const unsigned char *)cms + cms_len) {
        CMS_ContentInfo_free(ci);
        return cert_error(e, ERR_SIGNATURE, _("the signature is not CMS"));
    }
    X509_STORE *trust = NULL;
    bool revoked = false;
    code = check_form(ci, cms, cms_len, e);
    if (code == ERR_OK)
        code = open_trust(&trust, ca, now_ms, e);
    if (code == ERR_OK)
        code = crl_use(trust, crl, &revoked, e);
    if (code == ERR_OK)
        code = verify(ci, trust, &revoked, content, n, e);
    if (code == ERR_OK)
        code = check_signer(ci, f, e);
    X509_STORE_free(trust);
    CMS_ContentInfo_free(ci);
    return code;
}
