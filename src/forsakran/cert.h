/* SPDX-License-Identifier: EUPL-1.2
 *
 * X.509 for this module alone: issuing by the small CA, and reading whose a
 * certificate is.
 */
#ifndef ENFRAGA_FORSAKRAN_CERT_H
#define ENFRAGA_FORSAKRAN_CERT_H

#include "base/err.h"
#include "seal/key.h"

#include <openssl/x509.h>
#include <stdbool.h>

/* What the holder's key does: signs (digitalSignature; clientAuth and
 * emailProtection), or opens boxes (keyAgreement; emailProtection). */
enum cert_use { CERT_SIGN, CERT_REVIEW };

/* A CA that can sign; the passphrase is its key's, NULL where that is bare. */
struct cert_ca {
    struct key *key;
    X509 *cert;
};
enum err_code cert_ca_open(struct cert_ca *ca, const char *dir,
                           const char *passphrase, struct err *e);
void cert_ca_done(struct cert_ca *ca);

/* A certificate for a public key. The caller's to free. */
enum err_code cert_sign(X509 **out, EVP_PKEY *key, enum cert_use use,
                        const struct cert_ca *ca, const char *konto,
                        const char *namn, const char *kommun, struct err *e);

/* The same, issued by the CA in cadir, whose key is bare. */
enum err_code cert_issue(X509 **out, const char *cadir, EVP_PKEY *key,
                         enum cert_use use, const char *konto, const char *namn,
                         const char *kommun, struct err *e);

/* One certificate of a PEM file. */
enum err_code cert_load(X509 **out, const char *path, struct err *e);
enum err_code cert_save(X509 *cert, const char *path, struct err *e);

/* A store that trusts the certificates of a PEM text, as of a time; `what`
 * names it. ERR_CONFIG where it holds none. The caller's to free. */
enum err_code cert_trust(X509_STORE **out, const void *pem, size_t n,
                         int64_t now_ms, const char *what, struct err *e);

/* C, O, CN and UID of a user, in a certificate and in a request. */
bool cert_subject(X509_NAME *name, const char *konto, const char *namn,
                  const char *kommun);

/* Is it that account's: does UID or serialNumber of its subject say so? */
bool cert_names(X509 *cert, const char *konto);

/* Holds signers' certificates against the lists (crl.h), as long as `revoked` lives:
 * it tells afterwards that this was why. ERR_CONFIG: the file holds none. */
enum err_code crl_use(X509_STORE *trust, const char *path, bool *revoked,
                      struct err *e);

/* Fails with OpenSSL's own words behind; empties its queue. */
enum err_code cert_error(struct err *e, enum err_code code, const char *what);

/* What a certificate and a signature are made with. */
struct identity {
    struct key *sign, *entry;
    X509 *cert;
    char vkey[160];
};

#endif
