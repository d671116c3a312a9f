/* SPDX-License-Identifier: EUPL-1.2
 *
 * The CA of a municipality that has no other (`enfraga ca`). It is a folder:
 * ca.key under a passphrase, ca.crt, ca.crl, and index.txt with one row for
 * each certificate, as `openssl ca` and `openssl ocsp` read it. A row is on
 * disk before its certificate is given, so what is out can be revoked.
 */
#ifndef ENFRAGA_FORSAKRAN_CA_H
#define ENFRAGA_FORSAKRAN_CA_H

#include "base/buf.h"
#include "base/err.h"

#include <stdbool.h>
#include <stddef.h>

enum { CA_SERIAL_TEXT = 48, CA_PEM_MAX = 64 << 10 };

/* Refuses a folder that others may write to, and a key that others may read:
 * ERR_CONFIG. */
enum err_code ca_guard(const char *dir, struct err *e);

/* A new CA with an empty revocation list. ERR_BAD_INPUT where there is one. */
enum err_code ca_init(const char *dir, const char *kommun,
                      const char *passphrase, struct err *e);

struct ca_wish {
    const char *request;      /* file: PKCS #10, PEM, EC P-256 */
    const char *konto, *namn; /* the subject; the request's own is not read */
    bool review;              /* keyAgreement, for who the log is sealed to */
};

/* Appends the certificate (PEM) to out; serial is its row's. ERR_BAD_INPUT
 * where the request does not hold or is not of P-256. */
enum err_code ca_issue(const char *dir, const char *passphrase,
                       const struct ca_wish *w, struct buf *out,
                       char serial[CA_SERIAL_TEXT], struct err *e);

struct ca_row {
    char serial[CA_SERIAL_TEXT], konto[64], namn[128];
    char till[11], revoked[11]; /* dates, UTC; revoked "" when it is not */
};
/* The certificates, oldest first. */
enum err_code ca_rows(const char *dir,
                      void (*row)(void *arg, const struct ca_row *r), void *arg,
                      struct err *e);

/* Marks the row and makes a new list; serial NULL: a new list alone.
 * ERR_NOT_FOUND where the CA has no such certificate, ERR_BAD_INPUT where it
 * is revoked already. */
enum err_code ca_revoke(const char *dir, const char *passphrase,
                        const char *serial, struct err *e);

/* What users' certificates are judged by (keys/ca.crt): how many CA
 * certificates the PEM file holds, and days until the first of them ends
 * (negative: it has). ERR_NOT_FOUND; ERR_CONFIG where one is no CA's. */
enum err_code ca_trusted(const char *file, int *count, int *days,
                         struct err *e);

#endif
