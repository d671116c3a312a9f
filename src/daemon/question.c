/* SPDX-License-Identifier: EUPL-1.2
 *
 * A question from its committed intent to its committed outcome (AUDIT 9):
 * states stream at once, a source's content only when its part-outcome is
 * committed, `klar` only when the outcome is. Where an entry cannot be
 * written, content is withheld, and the outcome is tried again until it
 * stands or the next start writes `okand-utfall`.
 */
#include "config.h"

#include "daemon/question.h"
#include "daemon/ssbtek.h"

#include "base/clock.h"
#include "base/i18n.h"
#include "base/log.h"
#include "base/mem.h"
#include "base/text.h"
#include "domain/answer.h"
#include "local/svar.h"
#include "seal/hash.h"

#include <event2/event.h>
#include <stdlib.h>
#include <string.h>

enum { LINE_MAX_BYTES = 24 << 20, SOAP_MAX = 32 << 20, RETRY_MS = 100 };

struct asking {
    struct asking *next, **link;
    struct daemon *d;
    struct exchange *x; /* NULL once the client is answered or gone */
    struct question question;
    char konto[64];
    struct upstream up;
    struct plan plan;
    struct run *run;
    uint64_t intent; /* seq */
    int64_t sent_us;
    struct part *ready; /* to be recorded on the loop's next turn */
    int pending;        /* part-outcomes on their way to the log */
    bool all_in;        /* every part has come */
    bool cancelled;     /* the client left */
    bool log_failed;
    struct hasher *hasher;
    uint8_t salt[32], hash[32];
    struct ssbtek_call *soap; /* it is answered as SSBTEK would; or NULL */
    struct buf body;          /* so */
    int status;
    char *outcome;     /* payload of the closing entry, kept for retries */
    struct note *note; /* for the register, when it stands */
    int exit;
    struct event *turn, *retry;
    int retry_ms;
};

struct part {
    struct part *next;
    struct asking *a;
    source_set sources;
    char *json; /* payload of its entry */
    struct buf line[SOURCE_COUNT];
};

static void close_intent(struct asking *a);
static void record_ready(struct asking *a);

static void
part_free(struct part *p)
{
    for (int s = 0; s < SOURCE_COUNT; s++)
        buf_done(&p->line[s]);
    mem_free_str(&p->json);
    free(p);
}

enum err_code
question_prepare(struct daemon *d, const struct question *q,
                 struct asking **out, struct err *e)
{
    struct asking *a = mem_alloc(sizeof *a);
    a->d = d;
    a->question = *q;
    a->up = d->in->upstream;
    a->up.asker.syfte = legal_wire_syfte(d->in->legal, q->syfte);
    a->up.asker.lagtext = legal_wire_lagtext(d->in->legal, q->syfte);
    a->up.breakers = d->breakers;
    enum err_code code = plan_make(&a->plan, q, &a->up, date_today(), e);
    if (code)
        question_drop(&a);
    *out = a;
    return code;
}

void
question_drop(struct asking **ap)
{
    struct asking *a = *ap;
    if (!a)
        return;
    if (a->link) {
        *a->link = a->next;
        if (a->next)
            a->next->link = a->link;
    }
    for (struct part *p; (p = a->ready) != NULL;) {
        a->ready = p->next;
        part_free(p);
    }
    run_free(&a->run);
    plan_done(&a->plan);
    question_wipe(&a->question);
    hasher_end(&a->hasher, NULL);
    mem_free_str(&a->outcome);
    note_free(&a->note);
    if (a->turn)
        event_free(a->turn);
    ssbtek_call_free(&a->soap);
    buf_done(&a->body);
    if (a->retry)
        event_free(a->retry);
    free(a);
    *ap = NULL;
}

static void
line(struct asking *a, struct buf *b)
{
    if (b->full)
        log_error("question: a line past its ceiling was not sent");
    else if (a->x && !a->soap)
        exchange_chunk_take(a->x, b);
}

