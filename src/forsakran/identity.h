/* SPDX-License-Identifier: EUPL-1.2
 *
 * A person's keys and certificate, and the small CA that training, test and
 * those without a CA of their own use (`enfraga ca`).
 */
#ifndef ENFRAGA_FORSAKRAN_IDENTITY_H
#define ENFRAGA_FORSAKRAN_IDENTITY_H

#include "base/err.h"
#include "seal/key.h"

#include <stdint.h>

struct identity; /* P-256 key with certificate, Ed25519 entry key */

/* Makes the two keys in dir (0700): sign.key, sign.crt (issued by the CA in
 * cadir), entry.key, entry.vkey (public), each key PKCS#8 under the
 * passphrase; and `losen` (0600) with it when `keep`. */
enum err_code identity_create(const char *dir, const char *cadir,
                              const char *konto, const char *namn,
                              const char *kommun, const char *origin,
                              const char *passphrase, bool keep, struct err *e);

/* Opens both keys. ERR_PASSPHRASE when it is not the right one. */
enum err_code identity_open(struct identity **id, const char *dir,
                            const char *passphrase, struct err *e);
void identity_free(struct identity **id); /* wipes */
const struct key *identity_entry_key(const struct identity *id);
const char *identity_vkey(const struct identity *id);

/* The vkey of dir without a passphrase (entry.vkey). */
enum err_code identity_read_vkey(char out[160], const char *dir, struct err *e);
/* "a3f0-77c1": short print of a vkey's key, for people. */
void identity_print(const char *vkey, char out[16]);

/* A random passphrase that can be typed (no ambiguous letters). */
void identity_passphrase(char out[25]);

/* CA: ca.key (0600) and ca.crt in dir, the key under the passphrase where
 * there is one. */
enum err_code ca_create(const char *dir, const char *kommun,
                        const char *passphrase, struct err *e);

#endif
