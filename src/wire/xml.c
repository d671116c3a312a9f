/* SPDX-License-Identifier: EUPL-1.2 */
#include "config.h"

#include "wire/xml.h"

#include <libxml/parser.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <time.h>

/* libxml2 looks for the end of a tag from its start again with each piece it
 * gets, so pieces are gathered to this size first: a tag of the ceiling's
 * length is then looked through a few times, whatever pieces the peer sends. */
enum { SLICE = 16 << 10, OPEN_MAX = 256 };

struct open_element {
    struct xml_node *node;
    struct xml_node **end; /* where the next child goes */
    bool content;          /* it has text or an element already */
};

struct xml_reader {
    struct xml_limits limits;
    struct arena *arena;
    xmlParserCtxtPtr ctx;
    struct xml_node *root;
    struct open_element open[OPEN_MAX + 1];
    unsigned depth, nodes;
    bool ended, blank, started;
    enum err_code code; /* what stopped it */
    const char *why;    /* literal */
    size_t total;       /* bytes taken from the caller */
    size_t fed;         /* bytes given to libxml2 */
    size_t event_at;    /* `fed` when something was last complete */
    int64_t cpu_us;
    char *text; /* run of text that is being gathered */
    size_t text_len, text_cap;
    size_t slice_len, slice_used;
    char slice[SLICE];
};

static int64_t
cpu_now(void)
{
    struct timespec t;
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &t);
    return (int64_t)t.tv_sec * 1000000 + t.tv_nsec / 1000;
}

/* Stops for good. xmlStopParser leaves wellFormed at 1: the code is ours. */
static void
stop(struct xml_reader *r, enum err_code code, const char *why)
{
    if (r->code)
        return;
    r->code = code;
    r->why = why;
    xmlStopParser(r->ctx);
}

static void *
take(struct xml_reader *r, size_t n)
{
    void *p = arena_alloc(r->arena, n);
    if (!p)
        stop(r, ERR_TOO_BIG, "the document takes too much memory");
    return p;
}

static struct xml_node *
node_add(struct xml_reader *r, const xmlChar *name, const xmlChar *ns,
         bool attr)
{
    if (++r->nodes > r->limits.nodes) {
        stop(r, ERR_TOO_BIG, "too many elements");
        return NULL;
    }
    struct xml_node *n = take(r, sizeof *n);
    if (!n)
        return NULL;
    n->name = (const char *)name; /* in the parser's dictionary */
    n->ns = ns ? (const char *)ns : "";
    if (r->depth) {
        struct open_element *o = &r->open[r->depth];
        *o->end = n;
        o->end = &n->next;
        o->content = o->content || !attr;
    }
    n->attr = attr;
    return n;
}

static void
set_text(struct xml_reader *r, struct xml_node *n, const char *s, size_t len)
{
    char *p = take(r, len + 1);
    if (!p)
        return;
    memcpy(p, s, len);
    n->text = p;
    n->len = (uint32_t)len;
}

/* The run of text is over: it belongs to the innermost open element. Text
 * after a child element becomes a nameless child. */
static void
flush_text(struct xml_reader *r)
{
    size_t n = r->text_len, i = 0;
    r->text_len = 0;
    if (!n || r->code)
        return;
    while (i < n && strchr(" \t\r\n", r->text[i]))
        i++;
    if (i == n)
        return;
    struct open_element *o = &r->open[r->depth];
    struct xml_node *to = o->node;
    if (o->content)
        to = node_add(r, BAD_CAST "", NULL, false);
    o->content = true;
    if (to)
        set_text(r, to, r->text, n);
}

static void
on_start(void *user, const xmlChar *name, const xmlChar *prefix,
         const xmlChar *ns, int n_ns, const xmlChar **nss, int n_attr,
         int n_default, const xmlChar **attr)
{
    struct xml_reader *r = user;
    (void)prefix, (void)n_ns, (void)nss, (void)n_default;
    if (r->code)
        return;
    flush_text(r);
    r->event_at = r->fed;
    if (r->depth >= r->limits.depth || r->depth >= OPEN_MAX) {
        stop(r, ERR_TOO_BIG, "elements nested too deep");
        return;
    }
    struct xml_node *n = node_add(r, name, ns, false);
    if (!n)
        return;
    if (!r->depth)
        r->root = n;
    r->open[++r->depth] = (struct open_element){n, &n->child, false};
    for (int i = 0; i < n_attr && !r->code; i++, attr += 5) {
        struct xml_node *a = node_add(r, attr[0], attr[2], true);
        if (!a)
            return;
        set_text(r, a, (const char *)attr[3], (size_t)(attr[4] - attr[3]));
    }
}

