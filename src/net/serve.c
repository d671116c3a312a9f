/* SPDX-License-Identifier: EUPL-1.2 */
#include "config.h"

#include "net/serve.h"

#include "base/mem.h"

#include <errno.h>
#include <event2/buffer.h>
#include <event2/bufferevent.h>
#include <event2/event.h>
#include <event2/http.h>
#include <event2/keyvalq_struct.h>
#include <event2/listener.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

struct server {
    struct evhttp *http;
    char *path;
    serve_fn *fn;
    void *arg;
    struct exchange *first; /* under way */
};

struct exchange {
    struct server *server;
    struct exchange *next, **link;
    struct evhttp_request *req;
    char *path;
    uid_t uid;
    struct event *hup;
    bool peer_left;
    void (*gone)(void *);
    void *gone_arg;
};

static void
forget(struct exchange *x)
{
    *x->link = x->next;
    if (x->next)
        x->next->link = x->link;
    if (x->hup)
        event_free(x->hup);
    free(x->path);
    free(x);
}

static void
peer_gone(struct exchange *x)
{
    void (*gone)(void *) = x->gone;
    x->peer_left = true;
    x->gone = NULL;
    if (gone)
        gone(x->gone_arg);
}

/* libevent frees the request with its connection, so it is let go here; one
 * that it has parted from a connection that failed is ours to free. */
static void
on_close(struct evhttp_connection *con, void *arg)
{
    (void)con;
    struct exchange *x = arg;
    if (x->req && !evhttp_request_get_connection(x->req))
        evhttp_request_free(x->req);
    x->req = NULL;
    event_del(x->hup);
    peer_gone(x);
}

/* evhttp does not read while an answer is made, so a peer that leaves is seen
 * by an event of our own. The request lives on until it is answered. */
static void
on_hup(evutil_socket_t fd, short what, void *arg)
{
    (void)fd;
    (void)what;
    peer_gone(arg);
}

static uid_t
peer_uid(struct evhttp_request *req)
{
    struct evhttp_connection *con = evhttp_request_get_connection(req);
    struct bufferevent *bev = evhttp_connection_get_bufferevent(con);
    struct ucred cred = {.uid = (uid_t)-1};
    socklen_t n = sizeof cred;
    if (getsockopt(bufferevent_getfd(bev), SOL_SOCKET, SO_PEERCRED, &cred, &n))
        return (uid_t)-1;
    return cred.uid;
}

static void
on_request(struct evhttp_request *req, void *arg)
{
    struct server *s = arg;
    const struct evhttp_uri *uri = evhttp_request_get_evhttp_uri(req);
    const char *path = uri ? evhttp_uri_get_path(uri) : NULL;
    struct exchange *x = mem_alloc(sizeof *x);
    x->server = s;
    x->req = req;
    x->path = mem_strdup(path && *path ? path : "/");
    x->uid = peer_uid(req);
    x->next = s->first;
    x->link = &s->first;
    if (s->first)
        s->first->link = &x->next;
    s->first = x;
    struct evhttp_connection *con = evhttp_request_get_connection(req);
    evhttp_connection_set_closecb(con, on_close, x);
    x->hup =
        event_new(evhttp_connection_get_base(con),
                  bufferevent_getfd(evhttp_connection_get_bufferevent(con)),
                  EV_CLOSED, on_hup, x);
    if (x->hup)
        event_add(x->hup, NULL);
    s->fn(s->arg, x);
}

/* A socket that nobody answers on is left from a killed process. */
static enum err_code
clear_stale(const struct sockaddr_un *a, struct err *e)
{
    struct stat st;
    if (lstat(a->sun_path, &st))
        return ERR_OK;
    if (!S_ISSOCK(st.st_mode))
        return err_set(e, ERR_CONFIG, "%s is there and is no socket",
                       a->sun_path);
    int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    int rc = connect(fd, (const struct sockaddr *)a, sizeof *a);
    close(fd);
    if (!rc)
        return err_set(e, ERR_CONFIG, "another process serves on %s",
                       a->sun_path);
    unlink(a->sun_path);
    return ERR_OK;
}

