/* SPDX-License-Identifier: EUPL-1.2
 *
 * What can be told of a certificate file before it is used, and the server's
 * side of TLS: 1.3 alone, the client known by a certificate from a given CA.
 */
#ifndef ENFRAGA_NET_TLS_H
#define ENFRAGA_NET_TLS_H

#include "base/err.h"
#include "net/serve.h"

#include <stdbool.h>
#include <stdint.h>

struct ssl_ctx_st;
struct ssl_st;

enum { TLS_HASH = 32 };

/* Whole days until the first certificate of a PEM file ends; negative days
 * when it has. *known is 0 where the file is "", missing or no certificate. */
int tls_days_left(const char *pem, int *known);

/* SHA-256 of the first certificate of a PEM file (its DER). ERR_BAD_INPUT. */
enum err_code tls_certificate_hash(const char *pem, uint8_t out[TLS_HASH],
                                   struct err *e);

/* NULL with e (ERR_CONFIG names the file that cannot be used). */
struct ssl_ctx_st *tls_server_context(const struct serve_tls *o, struct err *e);
void tls_context_free(struct ssl_ctx_st *c);

/* One connection's; NULL where memory fails. */
struct ssl_st *tls_session(struct ssl_ctx_st *c);

/* SHA-256 of the peer's certificate (DER); false before the handshake has
 * ended or where none was verified. */
bool tls_peer_hash(struct ssl_st *s, uint8_t out[TLS_HASH]);

#endif
