/* SPDX-License-Identifier: EUPL-1.2
 *
 * A collector on PostgreSQL (AUDIT 14): takes batches of known logs, checks
 * them before it stores, stores and cosigns in one transaction with the log's
 * row locked, and keeps what it refused as evidence. One thread; it connects
 * again by itself.
 */
#ifndef ENFRAGA_COLLECT_COLLECTOR_H
#define ENFRAGA_COLLECT_COLLECTOR_H

#include "collect/collect.h"
#include "proof/batch.h"
#include "seal/key.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

struct collector;

struct collector_options {
    const char *conninfo;  /* libpq's */
    const char *known;     /* path of the table of logs */
    const char *name;      /* the cosigner's */
    const struct key *key; /* borrowed */
    /* batch_known's judge: chain and dates of a new försäkran; or NULL */
    enum err_code (*judge)(void *ctx, const struct binding *f, int64_t now_ms,
                           struct batch_signer *out, struct err *e);
    void *ctx;
};

/* Does not connect: a database that is away is told at each request (503). */
enum err_code collector_open(const struct collector_options *o,
                             struct collector **out, struct err *e);
void collector_close(struct collector **c);
const struct vkey *collector_vkey(const struct collector *c);

/* May the database be reached, and has it our tables? */
enum err_code collector_probe(struct collector *c, struct err *e);

/* One body of insamling. 200 with the cosignature's line; 409 with the size
 * that is collected; 400, 403, 404; 422 refused and kept; 503 try again. */
void collector_take(struct collector *c, const void *body, size_t n,
                    struct collect_answer *a);

/* Feeds it a head: our own signature on more than is on file outranks the
 * database (AUDIT 15). Until it has been collected up to there, to that root,
 * nothing of the log is signed. ERR_SIGNATURE where we have not cosigned it. */
enum err_code collector_feed(struct collector *c, const char *note, size_t n,
                             struct err *e);

/* The newest head of the log whose origin has that SHA-256 (hex). */
void collector_show(struct collector *c, const char *hash,
                    struct collect_answer *a);

/* A batch of what is collected of a log from `from` on, for a log that has
 * lost it: appended to out. ERR_NOT_FOUND when there is nothing more. The
 * connection needs the reviewer's rights. */
enum err_code collector_read(const char *conninfo, const char *origin,
                             uint64_t from, struct buf *out, struct err *e);

/* All that is collected of a log, as an export (doc/FORMATS.md), to the file.
 * `witness` is the collector itself. ERR_NOT_FOUND, ERR_NET, ERR_IO. */
enum err_code collector_export(const char *conninfo, const struct vkey *log,
                               const struct vkey *witness, FILE *f,
                               struct err *e);

/* Deletes of a collected log the boxes of each range (first to end - 1), then
 * the day keys declared in one that open nothing more, in one transaction; how
 * many. `dry`: rolled back. The connection needs the eraser's rights. */
struct collector_range {
    uint64_t first, end;
};
enum err_code collector_erase(const char *conninfo, const char *origin,
                              const struct collector_range *range, size_t n,
                              bool dry, uint64_t *boxes, uint64_t *days,
                              struct err *e);

#endif
