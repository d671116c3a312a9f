/* SPDX-License-Identifier: EUPL-1.2
 *
 * Bytes as typed at a terminal, in UTF-8 and in Latin-1, whole and in pieces.
 * Holds: every byte is used up, and no key is text that could steer a
 * terminal.
 */
#include "config.h"

#include "tui/input.h"

#include <stdint.h>
#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void
judge(const struct key *k)
{
    if (key_is_text(k) && (k->code < 0x20 || k->code == 0x7f ||
                           (k->code >= 0x80 && k->code < 0xa0)))
        abort();
}

static void
type(const uint8_t *data, size_t size, bool latin1, size_t step)
{
    static struct input in;
    struct key k;
    input_init(&in, latin1);
    for (size_t i = 0; i < size;) {
        size_t left = size - i;
        size_t n = input_feed(&in, data + i, left < step ? left : step);
        bool any = false;
        while (input_next(&in, &k)) {
            judge(&k);
            any = true;
        }
        if (n == 0 && !any) { /* full of one sequence: time ends it */
            input_timeout(&in);
            if (!input_next(&in, &k) && in.len == sizeof in.bytes)
                abort();
        }
        i += n;
    }
    for (size_t i = 0; i <= INPUT_MAX && input_waiting(&in); i++) {
        input_timeout(&in);
        while (input_next(&in, &k))
            judge(&k);
    }
    if (input_waiting(&in) && !in.pasting)
        abort();
    input_done(&in);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    type(data, size, false, 4096);
    type(data, size, false, 1);
    type(data, size, true, 3);
    return 0;
}
