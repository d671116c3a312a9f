/* SPDX-License-Identifier: EUPL-1.2 */
#include "config.h"

#include "base/loop.h"

#include "base/mem.h"

#include <event2/event.h>
#include <pthread.h>
#include <signal.h>
#include <stdint.h>
#include <stdlib.h>
#include <sys/eventfd.h>
#include <unistd.h>

struct job {
    struct job *next;
    void (*run)(void *);
    void (*done)(void *);
    void *arg;
};

struct queue {
    struct job *head, **tail;
};

struct worker {
    pthread_t thread;
    pthread_mutex_t lock;
    pthread_cond_t wake;
    struct queue todo, finished;
    size_t batch, pending; /* pending: the loop's thread only */
    bool stop, joined;
    void (*flush)(void *);
    void *owner;
    int fd; /* eventfd: the thread tells the loop */
    struct event *event;
};

static void
queue_put(struct queue *q, struct job *j)
{
    j->next = NULL;
    *q->tail = j;
    q->tail = &j->next;
}

static void
queue_reset(struct queue *q)
{
    q->head = NULL;
    q->tail = &q->head;
}

struct event_base *
loop_new(void)
{
    struct event_config *c = event_config_new();
    if (!c)
        return NULL;
    event_config_set_flag(c, EVENT_BASE_FLAG_NOLOCK);
    struct event_base *b = event_base_new_with_config(c);
    event_config_free(c);
    return b;
}

/* Takes up to `batch` jobs; NULL when the worker is to stop. */
static struct job *
take(struct worker *w)
{
    while (!w->todo.head && !w->stop)
        pthread_cond_wait(&w->wake, &w->lock);
    struct job *first = w->todo.head, *last = first;
    for (size_t n = 1; last && last->next && n < w->batch; n++)
        last = last->next;
    if (last) {
        w->todo.head = last->next;
        if (!w->todo.head)
            queue_reset(&w->todo);
        last->next = NULL;
    }
    return first;
}

static void *
work(void *arg)
{
    struct worker *w = arg;
    pthread_mutex_lock(&w->lock);
    for (struct job *batch; (batch = take(w)) != NULL;) {
        pthread_mutex_unlock(&w->lock);
        for (struct job *j = batch; j; j = j->next)
            if (j->run)
                j->run(j->arg);
        if (w->flush)
            w->flush(w->owner);
        pthread_mutex_lock(&w->lock);
        for (struct job *j = batch, *next; j; j = next) {
            next = j->next;
            queue_put(&w->finished, j);
        }
        uint64_t one = 1;
        ssize_t put = write(w->fd, &one, sizeof one);
        (void)put;
    }
    pthread_mutex_unlock(&w->lock);
    return NULL;
}

/* On the loop: the dones of what has finished. */
static void
deliver(struct worker *w)
{
    pthread_mutex_lock(&w->lock);
    struct job *j = w->finished.head;
    queue_reset(&w->finished);
    pthread_mutex_unlock(&w->lock);
    for (struct job *next; j; j = next) {
        next = j->next;
        w->pending--;
        if (j->done)
            j->done(j->arg);
        free(j);
    }
}

static void
on_fd(evutil_socket_t fd, short what, void *arg)
{
    (void)what;
    uint64_t n;
    ssize_t got = read(fd, &n, sizeof n);
    (void)got;
    deliver(arg);
}

struct worker *
worker_new(struct event_base *base, size_t batch, void (*flush)(void *),
           void *owner)
{
    struct worker *w = mem_alloc(sizeof *w);
    w->batch = batch ? batch : 64;
    w->flush = flush;
    w->owner = owner;
    queue_reset(&w->todo);
    queue_reset(&w->finished);
    pthread_mutex_init(&w->lock, NULL);
    pthread_cond_init(&w->wake, NULL);
    w->fd = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
    w->event = w->fd < 0
                   ? NULL
                   : event_new(base, w->fd, EV_READ | EV_PERSIST, on_fd, w);
    sigset_t all, old;
    sigfillset(&all);
    pthread_sigmask(SIG_SETMASK, &all, &old);
    bool ok = w->event && !event_add(w->event, NULL) &&
              !pthread_create(&w->thread, NULL, work, w);
    pthread_sigmask(SIG_SETMASK, &old, NULL);
    if (ok)
        return w;
    if (w->event)
        event_free(w->event);
    if (w->fd >= 0)
        close(w->fd);
    free(w);
    return NULL;
}

void
worker_run(struct worker *w, void (*run)(void *), void (*done)(void *),
           void *arg)
{
    if (w->joined) {
        if (run)
            run(arg);
        if (w->flush)
            w->flush(w->owner);
        if (done)
            done(arg);
        return;
    }
    struct job *j = mem_alloc(sizeof *j);
    j->run = run;
    j->done = done;
    j->arg = arg;
    w->pending++;
    pthread_mutex_lock(&w->lock);
    queue_put(&w->todo, j);
    pthread_cond_signal(&w->wake);
    pthread_mutex_unlock(&w->lock);
}

size_t
worker_pending(const struct worker *w)
{
    return w->pending;
}

void
worker_stop(struct worker *w)
{
    if (w->joined)
        return;
    pthread_mutex_lock(&w->lock);
    w->stop = true;
    pthread_cond_signal(&w->wake);
    pthread_mutex_unlock(&w->lock);
    pthread_join(w->thread, NULL);
    w->joined = true;
    deliver(w);
}

void
worker_free(struct worker **wp)
{
    struct worker *w = *wp;
    if (!w)
        return;
    worker_stop(w);
    event_free(w->event);
    close(w->fd);
    pthread_mutex_destroy(&w->lock);
    pthread_cond_destroy(&w->wake);
    free(w);
    *wp = NULL;
}
