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
    struct err fault; /* why it does not hold, code ERR_OK if it does */
    struct forsakran head;
    uint8_t sha256[32];
    uint64_t seq;
};

/* The one of an account, or NULL when it has not been read. */
struct held *held_find(struct daemon *d, const char *konto);

/* Reads it from the log (on the log's worker), then calls done on the loop. */
void held_load(struct daemon *d, const char *konto, void (*done)(void *arg),
               void *arg);

/* Forgets an account, so that the next request reads anew. */
void held_forget(struct daemon *d, const char *konto);
void held_free(struct daemon *d);

/* State today; `vkey` is the account's present entry key. */
enum forsakran_state held_state(const struct held *h, const struct wording *w,
                                const char *vkey);

#endif
