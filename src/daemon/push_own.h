/* SPDX-License-Identifier: EUPL-1.2
 *
 * For push.c (rounds), push_answer.c (what a witness said) and push_state.c
 * (what it is worth) alone.
 */
#ifndef ENFRAGA_DAEMON_PUSH_OWN_H
#define ENFRAGA_DAEMON_PUSH_OWN_H

#include "audit/policy.h"
#include "audit/witness.h"
#include "daemon/push.h"
#include "net/fetch.h"
#include "proof/batch.h"

enum {
    ROUND_S = 20, /* a request at most */
    FACE_S = 3,   /* at a start */
    LAST_S = 3,   /* at a stop */
    WAIT_S = 15,  /* strict */
    ANSWER = 64 << 10,
    AGAIN = 4 /* tries within a round, for 409 and for a collector's pages */
};

/* One place to send to: a witness with an address, or the collector. */
struct target {
    struct push *p;
    bool collector;
    int witness; /* of the policy; of a collector: whose line came, or -1 */
    char name[POLICY_NAME], url[POLICY_URL], socket[POLICY_URL];
    uint64_t size; /* it has, as far as we know */
    bool busy, looking, feed, fed;
    bool now; /* when it is free, and not only every some seconds */
    int again;
    int64_t tried_ms; /* since boot */
    struct fetch *fetch;
    struct buf body, got;
    char note[NOTE_MAX]; /* what was sent */
    char fault[256];     /* why it did not go; "" it did */
    /* from the log's worker */
    enum err_code code;
    struct err err;
    struct checkpoint head;
};

struct waiter {
    struct waiter *next;
    uint64_t size;
    int64_t until_ms; /* since boot */
    void (*done)(void *arg, enum err_code code, const struct err *e);
    void *arg;
};

struct push {
    struct instance *in;
    struct event_base *base;
    struct daemon *d; /* NULL until push_start */
    struct fetcher *fetcher;
    bool paper, strict, stopped, own_fetcher;
    struct policy policy;
    struct target *target;
    int targets;
    uint64_t cosigned[POLICY_MAX]; /* by each witness */
    uint64_t safe;                 /* the quorum vouches for so many */
    int64_t behind_ms; /* log time of the first entry behind that; 0: none */
    uint64_t extended_seq;
    int64_t extended_ms;
    char conflict[400];
    struct event *tick;
    struct waiter *waiters;
};

/* Starts a request of a target; push_answered when it has come. */
void target_send(struct target *t);
void target_look(struct target *t); /* for the head that it has */
void target_end(struct target *t, const char *fault);
void target_answer(struct target *t, enum err_code code, int status,
                   const struct err *e);

/* On the log's worker where there is one, and done on the loop. */
void push_job(struct push *p, void (*run)(void *arg), void (*done)(void *arg),
              void *arg);

/* The witness of that number has cosigned so many: what is safe now? */
void push_vouched(struct push *p, int witness, uint64_t size);

#endif
