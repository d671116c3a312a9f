/* SPDX-License-Identifier: EUPL-1.2
 *
 * A request and its answer. libevent frees a request with its answer or its
 * connection, but one that loses the connection unanswered (EOF, time limit)
 * it lets go of: evhttp_request_get_connection() is NULL then, and the
 * exchange frees it when it ends.
 */
#include "config.h"

#include "net/internal.h"

#include "base/mem.h"

#include <event2/buffer.h>
#include <event2/bufferevent.h>
#include <event2/event.h>
#include <event2/http.h>
#include <event2/keyvalq_struct.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct exchange {
    struct server *server;
    struct exchange *next, **link;
    struct conn *conn; /* NULL once closed: the request, if any, is ours */
    struct evhttp_request *req;
    const char *method;
    char *path;
    char *body;
    size_t body_len;
    struct serve_peer peer;
    struct event *hup, *turn;
    bool peer_left;
    void (*gone)(void *);
    void *gone_arg;
    void (*written)(void *);
    void *written_arg;
};

static void
forget(struct exchange *x)
{
    *x->link = x->next;
    if (x->next)
        x->next->link = x->link;
    if (x->conn)
        x->conn->x = NULL;
    else if (x->req)
        evhttp_request_free(x->req);
    if (x->hup)
        event_free(x->hup);
    if (x->turn)
        event_free(x->turn);
    mem_wipe(x->body, x->body_len);
    free(x->body);
    free(x->path);
    free(x);
}

static void
peer_gone(struct exchange *x)
{
    void (*gone)(void *) = x->gone;
    x->peer_left = true;
    x->gone = NULL;
    x->written = NULL;
    if (gone)
        gone(x->gone_arg);
}

void
exchange_closed(struct exchange *x)
{
    if (evhttp_request_get_connection(x->req))
        x->req = NULL; /* freed with the connection */
    x->conn->x = NULL;
    x->conn = NULL;
    if (x->hup)
        event_del(x->hup);
    peer_gone(x);
}

void
exchange_drop(struct exchange *x)
{
    forget(x);
}

/* evhttp does not read while an answer is made, so a peer that leaves is seen
 * by an event of our own. The connection lives on until it is answered. */
static void
on_hup(evutil_socket_t fd, short what, void *arg)
{
    (void)fd;
    (void)what;
    peer_gone(arg);
}

/* Moves the body out of libevent's buffers, which are wiped as they stand. */
static void
take_body(struct exchange *x)
{
    struct evbuffer *in = evhttp_request_get_input_buffer(x->req);
    x->body_len = evbuffer_get_length(in);
    x->body = mem_alloc(x->body_len + 1);
    for (size_t at = 0; at < x->body_len;) {
        struct evbuffer_iovec v;
        if (evbuffer_peek(in, -1, NULL, &v, 1) < 1)
            break;
        memcpy(x->body + at, v.iov_base, v.iov_len);
        mem_wipe(v.iov_base, v.iov_len);
        at += v.iov_len;
        evbuffer_drain(in, v.iov_len);
    }
}

void
exchange_begin(struct conn *c, struct evhttp_request *req)
{
    struct server *s = c->server;
    const struct evhttp_uri *uri = evhttp_request_get_evhttp_uri(req);
    const char *path = uri ? evhttp_uri_get_path(uri) : NULL;
    struct exchange *x = mem_alloc(sizeof *x);
    x->server = s;
    x->conn = c;
    x->req = req;
    x->method =
        evhttp_request_get_command(req) == EVHTTP_REQ_POST ? "POST" : "GET";
    x->path = mem_strdup(path && *path ? path : "/");
    x->peer = c->peer;
    take_body(x);
    x->next = s->first;
    x->link = &s->first;
    if (s->first)
        s->first->link = &x->next;
    s->first = x;
    c->x = x;
    x->hup =
        event_new(s->base, bufferevent_getfd(c->bev), EV_CLOSED, on_hup, x);
    if (x->hup)
        event_add(x->hup, NULL);
    s->fn(s->arg, x);
}

const char *
exchange_method(const struct exchange *x)
{
    return x->method;
}

const char *
exchange_path(const struct exchange *x)
{
    return x->path;
}

const char *
exchange_header(const struct exchange *x, const char *name)
{
    return x->req ? evhttp_find_header(evhttp_request_get_input_headers(x->req),
                                       name)
                  : NULL;
}

const void *
exchange_body(const struct exchange *x, size_t *n)
{
    *n = x->body_len;
    return x->body;
}

const struct serve_peer *
exchange_peer(const struct exchange *x)
{
    return &x->peer;
}