static void
on_end(void *user, const xmlChar *name, const xmlChar *prefix,
       const xmlChar *ns)
{
    struct xml_reader *r = user;
    (void)name, (void)prefix, (void)ns;
    if (r->code || !r->depth)
        return;
    flush_text(r);
    r->event_at = r->fed;
    if (!--r->depth)
        r->ended = true;
}

static void
on_text(void *user, const xmlChar *s, int len)
{
    struct xml_reader *r = user;
    if (r->code || !r->depth || len <= 0)
        return;
    r->event_at = r->fed;
    struct xml_node *n = r->open[r->depth].node;
    if (n->too_big)
        return;
    size_t want = r->text_len + (size_t)len;
    if (want > r->limits.text) {
        n->too_big = true;
        r->text_len = 0;
        return;
    }
    if (want > r->text_cap) {
        size_t cap = r->text_cap ? r->text_cap : 1024;
        while (cap < want)
            cap *= 2;
        r->text = mem_grow(r->text, cap, 1);
        r->text_cap = cap;
    }
    memcpy(r->text + r->text_len, s, (size_t)len);
    r->text_len = want;
}

static void
on_other(void *user, const xmlChar *s)
{
    struct xml_reader *r = user;
    (void)s;
    r->event_at = r->fed;
}

static void
on_pi(void *user, const xmlChar *target, const xmlChar *s)
{
    (void)target;
    on_other(user, s);
}

/* A document type declaration: refused before it is read (WIRE 9). */
static void
on_dtd(void *user, const xmlChar *name, const xmlChar *id, const xmlChar *sys)
{
    (void)name, (void)id, (void)sys;
    stop(user, ERR_PROTOCOL, "a DTD is not accepted");
}

static void
on_error(void *user, xmlErrorPtr error)
{
    /* The parser's text may quote the document: only its number is kept. */
    (void)user, (void)error;
}

/* What libxml2 says of an encoding passes by the handlers of the parser. */
static void
on_message(void *user, const char *fmt, ...)
{
    (void)user, (void)fmt;
}

struct xml_reader *
xml_new(const struct xml_limits *limits)
{
    static const xmlSAXHandler sax = {
        .initialized = XML_SAX2_MAGIC,
        .internalSubset = on_dtd,
        .externalSubset = on_dtd,
        .startElementNs = on_start,
        .endElementNs = on_end,
        .characters = on_text,
        .ignorableWhitespace = on_text,
        .cdataBlock = on_text,
        .comment = on_other,
        .processingInstruction = on_pi,
        .serror = on_error,
    };
    struct xml_reader *r = mem_alloc(sizeof *r);
    r->limits = *limits;
    r->blank = true;
    r->arena = arena_new(limits->memory);
    xmlSAXHandler copy = sax;
    xmlSetGenericErrorFunc(NULL, on_message); /* of this thread */
    r->ctx = xmlCreatePushParserCtxt(&copy, r, NULL, 0, NULL);
    if (!r->ctx)
        abort(); /* out of memory */
    /* NOENT: the five entities of XML itself also in attributes; no other can
     * be there, a DTD is refused before it is read. */
    xmlCtxtUseOptions(r->ctx, XML_PARSE_NONET | XML_PARSE_NOENT);
    return r;
}

void
xml_free(struct xml_reader **pr)
{
    struct xml_reader *r = *pr;
    if (!r)
        return;
    xmlFreeParserCtxt(r->ctx);
    arena_free(&r->arena);
    mem_wipe(r->text, r->text_cap);
    free(r->text);
    mem_wipe(r->slice, r->slice_used);
    free(r);
    *pr = NULL;
}

/* Other encodings than these are refused: the contract has no use for them
 * (WIRE, README of the contract). */
static bool
encoding_ok(const xmlChar *declared)
{
    static const char *const names[] = {"UTF-8",    "UTF8",     "UTF-16",
                                        "UTF-16LE", "UTF-16BE", "ISO-8859-1",
                                        "US-ASCII", "ASCII"};
    if (!declared)
        return true;
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        if (!strcasecmp((const char *)declared, names[i]))
            return true;
    return false;
}

static enum err_code
fail(const struct xml_reader *r, struct err *e)
{
    return err_set(e, r->code, "%s", r->why);
}

