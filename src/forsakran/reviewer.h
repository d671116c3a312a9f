/* SPDX-License-Identifier: EUPL-1.2
 *
 * Keys that open the log's boxes: a reviewer's own, and the archive's.
 */
#ifndef ENFRAGA_FORSAKRAN_REVIEWER_H
#define ENFRAGA_FORSAKRAN_REVIEWER_H

#include "base/buf.h"
#include "base/err.h"

#define REVIEWER_CERT_MAX (16 * 1024)

/* Makes dir/file.key (PKCS#8, under the passphrase unless NULL) and
 * dir/file.crt, issued by the CA in cadir for key agreement. */
enum err_code reviewer_create(const char *dir, const char *file,
                              const char *cadir, const char *konto,
                              const char *namn, const char *kommun,
                              const char *passphrase, struct err *e);

/* The certificate of a PEM file as DER, appended to der. ERR_CONFIG unless it
 * is one that boxes can be sealed to. */
enum err_code reviewer_cert(struct buf *der, const char *path, struct err *e);

#endif
