/* SPDX-License-Identifier: EUPL-1.2
 *
 * Backup and restore of the log (AUDIT 15): a copy of one moment by SQLite's
 * own backup, with the signed head beside it; and what a collector has and a
 * log put back from a copy lacks.
 */
#ifndef ENFRAGA_DAEMON_BACKUP_H
#define ENFRAGA_DAEMON_BACKUP_H

#include "base/err.h"
#include "daemon/daemon.h"

/* `sakerhetskopiera TO`: through a running enfragad where there is one. TO is
 * a directory to be made, with audit.db and checkpoint. */
enum err_code command_backup(const char *instance, int argc, char **argv,
                             struct err *e);

/* `aterlas FILE`: batches that a collector gave back (enfragad aterlamna), each
 * verified, and the entry that says so. On a stopped instance. */
enum err_code command_restore(const char *instance, int argc, char **argv,
                              struct err *e);

/* POST /v1/logg/kopia {"till":DIR}, for the instance's own uid. */
void backup_act(struct task *t);

#endif
