/* SPDX-License-Identifier: EUPL-1.2
 *
 * The road of one request: find its route, read it, who is it (register),
 * which försäkran (log), may it be (register), write it down (log), answer.
 * Each step is on the thread that owns what it needs; the loop only hands
 * over.
 */
#include "config.h"

#include "daemon/daemon.h"

#include "base/clock.h"
#include "base/i18n.h"
#include "base/log.h"
#include "base/mem.h"
#include "base/text.h"
#include "daemon/held.h"
#include "daemon/push.h"
#include "daemon/question.h"
#include "daemon/ssbtek.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { OUT_MAX = 32 << 20, STRANGERS = 60, MINUTE_MS = 60000 };

static void step_identify(void *arg);
static void step_identified(void *arg);
static void step_held(void *arg, enum err_code code, const struct err *e);
static void step_check(void *arg);
static void step_checked(void *arg);
static void step_recorded(void *arg, enum err_code code,
                          const struct receipt *r, const struct err *e);

void
task_free(struct task *t)
{
    *t->link = t->next;
    if (t->next)
        t->next->link = t->link;
    signed_entry_done(&t->entry);
    cJSON_Delete(t->body);
    cJSON_Delete(t->payload);
    question_wipe(&t->question);
    question_drop(&t->extra);
    ssbtek_call_free(&t->soap);
    for (int i = 0; i < t->n_cases; i++)
        reg_case_done(&t->cases[i]);
    free(t->cases);
    buf_done(&t->forsakran_cms);
    buf_done(&t->forsakran_text);
    buf_done(&t->out);
    mem_wipe(&t->account, sizeof t->account);
    free(t);
}

bool
task_asks(const struct task *t)
{
    return t->route->kind == KIND_INTENT || ssbtek_asks(t);
}

void
task_reply(struct task *t, int status, const char *type, const void *p,
           size_t n)
{
    exchange_reply(t->x, status, type, p, n);
    task_free(t);
}

void
task_reply_json(struct task *t)
{
    task_reply(t, 200, "application/json", t->out.data, t->out.len);
}

void
task_problem(struct task *t, enum err_code code, const struct err *e)
{
    AUTO_BUF(b, 8192);
    if (t->soap) {
        ssbtek_refuse(t, code, e);
        return;
    }
    problem_write(&b, code, e, false);
    task_reply(t, problem_status(code), "application/problem+json", b.data,
               b.len);
}

void
task_ended(void *arg)
{
    struct task *t = arg;
    if (t->code)
        task_problem(t, t->code, &t->err);
    else
        task_reply_json(t);
}

/* A refusal is an entry too; the user is answered when it stands there. */
static void
refused(void *arg, enum err_code code, const struct receipt *r,
        const struct err *e)
{
    (void)r;
    struct task *t = arg;
    if (code)
        task_problem(t, ERR_LOG, e);
    else
        task_problem(t, t->code, &t->err);
}

/* Refusals of those who have no account are entries too, but not so many that
 * a stranger fills the log. */
static bool
stranger_logged(struct daemon *d)
{
    int64_t now = clock_boot_ms();
    if (now - d->strangers_ms >= MINUTE_MS) {
        d->strangers_ms = now;
        d->strangers = 0;
    }
    return d->strangers++ < STRANGERS;
}

/* Who has no account is told of by what is known. */
static void
add_peer(cJSON *o, const struct serve_peer *p)
{
    char hex[2 * sizeof p->cert + 1];
    text_hex(p->cert, sizeof p->cert, hex);
    if (p->by_cert)
        cJSON_AddStringToObject(o, "certifikat", hex);
    else
        cJSON_AddNumberToObject(o, "uid", p->uid);
}

