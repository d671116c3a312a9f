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

#include <errno.h>
#include <event2/buffer.h>
#include <event2/bufferevent.h>
#include <event2/event.h>
#include <event2/http.h>
#include <event2/listener.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

enum {
    MAX_CONNS = 512,
    MAX_CONNS_PER_UID = 64,
    MAX_FILES = 16384,
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
conn_free(struct conn *c)
{
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

static void
on_close(struct evhttp_connection *con, void *arg)
{
    (void)con;
    struct conn *c = arg;
    if (c->x)
        exchange_closed(c->x);
    conn_free(c);
}

static uid_t
peer_uid(struct conn *c)
{
    struct ucred cred = {.uid = (uid_t)-1};
    socklen_t n = sizeof cred;
    if (getsockopt(bufferevent_getfd(c->bev), SOL_SOCKET, SO_PEERCRED, &cred,
                   &n))
        return (uid_t)-1;
    return cred.uid;
}

static bool
past_cap(const struct conn *c)
{
    const struct server *s = c->server;
    int same = 0;
    for (const struct conn *o = s->conns; o; o = o->next)
        same += o->con && o->uid == c->uid;
    return s->n_conns > s->max_conns || same > s->max_conns_per_uid;
}

/* Said on the socket as it is: nothing has been read, and nothing will be. */
static void
turn_away(struct conn *c)
{
    struct server *s = c->server;
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
    ssize_t put = sendmsg(fd, &m, MSG_DONTWAIT | MSG_NOSIGNAL);
    (void)put;
    if (!s->told_us || clock_mono_us() - s->told_us > TELL_US) {
        s->told_us = clock_mono_us();
        log_warn("%s: uid %u is refused a connection; %d are open", s->path,
                 (unsigned)c->uid, s->n_conns - 1);
    }
    evhttp_connection_free(c->con); /* on_close frees c */
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
    c->uid = peer_uid(c);
    evhttp_connection_set_closecb(c->con, on_close, c);
    evbuffer_add_cb(bufferevent_get_input(c->bev), on_input, c);
    if (past_cap(c))
        turn_away(c);
}

/* One is accepted at a time, so that the count is right for each. */
static struct bufferevent *
on_bufferevent(struct event_base *base, void *arg)
{
    struct server *s = arg;
    struct conn *c = mem_alloc(sizeof *c);
    c->server = s;
    c->bev = bufferevent_socket_new(base, -1, 0);
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
    while (c && c->con != con)
        c = c->next;
    if (c) { /* the next request may have come behind this one */
        c->line_seen = false;
        look_at_line(c);
    }
    if (!c || s->paused)
        request_refuse(req, 503, ERR_NET, _("the service is being stopped"));
    else if (evbuffer_get_length(evhttp_request_get_input_buffer(req)) >
             ceiling(s, uri ? evhttp_uri_get_path(uri) : NULL))
        request_refuse(req, 413, ERR_TOO_BIG,
                       _("the request's body is too large"));
    else
        exchange_begin(c, req);
}

/* A socket that nobody listens on is left from a killed process. Only a
 * connection that is refused says so: any other failure is no answer. */
static enum err_code
clear_stale(const struct sockaddr_un *a, struct err *e)
{
    struct stat st;
    if (lstat(a->sun_path, &st))
        return ERR_OK;
    if (!S_ISSOCK(st.st_mode))
        return err_set(e, ERR_CONFIG, "%s is there and is no socket",
                       a->sun_path);
    int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    if (fd < 0)
        return err_errno(e, ERR_CONFIG, "%s", a->sun_path);
    int rc = connect(fd, (const struct sockaddr *)a, sizeof *a);
    int why = rc ? errno : 0;
    close(fd);
    if (!why || why == EAGAIN) /* EAGAIN: its queue is full */
        return err_set(e, ERR_CONFIG, "another process serves on %s",
                       a->sun_path);
    errno = why;
    if (why != ECONNREFUSED && why != ENOENT)
        return err_errno(e, ERR_CONFIG, "%s", a->sun_path);
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

/* The first descriptor that systemd hands over, sd_listen_fds(3). */
enum { HANDED_OVER = 3 };

bool
serve_inherited(void)
{
    const char *pid = getenv("LISTEN_PID"), *n = getenv("LISTEN_FDS");
    int listens = 0;
    socklen_t size = sizeof listens;
    return pid && n && strtol(pid, NULL, 10) == getpid() && !strcmp(n, "1") &&
           !getsockopt(HANDED_OVER, SOL_SOCKET, SO_ACCEPTCONN, &listens,
                       &size) &&
           listens;
}

static struct evconnlistener *
listen_inherited(struct event_base *base, struct err *e)
{
    struct evconnlistener *l = NULL;
    if (!evutil_make_socket_closeonexec(HANDED_OVER) &&
        !evutil_make_socket_nonblocking(HANDED_OVER))
        l = evconnlistener_new(base, NULL, NULL, LEV_OPT_CLOSE_ON_FREE, 0,
                               HANDED_OVER);
    if (!l)
        err_errno(e, ERR_CONFIG, "the socket that was handed over");
    return l;
}

static void
set_options(struct server *s, const struct serve_options *o)
{
    s->max_body = o->max_body;
    s->body_limit = o->body_limit;
    s->max_conns = o->max_conns > 0 ? o->max_conns : MAX_CONNS;
    s->max_conns_per_uid =
        o->max_conns_per_uid > 0 ? o->max_conns_per_uid : MAX_CONNS_PER_UID;
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
    struct evconnlistener *l =
        o->inherited ? listen_inherited(base, e) : listen_unix(base, o, e);
    if (!l)
        return NULL;
    struct server *s = mem_alloc(sizeof *s);
    s->base = base;
    s->fn = fn;
    s->arg = arg;
    s->path = mem_strdup(o->path);
    s->inherited = o->inherited;
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
    if (!s->inherited)
        unlink(s->path);
    *s->link = s->next;
    if (s->next)
        s->next->link = s->link;
    free(s->path);
    free(s);
    *sp = NULL;
}

long
server_raise_files(void)
{
    struct rlimit r;
    if (getrlimit(RLIMIT_NOFILE, &r))
        return -1;
    rlim_t soft = r.rlim_cur;
    r.rlim_cur = r.rlim_max < MAX_FILES ? r.rlim_max : MAX_FILES;
    if (soft < r.rlim_cur && !setrlimit(RLIMIT_NOFILE, &r))
        soft = r.rlim_cur;
    return (long)soft;
}
