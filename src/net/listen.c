/* SPDX-License-Identifier: EUPL-1.2
 *
 * The listening socket of a server: a Unix socket at a path, taken over from
 * the dead alone, or a TCP port for TLS.
 */
#include "config.h"

#include "net/internal.h"

#include "base/i18n.h"

#include <arpa/inet.h>
#include <errno.h>
#include <event2/listener.h>
#include <event2/util.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

/* More may wait than are served at once: a gateway's clients come together,
 * and a connect to a full queue fails on a Unix socket. The kernel cuts it. */
enum { QUEUE = 4096, MAX_FILES = 65536 };

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
bind_to(struct event_base *base, const struct sockaddr *a, int n,
        const char *name, unsigned more, struct err *e)
{
    struct evconnlistener *l = evconnlistener_new_bind(
        base, NULL, NULL, LEV_OPT_CLOSE_ON_FREE | LEV_OPT_CLOSE_ON_EXEC | more,
        QUEUE, a, n);
    if (!l)
        err_errno(e, ERR_CONFIG, "%s", name);
    return l;
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
    struct evconnlistener *l =
        bind_to(base, (struct sockaddr *)&a, sizeof a, o->path, 0, e);
    umask(old);
    return l;
}

static struct evconnlistener *
listen_tcp(struct event_base *base, const char *address, struct err *e)
{
    struct sockaddr_storage a;
    char text[64];
    int n = sizeof a;
    size_t len = strlen(address);
    snprintf(text, sizeof text, "%s", address);
    /* libevent's parser takes any port but 0, which it means without one. */
    if (len > 2 && len < sizeof text && !strcmp(text + len - 2, ":0"))
        text[len - 2] = '\0';
    if (len >= sizeof text || !strchr(address, ':') ||
        evutil_parse_sockaddr_port(text, (struct sockaddr *)&a, &n)) {
        err_set(e, ERR_CONFIG,
                _("\"%s\" is no address to listen on: an IP number and a port, "
                  "as 192.0.2.7:8443 or [::]:8443"),
                address);
        return NULL;
    }
    return bind_to(base, (struct sockaddr *)&a, n, address, LEV_OPT_REUSEABLE,
                   e);
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

struct evconnlistener *
listen_on(struct event_base *base, const struct serve_options *o, struct err *e)
{
    if (o->tls)
        return listen_tcp(base, o->tls->address, e);
    return o->inherited ? listen_inherited(base, e) : listen_unix(base, o, e);
}

int
listen_port(struct evconnlistener *l)
{
    struct sockaddr_storage a;
    socklen_t n = sizeof a;
    if (getsockname(evconnlistener_get_fd(l), (struct sockaddr *)&a, &n))
        return 0;
    if (a.ss_family == AF_INET6)
        return ntohs(((struct sockaddr_in6 *)&a)->sin6_port);
    return a.ss_family == AF_INET ? ntohs(((struct sockaddr_in *)&a)->sin_port)
                                  : 0;
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
