/* SPDX-License-Identifier: EUPL-1.2
 *
 * What a verification came to, for a reader and for a program.
 */
#ifndef ENFRAGA_VERIFIER_REPORT_H
#define ENFRAGA_VERIFIER_REPORT_H

#include "proof/verify.h"

#include <stdbool.h>

/* On stdout: who the log is, three positions, the findings. */
void report_text(const struct verify_report *r, bool full);

/* On stdout: one line of enfraga.verifiering/1 (doc/FORMATS.md). */
void report_json(const struct verify_report *r, bool full);

/* The log cannot be read as one: what report_* say then. */
void report_broken(const char *why, bool json);

#endif
