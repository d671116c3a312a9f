/* SPDX-License-Identifier: EUPL-1.2
 *
 * JSON as it is written: straight into a buffer, no tree. The writer keeps
 * track of commas; that what is opened gets closed is the caller's. A buffer
 * that got full keeps that to itself until the end (buf.h).
 */
#ifndef ENFRAGA_LOCAL_JSON_H
#define ENFRAGA_LOCAL_JSON_H

#include "base/buf.h"
#include "domain/money.h"
#include "domain/period.h"

#include <stdbool.h>
#include <stdint.h>

struct json {
    struct buf *out;
    bool more; /* the next member needs a comma in front */
};

/* Each takes the member's name, NULL inside a list. */
void json_open(struct json *j, const char *name, char bracket);
void json_close(struct json *j, char bracket);
void json_str(struct json *j, const char *name, const char *s);
void json_text_n(struct json *j, const char *name, const char *s, size_t n);
void json_null(struct json *j, const char *name);
void json_bool(struct json *j, const char *name, bool v);
void json_int(struct json *j, const char *name, int64_t v);
/* Text, or null where there is none. */
void json_text_null(struct json *j, const char *name, const char *s);
/* Nothing at all where there is none. */
void json_text_if(struct json *j, const char *name, const char *s);
/* "1185.00", or null where it was not given. */
void json_money(struct json *j, const char *name, struct money m);
void json_money_if(struct json *j, const char *name, struct money m);
/* "2026-11-24", or null. */
void json_date(struct json *j, const char *name, struct date d);
/* Seconds of ms with one to three decimals; null below zero. */
void json_seconds(struct json *j, const char *name, int ms);
/* Base64 and hex of bytes. */
void json_base64(struct json *j, const char *name, const void *p, size_t n);
void json_hex(struct json *j, const char *name, const void *p, size_t n);
/* "2026-11-24T14:32:07+01:00" of UTC ms. */
void json_time(struct json *j, const char *name, int64_t ms);

#endif
