/* SPDX-License-Identifier: EUPL-1.2
 *
 * Gallring (AUDIT 12) in the log: what a range holds (a dry run), the steps
 * that have been taken, and the erasing once it has been carried out in the
 * log. Whether a step follows from those before it is judged as it is
 * appended; who may take one, and what a witness has seen, are the daemon's.
 * On the ledger's thread.
 */
#ifndef ENFRAGA_AUDIT_ERASE_H
#define ENFRAGA_AUDIT_ERASE_H

#include "audit/ledger.h"
#include "proof/erasure.h"

/* What the entries first to end - 1 hold, as a decision is to name it, and
 * what of it there is to erase now; leaves: the entries' own bytes too.
 * ERR_BAD_INPUT where they are not of this log, have been erased before (their
 * leaves) or have a question without outcome. */
struct ledger_plan {
    uint64_t entries;
    uint64_t oldest_ms, newest_ms; /* log times */
    struct erasure_amount amount;
    uint8_t digest[HASH_SIZE];
};
enum err_code ledger_erasure_plan(struct ledger *l, uint64_t first,
                                  uint64_t end, bool leaves,
                                  struct ledger_plan *p, struct err *e);

/* The entries written before `till_ms`, from the first that no gallring has
 * been carried out over (of leaves, where `leaves`): *first == *end where there
 * are none. from_ms: not those before it; 0 all. */
enum err_code ledger_erasure_range(struct ledger *l, int64_t from_ms,
                                   int64_t till_ms, bool leaves,
                                   uint64_t *first, uint64_t *end,
                                   struct err *e);

/* Every entry of type gallring, rising, and beside each who wrote it. */
struct ledger_erasings {
    struct erasing *step;
    struct ledger_eraser {
        char account[64], legal[ENTRY_LEGAL_MAX + 1];
        uint8_t hash[HASH_SIZE]; /* of the leaf */
        uint64_t newest_ms;      /* of its range's last entry; 0: no range */
        bool left;               /* carried out, and something is there */
    } * who;
    size_t n, room;
};
enum err_code ledger_erasings(struct ledger *l, struct ledger_erasings *x,
                              struct err *e);
void ledger_erasings_done(struct ledger_erasings *x);

/* Erases what entry `seq`, a gallring carried out, says; may be repeated after
 * a stop in between. `cosigned`: not before a witness has cosigned a head that
 * counts the entry (ERR_LOG). */
enum err_code ledger_erase(struct ledger *l, uint64_t seq, bool cosigned,
                           struct erasure_amount *done, struct err *e);

/* After erasing, and after a start that finds that something has been: nothing
 * of it stays in the WAL, and where more than a quarter of the file is free
 * pages and the disk has room, they are given back (VACUUM). */
enum err_code ledger_compact(struct ledger *l, struct err *e);

#endif
