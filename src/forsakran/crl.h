/* SPDX-License-Identifier: EUPL-1.2
 *
 * The CA's revocation lists (RFC 5280 5), PEM, in one file that may be missing:
 * then nothing is revoked. One that is past its day is still used.
 */
#ifndef ENFRAGA_FORSAKRAN_CRL_H
#define ENFRAGA_FORSAKRAN_CRL_H

#include "base/err.h"

#include <stdint.h>

/* Of the CAs in the file `ca`: is one of their lists within its days? */
enum crl_state { CRL_NONE, CRL_CURRENT, CRL_EXPIRED };
enum err_code crl_state(const char *ca, const char *path, int64_t now_ms,
                        enum crl_state *state, struct err *e);

/* Changes when the file does. */
uint64_t crl_mark(const char *path);

#endif
