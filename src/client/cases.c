/* SPDX-License-Identifier: EUPL-1.2
 *
 * Cases, own rows of the log, and the small entries.
 */
#include "config.h"

#include "base/clock.h"
#include "base/i18n.h"
#include "base/mem.h"
#include "client/own.h"
#include "local/json.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void
copy(char *to, size_t size, const cJSON *o, const char *name)
{
    const char *s = message_text(o, name);
    to[0] = '\0';
    if (s && strlen(s) < size)
        memcpy(to, s, strlen(s) + 1);
}

static int
number(const cJSON *o, const char *name)
{
    int64_t v;
    return message_number(o, name, &v) && v >= 0 && v < 1 << 30 ? (int)v : 0;
}

static int64_t
time_of(const cJSON *o, const char *name)
{
    const char *s = message_text(o, name);
    int64_t ms = s ? clock_parse(s) : -1;
    return ms > 0 ? ms : 0;
}

static void
take_states(const cJSON *o, char states[SOURCE_COUNT + 1], bool *whole)
{
    copy(states, SOURCE_COUNT + 1, o, "lagen");
    *whole = states[0] != '\0';
    for (const char *s = states; *s; s++)
        *whole = *whole && strchr("+0.", *s);
}

static void
take_case_row(struct client_case *k, const cJSON *o)
{
    const char *kind = message_text(o, "slag");
    const char *state = message_text(o, "lage");
    copy(k->arende, sizeof k->arende, o, "arende");
    copy(k->enhet, sizeof k->enhet, o, "enhet");
    copy(k->namn, sizeof k->namn, o, "namn");
    k->prepared = kind && !strcmp(kind, "ansokan_forbereds");
    k->open = !state || strcmp(state, "avslutat") != 0;
    k->opened = k->namn[0] != '\0';
    k->adults = number(o, "vuxna");
    k->children = number(o, "barn");
    k->open_checks = number(o, "kontroller");
    k->asked_ms = time_of(o, "senast");
    take_states(o, k->states, &k->whole);
}

static enum err_code
take_cases(struct client *c, const cJSON *o, void *extra, struct err *e)
{
    const cJSON *list = cJSON_GetObjectItemCaseSensitive(o, "arenden"), *k;
    int i = 0, n = cJSON_GetArraySize(list);
    (void)extra;
    if (!cJSON_IsArray(list))
        return err_set(e, ERR_PROTOCOL, "%s", _("no list of cases came"));
    for (int old = 0; old < c->n_cases; old++)
        case_done(&c->cases[old]);
    free(c->cases);
    c->cases = mem_alloc((size_t)(n + 1) * sizeof *c->cases);
    c->n_cases = n;
    cJSON_ArrayForEach(k, list) take_case_row(&c->cases[i++], k);
    return ERR_OK;
}

static void
take_person(struct client_person *p, const cJSON *o)
{
    const char *roll = message_text(o, "roll");
    copy(p->number.digits, sizeof p->number.digits, o, "personnummer");
    copy(p->namn, sizeof p->namn, o, "namn");
    p->roll = roll ? roll_by_word(roll) : ROLL_COUNT;
    p->shielded = message_bool(o, "sekretess");
    p->age = number(o, "alder");
    p->asked_ms = time_of(o, "senast");
    take_states(o, p->states, &p->whole);
}

static enum err_code
take_case(struct client *c, const cJSON *o, void *extra, struct err *e)
{
    const cJSON *k = cJSON_GetObjectItemCaseSensitive(o, "arende"), *p;
    const cJSON *list = cJSON_GetObjectItemCaseSensitive(k, "personer");
    int i = 0, n = cJSON_GetArraySize(list);
    (void)extra;
    case_done(&c->now);
    c->has_now = false;
    if (!cJSON_IsArray(list))
        return err_set(e, ERR_PROTOCOL, "%s", _("no household came"));
    take_case_row(&c->now, k);
    c->now.opened = true;
    c->now.persons = mem_alloc((size_t)(n + 1) * sizeof *c->now.persons);
    c->now.n_persons = n;
    c->now.adults = c->now.children = 0;
    cJSON_ArrayForEach(p, list)
    {
        struct client_person *one = &c->now.persons[i++];
        take_person(one, p);
        c->now.open_checks += number(p, "kontroller");
        if (one->roll == ROLL_BARN)
            c->now.children++;
        else
            c->now.adults++;
        if (one->roll == ROLL_COUNT || !one->number.digits[0])
            return err_set(e, ERR_PROTOCOL, "%s", _("no household came"));
    }
    c->has_now = true;
    return ERR_OK;
}

