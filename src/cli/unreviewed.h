/* SPDX-License-Identifier: EUPL-1.2
 *
 * Which questions of a period no verdict has been given on: the questions'
 * numbers stand in clear, those of a verdict in its payload.
 */
#ifndef ENFRAGA_CLI_UNREVIEWED_H
#define ENFRAGA_CLI_UNREVIEWED_H

#include "client/review.h"

#include <stdint.h>

struct unreviewed;
struct unreviewed *unreviewed_new(void);
void unreviewed_free(struct unreviewed **u);

/* Each entry of the period, in any order. */
void unreviewed_take(struct unreviewed *u, const struct review_entry *e);

/* A line for each; how many. *questions: of how many; *closed: verdicts that
 * could not be read, as one's own. */
uint64_t unreviewed_print(struct unreviewed *u, uint64_t *questions,
                          uint64_t *closed);

#endif
