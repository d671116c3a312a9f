/* SPDX-License-Identifier: EUPL-1.2
 *
 * Proves of a witness's memory: it moves by compare and set alone; an unknown
 * log is 404; a fork is refused and kept as evidence, once; a file that is
 * older than the witness's own signatures signs nothing until a larger one of
 * them is shown, and a copy not until it has been fed by hand. Leaves out:
 * HTTP and kill -9 (tests/e2e/test_witness.py).
 */
#include "config.h"

#include "collect/witness.h"
#include "proof/cosign.h"
#include "proof/submission.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#define NAME "audit.sundby.se/prov/1"

static struct key *log_key, *witness_key;
static struct vkey log_vkey;
static uint8_t leaves[2][32][HASH_SIZE]; /* two histories, from 5 on apart */
static char dir[64], db[96], known[96];

struct history {
    int which;
};

static bool
leaf_node(void *ctx, uint64_t index, unsigned level, uint8_t out[HASH_SIZE])
{
    const struct history *h = ctx;
    if (level || index >= 32)
        return false;
    memcpy(out, leaves[h->which][index], HASH_SIZE);
    return true;
}

static int
setup(void **state)
{
    uint8_t raw[KEY_RAW];
    char text[VKEY_TEXT_MAX];
    (void)state;
    snprintf(dir, sizeof dir, "/tmp/enfraga-witness-XXXXXX");
    if (!mkdtemp(dir) || key_new_ed25519(&log_key, NULL) ||
        key_new_ed25519(&witness_key, NULL) || !key_public_raw(log_key, raw) ||
        vkey_make(&log_vkey, NAME, raw, NULL))
        return 1;
    for (int i = 0; i < 32; i++) {
        memset(leaves[0][i], i + 1, HASH_SIZE);
        memset(leaves[1][i], i < 5 ? i + 1 : i + 101, HASH_SIZE);
    }
    snprintf(db, sizeof db, "%s/vittne.db", dir);
    snprintf(known, sizeof known, "%s/loggar", dir);
    FILE *f = fopen(known, "we");
    vkey_text(&log_vkey, text);
    fprintf(f, "# ours\n\n  %s\n", text);
    return fclose(f);
}

static int
teardown(void **state)
{
    char command[96];
    (void)state;
    key_free(&log_key);
    key_free(&witness_key);
    snprintf(command, sizeof command, "%s/kopia.db", dir);
    unlink(command);
    unlink(db);
    unlink(known);
    return rmdir(dir);
}

static struct witness *
open_it(const char *path)
{
    struct witness *w = NULL;
    struct err e = {0};
    if (witness_open(path, known, "vittne.example/1", witness_key, &w, &e))
        fail_msg("%s", e.text);
    return w;
}

static void
head_of(struct buf *note, int which, uint64_t size, const char *name)
{
    struct history h = {which};
    struct merkle_source src = {.node = leaf_node, .ctx = &h};
    struct checkpoint c = {.size = size};
    struct vkey v;
    snprintf(c.origin, sizeof c.origin, "%s", name);
    vkey_make(&v, name, log_vkey.pub, NULL);
    assert_true(merkle_range_root(&src, size, c.root));
    assert_int_equal(note_sign(note, &c, &v, log_key, NULL), ERR_OK);
}

/* Submits; the answer's body in text, its status returned. */
static int
submit(struct witness *w, int which, uint64_t old, const struct buf *note,
       char text[1024])
{
    AUTO_BUF(body, SUBMISSION_MAX);
    struct history h = {which};
    struct merkle_source src = {.node = leaf_node, .ctx = &h};
    struct merkle_proof p = {0};
    struct checkpoint c;
    struct collect_answer a = {0};
    note_parse(note->data, note->len, &c, NULL);
    if (old && old < c.size)
        merkle_consistency(&src, old, c.size, &p);
    submission_write(&body, old, &p, note->data, note->len, NULL);
    witness_take(w, body.data, body.len, &a);
    snprintf(text, 1024, "%s", buf_str(&a.body));
    if (a.status == 409)
        assert_string_equal(a.type, "text/x.tlog.size");
    buf_done(&a.body);
    return a.status;
}

static int
step(struct witness *w, int which, uint64_t old, uint64_t size, char text[1024])
{
    AUTO_BUF(note, NOTE_MAX);
    head_of(&note, which, size, NAME);
    return submit(w, which, old, &note, text);
}

