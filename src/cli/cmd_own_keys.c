/* SPDX-License-Identifier: EUPL-1.2
 *
 * enfraga nycklar ny | installera | byt | attestera: the user's own keys, made
 * here and nowhere else (DESIGN 6), and a chef's word for another's.
 */
#include "config.h"

#include "cli/cli.h"

#include "base/clock.h"
#include "base/i18n.h"
#include "base/mem.h"
#include "forsakran/identity.h"
#include "forsakran/keys.h"

#include <getopt.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

struct wish {
    bool review, replace;
    const char *arg, *print; /* a file or an account; the key's print */
};

static struct keys_owner
owner(const struct cli *cli)
{
    const struct client_me *me = client_me(cli->client);
    return (struct keys_owner){me->konto, me->namn, me->kommun,
                               client_status(cli->client)->origin};
}

/* One for a new key: in skarp typed twice, else the option's file or the one
 * that the account has. */
static enum err_code
new_passphrase(const struct cli *cli, bool review, char out[PASSPHRASE_SIZE],
               struct err *e)
{
    char own[800];
    const char *file = cli->options.losen_fil;
    snprintf(own, sizeof own, "%s/losen", client_user_dir(cli->client));
    if (client_types_passphrase(cli->client))
        file = NULL;
    else if (!file && access(own, R_OK) == 0)
        file = own;
    return passphrase_ask(file,
                          review ? _("New passphrase for the reviewer's key: ")
                                 : _("New passphrase: "),
                          true, _("a passphrase is chosen there"), out, e);
}

static void
tell_made(const struct cli *cli, const struct wish *w, const char *aside)
{
    char vkey[160], print[16];
    const char *dir = client_user_dir(cli->client);
    const struct client_me *me = client_me(cli->client);
    if (w->replace)
        printf(_("The old ones lie in %s.\n"), aside);
    if (!w->review && !identity_read_vkey(vkey, dir, NULL)) {
        identity_print(vkey, print);
        printf(_("The keys are made in %s. The entry key is %s.\n"), dir,
               print);
    } else {
        printf(_("The reviewer's key is made in %s.\n"), dir);
    }
    printf(_("Hand %s/%s.csr to the municipality's CA, or: enfraga ca utfarda "
             "%s/%s.csr --konto %s --namn \"%s\"%s\n"),
           dir, w->review ? "review" : "sign", dir,
           w->review ? "review" : "sign", me->konto, me->namn,
           w->review ? " --granskare" : "");
    puts(_("Then: enfraga nycklar installera CERTIFIKAT"));
    if (!w->review && *client_vkey(cli->client))
        puts(_("The account has another entry key: a chef attests this one, "
               "after enfraga nycklar byt."));
}

static enum err_code
make(struct cli *cli, const struct wish *w, struct err *e)
{
    char passphrase[PASSPHRASE_SIZE], aside[800] = "", file[800];
    const struct keys_owner o = owner(cli);
    const char *dir = client_user_dir(cli->client);
    snprintf(file, sizeof file, "%s/%s.key", dir,
             w->review ? "review" : "sign");
    if (!w->replace && access(file, F_OK) == 0)
        return err_set(e, ERR_BAD_INPUT,
                       _("%s: there are keys already. nycklar byt changes the "
                         "entry key; --ersatt lays all aside and makes new "
                         "ones."),
                       file);
    enum err_code code = new_passphrase(cli, w->review, passphrase, e);
    if (!code && w->replace)
        code = keys_set_aside(dir, w->review, aside, e);
    if (!code)
        code = w->review ? keys_make_review(dir, &o, passphrase, e)
                         : keys_make(dir, &o, passphrase, e);
    mem_wipe(passphrase, sizeof passphrase);
    if (!code)
        tell_made(cli, w, aside);
    return code;
}

static enum err_code
install(struct cli *cli, const struct wish *w, struct err *e)
{
    enum keys_use use;
    const char *dir = client_user_dir(cli->client);
    client_user_ca(cli->client, NULL, NULL);
    enum err_code code = client_wait(cli->client, e);
    const char *ca = client_user_ca_text(cli->client);
    if (!code)
        code = keys_install(dir, client_me(cli->client)->konto, w->arg,
                            *ca ? ca : NULL, clock_now_ms(), &use, e);
    if (code)
        return code;
    if (!*ca)
        fprintf(stderr, "%s\n",
                _("enfragad has no CA of users' certificates (keys/ca.crt), so "
                  "who issued it was not judged."));
    printf(_("The certificate is installed: %s/%s\n"), dir,
           use == KEYS_REVIEW ? "review.crt" : "sign.crt");
    return ERR_OK;
}

static void
tell_changed(const char *vkey)
{
    char print[16];
    identity_print(vkey, print);
    printf(_("The entry key is %s from now on, and it is logged. Sign the "
             "försäkran anew: enfraga forsakran skriv-under\n"),
           print);
}

/* No old key to sign with: a chef attests the one that is here. */
static enum err_code
ask_chef(struct cli *cli, const char *vkey, struct err *e)
{
    char print[16];
    client_ask_key(cli->client, vkey, NULL, NULL);
    enum err_code code = client_wait(cli->client, e);
    if (code)
        return code;
    identity_print(vkey, print);
    printf(_("The entry key %s awaits a chef's attestation. Read it to your "
             "chef, who writes: enfraga nycklar attestera %s --nyckel %s\n"),
           print, client_me(cli->client)->konto, print);
    return ERR_OK;
}

