/* SPDX-License-Identifier: EUPL-1.2 */
#include "config.h"

#include "cli/cli.h"

#include "base/clock.h"
#include "base/i18n.h"
#include "base/loop.h"

#include <ctype.h>
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

const struct command cli_commands[] = {
    {.name = "fraga",
     .usage = "--arende ID --person sokande|medsokande|barnN --syfte SYFTE "
              "[--manad ÅÅÅÅ-MM | --period A..B|3m|12m] [--kallor alla|LISTA] "
              "[--koder LISTA] [--skal TEXT] [--format text|json|ndjson]",
     .sentence = N_("Asks one question and prints the answer."),
     .run = command_fraga},
    {.name = "forsakran",
     .usage = "skriv-under --behov --intrang --tystnad --loggning [--ort ORT] "
              "[--namn NAMN] | visa | aterkalla",
     .sentence = N_("Signs, shows or withdraws the försäkran."),
     .run = command_forsakran},
    {.name = "arenden",
     .usage = "sok TEXT | visa ID | atkomst [--arende ID --till KONTO --skal "
              "TEXT | --godkann --arende ID --till KONTO | --efterhand "
              "--arende ID --skal TEXT]",
     .sentence = N_("Finds own cases, shows a household, gives access."),
     .run = command_arenden},
    {.name = "logg",
     .usage = "verifiera [--full] [--mot FIL|RAD] [--fran STORLEK:ROT | "
              "--tillstand FIL] [--format json] | exportera --till FIL | visa "
              "| bevis N --till FIL [--lada FIL] | dagsrad | forlang --skal "
              "TEXT",
     .sentence = N_("Checks the log, exports it, shows own entries, proves "
                    "one; prints the day's line; extends the time without a "
                    "witness."),
     .run = command_logg},
    {.name = "granska",
     .usage = "sok --fran DAG --till DAG [--person NUMMER] --skal TEXT | "
              "lista | godkann NR --skal TEXT | las NR | visa POST... --skal "
              "TEXT | utfall NR --bedomning utan_anmarkning|fraga|avvikelse "
              "[--text TEXT] POST...",
     .sentence = N_("Reviews the log: two chefs for a period, one for named "
                    "entries."),
     .run = command_granska},
    {.name = "gallring",
     .usage = "prova|foresla [--fran DAG] --till DAG | --poster A-B "
              "[--hela-poster] [--beslut NR] [--format text|json] | bekrafta "
              "NR | utfor NR | registrera NR --rad RAD | stoppa [NR] --skal "
              "TEXT | havstopp NR --skal TEXT | lista [--format text|json] | "
              "rapport [--format text|json]",
     .sentence = N_("Erases what the municipality's gallringsbeslut says: two "
                    "persons decide, a stop halts it, the log shows it."),
     .run = command_gallring},
    {.name = "nycklar",
     .usage = "ny [--granskare] [--ersatt] | installera FIL | byt | attestera "
              "[KONTO --nyckel AVTRYCK] | visa | mottagare [--namn KONTO "
              "--certifikat FIL [--enhet ENHET] | --ta-bort NR | --godkann NR "
              "[--certifikat FIL]]",
     .sentence = N_("Makes, changes, attests and shows users' keys; takes in "
                    "whom the log is sealed to."),
     .run = command_nycklar},
    {.name = "ca",
     .usage = "init KATALOG --kommun NAMN | utfarda BEGARAN.csr --konto KONTO "
              "--namn NAMN [--granskare] [--till FIL] [--katalog KATALOG] | "
              "lista [--katalog KATALOG] | aterkalla SERIE [--katalog KATALOG] "
              "| sparrlista [--katalog KATALOG]",
     .sentence = N_("Issues and revokes certificates, where there is no other "
                    "CA."),
     .run = command_ca},
    {.name = "prov",
     .usage = "",
     .sentence = N_("Asks each source if it is there; no personal data."),
     .run = command_prov},
    {.name = "status",
     .usage = "",
     .sentence = N_("Shows mode, log, certificate and sources."),
     .run = command_status},
    {.name = NULL}};

