/* SPDX-License-Identifier: EUPL-1.2
 *
 * Access to a case for 24 h (UX 5): a chef gives it, or where the setting
 * arende.atkomst says so a handläggare takes it and a chef approves it within
 * the day. The entry stands before the register is changed. What nobody
 * approved in time becomes an alarm, which is how it is counted.
 */
#include "config.h"

#include "daemon/routes.h"

#include "base/clock.h"
#include "base/i18n.h"
#include "base/log.h"
#include "base/mem.h"

#include <stdlib.h>
#include <string.h>

static enum err_code
take_text(struct task *t, const char *name, char *out, size_t size)
{
    const char *s = message_text(t->payload, name);
    if (!s || !*s || strlen(s) >= size)
        return err_set(&t->err, ERR_BAD_INPUT,
                       "%s is missing or longer than %zu bytes", name,
                       size - 1);
    memcpy(out, s, strlen(s) + 1);
    return ERR_OK;
}

static enum err_code
read_access(struct task *t)
{
    struct access *a = &t->access;
    const char *kind = message_text(t->payload, "slag");
    const char *why = message_text(t->payload, "skal");
    if (!kind || !access_by_word(&a->kind, kind))
        return err_set(&t->err, ERR_BAD_INPUT,
                       "slag must be given, efterhand or godkand");
    enum err_code code = take_text(t, "arende", a->arende, sizeof a->arende);
    if (!code)
        code = take_text(t, "till", a->konto, sizeof a->konto);
    if (code)
        return code;
    /* What is approved has its reason already. */
    bool blank = !why || !why[strspn(why, " \t\n")];
    if (blank && a->kind != ACCESS_GODKAND)
        return err_set(&t->err, ERR_REASON, "skal is missing");
    if (!blank)
        code = take_text(t, "skal", a->skal, sizeof a->skal);
    memcpy(a->by, t->account.konto, sizeof a->by);
    return code;
}

enum err_code
access_check(struct task *t)
{
    const struct instance *in = t->d->in;
    enum err_code code = read_access(t);
    if (code)
        return code;
    bool own = t->access.kind == ACCESS_EFTERHAND;
    if (!(t->account.roles & (own ? ROLE_HANDLAGGARE : ROLE_CHEF)))
        return err_set(&t->err, ERR_ROLE, "%s",
                       _("the role does not give access"));
    if (own && strcmp(config_text(in->config, "arende.atkomst"), "efterhand"))
        return err_set(&t->err, ERR_ROLE, "%s",
                       _("access is given by a chef here, and not taken"));
    return register_may_access(in->reg, &t->access, clock_now_ms(), &t->err);
}

static void
apply(void *arg)
{
    struct task *t = arg;
    t->access.post = t->receipt.seq;
    t->code =
        register_put_access(t->d->in->reg, &t->access, clock_now_ms(), &t->err);
}

static void
applied(void *arg)
{
    struct task *t = arg;
    if (t->code) {
        task_problem(t, t->code, &t->err);
        return;
    }
    cJSON *o = cJSON_CreateObject();
    routes_receipt(o, t);
    routes_time(o, "fore", t->access.until_ms);
    routes_put(t, o);
    task_reply_json(t);
}

void
access_act(struct task *t)
{
    worker_run(t->d->reg_worker, apply, applied, t);
}

enum err_code
access_list(struct task *t)
{
    struct access *list;
    int n;
    enum err_code code = register_access_waiting(t->d->in->reg, clock_now_ms(),
                                                 false, &list, &n, &t->err);
    if (code)
        return code;
    cJSON *o = cJSON_CreateObject();
    cJSON *rows = cJSON_AddArrayToObject(o, "vantar");
    for (int i = 0; i < n; i++) {
        cJSON *a = cJSON_CreateObject();
        cJSON_AddStringToObject(a, "arende", list[i].arende);
        cJSON_AddStringToObject(a, "till", list[i].konto);
        cJSON_AddStringToObject(a, "skal", list[i].skal);
        cJSON_AddNumberToObject(a, "loggpost", (double)list[i].post);
        routes_time(a, "fore", list[i].until_ms);
        cJSON_AddItemToArray(rows, a);
    }
    free(list);
    routes_put(t, o);
    return ERR_OK;
}

/* The sweep: those overdue, then for each the alarm and, when that stands,
 * the row is dropped. A stop between the two gives the alarm once more. */
struct sweep {
    struct daemon *d;
    struct access *list;
    int n, at;
    enum err_code code;
    struct err err;
};

static void sweep_next(struct sweep *s);

static void
find_overdue(void *arg)
{
    struct sweep *s = arg;
    s->code = register_access_waiting(s->d->in->reg, clock_now_ms(), true,
                                      &s->list, &s->n, &s->err);
}

static void
drop(void *arg)
{
    struct sweep *s = arg;
    s->code = register_drop_access(s->d->in->reg, &s->list[s->at], &s->err);
    s->at++;
}

static void
step(void *arg)
{
    sweep_next(arg);
}

static void
alarmed(void *arg, enum err_code code, const struct receipt *r,
        const struct err *e)
{
    struct sweep *s = arg;
    (void)r;
    s->code = code;
    if (code)
        s->err = *e;
    if (code)
        sweep_next(s);
    else
        worker_run(s->d->reg_worker, drop, step, s);
}

static void
alarm_about(struct sweep *s, const struct access *a)
{
    char before[32];
    clock_iso(a->until_ms, before);
    cJSON *o = cJSON_CreateObject();
    cJSON_AddStringToObject(o, "slag", "efterhand");
    cJSON_AddStringToObject(o, "arende", a->arende);
    cJSON_AddStringToObject(o, "till", a->konto);
    cJSON_AddStringToObject(o, "fore", before);
    char *json = cJSON_PrintUnformatted(o);
    cJSON_Delete(o);
    record_own(s->d, KIND_LARM, true, a->post, 0, json, alarmed, s);
    mem_free_str(&json);
}

static void
sweep_next(struct sweep *s)
{
    if (s->code)
        log_error("access: %s", s->err.text);
    else if (s->at < s->n) {
        alarm_about(s, &s->list[s->at]);
        return;
    }
    s->d->sweeping = false;
    free(s->list);
    free(s);
}

void
access_sweep(struct daemon *d)
{
    if (d->sweeping || d->stopping)
        return;
    struct sweep *s = mem_alloc(sizeof *s);
    s->d = d;
    d->sweeping = true;
    worker_run(d->reg_worker, find_overdue, step, s);
}
