/* SPDX-License-Identifier: EUPL-1.2
 *
 * A case file as values: read whole and checked whole before anything is
 * written. For the files of this module alone.
 */
#ifndef ENFRAGA_CASES_READER_H
#define ENFRAGA_CASES_READER_H

#include "base/err.h"
#include "base/mem.h"
#include "domain/grant.h"
#include "domain/question.h"

#include <stdbool.h>
#include <stddef.h>

enum {
    FILE_MAX = 16 << 20, /* bytes of a case file */
    HOUSEHOLD_MAX = 24,
    STAFF_MAX = 64
};

struct file_person {
    const char *number, *namn;
    enum roll roll;
    bool shielded;
};

struct file_case {
    const char *arende, *enhet;
    const char *opened, *closed; /* yyyy-MM-dd; closed "" */
    bool prepared, open;
    int n_staff, n_jav, n_persons;
    const char *staff[STAFF_MAX], *jav[STAFF_MAX];
    struct file_person persons[HOUSEHOLD_MAX];
};

struct file_cases {
    int n;
    const struct file_case **of;
    int *slots;     /* rows by case number, open addressing; 0 free, else row */
    size_t n_slots; /* a power of two, over twice the rows */
};

/* Reads n bytes into memory of the arena. The error names row, case and
 * fault, never a personnummer or a name. ERR_BAD_INPUT, ERR_TEST_NUMBER,
 * ERR_TOO_BIG. */
enum err_code reader_read(struct file_cases *out, struct arena *a,
                          const void *p, size_t n, enum grant_mode mode,
                          struct err *e);

#endif
