/* SPDX-License-Identifier: EUPL-1.2
 *
 * What is known of the terminal before and beside painting: its description,
 * its oddities, and how to give it back when the program ends in a way it did
 * not choose. Beside tui/term because <term.h> has a struct term of its own.
 * Internal to tui.
 */
#ifndef ENFRAGA_TUI_CAPS_H
#define ENFRAGA_TUI_CAPS_H

#include <stdbool.h>

/* TERM, or "xterm" where it is unset or has no description here. */
const char *caps_name(void);

/* Would LC_ALL, LC_CTYPE, LANG make it ISO-8859-1? */
bool caps_env_latin1(void);

/* A string capability of the terminal in use, or NULL. Borrowed. */
const char *caps_string(const char *name);

/* Terminals whose line graphics cannot be relied on outside UTF-8. */
bool caps_doubtful_lines(void);
bool caps_knows_paste(void);

/* Remembers the terminal's modes; false if there are none. */
bool caps_guard_mode(void);

/* From here on every end of the program gives the terminal back: exit, and
 * the signals that kill. caps_unguard gives the modes back and ends that. */
void caps_guard(bool paste);
void caps_unguard(void);

#endif
