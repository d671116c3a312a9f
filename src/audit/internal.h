/* SPDX-License-Identifier: EUPL-1.2
 *
 * For the files of this module alone.
 */
#ifndef ENFRAGA_AUDIT_INTERNAL_H
#define ENFRAGA_AUDIT_INTERNAL_H

#include "audit/ledger.h"
#include "proof/box.h"
#include "proof/merkle.h"
#include "proof/note.h"
#include "store/store.h"

enum statement {
#define STATEMENT(id, sql) ST_##id,
#include "audit/statements.def"
#undef STATEMENT
    ST_COUNT
};

enum {
    TILE_LEVEL = 8,        /* inner nodes kept in memory: 256 leaves wide */
    THIN = 256,            /* one checkpoint kept in so many entries */
    HEADS = 1024,          /* heads remembered, by size modulo this */
    AUTHORS = 64,          /* entry keys kept ready */
    BALLAST = 8 << 20,     /* bytes given up so that outcomes find room */
    SPACE_FLOOR = 16 << 20 /* no intent with fewer bytes free */
};

struct head {
    uint64_t size;
    uint8_t root[HASH_SIZE];
};

struct author {
    int64_t id; /* forsakran.id; 0: the place is free */
    uint8_t sha256[HASH_SIZE];
    uint8_t kid[KID_SIZE];
    struct key *key;
};

/* Who boxes are sealed to now. */
struct recipient {
    uint64_t seq; /* of the entry that took it in */
    uint8_t sha256[HASH_SIZE];
    char name[ENTRY_NAME_MAX + 1], unit[ENTRY_UNIT_MAX + 1];
    void *cert;
    size_t cert_len;
};

/* The day key of a unit: in this memory alone, and sealed in the log. */
struct day {
    int64_t number;
    char unit[ENTRY_UNIT_MAX + 1], date[11];
    uint8_t *key; /* secret_new */
    bool fresh;   /* its entry is not committed yet */
};

struct queued {
    const struct ledger_post *post;
    struct ledger_result *result;
};

struct ledger {
    char *path, *ballast;
    const struct key *log_key, *own_key; /* borrowed */
    struct store *store;
    char origin[ENTRY_ORIGIN_MAX + 1], mode[16];
    struct vkey log_vkey, own_vkey;
    uint8_t own_kid[KID_SIZE];
    /* the head, as committed */
    struct merkle tree;
    uint8_t root[HASH_SIZE];
    char note[NOTE_MAX];
    struct head heads[HEADS];
    uint8_t (*tile)[HASH_SIZE]; /* complete subtrees of level TILE_LEVEL */
    size_t tiles, tile_room;
    struct author authors[AUTHORS];
    unsigned next_author;
    struct recipient *recipient;
    unsigned recipients;
    bool stale; /* they are to be read anew */
    struct day *day;
    size_t days, day_room;
    struct queued *queue;
    size_t queued, queue_room;
    bool no_ballast;   /* it has been given up */
    char blocked[400]; /* why nothing may be appended; "" it may */
    /* used anew for each entry */
    struct buf author, leaf, box;
};

/* Leaf hashes and subtrees of what is committed. */
struct merkle_source ledger_source(struct ledger *l);

/* The last committed head goes into memory: tree, root, note, heads. */
void ledger_head_set(struct ledger *l, const struct merkle *tree,
                     const char *note);

/* Opens the store and checks the tail; fills in the head. */
enum err_code ledger_load(struct ledger *l, struct err *e);
enum err_code ledger_tail(struct ledger *l, struct err *e);

/* The statements and the schema, as store wants them. */
extern const struct store_spec ledger_spec;

/* The author whose försäkran has this hash; ERR_FORSAKRAN. Borrowed. */
enum err_code ledger_author(struct ledger *l, const uint8_t sha256[HASH_SIZE],
                            const struct author **out, struct err *e);

/* Takes *f from a row of a FORSAKRAN_ statement. */
void ledger_forsakran_row(struct ledger *l, int statement,
                          struct ledger_forsakran *f);

/* Recipients and day keys (day.c). */
enum err_code recipients_load(struct ledger *l, struct err *e);
void recipients_free(struct ledger *l);
void days_forget(struct ledger *l);

/* Room on disk: is there too little for an intent; give the ballast up (false
 * when there is none left); make it anew if it is gone and there is room. */
bool space_is_low(const struct ledger *l);
bool space_release(struct ledger *l);
void space_keep(struct ledger *l);

#endif
