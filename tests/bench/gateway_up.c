/* SPDX-License-Identifier: EUPL-1.2 */
#include "config.h"

#include "tests/bench/gateway_up.h"

#include "tests/lib/files.h"

#include <arpa/inet.h>
#include <errno.h>
#include <netinet/tcp.h>
#include <stdint.h>
#include <string.h>
#include <strings.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

enum { HEAD_MAX = 16 << 10 };

struct up {
    struct watched w;
    int which;
    size_t got;     /* of the request */
    size_t written; /* of the answer; waiting while it is due */
    bool due_set, closed;
    double due;
    struct up *next; /* in the authority's queue */
    char in[HEAD_MAX];
};

static struct {
    char *answer;
    size_t len;
    double delay_s;
    struct up *first, **end;
    struct watched listener;
} ups[UPS];

static int ep;
static double last;
static long requests;

double
bench_now(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

void
bench_die(const char *what)
{
    perror(what);
    exit(1);
}

void
bench_watch(int epoll, struct watched *w, unsigned events, bool again)
{
    struct epoll_event e = {.events = events, .data.ptr = w};
    if (epoll_ctl(epoll, again ? EPOLL_CTL_MOD : EPOLL_CTL_ADD, w->fd, &e))
        bench_die("epoll_ctl");
}

static void
up_close(struct up *u)
{
    if (u->w.fd >= 0)
        close(u->w.fd);
    u->w.fd = -1;
    u->closed = true;
    if (!u->due_set)
        free(u);
}

static void
up_write(struct up *u)
{
    size_t n = ups[u->which].len;
    while (u->written < n) {
        ssize_t k = send(u->w.fd, ups[u->which].answer + u->written,
                         n - u->written, MSG_NOSIGNAL);
        if (k < 0 && errno == EAGAIN) {
            bench_watch(ep, &u->w, EPOLLIN | EPOLLOUT, true);
            return;
        }
        if (k < 0) {
            up_close(u);
            return;
        }
        u->written += (size_t)k;
    }
    last = bench_now();
    u->written = 0;
    u->got = 0;
}

/* Whether a whole request stands in `in`. */
static bool
whole(const struct up *u)
{
    const char *end = memmem(u->in, u->got, "\r\n\r\n", 4);
    size_t body = 0;
    if (!end)
        return false;
    for (const char *p = u->in; p < end; p++)
        if (*p == '\n' && !strncasecmp(p + 1, "content-length:", 15))
            body = strtoul(p + 16, NULL, 10);
    return u->got >= (size_t)(end + 4 - u->in) + body;
}

static void
on_request(struct up *u)
{
    requests++;
    if (ups[u->which].delay_s <= 0) {
        up_write(u);
        return;
    }
    u->due = bench_now() + ups[u->which].delay_s;
    u->due_set = true;
    u->next = NULL;
    *ups[u->which].end = u;
    ups[u->which].end = &u->next;
}

static void
on_event(struct watched *w, unsigned events)
{
    struct up *u = (struct up *)(void *)w;
    if (events & EPOLLOUT && u->written) {
        bench_watch(ep, w, EPOLLIN, true);
        up_write(u);
        return;
    }
    for (;;) {
        ssize_t k = recv(w->fd, u->in + u->got, sizeof u->in - 1 - u->got, 0);
        if (k < 0 && errno == EAGAIN)
            return;
        if (k <= 0) {
            up_close(u);
            return;
        }
        u->got += (size_t)k;
        u->in[u->got] = '\0';
        if (whole(u)) {
            on_request(u);
            return;
        }
    }
}

static void
on_connection(struct watched *w, unsigned events)
{
    int which = 0, one = 1, fd;
    (void)events;
    while (&ups[which].listener != w)
        which++;
    while ((fd = accept4(w->fd, NULL, NULL, SOCK_NONBLOCK | SOCK_CLOEXEC)) >=
           0) {
        setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &one, sizeof one);
        struct up *u = calloc(1, sizeof *u);
        if (!u)
            bench_die("calloc");
        u->w = (struct watched){.on_event = on_event, .fd = fd};
        u->which = which;
        bench_watch(ep, &u->w, EPOLLIN, false);
    }
}

static void
read_body(int i, const char *dir)
{
    char path[1024], head[512];
    size_t n;
    snprintf(path, sizeof path, "%s/%d", dir, i);
    char *text = file_read(path, &n);
    char *body = text ? strchr(text, '\n') : NULL;
    if (!body)
        bench_die(path);
    *body++ = '\0';
    n -= (size_t)(body - text);
    size_t h = (size_t)snprintf(head, sizeof head,
                                "HTTP/1.1 200 OK\r\nContent-Type: %s\r\n"
                                "Content-Length: %zu\r\n\r\n",
                                text, n);
    ups[i].len = h + n;
    ups[i].answer = malloc(h + n);
    if (!ups[i].answer)
        bench_die("malloc");
    memcpy(ups[i].answer, head, h);
    memcpy(ups[i].answer + h, body, n);
    free(text);
}

void
up_start(int epoll, int port, const char *bodies, const double *delay_ms)
{
    ep = epoll;
    for (int i = 0; i < UPS; i++) {
        int fd = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
        int one = 1;
        struct sockaddr_in a = {.sin_family = AF_INET,
                                .sin_port = htons((uint16_t)(port + i)),
                                .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
        setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &one, sizeof one);
        if (bind(fd, (struct sockaddr *)&a, sizeof a) || listen(fd, 4096))
            bench_die("upstream");
        read_body(i, bodies);
        ups[i].delay_s = delay_ms[i] / 1e3;
        ups[i].end = &ups[i].first;
        ups[i].listener = (struct watched){.on_event = on_connection, .fd = fd};
        bench_watch(ep, &ups[i].listener, EPOLLIN, false);
    }
}

double
up_due(double now)
{
    double next = now + 1;
    for (int i = 0; i < UPS; i++) {
        struct up *u;
        while ((u = ups[i].first) != NULL && u->due <= now) {
            ups[i].first = u->next;
            if (!u->next)
                ups[i].end = &ups[i].first;
            u->due_set = false;
            if (u->closed)
                free(u);
            else
                up_write(u);
        }
        if (u && u->due < next)
            next = u->due;
    }
    return next;
}

double
up_last(void)
{
    return last;
}

long
up_requests(void)
{
    return requests;
}
