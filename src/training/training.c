/* SPDX-License-Identifier: EUPL-1.2
 *
 * The server: reads a question, writes the answer at once and sends it when
 * the authority's latency has passed, by a timer of the loop.
 */
#include "config.h"

#include "training/training.h"

#include "base/buf.h"
#include "base/clock.h"
#include "base/i18n.h"
#include "base/mem.h"
#include "net/serve.h"
#include "training/answer.h"

#include <event2/event.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define XML_TYPE "text/xml; charset=UTF-8"

enum {
    QUESTION_MAX = 256 << 10,
    HEADERS_MAX = 16 << 10,
    IDLE_S = 600,
    CONNS_MAX = 1024,
    TEST_MS = 150,
    NEVER = -1
};

static const struct {
    int ms, more;
} latencies[SOURCE_COUNT] = {
#define AUTHORITY(source, l, m, ...)                                           \
    [SOURCE_##source] = {.ms = (l), .more = (m)},
#include "training/authorities.def"
#undef AUTHORITY
};

/* An answer on its way: in the training's list until it is sent or its peer
 * has left. */
struct reply {
    struct reply *next, **link;
    struct exchange *x;
    struct event *timer; /* NULL: never sent */
    int status;
    const char *type;
    struct buf body;
};

struct training {
    struct event_base *base;
    struct server *server;
    struct setups setups;
    struct reply *first;
};

static void
reply_free(struct reply *r)
{
    *r->link = r->next;
    if (r->next != NULL)
        r->next->link = r->link;
    if (r->timer != NULL)
        event_free(r->timer);
    buf_done(&r->body);
    free(r);
}

static void
reply_send(struct reply *r)
{
    struct exchange *x = r->x;
    exchange_on_gone(x, NULL, NULL);
    exchange_reply(x, r->status, r->type, buf_str(&r->body), r->body.len);
    reply_free(r);
}

static void
on_timer(evutil_socket_t fd, short what, void *arg)
{
    (void)fd;
    (void)what;
    reply_send(arg);
}

/* The exchange must be ended also where nobody listens any more. */
static void
on_gone(void *arg)
{
    reply_send(arg);
}

/* Takes the body over. */
static void
reply_later(struct training *t, struct exchange *x, int status,
            const char *type, struct buf *body, int ms)
{
    struct reply *r = mem_alloc(sizeof(*r));
    r->x = x;
    r->status = status;
    r->type = type;
    r->body = *body;
    *body = BUF_INIT(body->max);
    r->next = t->first;
    r->link = &t->first;
    if (t->first != NULL)
        t->first->link = &r->next;
    t->first = r;
    if (ms != NEVER) {
        const struct timeval tv = {ms / 1000, ms % 1000 * 1000};
        r->timer = event_new(t->base, -1, 0, on_timer, r);
        if (r->timer == NULL || event_add(r->timer, &tv) != 0) {
            reply_send(r);
            return;
        }
    }
    exchange_on_gone(x, on_gone, r); /* may be called at once */
}

/* The same person is as slow each time. */
static int
own_latency(enum source_id source, const char *number)
{
    unsigned h = 0;
    for (const char *p = number; *p != '\0'; p++)
        h = h * 31 + (unsigned char)*p;
    return latencies[source].ms + (int)(h % (unsigned)latencies[source].more);
}

static void
serve_question(struct training *t, struct exchange *x, const struct asked *q)
{
    const char *part = "";
    enum fault fault = FAULT_NONE;
    enum cast_id id = cast_find(q->person);
    const struct setup *setup = setups_take(&t->setups, q->source, q->person);
    if (id != CAST_COUNT)
        fault = cast_fault(id, q->source, &part);
    if (setup != NULL && setup->has_fault) {
        fault = setup->fault;
        part = setup->part;
    }
    int ms = setup != NULL && setup->latency >= 0
                 ? setup->latency
                 : own_latency(q->source, q->person) + fault_latency(fault);
    AUTO_BUF(body, ANSWER_MAX);
    if (fault == FAULT_HTTP500) {
        buf_adds(&body, "<html><body>Internal Server Error</body></html>");
        reply_later(t, x, 500, "text/html", &body, ms);
        return;
    }
    struct scene s;
    scene_set(&s, q, fault, part, date_today());
    int status = answer_write(&body, &s);
    reply_later(t, x, status, answer_type(q), &body,
                fault == FAULT_TIMEOUT ? NEVER : ms);
}

/* A source that training.ini makes fail for everyone says so here too. */
static void
serve_test(struct training *t, struct exchange *x, enum kontrakt kontrakt)
{
    source_set failing = 0;
    int ms = TEST_MS;
    for (int i = 0; i < SOURCE_COUNT; i++) {
        const struct setup *s = &t->setups.of[i];
        if (s->has_fault && s->person[0] == '\0' && s->count != 0 &&
            (s->fault == FAULT_ERROR_BT || s->fault == FAULT_ERROR_SSBT ||
             s->fault == FAULT_TIMEOUT || s->fault == FAULT_HTTP500))
            failing |= SOURCE_BIT(i);
        if (s->latency >= 0 && s->latency < ms)
            ms = s->latency;
    }
    AUTO_BUF(body, ANSWER_MAX);
    answer_write_test(&body, kontrakt, failing);
    reply_later(t, x, 200, XML_TYPE, &body, ms);
}

/* SSBTEK v10 and v11, of the same authorities. */
static void
serve_ssbtek(struct training *t, struct exchange *x)
{
    struct asked q = {0};
    struct err e = {0};
    size_t n = 0;
    const void *p = exchange_body(x, &n);
    enum err_code code = strcmp(exchange_method(x), "POST") != 0
                             ? err_set(&e, ERR_BAD_INPUT, "POST")
                             : asked_read(&q, p, n, &e);
    if (code != ERR_OK) {
        AUTO_BUF(body, ANSWER_MAX);
        answer_write_fault(&body, q.kontrakt,
                           code == ERR_INTERNAL ? NULL : "SSBT-400", e.text);
        exchange_reply(x, 500, XML_TYPE, buf_str(&body), body.len);
    } else if (q.call == ASKED_TEST) {
        serve_test(t, x, q.kontrakt);
    } else {
        serve_question(t, x, &q);
    }
    asked_done(&q);
}

/* An authority by itself. */
static void
serve_authority(struct training *t, struct exchange *x, enum source_id source,
                const char *aktorsid)
{
    struct asked q = {.source = source, .direct = true};
    struct err e = {0};
    size_t n = 0;
    const void *p = exchange_body(x, &n);
    if (asked_read_direct(&q, source, aktorsid, p, n, &e) != ERR_OK) {
        AUTO_BUF(body, ANSWER_MAX);
        int status = answer_write_refusal(&body, source, e.text);
        exchange_reply(x, status, answer_type(&q), buf_str(&body), body.len);
    } else {
        serve_question(t, x, &q);
    }
    asked_done(&q);
}

static void
serve_kinds(struct exchange *x)
{
    AUTO_BUF(body, ANSWER_MAX);
    answer_write_kinds(&body);
    exchange_reply(x, 200, "application/json", buf_str(&body), body.len);
}

/* "/fk" LEFI_PATH aktorsid "/" what: the actor into id, what of it back. */
static const char *
lefi_path(const char *path, char *id, size_t size)
{
    static const char lefi[] = "/fk/lefi-extern-formansinformation/v9/aktorer/";
    if (strncmp(path, lefi, sizeof(lefi) - 1) != 0)
        return "";
    path += sizeof(lefi) - 1;
    size_t n = strcspn(path, "/");
    if (n == 0 || n >= size || path[n] == '\0')
        return "";
    snprintf(id, size, "%.*s", (int)n, path);
    return path + n + 1;
}

static void
on_request(void *arg, struct exchange *x)
{
    static const struct {
        const char *path;
        enum source_id source;
    } soap[] = {{"/af", SOURCE_AF}, {"/csn", SOURCE_CSN}, {"/skv", SOURCE_SKV},
                {"/so", SOURCE_SO}, {"/tns", SOURCE_TNS}, {"/miv", SOURCE_MIV}};
    struct training *t = arg;
    const char *path = exchange_path(x);
    bool post = strcmp(exchange_method(x), "POST") == 0;
    char id[64];
    const char *lefi = lefi_path(path, id, sizeof(id));
    if (strcmp(path, "/ssbtek") == 0) {
        serve_ssbtek(t, x);
        return;
    }
    if (post && strcmp(lefi, "formansinformation/fraga") == 0) {
        serve_authority(t, x, SOURCE_FK, id);
        return;
    }
    if (!post && strcmp(lefi, "tillgangligaInformationstyper") == 0) {
        serve_kinds(x);
        return;
    }
    for (size_t i = 0; post && i < sizeof(soap) / sizeof(soap[0]); i++)
        if (strcmp(path, soap[i].path) == 0) {
            serve_authority(t, x, soap[i].source, NULL);
            return;
        }
    exchange_reply(x, 404, "text/plain", "", 0);
}

struct training *
training_start(struct event_base *base, const char *socket_path,
               const char *dir, struct err *e)
{
    const struct serve_options o = {.path = socket_path,
                                    .mode = 0600,
                                    .max_body = QUESTION_MAX,
                                    .max_headers = HEADERS_MAX,
                                    /* enfragad is the only one that asks */
                                    .max_conns_per_peer = CONNS_MAX,
                                    .max_conns = CONNS_MAX,
                                    .idle_s = IDLE_S};
    char ini[PATH_MAX];
    snprintf(ini, sizeof(ini), "%s/training.ini", dir == NULL ? "" : dir);
    struct training *t = mem_alloc(sizeof(*t));
    t->base = base;
    if (setups_load(&t->setups, dir == NULL ? NULL : ini, e) == ERR_OK)
        t->server = server_new(base, &o, on_request, t, e);
    if (t->server == NULL)
        training_stop(&t);
    return t;
}

void
training_stop(struct training **tp)
{
    struct training *t = *tp;
    if (t == NULL)
        return;
    while (t->first != NULL) {
        exchange_on_gone(t->first->x, NULL, NULL);
        reply_free(t->first);
    }
    server_free(&t->server);
    free(t);
    *tp = NULL;
}
