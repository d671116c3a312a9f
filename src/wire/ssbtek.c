/* SPDX-License-Identifier: EUPL-1.2
 *
 * SSBTEK's answer (WIRE 3, 4): envelope, fault, correlation, and each
 * authority's part given to its reader. doc/FORMATS.md, SSBTEK, says which
 * state each fault becomes.
 */
#include "config.h"

#include "wire/ssbtek.h"

#include "base/i18n.h"
#include "wire/part.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

static const char soap11[] = "http://schemas.xmlsoap.org/soap/envelope/";
static const char soap12[] = "http://www.w3.org/2003/05/soap-envelope";
static const char ssbt_any[] =
    "http://schema.forsakringskassan.se/integration/ssbt/";

static const struct xml_limits limits = {
    .bytes = SSBTEK_ANSWER_MAX,
    .tag = SSBTEK_TAG_MAX,
    .text = SSBTEK_INNER_MAX + SSBTEK_INNER_MAX / 2, /* base64 of an inner */
    .memory = 10 << 20,
    .nodes = SSBTEK_NODES_MAX,
    .depth = SSBTEK_DEPTH_MAX,
    .cpu_ms = 3000,
};

struct ssbtek_reader {
    struct answer *answer;
    source_set asked;
    struct xml_reader *xml;
    enum err_code code; /* what stopped it */
    struct err err;
    const char *ns; /* of the answer's message */
    enum kontrakt kontrakt;
    bool compressed; /* gzip although not asked for */
};

struct ssbtek_reader *
ssbtek_reader_new(struct answer *into, source_set asked)
{
    struct ssbtek_reader *r = mem_alloc(sizeof *r);
    r->answer = into;
    r->asked = asked;
    if (asked & SOURCE_BIT(SOURCE_FK))
        r->asked |= answer_asked(&into->question) & SOURCE_BIT(SOURCE_PM);
    r->xml = xml_new(&limits);
    return r;
}

void
ssbtek_reader_free(struct ssbtek_reader **pr)
{
    if (!*pr)
        return;
    xml_free(&(*pr)->xml);
    free(*pr);
    *pr = NULL;
}

enum err_code
ssbtek_feed(struct ssbtek_reader *r, const void *p, size_t n, struct err *e)
{
    if (!r->code && n && !xml_fed(r->xml))
        r->compressed = *(const unsigned char *)p == 0x1f;
    if (!r->code)
        r->code = xml_feed(r->xml, p, n, &r->err);
    if (r->code && e)
        *e = r->err;
    return r->code;
}

enum kontrakt
ssbtek_version(const char *ns)
{
    enum kontrakt k = 0;
    size_t n = sizeof ssbt_any - 1;
    while (k < KONTRAKT_COUNT && (strncmp(ns, ssbt_any, n) != 0 ||
                                  strcmp(ns + n, kontrakt_number(k)) != 0))
        k++;
    return k;
}

/* One fault for every asked source. */
static void
fail_all(struct ssbtek_reader *r, enum source_state s, const char *felkod,
         const char *text)
{
    for (int i = 0; i < SOURCE_COUNT; i++) {
        struct part p;
        if (!(r->asked & SOURCE_BIT(i)))
            continue;
        part_begin(&p, r->answer, i);
        part_discard(&p, s, felkod, text);
    }
}

void
ssbtek_failed(struct answer *a, source_set asked, enum source_state s,
              const char *felkod, const char *text)
{
    if (asked & SOURCE_BIT(SOURCE_FK))
        asked |= answer_asked(&a->question) & SOURCE_BIT(SOURCE_PM);
    for (int i = 0; i < SOURCE_COUNT; i++) {
        struct part p;
        if (!(asked & SOURCE_BIT(i)) || a->of[i].state != STATE_VANTAR)
            continue;
        part_begin(&p, a, i);
        part_discard(&p, s, arena_strdup(a->arena, felkod),
                     text ? part_text(&p, text, strlen(text)) : NULL);
    }
}

/* felmeddelande 1..n under `from`, or all of an error. */
void
part_error(struct part *p, const struct xml_node *from, const char *otherwise)
{
    const char *kalla = part_word(p, xml_text(from, "kalla"));
    const char *felkod = part_word(p, xml_text(from, "felkod"));
    const struct xml_node *m = xml_child(from, "felmeddelande");
    int n = 0;
    kalla = kalla ? kalla : otherwise;
    part_fault(p, kalla, felkod ? felkod : "okand", NULL);
    for (; m && n < 20; m = xml_again(m), n++)
        part_fault(p, kalla, NULL, part_word(p, m->text));
}