static void
refuse(struct task *t, enum err_code code)
{
    t->code = code;
    bool entry = t->route->kind || t->route->roles;
    const struct account *caller = task_caller(t);
    if (!entry || (!caller->konto[0] && !stranger_logged(t->d))) {
        task_problem(t, code, &t->err);
        return;
    }
    cJSON *o = cJSON_CreateObject();
    cJSON_AddStringToObject(o, "kod", err_row(code)->word);
    cJSON_AddStringToObject(
        o, "typ",
        t->route->kind ? entry_kind_row(t->route->kind)->word : t->route->path);
    cJSON_AddStringToObject(o, "konto", t->account.konto);
    if (caller != &t->account)
        cJSON_AddStringToObject(o, "system", caller->konto);
    if (!caller->konto[0])
        add_peer(o, &t->peer);
    /* In clear, before there is a reviewer, it says nothing of the person. */
    bool secret = t->d->seals || t->d->in->mode != MODE_SKARP;
    if (secret && t->question.arende[0]) {
        cJSON_AddStringToObject(o, "arende", t->question.arende);
        cJSON_AddStringToObject(o, "person", t->question.person.digits);
    } else if (secret && message_text(t->payload, "arende")) {
        cJSON_AddStringToObject(o, "arende",
                                message_text(t->payload, "arende"));
    }
    char *json = cJSON_PrintUnformatted(o);
    cJSON_Delete(o);
    record_refused(t->d, t->account.enhet, t->question.sources, json, refused,
                   t);
    mem_free_str(&json);
}

/* The request's body: a signed entry (by itself or as `post`), or any JSON. */
static enum err_code
read_body(struct task *t)
{
    size_t n;
    const void *p = exchange_body(t->x, &n);
    size_t max = t->route->max_body ? t->route->max_body : ROUTE_BODY_MAX;
    t->body = message_parse(p, n, max, &t->err);
    if (!t->body)
        return t->err.code == ERR_TOO_BIG ? ERR_TOO_BIG : ERR_BAD_INPUT;
    if (!t->route->kind)
        return ERR_OK;
    const cJSON *post = cJSON_GetObjectItemCaseSensitive(t->body, "post");
    enum err_code code =
        signed_entry_read(&t->entry, post ? post : t->body, &t->err);
    if (!code)
        code = entry_author_decode(t->entry.author.data, t->entry.author.len,
                                   &t->author, &t->err);
    if (code)
        return code;
    if (t->author.type != t->route->kind)
        return err_set(&t->err, ERR_BAD_INPUT,
                       "the entry is of another type than this address takes");
    if (strcmp(t->author.origin, t->d->log_vkey.name) ||
        strcmp(t->author.mode, mode_word(t->d->in->mode)))
        return err_set(&t->err, ERR_BAD_INPUT,
                       "the entry is made for another log");
    if (!t->entry.has_payload)
        return t->author.has_commit
                   ? err_set(&t->err, ERR_COMMIT, "the payload is missing")
                   : ERR_OK;
    uint8_t commit[HASH_SIZE];
    entry_commit(commit, t->entry.salt, t->entry.payload.data,
                 t->entry.payload.len);
    if (!t->author.has_commit || memcmp(commit, t->author.commit, HASH_SIZE))
        return err_set(&t->err, ERR_COMMIT,
                       "the payload is not the one that was signed");
    if (t->route->kind == KIND_INTENT) {
        code = question_decode(&t->question, t->entry.payload.data,
                               t->entry.payload.len, &t->err);
        return !code && t->question.has_soap
                   ? err_set(&t->err, ERR_BAD_INPUT,
                             "only enfragad says what a system has asked")
                   : code;
    }
    t->payload = message_parse(t->entry.payload.data, t->entry.payload.len,
                               64 * 1024, &t->err);
    return t->payload ? ERR_OK : ERR_BAD_INPUT;
}

/* A path that ends in a slash stands for all that begin with it. */
static bool
route_fits(const struct route *r, const char *path)
{
    size_t n = strlen(r->path);
    return r->path[n - 1] == '/' ? !strncmp(r->path, path, n)
                                 : !strcmp(r->path, path);
}

const char *
task_word(const struct task *t)
{
    return exchange_path(t->x) + strlen(t->route->path);
}

