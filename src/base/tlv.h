/* SPDX-License-Identifier: EUPL-1.2
 *
 * The canonical byte form of entries and questions (AUDIT 4): tag (1 byte),
 * length (4 bytes, big endian), value. Tags strictly rise, each at most once,
 * so one value has one encoding. Integers are 8 bytes big endian; text is
 * UTF-8 in NFC.
 */
#ifndef ENFRAGA_BASE_TLV_H
#define ENFRAGA_BASE_TLV_H

#include "base/buf.h"
#include "base/err.h"

#include <stddef.h>
#include <stdint.h>

void tlv_put(struct buf *b, uint8_t tag, const void *p, size_t n);
void tlv_put_u64(struct buf *b, uint8_t tag, uint64_t v);
void tlv_put_str(struct buf *b, uint8_t tag, const char *s); /* no NUL */

struct tlv {
    uint8_t tag;
    const uint8_t *value; /* borrowed from the input */
    size_t len;
};

/* Reads over bytes; start with {.p = bytes, .left = n}. */
struct tlv_reader {
    const uint8_t *p;
    size_t left;
    int last; /* the tag before */
};

/* Takes the next field. 1 a field, 0 the end, -1 not canonical. */
int tlv_next(struct tlv_reader *r, struct tlv *out);

/* An 8-byte integer; false unless len is 8. */
bool tlv_u64(const struct tlv *t, uint64_t *v);

/* Big-endian helpers. */
void tlv_be32(uint8_t out[4], uint32_t v);
void tlv_be64(uint8_t out[8], uint64_t v);
uint32_t tlv_rd32(const uint8_t *p);
uint64_t tlv_rd64(const uint8_t *p);

#endif
