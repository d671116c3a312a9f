/* SPDX-License-Identifier: EUPL-1.2
 *
 * HTTP requests by libcurl's multi interface on the libevent loop. No proxy
 * unless told, no redirects, https only unless `plain` (loopback in test) or
 * over a Unix socket; a connection is used once (one intent, one send). Nothing
 * is ever sent again by itself: whether a failure came before the first byte of
 * a request had left is told, and the rest is the caller's.
 */
#ifndef ENFRAGA_NET_FETCH_H
#define ENFRAGA_NET_FETCH_H

#include "base/err.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct event_base;
struct fetcher;
struct fetch;

struct fetch_options {
    const char *url;
    const char *unix_socket; /* or NULL */
    const void *body;        /* POST; NULL: GET. Copied. */
    size_t body_len;
    const char *const *headers;  /* "Name: value", ended by NULL; or NULL */
    const char *ca, *cert, *key; /* files, or NULL/"" */
    const char *proxy;           /* NULL/"": none */
    bool enfragad;               /* the socket's other end: ERR_LOCAL for it */
    bool plain;                  /* http:// on loopback is allowed */
    bool reuse;              /* may use and keep a connection (local calls) */
    bool connect_only;       /* TCP and TLS alone: no byte of a request */
    long connect_s, total_s; /* 0: none */
    long total_ms;           /* instead of total_s; 0: total_s */
    size_t max;              /* bytes of body taken; past it ERR_TOO_BIG */
};

struct fetch_ops {
    /* Bytes of the body as they come; an error stops the transfer with it. */
    enum err_code (*data)(void *arg, const void *p, size_t n, struct err *e);
    /* The end, once: code (ERR_OK whenever an HTTP answer came whole),
     * status, content type ("" if none). The fetch is freed after. */
    void (*done)(void *arg, enum err_code code, int status,
                 const char *content_type, const struct err *e);
    /* Instead of done, where not NULL and the fetch failed before the first
     * byte of its request had left: nobody has seen the question. */
    void (*unsent)(void *arg, enum err_code code, const struct err *e);
    /* Instead of done, where the fetch ends by fetch_cancel or fetcher_free:
     * frees what arg holds. NULL where its owner cancels and frees itself. */
    void (*drop)(void *arg);
};

struct fetcher *fetcher_new(struct event_base *base);
void fetcher_free(struct fetcher **f); /* what runs is dropped */

/* Starts; NULL with e set where it cannot start (bad URL, plain http). */
struct fetch *fetch_start(struct fetcher *f, const struct fetch_options *o,
                          const struct fetch_ops *ops, void *arg,
                          struct err *e);
void fetch_cancel(struct fetch *f); /* drops it: no more data, no done */

#endif
