/* SPDX-License-Identifier: EUPL-1.2 */
#include "config.h"

#include "wire/extent.h"

#include <libxml/encoding.h>
#include <libxml/tree.h>
#include <limits.h>
#include <string.h>
#include <strings.h>

enum markup { MARKUP_START, MARKUP_EMPTY, MARKUP_END, MARKUP_OTHER };

struct scan {
    const char *p, *end;
    struct extent tag; /* the last markup, from < to > */
};

static bool
skip_past(struct scan *s, const char *what)
{
    size_t n = strlen(what);
    const char *at = memmem(s->p, (size_t)(s->end - s->p), what, n);
    if (at)
        s->p = at + n;
    return at != NULL;
}

static bool
begins(const struct scan *s, const char *what)
{
    size_t n = strlen(what);
    return (size_t)(s->end - s->p) >= n && !memcmp(s->p, what, n);
}

/* To behind the > that ends a tag; one may stand in an attribute's value. */
static bool
skip_tag(struct scan *s)
{
    char quote = 0;
    for (; s->p < s->end; s->p++) {
        if (quote ? *s->p == quote : *s->p == '"' || *s->p == '\'')
            quote = quote ? 0 : *s->p;
        else if (!quote && *s->p == '>')
            return s->p++, true;
    }
    return false;
}

/* The next markup; false at the end. */
static bool
next(struct scan *s, enum markup *kind)
{
    const char *at = memchr(s->p, '<', (size_t)(s->end - s->p));
    bool ok;
    if (!at)
        return false;
    s->p = at;
    *kind = MARKUP_OTHER;
    if (begins(s, "<!--")) {
        s->p += 4;
        ok = skip_past(s, "-->");
    } else if (begins(s, "<![CDATA[")) {
        ok = skip_past(s, "]]>");
    } else if (begins(s, "<?")) {
        ok = skip_past(s, "?>");
    } else {
        *kind = begins(s, "</") ? MARKUP_END : MARKUP_START;
        ok = skip_tag(s);
        if (ok && *kind == MARKUP_START && s->p[-2] == '/')
            *kind = MARKUP_EMPTY;
    }
    s->tag = (struct extent){at, (size_t)(s->p - at)};
    return ok;
}