static const struct route *
find_route(const struct exchange *x, bool *path_known)
{
    *path_known = false;
    for (const struct route *r = routes; r->path; r++) {
        if (!route_fits(r, exchange_path(x)))
            continue;
        *path_known = true;
        if (!strcmp(r->method, exchange_method(x)))
            return r;
    }
    return NULL;
}

size_t
daemon_body_limit(void *daemon, const char *path)
{
    (void)daemon;
    for (const struct route *r = routes; r->path; r++)
        if (r->max_body && route_fits(r, path))
            return r->max_body;
    return ROUTE_BODY_MAX;
}

/* The instance's own uid or root, on the socket. */
static bool
is_own_uid(const struct task *t)
{
    return !t->peer.by_cert && (t->peer.uid == getuid() || t->peer.uid == 0);
}

void
daemon_request(void *daemon, struct exchange *x)
{
    struct daemon *d = daemon;
    struct task *t = mem_alloc(sizeof *t);
    t->d = d;
    t->x = x;
    t->peer = *exchange_peer(x);
    t->out = BUF_INIT(OUT_MAX);
    t->forsakran_cms = BUF_INIT(64 * 1024);
    t->forsakran_text = BUF_INIT(256 * 1024);
    t->next = d->tasks;
    t->link = &d->tasks;
    if (d->tasks)
        d->tasks->link = &t->next;
    d->tasks = t;
    bool known;
    t->route = find_route(x, &known);
    if (t->route && t->route->soap &&
        !config_bool(d->in->config, "ssbtek.paslagen"))
        t->route = NULL;
    if (d->stopping) {
        task_problem(t, ERR_STOPPING, &t->err);
        return;
    }
    if (!t->route) {
        task_problem(t,
                     err_set(&t->err, ERR_NOT_FOUND, "%s",
                             known ? "the address does not take that method"
                                   : "there is no such address"),
                     &t->err);
        return;
    }
    const char *konto = exchange_header(x, "Enfraga-Konto");
    /* Only outside skarp, and only the instance's own uid may say who it is. */
    if (konto && d->in->mode != MODE_SKARP && is_own_uid(t))
        snprintf(t->konto, sizeof t->konto, "%s", konto);
    if (t->route->soap)
        t->code = ssbtek_read(t);
    else if (!strcmp(t->route->method, "POST"))
        t->code = read_body(t);
    worker_run(d->reg_worker, step_identify, step_identified, t);
}

static void
step_identify(void *arg)
{
    struct task *t = arg;
    struct err e = {0};
    struct reg *r = t->d->in->reg;
    enum err_code code =
        t->peer.by_cert
            ? register_account_by_cert(r, t->peer.cert, &t->account, &e)
        : t->konto[0]
            ? register_account(r, t->konto, &t->account, &e)
            : register_account_by_uid(r, t->peer.uid, &t->account, &e);
    if (!code && t->account.blocked)
        code = err_set(&e, ERR_BLOCKED, "the account is blocked");
    t->own = code && t->route->own_uid && is_own_uid(t);
    /* Who it is comes before what was said. */
    if (code && !t->own) {
        t->code = code;
        t->err = e;
    } else if (t->soap && !t->code) {
        t->code = ssbtek_name(t);
    }
}

static void
step_identified(void *arg)
{
    struct task *t = arg;
    if (!t->code && !t->own && t->route->roles &&
        !(t->route->roles & task_caller(t)->roles))
        t->code = err_set(&t->err, ERR_ROLE, "%s",
                          _("the account has no role that may do this"));
    if (t->code)
        refuse(t, t->code);
    else if (t->own)
        step_checked(t);
    else if (held_find(t->d, t->account.konto))
        step_held(t, ERR_OK, &t->err);
    else
        held_load(t->d, t->account.konto, step_held, t);
}

/* An entry must be signed by the key that the account's own present försäkran
 * vouches for, and name that försäkran (AUDIT 7). */
