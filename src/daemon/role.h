/* SPDX-License-Identifier: EUPL-1.2
 *
 * enfragad in its other roles: a witness by itself (`vittne`, SQLite), or a
 * collector that also cosigns (`insamling`, PostgreSQL). The directory of such
 * an instance has enfragad.conf, keys/vittne.key, vittne.vkey, the table of
 * logs `loggar`, run/ and, for a witness, vittne.db. No log of its own, no
 * register, no accounts.
 */
#ifndef ENFRAGA_DAEMON_ROLE_H
#define ENFRAGA_DAEMON_ROLE_H

#include "base/config.h"
#include "base/err.h"
#include "collect/witness.h"
#include "seal/key.h"

#include <stdbool.h>

enum role_kind { ROLE_KIND_NONE, ROLE_KIND_VITTNE, ROLE_KIND_INSAMLING };

struct role {
    char dir[512];
    enum role_kind kind;
    bool real; /* skarp: what lies in the directory is for its owner alone */
    struct config *config;
    struct key *key;
    struct witness *witness;     /* vittne */
    struct collector *collector; /* insamling */
    char ca[700];                /* CAs of the users' certificates, or "" */
    int lock;
};

/* Which role the instance has; ROLE_KIND_NONE for a log's own, and where its
 * configuration cannot be read. */
enum role_kind role_of(const char *dir);

enum err_code role_open(struct role *r, const char *dir, struct err *e);
void role_close(struct role *r);

/* Serves until SIGTERM; prints "redo SOCKET", and "tls PORT" where it takes
 * clients by TLS. */
enum err_code role_serve(const char *dir, struct err *e);

/* `init DIR --roll vittne|insamling [--namn NAME] [--lage test|skarp]
 * [--databas CONNINFO]` */
bool role_is_init(int argc, char **argv);
enum err_code role_init(int argc, char **argv, struct err *e);

/* `mata FILE...` and `sakerhetskopiera DIR` of a witness, `aterlamna ORIGIN
 * --fran N --till FILE`, `exportera ORIGIN --till FILE`, `verifiera ORIGIN...`
 * and `gallra ORIGIN... [--prova]` of a collector. argv[0] is the command. */
enum err_code role_command(const char *dir, int argc, char **argv,
                           struct err *e);

/* Checks anew what is collected of a log; ERR_LOG_BROKEN names the first entry
 * that does not hold. Prints what does. */
enum err_code role_verify(const char *conninfo, const char *known,
                          const char *origin, struct err *e);

/* The same, and then erases the boxes and day keys that the log's gallring
 * covers; dry: only says how many. ERR_ERASE_STOPPED while a stop is in force.
 */
enum err_code role_erase(const char *conninfo, const char *eraser,
                         const char *known, const char *origin, bool dry,
                         struct err *e);

#endif
