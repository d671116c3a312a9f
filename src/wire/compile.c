/* SPDX-License-Identifier: EUPL-1.2 */
#include "config.h"

#include "wire/compile.h"

#include "base/i18n.h"
#include "base/text.h"
#include "wire/bastjanst_own.h"
#include "wire/extent.h"
#include "wire/part.h"
#include "wire/put.h"
#include "wire/served.h"
#include "wire/soap.h"

#include <stdint.h>
#include <stdio.h>
#include <string.h>

/* The names by which each authority's data carries what is not XML. */
static const char *const wrapped[SOURCE_COUNT] = {
    [SOURCE_CSN] = "svar", [SOURCE_FK] = "lefiJsonSvar"};

static void
put_extent(struct buf *b, struct extent e)
{
    buf_add(b, e.p, e.n);
}

/* Those declared outside the element; its own stand among its attributes. */
static void
put_outer(struct buf *b, const struct extent_message *m)
{
    for (int i = m->n_own; i < m->n_ns; i++) {
        buf_addc(b, ' ');
        put_extent(b, m->ns[i].name);
        buf_addc(b, '=');
        put_extent(b, m->ns[i].value);
    }
}

static bool
is_declared(const struct extent_message *m, const char *name)
{
    size_t n = strlen(name);
    for (int i = 0; i < m->n_ns; i++)
        if (m->ns[i].name.n == n && !memcmp(m->ns[i].name.p, name, n))
            return true;
    return false;
}

/* The message's content and attributes in an element of ours, with the
 * namespaces that it stood in: under a prefix that they leave free. */
static void
put_content(struct buf *b, enum kontrakt k, const char *element,
            const struct extent_message *m)
{
    char prefix[24] = "ssbt", name[32] = "xmlns:ssbt";
    for (int i = 1; is_declared(m, name); i++) {
        snprintf(prefix, sizeof prefix, "ssbt%d", i);
        snprintf(name, sizeof name, "xmlns:%s", prefix);
    }
    buf_addf(b, "<%s:%s %s=\"" SSBT "%s\"", prefix, element, name,
             kontrakt_number(k));
    put_extent(b, m->attributes);
    put_outer(b, m);
    buf_addc(b, '>');
    put_extent(b, m->content);
    buf_addf(b, "</%s:%s>", prefix, element);
}

/* A document of its own of the element in Body, in base64. */
static void
put_document(struct buf *b, const struct extent_message *m)
{
    AUTO_BUF(doc, 2 * SSBTEK_INNER_MAX);
    buf_adds(&doc, "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<");
    put_extent(&doc, m->name);
    put_outer(&doc, m);
    put_extent(&doc, m->rest);
    text_base64_encode(b, buf_str(&doc), doc.len);
    b->full = b->full || doc.full;
}

static bool
put_data(struct buf *b, enum kontrakt k, const struct bastjanst_reader *r)
{
    const char *name = wrapped[r->source];
    AUTO_BUF(utf8, 2 * SSBTEK_ANSWER_MAX);
    struct extent_message m;
    if (!r->json &&
        (!extent_utf8(&utf8, buf_str(&r->body), r->body.len, r->encoding) ||
         !extent_read(&m, buf_str(&utf8), utf8.len, r->body_at)))
        return false;
    if (!name) {
        put_content(b, k, "data", &m);
        return true;
    }
    buf_addf(b, "<ssbt:data><ssbt:%s>", name);
    if (r->json)
        text_base64_encode(b, buf_str(&r->body), r->body.len);
    else
        put_document(b, &m);
    buf_addf(b, "</ssbt:%s></ssbt:data>", name);
    return true;
}

static void
put_error(struct buf *b, const char *kalla, const char *felkod,
          const struct texts *texts, const char *otherwise)
{
    buf_adds(b, "<ssbt:error>");
    xml_put_element(b, "ssbt:kalla", kalla);
    xml_put_element(b, "ssbt:felkod", felkod);
    if (!texts)
        xml_put_element(b, "ssbt:felmeddelande", otherwise);
    for (; texts; texts = texts->next)
        xml_put_element(b, "ssbt:felmeddelande", texts->text);
    buf_adds(b, "</ssbt:error>");
}

static void
put_fault(struct buf *b, const struct source_answer *of)
{
    const struct source_fault *f = of->fault;
    bool own = f && f->kalla && !strcmp(f->kalla, "BT");
    put_error(b, own ? "BT" : "SSBT",
              f ? f->felkod : state_row(of->state)->word, f ? f->texts : NULL,
              _("The source did not answer."));
}

static void
put_unread(struct buf *b)
{
    put_error(b, "SSBT", "olasligt", NULL,
              _("The answer came but could not be read."));
}

