/* SPDX-License-Identifier: EUPL-1.2
 *
 * For append.c and judge.c alone: one transaction under way, and one post in
 * it.
 */
#ifndef ENFRAGA_AUDIT_BATCH_H
#define ENFRAGA_AUDIT_BATCH_H

#include "audit/internal.h"

struct batch {
    struct ledger *l;
    struct merkle tree; /* with what the batch has appended */
    uint8_t (*hash)[HASH_SIZE];
    size_t count;
    bool low;     /* too little room for intents */
    bool spare;   /* the second try, in the ballast's room */
    bool refused; /* the last post was refused for want of room */
    bool fatal;   /* the transaction cannot go on */
    char note[NOTE_MAX];
    struct aead *aead; /* once a box is to be sealed */
};

/* A day key made in this transaction, for its entry. */
struct sealed_day {
    int64_t number;
    struct buf cms;
};

struct item {
    const struct ledger_post *post;
    struct entry_author a;
    const struct entry_kind_row *row;
    int64_t author; /* forsakran.id; 0 enfragad */
    const void *author_bytes;
    size_t author_len;
    uint8_t sig[KEY_SIG];
    uint8_t salt[ENTRY_SALT];
    const struct day *day; /* the box's; NULL: clear, or there is no payload */
};

/* A gallring's step, on top of what holds for every entry (erase.c). */
enum err_code judge_erasure(struct batch *b, struct item *it, struct err *e);

/* May this be written, and by that key? Fills *it; an own entry is built and
 * signed. Nothing is written. */
enum err_code item_judge(struct batch *b, struct item *it, struct err *e);

/* The day key that the post's payload will be sealed under: of its unit, or of
 * the unit of the entry it refers to. One is made, with its entry, when there
 * is none of today; *out is NULL when the box is to be clear. */
enum err_code day_for(struct batch *b, const struct ledger_post *post,
                      const struct day **out, struct err *e);
/* The transaction went through, or did not. */
void days_settle(struct batch *b, bool committed);

/* The rows of a nyckel entry: a day key, or new recipients. */
enum err_code day_put(struct batch *b, const struct item *it, int64_t seq,
                      struct err *e);

/* Appends one own entry in the transaction under way. */
enum err_code batch_add_own(struct batch *b, const struct ledger_post *post,
                            struct err *e);

#endif
