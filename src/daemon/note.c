/* SPDX-License-Identifier: EUPL-1.2
 *
 * What the register keeps of a question: the time, the states and the count
 * of open checks. The log has it all already, synced, so these commits are
 * not waited for: after a power failure the register may know of the question
 * before.
 */
#include "config.h"

#include "daemon/daemon.h"

#include "base/clock.h"
#include "base/log.h"
#include "base/mem.h"
#include "domain/overview.h"

#include <stdlib.h>
#include <string.h>

#define KEEP_MS (INT64_C(31) * 24 * 60 * 60 * 1000)

struct note {
    struct daemon *d;
    char arende[ARENDE_MAX + 1], konto[64];
    struct personnummer person;
    char states[SOURCE_COUNT + 1];
    bool shielded, outcome;
    int checks;
};

/* States of sources that this question did not ask are kept for a month, so
 * that asking one source more does not hide what another still lacks. */
static void
keep_others(struct note *n)
{
    struct reg_case c = {0};
    int64_t now = clock_now_ms();
    if (register_case(n->d->in->reg, n->arende, n->konto, now, &c, NULL))
        return;
    for (int i = 0; i < c.n_persons; i++) {
        const struct reg_person *p = &c.persons[i];
        if (!personnummer_same(&p->number, &n->person) ||
            strlen(p->states) != SOURCE_COUNT || now - p->asked_ms > KEEP_MS)
            continue;
        for (int s = 0; s < SOURCE_COUNT; s++)
            if (n->states[s] == state_row(STATE_EJ_TILLFRAGAD)->symbol)
                n->states[s] = p->states[s];
    }
    reg_case_done(&c);
}

static void
note_run(void *arg)
{
    struct note *n = arg;
    struct reg *r = n->d->in->reg;
    struct err e = {0};
    enum err_code code = register_sync(r, false, &e);
    keep_others(n);
    if (!code && n->outcome) {
        code = register_note_outcome(r, n->arende, &n->person, n->states,
                                     n->checks, n->shielded, &e);
    } else if (!code) {
        code = register_note_asked(r, n->konto, n->arende, &n->person,
                                   clock_now_ms(), &e);
        /* Until there is an outcome every asked source is unknown, also where
         * enfragad is killed in between. */
        if (!code)
            code = register_set_states(r, n->arende, &n->person, n->states, &e);
    }
    if (!n->outcome)
        reserved_drop(n->d, n->konto, &n->person);
    if (code)
        log_warn("register: %s", e.text);
    if (register_sync(r, true, &e))
        log_error("register: %s", e.text);
}

static void
note_done(void *arg)
{
    struct note *n = arg;
    note_free(&n);
}

struct note *
note_new(struct daemon *d, const char *konto, const struct question *q,
         const struct answer *ended)
{
    struct note *n = mem_alloc(sizeof *n);
    n->d = d;
    n->outcome = ended;
    n->person = q->person;
    snprintf(n->arende, sizeof n->arende, "%s", q->arende);
    snprintf(n->konto, sizeof n->konto, "%s", konto);
    source_set asked = answer_asked(q);
    for (int s = 0; s < SOURCE_COUNT; s++) {
        enum source_state waiting =
            asked & SOURCE_BIT(s) ? STATE_VANTAR : STATE_EJ_TILLFRAGAD;
        n->states[s] = state_row(ended ? ended->of[s].state : waiting)->symbol;
    }
    if (ended) {
        n->shielded = answer_shielded(ended);
        struct overview *o =
            overview_new(&ended, 1, d->in->rules, date_today());
        n->checks = o->n_checks;
        overview_free(&o);
    }
    return n;
}

void
note_keep(struct note **np)
{
    struct note *n = *np;
    *np = NULL;
    worker_run(n->d->reg_worker, note_run, note_done, n);
}

void
note_free(struct note **n)
{
    mem_wipe(*n, *n ? sizeof **n : 0);
    free(*n);
    *n = NULL;
}
