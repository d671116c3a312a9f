/* SPDX-License-Identifier: EUPL-1.2
 *
 * The försäkran: a signed undertaking over a versioned text (DESIGN 6, AUDIT
 * 7). Signed content = a canonical head (who, account, municipality, place,
 * date, from-to, the four ticks, wording id and SHA-256, entry key) followed
 * by the wording's bytes; the signature is CMS detached, DER, CAdES-BES, that
 * `openssl cms -verify -binary -content` accepts. Certificates: EC P-256,
 * digitalSignature, EKU clientAuth + emailProtection.
 *
 * The head is UTF-8 lines "name: value" after a first line
 * "enfraga/forsakran/1", in this order and all there: konto, namn, kommun,
 * ort, datum, från, till, 1 behov, 2 intrång, 3 tystnad, 4 loggning (each
 * "ja"), text, text-sha256 (hex), nyckel (a C2SP vkey); then an empty line.
 */
#ifndef ENFRAGA_FORSAKRAN_FORSAKRAN_H
#define ENFRAGA_FORSAKRAN_FORSAKRAN_H

#include "base/buf.h"
#include "base/err.h"
#include "domain/period.h"
#include "seal/key.h"

#include <stdbool.h>

struct wording { /* one version of the text, data/forsakran/ID.txt */
    char id[32];
    char *text;         /* owned; UTF-8 */
    char *points[4];    /* the undertakings, as shown; owned */
    char *words[4];     /* "Med andra ord", not signed; owned */
    uint8_t sha256[32]; /* of the text's bytes */
};

/* The newest wording under datadir/forsakran for the mode ("ovning" and
 * "test": ours, enfraga-N.txt; "skarp": the municipality's installed one,
 * kommun-N.txt, ERR_CONFIG without it). */
enum err_code wording_load(struct wording *w, const char *datadir,
                           const char *mode, struct err *e);
void wording_done(struct wording *w);

struct forsakran { /* what the head says */
    char konto[64], namn[96], kommun[96], ort[64];
    struct date datum, from, till; /* 12 months */
    bool ticks[4];
    char wording_id[32];
    uint8_t wording_sha256[32];
    char vkey[160]; /* the entry key it vouches for (C2SP vkey) */
};

#define FORSAKRAN_MAX (128 << 10) /* bytes of content */

/* The last day of one that begins on `from`: the same day, 12 months on. */
struct date forsakran_till(struct date from);

/* The bytes that are signed. ERR_BAD_INPUT unless all four ticks are set and
 * every field is there. */
enum err_code forsakran_content(struct buf *out, const struct forsakran *f,
                                const struct wording *w, struct err *e);
enum err_code forsakran_read(struct forsakran *f, const void *content, size_t n,
                             struct err *e);

/* Signs content with the P-256 key and its certificate (PEM files' content is
 * the caller's to load: see identity.h). CMS DER into out. */
struct identity;
enum err_code forsakran_sign(struct buf *cms, const void *content, size_t n,
                             const struct identity *who, struct err *e);

/* Checks signature, chain to the CA certificate(s) in the PEM file `ca`,
 * purpose and certificate life at `now_ms`, the revocation lists in `crl` (PEM;
 * NULL or no such file: none; ERR_CERT_REVOKED), and that the certificate is
 * that account's (UID or serialNumber); gives the head. ERR_SIGNATURE or
 * ERR_BAD_INPUT say what is wrong. Whether the head's own dates, wording and
 * key fit is the caller's to judge. */
enum err_code forsakran_verify(struct forsakran *f, const void *cms,
                               size_t cms_len, const void *content, size_t n,
                               const char *ca, const char *crl, int64_t now_ms,
                               struct err *e);

/* Days from today to the last day; -1 outside its dates. */
int forsakran_days_left(const struct forsakran *f, struct date today);

#endif
