/* SPDX-License-Identifier: EUPL-1.2
 *
 * Makes a log by chance for test_differential.py: two handläggare, every kind
 * of entry that they and enfragad may write, payloads or none, references,
 * heads seen or not, groups of any size, some heads cosigned and so kept.
 * Prints its directory and leaves it: audit.db, log.vkey, audit.db.json.
 *
 * With TWIN, also tvilling.db: a copy of the log when it had that many entries,
 * gone on with by itself under the same keys.
 *
 *   make_log SEED ENTRIES [TWIN]
 */
#include "config.h"

#include "tests/unit/audit/fixture.h"

#include "audit/policy.h"
#include "audit/witness.h"
#include "base/mem.h"
#include "proof/cosign.h"
#include "proof/note.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { GROUP = 5 };

static unsigned seed;
static struct key *witness_key;
static struct vkey witness;

static unsigned
chance(unsigned n)
{
    return (unsigned)rand_r(&seed) % n;
}

struct pending {
    uint64_t seq[64];
    unsigned n;
};

static const enum entry_kind user_kinds[] = {
    KIND_LASNING,       KIND_ARENDESOKNING, KIND_EXPORT,      KIND_UTSKRIFT,
    KIND_KLARMARKERING, KIND_ATKOMST,       KIND_ATERKALLELSE};
static const enum entry_kind own_kinds[] = {
    KIND_START, KIND_STOPP, KIND_KLOCKA,       KIND_REGISTER,
    KIND_NEKAD, KIND_LARM,  KIND_KONFIGURATION};
#define ANY(list) (list)[chance(sizeof(list) / sizeof *(list))]

static void
refer(struct fixture *x, struct entry_author *a)
{
    struct receipt r;
    uint64_t size = ledger_size(x->l);
    if (chance(3) || ledger_receipt(x->l, chance((unsigned)size), &r, NULL))
        return;
    a->has_ref = true;
    a->ref_seq = r.seq;
    memcpy(a->ref_hash, r.leaf_hash, HASH_SIZE);
}

static void
user_post(struct fixture *x, struct ledger_post *post, struct buf *author)
{
    static char payload[3000];
    struct entry_author a;
    bool intent = chance(2);
    fixture_part(x, intent ? KIND_INTENT : ANY(user_kinds), &a);
    *post = (struct ledger_post){0};
    a.authorities = chance(256);
    a.kind = chance(3);
    if (chance(2))
        snprintf(a.legal, sizeof a.legal, "sol-11-11-å");
    if (chance(4) == 0) {
        a.seen_size = 0;
        memset(a.seen_root, 0, HASH_SIZE);
    }
    refer(x, &a);
    if (intent || chance(2)) {
        memset(payload, 'x', sizeof payload);
        random_bytes(post->salt, ENTRY_SALT);
        post->payload = payload;
        post->payload_len = chance(sizeof payload);
        a.has_commit = true;
        entry_commit(a.commit, post->salt, payload, post->payload_len);
    }
    fixture_sign(x, &a, post, author);
}

static void
own_post(struct fixture *x, struct pending *open, struct ledger_post *post)
{
    static const enum entry_kind closing[] = {KIND_OUTCOME, KIND_AVBRUTEN,
                                              KIND_OKAND_UTFALL};
    *post = (struct ledger_post){.type = ANY(own_kinds)};
    if (open->n && chance(4)) {
        bool close = chance(2);
        unsigned i = chance(open->n);
        post->type = close ? ANY(closing) : KIND_DELUTFALL;
        post->has_ref = true;
        post->ref_seq = open->seq[i];
        if (close)
            open->seq[i] = open->seq[--open->n];
    } else if (chance(3) == 0) {
        post->has_ref = true;
        post->ref_seq = chance((unsigned)ledger_size(x->l));
    }
    if (chance(2)) {
        post->payload = "utfall";
        post->payload_len = chance(7);
    }
}

static void
cosign(struct fixture *x)
{
    struct err e = {0};
    uint64_t at;
    const char *note = ledger_note(x->l);
    AUTO_BUF(line, 1024);
    if (cosign_make(&line, note, strlen(note), &witness, witness_key,
                    1795527127, &e) ||
        ledger_cosigned(x->l, note, line.data, line.len, &witness, &at, &e))
        abort();
}

static void
one_group(struct fixture *who[2], struct pending *open)
{
    struct ledger_post posts[GROUP];
    struct ledger_result results[GROUP];
    struct buf author[GROUP];
    struct err e = {0};
    size_t n = 1 + chance(GROUP);
    for (size_t i = 0; i < n; i++) {
        buf_init(&author[i], ENTRY_AUTHOR_MAX);
        if (chance(2))
            user_post(who[chance(2)], &posts[i], &author[i]);
        else
            own_post(who[0], open, &posts[i]);
    }
    if (ledger_append(who[0]->l, posts, n, results, &e)) {
        fprintf(stderr, "%s\n", e.text);
        exit(1);
    }
    for (size_t i = 0; i < n; i++) {
        struct entry_author a = {0};
        if (posts[i].author)
            entry_author_decode(posts[i].author, posts[i].author_len, &a, &e);
        if (results[i].code)
            fprintf(stderr, "refused: %s\n", results[i].err.text);
        else if (a.type == KIND_INTENT && open->n < 64)
            open->seq[open->n++] = results[i].receipt.seq;
        buf_done(&author[i]);
    }
    if (chance(3) == 0)
        cosign(who[0]);
}

