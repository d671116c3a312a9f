/* SPDX-License-Identifier: EUPL-1.2
 *
 * Proves: a vkey of a cosigner and the signature lines of C2SP's own examples
 * (signed-note, tlog-cosignature, tlog-witness) are read as they say; a
 * cosignature holds over its note and time alone, and is taken from a
 * witness's answer past lines of unknown keys; an add-checkpoint body has one
 * form; and each rule of tlog-witness gives its own status. Leaves out: what a
 * witness remembers (tests/unit/collect), HTTP (tests/e2e/test_witness.py).
 */
#include "config.h"

#include "proof/cosign.h"
#include "proof/submission.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#define NAME "audit.sundby.se/prov/1"

static struct key *log_key, *witness_key;
static struct vkey log_vkey, witness;
static uint8_t leaves[9][HASH_SIZE];

/* tlog-cosignature and tlog-witness, as published. */
static const char example[] =
    "example.com/behind-the-sofa\n20852163\n"
    "CsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=\n\n"
    "\xe2\x80\x94 example.com/behind-the-sofa "
    "Az3grlgtzPICa5OS8npVmf1Myq/5IZniMp+ZJurmRDeOoRDe4URYN7u5/Zhcyv2q1gGzGku9"
    "nTo+zyWE+xeMcTOAYQ8=\n"
    "\xe2\x80\x94 witness.example.com/w1 "
    "jWbPPwAAAABkGFDLEZMHwSRaJNiIDoe9DYn/zXcrtPHeolMI5OWXEhZCB9dlrDJsX3b2oyin"
    "1nPZqhf5nNo0xUe+mbIUBkBIfZ+qnA==\n";

static bool
leaf_node(void *ctx, uint64_t index, unsigned level, uint8_t out[HASH_SIZE])
{
    (void)ctx;
    if (level || index >= 9)
        return false;
    memcpy(out, leaves[index], HASH_SIZE);
    return true;
}

static const struct merkle_source source = {.node = leaf_node};

static int
setup(void **state)
{
    uint8_t raw[KEY_RAW];
    (void)state;
    for (int i = 0; i < 9; i++)
        memset(leaves[i], i + 1, HASH_SIZE);
    return key_new_ed25519(&log_key, NULL) ||
           key_new_ed25519(&witness_key, NULL) ||
           !key_public_raw(log_key, raw) ||
           vkey_make(&log_vkey, NAME, raw, NULL) ||
           !key_public_raw(witness_key, raw) ||
           vkey_make_cosigner(&witness, "vittne.example/1", raw, NULL);
}

static int
teardown(void **state)
{
    (void)state;
    key_free(&log_key);
    key_free(&witness_key);
    return 0;
}

static void
head_of(struct buf *note, uint64_t size, const struct key *k)
{
    struct checkpoint c = {.origin = NAME, .size = size};
    struct vkey v = log_vkey;
    uint8_t raw[KEY_RAW];
    assert_true(merkle_range_root(&source, size, c.root));
    assert_true(key_public_raw(k, raw));
    vkey_make(&v, NAME, raw, NULL);
    assert_int_equal(note_sign(note, &c, &v, k, NULL), ERR_OK);
}

