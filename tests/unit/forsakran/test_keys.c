/* SPDX-License-Identifier: EUPL-1.2
 *
 * Proves: a user's keys are made with a request that their holder signed, and
 * never over others; a certificate is installed beside its own key, and what
 * is wrong with another is said; an entry key that is to take over changes
 * nothing until it does, and a move cut short is finished; what is set aside
 * is kept. Leaves out: the prompts and enfragad (test_skarp.py).
 */
#include "config.h"

#include "scene.h"

#include "base/clock.h"
#include "forsakran/ca.h"
#include "forsakran/cert.h"
#include "forsakran/file.h"
#include "forsakran/keys.h"
#include "forsakran/request.h"

#include <setjmp.h>
#include <stdarg.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

static struct scene scene;
static char ca_pem[8192];
static const struct keys_owner owner = {"hl0142", "Anna Åberg", "Sundby kommun",
                                        ORIGIN};

static const char *
at(const char *dir, const char *name)
{
    static char path[4][200];
    static int turn;
    char *out = path[turn++ % 4];
    snprintf(out, sizeof path[0], "%s/%s", dir, name);
    return out;
}

static void
read_text(const char *path, char *out, size_t size)
{
    AUTO_BUF(b, 8192);
    assert_int_equal(file_read(path, &b, NULL), ERR_OK);
    snprintf(out, size, "%s", buf_str(&b));
}

static int
setup(void **state)
{
    (void)state;
    struct err e = {0};
    scene_init(&scene);
    if (ca_init(scene.ca, "Sundby kommun", PASSPHRASE, &e) ||
        keys_make(scene.user, &owner, PASSPHRASE, &e) ||
        keys_make_review(scene.user, &owner, "en helt annan fras", &e))
        return 1;
    read_text(scene.ca_crt, ca_pem, sizeof ca_pem);
    return 0;
}

static int
teardown(void **state)
{
    (void)state;
    scene_done(&scene);
    return 0;
}

/* A certificate by the scene's CA, in a file. */
static const char *
issue(const char *request, const char *konto, bool review)
{
    char serial[CA_SERIAL_TEXT];
    struct err e = {0};
    AUTO_BUF(pem, CA_PEM_MAX);
    const struct ca_wish w = {request, konto, "Anna Åberg", review};
    const char *file = at(scene.dir, "given.crt");
    assert_int_equal(ca_issue(scene.ca, PASSPHRASE, &w, &pem, serial, &e),
                     ERR_OK);
    assert_int_equal(file_write(file, 0644, pem.data, pem.len, &e), ERR_OK);
    return file;
}

static enum err_code
install(const char *file, const char *ca, int64_t now_ms, enum keys_use *use,
        struct err *e)
{
    return keys_install(scene.user, "hl0142", file, ca, now_ms, use, e);
}

static void
wrong(const char *file, const char *ca, int64_t now_ms, const char *word)
{
    struct err e = {0};
    enum keys_use use;
    assert_int_equal(install(file, ca, now_ms, &use, &e), ERR_BAD_INPUT);
    if (!strstr(e.text, word))
        fail_msg("\"%s\" is not in: %s", word, e.text);
    assert_int_equal(access(at(scene.user, "sign.crt"), F_OK), -1);
}

static void
test_keys_are_made_once(void **state)
{
    (void)state;
    struct err e = {0};
    EVP_PKEY *sign = NULL, *review = NULL;
    static const char *const closed[] = {"sign.key", "entry.key", "review.key"};
    for (size_t i = 0; i < 3; i++) {
        struct stat st;
        assert_int_equal(stat(at(scene.user, closed[i]), &st), 0);
        assert_int_equal(st.st_mode & 0777, 0600);
    }
    assert_int_equal(keys_make(scene.user, &owner, PASSPHRASE, &e),
                     ERR_BAD_INPUT);
    assert_int_equal(keys_make_review(scene.user, &owner, PASSPHRASE, &e),
                     ERR_BAD_INPUT);
    assert_int_equal(request_key(&sign, at(scene.user, "sign.csr"), &e),
                     ERR_OK);
    assert_int_equal(request_key(&review, at(scene.user, "review.csr"), &e),
                     ERR_OK);
    assert_int_not_equal(EVP_PKEY_eq(sign, review), 1);
    EVP_PKEY_free(sign);
    EVP_PKEY_free(review);
    assert_int_equal(keys_make(at(scene.dir, "ingen/fras"), &owner, "", &e),
                     ERR_BAD_INPUT);
    assert_int_equal(access(at(scene.dir, "ingen"), F_OK), -1);
    /* A name that no certificate or no key takes leaves no key behind. */
    char name[101];
    memset(name, 'a', 100);
    name[100] = '\0';
    const struct keys_owner bad[] = {{"hl0142", name, "K", ORIGIN},
                                     {"hl 1", "A", "K", ORIGIN}};
    for (size_t i = 0; i < 2; i++) {
        assert_int_equal(
            keys_make(at(scene.dir, "fel"), &bad[i], PASSPHRASE, &e),
            ERR_BAD_INPUT);
        assert_int_equal(access(at(scene.dir, "fel/sign.key"), F_OK), -1);
    }
}

