/* SPDX-License-Identifier: EUPL-1.2
 *
 * Errors: a code that says what the caller can do, and a detail, owned by the
 * caller, that says whose, what and why with the library's own words kept.
 * What each code means to the user stands in errors.def. A detail never holds
 * a personnummer, a name or an answer.
 */
#ifndef ENFRAGA_BASE_ERR_H
#define ENFRAGA_BASE_ERR_H

#include <stdbool.h>

enum err_code {
#define ERROR(name, word, exit, retry, message) ERR_##name,
#include "base/errors.def"
#undef ERROR
    ERR_COUNT
};

struct err {
    enum err_code code;
    char text[512]; /* UTF-8, innermost reason last */
};

struct err_row {
    const char *name;    /* "PERIOD_FK" */
    const char *word;    /* the protocol's `kod`, "period_fk" */
    int exit;            /* exit status of UX 14 */
    bool retry;          /* does trying again help */
    const char *message; /* msgid */
};

/* The row of a code; never NULL. */
const struct err_row *err_row(enum err_code code);

/* The code whose stable word is `word`; ERR_INTERNAL if there is none. */
enum err_code err_by_word(const char *word);

/* Set code and detail; returns code. `e` may be NULL. */
enum err_code err_set(struct err *e, enum err_code code, const char *fmt, ...)
    __attribute__((format(printf, 3, 4)));

/* Put context in front of what `e` says: "context: reason"; returns code. */
enum err_code err_add(struct err *e, enum err_code code, const char *fmt, ...)
    __attribute__((format(printf, 3, 4)));

/* err_set with the meaning of errno behind the text. */
enum err_code err_errno(struct err *e, enum err_code code, const char *fmt, ...)
    __attribute__((format(printf, 3, 4)));

#endif
