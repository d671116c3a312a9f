/* SPDX-License-Identifier: EUPL-1.2
 *
 * What an authority answers in its own contract (WIRE 6, 7): its envelope, and
 * its own way of saying that something failed.
 */
#include "config.h"

#include "training/answer.h"

#include "base/clock.h"
#include "domain/lefi.h"
#include "training/put.h"

#include <stdio.h>
#include <string.h>

/* LefiFelsvar: for operators, no personal data. */
static int
lefi_failure(struct buf *out, int status, const char *meddelande)
{
    struct put_json j = {.out = out};
    char now[32];
    clock_iso(clock_now_ms(), now);
    put_object(&j, NULL);
    put_word(&j, "meddelande", meddelande);
    put_word(&j, "timestamp", now);
    put_end(&j);
    return status;
}

/* A SOAP fault, with a detail where the contract has a form for it. */
static int
soap_failure(struct buf *out, enum source_id source, const char *who,
             const char *code, const char *text)
{
    answer_soap_begin(out);
    put_open(out, "soap:Fault");
    put_text(out, "faultcode", who);
    put_text(out, "faultstring", text);
    if (source == SOURCE_SKV) { /* a number of the service's own range */
        buf_adds(out, "<detail><skv:Exception");
        buf_addf(out, "%s>", authorities[source].spaces);
        put_text(out, "MeddelandeKod", code);
        put_text(out, "MeddelandeText", text);
        put_text(out, "Systemversion", "simulerad");
        buf_adds(out, "</skv:Exception></detail>");
    } else if (source == SOURCE_MIV) {
        buf_adds(out, "<detail><miv:SSBTEKSoapException");
        buf_addf(out, "%s>", authorities[source].spaces);
        put_text(out, "faultCode", code);
        put_text(out, "faultString", text);
        buf_adds(out, "</miv:SSBTEKSoapException></detail>");
    }
    put_close(out, "soap:Fault");
    answer_soap_end(out);
    return 500;
}

/* The envelope around what is said. */
static int
soap_answer(struct buf *out, const struct authority *a, const struct buf *said)
{
    answer_soap_begin(out);
    if (*a->root != '\0')
        buf_addf(out, "<%s%s>", a->root, a->spaces);
    buf_add(out, said->data, said->len);
    if (*a->root != '\0')
        put_close(out, a->root);
    answer_soap_end(out);
    return 200;
}

/* The authority itself, or what stands before it, fails. */
static int
write_failure(struct buf *out, enum source_id source, bool behind)
{
    const char *text = behind ? ERROR_SSBT_TEXT : ERROR_BT_TEXT;
    const char *code = behind ? "TIMEOUT" : "4012";
    AUTO_BUF(said, ANSWER_MAX);
    switch (source) {
    case SOURCE_FK:
        return lefi_failure(out, 500, text);
    case SOURCE_CSN:
        csn_failure(&said, code, text);
        return soap_answer(out, &authorities[source], &said);
    case SOURCE_TNS:
        tns_failure(&said, behind ? 504 : 4012, text);
        return soap_answer(out, &authorities[source], &said);
    case SOURCE_SKV:
        return soap_failure(out, source, "soap:Server",
                            behind ? "9071504" : "9071012", text);
    default:
        return soap_failure(out, source, "soap:Server", code, text);
    }
}

int
direct_write(struct buf *out, const struct scene *s)
{
    enum source_id source = s->asked->source;
    const struct authority *a = &authorities[source];
    const char *text = NULL;
    AUTO_BUF(said, ANSWER_MAX);
    if (s->fault == FAULT_ERROR_BT || s->fault == FAULT_ERROR_SSBT)
        return write_failure(out, source, s->fault == FAULT_ERROR_SSBT);
    const char *code = a->write(&said, s, &text);
    if (s->fault == FAULT_BROKEN_BASE64 && a->form != FORM_ELEMENTS)
        buf_adds(out, "%%%"); /* what comes is not what it says it is */
    if (code != NULL && source == SOURCE_FK)
        return lefi_failure(out, strcmp(code, "403") == 0 ? 403 : 400, text);
    if (code != NULL) {
        buf_clear(&said);
        csn_failure(&said, code, text);
    }
    if (source != SOURCE_FK)
        return soap_answer(out, a, &said);
    buf_add(out, said.data, said.len);
    return 200;
}

int
answer_write_refusal(struct buf *out, enum source_id source, const char *why)
{
    char text[200];
    snprintf(text, sizeof(text), "Frågan kan inte behandlas: %s", why);
    if (source == SOURCE_FK)
        return lefi_failure(out, 400, text);
    return soap_failure(out, source, "soap:Client",
                        source == SOURCE_SKV ? "9071400" : "400", text);
}

static void
put_kind(struct put_json *j, const struct lefi_code *c)
{
    put_object(j, NULL);
    put_word(j, "kod", c->kod);
    put_word(j, "beskrivning", c->namn);
    put_end(j);
}

void
answer_write_kinds(struct buf *out)
{
    struct put_json j = {.out = out};
    size_t n;
    const struct lefi_code *codes = lefi_codes(&n);
    put_object(&j, NULL);
    for (int i = 0; i < LEFI_LISTS; i++) {
        put_list(&j, lefi_list_name(1u << i));
        for (size_t k = 0; k < n; k++)
            if (codes[k].lists & 1u << i)
                put_kind(&j, &codes[k]);
        put_end(&j);
    }
    put_end(&j);
}
