/* SPDX-License-Identifier: EUPL-1.2 */
#include "config.h"

#include "tui/outlet.h"

#include "base/buf.h"
#include "base/mem.h"

#include <errno.h>
#include <event2/event.h>
#include <fcntl.h>
#include <poll.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <termios.h>
#include <unistd.h>

enum { WAITING_MAX = 16 << 20, LAST_MS = 1000 };

struct outlet {
    FILE *file; /* ncurses's; on `caught` after outlet_catch */
    int caught; /* memory, or -1 */
    int tty;    /* never blocks; or stdout, where that could not be had */
    bool own;   /* tty is ours */
    struct event *writable;
    struct buf waiting;
    size_t sent; /* of waiting */
    void (*empty)(void *arg);
    void *arg;
};

/* As much as the terminal takes now. */
static void
push(struct outlet *o)
{
    while (o->sent < o->waiting.len) {
        ssize_t n =
            write(o->tty, o->waiting.data + o->sent, o->waiting.len - o->sent);
        if (n < 0 && errno == EINTR)
            continue;
        if (n < 0 && errno == EAGAIN)
            return;
        if (n < 0) /* gone: the keyboard's side tells the program */
            break;
        o->sent += (size_t)n;
    }
    o->sent = 0;
    buf_clear(&o->waiting);
}

static void
on_writable(evutil_socket_t fd, short what, void *arg)
{
    struct outlet *o = arg;
    (void)fd, (void)what;
    push(o);
    if (o->waiting.len)
        event_add(o->writable, NULL);
    else
        o->empty(o->arg);
}

struct outlet *
outlet_new(struct event_base *base, void (*empty)(void *arg), void *arg)
{
    int copy = fcntl(STDOUT_FILENO, F_DUPFD_CLOEXEC, 3);
    FILE *file = copy < 0 ? NULL : fdopen(copy, "w");
    if (!file) {
        if (copy >= 0)
            close(copy);
        return NULL;
    }
    struct outlet *o = mem_alloc(sizeof *o);
    *o =
        (struct outlet){.file = file, .caught = -1, .empty = empty, .arg = arg};
    buf_init(&o->waiting, WAITING_MAX);
    /* Opened anew: O_NONBLOCK on stdout itself would be the shell's too. */
    o->tty =
        open("/proc/self/fd/1", O_WRONLY | O_NOCTTY | O_NONBLOCK | O_CLOEXEC);
    o->own = o->tty >= 0;
    if (!o->own)
        o->tty = STDOUT_FILENO;
    o->writable = event_new(base, o->tty, EV_WRITE, on_writable, o);
    if (!o->writable)
        outlet_free(&o, false);
    return o;
}

FILE *
outlet_file(const struct outlet *o)
{
    return o->file;
}

bool
outlet_catch(struct outlet *o)
{
    fflush(o->file);
    o->caught = memfd_create("enfraga", MFD_CLOEXEC);
    return o->caught >= 0 && dup3(o->caught, fileno(o->file), O_CLOEXEC) >= 0;
}

/* Takes what ncurses has written out of the memory. */
static void
collect(struct outlet *o)
{
    char bytes[4096];
    off_t at = 0;
    ssize_t n;
    if (o->caught < 0)
        return;
    while ((n = pread(o->caught, bytes, sizeof bytes, at)) > 0) {
        buf_add(&o->waiting, bytes, (size_t)n);
        at += n;
    }
    mem_wipe(bytes, sizeof bytes);
    if (ftruncate(o->caught, 0) == 0)
        lseek(o->caught, 0, SEEK_SET);
}

void
outlet_send(struct outlet *o, const void *p, size_t n)
{
    collect(o);
    if (p)
        buf_add(&o->waiting, p, n);
    push(o);
    if (o->waiting.len)
        event_add(o->writable, NULL);
}

bool
outlet_waits(const struct outlet *o)
{
    return o->waiting.len > 0;
}

void
outlet_free(struct outlet **op, bool send)
{
    struct outlet *o = *op;
    if (!o)
        return;
    struct pollfd p = {.fd = o->tty, .events = POLLOUT};
    if (send)
        collect(o);
    for (int left = LAST_MS; send && o->waiting.len && left > 0; left -= 100) {
        if (poll(&p, 1, 100) > 0)
            push(o);
    }
    if (send && o->waiting.len) /* so that setting the modes waits for none */
        tcflush(o->tty, TCOFLUSH);
    if (o->writable)
        event_free(o->writable);
    if (o->own)
        close(o->tty);
    if (o->caught >= 0)
        close(o->caught);
    fclose(o->file);
    buf_done(&o->waiting);
    free(o);
    *op = NULL;
}
