/* SPDX-License-Identifier: EUPL-1.2
 *
 * For the verifier's own files: what one run knows.
 */
#ifndef ENFRAGA_PROOF_VERIFY_RUN_H
#define ENFRAGA_PROOF_VERIFY_RUN_H

#include "base/buf.h"
#include "proof/merkle.h"
#include "proof/note.h"
#include "proof/verify.h"

/* A key that may have signed entries: of a försäkran, or enfragad's own. */
struct signer {
    int64_t id; /* forsakran.id; 0 enfragad's own */
    uint8_t sha256[HASH_SIZE];
    uint8_t kid[KID_SIZE];
    struct key *key;
    uint8_t person[HASH_SIZE]; /* SHA-256 of the account */
    uint64_t seq;              /* of the entry that brings it */
    bool confirmed;
    char account[64]; /* "" for enfragad */
};

/* What later entries and the end need of an entry; full verification only. */
struct past {
    uint8_t hash[HASH_SIZE];
    uint8_t root[HASH_SIZE]; /* of the tree that ends with it */
    uint8_t nonce[ENTRY_NONCE];
    uint8_t box[HASH_SIZE]; /* box_sha256; zero: no box */
    uint64_t time_ms;       /* log time; 0: not known */
    uint8_t type;
    bool closed, erased;
    bool pending; /* listed as an intent without outcome */
};

/* A sealed day key on file, and a certificate that boxes are sealed to. */
struct day_key {
    int64_t day;
    uint64_t seq;
    uint8_t cms[HASH_SIZE];
    uint8_t unit[HASH_SIZE]; /* SHA-256 of its name */
    bool declared;
};
struct taken {
    uint8_t cert[HASH_SIZE];
    char unit[ENTRY_UNIT_MAX + 1], name[ENTRY_NAME_MAX + 1];
    uint64_t seq; /* of the entry that took it in */
    bool is_gone; /* taken away since, */
    uint64_t gone; /* by this entry */
    bool filed;   /* its certificate is on file */
};
struct proposed { /* a certificate that one user wants taken in or away */
    uint64_t seq;
    bool has_away;
    uint64_t away;
    struct taken what;
    char account[64];
};

/* A signed head from elsewhere. */
struct outside {
    struct checkpoint c;
    bool differs;
};

/* Entries of which something is gone. */
struct missing {
    enum missing_kind kind;
    uint64_t first, last;
};

/* An author had seen another head of that size. */
struct mismatch {
    uint64_t seq, size;
};

struct signatures;

struct run {
    const struct verify_source *src;
    const struct verify_options *o;
    struct verify_report *r;
    struct merkle tree;
    bool gap;          /* a seq is missing: the tree cannot be followed */
    bool diverged;     /* a signed head has another root */
    uint64_t from, to; /* then: the entries one of which was changed */
    bool cut;          /* a signed head counts more */
    bool has_log_key;
    struct key *log_key;
    /* checkpoints, read one ahead */
    bool has_note;
    char note[NOTE_MAX];
    size_t note_len;
    uint64_t note_size;
    /* the last one whose root agreed, for quick verification */
    bool has_last;
    char last[NOTE_MAX];
    size_t last_len;
    uint64_t cosigned[VERIFY_WITNESSES]; /* the largest head by each */
    /* boxes, read one ahead */
    bool has_box;
    struct verify_box box;
    struct signer *signer;
    size_t signers, signer_room;
    struct past *past;
    size_t pasts, past_room;
    uint32_t *nonce_slot; /* open addressing: index of past + 1 */
    size_t nonce_slots;
    struct mismatch *mismatch; /* judged at the end */
    size_t mismatches, mismatch_room;
    struct missing *missing; /* judged at the end */
    size_t missings, missing_room;
    struct erasing *erasing; /* entries of type gallring */
    size_t erasings, erasing_room;
    struct outside *outside;
    size_t outsides;
    struct signatures *sigs;
    struct day_key *day;
    size_t days;
    struct taken *taken;
    size_t takens, taken_room;
    struct proposed *proposed;
    size_t proposals, proposal_room;
    bool user_seen; /* some user has written already */
};

void finding_add(struct run *v, enum verify_fault fault, uint64_t first,
                 uint64_t last, const char *fmt, ...)
    __attribute__((format(printf, 5, 6)));

/* Is there a finding that begins in [first, last]? */
bool finding_in(const struct run *v, uint64_t first, uint64_t last);

/* A source said -1 at or before entry seq. What is damaged is a finding and
 * ends that stream (ERR_OK); anything else could not be told. */
enum err_code source_failed(struct run *v, uint64_t seq, const struct err *e);

/* Sorts; what is kept is the first ones. */
void finding_finish(struct run *v);

/* Signatures, checked by threads while the next entries are read. check takes
 * a copy; finish waits for all of them. */
struct signatures *signatures_new(struct run *v);
void signatures_check(struct signatures *s, const struct key *k, uint64_t seq,
                      const struct entry_leaf *leaf);
void signatures_finish(struct signatures *s);
void signatures_free(struct signatures **s);

/* Signers: from the försäkringar on file, by what an entry names. */
enum err_code signers_load(struct run *v, struct err *e);
struct signer *signer_add(struct run *v);
struct signer *signer_find(struct run *v, const uint8_t sha256[HASH_SIZE],
                           const uint8_t kid[KID_SIZE]);
void signers_finish(struct run *v);

/* Everything about one entry that full verification asks; `hash` is its leaf
 * hash. An erased one has no leaf. */
enum err_code entry_check(struct run *v, const struct verify_row *row,
                          const uint8_t hash[HASH_SIZE], struct err *e);

/* The key of r->log_key, made ready once has_log_key says that it is known. */
void log_key_make(struct run *v);

/* Heads that authors had seen and that are not of this log: told where neither
 * that entry nor one below them contradicts itself, which would be the reason.
 */
void seen_finish(struct run *v);

/* Entry 0, in both ways of verifying: origin, mode and keys. */
void first_check(struct run *v, const struct verify_row *row);

/* The box of an entry (decoded), if the source has boxes. */
enum err_code box_check(struct run *v, uint64_t seq,
                        const struct entry_author *a,
                        const struct entry_host *h, struct err *e);
enum err_code box_next(struct run *v, struct err *e);

/* Erasures: what is gone, the entries of type gallring, and the judgement. */
void missing_add(struct run *v, enum missing_kind kind, uint64_t seq);
void erasing_add(struct run *v, uint64_t seq, const struct entry_author *a,
                 const struct entry_host *h, const uint8_t person[HASH_SIZE]);
void erase_finish(struct run *v);

/* The witnesses' lines on the head at hand, which agreed; `from` is where the
 * one before it ended. And at the end: what the quorum has cosigned. */
void witness_lines(struct run *v, uint64_t from, uint64_t size);
void witness_finish(struct run *v);

/* Day keys: those on file, a nyckel entry, what is left at the end. */
enum err_code days_load(struct run *v, struct err *e);
void days_check(struct run *v, uint64_t seq, const struct entry_author *a,
                const struct entry_host *h);
void days_finish(struct run *v);
bool day_is_declared(struct run *v, int64_t day);
struct taken *recipient_find(struct run *v, const uint8_t cert[HASH_SIZE]);

/* What enfragad works from and makes of the entries: frontier, open intents,
 * recipients, indexes. Judged where nothing else was found. */
enum err_code derived_check(struct run *v, struct err *e);

#endif
