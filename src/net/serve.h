/* SPDX-License-Identifier: EUPL-1.2
 *
 * An HTTP/1.1 server (libevent) on a Unix socket, with the peer's uid by
 * SO_PEERCRED, or on a TCP port by TLS 1.3 with the peer's certificate; whole
 * requests up to a ceiling and answers whole or streamed. Connections are
 * counted, in all and by peer; a body is held up to what its path allows. Who
 * may ask for what is the handler's.
 *
 * All of it runs on the loop's thread, but for exchange_body(), _method(),
 * _path() and _peer(), which any thread may read while the exchange lives.
 */
#ifndef ENFRAGA_NET_SERVE_H
#define ENFRAGA_NET_SERVE_H

#include "base/buf.h"
#include "base/err.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

struct event_base;
struct server;
struct exchange; /* one request and its answer */

/* TLS: who has no certificate from these CAs is never heard. */
struct serve_tls {
    const char *address; /* "192.0.2.7:8443", "[::]:8443"; port 0: any */
    const char *cert, *key, *ca; /* PEM files */
    int first_s; /* from accepting to the first byte of a request; 0: 10 */
};

struct serve_options {
    const char *path; /* of the Unix socket; replaced if stale */
    bool inherited;   /* listens on what serve_inherited gave; made by others,
                         so neither replaced nor removed */
    mode_t mode;      /* of the socket */
    const struct serve_tls *tls; /* instead of a Unix socket; or NULL */
    size_t max_body; /* of a request, unless body_limit says otherwise */
    size_t max_headers;
    int idle_s;
    /* The ceiling of a body sent to this path (without query, as sent), or 0
     * for max_body; `arg` is server_new's. Asked when the request line has
     * come, so before it is known who asks, and again before the handler is
     * called. Past it the answer is 413 and nothing is held. */
    size_t (*body_limit)(void *arg, const char *path);
    /* Open connections in all and of one peer; 0: 512 and 64. Past it a new
     * one is told 503 and closed; by TLS it is told where its certificate is
     * known, and else closed. Of those that have not shown one, at most half
     * may wait: then the oldest of them goes. */
    int max_conns, max_conns_per_peer;
    /* Called when the last connection of a peer has closed; NULL: nobody asks.
     * `arg` is server_new's. Not after server_pause. */
    void (*left)(void *arg);
};

/* Who is at the other end. */
struct serve_peer {
    uid_t uid;        /* (uid_t)-1: not known, or by TLS */
    bool by_cert;     /* TLS */
    uint8_t cert[32]; /* SHA-256 of its certificate (DER) */
};

/* Called for each request; must answer now or later, exactly once (with
 * exchange_reply or exchange_end, also where the peer has left). */
typedef void serve_fn(void *arg, struct exchange *x);

/* Is there a listening socket handed over at start (LISTEN_PID, LISTEN_FDS, as
 * systemd does for a .socket unit)? More than one is none. */
bool serve_inherited(void);

/* Listens; NULL with e set where another serves on the path, where it cannot
 * be told whether one does, or where the socket cannot be had. The program
 * ignores SIGPIPE: peers leave. */
struct server *server_new(struct event_base *base,
                          const struct serve_options *o, serve_fn *fn,
                          void *arg, struct err *e);

/* The TCP port it listens on; 0 for a Unix socket. */
int server_port(const struct server *s);

/* Closes, removes the socket, ends exchanges under way without a call to
 * anyone: they are not to be touched after. Clears the caller's pointer. */
void server_free(struct server **s);

/* For an orderly stop: no connection is accepted from here on, and a request
 * on an open one is answered 503 without the handler. What is under way goes
 * on. There is no way back. */
void server_pause(struct server *s);

/* Raises the process's soft ceiling of open files towards the hard one, so
 * that max_conns and their upstream requests fit. Returns what now holds. */
long server_raise_files(void);

const char *exchange_method(const struct exchange *x); /* "GET", "POST" */
const char *exchange_path(const struct exchange *x);   /* without query */

/* A header of the request, or NULL. Borrowed; the loop's thread only. */
const char *exchange_header(const struct exchange *x, const char *name);

/* The body, never NULL, with a NUL past its n bytes. The exchange's own: it
 * stays, also when the peer leaves, until the exchange ends, and is wiped. */
const void *exchange_body(const struct exchange *x, size_t *n);

const struct serve_peer *exchange_peer(const struct exchange *x);

/* Called once when the peer leaves before the answer has ended; at once if it
 * has left already. The exchange must still be ended, from there if wanted. */
void exchange_on_gone(struct exchange *x, void (*gone)(void *arg), void *arg);

/* A whole answer; ends the exchange. */
void exchange_reply(struct exchange *x, int status, const char *type,
                    const void *body, size_t n);

/* A streamed one: start, any number of chunks, end. */
void exchange_stream(struct exchange *x, int status, const char *type);
void exchange_chunk(struct exchange *x, const void *p, size_t n);

/* The same with what b holds, which is handed over and not copied; b is empty
 * after, whether it could be sent or not. */
void exchange_chunk_take(struct exchange *x, struct buf *b);

/* A chunk, and `written` from the loop when all that was sent has left this
 * process (n 0: on the loop's next turn), so that the next can be made then
 * and no reader makes us hold more than one. Never called when the peer has
 * left (that is exchange_on_gone's) nor after the exchange has ended; a second
 * call before it takes the first one's place. */
void exchange_chunk_then(struct exchange *x, const void *p, size_t n,
                         void (*written)(void *arg), void *arg);

void exchange_end(struct exchange *x);

#endif
