/* SPDX-License-Identifier: EUPL-1.2
 *
 * enfragad while it serves: the loop, two workers (the log's, which commits in
 * groups, and the register's), and the requests under way. Every request that
 * is an entry walks the same road: who is it, may it be, write it down, then
 * act (DESIGN 2). A refusal is an entry too.
 */
#ifndef ENFRAGA_DAEMON_DAEMON_H
#define ENFRAGA_DAEMON_DAEMON_H

#include "ask/run.h"
#include "audit/ledger.h"
#include "base/loop.h"
#include "cases/import.h"
#include "daemon/instance.h"
#include "local/message.h"
#include "net/serve.h"
#include "proof/entry.h"
#include "proof/note.h"

struct push;
struct task;
struct proposal;    /* of a recipient, see recipient.c */
struct review;      /* under way, see review.c */
struct ssbtek_call; /* a call to us as SSBTEK, see ssbtek.h */
struct held;        /* a försäkran known for an account, see held.h */

struct daemon {
    struct event_base *base;
    struct instance *in;
    struct worker *log_worker, *reg_worker;
    struct fetcher *fetcher;
    struct server *server;
    struct server *tls;       /* NULL: not configured */
    struct held *held;        /* accounts' försäkran, loop's thread */
    unsigned held_generation; /* raised when something is forgotten */
    struct opened *opened;    /* cases opened by whom since start */
    struct event *tick, *on_term, *on_int, *on_hup;
    struct task *tasks;     /* under way */
    struct asking *askings; /* questions under way */
    struct review *reviews; /* under review.c's lock */
    struct recent *recent;  /* questions since start, for retries */
    int64_t probed_ms;
    enum probe_state available[SOURCE_COUNT];
    struct breaker breakers[SOURCE_COUNT]; /* loop's thread */
    struct vkey log_vkey, own_vkey;
    uint64_t log_size; /* newest head, loop's thread */
    uint8_t log_root[32];
    char log_note[NOTE_MAX]; /* it, signed */
    bool log_ok;
    bool seals; /* payloads are sealed: there are reviewers */
    char log_text[160];
    struct push *push; /* the witnesses, see push.h */
    unsigned ticks;
    bool probing;         /* a probe of the log is on its way */
    int64_t clock_gap_ms; /* UTC less time since boot, last seen */
    bool served;          /* the loop has been reached */
    bool stopping;
    bool sweeping; /* access_sweep is at work */
    bool erasing, erase_again; /* erasing.c is, and is to once more */
    size_t erasures_left;      /* that wait for their time */
    int strangers; /* refusals of unknown accounts logged this minute */
    int64_t strangers_ms;
    struct reserved *reserved; /* intents checked, not yet noted; register's
                                  worker alone */
};

/* Serves until SIGTERM or SIGINT; writes "redo SOCKET" when it accepts. */
enum err_code daemon_serve(struct instance *in, struct event_base *base,
                           struct err *e);

/* One entry on its way to the log. */
struct log_job;
typedef void log_done(void *arg, enum err_code code, const struct receipt *r,
                      const struct err *e);

/* On the log's worker behind each batch of jobs: commits what they queued;
 * after an I/O error, the way back is to reopen and check the tail. */
void record_flush(void *daemon);

/* A user's entry, exactly as signed; reviewers of the unit can open it.
 * `forsakran` and `recipient` (of an entry that brings one, else NULL) are
 * borrowed until done. */
void record_user(struct daemon *d, const struct signed_entry *s,
                 const struct serve_peer *from, const char *unit,
                 const struct ledger_forsakran *forsakran,
                 const struct ledger_recipient *recipient, log_done *done,
                 void *arg);

/* enfragad's own; payload is JSON text or NULL, copied. */
void record_own(struct daemon *d, enum entry_kind type, bool has_ref,
                uint64_t ref_seq, uint64_t authorities, const char *payload,
                log_done *done, void *arg);

/* A refusal: enfragad's own, of this unit. */
void record_refused(struct daemon *d, const char *unit, uint64_t authorities,
                    const char *payload, log_done *done, void *arg);

enum { ROUTE_BODY_MAX = 256 << 10 };

/* A question that a system has put in a handläggare's name. */
struct named {
    const struct serve_peer *from;
    const char *by;           /* the system's account */
    const uint8_t *forsakran; /* SHA-256 of the handläggare's CMS */
    const char *unit;         /* whose reviewers can open it */
    const struct question *question;
    const char *legal;
};
void record_named(struct daemon *d, const struct named *n, log_done *done,
                  void *arg);

/* The road of one request. */
struct route {
    const char *method, *path; /* a path that ends in / takes a word behind */
    enum entry_kind kind;      /* 0: not an entry */
    unsigned roles;            /* any of these; 0: any account */
    size_t max_body;           /* 0: ROUTE_BODY_MAX */
    bool own_uid;              /* the instance's own uid needs no account */
    bool open;                 /* needs no försäkran */
    bool soap;                 /* SSBTEK's, in this version */
    enum kontrakt kontrakt;
    /* On the register's worker, the account known: may it be? Fills t->out
     * with the answer where that is a reading. */
    enum err_code (*check)(struct task *t);
    /* On the loop, the entry (if any) committed: act and answer. NULL: t->out
     * is the answer. */
    void (*act)(struct task *t);
};

