/* SPDX-License-Identifier: EUPL-1.2
 *
 * An exported log as text (DESIGN 7, doc/FORMATS.md "Export"): a log's own and
 * a collector's are written by these. In this order: head, each försäkran,
 * next, each entry, next, each signed head, end. What is written, and that it
 * is one moment of a log, is for those who call; what does not fit leaves the
 * buffer full.
 */
#ifndef ENFRAGA_PROOF_EXPORT_H
#define ENFRAGA_PROOF_EXPORT_H

#include "base/buf.h"
#include "proof/binding.h"
#include "seal/hash.h"
#include "seal/vkey.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* The origin is the key's name; `witness` are those that the quorum counts. */
void export_head(struct buf *out, const struct vkey *log,
                 const struct vkey *witness, unsigned witnesses,
                 unsigned quorum);

/* `first` of its list. */
void export_forsakran(struct buf *out, bool first, const struct binding *f,
                      int64_t id, uint64_t seq);

/* leaf NULL: erased, and the hash stands in its place. */
void export_entry(struct buf *out, bool first, uint64_t seq, const void *leaf,
                  size_t n, const void *hash, size_t hash_len);
void export_note(struct buf *out, bool first, const char *note);

/* From the försäkringar to the entries, and from those to the heads. */
void export_entries(struct buf *out);
void export_notes(struct buf *out);
void export_end(struct buf *out);

#endif
