/* SPDX-License-Identifier: EUPL-1.2
 *
 * Gallring (AUDIT 12) from a client: what a range holds, where each gallring
 * stands, and the steps that a user signs. The answers are enfragad's JSON as
 * it came (doc/api/openapi.yaml); what is signed is read out of them here.
 */
#ifndef ENFRAGA_CLIENT_GALLRING_H
#define ENFRAGA_CLIENT_GALLRING_H

#include "client/client.h"
#include "proof/erasure.h"

#include <cjson/cJSON.h>

/* A range to look at: days (from may be NULL: from the beginning), or where
 * till is NULL entries first to last. */
struct erasure_wish {
    const char *from, *till;
    uint64_t first, last;
    bool leaves;
};
void client_erasure_plan(struct client *c, const struct erasure_wish *w,
                         client_done *done, void *arg);
void client_erasures(struct client *c, client_done *done, void *arg);

/* What either was answered, until the next such call. */
const cJSON *client_erasure_answer(const struct client *c);

/* The terms and amounts that a plan, or a row of the list, says. false: it
 * does not say them. */
bool client_erasure_terms(const cJSON *o, struct entry_erasure *x);
bool client_erasure_amount(const cJSON *o, struct erasure_amount *a);

/* Signs and posts one step. `of`: what it refers to, an object with loggpost
 * and hash, or NULL; legal of a decision, why of a stop, else NULL. */
void client_put_erasure(struct client *c, const struct entry_erasure *x,
                        const cJSON *of, const char *legal, const char *why,
                        client_done *done, void *arg);

/* A day's line (enfraga logg dagsrad) of this log: the head it names. */
enum err_code client_erasure_line(const struct client *c, const char *line,
                                  struct entry_erasure *x, struct err *e);

#endif
