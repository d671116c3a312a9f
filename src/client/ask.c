/* SPDX-License-Identifier: EUPL-1.2
 *
 * One question: signed, posted, and its stream read line by line. What a
 * source said is in the answer only from its `svar` line; until then its
 * state is known and its content is not. Whatever way the stream ends, no
 * asked source is left waiting.
 */
#include "config.h"

#include "base/clock.h"
#include "base/i18n.h"
#include "base/mem.h"
#include "client/own.h"
#include "local/svar.h"
#include "seal/hash.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct ask {
    struct ask *next, **link;
    struct client *client;
    struct fetch *fetch;
    struct call *refusal;  /* not sent: the next turn says so */
    struct mine *mine;     /* the intent, until its receipt */
    struct answer *answer; /* NULL once taken */
    source_set asked, states, contents;
    struct buf line;  /* of the stream, not whole yet */
    struct buf lines; /* `svar` lines until klar gives the salt */
    ask_event_fn *event;
    void *arg;
    uint64_t loggpost; /* 0 with !logged: not known */
    bool logged, klar, over;
    bool reading; /* within the transfer's callback: it cannot be ended there */
    bool dead;    /* freed by its owner meanwhile */
    enum err_code code;
    struct err err;
};

static void
emit(struct ask *a, enum ask_event what, enum source_id s)
{
    if (a->event && !a->client->freed)
        a->event(a->arg, a, what, s);
}

/* A source that did not come whole: unknown, and why. */
static void
mark(struct ask *a, enum source_id s, enum err_code code)
{
    struct answer *ans = a->answer;
    struct source_answer *of = &ans->of[s];
    int took = of->time_ms;
    *of = (struct source_answer){.state = STATE_FEL,
                                 .time_ms = took,
                                 .confirmed = CONFIRMED_KAN_INTE_VISAS,
                                 .loggpost = ans->loggpost,
                                 .asked_ms = ans->question.asked_ms};
    if (code == ERR_OK) {
        of->state = STATE_SAKNAS;
        return;
    }
    if (code == ERR_CANCELLED || code == ERR_TIMEOUT) {
        of->state = code == ERR_CANCELLED ? STATE_AVBRUTEN : STATE_TIDSGRANS;
        return;
    }
    struct source_fault *f = arena_alloc(ans->arena, sizeof *f);
    if (!f)
        return;
    f->kalla = "ENFRAGA";
    f->felkod = err_row(code)->word;
    texts_add(ans->arena, &f->texts, gettext(err_row(code)->message));
    of->fault = f;
}

static void
finish(struct ask *a, enum err_code code, const struct err *e)
{
    if (a->over)
        return;
    a->over = true;
    a->code = code;
    a->err = e ? *e : (struct err){0};
    a->err.code = code;
    for (int s = 0; s < SOURCE_COUNT; s++)
        if (a->asked & SOURCE_BIT(s) && !(a->contents & SOURCE_BIT(s)))
            mark(a, (enum source_id)s, code);
    answer_sort(a->answer);
    client_ended(a->client, code, &a->err);
    emit(a, code ? ASK_FAILED : ASK_KLAR, SOURCE_COUNT);
}

static enum err_code
take_kvitto(struct ask *a, const cJSON *json, struct err *e)
{
    struct kvitto k;
    if (a->logged)
        return err_set(e, ERR_PROTOCOL, "%s", _("a second receipt came"));
    enum err_code code = kvitto_read(&k, json, e);
    if (code)
        return code;
    code = receipt_check(a->client, &k.receipt, k.loggpost, a->mine, e);
    buf_done(&k.receipt);
    if (code)
        return code;
    a->loggpost = a->answer->loggpost = k.loggpost;
    a->logged = true;
    for (int s = 0; s < SOURCE_COUNT; s++) {
        a->answer->of[s].loggpost = k.loggpost;
        a->answer->of[s].asked_ms = a->answer->question.asked_ms;
    }
    emit(a, ASK_KVITTO, SOURCE_COUNT);
    return ERR_OK;
}

/* SHA-256 over salt and each `svar` line as it came. */
static enum err_code
take_klar(struct ask *a, const cJSON *json, struct err *e)
{
    struct klar k;
    uint8_t hash[HASH_SIZE];
    if (!a->logged)
        return err_set(e, ERR_PROTOCOL, "%s",
                       _("the answer ended before its receipt"));
    enum err_code code = klar_read(&k, json, e);
    if (code)
        return code;
    code = receipt_check(a->client, &k.receipt, k.loggpost, NULL, e);
    buf_done(&k.receipt);
    if (code)
        return code;
    sha256_parts(hash,
                 (const struct hash_part[]){{k.salt, sizeof k.salt},
                                            {a->lines.data, a->lines.len}},
                 2);
    if (memcmp(hash, k.hash, sizeof hash) != 0) {
        a->contents = 0; /* which part is not the logged one is not known */
        return err_set(e, ERR_PROTOCOL, "%s",
                       _("the answer is not the one whose hash was logged"));
    }
    buf_done(&a->lines);
    a->klar = true;
    return ERR_OK;
}

