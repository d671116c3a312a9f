/* SPDX-License-Identifier: EUPL-1.2
 *
 * enfraga logg verifiera: enfraga-verifiera's work, on the instance's own
 * files, so that it also works when enfragad is stopped, or on what enfragad
 * exports; where enfragad answers, the account needs chef or systemansvarig.
 */
#include "config.h"

#include "cli/cli.h"

#include "base/i18n.h"

#include <errno.h>
#include <getopt.h>
#include <libgen.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
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
check_role(struct cli *cli, bool *answers, struct err *e)
{
    enum err_code code = cli_open(cli, false, e);
    *answers = code != ERR_LOCAL;
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

static bool
is_ours(const char *dir)
{
    char path[700];
    snprintf(path, sizeof path, "%s/audit.db", dir);
    return access(path, R_OK) == 0;
}

/* Where the log is another account's (as it is to be in skarp), what enfragad
 * exports is verified, by the key that is pinned here. The file has no name. */
static int
verify_export(struct cli *cli, const char *args[], int n)
{
    char path[600], key[256];
    const char *tmp = getenv("TMPDIR");
    struct err e = {0};
    snprintf(path, sizeof path, "%.500s/enfraga-XXXXXX",
             tmp && *tmp == '/' ? tmp : "/tmp");
    int fd = mkstemp(path);
    if (fd < 0)
        err_errno(&e, ERR_IO, "%s", path);
    else
        unlink(path);
    if (fd >= 0)
        client_download(cli->client, "/v1/logg/export", fd, NULL, NULL);
    enum err_code code = fd < 0 ? ERR_IO : client_wait(cli->client, &e);
    if (code) {
        cli_fail(code, &e);
        return COULD_NOT_TELL;
    }
    fprintf(stderr, "%s\n",
            _("The log's files are another account's: what enfragad exports is "
              "verified, without the sealed contents."));
    snprintf(path, sizeof path, "/proc/self/fd/%d", fd);
    snprintf(key, sizeof key, "%s", client_log_vkey(cli->client));
    args[n++] = "--vkey";
    args[n++] = key;
    args[n] = path;
    int leave = run_verifier(args);
    close(fd);
    return leave;
}

int
command_verifiera(struct cli *cli, int argc, char **argv)
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
    const char *args[MORE_MAX + 6] = {program};
    int n = 1;
    struct err e = {0};
    bool answers = false;
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
        code = check_role(cli, &answers, &e);
    if (code) {
        int refused = cli_fail(code, &e);
        return code == ERR_ROLE ? refused : COULD_NOT_TELL;
    }
    find_verifier(program);
    args[n] = dir;
    return is_ours(dir) || !answers ? run_verifier(args)
                                    : verify_export(cli, args, n);
}
