/* SPDX-License-Identifier: EUPL-1.2
 *
 * An authority's own request read back by the rows that wrote it.
 */
#include "config.h"

#include "wire/bastjanst.h"

#include "wire/codec.h"
#include "wire/put.h"
#include "wire/xml.h"

#include <stdio.h>
#include <string.h>

enum { OPEN_MAX = 8 };

static const struct xml_limits limits = {
    .bytes = QUESTION_MAX,
    .tag = QUESTION_MAX,
    .text = QUESTION_MAX,
    .memory = 1 << 20,
    .nodes = 1000,
    .depth = 32,
    .cpu_ms = 1000,
};

static const struct xml_node *
find(const struct xml_node *in, const struct codec *c, const char *name)
{
    if (!strncmp(name, "q:", 2))
        return xml_child_ns(in, c->ns, name + 2);
    if (!strncmp(name, "r:", 2))
        return xml_child_ns(in, c->ns2, name + 2);
    return xml_child_ns(in, "", name);
}

static bool
copy(char *to, size_t size, const char *s)
{
    return (size_t)snprintf(to, size, "%s", s) < size;
}

static bool read_forfragan(struct bastjanst_asked *out, const char *s);

/* What one element said; false where it cannot be that. */
static bool
take_fact(struct bastjanst_asked *out, enum ask_fact fact, const char *s)
{
    char *d = out->person;
    switch (fact) {
    case ASK_ORGNR:
        return copy(out->orgnr, sizeof out->orgnr, s);
    case ASK_NAMN:
        return copy(out->namn, sizeof out->namn, s);
    case ASK_HANDLAGGARE:
        return copy(out->handlaggare, sizeof out->handlaggare, s);
    case ASK_ARENDE:
        return copy(out->arende, sizeof out->arende, s);
    case ASK_ID:
        return copy(out->id, sizeof out->id, s);
    case ASK_FROM:
        return date_read(&out->from, s);
    case ASK_TOM:
        return date_read(&out->to, s);
    case ASK_SYFTE:
        return copy(out->syfte, sizeof out->syfte, s);
    case ASK_LAGTEXT:
        return copy(out->lagtext, sizeof out->lagtext, s);
    case ASK_PERSON:
        return strlen(s) == 12 && copy(d, 13, s);
    case ASK_SEKEL:
        return strlen(s) == 2 && copy(d, 3, s);
    case ASK_TEN: /* after its sekel */
        return strlen(d) == 2 && strlen(s) == 10 && copy(d + 2, 11, s);
    case ASK_FORFRAGAN:
        return read_forfragan(out, s);
    default:
        return true;
    }
}

static bool
read_rows(struct bastjanst_asked *out, int of, const struct xml_node *root)
{
    const struct codec *c = codec_row(of);
    const struct xml_node *at[OPEN_MAX] = {root};
    if (strcmp(root->name, c->request) != 0 || strcmp(root->ns, c->ns) != 0)
        return false;
    for (const struct ask_row *r = ask_first(of); r; r = ask_next(r)) {
        if (*r->name == '@')
            continue;
        const struct xml_node *n = find(at[r->depth - 1], c, r->name);
        at[r->depth] = n;
        if (n && !take_fact(out, r->fact, n->text ? n->text : ""))
            return false;
    }
    return strlen(out->person) == 12 && strspn(out->person, "0123456789") == 12;
}

static enum err_code
read_document(struct bastjanst_asked *out, int of, bool soap, const char *s,
              size_t n, struct err *e)
{
    const struct xml_node *root = NULL;
    struct xml_reader *r = xml_new(&limits);
    enum err_code code = xml_feed(r, s, n, e);
    if (!code)
        code = xml_finish(r, &root, e);
    if (!code && soap)
        root = xml_first(xml_child_ns(root, SOAP11, "Body"));
    if (!code && (!root || !read_rows(out, of, root)))
        code = err_set(e, ERR_PROTOCOL, "not the request of this service");
    xml_free(&r);
    return code;
}

static bool
read_forfragan(struct bastjanst_asked *out, const char *s)
{
    struct err e;
    return !read_document(out, CODEC_FORFRAGAN, false, s, strlen(s), &e);
}

enum err_code
bastjanst_question_read(struct bastjanst_asked *out, enum source_id source,
                        const void *p, size_t n, struct err *e)
{
    *out = (struct bastjanst_asked){0};
    if (!*codec_row(source)->request)
        return err_set(e, ERR_BAD_INPUT, "no SOAP service");
    return read_document(out, source, true, p, n, e);
}