static enum err_code
take_part(struct ask *a, const char *line, size_t n, bool content,
          struct err *e)
{
    enum source_id s = SOURCE_COUNT;
    enum err_code code = svar_read_source(a->answer, &s, line, n, e);
    bool asked = s < SOURCE_COUNT && a->asked & SOURCE_BIT(s);
    /* What was read half, twice or unasked is not kept: finish() says why. */
    if (!code && (!asked || !a->logged || a->contents & SOURCE_BIT(s)))
        code = err_set(e, ERR_PROTOCOL, "%s",
                       _("a source came that was not asked"));
    if (code && asked)
        a->contents &= ~SOURCE_BIT(s);
    else if (code && s < SOURCE_COUNT)
        a->answer->of[s] =
            (struct source_answer){.state = STATE_EJ_TILLFRAGAD,
                                   .time_ms = -1,
                                   .confirmed = CONFIRMED_KAN_INTE_VISAS};
    if (code)
        return code;
    a->states |= SOURCE_BIT(s);
    if (content) {
        a->contents |= SOURCE_BIT(s);
        if (buf_add(&a->lines, line, n) || buf_addc(&a->lines, '\n'))
            return err_set(e, ERR_TOO_BIG, "%s", _("the answer"));
    }
    emit(a, content ? ASK_SVAR : ASK_KALLA, s);
    return ERR_OK;
}

/* The hash is closed: nothing that follows was logged. */
static enum err_code
after_klar(struct err *e)
{
    return err_set(e, ERR_PROTOCOL, "%s",
                   _("more came after the end of the answer"));
}

static enum err_code
take_other(struct ask *a, const char *line, size_t n, struct err *e)
{
    cJSON *json = message_parse(line, n, LINE_MAX_LEN, e);
    const char *type = message_text(json, "typ");
    enum err_code code = ERR_OK;
    if (!json)
        return e->code;
    if (type && !strcmp(type, "kvitto"))
        code = take_kvitto(a, json, e);
    else if (type && !strcmp(type, "klar"))
        code = take_klar(a, json, e);
    else if (type && !strcmp(type, "problem")) {
        enum err_code said = ERR_PROTOCOL;
        code = problem_read(&said, e, json);
        code = code ? code : said;
    } else if (!type && message_text(json, "kod")) {
        code = client_problem(line, n, 0, e);
    } else if (type && (!strcmp(type, "svar") || !strcmp(type, "kalla")))
        code = take_part(a, line, n, !strcmp(type, "svar"), e);
    cJSON_Delete(json);
    return code; /* unknown lines are tolerated */
}

/* Each of our own lines begins with its type, so that a part is parsed once. */
static enum err_code
take_line(struct ask *a, const char *line, size_t n, struct err *e)
{
    static const char svar[] = "{\"typ\":\"svar\",";
    static const char kalla[] = "{\"typ\":\"kalla\",";
    if (n && a->klar)
        return after_klar(e);
    if (n > sizeof svar && !memcmp(line, svar, sizeof svar - 1))
        return take_part(a, line, n, true, e);
    if (n > sizeof kalla && !memcmp(line, kalla, sizeof kalla - 1))
        return take_part(a, line, n, false, e);
    return n ? take_other(a, line, n, e) : ERR_OK;
}

static enum err_code
on_data(void *arg, const void *p, size_t n, struct err *e)
{
    struct ask *a = arg;
    const char *s = p, *end = s + n;
    enum err_code code = ERR_OK;
    a->reading = true;
    while (!code && s < end) {
        const char *nl = memchr(s, '\n', (size_t)(end - s));
        const char *stop = nl ? nl : end;
        if (buf_add(&a->line, s, (size_t)(stop - s)) != ERR_OK)
            code = err_set(e, ERR_TOO_BIG, "%s", _("a line of the answer"));
        s = stop + (nl != NULL);
        if (code || !nl)
            break;
        struct buf line = a->line;
        buf_init(&a->line, LINE_MAX_LEN);
        code = take_line(a, buf_str(&line), line.len, e);
        buf_done(&line);
        if (a->over) /* cancelled from an event */
            code = err_set(e, ERR_CANCELLED, "%s", _("interrupted"));
    }
    a->reading = false;
    return code;
}

static void
destroy(struct ask *a)
{
    answer_free(&a->answer);
    buf_done(&a->line);
    buf_done(&a->lines);
    free(a->mine);
    free(a);
}

static void
on_done(void *arg, enum err_code code, int status, const char *type,
        const struct err *err)
{
    struct ask *a = arg;
    struct err e = err ? *err : (struct err){0};
    (void)type;
    a->fetch = NULL;
    if (a->dead) {
        destroy(a);
        return;
    }
    if (!code && status != 200)
        code = client_problem(buf_str(&a->line), a->line.len, status, &e);
    else if (!code && !a->klar)
        code = err_set(&e, ERR_PROTOCOL, "%s",
                       _("the answer ended before it was whole"));
    finish(a, code, &e);
}