/* What erasing waits for: how many entries witnesses and collector have
 * (UINT64_MAX: there are none), and a line on paper. */
struct erasing_wait {
    uint64_t passed;
    bool cosigned, paper;
};

struct task {
    struct task *next, **link;
    struct daemon *d;
    const struct route *route;
    struct exchange *x; /* NULL once answered */
    struct serve_peer peer;
    char konto[64]; /* asked for by header, or "" */
    struct account account;
    bool own; /* the instance's own uid, without account */
    struct signed_entry entry;
    struct entry_author author;
    cJSON *body;                       /* the request, or NULL */
    cJSON *payload;                    /* a JSON payload, or NULL */
    struct question question;          /* of an intent */
    struct ssbtek_call *soap;          /* of a call to us as SSBTEK, or NULL */
    struct ledger_forsakran forsakran; /* of a new one */
    struct buf forsakran_cms, forsakran_text;
    struct ledger_recipient recipient; /* in forsakran_cms */
    struct grant_facts facts;
    struct buf out; /* answer */
    struct err err;
    enum err_code code;
    struct receipt receipt; /* of the entry */
    struct asking *extra;   /* an intent's requests, made ready */
    bool retry;             /* asks again what failed before */
    bool reserved;          /* counted by entries_ask, to be noted or let go */
    int64_t imported_ms;
    struct ledger_export export;
    bool export_runs, export_left; /* on the worker; its reader has */
    struct reg_case *cases; /* of a list or a search, or the one opened */
    int n_cases;
    char vkey[160], till[11]; /* of a new försäkran */
    struct key_request key;   /* that waits for the account, or is attested */
    struct import_result import;
    struct access access; /* asked for by an entry atkomst */
    struct erasing_wait held_back;
};

extern const struct route routes[];

/* What stands behind the route's path in the request's; "" for nothing. */
const char *task_word(const struct task *t);

void daemon_request(void *daemon, struct exchange *x);

/* What may be sent to a path before it is known who sends. */
size_t daemon_body_limit(void *daemon, const char *path);

/* The register's note of a question that is on its way (`ended` NULL) or has
 * its answer, which is not needed after; kept, or freed unkept. */
struct note *note_new(struct daemon *d, const char *konto,
                      const struct question *q, const struct answer *ended);
void note_keep(struct note **n);
void note_free(struct note **n);

/* Remembers a question; true if seq was one by this account about the same
 * person in the same case (recent.c). */
void recent_add(struct daemon *d, uint64_t seq, const char *konto,
                const struct question *q);
bool recent_is(const struct daemon *d, uint64_t seq, const char *konto,
               const struct question *q);
/* The case of a question that the account asked since start; NULL. */
const char *recent_case(const struct daemon *d, uint64_t seq,
                        const char *konto);
void recent_free(struct daemon *d);

/* Cases that an account has opened since start: its names may be shown. */
void opened_add(struct daemon *d, const char *konto, const char *arende);
bool opened_is(const struct daemon *d, const char *konto, const char *arende);
void opened_free(struct daemon *d);
void reviews_free(struct daemon *d);

/* Intents that have passed their check and are not yet noted in the register
 * count for the rate and for repeats. On the register's worker. */
void reserved_add(struct daemon *d, const char *konto,
                  const struct personnummer *p);
void reserved_drop(struct daemon *d, const char *konto,
                   const struct personnummer *p);
int reserved_count(const struct daemon *d, const char *konto);
bool reserved_about(const struct daemon *d, const struct personnummer *p);
void reserved_free(struct daemon *d); /* the worker has ended */

/* The account that calls: the system's where it names another. */
const struct account *task_caller(const struct task *t);

/* Answers and ends the task. */
void task_reply(struct task *t, int status, const char *type, const void *p,
                size_t n);
void task_reply_json(struct task *t); /* t->out, 200 */
void task_problem(struct task *t, enum err_code code, const struct err *e);
void task_free(struct task *t);

/* What a worker did of a task has ended: t->out, or the problem t->code. */
void task_ended(void *task);

/* Does it put a question, in whichever of the ways there are? */
bool task_asks(const struct task *t);

/* An intent that was counted for the rate did not come about. */
void task_let_go(struct task *t);

/* A question's check against the hard limit, and the wait of strict before its
 * act (entries_witness.c). */
void witnessed_check(struct task *t);
void witnessed_act(struct task *t);

/* Access taken efterhand that nobody approved in time: an alarm each, and then
 * it is forgotten (access.c). */
void access_sweep(struct daemon *d);

/* Daemon's answers to the loop's timer: clock, free disk, retries. */
void daemon_tick(struct daemon *d);

#endif
