/* SPDX-License-Identifier: EUPL-1.2
 *
 * Proves: the worked example of RFC 6962 2.1.3, node by node; roots, inclusion
 * and consistency proofs of all trees of up to 64 leaves are what an
 * independent program (tlog.py) makes of RFC 6962; every
 * proof holds, and not for another index, leaf, size or with a bit flipped;
 * the frontier survives packing. Leaves out: trees of more than 2^32 leaves.
 */
#include "config.h"

#include "base/text.h"
#include "proof/merkle.h"

#include <inttypes.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

enum { LEAVES = 64 };

static uint8_t leaves[LEAVES][HASH_SIZE];

static bool
leaf_node(void *ctx, uint64_t index, unsigned level, uint8_t out[HASH_SIZE])
{
    (void)ctx;
    if (level || index >= LEAVES)
        return false;
    memcpy(out, leaves[index], HASH_SIZE);
    return true;
}

static const struct merkle_source source = {.node = leaf_node};

static int
setup(void **state)
{
    (void)state;
    for (int i = 0; i < LEAVES; i++) {
        char text[32];
        int n = snprintf(text, sizeof text, "leaf %d", i);
        SHA256_OF(leaves[i], {"", 1}, {text, (size_t)n});
    }
    return 0;
}

static void
root_of(uint64_t n, uint8_t out[HASH_SIZE])
{
    struct merkle m;
    merkle_init(&m);
    for (uint64_t i = 0; i < n; i++)
        merkle_append(&m, leaves[i]);
    merkle_root(&m, out);
}

/* What our code says, in the words of tlog.py. */
static void
print_all(struct buf *b)
{
    char hex[65];
    uint8_t r[HASH_SIZE];
    struct merkle_proof p;
    for (uint64_t n = 0; n <= LEAVES; n++) {
        root_of(n, r);
        text_hex(r, HASH_SIZE, hex);
        buf_addf(b, "root %" PRIu64 " %s\n", n, hex);
        for (uint64_t k = 0; k < 2 * n; k++) {
            uint64_t m = k < n ? k : k - n + 1;
            assert_true(k < n ? merkle_inclusion(&source, m, n, &p)
                              : merkle_consistency(&source, m, n, &p));
            buf_addf(b, "%s %" PRIu64 " %" PRIu64, k < n ? "path" : "cons", m,
                     n);
            for (unsigned i = 0; i < p.count; i++) {
                text_hex(p.hash[i], HASH_SIZE, hex);
                buf_addf(b, " %s", hex);
            }
            buf_addc(b, '\n');
        }
    }
}

static void
test_same_as_the_second_implementation(void **state)
{
    (void)state;
    AUTO_BUF(ours, 8 << 20);
    AUTO_BUF(theirs, 8 << 20);
    AUTO_BUF(command, 4096);
    buf_addf(&command, "python3 '%s/tests/lib/tlog.py' vectors",
             getenv("srcdir"));
    print_all(&ours);
    FILE *f = popen(buf_str(&command), "r");
    assert_non_null(f);
    char block[4096];
    for (size_t n; (n = fread(block, 1, sizeof block, f)) > 0;)
        buf_add(&theirs, block, n);
    assert_int_equal(pclose(f), 0);
    assert_int_equal(ours.len, theirs.len);
    assert_memory_equal(ours.data, theirs.data, ours.len);
}

/* The root of the empty tree, and of one leaf of no bytes: RFC 6962 2.1. */
static void
test_published_values(void **state)
{
    (void)state;
    struct merkle m;
    uint8_t r[HASH_SIZE], leaf[HASH_SIZE];
    char hex[65];
    merkle_init(&m);
    merkle_root(&m, r);
    text_hex(r, HASH_SIZE, hex);
    assert_string_equal(hex, "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934c"
                             "a495991b7852b855");
    sha256(leaf, "", 1);
    merkle_append(&m, leaf);
    merkle_root(&m, r);
    text_hex(r, HASH_SIZE, hex);
    assert_string_equal(hex, "6e340b9cffb37a989ca544e6bb780a2c78901d3fb3373876"
                             "8511a30617afa01d");
}

