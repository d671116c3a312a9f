/* SPDX-License-Identifier: EUPL-1.2
 *
 * The answer that SSBTEK gives, made of the authorities' own by "teknisk
 * bearbetning" (DESIGN 5): nothing is interpreted; what an authority said is
 * passed on byte for byte (UTF-8; another encoding is transcoded), and each
 * error stands in its place. Valid by the service's schema where the
 * authorities' answers are by theirs. Pure.
 */
#ifndef ENFRAGA_WIRE_COMPILE_H
#define ENFRAGA_WIRE_COMPILE_H

#include "wire/bastjanst.h"

/* Which call a fault or an answer belongs to. */
enum compile_call { COMPILE_HAMTA, COMPILE_TESTA };

/* Appends one authority's element, to be given to compile_answer. `r` has kept
 * (bastjanst_keep) and finished its answer into a, and gives the data; where
 * it did not come whole, is about another person, or r is NULL (it never
 * came: ssbtek_failed), the fault in a gives `error`: kalla BT for the
 * authority's own, else SSBT. FK carries PM; SOURCE_PM appends nothing. SKV
 * in v11 is always an error: no direct contract is known. */
enum err_code compile_source(struct buf *out, enum kontrakt k,
                             enum source_id source, const struct answer *a,
                             const struct bastjanst_reader *r);

/* The same where SSBTEK itself was asked for `sources`, and a is what its
 * reader made of body: each one's element goes into its own of[], tags and
 * all, with the namespaces that it needs. An authority that was missing in the
 * answer is missing; one that was not read, or is about another person, has an
 * error. body NULL: nothing came. */
enum err_code compile_passed(struct buf of[SOURCE_COUNT], source_set sources,
                             const struct answer *a, const char *body,
                             size_t n);

/* True where body is a SOAP fault: it has refused the whole question, and is
 * appended as a fault of our own that says the same. */
bool compile_fault_passed(struct buf *out, enum kontrakt k, source_set sources,
                          const struct answer *a, const char *body, size_t n);

/* What stands before the authorities in the answer. */
struct compile_head {
    enum kontrakt kontrakt;
    const char *request; /* the SOAP question, which comes back in `fraga`;
                            NULL: it was not asked back */
    size_t request_len;
    const char *frage_tidpunkt; /* as they came; NULL: not given */
    const char *korrelationsid;
};

/* The whole hamtaBastjanstInformationResponse in its envelope; of[] holds
 * what compile_source appended, empty for what was not asked. */
enum err_code compile_answer(struct buf *out, const struct compile_head *h,
                             const struct buf of[SOURCE_COUNT], struct err *e);

/* One authority's line of the test call. */
struct compile_test {
    bool there;                        /* it has a test service */
    bool called;                       /* anropad */
    const char *kalla, *felkod, *text; /* kalla NULL: no error */
};

/* The whole testaBastjanstInformationResponse. */
enum err_code compile_test(struct buf *out, enum kontrakt k,
                           const struct compile_test of[SOURCE_COUNT],
                           struct err *e);

/* A SOAP fault (to go with HTTP 500): `who` is "Client" or "Server"; with a
 * felkod the detail has the call's fault element and the texts, or `text`
 * where they are NULL. */
enum err_code compile_fault(struct buf *out, enum kontrakt k,
                            enum compile_call call, const char *who,
                            const char *felkod, const char *text,
                            const struct texts *texts, struct err *e);

#endif
