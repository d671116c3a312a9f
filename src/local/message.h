/* SPDX-License-Identifier: EUPL-1.2
 *
 * The other messages of the local protocol (doc/api/openapi.yaml), both ends:
 * signed entries, kvitto, klar, problems, and a thin checked reader over
 * cJSON that both programs use for small objects. Unknown members are refused
 * in requests and tolerated in answers.
 */
#ifndef ENFRAGA_LOCAL_MESSAGE_H
#define ENFRAGA_LOCAL_MESSAGE_H

#include "base/buf.h"
#include "base/err.h"
#include "domain/source.h"

#include <cjson/cJSON.h>
#include <stdbool.h>
#include <stdint.h>

/* A signed entry on its way to the log: {"forfattardel":b64,"signatur":b64,
 * "nyttolast":b64,"salt":b64}. nyttolast and salt may be missing together. */
struct signed_entry {
    struct buf author, payload; /* owned; payload.data NULL: none */
    uint8_t sig[64], salt[32];
    bool has_payload;
};
enum err_code signed_entry_write(struct buf *out, const struct signed_entry *s);
enum err_code signed_entry_read(struct signed_entry *s, const cJSON *json,
                                struct err *e);
void signed_entry_done(struct signed_entry *s); /* wiped */

/* {"typ":"kvitto","loggpost":N,"tid":ISO,"kvitto":b64 of proof/receipt,
 * "fraga":id} */
struct kvitto {
    uint64_t loggpost;
    int64_t time_ms;
    struct buf receipt; /* encoded struct receipt */
};
enum err_code kvitto_write(struct buf *out, const struct kvitto *k);
enum err_code kvitto_read(struct kvitto *k, const cJSON *json, struct err *e);

/* {"typ":"klar","utfall":"hel|delvis|inget","loggpost":N (the outcome's),
 * "kvitto":b64,"salt":hex,"svarshash":hex}: the hash is SHA-256 over
 * salt || each `svar` line as sent, newline included, in order. */
struct klar {
    char utfall[16];
    uint64_t loggpost;
    struct buf receipt;
    uint8_t salt[32], hash[32];
};
enum err_code klar_write(struct buf *out, const struct klar *k);
enum err_code klar_read(struct klar *k, const cJSON *json, struct err *e);

/* problem+json (RFC 9457): {"type":"about:blank","title":…,"status":N,
 * "kod":word,"utgang":exit,"titel":…,"atgard":…,"detail":…}. As a line of a
 * stream it has "typ":"problem" too. */
enum err_code problem_write(struct buf *out, enum err_code code,
                            const struct err *e, bool stream);
enum err_code problem_read(enum err_code *code, struct err *e,
                           const cJSON *json);
int problem_status(enum err_code code); /* HTTP status */

/* Whole input, size ceiling, no duplicate keys; NULL with e set. */
cJSON *message_parse(const void *p, size_t n, size_t max, struct err *e);
/* Text member, NULL if missing or not text. */
const char *message_text(const cJSON *o, const char *name);
bool message_number(const cJSON *o, const char *name, int64_t *v);
bool message_bool(const cJSON *o, const char *name); /* false if missing */
/* Every member of o is among names (ended by NULL); else e names it. */
bool message_only(const cJSON *o, const char *const *names, struct err *e);

#endif
