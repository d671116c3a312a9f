/* SPDX-License-Identifier: EUPL-1.2
 *
 * The question of SSBTEK v10 and v11 (WIRE 2): strictly valid, every sequence
 * in the contract's order, and the seven children always there.
 */
#include "config.h"

#include "wire/put.h"

#include "base/text.h"

#include <stdbool.h>
#include <stdio.h>
#include <string.h>

static void
element(struct buf *b, const char *name, const char *text)
{
    char prefixed[64];
    snprintf(prefixed, sizeof prefixed, "s:%s", name);
    xml_put_element(b, prefixed, text);
}

static void
tidsperiod(struct buf *b, struct period p)
{
    char from[11], to[11];
    date_text(p.from, from);
    date_text(p.to, to);
    buf_addf(b,
             "<s:tidsperiod><s:fromDatum>%s</s:fromDatum>"
             "<s:tomDatum>%s</s:tomDatum></s:tidsperiod>",
             from, to);
}

static void
fk_fraga(struct buf *b, const struct question *q, const struct ssbtek_asker *by)
{
    AUTO_BUF(json, QUESTION_MAX);
    buf_adds(b, "<s:fraga><s:version>v9</s:version>");
    element(b, "aktorsid", by->aktorsid);
    buf_adds(b, "<s:lefiJsonFraga>");
    put_lefi(&json, q);
    text_base64_encode(b, buf_str(&json), json.len);
    buf_adds(b, "</s:lefiJsonFraga></s:fraga>");
    b->full = b->full || json.full;
}

/* v11: without it the service answers the whole question with "Internal
 * error" (WIRE 2.2). */
static void
skv_fraga(struct buf *b, const struct question *q)
{
    int years[2];
    skv_years(q->period, years);
    buf_addf(b, "<s:fraga><s:ar>%d</s:ar><s:ar>%d</s:ar>", years[0], years[1]);
    for (enum skv_part i = 0; i < SKV_COUNT; i++)
        element(b, skv_word(i), q->skv & SKV_BIT(i) ? "true" : "false");
    buf_adds(b, "</s:fraga>");
}

static void
generella(struct buf *b, const struct question *q,
          const struct ssbtek_asker *by)
{
    buf_adds(b, "<s:generellaFrageparametrar>");
    element(b, "korrelationsid", q->id);
    element(b, "fraganSkallInkluderasISvaret", "false");
    buf_adds(b, "<s:ingivare>");
    element(b, "organisationsnummer", by->orgnr);
    element(b, "namn", by->namn);
    element(b, "handlaggare", q->handlaggare);
    buf_adds(b, "</s:ingivare>");
    element(b, "personidentitet", q->person.digits);
    element(b, "arendeidentitet", q->arende);
    tidsperiod(b, q->period);
    if (by->bitrade_orgnr && *by->bitrade_orgnr) {
        buf_adds(b, "<s:personuppgiftsbitrade>");
        element(b, "organisationsnummer", by->bitrade_orgnr);
        element(b, "namn", by->bitrade_namn);
        buf_adds(b, "</s:personuppgiftsbitrade>");
    }
    element(b, "syfte", by->syfte);
    element(b, "lagtext", by->lagtext);
    buf_adds(b, "</s:generellaFrageparametrar>");
}

static void
specifika(struct buf *b, const struct question *q, source_set sources,
          const struct ssbtek_asker *by)
{
    buf_adds(b, "<s:specifikaFrageparametrar>");
    for (int i = 0; i < SOURCE_COUNT; i++) {
        if (!(SOURCE_ASKABLE & SOURCE_BIT(i)))
            continue; /* PM is carried by FK */
        const char *name = source_row(i)->wire;
        bool in = sources & SOURCE_BIT(i);
        bool csn = in && i == SOURCE_CSN && !date_none(q->csn.from);
        bool skv = in && i == SOURCE_SKV && q->kontrakt == KONTRAKT_V11;
        buf_addf(b, "<s:%s inkludera=\"%s\"", name, in ? "true" : "false");
        if (!csn && !skv && !(in && i == SOURCE_FK)) {
            buf_adds(b, "/>");
            continue;
        }
        buf_adds(b, ">");
        if (csn)
            tidsperiod(b, q->csn);
        else if (skv)
            skv_fraga(b, q);
        else
            fk_fraga(b, q, by);
        buf_addf(b, "</s:%s>", name);
    }
    buf_adds(b, "</s:specifikaFrageparametrar>");
}

enum err_code
ssbtek_question(struct buf *out, const struct question *q, source_set sources,
                const struct ssbtek_asker *by, struct err *e)
{
    enum err_code code = put_check(q, sources, by, e);
    if (code)
        return code;
    soap_put(out);
    buf_addf(out, "<s:hamtaBastjanstInformation xmlns:s=\"" SSBT "%s\">",
             kontrakt_number(q->kontrakt));
    generella(out, q, by);
    specifika(out, q, sources, by);
    buf_adds(out, "</s:hamtaBastjanstInformation>");
    soap_put_end(out);
    return out->full ? err_set(e, ERR_TOO_BIG, "the question") : ERR_OK;
}

enum err_code
ssbtek_probe(struct buf *out, enum kontrakt kontrakt)
{
    soap_put(out);
    buf_addf(out, "<s:testaBastjanstInformation xmlns:s=\"" SSBT "%s\"/>",
             kontrakt_number(kontrakt));
    soap_put_end(out);
    return out->full ? ERR_TOO_BIG : ERR_OK;
}
