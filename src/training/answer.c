/* SPDX-License-Identifier: EUPL-1.2
 *
 * The envelope of WIRE 3 and 4 around what one authority says.
 */
#include "config.h"

#include "training/answer.h"

#include "training/put.h"

#include <string.h>

#define HEAD                                                                   \
    "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"                             \
    "<soap:Envelope xmlns:soap=\"http://schemas.xmlsoap.org/soap/envelope/\">" \
    "<soap:Body>"
#define TAIL "</soap:Body></soap:Envelope>\n"

static void
put_ssbt(struct buf *out, enum kontrakt k)
{
    buf_addf(out,
             " xmlns:ssbt=\"http://schema.forsakringskassan.se/integration/"
             "ssbt/%s\">",
             kontrakt_number(k));
}

static const struct authority {
    const char *name; /* element under svarsdata */
    bool test;
    write_fn *write;
} authorities[SOURCE_COUNT] = {
#define AUTHORITY(source, ms, more, t, w)                                      \
    [SOURCE_##source] = {.name = #source, .test = (t), .write = (w)},
#include "training/authorities.def"
#undef AUTHORITY
};

/* The next one of the cast, so that its number is of the test range too. */
static enum cast_id
another(enum cast_id id)
{
    return (enum cast_id)((id + 1) % CAST_COUNT);
}

void
scene_set(struct scene *s, const struct asked *q, enum fault fault,
          const char *part, struct date today)
{
    enum cast_id id = cast_find(q->person);
    *s = (struct scene){.asked = q,
                        .rows = id,
                        .number = q->person,
                        .month = month_of(q->to),
                        .today = today,
                        .fault = fault,
                        .part = part};
    if (id == CAST_COUNT)
        return;
    s->person = cast_person(id);
    if (s->person->strangers & SOURCE_BIT(q->source)) {
        s->person = NULL;
        s->rows = CAST_COUNT;
    } else if (fault == FAULT_EMPTY) {
        s->rows = CAST_COUNT;
    } else if (fault == FAULT_WRONG_PERSON) {
        s->rows = another(id);
        s->person = cast_person(s->rows);
        s->number = s->person->number;
    }
}

bool
scene_in_period(const struct scene *s, struct date d)
{
    return date_compare(d, s->asked->own_from) >= 0 &&
           date_compare(d, s->asked->own_to) <= 0;
}

bool
scene_has_come(const struct scene *s, struct date d)
{
    return date_none(d) || date_compare(d, s->today) <= 0;
}

void
answer_error(struct buf *out, const char *kalla, const char *felkod,
             const char *felmeddelande)
{
    put_open(out, "ssbt:error");
    put_text(out, "ssbt:kalla", kalla);
    put_text(out, "ssbt:felkod", felkod);
    put_text(out, "ssbt:felmeddelande", felmeddelande);
    put_close(out, "ssbt:error");
}

static void
write_source(struct buf *out, const struct scene *s)
{
    const struct authority *a = &authorities[s->asked->source];
    buf_addf(out, "<ssbt:%s>", a->name);
    if (s->fault == FAULT_ERROR_BT)
        answer_error(out, "BT", "4012",
                     "Ett tekniskt fel har inträffat. Försök senare.");
    else if (s->fault == FAULT_ERROR_SSBT)
        answer_error(out, "SSBT", "TIMEOUT",
                     "Tidsgränsen för anropet till bastjänsten har passerats.");
    else
        a->write(out, s);
    buf_addf(out, "</ssbt:%s>", a->name);
}

void
answer_write(struct buf *out, const struct scene *s)
{
    buf_adds(out, HEAD "<ssbt:hamtaBastjanstInformationResponse");
    put_ssbt(out, s->asked->kontrakt);
    if (s->asked->tidpunkt != NULL)
        put_text(out, "ssbt:frageTidpunkt", s->asked->tidpunkt);
    if (s->asked->korrelationsid != NULL)
        put_text(out, "ssbt:korrelationsid", s->asked->korrelationsid);
    put_open(out, "ssbt:svarsdata");
    write_source(out, s);
    put_close(out, "ssbt:svarsdata");
    put_close(out, "ssbt:hamtaBastjanstInformationResponse");
    buf_adds(out, TAIL);
    if (s->fault == FAULT_CUT_OFF) {
        out->len = out->len * 3 / 5;
        out->data[out->len] = '\0';
    }
    if (s->fault == FAULT_GARBLED) { /* an end tag that ends nothing */
        char *at = strstr(out->data, "</ssbt:svarsdata>");
        memcpy(at, "</ssbt:svarsdatb>", strlen("</ssbt:svarsdatb>"));
    }
}

void
answer_write_test(struct buf *out, enum kontrakt kontrakt, source_set failing)
{
    buf_adds(out, HEAD "<ssbt:testaBastjanstInformationResponse");
    put_ssbt(out, kontrakt);
    for (int i = 0; i < SOURCE_COUNT; i++) {
        if (!authorities[i].test)
            continue;
        buf_addf(out, "<ssbt:%s><ssbt:anropad>true</ssbt:anropad>",
                 authorities[i].name);
        if (failing & SOURCE_BIT(i))
            answer_error(out, "BT", "503", "Tjänsten är inte tillgänglig.");
        buf_addf(out, "</ssbt:%s>", authorities[i].name);
    }
    buf_adds(out, "</ssbt:testaBastjanstInformationResponse>" TAIL);
}

void
answer_write_fault(struct buf *out, enum kontrakt kontrakt, const char *felkod,
                   const char *felmeddelande)
{
    if (felkod == NULL) {
        buf_adds(out, HEAD "<soap:Fault><faultcode>soap:Server</faultcode>");
        put_text(out, "faultstring", felmeddelande);
        buf_adds(out, "</soap:Fault>" TAIL);
        return;
    }
    buf_adds(out, HEAD "<soap:Fault><faultcode>soap:Client</faultcode>"
                       "<faultstring>Frågan kan inte behandlas</faultstring>"
                       "<detail><ssbt:hamtaBastjanstInformationFault");
    put_ssbt(out, kontrakt == KONTRAKT_COUNT ? KONTRAKT_V10 : kontrakt);
    put_text(out, "ssbt:felkod", felkod);
    put_text(out, "ssbt:felmeddelande", felmeddelande);
    buf_adds(out, "</ssbt:hamtaBastjanstInformationFault></detail>"
                  "</soap:Fault>" TAIL);
}