static void
second_user(const struct fixture *x, struct fixture *y)
{
    struct err e = {0};
    struct entry_author a;
    struct ledger_post post = {0};
    struct ledger_result r;
    AUTO_BUF(author, ENTRY_AUTHOR_MAX);
    *y = *x;
    if (key_new_ed25519(&y->entry_key, &e))
        abort();
    fixture_forsakran(&y->f, "hl0143", y->entry_key);
    fixture_part(y, KIND_FORSAKRAN, &a);
    fixture_sign(y, &a, &post, &author);
    if (ledger_put_forsakran(y->l, &post, &y->f, &r))
        abort();
}

static void
put_file(const char *path, const char *data, size_t n)
{
    FILE *f = fopen(path, "we");
    if (!f || fwrite(data, 1, n, f) != n || fclose(f))
        abort();
}

static void
put_files(struct fixture *x)
{
    char path[128], vkey[VKEY_TEXT_MAX];
    struct policy *policy = mem_alloc(sizeof *policy);
    struct ledger_export ex = {.policy = policy};
    struct err e = {0};
    AUTO_BUF(text, 1024);
    vkey_text(&witness, vkey);
    buf_addf(&text, "witness w %s\nquorum w\n", vkey);
    if (policy_read(policy, buf_str(&text), NULL, &e))
        abort();
    AUTO_BUF(out, 64 << 20);
    while (!ex.done)
        if (ledger_export(x->l, &ex, &out, &e))
            abort();
    free(policy);
    snprintf(path, sizeof path, "%s.json", x->path);
    put_file(path, out.data, out.len);
    vkey_text(ledger_log_vkey(x->l), vkey);
    snprintf(path, sizeof path, "%s/log.vkey", x->dir);
    put_file(path, vkey, strlen(vkey));
}

static void
go_on(struct fixture *who[2], struct pending *open, uint64_t size, bool *sealed)
{
    while (ledger_size(who[0]->l) < size) {
        one_group(who, open);
        if (!*sealed && chance(4) == 0) {
            key_free(&who[0]->review_key);
            free(who[0]->review_cert);
            fixture_recipient(who[0]);
            *sealed = true;
        }
    }
}

static void
reopen(struct fixture *who[2], const char *path)
{
    struct err e = {0};
    ledger_close(&who[0]->l);
    if (ledger_open(path, who[0]->log_key, who[0]->own_key, &who[0]->l, &e)) {
        fprintf(stderr, "%s\n", e.text);
        exit(1);
    }
    who[1]->l = who[0]->l;
}

/* The log as it stands, copied, and both gone on with. */
static void
twin(struct fixture *who[2], struct pending *open, uint64_t size, bool *sealed)
{
    char path[128];
    struct err e = {0};
    struct pending same = *open;
    bool was = *sealed;
    snprintf(path, sizeof path, "%s/tvilling.db", who[0]->dir);
    if (ledger_backup(who[0]->l, path, &e))
        abort();
    reopen(who, path);
    go_on(who, &same, size, &was);
    reopen(who, who[0]->path);
}

int
main(int argc, char **argv)
{
    struct fixture x, y, *who[2] = {&x, &y};
    struct pending open = {.n = 0};
    uint8_t raw[KEY_RAW];
    struct err e = {0};
    if (argc != 3 && argc != 4)
        return 64;
    if (key_new_ed25519(&witness_key, &e) ||
        !key_public_raw(witness_key, raw) ||
        vkey_make_cosigner(&witness, "vittne.prov/1", raw, &e))
        abort();
    seed = (unsigned)strtoul(argv[1], NULL, 10);
    uint64_t size = strtoull(argv[2], NULL, 10);
    fixture_init(&x);
    second_user(&x, &y);
    bool sealed = chance(3) == 0; /* then never: every box stays clear */
    if (chance(2)) {
        fixture_recipient(&x);
        sealed = true;
    }
    if (argc == 4) {
        go_on(who, &open, strtoull(argv[3], NULL, 10), &sealed);
        twin(who, &open, size, &sealed);
    }
    go_on(who, &open, size, &sealed);
    put_files(&x);
    ledger_close(&x.l);
    puts(x.dir);
    key_free(&x.log_key);
    key_free(&x.own_key);
    key_free(&x.entry_key);
    key_free(&x.review_key);
    free(x.review_cert);
    key_free(&witness_key);
    key_free(&y.entry_key);
    ledger_forsakran_done(&x.f);
    ledger_forsakran_done(&y.f);
    return 0;
}
