/* SPDX-License-Identifier: EUPL-1.2 */
#include "config.h"

#include "verifier/internal.h"

#include "base/i18n.h"
#include "base/mem.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

enum err_code
rows_open(const char *path, struct rows **out, struct err *e)
{
    static const char magic[16] = "SQLite format 3";
    char head[16];
    FILE *f = fopen(path, "re");
    if (!f)
        return err_errno(e, errno == ENOENT ? ERR_NOT_FOUND : ERR_IO, "%s",
                         path);
    size_t n = fread(head, 1, sizeof head, f);
    bool bad = ferror(f);
    fclose(f);
    if (bad)
        return err_errno(e, ERR_IO, "%s", path);
    struct rows *r = mem_alloc(sizeof *r);
    enum err_code code;
    if (n == sizeof head && memcmp(head, magic, sizeof head) == 0)
        code = sqlite_rows_open(path, r, e);
    else if (n && strchr("{ \t\r\n", head[0]))
        code = json_rows_open(path, r, e);
    else
        code = err_set(e, ERR_LOG_BROKEN, _("%s: neither a log nor an export"),
                       path);
    if (code)
        free(r);
    else
        *out = r;
    return code;
}

struct rows_stamp
rows_stamp(const char *path)
{
    struct stat st = {0};
    struct rows_stamp s = {.alone = true};
    size_t n = strlen(path) + sizeof "-wal";
    char *wal = mem_alloc(n);
    snprintf(wal, n, "%s-wal", path);
    s.alone = stat(wal, &st) != 0 || st.st_size == 0;
    free(wal);
    if (stat(path, &st) == 0) {
        s.inode = (int64_t)st.st_ino;
        s.size = st.st_size;
        s.changed_ns = st.st_ctim.tv_sec * 1000000000ll + st.st_ctim.tv_nsec;
    }
    return s;
}

bool
rows_moved(const struct rows_stamp *a, const struct rows_stamp *b)
{
    return a->alone != b->alone ||
           (a->alone && (a->inode != b->inode || a->size != b->size ||
                         a->changed_ns != b->changed_ns));
}

const struct verify_source *
rows_source(const struct rows *r)
{
    return &r->source;
}

bool
rows_vkey(const struct rows *r, struct vkey *out)
{
    if (r->has_vkey)
        *out = r->vkey;
    return r->has_vkey;
}

void
rows_close(struct rows **r)
{
    if (!*r)
        return;
    (*r)->close((*r)->source.ctx);
    free(*r);
    *r = NULL;
}