/* Signs an entry with a JSON payload and posts it. */
static void
post(struct client *c, const char *path, enum entry_kind kind,
     const struct buf *payload, call_take *take, client_done *done, void *arg)
{
    struct entry_author author = {0};
    struct mine *mine;
    struct err e = {0};
    AUTO_BUF(body, 2 << 20);
    enum err_code code =
        entry_make(c, c->identity, &author, kind, buf_str(payload),
                   payload->len, &body, &mine, &e);
    if (code)
        call_later(c, code, &e, done, arg);
    else
        call_keep(call_start(c, path, &body, take, mine, done, arg), mine);
}

void
client_cases(struct client *c, client_done *done, void *arg)
{
    call_start(c, "/v1/arenden", NULL, take_cases, NULL, done, arg);
}

void
client_search(struct client *c, const char *typed, client_done *done, void *arg)
{
    AUTO_BUF(payload, 8192);
    struct json j = {.out = &payload};
    json_open(&j, NULL, '{');
    json_str(&j, "sok", typed);
    json_close(&j, '}');
    post(c, "/v1/arenden/sok", KIND_ARENDESOKNING, &payload, take_cases, done,
         arg);
}

const struct client_case *
client_case_list(const struct client *c, int *n)
{
    *n = c->n_cases;
    return c->cases;
}

void
client_open_case(struct client *c, const char *arende, client_done *done,
                 void *arg)
{
    AUTO_BUF(payload, 1024);
    struct json j = {.out = &payload};
    json_open(&j, NULL, '{');
    json_str(&j, "slag", "arende");
    json_str(&j, "arende", arende);
    json_close(&j, '}');
    post(c, "/v1/arenden/lasning", KIND_LASNING, &payload, take_case, done,
         arg);
}

const struct client_case *
client_case_now(const struct client *c)
{
    return c->has_now ? &c->now : NULL;
}

void
client_leave_case(struct client *c)
{
    case_done(&c->now);
    c->has_now = false;
}

void
client_mark_done(struct client *c, const struct answer *a, int open_checks,
                 const char *text, client_done *done, void *arg)
{
    AUTO_BUF(payload, 8192);
    struct json j = {.out = &payload};
    json_open(&j, NULL, '{');
    json_str(&j, "arende", a->question.arende);
    json_str(&j, "person", a->question.person.digits);
    json_int(&j, "loggpost", (int64_t)a->loggpost);
    json_int(&j, "kvar", open_checks);
    json_str(&j, "text", text ? text : "");
    json_close(&j, '}');
    post(c, "/v1/klarmarkeringar", KIND_KLARMARKERING, &payload, take_receipt,
         done, arg);
}

void
client_show_address(struct client *c, const struct answer *a, const char *skal,
                    client_done *done, void *arg)
{
    AUTO_BUF(payload, 8192);
    struct json j = {.out = &payload};
    json_open(&j, NULL, '{');
    json_str(&j, "slag", "adress");
    json_str(&j, "arende", a->question.arende);
    json_str(&j, "person", a->question.person.digits);
    json_int(&j, "loggpost", (int64_t)a->loggpost);
    json_str(&j, "skal", skal ? skal : "");
    json_close(&j, '}');
    post(c, "/v1/lasningar", KIND_LASNING, &payload, take_receipt, done, arg);
}

static enum err_code
take_access(struct client *c, const cJSON *o, void *extra, struct err *e)
{
    enum err_code code = take_receipt(c, o, extra, e);
    if (code)
        return code;
    copy(c->access_until, sizeof c->access_until, o, "fore");
    return c->access_until[0] ? ERR_OK
                              : err_set(e, ERR_PROTOCOL, "%s",
                                        _("the end of the access is missing"));
}

