/* SPDX-License-Identifier: EUPL-1.2
 *
 * What the writers of messages share: text that may stand in XML, elements,
 * SOAP's envelope, and what must hold of a question whoever it is put to.
 */
#ifndef ENFRAGA_WIRE_PUT_H
#define ENFRAGA_WIRE_PUT_H

#include "wire/ssbtek.h"

#include <stdbool.h>

#define SOAP11 "http://schemas.xmlsoap.org/soap/envelope/"
#define SSBT "http://schema.forsakringskassan.se/integration/ssbt/"

enum { QUESTION_MAX = 64 << 10 };

/* Whether s may stand as text in XML (and is not longer than a field is). */
bool xml_may_hold(const char *s);

/* s with its markup escaped, and what XML cannot hold made U+FFFD; an element
 * around it, by its prefixed name. */
void xml_put(struct buf *b, const char *s);
void xml_put_element(struct buf *b, const char *name, const char *text);

/* The XML declaration and SOAP's tags up to the content of Body, and after
 * it. */
void soap_put(struct buf *b);
void soap_put_end(struct buf *b);

/* What must hold before a question is put to any of `sources`, through SSBTEK
 * or to the authority itself. */
enum err_code put_check(const struct question *q, source_set sources,
                        const struct ssbtek_asker *by, struct err *e);

/* LEFI's question (WIRE 7): codes in every list that takes them. */
void put_lefi(struct buf *j, const struct question *q);

#endif
