/* SPDX-License-Identifier: EUPL-1.2
 *
 * The socket and its connections. libevent's evhttp accepts and frees them by
 * itself and tells of neither, so each is caught where evhttp asks for its
 * bufferevent and followed by its close callback.
 */
#include "config.h"

#include "net/serve.h"

#include "base/clock.h"
#include "base/i18n.h"
#include "base/log.h"
#include "base/mem.h"
#include "net/internal.h"
#include "net/tls.h"

#include <errno.h>
#include <event2/buffer.h>
#include <event2/bufferevent.h>
#include <event2/bufferevent_ssl.h>
#include <event2/event.h>
#include <event2/http.h>
#include <event2/listener.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

enum {
    MAX_CONNS = 512,
    MAX_CONNS_PER_PEER = 64,
    FIRST_S = 10,
    SILENT_MIN = 16,
    RESUME_S = 1,
    TELL_US = 10 * 1000000,
    LINE_MAX_BYTES = 1024,
};

/* The listener's error callback is given evhttp, not us. */
static struct server *servers;

static void
let_accept(struct server *s)
{
    if (!s->paused && !s->waiting)
        evconnlistener_enable(s->listener);
}

static void
on_resume(evutil_socket_t fd, short what, void *arg)
{
    (void)fd;
    (void)what;
    struct server *s = arg;
    s->waiting = false;
    let_accept(s);
}

/* No files left, say: accepting at once again would fail at once again. */
static void
on_accept_error(struct evconnlistener *l, void *http)
{
    (void)http;
    const char *why = strerror(errno);
    struct timeval t = {.tv_sec = RESUME_S};
    for (struct server *s = servers; s; s = s->next) {
        if (s->listener != l)
            continue;
        evconnlistener_disable(l);
        s->waiting = true;
        evtimer_add(s->resume, &t);
        log_warn("%s: no connection can be accepted (%s); next try in %d s",
                 s->path, why, RESUME_S);
    }
}

static void
conn_heard(struct conn *c)
{
    if (!c->first)
        return;
    event_free(c->first);
    c->first = NULL;
    c->server->n_silent--;
}

static void
conn_free(struct conn *c)
{
    conn_heard(c);
    *c->link = c->next;
    if (c->next)
        c->next->link = c->link;
    if (c->arrived) {
        event_free(c->arrived);
        bufferevent_decref(c->bev);
    }
    c->server->n_conns--;
    free(c);
}

static bool
same_peer(const struct serve_peer *a, const struct serve_peer *b)
{
    return a->by_cert == b->by_cert && a->uid == b->uid &&
           !memcmp(a->cert, b->cert, sizeof a->cert);
}

/* Open connections of that peer. */
static int
count_peer(const struct server *s, const struct serve_peer *peer)
{
    int same = 0;
    for (const struct conn *o = s->conns; o; o = o->next)
        same += o->con && same_peer(&o->peer, peer);
    return same;
}

static void
on_close(struct evhttp_connection *con, void *arg)
{
    (void)con;
    struct conn *c = arg;
    struct server *s = c->server;
    struct serve_peer peer = c->peer;
    bool known = !s->tls || peer.by_cert;
    if (c->x)
        exchange_closed(c->x);
    conn_free(c);
    if (s->left && known && !s->paused && count_peer(s, &peer) == 0)
        s->left(s->arg);
}

static uid_t
peer_uid(struct conn *c)
{
    struct ucred cred = {.uid = (uid_t)-1};
    socklen_t n = sizeof cred;
    if (c->server->tls || getsockopt(bufferevent_getfd(c->bev), SOL_SOCKET,
                                     SO_PEERCRED, &cred, &n))
        return (uid_t)-1;
    return cred.uid;
}

/* By TLS a peer is nobody, and so not counted, until its handshake is done. */
static bool
past_cap(const struct conn *c)
{
    const struct server *s = c->server;
    int same = !s->tls || c->peer.by_cert ? count_peer(s, &c->peer) : 0;
    return s->n_conns > s->max_conns || same > s->max_conns_per_peer;
}

