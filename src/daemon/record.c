/* SPDX-License-Identifier: EUPL-1.2
 *
 * Entries on their way to the log: queued on the log's worker, committed in
 * groups by its flush, acknowledged on the loop.
 */
#include "config.h"

#include "daemon/daemon.h"
#include "daemon/push.h"

#include "base/log.h"
#include "base/mem.h"

#include <stdlib.h>
#include <string.h>

struct log_job {
    struct daemon *d;
    struct ledger_post post;
    struct ledger_result result;
    struct buf author, payload;
    char unit[ENTRY_UNIT_MAX + 1];
    log_done *done;
    void *arg;
    uint8_t named_forsakran[HASH_SIZE];
    char named_by[64], legal[ENTRY_LEGAL_MAX + 1];
};

static void
job_run(void *arg)
{
    struct log_job *j = arg;
    ledger_queue(j->d->in->ledger, &j->post, &j->result);
}

void
record_flush(void *daemon)
{
    struct daemon *d = daemon;
    struct ledger *l = d->in->ledger;
    struct err e = {0};
    ledger_flush(l);
    if (!ledger_is_broken(l))
        return;
    if (ledger_probe(l, &e))
        log_warn("log: %s", e.text);
    else
        log_info("log: opened anew after an error, and the tail holds");
}

static void
job_done(void *arg)
{
    struct log_job *j = arg;
    struct daemon *d = j->d;
    const struct ledger_result *r = &j->result;
    if (r->code == ERR_OK && r->receipt.size > d->log_size) {
        d->log_size = r->receipt.size;
        memcpy(d->log_root, r->receipt.root, sizeof d->log_root);
        memcpy(d->log_note, r->receipt.note, sizeof d->log_note);
        push_grown(d->push);
    }
    bool log_fault =
        r->code == ERR_LOG || r->code == ERR_IO || r->code == ERR_LOG_BROKEN;
    if (log_fault || r->code == ERR_OK) {
        d->log_ok = !log_fault;
        snprintf(d->log_text, sizeof d->log_text, "%s",
                 log_fault ? r->err.text : "");
    }
    if (r->code)
        log_warn("log: %s", r->err.text);
    j->done(j->arg, r->code, &r->receipt, &r->err);
    buf_done(&j->author);
    buf_done(&j->payload);
    free(j);
}

static struct log_job *
job_new(struct daemon *d, log_done *done, void *arg)
{
    struct log_job *j = mem_alloc(sizeof *j);
    j->d = d;
    j->done = done;
    j->arg = arg;
    j->author = BUF_INIT(ENTRY_AUTHOR_MAX);
    j->payload = BUF_INIT(ENTRY_PAYLOAD_MAX);
    return j;
}

static void
job_unit(struct log_job *j, const char *unit)
{
    snprintf(j->unit, sizeof j->unit, "%s", unit);
    j->post.unit = j->unit;
}

static void
job_send(struct log_job *j)
{
    if (j->payload.data) {
        j->post.payload = j->payload.data;
        j->post.payload_len = j->payload.len;
    }
    worker_run(j->d->log_worker, job_run, job_done, j);
}

static void
set_peer(struct log_job *j, const struct serve_peer *from)
{
    j->post.peer = from->by_cert ? PEER_CERT : PEER_UID;
    j->post.peer_uid = from->uid;
    memcpy(j->post.peer_cert, from->cert, sizeof j->post.peer_cert);
}

void
record_user(struct daemon *d, const struct signed_entry *s,
            const struct serve_peer *from, const char *unit,
            const struct ledger_forsakran *forsakran,
            const struct ledger_recipient *recipient, log_done *done, void *arg)
{
    struct log_job *j = job_new(d, done, arg);
    job_unit(j, unit);
    buf_add(&j->author, s->author.data, s->author.len);
    if (s->has_payload) {
        buf_add(&j->payload, s->payload.data, s->payload.len);
        memcpy(j->post.salt, s->salt, sizeof s->salt);
    }
    j->post.author = j->author.data;
    j->post.author_len = j->author.len;
    memcpy(j->post.sig, s->sig, sizeof s->sig);
    set_peer(j, from);
    j->post.forsakran = forsakran;
    j->post.recipients = recipient;
    j->post.n_recipients = recipient != NULL;
    job_send(j);
}

void
record_own(struct daemon *d, enum entry_kind type, bool has_ref,
           uint64_t ref_seq, uint64_t authorities, const char *payload,
           log_done *done, void *arg)
{
    struct log_job *j = job_new(d, done, arg);
    j->post.type = type;
    j->post.has_ref = has_ref;
    j->post.ref_seq = ref_seq;
    j->post.authorities = authorities;
    if (payload)
        buf_adds(&j->payload, payload);
    job_send(j);
}

void
record_refused(struct daemon *d, const char *unit, uint64_t authorities,
               const char *payload, log_done *done, void *arg)
{
    struct log_job *j = job_new(d, done, arg);
    j->post.type = KIND_NEKAD;
    j->post.authorities = authorities;
    job_unit(j, unit);
    buf_adds(&j->payload, payload);
    job_send(j);
}

void
record_named(struct daemon *d, const struct named *n, log_done *done, void *arg)
{
    struct log_job *j = job_new(d, done, arg);
    memcpy(j->named_forsakran, n->forsakran, sizeof j->named_forsakran);
    snprintf(j->named_by, sizeof j->named_by, "%s", n->by);
    snprintf(j->legal, sizeof j->legal, "%s", n->legal);
    job_unit(j, n->unit);
    question_encode(&j->payload, n->question);
    j->post.type = KIND_INTENT;
    j->post.authorities = n->question->sources;
    j->post.legal = j->legal;
    j->post.named_forsakran = j->named_forsakran;
    j->post.named_by = j->named_by;
    set_peer(j, n->from);
    job_send(j);
}
