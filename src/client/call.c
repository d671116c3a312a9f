/* SPDX-License-Identifier: EUPL-1.2
 *
 * Requests to enfragad that are answered with one JSON value.
 */
#include "config.h"

#include "base/i18n.h"
#include "base/mem.h"
#include "client/own.h"

#include <event2/event.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct call {
    struct call *next, **link;
    struct client *client;
    struct fetch *fetch; /* NULL: only waits for the next turn */
    struct event *turn;
    struct buf got;
    call_take *take;
    struct buf *raw; /* NULL: the answer is JSON */
    void *extra;
    client_done *done;
    void *arg;
    void *kept; /* freed with it */
    bool own;   /* done is the client's own: told too when the client goes */
    enum err_code code;
    struct err err;
};

void
client_headers(const struct client *c, struct headers *h, bool post)
{
    int n = 0;
    memset(h, 0, sizeof *h);
    if (c->konto[0]) {
        snprintf(h->konto, sizeof h->konto, "Enfraga-Konto: %s", c->konto);
        h->list[n++] = h->konto;
    }
    if (post) {
        h->list[n++] = "Content-Type: application/json";
        h->list[n++] = "Expect:";
    }
}

enum err_code
client_problem(const void *p, size_t n, int status, struct err *e)
{
    struct err ignored = {0};
    enum err_code code = ERR_PROTOCOL;
    cJSON *json = message_parse(p, n, CALL_MAX, &ignored);
    if (!json || problem_read(&code, e, json) != ERR_OK)
        code = err_set(e, ERR_PROTOCOL,
                       _("enfragad answered with status %d and no reason"),
                       status);
    cJSON_Delete(json);
    return code;
}

void
client_ended(struct client *c, enum err_code code, const struct err *e)
{
    c->pending--;
    c->last = code;
    c->last_err = code && e ? *e : (struct err){0};
    c->last_err.code = code;
}

static struct call *
call_new(struct client *c, client_done *done, void *arg)
{
    struct call *l = mem_alloc(sizeof *l);
    l->client = c;
    l->done = done;
    l->arg = arg;
    l->next = c->calls;
    l->link = &c->calls;
    if (c->calls)
        c->calls->link = &l->next;
    c->calls = l;
    buf_init(&l->got, CALL_MAX);
    c->pending++;
    return l;
}

static void
call_free(struct call *l)
{
    *l->link = l->next;
    if (l->next)
        l->next->link = l->link;
    if (l->turn)
        event_free(l->turn);
    buf_done(&l->got);
    free(l->kept);
    free(l);
}

static void
call_end(struct call *l, enum err_code code, const struct err *e)
{
    struct client *c = l->client;
    client_done *done = l->done;
    void *arg = l->arg;
    struct err held = e ? *e : (struct err){0};
    call_free(l);
    client_ended(c, code, &held);
    if (done)
        done(arg, code, &held);
}

static enum err_code
on_data(void *arg, const void *p, size_t n, struct err *e)
{
    struct call *l = arg;
    if (buf_add(&l->got, p, n) != ERR_OK)
        return err_set(e, ERR_TOO_BIG, "%s", _("the answer from enfragad"));
    return ERR_OK;
}

static void
on_done(void *arg, enum err_code code, int status, const char *type,
        const struct err *err)
{
    struct call *l = arg;
    struct err e = err ? *err : (struct err){0};
    cJSON *json = NULL;
    (void)type;
    l->fetch = NULL;
    l->client->status.lost = code != ERR_OK;
    if (!code && status != 200)
        code = client_problem(buf_str(&l->got), l->got.len, status, &e);
    else if (!code && l->raw) {
        *l->raw = l->got;
        buf_init(&l->got, CALL_MAX);
    } else if (!code && !(json = message_parse(buf_str(&l->got), l->got.len,
                                             CALL_MAX, &e)))
        code = e.code;
    else if (!code && l->take)
        code = l->take(l->client, json, l->extra, &e);
    cJSON_Delete(json);
    call_end(l, code, &e);
}

static void
on_turn(evutil_socket_t fd, short what, void *arg)
{
    struct call *l = arg;
    struct err e = l->err;
    (void)fd;
    (void)what;
    call_end(l, l->code, &e);
}

static void
end_soon(struct call *l, enum err_code code, const struct err *e)
{
    struct timeval now = {0};
    l->code = code;
    l->err = code && e ? *e : (struct err){0};
    l->turn = evtimer_new(l->client->base, on_turn, l);
    evtimer_add(l->turn, &now);
}

struct call *
call_later(struct client *c, enum err_code code, const struct err *e,
           client_done *done, void *arg)
{
    struct call *l = call_new(c, done, arg);
    end_soon(l, code, e);
    return l;
}

void
call_raw(struct call *l, struct buf *out)
{
    l->raw = out;
}

void
call_drop(struct call *l)
{
    l->done = NULL;
}

void
call_keep(struct call *l, void *owned)
{
    l->kept = owned;
}

void
call_own(struct call *l)
{
    l->own = true;
}

struct call *
call_start(struct client *c, const char *path, const struct buf *body,
           call_take *take, void *extra, client_done *done, void *arg)
{
    static const struct fetch_ops ops = {.data = on_data, .done = on_done};
    struct call *l = call_new(c, done, arg);
    struct err e = {0};
    char url[256];
    struct headers h;
    l->take = take;
    l->extra = extra;
    client_headers(c, &h, body != NULL);
    snprintf(url, sizeof url, "http://localhost%s", path);
    struct fetch_options o = {.url = url,
                              .unix_socket = c->socket,
                              .enfragad = true,
                              .body = body ? buf_str(body) : NULL,
                              .body_len = body ? body->len : 0,
                              .headers = h.list,
                              .plain = true,
                              .reuse = true,
                              .connect_s = 5,
                              .total_s = CALL_S,
                              .max = CALL_MAX};
    l->fetch = fetch_start(c->fetcher, &o, &ops, l, &e);
    if (!l->fetch)
        end_soon(l, e.code ? e.code : ERR_INTERNAL, &e);
    return l;
}

void
calls_free(struct client *c)
{
    while (c->calls) {
        struct call *l = c->calls;
        client_done *done = l->own ? l->done : NULL;
        void *arg = l->arg;
        struct err gone = {.code = ERR_CANCELLED};
        if (l->fetch)
            fetch_cancel(l->fetch);
        call_free(l);
        if (done)
            done(arg, ERR_CANCELLED, &gone);
    }
}
