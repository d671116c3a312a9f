/* SPDX-License-Identifier: EUPL-1.2
 *
 * One verification from a file's name to an exit status.
 */
#ifndef ENFRAGA_VERIFIER_JUDGE_H
#define ENFRAGA_VERIFIER_JUDGE_H

#include "base/buf.h"
#include "base/err.h"
#include "proof/verify.h"
#include "seal/hash.h"
#include "seal/vkey.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { HOLDS, DOES_NOT, COULD_NOT_TELL, NOTES_MAX = 16 };

struct arguments {
    bool full, json;
    const char *vkey, *path;
    const char *mot[NOTES_MAX];
    size_t mots;
    struct vkey witness[VERIFY_WITNESSES]; /* --vittne */
    unsigned witnesses, quorum;            /* --kvorum; 0: all of them */
    const char *state; /* --tillstand */
    uint64_t from;     /* --fran; 0: none */
    uint8_t from_root[HASH_SIZE];
    const char *bevis; /* one entry's proof instead of a log */
};

/* Judges the log in `file` and prints. An exit status. */
int judge_log(const struct arguments *a, const char *file);

/* Judges one entry's proof and prints. An exit status. */
int judge_proof(const struct arguments *a);

/* What both print when nothing could be told; COULD_NOT_TELL. */
int judge_could_not(const struct err *e);

/* A file of at most the buffer's ceiling. */
enum err_code judge_read(const char *path, struct buf *out, struct err *e);

#endif
