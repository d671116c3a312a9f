/* SPDX-License-Identifier: EUPL-1.2
 *
 * The log on disk (AUDIT 4, 5, 6, 9, 11): appends entries with their boxes,
 * the tree's frontier and one signed checkpoint in one synced transaction, so
 * that what is acknowledged is durable and what `verify` would say is yes. One
 * thread owns a ledger and makes every call on it. Who may write what, and
 * the försäkran's chain and dates, are the daemon's.
 *
 * ERR_LOG: nothing was written, try later. ERR_IO: what is on disk is not
 * known; the ledger is closed until ledger_reopen has checked the tail.
 * ERR_LOG_BROKEN: the log does not hold, and the text names the entry.
 */
#ifndef ENFRAGA_AUDIT_LEDGER_H
#define ENFRAGA_AUDIT_LEDGER_H

#include "base/buf.h"
#include "base/err.h"
#include "proof/entry.h"
#include "proof/merkle.h"
#include "proof/receipt.h"
#include "seal/key.h"
#include "seal/vkey.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct ledger;

/* Makes the log: entry 0 is a `nyckel` that declares the own entry key and the
 * log key. mode: skarp, test or ovning. The file must not be there. */
enum err_code ledger_create(const char *path, const char *origin,
                            const char *mode, const struct key *log_key,
                            const struct key *own_key, struct err *e);

/* Opens and checks the tail against the last checkpoint. The keys are borrowed
 * for as long as the ledger lives. */
enum err_code ledger_open(const char *path, const struct key *log_key,
                          const struct key *own_key, struct ledger **out,
                          struct err *e);

/* After ERR_IO: opens anew and checks the tail. Queued posts stay queued. */
enum err_code ledger_reopen(struct ledger *l, struct err *e);

/* A consistent copy of the log at `path`, which must not be there. */
enum err_code ledger_backup(struct ledger *l, const char *path, struct err *e);

/* Leaves no WAL behind. Queued posts get ERR_CANCELLED. */
void ledger_close(struct ledger **l);

/* A försäkran on file. find fills it with memory of its own; _done frees. */
struct ledger_forsakran {
    int64_t id;
    uint8_t sha256[HASH_SIZE]; /* of the CMS */
    void *cms;
    size_t cms_len;
    void *text; /* what was signed; NUL-terminated */
    size_t text_len;
    char *vkey;    /* the entry key's */
    char *account; /* konto */
    uint64_t seq;  /* of the entry of type forsakran */
};
void ledger_forsakran_done(struct ledger_forsakran *f);

/* Who boxes are sealed to from an entry on: a reviewer, or "arkiv". */
struct ledger_recipient {
    const char *name;
    const void *cert; /* DER */
    size_t cert_len;
};

/* One entry to be. A user's: author, sig, and salt and payload if the author
 * part has a commitment. enfragad's own: author is NULL and the fields under
 * "own" say what to write. All is borrowed until the result is there. */
struct ledger_post {
    const void *author; /* exact bytes */
    size_t author_len;
    uint8_t sig[KEY_SIG];
    bool sig_checked; /* the caller has verified sig by the försäkran's key */
    enum entry_peer peer;
    uint64_t peer_uid;
    uint8_t peer_cert[HASH_SIZE];
    /* a user's entry of type forsakran brings it: cms, text, vkey, account */
    const struct ledger_forsakran *forsakran;

    /* own */
    enum entry_kind type;
    bool has_ref;
    uint64_t ref_seq;
    uint64_t authorities;
    uint64_t kind;
    const char *legal; /* NULL: "" */
    /* type nyckel: new recipients for `unit` ("": of every unit); in a user's
     * the one that its author part names */
    const struct ledger_recipient *recipients;
    unsigned n_recipients;
    const struct sealed_day *day; /* the module's own */
    /* An intent alone: in whose name a system asks (SHA-256 of the CMS), and
     * its account. Then peer is the system's. NULL: not so. */
    const uint8_t *named_forsakran;
    const char *named_by;

    /* both */
    const char *unit;    /* enhet whose reviewers can open it; NULL: "" */
    const void *payload; /* NULL: none */
    size_t payload_len;
    uint8_t salt[ENTRY_SALT]; /* a user's; an own entry gets a new one */
};

/* What became of a post. ERR_NONCE, ERR_COMMIT, ERR_SIGNATURE, ERR_FORSAKRAN
 * (no such försäkran here, or not this key), ERR_BAD_INPUT (not canonical,
 * other log or mode, a type it may not write, a reference that is not there,
 * an intent closed before), ERR_SEEN (the client has seen another log),
 * ERR_REVIEWER (skarp, and nobody to seal to), ERR_LOG, ERR_IO. A post that
 * fails leaves the others as they are. */
struct ledger_result {
    enum err_code code;
    struct err err;
    struct receipt receipt; /* when code is ERR_OK */
};

/* All posts in one transaction, one checkpoint, one sync; results[i] belongs
 * to posts[i]. Returns ERR_OK when the transaction went through (then look at
 * each result), else its code, which every result has too. */
enum err_code ledger_append(struct ledger *l, const struct ledger_post *posts,
                            size_t n, struct ledger_result *results,
                            struct err *e);

/* Group commit: queue in a job's run, flush in the worker's flush. `post` and
 * `result` must stay until then. ledger_flush takes the ledger as void * so
 * that it can be given to worker_new. */
void ledger_queue(struct ledger *l, const struct ledger_post *post,
                  struct ledger_result *result);
void ledger_flush(void *ledger);

