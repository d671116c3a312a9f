/* SPDX-License-Identifier: EUPL-1.2
 *
 * Proves: SHA-256 and Ed25519 give the published values (FIPS 180-2, RFC 8032
 * 7.1), keys come back from their files and only with their passphrase, vkeys
 * have one text form. Leaves out: CMS, which test_ledger has.
 */
#include "config.h"

#include "base/text.h"
#include "seal/hash.h"
#include "seal/key.h"
#include "seal/vkey.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

static void
test_sha256_of_abc(void **state)
{
    (void)state;
    uint8_t h[32];
    char hex[65];
    SHA256_OF(h, {"a", 1}, {"", 0}, {"bc", 2});
    text_hex(h, 32, hex);
    assert_string_equal(hex, "ba7816bf8f01cfea414140de5dae2223b00361a396177a9c"
                             "b410ff61f20015ad");
    sha256(h, NULL, 0);
    text_hex(h, 32, hex);
    assert_string_equal(hex, "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934c"
                             "a495991b7852b855");
}

/* RFC 8032 7.1, TEST 2. */
static void
test_ed25519_of_rfc_8032(void **state)
{
    (void)state;
    uint8_t pub[32], sig[64];
    AUTO_KEY struct key *k = NULL;
    assert_true(text_unhex("3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0c"
                           "d55f12af4660c",
                           pub, 32));
    assert_true(text_unhex("92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb37"
                           "62223ebdb69da085ac1e43e15996e458f3613d0f11d8c387b2e"
                           "aeb4302aeeb00d291612bb0c00",
                           sig, 64));
    assert_int_equal(key_from_public(pub, &k, NULL), ERR_OK);
    assert_true(key_verify(k, "\x72", 1, sig));
    assert_false(key_verify(k, "\x73", 1, sig));
    sig[40] ^= 1;
    assert_false(key_verify(k, "\x72", 1, sig));
    struct err e;
    assert_int_equal(key_sign(k, "x", 1, sig, &e), ERR_INTERNAL);
}

static void
test_keys_come_back_from_their_file(void **state)
{
    (void)state;
    char dir[] = "/tmp/enfraga-seal-XXXXXX", path[64];
    assert_non_null(mkdtemp(dir));
    snprintf(path, sizeof path, "%s/k.pem", dir);
    AUTO_KEY struct key *k = NULL, *same = NULL;
    struct err e;
    uint8_t a[32], b[32], sig[64];
    assert_int_equal(key_new_ed25519(&k, &e), ERR_OK);
    assert_int_equal(key_save(k, path, "åtta ord", &e), ERR_OK);
    struct stat st;
    assert_int_equal(stat(path, &st), 0);
    assert_int_equal(st.st_mode & 07777, 0600);
    assert_int_equal(key_load(path, "åtta Ord", &same, &e), ERR_PASSPHRASE);
    assert_int_equal(key_load(path, NULL, &same, &e), ERR_PASSPHRASE);
    assert_int_equal(key_load(path, "åtta ord", &same, &e), ERR_OK);
    assert_true(key_public_raw(k, a) && key_public_raw(same, b));
    assert_memory_equal(a, b, 32);
    assert_int_equal(key_sign(same, "abc", 3, sig, &e), ERR_OK);
    assert_true(key_verify(k, "abc", 3, sig));
    key_free(&same);
    key_free(&k);

    assert_int_equal(key_new_p256(&k, &e), ERR_OK);
    assert_int_equal(key_save(k, path, NULL, &e), ERR_OK);
    assert_int_equal(key_load(path, NULL, &same, &e), ERR_OK);
    assert_false(key_public_raw(same, a));
    assert_int_equal(key_sign(same, "abc", 3, sig, &e), ERR_INTERNAL);
    key_free(&same);
    unlink(path);
    assert_int_equal(key_load(path, NULL, &same, &e), ERR_NOT_FOUND);
    rmdir(dir);
}

/* The key and name of the example in C2SP signed-note. */
static void
test_vkey_has_one_text_form(void **state)
{
    (void)state;
    const char *text =
        "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW";
    struct vkey v;
    char back[VKEY_TEXT_MAX];
    struct err e;
    assert_int_equal(vkey_parse(text, &v, &e), ERR_OK);
    assert_string_equal(v.name, "PeterNeumann");
    vkey_text(&v, back);
    assert_string_equal(back, text);
    char bad[80];
    for (size_t i = 0; i < strlen(text); i++) {
        snprintf(bad, sizeof bad, "%s", text);
        bad[i] ^= 1;
        assert_int_equal(vkey_parse(bad, &v, &e), ERR_BAD_INPUT);
    }
    assert_false(vkey_name_ok(""));
    assert_false(vkey_name_ok("a b"));
    assert_false(vkey_name_ok("a+b"));
    assert_false(vkey_name_ok("a\xc2\xa0"));
    assert_true(vkey_name_ok("audit.sundby.se/värd/1"));
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_sha256_of_abc),
        cmocka_unit_test(test_ed25519_of_rfc_8032),
        cmocka_unit_test(test_keys_come_back_from_their_file),
        cmocka_unit_test(test_vkey_has_one_text_form),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