static void
tell_refused(const struct conn *c)
{
    struct server *s = c->server;
    if (s->told_us && clock_mono_us() - s->told_us <= TELL_US)
        return;
    s->told_us = clock_mono_us();
    if (s->tls)
        log_warn("%s: a client is refused a connection; %d are open", s->path,
                 s->n_conns - 1);
    else
        log_warn("%s: uid %u is refused a connection; %d are open", s->path,
                 (unsigned)c->peer.uid, s->n_conns - 1);
}

/* Said on the socket as it is: nothing has been read, and nothing will be.
 * By TLS there is no way yet to say anything. */
static void
turn_away(struct conn *c)
{
    char body[512], head[256];
    size_t n = refusal_text(body, sizeof body, 503, ERR_NET,
                            _("too many connections"));
    int h = snprintf(head, sizeof head,
                     "HTTP/1.1 503 Service Unavailable\r\n"
                     "Content-Type: application/problem+json\r\n"
                     "Content-Length: %zu\r\nConnection: close\r\n\r\n",
                     n);
    int fd = bufferevent_getfd(c->bev);
    struct iovec v[] = {{head, (size_t)h}, {body, n}};
    struct msghdr m = {.msg_iov = v, .msg_iovlen = 2};
    ssize_t put =
        c->server->tls ? 0 : sendmsg(fd, &m, MSG_DONTWAIT | MSG_NOSIGNAL);
    (void)put;
    tell_refused(c);
    evhttp_connection_free(c->con); /* on_close frees c */
}

static void
on_silent(evutil_socket_t fd, short what, void *arg)
{
    (void)fd;
    (void)what;
    struct conn *c = arg;
    evhttp_connection_free(c->con); /* on_close frees c */
}

/* A handshake may take its time, but not all the room there is. */
static void
await_first(struct conn *c)
{
    struct server *s = c->server;
    struct timeval t = {.tv_sec = s->first_s};
    int on = 1;
    setsockopt(bufferevent_getfd(c->bev), IPPROTO_TCP, TCP_NODELAY, &on,
               sizeof on);
    c->first = evtimer_new(s->base, on_silent, c);
    if (!c->first)
        return;
    evtimer_add(c->first, &t);
    s->n_silent++;
    int most = s->max_conns / 2 > SILENT_MIN ? s->max_conns / 2 : SILENT_MIN;
    struct conn *oldest = NULL;
    for (struct conn *o = s->conns; o && s->n_silent > most; o = o->next)
        if (o->first)
            oldest = o;
    if (oldest && oldest != c) {
        tell_refused(oldest);
        evhttp_connection_free(oldest->con);
    }
}

static size_t
ceiling(const struct server *s, const char *path)
{
    size_t n = s->body_limit && path ? s->body_limit(s->arg, path) : 0;
    return n ? n : s->max_body;
}

/* The path of a request line as evhttp reads it; NULL where it will not. */
static struct evhttp_uri *
line_uri(char *line)
{
    char *target = strchr(line, ' ');
    char *version = target ? strrchr(target + 1, ' ') : NULL;
    if (!version || version == target + 1)
        return NULL;
    *version = '\0';
    return evhttp_uri_parse_with_flags(target + 1, EVHTTP_URI_NONCONFORMANT);
}

/* Sets the coming body's ceiling as soon as the request line is whole: evhttp
 * compares it with Content-Length when the headers are, and with what comes. */
static void
look_at_line(struct conn *c)
{
    struct evbuffer *in = bufferevent_get_input(c->bev);
    size_t eol;
    struct evbuffer_ptr end =
        evbuffer_search_eol(in, NULL, &eol, EVBUFFER_EOL_CRLF);
    if (c->line_seen || end.pos < 0)
        return;
    c->line_seen = true;
    struct evhttp_uri *uri = NULL;
    char line[LINE_MAX_BYTES];
    if ((size_t)end.pos < sizeof line) {
        evbuffer_copyout(in, line, (size_t)end.pos);
        line[end.pos] = '\0';
        uri = line_uri(line);
    }
    size_t n = ceiling(c->server, uri ? evhttp_uri_get_path(uri) : NULL);
    evhttp_connection_set_max_body_size(c->con, (ev_ssize_t)n);
    if (uri)
        evhttp_uri_free(uri);
    mem_wipe(line, sizeof line);
}

