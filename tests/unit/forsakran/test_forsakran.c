/* SPDX-License-Identifier: EUPL-1.2
 *
 * Proves: what we sign, `openssl cms -verify` accepts; one changed byte in
 * text, head or signature, a missing tick, another CA, another's certificate
 * and a certificate that has ended are refused; the head has one form.
 * Leaves out: withdrawal, key and wording at hand (the daemon's).
 */
#include "config.h"

#include "scene.h"

#include "base/clock.h"
#include "base/mem.h"
#include "forsakran/file.h"

#include <setjmp.h>
#include <spawn.h>
#include <stdarg.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

extern char **environ;

static struct scene scene;
static struct wording wording;
static struct identity *who;
static struct buf content, cms;
static int64_t now_ms;

static struct forsakran
head(void)
{
    struct forsakran f = {
        .konto = "hl0142",
        .namn = "Anna Ek",
        .kommun = "Sundby kommun",
        .ort = "Sundby",
        .datum = {2026, 11, 24},
        .from = {2026, 11, 24},
        .till = {2027, 11, 24},
        .ticks = {true, true, true, true},
    };
    snprintf(f.wording_id, sizeof(f.wording_id), "%s", wording.id);
    memcpy(f.wording_sha256, wording.sha256, 32);
    snprintf(f.vkey, sizeof(f.vkey), "%s", identity_vkey(who));
    return f;
}

static int
setup(void **state)
{
    (void)state;
    struct err e = {0};
    scene_init(&scene);
    now_ms = clock_now_ms();
    buf_init(&content, FORSAKRAN_MAX);
    buf_init(&cms, FORSAKRAN_MAX);
    if (wording_load(&wording, data_dir(), "ovning", &e) != ERR_OK ||
        ca_create(scene.ca, "Sundby kommun", NULL, &e) != ERR_OK ||
        identity_create(scene.user, scene.ca, "hl0142", "Anna Ek",
                        "Sundby kommun", ORIGIN, PASSPHRASE, false,
                        &e) != ERR_OK ||
        identity_open(&who, scene.user, PASSPHRASE, &e) != ERR_OK)
        return 1;
    struct forsakran f = head();
    return forsakran_content(&content, &f, &wording, &e) != ERR_OK ||
           forsakran_sign(&cms, content.data, content.len, who, &e) != ERR_OK;
}

static int
teardown(void **state)
{
    (void)state;
    identity_free(&who);
    wording_done(&wording);
    buf_done(&content);
    buf_done(&cms);
    scene_done(&scene);
    return 0;
}

static enum err_code
verify(const struct buf *c, const struct buf *t, const char *ca, int64_t ms)
{
    struct forsakran f;
    struct err e = {0};
    return forsakran_verify(&f, c->data, c->len, t->data, t->len, ca, NULL, ms,
                            &e);
}

static void
test_wording_is_four_points(void **state)
{
    (void)state;
    assert_string_equal(wording.id, "enfraga-1");
    for (int i = 0; i < 4; i++) {
        assert_non_null(strstr(wording.text, "\n1 Behov\n"));
        assert_true(strlen(wording.points[i]) > 40);
        assert_true(strlen(wording.words[i]) > 40);
        assert_null(strchr(wording.points[i], '\n'));
        assert_null(strstr(wording.text, wording.words[i]));
    }
}

static void
test_skarp_needs_the_installed_wording(void **state)
{
    (void)state;
    struct wording w;
    struct err e = {0};
    char dir[160], path[1400];
    assert_int_equal(wording_load(&w, data_dir(), "skarp", &e), ERR_CONFIG);
    assert_null(w.text);

    snprintf(dir, sizeof(dir), "%s/forsakran", scene.dir);
    snprintf(path, sizeof(path), "mkdir -p %s && cp %s/forsakran/* %s", dir,
             data_dir(), dir);
    assert_int_equal(system(path), 0);
    static const char two[] = "Rubrik\n\n1 A\nett\n\n2 B\ntvå\nrader\n\n"
                              "3 C\ntre\n\n4 D\nfyra\n";
    snprintf(path, sizeof(path), "%s/kommun-2.txt", dir);
    assert_int_equal(file_write(path, 0644, two, sizeof(two) - 1, &e), ERR_OK);
    snprintf(path, sizeof(path), "%s/kommun-10.txt", dir);
    assert_int_equal(file_write(path, 0644, two, sizeof(two) - 1, &e), ERR_OK);
    assert_int_equal(wording_load(&w, scene.dir, "skarp", &e), ERR_OK);
    assert_string_equal(w.id, "kommun-10");
    assert_string_equal(w.points[1], "två rader");
    wording_done(&w);
    /* three points are not four */
    assert_int_equal(file_write(path, 0644, two, sizeof(two) - 9, &e), ERR_OK);
    assert_int_equal(wording_load(&w, scene.dir, "skarp", &e), ERR_CONFIG);
}

