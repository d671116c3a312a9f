/* SPDX-License-Identifier: EUPL-1.2
 *
 * The försäkran of each account that has been seen since start, read from the
 * log once and judged anew at each request (dates, wording, withdrawal).
 */
#ifndef ENFRAGA_DAEMON_HELD_H
#define ENFRAGA_DAEMON_HELD_H

#include "daemon/daemon.h"

struct held {
    struct held *next;
    char konto[64];
    bool exists, withdrawn;
    struct err fault;      /* why it does not hold, code ERR_OK if it does */
    uint64_t crl;          /* the mark of the revocation list then */
    int64_t read_ms;       /* when; read anew after an hour: certificates end */
    uint8_t kid[KID_SIZE]; /* of the entry key it vouches for */
    struct forsakran head;
    uint8_t sha256[32];
    uint64_t seq;
};

/* The one of an account, or NULL when it has not been read, or not since the
 * revocation list was changed. */
struct held *held_find(struct daemon *d, const char *konto);

/* Reads it from the log (on the log's worker), then calls done on the loop. A
 * code means that it could not be told now (the log, the CA's file): that is
 * not kept, so the next request tries again. */
typedef void held_done(void *arg, enum err_code code, const struct err *e);
void held_load(struct daemon *d, const char *konto, held_done *done, void *arg);

/* Forgets an account, so that the next request reads anew. */
void held_forget(struct daemon *d, const char *konto);
void held_free(struct daemon *d);

/* State today; `vkey` is the account's present entry key. */
enum forsakran_state held_state(const struct held *h, const struct wording *w,
                                const char *vkey);

#endif
