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
    bool low;        /* too little room for intents */
    bool no_intents; /* the second try, in the ballast's room */
    bool refused;    /* the last post was refused for want of room */
    bool fatal;      /* the transaction cannot go on */
    char note[NOTE_MAX];
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
};

/* May this be written, and by that key? Fills *it; an own entry is built and
 * signed. Nothing is written. */
enum err_code item_judge(struct batch *b, struct item *it, struct err *e);

#endif
