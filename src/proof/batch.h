/* SPDX-License-Identifier: EUPL-1.2
 *
 * A batch of the log on its way to a collector, or back from one (AUDIT 14,
 * 15; doc/FORMATS.md "Insamling"): entries from one size to a signed head,
 * with their boxes, day keys and försäkringar. Writing, strict reading, and
 * the checks that come before anything is stored. Where it is stored, and what
 * is known of the log before, are for those who call.
 */
#ifndef ENFRAGA_PROOF_BATCH_H
#define ENFRAGA_PROOF_BATCH_H

#include "base/buf.h"
#include "base/err.h"
#include "proof/binding.h"
#include "proof/entry.h"
#include "proof/merkle.h"
#include "proof/note.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum {
    BATCH_MAX = 64 << 20, /* bytes of a batch */
    BATCH_ENTRIES = 512   /* at most in one */
};

/* Writing, in this order: begin; for each entry forsakran (if it brings one),
 * entry, box, daykey and certificates (if it has them); end. */
void batch_begin(struct buf *out, uint64_t old);
void batch_put_forsakran(struct buf *out, const struct binding *f);
void batch_put_entry(struct buf *out, const void *leaf, size_t n);
void batch_put_box(struct buf *out, int64_t day, const void *p, size_t n);
void batch_put_daykey(struct buf *out, int64_t day, const void *p, size_t n);
void batch_put_cert(struct buf *out, const void *p, size_t n);
enum err_code batch_end(struct buf *out, const char *note, struct err *e);

struct batch_blob {
    const void *p; /* borrowed from the batch; NULL: none */
    size_t n;
    int64_t day;
};

/* A key that may sign, and when it may. */
struct batch_signer {
    int64_t id; /* of the försäkran; 0 enfragad's own */
    uint8_t pub[KEY_RAW];
    int64_t from_ms, till_ms; /* the försäkran's dates; 0: no limit */
    int64_t withdrawn_ms;     /* 0: it is not */
};

struct batch_entry {
    const void *leaf;
    size_t leaf_len;
    struct batch_blob box, daykey;
    struct batch_blob cert[ENTRY_RECIPIENTS]; /* of recipients taken in */
    unsigned certs;
    bool has_forsakran;
    struct binding forsakran; /* strings NUL-terminated by batch_read */
    /* filled by batch_check: what the columns are derived from */
    uint64_t seq;
    uint8_t hash[HASH_SIZE], nonce[ENTRY_NONCE];
    uint64_t type;
    int64_t author, time_ms, ref; /* ref -1: none */
    uint8_t sha256[HASH_SIZE];    /* of the CMS it brings or is signed under */
    uint8_t kid[KID_SIZE];
    struct batch_signer brought; /* by has_forsakran or has_key */
    bool has_key;                /* declares a key of enfragad's own */
};

struct batch {
    uint64_t old;
    size_t count;
    struct batch_entry *entry;
    char note[NOTE_MAX];
    struct checkpoint head; /* what the note says */
    char *names;            /* copies of vkeys and accounts */
};

/* ERR_BAD_INPUT, ERR_TOO_BIG; the bytes must outlive the batch. */
enum err_code batch_read(struct batch *b, const void *p, size_t n,
                         struct err *e);
void batch_done(struct batch *b);

/* What is known of the log before the batch. The functions: 1 found, 0 not,
 * -1 failed. */
struct batch_known {
    const struct vkey *log;
    char mode[16];        /* "" while nothing is known */
    struct merkle tree;   /* of b->old entries; batch_check moves it */
    int64_t forsakringar; /* how many are known; the next one's id is after */
    bool box_may_miss;    /* erased since, by gallring */
    void *ctx;
    /* by a försäkran's hash (zeros: enfragad's own) and the key's kid; NULL:
     * whichever key it names */
    int (*signer)(void *ctx, const uint8_t sha[HASH_SIZE],
                  const uint8_t kid[KID_SIZE], struct batch_signer *out,
                  struct err *e);
    int (*entry)(void *ctx, uint64_t seq, uint8_t hash[HASH_SIZE],
                 uint64_t *type, struct err *e);
    /* a new försäkran whose CMS holds and names key and account: is its chain
     * right, and which are its dates? May be NULL: not judged here */
    enum err_code (*judge)(void *ctx, const struct binding *f, int64_t now_ms,
                           struct batch_signer *out, struct err *e);
};

/* Everything of AUDIT 14: seq dense, every entry decoded, its signature by a
 * known försäkran that was valid then, references, box hashes, and in the end
 * the root, signed by the log key. ERR_LOG_BROKEN names the entry; ERR_SEEN
 * where the entries hold and the head is another; ERR_SIGNATURE for the note;
 * other codes: could not be told. Fills the entries' derived fields. */
enum err_code batch_check(struct batch *b, struct batch_known *k,
                          struct err *e);

#endif
