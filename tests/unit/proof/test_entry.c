/* SPDX-License-Identifier: EUPL-1.2
 *
 * Proves: the bytes of an entry are those of doc/FORMATS.md, decoding gives
 * back what was encoded and refuses all that is not canonical, a signature
 * covers each byte of the author part, a checkpoint and a receipt hold and
 * stop holding when any byte changes, kinds have numbers of their own.
 * Leaves out: whole logs (test_verify).
 */
#include "config.h"

#include "base/mem.h"
#include "base/text.h"
#include "base/tlv.h"
#include "proof/entry.h"
#include "proof/note.h"
#include "proof/receipt.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static const char origin[] = "audit.sundby.se/prov/1";

/* The example of doc/FORMATS.md: a key of 32 bytes 0x11 and so on. */
static struct entry_author
example(void)
{
    struct entry_author a = {.type = KIND_INTENT,
                             .mode = "test",
                             .client_time_ms = 1795527127000,
                             .client_boot_ms = 86400000,
                             .seen_size = 7,
                             .authorities = 0x4f,
                             .kind = 1,
                             .legal = "sol-11-11",
                             .has_commit = true};
    uint8_t salt[ENTRY_SALT];
    snprintf(a.origin, sizeof a.origin, "%s", origin);
    memset(a.kid, 0x11, sizeof a.kid);
    memset(a.forsakran, 0x22, sizeof a.forsakran);
    memset(a.nonce, 0x33, sizeof a.nonce);
    memset(a.seen_root, 0x44, sizeof a.seen_root);
    memset(salt, 0x55, sizeof salt);
    entry_commit(a.commit, salt, "fråga", strlen("fråga"));
    return a;
}

static struct entry_host
example_host(void)
{
    struct entry_host h = {.seq = 7,
                           .log_time_ms = 1795527127050,
                           .boot_ms = 86400050,
                           .boot_id = "6f1d2c3b-0a59-4e48-9d37-c6b5a4938271",
                           .peer = PEER_UID,
                           .peer_uid = 1000};
    uint8_t salt[ENTRY_SALT];
    AUTO_BUF(box, 100);
    memset(salt, 0x55, sizeof salt);
    entry_box_clear(&box, salt, "fråga", strlen("fråga"));
    sha256(h.box_sha256, box.data, box.len);
    return h;
}

/* The hex that follows "NAME:" in doc/FORMATS.md, up to an empty line. */
static void
documented(const char *name, struct buf *out)
{
    AUTO_BUF(path, 4096);
    AUTO_BUF(text, 1 << 20);
    char block[4096], head[64];
    buf_addf(&path, "%s/doc/FORMATS.md", getenv("srcdir"));
    FILE *f = fopen(buf_str(&path), "re");
    assert_non_null(f);
    for (size_t n; (n = fread(block, 1, sizeof block, f)) > 0;)
        buf_add(&text, block, n);
    fclose(f);
    snprintf(head, sizeof head, "\n    %s:\n", name);
    const char *p = strstr(buf_str(&text), head);
    assert_non_null(p);
    int high = -1;
    for (p += strlen(head); !(p[0] == '\n' && p[1] == '\n'); p++) {
        const char *digits = "0123456789abcdef", *d = strchr(digits, *p);
        if (*p == ' ' || *p == '\n')
            continue;
        assert_non_null(d);
        if (high < 0) {
            high = (int)(d - digits);
        } else {
            buf_addc(out, (char)(high << 4 | (int)(d - digits)));
            high = -1;
        }
    }
    assert_int_equal(high, -1);
}

static void
assert_documented(const char *name, const void *p, size_t n)
{
    AUTO_BUF(want, 8192);
    documented(name, &want);
    if (want.len != n || memcmp(want.data, p, n) != 0) {
        char hex[2 * 4096 + 1];
        text_hex(p, n, hex);
        print_message("%s is %s\n", name, hex);
    }
    assert_int_equal(want.len, n);
    assert_memory_equal(want.data, p, n);
}

