/* SPDX-License-Identifier: EUPL-1.2
 *
 * Requests that are entries, and the case lists. A check runs on the
 * register's worker and only reads; an act runs on the loop when the entry
 * stands in the log.
 */
#include "config.h"

#include "daemon/routes.h"

#include "base/clock.h"
#include "base/i18n.h"
#include "base/mem.h"
#include "base/text.h"
#include "cases/import.h"
#include "daemon/held.h"

#include <stdlib.h>
#include <string.h>

enum { DAY_MS = 24 * 60 * 60 * 1000 };

/* Case lists. */

enum err_code
entries_cases(struct task *t)
{
    return register_cases(t->d->in->reg, t->account.konto, clock_now_ms(),
                          &t->cases, &t->n_cases, &t->err);
}

enum err_code
entries_search(struct task *t)
{
    const char *sok = message_text(t->payload, "sok");
    if (!sok)
        return err_set(&t->err, ERR_BAD_INPUT, "sok is missing");
    return register_search(t->d->in->reg, t->account.konto, sok, date_today(),
                           clock_now_ms(), &t->cases, &t->n_cases, &t->err);
}

static cJSON *
case_head(const struct reg_case *c)
{
    cJSON *o = cJSON_CreateObject();
    cJSON_AddStringToObject(o, "arende", c->arende);
    cJSON_AddStringToObject(o, "enhet", c->enhet);
    cJSON_AddStringToObject(
        o, "slag", c->prepared ? "ansokan_forbereds" : "ekonomiskt_bistand");
    cJSON_AddStringToObject(o, "lage", c->open ? "pagaende" : "avslutat");
    return o;
}

/* A household lacks what any of its persons lacks: for each source a state
 * that is not whole wins over one that is, and any over not asked. */
static void
worst_states(char sum[SOURCE_COUNT + 1], const char *one)
{
    char unknown[SOURCE_COUNT + 1];
    memset(unknown, state_row(STATE_VANTAR)->symbol, SOURCE_COUNT);
    unknown[SOURCE_COUNT] = '\0';
    if (strlen(one) != SOURCE_COUNT)
        one = unknown; /* asked, and nothing known of it */
    if (!sum[0])
        snprintf(sum, SOURCE_COUNT + 1, "%s", one);
    for (int s = 0; s < SOURCE_COUNT; s++) {
        bool whole = strchr("+0", sum[s]), none = sum[s] == '.';
        if (none || (whole && one[s] != '.' && one[s] != '0'))
            sum[s] = one[s];
    }
}

/* A row of the list: the name only of a case opened by this user since start,
 * and of no protected person (UX 5). */
static cJSON *
case_row(const struct task *t, const struct reg_case *c)
{
    cJSON *o = case_head(c);
    int adults = 0, children = 0, checks = 0;
    char states[SOURCE_COUNT + 1] = "";
    const struct reg_person *first = NULL, *last = NULL;
    bool shielded = false;
    for (int i = 0; i < c->n_persons; i++) {
        const struct reg_person *p = &c->persons[i];
        adults += p->roll != ROLL_BARN;
        children += p->roll == ROLL_BARN;
        checks += p->open_checks;
        shielded |= p->shielded;
        if (p->roll == ROLL_SOKANDE)
            first = p;
        if (!last || p->asked_ms > last->asked_ms)
            last = p;
        if (p->asked_ms)
            worst_states(states, p->states);
    }
    cJSON_AddNumberToObject(o, "vuxna", adults);
    cJSON_AddNumberToObject(o, "barn", children);
    routes_time(o, "senast", last ? last->asked_ms : 0);
    cJSON_AddStringToObject(o, "lagen", states);
    cJSON_AddNumberToObject(o, "kontroller", checks);
    if (first && !shielded && t->facts.forsakran == FORSAKRAN_GILTIG &&
        opened_is(t->d, t->account.konto, c->arende))
        cJSON_AddStringToObject(o, "namn", first->namn);
    else
        cJSON_AddNullToObject(o, "namn");
    return o;
}