static void
test_head_reads_back(void **state)
{
    (void)state;
    struct forsakran f, g = head();
    struct err e = {0};
    assert_int_equal(forsakran_read(&f, content.data, content.len, &e), ERR_OK);
    assert_string_equal(f.konto, g.konto);
    assert_string_equal(f.namn, g.namn);
    assert_string_equal(f.ort, g.ort);
    assert_string_equal(f.vkey, g.vkey);
    assert_int_equal(date_compare(f.till, g.till), 0);
    assert_true(f.ticks[0] && f.ticks[1] && f.ticks[2] && f.ticks[3]);
    assert_int_equal(forsakran_days_left(&f, f.from), 365);
    assert_int_equal(forsakran_days_left(&f, f.till), 0);
    assert_int_equal(forsakran_days_left(&f, date_add(f.till, 1)), -1);
    assert_int_equal(forsakran_days_left(&f, date_add(f.from, -1)), -1);
    struct date leap = forsakran_till((struct date){2028, 2, 29});
    assert_int_equal(date_compare(leap, (struct date){2029, 2, 28}), 0);
}

static void
refuse(struct forsakran f)
{
    struct err e = {0};
    AUTO_BUF(out, FORSAKRAN_MAX);
    assert_int_equal(forsakran_content(&out, &f, &wording, &e), ERR_BAD_INPUT);
    assert_true(strlen(e.text) > 0);
}

static void
test_what_is_missing_is_refused(void **state)
{
    (void)state;
    for (int i = 0; i < 4; i++) {
        struct forsakran f = head();
        f.ticks[i] = false;
        refuse(f);
    }
    struct forsakran f = head();
    f.ort[0] = '\0';
    refuse(f);
    f = head();
    snprintf(f.namn, sizeof(f.namn), "Anna\nkonto: chef07");
    refuse(f);
    f = head();
    snprintf(f.namn, sizeof(f.namn), "A\xcc\x8a"); /* not NFC */
    refuse(f);
    f = head();
    f.till = date_add(f.till, 1); /* 12 months and a day */
    refuse(f);
    f = head();
    f.from = date_add(f.from, -1); /* from before it was signed */
    f.till = date_add(f.till, -1);
    refuse(f);
    f = head();
    f.wording_sha256[31] ^= 1;
    refuse(f);
    f = head();
    f.vkey[0] = '\0';
    refuse(f);
}

/* The same signed content with "nej" for "ja" does not even read. */
static void
test_an_unticked_point_does_not_verify(void **state)
{
    (void)state;
    AUTO_BUF(t, FORSAKRAN_MAX);
    AUTO_BUF(c, FORSAKRAN_MAX);
    struct err e = {0};
    char *at = strstr(content.data, "3 tystnad: ja");
    assert_non_null(at);
    size_t n = (size_t)(at - content.data);
    buf_add(&t, content.data, n);
    buf_adds(&t, "3 tystnad: nej");
    buf_adds(&t, at + strlen("3 tystnad: ja"));
    assert_int_equal(forsakran_sign(&c, t.data, t.len, who, &e), ERR_OK);
    assert_int_equal(verify(&c, &t, scene.ca_crt, now_ms), ERR_BAD_INPUT);
}

static void
test_verifies(void **state)
{
    (void)state;
    assert_int_equal(verify(&cms, &content, scene.ca_crt, now_ms), ERR_OK);
}

/* Every byte of head and text, one bit each. */
static void
test_one_changed_byte_of_the_content(void **state)
{
    (void)state;
    AUTO_BUF(t, FORSAKRAN_MAX);
    buf_add(&t, content.data, content.len);
    for (size_t i = 0; i < t.len; i += 7) {
        t.data[i] ^= 1;
        assert_int_not_equal(verify(&cms, &t, scene.ca_crt, now_ms), ERR_OK);
        t.data[i] ^= 1;
    }
    /* one that reads well: it is the signature that refuses it */
    char *at = strstr(t.data, "namn: Anna Ek");
    at[12] = 'x';
    assert_int_equal(verify(&cms, &t, scene.ca_crt, now_ms), ERR_SIGNATURE);
    at[12] = 'k';
    assert_int_equal(verify(&cms, &t, scene.ca_crt, now_ms), ERR_OK);
    buf_adds(&t, "\n");
    assert_int_not_equal(verify(&cms, &t, scene.ca_crt, now_ms), ERR_OK);
}

