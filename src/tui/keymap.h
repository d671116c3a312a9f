/* SPDX-License-Identifier: EUPL-1.2
 *
 * Actions and keys. What actions there are, their keys, labels and help stand
 * in actions.def; a screen's keymap says which of them it takes and how they
 * are called there. Key dispatch, the key line, the help screen and the menu
 * come from these rows.
 */
#ifndef ENFRAGA_TUI_KEYMAP_H
#define ENFRAGA_TUI_KEYMAP_H

#include "base/buf.h"
#include "tui/key.h"

#include <stdbool.h>

enum action {
    ACTION_KEY, /* no action: a key for the screen itself (arrows, text) */
#define ACTION(name, fkey, letter, label, help) ACTION_##name,
#include "tui/actions.def"
#undef ACTION
    ACTION_COUNT
};

struct action_row {
    const char *name;
    int fkey;          /* 1-12, 0: none */
    const char *keys;  /* names (key_by_name) parted by space, first is shown */
    const char *label; /* msgid, on the key line */
    const char *help;  /* msgid, one sentence */
};

/* Never NULL. */
const struct action_row *action_row(enum action a);

/* A screen's row: the action, and its label there (msgid; NULL: the general
 * one). A label "" keeps the action off the key line (help and menu have it).
 * Order is the order on the key line. */
struct keymap_row {
    enum action action;
    const char *label;
};

struct keymap {
    const struct keymap_row *rows;
    int count;
};

#define KEYMAP(array)                                                          \
    {                                                                          \
        (array), (int)(sizeof(array) / sizeof(*(array)))                       \
    }

/* The action of a key: in the screen's keymap first, then among the ones that
 * hold everywhere (help, lock, leave, menu, status, back). While `typing`, only
 * keys that are not text are looked up. ACTION_KEY if it has none. */
enum action keymap_find(const struct keymap *m, int code, bool typing);

/* The first key of an action, its F-key if it has one. */
int action_key(enum action a);

/* True if the action is in the map or holds everywhere. */
bool keymap_has(const struct keymap *m, enum action a);
bool action_is_global(enum action a);

/* Label of an action in this map, translated. */
const char *keymap_label(const struct keymap *m, enum action a);

/* Which of its keys the user is told (setting tangentrad). */
enum keyline_form { KEYLINE_F, KEYLINE_ESC, KEYLINE_LETTER };

/* The key's name as row 24, help and menu show it. `fkeys` is how many F-keys
 * the terminal sends, F1 first (VT220: 4, the others shown as Esc 5 or the
 * letter); while typing a letter is no way in, so Esc 5 is shown. */
void action_key_text(enum action a, enum keyline_form form, int fkeys,
                     bool typing, struct buf *out);

/* Checks a map: every key once, every action with a key; what is wrong is
 * written to `why`. For tests. */
bool keymap_check(const struct keymap *m, struct buf *why);

#endif