static void
on_input(struct evbuffer *in, const struct evbuffer_cb_info *info, void *arg)
{
    (void)in;
    struct conn *c = arg;
    if (info->n_added)
        conn_heard(c);
    if (info->n_added && !c->line_seen)
        look_at_line(c);
}

/* On the turn after evhttp asked for the bufferevent, and before anything is
 * read: by now it has the socket, and evhttp's connection is the argument of
 * its callbacks - or evhttp gave it up, and they are gone. */
static void
on_arrived(evutil_socket_t fd, short what, void *arg)
{
    (void)fd;
    (void)what;
    struct conn *c = arg;
    struct server *s = c->server;
    bufferevent_event_cb event_cb;
    void *con;
    bufferevent_getcb(c->bev, NULL, NULL, &event_cb, &con);
    let_accept(s);
    if (!event_cb) {
        conn_free(c);
        return;
    }
    event_free(c->arrived);
    c->arrived = NULL;
    bufferevent_decref(c->bev);
    c->con = con;
    c->peer.uid = peer_uid(c);
    evhttp_connection_set_closecb(c->con, on_close, c);
    evbuffer_add_cb(bufferevent_get_input(c->bev), on_input, c);
    if (past_cap(c))
        turn_away(c);
    else if (s->tls)
        await_first(c);
}

static struct bufferevent *
new_bufferevent(struct server *s)
{
    if (!s->tls)
        return bufferevent_socket_new(s->base, -1, 0);
    struct ssl_st *ssl = tls_session(s->tls);
    return ssl ? bufferevent_openssl_socket_new(s->base, -1, ssl,
                                                BUFFEREVENT_SSL_ACCEPTING,
                                                BEV_OPT_CLOSE_ON_FREE)
               : NULL;
}

/* Once a connection: who it is, by the certificate of its handshake. */
static enum err_code
meet(struct conn *c)
{
    if (!c->server->tls || c->peer.by_cert)
        return ERR_OK;
    struct ssl_st *ssl = bufferevent_openssl_get_ssl(c->bev);
    c->peer.by_cert = ssl && tls_peer_hash(ssl, c->peer.cert);
    if (!c->peer.by_cert)
        return ERR_TLS;
    return past_cap(c) ? ERR_NET : ERR_OK;
}

/* One is accepted at a time, so that the count is right for each. */
static struct bufferevent *
on_bufferevent(struct event_base *base, void *arg)
{
    struct server *s = arg;
    struct conn *c = mem_alloc(sizeof *c);
    c->server = s;
    c->bev = new_bufferevent(s);
    c->arrived = event_new(base, -1, 0, on_arrived, c);
    if (!c->bev || !c->arrived) { /* evhttp fails too, or on_request refuses */
        if (c->arrived)
            event_free(c->arrived);
        struct bufferevent *bev = c->bev;
        free(c);
        return bev;
    }
    bufferevent_incref(c->bev);
    c->next = s->conns;
    c->link = &s->conns;
    if (s->conns)
        s->conns->link = &c->next;
    s->conns = c;
    s->n_conns++;
    evconnlistener_disable(s->listener);
    event_active(c->arrived, EV_TIMEOUT, 1);
    return c->bev;
}

