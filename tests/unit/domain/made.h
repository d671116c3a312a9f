/* SPDX-License-Identifier: EUPL-1.2
 *
 * Answers made by hand for the tests of the overview, and questions to the
 * overview that fail the test when they are not answered.
 */
#ifndef TESTS_UNIT_DOMAIN_MADE_H
#define TESTS_UNIT_DOMAIN_MADE_H

#include "domain/overview.h"

enum {
    ALL = SOURCE_ASKABLE,
    FK = SOURCE_BIT(SOURCE_FK),
    SO = SOURCE_BIT(SOURCE_SO)
};

extern const struct date made_today; /* 2026-11-24 */

/* Of November 2026; every asked source has said that it has nothing. */
struct answer *made_silent(source_set sources);

/* The applicant's half of the household drawn in UX 8. */
struct answer *made_applicant(void);

/* Each puts one in front; a source that had nothing has an answer then. */
struct payment *made_pay(struct answer *a, enum source_id id,
                         const char *forman, const char *day, int64_t ore,
                         const char *fran, const char *till);
struct decision *made_decision(struct answer *a, enum source_id id,
                               const char *slag, const char *forman);

/* A benefit reported missing: the source is delsvar then. */
void made_lacks(struct answer *a, enum source_id id, const char *kod,
                const char *namn);

struct overview *made_overview(const struct answer *a);
const struct month_row *made_row(const struct overview *o, const char *forman);
const struct check *made_check(const struct overview *o, enum check_kind k);
void made_says(const struct overview *o, enum check_kind k, const char *text);

/* One sign per month: # amount, 0 zero, ? unknown, . not asked. */
void made_cells(const struct month_row *r, const char *cells);

#endif
