/* SPDX-License-Identifier: EUPL-1.2 */
#include "config.h"

#include "proof/merkle.h"

#include <string.h>

void
merkle_node(uint8_t out[HASH_SIZE], const uint8_t left[HASH_SIZE],
            const uint8_t right[HASH_SIZE])
{
    uint8_t m[1 + 2 * HASH_SIZE] = {0x01};
    memcpy(m + 1, left, HASH_SIZE);
    memcpy(m + 1 + HASH_SIZE, right, HASH_SIZE);
    sha256(out, m, sizeof m);
}

void
merkle_init(struct merkle *m)
{
    m->size = 0;
    m->count = 0;
}

void
merkle_append(struct merkle *m, const uint8_t leaf[HASH_SIZE])
{
    memcpy(m->node[m->count++], leaf, HASH_SIZE);
    /* Each trailing one bit of the old size is a subtree of the same height
     * as the one just made: join them. */
    for (uint64_t bits = m->size++; bits & 1; bits >>= 1) {
        m->count--;
        merkle_node(m->node[m->count - 1], m->node[m->count - 1],
                    m->node[m->count]);
    }
}

void
merkle_root(const struct merkle *m, uint8_t root[HASH_SIZE])
{
    if (m->count == 0) {
        sha256(root, NULL, 0);
        return;
    }
    memcpy(root, m->node[m->count - 1], HASH_SIZE);
    for (unsigned i = m->count - 1; i-- > 0;)
        merkle_node(root, m->node[i], root);
}

size_t
merkle_pack(const struct merkle *m, uint8_t out[MERKLE_LEVELS * 32])
{
    memcpy(out, m->node, (size_t)m->count * HASH_SIZE);
    return (size_t)m->count * HASH_SIZE;
}

bool
merkle_load(struct merkle *m, uint64_t size, const void *p, size_t n)
{
    unsigned count = (unsigned)__builtin_popcountll(size);
    if (count > MERKLE_LEVELS || n != (size_t)count * HASH_SIZE)
        return false;
    m->size = size;
    m->count = count;
    if (n)
        memcpy(m->node, p, n);
    return true;
}
