/* SPDX-License-Identifier: EUPL-1.2
 *
 * XML, read by libxml2's push SAX into a light tree of elements, attributes
 * and text. For data, not for documents: comments, processing instructions
 * and white space between elements are dropped. A DTD stops the reader, so
 * there are no entities but the five of XML itself, and nothing outside is
 * ever opened. What the elements mean is left to the caller.
 */
#ifndef ENFRAGA_WIRE_XML_H
#define ENFRAGA_WIRE_XML_H

#include "base/err.h"
#include "base/mem.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct xml_node {
    struct xml_node *next;  /* sibling */
    struct xml_node *child; /* first attribute, else first element */
    const char *name;       /* local name; "" for text between elements */
    const char *ns;         /* namespace, "" where there is none */
    const char *text;       /* NULL where there is none but white space */
    uint32_t len;           /* bytes of text */
    bool attr;              /* an attribute */
    bool too_big;           /* its text passed the ceiling and was dropped */
};

/* Ceilings of one document; passing one is ERR_TOO_BIG, but for `text`: an
 * element's text above it is dropped and the node marked. */
struct xml_limits {
    size_t bytes;  /* of the document as it comes */
    size_t tag;    /* bytes that end no tag and are no text */
    size_t text;   /* bytes of one element's text */
    size_t memory; /* of the tree */
    unsigned nodes, depth;
    unsigned cpu_ms; /* processor time spent here */
};

struct xml_reader;

/* A reader of one document; never NULL. The limits are copied. */
struct xml_reader *xml_new(const struct xml_limits *limits);

/* The next bytes, in pieces of any size. After an error the same error comes
 * again. ERR_TOO_BIG or ERR_PROTOCOL (ill-formed, DTD, encoding); `e` never
 * holds anything of the document. */
enum err_code xml_feed(struct xml_reader *r, const void *p, size_t n,
                       struct err *e);

/* The end: the root of a whole well-formed document in *root (borrowed, lives
 * as long as the reader), or why there is none. */
enum err_code xml_finish(struct xml_reader *r, const struct xml_node **root,
                         struct err *e);

void xml_free(struct xml_reader **r);

/* The encoding that the document declares, or NULL. */
const char *xml_encoding(const struct xml_reader *r);

/* Bytes fed so far. */
size_t xml_fed(const struct xml_reader *r);

/* Whether all bytes so far, if any, were white space. */
bool xml_blank(const struct xml_reader *r);

/* First child element with this local name (any namespace); NULL. */
const struct xml_node *xml_child(const struct xml_node *n, const char *name);

/* The same within a namespace. */
const struct xml_node *xml_child_ns(const struct xml_node *n, const char *ns,
                                    const char *name);

/* Next sibling element with the same name and namespace; NULL. */
const struct xml_node *xml_again(const struct xml_node *n);

/* First child element of any name; NULL. */
const struct xml_node *xml_first(const struct xml_node *n);

/* Text of the child element / attribute of that name, "" if it is empty,
 * NULL if it is not there. */
const char *xml_text(const struct xml_node *n, const char *name);
const char *xml_attr(const struct xml_node *n, const char *name);

/* Whether some text in it passed the ceiling and was dropped. */
bool xml_has_too_big(const struct xml_node *n);

#endif
