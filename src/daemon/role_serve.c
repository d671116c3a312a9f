/* SPDX-License-Identifier: EUPL-1.2
 *
 * A witness or a collector while it serves: one worker owns the store, the
 * loop takes requests and hands out answers.
 */
#include "config.h"

#include "daemon/role.h"

#include "base/log.h"
#include "base/loop.h"
#include "base/mem.h"
#include "daemon/harden.h"
#include "net/serve.h"
#include "proof/batch.h"
#include "proof/submission.h"
#ifdef HAVE_POSTGRESQL
#include "collect/collector.h"
#endif

#include <cjson/cJSON.h>
#include <event2/event.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct serving {
    struct role role;
    struct event_base *base;
    struct worker *worker;
    struct server *server, *tls;
    struct event *on_term, *on_int;
};

typedef void job_fn(struct role *r, const void *p, size_t n,
                    struct collect_answer *a);

struct job {
    struct role *role;
    struct exchange *x;
    job_fn *run;
    char word[2 * HASH_SIZE + 1]; /* in the path */
    struct collect_answer a;
};

static void
witness_submit(struct role *r, const void *p, size_t n,
               struct collect_answer *a)
{
    witness_take(r->witness, p, n, a);
}

static void
witness_newest(struct role *r, const void *p, size_t n,
               struct collect_answer *a)
{
    (void)n;
    witness_show(r->witness, p, a);
}

#ifdef HAVE_POSTGRESQL
static void
collector_submit(struct role *r, const void *p, size_t n,
                 struct collect_answer *a)
{
    collector_take(r->collector, p, n, a);
}

static void
collector_newest(struct role *r, const void *p, size_t n,
                 struct collect_answer *a)
{
    (void)n;
    collector_show(r->collector, p, a);
}
#endif

/* One row an address: a path that ends in a slash has the hash of an origin
 * behind it, and then "/checkpoint" (tlog-witness, monitoring). */
static const struct address {
    enum role_kind kind;
    const char *method, *path;
    size_t max;
    job_fn *run;
} addresses[] = {
    {ROLE_KIND_VITTNE, "POST", "/v1/vittne/add-checkpoint", SUBMISSION_MAX,
     witness_submit},
    {ROLE_KIND_VITTNE, "GET", "/v1/vittne/", 0, witness_newest},
#ifdef HAVE_POSTGRESQL
    {ROLE_KIND_INSAMLING, "POST", "/v1/insamling", BATCH_MAX, collector_submit},
    {ROLE_KIND_INSAMLING, "GET", "/v1/insamling/", 0, collector_newest},
#endif
};
enum { ADDRESSES = sizeof addresses / sizeof *addresses };

static bool
hash_word(const char *s, char out[2 * HASH_SIZE + 1])
{
    static const char end[] = "/checkpoint";
    if (strspn(s, "0123456789abcdef") != 2 * HASH_SIZE ||
        strcmp(s + 2 * HASH_SIZE, end) != 0)
        return false;
    snprintf(out, 2 * HASH_SIZE + 1, "%s", s);
    return true;
}

static const struct address *
find_address(const struct role *r, const char *method, const char *path,
             char word[2 * HASH_SIZE + 1])
{
    for (const struct address *a = addresses; a < addresses + ADDRESSES; a++) {
        size_t n = strlen(a->path);
        if (a->kind != r->kind || (method && strcmp(a->method, method)))
            continue;
        if (a->path[n - 1] == '/'
                ? !strncmp(a->path, path, n) && hash_word(path + n, word)
                : !strcmp(a->path, path))
            return a;
    }
    return NULL;
}

static size_t
body_limit(void *arg, const char *path)
{
    const struct serving *s = arg;
    char word[2 * HASH_SIZE + 1];
    const struct address *a = find_address(&s->role, "POST", path, word);
    return a ? a->max : 0;
}

static void
job_run(void *arg)
{
    struct job *j = arg;
    size_t n = strlen(j->word);
    const void *p = j->word[0] ? j->word : exchange_body(j->x, &n);
    j->run(j->role, p, n, &j->a);
}

static void
job_done(void *arg)
{
    struct job *j = arg;
    if (j->a.status >= 400 && j->a.status != 404 && j->a.status != 409)
        log_warn("%d: %.*s", j->a.status,
                 (int)strcspn(buf_str(&j->a.body), "\n"), buf_str(&j->a.body));
    exchange_reply(j->x, j->a.status, j->a.type, j->a.body.data, j->a.body.len);
    buf_done(&j->a.body);
    free(j);
}