static void
on_request(struct evhttp_request *req, void *arg)
{
    struct server *s = arg;
    struct evhttp_connection *con = evhttp_request_get_connection(req);
    const struct evhttp_uri *uri = evhttp_request_get_evhttp_uri(req);
    struct conn *c = s->conns;
    enum err_code code;
    while (c && c->con != con)
        c = c->next;
    if (c) { /* the next request may have come behind this one */
        c->line_seen = false;
        look_at_line(c);
    }
    if (!c || s->paused)
        request_refuse(req, 503, ERR_NET, _("the service is being stopped"));
    else if ((code = meet(c)) != ERR_OK)
        request_refuse(req, code == ERR_TLS ? 403 : 503, code,
                       code == ERR_TLS ? _("there is no client certificate")
                                       : _("too many connections"));
    else if (evbuffer_get_length(evhttp_request_get_input_buffer(req)) >
             ceiling(s, uri ? evhttp_uri_get_path(uri) : NULL))
        request_refuse(req, 413, ERR_TOO_BIG,
                       _("the request's body is too large"));
    else
        exchange_begin(c, req);
}

static void
set_options(struct server *s, const struct serve_options *o)
{
    s->max_body = o->max_body;
    s->body_limit = o->body_limit;
    s->max_conns = o->max_conns > 0 ? o->max_conns : MAX_CONNS;
    s->left = o->left;
    s->max_conns_per_peer =
        o->max_conns_per_peer > 0 ? o->max_conns_per_peer : MAX_CONNS_PER_PEER;
    s->first_s = o->tls && o->tls->first_s > 0 ? o->tls->first_s : FIRST_S;
    evhttp_set_max_body_size(s->http, (ev_ssize_t)o->max_body);
    evhttp_set_max_headers_size(s->http, (ev_ssize_t)o->max_headers);
    evhttp_set_timeout(s->http, o->idle_s);
    evhttp_set_allowed_methods(s->http, EVHTTP_REQ_GET | EVHTTP_REQ_POST);
    /* Reads a body that is too large to its end, without keeping it, so that
     * the peer is there to read the 413. */
    evhttp_set_flags(s->http, EVHTTP_SERVER_LINGERING_CLOSE);
    evhttp_set_bevcb(s->http, on_bufferevent, s);
    evhttp_set_gencb(s->http, on_request, s);
    evconnlistener_set_error_cb(s->listener, on_accept_error);
}

struct server *
server_new(struct event_base *base, const struct serve_options *o, serve_fn *fn,
           void *arg, struct err *e)
{
    struct ssl_ctx_st *tls = o->tls ? tls_server_context(o->tls, e) : NULL;
    if (o->tls && !tls)
        return NULL;
    struct evconnlistener *l = listen_on(base, o, e);
    if (!l) {
        tls_context_free(tls);
        return NULL;
    }
    struct server *s = mem_alloc(sizeof *s);
    s->base = base;
    s->fn = fn;
    s->arg = arg;
    s->tls = tls;
    s->inherited = o->inherited;
    s->path = mem_strdup(tls ? o->tls->address : o->path);
    s->next = servers;
    s->link = &servers;
    if (servers)
        servers->link = &s->next;
    servers = s;
    s->http = evhttp_new(base);
    s->resume = evtimer_new(base, on_resume, s);
    if (!s->http || !s->resume || !evhttp_bind_listener(s->http, l)) {
        evconnlistener_free(l);
        err_set(e, ERR_INTERNAL, "the server could not be started");
        server_free(&s);
        return NULL;
    }
    s->listener = l;
    set_options(s, o);
    return s;
}

int
server_port(const struct server *s)
{
    return listen_port(s->listener);
}

void
server_pause(struct server *s)
{
    s->paused = true;
    evconnlistener_disable(s->listener);
}

void
server_free(struct server **sp)
{
    struct server *s = *sp;
    if (!s)
        return;
    while (s->first)
        exchange_drop(s->first);
    while (s->conns) {
        struct conn *c = s->conns;
        if (c->con) {
            evhttp_connection_set_closecb(c->con, NULL, NULL);
            evbuffer_remove_cb(bufferevent_get_input(c->bev), on_input, c);
        }
        conn_free(c);
    }
    if (s->http)
        evhttp_free(s->http);
    if (s->resume)
        event_free(s->resume);
    if (!s->tls && !s->inherited)
        unlink(s->path);
    tls_context_free(s->tls);
    *s->link = s->next;
    if (s->next)
        s->next->link = s->link;
    free(s->path);
    free(s);
    *sp = NULL;
}
