/* SPDX-License-Identifier: EUPL-1.2 */
#include "config.h"

#include "net/fetch.h"

#include "base/i18n.h"
#include "base/mem.h"

#include <curl/curl.h>
#include <event2/event.h>
#include <stdlib.h>
#include <string.h>

struct fetcher {
    struct event_base *base;
    CURLM *multi;
    struct event *timer;
    struct fetch *first; /* running */
};

struct fetch {
    struct fetcher *owner;
    struct fetch *next, **link;
    CURL *easy;
    struct curl_slist *headers;
    char *body;
    size_t body_len, got, max;
    char reason[CURL_ERROR_SIZE];
    struct fetch_ops ops;
    void *arg;
    enum err_code stopped; /* by data or a ceiling */
    struct err err;
    bool tls, enfragad;
};

static void
unlink_fetch(struct fetch *f)
{
    *f->link = f->next;
    if (f->next)
        f->next->link = f->link;
}

static void
free_fetch(struct fetch *f)
{
    unlink_fetch(f);
    curl_multi_remove_handle(f->owner->multi, f->easy);
    curl_easy_cleanup(f->easy);
    curl_slist_free_all(f->headers);
    mem_wipe(f->body, f->body_len);
    free(f->body);
    free(f);
}

static void
drop_fetch(struct fetch *f)
{
    void (*drop)(void *) = f->ops.drop;
    void *arg = f->arg;
    free_fetch(f);
    if (drop)
        drop(arg);
}

/* What a curl failure means to the caller; the library's words are kept. */
static enum err_code
code_of(const struct fetch *f, CURLcode c)
{
    switch (c) {
    case CURLE_OPERATION_TIMEDOUT:
        return ERR_TIMEOUT;
    case CURLE_SSL_CONNECT_ERROR:
    case CURLE_SSL_CERTPROBLEM:
    case CURLE_SSL_CIPHER:
    case CURLE_PEER_FAILED_VERIFICATION:
    case CURLE_SSL_CACERT_BADFILE:
    case CURLE_SSL_ISSUER_ERROR:
    case CURLE_SSL_CRL_BADFILE:
    case CURLE_SSL_INVALIDCERTSTATUS:
        return ERR_TLS;
    case CURLE_PARTIAL_FILE:
    case CURLE_WEIRD_SERVER_REPLY:
    case CURLE_HTTP2:
    case CURLE_GOT_NOTHING:
        return ERR_PROTOCOL;
    case CURLE_RECV_ERROR:
    case CURLE_SEND_ERROR:
        /* TLS 1.3 refuses a client certificate after the handshake. */
        return f->tls && strstr(f->reason, "alert") ? ERR_TLS : ERR_NET;
    default:
        return ERR_NET;
    }
}

/* On our own socket curl's words, of hosts and ports, would only mislead. */
static enum err_code
local_failure(CURLcode c, struct err *e)
{
    if (c == CURLE_OPERATION_TIMEDOUT)
        return err_set(e, ERR_TIMEOUT, "enfragad");
    return err_set(e, ERR_LOCAL, "%s",
                   c == CURLE_COULDNT_CONNECT
                       ? _("nothing new was sent")
                       : _("the connection was lost; the log says what was "
                           "asked"));
}

/* curl counts what it has handed to the connection: zero is nothing at all. */
static bool
nothing_left(const struct fetch *f)
{
    long request = -1;
    curl_off_t body = -1;
    return !curl_easy_getinfo(f->easy, CURLINFO_REQUEST_SIZE, &request) &&
           !curl_easy_getinfo(f->easy, CURLINFO_SIZE_UPLOAD_T, &body) &&
           request == 0 && body == 0;
}

static void
finish(struct fetch *f, CURLcode c)
{
    long status = 0;
    bool unsent = c != CURLE_OK && nothing_left(f);
    char *type = NULL;
    curl_easy_getinfo(f->easy, CURLINFO_RESPONSE_CODE, &status);
    curl_easy_getinfo(f->easy, CURLINFO_CONTENT_TYPE, &type);
    AUTO_STR char *held = mem_strdup(type ? type : "");
    enum err_code code = f->stopped;
    struct err e = f->err;
    if (!code && c != CURLE_OK && f->enfragad)
        code = local_failure(c, &e);
    else if (!code && c != CURLE_OK)
        code = err_set(&e, code_of(f, c), "%s",
                       f->reason[0] ? f->reason : curl_easy_strerror(c));
    struct fetch_ops ops = f->ops;
    void *arg = f->arg;
    free_fetch(f);
    if (code && unsent && ops.unsent)
        ops.unsent(arg, code, &e);
    else
        ops.done(arg, code, (int)status, held, &e);
}

