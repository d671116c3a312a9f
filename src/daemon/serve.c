/* SPDX-License-Identifier: EUPL-1.2
 *
 * enfragad's life: what a start writes to the log, the loop, the timer's
 * chores, and an orderly stop.
 */
#include "config.h"

#include "daemon/daemon.h"

#include "base/clock.h"
#include "base/log.h"
#include "base/mem.h"
#include "base/text.h"
#include "daemon/erasing.h"
#include "daemon/harden.h"
#include "daemon/held.h"
#include "daemon/push.h"
#include "daemon/question.h"

#include <event2/event.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { TICK_S = 1, CHORES = 5, STOP_US = 5000000 };

static void
ignore(void *arg, enum err_code code, const struct receipt *r,
       const struct err *e)
{
    (void)arg;
    (void)r;
    if (code)
        log_error("log: %s", e->text);
}

/* The clock against time since boot (AUDIT 10): a jump is an entry. */
static void
watch_clock(struct daemon *d)
{
    int64_t gap = clock_now_ms() - clock_boot_ms();
    int64_t moved = gap - d->clock_gap_ms;
    int64_t limit = config_number(d->in->config, "logg.klocka_s") * 1000;
    d->clock_gap_ms = gap;
    if (moved > limit || moved < -limit) {
        char note[80];
        snprintf(note, sizeof note, "{\"slag\":\"hopp\",\"ms\":%lld}",
                 (long long)moved);
        record_own(d, KIND_KLOCKA, false, 0, 0, note, ignore, NULL);
    }
}

struct probe {
    struct daemon *d;
    struct err err;
};

static void
probe_log(void *arg)
{
    struct probe *p = arg;
    p->err.code = ledger_probe(p->d->in->ledger, &p->err);
}

static void
probed_log(void *arg)
{
    struct probe *p = arg;
    p->d->probing = false;
    p->d->log_ok = p->err.code == ERR_OK;
    snprintf(p->d->log_text, sizeof p->d->log_text, "%s",
             p->d->log_ok ? "" : p->err.text);
    free(p);
}

void
daemon_tick(struct daemon *d)
{
    watch_clock(d);
    if (d->ticks++ % CHORES == 0) {
        worker_run(d->reg_worker, NULL, NULL, NULL); /* mends what is closed */
        if (d->log_ok) {
            access_sweep(d);
            erasing_tick(d);
        }
    }
    if (d->log_ok || d->probing)
        return;
    /* The way back after a full disk or an I/O error. */
    struct probe *p = mem_alloc(sizeof *p);
    p->d = d;
    d->probing = true;
    worker_run(d->log_worker, probe_log, probed_log, p);
}

static void
on_tick(evutil_socket_t fd, short what, void *arg)
{
    (void)fd;
    (void)what;
    daemon_tick(arg);
}

static void
on_signal(evutil_socket_t fd, short what, void *arg)
{
    (void)fd;
    (void)what;
    struct daemon *d = arg;
    d->stopping = true;
    event_base_loopbreak(d->base);
}

/* The clock since the last entry: in the same boot against the time since it,
 * else only what is certain, a clock that stands before that entry. A fixed
 * clock begins anew with each process. */
static enum err_code
note_clock(struct instance *in, struct err *e)
{
    struct entry_host last;
    char note[80];
    enum err_code code = ledger_last(in->ledger, &last, e);
    if (code || clock_is_fixed())
        return code == ERR_NOT_FOUND ? ERR_OK : code; /* erased */
    bool same = last.boot_id[0] && !strcmp(last.boot_id, clock_boot_id());
    int64_t moved = clock_now_ms() - (int64_t)last.log_time_ms;
    if (same)
        moved -= clock_boot_ms() - (int64_t)last.boot_ms;
    int64_t limit = config_number(in->config, "logg.klocka_s") * 1000;
    if (moved >= -limit && (!same || moved <= limit))
        return ERR_OK;
    snprintf(note, sizeof note, "{\"slag\":\"%s\",\"ms\":%lld}",
             same ? "hopp" : "bakom", (long long)moved);
    return instance_note(in, KIND_KLOCKA, note, e);
}

