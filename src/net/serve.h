/* SPDX-License-Identifier: EUPL-1.2
 *
 * An HTTP/1.1 server on a Unix socket (libevent), with the peer's uid by
 * SO_PEERCRED, whole requests up to a ceiling and answers whole or streamed.
 */
#ifndef ENFRAGA_NET_SERVE_H
#define ENFRAGA_NET_SERVE_H

#include "base/err.h"

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

struct event_base;
struct server;
struct exchange; /* one request and its answer */

struct serve_options {
    const char *path; /* of the socket; replaced if stale */
    mode_t mode;      /* of the socket */
    size_t max_body, max_headers;
    int idle_s;
};

/* Called for each request; must answer now or later, exactly once. */
typedef void serve_fn(void *arg, struct exchange *x);

struct server *server_new(struct event_base *base,
                          const struct serve_options *o, serve_fn *fn,
                          void *arg, struct err *e);
void server_free(struct server **s); /* closes, removes the socket */

const char *exchange_method(const struct exchange *x); /* "GET", "POST" */
const char *exchange_path(const struct exchange *x);   /* without query */
const char *exchange_header(const struct exchange *x, const char *name);
const void *exchange_body(const struct exchange *x, size_t *n);
uid_t exchange_uid(const struct exchange *x);

/* Called when the peer leaves before the answer has ended. */
void exchange_on_gone(struct exchange *x, void (*gone)(void *arg), void *arg);

/* A whole answer. */
void exchange_reply(struct exchange *x, int status, const char *type,
                    const void *body, size_t n);

/* A streamed one: start, any number of chunks, end. */
void exchange_stream(struct exchange *x, int status, const char *type);
void exchange_chunk(struct exchange *x, const void *p, size_t n);
void exchange_end(struct exchange *x);

#endif
