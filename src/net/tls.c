/* SPDX-License-Identifier: EUPL-1.2 */
#include "config.h"

#include "net/tls.h"

#include <openssl/pem.h>
#include <openssl/x509.h>
#include <stdio.h>

int
tls_days_left(const char *pem, int *known)
{
    FILE *f = *pem ? fopen(pem, "re") : NULL;
    X509 *x = f ? PEM_read_X509(f, NULL, NULL, NULL) : NULL;
    int days = 0, secs;
    *known =
        x && ASN1_TIME_diff(&days, &secs, NULL, X509_get0_notAfter(x)) == 1;
    X509_free(x);
    if (f)
        fclose(f);
    return *known ? days : 0;
}