/* The signed intent; its payload is the question itself (DESIGN 2.2). */
static enum err_code
sign_question(struct client *c, const struct question *q, struct buf *out,
              struct mine **mine, struct err *e)
{
    struct entry_author author = {.authorities = q->sources, .kind = 1};
    AUTO_BUF(payload, ENTRY_PAYLOAD_MAX);
    enum err_code code = question_check(q, e);
    if (code)
        return code;
    snprintf(author.legal, sizeof author.legal, "%s",
             legal_code(c->legal, q->syfte));
    code = question_encode(&payload, q);
    if (code)
        return err_set(e, code, "%s", _("the question"));
    return entry_make(c, c->identity, &author, KIND_INTENT, payload.data,
                      payload.len, out, mine, e);
}

static void
on_refused(void *arg, enum err_code code, const struct err *e)
{
    struct ask *a = arg;
    a->refusal = NULL;
    if (!a->client->freed && !a->over)
        finish(a, code, e);
}

static struct ask *
ask_new(struct client *c, const struct question *q, ask_event_fn *event,
        void *arg)
{
    struct ask *a = mem_alloc(sizeof *a);
    a->client = c;
    a->event = event;
    a->arg = arg;
    a->next = c->asks;
    a->link = &c->asks;
    if (c->asks)
        c->asks->link = &a->next;
    c->asks = a;
    a->answer = answer_new(q);
    a->answer->lage = mode_word(c->status.mode);
    a->asked = answer_asked(q);
    buf_init(&a->line, LINE_MAX_LEN);
    buf_init(&a->lines, 8 * (size_t)LINE_MAX_LEN);
    c->pending++;
    return a;
}

struct ask *
client_ask(struct client *c, const struct question *given, ask_event_fn *event,
           void *arg)
{
    static const struct fetch_ops ops = {.data = on_data, .done = on_done};
    struct question q = *given;
    struct err e = {0};
    struct headers h;
    AUTO_BUF(body, 4 << 20);
    question_new_id(&q);
    snprintf(q.handlaggare, sizeof q.handlaggare, "%s", c->me.konto);
    q.asked_ms = clock_now_ms();
    q.kontrakt = c->status.kontrakt;
    question_preset_skv(&q, legal_skv(c->legal, q.syfte));
    struct ask *a = ask_new(c, &q, event, arg);
    enum err_code code = sign_question(c, &q, &body, &a->mine, &e);
    question_wipe(&q);
    client_headers(c, &h, true);
    struct fetch_options o = {.url = "http://localhost/v1/fragor",
                              .unix_socket = c->socket,
                              .enfragad = true,
                              .body = buf_str(&body),
                              .body_len = body.len,
                              .headers = h.list,
                              .plain = true,
                              .connect_s = 5,
                              .total_s = c->status.limit_s + 60,
                              .max = 8 * (size_t)LINE_MAX_LEN};
    if (!code && !(a->fetch = fetch_start(c->fetcher, &o, &ops, a, &e)))
        code = e.code ? e.code : ERR_INTERNAL;
    if (code)
        a->refusal = call_later(c, code, &e, on_refused, a);
    return a;
}

struct answer *
ask_answer(struct ask *a)
{
    return a->answer;
}

struct answer *
ask_take(struct ask *a)
{
    struct answer *taken = a->answer;
    a->answer = answer_new(&taken->question);
    return taken;
}

enum err_code
ask_code(const struct ask *a, struct err *e)
{
    if (e)
        *e = a->err;
    return a->code;
}

uint64_t
ask_loggpost(const struct ask *a)
{
    return a->loggpost;
}

bool
ask_opening(const struct ask *a, enum source_id s)
{
    return !a->over && a->states & SOURCE_BIT(s) &&
           !(a->contents & SOURCE_BIT(s));
}

void
ask_cancel(struct ask *a)
{
    struct err e = {0};
    if (a->over)
        return;
    if (a->fetch && !a->reading) {
        fetch_cancel(a->fetch);
        a->fetch = NULL;
    }
    err_set(&e, ERR_CANCELLED, "%s", _("interrupted by the user"));
    finish(a, ERR_CANCELLED, &e);
}

void
ask_free(struct ask **ap)
{
    struct ask *a = *ap;
    if (!a)
        return;
    if (!a->over) {
        a->event = NULL;
        ask_cancel(a);
    }
    *a->link = a->next;
    if (a->next)
        a->next->link = a->link;
    if (a->refusal)
        call_drop(a->refusal);
    if (a->reading && a->fetch)
        a->dead = true; /* on_done destroys it */
    else
        destroy(a);
    *ap = NULL;
}

void
asks_free(struct client *c)
{
    for (struct ask *a = c->asks, *next; a; a = next) {
        next = a->next;
        ask_free(&a);
    }
}