static void
test_bytes_are_the_documented_ones(void **state)
{
    (void)state;
    struct err e;
    struct entry_author a = example();
    struct entry_host h = example_host();
    uint8_t salt[ENTRY_SALT], sig[KEY_SIG], hash[HASH_SIZE];
    AUTO_BUF(author, ENTRY_AUTHOR_MAX);
    AUTO_BUF(host, 512);
    AUTO_BUF(box, 100);
    AUTO_BUF(leaf, ENTRY_LEAF_MAX);
    memset(salt, 0x55, sizeof salt);
    memset(sig, 0x66, sizeof sig);
    assert_int_equal(entry_author_encode(&author, &a, &e), ERR_OK);
    assert_documented("author part", author.data, author.len);
    assert_int_equal(entry_host_encode(&host, &h, &e), ERR_OK);
    assert_documented("enfragad's part", host.data, host.len);
    entry_box_clear(&box, salt, "fråga", strlen("fråga"));
    assert_documented("box", box.data, box.len);
    assert_documented("commit", a.commit, HASH_SIZE);
    assert_int_equal(
        entry_leaf_encode(&leaf, author.data, author.len, sig, &h, &e), ERR_OK);
    entry_leaf_hash(hash, leaf.data, leaf.len);
    assert_documented("leaf hash", hash, HASH_SIZE);
}

/* What decoding takes is what encoding writes, to the byte. */
static void
assert_one_encoding(const char *p, size_t n)
{
    struct entry_author a;
    struct err e;
    AUTO_BUF(again, ENTRY_AUTHOR_MAX);
    if (entry_author_decode(p, n, &a, &e))
        return;
    assert_int_equal(entry_author_encode(&again, &a, &e), ERR_OK);
    assert_int_equal(again.len, n);
    assert_memory_equal(again.data, p, n);
}

static void
test_decode_gives_back_and_refuses(void **state)
{
    (void)state;
    struct err e;
    struct entry_author a = example(), back;
    a.has_ref = true;
    a.ref_seq = 3;
    AUTO_BUF(b, ENTRY_AUTHOR_MAX);
    AUTO_BUF(again, ENTRY_AUTHOR_MAX);
    assert_int_equal(entry_author_encode(&b, &a, &e), ERR_OK);
    assert_int_equal(entry_author_decode(b.data, b.len, &back, &e), ERR_OK);
    assert_int_equal(back.ref_seq, 3);
    assert_string_equal(back.legal, "sol-11-11");
    assert_int_equal(entry_author_encode(&again, &back, &e), ERR_OK);
    assert_int_equal(again.len, b.len);
    assert_memory_equal(again.data, b.data, b.len);
    /* cut anywhere: refused, or what stands there is another whole value */
    for (size_t n = 0; n < b.len; n++)
        assert_one_encoding(b.data, n);
    /* each byte changed: refused, or another value with these very bytes */
    for (size_t i = 0; i < b.len; i++) {
        b.data[i] ^= 0x41;
        assert_one_encoding(b.data, b.len);
        b.data[i] ^= 0x41;
    }
    /* unknown tags: below 0x80 refused, from there passed over */
    tlv_put(&b, 0x13, "x", 1);
    assert_int_equal(entry_author_decode(b.data, b.len, &back, &e),
                     ERR_BAD_INPUT);
    b.data[b.len - 6] = (char)0x80;
    assert_int_equal(entry_author_decode(b.data, b.len, &back, &e), ERR_OK);
}

static void
test_values_that_are_refused(void **state)
{
    (void)state;
    struct err e;
    AUTO_BUF(b, ENTRY_AUTHOR_MAX);
    struct entry_author a = example();
    snprintf(a.mode, sizeof a.mode, "annat");
    assert_int_equal(entry_author_encode(&b, &a, &e), ERR_BAD_INPUT);
    a = example();
    a.type = 99;
    assert_int_equal(entry_author_encode(&b, &a, &e), ERR_BAD_INPUT);
    a = example();
    snprintf(a.legal, sizeof a.legal, "a\xcc\x8a"); /* not NFC */
    assert_int_equal(entry_author_encode(&b, &a, &e), ERR_BAD_INPUT);
    a = example();
    a.seen_size = 0;
    assert_int_equal(entry_author_encode(&b, &a, &e), ERR_BAD_INPUT);
    a = example();
    a.has_key = true;
    assert_int_equal(entry_author_encode(&b, &a, &e), ERR_BAD_INPUT);
    assert_int_equal(b.len, 0);
}

