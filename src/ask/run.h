/* SPDX-License-Identifier: EUPL-1.2
 *
 * One question on its way: sends the plan's requests, reads the answers as
 * they come, and says when a part (the sources of one request) is in. Each
 * request is disclosed once: only where its connection failed before the first
 * byte had left is it tried a second time, within its limit. A time limit, a
 * failure, an abort and a source that is not asked (its plan refuses it, its
 * breaker is open) leave stated states. Recording is the daemon's: start only
 * what has been recorded.
 */
#ifndef ENFRAGA_ASK_RUN_H
#define ENFRAGA_ASK_RUN_H

#include "ask/plan.h"
#include "domain/answer.h"
#include "net/fetch.h"
#include "wire/bastjanst.h"

struct run;

struct run_ops {
    /* The sources of one request have their final states. PM is in the set
     * when it was asked for. Nothing of the content may be shown yet. */
    void (*part)(void *arg, source_set sources);
    /* All parts have come. The run may be freed from here. */
    void (*done)(void *arg);
    bool raw; /* keep what came, for run_raw and run_reader */
};

/* Sends what is in the plan; both are borrowed until the run is freed. The
 * answer is q's, made here. NULL only where memory or loop fail. */
struct run *run_start(struct event_base *base, struct fetcher *f,
                      const struct question *q, const struct plan *p,
                      const struct upstream *u, const struct run_ops *ops,
                      void *arg);

/* The answer, borrowed; final for the sources of parts that have come. */
struct answer *run_answer(struct run *r);

/* Where ops.raw asks for it, what came of a part that has come, borrowed until
 * the run is freed: SSBTEK's envelope that carried s, n bytes of it; or the
 * reader of an authority asked by itself, finished (wire/bastjanst.h). NULL
 * where none came whole, and the answer says why. */
const char *run_raw(const struct run *r, enum source_id s, size_t *n);
const struct bastjanst_reader *run_reader(const struct run *r,
                                          enum source_id s);

/* Stops what still waits, which becomes `avbruten`; no more calls. */
void run_cancel(struct run *r);
void run_free(struct run **r); /* with its answer */

/* Availability, without personal data (probe.c). SSBTEK and simulering:
 * testaBastjanstInformation. bastjanster: FK and PM by LEFI's list of what may
 * be asked; the others have no such call, so a connection with its
 * certificates is made and no byte of a request sent. Calls done once, from
 * the loop, or never where the fetcher is freed first. */
typedef void probe_done(void *arg, enum err_code code,
                        const enum probe_state of[SOURCE_COUNT],
                        const struct err *e);
enum err_code probe_start(struct fetcher *f, const struct upstream *u,
                          probe_done *done, void *arg, struct err *e);

#endif