static void
end_stream(struct asking *a)
{
    struct exchange *x = a->x;
    a->x = NULL;
    if (x && a->soap)
        ssbtek_fault(x, a->soap, a->log_failed ? ERR_LOG : ERR_CANCELLED);
    else if (x)
        exchange_end(x);
}

/* Something could not be written to the log: what is not released stays so. */
static void
log_failed(struct asking *a, const struct err *e)
{
    a->log_failed = true;
    AUTO_BUF(b, 8192);
    problem_write(&b, ERR_LOG, e, true);
    buf_addc(&b, '\n');
    line(a, &b);
    end_stream(a);
}

/* The states of a set, as the payload of an entry. */
static char *
states_json(struct asking *a, source_set set, bool whole)
{
    const struct answer *ans = run_answer(a->run);
    cJSON *o = cJSON_CreateObject();
    cJSON *list = cJSON_AddArrayToObject(o, "kallor");
    for (int s = 0; s < SOURCE_COUNT; s++) {
        const struct source_answer *sa = &ans->of[s];
        if (!(set & SOURCE_BIT(s)))
            continue;
        cJSON *k = cJSON_CreateObject();
        cJSON_AddStringToObject(k, "kod", source_row(s)->code);
        cJSON_AddStringToObject(k, "lage", state_row(sa->state)->word);
        cJSON_AddNumberToObject(k, "antal", sa->count);
        cJSON_AddNumberToObject(k, "tid_ms", sa->time_ms);
        if (sa->fault) {
            cJSON_AddStringToObject(k, "kalla", sa->fault->kalla);
            cJSON_AddStringToObject(k, "felkod", sa->fault->felkod);
        }
        cJSON_AddItemToArray(list, k);
    }
    if (whole) {
        char hex[65];
        text_hex(a->salt, sizeof a->salt, hex);
        cJSON_AddStringToObject(o, "salt", hex);
        text_hex(a->hash, sizeof a->hash, hex);
        cJSON_AddStringToObject(o, "svarshash", hex);
    }
    char *json = cJSON_PrintUnformatted(o);
    cJSON_Delete(o);
    return json;
}

static void
noted(void *arg, enum err_code code, const struct receipt *r,
      const struct err *e)
{
    (void)arg;
    (void)r;
    if (code)
        log_warn("log: %s", e->text);
}

/* The part-outcome is committed: only now its content. */
static void
part_recorded(void *arg, enum err_code code, const struct receipt *r,
              const struct err *e)
{
    (void)r;
    struct part *p = arg;
    struct asking *a = p->a;
    a->pending--;
    if (code && !a->log_failed && !a->cancelled)
        log_failed(a, e);
    for (int s = 0; !code && s < SOURCE_COUNT; s++)
        if (p->sources & SOURCE_BIT(s))
            line(a, &p->line[s]);
    part_free(p);
    if (a->cancelled)
        record_ready(a);
}

/* What has come goes to the log, and the outcome behind the last: they are in
 * one commit where the log's worker takes them together. */
static void
record_ready(struct asking *a)
{
    while (a->ready) {
        struct part *p = a->ready;
        a->ready = p->next;
        a->pending++;
        record_own(a->d, KIND_DELUTFALL, true, a->intent, p->sources, p->json,
                   part_recorded, p);
    }
    if (!a->outcome && (a->all_in || (a->cancelled && !a->pending)))
        close_intent(a);
}

static void
on_turn(evutil_socket_t fd, short what, void *arg)
{
    (void)fd;
    (void)what;
    record_ready(arg);
}

/* Lines are made in the order that they are released in, and before the
 * outcome, which holds their hash. */