/* What anyone who may connect may know: the role, the name and the key. */
static void
reply_status(struct serving *s, struct exchange *x)
{
    char vkey[VKEY_TEXT_MAX];
    const struct vkey *v =
        s->role.witness ? witness_vkey(s->role.witness) : NULL;
#ifdef HAVE_POSTGRESQL
    if (s->role.collector)
        v = collector_vkey(s->role.collector);
#endif
    vkey_text(v, vkey);
    cJSON *o = cJSON_CreateObject();
    cJSON_AddStringToObject(o, "version", PACKAGE_VERSION);
    cJSON_AddStringToObject(o, "roll",
                            config_text(s->role.config, "instans.roll"));
    cJSON_AddStringToObject(o, "vkey", vkey);
    char *json = cJSON_PrintUnformatted(o);
    cJSON_Delete(o);
    exchange_reply(x, 200, "application/json", json, strlen(json));
    cJSON_free(json);
}

static void
handle(void *arg, struct exchange *x)
{
    struct serving *s = arg;
    char word[2 * HASH_SIZE + 1] = "";
    const char *path = exchange_path(x), *method = exchange_method(x);
    const struct address *a = find_address(&s->role, method, path, word);
    if (!strcmp(path, "/v1/status") && !strcmp(method, "GET")) {
        reply_status(s, x);
        return;
    }
    if (!a) {
        static const char none[] = "there is no such address\n";
        exchange_reply(x, 404, COLLECT_TEXT, none, sizeof none - 1);
        return;
    }
    struct job *j = mem_alloc(sizeof *j);
    *j = (struct job){.role = &s->role, .x = x, .run = a->run};
    snprintf(j->word, sizeof j->word, "%s", word);
    worker_run(s->worker, job_run, job_done, j);
}

static void
file_setting(const struct role *r, const char *name, char out[700])
{
    const char *v = config_text(r->config, name);
    snprintf(out, 700, "%s%s%s", *v == '/' ? "" : r->dir, *v == '/' ? "" : "/",
             v);
}

static enum err_code
start_servers(struct serving *s, struct err *e)
{
    const struct config *c = s->role.config;
    char path[700], cert[700], key[700], ca[700];
    snprintf(path, sizeof path, "%s/run/enfraga.sock", s->role.dir);
    struct serve_options o = {
        .path = path,
        .inherited = serve_inherited(),
        .mode = s->role.real ? 0660 : 0600,
        .max_body = SUBMISSION_MAX,
        .body_limit = body_limit,
        .max_headers = 16 << 10,
        .idle_s = 120,
        .max_conns = (int)config_number(c, "server.anslutningar"),
        .max_conns_per_peer =
            (int)config_number(c, "server.anslutningar_konto")};
    file_setting(&s->role, "server.tls_certifikat", cert);
    file_setting(&s->role, "server.tls_nyckel", key);
    file_setting(&s->role, "server.klient_ca", ca);
    struct serve_tls tls = {.address = config_text(c, "server.tls_adress"),
                            .cert = cert,
                            .key = key,
                            .ca = ca};
    s->server = server_new(s->base, &o, handle, s, e);
    if (!s->server || !*tls.address)
        return s->server ? ERR_OK : e->code;
    o.tls = &tls;
    s->tls = server_new(s->base, &o, handle, s, e);
    return s->tls ? ERR_OK : e->code;
}

static void
on_signal(evutil_socket_t fd, short what, void *arg)
{
    (void)fd;
    (void)what;
    event_base_loopbreak(((struct serving *)arg)->base);
}

static enum err_code
set_up(struct serving *s, struct err *e)
{
    s->base = loop_new();
    s->worker = s->base ? worker_new(s->base, 1, NULL, NULL) : NULL;
    if (!s->worker)
        return err_set(e, ERR_INTERNAL, "a thread could not be started");
    s->on_term = evsignal_new(s->base, SIGTERM, on_signal, s);
    s->on_int = evsignal_new(s->base, SIGINT, on_signal, s);
    if (!s->on_term || !s->on_int || event_add(s->on_term, NULL) ||
        event_add(s->on_int, NULL))
        return err_set(e, ERR_INTERNAL, "the loop could not be set up");
    return start_servers(s, e);
}

enum err_code
role_serve(const char *dir, struct err *e)
{
    struct serving s = {.role.lock = -1};
    harden_early();
    server_raise_files();
    enum err_code code = role_open(&s.role, dir, e);
#ifdef HAVE_POSTGRESQL
    struct err away = {0};
    if (!code && s.role.collector && collector_probe(s.role.collector, &away))
        log_warn("%s", away.text); /* it may come; each request tries anew */
#endif
    if (!code)
        code = set_up(&s, e);
    if (!code)
        code = harden_calls(e);
    if (!code) {
        printf("redo %s/run/enfraga.sock\n", s.role.dir);
        if (s.tls)
            printf("tls %d\n", server_port(s.tls));
        fflush(stdout);
        event_base_dispatch(s.base);
    }
    if (s.server)
        server_pause(s.server);
    if (s.tls)
        server_pause(s.tls);
    worker_free(&s.worker); /* what is under way is answered */
    server_free(&s.server);
    server_free(&s.tls);
    if (s.on_term)
        event_free(s.on_term);
    if (s.on_int)
        event_free(s.on_int);
    if (s.base)
        event_base_free(s.base);
    role_close(&s.role);
    return code;
}
