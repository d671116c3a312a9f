/* SPDX-License-Identifier: EUPL-1.2
 *
 * Answers of the authorities themselves, for the tests of wire.
 */
#ifndef ENFRAGA_TESTS_WIRE_DIRECT_H
#define ENFRAGA_TESTS_WIRE_DIRECT_H

#include "tests/unit/wire/fixture.h"

#include "wire/bastjanst.h"

/* The answer in s, fed in pieces of `step` bytes; *code is
 * bastjanst_finish's. With `kept` the reader is handed over, and has kept. */
static inline struct answer *
direct_read(const struct question *q, enum source_id source, const char *s,
            size_t n, size_t step, int status, enum err_code *code,
            struct bastjanst_reader **kept)
{
    struct err e = {0};
    struct answer *a = answer_new(q);
    struct bastjanst_reader *r = bastjanst_reader_new(a, source);
    if (kept)
        bastjanst_keep(r);
    for (size_t i = 0; i < n; i += step)
        if (bastjanst_feed(r, s + i, step < n - i ? step : n - i, &e))
            break;
    enum err_code c = bastjanst_finish(
        r, status, source == SOURCE_FK ? "application/json" : "text/xml", &e);
    if (code)
        *code = c;
    if (kept)
        *kept = r;
    else
        bastjanst_reader_free(&r);
    answer_sort(a);
    return a;
}

/* A question that asks one source alone. */
static inline struct question
direct_question(enum source_id source)
{
    struct question q = fixture_question();
    q.sources = SOURCE_BIT(source);
    return q;
}

/* "af.xml": data/samples/bastjanst/NAME, to be freed. */
static inline char *
direct_sample(const char *name, size_t *n)
{
    char path[256];
    snprintf(path, sizeof path, "../bastjanst/%s", name);
    return fixture_sample(path, n);
}

/* The lower-case code of a source and `rest`: its sample's name. */
static inline const char *
direct_name(enum source_id source, const char *rest, char out[32])
{
    snprintf(out, 32, "%s%s.%s", source_row(source)->code, rest,
             source == SOURCE_FK ? "json" : "xml");
    for (char *c = out; *c && *c != '-' && *c != '.'; c++)
        *c = (char)(*c | 0x20);
    return out;
}

#endif
