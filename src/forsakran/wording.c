/* SPDX-License-Identifier: EUPL-1.2
 *
 * The versions of the text: data/forsakran/ID-N.txt is what is signed, byte
 * for byte; ID-N.ord explains each point and is never signed. Points are the
 * paragraphs that begin with a line "1 Heading" to "4 Heading".
 */
#include "config.h"

#include "forsakran/forsakran.h"

#include "base/i18n.h"
#include "base/mem.h"
#include "base/text.h"
#include "forsakran/file.h"
#include "seal/hash.h"

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { WORDING_MAX = 64 << 10 };

#define OURS "enfraga"
#define INSTALLED "kommun" /* the municipality's official wording */

/* N of "FAMILY-N.txt"; 0 for any other name. */
static long
version(const char *name, const char *family)
{
    size_t n = strlen(family);
    if (strncmp(name, family, n) != 0 || name[n] != '-')
        return 0;
    char *end;
    if (name[n + 1] < '1' || name[n + 1] > '9')
        return 0;
    long v = strtol(name + n + 1, &end, 10);
    return strcmp(end, ".txt") == 0 && v < 100000 ? v : 0;
}

static long
newest(const char *dir, const char *family)
{
    DIR *d = opendir(dir);
    long best = 0;
    if (d == NULL)
        return 0;
    for (struct dirent *f; (f = readdir(d)) != NULL;) {
        long v = version(f->d_name, family);
        if (v > best)
            best = v;
    }
    closedir(d);
    return best;
}

/* The paragraph under "I Heading", its lines joined; NULL if there is none. */
static char *
point(const char *text, int i)
{
    const char *p = text;
    while (p != NULL && !(p[0] == '1' + i && p[1] == ' ')) {
        p = strchr(p, '\n');
        p = p == NULL ? NULL : p + 1;
    }
    p = p == NULL ? NULL : strchr(p, '\n');
    if (p == NULL || p[1] == '\n' || p[1] == '\0')
        return NULL;
    AUTO_BUF(b, WORDING_MAX);
    for (p++; *p != '\0' && *p != '\n';) {
        size_t n = strcspn(p, "\n");
        if (b.len > 0)
            buf_addc(&b, ' ');
        buf_add(&b, p, n);
        p += n + (p[n] == '\n');
    }
    return buf_take(&b);
}

static enum err_code
read_points(char *points[4], const char *text, const char *file, struct err *e)
{
    for (int i = 0; i < 4; i++) {
        points[i] = point(text, i);
        if (points[i] == NULL)
            return err_set(e, ERR_CONFIG, _("%s: no point begins with %d"),
                           file, i + 1);
    }
    return ERR_OK;
}

/* File FAMILY-V.SUFFIX as text; path is for messages. */
static enum err_code
read_text(char **out, char path[512], const char *dir, const char *family,
          long v, const char *suffix, struct err *e)
{
    snprintf(path, 512, "%s/%s-%ld.%s", dir, family, v, suffix);
    AUTO_BUF(b, WORDING_MAX);
    enum err_code code = file_read(path, &b, e);
    if (code != ERR_OK)
        return err_add(e, ERR_CONFIG, _("the wording of the försäkran"));
    if (!text_is_utf8(buf_str(&b), b.len) || strlen(buf_str(&b)) != b.len ||
        b.len == 0)
        return err_set(e, ERR_CONFIG, _("%s: is not UTF-8 text"), path);
    *out = buf_take(&b);
    return ERR_OK;
}

static enum err_code
load(struct wording *w, const char *dir, const char *family, struct err *e)
{
    char path[512];
    long v = newest(dir, family);
    if (v == 0)
        return err_set(e, ERR_CONFIG,
                       _("%s: there is no wording %s-1.txt to sign"), dir,
                       family);
    snprintf(w->id, sizeof(w->id), "%s-%ld", family, v);
    enum err_code code = read_text(&w->text, path, dir, family, v, "txt", e);
    if (code == ERR_OK)
        code = read_points(w->points, w->text, path, e);
    if (code != ERR_OK)
        return code;
    sha256(w->sha256, w->text, strlen(w->text));

    /* The explanations are always ours; an official text has none. */
    AUTO_STR char *words = NULL;
    code = read_text(&words, path, dir, OURS, newest(dir, OURS), "ord", e);
    return code == ERR_OK ? read_points(w->words, words, path, e) : code;
}

enum err_code
wording_load(struct wording *w, const char *datadir, const char *mode,
             struct err *e)
{
    char dir[400];
    *w = (struct wording){0};
    snprintf(dir, sizeof(dir), "%s/forsakran", datadir);
    bool real = strcmp(mode, "skarp") == 0;
    enum err_code code = load(w, dir, real ? INSTALLED : OURS, e);
    if (code != ERR_OK)
        wording_done(w);
    return code;
}

void
wording_done(struct wording *w)
{
    free(w->text);
    for (int i = 0; i < 4; i++) {
        free(w->points[i]);
        free(w->words[i]);
    }
    *w = (struct wording){0};
}
