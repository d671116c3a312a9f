/* SPDX-License-Identifier: EUPL-1.2
 *
 * Proves: an identity is made, opened with its passphrase alone, its files
 * have the modes they should, nothing is overwritten, mixed-up files are
 * refused, the certificate says what DESIGN 6 asks for. Leaves out: keys and
 * their files (seal), signing (test_forsakran).
 */
#include "config.h"

#include "scene.h"

#include "forsakran/cert.h"
#include "forsakran/file.h"
#include "seal/vkey.h"

#include <openssl/x509v3.h>
#include <setjmp.h>
#include <stdarg.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

static struct scene scene;

static int
setup(void **state)
{
    (void)state;
    struct err e = {0};
    scene_init(&scene);
    return ca_create(scene.ca, "Sundby kommun", NULL, &e) != ERR_OK ||
           identity_create(scene.user, scene.ca, "hl0142", "Anna Ek",
                           "Sundby kommun", ORIGIN, PASSPHRASE, true,
                           &e) != ERR_OK;
}

static int
teardown(void **state)
{
    (void)state;
    scene_done(&scene);
    return 0;
}

static mode_t
mode_of(const char *dir, const char *name)
{
    char path[160];
    struct stat st;
    snprintf(path, sizeof(path), "%s/%s", dir, name);
    assert_int_equal(stat(path, &st), 0);
    return st.st_mode & 0777;
}

static void
test_files_have_their_modes(void **state)
{
    (void)state;
    assert_int_equal(mode_of(scene.user, "."), 0700);
    assert_int_equal(mode_of(scene.user, "sign.key"), 0600);
    assert_int_equal(mode_of(scene.user, "entry.key"), 0600);
    assert_int_equal(mode_of(scene.user, "losen"), 0600);
    assert_int_equal(mode_of(scene.ca, "ca.key"), 0600);
    assert_int_equal(mode_of(scene.ca, "."), 0700);
}

static void
test_opens_with_its_passphrase_alone(void **state)
{
    (void)state;
    struct err e = {0};
    struct identity *id = NULL;
    char vkey[160], print[16];
    assert_int_equal(identity_open(&id, scene.user, "fel", &e), ERR_PASSPHRASE);
    assert_null(id);
    assert_int_equal(identity_open(&id, scene.user, NULL, &e), ERR_PASSPHRASE);
    assert_int_equal(identity_open(&id, scene.user, PASSPHRASE, &e), ERR_OK);
    assert_non_null(identity_entry_key(id));
    assert_int_equal(identity_read_vkey(vkey, scene.user, &e), ERR_OK);
    assert_string_equal(vkey, identity_vkey(id));
    assert_memory_equal(vkey, ORIGIN "/hl0142+", strlen(ORIGIN) + 8);

    struct vkey v;
    char expect[16];
    assert_int_equal(vkey_parse(vkey, &v, &e), ERR_OK);
    snprintf(expect, sizeof(expect), "%02x%02x-%02x%02x", v.id[0], v.id[1],
             v.id[2], v.id[3]);
    identity_print(vkey, print);
    assert_string_equal(print, expect);
    identity_free(&id);
    assert_null(id);
}

static void
test_nothing_is_overwritten(void **state)
{
    (void)state;
    struct err e = {0};
    assert_int_equal(identity_create(scene.user, scene.ca, "hl0142", "Anna Ek",
                                     "Sundby kommun", ORIGIN, "x", false, &e),
                     ERR_BAD_INPUT);
    assert_int_equal(ca_create(scene.ca, "Sundby kommun", NULL, &e),
                     ERR_BAD_INPUT);
}