static bool
is_space(char c)
{
    return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

static bool
same(struct extent a, struct extent b)
{
    return a.n == b.n && !memcmp(a.p, b.p, a.n);
}

/* Adds what no inner one has declared. */
static bool
add_namespace(struct extent_message *m, const struct extent_ns *ns)
{
    int i = 0;
    while (i < m->n_ns && !same(m->ns[i].name, ns->name))
        i++;
    if (i == EXTENT_NS_MAX)
        return false;
    if (i == m->n_ns)
        m->ns[m->n_ns++] = *ns;
    return true;
}

static bool
add_namespaces(struct extent_message *m, struct extent tag)
{
    const char *p = tag.p + 1, *end = tag.p + tag.n - 1;
    while (p < end && !is_space(*p))
        p++;
    for (;;) {
        while (p < end && is_space(*p))
            p++;
        const char *name = p;
        while (p < end && *p != '=' && !is_space(*p))
            p++;
        struct extent_ns ns = {.name = {name, (size_t)(p - name)}};
        while (p < end && *p != '"' && *p != '\'')
            p++;
        const char *close =
            p < end ? memchr(p + 1, *p, (size_t)(end - p - 1)) : NULL;
        if (!close)
            return true; /* no further attribute */
        ns.value = (struct extent){p, (size_t)(close + 1 - p)};
        p = close + 1;
        if (ns.name.n < 5 || memcmp(name, "xmlns", 5) != 0 ||
            (ns.name.n > 5 && name[5] != ':'))
            continue;
        if (!add_namespace(m, &ns))
            return false;
    }
}

/* To behind the end tag of what has just been opened, whose content it
 * gives. */
static bool
skip_element(struct scan *s, struct extent *content)
{
    enum markup kind;
    content->p = s->p;
    for (int depth = 1; depth && next(s, &kind);) {
        depth += (kind == MARKUP_START) - (kind == MARKUP_END);
        content->n = (size_t)(s->tag.p - content->p);
        if (!depth)
            return true;
    }
    return false;
}

/* The next start tag at this level, number `skip` from here. */
static bool
next_start(struct scan *s, int skip, enum markup *kind)
{
    struct extent ignored;
    while (next(s, kind)) {
        if (*kind == MARKUP_END)
            return false;
        if (*kind == MARKUP_OTHER)
            continue;
        if (!skip--)
            return true;
        if (*kind == MARKUP_START && !skip_element(s, &ignored))
            return false;
    }
    return false;
}

/* The element whose start tag has just come; behind it after. */
static bool
take_element(struct extent_message *m, struct scan *s, enum markup kind)
{
    struct extent tag = s->tag;
    m->n_ns = 0;
    m->name = (struct extent){tag.p + 1, 0};
    while (!is_space(m->name.p[m->name.n]) && m->name.p[m->name.n] != '/' &&
           m->name.p[m->name.n] != '>')
        m->name.n++;
    m->content = (struct extent){s->p, 0};
    m->attributes.p = m->name.p + m->name.n;
    m->attributes.n =
        (size_t)(s->p - m->attributes.p) - (kind == MARKUP_EMPTY ? 2 : 1);
    if (kind == MARKUP_START && !skip_element(s, &m->content))
        return false;
    m->rest.p = m->attributes.p;
    m->rest.n = (size_t)(s->p - m->rest.p);
    if (!add_namespaces(m, tag))
        return false;
    m->n_own = m->n_ns;
    return true;
}

bool
extent_read(struct extent_message *m, const char *p, size_t n, int body)
{
    struct scan s = {.p = p, .end = p + n};
    struct extent outer[2];
    enum markup kind;
    if (!next_start(&s, 0, &kind) || kind != MARKUP_START)
        return false;
    outer[0] = s.tag;
    if (!next_start(&s, body, &kind) || kind != MARKUP_START)
        return false;
    outer[1] = s.tag;
    return next_start(&s, 0, &kind) && take_element(m, &s, kind) &&
           add_namespaces(m, outer[1]) && add_namespaces(m, outer[0]);
}

static bool
is_local(struct extent name, const char *local)
{
    const char *colon = memchr(name.p, ':', name.n);
    size_t skip = colon ? (size_t)(colon + 1 - name.p) : 0;
    return name.n - skip == strlen(local) &&
           !memcmp(name.p + skip, local, name.n - skip);
}

bool
extent_child(struct extent_message *out, const struct extent_message *in,
             const char *name)
{
    struct scan s = {.p = in->content.p, .end = in->content.p + in->content.n};
    struct extent_message m;
    enum markup kind;
    int found = 0;
    while (next_start(&s, 0, &kind)) {
        if (!take_element(&m, &s, kind))
            return false;
        if (!is_local(m.name, name))
            continue;
        *out = m;
        found++;
    }
    for (int i = 0; i < in->n_ns && found == 1; i++)
        if (!add_namespace(out, &in->ns[i]))
            return false;
    return found == 1;
}

/* XML 1.0 appendix F, for the encodings that xml_feed takes. */
static const char *
encoding_of(const char *s, size_t n, const char *declared)
{
    const unsigned char *b = (const unsigned char *)s;
    if (n > 1 && ((b[0] == 0xff && b[1] == 0xfe) || (b[0] == '<' && !b[1])))
        return "UTF-16LE";
    if (n > 1 && ((b[0] == 0xfe && b[1] == 0xff) || (!b[0] && b[1] == '<')))
        return "UTF-16BE";
    return declared && !strcasecmp(declared, "ISO-8859-1") ? declared : NULL;
}

bool
extent_utf8(struct buf *out, const char *s, size_t n, const char *declared)
{
    const char *encoding = encoding_of(s, n, declared);
    if (!encoding)
        return buf_add(out, s, n) == ERR_OK;
    xmlCharEncodingHandlerPtr h = xmlFindCharEncodingHandler(encoding);
    xmlBufferPtr to = xmlBufferCreate();
    xmlBufferPtr from =
        n < INT_MAX ? xmlBufferCreateStatic((void *)(uintptr_t)s, n) : NULL;
    bool ok = h && to && from;
    while (ok && xmlBufferLength(from) > 0)
        ok = xmlCharEncInFunc(h, to, from) > 0;
    if (ok)
        ok = buf_add(out, xmlBufferContent(to), (size_t)xmlBufferLength(to)) ==
             ERR_OK;
    xmlBufferFree(from);
    xmlBufferFree(to);
    xmlCharEncCloseFunc(h);
    return ok;
}
