/* SPDX-License-Identifier: EUPL-1.2
 *
 * What a witness or a collector answered. A 409 or a 422 is its word alone: it
 * counts against the log only with a head that the log's own key has signed.
 */
#include "config.h"

#include "daemon/push_own.h"

#include "base/i18n.h"
#include "base/log.h"
#include "base/mem.h"
#include "proof/cosign.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

/* Keeps the cosignature, on the log's worker. A collector's line is that of
 * whichever witness of the policy made it. */
static void
keep(void *arg)
{
    struct target *t = arg;
    struct push *p = t->p;
    struct ledger *l = p->in->ledger;
    uint64_t at;
    const char *lines = buf_str(&t->got);
    t->err = (struct err){0};
    t->code = note_parse(t->note, strlen(t->note), &t->head, &t->err);
    int from = t->collector ? 0 : t->witness;
    int to = t->collector ? p->policy.witnesses : t->witness + 1;
    if (t->code || (t->collector && to == 0))
        return;
    if (t->collector)
        t->witness = -1; /* until its line has come */
    t->code = ERR_NOT_FOUND;
    for (int i = from; i < to && t->code == ERR_NOT_FOUND; i++) {
        t->code = ledger_cosigned(l, t->note, lines, t->got.len,
                                  &p->policy.witness[i].vkey, &at, &t->err);
        if (!t->code)
            t->witness = i;
    }
    if (t->code == ERR_NOT_FOUND && t->collector)
        t->code = ERR_OK; /* collected; its word is not in the policy */
}

static void
kept(void *arg)
{
    struct target *t = arg;
    struct push *p = t->p;
    if (t->code) {
        target_end(t, t->err.text);
        return;
    }
    t->size = t->head.size;
    bool more = p->d && t->size < p->d->log_size && !p->stopped &&
                (t->collector || t->feed);
    t->feed = t->fed = false;
    if (t->witness >= 0)
        push_vouched(p, t->witness, t->size);
    if (more)
        target_send(t); /* pages of a collector; after a feed */
    else
        target_end(t, "");
}

/* A head that the target holds, against this log: on the log's worker. Whose
 * line a collector's has says which witness of the policy it is. */
static void
face(void *arg)
{
    struct target *t = arg;
    struct push *p = t->p;
    for (int i = 0; t->collector && i < p->policy.witnesses; i++)
        if (!cosign_verify(buf_str(&t->got), t->got.len,
                           &p->policy.witness[i].vkey, NULL, NULL))
            t->witness = i;
    t->err = (struct err){0};
    t->code = ledger_faces(p->in->ledger, buf_str(&t->got), t->got.len,
                           &t->head, &t->err);
    if (t->code != ERR_SEEN)
        return;
    snprintf(p->conflict, sizeof p->conflict,
             _("%s shows that this log is not whole: %s. Nothing may be "
               "written to it: put back what is missing (enfragad aterlas)."),
             t->name, t->err.text);
    ledger_block(p->in->ledger, p->conflict);
}

static void
faced(void *arg)
{
    struct target *t = arg;
    struct push *p = t->p;
    if (t->code == ERR_SEEN) {
        log_error("%s", p->conflict);
        if (p->d) {
            p->d->log_ok = false;
            snprintf(p->d->log_text, sizeof p->d->log_text, "%s", p->conflict);
        }
        target_end(t, t->err.text);
        return;
    }
    /* At a start its head is what it has, or less than what we know it to have
     * signed: then its file is older than it is, and hears so. In a round we
     * came here since it said what its own head does not bear out. */
    uint64_t signed_size = t->witness >= 0 ? p->cosigned[t->witness] : 0;
    if (!t->code && !p->d)
        t->size = t->head.size > signed_size ? t->head.size : signed_size;
    target_end(t, t->code ? t->err.text
                  : p->d  ? _("it refuses what goes on from its own head")
                          : "");
}

static void
conflict(struct target *t)
{
    struct push *p = t->p;
    char *end;
    const char *text = buf_str(&t->got);
    uint64_t size = strtoull(text, &end, 10);
    if (end == text || (*end && *end != '\n') || t->again++ == AGAIN) {
        target_end(t, _("it has another size than it says"));
    } else if (p->d && size > p->d->log_size) {
        target_look(t); /* is it our own key that says so? */
    } else if (size == t->size) {
        target_end(t, _("it does not sign before it has been fed"));
    } else if (size < t->size && !t->collector && !t->fed) {
        t->feed = t->fed = true;
        target_send(t);
    } else {
        t->size = size;
        target_send(t);
    }
}

void
target_answer(struct target *t, enum err_code code, int status,
              const struct err *e)
{
    char text[200];
    if (code) {
        target_end(t, e->text);
    } else if (t->looking && status == 200) {
        push_job(t->p, face, faced, t);
    } else if (t->looking) {
        target_end(t, status == 404 && !t->p->d
                          ? ""
                          : _("it shows no head that can be judged"));
    } else if (status == 200) {
        push_job(t->p, keep, kept, t);
    } else if (status == 409) {
        conflict(t);
    } else if (status == 422) {
        target_look(t);
    } else {
        snprintf(text, sizeof text, "%d: %.*s", status,
                 (int)strcspn(buf_str(&t->got), "\n"), buf_str(&t->got));
        target_end(t, text);
    }
}