/* RFC 6962 2.1.3: seven leaves, and the names of the nodes over them. */
struct worked {
    uint8_t a[HASH_SIZE], b[HASH_SIZE], c[HASH_SIZE], d[HASH_SIZE],
        e[HASH_SIZE], f[HASH_SIZE], j[HASH_SIZE]; /* the leaves' hashes */
    uint8_t g[HASH_SIZE], h[HASH_SIZE], i[HASH_SIZE], k[HASH_SIZE],
        l[HASH_SIZE], root[HASH_SIZE];
};

static void
node(uint8_t out[HASH_SIZE], const uint8_t left[HASH_SIZE],
     const uint8_t right[HASH_SIZE])
{
    SHA256_OF(out, {"\1", 1}, {left, HASH_SIZE}, {right, HASH_SIZE});
}

static bool
worked_node(void *ctx, uint64_t index, unsigned level, uint8_t out[HASH_SIZE])
{
    struct worked *w = ctx;
    const uint8_t *leaf[] = {w->a, w->b, w->c, w->d, w->e, w->f, w->j};
    if (level || index >= 7)
        return false;
    memcpy(out, leaf[index], HASH_SIZE);
    return true;
}

/* The proof is these nodes, in this order. */
static void
assert_nodes(const struct merkle_proof *p, const uint8_t *n0, const uint8_t *n1,
             const uint8_t *n2, const uint8_t *n3)
{
    const uint8_t *want[] = {n0, n1, n2, n3};
    unsigned n = 0;
    for (; n < 4 && want[n]; n++)
        assert_memory_equal(p->hash[n], want[n], HASH_SIZE);
    assert_int_equal(p->count, n);
}

static void
test_the_worked_example(void **state)
{
    (void)state;
    static const struct {
        const char *p;
        size_t n;
    } data[7] = {{"", 0},         {"\x00", 1}, {"\x10", 1},    {"\x20\x21", 2},
                 {"\x30\x31", 2}, {"@ABC", 4}, {"PQRSTUVW", 8}};
    struct worked w;
    uint8_t *leaf[] = {w.a, w.b, w.c, w.d, w.e, w.f, w.j}, r[HASH_SIZE];
    struct merkle m;
    struct merkle_proof p;
    char hex[65];
    struct merkle_source src = {.node = worked_node, .ctx = &w};
    merkle_init(&m);
    for (int i = 0; i < 7; i++) {
        SHA256_OF(leaf[i], {"", 1}, {data[i].p, data[i].n});
        merkle_append(&m, leaf[i]);
    }
    node(w.g, w.a, w.b);
    node(w.h, w.c, w.d);
    node(w.i, w.e, w.f);
    node(w.k, w.g, w.h);
    node(w.l, w.i, w.j);
    node(w.root, w.k, w.l);
    merkle_root(&m, r);
    assert_memory_equal(r, w.root, HASH_SIZE);
    text_hex(r, HASH_SIZE, hex);
    assert_string_equal(hex, "ddb89be403809e325750d3d263cd78929c2942b7942a34b7"
                             "7e122c9594a74c8c");
    assert_true(merkle_inclusion(&src, 0, 7, &p));
    assert_nodes(&p, w.b, w.h, w.l, NULL);
    assert_true(merkle_inclusion(&src, 3, 7, &p));
    assert_nodes(&p, w.c, w.g, w.l, NULL);
    assert_true(merkle_inclusion(&src, 4, 7, &p));
    assert_nodes(&p, w.f, w.j, w.k, NULL);
    assert_true(merkle_inclusion(&src, 6, 7, &p));
    assert_nodes(&p, w.i, w.k, NULL, NULL);
    assert_true(merkle_consistency(&src, 3, 7, &p));
    assert_nodes(&p, w.c, w.d, w.g, w.l);
    assert_true(merkle_consistency(&src, 4, 7, &p));
    assert_nodes(&p, w.l, NULL, NULL, NULL);
    assert_true(merkle_consistency(&src, 6, 7, &p));
    assert_nodes(&p, w.i, w.j, w.k, NULL);
}