static enum err_code
parse(struct xml_reader *r, const char *s, size_t n, bool last, struct err *e)
{
    r->fed += n;
    int64_t from = cpu_now();
    int rc = xmlParseChunk(r->ctx, s, (int)n, last);
    r->cpu_us += cpu_now() - from;
    if (!r->code && !encoding_ok(r->ctx->encoding))
        stop(r, ERR_PROTOCOL, "the document's encoding is not accepted");
    if (!r->code && (!r->ctx->wellFormed || !r->ctx->nsWellFormed)) {
        stop(r, ERR_PROTOCOL, "the document is not well-formed XML");
        r->why = arena_printf(r->arena, "%s (%d)", r->why, rc);
        if (!r->why)
            r->why = "the document is not well-formed XML";
    }
    if (!r->code && r->fed - r->event_at > r->limits.tag + SLICE)
        stop(r, ERR_TOO_BIG, "a tag or comment is too long");
    if (!r->code && r->cpu_us > (int64_t)r->limits.cpu_ms * 1000)
        stop(r, ERR_TOO_BIG, "the document takes too long to read");
    return r->code ? fail(r, e) : ERR_OK;
}

enum err_code
xml_feed(struct xml_reader *r, const void *p, size_t n, struct err *e)
{
    const char *s = p;
    if (r->code)
        return fail(r, e);
    if (n > r->limits.bytes || r->total > r->limits.bytes - n) {
        stop(r, ERR_TOO_BIG, "the document is too long");
        return fail(r, e);
    }
    r->total += n;
    for (size_t i = 0; r->blank && i < n; i++)
        r->blank = s[i] && strchr(" \t\r\n", s[i]);
    while (n) {
        size_t k = SLICE - r->slice_len < n ? SLICE - r->slice_len : n;
        const char *piece = s;
        if (k < SLICE) { /* no whole slice in one piece: gather it */
            memcpy(r->slice + r->slice_len, s, k);
            r->slice_len += k;
            if (r->slice_used < r->slice_len)
                r->slice_used = r->slice_len;
            piece = r->slice;
        }
        s += k;
        n -= k;
        if (k < SLICE && r->slice_len < SLICE)
            return ERR_OK;
        r->slice_len = 0;
        if (parse(r, piece, SLICE, false, e))
            return r->code;
    }
    return ERR_OK;
}

enum err_code
xml_finish(struct xml_reader *r, const struct xml_node **root, struct err *e)
{
    *root = NULL;
    if (r->code)
        return fail(r, e);
    size_t rest = r->slice_len;
    r->slice_len = 0;
    if (rest && parse(r, r->slice, rest, false, e))
        return r->code;
    if (parse(r, NULL, 0, true, e))
        return r->code;
    if (!r->ended || r->depth) {
        stop(r, ERR_PROTOCOL, "the document is cut off");
        return fail(r, e);
    }
    *root = r->root;
    return ERR_OK;
}

const char *
xml_encoding(const struct xml_reader *r)
{
    return (const char *)r->ctx->encoding;
}

size_t
xml_fed(const struct xml_reader *r)
{
    return r->total;
}

bool
xml_blank(const struct xml_reader *r)
{
    return r->blank;
}

const struct xml_node *
xml_child(const struct xml_node *n, const char *name)
{
    for (n = n ? n->child : NULL; n; n = n->next)
        if (!n->attr && !strcmp(n->name, name))
            return n;
    return NULL;
}

const struct xml_node *
xml_child_ns(const struct xml_node *n, const char *ns, const char *name)
{
    for (n = n ? n->child : NULL; n; n = n->next)
        if (!n->attr && !strcmp(n->name, name) && !strcmp(n->ns, ns))
            return n;
    return NULL;
}

const struct xml_node *
xml_again(const struct xml_node *n)
{
    for (const struct xml_node *m = n->next; m; m = m->next)
        if (!m->attr && !strcmp(m->name, n->name) && !strcmp(m->ns, n->ns))
            return m;
    return NULL;
}

const struct xml_node *
xml_first(const struct xml_node *n)
{
    for (n = n ? n->child : NULL; n; n = n->next)
        if (!n->attr && *n->name)
            return n;
    return NULL;
}

const char *
xml_text(const struct xml_node *n, const char *name)
{
    const struct xml_node *c = xml_child(n, name);
    return c ? c->text ? c->text : "" : NULL;
}

const char *
xml_attr(const struct xml_node *n, const char *name)
{
    for (n = n ? n->child : NULL; n && n->attr; n = n->next)
        if (!strcmp(n->name, name))
            return n->text ? n->text : "";
    return NULL;
}

bool
xml_has_too_big(const struct xml_node *n)
{
    if (n->too_big)
        return true;
    for (const struct xml_node *c = n->child; c; c = c->next)
        if (xml_has_too_big(c))
            return true;
    return false;
}
