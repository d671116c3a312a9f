/* SPDX-License-Identifier: EUPL-1.2
 *
 * enfraga nycklar: the user's own keys, and who the log is sealed to. A new
 * certificate is proposed by one chef and taken in by another, who has the
 * file from its holder and not from the first; one is taken away likewise,
 * without the file.
 */
#include "config.h"

#include "cli/cli.h"

#include "base/i18n.h"
#include "base/text.h"
#include "forsakran/reviewer.h"
#include "seal/hash.h"

#include <getopt.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct wish {
    const char *name, *unit, *file, *approve, *remove;
};

static bool
read_wish(struct wish *w, int argc, char **argv)
{
    enum { NAME = 1, UNIT, CERT, APPROVE, REMOVE };
    static const struct option longs[] = {
        {"namn", required_argument, NULL, NAME},
        {"enhet", required_argument, NULL, UNIT},
        {"certifikat", required_argument, NULL, CERT},
        {"godkann", required_argument, NULL, APPROVE},
        {"ta-bort", required_argument, NULL, REMOVE},
        {0}};
    opterr = 0;
    optind = 0;
    for (int c; (c = cli_option(argc, argv, "", longs)) != -1;) {
        if (c == '?')
            return false;
        *(const char **[]){NULL,     &w->name,    &w->unit,
                           &w->file, &w->approve, &w->remove}[c] = optarg;
    }
    if (optind < argc)
        return false;
    if (w->remove)
        return !w->file && !w->name && !w->unit && !w->approve;
    if (w->approve)
        return !w->name && !w->unit;
    return !w->file == !w->name && (w->file || !w->unit);
}

/* Of those the log is sealed to, or of the proposals. */
static enum err_code
find(struct cli *cli, const char *number, bool here,
     const struct recipient_row **out, struct err *e)
{
    int n;
    client_recipients(cli->client, NULL, NULL);
    enum err_code code = client_wait(cli->client, e);
    const struct recipient_row *list = client_recipient_list(cli->client, &n);
    for (int i = 0; !code && i < n; i++) {
        char text[24];
        snprintf(text, sizeof text, "%" PRIu64, list[i].seq);
        if (list[i].here == here && !strcmp(text, number)) {
            *out = &list[i];
            return ERR_OK;
        }
    }
    if (code)
        return code;
    return here ? err_set(e, ERR_NOT_FOUND,
                          _("the log is not sealed to a recipient %s"), number)
                : err_set(e, ERR_NOT_FOUND, _("no proposal %s waits"), number);
}

/* One who is to open the log no more. */
static enum err_code
drop(struct cli *cli, const struct recipient_row *of, struct err *e)
{
    bool proposal = of->here;
    char name[sizeof of->name];
    snprintf(name, sizeof name, "%s", of->name);
    client_drop_recipient(cli->client, of, NULL, NULL);
    enum err_code code = client_wait(cli->client, e);
    if (code)
        return code;
    if (proposal)
        puts(_("It is proposed that the recipient is taken away, and it is "
               "logged. Another chef decides: enfraga nycklar mottagare "
               "--godkann NR"));
    else
        printf(_("The log is not sealed to %s from the next key on. What was "
                 "sealed before still opens with that key. It is logged.\n"),
               name);
    return ERR_OK;
}

/* Either from the list alone: a removal, or the second person's word on it. */
static enum err_code
change(struct cli *cli, const struct wish *w, struct err *e)
{
    const struct recipient_row *of = NULL;
    enum err_code code = find(cli, w->remove ? w->remove : w->approve,
                              w->remove != NULL, &of, e);
    if (!code && !w->remove && !of->has_away)
        return err_set(e, ERR_USAGE, "%s",
                       _("its certificate is needed too: --certifikat FIL"));
    return code ? code : drop(cli, of, e);
}

static enum err_code
put(struct cli *cli, const struct wish *w, struct err *e)
{
    AUTO_BUF(der, REVIEWER_CERT_MAX);
    const struct recipient_row *of = NULL;
    uint8_t sha[HASH_SIZE];
    enum err_code code = reviewer_cert(&der, w->file, e);
    if (!code && w->approve)
        code = find(cli, w->approve, false, &of, e);
    if (code)
        return code;
    sha256(sha, der.data, der.len);
    if (of && memcmp(sha, of->cert, sizeof sha) != 0)
        return err_set(e, ERR_BAD_INPUT, "%s",
                       _("the certificate is not the one that is proposed"));
    client_put_recipient(cli->client, of ? of->name : w->name,
                         of       ? of->unit
                         : w->unit ? w->unit
                                   : "",
                         der.data, der.len, of, NULL, NULL);
    code = client_wait(cli->client, e);
    if (code)
        return code;
    if (of)
        printf(_("The log is sealed to %s too from now on. It is logged.\n"),
               of->name);
    else
        puts(_("The certificate is proposed, and it is logged. Another chef "
               "takes it in: enfraga nycklar mottagare --godkann NR "
               "--certifikat FIL"));
    return ERR_OK;
}

static enum err_code
list(struct cli *cli, struct err *e)
{
    int n;
    client_recipients(cli->client, NULL, NULL);
    enum err_code code = client_wait(cli->client, e);
    if (code)
        return code;
    const struct recipient_row *r = client_recipient_list(cli->client, &n);
    for (int i = 0; i < n; i++) {
        char hex[2 * HASH_SIZE + 1];
        text_hex(r[i].cert, HASH_SIZE, hex);
        if (r[i].here)
            printf("mottagare=%" PRIu64 " sparrad=%s", r[i].seq,
                   r[i].blocked ? "ja" : "nej");
        else
            printf("forslag=%" PRIu64 " konto=%s", r[i].seq, r[i].konto);
        printf(" namn=%s enhet=\"%s\" sha256=%s", r[i].name, r[i].unit, hex);
        if (r[i].has_away)
            printf(" tar_bort=%" PRIu64, r[i].away);
        putchar('\n');
    }
    return ERR_OK;
}

/* The entry key as enfragad has it, since when, and on whose word it has
 * changed (DESIGN 6). */
static enum err_code
show(struct cli *cli)
{
    const struct client_me *me = client_me(cli->client);
    printf("konto=%s postnyckel=%s sedan=%s bytt_av=%s vantar=%s\n", me->konto,
           me->key_print[0] ? me->key_print : "-",
           me->key_since[0] ? me->key_since : "-",
           me->key_by[0] ? me->key_by : "-",
           me->key_waits[0] ? me->key_waits : "-");
    return ERR_OK;
}

int
command_nycklar(struct cli *cli, int argc, char **argv)
{
    struct err e = {0};
    struct wish w = {0};
    bool visa = argc == 2 && !strcmp(argv[1], "visa");
    bool mottagare = argc > 1 && !strcmp(argv[1], "mottagare") &&
                     read_wish(&w, argc - 1, argv + 1);
    if (!visa && !mottagare)
        return argc > 1 && strcmp(argv[1], "mottagare") != 0
                   ? command_own_keys(cli, argc - 1, argv + 1)
                   : cli_usage("nycklar", NULL);
    bool writes = w.file || w.approve || w.remove;
    enum err_code code = cli_open(cli, writes, &e);
    if (!code)
        code = visa      ? show(cli)
               : w.file  ? put(cli, &w, &e)
               : !writes ? list(cli, &e)
                         : change(cli, &w, &e);
    return code ? cli_fail(code, &e) : 0;
}
