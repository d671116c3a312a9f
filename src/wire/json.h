/* SPDX-License-Identifier: EUPL-1.2
 *
 * JSON as RFC 8259 has it, by cJSON behind one strict gate: the bytes are
 * looked through first (UTF-8, tokens, depth, number of values), then parsed
 * whole; names are case-sensitive and never twice in an object; no \u0000.
 * Numbers keep the text they came as, so no amount passes through binary
 * floating point.
 */
#ifndef ENFRAGA_WIRE_JSON_H
#define ENFRAGA_WIRE_JSON_H

#include "base/err.h"

#include <cjson/cJSON.h>
#include <stddef.h>

struct json_limits {
    size_t bytes;
    unsigned values, depth;
};

/* The document in *out, to be freed with json_free. ERR_TOO_BIG past a
 * ceiling, else ERR_PROTOCOL; `e` never holds anything of the document. */
enum err_code json_read(cJSON **out, const char *p, size_t n,
                        const struct json_limits *limits, struct err *e);
void json_free(cJSON **j);

/* Member of an object, exact name; NULL. */
const cJSON *json_get(const cJSON *object, const char *name);

/* Text of a string, a number (as it came) or a boolean; else NULL. */
const char *json_text(const cJSON *value);

/* json_text(json_get(object, name)) */
const char *json_member(const cJSON *object, const char *name);

#endif