void
entries_cases_act(struct task *t)
{
    cJSON *o = cJSON_CreateObject();
    cJSON *list = cJSON_AddArrayToObject(o, "arenden");
    for (int i = 0; i < t->n_cases; i++)
        cJSON_AddItemToArray(list, case_row(t, &t->cases[i]));
    routes_put(t, o);
    task_reply_json(t);
}

/* The case named in a payload, if this user may open it. Every other
 * situation gives one and the same refusal. */
static enum err_code
own_case(struct task *t, const char *arende)
{
    t->cases = mem_alloc(sizeof *t->cases);
    struct reg_case *c = t->cases;
    enum err_code code =
        arende ? register_case(t->d->in->reg, arende, t->account.konto,
                               clock_now_ms(), c, &t->err)
               : ERR_CASE;
    t->n_cases = code == ERR_OK;
    if (code && code != ERR_CASE)
        return code;
    if (code || c->jav || !(c->takes_part || c->access_given) || !c->open)
        return err_set(&t->err, ERR_CASE, "%s", _("no case of yours fits"));
    return ERR_OK;
}

enum err_code
entries_open(struct task *t)
{
    return own_case(t, message_text(t->payload, "arende"));
}

void
entries_open_act(struct task *t)
{
    const struct reg_case *c = &t->cases[0];
    opened_add(t->d, t->account.konto, c->arende);
    cJSON *o = cJSON_CreateObject(), *k = case_head(c);
    cJSON_AddItemToObject(o, "arende", k);
    cJSON *list = cJSON_AddArrayToObject(k, "personer");
    for (int i = 0; i < c->n_persons; i++) {
        const struct reg_person *p = &c->persons[i];
        cJSON *q = cJSON_CreateObject();
        cJSON_AddStringToObject(q, "personnummer", p->number.digits);
        cJSON_AddStringToObject(q, "namn", p->namn);
        cJSON_AddStringToObject(q, "roll", roll_word(p->roll));
        cJSON_AddNumberToObject(q, "alder",
                                personnummer_age(&p->number, date_today()));
        cJSON_AddBoolToObject(q, "sekretess", p->shielded);
        routes_time(q, "senast", p->asked_ms);
        cJSON_AddStringToObject(q, "lagen", p->states);
        cJSON_AddNumberToObject(q, "kontroller", p->open_checks);
        cJSON_AddItemToArray(list, q);
    }
    routes_put(t, o);
    task_reply_json(t);
}

/* The question: every check of DESIGN 2.3, and the derived clear fields. */

static enum err_code
check_clear_fields(struct task *t)
{
    const struct question *q = &t->question;
    if (t->author.authorities != q->sources ||
        strcmp(t->author.legal, legal_code(t->d->in->legal, q->syfte)))
        return err_set(&t->err, ERR_COMMIT,
                       "the entry's open fields are not the question's");
    if (strcmp(q->handlaggare, t->account.konto))
        return err_set(&t->err, ERR_COMMIT,
                       "the question names another handläggare");
    return ERR_OK;
}

static enum err_code
gather(struct task *t)
{
    struct grant_facts *f = &t->facts;
    const struct question *q = &t->question;
    struct instance *in = t->d->in;
    f->mode = in->mode;
    f->account_known = true;
    f->account_blocked = t->account.blocked;
    f->roles = t->account.roles;
    const struct account *caller = task_caller(t);
    bool system = caller->roles & ROLE_SYSTEM;
    if (t->soap) /* a system names a person, never another system or itself */
        f->roles &= ~(unsigned)ROLE_SYSTEM;
    f->burst = (int)config_number(in->config,
                                  system ? "grans.system_skur" : "grans.skur");
    f->ceiling = (int)config_number(in->config, system ? "grans.system_dagstak"
                                                       : "grans.dagstak");
    f->today = date_today();
    f->own_number = t->account.own.digits[0] &&
                    personnummer_same(&t->account.own, &q->person);
    int64_t now = clock_now_ms();
    enum err_code code =
        register_asked(in->reg, caller->konto, now, &f->asked_last_minute,
                       &f->asked_today, &t->err);
    if (code)
        return code;
    code = register_on_own_list(in->reg, t->account.konto, &q->person,
                                &f->own_list, &t->err);
    if (code)
        return code;
    int waiting = reserved_count(t->d, caller->konto);
    f->asked_last_minute += waiting;
    f->asked_today += waiting;
    struct reg_case c = {0};
    code =
        register_case(in->reg, q->arende, t->account.konto, now, &c, &t->err);
    if (code == ERR_CASE)
        return ERR_OK; /* the grant refuses, in its order */
    if (code)
        return code;
    f->case_exists = true;
    f->case_open = c.open;
    f->case_prepared = c.prepared;
    f->takes_part = c.takes_part;
    f->access_given = c.access_given;
    f->jav = c.jav;
    for (int i = 0; i < c.n_persons; i++) {
        const struct reg_person *p = &c.persons[i];
        if (!personnummer_same(&p->number, &q->person))
            continue;
        f->in_household = true;
        f->roll = p->roll;
        f->shielded = p->shielded;
        f->asked_within_3_days =
            !t->retry &&
            ((p->asked_ms && now - p->asked_ms < 3 * (int64_t)DAY_MS) ||
             reserved_about(t->d, &q->person));
    }
    reg_case_done(&c);
    return ERR_OK;
}

