/* SPDX-License-Identifier: EUPL-1.2
 *
 * enfraga logg verifiera | exportera | visa | bevis | dagsrad | forlang.
 * verifiera is enfraga-verifiera's work, on the instance's own files, so it
 * also works when enfragad is stopped; where enfragad answers, the account
 * needs chef or systemansvarig.
 */
#include "config.h"

#include "cli/cli.h"

#include "base/clock.h"
#include "base/i18n.h"

#include <errno.h>
#include <fcntl.h>
#include <getopt.h>
#include <inttypes.h>
#include <libgen.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

enum { COULD_NOT_TELL = 2, MORE_MAX = 12 };

static void
find_verifier(char out[1024])
{
    char self[900];
    ssize_t n = readlink("/proc/self/exe", self, sizeof self - 1);
    snprintf(out, 1024, "%s/enfraga-verifiera", BINDIR);
    if (n <= 0)
        return;
    self[n] = '\0';
    char beside[1024];
    snprintf(beside, sizeof beside, "%s/enfraga-verifiera", dirname(self));
    if (access(beside, X_OK) == 0)
        snprintf(out, 1024, "%s", beside);
}

static int
run_verifier(const char *const argv[])
{
    int status;
    fflush(stdout);
    pid_t pid = fork();
    if (pid == 0) {
        execv(argv[0], (char *const *)argv);
        _exit(COULD_NOT_TELL);
    }
    if (pid < 0)
        return COULD_NOT_TELL;
    while (waitpid(pid, &status, 0) < 0)
        if (errno != EINTR)
            return COULD_NOT_TELL;
    int leave = WIFEXITED(status) ? WEXITSTATUS(status) : COULD_NOT_TELL;
    return leave <= COULD_NOT_TELL ? leave : COULD_NOT_TELL;
}

/* A daemon that is not there (stopped, or never started) refuses no one: the
 * files' own permissions then say who may read. */
static enum err_code
check_role(struct cli *cli, struct err *e)
{
    enum err_code code = cli_open(cli, false, e);
    if (code == ERR_LOCAL)
        return ERR_OK;
    if (code)
        return code;
    unsigned roles = client_me(cli->client)->roles;
    return roles & (ROLE_CHEF | ROLE_SYSTEMANSVARIG)
               ? ERR_OK
               : err_set(e, ERR_ROLE, "%s",
                         _("the log is verified by chef or systemansvarig"));
}

static int
verify(struct cli *cli, int argc, char **argv)
{
    static const char *const names[] = {"--full", "--mot", "--fran",
                                        "--tillstand", "--format"};
    static const struct option longs[] = {
        {"full", no_argument, NULL, 256},
        {"mot", required_argument, NULL, 257},
        {"fran", required_argument, NULL, 258},
        {"tillstand", required_argument, NULL, 259},
        {"format", required_argument, NULL, 260},
        {0}};
    char program[1024], dir[600];
    const char *args[MORE_MAX + 4] = {program};
    int n = 1;
    struct err e = {0};
    for (int c; (c = cli_option(argc, argv, "", longs)) != -1;) {
        if (c == '?' || n + 2 > MORE_MAX) {
            cli_usage("logg", NULL);
            return COULD_NOT_TELL;
        }
        args[n++] = names[c - 256];
        if (c > 256)
            args[n++] = optarg;
    }
    if (optind < argc) {
        cli_usage("logg", _("an argument was not understood"));
        return COULD_NOT_TELL;
    }
    enum err_code code = cli_instance_dir(cli, dir, &e);
    if (!code)
        code = check_role(cli, &e);
    if (code) {
        int refused = cli_fail(code, &e);
        return code == ERR_ROLE ? refused : COULD_NOT_TELL;
    }
    find_verifier(program);
    args[n] = dir;
    return run_verifier(args);
}

