/* SPDX-License-Identifier: EUPL-1.2
 *
 * A SOAP answer as it comes, whoever sent it: the envelope, and in which way
 * it is no answer at all. What the message in it means is left to the caller.
 * doc/FORMATS.md, SSBTEK, says which state each fault becomes.
 */
#ifndef ENFRAGA_WIRE_SOAP_H
#define ENFRAGA_WIRE_SOAP_H

#include "base/err.h"
#include "domain/source.h"
#include "wire/xml.h"

#include <stdbool.h>
#include <stddef.h>

/* Why there is no answer to read: state and fault (kalla ENFRAGA). */
struct no_answer {
    enum source_state state;
    char felkod[24];
    const char *text;
};

enum soap_kind {
    SOAP_MESSAGE, /* `node` is what stands alone in Body, HTTP status 200 */
    SOAP_FAULT,   /* `node` is the Fault */
    SOAP_NONE     /* `no` says why */
};

struct soap_answer {
    enum soap_kind kind;
    const struct xml_node *node; /* lives as long as the reader */
    struct no_answer no;
    int body;             /* Body's number among Envelope's children */
    const char *encoding; /* as the XML declaration says, or NULL */
    bool is12;            /* a SOAP 1.2 envelope */
    bool other_status;    /* a fault with another status than 500 */
    bool other_type;      /* a content type that is not XML */
};

struct soap_reader;
struct soap_reader *soap_new(const struct xml_limits *limits);
void soap_free(struct soap_reader **r);

/* As xml_feed. */
enum err_code soap_feed(struct soap_reader *r, const void *p, size_t n,
                        struct err *e);

/* The end, with the HTTP status and content type ("" or NULL: none) that
 * came. ERR_OK for a message or a fault; else *out is SOAP_NONE. */
enum err_code soap_finish(struct soap_reader *r, int status, const char *type,
                          struct soap_answer *out, struct err *e);

/* The fault's detail (NULL), code without prefix and string; either may be
 * NULL. SOAP 1.1 and 1.2. */
const struct xml_node *soap_detail(const struct xml_node *fault);
const char *soap_faultcode(const struct xml_node *fault);
const char *soap_faultstring(const struct xml_node *fault);

/* The same words for what is no SOAP: an HTTP status that says no, and a body
 * that could not be taken: ERR_TOO_BIG, blank, compressed, else unreadable. */
enum err_code no_answer_status(struct no_answer *no, int status, struct err *e);
void no_answer_body(struct no_answer *no, enum err_code code, bool blank,
                    bool compressed);
void no_answer_other(struct no_answer *no); /* another message than asked for */

#endif
