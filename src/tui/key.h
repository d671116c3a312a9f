/* SPDX-License-Identifier: EUPL-1.2
 *
 * A key as the program sees it, however the terminal sent it. A printable key
 * is its code point; others are K_ codes above Unicode.
 */
#ifndef ENFRAGA_TUI_KEY_H
#define ENFRAGA_TUI_KEY_H

#include <stdbool.h>
#include <stdint.h>

enum {
    K_NONE = 0,
    K_BASE = 0x200000,
    K_F1, /* K_F1 + n - 1 is Fn */
    K_F12 = K_F1 + 11,
    K_UP,
    K_DOWN,
    K_LEFT,
    K_RIGHT,
    K_HOME,
    K_END,
    K_PGUP,
    K_PGDN,
    K_INSERT,
    K_DELETE,
    K_BACKSPACE,
    K_TAB,
    K_BACKTAB,
    K_ENTER,
    K_ESC,                  /* a lone Esc; means F12 */
    K_PASTE,                /* text holds what was pasted */
    K_CTRL_BASE = 0x201000, /* K_CTRL('A') .. K_CTRL('Z') */
    K_ALT_BASE = 0x202000,  /* K_ALT('b') */
};

#define K_F(n) (K_F1 + (n)-1)
#define K_CTRL(c) (K_CTRL_BASE + (c))
#define K_ALT(c) (K_ALT_BASE + (c))

struct key {
    int code;
    const char *text; /* K_PASTE: UTF-8, one line; borrowed for the call */
};

/* The code point as UTF-8. */
void key_utf8(int code, char out[5]);

/* A code point that can be typed into a field. */
bool key_is_text(const struct key *k);

/* "F5", "Enter", "Mellanslag", "k": how the key is called on screen, into a
 * buffer of at least 16 bytes. */
void key_label(int code, char *out, int size);

/* The code of a name as written in tests and scripts: "F5", "Enter", "Tab",
 * "BackTab", "Up", "Esc", "C-a", "M-b", "Space", or one letter. K_NONE if it
 * is none. */
int key_by_name(const char *name);

#endif