static void
test_published_examples(void **state)
{
    (void)state;
    struct checkpoint c;
    struct vkey foo, w = {.type = VKEY_COSIGNER,
                          .name = "witness.example.com/w1",
                          .id = {0x8d, 0x66, 0xcf, 0x3f}};
    uint8_t sig[72];
    size_t text;
    assert_int_equal(vkey_parse("example.com/foo+530d903a+"
                                "AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k",
                                &foo, NULL),
                     ERR_OK);
    AUTO_KEY struct key *k = NULL;
    static const char said[] = "This is an example message.\n";
    static const uint8_t by_foo[KEY_SIG] = {
        0x49, 0xfc, 0xb2, 0xb5, 0x75, 0xc8, 0x91, 0xa1, 0xd9, 0x56, 0x11,
        0x94, 0xbd, 0x53, 0x9d, 0xa8, 0x2f, 0xd5, 0x81, 0x2a, 0xe9, 0x37,
        0xd7, 0xa6, 0x9c, 0xe2, 0xd8, 0xe3, 0x67, 0x70, 0x09, 0x53, 0x80,
        0xae, 0xd9, 0xb6, 0x0d, 0x44, 0x45, 0x83, 0x59, 0x5e, 0xc6, 0x23,
        0x38, 0x11, 0xf7, 0x98, 0x55, 0xe6, 0x44, 0xab, 0xb0, 0x1e, 0x31,
        0xb5, 0x62, 0xee, 0xf6, 0x22, 0x77, 0xb2, 0x69, 0x03};
    assert_int_equal(key_from_public(foo.pub, &k, NULL), ERR_OK);
    assert_true(key_verify(k, said, sizeof said - 1, by_foo));
    assert_int_equal(note_parse(example, strlen(example), &c, NULL), ERR_OK);
    assert_int_equal(c.size, 20852163);
    assert_int_equal(note_signatures(example, strlen(example)), 2);
    /* the cosignature says 1679315147, as the specification's message does */
    assert_true(
        note_find(example, strlen(example), &w, sig, sizeof sig, &text));
    static const uint8_t at[8] = {0, 0, 0, 0, 0x64, 0x18, 0x50, 0xcb};
    assert_memory_equal(sig, at, sizeof at);
    assert_int_equal(text, strstr(example, "\n\n") + 1 - example);
}

static void
test_cosignature(void **state)
{
    (void)state;
    AUTO_BUF(note, NOTE_MAX - 1);
    AUTO_BUF(line, 1024);
    AUTO_BUF(lines, 4096);
    struct vkey back, other = witness;
    char text[VKEY_TEXT_MAX];
    uint64_t at = 0;
    struct checkpoint c;
    vkey_text(&witness, text);
    assert_int_equal(vkey_parse(text, &back, NULL), ERR_BAD_INPUT);
    assert_int_equal(vkey_parse_cosigner(text, &back, NULL), ERR_OK);
    assert_memory_equal(back.id, witness.id, VKEY_ID);
    head_of(&note, 5, log_key);
    assert_int_equal(cosign_make(&line, note.data, note.len, &witness,
                                 witness_key, 1790000000, NULL),
                     ERR_OK);
    assert_int_equal(cosign_verify(note.data, note.len, &witness, &at, NULL),
                     ERR_NOT_FOUND);
    /* an unknown key's line first, of another length than ours */
    buf_adds(&lines, "\xe2\x80\x94 other.example/1 AAAAAAECAwQ=\n");
    buf_add(&lines, line.data, line.len);
    assert_int_equal(
        cosign_take(&note, lines.data, lines.len, &witness, &at, NULL), ERR_OK);
    assert_int_equal(at, 1790000000);
    assert_int_equal(note_signatures(note.data, note.len), 2);
    assert_int_equal(note_verify(note.data, note.len, &log_vkey, &c, NULL),
                     ERR_OK);
    /* again: in the place of the older one */
    buf_clear(&line);
    cosign_make(&line, note.data, note.len, &witness, witness_key, 1790000009,
                NULL);
    assert_int_equal(
        cosign_take(&note, line.data, line.len, &witness, &at, NULL), ERR_OK);
    assert_int_equal(note_signatures(note.data, note.len), 2);
    assert_int_equal(at, 1790000009);
    /* not for another note */
    AUTO_BUF(longer, NOTE_MAX - 1);
    head_of(&longer, 6, log_key);
    assert_int_equal(
        cosign_take(&longer, line.data, line.len, &witness, NULL, NULL),
        ERR_SIGNATURE);
    assert_int_equal(note_signatures(longer.data, longer.len), 1);
    /* nor by another key of that name */
    other.id[0] ^= 1;
    assert_int_equal(cosign_verify(note.data, note.len, &other, NULL, NULL),
                     ERR_NOT_FOUND);
}

