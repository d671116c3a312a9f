/* SPDX-License-Identifier: EUPL-1.2
 *
 * A question to the simulated authorities as enfragad puts it, and the answer
 * as enfragad reads it.
 */
#ifndef ENFRAGA_TESTS_TRAINING_ASK_H
#define ENFRAGA_TESTS_TRAINING_ASK_H

#include "training/answer.h"
#include "wire/bastjanst.h"
#include "wire/ssbtek.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const struct ssbtek_asker asker = {
    .orgnr = "162120000001",
    .namn = "Sundby <kommun> & \"co\"",
    .aktorsid = "999-01",
    .syfte = "Ekonomiskt bistånd",
    .lagtext = "15 kap. 10–12 §§ SoL",
};

/* M is November 2026: the period of UX 8's drawing. */
static inline struct question
question_of(const char *number, const char *arende)
{
    struct question q = {
        .syfte = SYFTE_FORTSATT,
        .month = {2026, 11},
        .period = {{2026, 9, 1}, {2026, 11, 30}},
        .sources = SOURCE_ASKABLE,
        .handlaggare = "elev",
        .asked_ms = 1,
    };
    snprintf(q.id, sizeof(q.id), "6f1c2a34-0000-4000-8000-000000000001");
    snprintf(q.arende, sizeof(q.arende), "%s", arende);
    snprintf(q.person.digits, sizeof(q.person.digits), "%s", number);
    question_preset_lefi(&q);
    question_preset_csn(&q);
    return q;
}

/* In another version: v11 with every part of SKV. */
static inline void
question_set(struct question *q, enum kontrakt k)
{
    q->kontrakt = k;
    question_preset_skv(q, SKV_ALL);
}

/* The answer of one source as bytes. */
static inline void
ask_bytes(struct buf *out, const struct question *q, enum source_id source,
          enum fault fault, const char *part, struct date today)
{
    struct err e = {0};
    struct asked a;
    struct scene s;
    AUTO_BUF(body, 256 << 10);
    if (ssbtek_question(&body, q, SOURCE_BIT(source), &asker, &e) != ERR_OK ||
        asked_read(&a, body.data, body.len, &e) != ERR_OK) {
        fprintf(stderr, "%s\n", e.text);
        abort();
    }
    scene_set(&s, &a, fault, part, today);
    answer_write(out, &s);
    asked_done(&a);
}

/* The same read into an answer. */
static inline void
ask_into(struct answer *into, const struct question *q, enum source_id source,
         enum fault fault, const char *part, struct date today)
{
    struct err e = {0};
    AUTO_BUF(body, ANSWER_MAX);
    source_set set = SOURCE_BIT(source);
    if (source == SOURCE_FK)
        set |= SOURCE_BIT(SOURCE_PM);
    ask_bytes(&body, q, source, fault, part, today);
    struct ssbtek_reader *r = ssbtek_reader_new(into, set);
    if (ssbtek_feed(r, body.data, body.len, &e) == ERR_OK)
        ssbtek_finish(r, 200, "text/xml; charset=UTF-8", &e);
    else
        ssbtek_finish(r, 200, "text/xml", &e);
    ssbtek_reader_free(&r);
}

/* The answer of one source asked by itself, as bytes; its HTTP status. */
static inline int
ask_direct_bytes(struct buf *out, const struct question *q,
                 enum source_id source, enum fault fault, const char *part,
                 struct date today)
{
    struct err e = {0};
    struct asked a;
    struct scene s;
    AUTO_BUF(body, 256 << 10);
    if (bastjanst_question(&body, source, q, &asker, &e) != ERR_OK ||
        asked_read_direct(&a, source, asker.aktorsid, body.data, body.len,
                          &e) != ERR_OK) {
        fprintf(stderr, "%s: %s\n", source_row(source)->code, e.text);
        abort();
    }
    scene_set(&s, &a, fault, part, today);
    int status = answer_write(out, &s);
    asked_done(&a);
    return status;
}

static inline void
ask_direct_into(struct answer *into, const struct question *q,
                enum source_id source, enum fault fault, const char *part,
                struct date today)
{
    struct err e = {0};
    AUTO_BUF(body, ANSWER_MAX);
    int status = ask_direct_bytes(&body, q, source, fault, part, today);
    struct bastjanst_reader *r = bastjanst_reader_new(into, source);
    if (bastjanst_feed(r, body.data, body.len, &e) != ERR_OK)
        e = (struct err){0};
    bastjanst_finish(r, status,
                     source == SOURCE_FK ? "application/json" : "text/xml", &e);
    bastjanst_reader_free(&r);
}

/* Every source, with the cast's own troubles. */
static inline struct answer *
ask_all(const struct question *q, struct date today)
{
    struct answer *a = answer_new(q);
    enum cast_id id = cast_find(q->person.digits);
    for (int i = 0; i < SOURCE_COUNT; i++) {
        const char *part = "";
        enum fault f = FAULT_NONE;
        if (!(SOURCE_ASKABLE & SOURCE_BIT(i)))
            continue;
        if (id != CAST_COUNT)
            f = cast_fault(id, (enum source_id)i, &part);
        if (f != FAULT_TIMEOUT && f != FAULT_HTTP500)
            ask_into(a, q, (enum source_id)i, f, part, today);
    }
    answer_sort(a);
    return a;
}

#endif