static void
add_part(struct asking *a, source_set set)
{
    struct part *p = mem_alloc(sizeof *p), **end = &a->ready;
    *p = (struct part){.a = a, .sources = set};
    for (int s = 0; s < SOURCE_COUNT; s++) {
        p->line[s] = BUF_INIT(LINE_MAX_BYTES);
        if (a->soap || !(set & SOURCE_BIT(s)))
            continue;
        svar_write_source(&p->line[s], run_answer(a->run), s);
        buf_addc(&p->line[s], '\n');
        buf_fit(&p->line[s]);
        if (!p->line[s].full)
            hasher_add(a->hasher, p->line[s].data, p->line[s].len);
    }
    p->json = states_json(a, set, false);
    while (*end)
        end = &(*end)->next;
    *end = p;
}

static void
on_part(void *arg, source_set set)
{
    struct asking *a = arg;
    struct answer *ans = run_answer(a->run);
    answer_sort(ans);
    for (int s = 0; s < SOURCE_COUNT; s++) {
        if (!(set & SOURCE_BIT(s)))
            continue;
        AUTO_BUF(b, 64 * 1024);
        svar_write_state(&b, ans, s);
        buf_addc(&b, '\n');
        line(a, &b);
        if (ans->of[s].confirmed == CONFIRMED_NEJ)
            record_own(a->d, KIND_LARM, true, a->intent, SOURCE_BIT(s),
                       "{\"slag\":\"annan_person\"}", noted, NULL);
    }
    add_part(a, set);
    event_active(a->turn, EV_TIMEOUT, 1);
}

static void
on_run_done(void *arg)
{
    ((struct asking *)arg)->all_in = true;
}

static void
on_retry(evutil_socket_t fd, short what, void *arg)
{
    (void)fd;
    (void)what;
    close_intent(arg);
}

/* Soon, and then less and less often: at last every two seconds. */
static void
retry_later(struct asking *a)
{
    a->retry_ms += a->retry_ms < 20 * RETRY_MS ? RETRY_MS : 0;
    struct timeval later = {a->retry_ms / 1000, a->retry_ms % 1000 * 1000};
    if (!a->retry)
        a->retry = evtimer_new(a->d->base, on_retry, a);
    if (!a->d->stopping && a->retry)
        evtimer_add(a->retry, &later);
    else
        question_drop(&a);
}

static void
closed(void *arg, enum err_code code, const struct receipt *r,
       const struct err *e)
{
    struct asking *a = arg;
    /* A commit that was uncertain may stand after all: the retry is then
     * refused because the outcome is there. */
    if (code == ERR_BAD_INPUT && a->retry) {
        note_keep(&a->note);
        question_drop(&a);
        return;
    }
    if (code) {
        if (!a->log_failed && !a->cancelled)
            log_failed(a, e);
        /* The intent stays open until this stands; new questions are refused
         * by the same fault. At a stop, the next start says okand-utfall. */
        retry_later(a);
        return;
    }
    note_keep(&a->note);
    if (a->x && a->soap) {
        ssbtek_reply(a->x, a->status, &a->body);
        a->x = NULL;
    } else if (a->x) {
        static const char *const word[] = {
            [0] = "hel", [10] = "delvis", [11] = "inget"};
        struct klar k = {.loggpost = r->seq};
        snprintf(k.utfall, sizeof k.utfall, "%s", word[a->exit]);
        buf_init(&k.receipt, 16 * 1024);
        receipt_encode(&k.receipt, r);
        memcpy(k.salt, a->salt, sizeof k.salt);
        memcpy(k.hash, a->hash, sizeof k.hash);
        AUTO_BUF(b, 64 * 1024);
        klar_write(&b, &k);
        buf_addc(&b, '\n');
        buf_done(&k.receipt);
        line(a, &b);
        end_stream(a);
    }
    question_drop(&a);
}

/* SSBTEK's answer, made before its hash is written and sent after. */
static void
compile(struct asking *a)
{
    if (!a->soap || !a->x || a->cancelled)
        return;
    size_t n;
    const void *question = exchange_body(a->x, &n);
    a->status = ssbtek_compile(&a->body, a->soap, a->run, &a->up, question, n);
    hasher_add(a->hasher, a->body.data, a->body.len);
}

