/* SPDX-License-Identifier: EUPL-1.2
 *
 * enfragad: reads the command line and puts the parts together.
 */
#include "config.h"

#include "base/i18n.h"
#include "base/log.h"
#include "base/loop.h"
#include "base/mem.h"
#include "daemon/backup.h"
#include "daemon/commands.h"
#include "daemon/daemon.h"
#include "daemon/harden.h"
#include "daemon/instance.h"
#include "daemon/role.h"
#include "seal/aead.h"
#include "training/training.h"

#include <event2/event.h>
#include <fcntl.h>
#include <getopt.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <unistd.h>

struct options {
    const char *instance;
    bool check, with_parent;
    int verbose;
};

static int
fail(enum err_code code, const struct err *e)
{
    fprintf(stderr, "enfragad: %s\n", _(err_row(code)->message));
    if (e->text[0])
        fprintf(stderr, "  %s\n", e->text);
    return err_row(code)->exit;
}

/* A private enfragad ends with the last enfraga that uses it: each holds a
 * share of this lock, which the system takes back however it ends. */
struct users {
    struct event *tick;
    int fd;
};

static void
on_users_tick(evutil_socket_t fd, short what, void *arg)
{
    struct users *u = arg;
    (void)fd, (void)what;
    if (flock(u->fd, LOCK_EX | LOCK_NB) == 0) {
        event_del(u->tick);
        kill(getpid(), SIGTERM); /* whoever comes now waits for our end */
    }
}

static enum err_code
users_watch(struct users *u, struct event_base *base, const char *dir,
            struct err *e)
{
    char path[4096];
    int n = snprintf(path, sizeof path, "%s.use", dir);
    u->fd = n < (int)sizeof path
                ? open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0600)
                : -1;
    if (u->fd < 0)
        return err_errno(e, ERR_IO, "%s.use", dir);
    u->tick = event_new(base, -1, EV_PERSIST, on_users_tick, u);
    event_add(u->tick, &(struct timeval){1, 0});
    return ERR_OK;
}

static int
serve(const struct options *o)
{
    struct instance in;
    struct err e = {0};
    struct training *training = NULL;
    struct event_base *base = loop_new();
    struct users users = {.fd = -1};
    harden_early();
    enum err_code code = base ? instance_open(&in, o->instance, &e)
                              : err_set(&e, ERR_INTERNAL, "no event loop");
    if (base && !code && o->with_parent)
        code = users_watch(&users, base, o->instance, &e);
    if (base && !code && in.upstream.kind == UPSTREAM_SIMULERING) {
        training = training_start(base, in.upstream.unix_socket, in.dir, &e);
        if (!training)
            code = e.code;
    }
    if (!code)
        code = daemon_serve(&in, base, &e);
    training_stop(&training);
    if (base) {
        instance_close(&in);
        if (users.tick)
            event_free(users.tick);
        event_base_free(base);
    }
    if (users.fd >= 0)
        close(users.fd);
    libevent_global_shutdown();
    return code ? fail(code, &e) : 0;
}

/* A witness or a collector. --kontrollera: can it be opened? */
static int
serve_role(const struct options *o)
{
    struct err e = {0};
    struct role r;
    enum err_code code = ERR_OK;
    if (!o->check) {
        code = role_serve(o->instance, &e);
        libevent_global_shutdown();
    } else {
        code = role_open(&r, o->instance, &e);
        role_close(&r);
    }
    return code ? fail(code, &e) : 0;
}

