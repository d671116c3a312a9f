/* SPDX-License-Identifier: EUPL-1.2
 *
 * Certificate requests (PKCS #10, PEM): what a user hands to the CA.
 */
#ifndef ENFRAGA_FORSAKRAN_REQUEST_H
#define ENFRAGA_FORSAKRAN_REQUEST_H

#include "base/err.h"
#include "seal/key.h"

#include <openssl/types.h>

/* A request for k, signed by it, in a file of its own. The subject is for
 * people: a CA decides by what it knows itself. */
enum err_code request_write(const struct key *k, const char *konto,
                            const char *namn, const char *kommun,
                            const char *path, struct err *e);

/* The public key of a request that its holder has signed; the caller's to
 * free. ERR_BAD_INPUT where it does not hold or the key is not EC P-256. */
enum err_code request_key(EVP_PKEY **out, const char *path, struct err *e);

#endif
