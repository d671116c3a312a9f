/* SPDX-License-Identifier: EUPL-1.2
 *
 * A circuit breaker for each source that is asked by itself: after so many
 * transport failures in a row the source is not asked for a while, and then
 * one question tries it. Pure: the caller tells the time (any clock that only
 * goes forward). What a source that is not asked becomes is the caller's, and
 * it is always a stated state.
 */
#ifndef ENFRAGA_ASK_BREAKER_H
#define ENFRAGA_ASK_BREAKER_H

#include <stdbool.h>
#include <stdint.h>

struct breaker_rule {
    int after;       /* failures in a row; 0: never opens */
    int64_t hold_ms; /* how long it is open */
};

struct breaker {
    int failures;     /* in a row, this far */
    int64_t until_ms; /* while open: when one question may try */
    bool open;
    bool trying; /* that question is under way */
};

/* May the source be asked now? A true from an open breaker is the one try,
 * which must be ended by breaker_report or breaker_release. */
bool breaker_admits(struct breaker *b, int64_t now_ms);

/* How an admitted question went: did the source answer at all? */
void breaker_report(struct breaker *b, const struct breaker_rule *r,
                    bool answered, int64_t now_ms);

/* An admitted question that says nothing of the source: it was interrupted.
 * The next one may try. */
void breaker_release(struct breaker *b);

#endif
