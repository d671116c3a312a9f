/* SPDX-License-Identifier: EUPL-1.2
 *
 * Checkpoints as C2SP tlog-checkpoint in a C2SP signed note: origin, size and
 * root, signed by the log key, whose name is the origin. No extension lines.
 */
#ifndef ENFRAGA_PROOF_NOTE_H
#define ENFRAGA_PROOF_NOTE_H

#include "base/buf.h"
#include "base/err.h"
#include "proof/entry.h"
#include "seal/hash.h"
#include "seal/key.h"
#include "seal/vkey.h"

#include <stddef.h>
#include <stdint.h>

#define NOTE_MAX 4096 /* bytes of a note with cosignatures */
#define NOTE_SIGS 16

struct checkpoint {
    char origin[ENTRY_ORIGIN_MAX + 1];
    uint64_t size;
    uint8_t root[HASH_SIZE];
};

/* Appends the note of c signed by k, which is the key of `v`. What was signed
 * is verified before it is handed out. */
enum err_code note_sign(struct buf *out, const struct checkpoint *c,
                        const struct vkey *v, const struct key *k,
                        struct err *e);

/* Reads a note without judging its signatures; ERR_BAD_INPUT. */
enum err_code note_parse(const char *note, size_t n, struct checkpoint *c,
                         struct err *e);

/* Reads a note and checks that `v` has signed it and that the origin is its
 * name. ERR_BAD_INPUT; ERR_SIGNATURE when v's line is missing or wrong. */
enum err_code note_verify(const char *note, size_t n, const struct vkey *v,
                          struct checkpoint *c, struct err *e);

/* As note_verify with a key at hand (of the same vkey): no key is made. */
enum err_code note_verify_with(const char *note, size_t n, const struct vkey *v,
                               const struct key *k, struct checkpoint *c,
                               struct err *e);

/* Reads "DATE ORIGIN SIZE ROOT", the line that is printed and registered by
 * hand where paper is the witness; false for anything else. */
bool note_line(const char *text, struct checkpoint *c);

/* The first signature line of that name and id: its bytes behind the id into
 * out, which takes exactly `want`. false where there is none of that length.
 * *text is how much of the note is signed. */
bool note_find(const char *note, size_t n, const struct vkey *v, uint8_t *out,
               size_t want, size_t *text);

/* Number of signature lines; 0 for what is no note. */
unsigned note_signatures(const char *note, size_t n);

#endif