static void
test_what_is_wrong_is_said(void **state)
{
    (void)state;
    struct err e = {0};
    int64_t now = clock_now_ms();
    const int64_t year = INT64_C(365) * 24 * 3600 * 1000;
    char mine[160];
    snprintf(mine, sizeof mine, "%s/sign.csr", scene.user);
    wrong(issue(mine, "hl0131", false), ca_pem, now, "hl0142");
    wrong(issue(mine, "hl0142", true), ca_pem, now, "digitalSignature");
    wrong(issue(mine, "hl0142", false), ca_pem, now + 3 * year, "expired");
    wrong(issue(mine, "hl0142", false), ca_pem, now - year, "yet");
    wrong(scene.ca_crt, ca_pem, now, "no key");
    wrong(mine, ca_pem, now, "no certificate");
    wrong(at(scene.dir, "saknas"), ca_pem, now, "no certificate");

    char other[96], other_pem[8192];
    snprintf(other, sizeof other, "%s/ca2", scene.dir);
    assert_int_equal(ca_init(other, "Norrby", PASSPHRASE, &e), ERR_OK);
    read_text(at(other, "ca.crt"), other_pem, sizeof other_pem);
    wrong(issue(mine, "hl0142", false), other_pem, now, "vouch");
    wrong(issue(at(scene.user, "review.csr"), "hl0142", false), ca_pem, now,
          "keyAgreement");
}

static void
test_a_certificate_lies_beside_its_key(void **state)
{
    (void)state;
    struct err e = {0};
    enum keys_use use;
    struct identity *id = NULL;
    int64_t now = clock_now_ms();
    assert_int_equal(identity_open(&id, scene.user, PASSPHRASE, &e),
                     ERR_NOT_FOUND);
    assert_non_null(strstr(e.text, "nycklar installera"));
    const char *crt = issue(at(scene.user, "sign.csr"), "hl0142", false);
    assert_int_equal(install(crt, ca_pem, now, &use, &e), ERR_OK);
    assert_int_equal(use, KEYS_SIGN);
    assert_int_equal(identity_open(&id, scene.user, PASSPHRASE, &e), ERR_OK);
    identity_free(&id);
    crt = issue(at(scene.user, "review.csr"), "hl0142", true);
    assert_int_equal(install(crt, NULL, now, &use, &e), ERR_OK);
    assert_int_equal(use, KEYS_REVIEW);
    assert_int_equal(access(at(scene.user, "review.crt"), R_OK), 0);
}

static void
test_an_entry_key_takes_over(void **state)
{
    (void)state;
    struct err e = {0};
    struct identity *id = NULL;
    char before[160], new[160], got[160];
    assert_int_equal(identity_read_vkey(before, scene.user, &e), ERR_OK);
    assert_int_equal(keys_waiting(scene.user, got, &e), ERR_NOT_FOUND);
    assert_int_equal(keys_begin_change(scene.user, &owner, PASSPHRASE, new, &e),
                     ERR_OK);
    assert_string_not_equal(new, before);
    assert_int_equal(keys_waiting(scene.user, got, &e), ERR_OK);
    assert_string_equal(got, new);
    assert_int_equal(identity_open(&id, scene.user, PASSPHRASE, &e), ERR_OK);
    assert_string_equal(identity_vkey(id), before);
    identity_free(&id);
    /* cut short between the two files */
    assert_int_equal(
        rename(at(scene.user, "ny/entry.key"), at(scene.user, "entry.key")), 0);
    assert_int_equal(identity_open(&id, scene.user, PASSPHRASE, &e),
                     ERR_CONFIG);
    assert_non_null(strstr(e.text, "nycklar byt")); /* what ends it */
    assert_int_equal(keys_end_change(scene.user, &e), ERR_OK);
    assert_int_equal(identity_open(&id, scene.user, PASSPHRASE, &e), ERR_OK);
    assert_string_equal(identity_vkey(id), new);
    identity_free(&id);
    assert_int_equal(access(at(scene.user, "ny"), F_OK), -1);
    assert_int_equal(keys_end_change(scene.user, &e), ERR_OK);
}

static void
test_what_is_set_aside_is_kept(void **state)
{
    (void)state;
    struct err e = {0};
    char where[800], was[8192], is[8192], file[900];
    read_text(at(scene.user, "sign.key"), was, sizeof was);
    assert_int_equal(keys_set_aside(scene.user, false, where, &e), ERR_OK);
    snprintf(file, sizeof file, "%s/sign.key", where);
    read_text(file, is, sizeof is);
    assert_string_equal(was, is);
    assert_int_equal(access(at(scene.user, "entry.vkey"), F_OK), -1);
    assert_int_equal(access(at(scene.user, "review.key"), F_OK), 0);
    assert_int_equal(keys_make(scene.user, &owner, PASSPHRASE, &e), ERR_OK);
    assert_int_equal(keys_set_aside(scene.user, true, where, &e), ERR_OK);
    assert_int_equal(access(at(scene.user, "review.key"), F_OK), -1);
    assert_int_equal(access(at(scene.user, "sign.key"), F_OK), 0);
}

static void
test_what_certificates_are_judged_by(void **state)
{
    (void)state;
    struct err e = {0};
    int count = 0, days = 0;
    assert_int_equal(ca_trusted(scene.ca_crt, &count, &days, &e), ERR_OK);
    assert_int_equal(count, 1);
    assert_in_range(days, 3640, 3660);
    assert_int_equal(ca_trusted(at(scene.dir, "given.crt"), &count, &days, &e),
                     ERR_CONFIG);
    assert_int_equal(ca_trusted(at(scene.user, "sign.csr"), &count, &days, &e),
                     ERR_CONFIG);
    assert_int_equal(ca_trusted(at(scene.dir, "saknas"), &count, &days, &e),
                     ERR_NOT_FOUND);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_keys_are_made_once),
        cmocka_unit_test(test_what_is_wrong_is_said),
        cmocka_unit_test(test_a_certificate_lies_beside_its_key),
        cmocka_unit_test(test_an_entry_key_takes_over),
        cmocka_unit_test(test_what_certificates_are_judged_by),
        cmocka_unit_test(test_what_is_set_aside_is_kept),
    };
    return cmocka_run_group_tests(tests, setup, teardown);
}
