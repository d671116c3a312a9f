/* SPDX-License-Identifier: EUPL-1.2
 *
 * One question about a CMS signature, for the verifier: does it hold over
 * these bytes by the certificate it carries? Whether that certificate is to
 * be trusted, and making signatures, are the forsakran module's.
 */
#ifndef ENFRAGA_SEAL_CMS_H
#define ENFRAGA_SEAL_CMS_H

#include "base/err.h"

#include <stddef.h>

/* Checks a detached CMS (DER) over the text's bytes. ERR_SIGNATURE with
 * OpenSSL's own reason where it does not hold. The chain is not judged. */
enum err_code cms_holds(const void *der, size_t der_len, const void *text,
                        size_t text_len, struct err *e);

#endif
