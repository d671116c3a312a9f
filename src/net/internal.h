/* SPDX-License-Identifier: EUPL-1.2
 *
 * What serve.c (connections), listen.c (the socket) and exchange.c (a request
 * and its answer) know of each other. Not for other modules.
 */
#ifndef ENFRAGA_NET_INTERNAL_H
#define ENFRAGA_NET_INTERNAL_H

#include "net/serve.h"

#include <stdint.h>

struct bufferevent;
struct evconnlistener;
struct event;
struct evhttp;
struct evhttp_connection;
struct evhttp_request;
struct ssl_ctx_st;

struct conn {
    struct server *server;
    struct conn *next, **link;
    struct bufferevent *bev;
    struct evhttp_connection *con; /* NULL until it has arrived */
    struct event *arrived;         /* NULL after */
    struct exchange *x;            /* under way, or NULL */
    struct event *first;           /* TLS: until its first byte */
    struct serve_peer peer;
    bool line_seen; /* the coming request's body has its ceiling */
};

struct server {
    struct server *next, **link; /* all of them */
    struct event_base *base;
    struct evhttp *http;
    struct evconnlistener *listener;
    struct event *resume;
    char *path;             /* or address, for messages */
    bool inherited;         /* the socket is others' to remove */
    struct ssl_ctx_st *tls; /* NULL: a Unix socket */
    int first_s, n_silent;  /* TLS: conns before their first byte */
    serve_fn *fn;
    void *arg;
    size_t max_body;
    size_t (*body_limit)(void *arg, const char *path);
    int max_conns, max_conns_per_peer, n_conns;
    void (*left)(void *arg);
    bool paused, waiting; /* for good; until `resume` fires */
    int64_t told_us;      /* that connections are refused */
    struct conn *conns;
    struct exchange *first; /* under way */
};

/* The listener of the options; NULL with e set. */
struct evconnlistener *listen_on(struct event_base *base,
                                 const struct serve_options *o, struct err *e);
int listen_port(struct evconnlistener *l); /* 0: not TCP */

/* Makes the exchange of a whole request and hands it to the server's fn. */
void exchange_begin(struct conn *c, struct evhttp_request *req);

/* The connection is about to be freed: the request, if libevent lets it go
 * unanswered, is the exchange's from here. Calls `gone`. */
void exchange_closed(struct exchange *x);

/* For server_free: frees it, tells nobody. */
void exchange_drop(struct exchange *x);

/* A whole answer to a request that has no exchange; the connection ends with
 * it. `detail` is plain words. */
void request_refuse(struct evhttp_request *req, int status, enum err_code code,
                    const char *detail);

/* The refusal's body (problem+json) into `out`; its length. */
size_t refusal_text(char *out, size_t max, int status, enum err_code code,
                    const char *detail);

#endif
