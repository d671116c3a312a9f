/* SPDX-License-Identifier: EUPL-1.2 */
#include "config.h"

#include "tui/keymap.h"

#include "base/i18n.h"
#include "base/text.h"

#include <string.h>

static const struct action_row table[ACTION_COUNT] = {
    [ACTION_KEY] = {"KEY", 0, "", "", ""},
#define ACTION(name, fkey, letter, label, help)                                \
    [ACTION_##name] = {#name, fkey, letter, label, help},
#include "tui/actions.def"
#undef ACTION
};

static const enum action everywhere[] = {
    ACTION_HELP,   ACTION_LOCK,   ACTION_LEAVE, ACTION_MENU,
    ACTION_STATUS, ACTION_REDRAW, ACTION_BACK,
};
#define EVERYWHERE (sizeof everywhere / sizeof *everywhere)

const struct action_row *
action_row(enum action a)
{
    return &table[a < ACTION_COUNT ? a : ACTION_KEY];
}

bool
action_is_global(enum action a)
{
    for (size_t i = 0; i < EVERYWHERE; i++)
        if (everywhere[i] == a)
            return true;
    return false;
}

/* The i-th key of an action: the F-key first; K_NONE behind the last. */
static int
nth_key(enum action a, int i)
{
    const struct action_row *r = action_row(a);
    if (r->fkey && i-- == 0)
        return K_F(r->fkey);
    const char *p = r->keys;
    for (; *p; p += strcspn(p, " ")) {
        p += strspn(p, " ");
        if (i-- > 0)
            continue;
        char name[16] = "";
        size_t n = strcspn(p, " ");
        memcpy(name, p, n < sizeof name ? n : sizeof name - 1);
        return key_by_name(name);
    }
    return K_NONE;
}

static bool
has_key(enum action a, int code)
{
    if (code == K_ESC)
        code = K_F(12);
    for (int i = 0, k; (k = nth_key(a, i)) != K_NONE; i++)
        if (k == code)
            return true;
    return false;
}

enum action
keymap_find(const struct keymap *m, int code, bool typing)
{
    if (code == K_NONE || code == K_PASTE || (typing && code < K_BASE))
        return ACTION_KEY;
    for (int i = 0; m && i < m->count; i++)
        if (has_key(m->rows[i].action, code))
            return m->rows[i].action;
    for (size_t i = 0; i < EVERYWHERE; i++)
        if (has_key(everywhere[i], code))
            return everywhere[i];
    return ACTION_KEY;
}

int
action_key(enum action a)
{
    return nth_key(a, 0);
}

static const struct keymap_row *
row_of(const struct keymap *m, enum action a)
{
    for (int i = 0; m && i < m->count; i++)
        if (m->rows[i].action == a)
            return &m->rows[i];
    return NULL;
}

bool
keymap_has(const struct keymap *m, enum action a)
{
    return row_of(m, a) || action_is_global(a);
}

const char *
keymap_label(const struct keymap *m, enum action a)
{
    const struct keymap_row *r = row_of(m, a);
    const char *s = r && r->label && *r->label ? r->label : table[a].label;
    return *s ? _(s) : "";
}

static void
add_esc(int fkey, struct buf *out)
{
    static const char *const last[] = {"Esc 0", "Esc +", "Esc Esc"};
    if (fkey >= 10)
        buf_adds(out, last[fkey - 10]);
    else
        buf_addf(out, "Esc %d", fkey);
}

void
action_key_text(enum action a, enum keyline_form form, int fkeys, bool typing,
                struct buf *out)
{
    const struct action_row *r = action_row(a);
    int letter = nth_key(a, r->fkey ? 1 : 0);
    bool usable = letter != K_NONE && !(typing && letter < K_BASE);
    char name[24];
    if (a == ACTION_DIGIT) {
        buf_adds(out, "1-9");
    } else if (r->fkey &&
               (form == KEYLINE_ESC || (form == KEYLINE_LETTER && !usable))) {
        add_esc(r->fkey, out);
    } else if (r->fkey && form == KEYLINE_F && r->fkey <= fkeys) {
        buf_addf(out, "F%d", r->fkey);
    } else if (r->fkey && !usable) {
        add_esc(r->fkey, out);
    } else {
        key_label(letter, name, sizeof name);
        buf_adds(out, name);
    }
}

static bool
share(enum action a, enum action b)
{
    for (int i = 0, k; (k = nth_key(a, i)) != K_NONE; i++)
        if (has_key(b, k))
            return true;
    return false;
}

static void
check_pair(enum action a, enum action b, struct buf *why)
{
    if (a == b)
        buf_addf(why, "%s twice\n", table[a].name);
    else if (share(a, b))
        buf_addf(why, "%s and %s share a key\n", table[a].name, table[b].name);
}

bool
keymap_check(const struct keymap *m, struct buf *why)
{
    size_t before = why->len;
    for (int i = 0; i < m->count; i++) {
        enum action a = m->rows[i].action;
        if (a <= ACTION_KEY || a >= ACTION_COUNT || nth_key(a, 0) == K_NONE) {
            buf_addf(why, "row %d: no key\n", i);
            continue;
        }
        for (int j = i + 1; j < m->count; j++)
            check_pair(a, m->rows[j].action, why);
        for (size_t j = 0; j < EVERYWHERE; j++)
            if (a != everywhere[j])
                check_pair(a, everywhere[j], why);
    }
    return why->len == before;
}