static int
export_log(struct cli *cli, int argc, char **argv)
{
    static const struct option longs[] = {{"till", required_argument, NULL, 1},
                                          {0}};
    const char *to = NULL;
    struct err e = {0};
    for (int c; (c = cli_option(argc, argv, "", longs)) != -1;) {
        if (c == '?')
            return cli_usage("logg", NULL);
        to = optarg;
    }
    if (!to || optind < argc)
        return cli_usage("logg", _("exportera takes --till FILE"));
    enum err_code code = cli_open(cli, false, &e);
    if (code)
        return cli_fail(code, &e);
    /* Beside its name until it is whole: half an export is no export. */
    char part[4096];
    snprintf(part, sizeof part, "%s.del", to);
    int fd = open(part, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
    if (fd < 0)
        return cli_fail(err_errno(&e, ERR_IO, "%s", part), &e);
    client_download(cli->client, "/v1/logg/export", fd, NULL, NULL);
    code = client_wait(cli->client, &e);
    if (!code && (fsync(fd) || rename(part, to)))
        code = err_errno(&e, ERR_IO, "%s", to);
    close(fd);
    if (code) {
        unlink(part);
        return cli_fail(code, &e);
    }
    fprintf(stderr, _("The log is exported to %s.\n"), to);
    return 0;
}

static int
show(struct cli *cli)
{
    struct err e = {0};
    int n;
    enum err_code code = cli_open(cli, false, &e);
    if (!code) {
        client_rows(cli->client, NULL, NULL);
        code = client_wait(cli->client, &e);
    }
    if (code)
        return cli_fail(code, &e);
    const struct client_row *rows = client_row_list(cli->client, &n);
    for (int i = 0; i < n; i++) {
        char at[32], codes[64];
        clock_iso(rows[i].time_ms, at);
        source_set_text(rows[i].sources, ',', codes);
        printf("post %" PRIu64 " %s %s", rows[i].seq, at, rows[i].type);
        if (rows[i].arende[0])
            printf(" arende=%s", rows[i].arende);
        if (codes[0])
            printf(" kallor=%s", codes);
        if (rows[i].system[0])
            printf(" system=%s", rows[i].system);
        putchar('\n');
    }
    return 0;
}

/* The line a day that is registered by hand (vittne.papper). */
static int
day_line(struct cli *cli)
{
    struct err e = {0};
    AUTO_BUF(line, 512);
    enum err_code code = cli_open(cli, false, &e);
    if (code)
        return cli_fail(code, &e);
    client_day_line(cli->client, &line);
    puts(buf_str(&line));
    return 0;
}

static int
extend(struct cli *cli, int argc, char **argv)
{
    static const struct option longs[] = {{"skal", required_argument, NULL, 1},
                                          {0}};
    const char *why = NULL;
    struct err e = {0};
    for (int c; (c = cli_option(argc, argv, "", longs)) != -1;) {
        if (c == '?')
            return cli_usage("logg", NULL);
        why = optarg;
    }
    if (!why || optind < argc)
        return cli_usage("logg", _("forlang takes --skal TEXT"));
    enum err_code code = cli_open(cli, true, &e);
    if (!code) {
        client_extend(cli->client, why, NULL, NULL);
        code = client_wait(cli->client, &e);
    }
    if (code)
        return cli_fail(code, &e);
    puts(_("The time without a witness is extended. It is logged, with your "
           "reason."));
    return 0;
}

int
command_logg(struct cli *cli, int argc, char **argv)
{
    if (argc >= 2 && !strcmp(argv[1], "verifiera"))
        return verify(cli, argc - 1, argv + 1);
    if (argc >= 2 && !strcmp(argv[1], "exportera"))
        return export_log(cli, argc - 1, argv + 1);
    if (argc == 2 && !strcmp(argv[1], "visa"))
        return show(cli);
    if (argc >= 2 && !strcmp(argv[1], "bevis"))
        return command_bevis(cli, argc - 1, argv + 1);
    if (argc == 2 && !strcmp(argv[1], "dagsrad"))
        return day_line(cli);
    if (argc >= 2 && !strcmp(argv[1], "forlang"))
        return extend(cli, argc - 1, argv + 1);
    return cli_usage("logg", NULL);
}
