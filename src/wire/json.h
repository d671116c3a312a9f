/* SPDX-License-Identifier: EUPL-1.2
 *
 * JSON as RFC 8259 has it, read in one pass that checks and builds at once:
 * UTF-8, tokens, depth, number of values; names are case-sensitive and never
 * twice in an object; no \u0000; the whole input is one value. Numbers keep
 * the text they came as, so no amount passes through binary floating point.
 * The tree is cJSON's, so its own functions walk it; the memory is an arena's,
 * so cJSON frees none of it.
 */
#ifndef ENFRAGA_WIRE_JSON_H
#define ENFRAGA_WIRE_JSON_H

#include "base/err.h"
#include "base/mem.h"

#include <cjson/cJSON.h>
#include <stddef.h>

struct json_limits {
    size_t bytes;
    unsigned values, depth;
};

/* The document in *out, which lives in `a` with its texts: `valuestring`, and
 * its length in `valueint`, of strings and numbers. ERR_TOO_BIG past a ceiling
 * (the arena's too), else ERR_PROTOCOL; `e` never holds anything of the
 * document. */
enum err_code json_read(const cJSON **out, struct arena *a, const char *p,
                        size_t n, const struct json_limits *limits,
                        struct err *e);

/* Member of an object, exact name; NULL. */
const cJSON *json_get(const cJSON *object, const char *name);

/* Text of a string, a number (as it came) or a boolean; else NULL. */
const char *json_text(const cJSON *value);

/* json_text(json_get(object, name)) */
const char *json_member(const cJSON *object, const char *name);

#endif
