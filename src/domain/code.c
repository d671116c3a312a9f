/* SPDX-License-Identifier: EUPL-1.2 */
#include "config.h"

#include "domain/code.h"

#include "domain/answer.h"

#include <stdlib.h>
#include <string.h>

static const struct code codes[] = {
#define CODE(f, c, m, w) {.field = f, .code = c, .member = m, .words = w},
#include "domain/codes_fk.def"
#undef CODE
};

static const struct deduction deductions[] = {
#define DEDUCTION(k, n, m, t) {.kod = k, .namn = n, .mark = m, .tax = t},
#include "domain/deductions.def"
#undef DEDUCTION
};

enum {
    N_CODES = sizeof codes / sizeof *codes,
    N_DEDUCTIONS = sizeof deductions / sizeof *deductions
};

static int
compare_codes(const void *key, const void *row)
{
    const struct code *a = key, *b = row;
    int c = strcmp(a->field, b->field);
    return c ? c : strcmp(a->code, b->code);
}

static int
compare_deductions(const void *key, const void *row)
{
    return strcmp(key, ((const struct deduction *)row)->kod);
}

const struct deduction *
deduction_by_code(const char *kod)
{
    return kod ? bsearch(kod, deductions, N_DEDUCTIONS, sizeof *deductions,
                         compare_deductions)
               : NULL;
}

/* Rows of one field and code stand together: "" first, then the members. */
static const char *
find_words(const char *member, const char *field, const char *code)
{
    const struct code key = {field, code, "", ""};
    const struct code *c =
        bsearch(&key, codes, N_CODES, sizeof *codes, compare_codes);
    const char *words = NULL;
    if (!c)
        return NULL;
    while (c > codes && !compare_codes(&key, c - 1))
        c--;
    for (; c < codes + N_CODES && !compare_codes(&key, c); c++) {
        size_t n = strlen(c->member);
        if (!n || (member && !strncmp(c->member, member, n)))
            words = c->words;
    }
    return words;
}

const char *
code_words(const char *member, const char *field, const char *code)
{
    if (!field || !code)
        return NULL;
    const char *words = find_words(member, field, code);
    if (words)
        return words;
    if (strcmp(field, "beloppstyp") != 0 && strcmp(field, "avdragstyp") != 0)
        return NULL;
    const struct deduction *d = deduction_by_code(code);
    return d ? d->namn : NULL;
}

const struct code *
code_rows(size_t *n)
{
    *n = N_CODES;
    return codes;
}

const struct deduction *
deduction_rows(size_t *n)
{
    *n = N_DEDUCTIONS;
    return deductions;
}
