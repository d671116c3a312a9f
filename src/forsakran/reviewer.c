/* SPDX-License-Identifier: EUPL-1.2
 *
 * A reviewer's key: EC P-256 for key agreement, apart from the one that signs,
 * since what signs is asked to often and what opens the log is not.
 */
#include "config.h"

#include "forsakran/reviewer.h"

#include "base/i18n.h"
#include "forsakran/cert.h"
#include "seal/envelope.h"

#include <limits.h>
#include <stdio.h>

enum err_code
reviewer_create(const char *dir, const char *file, const char *cadir,
                const char *konto, const char *namn, const char *kommun,
                const char *passphrase, struct err *e)
{
    char path[PATH_MAX];
    AUTO_KEY struct key *k = NULL;
    X509 *cert = NULL;
    enum err_code code = key_new_p256(&k, e);
    if (code == ERR_OK)
        code = cert_issue(&cert, cadir, key_evp(k), CERT_REVIEW, konto, namn,
                          kommun, e);
    snprintf(path, sizeof(path), "%s/%s.key", dir, file);
    if (code == ERR_OK)
        code = key_save(k, path, passphrase, e);
    snprintf(path, sizeof(path), "%s/%s.crt", dir, file);
    if (code == ERR_OK)
        code = cert_save(cert, path, e);
    X509_free(cert);
    return code;
}

enum err_code
reviewer_cert(struct buf *der, const char *path, struct err *e)
{
    X509 *cert = NULL;
    unsigned char *bytes = NULL;
    enum err_code code = cert_load(&cert, path, e);
    if (code != ERR_OK)
        return code;
    int n = i2d_X509(cert, &bytes);
    X509_free(cert);
    if (n <= 0 || buf_add(der, bytes, (size_t)n) != ERR_OK)
        code = cert_error(e, ERR_CONFIG, path);
    OPENSSL_free(bytes);
    if (code == ERR_OK)
        code = envelope_recipient(der->data, der->len, e);
    return code == ERR_OK ? code : err_add(e, ERR_CONFIG, "%s", path);
}