static struct evconnlistener *
listen_unix(struct event_base *base, const struct serve_options *o,
            struct err *e)
{
    struct sockaddr_un a = {.sun_family = AF_UNIX};
    if (strlen(o->path) >= sizeof a.sun_path) {
        err_set(e, ERR_CONFIG, "the socket's path is longer than %zu bytes",
                sizeof a.sun_path - 1);
        return NULL;
    }
    memcpy(a.sun_path, o->path, strlen(o->path) + 1);
    if (clear_stale(&a, e))
        return NULL;
    mode_t old = umask(0777 & ~o->mode);
    struct evconnlistener *l = evconnlistener_new_bind(
        base, NULL, NULL, LEV_OPT_CLOSE_ON_FREE | LEV_OPT_CLOSE_ON_EXEC, 512,
        (struct sockaddr *)&a, sizeof a);
    umask(old);
    if (!l)
        err_errno(e, ERR_CONFIG, "%s", o->path);
    return l;
}

struct server *
server_new(struct event_base *base, const struct serve_options *o, serve_fn *fn,
           void *arg, struct err *e)
{
    struct evconnlistener *l = listen_unix(base, o, e);
    if (!l)
        return NULL;
    struct server *s = mem_alloc(sizeof *s);
    s->fn = fn;
    s->arg = arg;
    s->path = mem_strdup(o->path);
    s->http = evhttp_new(base);
    if (!s->http || !evhttp_bind_listener(s->http, l)) {
        evconnlistener_free(l);
        err_set(e, ERR_INTERNAL, "the server could not be started");
        server_free(&s);
        return NULL;
    }
    evhttp_set_max_body_size(s->http, (ev_ssize_t)o->max_body);
    evhttp_set_max_headers_size(s->http, (ev_ssize_t)o->max_headers);
    evhttp_set_timeout(s->http, o->idle_s);
    evhttp_set_allowed_methods(s->http, EVHTTP_REQ_GET | EVHTTP_REQ_POST);
    evhttp_set_gencb(s->http, on_request, s);
    return s;
}

void
server_free(struct server **sp)
{
    struct server *s = *sp;
    if (!s)
        return;
    while (s->first) {
        struct exchange *x = s->first;
        if (x->req)
            evhttp_connection_set_closecb(evhttp_request_get_connection(x->req),
                                          NULL, NULL);
        forget(x);
    }
    if (s->http)
        evhttp_free(s->http);
    unlink(s->path);
    free(s->path);
    free(s);
    *sp = NULL;
}

const char *
exchange_method(const struct exchange *x)
{
    return evhttp_request_get_command(x->req) == EVHTTP_REQ_POST ? "POST"
                                                                 : "GET";
}

const char *
exchange_path(const struct exchange *x)
{
    return x->path;
}

const char *
exchange_header(const struct exchange *x, const char *name)
{
    return evhttp_find_header(evhttp_request_get_input_headers(x->req), name);
}

const void *
exchange_body(const struct exchange *x, size_t *n)
{
    struct evbuffer *in = evhttp_request_get_input_buffer(x->req);
    *n = evbuffer_get_length(in);
    return evbuffer_pullup(in, -1);
}

uid_t
exchange_uid(const struct exchange *x)
{
    return x->uid;
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
set_headers(struct exchange *x, const char *type)
{
    struct evkeyvalq *h = evhttp_request_get_output_headers(x->req);
    evhttp_add_header(h, "Content-Type", type);
    evhttp_add_header(h, "Cache-Control", "no-store");
}

void
exchange_reply(struct exchange *x, int status, const char *type,
               const void *body, size_t n)
{
    if (x->req) {
        evhttp_connection_set_closecb(evhttp_request_get_connection(x->req),
                                      NULL, NULL);
        set_headers(x, type);
        struct evbuffer *out = evbuffer_new();
        evbuffer_add(out, body, n);
        evhttp_send_reply(x->req, status, NULL, out);
        evbuffer_free(out);
    }
    forget(x);
}

void
exchange_stream(struct exchange *x, int status, const char *type)
{
    if (!x->req)
        return;
    set_headers(x, type);
    evhttp_send_reply_start(x->req, status, NULL);
}

void
exchange_chunk(struct exchange *x, const void *p, size_t n)
{
    if (!x->req || !n)
        return;
    struct evbuffer *out = evbuffer_new();
    evbuffer_add(out, p, n);
    evhttp_send_reply_chunk(x->req, out);
    evbuffer_free(out);
}

void
exchange_end(struct exchange *x)
{
    if (x->req) {
        evhttp_connection_set_closecb(evhttp_request_get_connection(x->req),
                                      NULL, NULL);
        evhttp_send_reply_end(x->req);
    }
    forget(x);
}
