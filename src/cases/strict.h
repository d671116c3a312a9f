/* SPDX-License-Identifier: EUPL-1.2
 *
 * cJSON read strictly: the whole input, no duplicate keys, no \u0000, no
 * members but those named, text that is NFC without control characters.
 */
#ifndef ENFRAGA_CASES_STRICT_H
#define ENFRAGA_CASES_STRICT_H

#include "base/err.h"
#include "base/mem.h"

#include <cjson/cJSON.h>
#include <stddef.h>

/* NULL with e set. The caller deletes. */
cJSON *strict_parse(const void *p, size_t n, struct err *e);

/* Is o an object with members among names (ended by NULL) alone, each at most
 * once? ERR_BAD_INPUT says which is not. */
enum err_code strict_object(const cJSON *o, const char *const *names,
                            struct err *e);

/* A member's text of at most max bytes, in the arena, NFC. ERR_BAD_INPUT when
 * it is missing, empty or not that; the text itself is never in e. */
enum err_code strict_text(const char **out, struct arena *a, const cJSON *o,
                          const char *name, size_t max, struct err *e);

/* The same of one item that is no member; `name` is for the error. */
enum err_code strict_item(const char **out, struct arena *a, const cJSON *item,
                          const char *name, size_t max, struct err *e);

#endif