static bool
own_key(const struct task *t, const struct held *h)
{
    if (!t->route->kind || t->route->kind == KIND_FORSAKRAN)
        return true;
    if (!h || !h->exists)
        return t->route->kind == KIND_INTENT; /* the grant refuses */
    return !memcmp(t->author.forsakran, h->sha256, sizeof h->sha256) &&
           !memcmp(t->author.kid, h->kid, sizeof h->kid);
}

static void
step_held(void *arg, enum err_code code, const struct err *e)
{
    struct task *t = arg;
    if (code) {
        t->err = *e;
        refuse(t, code);
        return;
    }
    const struct held *h = held_find(t->d, t->account.konto);
    t->facts.forsakran = held_state(h, &t->d->in->wording, t->account.vkey);
    t->retry =
        t->question.retry_of && recent_is(t->d, t->question.retry_of - 1,
                                          t->account.konto, &t->question);
    bool judged = t->facts.forsakran == FORSAKRAN_GILTIG ||
                  t->route->kind == KIND_ATERKALLELSE;
    if (judged && !own_key(t, h)) {
        refuse(t, err_set(&t->err, ERR_FORSAKRAN, "%s",
                          _("the entry is not signed by the key that the "
                            "account's försäkran names")));
        return;
    }
    /* The grant says it for a question, in its place among the checks. */
    if (t->route->kind && !t->route->open && t->route->kind != KIND_INTENT &&
        t->facts.forsakran != FORSAKRAN_GILTIG) {
        static const enum err_code why[] = {
            [FORSAKRAN_SAKNAS] = ERR_FORSAKRAN,
            [FORSAKRAN_NY_TEXT] = ERR_FORSAKRAN_TEXT,
            [FORSAKRAN_UTGANGEN] = ERR_FORSAKRAN_EXPIRED,
            [FORSAKRAN_ATERKALLAD] = ERR_FORSAKRAN,
            [FORSAKRAN_ANNAN_NYCKEL] = ERR_FORSAKRAN,
            [FORSAKRAN_CERT_SPARRAT] = ERR_CERT_REVOKED};
        refuse(t, err_set(&t->err, why[t->facts.forsakran], "%s",
                          _("there is no valid försäkran for the account")));
        return;
    }
    worker_run(t->d->reg_worker, step_check, step_checked, t);
}

static void
step_check(void *arg)
{
    struct task *t = arg;
    if (t->route->check)
        t->code = t->route->check(t);
}

static void
step_checked(void *arg)
{
    struct task *t = arg;
    if (!t->code && t->d->stopping)
        t->code = ERR_STOPPING;
    witnessed_check(t);
    question_stored_check(t);
    if (t->code)
        refuse(t, t->code);
    else if (t->route->kind)
        record_user(t->d, &t->entry, &t->peer, t->account.enhet,
                    t->route->kind == KIND_FORSAKRAN ? &t->forsakran : NULL,
                    t->recipient.cert ? &t->recipient : NULL, step_recorded, t);
    else if (ssbtek_asks(t))
        ssbtek_record(t, step_recorded);
    else if (t->route->act)
        t->route->act(t);
    else
        task_reply_json(t);
}

static void
alarmed(void *arg, enum err_code code, const struct receipt *r,
        const struct err *e)
{
    (void)arg;
    (void)r;
    if (code)
        log_error("log: %s", e->text);
}

static void
step_recorded(void *arg, enum err_code code, const struct receipt *r,
              const struct err *e)
{
    struct task *t = arg;
    t->err = *e;
    if (code && t->reserved)
        task_let_go(t);
    if (code == ERR_SEEN)
        record_own(t->d, KIND_LARM, false, 0, 0, "{\"slag\":\"annan_logg\"}",
                   alarmed, NULL);
    if (code == ERR_LOG || code == ERR_IO || code == ERR_LOG_BROKEN) {
        task_problem(t, code == ERR_LOG_BROKEN ? code : ERR_LOG, e);
        return;
    }
    if (code) {
        refuse(t, code);
        return;
    }
    t->receipt = *r;
    if (task_asks(t) && push_strict(t->d->push))
        witnessed_act(t);
    else if (t->route->act)
        t->route->act(t);
    else
        task_reply_json(t);
}
