/* SPDX-License-Identifier: EUPL-1.2
 *
 * The envelope of WIRE 3 and 4 around what one authority says.
 */
#include "config.h"

#include "training/answer.h"

#include "base/text.h"
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

const struct authority authorities[SOURCE_COUNT] = {
#define AUTHORITY(source, ms, more, t, w, f, r, n)                             \
    [SOURCE_##source] = {.name = #source,                                      \
                         .test = (t),                                          \
                         .write = (w),                                         \
                         .form = FORM_##f,                                     \
                         .root = (r),                                          \
                         .spaces = (n)},
#include "training/authorities.def"
#undef AUTHORITY
};

void
answer_soap_begin(struct buf *out)
{
    buf_adds(out, HEAD);
}

void
answer_soap_end(struct buf *out)
{
    buf_adds(out, TAIL);
}

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
    struct month now = month_of(today), asked = month_of(q->to);
    /* A register asked directly may be told no period, or CSN's whole term. */
    if (q->direct && (date_none(q->to) || month_compare(asked, now) > 0))
        asked = now;
    *s = (struct scene){.asked = q,
                        .rows = id,
                        .number = q->person,
                        .month = asked,
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
write_inner(struct buf *out, const struct scene *s, const char *name,
            const char *head, const struct buf *inner)
{
    AUTO_BUF(doc, ANSWER_MAX);
    buf_adds(&doc, head);
    buf_add(&doc, inner->data, inner->len);
    buf_addf(out, "<ssbt:data><ssbt:%s>", name);
    if (s->fault == FAULT_BROKEN_BASE64)
        buf_adds(out, "%%%");
    text_base64_encode(out, doc.data, doc.len);
    buf_addf(out, "</ssbt:%s></ssbt:data>", name);
}

/* What the authority says, as SSBTEK hands it on. */
static void
write_data(struct buf *out, const struct scene *s)
{
    const struct authority *a = &authorities[s->asked->source];
    const char *text = NULL;
    AUTO_BUF(said, ANSWER_MAX);
    if (s->asked->source == SOURCE_SKV && s->asked->kontrakt == KONTRAKT_V11) {
        skv_write_parts(out, s);
        return;
    }
    const char *code = a->write(&said, s, &text);
    if (code != NULL) {
        answer_error(out, "BT", code, text);
    } else if (a->form == FORM_JSON) {
        write_inner(out, s, "lefiJsonSvar", "", &said);
    } else if (a->form == FORM_DOCUMENT) {
        write_inner(out, s, "svar",
                    "<?xml version=\"1.0\" encoding=\"UTF-8\"?>", &said);
    } else {
        buf_addf(out, "<ssbt:data%s>", a->spaces);
        buf_add(out, said.data, said.len);
        buf_adds(out, "</ssbt:data>");
    }
}

static void
write_source(struct buf *out, const struct scene *s)
{
    const struct authority *a = &authorities[s->asked->source];
    buf_addf(out, "<ssbt:%s>", a->name);
    if (s->fault == FAULT_ERROR_BT)
        answer_error(out, "BT", "4012", ERROR_BT_TEXT);
    else if (s->fault == FAULT_ERROR_SSBT)
        answer_error(out, "SSBT", "TIMEOUT", ERROR_SSBT_TEXT);
    else
        write_data(out, s);
    buf_addf(out, "</ssbt:%s>", a->name);
}

/* Faults that are in the bytes; `end` is the tag that is made one that ends
 * nothing. */
static void
spoil(struct buf *out, enum fault fault, const char *end)
{
    if (fault == FAULT_CUT_OFF) {
        out->len = out->len * 3 / 5;
        out->data[out->len] = '\0';
    }
    if (fault == FAULT_GARBLED) {
        char *at = strstr(out->data, end);
        if (at != NULL)
            at[strlen(end) - 2]++;
    }
}

int
answer_write(struct buf *out, const struct scene *s)
{
    if (s->asked->direct) {
        int status = direct_write(out, s);
        spoil(out, s->fault,
              s->asked->source == SOURCE_FK ? "\"utlamnare\":"
                                            : "</soap:Body>");
        return status;
    }
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
    spoil(out, s->fault, "</ssbt:svarsdata>");
    return 200;
}

const char *
answer_type(const struct asked *q)
{
    return q->direct && q->source == SOURCE_FK ? "application/json"
                                               : "text/xml; charset=UTF-8";
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
