/* SPDX-License-Identifier: EUPL-1.2
 *
 * AES-256-GCM, AES key wrap (RFC 3394), and memory for keys. What is sealed,
 * and under what associated data, is for those who call.
 */
#ifndef ENFRAGA_SEAL_AEAD_H
#define ENFRAGA_SEAL_AEAD_H

#include "seal/hash.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define AEAD_KEY 32
#define AEAD_NONCE 12
#define AEAD_TAG 16
#define AEAD_WRAPPED 40 /* a key under another */

/* Contexts made once and used for many; one thread at a time. A key lies in
 * them until the next one, and is wiped by free. */
struct aead;
struct aead *aead_new(void);
void aead_free(struct aead **a);

/* n bytes at p into out (n bytes) and tag. A nonce is used once for a key. */
void aead_seal(struct aead *a, const uint8_t key[AEAD_KEY],
               const uint8_t nonce[AEAD_NONCE], const struct hash_part *aad,
               size_t aads, const void *p, size_t n, uint8_t *out,
               uint8_t tag[AEAD_TAG]);

/* The other way; false, and out wiped, where the tag does not hold. */
bool aead_open(struct aead *a, const uint8_t key[AEAD_KEY],
               const uint8_t nonce[AEAD_NONCE], const struct hash_part *aad,
               size_t aads, const void *p, size_t n,
               const uint8_t tag[AEAD_TAG], uint8_t *out);

/* A key under another key. unwrap is false where it is not that one. */
void aead_wrap(struct aead *a, const uint8_t kek[AEAD_KEY],
               const uint8_t key[AEAD_KEY], uint8_t out[AEAD_WRAPPED]);
bool aead_unwrap(struct aead *a, const uint8_t kek[AEAD_KEY],
                 const uint8_t in[AEAD_WRAPPED], uint8_t key[AEAD_KEY]);

/* Call before the first key is made: keys then lie in memory that is locked
 * and left out of core dumps. False where the system did not let it be
 * locked (RLIMIT_MEMLOCK); keys are still kept apart and wiped. */
bool secret_init(void);

/* Memory for n bytes of a key; never NULL. free wipes; NULL is nothing. */
void *secret_new(size_t n);
void secret_free(void *p, size_t n);

#endif