static void
test_host_part_is_strict(void **state)
{
    (void)state;
    struct err e;
    struct entry_host h = example_host(), back;
    AUTO_BUF(b, 512);
    assert_int_equal(entry_host_encode(&b, &h, &e), ERR_OK);
    assert_int_equal(entry_host_decode(b.data, b.len, &back, &e), ERR_OK);
    assert_memory_equal(&h.box_sha256, &back.box_sha256, HASH_SIZE);
    assert_int_equal(back.peer_uid, 1000);
    for (size_t n = 0; n < b.len; n++)
        assert_int_not_equal(entry_host_decode(b.data, n, &back, &e), ERR_OK);
}

static void
test_signature_covers_every_byte(void **state)
{
    (void)state;
    struct err e;
    struct entry_author a = example();
    AUTO_BUF(b, ENTRY_AUTHOR_MAX);
    AUTO_KEY struct key *k = NULL;
    uint8_t sig[KEY_SIG];
    assert_int_equal(key_new_ed25519(&k, &e), ERR_OK);
    assert_int_equal(entry_author_encode(&b, &a, &e), ERR_OK);
    assert_int_equal(entry_sign(k, b.data, b.len, sig, &e), ERR_OK);
    assert_true(entry_verify(k, b.data, b.len, sig));
    assert_false(key_verify(k, b.data, b.len, sig)); /* the domain counts */
    for (size_t i = 0; i < b.len; i++) {
        b.data[i] ^= 1;
        assert_false(entry_verify(k, b.data, b.len, sig));
        b.data[i] ^= 1;
    }
}

static bool
one_leaf(void *ctx, uint64_t index, unsigned level, uint8_t out[HASH_SIZE])
{
    if (level || index > 2)
        return false;
    memset(out, 'a' + (int)index, HASH_SIZE);
    (void)ctx;
    return true;
}

static void
test_checkpoint_and_receipt_hold(void **state)
{
    (void)state;
    struct err e;
    AUTO_KEY struct key *k = NULL;
    struct vkey v;
    struct checkpoint c = {.size = 3}, back;
    struct merkle_source src = {.node = one_leaf};
    uint8_t pub[KEY_RAW];
    AUTO_BUF(note, NOTE_MAX);
    assert_int_equal(key_new_ed25519(&k, &e), ERR_OK);
    assert_true(key_public_raw(k, pub));
    assert_int_equal(vkey_make(&v, origin, pub, &e), ERR_OK);
    snprintf(c.origin, sizeof c.origin, "%s", origin);
    assert_true(merkle_range_root(&src, 3, c.root));
    assert_int_equal(note_sign(&note, &c, &v, k, &e), ERR_OK);
    assert_int_equal(note_verify(note.data, note.len, &v, &back, &e), ERR_OK);
    assert_int_equal(back.size, 3);
    assert_int_equal(note_signatures(note.data, note.len), 1);
    for (uint64_t i = 0; i < 3; i++) {
        struct receipt r;
        assert_int_equal(receipt_make(&r, i, note.data, &src, &e), ERR_OK);
        assert_int_equal(receipt_verify(&r, &v, &e), ERR_OK);
        r.seq = (r.seq + 1) % 3;
        assert_int_equal(receipt_verify(&r, &v, &e), ERR_LOG_BROKEN);
    }
    for (size_t i = 0; i < note.len; i++) {
        note.data[i] ^= 2;
        assert_int_not_equal(note_verify(note.data, note.len, &v, &back, &e),
                             ERR_OK);
        note.data[i] ^= 2;
    }
}

static void
test_kinds_are_their_own(void **state)
{
    (void)state;
    for (uint64_t a = 0; a < 300; a++) {
        const struct entry_kind_row *r = entry_kind_row(a);
        if (r) {
            assert_int_equal(r->kind, a);
            assert_ptr_equal(entry_kind_by_word(r->word), r);
        }
    }
    assert_int_equal(entry_kind_by_word("okand-utfall")->kind, 37);
    assert_int_equal(entry_kind_row(1)->open, OPEN_OPENS);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_bytes_are_the_documented_ones),
        cmocka_unit_test(test_decode_gives_back_and_refuses),
        cmocka_unit_test(test_values_that_are_refused),
        cmocka_unit_test(test_host_part_is_strict),
        cmocka_unit_test(test_signature_covers_every_byte),
        cmocka_unit_test(test_checkpoint_and_receipt_hold),
        cmocka_unit_test(test_kinds_are_their_own),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
