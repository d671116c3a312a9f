/* SPDX-License-Identifier: EUPL-1.2
 *
 * For the files of this module alone: OpenSSL's own reason in an error, and a
 * key made of an EVP_PKEY.
 */
#ifndef ENFRAGA_SEAL_SSL_H
#define ENFRAGA_SEAL_SSL_H

#include "base/err.h"
#include "seal/key.h"

/* err_set with OpenSSL's first reason; its queue of errors is emptied. */
enum err_code ssl_err(struct err *e, enum err_code code, const char *what);

/* Empties the queue, where an error was expected. */
void ssl_clear(void);

/* Takes the EVP_PKEY over. Never NULL. */
struct key *key_of_evp(EVP_PKEY *pkey);

#endif