enum err_code
entries_grant(struct task *t)
{
    enum err_code code = gather(t);
    if (t->soap) /* SSBTEK's question does not say */
        t->question.roll = t->facts.roll;
    if (!t->retry)
        t->question.retry_of = 0; /* what it says must be so to count */
    if (!code)
        code = grant_check(&t->facts, &t->question, t->d->in->legal, &t->err);
    if (!code)
        code = question_prepare(t->d, &t->question, &t->extra, &t->err);
    if (!code) {
        reserved_add(t->d, task_caller(t)->konto, &t->question.person);
        t->reserved = true;
    }
    return code;
}

enum err_code
entries_ask(struct task *t)
{
    enum err_code code = check_clear_fields(t);
    return code ? code : entries_grant(t);
}

void
routes_receipt(cJSON *o, const struct task *t)
{
    AUTO_BUF(raw, 16 * 1024);
    AUTO_BUF(b64, 32 * 1024);
    receipt_encode(&raw, &t->receipt);
    text_base64_encode(&b64, raw.data, raw.len);
    cJSON_AddNumberToObject(o, "loggpost", (double)t->receipt.seq);
    cJSON_AddStringToObject(o, "kvitto", buf_str(&b64));
}

void
entries_seq_act(struct task *t)
{
    cJSON *o = cJSON_CreateObject();
    routes_receipt(o, t);
    routes_put(t, o);
    task_reply_json(t);
}

/* Klarmarkering, readings and exports: about a person of an own case. */

enum err_code
entries_reading(struct task *t)
{
    enum err_code code = own_case(t, message_text(t->payload, "arende"));
    const char *person = message_text(t->payload, "person");
    if (code)
        return code;
    for (int i = 0; person && i < t->cases[0].n_persons; i++)
        if (!strcmp(t->cases[0].persons[i].number.digits, person))
            return ERR_OK;
    return err_set(&t->err, ERR_PERSON,
                   "the person is not in the household of the case");
}

enum err_code
entries_mark(struct task *t)
{
    int64_t left;
    enum err_code code = entries_reading(t);
    if (code)
        return code;
    if (!message_number(t->payload, "kvar", &left) || left < 0 || left > 10000)
        return err_set(&t->err, ERR_BAD_INPUT, "kvar must be 0 to 10000");
    return ERR_OK;
}

/* What an entry changes in the register is changed when the entry stands. */
static void
applied(void *arg)
{
    struct task *t = arg;
    if (t->code)
        task_problem(t, t->code, &t->err);
    else
        entries_seq_act(t);
}

static void
apply_mark(void *arg)
{
    struct task *t = arg;
    int64_t left = 0;
    struct personnummer p = {0};
    message_number(t->payload, "kvar", &left);
    snprintf(p.digits, sizeof p.digits, "%s",
             message_text(t->payload, "person"));
    t->code = register_set_checks(t->d->in->reg, t->cases[0].arende, &p,
                                  (int)left, &t->err);
}

void
entries_mark_act(struct task *t)
{
    worker_run(t->d->reg_worker, apply_mark, applied, t);
}
