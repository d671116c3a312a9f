/* SPDX-License-Identifier: EUPL-1.2
 *
 * SHA-256 and random bytes. What is hashed, and with which domain in front,
 * is for those who call.
 */
#ifndef ENFRAGA_SEAL_HASH_H
#define ENFRAGA_SEAL_HASH_H

#include <stddef.h>
#include <stdint.h>

#define HASH_SIZE 32

struct hash_part {
    const void *p;
    size_t n;
};

/* SHA-256 of n bytes at p. */
void sha256(uint8_t out[HASH_SIZE], const void *p, size_t n);

/* SHA-256 of the parts one after the other. */
void sha256_parts(uint8_t out[HASH_SIZE], const struct hash_part *parts,
                  size_t count);

/* SHA256_OF(out, {p, n}, {p2, n2}): sha256_parts of what stands there. */
#define SHA256_OF(out, ...)                                                    \
    sha256_parts(out, (const struct hash_part[]){__VA_ARGS__},                 \
                 sizeof((const struct hash_part[]){__VA_ARGS__}) /             \
                     sizeof(struct hash_part))

/* HMAC-SHA-256 (RFC 2104) of the parts, under a key of 32 bytes. */
void hmac_sha256(uint8_t out[HASH_SIZE], const uint8_t key[HASH_SIZE],
                 const struct hash_part *parts, size_t count);

/* SHA-256 of what comes a piece at a time. end frees; it may be ended with out
 * NULL. */
struct hasher;
struct hasher *hasher_new(void);
void hasher_add(struct hasher *h, const void *p, size_t n);
void hasher_end(struct hasher **h, uint8_t out[HASH_SIZE]);

/* Random bytes fit for keys, salts and nonces. Ends the process where the
 * system gives none: nothing may be signed or salted with less. */
void random_bytes(void *p, size_t n);

#endif
