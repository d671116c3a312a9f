/* SPDX-License-Identifier: EUPL-1.2
 *
 * enfraga's commands: a table, and what each of them uses. A command prints
 * nothing but its answer on stdout, says the rest on stderr, prompts for
 * nothing but a passphrase (in skarp, and for a CA's key), and returns an exit
 * status of UX 14.
 */
#ifndef ENFRAGA_CLI_CLI_H
#define ENFRAGA_CLI_CLI_H

#include "base/err.h"
#include "cli/passphrase.h"
#include "client/client.h"

#include <stdbool.h>

struct event_base;

struct cli {
    struct client_options options;
    bool konto_given;
    struct event_base *base;     /* made by cli_open */
    struct client *client;       /* of cli_open; freed by main */
    bool asked;                  /* a question stands in the log */
    char typed[PASSPHRASE_SIZE]; /* in skarp; wiped by main */
};

struct command {
    const char *name;     /* "fraga" */
    const char *usage;    /* after the name; untranslated */
    const char *sentence; /* msgid */
    /* argv[0] is the command's name. */
    int (*run)(struct cli *cli, int argc, char **argv);
};

/* The table, ended by a row without a name. */
extern const struct command cli_commands[];

/* Opens the session; in training without an account it is demo's. Where
 * `keys`, decrypts the entry key (cli_passphrase). */
enum err_code cli_open(struct cli *cli, bool keys, struct err *e);

/* The passphrase for what the client does: *out NULL, it is in a file; in
 * skarp it is asked for at the terminal, once. */
enum err_code cli_passphrase(struct cli *cli, const char **out, struct err *e);

struct option;

/* getopt_long with our own words on stderr for what it does not take; '?'
 * then. What was typed is shown masked. */
int cli_option(int argc, char **argv, const char *shorts,
               const struct option *longs);

/* s with the digits of whatever may be a personnummer as x: a run of ten or
 * more, with - + or blanks inside. Cut to size; returns out. */
const char *cli_masked(const char *s, char *out, size_t size);

/* Says on stderr what went wrong; the exit status. */
int cli_fail(enum err_code code, const struct err *e);
/* Says how the command is used, with why where that is not NULL; 64. */
int cli_usage(const char *command, const char *why);
/* `--help` among the arguments: usage on stdout, true. */
bool cli_help(const char *command, int argc, char **argv);

/* Where an instance's directory is, for what works without enfragad. */
enum err_code cli_instance_dir(const struct cli *cli, char out[600],
                               struct err *e);

int command_fraga(struct cli *cli, int argc, char **argv);
int command_forsakran(struct cli *cli, int argc, char **argv);
int command_arenden(struct cli *cli, int argc, char **argv);
int command_atkomst(struct cli *cli, int argc, char **argv); /* of arenden */
int command_gallring(struct cli *cli, int argc, char **argv);
int command_granska(struct cli *cli, int argc, char **argv);
int command_logg(struct cli *cli, int argc, char **argv);
int command_verifiera(struct cli *cli, int argc, char **argv); /* of logg */
int command_bevis(struct cli *cli, int argc, char **argv);     /* of logg */
int command_ca(struct cli *cli, int argc, char **argv);
int command_nycklar(struct cli *cli, int argc, char **argv);
int command_own_keys(struct cli *cli, int argc, char **argv); /* of nycklar */
int command_prov(struct cli *cli, int argc, char **argv);
int command_status(struct cli *cli, int argc, char **argv);

/* --linjar: the linear mode on stdin and stdout; exit status. */
int linear_mode(struct cli *cli);

/* The screens on the terminal, in training as elev; exit status. */
enum screens_color { COLOR_AUTO, COLOR_NO, COLOR_YES };
int screens_mode(struct cli *cli, enum screens_color color);

#endif
