/* SPDX-License-Identifier: EUPL-1.2
 *
 * Turns a question into requests to an upstream: one for all sources, or one
 * for each (`delad`, simulering). Pure but for its memory.
 */
#ifndef ENFRAGA_ASK_PLAN_H
#define ENFRAGA_ASK_PLAN_H

#include "base/buf.h"
#include "base/err.h"
#include "domain/question.h"
#include "wire/ssbtek.h"

#include <stdbool.h>

enum upstream_kind { UPSTREAM_SSBTEK, UPSTREAM_SIMULERING };

struct upstream {
    enum upstream_kind kind;
    const char *url;
    const char *unix_socket; /* simulering; else NULL */
    const char *ca, *cert, *key, *proxy;
    bool plain; /* http:// on loopback */
    bool split; /* one source a request */
    long connect_s, total_s, source_s;
    enum kontrakt kontrakt;    /* the version that the upstream speaks */
    struct ssbtek_asker asker; /* syfte and lagtext are set for each question */
};

struct request {
    source_set sources; /* PM follows FK, and is not named here */
    struct buf body;
};

struct plan {
    struct request request[SOURCE_COUNT];
    int n;
};

/* Requests for q; nothing has been sent. ERR_BAD_INPUT where one could not be
 * strictly valid: then there is no plan at all. */
enum err_code plan_make(struct plan *p, const struct question *q,
                        const struct upstream *u, struct err *e);
void plan_done(struct plan *p); /* wipes */

#endif
