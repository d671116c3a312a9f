/* SPDX-License-Identifier: EUPL-1.2 */
#include "config.h"

#include "tui/key.h"

#include "base/i18n.h"
#include "base/text.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const struct {
    int code;
    const char *script, *shown; /* shown: msgid */
} names[] = {
    {K_UP, "Up", N_("Up")},
    {K_DOWN, "Down", N_("Down")},
    {K_LEFT, "Left", N_("Left")},
    {K_RIGHT, "Right", N_("Right")},
    {K_HOME, "Home", "Home"},
    {K_END, "End", "End"},
    {K_PGUP, "PgUp", "PgUp"},
    {K_PGDN, "PgDn", "PgDn"},
    {K_INSERT, "Ins", "Ins"},
    {K_DELETE, "Del", "Del"},
    {K_BACKSPACE, "BackSpace", "BackSpace"},
    {K_TAB, "Tab", "Tab"},
    {K_BACKTAB, "BackTab", N_("Shift-Tab")},
    {K_ENTER, "Enter", "Enter"},
    {K_ESC, "Esc", "Esc"},
    {' ', "Space", N_("Space")},
};

bool
key_is_text(const struct key *k)
{
    return k->code >= 0x20 && k->code < K_BASE &&
           !text_cp_steers((uint32_t)k->code);
}

/* A code point as UTF-8; out has at least 5 bytes. */
static void
utf8(uint32_t cp, char *out)
{
    unsigned char *o = (unsigned char *)out;
    if (cp < 0x80) {
        *o++ = (unsigned char)cp;
    } else if (cp < 0x800) {
        *o++ = (unsigned char)(0xc0 | cp >> 6);
        *o++ = (unsigned char)(0x80 | (cp & 63));
    } else if (cp < 0x10000) {
        *o++ = (unsigned char)(0xe0 | cp >> 12);
        *o++ = (unsigned char)(0x80 | (cp >> 6 & 63));
        *o++ = (unsigned char)(0x80 | (cp & 63));
    } else {
        *o++ = (unsigned char)(0xf0 | cp >> 18);
        *o++ = (unsigned char)(0x80 | (cp >> 12 & 63));
        *o++ = (unsigned char)(0x80 | (cp >> 6 & 63));
        *o++ = (unsigned char)(0x80 | (cp & 63));
    }
    *o = '\0';
}

void
key_utf8(int code, char out[5])
{
    utf8(code >= 0 && code < 0x110000 ? (uint32_t)code : 0xfffd, out);
}

void
key_label(int code, char *out, int size)
{
    size_t n = (size_t)size;
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        if (names[i].code == code) {
            snprintf(out, n, "%s", _(names[i].shown));
            return;
        }
    if (code >= K_F1 && code <= K_F12) {
        snprintf(out, n, "F%d", code - K_F1 + 1);
    } else if (code > K_ALT_BASE) {
        snprintf(out, n, "Alt-%c", code - K_ALT_BASE);
    } else if (code > K_CTRL_BASE) {
        snprintf(out, n, "Ctrl-%c", code - K_CTRL_BASE);
    } else {
        char s[5];
        key_utf8(code, s);
        snprintf(out, n, "%s", s);
    }
}

int
key_by_name(const char *name)
{
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        if (!strcmp(names[i].script, name))
            return names[i].code;
    if (name[0] == 'F' && name[1] >= '1' && name[1] <= '9') {
        char *end;
        long n = strtol(name + 1, &end, 10);
        return !*end && n <= 12 ? K_F((int)n) : K_NONE;
    }
    if (!strncmp(name, "C-", 2) && name[2] && !name[3])
        return K_CTRL(name[2] >= 'a' && name[2] <= 'z' ? name[2] - 32
                                                       : name[2]);
    if (!strncmp(name, "M-", 2) && name[2] && !name[3])
        return K_ALT(name[2]);
    int len;
    uint32_t cp = text_next(name, &len);
    return cp && !name[len] ? (int)cp : K_NONE;
}
