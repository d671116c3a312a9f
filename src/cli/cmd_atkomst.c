/* SPDX-License-Identifier: EUPL-1.2
 *
 * enfraga arenden atkomst: a chef gives a colleague access to a case for 24
 * hours, approves what was taken efterhand, or lists what waits; a
 * handläggare takes it efterhand where the municipality allows that. Each but
 * the list is an entry in the log.
 */
#include "config.h"

#include "cli/cli.h"

#include "base/i18n.h"

#include <getopt.h>
#include <stdio.h>

struct wish {
    const char *arende, *to, *why;
    bool approve, own;
};

static bool
read_wish(struct wish *w, int argc, char **argv)
{
    enum { CASE = 1, TO, WHY, APPROVE, OWN };
    static const struct option longs[] = {
        {"arende", required_argument, NULL, CASE},
        {"till", required_argument, NULL, TO},
        {"skal", required_argument, NULL, WHY},
        {"godkann", no_argument, NULL, APPROVE},
        {"efterhand", no_argument, NULL, OWN},
        {0}};
    opterr = 0;
    optind = 0;
    for (int c; (c = cli_option(argc, argv, "", longs)) != -1;) {
        if (c == '?')
            return false;
        if (c == CASE)
            w->arende = optarg;
        if (c == TO)
            w->to = optarg;
        if (c == WHY)
            w->why = optarg;
        w->approve |= c == APPROVE;
        w->own |= c == OWN;
    }
    return optind >= argc;
}

/* Why the options do not go together, or NULL. */
static const char *
fault(const struct wish *w)
{
    if (w->own && (w->to || w->approve || !w->arende || !w->why))
        return _("--efterhand takes --arende and --skal; it is your own "
                 "access");
    if (!w->own && (!w->arende || !w->to))
        return _("--arende ID and --till KONTO are needed");
    return w->approve || w->why ? NULL : _("--skal TEXT is needed");
}

static int
list(struct cli *cli)
{
    struct err e = {0};
    int n;
    enum err_code code = cli_open(cli, false, &e);
    if (!code) {
        client_accesses(cli->client, NULL, NULL);
        code = client_wait(cli->client, &e);
    }
    if (code)
        return cli_fail(code, &e);
    const struct client_access *a = client_access_list(cli->client, &n);
    for (int i = 0; i < n; i++)
        printf("vantar %s till=%s fore=%s skal=\"%s\"\n", a[i].arende,
               a[i].konto, a[i].before, a[i].skal);
    if (!n)
        fprintf(stderr, "%s\n", _("No access waits for approval."));
    return 0;
}

int
command_atkomst(struct cli *cli, int argc, char **argv)
{
    struct err e = {0};
    struct wish w = {0};
    if (argc == 1)
        return list(cli);
    if (!read_wish(&w, argc, argv))
        return cli_usage("arenden", _("an argument was not understood"));
    if (fault(&w))
        return cli_usage("arenden", fault(&w));
    enum access_kind kind = w.own       ? ACCESS_EFTERHAND
                            : w.approve ? ACCESS_GODKAND
                                        : ACCESS_GIVEN;
    enum err_code code = cli_open(cli, true, &e);
    if (!code) {
        client_give_access(cli->client, kind, w.arende, w.to, w.why, NULL,
                           NULL);
        code = client_wait(cli->client, &e);
    }
    if (code)
        return cli_fail(code, &e);
    const char *until = client_access_until(cli->client);
    if (w.own)
        printf(_("%s is open to you until %s, and a chef must approve it "
                 "before then. It is logged.\n"),
               w.arende, until);
    else
        printf(_("%s has access to %s until %s. It is logged and will be "
                 "reviewed by another chef.\n"),
               w.to, w.arende, until);
    return 0;
}