static void
test_inclusion_holds_and_nothing_else(void **state)
{
    (void)state;
    struct merkle_proof p;
    uint8_t r[HASH_SIZE], other[HASH_SIZE];
    for (uint64_t n = 1; n <= LEAVES; n++) {
        root_of(n, r);
        for (uint64_t m = 0; m < n; m++) {
            assert_true(merkle_inclusion(&source, m, n, &p));
            assert_true(merkle_inclusion_holds(m, n, leaves[m], r, &p));
            for (uint64_t x = 0; x < n; x++)
                if (x != m) {
                    assert_false(
                        merkle_inclusion_holds(x, n, leaves[m], r, &p));
                    assert_false(
                        merkle_inclusion_holds(m, n, leaves[x], r, &p));
                }
            memcpy(other, r, HASH_SIZE);
            other[n % HASH_SIZE] ^= 4;
            assert_false(merkle_inclusion_holds(m, n, leaves[m], other, &p));
            for (unsigned i = 0; i < p.count; i++) {
                p.hash[i][i % HASH_SIZE] ^= 0x10;
                assert_false(merkle_inclusion_holds(m, n, leaves[m], r, &p));
                p.hash[i][i % HASH_SIZE] ^= 0x10;
            }
            p.count++;
            assert_false(merkle_inclusion_holds(m, n, leaves[m], r, &p));
        }
        assert_false(merkle_inclusion(&source, n, n, &p));
    }
}

static void
test_consistency_holds_and_nothing_else(void **state)
{
    (void)state;
    struct merkle_proof p;
    uint8_t r[HASH_SIZE], old[HASH_SIZE];
    for (uint64_t n = 1; n <= LEAVES; n++) {
        root_of(n, r);
        for (uint64_t m = 1; m <= n; m++) {
            root_of(m, old);
            assert_true(merkle_consistency(&source, m, n, &p));
            assert_true(merkle_consistency_holds(m, n, old, r, &p));
            old[3] ^= 1;
            assert_false(merkle_consistency_holds(m, n, old, r, &p));
            old[3] ^= 1;
            for (unsigned i = 0; i < p.count; i++) {
                p.hash[i][0] ^= 0x80;
                assert_false(merkle_consistency_holds(m, n, old, r, &p));
                p.hash[i][0] ^= 0x80;
            }
            if (p.count) {
                p.count--;
                assert_false(merkle_consistency_holds(m, n, old, r, &p));
            }
        }
        assert_false(merkle_consistency(&source, n + 1, n, &p));
    }
}

static void
test_frontier_survives_packing(void **state)
{
    (void)state;
    struct merkle m, back;
    uint8_t packed[MERKLE_LEVELS * 32], a[HASH_SIZE], b[HASH_SIZE];
    merkle_init(&m);
    for (int i = 0; i < LEAVES; i++) {
        size_t n = merkle_pack(&m, packed);
        assert_true(merkle_load(&back, m.size, packed, n));
        assert_false(merkle_load(&back, m.size, packed, n + 32));
        assert_true(merkle_load(&back, m.size, packed, n));
        merkle_append(&back, leaves[i]);
        merkle_append(&m, leaves[i]);
        merkle_root(&m, a);
        merkle_root(&back, b);
        assert_memory_equal(a, b, HASH_SIZE);
    }
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_published_values),
        cmocka_unit_test(test_the_worked_example),
        cmocka_unit_test(test_same_as_the_second_implementation),
        cmocka_unit_test(test_inclusion_holds_and_nothing_else),
        cmocka_unit_test(test_consistency_holds_and_nothing_else),
        cmocka_unit_test(test_frontier_survives_packing),
    };
    return cmocka_run_group_tests(tests, setup, NULL);
}
