/* SPDX-License-Identifier: EUPL-1.2
 *
 * The log before its witnesses (AUDIT 6, 14): what is sent to them, what is
 * kept of their answers, and putting back what a collector has and a restored
 * log lacks (AUDIT 15). On the ledger's thread. Sending is the daemon's.
 */
#ifndef ENFRAGA_AUDIT_WITNESS_H
#define ENFRAGA_AUDIT_WITNESS_H

#include "audit/ledger.h"
#include "base/buf.h"
#include "base/err.h"
#include "seal/vkey.h"

#include <stdint.h>

/* The body of add-checkpoint: the present head, and the proof from `old`.
 * *note is that head. ERR_NOT_FOUND when the log is smaller than old. */
enum err_code ledger_submission(struct ledger *l, uint64_t old, struct buf *out,
                                char note[NOTE_MAX], struct err *e);

/* The body of insamling: entries from `old` up to a signed head, at most the
 * present one, with what belongs to them. *note is that head. */
enum err_code ledger_batch(struct ledger *l, uint64_t old, struct buf *out,
                           char note[NOTE_MAX], struct err *e);

/* Keeps v's cosignature of `note` (a head of ours) out of a witness's answer.
 * ERR_NOT_FOUND and ERR_SIGNATURE as cosign_take. */
enum err_code ledger_cosigned(struct ledger *l, const char *note,
                              const char *lines, size_t n, const struct vkey *v,
                              uint64_t *time_s, struct err *e);

/* The newest head kept that v has cosigned: its size (0: none), its note. */
enum err_code ledger_witnessed(struct ledger *l, const struct vkey *v,
                               uint64_t *size, char note[NOTE_MAX],
                               struct err *e);

/* A head that somebody shows, which must be one of ours: ERR_SEEN when the log
 * key has signed it and this log does not go as far, or has another root
 * there; ERR_SIGNATURE when the log key has not signed it. */
enum err_code ledger_faces(struct ledger *l, const char *note, size_t n,
                           struct checkpoint *c, struct err *e);

/* The time of an entry, ms UTC; 0 where it cannot be told. */
int64_t ledger_time(struct ledger *l, uint64_t seq);

/* From here on every append is refused with ERR_LOG_BROKEN and this text; NULL
 * lifts it. */
void ledger_block(struct ledger *l, const char *text);

/* Appends what a batch brings, verified: it must go on from the present size,
 * end in the root of a head that our key has signed, and every entry must be
 * what a collector accepts. In one transaction. */
enum err_code ledger_restore(struct ledger *l, const void *batch, size_t n,
                             struct err *e);

#endif