void
exchange_on_gone(struct exchange *x, void (*gone)(void *), void *arg)
{
    x->gone = gone;
    x->gone_arg = arg;
    if (x->peer_left && gone) {
        x->gone = NULL;
        gone(arg);
    }
}

static void
set_headers(struct evhttp_request *req, const char *type)
{
    struct evkeyvalq *h = evhttp_request_get_output_headers(req);
    evhttp_add_header(h, "Content-Type", type);
    evhttp_add_header(h, "Cache-Control", "no-store");
}

static void
send_whole(struct evhttp_request *req, int status, struct evbuffer *out)
{
    evhttp_send_reply(req, status, NULL, out);
    evbuffer_free(out);
}

size_t
refusal_text(char *out, size_t max, int status, enum err_code code,
             const char *detail)
{
    const struct err_row *row = err_row(code);
    int n = snprintf(out, max,
                     "{\"type\":\"about:blank\",\"title\":\"%s\","
                     "\"status\":%d,\"kod\":\"%s\",\"detail\":\"%s\"}",
                     row->message, status, row->word, detail);
    return n < 0 ? 0 : (size_t)n < max ? (size_t)n : max - 1;
}

void
request_refuse(struct evhttp_request *req, int status, enum err_code code,
               const char *detail)
{
    char text[512];
    size_t n = refusal_text(text, sizeof text, status, code, detail);
    struct evbuffer *out = evbuffer_new();
    evbuffer_add(out, text, n);
    set_headers(req, "application/problem+json");
    evhttp_add_header(evhttp_request_get_output_headers(req), "Connection",
                      "close");
    send_whole(req, status, out);
}

/* The exchange is forgotten before the answer is handed over, since libevent
 * may end the connection at once; body may be the exchange's own. */
void
exchange_reply(struct exchange *x, int status, const char *type,
               const void *body, size_t n)
{
    struct evhttp_request *req = x->conn ? x->req : NULL;
    struct evbuffer *out = NULL;
    if (req) {
        set_headers(req, type);
        out = evbuffer_new();
        evbuffer_add(out, body, n);
    }
    forget(x);
    if (req)
        send_whole(req, status, out);
}

void
exchange_stream(struct exchange *x, int status, const char *type)
{
    if (!x->conn)
        return;
    set_headers(x->req, type);
    evhttp_send_reply_start(x->req, status, NULL);
}

static void
tell_written(struct exchange *x)
{
    void (*written)(void *) = x->written;
    x->written = NULL;
    if (written)
        written(x->written_arg);
}

/* libevent keeps one callback for a connection's output, ours for all chunks:
 * it is called when nothing is left to send. */
static void
on_left(struct evhttp_connection *con, void *arg)
{
    (void)con;
    struct conn *c = arg;
    if (c->x)
        tell_written(c->x);
}

static void
on_turn(evutil_socket_t fd, short what, void *arg)
{
    (void)fd;
    (void)what;
    tell_written(arg);
}

void
exchange_chunk(struct exchange *x, const void *p, size_t n)
{
    if (!x->conn || x->peer_left || !n)
        return;
    struct evbuffer *out = evbuffer_new();
    evbuffer_add(out, p, n);
    evhttp_send_reply_chunk_with_cb(x->req, out, on_left, x->conn);
    evbuffer_free(out);
}

static void
wipe_sent(const void *p, size_t n, void *arg)
{
    (void)p, (void)n;
    buf_done(arg);
    free(arg);
}

void
exchange_chunk_take(struct exchange *x, struct buf *b)
{
    if (!x->conn || x->peer_left || !b->len) {
        buf_done(b);
        return;
    }
    struct buf *sent = mem_alloc(sizeof *sent);
    *sent = *b;
    *b = BUF_INIT(b->max);
    struct evbuffer *out = evbuffer_new();
    evbuffer_add_reference(out, sent->data, sent->len, wipe_sent, sent);
    evhttp_send_reply_chunk_with_cb(x->req, out, on_left, x->conn);
    evbuffer_free(out);
}

void
exchange_chunk_then(struct exchange *x, const void *p, size_t n,
                    void (*written)(void *), void *arg)
{
    if (!x->conn || x->peer_left)
        return;
    x->written = written;
    x->written_arg = arg;
    if (x->turn)
        event_del(x->turn);
    exchange_chunk(x, p, n);
    if (n)
        return;
    if (!x->turn)
        x->turn = event_new(x->server->base, -1, 0, on_turn, x);
    if (x->turn)
        event_active(x->turn, EV_TIMEOUT, 1);
}

void
exchange_end(struct exchange *x)
{
    struct evhttp_request *req = x->conn ? x->req : NULL;
    forget(x);
    if (req)
        evhttp_send_reply_end(req);
}
