/* SPDX-License-Identifier: EUPL-1.2
 *
 * Proves: AES-256-GCM and AES key wrap give the published values (the GCM
 * specification's test case 16; RFC 3394 4.6), and neither opens what was
 * changed, nor under another key. Leaves out: what is sealed with them
 * (test_day), and the envelope (test_day, test_sealed.py).
 */
#include "config.h"

#include "base/text.h"
#include "seal/aead.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static void
unhex(const char *hex, uint8_t *out, size_t n)
{
    assert_true(text_unhex(hex, out, n));
}

static void
test_gcm_case_16(void **state)
{
    (void)state;
    uint8_t key[32], nonce[12], aad[20], p[60], want[60], tag[16];
    uint8_t out[60], made[16], back[60];
    struct aead *a = aead_new();
    unhex("feffe9928665731c6d6a8f9467308308feffe9928665731c6d6a8f9467308308",
          key, 32);
    unhex("cafebabefacedbaddecaf888", nonce, 12);
    unhex("feedfacedeadbeeffeedfacedeadbeefabaddad2", aad, 20);
    unhex("d9313225f88406e5a55909c5aff5269a86a7a9531534f7da2e4c303d8a318a72"
          "1c3c0c95956809532fcf0e2449a6b525b16aedf5aa0de657ba637b39",
          p, 60);
    unhex("522dc1f099567d07f47f37a32a84427d643a8cdcbfe5c0c97598a2bd2555d1aa"
          "8cb08e48590dbb3da7b08b1056828838c5f61e6393ba7a0abcc9f662",
          want, 60);
    unhex("76fc6ece0f4e1768cddf8853bb2d551b", tag, 16);
    /* in two parts, and twice with one context */
    const struct hash_part parts[] = {{aad, 5}, {aad + 5, 15}};
    for (int i = 0; i < 2; i++) {
        aead_seal(a, key, nonce, parts, 2, p, 60, out, made);
        assert_memory_equal(out, want, 60);
        assert_memory_equal(made, tag, 16);
        assert_true(aead_open(a, key, nonce, parts, 2, out, 60, tag, back));
        assert_memory_equal(back, p, 60);
    }
    static const uint8_t zero[60];
    for (int what = 0; what < 4; what++) {
        uint8_t *at = (uint8_t *[]){out, tag, aad, key}[what];
        at[3] ^= 1;
        assert_false(aead_open(a, key, nonce, parts, 2, out, 60, tag, back));
        assert_memory_equal(back, zero, 60);
        at[3] ^= 1;
    }
    assert_true(aead_open(a, key, nonce, parts, 2, out, 60, tag, back));
    aead_free(&a);
    assert_null(a);
}

static void
test_wrap_of_rfc_3394(void **state)
{
    (void)state;
    uint8_t kek[32], key[32], want[40], out[40], back[32];
    struct aead *a = aead_new();
    unhex("000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f",
          kek, 32);
    unhex("00112233445566778899aabbccddeeff000102030405060708090a0b0c0d0e0f",
          key, 32);
    unhex("28c9f404c4b810f4cbccb35cfb87f8263f5786e2d80ed326cbc7f0e71a99f43b"
          "fb988b9b7a02dd21",
          want, 40);
    for (int i = 0; i < 2; i++) {
        aead_wrap(a, kek, key, out);
        assert_memory_equal(out, want, 40);
        assert_true(aead_unwrap(a, kek, out, back));
        assert_memory_equal(back, key, 32);
    }
    for (int i = 0; i < 40; i++) {
        out[i] ^= 1;
        assert_false(aead_unwrap(a, kek, out, back));
        out[i] ^= 1;
    }
    kek[0] ^= 1;
    assert_false(aead_unwrap(a, kek, out, back));
    kek[0] ^= 1;
    assert_true(aead_unwrap(a, kek, out, back));
    aead_free(&a);
}

static void
test_secrets_are_zeroed_memory(void **state)
{
    (void)state;
    secret_init();
    uint8_t *p = secret_new(32);
    for (int i = 0; i < 32; i++)
        assert_int_equal(p[i], 0);
    memset(p, 0xa5, 32);
    secret_free(p, 32);
    secret_free(NULL, 0);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_gcm_case_16),
        cmocka_unit_test(test_wrap_of_rfc_3394),
        cmocka_unit_test(test_secrets_are_zeroed_memory),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