static int
usage(FILE *out)
{
    fputs(_("Usage:\n"
            "  enfragad init DIR --lage test|ovning|skarp --kommun NAME "
            "--orgnr N --aktorsid ID\n"
            "      --upstream ssbtek|bastjanster|simulering [--url URL] "
            "[--kontrakt v10|v11]\n"
            "      [--ort PLACE] [--ca FILE] [--certifikat FILE] "
            "[--nyckel FILE]\n"
            "      [--anvandar-ca FILE] [--granskare KONTO:FILE]... "
            "[--arkiv FILE]\n"
            "      [--anvandare KONTO:NAME:ROLE[+ROLE][:PERSONNUMMER]]...\n"
            "  enfragad --instans DIR [--kontrollera]\n"
            "  enfragad --instans DIR importera FILE\n"
            "  enfragad --instans DIR anvandare "
            "lagg-till|andra|sparra|egen-lista ... [--certifikat FILE]\n"
            "  enfragad --version | --help\n"),
          out);
    fputs(_("Witness, collector, backup:\n"
            "  enfragad init DIR --roll vittne|insamling --namn NAME "
            "[--lage test|skarp]\n"
            "      [--databas CONNINFO]\n"
            "  enfragad --instans DIR sakerhetskopiera TO\n"
            "  enfragad --instans DIR aterlas FILE\n"
            "  enfragad --instans DIR mata FILE...\n"
            "  enfragad --instans DIR aterlamna ORIGIN --fran N --till "
            "FILE\n"
            "  enfragad --instans DIR exportera ORIGIN --till FILE\n"
            "  enfragad --instans DIR verifiera ORIGIN...\n"
            "  enfragad --instans DIR gallra ORIGIN... [--prova]\n"),
          out);
    return out == stderr ? 64 : 0;
}

static int
command(const struct options *o, int argc, char **argv)
{
    struct err e = {0};
    enum err_code code;
    if (!strcmp(argv[0], "init") && role_is_init(argc, argv)) {
        code = role_init(argc, argv, &e);
    } else if (!strcmp(argv[0], "init")) {
        code = command_init(argc, argv, training_cases_json, &e);
    } else if (!o->instance) {
        code = err_set(&e, ERR_USAGE, "--instans DIR is needed");
    } else if (role_of(o->instance) != ROLE_KIND_NONE) {
        code = role_command(o->instance, argc, argv, &e);
    } else if (!strcmp(argv[0], "sakerhetskopiera")) {
        code = command_backup(o->instance, argc, argv, &e);
    } else if (!strcmp(argv[0], "aterlas")) {
        code = command_restore(o->instance, argc, argv, &e);
    } else if (!strcmp(argv[0], "importera")) {
        code = command_import(o->instance, argc, argv, &e);
    } else if (!strcmp(argv[0], "anvandare")) {
        code = command_user(o->instance, argc, argv, &e);
    } else {
        code = err_set(&e, ERR_USAGE, "%s", argv[0]);
    }
    if (code == ERR_USAGE) {
        fail(code, &e);
        return usage(stderr);
    }
    return code ? fail(code, &e) : 0;
}

int
main(int argc, char **argv)
{
    enum { INSTANCE = 256, CHECK, PARENT, TELL_VERSION, HELP, TRAINING };
    static const struct option longs[] = {
        {"instans", required_argument, NULL, INSTANCE},
        {"kontrollera", no_argument, NULL, CHECK},
        {"foralder", no_argument, NULL, PARENT},
        {"ovning", no_argument, NULL, TRAINING},
        {"version", no_argument, NULL, TELL_VERSION},
        {"help", no_argument, NULL, HELP},
        {0}};
    struct options o = {.instance = getenv("ENFRAGA_INSTANS")};
    /* Whoever starts us may have blocked signals; a stop must get through. */
    sigset_t none;
    sigemptyset(&none);
    sigprocmask(SIG_SETMASK, &none, NULL);
    i18n_init();
    secret_init(); /* unlocked memory is no reason not to serve */
    for (int c; (c = getopt_long(argc, argv, "+v", longs, NULL)) != -1;)
        switch (c) {
        case INSTANCE:
            o.instance = optarg;
            break;
        case CHECK:
            o.check = true;
            break;
        case TRAINING: /* the mode is the instance's own; kept for scripts */
        case PARENT:
            o.with_parent |= c == PARENT;
            break;
        case TELL_VERSION:
            printf("enfragad %s\n", PACKAGE_VERSION);
            return 0;
        case HELP:
            return usage(stdout);
        case 'v':
            o.verbose++;
            break;
        default:
            return usage(stderr);
        }
    if (o.verbose)
        log_level_set(o.verbose > 1 ? LOG_STEG : LOG_INFO);
    if (optind < argc)
        return command(&o, argc - optind, argv + optind);
    if (!o.instance || !*o.instance)
        return usage(stderr);
    if (role_of(o.instance) != ROLE_KIND_NONE)
        return serve_role(&o);
    return o.check ? instance_check(o.instance) : serve(&o);
}