/* The new key is on file before the entry stands, and takes over after. */
static enum err_code
change_signed(struct cli *cli, const char *typed, struct err *e)
{
    char vkey[160];
    AUTO_STR char *passphrase = NULL;
    const struct keys_owner o = owner(cli);
    const char *dir = client_user_dir(cli->client);
    enum err_code code = client_passphrase(cli->client, typed, &passphrase, e);
    if (!code)
        code = keys_begin_change(dir, &o, passphrase, vkey, e);
    if (code)
        return code;
    client_change_key(cli->client, vkey, NULL, NULL);
    code = client_wait(cli->client, e);
    if (!code)
        code = keys_end_change(dir, e);
    if (!code)
        tell_changed(vkey);
    return code;
}

static enum err_code
change(struct cli *cli, const struct wish *w, struct err *e)
{
    char here[160], waiting[160];
    const char *known = client_vkey(cli->client), *passphrase;
    const char *dir = client_user_dir(cli->client);
    (void)w;
    if (!*known)
        return err_set(e, ERR_BAD_INPUT, "%s",
                       _("no key is registered yet: the first försäkran does "
                         "it"));
    /* Cut short after the entry: the rest is done now. */
    if (!keys_waiting(dir, waiting, NULL) && !strcmp(waiting, known)) {
        enum err_code code = keys_end_change(dir, e);
        if (!code)
            tell_changed(waiting);
        return code;
    }
    enum err_code code = identity_read_vkey(here, dir, e);
    if (code)
        return code;
    if (strcmp(here, known) != 0)
        return ask_chef(cli, here, e);
    code = cli_passphrase(cli, &passphrase, e);
    if (code)
        return code;
    client_unlock(cli->client, passphrase, NULL, NULL);
    code = client_wait(cli->client, e);
    return code ? code : change_signed(cli, passphrase, e);
}

static enum err_code
list_waiting(struct cli *cli, int *n, struct err *e)
{
    client_keys_asked(cli->client, NULL, NULL);
    enum err_code code = client_wait(cli->client, e);
    client_key_list(cli->client, n);
    return code;
}

static enum err_code
list(struct cli *cli, struct err *e)
{
    int n;
    enum err_code code = list_waiting(cli, &n, e);
    const struct client_key *k = client_key_list(cli->client, &n);
    for (int i = 0; !code && i < n; i++)
        printf("konto=%s namn=\"%s\" nyckel=%s tid=%s\n", k[i].konto, k[i].namn,
               k[i].print, k[i].asked);
    return code;
}

/* The print is what the holder has said, not what enfragad shows. */
static enum err_code
attest(struct cli *cli, const struct wish *w, struct err *e)
{
    int n;
    const char *passphrase;
    if (!w->arg)
        return list(cli, e);
    enum err_code code = list_waiting(cli, &n, e);
    const struct client_key *k = client_key_list(cli->client, &n);
    while (!code && n > 0 && strcmp(k->konto, w->arg) != 0) {
        k++;
        n--;
    }
    if (!code && n == 0)
        code = err_set(e, ERR_NOT_FOUND, _("no key of %s waits"), w->arg);
    else if (!code && strcmp(k->print, w->print) != 0)
        code =
            err_set(e, ERR_BAD_INPUT, _("the key of %s that waits is not %s"),
                    w->arg, w->print);
    if (!code)
        code = cli_passphrase(cli, &passphrase, e);
    if (code)
        return code;
    client_unlock(cli->client, passphrase, NULL, NULL);
    code = client_wait(cli->client, e);
    if (code)
        return code;
    client_attest_key(cli->client, w->arg, k->vkey, NULL, NULL);
    code = client_wait(cli->client, e);
    if (!code)
        printf(_("The key %s is %s's from now on, and it is logged.\n"),
               w->print, w->arg);
    return code;
}

static const struct verb {
    const char *name;
    bool takes_arg, must_arg;
    enum err_code (*run)(struct cli *, const struct wish *, struct err *);
} verbs[] = {
    {"ny", false, false, make},
    {"installera", true, true, install},
    {"byt", false, false, change},
    {"attestera", true, false, attest},
};

static bool
read_wish(struct wish *w, const struct verb *v, int argc, char **argv)
{
    enum { REVIEW = 1, REPLACE, PRINT };
    static const struct option longs[] = {
        {"granskare", no_argument, NULL, REVIEW},
        {"ersatt", no_argument, NULL, REPLACE},
        {"nyckel", required_argument, NULL, PRINT},
        {0}};
    optind = 0;
    for (int c; (c = cli_option(argc, argv, "", longs)) != -1;) {
        if (c == '?')
            return false;
        w->review |= c == REVIEW;
        w->replace |= c == REPLACE;
        w->print = c == PRINT ? optarg : w->print;
    }
    w->arg = optind < argc ? argv[optind] : NULL;
    return argc - optind <= v->takes_arg && (w->arg || !v->must_arg) &&
           ((!w->review && !w->replace) || v->run == make) &&
           !w->print == !(v->run == attest && w->arg);
}

int
command_own_keys(struct cli *cli, int argc, char **argv)
{
    struct err e = {0};
    struct wish w = {0};
    const struct verb *v = NULL;
    for (size_t i = 0; i < sizeof verbs / sizeof *verbs; i++)
        if (!strcmp(argv[0], verbs[i].name))
            v = &verbs[i];
    if (!v || !read_wish(&w, v, argc, argv))
        return cli_usage("nycklar", NULL);
    enum err_code code = cli_open(cli, false, &e);
    if (!code)
        code = v->run(cli, &w, &e);
    return code ? cli_fail(code, &e) : 0;
}
