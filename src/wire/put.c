/* SPDX-License-Identifier: EUPL-1.2 */
#include "config.h"

#include "wire/put.h"

#include "base/text.h"
#include "domain/lefi.h"

#include <string.h>

enum { FIELD_MAX = 4096 };

/* XML 1.0 section 2.2: characters that no escape can bring into a document.
 * Their length at s, or 0. */
static int
barred(const char *s)
{
    unsigned char c = (unsigned char)*s;
    if (c < 0x20 && c != '\t' && c != '\n' && c != '\r')
        return 1;
    if (c != 0xef)
        return 0;
    return !strncmp(s + 1, "\xbf\xbe", 2) || !strncmp(s + 1, "\xbf\xbf", 2) ? 3
                                                                            : 0;
}

bool
xml_may_hold(const char *s)
{
    size_t n = strlen(s);
    if (n > FIELD_MAX || !text_is_utf8(s, n))
        return false;
    for (; *s; s++)
        if (*s == '\r' || barred(s))
            return false;
    return true;
}

void
xml_put(struct buf *b, const char *s)
{
    const char *from = s; /* what needs no escape is added in one piece */
    while (*s) {
        int bad = barred(s);
        const char *to = bad          ? "\xef\xbf\xbd"
                         : *s == '<'  ? "&lt;"
                         : *s == '>'  ? "&gt;"
                         : *s == '&'  ? "&amp;"
                         : *s == '\r' ? "&#13;"
                                      : NULL;
        if (!to) {
            s++;
            continue;
        }
        buf_add(b, from, (size_t)(s - from));
        buf_adds(b, to);
        s += bad ? bad : 1;
        from = s;
    }
    buf_add(b, from, (size_t)(s - from));
}

void
xml_put_element(struct buf *b, const char *name, const char *text)
{
    buf_addf(b, "<%s>", name);
    xml_put(b, text);
    buf_addf(b, "</%s>", name);
}

void
soap_put(struct buf *b)
{
    buf_adds(b, "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
                "<soap:Envelope xmlns:soap=\"" SOAP11 "\"><soap:Body>");
}

void
soap_put_end(struct buf *b)
{
    buf_adds(b, "</soap:Body></soap:Envelope>\n");
}

void
put_lefi(struct buf *j, const struct question *q)
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
        unsigned lists;
        int n = 0;
        for (const char *at = q->lefi; (c = lefi_next(&at, &lists)) != NULL;) {
            if (!(lists & 1u << i))
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

static bool
is_orgnr(const char *s)
{
    /* [\d]{4}[2-9]{1}[\d]{7} */
    return s && strlen(s) == 12 && strspn(s, "0123456789") == 12 && s[4] >= '2';
}

static bool
is_filled(const char *s)
{
    return s && *s && xml_may_hold(s);
}

enum err_code
put_check(const struct question *q, source_set sources,
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
    if (!by->syfte || !xml_may_hold(by->syfte) || !by->lagtext ||
        !xml_may_hold(by->lagtext))
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
