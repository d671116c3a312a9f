/* SPDX-License-Identifier: EUPL-1.2
 *
 * The contracts of the authorities themselves (WIRE 6, 7): the question in
 * each one's own form, strictly valid, and its own answer read by the same
 * readers, and the same zero rule, as its part of SSBTEK's answer. SOAP 1.1
 * for six, JSON over REST for FK (LEFI), which carries PM. Pure: bytes in,
 * values out; addresses, certificates and agreements are the caller's.
 * SOURCE_PM is never asked by itself.
 */
#ifndef ENFRAGA_WIRE_BASTJANST_H
#define ENFRAGA_WIRE_BASTJANST_H

#include "base/buf.h"
#include "base/err.h"
#include "domain/answer.h"
#include "wire/ssbtek.h"

/* The authority's own request, all of the HTTP body. ERR_BAD_INPUT where it
 * cannot be valid, and for SKV in v11, whose direct contract is not known. */
enum err_code bastjanst_question(struct buf *out, enum source_id source,
                                 const struct question *q,
                                 const struct ssbtek_asker *by, struct err *e);

/* "Name: value" of the HTTP headers that the request needs, ended by NULL. */
const char *const *bastjanst_headers(enum source_id source);

/* What follows the authority's configured address: nothing for SOAP, LEFI's
 * path with the aktorsid for FK. ERR_BAD_INPUT without an aktorsid. */
enum err_code bastjanst_path(struct buf *out, enum source_id source,
                             const struct ssbtek_asker *by, struct err *e);

/* The same for LEFI's GET of what the actor may ask (no personal data). */
enum err_code bastjanst_kinds_path(struct buf *out,
                                   const struct ssbtek_asker *by,
                                   struct err *e);

/* Reads an authority's own answer as it comes. `into` already holds the
 * question, which has asked `source` (PM follows FK). */
struct bastjanst_reader;
struct bastjanst_reader *bastjanst_reader_new(struct answer *into,
                                              enum source_id source);

/* Keeps the bytes too, for wire/compile. Before the first bastjanst_feed. */
void bastjanst_keep(struct bastjanst_reader *r);

/* The next bytes; ERR_TOO_BIG or ERR_PROTOCOL stops it: later calls return
 * the same. */
enum err_code bastjanst_feed(struct bastjanst_reader *r, const void *p,
                             size_t n, struct err *e);

/* The end of the body with the HTTP status and content type that came. Sets
 * the source's state (FK: and PM's) by the zero rule, also when something
 * failed: the states and words are those of ssbtek_finish, but for what the
 * authority itself says has gone wrong (a SOAP fault, LEFI's 400, 403, 500),
 * which is `fel` with kalla BT. ERR_OK when the authority's answer was there
 * to read, else why not. */
enum err_code bastjanst_finish(struct bastjanst_reader *r, int status,
                               const char *content_type, struct err *e);
void bastjanst_reader_free(struct bastjanst_reader **r);

#endif
