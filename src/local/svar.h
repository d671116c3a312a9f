/* SPDX-License-Identifier: EUPL-1.2
 *
 * enfraga.svar/1 (DESIGN 4) as JSON: the whole document that commands print,
 * and the parts that travel between enfragad and enfraga, both ways.
 */
#ifndef ENFRAGA_LOCAL_SVAR_H
#define ENFRAGA_LOCAL_SVAR_H

#include "base/buf.h"
#include "base/err.h"
#include "domain/answer.h"
#include "domain/overview.h"

/* The whole document for one answer and its overview (n_answers 1), compact,
 * one line, without newline. */
enum err_code svar_write(struct buf *out, const struct answer *a,
                         const struct overview *o);

/* One source's state without content (`kalla` of the stream):
 * {"typ":"kalla","kod":"FK","lage":"delsvar","tid_s":3.1,"antal":9,...} */
enum err_code svar_write_state(struct buf *out, const struct answer *a,
                               enum source_id s);

/* One source's whole part (`svar` of the stream): the state's members and
 * utbetalningar, beslut, uppgifter, flaggor, saknade, anmarkningar, ra. */
enum err_code svar_write_source(struct buf *out, const struct answer *a,
                                enum source_id s);

/* The same for people's eyes and files: places masked unless the answer as it
 * stands lets them be shown, and without the raw text. */
enum err_code svar_write_printed(struct buf *out, const struct answer *a,
                                 enum source_id s);

/* Reads either back into a->of[s] (memory from a's arena); unknown members
 * are tolerated. */
enum err_code svar_read_source(struct answer *a, enum source_id *s,
                               const char *json, size_t n, struct err *e);

/* Reads a whole document back (the four forms' test; prints of old ones). */
enum err_code svar_read(struct answer **a, const char *json, size_t n,
                        struct err *e);

#endif