void
client_give_access(struct client *c, enum access_kind kind, const char *arende,
                   const char *konto, const char *skal, client_done *done,
                   void *arg)
{
    AUTO_BUF(payload, 8192);
    struct json j = {.out = &payload};
    json_open(&j, NULL, '{');
    json_str(&j, "slag", access_word(kind));
    json_str(&j, "arende", arende);
    json_str(&j, "till", konto ? konto : c->me.konto);
    json_str(&j, "skal", skal ? skal : "");
    json_close(&j, '}');
    c->access_until[0] = '\0';
    post(c, "/v1/atkomst", KIND_ATKOMST, &payload, take_access, done, arg);
}

void
client_extend(struct client *c, const char *skal, client_done *done, void *arg)
{
    AUTO_BUF(payload, 8192);
    struct json j = {.out = &payload};
    json_open(&j, NULL, '{');
    json_str(&j, "skal", skal);
    json_close(&j, '}');
    post(c, "/v1/logg/forlangning", KIND_FORLANGNING, &payload, take_receipt,
         done, arg);
}

const char *
client_access_until(const struct client *c)
{
    return c->access_until;
}

static enum err_code
take_accesses(struct client *c, const cJSON *o, void *extra, struct err *e)
{
    const cJSON *list = cJSON_GetObjectItemCaseSensitive(o, "vantar"), *p;
    int n = cJSON_GetArraySize(list);
    (void)extra;
    if (!cJSON_IsArray(list))
        return err_set(e, ERR_PROTOCOL, "%s", _("no list of accesses came"));
    free(c->accesses);
    c->accesses = mem_alloc((size_t)(n + 1) * sizeof *c->accesses);
    c->n_accesses = 0;
    cJSON_ArrayForEach(p, list)
    {
        struct client_access *a = &c->accesses[c->n_accesses++];
        copy(a->arende, sizeof a->arende, p, "arende");
        copy(a->konto, sizeof a->konto, p, "till");
        copy(a->skal, sizeof a->skal, p, "skal");
        copy(a->before, sizeof a->before, p, "fore");
    }
    return ERR_OK;
}

void
client_accesses(struct client *c, client_done *done, void *arg)
{
    call_start(c, "/v1/atkomst", NULL, take_accesses, NULL, done, arg);
}

const struct client_access *
client_access_list(const struct client *c, int *n)
{
    *n = c->n_accesses;
    return c->accesses;
}

static enum err_code
take_rows(struct client *c, const cJSON *o, void *extra, struct err *e)
{
    const cJSON *list = cJSON_GetObjectItemCaseSensitive(o, "poster"), *p, *s;
    int n = cJSON_GetArraySize(list);
    (void)extra;
    if (!cJSON_IsArray(list))
        return err_set(e, ERR_PROTOCOL, "%s", _("no list of entries came"));
    free(c->rows);
    c->rows = mem_alloc((size_t)(n + 1) * sizeof *c->rows);
    c->n_rows = 0;
    cJSON_ArrayForEach(p, list)
    {
        struct client_row *r = &c->rows[c->n_rows++];
        int64_t seq;
        r->seq = message_number(p, "seq", &seq) && seq >= 0 ? (uint64_t)seq : 0;
        r->time_ms = time_of(p, "tid");
        copy(r->type, sizeof r->type, p, "typ");
        copy(r->arende, sizeof r->arende, p, "arende");
        copy(r->system, sizeof r->system, p, "system");
        cJSON_ArrayForEach(s, cJSON_GetObjectItemCaseSensitive(p, "kallor"))
        {
            enum source_id id = cJSON_IsString(s)
                                    ? source_by_code(s->valuestring)
                                    : SOURCE_COUNT;
            if (id < SOURCE_COUNT)
                r->sources |= SOURCE_BIT(id);
        }
    }
    return ERR_OK;
}

void
client_rows(struct client *c, client_done *done, void *arg)
{
    call_start(c, "/v1/logg/mina", NULL, take_rows, NULL, done, arg);
}

const struct client_row *
client_row_list(const struct client *c, int *n)
{
    *n = c->n_rows;
    return c->rows;
}
