/* SPDX-License-Identifier: EUPL-1.2
 *
 * What can be told of a certificate file before it is used.
 */
#ifndef ENFRAGA_NET_TLS_H
#define ENFRAGA_NET_TLS_H

/* Whole days until the first certificate of a PEM file ends; negative days
 * when it has. *known is 0 where the file is "", missing or no certificate. */
int tls_days_left(const char *pem, int *known);

#endif