static void
test_moves_by_compare_and_set(void **state)
{
    (void)state;
    char text[1024];
    struct collect_answer a = {0};
    uint8_t hash[HASH_SIZE];
    char hex[65];
    struct witness *w = open_it(db);
    AUTO_BUF(other, NOTE_MAX);
    head_of(&other, 0, 3, "audit.annan.se/prov/1");
    assert_int_equal(submit(w, 0, 0, &other, text), 404);
    assert_int_equal(step(w, 0, 0, 3, text), 200);
    assert_int_equal(step(w, 0, 0, 4, text), 409); /* somebody came before */
    assert_string_equal(text, "3\n");
    assert_int_equal(step(w, 0, 3, 7, text), 200);
    witness_close(&w);
    w = open_it(db); /* and remembers */
    assert_int_equal(step(w, 0, 3, 8, text), 409);
    assert_string_equal(text, "7\n");
    assert_int_equal(step(w, 0, 7, 7, text), 200);
    sha256(hash, NAME, strlen(NAME));
    for (int i = 0; i < HASH_SIZE; i++)
        snprintf(hex + 2 * i, 3, "%02x", hash[i]);
    witness_show(w, hex, &a);
    assert_int_equal(a.status, 200);
    assert_int_equal(
        cosign_verify(a.body.data, a.body.len, witness_vkey(w), NULL, NULL),
        ERR_OK);
    buf_done(&a.body);
    witness_close(&w);
}

static void
test_fork_is_refused(void **state)
{
    (void)state;
    char text[1024];
    struct witness *w = open_it(db);
    assert_int_equal(step(w, 1, 7, 9, text), 422);
    assert_int_equal(step(w, 1, 7, 9, text), 422);
    assert_int_equal(step(w, 1, 7, 7, text), 422);
    assert_int_equal(step(w, 1, 5, 7, text), 409);
    assert_int_equal(step(w, 0, 7, 9, text), 200); /* the right one goes on */
    witness_close(&w);
}

/* Back to an older file, as from a copy that nobody spoke of. */
static void
test_older_than_its_signatures(void **state)
{
    (void)state;
    char text[1024], older[112];
    AUTO_BUF(note, NOTE_MAX - 1);
    struct witness *w = open_it(db);
    head_of(&note, 0, 12, NAME);
    snprintf(older, sizeof older, "%s/kopia.db", dir);
    assert_int_equal(witness_backup(w, older, NULL), ERR_OK); /* of 9 */
    assert_int_equal(submit(w, 0, 9, &note, text), 200);
    cosign_take(&note, text, strlen(text), witness_vkey(w), NULL, NULL);
    assert_int_equal(note_signatures(note.data, note.len), 2);
    witness_close(&w);
    /* the copy signs nothing, and being shown a signature is not enough */
    w = open_it(older);
    assert_int_equal(step(w, 0, 9, 10, text), 409);
    assert_string_equal(text, "9\n");
    assert_int_equal(submit(w, 0, 12, &note, text), 409);
    assert_string_equal(text, "12\n");
    AUTO_BUF(bare, NOTE_MAX);
    head_of(&bare, 0, 12, NAME);
    assert_int_equal(witness_feed(w, bare.data, bare.len, NULL), ERR_SIGNATURE);
    assert_int_equal(witness_feed(w, note.data, note.len, NULL), ERR_OK);
    assert_int_equal(step(w, 1, 9, 14, text), 409); /* no way round */
    assert_int_equal(step(w, 0, 12, 14, text), 200);
    witness_close(&w);
    /* a file put back by hand: the log says more than it knows */
    unlink(older);
    w = open_it(older);
    assert_int_equal(step(w, 0, 0, 3, text), 200);
    assert_int_equal(step(w, 0, 12, 14, text), 409);
    assert_string_equal(text, "3\n");
    assert_int_equal(step(w, 1, 3, 14, text), 409); /* a fork from 3 is not */
    assert_int_equal(step(w, 0, 3, 4, text), 409);
    assert_int_equal(submit(w, 0, 12, &note, text), 200); /* our own word */
    assert_int_equal(step(w, 0, 12, 14, text), 200);
    witness_close(&w);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_moves_by_compare_and_set),
        cmocka_unit_test(test_fork_is_refused),
        cmocka_unit_test(test_older_than_its_signatures),
    };
    return cmocka_run_group_tests(tests, setup, teardown);
}
