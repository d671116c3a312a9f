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
#include "wire/soap.h"

#include <stdlib.h>
#include <string.h>

static const char ssbt_any[] =
    "http://schema.forsakringskassan.se/integration/ssbt/";

const struct xml_limits ssbtek_limits = {
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
    struct soap_reader *soap;
    const char *ns; /* of the answer's message */
    enum kontrakt kontrakt;
};

struct ssbtek_reader *
ssbtek_reader_new(struct answer *into, source_set asked)
{
    struct ssbtek_reader *r = mem_alloc(sizeof *r);
    r->answer = into;
    r->asked = asked;
    if (asked & SOURCE_BIT(SOURCE_FK))
        r->asked |= answer_asked(&into->question) & SOURCE_BIT(SOURCE_PM);
    r->soap = soap_new(&ssbtek_limits);
    return r;
}

void
ssbtek_reader_free(struct ssbtek_reader **pr)
{
    if (!*pr)
        return;
    soap_free(&(*pr)->soap);
    free(*pr);
    *pr = NULL;
}

enum err_code
ssbtek_feed(struct ssbtek_reader *r, const void *p, size_t n, struct err *e)
{
    return soap_feed(r->soap, p, n, e);
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
    const struct xml_node *f = NULL;
    for (const struct xml_node *c = xml_first(soap_detail(fault)); c && !f;
         c = c->next)
        if (!strncmp(c->ns, ssbt_any, sizeof ssbt_any - 1))
            f = c;
    const char *text = soap_faultstring(fault);
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

void
part_read(struct part *p, const struct xml_node *data)
{
    static void (*const readers[SOURCE_COUNT])(struct part *,
                                               const struct xml_node *) = {
        [SOURCE_AF] = af_read, [SOURCE_CSN] = csn_read, [SOURCE_SKV] = skv_read,
        [SOURCE_SO] = so_read, [SOURCE_TNS] = tns_read, [SOURCE_MIV] = miv_read,
    };
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
    if (xml_has_too_big(n)) {
        part_discard(p, STATE_FEL, "for_stort",
                     _("The source's answer is larger than allowed."));
        if (pm)
            part_discard(pm, STATE_FEL, "for_stort",
                         _("The source's answer is larger than allowed."));
    } else if ((seen & SEEN_DATA) && data && !error && !xml_again(data) &&
               !xml_again(n)) {
        if (p->source == SOURCE_FK)
            lefi_read(p, pm, data);
        else
            part_read(p, data);
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

static enum err_code
read_response(struct ssbtek_reader *r, const struct xml_node *response,
              const struct soap_answer *in, struct err *e)
{
    const char *remarks[5];
    const struct answer *a = r->answer;
    int n = 0;
    const struct xml_node *svarsdata =
        xml_child_ns(response, r->ns, "svarsdata");
    const struct xml_node *id = xml_child_ns(response, r->ns, "korrelationsid");
    const char *said = id && id->text ? id->text : "";
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
    if (in->is12)
        remarks[n++] = _("The answer came in a SOAP 1.2 envelope.");
    if (in->other_type)
        remarks[n++] = _("The answer came with another content type than XML.");
    remarks[n] = NULL;
    read_sources(r, svarsdata, remarks);
    return ERR_OK;
}

static enum err_code
read_message(struct ssbtek_reader *r, const struct soap_answer *in,
             struct err *e)
{
    const struct xml_node *first = in->node;
    r->ns = first->ns;
    r->kontrakt = ssbtek_version(first->ns);
    if (strcmp(first->name, "hamtaBastjanstInformationResponse") != 0 ||
        r->kontrakt == KONTRAKT_COUNT) {
        bool other = !strncmp(first->ns, ssbt_any, sizeof ssbt_any - 1);
        fail_all(r, STATE_OLASLIGT, other ? "annat_kontrakt" : "soap",
                 _("The answer is not the one that was asked for."));
        return err_set(e, ERR_PROTOCOL, "another message than asked for");
    }
    return read_response(r, first, in, e);
}

enum err_code
ssbtek_finish(struct ssbtek_reader *r, int status, const char *content_type,
              struct err *e)
{
    struct soap_answer in;
    enum err_code code = soap_finish(r->soap, status, content_type, &in, e);
    if (code) {
        char *felkod = arena_strdup(r->answer->arena, in.no.felkod);
        fail_all(r, in.no.state, felkod ? felkod : "http", in.no.text);
        return code;
    }
    if (in.kind == SOAP_MESSAGE)
        return read_message(r, &in, e);
    read_fault(r, in.node, status);
    return err_set(e, ERR_PROTOCOL, "a SOAP fault");
}