const char *
cli_masked(const char *s, char *out, size_t size)
{
    snprintf(out, size, "%s", s);
    for (char *p = out; *p;) {
        size_t span = strspn(p, "0123456789-+ "), digits = 0;
        for (size_t i = 0; i < span; i++)
            digits += isdigit((unsigned char)p[i]) != 0;
        for (size_t i = 0; digits >= 10 && i < span; i++)
            if (isdigit((unsigned char)p[i]))
                p[i] = 'x';
        p += span ? span : 1;
    }
    return out;
}

int
cli_option(int argc, char **argv, const char *shorts,
           const struct option *longs)
{
    char shown[200], letter[3] = {'-'};
    opterr = 0;
    int c = getopt_long(argc, argv, shorts, longs, NULL);
    if (c != '?')
        return c;
    letter[1] = (char)optopt;
    bool is_letter = optopt > ' ' && optopt < 127;
    fprintf(stderr, "enfraga: %s: %s\n",
            _("the option is not known, or is not used like that"),
            is_letter ? letter
                      : cli_masked(argv[optind - 1], shown, sizeof shown));
    return c;
}

int
cli_fail(enum err_code code, const struct err *e)
{
    const struct err_row *row = err_row(code);
    char shown[sizeof e->text];
    fprintf(stderr, "enfraga: %s\n", gettext(row->message));
    if (e && e->text[0])
        fprintf(stderr, "  %s\n", cli_masked(e->text, shown, sizeof shown));
    return row->exit;
}

static const struct command *
find(const char *name)
{
    const struct command *c = cli_commands;
    while (c->name && strcmp(c->name, name) != 0)
        c++;
    return c;
}

int
cli_usage(const char *command, const char *why)
{
    const struct command *c = find(command);
    if (why)
        fprintf(stderr, "enfraga %s: %s\n", command, why);
    fprintf(stderr, _("Usage: enfraga [options] %s %s\n"), command,
            c->name ? c->usage : "");
    return err_row(ERR_USAGE)->exit;
}

bool
cli_help(const char *command, int argc, char **argv)
{
    const struct command *c = find(command);
    for (int i = 1; i < argc; i++)
        if (!strcmp(argv[i], "--help")) {
            printf(_("Usage: enfraga [options] %s %s\n"), command, c->usage);
            printf("%s\n", gettext(c->sentence));
            return true;
        }
    return false;
}

enum err_code
cli_open(struct cli *cli, bool keys, struct err *e)
{
    struct client_options o = cli->options;
    if (client_is_training(&o) && !o.instance && !o.konto)
        o.konto = "demo";
    cli->base = loop_new();
    if (!cli->base)
        return err_set(e, ERR_INTERNAL, "%s", _("no event loop"));
    cli->client = client_new(cli->base, &o, NULL, NULL);
    enum err_code code = client_wait(cli->client, e);
    if (code)
        return code;
    if (client_status(cli->client)->mode != MODE_SKARP)
        clock_from_env();
    if (!keys)
        return ERR_OK;
    const char *passphrase;
    if ((code = cli_passphrase(cli, &passphrase, e)) != ERR_OK)
        return code;
    client_unlock(cli->client, passphrase, NULL, NULL);
    return client_wait(cli->client, e);
}

enum err_code
cli_passphrase(struct cli *cli, const char **out, struct err *e)
{
    *out = NULL;
    if (!client_types_passphrase(cli->client))
        return ERR_OK;
    *out = cli->typed;
    if (cli->typed[0])
        return ERR_OK;
    return passphrase_ask(NULL, _("Passphrase: "), false,
                          _("in SKARP it is typed by the one who signs"),
                          cli->typed, e);
}

enum err_code
cli_instance_dir(const struct cli *cli, char out[600], struct err *e)
{
    return client_instance_dir(&cli->options, out, e);
}