/* Questions whose outcome nobody wrote, then the start itself. */
static enum err_code
write_start(struct instance *in, struct err *e)
{
    uint64_t *open = NULL;
    size_t n = 0;
    enum err_code code = ledger_pending(in->ledger, &open, &n, e);
    for (size_t i = 0; !code && i < n; i++) {
        struct ledger_post post = {
            .type = KIND_OKAND_UTFALL, .has_ref = true, .ref_seq = open[i]};
        struct ledger_result r = {0};
        code = ledger_append(in->ledger, &post, 1, &r, e);
        if (!code && r.code) {
            *e = r.err;
            code = r.code;
        }
    }
    free(open);
    uint8_t hash[32];
    char hex[65], note[200];
    instance_config_hash(in, hash);
    text_hex(hash, sizeof hash, hex);
    snprintf(note, sizeof note,
             "{\"version\":\"%s\",\"konfiguration\":\"%s\",\"oppna\":%zu}",
             PACKAGE_VERSION, hex, n);
    return code ? code : instance_note(in, KIND_START, note, e);
}

/* Someone has logged out, or is gone: what was written is cosigned. */
static void
on_left(void *arg)
{
    const struct daemon *d = arg;
    push_now(d->push);
}

/* The socket, and where it is configured the port for TLS. */
static enum err_code
start_servers(struct daemon *d, struct err *e)
{
    const struct config *c = d->in->config;
    struct serve_options o = {
        .path = instance_path(d->in, "run/enfraga.sock"),
        .inherited = serve_inherited(),
        .mode = d->in->mode == MODE_SKARP ? 0660 : 0600,
        .max_body = ROUTE_BODY_MAX,
        .body_limit = daemon_body_limit,
        .max_headers = 16 << 10,
        .idle_s = 120,
        .left = on_left,
        .max_conns = (int)config_number(c, "server.anslutningar"),
        .max_conns_per_peer =
            (int)config_number(c, "server.anslutningar_konto")};
    char cert[600], key[600], ca[600];
    instance_file(d->in, "server.tls_certifikat", cert, sizeof cert);
    instance_file(d->in, "server.tls_nyckel", key, sizeof key);
    instance_file(d->in, "server.klient_ca", ca, sizeof ca);
    struct serve_tls tls = {.address = config_text(c, "server.tls_adress"),
                            .cert = cert,
                            .key = key,
                            .ca = ca};
    d->server = server_new(d->base, &o, daemon_request, d, e);
    if (!d->server || !*tls.address)
        return d->server ? ERR_OK : e->code;
    o.tls = &tls;
    d->tls = server_new(d->base, &o, daemon_request, d, e);
    return d->tls ? ERR_OK : e->code;
}

static enum err_code
set_up(struct daemon *d, struct err *e)
{
    d->fetcher = fetcher_new(d->base);
    d->log_worker = worker_new(d->base, 64, record_flush, d);
    d->reg_worker = worker_new(d->base, 1, register_mend, d->in->reg);
    if (!d->fetcher || !d->log_worker || !d->reg_worker)
        return err_set(e, ERR_INTERNAL, "a thread could not be started");
    d->log_vkey = *ledger_log_vkey(d->in->ledger);
    d->own_vkey = *ledger_own_vkey(d->in->ledger);
    d->log_size = ledger_size(d->in->ledger);
    memcpy(d->log_root, ledger_root(d->in->ledger), sizeof d->log_root);
    snprintf(d->log_note, sizeof d->log_note, "%s", ledger_note(d->in->ledger));
    d->log_ok = true;
    d->seals = ledger_recipients(d->in->ledger) > 0;
    d->clock_gap_ms = clock_now_ms() - clock_boot_ms();
    for (int s = 0; s < SOURCE_COUNT; s++)
        d->available[s] = PROBE_OKAND;
    if (start_servers(d, e))
        return e->code;
    struct timeval every = {.tv_sec = TICK_S};
    d->tick = event_new(d->base, -1, EV_PERSIST, on_tick, d);
    d->on_term = evsignal_new(d->base, SIGTERM, on_signal, d);
    d->on_int = evsignal_new(d->base, SIGINT, on_signal, d);
    d->on_hup = evsignal_new(d->base, SIGHUP, on_signal, d);
    if (!d->tick || !d->on_term || !d->on_int || !d->on_hup ||
        event_add(d->on_hup, NULL) || event_add(d->tick, &every) ||
        event_add(d->on_term, NULL) || event_add(d->on_int, NULL))
        return err_set(e, ERR_INTERNAL, "the loop could not be set up");
    return ERR_OK;
}

