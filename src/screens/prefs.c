/* SPDX-License-Identifier: EUPL-1.2
 *
 * The user's own settings of the screens (prefs.def), from enfraga.conf in
 * XDG_CONFIG_HOME/enfraga, else ~/.config/enfraga. No file: the presets.
 */
#include "config.h"

#include "base/config.h"
#include "base/i18n.h"
#include "screens/screens.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum pref {
#define PREF(id, name, values, preset, sentence) PREF_##id,
#include "screens/prefs.def"
#undef PREF
    PREF_COUNT
};

static const struct {
    const char *name, *values, *preset;
} table[PREF_COUNT] = {
#define PREF(id, name, values, preset, sentence) {name, values, preset},
#include "screens/prefs.def"
#undef PREF
};

/* The place of a value among the allowed ones, or the number of a range; -1:
 * not allowed. */
static int
read_value(enum pref p, const char *s)
{
    const char *v = table[p].values;
    char *end;
    if (*v >= '0' && *v <= '9') {
        long low = strtol(v, &end, 10), high = strtol(end + 1, NULL, 10);
        long n = strtol(s, &end, 10);
        return *s && !*end && n >= low && n <= high ? (int)n : -1;
    }
    for (int i = 0; *v; i++) {
        size_t n = strcspn(v, "|");
        if (strlen(s) == n && !strncmp(s, v, n))
            return i;
        v += n + (v[n] == '|');
    }
    return -1;
}

static bool
take(void *arg, const char *section, const char *name, const char *value,
     int line, struct err *e)
{
    int *values = arg;
    if (strcmp(section, "skarm") != 0)
        return true;
    for (int p = 0; p < PREF_COUNT; p++) {
        if (strcmp(table[p].name, name) != 0)
            continue;
        values[p] = read_value((enum pref)p, value);
        if (values[p] >= 0)
            return true;
        err_set(e, ERR_CONFIG, _("line %d: %s may be %s"), line, name,
                table[p].values);
        return false;
    }
    err_set(e, ERR_CONFIG, _("line %d: there is no setting %s"), line, name);
    return false;
}

static bool
find(char *path, size_t size)
{
    const char *base = getenv("XDG_CONFIG_HOME"), *home = getenv("HOME");
    if (base && *base == '/')
        snprintf(path, size, "%s/enfraga/enfraga.conf", base);
    else if (home && *home == '/')
        snprintf(path, size, "%s/.config/enfraga/enfraga.conf", home);
    else
        return false;
    return access(path, R_OK) == 0;
}

/* auto, then the choice at place `yes`, is how those settings are written. */
static enum term_choice
choice(int value, int yes)
{
    return value == 0 ? TERM_AUTO : value == yes ? TERM_YES : TERM_NO;
}

enum err_code
screens_prefs(struct screens_args *a, struct err *e)
{
    int v[PREF_COUNT];
    char path[600];
    for (int p = 0; p < PREF_COUNT; p++)
        v[p] = read_value((enum pref)p, table[p].preset);
    if (find(path, sizeof path)) {
        enum err_code code = config_walk(path, take, v, e);
        if (code)
            return code; /* e names the file */
    }
    a->app.keyline = (enum keyline_form)v[PREF_TANGENTRAD];
    a->app.vi_keys = v[PREF_VI_TANGENTER] == 0;
    a->app.calm = v[PREF_LUGN] == 0;
    a->app.marker_only = v[PREF_MARKERING] == 1;
    a->app.idle_s = v[PREF_LAS_MINUTER] * 60;
    a->term.esc_ms = v[PREF_ESCFORDROJNING];
    a->term.latin1 = choice(v[PREF_TECKENKOD], 2);
    a->term.lines = choice(v[PREF_LINJER], 2);
    a->term.color = choice(v[PREF_FARG], 1);
    a->term.theme = (enum term_theme)v[PREF_TEMA];
    return ERR_OK;
}
