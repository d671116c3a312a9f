/* SPDX-License-Identifier: EUPL-1.2 */
#include "config.h"

#include "tui/looks.h"

#include <stdlib.h>

struct look {
    attr_t mono, color; /* attributes without and with colour */
    short fg[3], bg[3]; /* at 8, 16 and 256 colours; -1: the terminal's */
};

static const struct look looks[ROLE_COUNT] = {
    [ROLE_TEXT] = {A_NORMAL, A_NORMAL, {-1, -1, -1}, {-1, -1, -1}},
    [ROLE_RUBRIK] = {A_BOLD, A_BOLD, {-1, -1, -1}, {-1, -1, -1}},
    [ROLE_VALD] = {A_REVERSE, A_REVERSE, {-1, -1, -1}, {-1, -1, -1}},
    [ROLE_FALT] = {A_UNDERLINE, A_UNDERLINE, {-1, -1, -1}, {-1, -1, -1}},
    [ROLE_OBS] = {A_BOLD, A_NORMAL, {3, 11, 178}, {-1, -1, -1}},
    [ROLE_FEL] = {A_REVERSE, A_NORMAL, {1, 9, 160}, {-1, -1, -1}},
    [ROLE_OKANT] = {A_NORMAL, A_NORMAL, {5, 13, 133}, {-1, -1, -1}},
    [ROLE_OVNING] = {A_REVERSE, A_NORMAL, {0, 0, 16}, {6, 14, 44}},
    [ROLE_SKYDD] = {A_REVERSE, A_NORMAL, {7, 15, 231}, {1, 9, 124}},
};

/* High contrast: the terminal's own two colours, bold and reverse, and bright
 * red and yellow for the words. */
static const struct look contrast[ROLE_COUNT] = {
    [ROLE_TEXT] = {A_NORMAL, A_NORMAL, {-1, -1, -1}, {-1, -1, -1}},
    [ROLE_RUBRIK] = {A_BOLD, A_BOLD, {-1, -1, -1}, {-1, -1, -1}},
    [ROLE_VALD] = {A_REVERSE, A_REVERSE, {-1, -1, -1}, {-1, -1, -1}},
    [ROLE_FALT] = {A_UNDERLINE, A_UNDERLINE, {-1, -1, -1}, {-1, -1, -1}},
    [ROLE_OBS] = {A_BOLD, A_BOLD, {-1, -1, -1}, {-1, -1, -1}},
    [ROLE_FEL] = {A_REVERSE, A_REVERSE, {-1, -1, -1}, {-1, -1, -1}},
    [ROLE_OKANT] = {A_BOLD, A_BOLD, {-1, -1, -1}, {-1, -1, -1}},
    [ROLE_OVNING] = {A_REVERSE, A_REVERSE, {-1, -1, -1}, {-1, -1, -1}},
    [ROLE_SKYDD] = {A_REVERSE, A_REVERSE, {-1, -1, -1}, {-1, -1, -1}},
};

static bool
wants_color(const struct term_options *o)
{
    const char *no = getenv("NO_COLOR");
    if (o->color != TERM_AUTO)
        return o->color == TERM_YES;
    return o->theme != THEME_MONO && !(no && *no);
}

void
looks_init(struct looks *t, const struct term_options *o)
{
    const struct look *l = o->theme == THEME_CONTRAST ? contrast : looks;
    bool color = t->color = wants_color(o) && has_colors();
    if (color) {
        start_color();
        use_default_colors();
    }
    int depth = COLORS >= 256 ? 2 : COLORS >= 16 ? 1 : 0;
    short next = 1;
    for (int r = 0; r < ROLE_COUNT; r++) {
        t->attr[r] = color ? l[r].color : l[r].mono;
        short fg = l[r].fg[depth], bg = l[r].bg[depth];
        if (color && (fg >= 0 || bg >= 0)) {
            init_pair(next, fg, bg);
            t->pair[r] = next++;
        }
    }
}
