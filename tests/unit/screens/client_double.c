/* SPDX-License-Identifier: EUPL-1.2
 *
 * The client of bench.h: no socket, no key; questions are kept, and the test
 * says what comes.
 */
#include "config.h"

#include "tests/unit/screens/bench.h"
#include "tests/lib/rules.h"

#include "base/mem.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { ASKS = 16 };

struct ask {
    struct answer *answer;
    ask_event_fn *event;
    void *arg;
    enum err_code code;
    uint64_t loggpost;
    bool opening[SOURCE_COUNT], over;
};

static struct ask *asks[ASKS];
static struct question questions[ASKS];
static int n_asks, cancels, marks, addresses;
static char mark_text[256];
static struct legal *legal;

static const struct client_status status = {
    .version = "0.1",
    .kommun = "Sundby",
    .mode = MODE_SKARP,
    .log_ok = true,
    .cert_days = 79,
    .probed_ms = INT64_C(1795504320000), /* 2026-11-24 08:12 */
    .available = {[SOURCE_SKV] = 1, [SOURCE_MIV] = 2},
    .limit_s = 30};

static const struct client_me me = {.konto = "hl0142",
                                    .namn = "Anna Ek",
                                    .kommun = "Sundby",
                                    .roles = ROLE_HANDLAGGARE,
                                    .forsakran = FORSAKRAN_GILTIG};

const struct client_status *
client_status(const struct client *c)
{
    (void)c;
    return &status;
}

const struct client_me *
client_me(const struct client *c)
{
    (void)c;
    return &me;
}

const struct legal *
client_legal(const struct client *c)
{
    struct err e = {0};
    (void)c;
    if (!legal)
        legal_load(&legal, getenv("ENFRAGA_DATA"), NULL, false, &e);
    return legal;
}

const struct rules *
client_rules(const struct client *c)
{
    (void)c;
    return shipped_rules();
}

const struct client_case *
client_case_now(const struct client *c)
{
    (void)c;
    return bench_case();
}

const struct client_case *
client_case_list(const struct client *c, int *n)
{
    (void)c;
    *n = 1;
    return bench_case();
}

bool
client_unlocked(const struct client *c)
{
    (void)c;
    return true;
}

struct ask *
client_ask(struct client *c, const struct question *q, ask_event_fn *event,
           void *arg)
{
    struct ask *a = mem_alloc(sizeof(*a));
    (void)c;
    questions[n_asks] = *q;
    a->answer = answer_new(q);
    snprintf(a->answer->question.id, sizeof(a->answer->question.id),
             "7c1e441%d-0b1c-4d5e-8f60-718293a4b5c6", n_asks);
    a->answer->kontrakt = "v10";
    a->event = event;
    a->arg = arg;
    asks[n_asks++] = a;
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
    a->answer = NULL;
    return taken;
}

enum err_code
ask_code(const struct ask *a, struct err *e)
{
    return a->code ? err_set(e, a->code, "%s", "as the test says") : ERR_OK;
}

uint64_t
ask_loggpost(const struct ask *a)
{
    return a->loggpost;
}

bool
ask_opening(const struct ask *a, enum source_id s)
{
    return a->opening[s];
}

void
ask_cancel(struct ask *a)
{
    cancels++;
    for (int s = 0; s < SOURCE_COUNT; s++)
        if (a->answer->of[s].state == STATE_VANTAR)
            a->answer->of[s].state = STATE_AVBRUTEN;
    a->code = ERR_CANCELLED;
    a->over = true;
    a->event(a->arg, a, ASK_FAILED, SOURCE_COUNT);
}

void
ask_free(struct ask **a)
{
    if (!*a)
        return;
    for (int i = 0; i < n_asks; i++)
        if (asks[i] == *a)
            asks[i] = NULL;
    if ((*a)->answer)
        answer_free(&(*a)->answer);
    free(*a);
    *a = NULL;
}

void
client_probe(struct client *c, client_done *done, void *arg)
{
    (void)c;
    done(arg, ERR_OK, NULL);
}

void
client_mark_done(struct client *c, const struct answer *a, int open_checks,
                 const char *text, client_done *done, void *arg)
{
    (void)c;
    (void)a;
    (void)open_checks;
    marks++;
    snprintf(mark_text, sizeof(mark_text), "%s", text);
    done(arg, ERR_OK, NULL);
}

void
client_show_address(struct client *c, const struct answer *a, const char *skal,
                    client_done *done, void *arg)
{
    (void)c;
    (void)a;
    (void)skal;
    addresses++;
    done(arg, ERR_OK, NULL);
}

int
bench_asked(void)
{
    return n_asks;
}

const struct question *
bench_question(int n)
{
    return &questions[n];
}

void
bench_kvitto(int n, uint64_t loggpost)
{
    asks[n]->loggpost = loggpost;
    asks[n]->answer->loggpost = loggpost;
    asks[n]->event(asks[n]->arg, asks[n], ASK_KVITTO, SOURCE_COUNT);
}

/* Lists and texts stay in `from`, which the test keeps until the end. */
void
bench_state(int n, const struct answer *from, enum source_id s)
{
    struct source_answer *of = &asks[n]->answer->of[s];
    of->state = from->of[s].state;
    of->time_ms = from->of[s].time_ms;
    of->count = from->of[s].count;
    asks[n]->opening[s] = state_row(of->state)->came;
    asks[n]->event(asks[n]->arg, asks[n], ASK_KALLA, s);
}

void
bench_content(int n, const struct answer *from, enum source_id s)
{
    asks[n]->answer->of[s] = from->of[s];
    asks[n]->opening[s] = false;
    asks[n]->event(asks[n]->arg, asks[n], ASK_SVAR, s);
}

void
bench_end(int n, enum err_code code)
{
    asks[n]->code = code;
    asks[n]->over = true;
    asks[n]->event(asks[n]->arg, asks[n], code ? ASK_FAILED : ASK_KLAR,
                   SOURCE_COUNT);
}

int
bench_cancelled(void)
{
    return cancels;
}

int
bench_marked(void)
{
    return marks;
}

const char *
bench_mark_text(void)
{
    return mark_text;
}

int
bench_addresses(void)
{
    return addresses;
}

/* Called by bench_close: the next test begins anew. */
void client_double_reset(void);
void
client_double_reset(void)
{
    n_asks = cancels = marks = addresses = 0;
    memset(asks, 0, sizeof(asks));
    if (legal)
        legal_free(&legal);
}
