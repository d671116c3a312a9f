/* SPDX-License-Identifier: EUPL-1.2
 *
 * A long answer straight to a file: the exported log.
 */
#include "config.h"

#include "base/i18n.h"
#include "base/mem.h"
#include "client/own.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

enum { REFUSAL_MAX = 64 << 10 };

struct download {
    struct download *next, **link;
    struct client *client;
    struct fetch *fetch;
    int fd;
    struct buf head; /* the beginning, in case it is a refusal */
    client_done *done;
    void *arg;
};

static void
download_free(struct download *d)
{
    *d->link = d->next;
    if (d->next)
        d->next->link = d->link;
    buf_done(&d->head);
    free(d);
}

static enum err_code
on_data(void *arg, const void *p, size_t n, struct err *e)
{
    struct download *d = arg;
    const char *s = p;
    buf_add(&d->head, p, n);
    while (n) {
        ssize_t w = write(d->fd, s, n);
        if (w < 0 && errno == EINTR)
            continue;
        if (w < 0)
            return err_errno(e, ERR_IO, "%s", _("writing the file"));
        s += w;
        n -= (size_t)w;
    }
    return ERR_OK;
}

static void
on_done(void *arg, enum err_code code, int status, const char *type,
        const struct err *err)
{
    struct download *d = arg;
    struct client *c = d->client;
    struct err e = err ? *err : (struct err){0};
    client_done *done = d->done;
    void *to = d->arg;
    (void)type;
    if (!code && status != 200)
        code = client_problem(buf_str(&d->head), d->head.len, status, &e);
    download_free(d);
    client_ended(c, code, &e);
    if (done)
        done(to, code, &e);
}

void
client_download(struct client *c, const char *path, int fd, client_done *done,
                void *arg)
{
    static const struct fetch_ops ops = {.data = on_data, .done = on_done};
    struct download *d = mem_alloc(sizeof *d);
    struct err e = {0};
    struct headers h;
    char url[256];
    *d = (struct download){.next = c->downloads,
                           .link = &c->downloads,
                           .client = c,
                           .fd = fd,
                           .done = done,
                           .arg = arg};
    if (c->downloads)
        c->downloads->link = &d->next;
    c->downloads = d;
    buf_init(&d->head, REFUSAL_MAX);
    client_headers(c, &h, false);
    snprintf(url, sizeof url, "http://localhost%s", path);
    struct fetch_options o = {.url = url,
                              .unix_socket = c->socket,
                              .enfragad = true,
                              .headers = h.list,
                              .plain = true,
                              .connect_s = 5,
                              .max = SIZE_MAX / 2};
    c->pending++;
    d->fetch = fetch_start(c->fetcher, &o, &ops, d, &e);
    if (d->fetch)
        return;
    c->pending--;
    download_free(d);
    call_later(c, e.code ? e.code : ERR_INTERNAL, &e, done, arg);
}

void
downloads_free(struct client *c)
{
    while (c->downloads) {
        fetch_cancel(c->downloads->fetch);
        download_free(c->downloads);
    }
}
