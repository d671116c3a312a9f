/* SPDX-License-Identifier: EUPL-1.2
 *
 * The RFC 6962 SHA-256 tree over leaf hashes: a frontier to append to, roots,
 * inclusion and consistency proofs. Where leaf hashes are kept is for those
 * who call.
 */
#ifndef ENFRAGA_PROOF_MERKLE_H
#define ENFRAGA_PROOF_MERKLE_H

#include "base/err.h"
#include "seal/hash.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define MERKLE_LEVELS 63

/* The roots of the complete subtrees that make up a tree of `size` leaves,
 * largest first; there are as many as size has bits set. */
struct merkle {
    uint64_t size;
    unsigned count;
    uint8_t node[MERKLE_LEVELS][HASH_SIZE];
};

/* SHA-256(0x01 || left || right), RFC 6962 2.1. */
void merkle_node(uint8_t out[HASH_SIZE], const uint8_t left[HASH_SIZE],
                 const uint8_t right[HASH_SIZE]);

void merkle_init(struct merkle *m);
void merkle_append(struct merkle *m, const uint8_t leaf[HASH_SIZE]);

/* The root; of an empty tree SHA-256 of nothing. */
void merkle_root(const struct merkle *m, uint8_t root[HASH_SIZE]);

/* The packed frontier: count hashes of 32 bytes. load: false if n does not
 * fit the size. */
size_t merkle_pack(const struct merkle *m, uint8_t out[MERKLE_LEVELS * 32]);
bool merkle_load(struct merkle *m, uint64_t size, const void *p, size_t n);

/* Gives the root of the complete subtree of 2^level leaves that begins at
 * index << level. Level 0, the leaf hash, must be had; above that false (with
 * *e clear) means: not at hand, put it together. */
struct merkle_source {
    bool (*node)(void *ctx, uint64_t index, unsigned level,
                 uint8_t out[HASH_SIZE]);
    void *ctx;
};

struct merkle_proof {
    unsigned count;
    uint8_t hash[MERKLE_LEVELS + 1][HASH_SIZE];
};

/* The root of the first `size` leaves. false when a leaf is missing. */
bool merkle_range_root(const struct merkle_source *src, uint64_t size,
                       uint8_t root[HASH_SIZE]);

/* PATH(index, D[size]) and PROOF(old, D[size]) of RFC 6962 2.1.1, 2.1.2.
 * false when index >= size, old > size or a leaf is missing. */
bool merkle_inclusion(const struct merkle_source *src, uint64_t index,
                      uint64_t size, struct merkle_proof *out);
bool merkle_consistency(const struct merkle_source *src, uint64_t old,
                        uint64_t size, struct merkle_proof *out);

/* RFC 9162 2.1.3.2 and 2.1.4.2. */
bool merkle_inclusion_holds(uint64_t index, uint64_t size,
                            const uint8_t leaf[HASH_SIZE],
                            const uint8_t root[HASH_SIZE],
                            const struct merkle_proof *p);
bool merkle_consistency_holds(uint64_t old, uint64_t size,
                              const uint8_t old_root[HASH_SIZE],
                              const uint8_t root[HASH_SIZE],
                              const struct merkle_proof *p);

#endif
