/* SPDX-License-Identifier: EUPL-1.2 */
#include "config.h"

#include "cli/cli.h"
#include "screens/screens.h"

#include <stdio.h>

int
screens_mode(struct cli *cli, enum screens_color color)
{
    struct screens_args args = {.client = cli->options};
    struct err e = {0};
    enum err_code code = screens_prefs(&args, &e);
    if (code) {
        fprintf(stderr, "enfraga: %s\n", e.text);
        return err_row(code)->exit;
    }
    if (color != COLOR_AUTO)
        args.term.color = color == COLOR_YES ? TERM_YES : TERM_NO;
    if (client_is_training(&args.client) && !args.client.instance &&
        !args.client.konto)
        args.client.konto = "elev";
    int status = screens_run(&args, &e);
    if (status && e.text[0])
        fprintf(stderr, "enfraga: %s\n", e.text);
    return status;
}
