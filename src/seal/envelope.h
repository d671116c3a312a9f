/* SPDX-License-Identifier: EUPL-1.2
 *
 * A key sealed to certificates: CMS AuthEnvelopedData (RFC 5083) with
 * AES-256-GCM, one ECDH P-256 recipient for each, SHA-256 in the key
 * derivation. `openssl cms -decrypt -inform DER -binary` opens it too.
 */
#ifndef ENFRAGA_SEAL_ENVELOPE_H
#define ENFRAGA_SEAL_ENVELOPE_H

#include "base/buf.h"
#include "base/err.h"
#include "seal/hash.h"
#include "seal/key.h"

#include <stddef.h>

#define ENVELOPE_MAX (32 * 1024) /* bytes of one */

/* May a certificate (DER) be a recipient's: EC P-256, and keyAgreement where
 * it says what its key is for? ERR_BAD_INPUT. The chain is not judged: who is
 * a recipient is decided by people, by the certificate's hash. */
enum err_code envelope_recipient(const void *der, size_t n, struct err *e);

/* n bytes at p sealed to the certificates (DER), appended to out. */
enum err_code envelope_seal(struct buf *out, const void *p, size_t n,
                            const struct hash_part *certs, size_t count,
                            struct err *e);

/* Opens with a recipient's key. ERR_SIGNATURE where it is not for that key, or
 * changed. */
enum err_code envelope_open(struct buf *out, const void *der, size_t n,
                            const struct key *k, const void *cert,
                            size_t cert_len, struct err *e);

#endif
