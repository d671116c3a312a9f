/* SPDX-License-Identifier: EUPL-1.2
 *
 * What a gallring that has been carried out in the log says to erase, erased:
 * when a witness has seen it, the collector has it, or its line stands on
 * paper, and no stop has come in between. What an earlier run left, and what a
 * restored copy still has, goes at the next start (AUDIT 12).
 */
#ifndef ENFRAGA_DAEMON_ERASING_H
#define ENFRAGA_DAEMON_ERASING_H

#include "audit/erase.h"
#include "daemon/routes.h"

/* What erasing waits for, on the loop's thread. */
struct erasing_wait erasing_wait(const struct daemon *d);

/* Where the decision d stands, in a word of the protocol. On any thread. */
const char *erasing_state(const struct ledger_erasings *all,
                          const struct erasing *d,
                          const struct erasing_wait *w);

/* Erases what may be; what may not yet is tried at each tick. `size`: the
 * witnesses are asked at once for a head of so many entries; 0 not. */
void erasing_sweep(struct daemon *d, uint64_t size);
/* The same after a start, which also gives back what a kill left behind. */
void erasing_start(struct daemon *d);
void erasing_tick(struct daemon *d);

#endif