/* Two of a dir's files swapped for another user's: opening must notice. */
static void
test_mixed_up_files_are_refused(void **state)
{
    (void)state;
    static const char *const names[] = {"sign.crt", "sign.key", "entry.key"};
    struct err e = {0};
    char other[96], from[160], to[160];
    snprintf(other, sizeof(other), "%s/other", scene.dir);
    assert_int_equal(identity_create(other, scene.ca, "hl0131", "Bo Ask",
                                     "Sundby kommun", ORIGIN, PASSPHRASE, false,
                                     &e),
                     ERR_OK);
    snprintf(to, sizeof(to), "%s/losen", other);
    assert_int_equal(access(to, F_OK), -1); /* keep was false */
    for (size_t i = 0; i < 3; i++) {
        struct identity *id = NULL;
        AUTO_BUF(mine, 8192);
        AUTO_BUF(theirs, 8192);
        snprintf(from, sizeof(from), "%s/%s", scene.user, names[i]);
        snprintf(to, sizeof(to), "%s/%s", other, names[i]);
        assert_int_equal(file_read(from, &mine, &e), ERR_OK);
        assert_int_equal(file_read(to, &theirs, &e), ERR_OK);
        assert_int_equal(file_write(to, 0600, mine.data, mine.len, &e), ERR_OK);
        assert_int_equal(identity_open(&id, other, PASSPHRASE, &e), ERR_CONFIG);
        assert_null(id);
        assert_int_equal(file_write(to, 0600, theirs.data, theirs.len, &e),
                         ERR_OK);
    }
}

static void
test_certificate_says_what_it_should(void **state)
{
    (void)state;
    struct err e = {0};
    char path[160];
    X509 *x = NULL;
    snprintf(path, sizeof(path), "%s/sign.crt", scene.user);
    assert_int_equal(cert_load(&x, path, &e), ERR_OK);
    assert_int_equal(X509_get_key_usage(x), KU_DIGITAL_SIGNATURE);
    assert_int_equal(X509_get_extended_key_usage(x),
                     XKU_SSL_CLIENT | XKU_SMIME);
    assert_int_equal(X509_check_ca(x), 0);
    assert_int_equal(EVP_PKEY_get_bits(X509_get0_pubkey(x)), 256);
    assert_true(cert_names(x, "hl0142"));
    assert_false(cert_names(x, "hl014"));
    assert_false(cert_names(x, "hl01422"));
    assert_false(cert_names(x, "Anna Ek"));
    assert_false(cert_names(x, ""));
    int days = 0, seconds = 0;
    assert_int_equal(ASN1_TIME_diff(&days, &seconds, X509_get0_notBefore(x),
                                    X509_get0_notAfter(x)),
                     1);
    assert_in_range(days, 730, 731);
    X509_free(x);
}

static void
test_passphrases_differ_and_can_be_typed(void **state)
{
    (void)state;
    char a[25], b[25];
    identity_passphrase(a);
    identity_passphrase(b);
    assert_int_equal(strlen(a), 24);
    assert_string_not_equal(a, b);
    assert_int_equal(strspn(a, "abcdefghjkmnpqrstuvwxyz23456789-"), 24);
}

static void
test_bad_names_are_refused(void **state)
{
    (void)state;
    struct err e = {0};
    char dir[96], longname[128];
    memset(longname, 'a', 100);
    longname[100] = '\0';
    snprintf(dir, sizeof(dir), "%s/bad", scene.dir);
    assert_int_equal(identity_create(dir, scene.ca, "hl 1", "A", "K", ORIGIN,
                                     "x", false, &e),
                     ERR_BAD_INPUT); /* a space in the name of a key */
    assert_int_equal(identity_create(dir, scene.ca, "hl1", longname, "K",
                                     ORIGIN, "x", false, &e),
                     ERR_BAD_INPUT); /* a certificate takes 64 letters */
    assert_int_equal(
        identity_create(dir, scene.ca, "hl1", "A", "K", ORIGIN, "", false, &e),
        ERR_BAD_INPUT);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_files_have_their_modes),
        cmocka_unit_test(test_opens_with_its_passphrase_alone),
        cmocka_unit_test(test_nothing_is_overwritten),
        cmocka_unit_test(test_mixed_up_files_are_refused),
        cmocka_unit_test(test_certificate_says_what_it_should),
        cmocka_unit_test(test_passphrases_differ_and_can_be_typed),
        cmocka_unit_test(test_bad_names_are_refused),
    };
    return cmocka_run_group_tests(tests, setup, teardown);
}
