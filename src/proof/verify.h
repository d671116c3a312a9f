/* SPDX-License-Identifier: EUPL-1.2
 *
 * Verification of a log over a row source, be it a database, an export or a
 * test. Quick: leaf hashes, the tree, the last checkpoint. Full: every
 * signature, försäkran, commitment, derived column, reference and checkpoint
 * besides. Reading files is for those who call.
 */
#ifndef ENFRAGA_PROOF_VERIFY_H
#define ENFRAGA_PROOF_VERIFY_H

#include "base/err.h"
#include "proof/entry.h"
#include "proof/note.h"
#include "seal/hash.h"
#include "seal/vkey.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* All pointers are borrowed until the next call for the same kind of row. */
struct verify_row {
    uint64_t seq;
    const uint8_t *leaf; /* NULL: erased */
    size_t leaf_len;
    const uint8_t *leaf_hash; /* NULL: not stored, made from the leaf */
    bool has_columns;         /* the derived columns are there */
    int64_t type, author, time_ms, ref; /* ref -1: NULL */
};

struct verify_box {
    uint64_t seq;
    int64_t day; /* number of the day key; 0 for a clear box */
    const uint8_t *data;
    size_t len;
};

struct verify_daykey {
    int64_t day;
    const void *cms;
    size_t len;
    uint64_t seq; /* of the entry that declares it */
    const char *unit;
};

struct verify_recipient {
    const uint8_t *sha256;
    const char *name, *unit;
    const void *cert;
    size_t cert_len;
    uint64_t seq;  /* of the entry that takes it in */
    bool has_gone; /* the column gone is not NULL: */
    uint64_t gone; /* the entry that takes it away */
};

struct verify_forsakran {
    int64_t id;
    const uint8_t *sha256; /* NULL: not stored */
    const void *cms, *text;
    size_t cms_len, text_len;
    const char *vkey, *account;
    uint64_t seq;
};

/* Each function: 1 a row, 0 no more, -1 failed (*e set; ERR_LOG_BROKEN where
 * what is stored is damaged, which is a finding). Rows come in rising
 * order of seq, checkpoints of size, day keys of day. box, daykey, nonce,
 * state, pending, recipient and sound may be NULL: the source has none, and the
 * checks that need them are left out. */
struct verify_source {
    void *ctx;
    int (*entry)(void *ctx, struct verify_row *out, struct err *e);
    int (*box)(void *ctx, struct verify_box *out, struct err *e);
    int (*daykey)(void *ctx, struct verify_daykey *out, struct err *e);
    int (*checkpoint)(void *ctx, const char **note, size_t *len, uint64_t *size,
                      struct err *e);
    int (*forsakran)(void *ctx, struct verify_forsakran *out, struct err *e);
    /* the seq stored for a nonce; 0 when there is none */
    int (*nonce)(void *ctx, const uint8_t nonce[ENTRY_NONCE], uint64_t *seq,
                 struct err *e);
    /* once: the stored size and packed frontier */
    int (*state)(void *ctx, uint64_t *size, const uint8_t **frontier,
                 size_t *len, struct err *e);
    /* an intent without outcome */
    int (*pending)(void *ctx, uint64_t *seq, struct err *e);
    int (*recipient)(void *ctx, struct verify_recipient *out, struct err *e);
    /* what lies beside the rows (indexes, free pages) is as the rows say: 1, or
     * -1 */
    int (*sound)(void *ctx, struct err *e);
};

enum verify_fault {
    VERIFY_EDITED, /* an entry, a box or what belongs to it was changed */
    VERIFY_CUT,    /* entries that a signed head counts are missing */
    VERIFY_FORKED, /* two signed histories for one size */
    VERIFY_ERASED, /* bytes are gone and no decision covers it */
    VERIFY_CLEAR,  /* in skarp: a payload that anyone can read */
    VERIFY_EARLY   /* an erasure before its time */
};

struct verify_finding {
    enum verify_fault fault;
    uint64_t first, last; /* the entry, or the range it must lie in */
    char text[224];       /* in the user's language */
};

/* What may be erased by decision. */
enum missing_kind { MISSING_BOX, MISSING_LEAF, MISSING_DAY, MISSING_KINDS };

#define VERIFY_FINDINGS 32
#define VERIFY_WITNESSES 32

struct verify_report {
    bool holds;
    bool has_key; /* the log key was given; else the log's own word for it */
    char origin[ENTRY_ORIGIN_MAX + 1];
    char mode[16];
    struct vkey log_key;
    uint64_t entries;               /* present */
    uint64_t first, last;           /* first and last entry present */
    uint64_t vouched;               /* entries vouched for by a signed head */
    uint64_t checkpoints;           /* whose signature and root hold */
    uint64_t signatures;            /* entry signatures that hold */
    uint64_t boxes, clear_boxes;    /* payloads seen, and those in clear */
    uint64_t erased[MISSING_KINDS]; /* and covered by a decision */
    uint64_t resumed;               /* entries whose signatures were known */
    unsigned witnesses, quorum;     /* asked about */
    uint64_t witnessed; /* entries that a quorum of them has cosigned */
    char head[NOTE_MAX]; /* the last signed head that agreed, or "" */
    unsigned count;      /* findings kept; all are counted in total */
    uint64_t total;
    struct verify_finding finding[VERIFY_FINDINGS]; /* first entry first */
};

struct verify_options {
    bool full;
    const struct vkey *log_key; /* pinned; NULL: as declared in entry 0 */
    unsigned threads;           /* for signatures; 0: one for each core */
    /* called now and then with the entries done; may be NULL */
    void (*progress)(void *ctx, uint64_t entries);
    void *progress_ctx;
    /* signed heads kept elsewhere, to hold the log against; may be NULL */
    const char *const *notes;
    size_t note_count;
    /* A head that a full verification has ended with: the log is held against
     * it, and where the entries below it lead to its root the signatures, which
     * the root covers, are not checked again. size 0: none. */
    struct {
        uint64_t size;
        uint8_t root[HASH_SIZE];
        bool again; /* hold the log against it, but check all signatures */
    } done;
    /* Cosigners whose lines on the heads full verification checks, at most
     * VERIFY_WITNESSES, and how many of them are asked for. */
    const struct vkey *witness;
    unsigned witnesses, quorum;
};

/* Fills *r. ERR_OK: the question was answered, r->holds is the answer.
 * ERR_LOG_BROKEN is never returned; another code means that it could not be
 * told (the source failed). */
enum err_code verify_run(const struct verify_source *src,
                         const struct verify_options *o,
                         struct verify_report *r, struct err *e);

#endif
