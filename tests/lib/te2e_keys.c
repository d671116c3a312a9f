/* SPDX-License-Identifier: EUPL-1.2 */
#include "config.h"

#include "tests/lib/te2e.h"

#include "base/text.h"

#include <stdint.h>
#include <stdio.h>
#include <string.h>

#define ESC_MS 450 /* longer than the program waits behind a lone Esc */

static const struct {
    const char *name, *xterm, *other; /* other: VT220, PuTTY, Linux; or NULL */
} sequences[] = {
    {"Up", "\033[A", NULL},        {"Down", "\033[B", NULL},
    {"Right", "\033[C", NULL},     {"Left", "\033[D", NULL},
    {"Home", "\033[H", "\033[1~"}, {"End", "\033[F", "\033[4~"},
    {"Ins", "\033[2~", NULL},      {"Del", "\033[3~", NULL},
    {"PgUp", "\033[5~", NULL},     {"PgDn", "\033[6~", NULL},
    {"F5", "\033[15~", NULL},      {"F6", "\033[17~", NULL},
    {"F7", "\033[18~", NULL},      {"F8", "\033[19~", NULL},
    {"F9", "\033[20~", NULL},      {"F10", "\033[21~", NULL},
    {"F11", "\033[23~", NULL},     {"F12", "\033[24~", NULL},
    {"BackTab", "\033[Z", NULL},   {"Tab", "\t", NULL},
    {"Enter", "\r", NULL},         {"Space", " ", NULL},
    {"BackSpace", "\177", NULL},   {"EscEsc", "\033\033", NULL},
};

static bool
first_four(struct tty *t, const char *name)
{
    char s[8];
    if (name[0] != 'F' || name[1] < '1' || name[1] > '4' || name[2])
        return false;
    int n = name[1] - '1';
    if (tty_keys(t) == TTY_PUTTY)
        snprintf(s, sizeof s, "\033[1%d~", n + 1);
    else if (tty_keys(t) == TTY_LINUX)
        snprintf(s, sizeof s, "\033[[%c", 'A' + n);
    else
        snprintf(s, sizeof s, "\033O%c", 'P' + n);
    tty_send(t, s, strlen(s));
    return true;
}

static bool
type_one(struct tty *t, const char *name)
{
    int len;
    if (first_four(t, name))
        return true;
    for (size_t i = 0; i < sizeof sequences / sizeof *sequences; i++) {
        if (strcmp(sequences[i].name, name) != 0)
            continue;
        const char *s = tty_keys(t) != TTY_XTERM && sequences[i].other
                            ? sequences[i].other
                            : sequences[i].xterm;
        tty_send(t, s, strlen(s));
        return true;
    }
    if (!strcmp(name, "Esc")) {
        tty_send(t, "\033", 1);
        tty_run(t, ESC_MS);
        return true;
    }
    if (!strncmp(name, "C-", 2) && name[2] && !name[3]) {
        char c = (char)(name[2] & 31);
        tty_send(t, &c, 1);
        return true;
    }
    if (!strncmp(name, "M-", 2) && name[2] && !name[3]) {
        char s[2] = {'\033', name[2]};
        tty_send(t, s, 2);
        return true;
    }
    uint32_t cp = text_next(name, &len);
    if (!cp || name[len])
        return false;
    tty_text(t, name);
    return true;
}

bool
tty_type(struct tty *t, const char *keys)
{
    while (*keys) {
        char name[16] = "";
        keys += strspn(keys, " ");
        size_t n = strcspn(keys, " ");
        if (!n)
            break;
        if (n >= sizeof name)
            return false;
        memcpy(name, keys, n);
        if (!type_one(t, name))
            return false;
        keys += n;
    }
    return true;
}