static void
reap(struct fetcher *r)
{
    int left;
    for (CURLMsg *m; (m = curl_multi_info_read(r->multi, &left)) != NULL;) {
        if (m->msg != CURLMSG_DONE)
            continue;
        struct fetch *f = NULL;
        CURLcode c = m->data.result;
        curl_easy_getinfo(m->easy_handle, CURLINFO_PRIVATE, (char **)&f);
        finish(f, c);
    }
}

static void
on_socket(evutil_socket_t fd, short what, void *arg)
{
    struct fetcher *r = arg;
    int running, flags = (what & EV_READ ? CURL_CSELECT_IN : 0) |
                         (what & EV_WRITE ? CURL_CSELECT_OUT : 0);
    curl_multi_socket_action(r->multi, fd, flags, &running);
    reap(r);
}

static void
on_timer(evutil_socket_t fd, short what, void *arg)
{
    (void)fd;
    (void)what;
    struct fetcher *r = arg;
    int running;
    curl_multi_socket_action(r->multi, CURL_SOCKET_TIMEOUT, 0, &running);
    reap(r);
}

/* Only arms a timer; zero means the next turn of the loop. */
static int
set_timer(CURLM *multi, long ms, void *arg)
{
    (void)multi;
    struct fetcher *r = arg;
    struct timeval t = {.tv_sec = ms / 1000, .tv_usec = ms % 1000 * 1000};
    if (ms < 0)
        evtimer_del(r->timer);
    else
        evtimer_add(r->timer, &t);
    return 0;
}

static int
set_socket(CURL *easy, curl_socket_t fd, int what, void *arg, void *socket_arg)
{
    (void)easy;
    struct fetcher *r = arg;
    struct event *ev = socket_arg;
    if (ev)
        event_free(ev);
    if (what == CURL_POLL_REMOVE) {
        curl_multi_assign(r->multi, fd, NULL);
        return 0;
    }
    short flags = EV_PERSIST;
    if (what & CURL_POLL_IN)
        flags |= EV_READ;
    if (what & CURL_POLL_OUT)
        flags |= EV_WRITE;
    ev = event_new(r->base, fd, flags, on_socket, r);
    if (ev)
        event_add(ev, NULL);
    curl_multi_assign(r->multi, fd, ev);
    return ev ? 0 : -1;
}

static size_t
on_data(char *p, size_t size, size_t n, void *arg)
{
    struct fetch *f = arg;
    n *= size;
    if (f->max && n > f->max - f->got) {
        f->stopped = err_set(&f->err, ERR_TOO_BIG,
                             "the answer is larger than %zu bytes", f->max);
        return CURL_WRITEFUNC_ERROR;
    }
    f->got += n;
    f->stopped = f->ops.data ? f->ops.data(f->arg, p, n, &f->err) : ERR_OK;
    return f->stopped ? CURL_WRITEFUNC_ERROR : n;
}

struct fetcher *
fetcher_new(struct event_base *base)
{
    static bool initialised;
    if (!initialised && curl_global_init(CURL_GLOBAL_DEFAULT))
        return NULL;
    initialised = true;
    struct fetcher *r = mem_alloc(sizeof *r);
    r->base = base;
    r->multi = curl_multi_init();
    r->timer = evtimer_new(base, on_timer, r);
    if (!r->multi || !r->timer) {
        fetcher_free(&r);
        return NULL;
    }
    curl_multi_setopt(r->multi, CURLMOPT_SOCKETFUNCTION, set_socket);
    curl_multi_setopt(r->multi, CURLMOPT_SOCKETDATA, r);
    curl_multi_setopt(r->multi, CURLMOPT_TIMERFUNCTION, set_timer);
    curl_multi_setopt(r->multi, CURLMOPT_TIMERDATA, r);
    return r;
}

void
fetcher_free(struct fetcher **rp)
{
    struct fetcher *r = *rp;
    if (!r)
        return;
    while (r->first)
        drop_fetch(r->first);
    if (r->multi)
        curl_multi_cleanup(r->multi);
    if (r->timer)
        event_free(r->timer);
    free(r);
    *rp = NULL;
}

/* The host is read by curl's own parser: "http://127.0.0.1:1@elsewhere/" is
 * elsewhere. */
static bool
loopback(const char *url)
{
    static const char *const ok[] = {"127.0.0.1", "localhost", "[::1]"};
    CURLU *u = curl_url();
    char *host = NULL;
    bool found = false;
    if (u && !curl_url_set(u, CURLUPART_URL, url, 0) &&
        !curl_url_get(u, CURLUPART_HOST, &host, 0))
        for (size_t i = 0; i < sizeof ok / sizeof ok[0]; i++)
            found |= !strcmp(host, ok[i]);
    curl_free(host);
    curl_url_cleanup(u);
    return found;
}

