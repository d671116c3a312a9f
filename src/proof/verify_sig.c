/* SPDX-License-Identifier: EUPL-1.2
 *
 * Signatures by all cores: a batch is filled while the one before is checked.
 * Each is checked by itself; batch verification may disagree with it.
 */
#include "config.h"

#include "proof/verify_run.h"

#include "base/i18n.h"
#include "base/mem.h"

#include <inttypes.h>
#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { BATCH = 1024, THREADS_MAX = 64 };

struct job {
    const struct key *key;
    uint64_t seq;
    size_t at, len; /* of the author part in the batch's bytes */
    uint8_t sig[KEY_SIG];
    bool holds;
};

struct work {
    struct job job[BATCH];
    size_t count;
    atomic_size_t next;
    struct buf bytes;
};

struct signatures {
    struct run *v;
    struct work work[2];
    int filling;
    pthread_t thread[THREADS_MAX];
    unsigned threads, running;
};

struct signatures *
signatures_new(struct run *v)
{
    struct signatures *s = mem_alloc(sizeof *s);
    long cores = sysconf(_SC_NPROCESSORS_ONLN);
    s->v = v;
    s->threads = v->o->threads ? v->o->threads
                 : cores > 0   ? (unsigned)cores
                               : 1;
    if (s->threads > THREADS_MAX)
        s->threads = THREADS_MAX;
    for (int i = 0; i < 2; i++)
        buf_init(&s->work[i].bytes, (size_t)BATCH * ENTRY_AUTHOR_MAX);
    return s;
}

static void *
check_jobs(void *arg)
{
    struct work *w = arg;
    for (size_t i; (i = atomic_fetch_add(&w->next, 1)) < w->count;) {
        struct job *j = &w->job[i];
        j->holds = entry_verify(j->key, w->bytes.data + j->at, j->len, j->sig);
    }
    return NULL;
}

/* Waits for the batch that is being checked and takes its results. */
static void
collect(struct signatures *s)
{
    struct work *w = &s->work[!s->filling];
    while (s->running)
        pthread_join(s->thread[--s->running], NULL);
    for (size_t i = 0; i < w->count; i++) {
        if (w->job[i].holds)
            s->v->r->signatures++;
        else
            finding_add(s->v, VERIFY_EDITED, w->job[i].seq, w->job[i].seq,
                        _("entry %" PRIu64 ": the signature does not hold"),
                        w->job[i].seq);
    }
    w->count = 0;
    w->bytes.len = 0;
}

static void
start(struct signatures *s)
{
    collect(s);
    struct work *w = &s->work[s->filling];
    s->filling = !s->filling;
    atomic_store(&w->next, 0);
    sigset_t all, old;
    sigfillset(&all);
    pthread_sigmask(SIG_SETMASK, &all, &old);
    while (s->running < s->threads &&
           !pthread_create(&s->thread[s->running], NULL, check_jobs, w))
        s->running++;
    pthread_sigmask(SIG_SETMASK, &old, NULL);
    if (s->running == 0)
        check_jobs(w); /* no thread to be had: do it here */
}

void
signatures_check(struct signatures *s, const struct key *k, uint64_t seq,
                 const struct entry_leaf *leaf)
{
    struct work *w = &s->work[s->filling];
    struct job *j = &w->job[w->count++];
    *j = (struct job){
        .key = k, .seq = seq, .at = w->bytes.len, .len = leaf->author_len};
    memcpy(j->sig, leaf->sig, KEY_SIG);
    buf_add(&w->bytes, leaf->author, leaf->author_len);
    if (w->count == BATCH)
        start(s);
}

void
signatures_finish(struct signatures *s)
{
    start(s);
    collect(s);
}

void
signatures_free(struct signatures **sp)
{
    struct signatures *s = *sp;
    if (!s)
        return;
    while (s->running)
        pthread_join(s->thread[--s->running], NULL);
    for (int i = 0; i < 2; i++)
        buf_done(&s->work[i].bytes);
    free(s);
    *sp = NULL;
}
