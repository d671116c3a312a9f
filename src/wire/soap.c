/* SPDX-License-Identifier: EUPL-1.2 */
#include "config.h"

#include "wire/soap.h"

#include "base/i18n.h"
#include "base/mem.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

static const char soap11[] = "http://schemas.xmlsoap.org/soap/envelope/";
static const char soap12[] = "http://www.w3.org/2003/05/soap-envelope";

struct soap_reader {
    struct xml_reader *xml;
    enum err_code code; /* what stopped it */
    struct err err;
    bool compressed; /* gzip although not asked for */
};

struct soap_reader *
soap_new(const struct xml_limits *limits)
{
    struct soap_reader *r = mem_alloc(sizeof *r);
    r->xml = xml_new(limits);
    return r;
}

void
soap_free(struct soap_reader **pr)
{
    if (!*pr)
        return;
    xml_free(&(*pr)->xml);
    free(*pr);
    *pr = NULL;
}

enum err_code
soap_feed(struct soap_reader *r, const void *p, size_t n, struct err *e)
{
    if (!r->code && n && !xml_fed(r->xml))
        r->compressed = *(const unsigned char *)p == 0x1f;
    if (!r->code)
        r->code = xml_feed(r->xml, p, n, &r->err);
    if (r->code && e)
        *e = r->err;
    return r->code;
}

static void
set(struct no_answer *no, enum source_state state, const char *felkod,
    const char *text)
{
    no->state = state;
    snprintf(no->felkod, sizeof no->felkod, "%s", felkod);
    no->text = text;
}

enum err_code
no_answer_status(struct no_answer *no, int status, struct err *e)
{
    char word[24];
    snprintf(word, sizeof word, "http_%d", status);
    set(no, STATE_FEL, word, _("The service answered with an error."));
    return err_set(e, ERR_PROTOCOL, "HTTP status %d", status);
}

void
no_answer_body(struct no_answer *no, enum err_code code, bool blank,
               bool compressed)
{
    if (code == ERR_TOO_BIG)
        set(no, STATE_FEL, "for_stort",
            _("The answer is larger than allowed."));
    else if (blank)
        set(no, STATE_OLASLIGT, "tomt_svar", _("The answer was empty."));
    else if (compressed)
        set(no, STATE_OLASLIGT, "komprimerat",
            _("The answer came compressed although not asked for."));
    else
        set(no, STATE_OLASLIGT, "xml",
            _("The answer was cut off or is not readable XML."));
}

void
no_answer_other(struct no_answer *no)
{
    set(no, STATE_OLASLIGT, "soap",
        _("The answer is not the one that was asked for."));
}

static bool
is_xml_type(const char *type)
{
    return !strncasecmp(type, "text/xml", 8) ||
           !strncasecmp(type, "application/xml", 15) ||
           !strncasecmp(type, "application/soap+xml", 20);
}

/* The only child element; NULL for none or several. */
static const struct xml_node *
only(const struct xml_node *n)
{
    const struct xml_node *c = xml_first(n);
    for (const struct xml_node *d = c ? c->next : NULL; d; d = d->next)
        if (*d->name)
            return NULL;
    return c;
}

static enum err_code
read_envelope(const struct xml_node *root, int status, struct soap_answer *out,
              struct err *e)
{
    const struct xml_node *body = xml_child_ns(root, root->ns, "Body");
    out->is12 = !strcmp(root->ns, soap12);
    if (strcmp(root->name, "Envelope") != 0 ||
        (!out->is12 && strcmp(root->ns, soap11) != 0) || !body ||
        xml_again(body) || !only(body)) {
        if (status != 200)
            return no_answer_status(&out->no, status, e); /* says more */
        set(&out->no, STATE_OLASLIGT, "soap",
            _("The answer is not a SOAP message."));
        return err_set(e, ERR_PROTOCOL, "not a SOAP message");
    }
    out->node = only(body);
    for (const struct xml_node *n = xml_first(root); n != body; n = n->next)
        out->body += *n->name != '\0';
    if (!strcmp(out->node->name, "Fault") && !strcmp(out->node->ns, root->ns)) {
        out->kind = SOAP_FAULT;
        out->other_status = status != 500;
        return ERR_OK;
    }
    if (status != 200)
        return no_answer_status(&out->no, status, e);
    out->kind = SOAP_MESSAGE;
    return ERR_OK;
}

enum err_code
soap_finish(struct soap_reader *r, int status, const char *type,
            struct soap_answer *out, struct err *e)
{
    const struct xml_node *root = NULL;
    struct err why = r->err;
    enum err_code code = r->code;
    *out = (struct soap_answer){.kind = SOAP_NONE};
    out->other_type = type && *type && !is_xml_type(type);
    if (!code)
        code = xml_finish(r->xml, &root, &why);
    if (code && status != 200 && code != ERR_TOO_BIG)
        return no_answer_status(&out->no, status, e);
    if (code) {
        no_answer_body(&out->no, code, xml_blank(r->xml), r->compressed);
        return err_set(e, code, "%s", why.text);
    }
    out->encoding = xml_encoding(r->xml);
    return read_envelope(root, status, out, e);
}

const struct xml_node *
soap_detail(const struct xml_node *fault)
{
    const struct xml_node *detail = xml_child(fault, "detail");
    return detail ? detail : xml_child(fault, "Detail"); /* SOAP 1.2 */
}

const char *
soap_faultcode(const struct xml_node *fault)
{
    const char *s = xml_text(fault, "faultcode");
    if (!s)
        s = xml_text(xml_child(fault, "Code"), "Value");
    const char *colon = s ? strrchr(s, ':') : NULL;
    return colon ? colon + 1 : s;
}

const char *
soap_faultstring(const struct xml_node *fault)
{
    const char *s = xml_text(fault, "faultstring");
    return s ? s : xml_text(xml_child(fault, "Reason"), "Text");
}
