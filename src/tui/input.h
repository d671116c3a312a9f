/* SPDX-License-Identifier: EUPL-1.2
 *
 * Bytes from a terminal to keys: pure, no terminal and no clock. Knows the
 * sequences of xterm, PuTTY, VT220, rxvt and the Linux console at once, Esc
 * followed by a digit as an F-key, UTF-8 or ISO-8859-1, bracketed paste. The
 * caller times a lone Esc: while input_waiting holds, bytes are kept back, and
 * input_timeout says that no more came (a paste whose end was lost
 * then ends; the caller gives that a few seconds).
 */
#ifndef ENFRAGA_TUI_INPUT_H
#define ENFRAGA_TUI_INPUT_H

#include "base/buf.h"
#include "tui/key.h"

#include <stdbool.h>
#include <stddef.h>

#define INPUT_MAX 4096
#define INPUT_PASTE_MAX 4096

struct input {
    bool latin1;
    unsigned char bytes[INPUT_MAX]; /* not decoded yet */
    size_t len;
    bool timed_out; /* what stands first is all there is */
    bool pasting;
    char paste[INPUT_PASTE_MAX];
    size_t paste_len;
};

void input_init(struct input *in, bool latin1);
void input_done(struct input *in); /* wipes */

/* Takes up to n bytes; how many there was room for. */
size_t input_feed(struct input *in, const void *p, size_t n);

/* The next whole key. false: nothing whole is there. The key's text is
 * borrowed until the next call. */
bool input_next(struct input *in, struct key *key);

/* Bytes are kept back that may be the start of a sequence. */
bool input_waiting(const struct input *in);
void input_timeout(struct input *in);

/* Forgets all that has not been handed out, a paste under way included. */
void input_drop(struct input *in);

#endif
