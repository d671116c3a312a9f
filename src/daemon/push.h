/* SPDX-License-Identifier: EUPL-1.2
 *
 * The log before its witnesses while enfragad serves (AUDIT 6, 14): new heads
 * to each witness of the policy and new entries to the collector, every few
 * seconds or entries, and at a stop; what that is worth now (fresh, soft limit,
 * hard limit); and waiting for it (strict). All on the loop's thread.
 */
#ifndef ENFRAGA_DAEMON_PUSH_H
#define ENFRAGA_DAEMON_PUSH_H

#include "daemon/daemon.h"

struct push;

enum push_state {
    PUSH_NONE,  /* no witness is configured: nothing is promised */
    PUSH_PAPER, /* a line a day, by hand */
    PUSH_FRESH, /* what is not cosigned is younger than the soft limit */
    PUSH_SOFT,  /* older: warn */
    PUSH_HARD   /* past the hard limit: no searches */
};

/* Before anything is appended: reads policy and what is kept, and asks each
 * witness for the newest head it has. ERR_LOG_BROKEN when one of them, signed
 * by our own key, is not of this log (AUDIT 15): then nothing may be appended.
 * A witness that does not answer says nothing. */
enum err_code push_open(struct instance *in, struct event_base *base,
                        struct push **out, struct err *e);

/* Begins to push, with the daemon's workers and fetcher. */
void push_start(struct push *p, struct daemon *d);

/* The log has grown: d->log_size is new. */
void push_grown(struct push *p);

/* A user has left: what is not cosigned is sent without waiting for more. */
void push_now(struct push *p);

/* Calls done (with arg) when `size` entries are vouched for; ERR_WITNESS when
 * that has not come within some seconds. */
void push_wait(struct push *p, uint64_t size,
               void (*done)(void *arg, enum err_code code, const struct err *e),
               void *arg);

enum push_state push_state(const struct push *p);
bool push_counts(const struct push *p); /* is there a quorum to wait for? */
/* So many entries the quorum and the collector have, where there are any;
 * UINT64_MAX where there are none. */
uint64_t push_passed(const struct push *p);
bool push_strict(const struct push *p);

/* The policy's witnesses, at most `room`; how many. */
size_t push_witnesses(const struct push *p, struct vkey *out, size_t room);

/* Whose cosignatures count; NULL where there is no policy. */
struct policy;
const struct policy *push_policy(const struct push *p);

/* {"slag","lage","storlek","oskyddade","alder_s","krav","text"} */
void push_describe(const struct push *p, cJSON *o);

/* A chef has extended the hard limit, by entry seq at that time. */
void push_extend(struct push *p, uint64_t seq, int64_t time_ms);

/* Who waits is told where it is time; at a stop all are. */
void push_wake(struct push *p);

/* At a stop, when all is written: one round more, some seconds at most. */
void push_last(struct push *p);
void push_free(struct push **p);

#endif