/* A SOAP fault: no authority answered (WIRE 4). */
static void
read_fault(struct ssbtek_reader *r, const struct xml_node *fault, int status)
{
    const struct xml_node *detail = xml_child(fault, "detail");
    const struct xml_node *f = NULL;
    if (!detail)
        detail = xml_child(fault, "Detail"); /* SOAP 1.2 */
    for (const struct xml_node *c = xml_first(detail); c && !f; c = c->next)
        if (!strncmp(c->ns, ssbt_any, sizeof ssbt_any - 1))
            f = c;
    const char *text = xml_text(fault, "faultstring");
    if (!text)
        text = xml_text(xml_child(fault, "Reason"), "Text");
    for (int i = 0; i < SOURCE_COUNT; i++) {
        struct part p;
        if (!(r->asked & SOURCE_BIT(i)))
            continue;
        part_begin(&p, r->answer, i);
        p.out->state = STATE_FEL;
        if (f)
            part_error(&p, f, "SSBT");
        else
            part_fault(&p, "ENFRAGA", "soap_fault", part_word(&p, text));
        if (status != 500)
            part_remark(&p, arena_printf(p.arena,
                                         _("A fault came with HTTP status %d."),
                                         status));
    }
}

static bool
has_too_big(const struct xml_node *n)
{
    if (n->too_big)
        return true;
    for (const struct xml_node *c = n->child; c; c = c->next)
        if (has_too_big(c))
            return true;
    return false;
}

static void
read_data(struct part *p, struct part *pm, const struct xml_node *data)
{
    static void (*const readers[SOURCE_COUNT])(struct part *,
                                               const struct xml_node *) = {
        [SOURCE_AF] = af_read, [SOURCE_CSN] = csn_read, [SOURCE_SKV] = skv_read,
        [SOURCE_SO] = so_read, [SOURCE_TNS] = tns_read, [SOURCE_MIV] = miv_read,
    };
    if (p->source == SOURCE_FK) {
        lefi_read(p, pm, data);
        return;
    }
    if (p->source != SOURCE_CSN && p->source != SOURCE_SKV)
        part_raw_xml(p, data); /* the others keep their inner document */
    readers[p->source](p, data);
}

/* One authority's element: exactly one of data and error (WIRE 3), but for
 * v11's SKV, whose parts have one each. */
static void
read_element(struct part *p, struct part *pm, const struct xml_node *n,
             const char *ns)
{
    const struct xml_node *data = xml_child_ns(n, ns, "data");
    const struct xml_node *error = xml_child_ns(n, ns, "error");
    uint32_t seen = SEEN_ELEMENT;
    if (p->source == SOURCE_SKV && !data && !error && !xml_again(n) &&
        skv_has_parts(n, ns)) {
        p->seen |= seen;
        skv_read_parts(p, n, ns);
        return;
    }
    if (xml_again(n) || (data && xml_again(data)) || (data && error)) {
        seen |= SEEN_DATA; /* two answers: neither is the one */
    } else if (error) {
        seen |= SEEN_ERROR;
        part_error(p, error, "SSBT");
        if (pm)
            part_error(pm, error, "SSBT");
    } else if (data) {
        seen |= data->child || data->text || data->too_big ? SEEN_DATA : 0;
    }
    p->seen |= seen;
    if (pm)
        pm->seen |= seen;
    if (has_too_big(n)) {
        part_discard(p, STATE_FEL, "for_stort",
                     _("The source's answer is larger than allowed."));
        if (pm)
            part_discard(pm, STATE_FEL, "for_stort",
                         _("The source's answer is larger than allowed."));
    } else if ((seen & SEEN_DATA) && data && !error && !xml_again(data) &&
               !xml_again(n)) {
        read_data(p, pm, data);
    }
}

static void
read_sources(struct ssbtek_reader *r, const struct xml_node *svarsdata,
             const char *const *remarks)
{
    for (int i = 0; i < SOURCE_COUNT; i++) {
        struct part p, pm;
        bool with_pm = i == SOURCE_FK && (r->asked & SOURCE_BIT(SOURCE_PM));
        if (!(r->asked & SOURCE_BIT(i)) || i == SOURCE_PM)
            continue;
        part_begin(&p, r->answer, i);
        if (with_pm)
            part_begin(&pm, r->answer, SOURCE_PM);
        const struct xml_node *n =
            xml_child_ns(svarsdata, r->ns, source_row(i)->wire);
        if (n)
            read_element(&p, with_pm ? &pm : NULL, n, r->ns);
        part_end(&p);
        if (with_pm)
            part_end(&pm);
        p.out->kontrakt = kontrakt_word(r->kontrakt);
        if (with_pm)
            pm.out->kontrakt = p.out->kontrakt;
        for (int k = 0; remarks[k]; k++) {
            part_remark(&p, remarks[k]);
            if (with_pm)
                part_remark(&pm, remarks[k]);
        }
    }
}

static bool
is_xml_type(const char *type)
{
    return !strncasecmp(type, "text/xml", 8) ||
           !strncasecmp(type, "application/xml", 15) ||
           !strncasecmp(type, "application/soap+xml", 20);
}

