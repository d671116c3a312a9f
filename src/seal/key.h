/* SPDX-License-Identifier: EUPL-1.2
 *
 * Keys: Ed25519 for entries and for the log, EC P-256 for the försäkran's
 * certificate. Made, kept in a file (PKCS#8, PEM), used. Certificates and CMS
 * signing are the forsakran module's.
 */
#ifndef ENFRAGA_SEAL_KEY_H
#define ENFRAGA_SEAL_KEY_H

#include "base/err.h"

#include <openssl/types.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define KEY_RAW 32 /* a raw Ed25519 public key */
#define KEY_SIG 64 /* an Ed25519 signature */

struct key;

/* A new key in *out, owned by the caller. ERR_INTERNAL where none is made. */
enum err_code key_new_ed25519(struct key **out, struct err *e);
enum err_code key_new_p256(struct key **out, struct err *e);

/* Reads a key of either kind; `passphrase` may be NULL. ERR_NOT_FOUND when
 * there is no such file, ERR_PASSPHRASE when it is wrong or missing. */
enum err_code key_load(const char *path, const char *passphrase,
                       struct key **out, struct err *e);

/* Writes PEM PKCS#8, under AES-256-CBC and scrypt when a passphrase is given,
 * mode 0600, through a temporary file, fsync and rename. */
enum err_code key_save(const struct key *k, const char *path,
                       const char *passphrase, struct err *e);

/* An Ed25519 key of a raw public key; it verifies and cannot sign. */
enum err_code key_from_public(const uint8_t raw[KEY_RAW], struct key **out,
                              struct err *e);

/* The raw public key; false unless the key is Ed25519. */
bool key_public_raw(const struct key *k, uint8_t raw[KEY_RAW]);

/* Ed25519 over n bytes. ERR_INTERNAL when the key cannot sign. */
enum err_code key_sign(const struct key *k, const void *p, size_t n,
                       uint8_t sig[KEY_SIG], struct err *e);

/* Does the Ed25519 signature hold? May be called from several threads. */
bool key_verify(const struct key *k, const void *p, size_t n,
                const uint8_t sig[KEY_SIG]);

/* The EVP_PKEY, for CMS and TLS. Borrowed. */
EVP_PKEY *key_evp(const struct key *k);

void key_free(struct key **k);

#define AUTO_KEY __attribute__((cleanup(key_free)))

#endif
