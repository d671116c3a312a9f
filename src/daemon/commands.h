/* SPDX-License-Identifier: EUPL-1.2
 *
 * enfragad's commands beside serving (DESIGN 7). argv[0] is the command.
 */
#ifndef ENFRAGA_DAEMON_COMMANDS_H
#define ENFRAGA_DAEMON_COMMANDS_H

#include "base/err.h"

/* `cases` gives the enfraga.arenden/1 that a training instance begins with,
 * handled by each of the accounts (ended by NULL); to be freed. */
enum err_code command_init(int argc, char **argv,
                           char *(*cases)(const char *const *konton),
                           struct err *e);

/* Imports a case file, through a running enfragad where there is one. Prints
 * what was taken. */
enum err_code command_import(const char *instance, int argc, char **argv,
                             struct err *e);

/* lagg-till KONTO:NAME:ROLES[:PERSONNUMMER], andra KONTO ROLES, sparra
 * KONTO. On a stopped instance. */
enum err_code command_user(const char *instance, int argc, char **argv,
                           struct err *e);

#endif
