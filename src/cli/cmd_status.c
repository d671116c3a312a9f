/* SPDX-License-Identifier: EUPL-1.2
 *
 * enfraga status and enfraga prov: no personal data.
 */
#include "config.h"

#include "cli/cli.h"

#include "base/clock.h"
#include "base/i18n.h"

#include <inttypes.h>
#include <stdio.h>

static void
print_sources(const struct client_status *s)
{
    static const char *const words[] = {"klar", "fel", "provas_inte", "okand"};
    char at[32] = "aldrig";
    if (s->probed_ms)
        clock_iso(s->probed_ms, at);
    printf("provad %s\n", at);
    for (int i = 0; i < SOURCE_COUNT; i++)
        printf("kalla %s driftlage=%s\n", source_row((enum source_id)i)->code,
               words[s->available[i] & 3]);
}

int
command_status(struct cli *cli, int argc, char **argv)
{
    struct err e = {0};
    (void)argv;
    if (argc != 1)
        return cli_usage("status", NULL);
    enum err_code code = cli_open(cli, false, &e);
    if (code)
        return cli_fail(code, &e);
    const struct client_status *s = client_status(cli->client);
    const struct client_me *me = client_me(cli->client);
    printf("enfraga %s enfragad %s lage=%s\n", PACKAGE_VERSION, s->version,
           mode_word(s->mode));
    printf("kommun \"%s\" upstream=%s kontrakt=%s grans=%d\n", s->kommun,
           s->upstream, kontrakt_word(s->kontrakt), s->limit_s);
    printf("konto %s forsakran_till=%s\n", me->konto,
           me->forsakran_till[0] ? me->forsakran_till : "-");
    printf("logg %s storlek=%" PRIu64 " hel=%s%s%s\n", s->origin, s->log_size,
           s->log_ok ? "ja" : "nej",
           s->log_ok ? "" : " text=", s->log_ok ? "" : s->log_text);
    printf("vittne lage=%s storlek=%" PRIu64 " oskyddade=%" PRIu64
           " alder=%" PRId64 "%s%s\n",
           s->witness, s->witness_size, s->witness_behind, s->witness_age_s,
           s->witness_text[0] ? " text=" : "", s->witness_text);
    if (s->cert_days >= 0)
        printf("certifikat dagar=%d\n", s->cert_days);
    printf("sparrlista lage=%s\n", s->crl);
    print_sources(s);
    return s->log_ok ? 0 : err_row(ERR_LOG)->exit;
}

int
command_prov(struct cli *cli, int argc, char **argv)
{
    struct err e = {0};
    (void)argv;
    if (argc != 1)
        return cli_usage("prov", NULL);
    enum err_code code = cli_open(cli, false, &e);
    if (!code) {
        client_probe(cli->client, NULL, NULL);
        code = client_wait(cli->client, &e);
    }
    if (code)
        return cli_fail(code, &e);
    print_sources(client_status(cli->client));
    return 0;
}
