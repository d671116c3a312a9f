/* SPDX-License-Identifier: EUPL-1.2
 *
 * A question, and answers to it built from parts, for the tests of wire. All
 * persons are invented and bear test numbers.
 */
#ifndef ENFRAGA_TESTS_WIRE_FIXTURE_H
#define ENFRAGA_TESTS_WIRE_FIXTURE_H

#include "base/text.h"
#include "domain/answer.h"
#include "tests/lib/files.h"
#include "wire/ssbtek.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define PERSON "198503129804"

static inline struct question
fixture_question(void)
{
    struct question q = {
        .id = "k-1",
        .arende = "EK-2026-00417",
        .person = {PERSON},
        .syfte = SYFTE_FORTSATT,
        .period = {{2026, 9, 1}, {2026, 11, 30}},
        .sources = SOURCE_ASKABLE,
        .handlaggare = "hl0142",
    };
    question_preset_lefi(&q);
    return q;
}

/* The same in v11, with every part of SKV. */
static inline struct question
fixture_question_v11(void)
{
    struct question q = fixture_question();
    q.kontrakt = KONTRAKT_V11;
    q.skv = SKV_ALL;
    return q;
}

#define V11 "../ssbtek-v11/" /* before the name of a sample */

/* The answer in s, fed in pieces of `step` bytes; *code is ssbtek_finish's. */
static inline struct answer *
fixture_read(const struct question *q, const char *s, size_t n, size_t step,
             int status, const char *type, enum err_code *code)
{
    struct err e = {0};
    struct answer *a = answer_new(q);
    struct ssbtek_reader *r = ssbtek_reader_new(a, q->sources);
    for (size_t i = 0; i < n; i += step)
        if (ssbtek_feed(r, s + i, step < n - i ? step : n - i, &e))
            break;
    enum err_code c = ssbtek_finish(r, status, type, &e);
    if (code)
        *code = c;
    ssbtek_reader_free(&r);
    answer_sort(a);
    return a;
}

static inline struct answer *
fixture_answer(const char *s)
{
    struct question q = fixture_question();
    size_t n = strlen(s);
    return fixture_read(&q, s, n, n ? n : 1, 200, "text/xml", NULL);
}

/* data/samples/ssbtek/NAME, to be freed. */
static inline char *
fixture_sample(const char *name, size_t *n)
{
    char path[1024];
    const char *data = getenv("ENFRAGA_DATA");
    snprintf(path, sizeof path, "%s/samples/ssbtek/%s", data ? data : "data",
             name);
    char *s = file_read(path, n);
    if (!s) {
        fprintf(stderr, "%s cannot be read\n", path);
        exit(1);
    }
    return s;
}

/* The answer in a sample that holds one, in pieces of `step` (0: whole). */
static inline struct answer *
fixture_read_sample(const char *name, size_t step)
{
    struct question q = fixture_question();
    enum err_code code;
    size_t n;
    char *s = fixture_sample(name, &n);
    struct answer *a =
        fixture_read(&q, s, n, step ? step : n, 200, "text/xml", &code);
    if (code) {
        fprintf(stderr, "%s: %d\n", name, code);
        exit(1);
    }
    free(s);
    return a;
}

/* s with each `from` made `to`, to be freed. */
static inline char *
fixture_replaced(const char *s, const char *from, const char *to)
{
    AUTO_BUF(b, 32 << 20);
    for (const char *p; (p = strstr(s, from)) != NULL; s = p + strlen(from)) {
        buf_add(&b, s, (size_t)(p - s));
        buf_adds(&b, to);
    }
    buf_adds(&b, s);
    return buf_take(&b);
}

/* An envelope with `inside` under svarsdata. */
static inline void
fixture_envelope_in(struct buf *b, enum kontrakt k, const char *inside)
{
    buf_addf(b,
             "<soap:Envelope xmlns:soap=\"http://schemas.xmlsoap.org/soap/"
             "envelope/\"><soap:Body><s:hamtaBastjanstInformationResponse "
             "xmlns:s=\"http://schema.forsakringskassan.se/integration/ssbt/"
             "%s\"><s:korrelationsid>k-1</s:korrelationsid><s:svarsdata>%s"
             "</s:svarsdata></s:hamtaBastjanstInformationResponse>"
             "</soap:Body></soap:Envelope>",
             kontrakt_number(k), inside);
}

static inline void
fixture_envelope(struct buf *b, const char *inside)
{
    fixture_envelope_in(b, KONTRAKT_V10, inside);
}

/* The element of one source around what its reader gets: CSN's document and
 * LEFI's JSON in base64, the others' data as it is. */
static inline void
fixture_source(struct buf *b, enum source_id source, const char *data)
{
    const char *wire = source_row(source)->wire;
    buf_addf(b, "<s:%s><s:data>", wire);
    if (source == SOURCE_CSN || source == SOURCE_FK || source == SOURCE_PM) {
        const char *name = source == SOURCE_CSN ? "svar" : "lefiJsonSvar";
        buf_addf(b, "<s:%s>", name);
        text_base64_encode(b, data, strlen(data));
        buf_addf(b, "</s:%s>", name);
    } else {
        buf_adds(b, data);
    }
    buf_addf(b, "</s:data></s:%s>", wire);
}

/* An answer in which one source says `data` and the others are missing. */
static inline struct answer *
fixture_one(const struct question *q, enum source_id source, const char *data)
{
    AUTO_BUF(inside, 8 << 20);
    AUTO_BUF(doc, 8 << 20);
    fixture_source(&inside, source, data);
    fixture_envelope(&doc, buf_str(&inside));
    return fixture_read(q, doc.data, doc.len, doc.len, 200, "text/xml", NULL);
}

#endif
