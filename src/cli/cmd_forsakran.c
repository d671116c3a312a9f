/* SPDX-License-Identifier: EUPL-1.2
 *
 * enfraga forsakran skriv-under | visa | aterkalla. Each undertaking is ticked
 * by itself; there is no option that ticks them all (UX 4).
 */
#include "config.h"

#include "cli/cli.h"

#include "base/i18n.h"

#include <getopt.h>
#include <stdio.h>
#include <string.h>

struct signing {
    bool ticks[4];
    const char *ort, *namn;
};

static int
read_signing(struct signing *s, int argc, char **argv)
{
    enum { BEHOV, INTRANG, TYSTNAD, LOGGNING, ORT, NAMN };
    static const struct option longs[] = {
        {"behov", no_argument, NULL, 256 + BEHOV},
        {"intrang", no_argument, NULL, 256 + INTRANG},
        {"tystnad", no_argument, NULL, 256 + TYSTNAD},
        {"loggning", no_argument, NULL, 256 + LOGGNING},
        {"ort", required_argument, NULL, 256 + ORT},
        {"namn", required_argument, NULL, 256 + NAMN},
        {0}};
    for (int c; (c = cli_option(argc, argv, "", longs)) != -1;) {
        if (c == '?')
            return cli_usage("forsakran", NULL);
        if (c - 256 <= LOGGNING)
            s->ticks[c - 256] = true;
        else if (c - 256 == ORT)
            s->ort = optarg;
        else
            s->namn = optarg;
    }
    if (optind < argc)
        return cli_usage("forsakran", _("an argument was not understood"));
    for (int i = 0; i < 4; i++)
        if (!s->ticks[i])
            return cli_usage("forsakran",
                             _("each undertaking is ticked by itself: --behov "
                               "--intrang --tystnad --loggning"));
    return 0;
}

static int
sign(struct cli *cli, int argc, char **argv)
{
    struct signing s = {0};
    struct err e = {0};
    const char *passphrase;
    int leave = read_signing(&s, argc, argv);
    if (leave)
        return leave;
    enum err_code code = cli_open(cli, false, &e);
    if (!code)
        code = cli_passphrase(cli, &passphrase, &e);
    if (!code) {
        client_sign_forsakran(cli->client, s.ticks, s.ort, s.namn, passphrase,
                              NULL, NULL);
        code = client_wait(cli->client, &e);
    }
    if (code)
        return cli_fail(code, &e);
    printf(_("The försäkran is signed. It holds until %s.\n"),
           client_me(cli->client)->forsakran_till);
    return 0;
}

static const char *
state_words(enum forsakran_state s)
{
    switch (s) {
    case FORSAKRAN_GILTIG:
        return _("valid");
    case FORSAKRAN_NY_TEXT:
        return _("signed in an older wording");
    case FORSAKRAN_UTGANGEN:
        return _("expired");
    case FORSAKRAN_ATERKALLAD:
        return _("withdrawn");
    case FORSAKRAN_ANNAN_NYCKEL:
        return _("signed for another key");
    case FORSAKRAN_CERT_SPARRAT:
        return _("signed with a certificate that is revoked");
    default:
        return _("not signed");
    }
}

static int
show(struct cli *cli)
{
    struct err e = {0};
    enum err_code code = cli_open(cli, false, &e);
    if (code)
        return cli_fail(code, &e);
    const struct client_me *me = client_me(cli->client);
    printf(_("Försäkran of %s: %s"), me->konto, state_words(me->forsakran));
    if (me->forsakran_till[0])
        printf(_(", until %s"), me->forsakran_till);
    printf("\n%s %s\n\n", _("Wording"), me->wording_id);
    if (me->wording)
        printf("%s\n", me->wording);
    return 0;
}

static int
withdraw(struct cli *cli)
{
    struct err e = {0};
    enum err_code code = cli_open(cli, true, &e);
    if (!code) {
        client_withdraw_forsakran(cli->client, NULL, NULL);
        code = client_wait(cli->client, &e);
    }
    if (code)
        return cli_fail(code, &e);
    puts(_("The försäkran is withdrawn."));
    return 0;
}

int
command_forsakran(struct cli *cli, int argc, char **argv)
{
    if (argc >= 2 && !strcmp(argv[1], "skriv-under"))
        return sign(cli, argc - 1, argv + 1);
    if (argc == 2 && !strcmp(argv[1], "visa"))
        return show(cli);
    if (argc == 2 && !strcmp(argv[1], "aterkalla"))
        return withdraw(cli);
    return cli_usage("forsakran", NULL);
}