/* What was not for this question, or not to be held: it is not passed on.
 * That an answer does not say that all is well is for others to judge. */
static bool
is_withheld(const struct source_answer *of)
{
    const struct source_fault *f = of->fault;
    return of->state == STATE_FEL && f && f->kalla &&
           !strcmp(f->kalla, "ENFRAGA") && strcmp(f->felkod, "ej_bekraftat");
}

enum err_code
compile_source(struct buf *out, enum kontrakt k, enum source_id source,
               const struct answer *a, const struct bastjanst_reader *r)
{
    const struct source_answer *of = &a->of[source];
    const char *wire = source_row(source)->wire;
    if (source == SOURCE_PM)
        return ERR_OK;
    buf_addf(out, "<ssbt:%s>", wire);
    if (source == SOURCE_SKV && k != KONTRAKT_V10)
        put_error(out, "SSBT", "kontrakt_saknas", NULL,
                  _("No direct contract with Skatteverket is known in this "
                    "version."));
    else if (!r || !r->data || is_withheld(of))
        put_fault(out, of);
    else if (!put_data(out, k, r))
        put_unread(out);
    buf_addf(out, "</ssbt:%s>", wire);
    return out->full ? ERR_TOO_BIG : ERR_OK;
}

/* What SSBTEK's answer is; of a message its extent, and its bytes in utf8. */
static enum soap_kind
find_message(struct extent_message *out, struct buf *utf8, const char *body,
             size_t n)
{
    struct soap_answer in = {.kind = SOAP_NONE};
    struct err e;
    struct soap_reader *r = soap_new(&ssbtek_limits);
    if (!body || soap_feed(r, body, n, &e) || soap_finish(r, 200, "", &in, &e))
        in.kind = SOAP_NONE;
    if (in.kind == SOAP_MESSAGE &&
        (!extent_utf8(utf8, body, n, in.encoding) ||
         !extent_read(out, buf_str(utf8), utf8->len, in.body)))
        in.kind = SOAP_NONE;
    soap_free(&r);
    return in.kind;
}

/* Has it been read, so that it is known whom it is about? FK's carries PM. */
static bool
is_read(const struct answer *a, enum source_id source)
{
    const struct source_answer *of = &a->of[source];
    if (source == SOURCE_FK && a->of[SOURCE_PM].state != STATE_EJ_TILLFRAGAD &&
        !is_read(a, SOURCE_PM))
        return false;
    switch (of->state) {
    case STATE_SVAR:
    case STATE_INGA_UPPGIFTER:
    case STATE_DELSVAR:
    case STATE_OKAND_PERSON:
    case STATE_FEL:
        return of->confirmed != CONFIRMED_NEJ && !is_withheld(of);
    default:
        return false;
    }
}

enum err_code
compile_passed(struct buf of[SOURCE_COUNT], source_set sources,
               const struct answer *a, const char *body, size_t n)
{
    struct extent_message whole, data, m;
    bool full = false;
    AUTO_BUF(utf8, 2 * SSBTEK_ANSWER_MAX);
    bool came = find_message(&whole, &utf8, body, n) == SOAP_MESSAGE &&
                extent_child(&data, &whole, "svarsdata");
    for (int i = 0; i < SOURCE_COUNT; i++) {
        const char *wire = source_row(i)->wire;
        if (!(sources & SOURCE_BIT(i)) || a->of[i].state == STATE_SAKNAS)
            continue;
        if (came && is_read(a, i) && extent_child(&m, &data, wire)) {
            buf_addc(&of[i], '<');
            put_extent(&of[i], m.name);
            put_outer(&of[i], &m);
            put_extent(&of[i], m.rest);
        } else {
            buf_addf(&of[i], "<ssbt:%s>", wire);
            if (is_read(a, i) && !a->of[i].fault)
                put_unread(&of[i]);
            else
                put_fault(&of[i], &a->of[i]);
            buf_addf(&of[i], "</ssbt:%s>", wire);
        }
        full = full || of[i].full;
    }
    return full ? ERR_TOO_BIG : ERR_OK;
}

bool
compile_fault_passed(struct buf *out, enum kontrakt k, source_set sources,
                     const struct answer *a, const char *body, size_t n)
{
    struct extent_message whole;
    struct err e;
    AUTO_BUF(utf8, 2 * SSBTEK_ANSWER_MAX);
    int i = 0;
    while (i < SOURCE_COUNT && !(sources & SOURCE_BIT(i)))
        i++;
    const struct source_fault *f = i < SOURCE_COUNT ? a->of[i].fault : NULL;
    if (!f || find_message(&whole, &utf8, body, n) != SOAP_FAULT)
        return false;
    bool bare = !strcmp(f->felkod, "soap_fault");
    compile_fault(out, k, COMPILE_HAMTA, "Server", bare ? NULL : f->felkod,
                  f->texts ? f->texts->text : _("The source did not answer."),
                  f->texts, &e);
    return true;
}

