/* SPDX-License-Identifier: EUPL-1.2
 *
 * enfraga: reads the command line and puts the parts together.
 */
#include "config.h"

#include "base/i18n.h"
#include "base/mem.h"
#include "base/text.h"
#include "cli/cli.h"
#include "seal/aead.h"

#include <errno.h>
#include <event2/event.h>
#include <fcntl.h>
#include <getopt.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>

struct wishes {
    bool linear, help, version;
    enum screens_color color; /* --farg */
};

static const char *
from_env(const char *name)
{
    const char *s = getenv(name);
    return s && *s ? s : NULL;
}

static int
print_help(FILE *to)
{
    fprintf(to, "%s",
            _("Usage: enfraga [--instans DIR] [--konto KONTO] [--ovning] "
              "[--linjar] [--losen-fil FILE] [COMMAND ...]\n"));
    for (const struct command *c = cli_commands; c->name; c++)
        fprintf(to, "  %-10s %s\n", c->name, gettext(c->sentence));
    fprintf(to, "%s", _("enfraga COMMAND --help says how each is used.\n"));
    return to == stderr ? err_row(ERR_USAGE)->exit : 0;
}

static bool
read_options(struct cli *cli, struct wishes *w, int argc, char **argv)
{
    enum {
        INSTANCE = 256,
        ACCOUNT,
        TRAINING,
        LINEAR,
        PASSPHRASE,
        COLOR,
        HELP,
        TELL
    };
    static const struct option longs[] = {
        {"instans", required_argument, NULL, INSTANCE},
        {"konto", required_argument, NULL, ACCOUNT},
        {"ovning", no_argument, NULL, TRAINING},
        {"linjar", no_argument, NULL, LINEAR},
        {"losen-fil", required_argument, NULL, PASSPHRASE},
        {"farg", required_argument, NULL, COLOR},
        {"help", no_argument, NULL, HELP},
        {"version", no_argument, NULL, TELL},
        {0}};
    struct client_options *o = &cli->options;
    o->instance = from_env("ENFRAGA_INSTANS");
    o->konto = from_env("ENFRAGA_KONTO");
    o->losen_fil = from_env("ENFRAGA_LOSEN_FIL");
    for (int c; (c = cli_option(argc, argv, "+", longs)) != -1;)
        switch (c) {
        case INSTANCE:
            o->instance = optarg;
            break;
        case ACCOUNT:
            o->konto = optarg;
            break;
        case TRAINING:
            o->ovning = true;
            break;
        case LINEAR:
            w->linear = true;
            break;
        case PASSPHRASE:
            o->losen_fil = optarg;
            break;
        case COLOR:
            if (strcmp(optarg, "ja") != 0 && strcmp(optarg, "nej") != 0)
                return false;
            w->color = !strcmp(optarg, "ja") ? COLOR_YES : COLOR_NO;
            break;
        case HELP:
            w->help = true;
            break;
        case TELL:
            w->version = true;
            break;
        default:
            return false;
        }
    if (o->ovning)
        o->instance = NULL; /* the private one, whatever else there is */
    return true;
}

static bool
wants_linear(void)
{
    const char *accessible = from_env("ACCESSIBLE"), *term = from_env("TERM");
    return (accessible && !strcmp(accessible, "1")) ||
           (term && !strcmp(term, "dumb"));
}

static int
run(struct cli *cli, const struct wishes *w, int argc, char **argv)
{
    if (w->version) {
        printf("enfraga %s\n", PACKAGE_VERSION);
        return 0;
    }
    if (w->help)
        return print_help(stdout);
    if (argc == 0)
        return w->linear || wants_linear() ? linear_mode(cli)
                                           : screens_mode(cli, w->color);
    for (const struct command *c = cli_commands; c->name; c++)
        if (!strcmp(c->name, argv[0])) {
            optind = 0;
            return cli_help(c->name, argc, argv) ? 0 : c->run(cli, argc, argv);
        }
    char shown[200];
    fprintf(stderr, _("enfraga: there is no command %s\n"),
            cli_masked(argv[0], shown, sizeof shown));
    return print_help(stderr);
}

/* Answers and keys live in memory alone: no core is written of them, no other
 * process of the account may look in, and keys are not swapped out. */
static void
keep_to_memory(void)
{
    struct rlimit none = {0};
    setrlimit(RLIMIT_CORE, &none);
#ifndef __SANITIZE_ADDRESS__ /* whose leak checker looks in */
    prctl(PR_SET_DUMPABLE, 0);
#endif
    secret_init(); /* unlocked memory is no reason not to work */
}

/* A standard stream that was closed is taken by what cannot be read or written
 * through it: no socket gets its number and then the answer. */
static void
hold_streams(void)
{
    for (int fd = 0; fd < 3; fd++)
        if (fcntl(fd, F_GETFD) < 0 && errno == EBADF &&
            open("/dev/null", fd == 1 ? O_RDONLY : O_RDWR) != fd)
            exit(err_row(ERR_IO)->exit);
}

/* What was not delivered is no success, whatever the answer was. */
static int
flush_output(const struct cli *cli, int leave)
{
    bool failed = ferror(stdout);
    if (!fflush(stdout) && !failed)
        return leave;
    fprintf(stderr, "enfraga: %s\n", _("the output could not be written"));
    if (cli->asked)
        fprintf(stderr, "  %s\n",
                _("the question stands in the log; to ask again, give a "
                  "reason with --skal"));
    return err_row(ERR_IO)->exit;
}

int
main(int argc, char **argv)
{
    struct cli cli = {0};
    struct wishes w = {0};
    hold_streams();
    i18n_init();
    keep_to_memory();
    signal(SIGPIPE, SIG_IGN);
    if (!read_options(&cli, &w, argc, argv))
        return print_help(stderr);
    int leave = run(&cli, &w, argc - optind, argv + optind);
    client_free(&cli.client);
    mem_wipe(cli.typed, sizeof cli.typed);
    if (cli.base)
        event_base_free(cli.base);
    libevent_global_shutdown();
    return flush_output(&cli, leave);
}