static void
test_body_has_one_form(void **state)
{
    (void)state;
    static const char *const bad[] = {
        "",
        "old",
        "old \n\n",
        "old 01\n\n",
        "old -1\n\n",
        "old 1 \n\n",
        "old 9223372036854775808\n\n",
        "Old 1\n\n",
        "old 1\n",
        "old 1\nAAAA\n\n",
        "old 1\r\n\r\n",
        "old 1\nAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA= \n\n"};
    struct submission s;
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        AUTO_BUF(b, SUBMISSION_MAX);
        buf_adds(&b, bad[i]);
        buf_adds(&b, example);
        if (!submission_read(&s, b.data, b.len, NULL))
            fail_msg("taken: %s", bad[i]);
    }
    AUTO_BUF(b, 2 * SUBMISSION_MAX);
    AUTO_BUF(back, 2 * SUBMISSION_MAX);
    struct merkle_proof p = {.count = 63};
    memset(p.hash, 7, sizeof p.hash);
    submission_write(&b, 20852014, &p, example, strlen(example), NULL);
    assert_int_equal(submission_read(&s, b.data, b.len, NULL), ERR_OK);
    assert_int_equal(s.old, 20852014);
    assert_int_equal(s.proof.count, 63);
    assert_int_equal(s.c.size, 20852163);
    submission_write(&back, s.old, &s.proof, s.note, s.note_len, NULL);
    assert_int_equal(back.len, b.len);
    assert_memory_equal(back.data, b.data, b.len);
    p.count = 64;
    buf_clear(&b);
    submission_write(&b, 1, &p, example, strlen(example), NULL);
    assert_int_equal(submission_read(&s, b.data, b.len, NULL), ERR_BAD_INPUT);
}

static int
judge(uint64_t old, uint64_t size, uint64_t last, const struct key *k, int flip)
{
    AUTO_BUF(b, SUBMISSION_MAX);
    AUTO_BUF(note, NOTE_MAX);
    struct merkle_proof p = {0};
    struct submission s;
    struct witnessed w = {.size = last};
    struct err e = {0};
    head_of(&note, size, k);
    if (old && old < size)
        assert_true(merkle_consistency(&source, old, size, &p));
    if (flip == 1)
        p.hash[0][0] ^= 1;
    if (flip == 2)
        memset(p.hash[p.count++], 1, HASH_SIZE);
    merkle_range_root(&source, last, w.root);
    if (flip == 3)
        w.root[0] ^= 1;
    submission_write(&b, old, &p, note.data, note.len, NULL);
    assert_int_equal(submission_read(&s, b.data, b.len, NULL), ERR_OK);
    return submission_judge(&s, &log_vkey, &w, &e);
}

static void
test_each_rule_has_its_status(void **state)
{
    (void)state;
    assert_int_equal(judge(0, 5, 0, log_key, 0), 200);
    assert_int_equal(judge(5, 9, 5, log_key, 0), 200);
    assert_int_equal(judge(5, 5, 5, log_key, 0), 200); /* cosigned again */
    assert_int_equal(judge(0, 0, 0, log_key, 0), 200);
    assert_int_equal(judge(0, 5, 0, witness_key, 0), 403);
    assert_int_equal(judge(6, 5, 6, log_key, 0), 400);
    assert_int_equal(judge(4, 9, 5, log_key, 0), 409); /* stale */
    assert_int_equal(judge(0, 9, 5, log_key, 0), 409);
    assert_int_equal(judge(7, 9, 5, log_key, 0), 409);
    assert_int_equal(judge(5, 9, 5, log_key, 1), 422); /* a wrong proof */
    assert_int_equal(judge(5, 9, 5, log_key, 2), 422); /* one hash more */
    assert_int_equal(judge(0, 9, 0, log_key, 2), 422); /* none is needed */
    assert_int_equal(judge(5, 5, 5, log_key, 3), 422); /* a fork */
    assert_int_equal(judge(5, 9, 5, log_key, 3), 422);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_published_examples),
        cmocka_unit_test(test_cosignature),
        cmocka_unit_test(test_body_has_one_form),
        cmocka_unit_test(test_each_rule_has_its_status),
    };
    return cmocka_run_group_tests(tests, setup, teardown);
}
