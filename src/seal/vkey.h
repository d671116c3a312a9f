/* SPDX-License-Identifier: EUPL-1.2
 *
 * Names of Ed25519 keys as C2SP signed-note has them: a key id is the first 4
 * bytes of SHA-256(name || 0x0A || type || public key), and the text form is
 * name+hex(id)+base64(type || public key). Type 0x01 signs notes, 0x04 cosigns
 * checkpoints (C2SP tlog-cosignature).
 */
#ifndef ENFRAGA_SEAL_VKEY_H
#define ENFRAGA_SEAL_VKEY_H

#include "base/buf.h"
#include "base/err.h"
#include "seal/key.h"

#include <stdbool.h>
#include <stdint.h>

#define VKEY_NAME_MAX 200
#define VKEY_TEXT_MAX (VKEY_NAME_MAX + 1 + 8 + 1 + 44 + 1) /* with the NUL */
#define VKEY_ID 4
#define KID_SIZE 36

enum vkey_type { VKEY_ED25519 = 0x01, VKEY_COSIGNER = 0x04 };

struct vkey {
    uint8_t type; /* enum vkey_type */
    char name[VKEY_NAME_MAX + 1];
    uint8_t id[VKEY_ID];
    uint8_t pub[KEY_RAW];
};

/* 1 to VKEY_NAME_MAX bytes of UTF-8, no space, control character or plus. */
bool vkey_name_ok(const char *name);

/* Fills *out from a name and a raw key. ERR_BAD_INPUT for a bad name. */
enum err_code vkey_make(struct vkey *out, const char *name,
                        const uint8_t pub[KEY_RAW], struct err *e);
enum err_code vkey_make_cosigner(struct vkey *out, const char *name,
                                 const uint8_t pub[KEY_RAW], struct err *e);

/* The text form into out (VKEY_TEXT_MAX bytes). */
void vkey_text(const struct vkey *v, char out[VKEY_TEXT_MAX]);

/* Reads the text form of that type; the id must be the key's own.
 * ERR_BAD_INPUT. */
enum err_code vkey_parse(const char *text, struct vkey *out, struct err *e);
enum err_code vkey_parse_cosigner(const char *text, struct vkey *out,
                                  struct err *e);

/* An entry's author_kid: the id, then SHA-256 of the raw key (AUDIT 4). */
void vkey_kid(const struct vkey *v, uint8_t kid[KID_SIZE]);

#endif
