/* SPDX-License-Identifier: EUPL-1.2
 *
 * What a question owes its witness (AUDIT 6): none is asked past the hard
 * limit, strict waits for the cosignature before it is sent, and a chef extends
 * the limit, with a reason that is logged, so that a dead witness never stops
 * aid.
 */
#include "config.h"

#include "daemon/routes.h"

#include "base/clock.h"
#include "base/i18n.h"
#include "base/loop.h"
#include "base/mem.h"
#include "daemon/push.h"

#include <stdlib.h>
#include <string.h>

enum { REASON_MAX = 500 };

enum err_code
entries_extend(struct task *t)
{
    const char *why = message_text(t->payload, "skal");
    if (!why || strspn(why, " \t\n") == strlen(why) || strlen(why) > REASON_MAX)
        return err_set(&t->err, ERR_REASON, "%s",
                       _("say why, in at most 500 characters"));
    return ERR_OK;
}

void
entries_extend_act(struct task *t)
{
    push_extend(t->d->push, t->receipt.seq, clock_now_ms());
    entries_seq_act(t);
}

/* An intent that was counted and did not come about. */
struct let_go {
    struct daemon *d;
    char konto[64];
    struct personnummer person;
};

static void
let_go_run(void *arg)
{
    struct let_go *l = arg;
    reserved_drop(l->d, l->konto, &l->person);
}

static void
let_go_done(void *arg)
{
    mem_wipe(arg, sizeof(struct let_go));
    free(arg);
}

void
task_let_go(struct task *t)
{
    struct let_go *l = mem_alloc(sizeof *l);
    l->d = t->d;
    l->person = t->question.person;
    snprintf(l->konto, sizeof l->konto, "%s", task_caller(t)->konto);
    t->reserved = false;
    worker_run(t->d->reg_worker, let_go_run, let_go_done, l);
}

/* Past the hard limit nothing new is asked (AUDIT 6). */
void
witnessed_check(struct task *t)
{
    if (t->code || !task_asks(t) || push_state(t->d->push) != PUSH_HARD)
        return;
    t->code = err_set(&t->err, ERR_WITNESS, "%s",
                      _("no witness has cosigned the log for too long; a chef "
                        "may extend (enfraga logg forlang)"));
    if (t->reserved)
        task_let_go(t);
}

/* Strict, and no cosignature came: nothing has been sent, and the intent is
 * closed so. */
static void
not_sent(void *arg, enum err_code code, const struct receipt *r,
         const struct err *e)
{
    struct task *t = arg;
    (void)r;
    if (code)
        task_problem(t, ERR_LOG, e);
    else
        task_problem(t, t->code, &t->err);
}

static void
step_witnessed(void *arg, enum err_code code, const struct err *e)
{
    struct task *t = arg;
    if (!code) {
        t->route->act(t);
        return;
    }
    t->code = code;
    t->err = *e;
    if (t->reserved)
        task_let_go(t);
    record_own(t->d, KIND_AVBRUTEN, true, t->receipt.seq, 0,
               "{\"kallor\":[],\"kod\":\"vittne_saknas\"}", not_sent, t);
}

void
witnessed_act(struct task *t)
{
    push_wait(t->d->push, t->receipt.size, step_witnessed, t);
}
