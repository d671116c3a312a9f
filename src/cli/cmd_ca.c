/* SPDX-License-Identifier: EUPL-1.2
 *
 * enfraga ca: certificates where the municipality has no CA of its own. Works
 * on a folder, without enfragad.
 */
#include "config.h"

#include "cli/cli.h"

#include "base/clock.h"
#include "base/i18n.h"
#include "base/mem.h"
#include "cli/passphrase.h"
#include "forsakran/ca.h"
#include "forsakran/file.h"

#include <getopt.h>
#include <stdio.h>
#include <string.h>

struct wish {
    const char *dir, *kommun, *konto, *namn, *to;
    bool review;
    const char *what, *arg; /* the action and what it is done to */
};

static bool
read_wish(struct wish *w, int argc, char **argv)
{
    enum { DIR = 1, KOMMUN, KONTO, NAMN, TO, REVIEW };
    static const struct option longs[] = {
        {"katalog", required_argument, NULL, DIR},
        {"kommun", required_argument, NULL, KOMMUN},
        {"konto", required_argument, NULL, KONTO},
        {"namn", required_argument, NULL, NAMN},
        {"till", required_argument, NULL, TO},
        {"granskare", no_argument, NULL, REVIEW},
        {0}};
    optind = 0;
    for (int c; (c = cli_option(argc, argv, "", longs)) != -1;) {
        if (c == '?')
            return false;
        if (c == REVIEW)
            w->review = true;
        else
            *(const char **[]){NULL,      &w->dir,  &w->kommun,
                               &w->konto, &w->namn, &w->to}[c] = optarg;
    }
    int n = argc - optind; /* argv[0], the command, is behind */
    if (n < 1 || n > 2)
        return false;
    w->what = argv[optind];
    w->arg = n == 2 ? argv[optind + 1] : NULL;
    bool issue = !strcmp(w->what, "utfarda"), init = !strcmp(w->what, "init");
    bool one = issue || init || !strcmp(w->what, "aterkalla");
    bool none = !strcmp(w->what, "lista") || !strcmp(w->what, "sparrlista");
    return (one ? n == 2 : none && n == 1) && !w->kommun == !init &&
           !w->konto == !issue && !w->namn == !issue &&
           (issue || (!w->to && !w->review)) && !(init && w->dir);
}

static enum err_code
init(const struct wish *w, const char *passphrase, struct err *e)
{
    enum err_code code = ca_init(w->arg, w->kommun, passphrase, e);
    if (!code)
        printf(_("The CA is made in %s. Keep the folder and the passphrase "
                 "apart. The instance has ca.crt as keys/ca.crt.\n"),
               w->arg);
    return code;
}

static enum err_code
issue(const struct wish *w, const char *dir, const char *passphrase,
      struct err *e)
{
    AUTO_BUF(pem, CA_PEM_MAX);
    char serial[CA_SERIAL_TEXT];
    struct ca_wish c = {w->arg, w->konto, w->namn, w->review};
    enum err_code code = ca_issue(dir, passphrase, &c, &pem, serial, e);
    if (!code && w->to)
        code = file_write(w->to, 0644, pem.data, pem.len, e);
    if (code)
        return code;
    if (!w->to)
        fwrite(pem.data, 1, pem.len, stdout);
    fprintf(w->to ? stdout : stderr, "serie=%s konto=%s\n", serial, w->konto);
    return ERR_OK;
}

static void
print_row(void *arg, const struct ca_row *r)
{
    const char *today = arg;
    const char *state = r->revoked[0]                ? "aterkallat"
                        : strcmp(r->till, today) < 0 ? "utgangen"
                                                     : "giltigt";
    printf("serie=%s konto=%s till=%s lage=%s aterkallat=%s namn=\"%s\"\n",
           r->serial, r->konto, r->till, state,
           r->revoked[0] ? r->revoked : "-", r->namn);
}

static enum err_code
list(const char *dir, struct err *e)
{
    char today[11];
    clock_date(clock_now_ms(), today);
    return ca_rows(dir, print_row, today, e);
}

static enum err_code
revoke(const struct wish *w, const char *dir, const char *passphrase,
       struct err *e)
{
    enum err_code code = ca_revoke(dir, passphrase, w->arg, e);
    if (!code)
        printf(_("The revocation list %s/ca.crl is written anew.\n"), dir);
    return code;
}

int
command_ca(struct cli *cli, int argc, char **argv)
{
    struct err e = {0};
    struct wish w = {0};
    char passphrase[PASSPHRASE_SIZE];
    if (!read_wish(&w, argc, argv))
        return cli_usage("ca", NULL);
    bool new = !strcmp(w.what, "init");
    const char *dir = w.dir ? w.dir : ".";
    enum err_code code = new ? ERR_OK : ca_guard(dir, &e);
    if (!code && !strcmp(w.what, "lista")) {
        code = list(dir, &e);
        return code ? cli_fail(code, &e) : 0;
    }
    if (!code)
        code = passphrase_ask(
            cli->options.losen_fil, _("The CA's passphrase: "), new,
            _("name a file with --losen-fil"), passphrase, &e);
    if (!code)
        code = new                          ? init(&w, passphrase, &e)
               : !strcmp(w.what, "utfarda") ? issue(&w, dir, passphrase, &e)
                                            : revoke(&w, dir, passphrase, &e);
    mem_wipe(passphrase, sizeof passphrase);
    return code ? cli_fail(code, &e) : 0;
}
