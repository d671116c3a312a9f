/* SPDX-License-Identifier: EUPL-1.2
 *
 * An authority's own answer (WIRE 6, 7): what SSBTEK carries as its data
 * stands here as the message itself, so the same reader reads it.
 */
#include "config.h"

#include "wire/bastjanst.h"

#include "base/i18n.h"
#include "wire/bastjanst_own.h"
#include "wire/codec.h"
#include "wire/part.h"
#include "wire/soap.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

static const struct xml_limits limits = {
    .bytes = SSBTEK_ANSWER_MAX,
    .tag = SSBTEK_TAG_MAX,
    .text = SSBTEK_INNER_MAX + SSBTEK_INNER_MAX / 2, /* SKV's document */
    .memory = 10 << 20,
    .nodes = SSBTEK_NODES_MAX,
    .depth = SSBTEK_DEPTH_MAX,
    .cpu_ms = 3000,
};

struct bastjanst_reader *
bastjanst_reader_new(struct answer *into, enum source_id source)
{
    struct bastjanst_reader *r = mem_alloc(sizeof *r);
    struct xml_limits own = limits;
    r->answer = into;
    r->source = source;
    r->json = source == SOURCE_FK;
    if (source == SOURCE_CSN) /* in SSBTEK an inner document */
        own.bytes = SSBTEK_INNER_MAX;
    buf_init(&r->body, r->json ? SSBTEK_INNER_MAX : own.bytes);
    if (!r->json)
        r->soap = soap_new(&own);
    r->keep = r->json;
    return r;
}

void
bastjanst_keep(struct bastjanst_reader *r)
{
    r->keep = true;
}

void
bastjanst_reader_free(struct bastjanst_reader **pr)
{
    if (!*pr)
        return;
    soap_free(&(*pr)->soap);
    buf_done(&(*pr)->body);
    free(*pr);
    *pr = NULL;
}

enum err_code
bastjanst_feed(struct bastjanst_reader *r, const void *p, size_t n,
               struct err *e)
{
    if (r->soap) {
        enum err_code code = soap_feed(r->soap, p, n, e);
        if (code || !r->keep)
            return code;
    }
    if (buf_add(&r->body, p, n))
        return err_set(e, ERR_TOO_BIG, "the answer is too long");
    return ERR_OK;
}

/* The parts that the answer sets: the source's, and PM's beside FK's. */
struct parts {
    struct part own, pm;
    struct part *each[3]; /* ended by NULL */
};

static void
begin(struct parts *p, const struct bastjanst_reader *r)
{
    *p = (struct parts){.each = {&p->own}};
    part_begin(&p->own, r->answer, r->source);
    if (r->source == SOURCE_FK &&
        answer_asked(&r->answer->question) & SOURCE_BIT(SOURCE_PM)) {
        part_begin(&p->pm, r->answer, SOURCE_PM);
        p->each[1] = &p->pm;
    }
}

static void
discard(struct parts *p, enum source_state s, const char *felkod,
        const char *text)
{
    for (struct part **each = p->each; *each; each++)
        part_discard(*each, s, felkod, text);
}

static void
fail(struct parts *p, const struct no_answer *no)
{
    char *felkod = arena_strdup(p->own.arena, no->felkod);
    discard(p, no->state, felkod ? felkod : "http", no->text);
}

/* What the authority itself says has gone wrong. */
static void
say_fault(struct parts *p, const char *felkod, const char *text)
{
    for (struct part **each = p->each; *each; each++) {
        const char *word = part_word(*each, felkod);
        (*each)->out->state = STATE_FEL;
        part_fault(*each, "BT", word ? word : "okand", part_word(*each, text));
    }
}

static void
read_fault(struct parts *p, const struct codec *c, const struct soap_answer *in,
           int status)
{
    const char *code = soap_faultcode(in->node);
    const char *text = soap_faultstring(in->node);
    const struct xml_node *own =
        xml_child_ns(soap_detail(in->node), c->ns, c->fault);
    if (own && *c->fault) { /* its own words, where it has any */
        code = part_either(&p->own, xml_text(own, c->code), code);
        text = part_either(&p->own, xml_text(own, c->text), text);
    }
    say_fault(p, code, text);
    if (in->other_status)
        part_remark(&p->own,
                    arena_printf(p->own.arena,
                                 _("A fault came with HTTP status %d."),
                                 status));
}

/* MIV gives the question's id back. */
static bool
is_other_question(const struct part *p, const struct xml_node *message)
{
    if (p->source != SOURCE_MIV)
        return false;
    const char *id = xml_text(xml_child(message, "response"), "korrelationsid");
    return id && *id && strcmp(id, p->answer->question.id) != 0;
}

