/* SPDX-License-Identifier: EUPL-1.2
 *
 * What the client's files share. Not for others.
 */
#ifndef ENFRAGA_CLIENT_OWN_H
#define ENFRAGA_CLIENT_OWN_H

#include "base/loop.h"
#include "client/client.h"
#include "client/review.h"
#include "forsakran/forsakran.h"
#include "forsakran/identity.h"
#include "local/message.h"
#include "net/fetch.h"
#include "proof/entry.h"
#include "proof/note.h"
#include "proof/receipt.h"
#include "seal/vkey.h"

#include <sys/types.h>

enum {
    CALL_MAX = 32 << 20,     /* bytes of an answer that is not streamed */
    LINE_MAX_LEN = 32 << 20, /* bytes of a stream's line */
    CALL_S = 60
};

struct call;

struct client {
    struct event_base *base;
    struct fetcher *fetcher;
    struct worker *worker; /* scrypt, CMS and starting a child; made late */
    char dir[512];         /* instance, or where log.vkey lies */
    char socket[600];
    char data[512]; /* shared data */
    char konto[64]; /* asked for; "" by uid */
    char losen_fil[512];
    bool training;        /* the private instance */
    pid_t child;          /* its enfragad, or 0 */
    int child_out;        /* its stdout, or -1 */
    int use_fd;           /* our share in it (start_private), or -1 */
    struct vkey log_vkey; /* pinned */
    char log_vkey_text[VKEY_TEXT_MAX];
    struct client_status status;
    struct client_me me;
    char user_dir[700];       /* the account's keys */
    char vkey[VKEY_TEXT_MAX]; /* registered entry key */
    uint8_t forsakran[32];    /* SHA-256 of the CMS; zeros: none */
    uint64_t seen_size;       /* newest head that was seen and proven */
    uint8_t seen_root[32];
    char seen_note[NOTE_MAX];
    struct checkpoint head; /* as last shown by enfragad, signed */
    char head_note[NOTE_MAX];
    bool opened; /* the head was proven: what is seen is kept */
    struct legal *legal;
    struct rules *rules;
    struct wording wording;
    bool has_wording;
    struct identity *identity; /* open session, or NULL */
    unsigned locks;            /* how often it was locked */
    struct client_case *cases;
    int n_cases;
    struct client_case now;
    bool has_now;
    struct client_access *accesses;
    int n_accesses;
    char access_until[32];
    struct client_key *keys; /* that wait for a chef */
    int n_keys;
    char *user_ca; /* PEM; NULL: not fetched */
    struct recipient_row *recipients;
    int n_recipients;
    struct review_head review;
    struct review_row *reviews;
    int n_reviews;
    struct buf page;
    cJSON *erasures; /* the last answer about gallring */
    struct client_row *rows;
    int n_rows;
    struct call *calls; /* under way */
    struct download *downloads;
    struct ask *asks;
    int pending;        /* calls, unlocks and asks not done */
    enum err_code last; /* of the newest that is done */
    struct err last_err;
    bool freed; /* client_free is at work: nobody is called */
};

/* One request whose answer is one JSON value. `take` reads it (may be NULL);
 * `done` then tells the caller. Owns itself. */
typedef enum err_code call_take(struct client *c, const cJSON *json,
                                void *extra, struct err *e);
struct call *call_start(struct client *c, const char *path,
                        const struct buf *body, call_take *take, void *extra,
                        client_done *done, void *arg);
/* Is freed with the call. */
void call_keep(struct call *l, void *owned);
/* Its `done` is one of the client's own: when the client goes it is told
 * (ERR_CANCELLED, client->freed), to free what it holds. */
void call_own(struct call *l);
/* The answer is bytes, not JSON: they are handed over to *out. */
void call_raw(struct call *l, struct buf *out);
/* Whom it would tell is gone. */
void call_drop(struct call *l);
void calls_free(struct client *c);

/* The next turn of the loop calls done with that outcome. */
struct call *call_later(struct client *c, enum err_code code,
                        const struct err *e, client_done *done, void *arg);

/* Ends one pending thing: remembers the outcome for client_wait. */
void client_ended(struct client *c, enum err_code code, const struct err *e);

struct worker *client_worker(struct client *c);

/* Request headers of this session, ended by NULL; `room` keeps the text. */
struct headers {
    const char *list[4];
    char konto[96];
};
void client_headers(const struct client *c, struct headers *h, bool post);

/* The refusal in a body that is problem+json; always an error. */
enum err_code client_problem(const void *p, size_t n, int status,
                             struct err *e);

/* What this client signed, to hold its receipt against. */
struct mine {
    uint8_t sig[KEY_SIG];
    size_t len;
    uint8_t author[ENTRY_AUTHOR_MAX];
};

/* Builds, signs and writes a signed entry; payload NULL: none. `author` may
 * be filled beforehand (authorities, kind, legal, forsakran when `own`).
 * *mine is the caller's to free; NULL on failure. */
enum err_code entry_make(struct client *c, const struct identity *who,
                         struct entry_author *author, enum entry_kind kind,
                         const void *payload, size_t n, struct buf *out,
                         struct mine **mine, struct err *e);

/* Checks a receipt's bytes against the pinned key and seq, and remembers the
 * head. The leaf must be that of `mine`, unless that is NULL (an entry of
 * enfragad's own). */
enum err_code receipt_check(struct client *c, const struct buf *receipt,
                            uint64_t seq, const struct mine *mine,
                            struct err *e);

/* Answers that say where an entry stands: checks the receipt. `extra` is what
 * was posted (struct mine), which the call has been given to keep. */
call_take take_receipt;

/* The head that was seen (seen.c). raise: a signed head of ours, and larger.
 * check: is c->head one that goes on from it? Then it is kept; otherwise done
 * gets ERR_SEEN with the alarm in words. */
void seen_raise(struct client *c, const struct checkpoint *head,
                const char *note);
void seen_check(struct client *c, client_done *done, void *arg);
void take_witness(struct client *c, const cJSON *status);

/* Where things are. start_private runs on the worker: makes the private
 * training instance if it is not there and starts its enfragad if none
 * answers. */
enum err_code start_locate(struct client *c, const struct client_options *o,
                           struct err *e);
enum err_code start_private(struct client *c, struct err *e);
void start_stop(struct client *c);
enum err_code start_check_socket(const struct client *c, struct err *e);

/* ERR_PASSPHRASE where a file is named and it is to be typed. */
enum err_code client_check_losen(const struct client *c, struct err *e);

/* Answers of /v1/status and /v1/mig. */
call_take take_status, take_me;

void asks_free(struct client *c);
void downloads_free(struct client *c);
void case_done(struct client_case *k);

#endif
