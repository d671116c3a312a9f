/* SPDX-License-Identifier: EUPL-1.2
 *
 * The simulator's own encoders: XML with everything escaped, tables of
 * elements in the contract's order, and JSON.
 */
#ifndef ENFRAGA_TRAINING_PUT_H
#define ENFRAGA_TRAINING_PUT_H

#include "base/buf.h"
#include "domain/period.h"
#include "training/cast.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* XML: <name>text</name>, text escaped; characters that XML 1.0 cannot hold
 * become U+FFFD. `name` has its prefix. */
void put_text(struct buf *b, const char *name, const char *text);
void put_date(struct buf *b, const char *name, struct date d);
void put_number(struct buf *b, const char *name, int64_t n);
void put_bool(struct buf *b, const char *name, bool v);
void put_escaped(struct buf *b, const char *text);
void put_open(struct buf *b, const char *name);
void put_close(struct buf *b, const char *name);

/* A sequence of elements as a table. PUT_REL is a day relative to the month
 * asked about. What may be left out is, when there is nothing to say: empty
 * text, no day, a number below zero. */
enum put_kind { PUT_TEXT, PUT_DATE, PUT_REL, PUT_INT, PUT_BOOL };

struct put_row {
    const char *name;
    enum put_kind kind;
    size_t at; /* offset in the object */
    bool optional;
};

void put_rows(struct buf *b, const struct put_row *rows, size_t n,
              const void *object, struct month month);
#define PUT_ROWS(b, rows, object, month)                                       \
    put_rows(b, rows, sizeof(rows) / sizeof((rows)[0]), object, month)

/* JSON. name NULL: an item of a list. */
struct put_json {
    struct buf *out;
    int depth;
    bool list[24], some[24];
};

void put_object(struct put_json *j, const char *name);
void put_list(struct put_json *j, const char *name);
void put_end(struct put_json *j);
void put_word(struct put_json *j, const char *name, const char *text); /* NULL:
                                                                        null */
void put_int(struct put_json *j, const char *name, int64_t n);
void put_truth(struct put_json *j, const char *name, bool v);
void put_day(struct put_json *j, const char *name, struct date d);

/* "Lindqvist, Maj-Britt" */
void put_name(char *out, size_t size, const struct cast_person *p);

#endif
