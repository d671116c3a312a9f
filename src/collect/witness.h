/* SPDX-License-Identifier: EUPL-1.2
 *
 * A witness by C2SP tlog-witness: what it has cosigned of each known log, in
 * an SQLite file of its own, and its answers. The size is compared, moved and
 * synced in one transaction before the signature leaves. One thread.
 */
#ifndef ENFRAGA_COLLECT_WITNESS_H
#define ENFRAGA_COLLECT_WITNESS_H

#include "collect/collect.h"
#include "seal/key.h"

#include <stddef.h>
#include <stdint.h>

struct witness;

/* The file is made if it is not there. `name` is the cosigner's, `key` is
 * borrowed, `known` is the path of the table of logs. */
enum err_code witness_open(const char *path, const char *known,
                           const char *name, const struct key *key,
                           struct witness **out, struct err *e);
void witness_close(struct witness **w);

const struct vkey *witness_vkey(const struct witness *w);

/* One body of add-checkpoint; fills the answer. What a log's key has signed
 * and we may not is kept as evidence. */
void witness_take(struct witness *w, const void *body, size_t n,
                  struct collect_answer *a);

/* The newest head cosigned of the log whose origin has that SHA-256 (hex). */
void witness_show(struct witness *w, const char *hash,
                  struct collect_answer *a);

/* A copy from which nothing is signed until it has been fed the newest heads
 * (AUDIT 15): `path` must not be there. */
enum err_code witness_backup(struct witness *w, const char *path,
                             struct err *e);

/* Feeds it a head: our own signature on a larger size than the one on file
 * outranks the file. By the hand of who runs the witness, so what was stopped
 * for that log goes on. ERR_SIGNATURE where we have not cosigned it. */
enum err_code witness_feed(struct witness *w, const char *note, size_t n,
                           struct err *e);

#endif
