/* SPDX-License-Identifier: EUPL-1.2
 *
 * Turns a question into requests to an upstream: one for all sources, or one
 * for each: to SSBTEK (`delad`), or to each authority in its own contract
 * (bastjanster, simulering). Pure but for its memory.
 */
#ifndef ENFRAGA_ASK_PLAN_H
#define ENFRAGA_ASK_PLAN_H

#include "ask/breaker.h"
#include "base/buf.h"
#include "base/err.h"
#include "domain/question.h"
#include "wire/ssbtek.h"

#include <stdbool.h>

enum upstream_kind {
    UPSTREAM_SSBTEK,
    UPSTREAM_BASTJANSTER,
    UPSTREAM_SIMULERING
};

/* What is known of an authority that is asked in its own contract. */
struct endpoint {
    const char *url; /* "": none is set */
    const char *ca, *cert, *key;
    long limit_s;
    const char *avtal;      /* the agreement's number, or "" */
    struct period in_force; /* its days, or none */
};

struct upstream {
    enum upstream_kind kind;
    const char *url;         /* SSBTEK's; bastjanster: NULL */
    const char *unix_socket; /* simulering; else NULL */
    const char *ca, *cert, *key, *proxy;
    bool plain;      /* http:// on loopback */
    bool split;      /* one source a request */
    bool direct;     /* and each authority in its own contract */
    bool agreements; /* skarp: an authority is asked under an agreement alone */
    struct endpoint
        of[SOURCE_COUNT]; /* limit_s where split; all where direct */
    long connect_s, total_s;
    struct breaker *breakers; /* SOURCE_COUNT of them, or NULL */
    struct breaker_rule rule;
    enum kontrakt kontrakt;    /* the version that the upstream speaks */
    struct ssbtek_asker asker; /* syfte and lagtext are set for each question */
};

enum { REQUEST_URL_MAX = 1024 };

struct request {
    source_set sources;         /* PM follows FK, and is not named here */
    const char *refused, *text; /* its word: nothing is to be sent; or NULL */
    enum source_state state;    /* what the source then is */
    struct buf url, body;
    const char *const *headers;
};

struct plan {
    struct request request[SOURCE_COUNT];
    int n;
};

/* Requests for q on the day `today`; nothing has been sent. ERR_BAD_INPUT
 * where one could not be strictly valid: then there is no plan at all. A source
 * that has no address, or no agreement in force where one is needed, has a
 * request that is refused, beside the others'. */
enum err_code plan_make(struct plan *p, const struct question *q,
                        const struct upstream *u, struct date today,
                        struct err *e);
void plan_done(struct plan *p); /* wipes */

/* Why an authority may not be asked on a day: "avtal_saknas",
 * "avtal_ej_i_kraft", "adress_saknas"; NULL: it may. */
const char *endpoint_refusal(const struct endpoint *o, bool agreement,
                             struct date today);

#endif
