/* SPDX-License-Identifier: EUPL-1.2
 *
 * Where a SOAP message's content stands in its bytes, so that it can be
 * passed on as it came. Only for documents that soap_finish has found whole:
 * a scan of well-formed markup without a DTD, in UTF-8.
 */
#ifndef ENFRAGA_WIRE_EXTENT_H
#define ENFRAGA_WIRE_EXTENT_H

#include "base/buf.h"

#include <stdbool.h>
#include <stddef.h>

struct extent {
    const char *p;
    size_t n;
};

/* A namespace declaration: "xmlns" or "xmlns:x", and its value in quotes. */
struct extent_ns {
    struct extent name, value;
};

enum { EXTENT_NS_MAX = 64 };

struct extent_message {
    struct extent name;       /* of the element in Body, as written */
    struct extent rest;       /* from behind that name to the element's end */
    struct extent attributes; /* its own, declarations too, as written */
    struct extent content;    /* between its tags; empty for <a/> */
    struct extent_ns ns[EXTENT_NS_MAX]; /* in scope there, innermost first */
    int n_ns, n_own;                    /* the first n_own are its own */
};

/* The element that stands alone in Body, which is child number `body` (from
 * 0) of Envelope. False: no such element, or too many namespaces. */
bool extent_read(struct extent_message *out, const char *s, size_t n, int body);

/* The only child element of that local name, with what is in scope there.
 * False: there is none, or several, or too many namespaces. */
bool extent_child(struct extent_message *out, const struct extent_message *in,
                  const char *name);

/* Appends s in UTF-8. `declared` is what the XML declaration says, or NULL;
 * false: not that encoding, or `out` is full. */
bool extent_utf8(struct buf *out, const char *s, size_t n,
                 const char *declared);

#endif
