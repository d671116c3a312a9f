/* SPDX-License-Identifier: EUPL-1.2
 *
 * enfraga arenden sok | visa (atkomst: cmd_atkomst.c). Both are entries in the
 * log; what is not the user's own gives one and the same reply (UX 5).
 */
#include "config.h"

#include "cli/cli.h"

#include "base/clock.h"
#include "base/i18n.h"
#include "base/mem.h"
#include "base/text.h"

#include <stdio.h>
#include <string.h>

static void
print_case(const struct client_case *k)
{
    char asked[11] = "-";
    if (k->asked_ms)
        clock_date(k->asked_ms, asked);
    printf("arende %s enhet=\"%s\" lage=%s vuxna=%d barn=%d fraga=%s",
           k->arende, k->enhet, k->open ? "pagaende" : "avslutat", k->adults,
           k->children, asked);
    if (k->states[0])
        printf(" kallor=\"%s\"", k->states);
    printf(" kontroller=%d", k->open_checks);
    if (k->namn[0])
        printf(" namn=\"%s\"", k->namn);
    putchar('\n');
}

static int
search(struct cli *cli, char *arg)
{
    struct err e = {0};
    int n;
    /* It may be a number or a name: out of the process list at once. */
    char *typed = mem_strdup(arg);
    memset(arg, 'x', strlen(arg));
    enum err_code code = cli_open(cli, true, &e);
    if (!code)
        client_search(cli->client, typed, NULL, NULL);
    mem_free_str(&typed);
    if (!code)
        code = client_wait(cli->client, &e);
    if (code)
        return cli_fail(code, &e);
    const struct client_case *list = client_case_list(cli->client, &n);
    for (int i = 0; i < n; i++)
        print_case(&list[i]);
    if (n)
        return 0;
    fprintf(stderr, "%s\n",
            _("No case of yours fits. The search is logged. Your chef can "
              "give access."));
    return err_row(ERR_CASE)->exit;
}

static int
show(struct cli *cli, const char *arende)
{
    struct err e = {0};
    enum err_code code = cli_open(cli, true, &e);
    if (!code) {
        client_open_case(cli->client, arende, NULL, NULL);
        code = client_wait(cli->client, &e);
    }
    if (code)
        return cli_fail(code, &e);
    const struct client_case *k = client_case_now(cli->client);
    print_case(k);
    for (int i = 0; i < k->n_persons; i++) {
        const struct client_person *p = &k->persons[i];
        char number[14], asked[11] = "-";
        text_personnummer(p->number.digits, number);
        if (p->asked_ms)
            clock_date(p->asked_ms, asked);
        printf("person %s %s namn=\"%s\" alder=%d fraga=%s", roll_word(p->roll),
               number, p->namn, p->age, asked);
        if (p->states[0])
            printf(" kallor=\"%s\"", p->states);
        putchar('\n');
    }
    return 0;
}

int
command_arenden(struct cli *cli, int argc, char **argv)
{
    if (argc == 3 && !strcmp(argv[1], "sok")) {
        /* What is searched for is taken out of the process list. */
        AUTO_STR char *sok = mem_strdup(argv[2]);
        memset(argv[2], 'x', strlen(sok));
        return search(cli, sok);
    }
    if (argc == 3 && !strcmp(argv[1], "visa"))
        return show(cli, argv[2]);
    if (argc >= 2 && !strcmp(argv[1], "atkomst"))
        return command_atkomst(cli, argc - 1, argv + 1);
    return cli_usage("arenden", NULL);
}
