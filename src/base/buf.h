/* SPDX-License-Identifier: EUPL-1.2
 *
 * Bytes that grow up to a ceiling set at creation. Always NUL-terminated
 * behind the last byte. Once an addition was refused the buffer stays as it
 * was and `full` is set, so a run of additions can be checked once.
 */
#ifndef ENFRAGA_BASE_BUF_H
#define ENFRAGA_BASE_BUF_H

#include "base/err.h"

#include <stdbool.h>
#include <stddef.h>

struct buf {
    char *data; /* owned; NULL while empty */
    size_t len, cap, max;
    bool full; /* an addition was refused: ERR_TOO_BIG */
};

#define BUF_INIT(ceiling)                                                      \
    (struct buf)                                                               \
    {                                                                          \
        .max = (ceiling)                                                       \
    }

void buf_init(struct buf *b, size_t max);
void buf_done(struct buf *b);  /* wipes and frees */
void buf_clear(struct buf *b); /* wipes, keeps the room */

enum err_code buf_add(struct buf *b, const void *p, size_t n);
enum err_code buf_adds(struct buf *b, const char *s);
enum err_code buf_addc(struct buf *b, char c);
enum err_code buf_addf(struct buf *b, const char *fmt, ...)
    __attribute__((format(printf, 2, 3)));

/* Room for n more bytes, NULL past the ceiling; then how many of them were
 * filled. */
char *buf_room(struct buf *b, size_t n);
void buf_filled(struct buf *b, size_t n);

/* Gives back the room that is left; for what is kept as it is. */
void buf_fit(struct buf *b);

/* The bytes as a string, never NULL. Borrowed. */
const char *buf_str(const struct buf *b);

/* Hands the bytes over (malloc'ed, NUL-terminated); the buffer is empty. */
char *buf_take(struct buf *b);

#define AUTO_BUF(name, ceiling)                                                \
    __attribute__((cleanup(buf_done))) struct buf name = BUF_INIT(ceiling)

#endif