/* The question as it came, without its envelope. */
static enum err_code
put_fraga(struct buf *b, const struct compile_head *h, struct err *e)
{
    AUTO_BUF(utf8, 2 * SERVED_MAX);
    struct extent_message m;
    struct soap_answer in;
    struct soap_reader *r = soap_new(&served_limits);
    enum err_code code = soap_feed(r, h->request, h->request_len, e);
    if (!code)
        code = soap_finish(r, 200, "", &in, e);
    if (!code &&
        (ssbtek_version(in.node->ns) != h->kontrakt ||
         strcmp(in.node->name, "hamtaBastjanstInformation") != 0 ||
         !extent_utf8(&utf8, h->request, h->request_len, in.encoding) ||
         !extent_read(&m, buf_str(&utf8), utf8.len, in.body)))
        code = err_set(e, ERR_PROTOCOL, "not the question");
    if (!code)
        put_content(b, h->kontrakt, "fraga", &m);
    soap_free(&r);
    return code;
}

static void
open_answer(struct buf *b, enum kontrakt k, const char *name)
{
    soap_put(b);
    buf_addf(b, "<ssbt:%s xmlns:ssbt=\"" SSBT "%s\">", name,
             kontrakt_number(k));
}

static enum err_code
close_answer(struct buf *b, const char *name, struct err *e)
{
    buf_addf(b, "</ssbt:%s>", name);
    soap_put_end(b);
    return b->full ? err_set(e, ERR_TOO_BIG, "the composed answer") : ERR_OK;
}

enum err_code
compile_answer(struct buf *out, const struct compile_head *h,
               const struct buf of[SOURCE_COUNT], struct err *e)
{
    static const char name[] = "hamtaBastjanstInformationResponse";
    open_answer(out, h->kontrakt, name);
    enum err_code code = h->request ? put_fraga(out, h, e) : ERR_OK;
    if (code)
        return code;
    if (h->frage_tidpunkt)
        xml_put_element(out, "ssbt:frageTidpunkt", h->frage_tidpunkt);
    if (h->korrelationsid)
        xml_put_element(out, "ssbt:korrelationsid", h->korrelationsid);
    buf_adds(out, "<ssbt:svarsdata>");
    for (int i = 0; i < SOURCE_COUNT; i++) /* sources.def: WIRE 3's order */
        buf_add(out, buf_str(&of[i]), of[i].len);
    buf_adds(out, "</ssbt:svarsdata>");
    return close_answer(out, name, e);
}

enum err_code
compile_test(struct buf *out, enum kontrakt k,
             const struct compile_test of[SOURCE_COUNT], struct err *e)
{
    static const char name[] = "testaBastjanstInformationResponse";
    open_answer(out, k, name);
    for (int i = 0; i < SOURCE_COUNT; i++) {
        const char *wire = source_row(i)->wire;
        if (!of[i].there || i == SOURCE_PM)
            continue;
        buf_addf(out, "<ssbt:%s><ssbt:anropad>%s</ssbt:anropad>", wire,
                 of[i].called ? "true" : "false");
        if (of[i].kalla)
            put_error(out, of[i].kalla, of[i].felkod, NULL, of[i].text);
        buf_addf(out, "</ssbt:%s>", wire);
    }
    return close_answer(out, name, e);
}

enum err_code
compile_fault(struct buf *out, enum kontrakt k, enum compile_call call,
              const char *who, const char *felkod, const char *text,
              const struct texts *texts, struct err *e)
{
    const char *name = call == COMPILE_HAMTA ? "hamtaBastjanstInformationFault"
                                             : "testaBastjanstInformationFault";
    soap_put(out);
    buf_addf(out, "<soap:Fault><faultcode>soap:%s</faultcode>", who);
    xml_put_element(out, "faultstring", text);
    if (felkod) {
        buf_addf(out, "<detail><ssbt:%s xmlns:ssbt=\"" SSBT "%s\">", name,
                 kontrakt_number(k));
        xml_put_element(out, "ssbt:felkod", felkod);
        if (!texts)
            xml_put_element(out, "ssbt:felmeddelande", text);
        for (; texts; texts = texts->next)
            xml_put_element(out, "ssbt:felmeddelande", texts->text);
        buf_addf(out, "</ssbt:%s></detail>", name);
    }
    buf_adds(out, "</soap:Fault>");
    soap_put_end(out);
    return out->full ? err_set(e, ERR_TOO_BIG, "the fault") : ERR_OK;
}