static enum err_code
check_url(const struct fetch_options *o, struct err *e)
{
    if (o->unix_socket || !strncmp(o->url, "https://", 8))
        return ERR_OK;
    if (!strncmp(o->url, "http://", 7) && o->plain && loopback(o->url))
        return ERR_OK;
    return err_set(e, ERR_CONFIG,
                   "only https:// addresses are asked (http:// on loopback in "
                   "test)");
}

#define SET(option, value)                                                     \
    do {                                                                       \
        CURLcode rc_ = curl_easy_setopt(f->easy, option, value);               \
        if (rc_ != CURLE_OK)                                                   \
            return err_set(e, ERR_CONFIG, #option ": %s",                      \
                           curl_easy_strerror(rc_));                           \
    } while (0)

static enum err_code
set_options(struct fetch *f, const struct fetch_options *o, struct err *e)
{
    SET(CURLOPT_URL, o->url);
    SET(CURLOPT_PRIVATE, (void *)f);
    SET(CURLOPT_ERRORBUFFER, f->reason);
    SET(CURLOPT_WRITEFUNCTION, on_data);
    SET(CURLOPT_WRITEDATA, (void *)f);
    SET(CURLOPT_PROTOCOLS_STR, "http,https");
    SET(CURLOPT_PROXY, o->proxy ? o->proxy : "");
    SET(CURLOPT_NOSIGNAL, 1L);
    SET(CURLOPT_QUICK_EXIT, 1L);
    SET(CURLOPT_FOLLOWLOCATION, 0L);
    SET(CURLOPT_HTTP_VERSION, (long)CURL_HTTP_VERSION_1_1);
    SET(CURLOPT_BUFFERSIZE, 256L * 1024);
    SET(CURLOPT_CONNECTTIMEOUT, o->connect_s);
    SET(CURLOPT_TIMEOUT_MS, o->total_ms ? o->total_ms : o->total_s * 1000);
    SET(CURLOPT_SSLVERSION, (long)CURL_SSLVERSION_TLSv1_2);
    if (!o->reuse) {
        SET(CURLOPT_FORBID_REUSE, 1L);
        SET(CURLOPT_FRESH_CONNECT, 1L);
    }
    if (o->connect_only)
        SET(CURLOPT_CONNECT_ONLY, 1L);
    if (o->unix_socket)
        SET(CURLOPT_UNIX_SOCKET_PATH, o->unix_socket);
    if (o->ca && *o->ca)
        SET(CURLOPT_CAINFO, o->ca);
    if (o->cert && *o->cert)
        SET(CURLOPT_SSLCERT, o->cert);
    if (o->key && *o->key)
        SET(CURLOPT_SSLKEY, o->key);
    if (o->body) {
        SET(CURLOPT_POSTFIELDSIZE_LARGE, (curl_off_t)f->body_len);
        SET(CURLOPT_POSTFIELDS, f->body);
    }
    for (const char *const *h = o->headers; h && *h; h++)
        f->headers = curl_slist_append(f->headers, *h);
    f->headers = curl_slist_append(f->headers, "Expect:");
    SET(CURLOPT_HTTPHEADER, f->headers);
    return ERR_OK;
}

struct fetch *
fetch_start(struct fetcher *r, const struct fetch_options *o,
            const struct fetch_ops *ops, void *arg, struct err *e)
{
    if (check_url(o, e))
        return NULL;
    struct fetch *f = mem_alloc(sizeof *f);
    f->owner = r;
    f->ops = *ops;
    f->arg = arg;
    f->max = o->max;
    f->enfragad = o->enfragad;
    f->tls = !strncmp(o->url, "https://", 8);
    f->easy = curl_easy_init();
    if (o->body) {
        f->body_len = o->body_len;
        f->body = mem_alloc(o->body_len + 1);
        memcpy(f->body, o->body, o->body_len);
    }
    f->next = r->first;
    f->link = &r->first;
    if (r->first)
        r->first->link = &f->next;
    r->first = f;
    if (!f->easy || set_options(f, o, e) ||
        curl_multi_add_handle(r->multi, f->easy) != CURLM_OK) {
        if (e && !e->code)
            err_set(e, ERR_NET, "the request could not be started");
        free_fetch(f);
        return NULL;
    }
    return f;
}

void
fetch_cancel(struct fetch *f)
{
    if (f)
        drop_fetch(f);
}