/* The last entry, and the witnesses hear of it: a log that stands still is
 * wholly cosigned. The workers have ended; what is queued runs at once. */
static void
note_stop(struct daemon *d)
{
    struct err why = {0};
    if (!d->served)
        return;
    if (instance_note(d->in, KIND_STOPP, "{}", &why))
        log_error("log: %s", why.text);
    push_last(d->push);
}

/* Questions under way are interrupted, which is logged; then all is closed. */
static void
tear_down(struct daemon *d)
{
    sigset_t stops;
    sigemptyset(&stops);
    sigaddset(&stops, SIGTERM);
    sigaddset(&stops, SIGINT);
    sigaddset(&stops, SIGHUP);
    sigprocmask(SIG_BLOCK, &stops, NULL); /* one is enough */
    d->stopping = true;
    if (d->served)
        push_wake(d->push);
    if (d->server)
        server_pause(d->server);
    if (d->tls)
        server_pause(d->tls);
    question_cancel_all(d);
    int64_t until = clock_mono_us() + STOP_US;
    while (d->log_worker && d->reg_worker && clock_mono_us() < until &&
           (worker_pending(d->log_worker) || worker_pending(d->reg_worker)))
        event_base_loop(d->base, EVLOOP_ONCE);
    /* What is still queued runs out here; what that queues runs at once. */
    if (d->reg_worker)
        worker_stop(d->reg_worker);
    if (d->log_worker)
        worker_stop(d->log_worker);
    note_stop(d);
    worker_free(&d->reg_worker);
    worker_free(&d->log_worker);
    push_free(&d->push);
    question_stop_all(d);
    while (d->tasks)
        task_free(d->tasks);
    server_free(&d->server);
    server_free(&d->tls);
    fetcher_free(&d->fetcher);
    if (d->tick)
        event_free(d->tick);
    if (d->on_term)
        event_free(d->on_term);
    if (d->on_int)
        event_free(d->on_int);
    if (d->on_hup)
        event_free(d->on_hup);
    held_free(d);
    recent_free(d);
    reserved_free(d);
    opened_free(d);
    reviews_free(d);
}

enum err_code
daemon_serve(struct instance *in, struct event_base *base, struct err *e)
{
    struct daemon d = {.in = in, .base = base};
    mem_keep();
    server_raise_files();
    enum err_code code = push_open(in, base, &d.push, e);
    if (!code)
        code = note_clock(in, e);
    if (!code)
        code = write_start(in, e);
    if (!code)
        code = set_up(&d, e);
    if (!code)
        code = harden_calls(e);
    if (!code) {
        printf("redo %s\n", instance_path(in, "run/enfraga.sock"));
        if (d.tls)
            printf("tls %d\n", server_port(d.tls));
        fflush(stdout);
        d.served = true;
        push_start(d.push, &d);
        erasing_start(&d);
        access_sweep(&d);
        event_base_dispatch(base);
    }
    tear_down(&d);
    return code;
}
