/* SPDX-License-Identifier: EUPL-1.2
 *
 * An enfragad played by the client's test, in the same process and on the
 * same loop: honest, or with one of the tricks that the client must see
 * through.
 */
#ifndef ENFRAGA_TESTS_UNIT_CLIENT_PLAYED_H
#define ENFRAGA_TESTS_UNIT_CLIENT_PLAYED_H

#include "local/message.h"
#include "seal/hash.h"
#include "seal/key.h"
#include "seal/vkey.h"

struct event_base;
struct exchange;
struct server;

#define ORIGIN "audit.sundby.se/prov/1"
#define PASSPHRASE "riktig-fras"

enum { PLAYED_LEAVES = 64 };

enum trick {
    GOOD,
    OTHER_KEY,
    OTHER_SEQ,
    OTHER_LEAF,
    NO_HOST,
    NO_PROOF,
    OTHER_HASH,
    OTHER_SOURCE,
    OTHER_LOG,
    OTHER_HEAD,
    BEFORE_KVITTO,
    NO_KVITTO,
    TWO_KVITTO,
    AFTER_KLAR,
    CUT,
    STATE_ONLY,
    PROBLEM,
    GARBAGE,
    REFUSED,
    HOLD
};

struct played {
    char dir[64], user[128], socket[128], vkey_file[128];
    struct event_base *base;
    struct server *server;
    struct key *log_key, *other_key;
    struct vkey log, other;
    const char *status_vkey; /* what enfragad claims */
    char log_text[VKEY_TEXT_MAX], other_text[VKEY_TEXT_MAX];
    enum trick trick;
    char user_vkey[160];
    uint8_t leaf[PLAYED_LEAVES][HASH_SIZE]; /* the log's; one to begin with */
    uint64_t count;
    int asked, gone;
    struct signed_entry got; /* the last intent */
    bool has_got;
    struct exchange *held;
};
extern struct played w;

/* An instance's directory with keys and a listener; cmocka's group setup. */
int played_setup(void **state);
int played_teardown(void **state);
void played_pin(const char *vkey); /* writes log.vkey */

#endif
