/* SPDX-License-Identifier: EUPL-1.2
 *
 * enfragad's commands beside serving (DESIGN 7). argv[0] is the command.
 */
#ifndef ENFRAGA_DAEMON_COMMANDS_H
#define ENFRAGA_DAEMON_COMMANDS_H

#include "base/buf.h"
#include "base/err.h"

struct init_user;

enum { COMMAND_FILE_MAX = 8 << 20 };

/* `cases` gives the enfraga.arenden/1 that a training instance begins with,
 * handled by each of the accounts (ended by NULL); to be freed. */
enum err_code command_init(int argc, char **argv,
                           char *(*cases)(const char *const *konton),
                           struct err *e);

/* Imports a case file, through a running enfragad where there is one. Prints
 * what was taken. */
enum err_code command_import(const char *instance, int argc, char **argv,
                             struct err *e);

/* What `init` and `anvandare` both read: "handlaggare+chef" as bits, 0 where a
 * word is not a role; KONTO:NAME:ROLES[:PERSONNUMMER]; a file to its end. */
unsigned command_roles(const char *s);
enum err_code command_read_user(struct init_user *u, const char *spec,
                                struct err *e);
enum err_code command_file(struct buf *out, const char *path, struct err *e);

/* lagg-till KONTO:NAME:ROLES[:PERSONNUMMER], andra KONTO [ROLES], each with
 * --certifikat FILE and --enhet NAME, sparra KONTO, egen-lista KONTO FILE. On a
 * stopped instance. */
enum err_code command_user(const char *instance, int argc, char **argv,
                           struct err *e);

#endif