static void
test_one_changed_byte_of_the_signature(void **state)
{
    (void)state;
    AUTO_BUF(c, FORSAKRAN_MAX);
    buf_add(&c, cms.data, cms.len);
    for (size_t i = 0; i < c.len; i++) {
        c.data[i] ^= 1;
        assert_int_not_equal(verify(&c, &content, scene.ca_crt, now_ms),
                             ERR_OK);
        c.data[i] ^= 1;
    }
    buf_addc(&c, '\0');
    assert_int_equal(verify(&c, &content, scene.ca_crt, now_ms), ERR_SIGNATURE);
    c.len = 0;
    assert_int_equal(verify(&c, &content, scene.ca_crt, now_ms), ERR_SIGNATURE);
}

static void
test_certificate_has_a_life(void **state)
{
    (void)state;
    const int64_t day = INT64_C(86400000);
    assert_int_equal(verify(&cms, &content, scene.ca_crt, now_ms + 729 * day),
                     ERR_OK);
    assert_int_equal(verify(&cms, &content, scene.ca_crt, now_ms + 731 * day),
                     ERR_SIGNATURE);
    assert_int_equal(verify(&cms, &content, scene.ca_crt, now_ms - day),
                     ERR_SIGNATURE);
}

static void
test_other_ca_is_refused(void **state)
{
    (void)state;
    struct err e = {0};
    char dir[96], crt[112];
    snprintf(dir, sizeof(dir), "%s/ca2", scene.dir);
    snprintf(crt, sizeof(crt), "%s/ca.crt", dir);
    assert_int_equal(ca_create(dir, "Sundby kommun", NULL, &e), ERR_OK);
    assert_int_equal(verify(&cms, &content, crt, now_ms), ERR_SIGNATURE);
    assert_int_equal(verify(&cms, &content, "/nonexistent", now_ms),
                     ERR_CONFIG);
}

/* A colleague's certificate of the same CA under one's own account. */
static void
test_another_account_is_refused(void **state)
{
    (void)state;
    struct err e = {0};
    struct identity *other = NULL;
    char dir[96];
    AUTO_BUF(c, FORSAKRAN_MAX);
    snprintf(dir, sizeof(dir), "%s/hl0131", scene.dir);
    assert_int_equal(identity_create(dir, scene.ca, "hl0131", "Bo Ask",
                                     "Sundby kommun", ORIGIN, PASSPHRASE, false,
                                     &e),
                     ERR_OK);
    assert_int_equal(identity_open(&other, dir, PASSPHRASE, &e), ERR_OK);
    assert_int_equal(forsakran_sign(&c, content.data, content.len, other, &e),
                     ERR_OK);
    assert_int_equal(verify(&c, &content, scene.ca_crt, now_ms), ERR_SIGNATURE);
    identity_free(&other);
}

static int
run(const char *const argv[])
{
    pid_t pid;
    int status = -1;
    if (posix_spawnp(&pid, argv[0], NULL, NULL, (char *const *)argv, environ) !=
        0)
        return -1;
    return waitpid(pid, &status, 0) == pid && WIFEXITED(status)
               ? WEXITSTATUS(status)
               : -1;
}

static void
test_openssl_accepts_it(void **state)
{
    (void)state;
    struct err e = {0};
    char p7[128], txt[128];
    snprintf(p7, sizeof(p7), "%s/f.p7s", scene.dir);
    snprintf(txt, sizeof(txt), "%s/f.txt", scene.dir);
    assert_int_equal(file_write(p7, 0600, cms.data, cms.len, &e), ERR_OK);
    assert_int_equal(file_write(txt, 0600, content.data, content.len, &e),
                     ERR_OK);
    const char *const version[] = {"openssl", "version", NULL};
    if (run(version) != 0)
        skip();
    const char *const argv[] = {"openssl",  "cms",  "-verify",   "-binary",
                                "-inform",  "DER",  "-in",       p7,
                                "-content", txt,    "-CAfile",   scene.ca_crt,
                                "-cades",   "-out", "/dev/null", NULL};
    assert_int_equal(run(argv), 0);
    /* and it does look: one letter changed is not accepted */
    content.data[content.len - 2] ^= 1;
    assert_int_equal(file_write(txt, 0600, content.data, content.len, &e),
                     ERR_OK);
    content.data[content.len - 2] ^= 1;
    assert_int_not_equal(run(argv), 0);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_wording_is_four_points),
        cmocka_unit_test(test_skarp_needs_the_installed_wording),
        cmocka_unit_test(test_head_reads_back),
        cmocka_unit_test(test_what_is_missing_is_refused),
        cmocka_unit_test(test_an_unticked_point_does_not_verify),
        cmocka_unit_test(test_verifies),
        cmocka_unit_test(test_one_changed_byte_of_the_content),
        cmocka_unit_test(test_one_changed_byte_of_the_signature),
        cmocka_unit_test(test_certificate_has_a_life),
        cmocka_unit_test(test_other_ca_is_refused),
        cmocka_unit_test(test_another_account_is_refused),
        cmocka_unit_test(test_openssl_accepts_it),
    };
    return cmocka_run_group_tests(tests, setup, teardown);
}
