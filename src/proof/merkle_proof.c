/* SPDX-License-Identifier: EUPL-1.2
 *
 * Proofs of RFC 6962 2.1.1 and 2.1.2, made over a source of hashes and checked
 * by the algorithms of RFC 9162 2.1.3.2 and 2.1.4.2.
 */
#include "config.h"

#include "proof/merkle.h"

#include <string.h>

/* The largest power of two below n, n > 1. */
static uint64_t
split(uint64_t n)
{
    return 1ull << (63 - __builtin_clzll(n - 1));
}

/* MTH(D[from:from+n]). `from` is a multiple of the power of two that covers
 * n, which holds for each range that the proofs visit. */
static bool
range(const struct merkle_source *s, uint64_t from, uint64_t n,
      uint8_t out[HASH_SIZE])
{
    if ((n & (n - 1)) == 0) {
        unsigned level = (unsigned)__builtin_ctzll(n);
        if (s->node(s->ctx, from >> level, level, out))
            return true;
        if (level == 0)
            return false;
    }
    uint64_t k = split(n);
    uint8_t right[HASH_SIZE];
    if (!range(s, from, k, out) || !range(s, from + k, n - k, right))
        return false;
    merkle_node(out, out, right);
    return true;
}

bool
merkle_range_root(const struct merkle_source *src, uint64_t size,
                  uint8_t root[HASH_SIZE])
{
    if (size == 0) {
        sha256(root, NULL, 0);
        return true;
    }
    return range(src, 0, size, root);
}

static bool
add(const struct merkle_source *s, uint64_t from, uint64_t n,
    struct merkle_proof *out)
{
    return out->count <= MERKLE_LEVELS &&
           range(s, from, n, out->hash[out->count++]);
}

/* The path is built leaf first: the recursion's result comes before the
 * sibling of this level. */
static bool
path(const struct merkle_source *s, uint64_t index, uint64_t from, uint64_t n,
     struct merkle_proof *out)
{
    if (n == 1)
        return true;
    uint64_t k = split(n);
    if (index < k)
        return path(s, index, from, k, out) && add(s, from + k, n - k, out);
    return path(s, index - k, from + k, n - k, out) && add(s, from, k, out);
}

bool
merkle_inclusion(const struct merkle_source *src, uint64_t index, uint64_t size,
                 struct merkle_proof *out)
{
    out->count = 0;
    return index < size && path(src, index, 0, size, out);
}

static bool
subproof(const struct merkle_source *s, uint64_t m, uint64_t from, uint64_t n,
         bool whole, struct merkle_proof *out)
{
    if (m == n)
        return whole || add(s, from, n, out);
    uint64_t k = split(n);
    if (m <= k)
        return subproof(s, m, from, k, whole, out) &&
               add(s, from + k, n - k, out);
    return subproof(s, m - k, from + k, n - k, false, out) &&
           add(s, from, k, out);
}

bool
merkle_consistency(const struct merkle_source *src, uint64_t old, uint64_t size,
                   struct merkle_proof *out)
{
    out->count = 0;
    if (old > size)
        return false;
    return old == 0 || old == size || subproof(src, old, 0, size, true, out);
}

bool
merkle_inclusion_holds(uint64_t index, uint64_t size,
                       const uint8_t leaf[HASH_SIZE],
                       const uint8_t root[HASH_SIZE],
                       const struct merkle_proof *p)
{
    uint8_t r[HASH_SIZE];
    if (index >= size || p->count > MERKLE_LEVELS)
        return false;
    uint64_t fn = index, sn = size - 1;
    memcpy(r, leaf, HASH_SIZE);
    for (unsigned i = 0; i < p->count; i++) {
        if (sn == 0)
            return false;
        if ((fn & 1) || fn == sn) {
            merkle_node(r, p->hash[i], r);
            while (!(fn & 1) && fn) {
                fn >>= 1;
                sn >>= 1;
            }
        } else {
            merkle_node(r, r, p->hash[i]);
        }
        fn >>= 1;
        sn >>= 1;
    }
    return sn == 0 && memcmp(r, root, HASH_SIZE) == 0;
}

bool
merkle_consistency_holds(uint64_t old, uint64_t size,
                         const uint8_t old_root[HASH_SIZE],
                         const uint8_t root[HASH_SIZE],
                         const struct merkle_proof *p)
{
    uint8_t fr[HASH_SIZE], sr[HASH_SIZE];
    unsigned i = 0;
    if (old > size || p->count > MERKLE_LEVELS + 1)
        return false;
    if (old == 0 || old == size)
        return p->count == 0 &&
               (old == 0 || memcmp(old_root, root, HASH_SIZE) == 0);
    if (p->count == 0)
        return false;
    /* A complete old tree is its own first node. */
    bool power = (old & (old - 1)) == 0;
    const uint8_t *first = power ? old_root : p->hash[i++];
    uint64_t fn = old - 1, sn = size - 1;
    for (; fn & 1; fn >>= 1)
        sn >>= 1;
    memcpy(fr, first, HASH_SIZE);
    memcpy(sr, first, HASH_SIZE);
    for (; i < p->count; i++) {
        if (sn == 0)
            return false;
        if ((fn & 1) || fn == sn) {
            merkle_node(fr, p->hash[i], fr);
            merkle_node(sr, p->hash[i], sr);
            while (!(fn & 1) && fn) {
                fn >>= 1;
                sn >>= 1;
            }
        } else {
            merkle_node(sr, sr, p->hash[i]);
        }
        fn >>= 1;
        sn >>= 1;
    }
    return sn == 0 && memcmp(fr, old_root, HASH_SIZE) == 0 &&
           memcmp(sr, root, HASH_SIZE) == 0;
}
