/* SPDX-License-Identifier: EUPL-1.2
 *
 * Text: UTF-8 checked, normalised (NFC), measured in terminal cells, cleaned
 * of control characters, and a few encodings. Widths come from utf8proc, not
 * from the locale. All text inside the programs is UTF-8.
 */
#ifndef ENFRAGA_BASE_TEXT_H
#define ENFRAGA_BASE_TEXT_H

#include "base/buf.h"
#include "base/err.h"
#include "base/mem.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

bool text_is_utf8(const char *s, size_t n);

/* strcmp() == 0, told from the first byte where it can be. */
static inline bool
text_same(const char *a, const char *b)
{
    return *a == *b && !strcmp(a, b);
}

/* NFC of valid UTF-8 into the arena; NULL if it is not UTF-8 or too big. */
char *text_nfc(struct arena *a, const char *s, size_t n);

/* As text_nfc, and made safe to show: each control, escape, bidi or other
 * format character becomes "<U+0085>"; line ends become one space; bytes that
 * are not UTF-8 become "<0x80>". Never NULL unless past the arena's ceiling. */
char *text_clean(struct arena *a, const char *s, size_t n);

/* Is it sure that text_clean changes nothing? (Most text is plain Latin.) */
bool text_is_clean(const char *s, size_t n);

/* Cells that s takes (ambiguous = 1, combining = 0). */
int text_width(const char *s);

/* Decodes one code point at s (NUL-terminated); its length in bytes in *len.
 * U+FFFD with length 1 where it is not UTF-8. 0 at the end with *len 0. */
uint32_t text_next(const char *s, int *len);

/* Cells of one code point: 0, 1 or 2. */
int text_cp_width(uint32_t cp);

/* A control, format or bidi character: never to reach a terminal as it is. */
bool text_cp_steers(uint32_t cp);

/* Bytes of the longest prefix of s that fits in `cells`. */
size_t text_fit(const char *s, int cells);

/* Cuts s to `cells`, the last one "~" where something was cut. */
void text_cut(struct buf *out, const char *s, int cells);

/* s case-folded for comparing names and benefits; into the arena. */
char *text_fold(struct arena *a, const char *s);

/* As text_fold and without marks, for finding: "ek" finds "Ék", "ostrom"
 * "Öström". Into the arena. */
char *text_plain(struct arena *a, const char *s);

/* "19850312-9804": the reading form of twelve digits, into out. */
void text_personnummer(const char *twelve, char out[14]);

/* "19850312-****": the form for log lines and lists. */
void text_mask(const char *twelve, char out[14]);

/* Base64 (RFC 4648). Decoding skips white space, refuses all else that is not
 * canonical, and appends to out. */
enum err_code text_base64_encode(struct buf *out, const void *p, size_t n);
enum err_code text_base64_decode(struct buf *out, const char *s, size_t n);

/* Lower-case hex of n bytes; out has 2n + 1 bytes. */
void text_hex(const void *p, size_t n, char *out);
bool text_unhex(const char *s, void *p, size_t n); /* exactly 2n digits */

/* ISO-8859-1 of valid UTF-8: a letter that is missing there becomes its base
 * letter (or "?") and the word gets a currency sign behind (UX 15). */
void text_latin1(struct buf *out, const char *s);

#endif