/* The outcome, or what an abort left; tried again as it was written first. */
static void
close_intent(struct asking *a)
{
    if (!a->outcome) {
        compile(a);
        hasher_end(&a->hasher, a->hash);
        a->outcome = states_json(a, answer_asked(&a->question), true);
        a->exit = answer_exit(run_answer(a->run));
        a->note = note_new(a->d, a->konto, &a->question, run_answer(a->run));
        if (a->all_in) /* what waits for the log is its lines alone */
            run_free(&a->run);
    }
    record_own(a->d, a->cancelled ? KIND_AVBRUTEN : KIND_OUTCOME, true,
               a->intent, answer_asked(&a->question), a->outcome, closed, a);
}

void
question_stored_check(struct task *t)
{
    const struct asking *a = t->d->askings;
    if (t->code || !task_asks(t))
        return;
    while (a && (!a->retry || strcmp(a->konto, task_caller(t)->konto)))
        a = a->next;
    if (!a)
        return;
    t->code = err_set(&t->err, ERR_LOG,
                      _("the outcome of question %llu is not stored yet"),
                      (unsigned long long)a->intent);
    if (t->reserved)
        task_let_go(t);
}

/* The client left: what still waits is stopped, and that is an entry. */
static void
on_gone(void *arg)
{
    struct asking *a = arg;
    end_stream(a);
    if (a->outcome || a->all_in)
        return; /* the outcome is on its way */
    a->cancelled = true;
    run_cancel(a->run);
    record_ready(a);
}

void
question_cancel_all(struct daemon *d)
{
    for (struct asking *a = d->askings, *next; a; a = next) {
        next = a->next;
        struct exchange *x = a->x;
        if (x)
            exchange_on_gone(x, NULL, NULL);
        on_gone(a);
    }
}

static void
begin_stream(struct asking *a, const struct task *t)
{
    struct kvitto k = {.loggpost = t->receipt.seq, .time_ms = clock_now_ms()};
    buf_init(&k.receipt, 16 * 1024);
    receipt_encode(&k.receipt, &t->receipt);
    AUTO_BUF(b, 64 * 1024);
    kvitto_write(&b, &k);
    buf_addc(&b, '\n');
    buf_done(&k.receipt);
    exchange_stream(a->x, 200, "application/x-ndjson");
    line(a, &b);
}

void
question_begin(struct task *t)
{
    struct asking *a = t->extra;
    struct daemon *d = t->d;
    t->extra = NULL;
    a->next = d->askings;
    a->link = &d->askings;
    if (d->askings)
        d->askings->link = &a->next;
    d->askings = a;
    a->x = t->x;
    a->intent = t->receipt.seq;
    snprintf(a->konto, sizeof a->konto, "%s", task_caller(t)->konto);
    a->soap = t->soap;
    t->soap = NULL;
    buf_init(&a->body, SOAP_MAX);
    random_bytes(a->salt, sizeof a->salt);
    a->hasher = hasher_new();
    hasher_add(a->hasher, a->salt, sizeof a->salt);
    if (!a->soap)
        begin_stream(a, t);
    struct note *note = note_new(d, a->konto, &a->question, NULL);
    note_keep(&note);
    recent_add(d, a->intent, a->konto, &a->question);
    a->turn = event_new(d->base, -1, 0, on_turn, a);
    if (!a->turn)
        abort(); /* out of memory */
    const struct run_ops ops = {
        .part = on_part, .done = on_run_done, .raw = a->soap != NULL};
    a->run =
        run_start(d->base, d->fetcher, &a->question, &a->plan, &a->up, &ops, a);
    struct exchange *x = a->x;
    bool stopping = d->stopping;
    task_free(t);
    exchange_on_gone(x, on_gone, a);
    if (stopping) {
        on_gone(a);
    } else if (!a->plan.n) { /* no source was asked: nothing is sent */
        a->all_in = true;
        close_intent(a);
    }
}

void
question_stop_all(struct daemon *d)
{
    while (d->askings) {
        struct asking *a = d->askings;
        end_stream(a);
        question_drop(&a);
    }
}
