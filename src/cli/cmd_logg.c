/* SPDX-License-Identifier: EUPL-1.2
 *
 * enfraga logg exportera | visa | dagsrad | forlang; verifiera and bevis have
 * files of their own.
 */
#include "config.h"

#include "cli/cli.h"

#include "base/clock.h"
#include "base/i18n.h"

#include <fcntl.h>
#include <getopt.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* Beside its name until it is whole: half an export is no export. What is no
 * file (/dev/stdout, a link) would be lost in its place. */
static int
open_part(const char *to, const char *part, struct err *e)
{
    struct stat st;
    if (!lstat(to, &st) && !S_ISREG(st.st_mode)) {
        err_set(e, ERR_BAD_INPUT,
                _("%s is no ordinary file and is left as it is. Name a file."),
                to);
        return -1;
    }
    unlink(part); /* of an export that was cut short */
    int fd = open(part, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
    if (fd < 0)
        err_errno(e, ERR_IO, "%s", part);
    return fd;
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
    char part[4096];
    snprintf(part, sizeof part, "%s.del", to);
    int fd = open_part(to, part, &e);
    if (fd < 0)
        return cli_fail(e.code, &e);
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
        return command_verifiera(cli, argc - 1, argv + 1);
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
