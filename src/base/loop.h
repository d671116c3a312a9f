/* SPDX-License-Identifier: EUPL-1.2
 *
 * One libevent loop per program, and workers beside it: a worker is a thread
 * with a queue; a job runs on the thread, and its `done` then runs on the
 * loop. The loop itself never waits for a disk, a lock or a peer.
 */
#ifndef ENFRAGA_BASE_LOOP_H
#define ENFRAGA_BASE_LOOP_H

#include <stdbool.h>
#include <stddef.h>

struct event_base;
struct worker;

/* A new base with the settings both programs want; NULL if it cannot be had. */
struct event_base *loop_new(void);

/* Starts a worker. `flush`, if given, runs on the thread after each batch of
 * jobs taken from the queue at once (at most `batch`, 0: 64) and before their
 * `done`: group commit lives there. */
struct worker *worker_new(struct event_base *base, size_t batch,
                          void (*flush)(void *owner), void *owner);

/* Queues a job. `run` on the thread, then `done` on the loop; either may be
 * NULL. Jobs run in order. May be called from the loop's thread only. */
void worker_run(struct worker *w, void (*run)(void *arg),
                void (*done)(void *arg), void *arg);

/* Jobs queued or running whose done has not been called. */
size_t worker_pending(const struct worker *w);

/* Ends the thread when what is queued has run, and calls the dones. From then
 * on worker_run does a job at once, on the caller's thread: two workers whose
 * dones queue on each other can so be ended one after the other. */
void worker_stop(struct worker *w);

/* Stops; frees. Lets queued jobs finish, calls their dones, ends the thread;
 * clears. */
void worker_free(struct worker **w);

#endif
