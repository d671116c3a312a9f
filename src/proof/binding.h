/* SPDX-License-Identifier: EUPL-1.2
 *
 * What ties an entry key to a person: the försäkran's CMS signs a text, and
 * the text names the account and the entry key (AUDIT 7). The ledger asks
 * before it stores a försäkran, the verifier asks again. Chain, purpose and
 * dates are the forsakran module's.
 */
#ifndef ENFRAGA_PROOF_BINDING_H
#define ENFRAGA_PROOF_BINDING_H

#include "base/err.h"
#include "seal/hash.h"
#include "seal/vkey.h"

#include <stddef.h>
#include <stdint.h>

struct binding {
    const void *cms; /* DER, detached */
    size_t cms_len;
    const void *text; /* what was signed */
    size_t text_len;
    const char *vkey;    /* its head says "nyckel: VKEY" */
    const char *account; /* and "konto: ACCOUNT" */
};

/* ERR_SIGNATURE when the CMS does not hold over the text, ERR_BAD_INPUT when
 * the text names another key or account or the vkey is none. On success the
 * key and SHA-256 of the CMS; either may be NULL. */
enum err_code binding_check(const struct binding *b, struct vkey *key,
                            uint8_t sha[HASH_SIZE], struct err *e);

#endif