static enum err_code
read_response(struct ssbtek_reader *r, const struct xml_node *response,
              bool is_soap12, const char *type, struct err *e)
{
    const char *remarks[5];
    const struct answer *a = r->answer;
    int n = 0;
    const struct xml_node *svarsdata =
        xml_child_ns(response, r->ns, "svarsdata");
    const struct xml_node *id = xml_child_ns(response, r->ns, "korrelationsid");
    const char *said = xml_text(response, "korrelationsid");
    if (!svarsdata || xml_again(svarsdata)) {
        fail_all(r, STATE_OLASLIGT, "svarsdata_saknas",
                 _("The answer holds no data of the authorities."));
        return err_set(e, ERR_PROTOCOL, "svarsdata is missing");
    }
    if (id && (strcmp(said, r->answer->question.id) != 0 || xml_again(id))) {
        fail_all(r, STATE_FEL, "annat_korrelationsid",
                 _("The answer belongs to another question."));
        return err_set(e, ERR_PROTOCOL, "another korrelationsid");
    }
    if (!id)
        remarks[n++] = _("The answer does not say which question it answers.");
    if (r->kontrakt != a->question.kontrakt)
        remarks[n++] = arena_printf(
            a->arena,
            _("The question was put in %s and the answer came in %s."),
            kontrakt_word(a->question.kontrakt), kontrakt_word(r->kontrakt));
    if (is_soap12)
        remarks[n++] = _("The answer came in a SOAP 1.2 envelope.");
    if (type && *type && !is_xml_type(type))
        remarks[n++] = _("The answer came with another content type than XML.");
    remarks[n] = NULL;
    read_sources(r, svarsdata, remarks);
    return ERR_OK;
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
fail_status(struct ssbtek_reader *r, int status, struct err *e)
{
    char word[16];
    snprintf(word, sizeof word, "http_%d", status);
    char *felkod = arena_strdup(r->answer->arena, word);
    fail_all(r, STATE_FEL, felkod ? felkod : "http",
             _("The service answered with an error."));
    return err_set(e, ERR_PROTOCOL, "HTTP status %d", status);
}

static enum err_code
read_envelope(struct ssbtek_reader *r, const struct xml_node *root, int status,
              const char *type, struct err *e)
{
    bool is12 = !strcmp(root->ns, soap12);
    const struct xml_node *body = xml_child_ns(root, root->ns, "Body");
    if (strcmp(root->name, "Envelope") != 0 ||
        (!is12 && strcmp(root->ns, soap11) != 0) || !body || xml_again(body) ||
        !only(body)) {
        if (status != 200)
            return fail_status(r, status, e); /* that says more */
        fail_all(r, STATE_OLASLIGT, "soap",
                 _("The answer is not a SOAP message."));
        return err_set(e, ERR_PROTOCOL, "not a SOAP message");
    }
    const struct xml_node *first = only(body);
    if (!strcmp(first->name, "Fault") && !strcmp(first->ns, root->ns)) {
        read_fault(r, first, status);
        return err_set(e, ERR_PROTOCOL, "a SOAP fault");
    }
    if (status != 200)
        return fail_status(r, status, e);
    r->ns = first->ns;
    r->kontrakt = ssbtek_version(first->ns);
    if (strcmp(first->name, "hamtaBastjanstInformationResponse") != 0 ||
        r->kontrakt == KONTRAKT_COUNT) {
        bool other = !strncmp(first->ns, ssbt_any, sizeof ssbt_any - 1);
        fail_all(r, STATE_OLASLIGT, other ? "annat_kontrakt" : "soap",
                 _("The answer is not the one that was asked for."));
        return err_set(e, ERR_PROTOCOL, "another message than asked for");
    }
    return read_response(r, first, is12, type, e);
}

/* A body that is no whole document (DESIGN 5: every asked source olasligt),
 * or one over a ceiling. */
static enum err_code
fail_body(struct ssbtek_reader *r, enum err_code code, const struct err *why,
          struct err *e)
{
    if (code == ERR_TOO_BIG)
        fail_all(r, STATE_FEL, "for_stort",
                 _("The answer is larger than allowed."));
    else if (!xml_fed(r->xml) || xml_blank(r->xml))
        fail_all(r, STATE_OLASLIGT, "tomt_svar", _("The answer was empty."));
    else if (r->compressed)
        fail_all(r, STATE_OLASLIGT, "komprimerat",
                 _("The answer came compressed although not asked for."));
    else
        fail_all(r, STATE_OLASLIGT, "xml",
                 _("The answer was cut off or is not readable XML."));
    return err_set(e, code, "%s", why->text);
}

enum err_code
ssbtek_finish(struct ssbtek_reader *r, int status, const char *content_type,
              struct err *e)
{
    const struct xml_node *root = NULL;
    struct err why = r->err;
    enum err_code code = r->code;
    if (!code)
        code = xml_finish(r->xml, &root, &why);
    if (code && status != 200 && code != ERR_TOO_BIG)
        return fail_status(r, status, e);
    if (code)
        return fail_body(r, code, &why, e);
    return read_envelope(r, root, status, content_type, e);
}
