/* SPDX-License-Identifier: EUPL-1.2
 *
 * What the witness's and the collector's files share: the answer to a request,
 * and the table of logs that are known. HTTP is the daemon's.
 */
#ifndef ENFRAGA_COLLECT_COLLECT_H
#define ENFRAGA_COLLECT_COLLECT_H

#include "base/buf.h"
#include "base/err.h"
#include "seal/vkey.h"

#define COLLECT_TEXT "text/plain; charset=utf-8"
#define COLLECT_SIZE "text/x.tlog.size"

struct collect_answer {
    int status;
    const char *type;
    struct buf body; /* the caller's to free */
};

/* Fills an answer with one text; returns its status. */
int collect_say(struct collect_answer *a, int status, const char *type,
                const char *fmt, ...) __attribute__((format(printf, 4, 5)));

/* The log of that origin out of the table `loggar`: a vkey a line, # comments.
 * The file is read at each call, so that a log can be added while we serve.
 * ERR_NOT_FOUND, ERR_CONFIG with the line. */
enum err_code known_log(const char *path, const char *origin, struct vkey *out,
                        struct err *e);

#endif
