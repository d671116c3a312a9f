/* SPDX-License-Identifier: EUPL-1.2
 *
 * How far a full verification has come (doc/FORMATS.md, "Verified so far"):
 * the log's key and the last signed head, so that the next one goes on from
 * there. Nothing in it is believed that the log's key has not signed.
 */
#ifndef ENFRAGA_VERIFIER_STATE_H
#define ENFRAGA_VERIFIER_STATE_H

#include "base/err.h"
#include "proof/verify.h"

#include <stdint.h>

struct state {
    struct vkey log_key;
    uint64_t size; /* 0: nothing has been verified yet */
    uint8_t root[HASH_SIZE];
};

/* A file that is not there gives size 0. ERR_IO, ERR_SIGNATURE, ERR_BAD_INPUT
 * (no such file's bytes, or someone else could have written them). */
enum err_code state_read(const char *path, struct state *s, struct err *e);

/* After a full verification that holds; the old file stays until the new one
 * is whole. ERR_IO. */
enum err_code state_write(const char *path, const struct verify_report *r,
                          struct err *e);

#endif
