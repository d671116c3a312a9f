/* SPDX-License-Identifier: EUPL-1.2
 *
 * SSBTEK v10 and v11 on the wire: the question strictly valid, the answer read
 * tolerantly (WIRE 1-5, 8, 9) into a struct answer. Pure: bytes in, values
 * out. Nothing of an answer may be published before ssbtek_finish has
 * returned: the envelope is then whole, and korrelationsid and every person
 * field have been checked.
 */
#ifndef ENFRAGA_WIRE_SSBTEK_H
#define ENFRAGA_WIRE_SSBTEK_H

#include "base/buf.h"
#include "base/err.h"
#include "domain/answer.h"

enum {
    SSBTEK_ANSWER_MAX = 16 << 20, /* bytes of one answer (DESIGN 5) */
    SSBTEK_INNER_MAX = 1 << 20,   /* bytes of an inner document */
    SSBTEK_TAG_MAX = 64 << 10,
    SSBTEK_DEPTH_MAX = 256,
    SSBTEK_NODES_MAX = 60000,
};

/* What the question is asked with, beside the question itself. */
struct ssbtek_asker {
    const char *orgnr; /* 12 digits */
    const char *namn;  /* municipality */
    const char *aktorsid;
    const char *syfte, *lagtext;              /* wire texts */
    const char *bitrade_orgnr, *bitrade_namn; /* "" or NULL: none */
};

/* The SOAP envelope of hamtaBastjanstInformation, in q's version, for `sources`
 * (a subset of q->sources: all, or one at a time). ERR_BAD_INPUT where it
 * cannot be valid.
 */
enum err_code ssbtek_question(struct buf *out, const struct question *q,
                              source_set sources, const struct ssbtek_asker *by,
                              struct err *e);

/* The envelope of testaBastjanstInformation (no personal data). */
enum err_code ssbtek_probe(struct buf *out, enum kontrakt kontrakt);

/* Reads an answer as it comes. `into` already holds the question; only the
 * sources in `asked` (PM follows FK) are set. The version is read from the
 * answer's namespace; another than the question's is read too, and remarked. */
struct ssbtek_reader;
struct ssbtek_reader *ssbtek_reader_new(struct answer *into, source_set asked);

/* The next bytes; ERR_TOO_BIG or ERR_PROTOCOL (DTD, ill-formed) stops it:
 * later calls return the same. */
enum err_code ssbtek_feed(struct ssbtek_reader *r, const void *p, size_t n,
                          struct err *e);

/* The end of the body with the HTTP status and content type that came. Sets
 * every asked source's state, also when something failed: an envelope that
 * was not whole makes each `olasligt`, a SOAP fault `fel`, over a ceiling or
 * another korrelationsid `fel` from ENFRAGA. Returns ERR_OK when an envelope
 * with svarsdata was read, else why not. Several readers may fill one answer
 * (one source each). */
enum err_code ssbtek_finish(struct ssbtek_reader *r, int status,
                            const char *content_type, struct err *e);
void ssbtek_reader_free(struct ssbtek_reader **r);

/* Marks every source in `asked` that still waits with a state and a fault of
 * kalla ENFRAGA (network, TLS, time limit ...). */
void ssbtek_failed(struct answer *a, source_set asked, enum source_state s,
                   const char *felkod, const char *text);

/* Code tables where the contract has none (DESIGN 4), as lists "a, b": a
 * fund's statuses that mean "answered, nothing wrong", and the status codes of
 * AF and CSN that mean "unknown number". The strings are borrowed for good;
 * shipped: "1, OK, all clear", none, none. */
struct ssbtek_codes {
    const char *so_ok, *af_unknown, *csn_unknown;
};
void ssbtek_codes_set(const struct ssbtek_codes *codes);

/* The version whose namespace it is; KONTRAKT_COUNT: none that is spoken. */
enum kontrakt ssbtek_version(const char *ns);

/* Availability from a testaBastjanstInformationResponse. */
enum probe_state { PROBE_KLAR, PROBE_FEL, PROBE_PROVAS_INTE, PROBE_OKAND };
enum err_code ssbtek_probe_read(enum probe_state of[SOURCE_COUNT],
                                const void *p, size_t n, struct err *e);

/* FK's and PM's from LEFI's list of what may be asked (WIRE 7): PROBE_KLAR where
 * one may be asked for something, or is a deliverer that is OK, PROBE_FEL for
 * one that is not, else PROBE_OKAND. The others' are left alone. */
enum err_code lefi_probe_read(enum probe_state of[SOURCE_COUNT], const void *p,
                              size_t n, struct err *e);

#endif
