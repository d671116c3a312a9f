/* SPDX-License-Identifier: EUPL-1.2 */
#include "config.h"

#include "forsakran/request.h"

#include "base/buf.h"
#include "base/i18n.h"
#include "forsakran/cert.h"
#include "forsakran/file.h"

#include <openssl/pem.h>
#include <openssl/x509.h>

#include <string.h>

enum { REQUEST_MAX = 64 << 10 };

static bool
fill(X509_REQ *req, const struct key *k, const char *konto, const char *namn,
     const char *kommun)
{
    X509_NAME *name = X509_REQ_get_subject_name(req);
    return X509_REQ_set_version(req, X509_REQ_VERSION_1) == 1 &&
           cert_subject(name, konto, namn, kommun) &&
           X509_REQ_set_pubkey(req, key_evp(k)) == 1 &&
           X509_REQ_sign(req, key_evp(k), EVP_sha256()) > 0;
}

enum err_code
request_write(const struct key *k, const char *konto, const char *namn,
              const char *kommun, const char *path, struct err *e)
{
    char *p = NULL;
    X509_REQ *req = X509_REQ_new();
    BIO *out = BIO_new(BIO_s_mem());
    bool ok = req != NULL && out != NULL && fill(req, k, konto, namn, kommun) &&
              PEM_write_bio_X509_REQ(out, req) == 1;
    long n = ok ? BIO_get_mem_data(out, &p) : 0;
    enum err_code code = n > 0 ? file_write(path, 0600, p, (size_t)n, e)
                               : cert_error(e, ERR_BAD_INPUT, path);
    BIO_free(out);
    X509_REQ_free(req);
    return code;
}

enum err_code
request_key(EVP_PKEY **out, const char *path, struct err *e)
{
    AUTO_BUF(pem, REQUEST_MAX);
    char group[32] = "";
    enum err_code code = file_read(path, &pem, e);
    if (code)
        return code;
    BIO *in = BIO_new_mem_buf(buf_str(&pem), (int)pem.len);
    X509_REQ *req = in ? PEM_read_bio_X509_REQ(in, NULL, NULL, NULL) : NULL;
    EVP_PKEY *key = req ? X509_REQ_get_pubkey(req) : NULL;
    if (!key || X509_REQ_verify(req, key) != 1)
        code = cert_error(e, ERR_BAD_INPUT, path);
    else if (!EVP_PKEY_is_a(key, "EC") ||
             EVP_PKEY_get_group_name(key, group, sizeof group, NULL) != 1 ||
             strcmp(group, "prime256v1") != 0)
        code =
            err_set(e, ERR_BAD_INPUT, _("%s: the key is not EC P-256"), path);
    if (code)
        EVP_PKEY_free(key);
    else
        *out = key;
    X509_REQ_free(req);
    BIO_free(in);
    return code;
}
