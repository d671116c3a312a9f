/* SPDX-License-Identifier: EUPL-1.2
 *
 * A user's keys on file (DESIGN 6), made in the user's own client: sign.key
 * with sign.csr for the CA and sign.crt from it; entry.key with entry.vkey; a
 * reviewer's review.key, .csr and .crt. Each key is PKCS#8 under a passphrase.
 * An entry key that is to take over lies in ny/ until it has.
 */
#ifndef ENFRAGA_FORSAKRAN_KEYS_H
#define ENFRAGA_FORSAKRAN_KEYS_H

#include "base/err.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct keys_owner {
    const char *konto, *namn, *kommun, *origin;
};

/* Makes sign.key, sign.csr, entry.key and entry.vkey in dir (0700, made where
 * it is not there). ERR_BAD_INPUT where there are keys already. */
enum err_code keys_make(const char *dir, const struct keys_owner *o,
                        const char *passphrase, struct err *e);

/* The same for review.key and review.csr. */
enum err_code keys_make_review(const char *dir, const struct keys_owner *o,
                               const char *passphrase, struct err *e);

/* Moves keys, requests and certificates to dir/ersatta/TIME: nothing that was
 * sealed to a key is lost with it. where: the folder. */
enum err_code keys_set_aside(const char *dir, bool review, char where[800],
                             struct err *e);

/* Which key a certificate was installed for. */
enum keys_use { KEYS_SIGN, KEYS_REVIEW };

/* Installs a certificate (PEM file) beside the key that it is of: sign.crt or
 * review.crt. ERR_BAD_INPUT says what is wrong with it: it is of no key here,
 * of another account, not in its time, for another use, or (ca: PEM text, NULL
 * where it is not known) of another CA. */
enum err_code keys_install(const char *dir, const char *konto, const char *file,
                           const char *ca, int64_t now_ms, enum keys_use *use,
                           struct err *e);

/* A new entry key in dir/ny, under the passphrase; out: its vkey. */
enum err_code keys_begin_change(const char *dir, const struct keys_owner *o,
                                const char *passphrase, char out[160],
                                struct err *e);
/* The vkey that waits in dir/ny; ERR_NOT_FOUND. */
enum err_code keys_waiting(const char *dir, char out[160], struct err *e);
/* It takes over; may be done again where it was cut short. */
enum err_code keys_end_change(const char *dir, struct err *e);

#endif