/* The head. Pointers are good until the next append. */
uint64_t ledger_size(const struct ledger *l);
const uint8_t *ledger_root(const struct ledger *l);
const char *ledger_note(const struct ledger *l);
const char *ledger_origin(const struct ledger *l);
const char *ledger_mode(const struct ledger *l);
const struct vkey *ledger_log_vkey(const struct ledger *l);
const struct vkey *ledger_own_vkey(const struct ledger *l);
unsigned ledger_recipients(const struct ledger *l); /* who can open boxes */

/* Each of them. */
struct ledger_sealed_to {
    uint64_t seq;        /* of the entry that took it in */
    const uint8_t *cert; /* SHA-256 */
    const char *name, *unit;
};
enum err_code
ledger_recipient_rows(struct ledger *l,
                      void (*row)(void *ctx, const struct ledger_sealed_to *r),
                      void *ctx, struct err *e);

bool ledger_is_broken(const struct ledger *l);      /* after ERR_IO */

/* Receipt of an older entry in the present head; ERR_NOT_FOUND. */
enum err_code ledger_receipt(struct ledger *l, uint64_t seq, struct receipt *r,
                             struct err *e);

/* That the present head extends the one of size `old`; ERR_NOT_FOUND when the
 * log is smaller. */
enum err_code ledger_consistency(struct ledger *l, uint64_t old,
                                 struct merkle_proof *p, struct err *e);

/* One entry's proof (proof/bevis.h), its bytes appended to out, under the
 * newest head cosigned by anyone, else the newest; the witnesses that have
 * cosigned it go with it. ERR_NOT_FOUND. */
enum err_code ledger_bevis(struct ledger *l, uint64_t seq,
                           const struct vkey *witnesses, size_t n,
                           struct buf *out, struct err *e);

/* May questions be asked now? ERR_LOG when the disk is full (below the floor),
 * read-only or the ledger is closed: reopens and probes, so it is also the way
 * back. An intent is refused by the same rule. */
enum err_code ledger_probe(struct ledger *l, struct err *e);

/* Intents without outcome, rising; *seqs is the caller's to free. */
enum err_code ledger_pending(struct ledger *l, uint64_t **seqs, size_t *n,
                             struct err *e);

/* A försäkran by SHA-256 of its CMS; the newest one of an account. */
enum err_code ledger_find_forsakran(struct ledger *l,
                                    const uint8_t sha256[HASH_SIZE],
                                    struct ledger_forsakran *out,
                                    struct err *e);
enum err_code ledger_account_forsakran(struct ledger *l, const char *account,
                                       struct ledger_forsakran *out,
                                       struct err *e);

/* ledger_append of one post of type forsakran, with f in it. */
enum err_code ledger_put_forsakran(struct ledger *l,
                                   const struct ledger_post *post,
                                   const struct ledger_forsakran *f,
                                   struct ledger_result *result);

/* Pages through entries, newest first. */
struct ledger_query {
    const char *account; /* entries by this account; NULL: all */
    uint64_t before;     /* entries below this seq; 0: from the newest */
    uint64_t type;       /* of this type only; 0: all */
    unsigned limit;      /* at most 1000 */
};
struct ledger_row {
    uint64_t seq;
    uint64_t time_ms;
    const char *account; /* "" for enfragad; borrowed */
    bool has_box;
    bool erased; /* then author is empty */
    struct entry_author author;
};
enum err_code ledger_rows(struct ledger *l, const struct ledger_query *q,
                          void (*row)(void *ctx, const struct ledger_row *r),
                          void *ctx, struct err *e);

/* The leaf's bytes, or the box's, appended to out; ERR_NOT_FOUND. */
enum err_code ledger_leaf(struct ledger *l, uint64_t seq, struct buf *out,
                          struct err *e);

/* enfragad's part of the newest entry; ERR_NOT_FOUND where it is erased. */
enum err_code ledger_last(struct ledger *l, struct entry_host *h,
                          struct err *e);
enum err_code ledger_box(struct ledger *l, uint64_t seq, struct buf *out,
                         struct err *e);

/* The number of the day key that a box is sealed under (0: clear), and that
 * key as sealed to the recipients (CMS, appended to out). ERR_NOT_FOUND. */
enum err_code ledger_box_day(struct ledger *l, uint64_t seq, int64_t *day,
                             struct err *e);
enum err_code ledger_day(struct ledger *l, int64_t day, struct buf *out,
                         struct err *e);

/* A page for a reviewer, appended to out (about 1 MiB; doc/FORMATS.md
 * "Review"): the entries named, or those of a period by time and seq. `row` is
 * told of each; shown: its box was in the page. */
struct review_query {
    const char *reviewer; /* account: own rows come without their box */
    const uint64_t *seqs; /* n_seqs of them; or, where there are none, */
    size_t n_seqs;
    int64_t after_ms; /* those behind this time and seq, */
    uint64_t after;
    int64_t to_ms; /* before this time */
};
struct review_row {
    uint64_t seq;
    int64_t time_ms;
    bool shown;
};
enum err_code ledger_review(struct ledger *l, const struct review_query *q,
                            struct buf *out,
                            void (*row)(void *ctx, const struct review_row *r),
                            void *ctx, struct err *e);

/* The log as the JSON of DESIGN 7, a piece at a time so that the writer is
 * never held up for long: start with {.policy}, call until x->done. Each call
 * appends at most about 256 KiB to out. Boxes are not exported. */
struct policy;
struct ledger_export {
    const struct policy *policy; /* whose cosignatures count; NULL: nobody's */
    bool done;
    int part;
    uint64_t next, size;
    char note[NOTE_MAX]; /* the head at the first call */
};
enum err_code ledger_export(struct ledger *l, struct ledger_export *x,
                            struct buf *out, struct err *e);

#endif