static void
read_message(struct part *p, const struct xml_node *message,
             const struct soap_answer *in)
{
    struct xml_node data = *message;
    p->seen |= SEEN_ELEMENT;
    if (data.child || data.text)
        p->seen |= SEEN_DATA;
    if (p->source == SOURCE_CSN) {
        part_raw_xml(p, message);
        csn_read_document(p, message);
    } else if (p->seen & SEEN_DATA) {
        data.name = "data"; /* as it is called in SSBTEK and fields.def */
        part_read(p, &data);
    }
    part_end(p);
    if (in->is12)
        part_remark(p, _("The answer came in a SOAP 1.2 envelope."));
    if (in->other_type)
        part_remark(p,
                    _("The answer came with another content type than XML."));
}

static bool
is_blank(const struct buf *b)
{
    const char *s = buf_str(b);
    return s + strspn(s, " \t\r\n") == s + b->len;
}

/* The message alone, before anything is read of it: where an answer is whole,
 * `data` is set, and *in says where it stands. */
static enum err_code
find_message(struct bastjanst_reader *r, int status, const char *type,
             struct soap_answer *in, struct err *e)
{
    const struct codec *c = codec_row(r->source);
    enum err_code code = soap_finish(r->soap, status, type, in, e);
    if (code || in->kind == SOAP_FAULT)
        return code;
    if (strcmp(in->node->name, c->answer) != 0 ||
        (!c->loose && strcmp(in->node->ns, c->ns) != 0)) {
        no_answer_other(&in->no);
        return err_set(e, ERR_PROTOCOL, "another message than asked for");
    }
    r->data = true;
    r->body_at = in->body;
    r->encoding = in->encoding;
    return ERR_OK;
}

static enum err_code
read_soap(struct bastjanst_reader *r, struct parts *p, int status,
          const char *type, struct err *e)
{
    struct soap_answer in;
    enum err_code code = find_message(r, status, type, &in, e);
    if (code) {
        fail(p, &in.no);
        return code;
    }
    if (in.kind == SOAP_FAULT) {
        read_fault(p, codec_row(r->source), &in, status);
        return err_set(e, ERR_PROTOCOL, "a SOAP fault");
    }
    if (is_other_question(&p->own, in.node)) {
        discard(p, STATE_FEL, "annat_korrelationsid",
                _("The answer belongs to another question."));
        return err_set(e, ERR_PROTOCOL, "another korrelationsid");
    }
    if (xml_has_too_big(in.node)) {
        discard(p, STATE_FEL, "for_stort",
                _("The source's answer is larger than allowed."));
        return err_set(e, ERR_TOO_BIG, "a text is too long");
    }
    read_message(&p->own, in.node, &in);
    return ERR_OK;
}

/* LEFI's failures: {"meddelande", "timestamp"} and the status. */
static bool
read_lefi_fault(const struct bastjanst_reader *r, struct parts *p, int status)
{
    static const struct json_limits small = {64 << 10, 1000, 16};
    const cJSON *j = NULL;
    struct err e;
    char felkod[16];
    if (json_read(&j, p->own.arena, buf_str(&r->body), r->body.len, &small, &e))
        return false;
    const char *text = json_member(j, codec_row(SOURCE_FK)->text);
    snprintf(felkod, sizeof felkod, "%d", status);
    if (text)
        say_fault(p, felkod, text);
    return text != NULL;
}

static enum err_code
read_lefi(struct bastjanst_reader *r, struct parts *p, int status,
          const char *type, struct err *e)
{
    struct no_answer no;
    const char *s = buf_str(&r->body);
    bool blank = is_blank(&r->body);
    bool compressed = *s == 0x1f;
    if (r->body.full || (status == 200 && (blank || compressed))) {
        enum err_code code = r->body.full ? ERR_TOO_BIG : ERR_PROTOCOL;
        no_answer_body(&no, code, blank, compressed);
        fail(p, &no);
        return err_set(e, code, "no answer to read");
    }
    if (status != 200) {
        if (read_lefi_fault(r, p, status))
            return err_set(e, ERR_PROTOCOL, "HTTP status %d", status);
        no_answer_status(&no, status, e);
        fail(p, &no);
        return ERR_PROTOCOL;
    }
    for (struct part **each = p->each; *each; each++)
        (*each)->seen |= SEEN_ELEMENT | SEEN_DATA;
    lefi_read_document(&p->own, p->each[1], s, r->body.len);
    for (struct part **each = p->each; *each; each++) {
        part_end(*each);
        if (type && *type && strncasecmp(type, "application/json", 16) != 0)
            part_remark(*each, _("The answer came with another content type "
                                 "than JSON."));
    }
    return ERR_OK;
}

enum err_code
bastjanst_finish(struct bastjanst_reader *r, int status, const char *type,
                 struct err *e)
{
    struct parts p;
    begin(&p, r);
    enum err_code code = r->json ? read_lefi(r, &p, status, type, e)
                                 : read_soap(r, &p, status, type, e);
    r->data = !code;
    for (struct part **each = p.each; *each && !code; each++)
        (*each)->out->kontrakt = kontrakt_word(r->answer->question.kontrakt);
    return code;
}
