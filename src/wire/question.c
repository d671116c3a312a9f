/* SPDX-License-Identifier: EUPL-1.2
 *
 * The question of SSBTEK v10 and v11 (WIRE 2): strictly valid, every sequence
 * in the contract's order, and the seven children always there.
 */
#include "config.h"

#include "wire/ssbtek.h"

#include "base/text.h"
#include "domain/lefi.h"

#include <stdbool.h>
#include <string.h>

enum { QUESTION_MAX = 64 << 10, FIELD_MAX = 4096 };

#define SOAP "http://schemas.xmlsoap.org/soap/envelope/"
#define SSBT "http://schema.forsakringskassan.se/integration/ssbt/"

/* XML 1.0 section 2.2: characters that no escape can bring into a document. */
static bool
is_xml_text(const char *s)
{
    size_t n = strlen(s);
    if (n > FIELD_MAX || !text_is_utf8(s, n))
        return false;
    for (size_t i = 0; i < n; i++) {
        unsigned char c = (unsigned char)s[i];
        if ((c < 0x20 && c != '\t' && c != '\n') ||
            (c == 0xef && !memcmp(s + i, "\xef\xbf\xbe", 3)) ||
            (c == 0xef && !memcmp(s + i, "\xef\xbf\xbf", 3)))
            return false;
    }
    return true;
}

static void
escaped(struct buf *b, const char *s)
{
    for (; *s; s++) {
        switch (*s) {
        case '<':
            buf_adds(b, "&lt;");
            break;
        case '>':
            buf_adds(b, "&gt;");
            break;
        case '&':
            buf_adds(b, "&amp;");
            break;
        default:
            buf_addc(b, *s);
        }
    }
}

static void
element(struct buf *b, const char *name, const char *text)
{
    buf_addf(b, "<s:%s>", name);
    escaped(b, text);
    buf_addf(b, "</s:%s>", name);
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

/* LEFI's question (WIRE 7): codes in every list that takes them. */
static void
lefi_question(struct buf *j, const struct question *q)
{
    char from[11], to[11];
    date_text(q->period.from, from);
    date_text(q->period.to, to);
    buf_addf(
        j,
        "{\"personnummer\":\"%s\",\"period\":{\"from\":\"%s\",\"tom\":\"%s\"}",
        q->person.digits, from, to);
    for (int i = 0; i < LEFI_LISTS; i++) {
        const struct lefi_code *c;
        int n = 0;
        for (const char *at = q->lefi; (c = lefi_next(&at)) != NULL;) {
            if (!(c->lists & 1u << i))
                continue;
            if (!n++)
                buf_addf(j, ",\"%s\":[", lefi_list_name(1u << i));
            buf_addf(j, "%s\"%s\"", n > 1 ? "," : "", c->kod);
        }
        if (n)
            buf_adds(j, "]");
    }
    buf_adds(j, "}");
}

static void
fk_fraga(struct buf *b, const struct question *q, const struct ssbtek_asker *by)
{
    AUTO_BUF(json, QUESTION_MAX);
    buf_adds(b, "<s:fraga><s:version>v9</s:version>");
    element(b, "aktorsid", by->aktorsid);
    buf_adds(b, "<s:lefiJsonFraga>");
    lefi_question(&json, q);
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

static bool
is_orgnr(const char *s)
{
    /* [\d]{4}[2-9]{1}[\d]{7} */
    return s && strlen(s) == 12 && strspn(s, "0123456789") == 12 && s[4] >= '2';
}

static bool
is_filled(const char *s)
{
    return s && *s && is_xml_text(s);
}

static enum err_code
check(const struct question *q, source_set sources,
      const struct ssbtek_asker *by, struct err *e)
{
    if (!sources || sources & ~q->sources || sources & ~SOURCE_ASKABLE)
        return err_set(e, ERR_BAD_INPUT, "sources");
    if (!is_orgnr(by->orgnr))
        return err_set(e, ERR_BAD_INPUT, "organisationsnummer");
    if (!is_filled(by->namn) || !is_filled(q->handlaggare))
        return err_set(e, ERR_BAD_INPUT, "ingivare");
    if (strlen(q->person.digits) != 12 ||
        strspn(q->person.digits, "0123456789") != 12)
        return err_set(e, ERR_BAD_INPUT, "personidentitet");
    if (!is_filled(q->arende) || !is_filled(q->id))
        return err_set(e, ERR_BAD_INPUT, "arendeidentitet, korrelationsid");
    if (!period_ok(q->period) ||
        (!date_none(q->csn.from) && !period_ok(q->csn)))
        return err_set(e, ERR_BAD_INPUT, "tidsperiod");
    if (!by->syfte || !is_xml_text(by->syfte) || !by->lagtext ||
        !is_xml_text(by->lagtext))
        return err_set(e, ERR_BAD_INPUT, "syfte, lagtext");
    if (by->bitrade_orgnr && *by->bitrade_orgnr &&
        (!is_orgnr(by->bitrade_orgnr) || !is_filled(by->bitrade_namn)))
        return err_set(e, ERR_BAD_INPUT, "personuppgiftsbitrade");
    int years[2];
    if (q->kontrakt == KONTRAKT_V11 && sources & SOURCE_BIT(SOURCE_SKV) &&
        (!q->skv || q->skv & ~SKV_ALL || !skv_years(q->period, years)))
        return err_set(e, ERR_BAD_INPUT, "the parts of SKV");
    if (!(sources & SOURCE_BIT(SOURCE_FK)))
        return ERR_OK;
    if (!is_filled(by->aktorsid))
        return err_set(e, ERR_BAD_INPUT, "aktorsid");
    if (period_over_two_years(q->period)) /* LEFI refuses the whole call */
        return err_set(e, ERR_PERIOD_FK, "FK");
    if (!*q->lefi || !lefi_canonical(q->lefi))
        return err_set(e, ERR_BAD_INPUT, "LEFI codes");
    return ERR_OK;
}

enum err_code
ssbtek_question(struct buf *out, const struct question *q, source_set sources,
                const struct ssbtek_asker *by, struct err *e)
{
    enum err_code code = check(q, sources, by, e);
    if (code)
        return code;
    buf_adds(out, "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
                  "<soap:Envelope xmlns:soap=\"" SOAP "\"><soap:Body>"
                  "<s:hamtaBastjanstInformation xmlns:s=\"" SSBT);
    buf_addf(out, "%s\">", kontrakt_number(q->kontrakt));
    generella(out, q, by);
    specifika(out, q, sources, by);
    buf_adds(out, "</s:hamtaBastjanstInformation></soap:Body>"
                  "</soap:Envelope>\n");
    return out->full ? err_set(e, ERR_TOO_BIG, "the question") : ERR_OK;
}

enum err_code
ssbtek_probe(struct buf *out, enum kontrakt kontrakt)
{
    buf_adds(out, "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
                  "<soap:Envelope xmlns:soap=\"" SOAP "\"><soap:Body>"
                  "<s:testaBastjanstInformation xmlns:s=\"" SSBT);
    buf_addf(out, "%s\"/></soap:Body></soap:Envelope>\n",
             kontrakt_number(kontrakt));
    return out->full ? ERR_TOO_BIG : ERR_OK;
}
