/* SPDX-License-Identifier: EUPL-1.2 */
#include "config.h"

#include "base/config.h"

#include "base/mem.h"

#include <assert.h>
#include <errno.h>
#include <ini.h>
#include <stdlib.h>
#include <string.h>

static const struct setting settings[] = {
#define SETTING(n, t, lo, hi, p, s)                                            \
    {.name = n,                                                                \
     .type = SETTING_##t,                                                      \
     .low = lo,                                                                \
     .high = hi,                                                               \
     .preset = p,                                                              \
     .sentence = s},
#define SETTING_EACH(n, ...)                                                   \
    SETTING("AF." n, __VA_ARGS__)                                              \
    SETTING("CSN." n, __VA_ARGS__)                                             \
    SETTING("FK." n, __VA_ARGS__)                                              \
    SETTING("SKV." n, __VA_ARGS__)                                             \
    SETTING("SO." n, __VA_ARGS__)                                              \
    SETTING("TNS." n, __VA_ARGS__)                                             \
    SETTING("MIV." n, __VA_ARGS__)
#include "base/settings.def"
#undef SETTING_EACH
#undef SETTING
    {.name = NULL}};

enum { COUNT = sizeof settings / sizeof settings[0] - 1 };

struct config {
    char *value[COUNT]; /* NULL: the preset */
};

const struct setting *
config_settings(void)
{
    return settings;
}

static int
find(const char *name)
{
    for (int i = 0; i < COUNT; i++)
        if (!strcmp(settings[i].name, name))
            return i;
    return -1;
}

struct config *
config_new(void)
{
    return mem_alloc(sizeof(struct config));
}

void
config_free(struct config **c)
{
    if (!*c)
        return;
    for (int i = 0; i < COUNT; i++)
        mem_free_str(&(*c)->value[i]);
    free(*c);
    *c = NULL;
}

enum err_code
config_set(struct config *c, const char *name, const char *value, struct err *e)
{
    int i = find(name);
    if (i < 0)
        return err_set(e, ERR_CONFIG, "there is no setting %s", name);
    const struct setting *s = &settings[i];
    if (s->type == SETTING_NUMBER) {
        char *end;
        errno = 0;
        long v = strtol(value, &end, 10);
        if (errno || end == value || *end || v < s->low || v > s->high)
            return err_set(e, ERR_CONFIG,
                           "%s must be a whole number from %ld to %ld, "
                           "not \"%s\"",
                           name, s->low, s->high, value);
    }
    if (s->type == SETTING_BOOL && strcmp(value, "ja") && strcmp(value, "nej"))
        return err_set(e, ERR_CONFIG, "%s must be ja or nej, not \"%s\"", name,
                       value);
    mem_free_str(&c->value[i]);
    c->value[i] = mem_strdup(value);
    return ERR_OK;
}

struct walk {
    bool (*row)(void *, const char *, const char *, const char *, int,
                struct err *);
    void *arg;
    struct err *e;
    FILE *f;
    int line;
    bool refused;
};

static int
on_row(void *user, const char *section, const char *name, const char *value)
{
    struct walk *w = user;
    if (!w->refused)
        w->refused = !w->row(w->arg, section, name, value, w->line, w->e);
    return 1;
}

/* Debian's libinih does not tell the line, so it is counted on the way in. */
static char *
read_line(char *out, int size, void *stream)
{
    struct walk *w = stream;
    char *got = fgets(out, size, w->f);
    if (got)
        w->line++;
    return got;
}

enum err_code
config_walk(const char *path,
            bool (*row)(void *, const char *, const char *, const char *, int,
                        struct err *),
            void *arg, struct err *e)
{
    FILE *f = fopen(path, "re");
    if (!f)
        return err_errno(e, ERR_CONFIG, "%s", path);
    struct walk w = {.row = row, .arg = arg, .e = e, .f = f};
    int line = ini_parse_stream(read_line, &w, on_row, &w);
    fclose(f);
    if (w.refused)
        return err_add(e, ERR_CONFIG, "%s", path);
    if (line)
        return err_set(e, ERR_CONFIG, "%s: line %d cannot be read", path,
                       line < 0 ? 1 : line);
    return ERR_OK;
}

static bool
take_row(void *arg, const char *section, const char *name, const char *value,
         int line, struct err *e)
{
    char full[128];
    snprintf(full, sizeof full, "%s.%s", section, name);
    if (config_set(arg, full, value, e) == ERR_OK)
        return true;
    err_add(e, ERR_CONFIG, "line %d", line);
    return false;
}

enum err_code
config_load(struct config *c, const char *path, struct err *e)
{
    return config_walk(path, take_row, c, e);
}

const char *
config_text(const struct config *c, const char *name)
{
    int i = find(name);
    assert(i >= 0);
    return c->value[i] ? c->value[i] : settings[i].preset;
}

long
config_number(const struct config *c, const char *name)
{
    return strtol(config_text(c, name), NULL, 10);
}

bool
config_bool(const struct config *c, const char *name)
{
    return !strcmp(config_text(c, name), "ja");
}

/* Is name in the section that another name is in? */
static bool
same_section(const char *name, const char *other)
{
    size_t n = strcspn(other, ".") + 1;
    return !strncmp(name, other, n);
}

/* A section is written whole where its first row stands. */
enum err_code
config_write(const struct config *c, FILE *f, struct err *e)
{
    for (int i = 0; i < COUNT; i++) {
        const char *name = settings[i].name;
        bool begun = false, written = false;
        for (int k = 0; k < i && !written; k++)
            written = same_section(settings[k].name, name);
        for (int k = i; k < COUNT && !written; k++) {
            if (!c->value[k] || !same_section(settings[k].name, name))
                continue;
            if (!begun)
                fprintf(f, "[%.*s]\n", (int)strcspn(name, "."), name);
            begun = true;
            fprintf(f, "%s = %s\n", strchr(settings[k].name, '.') + 1,
                    c->value[k]);
        }
    }
    return ferror(f) ? err_errno(e, ERR_IO, "settings") : ERR_OK;
}
